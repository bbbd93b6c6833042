"""The help pages as a kind of the search: each task on them is found by its heading and its steps."""

import html
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags

from vcsportal.common.excerpts import WORD, made_of
from vcsportal.common.search_kinds import Hit, SearchKind
from vcsportal.common.word_search import FEWEST_LETTERS_OF_A_BEGINNING, MAX_WORD_CHARACTERS
from vcsportal.help_pages import HELP_PAGES

_TASK: Final = re.compile(r'<h2[^>]* id="(?P<id>[^"]+)"[^>]*>(?P<title>.*?)</h2>(?P<text>.*?)(?=<h2|\Z)', re.DOTALL)
_TEMPLATE_TAGS: Final = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _HelpTask:
    """One task of a help page, and its words: as they are written, as stems, and each joined to the next."""

    title: str
    url: str
    page: str
    text: str
    written: frozenset[str]
    stems: frozenset[str]
    joined: frozenset[str]
    of_title: frozenset[str]

    def has(self, written: str, stem: str) -> bool:
        """Whether one of its words begins with this one, has its stem, or is it together with the next."""
        whole = len(written) < FEWEST_LETTERS_OF_A_BEGINNING
        return (
            written in self.written
            or (not whole and any(word.startswith(written) for word in self.written))
            or bool(stem and stem in self.stems)
            or written in self.joined
        )


@cache
def _tasks() -> tuple[_HelpTask, ...]:
    written = [
        (
            f"{reverse('help-page', args=[page.slug])}#{found['id']}",
            page.title,
            _plain(found["title"]),
            _plain(found["text"]),
        )
        for page in HELP_PAGES
        for found in _TASK.finditer(_source(page.slug))
    ]
    known = made_of(word for _, _, title, text in written for word in _words(title, text))
    return tuple(_task(url, page, title, text, known) for url, page, title, text in written)


def _source(slug: str) -> str:
    path = Path(settings.BASE_DIR) / "templates" / "pages" / "help" / f"{slug}.html"
    return _TEMPLATE_TAGS.sub(" ", path.read_text())


def _plain(markup: str) -> str:
    return " ".join(html.unescape(strip_tags(markup)).split())


def _words(title: str, text: str) -> list[str]:
    return WORD.findall(f"{title}. {text}")


def _task(url: str, page: str, title: str, text: str, known: Mapping[str, tuple[str, str]]) -> _HelpTask:
    words = [word[:MAX_WORD_CHARACTERS] for word in _words(title, text)]
    written = [known[word][0] for word in words]
    return _HelpTask(
        title, url, page, text, frozenset(written), frozenset(known[word][1] for word in words) - {""},
        frozenset(first + second for first, second in itertools.pairwise(written)),
        frozenset(known[word[:MAX_WORD_CHARACTERS]][0] for word in WORD.findall(title)),
    )  # fmt: skip


def _find(words: Sequence[str], today: date) -> list[int]:
    pairs = [first + second for first, second in itertools.pairwise(words)]
    known = made_of([*words, *pairs])
    ways = [[word, *pairs[max(place - 1, 0) : place + 1]] for place, word in enumerate(words)]
    keys = [
        place for place, task in enumerate(_tasks()) if all(any(task.has(*known[way]) for way in each) for each in ways)
    ]
    return sorted(keys, key=lambda key: not all(known[word][0] in _tasks()[key].of_title for word in words))


def _show(keys: Sequence[int], today: date) -> list[Hit]:
    return [Hit(title=task.title, url=task.url, texts=(task.text,), about=f"Help: {task.page}") for task in map(_tasks().__getitem__, keys)]  # fmt: skip


KIND: Final = SearchKind("help", "Help", _find, _show, lambda today: (f"{task.title} {task.text}" for task in _tasks()))
