"""The form for a strand. The services apply the rules."""

from typing import Any

from django import forms

from partners.models import Source, Strand
from partners.services.strands import (
    MAX_DEFINITION_CHARACTERS,
    MAX_PLACE_CHARACTERS,
    MAX_WORDS_CHARACTERS,
    StrandContent,
)
from vcsportal.common.widgets import TextBox


class StrandForm(forms.Form):
    """What a strand is called, what it means and where that comes from."""

    words = forms.CharField(
        label="Name",
        max_length=MAX_WORDS_CHARACTERS,
        help_text="For example: faith.",
        error_messages={"required": "Enter a name for the strand."},
    )
    definition = forms.CharField(
        label="What it means (optional)",
        max_length=MAX_DEFINITION_CHARACTERS,
        required=False,
        widget=TextBox(rows=3, limit=MAX_DEFINITION_CHARACTERS),
    )
    source = forms.ModelChoiceField(
        label="Source (optional)",
        queryset=Source.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="No document",
    )
    source_place = forms.CharField(
        label="Where in that document (optional)", max_length=MAX_PLACE_CHARACTERS, required=False
    )
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.by_title()  # type: ignore[attr-defined]  # of a choice among rows

    @staticmethod
    def initial_of(strand: Strand) -> dict[str, Any]:
        """Return what the form shows of a strand."""
        return {
            "words": strand.words,
            "definition": strand.definition,
            "source": strand.source.slug if strand.source else "",
            "source_place": strand.source_place,
            "version": strand.version,
        }

    @property
    def content(self) -> StrandContent:
        """The cleaned values as the service takes them."""
        return StrandContent(*(self.cleaned_data[name] for name in ("words", "definition", "source", "source_place")))
