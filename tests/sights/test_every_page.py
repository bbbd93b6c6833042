"""No page is left out of those that are looked at."""

from pathlib import Path

from tests.house.door_table import DOORS
from tests.pages import NO_PAGES, SIGHTS


def test_every_page_that_somebody_may_read_is_looked_at() -> None:
    pages = {door.name for door in DOORS if "200" in door.answers("GET").values()}
    pages -= {name for name in pages if name.startswith("api:") and name != "api:docs"}
    seen = {sight.door for sight in SIGHTS}
    files = {"reporting:edition-download"}  # also a page, while there is no file
    print(f"{len(pages)} doors lead to pages, {len(NO_PAGES)} of them to something else")
    assert len(pages) > 40
    assert sorted(pages - seen - set(NO_PAGES) - files) == []
    assert sorted(seen & set(NO_PAGES)) == []
    assert sorted(set(NO_PAGES) - pages) == []
    assert len({sight.name for sight in SIGHTS}) == len(SIGHTS)


def test_each_kind_of_visitor_is_somebody_whose_pages_are_looked_at() -> None:
    files = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    visitors = {sight.who for sight in SIGHTS}
    assert len(visitors) > 5
    assert {
        who for who in visitors if not any(f'_url, "{who}")' in text or f'.url, "{who}")' in text for text in files)
    } == set()
