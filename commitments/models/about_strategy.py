"""The strategy that an item of evidence is about, as a list reads it along with the item."""

from dataclasses import dataclass

from partners.kinds import PUBLIC_BODY


@dataclass(frozen=True, slots=True)
class AboutStrategy:
    """A strategy that an item is about, as far as permissions ask."""

    owner_id: int
    owner_kind: str
    supported_by_id: int | None
    steered_by_id: int | None

    @property
    def is_councils(self) -> bool:
        """Whether its owner is a public body."""
        return self.owner_kind == PUBLIC_BODY
