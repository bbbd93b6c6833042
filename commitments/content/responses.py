"""The plain values of a response, as a form or the API passes them to its services."""

from dataclasses import dataclass
from datetime import date

from vcsportal.common.markdown import check_text


@dataclass(frozen=True, slots=True)
class ResponseContent:
    """What an addressee answers: a code of :mod:`commitments.rules.stances`, the words, and the meeting that decided it, if one did."""

    stance: str
    words: str = ""
    decided_where: str = ""
    decided_on: date | None = None

    def tidy(self) -> "ResponseContent":
        """Return the same with tidied texts; raise :class:`Refused` for a text that can't be saved."""
        words, where = (check_text(getattr(self, name), field=name) for name in ("words", "decided_where"))
        return ResponseContent(self.stance, words, where, self.decided_on)
