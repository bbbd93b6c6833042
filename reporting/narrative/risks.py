"""Risks in words, made from the facts alone: for the report's chapter and the paper's level of risk."""

from reporting.facts import ChangesFacts, Report, RiskAssessmentFacts, RiskFacts, RiskRoseFacts
from reporting.narrative.change_lines import ChangeGroup, ChangeLine, ChangeValues
from vcsportal.common import plurals
from vcsportal.common.dates import in_words
from vcsportal.common.plurals import capital


def summary(report: Report) -> str:
    """Return how many risks there are, in a sentence; "" for none."""
    if not report.risks:
        return ""
    count = plurals.counted(len(report.risks), "risk")
    return f"{count} {plurals.be(len(report.risks))} recorded. Each is described in words, not scored."


def impact(risk: RiskFacts) -> list[str]:
    """Return the impact of a risk: one line where all assessments share it, else a line for each."""
    found = dict.fromkeys((each.impact, each.impact_reason) for each in risk.assessments)
    if len(found) == 1:
        return [_said(*next(iter(found)))]
    return [f"{_about(each)}{_said(each.impact, each.impact_reason)}" for each in risk.assessments]


def likelihood(risk: RiskFacts) -> list[str]:
    """Return a line for each assessment: of what, how likely, on what condition and why."""
    return [f"{_about(each)}{_said(_conditional(each), each.likelihood_reason)}" for each in risk.assessments]


def rows(report: Report) -> list[tuple[RiskFacts, list[str], list[str]]]:
    """Return every risk with its impact and its likelihood, in lines."""
    return [(risk, impact(risk), likelihood(risk)) for risk in report.risks]


def level(risk: RiskFacts) -> str:
    """Return a risk as one paragraph of the paper: what could go wrong, how high it is, and what is done about it."""
    parts = [_ended(risk.words)]
    if risk.assessments:
        parts.append(f"Impact: {' '.join(impact(risk))}")
        parts.append(f"Likelihood: {' '.join(likelihood(risk))}")
    if risk.controls:
        parts.append(f"Controls and action: {_ended(risk.controls)}")
    if risk.leads:
        parts.append(f"Led by: {_ended('; '.join(risk.leads))}")
    return " ".join(parts)


def changes(facts: ChangesFacts) -> list[ChangeGroup]:
    """Return the risks that rose, as a group of changes; none where none rose."""
    if not facts.risks:
        return []
    return [
        ChangeGroup(
            "risks",
            "Risks that rose",
            f"{capital(plurals.spelt(count_of(facts), 'risk'))} rose.",
            tuple(map(_line, facts.risks)),
        )
    ]


def count_of(facts: ChangesFacts) -> int:
    """Return how many risks rose, each counted once."""
    return len({risk.number for risk in facts.risks})


def _line(risk: RiskRoseFacts) -> ChangeLine:
    about = f" ({risk.about})" if risk.about else ""
    said = f"{about}: its {risk.bound} was {risk.was} and is {risk.now} since {in_words(risk.on)}."
    values = ChangeValues(f"{capital(risk.bound)}: {risk.was}", f"{capital(risk.bound)}: {risk.now}", risk.on)
    return ChangeLine("", f"Risk {risk.number}, {risk.words.rstrip('.')}", said, values=values)


def _about(assessment: RiskAssessmentFacts) -> str:
    words = capital(", ".join(filter(None, [assessment.about, assessment.period])))
    return f"{words}: " if words else ""


def _conditional(assessment: RiskAssessmentFacts) -> str:
    return f"{assessment.likelihood}, {assessment.condition}" if assessment.condition else assessment.likelihood


def _said(words: str, reason: str) -> str:
    return f"{_ended(capital(words))} {_ended(capital(reason))}".strip() if reason else _ended(capital(words))


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "”")) else f"{text}."
