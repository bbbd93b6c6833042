"""The forms to record what was done one question at a time, as suits a phone."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone

from commitments.content.evidence import EvidenceContent
from commitments.forms.commitment_checkboxes import PriorityCheckboxes, checkboxes_by_priority
from commitments.forms.consents import ConsentFields
from commitments.forms.fields import (
    MAX_DESCRIPTION_CHARACTERS,
    CommitmentsField,
    FilesField,
    VersionedForm,
    WholeNumberField,
    council_chooses_field,
)
from commitments.forms.nouns import use_nouns
from commitments.models import Commitment, Evidence, Strategy
from commitments.rules.evidence_figures import FIGURES
from commitments.rules.kinds import GENERAL
from partners import area_kinds
from partners.models import Area, Organisation
from vcsportal.common.dates import DayField, in_words
from vcsportal.common.form_fields import choice_field
from vcsportal.common.markdown import MAX_CHARACTERS, check_text
from vcsportal.common.widgets import Checkboxes, Radios, TextBox
from vcsportal.common.words import Refused

EVERYWHERE: Final = "everywhere"
YES_NO: Final = (("yes", "Yes"), ("no", "No"))


def draft_title(day: date) -> str:
    """The title of a draft until someone has entered one."""
    return f"Draft of {in_words(day)}"


class EvidenceStepForm(VersionedForm):
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
                queryset=Organisation.objects.filter(pk__in=[organisation.pk for organisation in own]).by_name(), initial=own[0].slug,
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


class PhotographsForm(EvidenceStepForm):
    """First the photographs, several at once; then whether they show people."""

    uploads = FilesField(label="Choose or take photographs", required=False)
    shows_people = forms.ChoiceField(
        label="Can anyone be recognised in your photographs?",
        choices=YES_NO,
        required=False,
        widget=Radios,
    )
    description = forms.CharField(
        label="Describe them for people who can’t see (optional)", max_length=MAX_DESCRIPTION_CHARACTERS, required=False
    )
    caption = forms.CharField(label="Caption (optional)", max_length=250, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].widget.attrs["accept"] = "image/*"
        self.fields["uploads"].help_text = ""  # a photograph that is too large is named, with the limit, when it comes

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        has = self.piece is not None and self.piece.files.exists()
        if not values.get("uploads") and not has:
            self.add_error("uploads", "Choose a photograph, or continue without one.")
        return values


class AgreedForm(ConsentFields, EvidenceStepForm):
    """Who agreed to be shown, once for all photographs that were just added."""


class FiguresAsked(EvidenceStepForm):
    """A question with the figures that the short form asks for."""

    asked_figures: ClassVar = tuple(figure for figure in FIGURES if figure.short_question)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for figure in self.asked_figures:
            self.fields[figure.code] = WholeNumberField(
                label=f"{figure.short_question} (optional)", help_text=figure.hint, required=False,
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
            )  # fmt: skip

    def figures_of(self, piece: Evidence) -> dict[str, Any]:
        """Return the figures of an item, by code."""
        return {figure.code: getattr(piece, figure.code) for figure in self.asked_figures}

    @property
    def given_figures(self) -> dict[str, Any]:
        """The figures that were entered, by code."""
        return {figure.code: self.cleaned_data[figure.code] for figure in self.asked_figures}


class WhatForm(FiguresAsked):
    """What was done, in one line, when and where."""

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
        error_messages={"required": "Say when it was. An approximate date is fine."},
    )
    other_day = DayField(
        label="If another day, which?",
        help_text="For example 25 November, 25/11 or last Wednesday.",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    districts = forms.MultipleChoiceField(
        label="Where was it?",
        required=False,
        widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}),
        error_messages={"invalid_choice": "“%(value)s” is not a district that can be chosen."},
    )
    story = forms.CharField(
        label="Anything more? (optional)",
        help_text="Who with? What changed?",
        required=False,
        strip=False,
        widget=TextBox(limit=MAX_CHARACTERS, rows=4),
    )

    def __init__(
        self, *args: Any, piece: Evidence | None = None, organisations: Iterable[Organisation] = (), **kwargs: Any
    ) -> None:
        own = list(organisations)
        self.organisation = piece.organisation if piece else own[0] if own else None
        today = timezone.localdate()
        stored = {area.pk for area in piece.districts.all()} if piece else set()
        self.areas = {
            area.gss_code: area for area in Area.objects.districts() if area.is_in_force(today) or area.pk in stored
        }
        super().__init__(*args, piece=piece, organisations=own, **kwargs)
        choice_field(self, "districts").choices = [
            *((code, area.name) for code, area in self.areas.items()),
            (EVERYWHERE, area_kinds.all_of(area.kind for area in self.areas.values())),
        ]
        figures = [figure.code for figure in self.asked_figures]
        self.order_fields(["title", "day", "other_day", "districts", *figures, "story"])

    def values_of(self, piece: Evidence | None) -> dict[str, Any]:
        if piece is None or piece.title == draft_title(timezone.localdate(piece.logged_at)):
            works_in = self.organisation.districts.values_list("gss_code", flat=True) if self.organisation else []
            return {
                "day": "today",
                "story": piece.story if piece else "",
                "districts": [code for code in works_in if code in self.areas],
            }
        today = timezone.localdate()
        near = {today: "today", today - timedelta(days=1): "yesterday"}
        day = near.get(piece.happened_from, "other")
        other = piece.happened_from if day == "other" else None
        return {
            "title": piece.title,
            "day": day,
            "other_day": other,
            "districts": list(piece.districts.values_list("gss_code", flat=True)),
            "story": piece.story,
            **self.figures_of(piece),
        }

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
                self.add_error("other_day", "Say which day. An approximate date is fine.")
            elif other > today:
                self.add_error(
                    "other_day", "This date is in the future. Evidence is about something that has already happened."
                )
        return values

    def changed(self, content: EvidenceContent) -> EvidenceContent:
        values, today = self.cleaned_data, timezone.localdate()
        near = {"today": today, "yesterday": today - timedelta(days=1)}
        day = near.get(values["day"]) or values["other_day"]
        ends = content.happened_to if content.happened_to and content.happened_to >= day else None
        chosen = values["districts"]
        areas = [area for code, area in self.areas.items() if code in chosen or EVERYWHERE in chosen]
        return replace(
            content,
            title=values["title"],
            happened_from=day,
            happened_to=ends,
            districts=tuple(sorted(areas, key=lambda area: (area.name, area.pk))),
            story=values["story"],
            **self.given_figures,
        )


class CommitmentsForm(EvidenceStepForm):
    """The commitments that it is for; those that the organisation helps to deliver come first.

    :param helped: the keys of those commitments.
    :param besides: keys of commitments that can't be chosen, as they are there already.
    """

    commitments = CommitmentsField(
        label="Which commitments is it for?",
        queryset=Commitment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "“%(value)s” is not a commitment that can be chosen.",
        },
    )
    council_chooses = council_chooses_field()

    def __init__(
        self,
        *args: Any,
        strategy: Strategy | None,
        helped: Iterable[int] = (),
        besides: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.strategy = strategy
        self.nouns = strategy.nouns if strategy else GENERAL
        use_nouns(self, self.nouns)
        besides = list(besides)
        if besides:  # more of them for what was accepted already
            del self.fields["council_chooses"]
        self.helped = set(helped)
        field: Any = self.fields["commitments"]
        field.queryset = (
            Commitment.objects.filter(strategy=strategy).exclude(key__in=besides).select_related("priority").in_order()
        )

    def values_of(self, piece: Evidence | None) -> dict[str, Any]:
        if piece is None:
            return {"commitments": []}
        return {
            "commitments": [commitment.key for commitment in piece.commitments.in_order()],
            "council_chooses": piece.council_chooses_in_id is not None,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen = values.get("commitments") or (values.get("council_chooses") and self.strategy)
        if "commitments" not in self.errors and not chosen:
            unsure = ", or tick that you’re not sure" if "council_chooses" in self.fields else ""
            self.add_error("commitments", f"Choose at least one {self.nouns.commitment} that this is for{unsure}.")
        return values

    def changed(self, content: EvidenceContent) -> EvidenceContent:
        chosen = tuple(self.cleaned_data["commitments"])
        unsure = self.strategy if self.cleaned_data["council_chooses"] and not chosen else None
        return replace(content, commitments=chosen, council_chooses_in=unsure)

    def own_boxes(self) -> list[Any]:
        """Return the checkboxes that come first: the commitments that the organisation helps to deliver, and those chosen already."""
        return [box for box in self["commitments"].subwidgets if self._on_top(box)]

    def _on_top(self, box: Any) -> bool:
        chosen = set(self.initial.get("commitments") or ())
        commitment = box.data["value"].instance
        return commitment.pk in self.helped or commitment.key in chosen

    @property
    def only_helped(self) -> bool:
        """Whether everything on top is what the organisation helps to deliver."""
        return all(box.data["value"].instance.pk in self.helped for box in self.own_boxes())

    @property
    def others_open(self) -> bool:
        """Whether a commitment outside the first group is chosen."""
        return any(group.open for group in self.groups())

    def groups(self) -> list[PriorityCheckboxes]:
        """Return the others' checkboxes by priority."""
        return checkboxes_by_priority(box for box in self["commitments"].subwidgets if not self._on_top(box))


class FiguresStepForm(FiguresAsked):
    """The figures that the short form asks for, and whether it may be published."""

    publishable = forms.ChoiceField(
        label="Can we publish this?",
        choices=YES_NO,
        widget=Radios(
            hints={
                "yes": "Anyone can read it once the council has accepted it, without your name.",
                "no": "It counts, but only your organisation and the council see it.",
            }
        ),
        error_messages={"required": "Say whether we can publish this."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(figure.code for figure in self.asked_figures)

    def values_of(self, piece: Evidence | None) -> dict[str, Any]:
        if piece is None:
            return {}
        return {**self.figures_of(piece), "publishable": "yes" if piece.publishable else None}

    def changed(self, content: EvidenceContent) -> EvidenceContent:
        return replace(content, publishable=self.cleaned_data["publishable"] == "yes", **self.given_figures)
