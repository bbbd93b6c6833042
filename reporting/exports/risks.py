"""The table of the strategy's risks: a row for each assessment in force, in words."""

from typing import Final, NamedTuple

from reporting.exports.tables import Column, TableDefinition
from reporting.facts import Report, RiskAssessmentFacts, RiskFacts
from vcsportal.common.columns import NUMBER, TEXT

NOT_ASSESSED: Final = RiskAssessmentFacts("", "", "", "", "", "", "")


class RiskRow(NamedTuple):
    """A risk with one of its assessments."""

    risk: RiskFacts
    assessment: RiskAssessmentFacts


def _rows(report: Report) -> list[RiskRow]:
    return [RiskRow(risk, each) for risk in report.risks for each in risk.assessments or (NOT_ASSESSED,)]


RISKS: Final = TableDefinition(
    "risks",
    "Risks",
    "One row for each assessment of a risk that was in force on the day of the report. There is no score.",
    (
        Column("risk", NUMBER, "Number of the risk in the register.", lambda row: row.risk.number),
        Column("words", TEXT, "What could go wrong.", lambda row: row.risk.words),
        Column("risk_to", TEXT, "What it is a risk to. Empty for the strategy as a whole.", lambda row: row.risk.about),
        Column("about", TEXT, "What the assessment is about. Empty for the risk as a whole.", lambda row: row.assessment.about),
        Column("period", TEXT, "For which years, in words.", lambda row: row.assessment.period),
        Column("impact", TEXT, "Low, medium, high or very high, or a range of them.", lambda row: row.assessment.impact),
        Column("impact_reason", TEXT, "Why.", lambda row: row.assessment.impact_reason),
        Column("likelihood", TEXT, "Low, medium, high or very high, or a range of them.", lambda row: row.assessment.likelihood),
        Column("likelihood_reason", TEXT, "Why.", lambda row: row.assessment.likelihood_reason),
        Column("condition", TEXT, "What the assessment depends on.", lambda row: row.assessment.condition),
        Column("controls", TEXT, "The controls in place, and the action required.", lambda row: row.risk.controls),
        Column("leads", TEXT, "Who leads on the risk.", lambda row: "; ".join(row.risk.leads)),
    ),
    _rows,
)  # fmt: skip
