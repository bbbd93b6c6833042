"""Choosing one organisation among thousands, in two plain steps: type part of its name, then choose from those found.

It needs no JavaScript. The form has a second button, named :data:`FIND`, that sends what has been typed and comes back with
what was found; nothing is saved or checked then, and nothing that was typed is lost.
"""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.http import HttpRequest

from partners.models import Organisation
from vcsportal.common.widgets import Radios

FIND: Final = "find"
MOST_FOUND: Final = 20
NOT_THERE: Final = "Choose one of the organisations that were found."


def is_search(request: HttpRequest) -> bool:
    """Whether the form was sent to find organisations rather than to be saved."""
    return request.method == "POST" and FIND in request.POST


def data_and_initial(request: HttpRequest, initial: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the arguments of a form with such a choice: bound when it is sent, drawn with what was typed after a search."""
    if is_search(request):
        return {"initial": {**(initial or {}), **request.POST.dict()}}
    return {"data": request.POST if request.method == "POST" else None, "initial": initial or {}}


def found(offered: QuerySet[Organisation], typed: str) -> list[Organisation]:
    """Return the organisations of whose name every typed word is a part, by name: one more than :data:`MOST_FOUND` at most.

    One query; none where nothing was typed.
    """
    words = typed.split()[:8]
    if not words:
        return []
    for word in words:
        offered = offered.filter(name__icontains=word)
    return list(offered.by_name()[: MOST_FOUND + 1])  # type: ignore[attr-defined]  # the model's own queryset


def add_choice(
    form: forms.Form,
    name: str,
    *,
    offered: QuerySet[Organisation],
    label: str,
    none: str = "",
    missing: str = "",
    search_label: str = "Find an organisation",
) -> None:
    """Add a search box and the choice to a form: fields ``name_search`` and ``name``. Costs two queries at most.

    The value is the organisation's slug; cleaned, the organisation, or None.

    :param offered: the organisations that can be chosen. It is never listed, only searched.
    :param none: the words of the choice to choose none; "" where somebody has to be chosen.
    :param missing: what to say where nobody was chosen, if somebody has to be.
    """
    search, values = f"{name}_search", form.data if form.is_bound else form.initial
    typed, chosen = (str(values.get(form.add_prefix(part), "") or "")[:200] for part in (search, name))
    hits = found(offered, typed)
    form.fields[search] = forms.CharField(
        label=search_label, max_length=200, required=False, help_text="Type part of its name, then select Find."
    )
    listed = {hit.slug: hit.name for hit in hits[:MOST_FOUND]}
    if chosen and chosen not in listed and (there := offered.filter(slug=chosen[:80]).first()):
        listed = {there.slug: there.name, **listed}
    hint = ""
    if typed.strip() and not hits:
        hint = f"No organisation has “{typed.strip()[:60]}” in its name. Try another part of the name."
    elif len(hits) > MOST_FOUND:
        hint = f"More than {MOST_FOUND} were found. Type more of the name to see others."
    field = forms.ModelChoiceField(
        queryset=offered, to_field_name="slug", label=label, required=not none, widget=Radios(), help_text=hint,
        error_messages={"invalid_choice": NOT_THERE, "required": missing},
    )  # fmt: skip
    field.widget.choices = [*([("", none)] if none else []), *listed.items()]
    form.fields[name] = field


def check_chosen(form: forms.Form, name: str) -> None:
    """Note a fault where a name was typed into the search box and none of those found was chosen. For a form's ``clean``."""
    searched = form.cleaned_data.get(f"{name}_search")
    if searched and not form.cleaned_data.get(name) and name not in form.errors:
        form.add_error(name, "Choose one of the organisations that were found, or clear the search box.")


def unchecked(form: forms.Form) -> None:
    """Let a bound form be drawn with what was typed and without a fault, after a search. It can't be saved then."""
    drawn: Any = form
    drawn._errors, drawn.cleaned_data = ErrorDict(), {}
