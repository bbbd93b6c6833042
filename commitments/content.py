"""The plain values that views and the API pass to services: the content of an item of evidence, of a file's
description, of an update."""

from dataclasses import dataclass
from datetime import date

from commitments.models import Commitment, Strategy
from partners.models import Area
from vcsportal.common.markdown import check_text


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """What an organisation did: the content of one item of evidence. Figures are numbers or None, never 0 for unknown."""

    title: str
    happened_from: date
    story: str = ""
    happened_to: date | None = None
    commitments: tuple[Commitment, ...] = ()
    districts: tuple[Area, ...] = ()
    people_reached: int | None = None
    volunteers: int | None = None
    hours: int | None = None
    publishable: bool = False
    links: tuple[tuple[str, ...], ...] = ()  # (url, label) or (url, label, the page that shows it)
    said_by: str = ""  # who told it, where somebody else typed it
    said_how: str = ""  # a code of commitments.models.evidence.SAID_HOW
    council_chooses_in: Strategy | None = None  # where the council is asked to choose the commitments
    language: str = ""  # of title and story, as a BCP 47 tag; "" for the portal's own


@dataclass(frozen=True, slots=True)
class FileDescription:
    """What a form says about the file ``pk``. None leaves that as it is."""

    pk: int
    caption: str | None = None
    page: str | None = None
    shows_people: bool | None = None


@dataclass(frozen=True, slots=True)
class ResponseContent:
    """What an addressee answers: a code of :mod:`commitments.stances`, the words, and the meeting that decided it, if one did."""

    stance: str
    words: str = ""
    decided_where: str = ""
    decided_on: date | None = None

    def tidy(self) -> "ResponseContent":
        """Return the same with tidied texts; raise :class:`Refused` for a text that can't be saved."""
        words, where = (check_text(getattr(self, name), field=name) for name in ("words", "decided_where"))
        return ResponseContent(self.stance, words, where, self.decided_on)


@dataclass(frozen=True, slots=True)
class UpdateContent:
    """What an officer writes in an update. Texts are Markdown, except ``reason`` and ``remedy``, which are plain."""

    status: str
    reason: str = ""
    remedy: str = ""
    narrative: str = ""
    next_steps: str = ""

    def tidy(self) -> "UpdateContent":
        """Return the same with tidied texts; raise :class:`Refused` for a text that can't be saved."""
        return UpdateContent(
            self.status,
            *(check_text(getattr(self, name), field=name) for name in ("reason", "remedy", "narrative", "next_steps")),
        )
