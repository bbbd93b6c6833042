"""Form controls that GOV.UK's pattern has and Django's own lack: a hint beside each choice, a text box that counts."""

from collections.abc import Mapping
from typing import Any

from django import forms

from vcsportal.common.plain_texts import tidy_line_ends


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
    """A text box that shows how many characters are left. The limit is the form's to hold; nothing is cut.

    Browsers send CR LF at each line end. It is read as the LF that is stored, so that a line end counts as one character, as
    the line under the box counts it, and a text that nobody has changed equals the stored one.
    """

    def __init__(self, *, limit: int | None = None, rows: int = 5, **kwargs: Any) -> None:
        attrs = {"rows": rows, "cols": None, **kwargs.pop("attrs", {})}
        super().__init__(attrs=attrs, **kwargs)
        self.character_limit = limit

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return tidy_line_ends(value) if isinstance(value, str) else value
