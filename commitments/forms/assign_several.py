"""The form that gives several commitments the same people, partners and due date. What is left alone stays as it is."""

from typing import Any, Final

from django import forms

from commitments.forms.delivery import SHORT, UNKNOWN
from commitments.forms.fields import CommitmentsField, PlainText
from commitments.forms.nouns import use_nouns
from commitments.forms.people import supporting_officers
from commitments.forms.rounds import MAX_REASON_CHARACTERS
from commitments.models import DELIVERY_ROLES, Commitment, Priority, Strategy
from commitments.queries.assignments import Assignment, NewPartner
from partners import roles
from partners.forms.organisation_choice import add_choice, check_chosen
from partners.models import Organisation
from partners.people_with_permission import people_who_may
from vcsportal.common.dates import DayField
from vcsportal.common.widgets import Checkboxes, TextBox

NOBODY: Final = "nobody"


class AssignSeveralForm(forms.Form):
    """Which commitments, and what they get."""

    commitments = CommitmentsField(
        label="Which commitments?",
        queryset=Commitment.objects.none(),
        widget=Checkboxes,
        error_messages={
            "required": "Choose at least one commitment.",
            "invalid_choice": "Choose commitments from the list.",
        },
    )
    lead = forms.ChoiceField(
        label="Lead officer",
        help_text="The one person who answers for each of them.",
        required=False,
        error_messages={"invalid_choice": "Choose a council officer from the list."},
    )
    supporting = supporting_officers("Officers who support them too")
    replace_supporting = forms.BooleanField(label="Instead of those who support them now", required=False)
    due_on = DayField(
        label="Due date for actions without one (optional)",
        help_text="Open actions of these commitments that have no due date get this one. Others keep theirs.",
        required=False,
        direction="future",
        widget=forms.TextInput(attrs=SHORT),
    )
    reason = PlainText(
        label="Why this due date?",
        help_text="Only needed if you set a due date. The history keeps it.",
        required=False,
        max_length=MAX_REASON_CHARACTERS,
        widget=TextBox(rows=2, limit=MAX_REASON_CHARACTERS),
        error_messages={"max_length": "Use %(limit_value)d characters or fewer."},
    )

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nouns = strategy.nouns
        use_nouns(self, self.nouns)
        officers = list(people_who_may(roles.UPDATE_COMMITMENTS, strategy))
        self.officers = {str(person.pk): person for person in officers}
        fields: dict[str, Any] = self.fields
        fields["commitments"].queryset = (
            Commitment.objects.filter(strategy=strategy).select_related("priority", "lead_officer").in_order()
        )
        fields["commitments"].label_from_instance = _labelled
        fields["supporting"].queryset = people_who_may(roles.UPDATE_COMMITMENTS, strategy)
        fields["lead"].choices = [
            ("", "Leave as it is"),
            *((key, person.name) for key, person in self.officers.items()),
            (NOBODY, "Nobody"),
        ]
        add_choice(
            self, "partner", offered=Organisation.objects.bodies().to_name(), label="Delivery partner to add", none="None",
            search_label="Find a delivery partner",
        )  # fmt: skip
        self.fields["partner_role"] = forms.ChoiceField(
            label="Role",
            choices=DELIVERY_ROLES,
            required=False,
            error_messages={"invalid_choice": "Choose its role from the list."},
        )
        self.fields["partner_from"] = DayField(
            label="First day (optional)", help_text=UNKNOWN, required=False, widget=forms.TextInput(attrs=SHORT)
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        check_chosen(self, "partner")
        if values.get("due_on") and not values.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why the actions get this due date. The history keeps it.")
        if not self.errors and not self.assignment:
            self.add_error(None, f"Choose a person, an organisation or a due date for these {self.nouns.commitments}.")
        return values

    @property
    def assignment(self) -> Assignment:
        """What the commitments get, as it was written."""
        data = self.cleaned_data
        partners = []
        if data.get("partner"):
            role = data.get("partner_role") or DELIVERY_ROLES[0][0]
            partners.append(NewPartner(data["partner"], role, data.get("partner_from")))
        return Assignment(
            changes_lead=bool(data.get("lead")),
            lead=self.officers.get(data.get("lead") or ""),
            supporting=tuple(data.get("supporting") or ()),
            replaces_supporting=bool(data.get("replace_supporting")),
            partners=tuple(partners),
            due_on=data.get("due_on"),
            reason=data.get("reason") or "",
        )

    @property
    def groups(self) -> list[tuple[Priority, list[Any]]]:
        """The commitments' checkboxes by priority."""
        boxes: dict[Priority, list[Any]] = {}
        for box in self["commitments"].subwidgets:
            boxes.setdefault(box.data["value"].instance.priority, []).append(box)
        return list(boxes.items())

    @property
    def written(self) -> list[tuple[str, str]]:
        """Everything that was written, by name, for hidden fields."""
        data: Any = self.data
        return [(name, value) for name in self.fields for value in data.getlist(name) if value]


def _labelled(commitment: Commitment) -> str:
    lead = commitment.lead_officer
    return f"{commitment} ({f'led by {lead.name}' if lead else 'nobody leads it'})"
