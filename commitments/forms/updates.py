"""The forms for an update. The status table and the services apply the rules."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms

from commitments.content.updates import UpdateContent
from commitments.forms.fields import PlainText, refusals
from commitments.forms.nouns import use_nouns
from commitments.forms.success_measures import TOO_LONG
from commitments.models import Commitment, Evidence
from commitments.rules import status as words
from commitments.rules import update_questions
from commitments.rules.plan_limits import MAX_MEASURE_CHARACTERS
from commitments.services.progress import mergeable
from vcsportal.common.form_fields import choice_field
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Checkboxes, Radios, TextBox

MARKDOWN_HINT: Final = "Plain words are enough. A dash at the start of each line makes a list."
ANSWER: Final = "answer_"


class StatusForm(forms.Form):
    """A commitment's status and the reason. ``version`` is the one that the person read."""

    status = forms.ChoiceField(
        label="What is its status?",
        widget=Radios(hints={status.code: status.definition for status in words.STATUSES}, statuses=words.BY_CODE),
        error_messages={
            "required": "Choose the status of the commitment.",
            "invalid_choice": "Choose one of the status words that the portal offers.",
        },
    )
    reason = PlainText(
        label="Why?",
        help_text="One or two sentences. Needed when the status changes, and whenever it is at risk or delayed.",
        widget=TextBox(rows=3),
        required=False,
    )
    remedy = PlainText(
        label="What will be done about it?",
        help_text="Needed when the commitment is at risk or delayed.",
        widget=TextBox(rows=3),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)

    def __init__(self, *args: Any, commitment: Commitment, whole: bool = True, **kwargs: Any) -> None:
        """:param whole: False keeps a draft, which may still lack what publishing needs."""
        super().__init__(*args, **kwargs)
        self.commitment, self.whole = commitment, whole
        self.nouns = nouns = commitment.strategy.nouns
        use_nouns(self, nouns)
        offered = words.may_follow(commitment.status, ongoing=commitment.ongoing)
        choice_field(self, "status").choices = [(status.code, status.label) for status in offered]
        self.fields["status"].required = whole
        if now := commitment.status:
            hints = self.fields["status"].widget.hints
            self.fields["status"].widget.hints = {**hints, now: f"As it is now. {hints[now]}"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        to = data.get("status", "")
        if not self.whole or not to:
            return data
        now = self.commitment.status
        reason, remedy = data.get("reason", ""), data.get("remedy", "")
        for field, sentence in (
            (
                "status",
                refusals(lambda: words.check_transition(now, to, ongoing=self.commitment.ongoing, nouns=self.nouns)),
            ),
            ("reason", refusals(lambda: words.check_reasons(now, to, reason=reason, remedy="-", nouns=self.nouns))),
            ("remedy", refusals(lambda: words.check_reasons(now, to, reason="-", remedy=remedy, nouns=self.nouns))),
        ):
            if sentence and field not in self.errors:
                self.add_error(field, sentence)
        return data

    @property
    def reason_for(self) -> str:
        """The choices under which a reason is asked for, with spaces between."""
        now = self.commitment.status
        return " ".join(status.code for status in words.STATUSES if status.needs_remedy or status.code != now)

    @property
    def remedy_for(self) -> str:
        """The choices under which is asked what will be done about it."""
        return " ".join(status.code for status in words.STATUSES if status.needs_remedy)

    @property
    def content(self) -> UpdateContent:
        """What was written, as the services take it."""
        data = self.cleaned_data
        return UpdateContent(
            data.get("status", ""),
            data.get("reason", ""),
            data.get("remedy", ""),
            data.get("narrative", ""),
            data.get("next_steps", ""),
        )


class StatusChangeForm(StatusForm):
    """A change of status outside a round's update; closing asks what carries the commitment on."""

    merged_into = forms.ModelChoiceField(
        label="Was it merged into another commitment?",
        help_text="Only if you are closing it. The page of each commitment will then link to the other.",
        queryset=Commitment.objects.none(),
        to_field_name="key",
        required=False,
        empty_label="No, or not into one of these",
        error_messages={"invalid_choice": "Choose a commitment of this strategy that is not closed."},
    )
    field_order = ("status", "reason", "remedy", "merged_into", "version")

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, commitment=commitment, **kwargs)
        field: Any = self.fields["merged_into"]
        field.queryset = mergeable(commitment).select_related(None)

    @property
    def into(self) -> Commitment | None:
        """What carries a closed commitment on; a choice that was left from another status counts for nothing."""
        closes = self.cleaned_data.get("status") == words.CLOSED.code
        return self.cleaned_data.get("merged_into") if closes else None


