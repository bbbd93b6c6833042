"""Choosing items of evidence among thousands, in two plain steps: type part of a title, then select what was found.

It needs no JavaScript, and works as :mod:`partners.forms.organisation_choice` does for organisations: the button of that
module sends what was typed and comes back with what was found. What is selected stays selected through further searches.
"""

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from commitments.models import Evidence
from commitments.models.evidence import EvidenceQuerySet
from commitments.queries.organisation_names import organisations_named
from partners.forms.organisation_choice import MOST_FOUND
from partners.models import User
from vcsportal.common.dates import in_words
from vcsportal.common.widgets import Checkboxes
from vcsportal.common.word_search import words_in

HINT: Final = "Type part of its title, the organisation’s name or its number, then select Find."
NOT_TICKED: Final = "Select the items that you want to link, or clear the search box."
_NUMBER = re.compile(r"(?:\S*/evidence/)?#?(\d{1,18})/?")


class EvidenceField(forms.MultipleChoiceField):
    """A choice among items of evidence that are read already: the values are their keys; cleaned, the items."""

    def __init__(self, *, listed: dict[str, Evidence], found: set[int], withheld: set[int], **kwargs: Any) -> None:
        """:param listed: what can be selected, by their keys.
        :param found: the keys of those that were just searched for.
        :param withheld: the keys of those whose title may not be shown.
        """
        choices = [(key, _title(item, withheld)) for key, item in listed.items()]
        super().__init__(choices=choices, widget=Checkboxes(attrs={"class": "govuk-checkboxes--small"}), **kwargs)
        self.listed, self.found = listed, found

    def clean(self, value: Any) -> Any:
        return tuple(self.listed[key] for key in dict.fromkeys(super().clean(value)))

    def validate(self, value: Any) -> None:
        for key in value:
            if key not in self.listed and not re.fullmatch(r"[0-9]{1,18}", key):
                raise ValidationError(f"“{key[:60]}” is not the number of an item of evidence.")
            if key not in self.listed:
                raise ValidationError(f"There is no evidence number {key} that you can see.")
        super().validate(value)


def add_evidence_choice(form: forms.Form, name: str, *, person: User, today: date, label: str) -> None:
    """Add a search box and the choice to a form: fields ``name_search`` and ``name``. Costs four queries at most.

    The form's initial value is a list of items.

    :param person: who chooses; only what they can see is found or selected.
    """
    offered = Evidence.objects.visible_to(person).select_related("organisation")
    typed, chosen = _entered(form, name)
    found = list(_matching(offered, typed, today, person)[: MOST_FOUND + 1]) if typed else []
    ticked = list(offered.filter(pk__in=chosen).newest_first()) if chosen else []
    listed = {str(item.pk): item for item in (*ticked, *found[:MOST_FOUND])}
    hint: Any = ""
    if typed and not found:
        hint = format_html("No evidence that you can see matches “{}”. Try another word.", typed[:60])
    elif len(found) > MOST_FOUND:
        hint = f"More than {MOST_FOUND} were found. Type another word of the title to see fewer."
    withheld = set(
        Evidence.objects.filter(pk__in=[item.pk for item in listed.values()]).without_details(today).values_list("pk", flat=True)
    ) if listed else set()  # fmt: skip
    form.fields[f"{name}_search"] = forms.CharField(
        label="Find evidence (optional)", max_length=200, required=False, help_text=HINT
    )
    form.fields[name] = EvidenceField(
        listed=listed, found={item.pk for item in found}, withheld=withheld, label=label, help_text=hint, required=False
    )  # fmt: skip


def check_ticked(form: forms.Form, name: str) -> None:
    """Note a fault where something was searched for and none of what was found is selected. For a form's ``clean``."""
    field: Any = form.fields[name]
    typed, chosen = _entered(form, name)
    if typed and name not in form.errors and not field.found & chosen:
        form.add_error(name, NOT_TICKED)


def _entered(form: forms.Form, name: str) -> tuple[str, set[int]]:
    """Return what was typed into the search box, and the keys of what is selected."""
    if form.is_bound:
        data: Any = form.data
        typed, keys = data.get(f"{name}_search", ""), data.getlist(name)
        return str(typed or "").replace("\x00", "").strip()[:200], {
            int(key) for key in keys if re.fullmatch(r"[0-9]{1,18}", key)
        }
    return "", {item.pk for item in form.initial.get(name, ())}


def _matching(offered: EvidenceQuerySet, typed: str, today: date, person: User) -> EvidenceQuerySet:
    if number := _NUMBER.fullmatch(typed):
        return offered.filter(pk=number[1])
    words = words_in(typed)
    if not words:
        return offered.none()
    found: EvidenceQuerySet = offered.matching(words, organisations_named(words), today, person).newest_first()
    return found


def _title(item: Evidence, withheld: set[int]) -> str:
    title = f"Evidence number {item.pk}" if item.pk in withheld else item.title
    return f"{title} ({item.organisation.name}, {in_words(item.happened_from)})"
