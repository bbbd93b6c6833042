"""Form controls as HTML, from Django's context of a widget. As templates, a form of thirty questions takes longer than all
the rest of its page. Every value is escaped.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from vcsportal.common import choices_html

# The server says these rules itself, in our words; the browser's own bubbles and silent cutting stay out of the way.
BROWSER_RULES: Final = frozenset({"required", "maxlength", "minlength", "min", "max", "step", "pattern"})
_NO_SPELLING: Final = ' spellcheck="false" autocapitalize="none"'


def attributes(widget: Mapping[str, Any], css: str, drop: str = "") -> SafeString:
    """Return a control's attributes with GOV.UK's class ``css`` in front of its own, and ``css--error`` if it is in error.

    :param drop: names of further attributes to leave out, with spaces between them.
    """
    left_out = BROWSER_RULES | set(drop.split()) if drop else BROWSER_RULES
    attrs = {key: value for key, value in widget["attrs"].items() if key not in left_out}
    error = f"{css.split()[0]}--error" if css and attrs.get("aria-invalid") else ""
    classes = " ".join(filter(None, [css, error, attrs.pop("class", "")]))
    pairs = [("class", classes)] if classes else []
    pairs += [
        (key, key if value is True else value)
        for key, value in attrs.items()
        if value is not None and value is not False
    ]
    joined = " ".join(f'{escape(key)}="{conditional_escape(value)}"' for key, value in pairs)
    return mark_safe(joined)  # noqa: S308 - each part was escaped


def control(
    widget: Mapping[str, Any], type_: str, css: str = "govuk-input", more: str = "", drop: str = ""
) -> SafeString:
    """Return an ``input``.

    :param more: further attributes as HTML, with a space in front.
    :param drop: as in :func:`attributes`.
    """
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    name, attrs = escape(widget["name"]), attributes(widget, css, drop)
    return mark_safe(f'<input type="{escape(type_)}"{more} name="{name}"{value} {attrs}>')  # noqa: S308 - each part was escaped


def text(widget: Mapping[str, Any]) -> SafeString:
    """Return a box for a line of text. Days and times are typed as text, too."""
    return control(widget, "text")


def number(widget: Mapping[str, Any]) -> SafeString:
    """Return a text box: a number box of the browser changes its value under the wheel and drops what it can't read."""
    step = widget["attrs"].get("step")
    keys = "decimal" if step and step != 1 else "numeric"
    return control(widget, "text", more=f' inputmode="{keys}" spellcheck="false"')


def any_type(widget: Mapping[str, Any]) -> SafeString:
    """Return an input of the type that its widget names."""
    return control(widget, widget["type"])


def email(widget: Mapping[str, Any]) -> SafeString:
    """Return a box for an email address."""
    return control(widget, "email", more=_NO_SPELLING)


def password(widget: Mapping[str, Any]) -> SafeString:
    """Return a box for a password."""
    return control(widget, "password", more=_NO_SPELLING)


def hidden(widget: Mapping[str, Any]) -> SafeString:
    """Return a hidden value."""
    return control(widget, "hidden", "", drop="aria-invalid aria-describedby")


def checkbox(widget: Mapping[str, Any]) -> SafeString:
    """Return a checkbox without its label."""
    return control(widget, "checkbox", "govuk-checkboxes__input")


def textarea(widget: Mapping[str, Any]) -> SafeString:
    """Return a text box of several lines."""
    attrs = attributes(widget, "govuk-textarea govuk-js-character-count")
    inside = conditional_escape(widget["value"]) if widget["value"] else ""
    return mark_safe(f'<textarea name="{escape(widget["name"])}" {attrs}>\n{inside}</textarea>')  # noqa: S308 - each part was escaped


def select(widget: Mapping[str, Any]) -> SafeString:
    """Return a list to choose one thing from."""
    attrs, inside = attributes(widget, "govuk-select"), choices_html.options(widget)
    return mark_safe(f'<select name="{escape(widget["name"])}" {attrs}>{inside}</select>')  # noqa: S308 - each part was escaped
