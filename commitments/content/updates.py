"""The plain values of a progress update, as a form or the API passes them to its services."""

from dataclasses import dataclass

from vcsportal.common.markdown import check_text


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
