"""The form in which people record what they did: the shape of input only."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.forms.models import ModelChoiceIteratorValue
from django.utils import timezone

from commitments.content.evidence import EvidenceContent, FileDescription
from commitments.forms.commitment_checkboxes import PriorityCheckboxes, checkboxes_by_priority
from commitments.forms.evidence_input import content_of, values_of
from commitments.forms.fields import (
    MAX_DESCRIPTION_CHARACTERS,
    CommitmentsField,
    FilesField,
    VersionedForm,
    WholeNumberField,
    council_chooses_field,
    description_field,
)
from commitments.forms.nouns import use_nouns
from commitments.models import Commitment, Evidence, EvidenceFile, Strategy
from commitments.models.evidence import SAID_HOW
from commitments.reading.references import asked_commitments
from commitments.rules.evidence_figures import FIGURE_CODES, FIGURES, figures_in
from commitments.rules.kinds import GENERAL
from commitments.rules.references import may_be_reference
from partners import area_kinds
from partners.forms.organisation_choice import add_choice
from partners.models import Area, Organisation
from vcsportal.common.dates import DayField
from vcsportal.common.form_fields import choice_field, rows_field
from vcsportal.common.languages import LANGUAGE_CHOICES, with_own
from vcsportal.common.lookalikes import check_link
from vcsportal.common.markdown import MAX_CHARACTERS, check_text
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.widgets import Checkboxes, Radios, TextBox
from vcsportal.common.words import Refused

LINK_ROWS: Final = 3
ORDER: Final = (
    "said_by", "said_how", "title", "organisation", "uploads", "description", "caption", "shows_people", "happened_from", "happened_to", "commitments", "council_chooses", "everywhere",
    "districts", "story", "language", *FIGURE_CODES,
    *(f"link_{row}{part}" for row in range(1, LINK_ROWS + 1) for part in ("", "_label", "_page")), "publishable",
)  # fmt: skip
"""In the order of the questions on the page, so that the list of errors runs from top to bottom."""


_OFFERED: Final = PreparedQuery(
    lambda strategy: (
        Commitment.objects.filter(strategy=strategy)
        .select_related("priority")
        .only("key", "reference", "short_title", "priority__number", "priority__title", "priority__reference")
        .in_order()
    )
)
_DISTRICTS: Final = PreparedQuery(lambda: Area.objects.districts())


def not_to_choose(word: str) -> str:
    """Return the sentence for a choice that is not among the areas offered; ``word`` is what these are called."""
    return f"“%(value)s” is not {'an' if word == 'area' else 'a'} {word} that can be chosen."


class EvidenceForm(VersionedForm):
    """What an organisation did. A title and a date are enough for a draft; sending needs a commitment too.

    :param organisations: those that the person may log for; asked only when there are several, and never of a piece
        that is there already.
    :param strategy: the one whose commitments are offered.
    :param piece: the piece that is edited, or None.
    :param stored: what the piece tells, where that has been read already.
    :param groups: the organisations for which the person may type what they were told, where it is that; else None.
    """

    form_token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label="What did you do?",
        help_text="In one line, such as “Ran a drop-in for new volunteers”.",
        max_length=150,
        error_messages={"required": "Say what you did, in one line."},
    )
    organisation = forms.ModelChoiceField(
        label="For which organisation?",
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        widget=Radios,
        empty_label=None,
        error_messages={
            "required": "Choose the organisation that did this.",
            "invalid_choice": "Choose one of your own organisations.",
        },
    )
    happened_from = DayField(
        label="When was it, or when did it begin?",
        help_text="For example 25 November 2026, 25/11 or last Wednesday.",
        error_messages={"required": "Say when it was. An approximate date is fine."},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    happened_to = DayField(
        label="When did it end? (optional)",
        help_text="Leave blank for a single day.",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    commitments = CommitmentsField(
        queryset=Commitment.objects.none(),
        required=False,
        widget=Checkboxes,
        label="Which commitments is it for?",
        error_messages={"invalid_choice": "“%(value)s” is not a commitment of this strategy."},
    )
    council_chooses = council_chooses_field()
    everywhere = forms.BooleanField(label="All of the county", required=False)
    districts = forms.ModelMultipleChoiceField(
        label="Where was it?", queryset=Area.objects.none(), to_field_name="gss_code", required=False, widget=Checkboxes,
        error_messages={"invalid_choice": "“%(value)s” is not a district that can be chosen."},
    )  # fmt: skip
    story = forms.CharField(
        label="What happened? (optional)",
        help_text="A few sentences: what you did, who you did it with, and what changed. A line that begins with “- ” becomes a "
        "list, and **two stars** make words bold.",
        required=False,
        strip=False,
        widget=TextBox(limit=MAX_CHARACTERS, rows=7),
    )
    language = forms.ChoiceField(
        label="Which language is it written in?",
        help_text="This helps screen readers to pronounce it and the report to print it correctly.",
        choices=LANGUAGE_CHOICES,
        required=False,
        error_messages={"invalid_choice": "Choose one of the languages in the list."},
    )
    uploads = FilesField(label="Photographs and documents (optional)", required=False)
    description = description_field()
    caption = forms.CharField(
        label="Caption (optional)",
        help_text="This caption appears under each photograph. You can change it later.",
        max_length=250,
        required=False,
    )
    shows_people = forms.BooleanField(
        label="Someone can be recognised in the photographs that I am adding now",
        help_text="They are shown once you have recorded who agreed, which you can do on the evidence’s page.",
        required=False,
    )
    said_by = forms.CharField(
        label="Who told you?",
        help_text="A name, or “two members of the choir”. The public never sees it; the group and the council do.",
        max_length=150,
        error_messages={"required": "Say who told you."},
    )
    said_how = forms.ChoiceField(
        label="How did they tell you?",
        choices=SAID_HOW,
        widget=Radios,
        error_messages={"required": "Say how they told you."},
    )
    publishable = forms.BooleanField(
        label="This may be published",
        help_text="Anyone will be able to read it here and in the yearly report, with your organisation’s name and its "
        "photographs, once a council officer has accepted it. The names of people in the portal are never shown. "
        "Tick it only if everyone who can be recognised has agreed.",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[Organisation],
        strategy: Strategy | None,
        piece: Evidence | None = None,
        groups: QuerySet[Organisation] | None = None,
        stored: EvidenceContent | None = None,
        **kwargs: Any,
    ) -> None:
        initial = {"form_token": uuid.uuid4(), **(kwargs.pop("initial", None) or {})}
        if piece is not None:
            self.stored = stored or content_of(piece)
            initial = {**values_of(piece, self.stored), **initial}
        names = initial.get("commitments") or ()
        known = {commitment.key for commitment in self.stored.commitments} if piece is not None else set()
        if any(may_be_reference(name) for name in names if name not in known):  # an address or an earlier copy has them
            initial["commitments"] = [commitment.key for commitment in asked_commitments(strategy, names)]
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.piece = piece
        self.strategy = strategy
        self.nouns = strategy.nouns if strategy else GENERAL
        use_nouns(self, self.nouns)
        self.sends = bool(self.is_bound and self.data.get("then") == "send")
        own = list(organisations)
        if groups is None and not (piece is not None and piece.said_by):
            del self.fields["said_by"], self.fields["said_how"]
        if groups is not None:
            self.own = None
            del self.fields["organisation"]
            add_choice(
                self, "organisation", offered=groups, label="For which group?", search_label="Find the group",
                missing="Find the group that did this, and choose it.",
            )  # fmt: skip
        elif piece is not None or len(own) == 1:
            del self.fields["organisation"]
            self.own = piece.organisation if piece is not None else own[0]
        else:
            field: Any = self.fields["organisation"]
            field.queryset = Organisation.objects.filter(pk__in=[organisation.pk for organisation in own]).by_name()
            field.initial = own[0].slug if own else None
        rows_field(self, "commitments").queryset = (
            Commitment.objects.filter(strategy=strategy).select_related("priority").in_order()
        )
        choice_field(self, "commitments").choices = [
            (ModelChoiceIteratorValue(commitment.key, commitment), str(commitment))
            for commitment in (_OFFERED(strategy=strategy.pk) if strategy else ())
        ]
        choice_field(self, "language").choices = with_own(piece.language if piece is not None else "")
        today = timezone.localdate()
        areas = _DISTRICTS()
        chosen = initial.get("districts", ())
        self.areas = [area for area in areas if area.is_in_force(today)]
        self.fields["everywhere"].label = area_kinds.all_of(area.kind for area in self.areas)
        word = area_kinds.noun(area.kind for area in self.areas)
        self.fields["districts"].error_messages["invalid_choice"] = not_to_choose(word)
        rows_field(self, "districts").queryset = Area.objects.districts()
        choice_field(self, "districts").choices = [
            (area.gss_code, area.name) for area in areas if area in self.areas or area.gss_code in chosen
        ]
        for figure in FIGURES:
            self.fields[figure.code] = WholeNumberField(label=figure.label, help_text=figure.hint, required=False)
        for row in range(1, LINK_ROWS + 1):
            self.fields[f"link_{row}"] = forms.CharField(
                label=f"Web address {row}", required=False, max_length=500, widget=forms.TextInput(attrs={"inputmode": "url"})
            )  # fmt: skip
            self.fields[f"link_{row}_label"] = forms.CharField(
                label=f"What is there? {row}", required=False, max_length=150
            )
            self.fields[f"link_{row}_page"] = forms.CharField(
                label=f"On which page of it? {row}", required=False, max_length=40
            )

        self.order_fields(ORDER)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_story(self) -> str:
        try:
            return check_text(self.cleaned_data["story"])
        except Refused as refused:
            raise ValidationError(refused.sentence) from None

    def clean_happened_from(self) -> date | None:
        day: date | None = self.cleaned_data["happened_from"]
        if day and day > timezone.localdate():
            raise ValidationError("This date is in the future. Evidence is about something that has already happened.")
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begins, ends = values.get("happened_from"), values.get("happened_to")
        if begins and ends and ends < begins:
            self.add_error("happened_to", "The end date is before the start date. Change one of them.")
        if values.get("everywhere"):
            values["districts"] = self.areas
        chosen = values.get("commitments") or (values.get("council_chooses") and self.strategy)
        if self.sends and "commitments" not in self.errors and not chosen:
            self.add_error(
                "commitments",
                f"Choose at least one {self.nouns.commitment} that this is for, or tick that you’re not sure.",
            )
        for row in range(1, LINK_ROWS + 1):
            self._clean_link(row, values)
        return values

    def _clean_link(self, row: int, values: dict[str, Any]) -> None:
        address, label = (values.get(f"link_{row}") or "").strip(), (values.get(f"link_{row}_label") or "").strip()
        if label and not address and f"link_{row}" not in self.errors:
            self.add_error(f"link_{row}", f"Add the web address of “{label}”, or empty both boxes.")
        if not address:
            return
        whole = address if "://" in address else f"https://{address}"
        try:
            values[f"link_{row}"] = forms.URLField(max_length=500, assume_scheme="https").clean(whole)
            if not whole.lower().startswith(("http://", "https://")):
                raise ValidationError("Enter the address of a web page.")
            check_link(whole)
        except Refused as refused:
            self.add_error(f"link_{row}", refused.sentence)
        except ValidationError:
            self.add_error(
                f"link_{row}", f"“{address[:60]}” is not a web address. It looks like https://www.example.org/page."
            )

    def content(self, *, title: str = "", day: date | None = None) -> EvidenceContent:
        """Return what was entered, without fields in error; ``title`` and ``day`` are used if those two are missing."""
        values = self.cleaned_data
        begins = values.get("happened_from")
        links = tuple(
            (
                values[f"link_{row}"],
                (values.get(f"link_{row}_label") or "").strip(),
                values.get(f"link_{row}_page") or "",
            )
            for row in range(1, LINK_ROWS + 1)
            if values.get(f"link_{row}")
        )
        return EvidenceContent(
            title=values.get("title") or title,
            happened_from=begins or day or timezone.localdate(),
            happened_to=values.get("happened_to") if begins else None,
            story=values.get("story") or "",
            commitments=tuple(values.get("commitments") or ()),
            council_chooses_in=self.strategy
            if values.get("council_chooses") and not values.get("commitments")
            else None,
            districts=tuple(values.get("districts") or ()),
            publishable=bool(values.get("publishable")),
            links=links,
            said_by=values.get("said_by") or (self.piece.said_by if self.piece else ""),
            said_how=values.get("said_how") or (self.piece.said_how if self.piece else ""),
            language=values.get("language") or "",
            **figures_in(values),
        )

    def described(self, files: Iterable[EvidenceFile]) -> list[FileDescription]:
        """Return what was sent about files that are there already; what the form did not ask of one is None."""
        return [self._described(file, self.data) for file in files]

    def about(self, file: EvidenceFile) -> FileDescription:
        """Return what the form shows of a file: what was sent or kept of it, else what is stored."""
        said = self._described(file, self.data if self.is_bound else self.initial)
        return FileDescription(
            file.pk,
            file.caption if said.caption is None else said.caption,
            file.page if said.page is None else said.page,
            file.shows_people if said.shows_people is None else said.shows_people,
            file.description if said.description is None else said.description,
        )

    def _described(self, file: EvidenceFile, data: Mapping[str, Any]) -> FileDescription:
        caption, page = data.get(f"caption_{file.pk}"), data.get(f"page_{file.pk}")
        description = data.get(f"description_{file.pk}")
        asked, ticked = (f"{name}_{file.pk}" in data for name in ("asked_people", "people"))
        return FileDescription(
            pk=file.pk,
            caption=None if caption is None else caption[:250],
            page=None if page is None else page[:40],
            shows_people=ticked if asked else None,
            description=None if description is None else description[:MAX_DESCRIPTION_CHARACTERS],
        )

    def groups(self) -> list[PriorityCheckboxes]:
        """Return the commitments' checkboxes by priority, those with something chosen open."""
        groups = checkboxes_by_priority(self["commitments"].subwidgets)
        if self["commitments"].errors and groups and not any(group.open for group in groups):
            groups[0] = replace(groups[0], open=True)
        return groups

    def links(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        """Return the rows of web address, label and page."""
        return [
            (self[f"link_{row}"], self[f"link_{row}_label"], self[f"link_{row}_page"])
            for row in range(1, LINK_ROWS + 1)
        ]

    @property
    def links_open(self) -> bool:
        """Whether anything was entered in the rows of links, valid or not."""
        return any(box.value() for row in self.links() for box in row)

    def figures(self) -> list[BoundField]:
        """Return the questions that take a number."""
        return [self[code] for code in FIGURE_CODES]
