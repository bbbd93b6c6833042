"""How an edition differs from an earlier one, and what each member of the steering group has not seen of it yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from partners import roles
from partners.models import RoleGrant, User
from reporting.facts import CommitmentFacts, Report, ResponseFacts, from_json
from reporting.models import Edition, EditionOpening
from reporting.narrative import standings
from reporting.narrative.sections import sections_of_report
from reporting.reading.partnership_differences import partnership_differences
from vcsportal.common.dates import in_words


def differences(before: Report, now: Report) -> tuple[str, ...]:
    """Return what changed between two reports of a round: statuses, responses, success measures, updates, texts, evidence,
    and groups, points and decisions.
    """
    told = (_statuses, _responses, _measures, _updates, _texts, _evidence, partnership_differences)
    return tuple(words for tell in told for words in tell(before, now))


def _statuses(before: Report, now: Report) -> Iterable[str]:
    was = {commitment.reference: commitment.standing for commitment in before.commitments()}
    for commitment in now.commitments():
        if commitment.standing != was.get(commitment.reference, ""):
            yield f"{commitment.reference} was {_label(was.get(commitment.reference, ''))} and is now {_label(commitment.standing)}"


def _responses(before: Report, now: Report) -> Iterable[str]:
    was = {(commitment.reference, response.addressee): _answer(response) for commitment, response in before.responses()}
    changed = [
        commitment.reference
        for commitment, response in now.responses()
        if _answer(response) != was.get((commitment.reference, response.addressee), ("", "", ""))
    ]
    if changed:
        yield f"new or changed responses to {', '.join(dict.fromkeys(changed))}"


def _answer(response: ResponseFacts) -> tuple[str, str, str]:
    return response.stance, response.words, response.decided_where


def _measures(before: Report, now: Report) -> Iterable[str]:
    was = {commitment.reference: _measure(commitment) for commitment in before.commitments()}
    nothing = ("", "", None)
    changed = [
        commitment.reference
        for commitment in now.commitments()
        if _measure(commitment) != was.get(commitment.reference, nothing)
    ]
    if changed:
        yield f"new or changed success measures for {', '.join(changed)}"


def _measure(commitment: CommitmentFacts) -> tuple[str, str, date | None]:
    words = commitment.success_measure or ""
    return words, commitment.success_measure_agreed_by, commitment.success_measure_agreed_on


def _label(code: str) -> str:
    return f"“{standings.of(code).label}”" if code else "without an update"


def _updates(before: Report, now: Report) -> Iterable[str]:
    was = {commitment.reference: (commitment.status, _words(commitment)) for commitment in before.commitments()}
    changed = [
        commitment.reference
        for commitment in now.commitments()
        if commitment.reference in was
        and commitment.status == was[commitment.reference][0]
        and _words(commitment) != was[commitment.reference][1]
    ]
    if changed:
        yield f"different wording for {', '.join(changed)}"


def _words(commitment: object) -> tuple[str, ...]:
    return tuple(getattr(commitment, name) for name in ("wording", "reason", "remedy", "narrative", "next_steps"))


def _texts(before: Report, now: Report) -> Iterable[str]:
    changed = [
        section.label
        for section in sections_of_report(now)
        if now.text(section.key).strip() != before.text(section.key).strip()
    ]
    if changed:
        yield f"changed texts: {', '.join(changed)}"


def _evidence(before: Report, now: Report) -> Iterable[str]:
    was, is_ = {piece.id for piece in before.evidence}, {piece.id for piece in now.evidence}
    if added := len(is_ - was):
        yield f"{added} more item{'s' if added > 1 else ''} of evidence"
    if gone := len(was - is_):
        yield f"{gone} item{'s' if gone > 1 else ''} of evidence left out"


@dataclass(frozen=True, slots=True)
class LastOpening:
    """What a member of the steering group has opened of a round's report, and how the edition has changed since."""

    person: User
    opening: EditionOpening | None
    changes: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether the person has seen all that the edition says."""
        return self.opening is not None and not self.changes

    @property
    def sentence(self) -> str:
        """When the person last opened an edition, and what has changed since, as a sentence."""
        if self.opening is None:
            return f"{self.person.name} has not opened any edition of this report."
        day = in_words(timezone.localdate(self.opening.last_at))
        begin = f"{self.person.name} last opened edition {self.opening.edition.number}, on {day}"
        if not self.changes:
            return f"{begin}. Nothing has changed since."
        return f"{begin}. Changed since then: {'; '.join(self.changes)}."


def seen_by_steering_group(edition: Edition, report: Report) -> tuple[LastOpening, ...]:
    """Return the last opening of each active member of the group that steers the strategy, by name. Three queries, whatever the number of members and editions."""
    holds = RoleGrant.objects.current().filter(
        role=roles.STEERING_GROUP.code, organisation=edition.round.strategy.steered_by_id, person__is_active=True
    )
    people = {grant.person_id: grant.person for grant in holds.select_related("person").order_by("person__name", "id")}
    openings = (
        EditionOpening.objects.filter(person__in=people, edition__round=edition.round_id)
        .select_related("edition")
        .defer("edition__facts")
        .order_by("last_at", "id")
    )
    last = {opening.person_id: opening for opening in openings}
    others = {opening.edition_id for opening in last.values()} - {edition.pk}
    changes: dict[int, tuple[str, ...]] = {edition.pk: ()}
    for pk, facts in Edition.objects.filter(pk__in=others).values_list("pk", "facts"):
        changes[pk] = _since(facts, report)
    return tuple(
        LastOpening(person, opening, changes[opening.edition_id] if opening else ())
        for key, person in people.items()
        for opening in (last.get(key),)
    )


def _since(facts: object, report: Report) -> tuple[str, ...]:
    try:
        return differences(from_json(facts), report)
    except ValueError:
        return ("this version of the portal can’t read that edition, so the two could not be compared",)
