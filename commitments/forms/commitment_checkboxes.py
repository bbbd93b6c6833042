"""Commitments as checkboxes, grouped by their priority, for the two forms about evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from commitments.models import Priority


@dataclass(frozen=True, slots=True)
class PriorityCheckboxes:
    """The checkboxes of one priority's commitments, how many of them are chosen, and whether the group is open."""

    heading: str
    boxes: list[Any]
    open: bool
    chosen: int


def checkboxes_by_priority(boxes: Iterable[Any]) -> list[PriorityCheckboxes]:
    """Return the groups in the order of the boxes; a group is open if something in it is chosen.

    :param boxes: subwidgets of a :class:`commitments.forms.fields.CommitmentsField`.
    """
    of_priority: dict[Priority, list[Any]] = {}
    for box in boxes:
        of_priority.setdefault(box.data["value"].instance.priority, []).append(box)
    groups = []
    for priority, its_boxes in of_priority.items():
        chosen = sum(bool(box.data["selected"]) for box in its_boxes)
        groups.append(PriorityCheckboxes(str(priority), its_boxes, chosen > 0, chosen))
    return groups
