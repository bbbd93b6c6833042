"""The tables of an edition, in the order in which every file holds them. Their names and columns stay as they are."""

from typing import Final

from reporting.exports.actions import ACTIONS
from reporting.exports.case_studies import CASE_STUDIES
from reporting.exports.changes import CHANGES
from reporting.exports.charters import SIGNATORIES
from reporting.exports.commitments import COMMITMENTS, PRIORITIES, ROUND, VIEWS, WORDS, YEARS
from reporting.exports.county_figures import AWARD_SUMS, COUNTY_FIGURES
from reporting.exports.decisions import DECISIONS
from reporting.exports.districts import DISTRICTS
from reporting.exports.evidence import AREAS, EVIDENCE, LATE, LINKS, ORGANISATIONS, PHOTOGRAPHS, SERVED
from reporting.exports.numbers import FIGURES, INDICATORS, STRANDS
from reporting.exports.people import ENGAGEMENT, POINTS, SEATS
from reporting.exports.responses import RESPONSES
from reporting.exports.risks import RISKS
from reporting.exports.texts import TEXTS
from reporting.exports.years_compared import HEADLINES

TABLES: Final = (
    ROUND, PRIORITIES, COMMITMENTS, YEARS, VIEWS, INDICATORS, FIGURES, EVIDENCE, LATE, LINKS, PHOTOGRAPHS, ORGANISATIONS, WORDS,
    ACTIONS, CHANGES, TEXTS, AREAS, RESPONSES, SEATS, ENGAGEMENT, POINTS, DECISIONS, CASE_STUDIES, SIGNATORIES, COUNTY_FIGURES, AWARD_SUMS,
    RISKS, STRANDS, SERVED, HEADLINES, DISTRICTS,
)  # fmt: skip
