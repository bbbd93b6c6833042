"""Draws forms (``FORM_RENDERER``): questions and controls by functions, what is rarer by the templates in ``templates/django/forms``."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from django.forms.renderers import TemplatesSetting
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from vcsportal.common import choices_html, widget_html
from vcsportal.common.field_html import draw_field

Draw = Callable[[Mapping[str, Any]], str]


@cache
def _draw_status(status: Any) -> str:
    return render_to_string("components/_status_tag.html", {"status": status})


def choices(widget: Mapping[str, Any], kind: str, type_: str) -> SafeString:
    """Return radios or checkboxes; an option may carry ``hint`` and ``status``.

    :param kind: ``radios`` or ``checkboxes``, part of GOV.UK's class names.
    :param type_: the type of the ``input``.
    """
    css = widget["attrs"].get("class")
    more = f" {conditional_escape(css)}" if css else ""
    inside = choices_html.items(widget, kind, type_, _draw_status)
    return mark_safe(f'<div class="govuk-{kind}{more}">{inside}</div>')  # noqa: S308 - each part was escaped


def _radios(widget: Mapping[str, Any]) -> SafeString:
    return choices(widget, "radios", "radio")


def _checkboxes(widget: Mapping[str, Any]) -> SafeString:
    return choices(widget, "checkboxes", "checkbox")


def _select(widget: Mapping[str, Any]) -> SafeString:
    return _checkboxes(widget) if widget["attrs"].get("multiple") else widget_html.select(widget)


def _several(widget: Mapping[str, Any]) -> SafeString:
    parts = (_WIDGETS[part["template_name"]](part) for part in widget["subwidgets"])
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped


_WIDGETS: Final[Mapping[str, Draw]] = {
    f"django/forms/widgets/{name}.html": draw
    for name, draw in {
        "text": widget_html.text, "date": widget_html.text, "datetime": widget_html.text, "time": widget_html.text,
        "number": widget_html.number, "input": widget_html.any_type, "email": widget_html.email, "password": widget_html.password,
        "hidden": widget_html.hidden, "checkbox": widget_html.checkbox, "textarea": widget_html.textarea,
        "url": widget_html.any_type, "search": widget_html.any_type, "tel": widget_html.any_type, "color": widget_html.any_type,
        "multiwidget": _several, "multiple_hidden": _several, "splitdatetime": _several, "splithiddendatetime": _several,
        "select": _select, "radio": _radios, "checkbox_select": _checkboxes,
    }.items()
}  # fmt: skip


class FormRenderer(TemplatesSetting):
    """Django's renderer of templates, which is asked only for what no function draws."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        if draw := _WIDGETS.get(template_name):
            return SafeString(draw(context["widget"]))
        if template_name == self.field_template_name:
            return draw_field(context["field"])
        if template_name.startswith("django/forms/errors/list/") and not context["errors"]:
            return SafeString()
        return SafeString(super().render(template_name, context, request))
