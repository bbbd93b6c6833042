"""What officers wrote for the yearly reports, and what the steering group said of a draft."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commitments.models import Round
from reporting.models import ReportText
from reporting.services.comments import add_comment, resolve_comment
from reporting.services.texts import save_text
from vcsportal.demo.cast import Cast, read
from vcsportal.demo.timeline import Agenda, Happening

WRITER = "officer@example.org"
DAYS_TO_WRITE = 20
"""How many days after a round was opened the first section is written; the others follow, one every other day."""
DAYS_OF_THE_OPEN_ROUND = 8


@dataclass(slots=True)
class ReportTextWriter:
    """Schedules the texts of the story, each on its day; future days are left out."""

    agenda: Agenda
    cast: Cast
    rounds: dict[int, Round]
    open: int

    def tell(self) -> None:
        """All of ``texts.toml``."""
        told = read("texts")
        for year, texts in told["year"].items():
            round_ = self.rounds[int(year)]
            first = DAYS_OF_THE_OPEN_ROUND if int(year) == self.open else DAYS_TO_WRITE
            for place, (section, text) in enumerate(texts.items()):
                self._on(round_, first + place, self._writes(round_, section, text.strip()))
        for entry in told["comment"]:
            self._on(self.rounds[entry["year"]], entry["day"], self._comments(entry))

    def _on(self, round_: Round, days: int, happening: Happening) -> None:
        day = round_.opens_on + timedelta(days=days)
        if day < self.agenda.today:
            self.agenda.add(self.agenda.moment(day), happening)

    def _writes(self, round_: Round, section: str, text: str) -> Happening:
        def write(at: datetime) -> None:
            save_text(by=self.cast.people[WRITER], at=at, round_=round_, section=section, text=text, version=None)

        return write

    def _comments(self, entry: dict[str, Any]) -> Happening:
        def comment(at: datetime) -> None:
            round_, section = self.rounds[entry["year"]], entry["section"]
            if not ReportText.objects.filter(round=round_, section=section).exists():
                return  # nothing has been written yet that could be spoken of
            made = add_comment(
                by=self.cast.people[entry["by"]], at=at, round_=round_, section=section, words=entry["words"]
            )
            if "answer" in entry:
                answered = at + timedelta(hours=2)
                resolve_comment(by=self.cast.people[WRITER], at=answered, comment=made, answer=entry["answer"])

        return comment
