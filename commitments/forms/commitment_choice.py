"""Choosing one commitment among those of every strategy, in two plain steps: type part of it, then choose from those found.

It needs no JavaScript, and works like the choice of an organisation (:mod:`partners.forms.organisation_choice`): the form's
button *Find* sends what has been typed and comes back with what was found.
"""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html

from commitments.models import Commitment
from commitments.models.strategy import CommitmentQuerySet
from partners.forms.organisation_choice import MOST_FOUND
from vcsportal.common.widgets import Radios

MAX_TYPED_CHARACTERS: Final = 200
HINT: Final = "Type its reference or some of its words, then select Find."
NOT_THERE: Final = "Choose one of those that were found."


def value_of(commitment: Commitment) -> str:
    """Return how forms name a commitment of any strategy: the strategy's slug, a slash and the key."""
    return f"{commitment.strategy.slug}/{commitment.key}"


def words_of(commitment: Commitment, of: Commitment) -> str:
    """Return what a commitment is called on the page of another; with its strategy where that is a different one."""
    title = "" if commitment.strategy_id == of.strategy_id else f" ({commitment.strategy.title})"
    return f"{commitment.reference} {commitment.short_title}{title}"


def named(values: Iterable[str]) -> dict[str, Commitment]:
    """Return the commitments with these values (:func:`value_of`), by value. One query; none for no values."""
    pairs = [value.split("/", 1) for value in values if value.count("/") == 1 and "\x00" not in value]
    wanted = Q()
    for slug, key in pairs:
        wanted |= Q(strategy__slug=slug, key=key)
    if not wanted:
        return {}
    return {value_of(found): found for found in _with_names(Commitment.objects.filter(wanted))}


def search(offered: CommitmentQuerySet, typed: str) -> list[Commitment]:
    """Return the commitments with every typed word in reference, short title or wording.

    One more than :data:`MOST_FOUND` at most; none where nothing was typed.
    """
    return list(_with_names(offered.with_words(typed))[: MOST_FOUND + 1]) if typed.strip() else []


def _with_names(found: QuerySet[Commitment]) -> QuerySet[Commitment]:
    return found.select_related("strategy").order_by("-strategy__starts_on", "strategy", "priority__number", "number")


class FoundCommitmentField(forms.ChoiceField):
    """A choice among commitments that are read already; cleaned, the commitment, or None."""

    def __init__(self, *, listed: dict[str, Commitment], of: Commitment, none: str, **kwargs: Any) -> None:
        """:param listed: those that were found, by their values.
        :param of: the commitment on whose page they stand.
        :param none: the words of the choice to choose none.
        """
        choices = [("", none), *((value, words_of(found, of)) for value, found in listed.items())]
        super().__init__(
            choices=choices, required=False, widget=Radios(), error_messages={"invalid_choice": NOT_THERE}, **kwargs
        )
        self.listed = listed

    def clean(self, value: Any) -> Commitment | None:
        return self.listed.get(str(super().clean(value)))


def add_commitment_choice(
    form: forms.Form, name: str, *, of: Commitment, label: str, none: str, search_label: str, search_hint: str = HINT
) -> None:
    """Add a search box and the choice to a form: fields ``name_search`` and ``name``. Costs two queries at most.

    :param of: the commitment whose form it is, which is never found.
    """
    values = form.data if form.is_bound else form.initial
    typed, chosen = (
        str(values.get(form.add_prefix(part)) or "").replace("\x00", "")[:MAX_TYPED_CHARACTERS]
        for part in (f"{name}_search", name)
    )
    offered = Commitment.objects.exclude(pk=of.pk)
    found = search(offered, typed)
    listed = {value_of(hit): hit for hit in found[:MOST_FOUND]}
    if chosen and chosen not in listed:
        listed = {**named([chosen]), **listed}
    says: Any = ""
    if typed.strip() and not found:
        says = format_html("Nothing matches “{}”. Try another word.", typed.strip()[:60])
    elif len(found) > MOST_FOUND:
        says = f"More than {MOST_FOUND} were found. Type more to see others."
    form.fields[f"{name}_search"] = forms.CharField(
        label=search_label, max_length=MAX_TYPED_CHARACTERS, required=False, help_text=search_hint
    )
    form.fields[name] = FoundCommitmentField(listed=listed, of=of, none=none, label=label, help_text=says)


def check_commitment_chosen(form: forms.Form, name: str) -> None:
    """Note a fault where something was typed into the search box and nothing was chosen. For a form's ``clean``."""
    if form.cleaned_data.get(f"{name}_search") and not form.cleaned_data.get(name) and name not in form.errors:
        form.add_error(name, "Choose one of those that were found, or clear the search box.")
