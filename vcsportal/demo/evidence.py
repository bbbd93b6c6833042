"""What the organisations did: items of evidence in every state, with figures, links, photographs and documents."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from commitments.content.evidence import EvidenceContent
from commitments.files.uploads import CheckedFile
from commitments.models import Commitment, Evidence, Strategy
from commitments.rules.evidence_figures import FIGURE_CODES
from commitments.services import evidence as services
from partners.models import Area, User
from vcsportal.demo import documents, pictures
from vcsportal.demo.cast import Cast, joined, read
from vcsportal.demo.timeline import Agenda, Happening
from vcsportal.demo.years import Years

# How many pieces of each year end in which state; "kept" is accepted and not to be published.
STATES: Final[dict[int, dict[str, int]]] = {
    1: {"accepted": 37, "kept": 3, "returned": 2, "withdrawn": 2, "draft": 2},
    2: {"accepted": 54, "kept": 4, "returned": 3, "withdrawn": 3, "draft": 2},
    3: {"accepted": 116, "kept": 7, "returned": 2, "withdrawn": 2, "draft": 2},
    4: {"accepted": 31, "kept": 4, "submitted": 18, "returned": 6, "withdrawn": 2, "draft": 6},
    5: {"accepted": 4, "submitted": 5, "draft": 5},
}
LIKELY: Final = {"people_reached": 0.85, "volunteers": 0.75, "hours": 0.65}
"""How likely an item is to give a figure for which its activity has a range; 0.7 for any other figure."""
PHOTOGRAPHS: Final = {1: 4, 2: 7, 3: 21, 4: 10}
DOCUMENTS: Final = {1: 1, 2: 3, 3: 7, 4: 4}
PLACES: Final = {
    "Cherwell": ("Banbury", "Bicester", "Kidlington", "Adderbury", "Deddington"),
    "Oxford": ("Cowley", "Headington", "Iffley", "Summertown", "Jericho"),
    "South Oxfordshire": ("Didcot", "Thame", "Wallingford", "Henley", "Chinnor"),
    "Vale of White Horse": ("Abingdon", "Wantage", "Faringdon", "Grove", "Uffington"),
    "West Oxfordshire": ("Witney", "Chipping Norton", "Carterton", "Eynsham", "Charlbury"),
}


@dataclass(slots=True)
class Piece:
    """One item of evidence on its way."""

    key: str
    by: int  # which of the organisation's people
    deed: EvidenceContent
    state: str
    logged: date
    found: Evidence | None = None
    files: list[tuple[CheckedFile, str, str]] = field(default_factory=list)  # each with its caption and its description


@dataclass(slots=True)
class Logbook:
    """Creates the items and schedules their way through the states."""

    agenda: Agenda
    years: Years
    cast: Cast
    strategy: Strategy
    areas: dict[str, Area] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    _turns: dict[str, int] = field(default_factory=dict)
    _titles: set[str] = field(default_factory=set)
    _stories: set[str] = field(default_factory=set)
    _openings: set[str] = field(default_factory=set)  # those of one year
    _withdrawn: int = 0

    @property
    def rng(self) -> random.Random:
        return self.agenda.rng

    def tell(self) -> None:
        """All years, one after the other."""
        self.areas = {area.name: area for area in Area.objects.districts()}
        self.commitments = {commitment.reference: commitment for commitment in self.strategy.commitments.in_order()}
        deck: list[dict[str, Any]] = []
        for year, states in STATES.items():
            wanted = [state for state, count in states.items() for _ in range(count)]
            self.rng.shuffle(wanted)
            pieces = []
            self._openings.clear()
            for state in wanted:
                deck = deck or self._shuffled(read("activities")["activity"])
                activity = deck.pop()
                if piece := self._piece(activity, year, state):
                    pieces.append((piece, activity["scene"]))
            self._illustrate(year, pieces)
            for piece, _ in pieces:
                self._lead_through(piece)

    def _shuffled(self, things: list[Any]) -> list[Any]:
        return self.rng.sample(things, len(things))

    def _piece(self, activity: dict[str, Any], year: int, state: str) -> Piece | None:
        keys = [key for key in activity["orgs"] if joined(key) <= year]
        turn = self._turns[activity["key"]] = self._turns.get(activity["key"], self.rng.randrange(60)) + 1
        key = keys[turn % len(keys)]  # all of them in turn
        when = self._when(year, activity.get("months"), key)
        if when is None:
            return None
        began, ended = when
        last = self.agenda.today - timedelta(days=1)
        logged = min((ended or began) + timedelta(days=self.rng.randrange(2, 40)), last)
        if state == "submitted":  # what waits for a colleague was sent lately, as it would be
            logged = max(logged, self.agenda.today - timedelta(days=self.rng.randrange(8, 26)))
        deed = self._deed(activity, key, began, min(ended, logged) if ended else None, publishable=state != "kept")
        return Piece(key, self.rng.randrange(5), deed, "accepted" if state == "kept" else state, logged)

    def _when(self, year: int, months: list[int] | None, key: str) -> tuple[date, date | None] | None:
        """A day of the year (or days) after the organisation joined; None if there has been no such day yet."""
        first = self.years.starts(year) + timedelta(days=30 if joined(key) == year else 0)
        last = min(self.years.ends(year), self.agenda.today - timedelta(days=4))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        days = [day for day in days if months is None or day.month in months]
        if not days:
            return None
        began = self.rng.choice(days)
        long = self.rng.random() < 0.35
        return began, began + timedelta(days=self.rng.randrange(1, 70)) if long else None

    def _deed(
        self, activity: dict[str, Any], key: str, began: date, ended: date | None, *, publishable: bool
    ) -> EvidenceContent:
        rng = self.rng
        home = [area for area in self.areas if area in self._districts(key)]
        district = rng.choice(home)
        districts = {district, *(area for area in home if rng.random() < 0.15)}
        first, *others = activity["commitments"]
        chosen = [first, *(reference for reference in others if rng.random() < 0.45)]
        figures: dict[str, Any] = {
            code: rng.randint(*activity[code]) if code in activity and rng.random() < LIKELY.get(code, 0.7) else None
            for code in FIGURE_CODES
        }
        slug = "council" if key == "council" else key
        links = (
            ((f"https://{slug}.example.org/news/{activity['key']}/", "More about it"),) if rng.random() < 0.22 else ()
        )
        return EvidenceContent(
            title=self._title(activity, PLACES[district]), story=self._story(activity), happened_from=began,
            happened_to=ended, commitments=tuple(self.commitments[reference] for reference in chosen),
            districts=tuple(self.areas[name] for name in sorted(districts)), publishable=publishable, links=links, **figures,
        )  # fmt: skip

    def _districts(self, key: str) -> list[str]:
        return list(self.areas) if key == "council" else list(read("organisations")[key]["districts"])

    def _title(self, activity: dict[str, Any], places: tuple[str, ...]) -> str:
        for _ in range(12):
            title = str(self.rng.choice(activity["titles"])).format(place=self.rng.choice(places))
            if title not in self._titles:
                break
        self._titles.add(title)
        return title

    def _story(self, activity: dict[str, Any]) -> str:
        """Two paragraphs that have not been used before, as long as there are enough sentences."""
        for _ in range(12):
            opening, detail, result = (self.rng.choice(activity[part]) for part in ("opening", "detail", "result"))
            if (story := f"{opening} {detail}\n\n{result}") not in self._stories:
                break
        self._stories.add(story)
        story = self._with_another_opening(activity, opening, story)
        if self.rng.random() < 0.3:
            story += f" {self.rng.choice(read('sayings')['learned'])}"
        return story

    def _with_another_opening(self, activity: dict[str, Any], opening: str, story: str) -> str:
        """Let no two stories of a year begin alike, as far as there are openings. Chance is not asked: what comes later stays."""
        unused = [each for each in (*activity["opening"], activity["spare"]) if each not in self._openings]
        begin = opening if opening in unused or not unused else unused[0]
        self._openings.add(begin)
        return begin + story.removeprefix(opening)

    def _illustrate(self, year: int, pieces: list[tuple[Piece, str]]) -> None:
        """Give some of a year's items photographs and documents, mostly those that may be published."""
        open_ones = [item for item in pieces if item[0].state in {"accepted", "submitted"} and item[0].deed.publishable]
        for number, (piece, scene) in enumerate(
            self.rng.sample(open_ones, min(PHOTOGRAPHS.get(year, 0), len(open_ones)))
        ):
            described = "" if number % 5 == 4 else read("descriptions")[scene]  # some nobody has described yet
            for _ in range(2 if number % 6 == 5 else 1):
                piece.files.append((*pictures.photograph(scene, self.rng), described))
        for piece, _ in self.rng.sample(pieces, min(DOCUMENTS.get(year, 0), len(pieces))):
            organisation = "The county council" if piece.key == "council" else read("organisations")[piece.key]["name"]
            piece.files.append((*documents.document(organisation, piece.deed, self.rng), ""))

    def _lead_through(self, piece: Piece) -> None:
        at = self.agenda.moment(piece.logged)
        for step, days in self._steps(piece):
            at = self.agenda.moment(at.date() + timedelta(days=self.rng.randint(*days)), after=at)
            self.agenda.add(at, step)

    def _steps(self, piece: Piece) -> Iterator[tuple[Happening, tuple[int, int]]]:
        """The acts that lead an item to its state, each with the days that pass before it."""
        sayings, reviewer, quick = read("sayings"), self.rng.randrange(60), self.rng.random()
        reason = self.rng.choice(sayings["returned"])

        def own() -> User:
            people = self.cast.members[piece.key]
            return people[piece.by % len(people)]

        def officer() -> User:
            others = [officer for officer in self.cast.officers if officer != own()]
            return others[reviewer % len(others)]

        def the() -> Evidence:
            if piece.found is None:
                raise RuntimeError("This piece has not been logged yet.")
            return piece.found

        def log(at: datetime) -> None:
            piece.found = services.log_evidence(
                by=own(), at=at, organisation=self.cast.organisations[piece.key], content=piece.deed
            )
            for checked, caption, described in piece.files:
                services.attach_file(
                    by=own(), at=at, evidence=piece.found, checked=checked, caption=caption, description=described
                )

        def submit(at: datetime) -> None:
            services.submit_evidence(by=own(), at=at, evidence=the())

        def accept(at: datetime) -> None:
            services.accept_evidence(by=officer(), at=at, evidence=the())

        def send_back(at: datetime) -> None:
            services.return_evidence(by=officer(), at=at, evidence=the(), reason=reason)

        def withdraw(at: datetime) -> None:
            services.withdraw_evidence(by=own(), at=at, evidence=the())

        def remove(at: datetime) -> None:
            reason = self.rng.choice(sayings["withdrawn"])
            services.withdraw_evidence(by=officer(), at=at, evidence=the(), reason=reason)

        def reopen(at: datetime) -> None:
            services.reopen_evidence(by=own(), at=at, evidence=the())

        yield log, (0, 0)
        if piece.state == "draft":
            if quick < 0.15:
                yield withdraw, (1, 9)
                yield reopen, (1, 9)
            return
        yield submit, (0, 6)
        if piece.state == "accepted" and quick < 0.1:  # mended on the way
            yield send_back, (2, 12)
            yield submit, (1, 14)
        if piece.state == "accepted" or (piece.state in {"returned", "withdrawn"} and quick < 0.3):
            yield accept, (2, 24)
        if piece.state == "returned":
            yield send_back, (2, 20)
        if piece.state == "withdrawn":
            self._withdrawn += 1
            yield (remove if self._withdrawn % 3 == 1 else withdraw), (1, 30)
