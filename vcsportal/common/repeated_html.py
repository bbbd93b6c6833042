"""Small pieces of pages that come by the dozen, as HTML. As templates, each of them costs as much as a paragraph.

Values may be objects or, as in the style guide, dictionaries. Every text is escaped.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.html import conditional_escape, escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

from vcsportal.common.dates import in_words

CLOCK: Final = (
    '<svg class="app-clock" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    '<circle class="app-clock__face" cx="12" cy="12" r="9.5"/><path class="app-clock__hands" d="M12 6v6.5l4 2.5"/></svg>'
)
"""The mark of a status that was reported more than a year ago. A full name or a word stands with it."""

MAX_LARGE_CHARACTERS: Final = 4
"""Characters of a reference that a tile shows in its usual size."""
MAX_LINE_CHARACTERS: Final = 7
"""Characters of a reference that a tile shows in one line, smaller; what is longer is broken."""


def _of(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def tiles(found: Iterable[Any], draw_shape: Callable[[Any], str]) -> SafeString:
    """Return the tiles of one row of the board.

    :param found: each with reference, status, url (a tile without one is not a link), label (its full name, read aloud and shown
        under the pointer), lit (False for a pale one) and stale (True for a hollow one with a clock).
    :param draw_shape: draws the symbol of a status.
    """
    drawn = (f"<li>{_tile(tile, draw_shape)}</li>" for tile in found)
    return mark_safe("".join(drawn))  # noqa: S308 - each part was escaped


def _tile(drawn: Any, draw_shape: Callable[[Any], str]) -> str:
    status, url = _of(drawn, "status"), _of(drawn, "url")
    css = f"app-tile status--{_of(status, 'tone') or 'none'}" + (
        " app-tile--pale" if _of(drawn, "lit") is False else ""
    )
    reference = str(_of(drawn, "reference") or "")
    inside = (
        f'<span class="app-tile__reference{_size(reference)}" aria-hidden="true">{escape(reference)}</span>'
        f'{draw_shape(status)}{CLOCK if _of(drawn, "stale") else ""}<span class="app-tile__name">{conditional_escape(_of(drawn, "label"))}</span>'
    )
    return f'<a class="{css}" href="{escape(url)}">{inside}</a>' if url else f'<span class="{css}">{inside}</span>'


def _size(reference: str) -> str:
    """Return the class that makes a reference of more than four characters small enough for its tile."""
    if len(reference) <= MAX_LARGE_CHARACTERS:
        return ""
    return f" app-tile__reference--{'long' if len(reference) <= MAX_LINE_CHARACTERS else 'longest'}"


def count_heads(statuses: Iterable[Any], draw_shape: Callable[[Any], str]) -> SafeString:
    """Return the heads of the columns of a table of counts, one for each status."""
    cells = (
        f'<th scope="col" class="govuk-table__header app-counts__status status--{status.tone or "none"}">'
        f'<span class="app-counts__shape">{draw_shape(status)}</span>{escape(status.label)}</th>'
        for status in statuses
    )
    return mark_safe("".join(cells))  # noqa: S308 - each part was escaped


def count_lines(lines: Iterable[Any]) -> SafeString:
    """Return lines of counts, each with title, url or "", counts and total. A count that is not shown is ""."""
    return mark_safe("".join(map(_count_line, lines)))  # noqa: S308 - each part was escaped


def _count_line(line: Any) -> str:
    title, url = escape(_of(line, "title") or "Whole strategy"), _of(line, "url")
    head = f'<a class="govuk-link" href="{escape(url)}">{title}</a>' if url else title
    cells = "".join(
        f'<td class="govuk-table__cell app-counts__count{"" if count else " app-counts__count--none"}">{escape(count)}</td>'
        for count in _of(line, "counts")
    )
    return (
        f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__header app-counts__title">{head}</th>{cells}'
        f'<td class="govuk-table__cell app-counts__count app-counts__count--all">{escape(_of(line, "total"))}</td></tr>'
    )


def happenings(items: Iterable[Any], level: int | str, draw_shape: Callable[[Any], str]) -> SafeString:
    """Return the items of a timeline, each with at, by, text, and detail, status, url and names (to fold away) or nothing.

    :param level: of their headings.
    """
    drawn = (_happening(item, int(level), draw_shape) for item in items)
    return mark_safe("".join(drawn))  # noqa: S308 - each part was escaped


def _happening(item: Any, level: int, draw_shape: Callable[[Any], str]) -> str:
    status, url, by, detail, names = (_of(item, name) for name in ("status", "url", "by", "detail", "names"))
    css, shape, text = "app-timeline__item", "", str(conditional_escape(_of(item, "text")))
    if status:
        css += f" status--{_of(status, 'tone') or 'none'}"
        shape = f'<span class="app-timeline__shape">{draw_shape(status)}</span>'
    if url:
        text = f'<a class="govuk-link" href="{escape(url)}">{text}</a>'
    at = _of(item, "at")
    at = timezone.localtime(at) if timezone.is_aware(at) else at
    who = f", {conditional_escape(by)}" if by else ""
    more = (
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">Show their names</span></summary>'
        f'<div class="govuk-details__text">{escape(", ".join(names))}</div></details>'
        if names
        else ""
    )
    more += (
        f'<div class="app-prose app-timeline__detail">{linebreaks(str(detail), autoescape=True)}</div>'
        if detail
        else ""
    )
    return (
        f'<li class="{css}">{shape}<h{level} class="app-timeline__text">{text}</h{level}><p class="app-timeline__when">'
        f'<time datetime="{at.isoformat()}">{in_words(at)}</time>{who}</p>{more}</li>'
    )


def menu_items(entries: Iterable[Any]) -> SafeString:
    """Return the entries of the menu, each with label, url and whether it is current."""
    return mark_safe("".join(map(_menu_item, entries)))  # noqa: S308 - each part was escaped


def _menu_item(entry: Any) -> str:
    label, url = str(escape(entry["label"])), escape(entry["url"])
    active, current = "", ""
    if entry["current"]:
        active, current = " govuk-service-navigation__item--active", ' aria-current="true"'
        label = f'<strong class="govuk-service-navigation__active-fallback">{label}</strong>'
    return (
        f'<li class="govuk-service-navigation__item{active}">'
        f'<a class="govuk-service-navigation__link" href="{url}"{current}>{label}</a></li>'
    )


def tasks(found: Iterable[Any], key: str, draw_state: Callable[[Any], str]) -> SafeString:
    """Return the items of a task list, each with title, url, hint, and tag (a state) or word (plain text).

    :param key: what the ids of this list begin with.
    :param draw_state: draws a state as a word.
    """
    items = (_task(task, f"task-{escape(key)}-{number}", draw_state) for number, task in enumerate(found, start=1))
    return mark_safe("".join(items))  # noqa: S308 - each part was escaped


def _task(task: Any, key: str, draw_state: Callable[[Any], str]) -> str:
    hint, tag = _of(task, "hint"), _of(task, "tag")
    below = f'<div class="govuk-task-list__hint">{conditional_escape(hint)}</div>' if hint else ""
    state = draw_state(tag) if tag else conditional_escape(_of(task, "word") or "")
    stacked = " app-stacked" if not tag and " " in state else ""  # several words would squeeze the title on a telephone
    return (
        f'<li class="govuk-task-list__item govuk-task-list__item--with-link{stacked}"><div class="govuk-task-list__name-and-hint">'
        f'<a class="govuk-link govuk-task-list__link" href="{escape(_of(task, "url"))}" aria-describedby="{key}">'
        f"{conditional_escape(_of(task, 'title'))}</a>{below}</div>"
        f'<div class="govuk-task-list__status" id="{key}">{state}</div></li>'
    )


def directory_items(rows: Iterable[Any]) -> SafeString:
    """Return the items of a directory, each with url, name, kind, districts, description, standing, formerly and successor,
    of which all but the first three may be empty."""
    return mark_safe("".join(map(_directory_item, rows)))  # noqa: S308 - each part was escaped


def _directory_item(row: Any) -> str:
    where = f'<span class="app-card__dot"> · </span>{escape(row.districts)}' if row.districts else ""
    about = f'<p class="govuk-body">{escape(row.description)}</p>' if row.description else ""
    tag = later = ""
    if row.standing:
        tag = f' <strong class="govuk-tag govuk-tag--{row.standing.tone}">{escape(row.standing.label)}</strong>'
    if row.successor:
        later = (
            f'<p class="govuk-body">Its work continues at <a class="govuk-link" href="{escape(row.successor.get_absolute_url())}">'
            f"{escape(row.successor.name)}</a>.</p>"
        )
    formerly = f'<p class="app-meta">Formerly {escape(row.formerly)}</p>' if row.formerly else ""
    return (
        f'<li><h3 class="govuk-heading-s app-directory__name"><a class="govuk-link" href="{escape(row.url)}">'
        f'{escape(row.name)}</a>{tag}</h3><p class="app-meta">{escape(row.kind)}{where}</p>{formerly}{about}{later}</li>'
    )