def measure_field(rows: int) -> PlainText:
    """Return the box in which an update proposes how success could be measured, where there is no measure yet."""
    return PlainText(
        label="How will you know that it worked? (optional)",
        help_text="There is no success measure yet. Everyone can read your words straight away, marked as a proposal until they are agreed.",
        widget=TextBox(rows=rows),
        max_length=MAX_MEASURE_CHARACTERS,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )


class UpdateForm(StatusForm):
    """The update of a round: the status, the story behind it, the evidence for it, and answers to the questions asked
    on sending.

    ``asked`` holds the codes of the questions that the person has been shown; ``replaces`` says that it takes the place
    of what somebody else has sent meanwhile.
    """

    narrative = PlainText(label="What has happened?", help_text=MARKDOWN_HINT, widget=TextBox(rows=10), required=False)
    next_steps = PlainText(label="What comes next?", widget=TextBox(rows=5), required=False)
    success_measure = measure_field(rows=3)
    cites = forms.MultipleChoiceField(
        label="Which evidence supports this?",
        help_text="Accepted since the last update. The report names what you choose.",
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
        required=False,
        error_messages={"invalid_choice": "Choose from the evidence that has been accepted for this commitment."},
    )
    round = forms.SlugField(widget=forms.HiddenInput, required=False)
    asked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    replaces = forms.BooleanField(widget=forms.HiddenInput, required=False)

    field_order = (
        "status", "reason", "remedy", "narrative", "next_steps", "success_measure", "cites", "version", "round",
    )  # fmt: skip

    def __init__(self, *args: Any, evidence: Iterable[Evidence], **kwargs: Any) -> None:
        """:param evidence: the accepted evidence that is offered to be cited."""
        super().__init__(*args, **kwargs)
        self.evidence = {str(item.pk): item for item in evidence}
        typed = (self.data if self.is_bound else self.initial).get("success_measure", "")
        if self.commitment.success_measure and not typed:
            del self.fields["success_measure"]  # it is asked for where there is none
        for code in update_questions.CODES:
            self.fields[f"{ANSWER}{code}"] = PlainText(widget=forms.HiddenInput, required=False)
        choice_field(self, "cites").choices = [(pk, item.title) for pk, item in self.evidence.items()]
        self.fields["cites"].widget.hints = {
            pk: f"{item.organisation.name}, {item.happened_from.day} {item.happened_from:%B %Y}"
            for pk, item in self.evidence.items()
        }

    @property
    def proposed_measure(self) -> str:
        """The success measure that is proposed with the update, "" for none."""
        return str(self.cleaned_data.get("success_measure", ""))

    @property
    def cited(self) -> list[Evidence]:
        """What the update rests on."""
        return [self.evidence[pk] for pk in self.cleaned_data.get("cites", [])]

    @property
    def answers(self) -> dict[str, str]:
        """What was said to each question, by its code."""
        return answers_in(self.cleaned_data)

    @property
    def shown_questions(self) -> set[str]:
        """The codes of the questions that the person has seen."""
        return set(self.cleaned_data.get("asked", "").split())


class ConfirmUnchangedForm(forms.Form):
    """Confirms in one tap that the last update is still true. The questions can be answered with it, and where there is no
    success measure yet, one can be proposed.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)
    round = forms.SlugField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, commitment: Commitment, questions: tuple[update_questions.UpdateQuestion, ...], **kwargs: Any
    ) -> None:
        """:param questions: what is asked beside the button."""
        super().__init__(*args, **{"auto_id": "id_confirm_%s", **kwargs})
        for question in questions:
            self.fields[f"{ANSWER}{question.code}"] = question_field(question)
        typed = self.data.get("success_measure", "") if self.is_bound else ""
        if typed or not commitment.success_measure:
            self.fields["success_measure"] = measure_field(rows=2)

    @property
    def proposed_measure(self) -> str:
        """The success measure that is proposed with it, "" for none."""
        return str(self.cleaned_data.get("success_measure", ""))

    @property
    def answers(self) -> dict[str, str]:
        """What was said to each question, by its code."""
        return answers_in(self.cleaned_data)


class QuestionsForm(forms.Form):
    """The questions on the page that checks the answers, a box each."""

    def __init__(self, *args: Any, questions: tuple[update_questions.UpdateQuestion, ...], **kwargs: Any) -> None:
        """:param questions: what is asked."""
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"{ANSWER}{question.code}"] = question_field(question)


def question_field(question: update_questions.UpdateQuestion) -> PlainText:
    """Return the box of one question."""
    return PlainText(label=question.question, help_text=question.hint, widget=TextBox(rows=2), required=False)


def answers_in(data: dict[str, Any]) -> dict[str, str]:
    """Return the answer to each question, by its code."""
    return {name.removeprefix(ANSWER): text for name, text in data.items() if name.startswith(ANSWER)}
