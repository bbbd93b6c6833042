"""The fields of a form as what they are: Django keeps them all as plain fields."""

from typing import Any

from django import forms


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Return a field with choices. Raise :class:`TypeError` for another kind of field."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} has no choices of its own.")
    return field


def rows_field(form: forms.BaseForm, name: str) -> "forms.ModelChoiceField[Any]":
    """Return a field whose choices are rows. Raise :class:`TypeError` for another kind of field."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} has no rows to choose from.")
    return field
