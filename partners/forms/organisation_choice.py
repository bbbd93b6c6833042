"""Choosing one organisation among thousands, in two plain steps: type part of its name, then choose from those found.

It needs no JavaScript. The form has a second button, named :data:`FIND`, that sends what has been typed and comes back with
what was found; nothing is saved or checked then, and nothing that was typed is lost.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.db.models import IntegerField, QuerySet, Value
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.html import format_html

from partners.models import Organisation
from partners.standings import TAKES_PART
from vcsportal.common.widgets import Radios

FIND: Final = "find"
MOST_FOUND: Final = 20
HINT: Final = "Type part of its name, then select Find."
NOT_THERE: Final = "Choose one of the organisations that were found."


def is_search(request: HttpRequest) -> bool:
    """Whether the form was sent to find organisations rather than to be saved."""
    return request.method == "POST" and FIND in request.POST


def data_and_initial(request: HttpRequest, initial: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the arguments of a form with such a choice: bound when it is sent, drawn with what was typed after a search."""
    if is_search(request):
        return {"initial": {**(initial or {}), **request.POST.dict()}}
    return {"data": request.POST if request.method == "POST" else None, "initial": initial or {}}


class FoundField(forms.ChoiceField):
    """A choice among organisations that are read already: the value is a slug; cleaned, the organisation, or None."""

    def __init__(
        self, *, queryset: QuerySet[Organisation], listed: Mapping[str, Organisation], none: str, **kwargs: Any
    ) -> None:
        """:param queryset: those that could be found.
        :param listed: those that were, by their slugs.
        """
        choices = [*([("", none)] if none else []), *((slug, _label(found)) for slug, found in listed.items())]
        super().__init__(choices=choices, required=not none, widget=Radios(), **kwargs)
        self.queryset, self.listed = queryset, listed

    def clean(self, value: Any) -> Organisation | None:
        return self.listed.get(str(super().clean(value)))


def _label(organisation: Organisation) -> str:
    """Return the name, with earlier ones, and what tells it from one that takes part."""
    former = ", ".join(organisation.former_name_list)
    notes = [
        f"formerly {former}" if former else "",
        "" if organisation.standing == TAKES_PART else organisation.standing_of.label.lower(),
    ]
    note = "; ".join(filter(None, notes))
    return f"{organisation.name} ({note})" if note else organisation.name


def with_words(offered: QuerySet[Organisation], typed: str) -> QuerySet[Organisation]:
    """Return the organisations that have every typed word in their name or former names; none where nothing was typed."""
    keys = Organisation.objects.named(typed).values("pk")
    return offered.filter(pk__in=keys)


def _found(offered: QuerySet[Organisation], typed: Mapping[str, str]) -> dict[str, list[Organisation]]:
    """Return what is found for each choice, by name: one more than :data:`MOST_FOUND` at most.

    One query for all of them; none where nothing was typed.
    """
    hits: dict[str, list[Organisation]] = {name: [] for name in typed}
    names = [name for name, words in typed.items() if words.split()]
    searches: list[Any] = [
        with_words(offered, typed[name]).order_by("sort_name", "id").annotate(
            place=Value(place, output_field=IntegerField())
        )[: MOST_FOUND + 1]
        for place, name in enumerate(names)
    ]  # fmt: skip
    if searches:
        rows = searches[0].union(*searches[1:], all=True) if len(searches) > 1 else searches[0]
        for row in sorted(rows, key=lambda row: (row.place, row.sort_name, row.pk)):
            hits[names[row.place]].append(row)
    return hits


def add_choice(
    form: forms.Form,
    name: str,
    *,
    offered: QuerySet[Organisation],
    label: str,
    none: str = "",
    missing: str = "",
    search_label: str = "Find an organisation",
    search_hint: str = HINT,
) -> None:
    """Add a search box and the choice to a form: fields ``name_search`` and ``name``. Costs two queries at most.

    The value is the organisation's slug; cleaned, the organisation, or None.

    :param offered: the organisations that can be chosen. It is never listed, only searched.
    :param none: the words of the choice to choose none; "" where somebody has to be chosen.
    :param missing: what to say where nobody was chosen, if somebody has to be.
    """
    add_choices(
        form,
        [name],
        offered=offered,
        label=label,
        none=none,
        missing=missing,
        search_label=search_label,
        search_hint=search_hint,
    )


def add_choices(
    form: forms.Form,
    names: Iterable[str],
    *,
    offered: QuerySet[Organisation],
    label: str,
    none: str = "",
    missing: str = "",
    search_label: str = "Find an organisation",
    search_hint: str = HINT,
) -> None:
    """Add several such choices to a form, each as :func:`add_choice` does. Costs two queries at most for all of them."""
    values = form.data if form.is_bound else form.initial
    typed, chosen = (
        {name: _text(values.get(form.add_prefix(f"{name}{part}"))) for name in names} for part in ("_search", "")
    )
    hits = _found(offered, typed)
    known = {hit.slug: hit for found in hits.values() for hit in found}
    if missed := {slug[:80] for slug in chosen.values() if slug and slug not in known}:
        known.update({there.slug: there for there in offered.filter(slug__in=missed)})
    for name in typed:
        found, words = hits[name], typed[name].strip()
        listed = {hit.slug: hit for hit in found[:MOST_FOUND]}
        if chosen[name] in known and chosen[name] not in listed:
            listed = {chosen[name]: known[chosen[name]], **listed}
        hint = ""
        if words and not found:
            hint = format_html("No organisation has “{}” in its name. Try another part of the name.", words[:60])
        elif len(found) > MOST_FOUND:
            hint = f"More than {MOST_FOUND} were found. Type more of the name to see others."
        form.fields[f"{name}_search"] = forms.CharField(
            label=search_label, max_length=200, required=False, help_text=search_hint
        )
        form.fields[name] = FoundField(
            queryset=offered, listed=listed, none=none, label=label, help_text=hint,
            error_messages={"invalid_choice": NOT_THERE, "required": missing},
        )  # fmt: skip


def _text(value: Any) -> str:
    """Return what was sent as a text that the database can look for."""
    return str(value or "").replace("\x00", "")[:200]


def check_chosen(form: forms.Form, name: str) -> None:
    """Note a fault where a name was typed into the search box and none of those found was chosen. For a form's ``clean``.

    Where nothing was found to choose from, the search box has the fault: there is no other box to lead to.
    """
    if name in form.errors and not any(value for value, _ in form.fields[name].choices):  # type: ignore[attr-defined]  # a FoundField
        form.errors[f"{name}_search"] = form.errors.pop(name)
        return
    searched = form.cleaned_data.get(f"{name}_search")
    if searched and not form.cleaned_data.get(name) and name not in form.errors:
        form.add_error(name, "Choose one of the organisations that were found, or clear the search box.")


def unchecked(form: forms.Form) -> None:
    """Let a bound form be drawn with what was typed and without a fault, after a search. It can't be saved then."""
    drawn: Any = form
    drawn._errors, drawn.cleaned_data = ErrorDict(), {}
