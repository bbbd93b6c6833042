"""Who takes part in the story: invented people and organisations, and the accounts that newcomers can try."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db.models import F

from partners import roles
from partners.models import Area, Organisation, User
from partners.services import invitations
from partners.services.organisations import register_organisation
from partners.services.people import set_public_name
from partners.services.roles import add_person_with_role
from vcsportal.demo.timeline import Agenda
from vcsportal.demo.years import Years

DATA: Final = Path(__file__).parent / "data"
PASSWORD: Final = "look-around-the-portal"  # noqa: S105 - printed on purpose; the demo is refused outside debug
ADMINISTRATOR: Final = "administrator@example.org"
SHOWN: Final = ("common-thread", "signpost", "willowbank", "larder")
"""Organisations whose people are listed among the demo accounts."""
LEAD: Final = "partner@example.org"
INVITED: Final = "steering@example.org"
MEMBER: Final = "steering@example.org"
"""A member of the steering group who holds a seat in it as well."""
NEVER_CAME: Final = ("cicely.curlew@example.org", "robin.reedmace@example.org", "willow.wagtail@example.org")
"""People who were invited and have never signed in."""


@cache
def read(name: str) -> dict[str, Any]:
    """Return a data file of the story."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom a newcomer may sign in as."""

    email: str
    name: str
    role: str
    note: str
    keeps_group: bool = False

    @property
    def line(self) -> str:
        """One line: the address, how to sign in, and who it is."""
        way = f"password {PASSWORD}"
        if self.keeps_group or not roles.SECOND_STEP_FOR.isdisjoint(roles.BY_CODE[self.role].may):
            way += ", then the code on the page"
        elif self.role in roles.PARTNER_ROLES:
            way = f"emailed code, or {way}"
        return f"{self.email:<30} {way:<52} {roles.BY_CODE[self.role].label}: {self.name}, {self.note}"


SECRETARY: Final = Account(
    "secretary@example.org",
    "Clover Cairn",
    roles.STEERING_GROUP.code,
    "secretary of the group, keeps its seats",
    keeps_group=True,
)


def address(person: dict[str, Any]) -> str:
    """Return a person's email address, made of the name where the file gives none."""
    return person.get("email") or f"{person['name'].lower().replace(' ', '.')}@example.org"


def accounts() -> Iterator[Account]:
    """Everybody whom ``load_demo --accounts`` lists."""
    for person in read("people")["person"]:
        yield Account(person["email"], person["name"], person["role"], person["note"])
    yield SECRETARY
    for key in SHOWN:
        organisation = read("organisations")[key]
        alone = "the one volunteer of " if len(organisation["people"]) == 1 and key == "willowbank" else ""
        for person in organisation["people"]:
            yield Account(address(person), person["name"], person["role"], f"{alone}{organisation['name']}")


@dataclass(slots=True)
class Cast:
    """Who is there so far, by the keys and addresses of the data files."""

    council: Organisation
    group: Organisation  # it steers the strategy
    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    members: dict[str, list[User]] = field(default_factory=dict)

    @property
    def administrator(self) -> User:
        return self.people[ADMINISTRATOR]

    @property
    def officers(self) -> list[User]:
        return self.members["council"]


def joined(key: str) -> int:
    """Return the year of the story in which an organisation joined."""
    return 1 if key == "council" else int(read("organisations")[key].get("joined", 1))


def gather(agenda: Agenda, years: Years, cast: Cast) -> None:
    """Schedule how everyone joined."""
    cast.organisations["council"] = cast.council
    start = years.starts(1)
    for number, person in enumerate(read("people")["person"]):
        agenda.add(agenda.moment(start + timedelta(days=min(number, 4))), _invites(cast, person, key="council"))
    areas = {area.name: area for area in Area.objects.districts()}
    for key, entry in read("organisations").items():
        arrival = agenda.moment(years.starts(joined(key)) + timedelta(days=agenda.rng.randrange(6, 16)))
        agenda.add(arrival, _registers(cast, key, entry, [areas[name] for name in entry["districts"]]))
        for person in entry["people"]:
            arrival = agenda.moment(arrival.date() + timedelta(days=1), after=arrival)
            agenda.add(arrival, _invites(cast, person, key=key))


def _registers(cast: Cast, key: str, entry: dict[str, Any], districts: list[Area]) -> Any:
    def register(at: datetime) -> None:
        numbers = [(text[:6], text[7:]) for text in entry["identifiers"]]
        cast.organisations[key] = register_organisation(
            by=cast.administrator, at=at, name=entry["name"], kind=entry["kind"], description=entry["description"],
            website=entry.get("website", ""), districts=districts, identifiers=numbers,
        )  # fmt: skip

    return register


def _invites(cast: Cast, person: dict[str, Any], *, key: str) -> Any:
    def join(at: datetime) -> None:
        where = roles.BY_CODE[person["role"]].within
        within = cast.group if where == "group" else cast.organisations[key] if where else None
        by = cast.people.get(ADMINISTRATOR)
        email = address(person)
        asked: dict[str, Any] = {"email": email, "name": person["name"], "role": person["role"], "organisation": within}
        if by is None:
            user = add_person_with_role(by=None, at=at, **asked)
        else:
            sent = invitations.invite(by=by, at=at, **asked)
            user = User.objects.get(email=email)
            invitations.accept(by=user, at=at, invitation=sent)
        cast.people[email] = user
        if post := person.get("post"):
            shown = bool(person.get("shows_name"))
            set_public_name(by=user, at=at, person=user, post=post, name_shown=shown)
        if within is not None and within is not cast.group:
            cast.members.setdefault(key, []).append(user)

    return join


def invite_more(cast: Cast, at: datetime) -> None:
    """Invite two people who have not answered: one address waits for an administrator, one invitation for its answer."""
    lead, invited = cast.people[LEAD], cast.people[INVITED]
    invitations.invite(
        by=lead, at=at, email="sorrel.swift@village-choir.example", name="Sorrel Swift", role="partner_contributor",
        organisation=cast.organisations["common-thread"],
    )  # fmt: skip
    invitations.invite(
        by=cast.administrator, at=at, email=INVITED, name=invited.name, role="partner_contributor",
        organisation=cast.organisations["signpost"],
    )  # fmt: skip


def give_passwords(cast: Cast) -> None:
    """Let everybody of the story sign in with the printed password. One hash for all: making each takes half a second."""
    everybody = User.objects.filter(pk__in=[user.pk for user in cast.people.values()])
    everybody.update(password=make_password(PASSWORD))
    everybody.exclude(email__in=NEVER_CAME).update(last_login=F("joined_at"))
