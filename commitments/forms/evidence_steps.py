"""Telling what was done one question at a time, as it suits a telephone."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone

from commitments.content import EvidenceContent
from commitments.evidence_figures import FIGURES
from commitments.files.uploads import in_megabytes
from commitments.forms.consents import ConsentFields
from commitments.forms.fields import CommitmentsField, FilesField, VersionedForm, WholeNumberField
from commitments.models import Commitment, Evidence, Priority, Strategy
from partners.models import Organisation
from vcsportal.common.dates import DayField, in_words
from vcsportal.common.markdown import MAX_CHARACTERS, check_text
from vcsportal.common.widgets import Radios, TextBox
from vcsportal.common.words import Refused

YES_NO: Final = (("yes", "Yes"), ("no", "No"))


def draft_title(day: date) -> str:
    """What a draft is called until somebody has said what was done."""
    return f"Draft of {in_words(day)}"


class StepForm(VersionedForm):
    """One question. ``organisation`` is asked only of a new piece, of people who belong to several."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, piece: Evidence | None = None, organisations: Iterable[Organisation] = (), **kwargs: Any
    ) -> None:
        initial = {"form_token": uuid.uuid4(), "version": piece.version if piece else None}
        kwargs["initial"] = {**initial, **self.values_of(piece), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, **kwargs)
        self.piece = piece
        own = list(organisations)
        if piece is None and len(own) > 1:
            self.fields["organisation"] = forms.ModelChoiceField(
                label="For which organisation?", to_field_name="slug", widget=Radios, empty_label=None,
                queryset=Organisation.objects.filter(pk__in=[one.pk for one in own]).by_name(), initial=own[0].slug,
                error_messages={"required": "Choose the organisation that did this."},
            )  # fmt: skip

    def values_of(self, piece: Evidence | None) -> dict[str, Any]:
        """Return what the piece says already to this question."""
        return {}

    def changed(self, content: EvidenceContent) -> EvidenceContent:
        """Return the content with this question's answer in it."""
        return content

    def asked(self) -> list[BoundField]:
        """Return what is asked, without what is hidden."""
        return list(self.visible_fields())


class PhotographsForm(StepForm):
    """First the photographs, several at once; then whether they show people."""

    uploads = FilesField(label="Choose or take photographs", required=False)
    shows_people = forms.ChoiceField(
        label="Can anyone be recognised in your photographs?",
        choices=YES_NO,
        required=False,
        widget=Radios,
    )
    caption = forms.CharField(label="What do they show? (optional)", max_length=250, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].widget.attrs["accept"] = "image/*"
        self.fields["uploads"].help_text = f"{in_megabytes(settings.UPLOAD_MAX_BYTES)} each at most."

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        has = self.piece is not None and self.piece.files.exists()
        if not values.get("uploads") and not has:
            self.add_error("uploads", "Choose a photograph, or continue without one.")
        return values


class AgreedForm(ConsentFields, StepForm):
    """Who agreed to be shown, once for all photographs that were just added."""


