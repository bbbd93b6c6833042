"""What someone has chosen for the words and names of an action plan, and what becomes of a row's status by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from commitments.action_plan.rows import PlanRow, ReadPlan
from commitments.action_plan.status_words import NO_STATUS, folded
from commitments.rules import status
from vcsportal.common.dates import in_words

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
INVITE: Final = "invite"
REGISTER: Final = "register"
WORDS: Final = "words"
LEAVE: Final = "leave"
NO_REMEDY: Final = "The action plan does not say what will be done about it."
LEFT_OUT: Final = "You chose to leave out “{}”."


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """What becomes of one name of a plan.

    :ivar what: one of the constants above.
    :ivar key: of a person or an organisation that the portal knows.
    :ivar email: of whoever is to be invited.
    :ivar kind: of an organisation that is to be registered.
    """

    what: str = LEAVE
    key: int = 0
    email: str = ""
    kind: str = ""

    def plain(self) -> dict[str, Any]:
        return {"what": self.what, "key": self.key, "email": self.email, "kind": self.kind}


NOT_CHOSEN: Final = LabelChoice()


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """The choices for the words of the status column, and for the names of leads and of partners."""

    statuses: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, LabelChoice] = field(default_factory=dict)
    partners: Mapping[str, LabelChoice] = field(default_factory=dict)

    def lead(self, label: str) -> LabelChoice:
        return self.leads.get(label, NOT_CHOSEN)

    def partner(self, label: str) -> LabelChoice:
        return self.partners.get(label, NOT_CHOSEN)

    def status(self, word: str) -> str:
        """Return the code of the status that a word gives; :data:`NO_STATUS` for none."""
        return self.statuses.get(folded(word), NO_STATUS)


@dataclass(frozen=True, slots=True)
class PlannedStatus:
    """The first status of a commitment, and the reasons that everyone reads with it."""

    code: str
    reason: str
    remedy: str


def planned_status(plan: ReadPlan, row: PlanRow, choices: PlanChoices, plan_day: date) -> PlannedStatus | None:
    """Return the status that a row gives its commitment, marked as the plan's; None, with a note, where it gives none."""
    cell = row.status_cell
    if cell is None or (code := choices.status(cell.text)) == NO_STATUS:
        if cell is not None:
            plan.leave(cell, f"You chose to record no status for “{cell.text}”.")
        if row.update_cell is not None:
            plan.leave(row.update_cell, "An update is recorded with a status, and this row gives none.")
        return None
    chosen = status.BY_CODE[code]
    if (chosen.one_off_only and row.ongoing) or (chosen.ongoing_only and not row.ongoing):
        which = "an ongoing commitment" if row.ongoing else "one with an end"
        plan.leave(cell, f"“{chosen.label}” is not a status of {which}, so it has none yet.")
        if row.update_cell is not None:
            plan.leave(row.update_cell, "An update is recorded with a status, and this row gives none.")
        return None
    said = f"From the action plan of {in_words(plan_day)}: “{cell.text}”."
    remedy = row.remedy or (NO_REMEDY if chosen.needs_remedy else "")
    return PlannedStatus(code, f"{said}\n\n{row.update}" if row.update else said, remedy)


def note_names_left_out(plan: ReadPlan, row: PlanRow, choices: PlanChoices) -> None:
    """Note each cell with a name that was chosen to be left out."""
    for cells, labels, of in (
        (row.lead_cells, row.leads, choices.lead), (row.partner_cells, row.partners, choices.partner),
    ):  # fmt: skip
        left = [label for label in labels if of(label).what == LEAVE]
        for cell in cells:
            for label in left:
                if label.casefold() in cell.text.casefold():
                    plan.leave(cell, LEFT_OUT.format(label))
