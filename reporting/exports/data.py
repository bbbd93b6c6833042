"""The tables of an edition, in the order in which every file holds them. Their names and columns stay as they are."""

from typing import Final

from reporting.exports.deeds import EVIDENCE, LATE, LINKS, ORGANISATIONS, PHOTOGRAPHS
from reporting.exports.numbers import FIGURES, INDICATORS
from reporting.exports.promises import COMMITMENTS, PRIORITIES, ROUND, VIEWS, WORDS, YEARS
from reporting.exports.told import ACTIONS, CHANGES, TEXTS

TABLES: Final = (
    ROUND, PRIORITIES, COMMITMENTS, YEARS, VIEWS, INDICATORS, FIGURES, EVIDENCE, LATE, LINKS, PHOTOGRAPHS, ORGANISATIONS, WORDS,
    ACTIONS, CHANGES, TEXTS,
)  # fmt: skip
