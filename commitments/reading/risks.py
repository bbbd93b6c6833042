"""Risks as pages and reports show them: who leads, how high they are in words, whether they rose, and when they were reviewed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from commitments.models import Risk, RiskAssessment, RiskLead, RiskReview, Strategy
from commitments.reading.risk_board import BoardRow, OnBoard, board
from commitments.rules.risk_levels import LevelRange
from vcsportal.common import plurals
from vcsportal.common.dates import in_words
from vcsportal.common.plurals import capital

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One assessment in words. ``of_what`` is "" where it is about the risk as a whole; ``rise`` is "" where nothing rose."""

    pk: int
    letter: str
    of_what: str
    of_what_url: str
    period: str
    impact: LevelRange
    impact_reason: str
    likelihood: LevelRange
    likelihood_reason: str
    condition: str
    when: str
    rise: str
    replaced: bool = False

    @property
    def about(self) -> str:
        """Of what and for which years, as a sentence begins; "" for the risk as a whole without years."""
        return capital(", ".join(filter(None, [self.of_what, self.period])))

    @property
    def sentence(self) -> str:
        """The whole assessment as one sentence, for those that have been replaced."""
        about = f"{self.about}: impact" if self.about else "Impact"
        condition = f", {self.condition}" if self.condition else ""
        when = f". Assessed {self.when}" if self.when else ""
        return f"{about} {self.impact}, likelihood {self.likelihood}{condition}{when}."

    @property
    def likelihood_words(self) -> str:
        """The likelihood with its condition and its reason, as a sentence."""
        return said(self.likelihood, self.condition, self.likelihood_reason)

    @property
    def impact_words(self) -> str:
        """The impact with its reason, as a sentence."""
        return said(self.impact, "", self.impact_reason)


@dataclass(frozen=True, slots=True)
class RiskView:
    """A risk with its assessments in force. ``shared_impact`` is their one impact with its reason, None where they differ."""

    risk: Risk
    about: str
    about_url: str
    leads: tuple[tuple[str, str], ...]
    lines: tuple[AssessmentLine, ...]
    earlier: tuple[AssessmentLine, ...] = ()
    reviewed: str = ""
    waits: bool = False
    may_confirm: bool = False
    ended: str = ""
    on_board: tuple[OnBoard, ...] = field(default=())

    @property
    def shared_impact(self) -> AssessmentLine | None:
        """An assessment that says the impact of all of them; None where they differ or there is none."""
        same = {(line.impact, line.impact_reason) for line in self.lines}
        return self.lines[0] if len(same) == 1 else None

    @property
    def rises(self) -> list[str]:
        """What rose, in sentences."""
        return [line.rise for line in self.lines if line.rise]


def said(levels: LevelRange, condition: str, reason: str) -> str:
    """Return a level with what it depends on and why: ``Low, provided that the money is there. Why: …``."""
    words = f"{levels.label}, {condition}" if condition else levels.label
    if not words.endswith("."):
        words += "."
    if not reason:
        return words
    return f"{words} {capital(reason)}" + ("" if reason.endswith((".", "!", "?", "”")) else ".")


def whole_risks(rows: QuerySet[Risk]) -> list[Risk]:
    """Read risks with all that :func:`view_of` shows of them, in their order. Five queries, whatever the number."""
    assessments = RiskAssessment.objects.select_related("priority", "round", "replaces").order_by("id")
    reviews = RiskReview.objects.select_related("round", "reviewed_by").order_by("-round__observes_from", "-id")
    leads = RiskLead.objects.select_related("organisation").order_by("place")
    found = rows.select_related("strategy__owner", "priority", "commitment").prefetch_related(
        Prefetch("assessments", assessments), Prefetch("reviews", reviews), Prefetch("leads", leads)
    )
    return list(found.in_order())  # type: ignore[attr-defined]  # of the rows' own class


