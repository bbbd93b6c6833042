"""What the tests are given for a page differs from it only in layout."""

import pytest

from tests.as_read import as_read


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("<p>\n    One\n    sentence.\n  </p>\n", "<p>One sentence.</p>"),
        ('<a\n  class="x"\n  href="/y/"\n>Go</a>', '<a class="x" href="/y/">Go</a>'),
        ('<input\n  value="a  b"\n  checked\n>', '<input value="a  b" checked>'),
        ("<li>\n  <a>One</a> <a>Two</a>\n</li>", "<li><a>One</a> <a>Two</a></li>"),
        ("<b>One</b>, two", "<b>One</b>, two"),
        ("<b>One</b>\n, two", "<b>One</b> , two"),
        ("<p>It ends\n.</p>", "<p>It ends .</p>"),
        ("<textarea>\n two\n  lines</textarea>", "<textarea>\n two\n  lines</textarea>"),
        ('<script>{"a":\n 1}</script>', '<script>{"a":\n 1}</script>'),
        ("<p>1 < 2</p>", "<p>1 < 2</p>"),
    ],
)
def test_a_page_is_read_without_its_layout(source, read):
    assert as_read(source) == read


def test_the_client_gives_pages_so(client, db):
    page = client.get("/accessibility/").text
    assert "\n" not in page.split("<main")[1].split("</main>")[0]
    assert page.startswith("<!DOCTYPE html><html ")
