"""Fields that the forms about evidence share, and the smaller forms."""

from collections.abc import Callable
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from commitments.files.uploads import SUFFIXES, in_megabytes
from commitments.forms.nouns import use_nouns
from commitments.models import Commitment, Strategy
from commitments.reading.references import keys_among, keys_that_held, which
from commitments.rules.evidence_figures import MAX_WHOLE_NUMBER
from commitments.rules.kinds import GENERAL
from commitments.rules.references import may_be_reference
from vcsportal.common.markdown import check_text
from vcsportal.common.widgets import Checkboxes, Radios, TextBox
from vcsportal.common.words import Refused

MAX_DESCRIPTION_CHARACTERS: Final = 300


def refusals(check: Callable[[], Any]) -> str:
    """Return the sentence that ``check`` refuses with, "" if it does not."""
    try:
        check()
    except Refused as refused:
        return refused.sentence
    return ""


class PlainText(forms.CharField):
    """A text that the portal can keep: see :func:`vcsportal.common.markdown.check_text`."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        if self.max_length is not None and len(text) > self.max_length:
            return text  # the field's own limit is the one to name
        if sentence := refusals(lambda: check_text(text)):
            raise ValidationError(sentence)
        return check_text(text)


class WholeNumberField(forms.Field):
    """A whole number or nothing. "1,200" is accepted; "N/A" gets a helpful message."""

    widget = forms.NumberInput

    def to_python(self, value: Any) -> int | None:
        words = str(value or "").strip()
        digits = words.replace(",", "").replace(" ", "")
        if not digits:
            return None
        if not (digits.isascii() and digits.isdigit()):
            raise ValidationError(
                f"“{words[:40]}” is not a whole number. Enter one, such as 24, or leave blank if you do not know.",
                code="invalid",
            )
        if len(digits) > 9 or int(digits) > MAX_WHOLE_NUMBER:
            raise ValidationError(f"{words[:40]} looks too large. Check the number.", code="invalid")
        return int(digits)


class CommitmentsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no argument when it runs
    """Several commitments of one strategy, by their keys.

    A reference is taken, too, where one commitment has ever had it: forms were open and addresses were printed before
    the strategy was revised. Where several have had it, the field asks which is meant.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, to_field_name="key", **kwargs)

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            names = [str(item) for item in value]
            keys = keys_among(cast(Any, self.queryset), names)
            value = [name if name in keys else self._key(name) for name in names]
        return super().clean(value)

    def _key(self, name: str) -> str:
        if not may_be_reference(name):
            return name
        keys = keys_that_held(cast(Any, self.queryset), name)
        if len(keys) > 1:
            raise ValidationError(which(name, keys), code="invalid_choice")
        return keys[0] if keys else name


def council_chooses_field() -> forms.BooleanField:
    """Return the tick that leaves the choice of commitments to the council."""
    return forms.BooleanField(label="I’m not sure. The council can choose.", required=False)


class FilesInput(forms.FileInput):
    """Chooses several files at once."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else list(filter(None, [files.get(name)]))


class FilesField(forms.Field):
    """Several uploaded files. :mod:`commitments.files.uploads` checks their contents."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update(accept=",".join(SUFFIXES), multiple=True)
        self.help_text = (
            "JPEG, PNG or WebP photographs; PDF, Word, Excel, PowerPoint, OpenDocument or plain text; "
            f"{in_megabytes(settings.UPLOAD_MAX_BYTES)} each at most. We remove location data from photographs."
        )


class VersionedForm(forms.Form):
    """A form that carries the version its reader has seen."""

    def seen(self, version: int, *, field: str = "version", base: str | None = None) -> None:
        """Continue from this version: what was typed stays, and is now meant for what the reader is shown.

        :param base: what the reader is shown, signed, for forms that carry it.
        """
        data: Any = cast(Any, self.data).copy()
        data[field] = str(version)
        if base is not None:
            data["base"] = base
        self.data = data


def description_field() -> forms.CharField:
    """Return the question about what new photographs show, for people who can't see them."""
    return forms.CharField(
        label="What do the photographs show? (optional)",
        help_text="For people who cannot see them. One sentence is enough, such as “Three volunteers unload vegetables from a "
        "van”. You can describe each one separately later.",
        max_length=MAX_DESCRIPTION_CHARACTERS,
        required=False,
    )


class FilesForm(forms.Form):
    """More photographs and documents for a piece that is there."""

    uploads = FilesField(
        label="Photographs and documents",
        error_messages={"required": "Choose a photograph or document first."},
    )
    description = description_field()
    caption = forms.CharField(label="Caption (optional)", max_length=250, required=False)


class ReasonForm(forms.Form):
    """Why something is withdrawn."""

    reason = forms.CharField(
        label="Why?",
        help_text="The partner will read it.",
        widget=TextBox(rows=4),
        error_messages={"required": "Say why it is withdrawn. The partner will read it."},
    )


class ReviewForm(VersionedForm):
    """An officer's decision on an item of evidence. ``version`` is the one that the officer has read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="What is your decision?",
        choices=[("accept", "Accept"), ("return", "Return")],
        widget=Radios(
            hints={
                "accept": "It counts, and is published if its organisation allows it.",
                "return": "It goes back with your reason, and can be edited and resent.",
            }
        ),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose whether you accept it or return it."),
    )
    commitments = CommitmentsField(
        label="Which commitments is it for?",
        help_text="Its organisation was not sure and asks you to choose. Only needed if you accept it.",
        queryset=Commitment.objects.none(),
        required=False,
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
        error_messages={"invalid_choice": "“%(value)s” is not a commitment that can be chosen."},
    )
    reason = forms.CharField(
        label="What needs to change?",
        help_text="Only when you return it. The partner will read your words.",
        required=False,
        widget=TextBox(rows=5),
    )

    def __init__(self, *args: Any, strategy: Strategy | None = None, **kwargs: Any) -> None:
        """:param strategy: the one among whose commitments the officer chooses, where the organisation has not."""
        super().__init__(*args, **kwargs)
        self.nouns = strategy.nouns if strategy else GENERAL
        use_nouns(self, self.nouns)
        field: Any = self.fields["commitments"]
        if strategy is None:
            del self.fields["commitments"]
        else:
            field.queryset = Commitment.objects.filter(strategy=strategy).select_related("priority").in_order()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        missing = "commitments" in self.fields and "commitments" not in self.errors and not values.get("commitments")
        if values.get("decision") == "accept" and missing:
            self.add_error("commitments", f"Choose the {self.nouns.commitments} that it is for, then accept it.")
        if values.get("decision") == "return" and not (values.get("reason") or "").strip():
            self.add_error("reason", "Say what needs to change. The partner will read it.")
        return values
