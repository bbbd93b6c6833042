"""Choices of form controls as HTML. A list of fifty is drawn by a function: as a template, each choice costs as much as a page's head.

What goes in is Django's context of a widget; every text is escaped.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe


def options(widget: Mapping[str, Any]) -> SafeString:
    """Return the inside of a ``select``: its options, in groups where they have a heading."""
    parts = []
    for heading, choices, _ in widget["optgroups"]:
        inside = "".join(_option(choice) for choice in choices)
        parts.append(f'<optgroup label="{conditional_escape(heading)}">{inside}</optgroup>' if heading else inside)
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped


def _option(choice: Mapping[str, Any]) -> str:
    flags = _flags((("selected", choice["selected"]), ("disabled", choice["attrs"].get("disabled"))))
    return f'<option value="{escape(choice["value"])}"{flags}>{conditional_escape(choice["label"])}</option>'


def items(widget: Mapping[str, Any], kind: str, type_: str, draw_status: Callable[[Any], str]) -> SafeString:
    """Return radios or checkboxes, each with its label and hint.

    :param kind: ``radios`` or ``checkboxes``, part of GOV.UK's class names.
    :param type_: the type of the ``input``.
    :param draw_status: draws the status that stands in the place of a label.
    """
    base = widget["attrs"].get("id") or widget["name"]
    parts: list[str] = []
    first = True
    for heading, choices, _ in widget["optgroups"]:
        if heading:
            parts.append(format_html('<p class="app-choices__group">{}</p>', heading))
        for choice in choices:
            # The first has the number too, so that a link in the error summary finds it whatever its index is.
            key = f"{base}_0" if first else f"{base}_{choice['index']}"
            parts.append(_item(choice, kind, type_, escape(key), draw_status))
            first = False
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped


def _item(choice: Mapping[str, Any], kind: str, type_: str, key: str, draw_status: Callable[[Any], str]) -> str:
    status, hint = choice.get("status"), choice.get("hint")
    label = draw_status(status) if status else conditional_escape(choice["label"])
    flags = _flags((("checked", choice["selected"]), ("disabled", choice["attrs"].get("disabled"))))
    described = f' aria-describedby="{key}_hint"' if hint else ""
    below = (
        f'<div id="{key}_hint" class="govuk-hint govuk-{kind}__hint">{conditional_escape(hint)}</div>' if hint else ""
    )
    return (
        f'<div class="govuk-{kind}__item"><input class="govuk-{kind}__input" type="{type_}" name="{escape(choice["name"])}" '
        f'id="{key}" value="{escape(choice["value"])}"{flags}{described}>'
        f'<label class="govuk-label govuk-{kind}__label" for="{key}">{label}</label>{below}</div>'
    )


def _flags(named: Iterable[tuple[str, Any]]) -> str:
    return "".join(f" {name}" for name, there in named if there)


def boxes(chosen_from: Iterable[Any]) -> SafeString:
    """Return checkboxes that their form has sorted in its own way; each is a subwidget of a field."""
    drawn = (_item(box.data, "checkboxes", "checkbox", escape(box.id_for_label), str) for box in chosen_from)
    return mark_safe("".join(drawn))  # noqa: S308 - each part was escaped
