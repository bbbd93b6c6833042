"""Forms about signatures: signing, recording one, reaffirming, pledging and ending."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from commitments.forms.fields import PlainText
from commitments.models import Commitment
from commitments.rules.charters import (
    MAX_PLEDGE_CHARACTERS,
    MAX_POST_CHARACTERS,
    MAX_REASON_CHARACTERS,
    MAX_WORDS_CHARACTERS,
    RECORDED_HOW,
)
from partners.forms.organisation_choice import add_choice, check_chosen
from partners.models import Organisation
from vcsportal.common.dates import DayField
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios, TextBox

TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
SHORT: Final = {"class": "govuk-input--width-10"}


class PostField(PlainText):
    """The post of whoever signed; never a name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Signed as (optional)",
            help_text="The post, such as “Chair” or “Volunteer”. Everyone can read this, so don’t give a name.",
            required=False,
            max_length=MAX_POST_CHARACTERS,
            error_messages={"max_length": TOO_LONG},
            **kwargs,
        )


def told_how_field(organisation: str) -> forms.ChoiceField:
    """Return the question how an organisation said it, for whoever records it.

    :param organisation: its name, or “the organisation”.
    """
    return forms.ChoiceField(
        label=f"How did {organisation} tell you?",
        choices=RECORDED_HOW,
        widget=Radios(),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose how the organisation told you."),
    )


class SignForm(forms.Form):
    """Signing for one's own organisation. Someone of a single one is not asked which."""

    signed_as = PostField()

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {organisation.slug: organisation for organisation in organisations}
        if len(self.organisations) > 1:
            self.fields["organisation"] = forms.ChoiceField(
                label="Which organisation are you signing for?",
                choices=[(slug, organisation.name) for slug, organisation in self.organisations.items()],
                widget=Radios(),
                error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose the organisation."),
            )
            self.order_fields(["organisation", "signed_as"])

    @property
    def organisation(self) -> Organisation:
        """The organisation that was chosen, or the only one."""
        slug = self.cleaned_data.get("organisation") or next(iter(self.organisations))
        return self.organisations[slug]


class RecordForm(forms.Form):
    """What an organisation said elsewhere, recorded for it."""

    signed_on = DayField(
        label="Date it signed",
        help_text="For example 31 March 2026 or 31/3.",
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"required": "Enter the date it signed."},
    )
    signed_as = PostField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Organisation.objects.bodies().to_name()
        add_choice(
            self, "organisation", offered=offered, label="Which organisation signed?",
            missing="Find the organisation by its name, then choose it.",
        )  # fmt: skip
        self.fields["told_how"] = told_how_field("the organisation")
        self.order_fields(["organisation_search", "organisation", "signed_on", "told_how", "signed_as"])

    def clean(self) -> dict[str, Any]:
        check_chosen(self, "organisation")
        return self.cleaned_data


class ReaffirmForm(forms.Form):
    """One tap, and perhaps a sentence on what the organisation has done."""

    words = PlainText(
        label="What have you done? (optional)",
        help_text="A sentence or two. Everyone can read this.",
        required=False,
        widget=TextBox(rows=3, limit=MAX_WORDS_CHARACTERS),
        max_length=MAX_WORDS_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)

    def __init__(self, *args: Any, organisation: str, records: bool, **kwargs: Any) -> None:
        """:param records: the person records it for the organisation and says how they were told."""
        super().__init__(*args, **kwargs)
        if records:
            self.fields["words"].label = f"What has {organisation} done? (optional)"
            self.fields["told_how"] = told_how_field(organisation)
            self.order_fields(["told_how", "words"])


class EndForm(forms.Form):
    """Why a signature ends. Whoever records it for the organisation also says from which day on."""

    why = PlainText(
        label="Why? (optional)",
        help_text="Everyone can read this.",
        required=False,
        widget=TextBox(rows=3, limit=MAX_REASON_CHARACTERS),
        max_length=MAX_REASON_CHARACTERS,
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, records: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if records:
            self.fields["why"].label, self.fields["why"].required = "Why has the signature ended?", True
            self.fields["why"].error_messages["required"] = "Say why the signature has ended. Everyone can read this."
            self.fields["ended_on"] = DayField(
                label="First day on which it is no longer a signatory",
                help_text="Leave blank for today. If the signature was recorded by mistake, enter the day it signed.",
                widget=forms.TextInput(attrs=SHORT),
                required=False,
            )


class PledgesForm(forms.Form):
    """What a signatory pledges for each principle of a charter."""

    def __init__(self, *args: Any, principles: Sequence[Commitment], pledged: dict[int, str], **kwargs: Any) -> None:
        """:param pledged: the words that stand, by the key of the principle."""
        super().__init__(*args, **kwargs)
        self.principles = list(principles)
        for principle in self.principles:
            self.fields[f"pledge_{principle.pk}"] = PlainText(
                label=str(principle), help_text="What will you do? Leave blank for no pledge. Everyone can read this.",
                required=False, initial=pledged.get(principle.pk, ""), max_length=MAX_PLEDGE_CHARACTERS,
                widget=TextBox(rows=3, limit=MAX_PLEDGE_CHARACTERS), error_messages={"max_length": TOO_LONG},
            )  # fmt: skip
            self.fields[f"was_{principle.pk}"] = PlainText(
                widget=forms.HiddenInput, required=False, initial=pledged.get(principle.pk, "")
            )

    @property
    def pledges(self) -> list[tuple[Commitment, str, str]]:
        """Each principle with the words that were entered, and those that the person saw."""
        data = self.cleaned_data
        return [
            (principle, data[f"pledge_{principle.pk}"], data[f"was_{principle.pk}"]) for principle in self.principles
        ]

    @property
    def boxes(self) -> list[Any]:
        """The fields that are drawn."""
        return [self[f"pledge_{principle.pk}"] for principle in self.principles]
