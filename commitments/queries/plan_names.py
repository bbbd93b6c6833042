"""Finds the people and organisations that the names of an action plan may mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from commitments.action_plan.labels import ComparableName, most_alike
from commitments.models import Strategy
from partners.identifiers import SCHEMES, normalise
from partners.models import Organisation, OrganisationIdentifier, User
from partners.people_with_permission import people_who_may
from partners.roles import UPDATE_COMMITMENTS
from vcsportal.common.words import Refused

MOST_COMPARED: Final = 5_000
"""Organisations whose names are compared with those of a plan."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person or an organisation that a name may mean, with what it is called on the page."""

    key: int
    name: str


def people_who_can_lead(owner: Organisation | None) -> QuerySet[User]:
    """Return the people who may lead commitments of a strategy that the organisation owns."""
    return people_who_may(UPDATE_COMMITMENTS, Strategy(owner=owner)) if owner else User.objects.none()


def people_like(labels: Iterable[str], owner: Organisation | None) -> dict[str, list[Candidate]]:
    """Return, for each name of a lead, the people it may mean, the most similar first. One query."""
    people = {str(person.pk): person for person in people_who_can_lead(owner)}
    names = [ComparableName.of(person.name, key) for key, person in people.items()]
    return {
        label: [Candidate(people[key].pk, people[key].name) for key in most_alike(label, names)] for label in labels
    }


def organisations_like(labels: Iterable[str]) -> dict[str, list[Candidate]]:
    """Return, for each name of a partner, the organisations it may mean, the most similar first. One query."""
    offered = Organisation.objects.bodies().to_name().by_name().values_list("pk", "name")[:MOST_COMPARED]
    known = {str(key): name for key, name in offered}
    names = [ComparableName.of(name, key) for key, name in known.items()]
    return {label: [Candidate(int(key), known[key]) for key in most_alike(label, names)] for label in labels}


def person_typed(typed: str, owner: Organisation | None) -> User | None:
    """Return the person who has this email address or exactly this name and may lead; None if nobody or several do."""
    people = people_who_can_lead(owner)
    if "@" in typed:
        return people.filter(email=typed.strip().lower()).first()
    found = list(people.filter(name__iexact=" ".join(typed.split()))[:2])
    return found[0] if len(found) == 1 else None


def organisation_typed(typed: str) -> Organisation | None:
    """Return the organisation of this name, number in a register, or part of an address; None if none or several are."""
    said, offered = " ".join(typed.split()), Organisation.objects.bodies().to_name()
    numbers = set()
    for scheme in SCHEMES:
        try:
            numbers.add((scheme.code, normalise(scheme.code, said)))
        except Refused:
            continue
    if any(map(str.isdigit, said)):
        rows = OrganisationIdentifier.objects.filter(value__in={value for _, value in numbers}).order_by("id")
        matching = {row.organisation_id for row in rows if (row.scheme, row.value) in numbers}
        if len(matching) == 1:
            return offered.filter(pk=matching.pop()).first()
    found = list((offered.filter(name__iexact=said) | offered.filter(slug=said)).order_by("id")[:2])
    return found[0] if len(found) == 1 else None
