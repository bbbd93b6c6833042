"""What may be inside a PDF: links that people follow, and nothing that acts, fetches or holds other files."""

import io
import re

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from commitments.files.pdf import check_pdf
from commitments.files.uploads import check_upload
from tests.commitments import sample_files
from vcsportal.common.words import Refused

PROGRAM = "“a.pdf” contains a program that runs when it is opened."
FILES = "“a.pdf” contains other files."
MOVING = "“a.pdf” contains film, sound or a 3D model."
UNASKED = "“a.pdf” opens an address or sends something without anybody asking."
OTHER_FILE = "“a.pdf” reaches for another file on a computer or network ("


def act(kind: str, **more) -> dict[str, object]:
    """An action in plain values: an object of a PDF can't outlive its document."""
    return named(S=f"/{kind}", **more)


def named(**entries) -> dict[str, object]:
    return {f"/{key}": value for key, value in entries.items()}


def built(value):
    """The same as objects of a PDF. ``/Word`` is a name."""
    if isinstance(value, dict):
        return Dictionary({key: built(one) for key, one in value.items() if one is not None})
    if isinstance(value, list):
        return Array([built(one) for one in value if one is not None])
    if isinstance(value, str):
        return Name(value) if re.fullmatch(r"/\w+", value) else String(value)
    return value


def made(change) -> bytes:
    """A PDF of one page; ``change`` is given the document, its catalogue and its page."""
    document = pikepdf.new()
    document.add_blank_page()
    change(document, document.Root, document.pages[0].obj)
    out = io.BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def link(action, **more):
    """A page with one thing to click."""

    def change(document, root, page):
        page.Annots = Array([document.make_indirect(built(named(Subtype="/Link", A=action, **more)))])

    return change


def opening(action):
    def change(document, root, page):
        root.OpenAction = document.make_indirect(built(action))

    return change


def more_actions(place: str):
    """The same action as an additional one: of the document, a page, an annotation or a field."""

    def with_action(action):
        def change(document, root, page):
            actions = Dictionary(O=built(action))
            if place == "document":
                root.AA = actions
            elif place == "page":
                page.AA = document.make_indirect(actions)
            elif place == "annotation":
                page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, AA=actions)])
            else:
                root.AcroForm = Dictionary(Fields=Array([document.make_indirect(Dictionary(FT=Name.Tx, AA=actions))]))

        return change

    return with_action


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        check_upload("a.pdf", data)
    return refused.value.sentence


@pytest.mark.parametrize(
    "change",
    [
        link(act("URI", URI="https://example.org/a?b")),
        link(act("URI", URI="mailto:a@example.org")),
        link(act("URI", URI="www.example.org")),
        link(act("GoTo", D="chapter")),
        link(act("SubmitForm", F="https://example.org/form")),
        opening(act("GoTo", D="chapter")),
        opening(act("Named", N="/NextPage")),
        lambda document, root, page: root.update({"/OpenAction": Array([page, Name.Fit])}),
    ],
)
def test_links_and_the_page_that_is_shown_first_are_kept(change):
    assert check_upload("a.pdf", made(change)).suffix == ".pdf"


@pytest.mark.parametrize(
    "where",
    [opening, *map(more_actions, ("document", "page", "annotation", "field"))],
    ids=["opening", "document", "page", "annotation", "field"],
)
@pytest.mark.parametrize(
    "action",
    [
        act("URI", URI="https://example.org/"),
        act("SubmitForm", F="https://example.org/"),
        act("GoTo", D="a", Next=act("URI", URI="https://example.org/")),
        act("GoTo", D="a", Next=[act("Named", N="/NextPage"), act("SubmitForm")]),
        act("ResetForm"),
        act("Whatever"),
    ],
    ids=["uri", "submit", "next", "next of several", "reset", "unknown"],
)
def test_nothing_is_opened_or_sent_without_asking(where, action):
    assert refusal(made(where(action))).startswith(UNASKED)


def test_actions_that_follow_upon_each_other_in_a_circle_come_to_an_end():
    def change(document, root, page):
        first = document.make_indirect(built(act("GoTo", D="a")))
        second = document.make_indirect(Dictionary(S=Name.GoTo, Next=first))
        first.Next = second
        root.OpenAction = first

    assert check_upload("a.pdf", made(change)).suffix == ".pdf"


