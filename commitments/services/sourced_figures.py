"""Every write to a figure with sources, with its history, in one transaction. Its values have their own module."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from commitments.content.sourced_figures import SourcedFigureContent
from commitments.models import HistoryEntry, SourcedFigure, Strategy
from commitments.permissions.sourced_figures import check_can_keep_figures
from commitments.rules.sourced_figures import FIGURE_KINDS, TOPIC
from commitments.services.locks import lock_strategy
from partners.models import User
from partners.services.sources import checked_words
from vcsportal.common.names import free_slug
from vcsportal.common.words import Conflict, Invalid, NotNow

MAX_TITLE_CHARACTERS: Final = 200
MAX_DEFINITION_CHARACTERS: Final = 1000
MAX_UNIT_CHARACTERS: Final = 60
MAX_REASON_CHARACTERS: Final = 300
FIELDS: Final = ("about", "title", "definition", "kind", "unit", "part_of", "in_report")
LOADED_FIRST: Final = frozenset({"figure_add", "figure_value", "award_add"})
"""Acts by which a strategy's file brings something for the first time."""


@transaction.atomic
def add_figure(
    *, by: User | None, at: datetime, strategy: Strategy, content: SourcedFigureContent, code: str = ""
) -> SourcedFigure:
    """Add a figure to a strategy, without a value yet. ``by=None`` is the portal's own loader; ``code`` is made from the title.

    Raise :class:`Refused` without the right, or for what is missing, too long, or part of something that it can't be part of.
    """
    if by is not None:
        check_can_keep_figures(by, strategy)
    content = _checked(content, strategy, None)
    lock_strategy(strategy.pk)  # one number at a time
    here = SourcedFigure.objects.filter(strategy=strategy)
    codes = set(here.values_list("code", flat=True))
    last = here.aggregate(last=Max("number"))["last"] or 0
    figure = SourcedFigure.objects.create(
        strategy=strategy,
        code=code or free_slug(content.title, codes, fallback="figure", length=60),
        number=last + 1,
        made_at=at,
        **{name: getattr(content, name) for name in FIELDS},
    )
    record(by=by, at=at, figure=figure, act="figure_add", said=_said(content))
    return figure


@transaction.atomic
def edit_figure(
    *, by: User | None, at: datetime, figure: SourcedFigure, content: SourcedFigureContent, version: int | None = None
) -> SourcedFigure:
    """Change what a figure is. How it is counted stays once it has a value. Errors as in :func:`add_figure`.

    :param version: the one that the person read; :class:`Conflict` if someone has saved another since.
    """
    figure = held(by, figure, version)
    content = _checked(content, figure.strategy, figure)
    was = {name: getattr(figure, name) for name in FIELDS if getattr(figure, name) != getattr(content, name)}
    if not was:
        return figure
    if {"kind", "unit"} & was.keys() and figure.values.exists():
        raise Invalid(
            "This figure has values already, so what it counts can’t change. End it, and add another.",
            field="kind" if "kind" in was else "unit",
        )
    if "about" in was and (figure.awards.exists() or figure.parts.exists()):
        raise Invalid(
            "This figure has grants, contracts or parts, so what it is about can’t change. End it, and add another.",
            field="about",
        )
    for name in was:
        setattr(figure, name, getattr(content, name))
    saved(figure)
    now = {name: getattr(content, name) for name in was}
    record(by=by, at=at, figure=figure, act="figure_edit", said={"was": plain(was), "now": plain(now)})
    return figure


@transaction.atomic
def end_figure(
    *, by: User | None, at: datetime, figure: SourcedFigure, reason: str, version: int | None = None
) -> SourcedFigure:
    """End a figure: it leaves the lists and the report, and its page says why. Raise :class:`NotNow` for one that has ended."""
    figure = held(by, figure, version)
    reason = checked_words(reason, "reason", MAX_REASON_CHARACTERS)
    if not reason:
        raise Invalid("Say why it is no longer updated. Everyone can read the reason.", field="reason")
    figure.ended_at, figure.ended_why = at, reason
    saved(figure)
    record(by=by, at=at, figure=figure, act="figure_end", reason=reason)
    return figure


def held(by: User | None, figure: SourcedFigure, version: int | None) -> SourcedFigure:
    """Return a figure that may be changed, held until the transaction ends.

    Raise :class:`Refused` without the right or for one that has ended, :class:`Conflict` if it was saved since ``version``.
    """
    rows = SourcedFigure.objects.select_for_update(of=("self",)).select_related("strategy__owner", "part_of")
    figure = rows.get(pk=figure.pk)
    if by is not None:
        check_can_keep_figures(by, figure.strategy)
    if version is not None and version != figure.version:
        last = HistoryEntry.objects.filter(figure=figure).select_related("by").order_by("-at", "-id").first()
        who = last.by.name if last and last.by else "Somebody"
        raise Conflict(f"{who} has changed this figure since you opened it. Check what it says now, then save yours.")
    if figure.ended_at is not None:
        raise NotNow("This figure is no longer updated, so it can’t be changed.")
    return figure


def saved(figure: SourcedFigure) -> None:
    """Save a figure as its next version."""
    figure.version += 1
    figure.save()


def record(
    *, by: User | None, at: datetime, figure: SourcedFigure, act: str, reason: str = "", said: Mapping[str, Any] | None = None
) -> None:  # fmt: skip
    """Write the history of an act. What a strategy's file brings for the first time has none: its source says where it is from."""
    if by is None and act in LOADED_FIRST:
        return
    HistoryEntry.objects.create(at=at, by=by, act=act, figure=figure, reason=reason, said=dict(said or {}))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the history can keep them."""
    return {
        name: value if isinstance(value, bool) else "" if value is None else str(value)
        for name, value in values.items()
    }


def _said(content: SourcedFigureContent) -> dict[str, Any]:
    return plain({name: getattr(content, name) for name in FIELDS})


def _checked(content: SourcedFigureContent, strategy: Strategy, figure: SourcedFigure | None) -> SourcedFigureContent:
    if content.about not in TOPIC:
        raise Invalid("Choose what the figure is about.", field="about")
    if content.kind not in dict(FIGURE_KINDS):
        raise Invalid("Choose what kind of figure it is.", field="kind")
    title = checked_words(content.title, "title", MAX_TITLE_CHARACTERS)
    if not title:
        raise Invalid("Give the figure a title.", field="title")
    _check_part(content, strategy, figure)
    return SourcedFigureContent(
        content.about,
        title,
        checked_words(content.definition, "definition", MAX_DEFINITION_CHARACTERS),
        content.kind,
        checked_words(content.unit, "unit", MAX_UNIT_CHARACTERS),
        content.part_of,
        content.in_report,
    )


def _check_part(content: SourcedFigureContent, strategy: Strategy, figure: SourcedFigure | None) -> None:
    whole = content.part_of
    if whole is None:
        return
    if whole.strategy_id != strategy.pk or whole.about != content.about:
        raise Invalid("Choose a figure of the same strategy that is about the same thing.", field="part_of")
    if whole.part_of_id is not None or (figure is not None and (whole.pk == figure.pk or figure.parts.exists())):
        raise Invalid("A part of a figure can’t have parts of its own. Choose the whole figure.", field="part_of")