class WhatForm(StepForm):
    """What was done, in one line, and when."""

    title = forms.CharField(
        label="What did you do?",
        help_text="For example “Ran a drop-in for new volunteers”.",
        max_length=150,
        error_messages={"required": "Say what you did, in one line."},
    )
    day = forms.ChoiceField(
        label="When was it?",
        choices=[("today", "Today"), ("yesterday", "Yesterday"), ("other", "Another day")],
        widget=Radios,
        error_messages={"required": "Say when it was. A rough day is fine."},
    )
    other_day = DayField(
        label="If another day, which?",
        help_text="For example 25 November, 25/11 or last Wednesday.",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    story = forms.CharField(
        label="Anything more? (optional)",
        help_text="Who did you do it with? What changed?",
        required=False,
        strip=False,
        widget=TextBox(limit=MAX_CHARACTERS, rows=4),
    )

    def values_of(self, piece: Evidence | None) -> dict[str, Any]:
        if piece is None or piece.title == draft_title(timezone.localdate(piece.logged_at)):
            return {"story": piece.story if piece else ""}
        today = timezone.localdate()
        near = {today: "today", today - timedelta(days=1): "yesterday"}
        day = near.get(piece.happened_from, "other")
        other = piece.happened_from if day == "other" else None
        return {"title": piece.title, "day": day, "other_day": other, "story": piece.story}

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_story(self) -> str:
        try:
            return check_text(self.cleaned_data["story"])
        except Refused as refused:
            raise ValidationError(refused.sentence) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        today = timezone.localdate()
        other = values.get("other_day")
        if values.get("day") == "other" and "other_day" not in self.errors:
            if other is None:
                self.add_error("other_day", "Say which day. A rough day is fine.")
            elif other > today:
                self.add_error("other_day", "This day is still to come. Evidence is of what has happened already.")
        return values

    def changed(self, content: EvidenceContent) -> EvidenceContent:
        values, today = self.cleaned_data, timezone.localdate()
        near = {"today": today, "yesterday": today - timedelta(days=1)}
        day = near.get(values["day"]) or values["other_day"]
        ends = content.happened_to if content.happened_to and content.happened_to >= day else None
        return replace(content, title=values["title"], happened_from=day, happened_to=ends, story=values["story"])


@dataclass(frozen=True, slots=True)
class Boxes:
    """Some of the commitments' checkboxes under one heading; ``open`` when something in them is chosen."""

    heading: str
    boxes: list[Any]
    open: bool
    chosen: int


class CommitmentsForm(StepForm):
    """Which commitments it is for; those that the organisation helps to deliver stand on top.

    :param helped: the keys of those commitments.
    :param besides: keys of commitments that can't be chosen, as they are there already.
    """

    commitments = CommitmentsField(
        label="Which commitments is it for?",
        queryset=Commitment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one commitment that this is for.",
            "invalid_choice": "“%(value)s” is not a commitment that can be chosen.",
        },
    )

    def __init__(
        self,
        *args: Any,
        strategy: Strategy | None,
        helped: Iterable[int] = (),
        besides: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.helped = set(helped)
        field: Any = self.fields["commitments"]
        field.queryset = (
            Commitment.objects.filter(strategy=strategy)
            .exclude(key__in=list(besides))
            .select_related("priority")
            .in_order()
        )

    def values_of(self, piece: Evidence | None) -> dict[str, Any]:
        return {"commitments": [commitment.key for commitment in piece.commitments.in_order()] if piece else []}

    def changed(self, content: EvidenceContent) -> EvidenceContent:
        return replace(content, commitments=tuple(self.cleaned_data["commitments"]))

    def own_boxes(self) -> list[Any]:
        """Return the checkboxes that stand on top: what the organisation helps to deliver, what was chosen already."""
        return [box for box in self["commitments"].subwidgets if self._on_top(box)]

    def _on_top(self, box: Any) -> bool:
        chosen = set(self.initial.get("commitments") or ())
        one = box.data["value"].instance
        return one.pk in self.helped or one.key in chosen

    @property
    def only_helped(self) -> bool:
        """Whether everything on top is what the organisation helps to deliver."""
        return all(box.data["value"].instance.pk in self.helped for box in self.own_boxes())

    @property
    def others_open(self) -> bool:
        """Whether something is chosen that does not stand on top."""
        return any(group.open for group in self.groups())

    def groups(self) -> list[Boxes]:
        """Return the others' checkboxes by priority."""
        boxes: dict[Priority, list[Any]] = {}
        for box in self["commitments"].subwidgets:
            if not self._on_top(box):
                boxes.setdefault(box.data["value"].instance.priority, []).append(box)
        found = []
        for priority, its in boxes.items():
            chosen = sum(bool(box.data["selected"]) for box in its)
            found.append(Boxes(str(priority), its, bool(chosen), chosen))
        return found


class PeopleForm(StepForm):
    """The figures that the short form asks for, and whether it may be published."""

    asked_figures: ClassVar = tuple(figure for figure in FIGURES if figure.short_question)

    publishable = forms.ChoiceField(
        label="Can we publish this?",
        choices=YES_NO,
        widget=Radios(
            hints={
                "yes": "Anyone can read it once accepted, without your name.",
                "no": "It counts, but only your organisation and the council see it.",
            }
        ),
        error_messages={"required": "Say whether we can publish this."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for figure in self.asked_figures:
            self.fields[figure.code] = WholeNumberField(
                label=f"{figure.short_question} (optional)", help_text=figure.hint, required=False,
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
            )  # fmt: skip
        self.order_fields(figure.code for figure in self.asked_figures)

    def values_of(self, piece: Evidence | None) -> dict[str, Any]:
        if piece is None:
            return {}
        asked = {figure.code: getattr(piece, figure.code) for figure in self.asked_figures}
        return {**asked, "publishable": "yes" if piece.publishable else None}

    def changed(self, content: EvidenceContent) -> EvidenceContent:
        values = self.cleaned_data
        asked: dict[str, Any] = {figure.code: values[figure.code] for figure in self.asked_figures}
        return replace(content, publishable=values["publishable"] == "yes", **asked)
