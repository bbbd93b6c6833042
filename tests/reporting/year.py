"""Makes a whole year to report on: rounds, updates that differ, organisations, evidence with stories and photographs."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from commitments.content.updates import UpdateContent
from commitments.files.uploads import CheckedFile
from commitments.models import Commitment, Round, Strategy
from commitments.services.evidence import accept_evidence, attach_file, log_evidence, submit_evidence
from partners.kinds import PUBLIC_BODY, TABLE
from partners.models import Area, Organisation, User
from partners.services.roles import add_person_with_role
from tests.factories import (
    make_area,
    make_council,
    make_evidence_content,
    make_organisation,
    make_strategy,
    publish_update,
)

REAL_SHAPE = (8, 5, 6, 7, 6)
DISTRICTS = {
    "Cherwell": "E07000177", "Oxford": "E07000178", "South Oxfordshire": "E07000179",
    "Vale of White Horse": "E07000180", "West Oxfordshire": "E07000181",
}  # fmt: skip
TELLS = {
    "on_track": "The first half of the work is done, and the rest has people and dates.",
    "at_risk": "Two of the four venues have said that they may close in spring.",
    "delayed": "The work waited for five months for a new coordinator.",
    "complete": "Everything that was promised has been done and checked.",
    "embedded": "It is now part of what the teams do every week.",
    "not_started": "The work begins once the review has been read.",
}
NARRATIVE = """The year began with a survey of what small groups need, and **ninety-four** of them answered.

What came out of it:

* a short guide that volunteers wrote themselves
* a monthly evening where groups meet those who fund them
* three people who answer the telephone, each with a part of the county