def test_more_actions_than_anybody_needs_are_a_damaged_file():
    def change(document, root, page):
        root.OpenAction = built(act("GoTo", Next=[act("GoTo", D="a") for _ in range(1100)]))

    assert refusal(made(change)).startswith("“a.pdf” is a damaged PDF.")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (link(act("JavaScript", JS="x")), PROGRAM),
        (link(act("Launch", F="calc.exe")), PROGRAM),
        (link(act("ImportData", F="x")), PROGRAM),
        (link(act("Rendition", JS="x")), PROGRAM),
        (link(act("Launch"), Parent=[[[]]]), PROGRAM),
        (lambda d, root, p: root.update({"/AcroForm": Dictionary(XFA="x")}), PROGRAM),
        (lambda d, root, p: root.update({"/Names": Dictionary(JavaScript=Dictionary(Names=["a", act("JavaScript", JS="x")]))}), PROGRAM),
        (lambda d, root, p: root.update({"/Names": Dictionary(EmbeddedFiles=Dictionary(Names=[]))}), FILES),
        (lambda d, root, p: root.update({"/Collection": Dictionary()}), FILES),
        (lambda d, root, p: root.update({"/X": Dictionary(EF=Dictionary())}), FILES),
        (lambda d, root, p: root.update({"/X": d.make_stream(b"names", Type=Name.EmbeddedFile)}), FILES),
        (link(act("GoToE", T=named())), FILES),
        (lambda d, root, page: page.update({"/Annots": Array([Dictionary(Subtype=Name.FileAttachment)])}), FILES),
        (lambda d, root, page: page.update({"/Annots": Array([Dictionary(Subtype=Name.RichMedia)])}), MOVING),
        (lambda d, root, page: page.update({"/Annots": Array([Dictionary(Subtype=Name.Screen)])}), MOVING),
        (link(act("Movie")), MOVING),
        (link(act("GoToR", F="\\\\server\\share\\x.pdf")), OTHER_FILE + "\\\\server\\share\\x.pdf)"),
        (link(act("GoToR", F=named(F="x", UF="//server/x.pdf"))), OTHER_FILE + "//server/x.pdf)"),
        (opening(act("GoToR", F="chapter2.pdf")), OTHER_FILE),
        (link(act("Thread", F="x.pdf")), OTHER_FILE),
        (link(act("URI", URI="file:///c:/x.exe")), OTHER_FILE),
        (link(act("URI", URI="\\\\server\\share")), OTHER_FILE),
        (link(act("URI", URI="java\tscript:alert(1)")), OTHER_FILE),
        (lambda d, root, p: root.update({"/X": d.make_stream(b"", F=String("x"))}), OTHER_FILE),
        (lambda d, root, p: root.update({"/X": d.make_stream(b"", Subtype=Name.Form, Ref=Dictionary())}), OTHER_FILE),
    ],
)  # fmt: skip
def test_programs_files_and_links_to_files_are_refused_wherever_they_are(change, sentence):
    assert refusal(made(change)).startswith(sentence)


def test_what_is_written_deep_inside_is_found_or_refused():
    def nested(depth):
        def change(document, root, page):
            thing = built(act("Launch", F="x"))
            for _ in range(depth):
                thing = Array([thing])
            root.X = thing

        return change

    assert refusal(made(nested(40))).startswith(PROGRAM)
    assert refusal(made(nested(90))).startswith("“a.pdf” is a damaged PDF.")


def test_names_written_as_numbers_are_read():
    data = sample_files.pdf().replace(
        b"/Type /Catalog", b"/Type /Catalog /Open#41ction << /#53 /#55RI /URI (https://a) >>"
    )
    assert b"#41ction" in data
    assert refusal(data).startswith(UNASKED)


def test_looking_ends_in_time():
    with pytest.raises(Refused, match=r"“a\.pdf” takes too long to check\."):
        check_pdf("a.pdf", sample_files.pdf(), seconds=-1)


KEYS = st.sampled_from(["/S", "/AA", "/OpenAction", "/Next", "/A", "/F", "/Type", "/EF", "/URI", "/Kids"])
VALUES = st.recursive(
    st.sampled_from(["/URI", "/GoTo", "/GoToR", "x", 3, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_whatever_stands_where_is_kept_or_met_with_a_sentence(entries):
    def change(document, root, page):
        for key, value in entries.items():
            if value is not None:
                page[key] = built(value)

    try:
        kept = check_upload("a.pdf", made(change)).name
    except Refused as refused:
        kept = refused.sentence
    assert kept.startswith(("a.pdf", "“a.pdf” "))
