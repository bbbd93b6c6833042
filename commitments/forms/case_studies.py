"""The form of a case study. Everything but the headline and what was done may stay blank."""

from typing import Any, Final

from django import forms

from commitments.content.case_studies import CaseStudyContent
from commitments.forms.fields import PlainText, VersionedForm, WholeNumberField
from commitments.models.evidence import SAID_HOW
from commitments.rules import case_study_parts as parts
from partners.models import Strand
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Checkboxes, Radios, TextBox

TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
NARROW: Final = {"class": "govuk-input--width-10", "inputmode": "numeric"}
_ERRORS: Final = {"max_length": TOO_LONG}


def _line(label: str, help_text: str, limit: int = parts.MAX_LINE_CHARACTERS, **more: Any) -> PlainText:
    return PlainText(
        label=label, help_text=help_text, max_length=limit, required=False, error_messages=dict(_ERRORS), **more
    )


class CaseStudyForm(VersionedForm):
    """What is told. ``version`` is the one that was read, 0 where nobody has begun."""

    told_how = forms.ChoiceField(
        label="How did the organisation tell you?", choices=SAID_HOW, widget=Radios,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say how the organisation told you."),
    )  # fmt: skip
    headline = PlainText(
        label="Headline",
        help_text="What happened, in a few words, such as “A kitchen that feeds a village”.",
        max_length=parts.MAX_HEADLINE_CHARACTERS,
        error_messages={**_ERRORS, "required": "Give it a headline: what happened, in a few words."},
    )
    place = _line(
        "Where was it? (optional)", "A village, an estate or a hall. Its districts are those of the evidence."
    )
    led_with = _line(
        "Who led it with you? (optional)", "Organisations, groups or posts, such as “the parish council”. No names."
    )
    quotation = PlainText(
        label="What did someone say about it? (optional)",
        help_text="One person’s words, exactly as they said them. Nobody else sees this until you record that they agreed.",
        required=False,
        widget=TextBox(rows=3, limit=parts.MAX_QUOTATION_CHARACTERS),
        max_length=parts.MAX_QUOTATION_CHARACTERS,
        error_messages=dict(_ERRORS),
    )
    said_by = _line("Who said it?", "In a few words, such as “a parent” or “the treasurer”. Don’t give a name.")
    cost = _line("What did it cost? (optional)", "In a few words: what you spent money and time on.")
    cost_pounds = WholeNumberField(
        label="How much is that in pounds? (optional)",
        help_text="A whole number, such as 1,200. Leave blank if you do not know.",
        required=False,
        widget=forms.TextInput(attrs=NARROW),
    )
    strands = forms.ModelMultipleChoiceField(
        label="Who was it for in particular? (optional)",
        help_text="Only if it was aimed at some people more than others.",
        queryset=Strand.objects.none(),
        to_field_name="code",
        required=False,
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)

    def __init__(self, *args: Any, strands: Any, for_others: bool, **kwargs: Any) -> None:
        """:param strands: those that are offered; the question is left out where there are none.
        :param for_others: the writer does not belong to the organisation, so says how it told them.
        """
        super().__init__(*args, **kwargs)
        for part in parts.CASE_STUDY_PARTS:
            needed = part.code == "what_was_done"
            self.fields[part.code] = PlainText(
                label=part.question if needed else f"{part.question} (optional)",
                help_text=part.hint,
                required=False,
                widget=TextBox(rows=6, limit=parts.MAX_PART_CHARACTERS),
                max_length=parts.MAX_PART_CHARACTERS,
                error_messages=dict(_ERRORS),
            )
        field: Any = self.fields["strands"]
        field.queryset = strands
        if not strands.exists():
            del self.fields["strands"]
        if not for_others:
            del self.fields["told_how"]
        self.order_fields(
            [
                "told_how", "headline", "place", "led_with", "problem", "what_was_done", "what_changed", "quotation",
                "said_by", "learnt", "cost", "cost_pounds", "how_to_copy", "strands", "version",
            ]
        )  # fmt: skip

    @staticmethod
    def initial_of(content: CaseStudyContent) -> dict[str, Any]:
        """Return the fields with what is saved."""
        names = (*CaseStudyForm.base_fields, *parts.PART_CODES)
        values = {name: getattr(content, name) for name in names if name not in {"version", "strands"}}
        return {**values, "strands": [strand.code for strand in content.strands]}

    def clean_version(self) -> int:
        """Without a version nobody's words may be replaced: it is taken for that of a case study that nobody has begun."""
        return self.cleaned_data["version"] or 0

    @property
    def content(self) -> CaseStudyContent:
        """What was written, for the service."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in {"version", "strands"}}
        return CaseStudyContent(**values, strands=tuple(self.cleaned_data.get("strands") or ()))


class CaseStudyWithdrawForm(VersionedForm):
    """Why a case study is withdrawn; the council has to say."""

    reason = PlainText(label="Why?", widget=TextBox(rows=3), max_length=2_000, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST_INTEGER)

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        """:param own: it is the person's own, so the reason is optional."""
        super().__init__(*args, **kwargs)
        if own:
            self.fields["reason"].label = "Why? (optional)"
        else:
            self.fields["reason"].help_text = "The partner will read it."
