"""How a commitment is to succeed, as pages and reports read it: its measure, its dates, and what it follows or relates to."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import OuterRef

from commitments.models import Commitment, Strategy
from commitments.rules.kinds import KIND_BY_CODE
from vcsportal.common.dates import in_words
from vcsportal.common.json_columns import list_column

TIE_COLUMNS: Final = ("reference", "short_title", "key")


@dataclass(frozen=True, slots=True)
class TiedCommitment:
    """A commitment that another follows or relates to. ``strategy_title`` is "" where both belong to one strategy."""

    reference: str
    short_title: str
    strategy: str
    key: str
    strategy_title: str = ""
    strategy_kind: str = ""

    @property
    def words(self) -> str:
        """What it is called: with its strategy, where that is another."""
        of = f" ({self.strategy_title})" if self.strategy_title else ""
        return f"{self.reference} {self.short_title}{of}"


def related_column() -> Any:
    """Return the commitments that relate to one, in their order, as a column of a query for commitments."""
    through = Commitment.related.through.objects.filter(from_commitment=OuterRef("pk")).order_by(
        "to_commitment__strategy__starts_on", "to_commitment__priority__number", "to_commitment__number", "id"
    )
    return _column(through, "to_commitment__")


def followers_column() -> Any:
    """Return the commitments that replace one, as a column of a query for commitments."""
    followers = Commitment.objects.filter(follows=OuterRef("pk"))
    return _column(followers.order_by("strategy__starts_on", "priority__number", "number", "id"), "")


def _column(rows: Any, prefix: str) -> Any:
    columns = {name: f"{prefix}{name}" for name in TIE_COLUMNS}
    return list_column(
        rows,
        **columns,
        strategy=f"{prefix}strategy__slug",
        strategy_title=f"{prefix}strategy__title",
        strategy_kind=f"{prefix}strategy__kind",
    )


def tied(rows: list[dict[str, str]], strategy: Strategy) -> list[TiedCommitment]:
    """Return the rows of such a column; :param strategy: that of the commitment which they are tied to."""
    return [
        TiedCommitment(**{**row, "strategy_title": "" if row["strategy"] == strategy.slug else row["strategy_title"]})
        for row in rows
    ]


def related(commitment: Any) -> list[TiedCommitment]:
    """Return what relates to a commitment that was read with :func:`related_column` as ``related_rows``."""
    return tied(commitment.related_rows, commitment.strategy)


def related_charters(ties: list[TiedCommitment]) -> list[TiedCommitment]:
    """Return one of these commitments of each charter among them, such as the one that a note is about."""
    return list(
        {tie.strategy: tie for tie in ties if tie.strategy_title and KIND_BY_CODE[tie.strategy_kind].signed}.values()
    )


def followers(commitment: Any) -> list[TiedCommitment]:
    """Return what replaces a commitment that was read with :func:`followers_column` as ``follower_rows``."""
    return tied(commitment.follower_rows, commitment.strategy)


def followed(commitment: Commitment, strategy: Strategy) -> TiedCommitment | None:
    """Return what a commitment replaces, None for nothing. Asks nothing where ``follows__strategy`` has been read."""
    earlier = commitment.follows
    if earlier is None:
        return None
    title = earlier.strategy.title if earlier.strategy_id != strategy.pk else ""
    return TiedCommitment(earlier.reference, earlier.short_title, earlier.strategy.slug, earlier.key, title)


def agreed(by: str, on: date | None) -> str:
    """Return ``Agreed by the steering group on 12 March 2026.``, or that a measure is only proposed."""
    if not by:
        return "Proposed, not agreed yet."
    day = f" on {in_words(on)}" if on else ""
    return f"Agreed by {by}{day}."


def dates_in_words(starts_on: date | None, ends_on: date | None) -> str:
    """Return ``From 1 April 2025 to 31 March 2026``, with the days that are known; "" for none."""
    if starts_on and starts_on == ends_on:
        return f"On {in_words(starts_on)}"
    if starts_on and ends_on:
        return f"From {in_words(starts_on)} to {in_words(ends_on)}"
    if starts_on:
        return f"From {in_words(starts_on)}"
    return f"Until {in_words(ends_on)}" if ends_on else ""
