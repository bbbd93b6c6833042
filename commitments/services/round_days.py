"""Plan a round, change its title and days, and delete it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from commitments.models import HistoryEntry, Round, Strategy
from commitments.permissions.progress import check_can_run_rounds
from commitments.rules import workflow
from commitments.services.locks import lock_strategy
from commitments.services.rounds import lock_round
from partners.models import User
from vcsportal.common.dates import in_words
from vcsportal.common.words import Invalid, NotNow


@dataclass(frozen=True, slots=True)
class Days:
    """The five days of a round."""

    observes_from: date
    observes_to: date
    opens_on: date
    closes_on: date
    grace_until: date

    @property
    def slug(self) -> str:
        """What the round is called, after the period it observes: ``2024-25``, or ``2024`` within one year."""
        first, last = self.observes_from.year, self.observes_to.year
        return str(first) if first == last else f"{first}-{last % 100:02}"


def out_of_order(days: Days) -> Iterator[tuple[str, str]]:
    """Yield the fields whose day can't be, each with a sentence. The database holds the same order."""
    if days.observes_to <= days.observes_from:
        yield "observes_to", f"The period has to end after it begins, so after {in_words(days.observes_from)}."
    if days.opens_on < days.observes_from:
        yield "opens_on", f"The window can’t open before the period begins, on {in_words(days.observes_from)}."
    if days.closes_on < days.opens_on:
        yield "closes_on", f"The window can’t close before it opens, on {in_words(days.opens_on)}."
    elif days.closes_on < days.observes_to:
        yield "closes_on", f"The window can’t close before the period ends, on {in_words(days.observes_to)}."
    if days.grace_until < days.closes_on:
        yield (
            "grace_until",
            f"The last day for late updates has to be {in_words(days.closes_on)} or later, as the window closes then.",
        )


@transaction.atomic
def plan_round(*, by: User | None, at: datetime, strategy: Strategy, days: Days, title: str = "") -> Round:
    """Set the days of a round to come, and what people call it where that is not its slug. It asks nothing of anybody until it is opened.

    ``by=None`` is the portal's own loader. Raise :class:`Refused` without the right, for days out of order, and for a
    period that another round observes already.
    """
    if by is not None:
        check_can_run_rounds(by, strategy)
    strategy = lock_strategy(strategy.pk)
    check_days(days, strategy)
    round_ = Round.objects.create(
        strategy=strategy, slug=free_slug(strategy, days), title=title, state="planned", **asdict(days)
    )
    _history(by, at, "round_plan", round_, days)
    return round_


@transaction.atomic
def change_days(*, by: User, at: datetime, round_: Round, days: Days, title: str | None = None) -> Round:
    """Change the days of a planned round; of an open one its last days only, so that nobody's past is moved.

    :param title: what people call the round, "" for its slug; None leaves the title as it is.
    """
    check_can_run_rounds(by, round_.strategy)
    round_ = lock_round(round_)
    if round_.state in {"in_review", "closed"}:
        raise NotNow(f"The window of {round_.label} is over. Reopen the round to give people more days.")
    if round_.state == "open":
        fixed = ("observes_from", "observes_to", "opens_on")
        if any(getattr(days, name) != getattr(round_, name) for name in fixed):
            raise NotNow("The round is open, so only its last dates can be changed.")
        if days.grace_until < timezone.localdate(at):
            raise Invalid("The last day can't be before today. To stop now, end the window.", field="grace_until")
    check_days(days, round_.strategy, round_)
    for name, day in asdict(days).items():
        setattr(round_, name, day)
    round_.title = round_.title if title is None else title
    round_.save(update_fields=[*asdict(days), "title"])
    _history(by, at, "round_days", round_, days)
    return round_


@transaction.atomic
def delete_round(*, by: User, at: datetime, round_: Round) -> Round:
    """Take back the plan of a round that never opened. Its history stays; pages, the API and the calendar know it no more.

    Raise :class:`NotNow` once it has been opened, or if something belongs to it already, such as a target or a text of
    its report.
    """
    check_can_run_rounds(by, round_.strategy)
    round_ = lock_round(round_)
    act = workflow.ROUND_ACT["delete"]
    workflow.check_act(act, round_.state, what="round", thing=round_)
    check_nothing_kept(round_)
    was, round_.state = round_.state, act.to
    round_.save(update_fields=["state"])
    HistoryEntry.objects.create(at=at, by=by, act="round_delete", round=round_, from_state=was, to_state=round_.state)
    return round_


def check_nothing_kept(round_: Round) -> None:
    """Raise :class:`NotNow` if anything but its history belongs to a planned round."""
    for relation in Round._meta.related_objects:
        model: Any = relation.related_model
        if model is not HistoryEntry and model._base_manager.filter(**{relation.field.name: round_.pk}).exists():
            raise NotNow(
                f"{model._meta.verbose_name_plural.capitalize()} have been recorded for {round_.label} already, so it "
                "can’t be deleted. Change its days instead."
            )


def free_slug(strategy: Strategy, days: Days) -> str:
    """Return what a new round with these days is called: after its period, more exactly where that name is taken."""
    taken = set(Round.objects.filter(strategy=strategy).values_list("slug", flat=True))
    names = (days.slug, f"{days.observes_from:%Y-%m}", f"{days.observes_from:%Y-%m-%d}")
    return next(name for name in names if name not in taken)


def check_days(days: Days, strategy: Strategy, round_: Round | None = None) -> None:
    """Raise :class:`Invalid`, with the field, for days out of order, outside the strategy, or that another round observes.

    :param round_: the round whose days change. One that has opened keeps its period, even if the strategy now ends earlier.
    """
    for field, sentence in out_of_order(days):
        raise Invalid(sentence, field=field)
    if round_ is None or round_.is_planned:
        ends = in_words(strategy.ends_on)
        if days.observes_from > strategy.ends_on:
            raise Invalid(
                f"The strategy ends on {ends}, so no round can cover a period after that.", field="observes_from"
            )
        if days.observes_to > strategy.ends_on:
            raise Invalid(f"The strategy ends on {ends}. End the period on that day or earlier.", field="observes_to")
    same = Round.objects.filter(strategy=strategy, observes_from__lte=days.observes_to)
    if other := same.filter(observes_to__gte=days.observes_from).exclude(pk=round_.pk if round_ else 0).first():
        raise Invalid(
            f"The {other.label} round already covers {in_words(other.observes_from)} to {in_words(other.observes_to)}, "
            f"and two rounds can't cover the same days.",
            field="observes_from",
        )


def _history(by: User | None, at: datetime, act: str, round_: Round, days: Days) -> None:
    said = {name: day.isoformat() for name, day in asdict(days).items()}
    if round_.title:
        said["title"] = round_.title
    HistoryEntry.objects.create(at=at, by=by, act=act, round=round_, to_state=round_.state, said=said)
