"""Small things that templates need: dates, numbers, statuses by their code, attributes of form fields. They decide nothing."""

import datetime
import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from commitments.rules import references, stances
from commitments.rules import status as statuses
from commitments.rules.kinds import GENERAL, Nouns
from vcsportal.common import choices_html, languages, plurals, repeated_html, widget_html
from vcsportal.common import markdown as markdown_subset
from vcsportal.common.excerpts import ExcerptPart
from vcsportal.common.field_html import draw_field, is_group
from vcsportal.common.states import State
from vcsportal.help_pages import picture_sizes

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
register = template.Library()


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """Return a date as ``12 March 2025``, in the portal's time zone; nothing for nothing."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value.day} {value:%B %Y}"


@register.filter
def anchor(reference: str) -> str:
    """Return the part of an id that is made of a reference, whatever characters the reference has."""
    return references.anchor(reference)


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """Return a point in time as ``12 March 2025, 2:05pm``; nothing for nothing."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


@register.filter
def beside(values: Sequence[Any], titles: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return pairs of a title and its value."""
    return list(zip(titles, values, strict=True))


@register.filter
def lang(tag: str) -> SafeString:
    """Return the attributes of an element whose words are in a language: `` lang="cy"``; nothing for the portal's own."""
    return languages.attributes(tag or "")


@register.filter
def in_language(words: Any, tag: str) -> SafeString | str:
    """Return words that stand within an English sentence with the language that they are in."""
    return languages.marked(words, tag or "")


@register.filter
def as_number(value: Any) -> str:
    """Return a number with commas (``1,234``); nothing for nothing, and words as they are."""
    if value is None or value == "":
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def reworded(text: str, nouns: Nouns) -> str:
    """Return one of the portal's own sentences with a strategy's nouns: ``"See all commitments"|reworded:strategy.nouns``."""
    return nouns.reworded(text)


@register.filter
def defined_for(status: statuses.Status | stances.Stance, nouns: Nouns) -> str:
    """Return the definition of a status in the nouns of a strategy."""
    return nouns.reworded(status.definition)


@register.filter
def counted(count: int | None, noun: str) -> str:
    """Return ``3 commitments`` for ``3|counted:"commitment"``; a plural that no rule gives follows a comma. Nothing for nothing."""
    if count is None:
        return ""
    singular, _, many = noun.partition(",")
    return plurals.counted(count, singular, many)


@register.filter
def noun(count: int, noun: str) -> str:
    """Return the noun alone in the form that goes with the number."""
    singular, _, many = noun.partition(",")
    return plurals.noun(count, singular, many)


@register.filter
def agree(count: int, forms: str) -> str:
    """Return the word that goes with the number: ``1|agree:"stands,stand"`` is ``stands``."""
    singular, _, many = forms.partition(",")
    return plurals.agree(count, singular, many)


@register.filter
def as_status(code: str | None) -> statuses.Status:
    """Return the :class:`~commitments.rules.status.Status` of a code; no code is "No update yet"."""
    return statuses.of(code or "")


@register.filter
def markdown(text: str | None) -> SafeString:
    """Return the Markdown subset as clean HTML."""
    return markdown_subset.to_html(text or "")


@register.filter
def with_marks(parts: Sequence[ExcerptPart]) -> SafeString:
    """Return the parts of a text as one, the words that were looked for marked."""
    return format_html_join("", "{}", ((_mark(part),) for part in parts))


def _mark(part: ExcerptPart) -> SafeString | str:
    return format_html("<mark>{}</mark>", part.text) if part.found else part.text


@register.filter
def host(url: str) -> str:
    """Return the host of an address, to show where a link leads."""
    return urlsplit(url).hostname or url


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    """Return ``mapping[key]`` for keys that a template's dots can't reach; nothing where there is none."""
    return mapping.get(key)


register.filter("is_group", is_group)


@register.simple_tag
def question(field: BoundField, size: str = "s", page_heading: Any = False) -> SafeString:
    """Return one question of a form: see :func:`vcsportal.common.field_html.draw_field`."""
    return draw_field(field, size, page_heading=bool(page_heading))


@register.filter
def focus_id(field: BoundField) -> str:
    """Return the id of the control that a link in the error summary moves to: for groups, their first choice."""
    return f"{field.auto_id}_0" if is_group(field) else str(field.auto_id)


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Return the numbers that a pagination shows: first, last, this one and its neighbours, with ``None`` for a gap."""
    shown = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return [number if isinstance(number, int) else None for number in shown]


@register.simple_tag
def control(widget: dict[str, Any], css: str, drop: str = "") -> SafeString:
    """Return a control's attributes with GOV.UK's class ``css`` in front of its own, and ``css--error`` if it is in error.

    :param drop: names of further attributes to leave out, with spaces between them.
    """
    return widget_html.attributes(widget, css, drop)


@register.simple_tag
@cache
def status_shape(status: statuses.Status | stances.Stance) -> SafeString:
    """Return the symbol of a status. There are a few of them and a page has dozens, so each is drawn once."""
    return render_to_string("components/_status_shape.html", {"status": status})


@register.simple_tag
@cache
def state_tag(state: State) -> SafeString:
    """Return the state of something as a word; of these there are a few, too."""
    return render_to_string("components/_state_tag.html", {"state": state})


@register.simple_tag
@cache
def status_key(words: tuple[statuses.Status, ...], stale: bool = False, nouns: Nouns = GENERAL) -> SafeString:
    """Return what the shapes mean, which is the same on every page with these statuses.

    :param stale: whether it explains the mark of a status that was reported more than a year ago.
    :param nouns: what the strategy calls its priorities and commitments.
    """
    clock = mark_safe(repeated_html.CLOCK) if stale else ""  # noqa: S308 - our own
    return render_to_string("components/_status_key.html", {"statuses": words, "clock": clock, "nouns": nouns})


@register.simple_tag
def response_key(words: tuple[stances.Stance, ...]) -> SafeString:
    """Return what the shapes of responses mean."""
    values = {"statuses": words, "nouns": GENERAL, "summary": "What the responses mean"}
    return render_to_string("components/_status_key.html", values)


@register.simple_tag(takes_context=True)
def page_foot(context: template.Context) -> SafeString:
    """Return the foot of every page, which says nothing of its page."""
    return _draw_foot(**(context.get("portal") or {}))  # a page of a refusal may have no context


@cache
def _draw_foot(**portal: Any) -> SafeString:
    return render_to_string("components/_footer.html", {"portal": portal})


@register.simple_tag
def tiles(found: Sequence[Any]) -> SafeString:
    """Return the tiles of one row of the board: see :func:`vcsportal.common.repeated_html.tiles`."""
    return repeated_html.tiles(found, status_shape)


@register.simple_tag
def count_heads(words: Sequence[statuses.Status]) -> SafeString:
    """Return the heads of a table of counts."""
    return repeated_html.count_heads(words, status_shape)


@register.simple_tag
def count_lines(lines: Sequence[Any]) -> SafeString:
    """Return lines of counts."""
    return repeated_html.count_lines(lines)


@register.simple_tag
def count_line(line: Any) -> SafeString:
    """Return one line of counts."""
    return repeated_html.count_lines([line])


@register.simple_tag
def happenings(items: Sequence[Any], level: int | str = 3) -> SafeString:
    """Return the items of a timeline."""
    return repeated_html.happenings(items, level or 3, status_shape)


@register.simple_tag
def menu_items(entries: Sequence[Any]) -> SafeString:
    """Return the entries of the menu."""
    return repeated_html.menu_items(entries)


@register.simple_tag
def directory_items(rows: Sequence[Any]) -> SafeString:
    """Return the items of a directory."""
    return repeated_html.directory_items(rows)


@register.simple_tag
def checkboxes(boxes: Sequence[Any]) -> SafeString:
    """Return checkboxes that a form has sorted: see :func:`vcsportal.common.choices_html.boxes`."""
    return choices_html.boxes(boxes)


@register.simple_tag
def task_items(tasks: Sequence[Any], key: str) -> SafeString:
    """Return the items of a task list; ``key`` is what their ids begin with."""
    return repeated_html.tasks(tasks, key, state_tag)


@register.simple_tag
def joined(*words: Any, sep: str = " ") -> SafeString:
    """Return the words that are not empty, escaped, with ``sep`` between them."""
    return format_html_join(format_html("{}", sep), "{}", ((conditional_escape(word),) for word in words if word))


@register.simple_tag
def sent_once() -> SafeString:
    """Return the hidden field by which a form that makes something is known when it is sent again.

    Its view stands behind :func:`partners.page_parts.sent_once.sent_once`.
    """
    return format_html('<input type="hidden" name="form_once" value="{}">', uuid.uuid4())


@register.inclusion_tag("components/_help_picture.html")
def help_picture(name: str, alt: str) -> dict[str, Any]:
    """Return the values of one picture of a help page, by its name; ``alt`` says what it shows."""
    width, height = picture_sizes()[name]
    return {"image": f"images/help/{name}.webp", "alt": alt, "width": width, "height": height}


@register.filter
def as_file_size(count: int | None) -> str:
    """Return a file's size in bytes as people write it: ``608 KB``, ``1.2 MB``; never a fraction of a kilobyte.

    A kilobyte has 1,024 bytes here. The number and its unit stay on one line. Nothing for nothing.
    """
    if count is None:
        return ""
    kilobytes = count / 1024
    if kilobytes < 1:
        return plurals.counted(count, "byte").replace(" ", NO_BREAK)
    if round(kilobytes) < 1024:
        return f"{round(kilobytes):,}{NO_BREAK}KB"
    megabytes = kilobytes / 1024
    return f"{megabytes:,.1f}".removesuffix(".0") + f"{NO_BREAK}MB"
