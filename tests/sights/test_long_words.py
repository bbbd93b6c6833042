"""A word of 400 letters in everything that people wrote: no page becomes wider than a telephone."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page

from tests.long import only_in_test_all
from tests.pages import Visit, at_a_browser
from tests.sights.looking import TOO_WIDE
from tests.stack import Stack, running_portal

pytestmark = [
    pytest.mark.timeout(900),
    only_in_test_all,
]
LETTERS = 400
PAGES_OF_A_VIEW = 2
WRITE = f"""
from django.apps import apps
from django.db import DatabaseError, models, transaction

MACHINES = {{
    "act", "answer_code", "before", "browser", "checksum", "code", "detail_json", "digest", "encrypted", "facts_sha256",
    "form", "from_state", "gss_code", "html", "key", "language", "marker", "media_type", "message_id", "password",
    "previous", "print_sha256", "reference", "request_number", "result", "section", "session_data", "session_key",
    "sha256", "slug", "sort_name", "text_html", "to", "to_state", "confirms", "kind", "part", "trouble", "value",
}}
filled = 0
for floor in ("partners", "commitments", "reporting"):
    for model in apps.get_app_config(floor).get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, (models.CharField, models.TextField)) or field.choices or field.unique:
                continue
            if isinstance(field, (models.EmailField, models.SlugField)) or field.name in MACHINES:
                continue
            word = "W" * min(field.max_length or {LETTERS}, {LETTERS})
            if isinstance(field, models.URLField):
                word = "https://example.org/" + word[20:]
            try:
                with transaction.atomic():
                    filled += model.objects.exclude(**{{field.name: ""}}).update(**{{field.name: word}}) > 0
            except DatabaseError:
                continue  # what the database lets nobody change, such as what was sealed
print("filled", filled)
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A portal of its own, as all that people wrote there is overwritten."""
    with running_portal(tmp_path_factory.mktemp("portal"), wsgi="tests.sights.wsgi") as running:
        yield running


def walk(visit: Visit) -> tuple[list[str], int]:
    """Follow links from the first page to a few pages of every view; return what is too wide, and the pages seen."""
    page = visit.page
    page.set_default_timeout(60_000)  # the draft of a whole report is drawn for the page
    page.set_viewport_size({"width": 375, "height": 720})
    waiting, known, seen = ["/", "/my-work/"], {"/", "/my-work/"}, Counter[str]()
    found: list[str] = []
    while waiting:
        address = waiting.pop(0)
        view = name_of(address)
        if not view or seen[view] >= PAGES_OF_A_VIEW:
            continue
        seen[view] += 1
        visit.open(address)
        if (more := page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{view} {address} is {more} px too wide: {widest(page)}")
        for link in page.eval_on_selector_all(
            "a[href^='/']:not([download])", "all => all.map(a => a.getAttribute('href'))"
        ):
            path = urlsplit(link).path
            if path not in known:
                known.add(path)
                waiting.append(path)
    return found, seen.total()


def name_of(address: str) -> str:
    """Return the name of the page's view; "" for what is no page of the portal's own."""
    try:
        view = resolve(address).view_name
    except Resolver404:
        return ""
    if view.startswith(("api:", "dev-")) or "download" in address:
        return ""
    return "" if address.endswith((".pdf", ".docx", ".svg", ".txt", ".js", ".css")) else view


def widest(page: Page) -> str:
    """Return the innermost elements that reach beyond the window's edge."""
    return str(
        page.evaluate(
            """() => [...document.querySelectorAll('main *, header *, footer *, nav *')]
              .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'absolute')
              .filter((e, at, all) => !all.some(other => other !== e && e.contains(other)))
              .slice(0, 4).map(e => e.outerHTML.replace(/W{9,}/g, 'W…').slice(0, 160))"""
        )
    )


def test_no_page_is_wider_than_a_telephone_whatever_people_wrote(browser: Browser, stack: Stack) -> None:
    said = stack.manage("shell", "-v0", "-c", WRITE)
    assert int(said.split()[-1]) > 40, said
    found: list[str] = []
    for who, fewest in (("stranger", 15), ("officer", 30), ("partner", 15), ("steering", 15), ("administrator", 30)):
        visit = at_a_browser(browser, stack.url, who)
        faults, pages = walk(visit)
        visit.page.context.close()
        print(f"{who}: {pages} pages")
        assert pages >= fewest
        found += [f"{who}: {fault}" for fault in faults if fault not in "\n".join(found)]
    assert found == [], "\n".join(found)
