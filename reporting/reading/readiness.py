"""Whether an edition is ready to be published: every check with its outcome, as shown to the people who publish it.

A *stop* has to be corrected first. A *warning* is read by two people, and one of them says why the edition should still
be published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from commitments.models import Commitment, FrozenStanding
from partners.models import User
from reporting.facts import Report, from_json
from reporting.models import Comment, Edition, ReportText
from reporting.narrative.sections import LASTING
from reporting.workflow import READINESS_STATE
from vcsportal.common.states import State


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """One check: its code, what was looked at, how it came out (a code of ``READINESS_STATES``) and a sentence.

    ``items`` are what the sentence counts; ``url`` is where it can be corrected, and ``link`` what that page is called.
    """

    code: str
    label: str
    state: str
    sentence: str
    items: tuple[str, ...] = ()
    url: str = ""
    link: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether nothing is wrong."""
        return self.state == "ready"

    @property
    def tag(self) -> State:
        """The outcome as a word with a colour."""
        return READINESS_STATE[self.state]


@dataclass(frozen=True, slots=True)
class Readiness:
    """All checks of an edition."""

    checks: tuple[ReadinessCheck, ...]

    def _of(self, state: str) -> tuple[ReadinessCheck, ...]:
        return tuple(check for check in self.checks if check.state == state)

    @property
    def stops(self) -> tuple[ReadinessCheck, ...]:
        """What has to be corrected before the edition can be published."""
        return self._of("stop")

    @property
    def warnings(self) -> tuple[ReadinessCheck, ...]:
        """What two people have to have read."""
        return self._of("warning")

    def to_json(self) -> list[dict[str, Any]]:
        """Return what a proposal records: code, label, state, sentence and items of each check."""
        return [
            {
                "code": check.code,
                "label": check.label,
                "state": check.state,
                "sentence": check.sentence,
                "items": list(check.items),
            }
            for check in self.checks
        ]


@dataclass(frozen=True, slots=True)
class EditionForChecks:
    """What the checks look at. ``report`` is None where this version of the portal can't read the edition's facts.

    ``frozen_at`` is when the round was closed last; ``closed`` are keys of commitments that are closed, which no round
    asks about; ``changed`` the keys of texts that were changed since the edition was made; ``others`` the people who could
    be the second person.
    """

    edition: Edition
    report: Report | None
    today: date
    made_at: datetime
    frozen_at: datetime | None
    closed: frozenset[str]
    changed: frozenset[str]
    comments: tuple[str, ...]
    newer: int | None
    others: tuple[User, ...]


def situation(edition: Edition, *, today: date, others: Iterable[User]) -> EditionForChecks:
    """Gather what the checks look at, in six queries.

    :param others: the people who may publish, without the person who asks.
    """
    round_ = edition.round
    try:
        report = from_json(edition.facts)
    except ValueError:
        report = None
    made_at = report.making.at if report else (edition.finished_at or edition.requested_at)
    closings = FrozenStanding.objects.filter(round=round_, closing=round_.closings)
    closed = Commitment.objects.filter(strategy=round_.strategy_id, status="closed")
    standing = ReportText.objects.standing(round_, lasting=LASTING)
    comments = Comment.objects.filter(round=round_, resolved_at__isnull=True).order_by("said_at", "id")
    newer = Edition.objects.filter(round=round_, state="ready", number__gt=edition.number)
    return EditionForChecks(
        edition=edition,
        report=report,
        today=today,
        made_at=made_at,
        frozen_at=closings.aggregate(at=Max("frozen_at"))["at"],
        closed=frozenset(closed.values_list("key", flat=True)),
        changed=frozenset(section for section, text in standing.items() if text.changed_at > made_at),
        comments=tuple(comments.values_list("section", flat=True)),
        newer=newer.aggregate(last=Max("number"))["last"],
        others=tuple(others),
    )
