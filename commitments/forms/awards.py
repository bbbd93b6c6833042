"""The form of a grant or a contract. The services apply the rules."""

from typing import Any

from django import forms

from commitments.content.sourced_figures import AwardContent
from commitments.forms.fields import CommitmentsField, PlainText
from commitments.forms.sourced_figures import NumberField
from commitments.models import Award, Commitment, SourcedFigure
from commitments.rules.awards import AWARD_KINDS, CURRENCY_WORDS, INDIVIDUAL
from commitments.services.awards import LIMITS
from partners.forms.organisation_choice import add_choice, check_chosen
from partners.models import Area, Organisation
from vcsportal.common.dates import DayField
from vcsportal.common.widgets import Checkboxes, Radios, TextBox

SHORT = {"class": "govuk-input--width-10"}


def _text(label: str, name: str, **kwargs: Any) -> PlainText:
    return PlainText(label=label, max_length=LIMITS[name], **kwargs)


def _day(label: str, *, required: bool = False) -> DayField:
    missing = {"required": "Enter the date it was awarded."}
    return DayField(label=label, required=required, widget=forms.TextInput(attrs=SHORT), error_messages=missing)


class AwardForm(forms.Form):
    """A grant or a contract."""

    kind = forms.ChoiceField(
        label="What is it?", choices=AWARD_KINDS, widget=Radios(), error_messages={"required": "Choose whether it is a grant or a contract."}
    )  # fmt: skip
    title = _text("What is it for?", "title", error_messages={"required": "Give it a title."})
    identifier = _text(
        "Identifier", "identifier", help_text="The reference number that you use for it.", error_messages={"required": "Enter an identifier."}
    )  # fmt: skip
    amount_awarded = NumberField(
        label="Amount in pounds", widget=forms.TextInput(attrs=SHORT), error_messages={"required": "Enter the amount."}
    )
    award_date = _day("Awarded on", required=True)
    recipient_name = PlainText(
        label="Or the name of the organisation, if it is not in the portal (optional)", max_length=200, required=False
    )
    recipient_identifier = _text("Its number in a register (optional)", "recipient_identifier", required=False)
    is_organisation = forms.BooleanField(
        label="The recipient is an organisation, not a person", error_messages={"required": INDIVIDUAL}
    )
    description = _text(
        "What it pays for (optional)",
        "description",
        required=False,
        widget=TextBox(rows=3, limit=LIMITS["description"]),
    )
    planned_from = _day("From (optional)")
    planned_to = _day("Until (optional)")
    grant_programme = _text("Programme (optional)", "grant_programme", required=False)
    districts = forms.ModelMultipleChoiceField(
        label="Which areas benefit? (optional)", queryset=Area.objects.none(), to_field_name="gss_code", required=False,
        widget=Checkboxes(),
    )  # fmt: skip
    commitments = CommitmentsField(
        queryset=Commitment.objects.none(), required=False, widget=Checkboxes(), label="Which commitments does it support? (optional)"
    )  # fmt: skip
    notice = _text("Address of the public notice (optional)", "notice", required=False)
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, figure: SourcedFigure, today: Any, award: Award | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        add_choice(
            self, "recipient", offered=Organisation.objects.public(award.recipient_id if award else None),
            label="Who receives it?", none="None of these", search_label="Find the organisation that receives it",
        )  # fmt: skip
        fields: Any = self.fields
        areas = Area.objects.in_force(today)
        if award is not None:
            areas = (areas | Area.objects.filter(awards=award)).distinct()
            fields["amount_awarded"].label = f"Amount in {CURRENCY_WORDS.get(award.currency, award.currency)}"
        fields["districts"].queryset = areas.order_by("name", "id")
        nouns = figure.strategy.nouns
        fields["commitments"].queryset = figure.strategy.commitments.select_related("strategy").in_order()
        fields["commitments"].label = f"Which {nouns.commitments} does it serve? (optional)"
        order = list(fields)
        at = order.index("recipient_name")
        self.order_fields([*order[:at], "recipient_search", "recipient", *order[at:]])

    def clean(self) -> dict[str, Any]:
        check_chosen(self, "recipient")
        return self.cleaned_data

    @staticmethod
    def initial_of(award: Award) -> dict[str, Any]:
        """Return what the form shows of an award."""
        names = (
            "kind", "title", "identifier", "amount_awarded", "award_date", "recipient_name", "recipient_identifier",
            "description", "planned_from", "planned_to", "grant_programme", "notice", "version",
        )  # fmt: skip
        return {
            **{name: getattr(award, name) for name in names},
            "recipient": award.recipient.slug if award.recipient else "",
            "is_organisation": True,
            "districts": list(award.districts.values_list("gss_code", flat=True)),
            "commitments": list(award.commitments.values_list("key", flat=True)),
        }

    def content(self, award: Award | None = None) -> AwardContent:
        """Return the cleaned values as the service takes them; what the form does not show stays as it is."""
        left = {"version", "recipient_search", "is_organisation", "districts", "commitments"}
        values: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name not in left}
        values["districts"] = tuple(self.cleaned_data["districts"])
        values["commitments"] = tuple(self.cleaned_data["commitments"])
        if award is not None:
            kept = {name: getattr(award, name) for name in ("currency", "funding_organisation", "source")}
            values |= kept
        return AwardContent(**values)