The guide has been read aloud at two libraries, as one group asked for it."""
STORY = """We opened the hall every Tuesday from ten until two. People came for the soup and stayed to mend things,
and by the summer they ran the kettle themselves. Two of them have since found work."""

KINDS_OF_THE_YEAR = [*(kind.code for kind in TABLE if kind.sector == "voluntary"), PUBLIC_BODY]


@dataclass
class Year:
    """What was made."""

    strategy: Strategy
    rounds: list[Round]
    officer: User
    reviewer: User
    organisations: list[Organisation]
    people: list[User]

    @property
    def round(self) -> Round:
        return self.rounds[-1]


def make_photograph(number: int) -> bytes:
    """A small picture with something to see."""
    image = Image.new("RGB", (900, 600), (40 + number * 37 % 160, 90 + number * 53 % 120, 110))
    draw = ImageDraw.Draw(image)
    for i in range(12):
        draw.ellipse(
            [i * 70, 200 + (i * number) % 150, i * 70 + 120, 340 + (i * number) % 150], fill=(200, 180 - i * 9, 120)
        )
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def attach_photograph(piece: Any, by: User, at: datetime, number: int, caption: str = "") -> None:
    content = make_photograph(number)
    attach_file(
        by=by, at=at, evidence=piece, caption=caption,
        checked=CheckedFile("photograph", f"picture-{number}.jpg", ".jpg", "image/jpeg", content, content, hashlib.sha256(content).hexdigest()),
    )  # fmt: skip


def make_year(
    *,
    shape: tuple[int, ...] = REAL_SHAPE,
    pieces: int = 250,
    years: int = 5,
    photographs: int = 0,
    council: Organisation | None = None,
    slug: str = "report-strategy",
    story: str = "",
    updates: int = 40,
) -> Year:
    """A strategy of ``shape`` with ``years`` rounds; the last has ``pieces`` of accepted, publishable evidence."""
    council = council or make_council()
    officer = _person("officer", council, "Olive Reporter")
    reviewer = _person("officer", council, "Oscar Reviewer")
    areas = [make_area(name, code) for name, code in DISTRICTS.items()]
    strategy = make_strategy(council, slug=slug, shape=shape)
    strategy.title, strategy.vision = "Working together in the county", "Communities that are strong, and heard."
    strategy.save()
    rounds = [_round(strategy, ago) for ago in reversed(range(years))]
    organisations, people = [], []
    for number in range(min(24, max(1, pieces))):
        kind = KINDS_OF_THE_YEAR[number % len(KINDS_OF_THE_YEAR)]
        organisations.append(
            make_organisation(f"{NAMES[number]}", kind, districts=areas[number % 5 : number % 5 + 1 + number % 3])
        )
        people.append(_person("partner_contributor", organisations[-1], f"Partner {number}"))
    year = Year(strategy, rounds, officer, reviewer, organisations, people)
    commitments = list(strategy.commitments.in_order())
    for place, round_ in enumerate(rounds):
        _tell(year, commitments[:updates], place, round_)
    for number in range(pieces):
        _piece(year, commitments, areas, number, photograph=number < photographs, story=story)
    return year


def small_year(council: Organisation) -> Year:
    """Two priorities, two rounds, seven pieces, two photographs."""
    return make_year(shape=(3, 2), pieces=7, years=2, photographs=2, council=council)


def _person(role: str, organisation: Organisation, name: str) -> User:
    """Without a password, whose making takes longer than everything else."""
    email = f"{name}.{organisation.slug}@example.org".replace(" ", ".")
    return add_person_with_role(
        by=None, at=timezone.now(), email=email, name=name, role=role, organisation=organisation
    )


def _round(strategy: Strategy, ago: int) -> Round:
    last = timezone.localdate().year - 1 - ago
    return Round.objects.create(
        strategy=strategy, slug=f"{last}-{(last + 1) % 100:02}", observes_from=date(last, 4, 1), observes_to=date(last + 1, 3, 31),
        opens_on=date(last + 1, 4, 1), closes_on=date(last + 1, 5, 31), grace_until=date(last + 1, 6, 7), state="open",
    )  # fmt: skip


def _tell(year: Year, commitments: list[Commitment], place: int, round_: Round) -> None:
    words = ["on_track", "at_risk", "on_track", "delayed", "on_track", "not_started"]
    at = datetime(round_.closes_on.year, 5, 12, 14, 5, tzinfo=timezone.get_current_timezone())
    for number, commitment in enumerate(commitments):
        if (number * 7 + place) % 11 == 0:
            continue
        commitment.refresh_from_db()
        status = words[(number + place) % len(words)]
        if place == len(year.rounds) - 1 and number % 5 == 0:
            status = "embedded" if commitment.ongoing else "complete"
        if place and status == "not_started":
            status = "on_track"
        said = UpdateContent(
            status=status, reason=TELLS[status], narrative=NARRATIVE if number % 3 else NARRATIVE.split("\n")[0],
            remedy="A room has been promised by the library until the work is done." if status in {"at_risk", "delayed"} else "",
            next_steps="Meet in September; choose the next *three* places; say so in the newsletter." if number % 4 else "",
        )  # fmt: skip
        publish_update(by=year.officer, at=at, commitment=commitment, round_=round_, content=said, version=None)


def _piece(
    year: Year, commitments: list[Commitment], areas: list[Area], number: int, *, photograph: bool, story: str
) -> None:
    who = number % len(year.organisations)
    begin = year.round.observes_from + timedelta(days=(number * 11) % 350)
    serves = {commitments[(number * 5) % len(commitments)]}
    if number % 6 == 0:
        serves.add(commitments[(number * 3 + 2) % len(commitments)])
    at = timezone.now()
    deed = make_evidence_content(
        *serves,
        title=TITLES[number % len(TITLES)],
        story=story or (STORY if number % 3 else f"{STORY}\n\n{STORY}"),
        happened_from=begin,
        happened_to=begin + timedelta(days=number % 40) if number % 2 else None,
        districts=tuple(areas[number % 5 : number % 5 + 1 + number % 2]),
        people_reached=number * 3 % 90 + 4 if number % 4 else None,
        volunteers=number % 14 + 1 if number % 5 else None,
        hours=number * 7 % 120 + 3 if number % 3 == 0 else None,
    )
    piece = log_evidence(by=year.people[who], at=at, organisation=year.organisations[who], content=deed)
    if photograph:
        attach_photograph(
            piece, year.people[who], at, number, "Neighbours at the long table in the hall" if number % 2 else ""
        )
    piece = submit_evidence(by=year.people[who], at=at, evidence=piece)
    accept_evidence(by=year.reviewer, at=at, evidence=piece)


TITLES = (
    "Opened a warm room every Tuesday", "Taught forty people to use a tablet", "Planted an orchard behind the station",
    "Ran a repair café with three villages", "Trained twelve new trustees", "Cooked with young carers through the winter",
    "Drove people without a car to hospital", "Wrote a guide to asking for a grant", "Walked the river path with newcomers",
)  # fmt: skip
NAMES = (
    "Rowan Community Trust", "Willow Bank Carers", "The Orchard Collective", "Northmoor Repair Café", "Kettle and Thread",
    "Canalside Young People", "Meadow Lane Food Co-operative", "Quarry Hill Friends", "Thamesview Transport", "The Lantern Project",
    "Hedgerow Volunteers", "Saint Osyth’s Neighbours", "Bridge Street Advice", "Cotswold Edge Timebank", "Green Gate Allotments",
    "Signpost Infrastructure", "Łucja’s Kitchen", "Windrush Listening Line", "Chalk Downs Wheelers", "Wantage Road Players",
    "Harvest Table", "Otmoor Wetland Wardens", "Beacon Debt Help", "The Reading Room Society",
)  # fmt: skip
