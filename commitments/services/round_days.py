"""Plan a round and change its days."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from commitments.models import HistoryEntry, Round, Strategy
from commitments.permissions import check_can_run_rounds
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
def plan_round(*, by: User | None, at: datetime, strategy: Strategy, days: Days) -> Round:
    """Set the days of a round to come. It asks nothing of anybody until it is opened.

    ``by=None`` is the portal's own loader. Raise :class:`Refused` without the right, for days out of order, and for a
    period that another round observes already.
    """
    if by is not None:
        check_can_run_rounds(by, strategy)
    Strategy.objects.select_for_update(no_key=True).get(pk=strategy.pk)
    _check(days, strategy.pk)
    taken = set(Round.objects.filter(strategy=strategy).values_list("slug", flat=True))
    slug = next(name for name in (days.slug, f"{days.observes_from:%Y-%m}", f"{days.observes_from:%Y-%m-%d}") if name not in taken)  # fmt: skip
    round_ = Round.objects.create(strategy=strategy, slug=slug, state="planned", **asdict(days))
    _history(by, at, "round_plan", round_, days)
    return round_


@transaction.atomic
def change_days(*, by: User, at: datetime, round_: Round, days: Days) -> Round:
    """Change the days of a planned round; of an open one its last days only, so that nobody's past is moved."""
    check_can_run_rounds(by, round_.strategy)
    round_ = lock_round(round_)
    if round_.state in {"in_review", "closed"}:
        raise NotNow(f"The window of {round_.slug} is over. Reopen the round to give people more days.")
    if round_.state == "open":
        fixed = ("observes_from", "observes_to", "opens_on")
        if any(getattr(days, name) != getattr(round_, name) for name in fixed):
            raise NotNow("The round is open, so only its last dates can be changed.")
        if days.grace_until < timezone.localdate(at):
            raise Invalid("The last day can't be before today. To stop now, end the window.", field="grace_until")
    _check(days, round_.strategy_id, but=round_.pk)
    for name, day in asdict(days).items():
        setattr(round_, name, day)
    round_.save(update_fields=list(asdict(days)))
    _history(by, at, "round_days", round_, days)
    return round_


def _check(days: Days, strategy_id: int, but: int = 0) -> None:
    for field, sentence in out_of_order(days):
        raise Invalid(sentence, field=field)
    same = Round.objects.filter(strategy=strategy_id, observes_from__lte=days.observes_to)
    if other := same.filter(observes_to__gte=days.observes_from).exclude(pk=but).first():
        raise Invalid(
            f"The {other.slug} round already covers {in_words(other.observes_from)} to {in_words(other.observes_to)}, "
            f"and two rounds can't cover the same days.",
            field="observes_from",
        )


def _history(by: User | None, at: datetime, act: str, round_: Round, days: Days) -> None:
    said = {name: day.isoformat() for name, day in asdict(days).items()}
    HistoryEntry.objects.create(at=at, by=by, act=act, round=round_, to_state=round_.state, said=said)
