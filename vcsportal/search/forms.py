"""What a search asks: words, and perhaps one kind of thing."""

from typing import Any

from django import forms

from vcsportal.common.filtering import SENTENCES
from vcsportal.common.word_search import words_in
from vcsportal.search.results import KINDS, MAX_QUERY_CHARACTERS

NO_WORDS = "There is no word in your search. Type a word, a name or a place."


class SearchForm(forms.Form):
    """The words, and the kind that only is to be shown; ``kind`` is "" for all kinds."""

    q = forms.CharField(label="Search for", max_length=MAX_QUERY_CHARACTERS, required=False)
    kind = forms.ChoiceField(choices=[("", "All"), *((kind.code, kind.several) for kind in KINDS)], required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.error_messages.update(SENTENCES)

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if text and not words_in(text):
            raise forms.ValidationError(NO_WORDS)
        return text
