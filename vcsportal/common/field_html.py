"""One question of a form as HTML: label or legend, hint, error, control. Written in Python because forms have many of them.

A field's widget may carry ``character_limit``: then a count is shown.
"""

from django.forms import BoundField
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe


def is_group(field: BoundField) -> bool:
    """Whether the field is several controls under one legend. A list for several choices is drawn as checkboxes, so it is too."""
    widget = field.field.widget
    return bool(widget.use_fieldset or getattr(widget, "allow_multiple_selected", False))


def draw_field(field: BoundField, size: str = "s", *, page_heading: bool = False) -> SafeString:
    """Return the whole question.

    :param size: of its label: ``s``, ``m``, ``l``, or ``none`` for a plain one.
    :param page_heading: the question is the page's only one, so that its label is the ``h1``.
    """
    group, widget = is_group(field), field.field.widget
    if getattr(widget, "input_type", "") == "checkbox" and not group:
        return _single_checkbox(field)
    limit = getattr(widget, "character_limit", None)
    classes = "govuk-form-group" + (" govuk-character-count" if limit else "") + _error_class(field)
    count = ""
    if limit:
        count = f' data-module="govuk-character-count" data-maxlength="{limit}"'
        count += ' data-threshold="75"' if limit > 999 else ""
    draw = _fieldset if group else _labelled
    return mark_safe(f'<div class="{classes}"{count}>{draw(field, size, page_heading, _control(field, limit))}</div>')  # noqa: S308 - each part was escaped


def _single_checkbox(field: BoundField) -> SafeString:
    key = escape(field.auto_id)
    hint = (
        f'<div id="{key}_helptext" class="govuk-hint govuk-checkboxes__hint">{field.help_text}</div>'
        if field.help_text
        else ""
    )
    label = f'<label class="govuk-label govuk-checkboxes__label" for="{key}">{conditional_escape(field.label)}</label>'
    item = f'<div class="govuk-checkboxes__item">{field.as_widget()}{label}{hint}</div>'
    return mark_safe(  # noqa: S308 - each part was escaped, and help texts are the code's own
        f'<div class="govuk-form-group{_error_class(field)}">{_errors(field)}<div class="govuk-checkboxes">{item}</div></div>'
    )


def _fieldset(field: BoundField, size: str, page_heading: bool, control: str) -> str:
    key, label = escape(field.auto_id), conditional_escape(field.label)
    described = [f"{key}_helptext"] if field.help_text else []
    described += [f"{key}_error"] if field.errors else []
    about = f' aria-describedby="{" ".join(described)}"' if described else ""
    inside = f'<h1 class="govuk-fieldset__heading">{label}</h1>' if page_heading else label
    css = "govuk-fieldset__legend" + (f" govuk-fieldset__legend--{size}" if size != "none" else "")
    return f'<fieldset class="govuk-fieldset"{about}><legend class="{css}">{inside}</legend>{control}</fieldset>'


def _labelled(field: BoundField, size: str, page_heading: bool, control: str) -> str:
    css = "govuk-label" + (f" govuk-label--{size}" if size != "none" else "")
    label = f'<label class="{css}" for="{escape(field.auto_id)}">{conditional_escape(field.label)}</label>'
    return (f'<h1 class="govuk-label-wrapper">{label}</h1>' if page_heading else label) + control


def _control(field: BoundField, limit: int | None) -> str:
    key = escape(field.auto_id)
    hint = f'<div id="{key}_helptext" class="govuk-hint">{field.help_text}</div>' if field.help_text else ""
    count = ""
    if limit:
        count = f'<div id="{key}-info" class="govuk-hint govuk-character-count__message">You can write up to {limit:,} characters</div>'
    return f"{hint}{_errors(field)}{field.as_widget()}{count}"


def _errors(field: BoundField) -> str:
    return str(field.errors) if field.errors else ""  # a template, which most fields need not be shown


def _error_class(field: BoundField) -> str:
    return " govuk-form-group--error" if field.errors else ""
