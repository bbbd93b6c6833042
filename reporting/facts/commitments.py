"""The facts about priorities, commitments, actions, years and views."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from commitments.rules import stances
from commitments.rules.kinds import Nouns
from commitments.rules.references import heading, label
from reporting.facts.numbers import IndicatorFacts
from reporting.facts.responses import ResponseFacts
from vcsportal.common.plurals import capital


@dataclass(frozen=True, slots=True)
class YearFacts:
    """A commitment's status in one round; "" if no update was published.

    ``was_there`` is False where the round was over before the commitment joined the strategy. ``response`` is the owner's
    response by then, as in :class:`CommitmentFacts`, where it held progress back; else "".
    """

    round: str
    status: str
    was_there: bool = True
    response: str = ""

    @property
    def standing(self) -> str:
        """Its status or, where none was asked for, the owner's response."""
        return self.status or (self.response if self.was_there else "")


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """How a delivery organisation sees a commitment in this round; ``differs`` is its own word for it.

    ``reply`` is what the council replied, ``replied_on`` when; ``reply_is_older`` says that the view was changed after it.
    ``organisation_slug`` is the organisation's in addresses.
    """

    organisation: str
    status: str
    reason: str
    differs: bool
    on: date
    reply: str = ""
    replied_on: date | None = None
    reply_is_older: bool = False
    organisation_slug: str = ""


@dataclass(frozen=True, slots=True)
class ActionMoveFacts:
    """A due date that was moved, on which day and why. ``was`` and ``now`` are None for "no due date"."""

    was: date | None
    now: date | None
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An action towards a commitment, in its state at the end of the period that the report covers.

    ``due_on`` is None where it has no due date. ``slipped`` says that its due date came by then and that it was not done by
    that day; on the due date itself it is not late yet (:mod:`commitments.rules.lateness`). ``done_since`` and ``dropped_since``
    are days after the period, up to ``Report.actions_as_at``.
    ``reference`` is the action's own; ``parent`` the reference, or else the title, of the action that it is a part of.
    ``owner`` is an organisation and a team in words, never a person. ``moved`` holds the moves of its due date up to then.
    ``id`` is its number in the portal, None in editions made before it was kept.
    """

    title: str
    due_on: date | None
    done_on: date | None
    slipped: bool
    reference: str = ""
    parent: str = ""
    owner: str = ""
    dropped_on: date | None = None
    dropped_why: str = ""
    moved: tuple[ActionMoveFacts, ...] = ()
    done_since: date | None = None
    dropped_since: date | None = None
    id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done, by the day up to which the report knows what happened to actions."""
        return not (self.done_on or self.dropped_on or self.done_since or self.dropped_since)


@dataclass(frozen=True, slots=True)
class RecordedStatusFacts:
    """A status that no update gave, with the reason and the remedy, and the day on which it was recorded."""

    status: str
    reason: str
    remedy: str
    on: date


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """One commitment in this round. Without an update, ``status`` and the texts are empty and ``updated_on`` is None.

    ``evidence`` holds the numbers of its pieces, in the report's order. ``confirms`` names the round whose words were
    confirmed, on ``confirmed_on``, as still true. ``update`` is the key of the update that says all this.

    ``key`` outlives renumbering, "" in editions made before there were keys. ``note`` is the strategy's own note to the
    wording, with its source. ``added_on`` is None for what was there from the start. ``closed_on``, ``closed_why`` and
    ``closed_into`` (a reference, or "") are of a commitment that was closed when the period's standing was taken.

    ``success_measure`` is None in editions made before it was recorded, "" where there is none. Without ``…_agreed_by`` it is
    proposed and not agreed. ``team`` is in words. ``starts_on`` and ``ends_on`` are the first and last day of the work.
    ``follows`` and ``related`` say in words which commitment it replaces and which are related to it.

    ``owner_response`` is what the strategy's owner had responded by then: a code of :mod:`commitments.rules.stances`, "awaited", or
    "" for a commitment that is addressed to nobody. ``responses`` are those of all addressees, the owner's first.

    ``recorded`` is the status on record of a commitment that had no update in any period of the report, such as that of the
    action plan from which the strategy was made; None for all others.
    """

    reference: str
    wording: str
    short_title: str
    ongoing: bool
    status: str
    reason: str
    remedy: str
    narrative: str
    next_steps: str
    updated_on: date | None
    years: tuple[YearFacts, ...]
    evidence: tuple[int, ...]
    confirms: str = ""
    confirmed_on: date | None = None
    views: tuple[ViewFacts, ...] = ()
    indicators: tuple[IndicatorFacts, ...] = ()
    update: int | None = None
    actions: tuple[ActionFacts, ...] = ()
    key: str = ""
    note: str = ""
    note_source: str = ""
    added_on: date | None = None
    closed_on: date | None = None
    closed_why: str = ""
    closed_into: str = ""
    success_measure: str | None = None
    success_measure_agreed_by: str = ""
    success_measure_agreed_on: date | None = None
    team: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    follows: str = ""
    related: tuple[str, ...] = ()
    owner_response: str = ""
    responses: tuple[ResponseFacts, ...] = ()
    recorded: RecordedStatusFacts | None = None

    @property
    def awaits_response(self) -> bool:
        """Whether no update was asked for, since the strategy's owner had not accepted it."""
        return not self.status and self.was_there and stances.holds_back(self.owner_response)

    @property
    def standing(self) -> str:
        """Its status or, where none was asked for, the owner's response: what counts and tiles go by."""
        return self.owner_response if self.awaits_response else self.status

    @property
    def has_update(self) -> bool:
        """Whether an update was published for the round. A closed commitment is asked for none: its status is carried."""
        return bool(self.status) and not (self.closed_on is not None and self.updated_on is None)

    @property
    def is_silent(self) -> bool:
        """Whether an update was asked for and none was received."""
        return not self.status and self.was_there and not self.awaits_response

    @property
    def was_there(self) -> bool:
        """Whether it belonged to the strategy by the end of the period observed."""
        return not self.years or self.years[-1].was_there


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """One priority with its commitments, in the strategy's own order.

    ``introduction`` is the strategy's own, with its source; ``summary`` is the portal team's. ``number`` is its place, and
    ``reference`` what the strategy calls it; "" where that is its number. ``group`` is the slug of the group that works at it,
    which ``Report.groups`` describes; "" where none is named. ``beneficiaries`` are who it is for, and ``methods`` how they were
    consulted, both in the strategy's own words with their sources.
    """

    number: int
    title: str
    summary: str
    commitments: tuple[CommitmentFacts, ...]
    indicators: tuple[IndicatorFacts, ...] = ()
    introduction: str = ""
    introduction_source: str = ""
    reference: str = ""
    group: str = ""
    beneficiaries: tuple[str, ...] = ()
    beneficiaries_source: str = ""
    methods: str = ""
    methods_source: str = ""

    @property
    def label(self) -> str:
        """Its reference, or its number where the strategy gives it none."""
        return label(self.reference, self.number)

    def heading(self, nouns: Nouns) -> str:
        """Return what it is called in a heading: "Priority 3", "Theme 1"."""
        return capital(self.called(nouns))

    def called(self, nouns: Nouns) -> str:
        """Return what it is called within a sentence: "priority 3", "Theme 1"."""
        return heading(nouns.priority, self.label)

    def counts(self) -> dict[str, int]:
        """Return the number of commitments by standing; "" counts those whose update was not received."""
        return dict(Counter(found.standing for found in self.commitments if found.standing or found.is_silent))
