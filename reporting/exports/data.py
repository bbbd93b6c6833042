"""The tables of an edition, in the order in which every file holds them. Their names and columns stay as they are."""

from typing import Final

from reporting.exports.actions import ACTIONS, CHANGES, TEXTS
from reporting.exports.commitments import COMMITMENTS, PRIORITIES, ROUND, VIEWS, WORDS, YEARS
from reporting.exports.evidence import EVIDENCE, LATE, LINKS, ORGANISATIONS, PHOTOGRAPHS
from reporting.exports.numbers import FIGURES, INDICATORS

TABLES: Final = (
    ROUND, PRIORITIES, COMMITMENTS, YEARS, VIEWS, INDICATORS, FIGURES, EVIDENCE, LATE, LINKS, PHOTOGRAPHS, ORGANISATIONS, WORDS,
    ACTIONS, CHANGES, TEXTS,
)  # fmt: skip
