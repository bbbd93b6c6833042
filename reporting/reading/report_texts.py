"""The progress of writing a round's report: every section with its text, last year's text and the comments on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from commitments.models import Priority, Round, WorkingCopy
from partners import roles
from partners.models import User
from partners.permissions import strategies_where
from reporting.models import Comment, Edition, ReportText
from reporting.narrative.sections import FOR_THE_PAPER, LASTING, WRITTEN, ReportSection
from reporting.paper.identity import laid_out
from reporting.paper.skeleton import fill
from reporting.services.texts import sections_of
from vcsportal.common.json_columns import list_column


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section of a round, the text that stands for it (None if there is none), and how many comments are open and resolved.

    ``own`` says that it is the round's own text, and not kept from an earlier round.
    """

    round: Round
    section: ReportSection
    text: ReportText | None
    open: int
    resolved: int
    own: bool = True

    @property
    def own_version(self) -> int | None:
        """The version of the round's own text; None where it has none."""
        return self.text.version if self.text is not None and self.own else None

    @property
    def is_written(self) -> bool:
        """Whether its text is not empty."""
        return self.text is not None and self.text.text != ""


@dataclass(frozen=True, slots=True)
class RoundTexts:
    """A round's report as far as it is written."""

    round: Round
    sections: list[SectionText]

    @property
    def for_the_report(self) -> list[SectionText]:
        """The sections of the report itself, without those of the committee paper alone."""
        return [section for section in self.sections if section.section.where != "paper"]

    @property
    def for_the_paper(self) -> list[SectionText]:
        """What only the committee paper needs."""
        return [section for section in self.sections if section.section.where == "paper"]

    @property
    def written(self) -> int:
        """How many sections have a text."""
        return sum(section.is_written for section in self.sections)

    @property
    def open(self) -> int:
        """The number of comments that are not resolved."""
        return sum(section.open for section in self.sections)


def book(round_: Round, sections: Iterable[ReportSection] | None = None) -> RoundTexts:
    """Return how far a round's report is, in three queries whatever its size.

    :param sections: those of the report; None reads them, which is one of the queries.
    """
    texts = ReportText.objects.standing(round_, lasting=LASTING)
    said = {
        section: (opened, resolved)
        for section, opened, resolved in Comment.objects.filter(round=round_)
        .order_by()
        .values_list("section")
        .annotate(
            opened=Count("id", filter=Q(resolved_at__isnull=True)),
            resolved=Count("id", filter=Q(resolved_at__isnull=False)),
        )
    }
    return RoundTexts(
        round_,
        [
            SectionText(
                round_, section, text, *said.get(section.key, (0, 0)), own=text is None or text.round_id == round_.pk
            )
            for section in (sections_of(round_) if sections is None else sections)
            for text in [texts.get(section.key)]
        ],
    )


def text_and_before(round_: Round, section: str) -> tuple[ReportText | None, ReportText | None, ReportText | None]:
    """Return a section's text in the round, its text of the newest earlier round that has one, and what was saved last before the
    round, empty or not. One query.

    A priority's narratives are the same section by its number, whatever its title was then.
    """
    versions = ReportText.objects.filter(
        section=section, round__strategy=round_.strategy_id, round__observes_from__lte=round_.observes_from
    ).select_related("round", "changed_by")
    now = before = last = None
    for version in versions.order_by("-round__observes_from", "-id"):
        if version.round_id == round_.pk:
            now = version
            continue
        last = last or version
        if version.text and before is None:
            before = version
    return now, before, last


def comments(round_: Round, section: str) -> list[Comment]:
    """Return what was said of a section: what is open first, in the order in which it was said. One query."""
    comments = Comment.objects.filter(round=round_, section=section).select_related("said_by", "resolved_by")
    return sorted(comments.order_by("said_at", "id"), key=lambda comment: comment.resolved_at is not None)


def published(round_: Round) -> Edition | None:
    """Return the round's newest edition that everybody may read."""
    return Edition.objects.last_published().filter(round=round_).defer("facts").first()


@dataclass(frozen=True, slots=True)
class RoundTextProgress:
    """A round whose report can be written: how many sections have a text, of how many, and how many comments are open."""

    round: Round
    written: int
    of: int
    open: int


def lines(person: Any, *, today: date, **also: Any) -> list[RoundTextProgress]:
    """Return the rounds that have begun whose reports the person sees before they are published, the newest first, each with how far its report is. One query.

    Each round has ``texts_written`` (whether each text that stands for it has words), ``texts_changed`` (when each of its own was changed), ``priority_rows`` (number, title and reference
    of each priority, in order) and ``open_comments`` (their number).

    :param also: columns that are read along, under their names.
    """
    here = OuterRef("pk")
    opened = Comment.objects.filter(round=here, resolved_at__isnull=True).order_by().values("round")
    rounds: Any = (
        Round.objects.started(today)
        .filter(strategies_where(person, roles.SEE_UNPUBLISHED_REPORTS, "strategy"))
        .select_related("strategy")
        .annotate(
            texts_written=ArraySubquery(
                ReportText.objects.filter(
                    Q(round=here)
                    | Q(
                        round__strategy=OuterRef("strategy"),
                        round__observes_from__lt=OuterRef("observes_from"),
                        section__in=LASTING,
                    )
                )
                .order_by("section", "-round__observes_from", "-id")
                .distinct("section")
                .values(written=ExpressionWrapper(~Q(text=""), output_field=BooleanField()))
            ),
            texts_changed=ArraySubquery(ReportText.objects.filter(round=here).exclude(text="").values("changed_at")),
            priority_rows=list_column(
                Priority.objects.filter(strategy=OuterRef("strategy")).order_by("number", "id"),
                number="number",
                title="title",
                reference="reference",
            ),
            open_comments=Coalesce(Subquery(opened.annotate(count=Count("pk")).values("count")), 0),
            **also,
        )
        .order_by("-observes_from", "strategy__title", "-id")
    )
    others = len(WRITTEN) + len(FOR_THE_PAPER)
    return [
        RoundTextProgress(round_, sum(round_.texts_written), others + len(round_.priority_rows), round_.open_comments)
        for round_ in rounds
    ]


def needed(round_: Round) -> frozenset[str]:
    """Return the sections that have to be written before the report can be published, by the layout of its paper."""
    strategy = round_.strategy
    responsible = [strategy.owner, *([strategy.supported_by] if strategy.supported_by else [])]
    layout, _shown_as = laid_out(strategy.kind, responsible)
    known = {"reports_to": strategy.reports_to}
    return frozenset(
        line.section
        for line in layout.header
        if line.required and not ("{" in line.otherwise and fill(line.otherwise, known).strip())
    )


def copies(person: User, round_: Round) -> dict[str, WorkingCopy]:
    """Return what this person has typed into sections of a round's report and not saved, by the section. One query."""
    begin = form_name(round_, "")
    found = WorkingCopy.objects.filter(person=person, form__startswith=begin)
    return {copy.form.removeprefix(begin): copy for copy in found}


def form_name(round_: Round, section: str) -> str:
    """Return the name of the working copy in which a text is kept while someone types it."""
    return f"report:{round_.strategy.slug}:{round_.slug}:{section}"
