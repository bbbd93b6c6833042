"""The forms to request a report, write its texts and comment on a draft."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from commitments.forms.fields import PlainText
from commitments.models import Round
from commitments.rules.periods import period_of_all
from reporting.assembly import RoundPreview
from reporting.narrative.sections import ReportSection
from reporting.services import comments, texts
from vcsportal.common.dates import in_words
from vcsportal.common.form_fields import choice_field
from vcsportal.common.languages import with_own
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios, TextBox
from vcsportal.common.words import Refused


class RequestForm(forms.Form):
    """The round to request a report for. The hint of each choice says what its report would contain today."""

    round = forms.ModelChoiceField(
        label="Which year is it for?",
        queryset=Round.objects.none(),
        error_messages={
            "required": "Choose the year that the report is for.",
            "invalid_choice": "Choose one of the years below. The one that was sent is not among them.",
        },
    )

    def __init__(self, *args: Any, outlooks: list[RoundPreview], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["round"]
        field.queryset = Round.objects.filter(pk__in=[outlook.round.pk for outlook in outlooks])
        field.empty_label = None
        field.widget = Radios(hints={str(outlook.round.pk): outlook.sentence() for outlook in outlooks})
        self.period = period = period_of_all(
            [(outlook.round.observes_from, outlook.round.observes_to) for outlook in outlooks]
        )
        field.label = period.reworded(str(field.label))
        for code in ("required", "invalid_choice"):
            field.error_messages[code] = period.reworded(field.error_messages[code])
        several = len({outlook.round.strategy_id for outlook in outlooks}) > 1
        field.widget.choices = [(preview.round.pk, _year_named(preview, several=several)) for preview in outlooks]


def _year_named(preview: RoundPreview, *, several: bool) -> str:
    """Return what a year is called among the choices: with its strategy where there are several, and whether that is over."""
    name = f"{preview.round.label}, {preview.round.strategy.title}" if several else preview.round.label
    return f"{name} (ended {in_words(preview.round.strategy.ends_on)})" if preview.finished else name


HINTS: Final = {
    "text": "Plain words are enough. An empty line begins a new paragraph; a dash at the start of each line makes a list.",
    "lines": "One on each line. The paper numbers them for you.",
    "line": "",
}
MAX_ONE_LINE_CHARACTERS: Final = 120
"""The most characters that fit into a box of one line."""


class TextForm(forms.Form):
    """One section's text. ``version`` is the one that the person read."""

    text = PlainText(required=False)
    language = forms.ChoiceField(
        label="Which language is it written in?",
        help_text="This helps screen readers to pronounce it and the report to print it correctly.",
        required=False,
        error_messages={"invalid_choice": "Choose one of the languages in the list."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=LARGEST_INTEGER)

    def __init__(self, *args: Any, section: ReportSection, rows: int = 16, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "language").choices = with_own(self.initial.get("language", ""))
        self.section = section
        box = self.fields["text"]
        box.label, box.help_text = section.question, HINTS[section.kind]
        if section.kind == "line" and section.most <= MAX_ONE_LINE_CHARACTERS:
            box.widget = forms.TextInput()
        else:
            rows = {"line": 3, "lines": 6}.get(section.kind, rows)
            box.widget = TextBox(limit=section.most, rows=rows)

    def clean_text(self) -> str:
        """As the service keeps it."""
        return _kept(lambda: texts.tidy(self.section, self.cleaned_data["text"]))


class CommentForm(forms.Form):
    """A comment on a section."""

    words = PlainText(
        label="Your comment on this section",
        help_text="Say what you would change, and why. Everyone who sees the draft can read it.",
        widget=TextBox(limit=comments.MAX_CHARACTERS, rows=4),
        error_messages={"required": "Write your comment first."},
    )

    def clean_words(self) -> str:
        """As the service keeps it."""
        return _kept(lambda: comments.tidy(self.cleaned_data["words"], what="comment"))


class AnswerForm(forms.Form):
    """The answer to a comment when it is resolved."""

    answer = PlainText(
        label="Your answer (optional)",
        help_text="For example what you changed, or why it stays as it is.",
        widget=TextBox(limit=comments.MAX_CHARACTERS, rows=2),
        required=False,
    )

    def clean_answer(self) -> str:
        """As the service keeps it."""
        return _kept(lambda: comments.tidy(self.cleaned_data["answer"], what="answer"))


def _kept(tidy: Callable[[], str]) -> str:
    try:
        return tidy()
    except Refused as refused:
        raise ValidationError(refused.sentence) from refused
