"""Form controls that GOV.UK's pattern has and Django's own lack: a hint beside each choice, a text box that counts."""

from collections.abc import Mapping
from typing import Any

from django import forms


class _Hinted:
    """Adds ``hint`` and ``status`` to the choices, for :func:`vcsportal.form_renderer.choices`.

    :param hints: a sentence under a choice, by the choice's value.
    :param statuses: what is drawn in the place of a choice's label (shape and word), by the choice's value.
    """

    def __init__(
        self, *, hints: Mapping[str, str] | None = None, statuses: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.hints = hints or {}
        self.statuses = statuses or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]  # mixed in before a widget that has it
        return {**option, "hint": self.hints.get(str(value), ""), "status": self.statuses.get(str(value))}


class Radios(_Hinted, forms.RadioSelect):
    """Radios with hints."""


class Checkboxes(_Hinted, forms.CheckboxSelectMultiple):
    """Checkboxes with hints."""


class TextBox(forms.Textarea):
    """A text box that shows how many characters are left. The limit is the form's to hold; nothing is cut."""

    def __init__(self, *, limit: int | None = None, rows: int = 5, **kwargs: Any) -> None:
        attrs = {"rows": rows, "cols": None, **kwargs.pop("attrs", {})}
        super().__init__(attrs=attrs, **kwargs)
        self.character_limit = limit
