"""The actions of commitments, read together with them, and their state on any day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from commitments.models import Action, ActionDueDateChange
from commitments.rules.lateness import missed_its_day
from reporting.facts import ActionMoveFacts
from vcsportal.common.json_columns import list_column


@dataclass(frozen=True, slots=True)
class AssembledAction:
    """An action. ``owner`` names an organisation and a team, never a person."""

    title: str
    due_on: date | None
    done_on: date | None
    reference: str = ""
    parent: str = ""
    owner: str = ""
    dropped_on: date | None = None
    dropped_why: str = ""
    moved: tuple[ActionMoveFacts, ...] = ()
    id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.done_on is None and self.dropped_on is None

    def was_late(self, day: date) -> bool:
        """Return whether it was not done by its due date, as is known on ``day``. What was dropped is not late any more."""
        return self.dropped_on is None and missed_its_day(self.due_on, self.done_on, day)

    def on(self, day: date) -> "AssembledAction":
        """Return the action as it was at the end of a day: with its due date and outcome at that time."""
        later = [move for move in self.moved if move.on > day]
        done = self.done_on if self.done_on is not None and self.done_on <= day else None
        dropped = self.dropped_on if self.dropped_on is not None and self.dropped_on <= day else None
        return replace(
            self,
            due_on=later[0].was if later else self.due_on,
            done_on=done,
            dropped_on=dropped,
            dropped_why=self.dropped_why if dropped else "",
            moved=tuple(move for move in self.moved if move.on <= day),
        )


def steps() -> Any:
    """Return a column with the actions of a commitment, the first due first and those without a due date last."""
    moves = ActionDueDateChange.objects.filter(action=models.OuterRef("pk")).order_by("at", "id")
    actions = Action.objects.filter(commitment=models.OuterRef("pk")).in_order()
    return list_column(
        actions.annotate(moves=list_column(moves, was="was", now="now", reason="reason", at="at")),
        id="id", title="title", due_on="due_on", done_on="done_on", reference="reference", dropped_on="dropped_on",
        dropped_why="dropped_why", organisation="owner_organisation__name", team="owner_team",
        parent_reference="parent__reference", parent_title="parent__title", moves="moves",
    )  # fmt: skip


def read_steps(rows: Iterable[dict[str, Any]]) -> list[AssembledAction]:
    """Return the actions from the column that :func:`steps` adds, in their state of today."""
    return [
        AssembledAction(
            title=row["title"],
            due_on=_day(row["due_on"]),
            done_on=_day(row["done_on"]),
            reference=row["reference"],
            parent=row["parent_reference"] or row["parent_title"] or "",
            owner=", ".join(filter(None, [row["team"], row["organisation"]])),
            dropped_on=_day(row["dropped_on"]),
            dropped_why=row["dropped_why"],
            moved=tuple(
                ActionMoveFacts(
                    _day(move["was"]),
                    _day(move["now"]),
                    move["reason"],
                    timezone.localdate(datetime.fromisoformat(move["at"])),
                )
                for move in row["moves"]
            ),
            id=row["id"],
        )
        for row in rows
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
