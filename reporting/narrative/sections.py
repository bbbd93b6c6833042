"""The sections of a report that officers write. One table; forms, drafts and papers read it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.periods import YEAR, PeriodKind
from commitments.rules.references import heading, label
from reporting.facts import PriorityFacts, Report
from vcsportal.common.plurals import capital


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section: its key, its label, the question that it answers, its longest length in characters, and where it appears.

    ``kind`` is ``text`` (the Markdown subset), ``lines`` (one thing a line) or ``line``; ``most`` counts characters;
    ``where`` is ``report``, ``paper`` (the committee paper) or ``both``. A section that ``lasts`` is asked for once: where a round
    has no text of its own, that of the round before stands.
    """

    key: str
    label: str
    question: str
    kind: str
    most: int
    where: str
    lasts: bool = False


PRIORITY: Final = "priority-"
"""Keys of the narratives begin so; the priority's number follows."""

WRITTEN: Final = (
    ReportSection("foreword", "Foreword", "What should a reader know about this year before anything else?", "text", 4000, "report"),
    ReportSection("foreword-by", "Foreword signed by", "Who signs the foreword? A post, not a name: for example Leader of the Council.", "line", 120, "report"),
    ReportSection("forward-plan", "Forward plan", "What will be done in the year to come?", "text", 6000, "both"),
)  # fmt: skip
FOR_THE_PAPER: Final = (
    ReportSection("paper-to", "To", "Which committee or body is the paper for?", "line", 120, "paper", lasts=True),
    ReportSection("paper-date", "Date", "On which day does it meet? For example 15 July 2025.", "line", 40, "paper"),
    ReportSection("paper-report-of", "Report of", "Whose report is it? A post, not a name: for example Head of Policy.", "line", 120, "paper", lasts=True),
    ReportSection("paper-author", "Report author", "Who wrote it? A post and its team, not a name: for example Policy Officer, Communities.", "line", 120, "paper", lasts=True),
    ReportSection("paper-contact", "Contact", "Which shared mailbox or telephone number can members use for questions?", "line", 120, "paper", lasts=True),
    ReportSection("paper-purpose", "Purpose of the report", "Why is it coming to the committee?", "line", 400, "paper"),
    ReportSection("paper-key-decision", "Key decision", "Yes or No.", "line", 40, "paper", lasts=True),
    ReportSection("paper-exempt", "Exempt information", "Is any of it exempt from publication? Write No, or the paragraph of Schedule 12A to the Local Government Act 1972 that applies.", "line", 200, "paper", lasts=True),
    ReportSection("paper-wards", "Wards or divisions affected", "Which wards or divisions does it affect? Write All, or name them.", "line", 400, "paper", lasts=True),
    ReportSection("paper-cabinet-member", "Cabinet Member", "Which portfolio is responsible? A post, not a name.", "line", 120, "paper", lasts=True),
    ReportSection("paper-corporate-priority", "Corporate priority", "Which of the council’s priorities does it serve?", "line", 200, "paper", lasts=True),
    ReportSection("paper-policy-framework", "Policy framework", "Which plan or policy does it belong to?", "line", 200, "paper", lasts=True),
    ReportSection("paper-recommendations", "Recommendations", "What is the committee asked to do? Write each recommendation on its own line.", "lines", 2000, "paper"),
    ReportSection("background", "Introduction and background", "What does a member need to know who has not read the strategy?", "text", 4000, "paper"),
    ReportSection("consultation", "Consultation", "Who was consulted about this report, how, and what did they say?", "text", 3000, "paper"),
    ReportSection("financial", "Financial implications", "What does it cost, and who pays?", "text", 3000, "paper"),
    ReportSection("financial-by", "Financial comments: post", "Who gave the financial comments? A post, not a name: for example Head of Finance.", "line", 120, "paper", lasts=True),
    ReportSection("financial-on", "Financial comments: date", "On which day? For example 3 June 2025.", "line", 40, "paper"),
    ReportSection("legal", "Legal implications", "Which duties and powers apply?", "text", 3000, "paper"),
    ReportSection("legal-by", "Legal comments: post", "Who gave the legal comments? A post, not a name: for example Head of Legal Services.", "line", 120, "paper", lasts=True),
    ReportSection("legal-on", "Legal comments: date", "On which day? For example 3 June 2025.", "line", 40, "paper"),
    ReportSection("risk", "Risk implications", "What could go wrong, and what is done about it?", "text", 3000, "paper"),
    ReportSection("equalities", "Equalities implications", "Who does it help or hold back?", "text", 3000, "paper"),
    ReportSection("equalities-by", "Equalities comments: post", "Who gave the equalities comments? A post, not a name: for example Equalities Officer.", "line", 120, "paper", lasts=True),
    ReportSection("equalities-on", "Equalities comments: date", "On which day? For example 3 June 2025.", "line", 40, "paper"),
    ReportSection("conclusion", "Conclusion", "What follows from it?", "text", 3000, "paper"),
    ReportSection("background-papers", "Background papers", "Which unpublished documents does the report rely on? Write one on each line, or None.", "lines", 2000, "paper"),
)  # fmt: skip
LASTING: Final = frozenset(section.key for section in FOR_THE_PAPER if section.lasts)
"""The sections that are asked for once, and kept from one round to the next."""


def narrative(
    number: int, title: str, reference: str, nouns: Nouns = GENERAL, period: PeriodKind = YEAR
) -> ReportSection:
    """Return the section about a priority's year."""
    called = heading(capital(nouns.priority), label(reference, number))
    return ReportSection(
        f"{PRIORITY}{number}", f"{called}: {title}", f"How did the {period.noun} go for this {nouns.priority}?", "text", 4000, "both"
    )  # fmt: skip


def sections(
    priorities: Iterable[tuple[int, str, str]], nouns: Nouns = GENERAL, period: PeriodKind = YEAR
) -> list[ReportSection]:
    """Return every section of a report in its order.

    :param priorities: the number, title and reference of each, in the strategy's order.
    """
    *foreword, plan = (replace(section, question=period.reworded(section.question)) for section in WRITTEN)
    return [*foreword, *(narrative(*priority, nouns, period) for priority in priorities), plan, *FOR_THE_PAPER]


def sections_of_report(report: Report) -> list[ReportSection]:
    """Return every section of a report in its order."""
    priorities = ((priority.number, priority.title, priority.reference) for priority in report.priorities)
    return sections(priorities, report.strategy.nouns, report.period)


def narrative_key(priority: PriorityFacts) -> str:
    """Return the key of the section with a priority's narrative."""
    return f"{PRIORITY}{priority.number}"