def view_of(risk: Risk, *, open_round: Any = None, may_confirm: bool = False) -> RiskView:
    """Return a risk of :func:`whole_risks` as it is shown. No query.

    :param open_round: the round of its strategy that is open, or None.
    :param may_confirm: whether the reader may say that it is still as assessed.
    """
    everything = list(risk.assessments.all())
    replaced = {row.replaces_id for row in everything}
    in_force = [row for row in everything if row.pk not in replaced]
    several = len(in_force) > 1
    strategy = risk.strategy
    url = f"#risk-{risk.number}"
    lines = tuple(
        line_of(row, strategy, LETTERS[place % len(LETTERS)] if several else "") for place, row in enumerate(in_force)
    )
    reviews = list(risk.reviews.all())
    waits = (
        open_round is not None
        and risk.ended_on is None
        and not any(review.round_id == open_round.pk for review in reviews)
    )
    about, about_url = about_of(risk)
    return RiskView(
        risk=risk,
        about=about,
        about_url=about_url,
        leads=tuple(
            (str(lead), lead.organisation.get_absolute_url() if lead.organisation else "") for lead in risk.leads.all()
        ),
        lines=lines,
        earlier=tuple(line_of(row, strategy, "", replaced=True) for row in reversed(everything) if row.pk in replaced),
        reviewed=f"Reviewed for {reviews[0].round.label}." if reviews else "",
        waits=waits,
        may_confirm=waits and may_confirm,
        ended=f"No longer a risk since {in_words(risk.ended_on)}." if risk.ended_on else "",
        on_board=tuple(
            OnBoard(f"{risk.number}{line.letter}", board_text(risk, line), url, line.impact, line.likelihood)
            for line in lines
        ),
    )


def board_text(risk: Risk, line: AssessmentLine) -> str:
    """Return what a chip says to those who hear it."""
    about = f", {line.about}" if line.about else ""
    return f"Risk {risk.number}{line.letter}{about}: impact {line.impact}, likelihood {line.likelihood}"


def about_of(risk: Risk) -> tuple[str, str]:
    """Return what a risk is a risk to, in words and with its address; the strategy as a whole is ""."""
    if risk.commitment is not None:
        return str(risk.commitment), reverse("commitments:commitment", args=[risk.strategy.slug, risk.commitment.key])
    if risk.priority is not None:
        return f"{risk.priority.label} {risk.priority.title}", reverse(
            "commitments:priority", args=[risk.strategy.slug, risk.priority.number]
        )
    return "", ""


def line_of(row: RiskAssessment, strategy: Strategy, letter: str, *, replaced: bool = False) -> AssessmentLine:
    """Return one assessment in words."""
    of_what, url = row.scope, ""
    if row.priority is not None:
        of_what = row.priority.title
        url = reverse("commitments:priority", args=[strategy.slug, row.priority.number])
    return AssessmentLine(
        pk=row.pk,
        letter=letter,
        of_what=of_what,
        of_what_url=url,
        period=row.period,
        impact=row.impact,
        impact_reason=row.impact_reason,
        likelihood=row.likelihood,
        likelihood_reason=row.likelihood_reason,
        condition=row.condition,
        when=when_of(row),
        rise=rise_of(row),
        replaced=replaced,
    )


def when_of(row: RiskAssessment) -> str:
    """Return when it was assessed, as far as that is known: a day, a round, both or nothing."""
    parts = [
        f"on {in_words(row.assessed_on)}" if row.assessed_on else "",
        f"for {row.round.label}" if row.round else "",
    ]
    return " ".join(filter(None, parts))


def rise_of(row: RiskAssessment) -> str:
    """Return what rose against the assessment before: ``The likelihood rose from low to medium to high.``; "" if nothing did."""
    return rise_words(row.rose, row.replaces, row) if row.replaces else ""


def rise_words(bounds: Iterable[str], before: RiskAssessment, now: RiskAssessment) -> str:
    """Return the bounds that rose between two assessments as a sentence; "" if none did."""
    parts = [f"the {name} rose: it was {getattr(before, name)} and is now {getattr(now, name)}" for name in bounds]
    return f"{capital(plurals.join_with_and(parts))}." if parts else ""


def board_of_risks(views: Iterable[RiskView]) -> tuple[BoardRow, ...]:
    """Return the board of the risks that have not ended; nothing where none is assessed."""
    found = [each for view in views if view.risk.ended_on is None for each in view.on_board]
    return board(found) if found else ()


def list_address(slug: str) -> str:
    """Return the address of a strategy's register."""
    return reverse("commitments:risks", args=[slug])
