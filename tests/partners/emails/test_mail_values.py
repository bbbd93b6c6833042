"""What people type stands in an email as words: no link, no heading, no list, no line of its own, no live address."""

import re

import pytest

from partners.emails import composing
from partners.emails.values import Markdown, in_email, one_line, quoted, without_live_addresses

OURS = {"portal_url": "https://portal.example.org", "contact_email": "help_desk@example.org"}


def shown(source: str) -> tuple[str, str]:
    """Both halves of an email: the words that the html half shows with its tags, and the plain half."""
    page = composing.as_html(source, subject="S", values=composing.about_portal())
    return page.split("<main>")[1].split("</main>")[0].strip(), composing.as_text(source).rstrip("\n")


@pytest.mark.parametrize(
    "words",
    [
        "# A heading", "1. A list", "2) Another", "- a dash", "+ a plus", "* a star", "> a quotation", "*loud* and __louder__",
        "`code`", "===", "---", "<b>bold</b> & &amp; &#42;", "back\\slash \\* \\", "[words](there)", "![picture](there)", "~~~", "|a|b|",
        "Rowan_Trust_North", "5 * 5 * 5", "A:B",
    ],
)  # fmt: skip
def test_marks_are_shown_as_they_were_typed(words):
    page, plain = shown(in_email(words, OURS))
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert page == f"<p>{escaped}</p>"
    assert plain == words


@pytest.mark.parametrize(
    "between", ["\n", "\r\n", "\r", "\n\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\t", "  ", "\x00", "\ue000"]
)
def test_a_value_is_one_line(between):
    assert one_line(f" Dear{between}Resident ") == "Dear Resident"


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\u00ad"])
def test_letters_that_hide_or_turn_others_are_left_out(letter):
    assert one_line(f"Row{letter}an") == "Rowan"


def test_letters_that_scripts_need_stay():
    assert one_line("می\u200cخواهم and Ṣọlá e\u0301") == "می\u200cخواهم and Ṣọlá e\u0301"


@pytest.mark.parametrize(
    ("typed", "broken"),
    [
        ("see https://evil.example/refund now", "see https: //evil[.]example/refund now"),
        ("ftp://evil.example", "ftp: //evil[.]example"),
        ("www.evil.co.uk", "www[.]evil[.]co[.]uk"),
        ("evil.xn--p1ai", "evil[.]xn--p1ai"),
        ("пример.рф", "пример[.]рф"),
        ("write to me@evil.example.", "write to me@evil[.]example."),
        ("mailto:me@evil.example", "mailto: me@evil[.]example"),
        ("javascript:alert(1)", "javascript: alert(1)"),
        ("a.b.evil.com", "a[.]b[.]evil[.]com"),
    ],
)
def test_an_address_is_visibly_broken_up(typed, broken):
    assert without_live_addresses(typed) == broken


@pytest.mark.parametrize(
    "typed", ["It ended. Then 1.3 of 2.5, e.g. St. Mary’s", "minutes.pdf and list.XLSX", "3.14", "Say: yes"]
)
def test_what_is_no_address_stays(typed):
    assert without_live_addresses(typed) == typed


def test_breaking_up_a_long_text_takes_no_time():
    assert without_live_addresses("a." * 10_000).count(".") == 10_000


@pytest.mark.parametrize(
    ("address", "live"),
    [
        ("https://portal.example.org/a_b/?c=d#e", True),
        ("https://portal.example.org", True),
        ("https://portal.example.org.evil.example/", False),
        ("https://portal.example.org@evil.example/", False),
        ("https://portal.example.org/ https://evil.example/", False),
        ("https://portal.example.org/](https://evil.example/", False),
    ],
)
def test_the_portals_own_addresses_alone_are_live(address, live):
    source = in_email(address, OURS)
    page, plain = shown(source)
    assert (f'href="{address}"' in page) is live
    assert ("href" in page) is live
    assert (plain == address) is live
    assert "https://evil" not in plain


def test_without_an_address_of_its_own_no_address_is_live():
    assert "href" not in shown(in_email("https://evil.example/", {"portal_url": ""}))[0]


def test_our_own_email_address_is_whole():
    assert shown(in_email("help_desk@example.org", OURS)) == ("<p>help_desk@example.org</p>", "help_desk@example.org")
    assert shown(in_email("them@example.org", OURS))[1] == "them@example[.]org"


def test_a_quotation_keeps_lines_and_paragraphs_and_nothing_else():
    page, plain = shown(quoted("# First\r\nsecond *line*\n\n\n   \n[x](https://evil.example)\n> y"))
    assert plain == "> # First\n> second *line*\n>\n> [x](https: //evil[.]example)\n> > y"
    tags = re.findall(r"<(\w+)", page)
    assert tags == ["blockquote", "p", "br", "p", "br"]
    assert quoted(" \n ") == ""


def test_markdown_of_ours_enters_as_it_is():
    assert in_email(Markdown("> *x*"), OURS) == "> *x*"
