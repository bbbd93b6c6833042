"""Writes into a portal's database who comes in a trial, signs them in, and says in one JSON file what the visitors need to know.

``python -m tests.load.cast PLAN.json '{"partners": 300, …}'`` in the environment of the portal, which need not run.
"""

import json
import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import django

from tests.load.hour import MARK

SEARCHES: Final = ("volunteers", "young people", "food bank", "training", "village hall", "transport")


@dataclass(frozen=True)
class Numbers:
    """How many of each a trial needs, and the photographs' files.

    ``small`` is for trying the trial itself: a small strategy with an open round is written first.
    """

    partners: int
    links: int
    programs: int
    officers: int
    to_decide: int
    photographs: list[str]
    small: bool


@dataclass
class Cast:
    """What the visitors need to know. ``at`` names how people are reached: a session's cookie, a link, a token."""

    strategy: str = ""
    began: str = ""
    commitments: list[str] = field(default_factory=list)
    partners: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    programs: list[dict[str, Any]] = field(default_factory=list)
    officers: list[dict[str, Any]] = field(default_factory=list)
    to_decide: list[int] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    searches: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    photographs: list[dict[str, str]] = field(default_factory=list)


def write(numbers: Numbers, at: datetime) -> Cast:
    """Add organisations, people, tasks and waiting evidence to the current strategy, whose open round ends today."""
    from commitments.models import Round, Strategy

    if numbers.small:
        from tests.factories import make_council, make_round, make_strategy

        make_round(make_strategy(make_council()))
    strategy = Strategy.objects.current(at.date())
    assert strategy, "no strategy runs today"
    round_ = Round.objects.open().get(strategy=strategy)
    Round.objects.filter(pk=round_.pk).update(closes_on=at.date(), grace_until=max(at.date(), round_.grace_until))
    cast = Cast(
        strategy=strategy.slug,
        began=at.isoformat(),
        commitments=[commitment.key for commitment in strategy.commitments.in_order()],
    )
    people = _partners(numbers.partners + numbers.links + numbers.programs, strategy, at)
    _reach(cast, numbers, people, round_, at)
    _officers(cast, numbers, people, strategy, at)
    _what_is_read(cast, strategy)
    cast.photographs = [as_stored(Path(file)) for file in numbers.photographs]
    return cast


def _partners(count: int, strategy: Any, at: datetime) -> list[Any]:
    """Return so many people, each of an organisation of their own that delivers a commitment and is asked in the round."""
    from commitments.models import DeliveryPartner
    from commitments.services.round_participants import ask_new_organisations
    from tests.factories import make_organisation

    people, commitments = [], cycle(strategy.commitments.in_order())
    for number in range(1, count + 1):
        organisation = make_organisation(f"{MARK} neighbours {number}")
        people.append(_person("partner_lead", organisation, f"Person {number}", at))
        DeliveryPartner.objects.create(
            commitment=next(commitments), organisation=organisation, started_on=strategy.starts_on, recorded_at=at
        )
    ask_new_organisations(by=None, at=at, strategy_id=strategy.pk)
    return people


def _person(role: str, organisation: Any, name: str, at: datetime) -> Any:
    """Add a person without a password: hashing 300 of them would take a minute, and nobody here signs in with one."""
    from partners.services.roles import add_person_with_role

    email = f"{name.replace(' ', '.').lower()}@load-trial.example"
    return add_person_with_role(by=None, at=at, email=email, name=name, role=role, organisation=organisation)


def _reach(cast: Cast, numbers: Numbers, people: list[Any], round_: Any, at: datetime) -> None:
    """Say how each person is reached: by a session, by the link of a reminder, by a token."""
    from commitments.services.task_links import link_to
    from partners.services.api_tokens import make_token

    rest = iter(people)
    for person in islice(rest, numbers.partners):
        cast.partners.append({"person": person.pk, "organisation": _slug(person), "cookie": _session(person)})
    for person in islice(rest, numbers.links):
        cast.links.append({"person": person.pk, "path": _path(link_to(round_.pk, person.pk))})
    for person in rest:
        _, text = make_token(by=person, at=at, name="our database", scopes=["evidence"], days=30)
        cast.programs.append({"person": person.pk, "organisation": _slug(person), "token": text})


def _officers(cast: Cast, numbers: Numbers, people: list[Any], strategy: Any, at: datetime) -> None:
    """Add officers of the council, and evidence that waits for them."""
    from commitments.content.evidence import EvidenceContent
    from commitments.services.evidence import log_evidence, submit_evidence

    for number in range(1, numbers.officers + 1):
        officer = _person("officer", strategy.owner, f"Officer {number}", at)
        cast.officers.append({"person": officer.pk, "cookie": _session(officer)})
    commitments = list(strategy.commitments.in_order())
    for number, person in zip(range(1, numbers.to_decide + 1), cycle(people), strict=False):
        told = EvidenceContent(
            title=f"{MARK} waiting {number}", happened_from=at.date(), story="Twelve people came, and four will help next time.",
            commitments=(commitments[number % len(commitments)],), publishable=True,
        )  # fmt: skip
        piece = log_evidence(by=person, at=at, organisation=person.organisations[0], content=told)
        cast.to_decide.append(submit_evidence(by=person, at=at, evidence=piece).pk)


def _what_is_read(cast: Cast, strategy: Any) -> None:
    """List what readers open: the strategy, commitments, evidence, organisations, the report where there is one."""
    from django.urls import reverse

    from commitments.models import Evidence
    from reporting.models import Edition

    first = strategy.get_absolute_url()
    commitments = [commitment.get_absolute_url() for commitment in strategy.commitments.in_order()]
    evidence = [piece.get_absolute_url() for piece in Evidence.objects.published().newest_first()[:60]]
    editions = list(Edition.objects.public().order_by("-pk")[:1])
    fixed = ["/", first, f"{first}commitments/", "/evidence/", "/organisations/", "/reports/"]
    fixed += [edition.get_absolute_url() for edition in editions]
    longest = max(len(fixed), len(commitments), len(evidence))
    in_turn = zip(*(islice(cycle(pages), longest) for pages in (fixed, commitments, evidence) if pages), strict=True)
    cast.pages = [page for pages in in_turn for page in pages]
    cast.searches = [f"/search/?q={words.replace(' ', '+')}" for words in SEARCHES]
    commitment_list = f"/api/v1/strategies/{strategy.slug}/commitments/"
    cast.data = [f"{commitment_list}?format=csv", commitment_list]
    for edition in editions:
        cast.reports.append(reverse("reporting:edition-download", args=[edition.pk]))
        cast.data += [reverse("reporting:face", args=[edition.pk, code]) for code in ("csv", "json")]


def as_stored(file: Path) -> dict[str, str]:
    """Return a photograph's file with the checksums of the two that are to be stored of it."""
    from commitments.files.drawing import draw

    screen, small = draw(file.read_bytes())
    return {"file": str(file), "sha256": sha256(screen).hexdigest(), "print_sha256": sha256(small).hexdigest()}


def _session(person: Any) -> str:
    """Return the cookie of a session in which the person has signed in."""
    from django.conf import settings
    from django.test import Client

    from tests.signing_in import sign_in

    return sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value


def _slug(person: Any) -> str:
    slug: str = person.organisations[0].slug
    return slug


def _path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def main(plan: str, numbers: str) -> None:
    django.setup()
    from django.utils import timezone

    cast = write(Numbers(**json.loads(numbers)), timezone.localtime())
    Path(plan).write_text(json.dumps(asdict(cast)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
