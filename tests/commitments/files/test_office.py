"""What may be inside an office file: every relationship of every part, every field, every formula."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.files.formulas import bad_cell, bad_formula
from commitments.files.uploads import check_upload
from tests.commitments import office_files as office
from tests.commitments import sample_files
from tests.commitments.office_files import field, mark, relationship, rels, run
from vcsportal.common.words import Refused

MACROS = "“a.docx” contains macros or other programs. Save it without them (or as PDF) and choose that."
EMBEDDED = "“a.docx” contains another file ("
EXTERNAL = "“a.docx” fetches something from elsewhere when it is opened ("
COMMAND = "“a.docx” contains a field or formula that reaches other programs or files ("
LINK = "“a.docx” has a link to a file or program on a computer or network ("
DAMAGED = "“a.docx” is damaged. Open it, save it again and choose that."
FROM_AFAR = "http://example.org/x.dotm"
SVG_SCRIPT = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DTD = '<!DOCTYPE w [<!ENTITY t "x">]><w>&t;</w>'


def refusal(data: bytes, name: str = "a.docx") -> str:
    with pytest.raises(Refused) as refused:
        check_upload(name, data)
    return refused.value.sentence


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (office.word(), ".docx"),
        (office.sheet(), ".xlsx"),
        (office.text(), ".odt"),
        (office.text(kind="spreadsheet"), ".ods"),
        (office.word(field(" MACROBUTTON NoMacro [Click here] ")), ".docx"),
        (office.word(links=relationship("customXml", "../customXml/item1.xml")), ".docx"),
        (office.word(**{"docProps/thumbnail.jpeg": b"\xff\xd8\xff"}), ".docx"),
        (office.word(**{"word/document.xml": b"\xff\xfe" + office.document().encode("utf-16-le")}), ".docx"),
        (office.sheet("[1]Other!A1+'My sheet'!B2"), ".xlsx"),
    ],
)
def test_what_office_programs_save_is_kept(data, suffix):
    assert check_upload("a.docx", data).suffix == suffix


OUTSIDE = [
    relationship("attachedTemplate", FROM_AFAR, external=True),
    relationship("attachedTemplate", FROM_AFAR),
    relationship("a&#116;tachedTempla&#84;e", FROM_AFAR, external=True),
    relationship("ATTACHEDTEMPLATE", "..\\x.dotm", external=True),
    relationship("oleObject", "mhtml:http://example.org/x.html!x-usc:http://example.org/x.html", external=True),
    relationship("oleObject", FROM_AFAR, external=True),
    relationship("image", "http://example.org/pixel.png", external=True),
    relationship("image", "\\\\server\\share\\pixel.png", external=True),
    relationship("image", "http://example.org/pixel.png"),
    relationship("styles", "%5C%5Cserver%5Cshare"),
    relationship("styles", " fi&#x6c;e:///c:/x"),
    relationship("frame", FROM_AFAR, external=True),
    relationship("subDocument", "x.docx", external=True),
    relationship("externalLink", "externalLinks/externalLink1.xml"),
    relationship("mailMergeSource", "file:///c:/people.xlsx", external=True),
    relationship("image", "a.png", external=True, more='x:TargetMode="Internal" xmlns:x="y"'),
    relationship("image", "a.png", more='x:Target="http://example.org/" xmlns:x="y"'),
    relationship("image", "a.png").replace("/>", 'TargetMode="EXTERNAL"/>'),
]


@pytest.mark.parametrize(
    "name",
    ["word/_rels/settings.xml.rels", "word/_rels/conf.xml.rels", "x/y/_RELS/Z.RELS", "word/anything.xml", "odd.part"],
)
@pytest.mark.parametrize("line", OUTSIDE)
def test_nothing_is_fetched_when_it_is_opened_wherever_it_is_written(line, name):
    assert refusal(office.word(**{name: rels(line)})).startswith(EXTERNAL)


def test_what_it_fetches_is_named_and_what_to_do():
    assert refusal(office.word(links=relationship("attachedTemplate", FROM_AFAR, external=True))) == (
        "“a.docx” fetches something from elsewhere when it is opened (attachedtemplate: http://example.org/x.dotm). Break its "
        "links to other files, or save it as PDF, and choose that."
    )


def test_relationships_in_another_encoding_are_read():
    line = rels(relationship("attachedTemplate", FROM_AFAR, external=True)).replace("UTF-8", "UTF-16")
    for data in (b"\xff\xfe" + line.encode("utf-16-le"), b"\xfe\xff" + line.encode("utf-16-be")):
        assert refusal(office.word(**{"word/_rels/settings.xml.rels": data})).startswith(EXTERNAL)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (office.word(links=relationship("oleObject", "embeddings/1.bin")), EMBEDDED),
        (office.word(links=relationship("package", "embeddings/1.xlsx")), EMBEDDED),
        (office.word(links=relationship("aFChunk", "chunk.txt")), EMBEDDED),
        (office.word(links=relationship("control", "x/1.xml")), MACROS),
        (office.word(links=relationship("vbaProject", "harmless.bin")), MACROS),
        (office.word(links=relationship("webextensiontaskpanes", "x.xml")), MACROS),
        (office.word(types='<Override PartName="/a.bin" ContentType="application/vnd.ms-office.vbaProject"/>'), MACROS),
        (office.word(types='<Default Extension="x" ContentType="application/vnd.ms-office.activeX+xml"/>'), MACROS),
        (office.word(types='<Override PartName="/a.x" ContentType="text/html"/>'), EMBEDDED),
        (office.word(types='<Default Extension="x" ContentType="a/b.macro&#69;nabled.main+xml"/>'), MACROS),
        (office.word(**{"word/embeddings/x.exe": b"anything"}), MACROS),
        (office.word(**{"word/media/image2.png": b"MZ\x90\0"}), MACROS),
        (office.word(**{"word/media/image2.png": b"\x7fELF"}), MACROS),
        (office.word(**{"word/embeddings/x.docm": sample_files.archive({"a": "b"})}), EMBEDDED),
        (office.word(**{"word/media/image2.png": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), EMBEDDED),
        (office.word(**{"word/chunk.dat": b"\xef\xbb\xbf <HTML><p>"}), EMBEDDED),
        (office.word(**{"word/chunk.dat": b"MIME-Version: 1.0"}), EMBEDDED),
        (office.word(**{"word/chunk.dat": b"{\\rtf1"}), EMBEDDED),
        (office.word(**{"word/media/1.svg": SVG_SCRIPT}), MACROS),
        (office.word(**{"word/a.xml": DTD}), DAMAGED),
        (office.word(**{"word/a.dat": DTD}), DAMAGED),
        (office.word(**{"word/a.xml": "<w>"}), DAMAGED),
        (office.word(**{"word/a.xml": "words"}), DAMAGED),
        (office.word(**{"word/a.xml": "<a>" * 501 + "</a>" * 501}), DAMAGED),
        (office.word(**{"WORD/DOCUMENT.XML": "<w/>"}), DAMAGED),
        (office.word(mimetype="application/vnd.oasis.opendocument.text"), DAMAGED),
        (office.word(links=relationship("hyperlink", "file:///c:/x.exe", external=True)), LINK),
        (office.word(links=relationship("hyperlink", "\\\\server\\share", external=True)), LINK),
        (office.word(links=relationship("hyperlink", "javascript:alert(1)", external=True)), LINK),
        (office.word(links=relationship("hyperlink", "java&#9;script:alert(1)", external=True)), LINK),
        (office.word(links=relationship("hyperlink", "x.exe", external=True)), LINK),
        (office.word(**{"ppt/slides/a.xml": '<a action="ppaction://program?x"/>'}), MACROS),
        (office.word('<v:imagedata xmlns:v="v" src="http://example.org/x.png"/>'), EXTERNAL),
        (office.word('<v:imagedata xmlns:v="v" xmlns:o="o" o:href="//server/x.png"/>'), EXTERNAL),
    ],
)  # fmt: skip
def test_programs_other_files_and_odd_links_are_refused(data, sentence):
    assert refusal(data).startswith(sentence)


@pytest.mark.parametrize(
    "body",
    [
        field(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe “/k calc” "),
        field("DDE cmd x"),
        field(" D", "DE", "AUTO cmd"),
        mark("begin") + field(" QUOTE 68 68 69 ") + run(" cmd /k calc ") + mark("end"),
        mark("begin") + field(' QUOTE "DDE" ') + run(" cmd ") + mark("end"),
        mark("begin") + run(" DDE cmd "),
        run(" DDE cmd "),
        '<w:fldSimple w:instr=" dde cmd "/>',
        field(" INCLUDETEXT “http://example.org/x” "),
        field(' INCLUDEPICTURE "http://example.org/x.png" \\d '),
        field(" LINK Excel.Sheet.8 x "),
        field(' HYPERLINK "\\\\\\\\server\\\\share" '),
        field(' HYPERLINK "file:///c:/x.exe" '),
        field(' IF 1 = 1 "a" "b" ') + field(" DATABASE x "),
    ],
)
def test_a_field_that_reaches_other_programs_is_found_however_it_is_split(body):
    assert refusal(office.word(body)).startswith(COMMAND)


@pytest.mark.parametrize("part", ["word/header1.xml", "word/footnotes.xml", "word/comments.xml", "word/x.dat"])
def test_fields_are_read_in_every_part(part):
    assert refusal(office.word(**{part: office.document(field(" DDE cmd "))})).startswith(COMMAND)


@pytest.mark.parametrize(
    "formula",
    [
        "cmd|'/c calc'!A0", "1+cmd | '/c calc' ! A0", "MSEXCEL|'\\..\\cmd.exe'!A0", 'WEBSERVICE("http://example.org")',
        '_xlfn.IMAGE("http://example.org/x.png")', 'RTD("x",,"y")', "CALL(1)", 'HYPERLINK("\\\\server\\share","x")',
        'HYPERLINK("file:///c:/x.exe")', "'\\\\server\\[x.xlsx]Sheet'!A1", "'http://example.org/[x.xlsx]S'!A1",
    ],
)  # fmt: skip
def test_a_formula_that_reaches_other_programs_is_refused(formula):
    assert bad_formula(formula)
    escaped = formula.replace("&", "&amp;")
    assert refusal(office.sheet(escaped)).startswith(COMMAND)
    assert refusal(f"name,sum\nWalk,={formula}\n".encode(), "a.csv").startswith(COMMAND.replace("docx", "csv"))
    assert refusal(f"name;@{formula}".encode(), "a.csv").startswith(COMMAND.replace("docx", "csv"))


def test_a_workbook_that_is_linked_to_others_or_to_a_database_is_refused():
    for kind in ("connections", "queryTable", "externalLinkPath"):
        assert refusal(office.sheet(links=relationship(kind, "x.xml"))).startswith(EXTERNAL)
    assert refusal(office.sheet(**{"xl/x.xml": "<ddeLink/>"})).startswith(COMMAND)


@pytest.mark.parametrize(
    "cell",
    ["- Image (front)", "-5", "+44 1865 000000", "=SUM(A1:A9)", "@home", "- a list | of things!", "a|b!c", "=A1&\"|x!\""],
)  # fmt: skip
def test_what_people_write_into_tables_is_no_command(cell):
    assert bad_cell(cell) == ""


def test_a_command_after_a_sign_is_found_in_plain_tables():
    for line in (b"a,-2+3+cmd|' /C calc'!A0", b"a;\"+cmd|' /C calc'!A0\"", b'a\t"=HYPERLINK(""\\\\server\\x"")"'):
        assert refusal(b"one,two\n" + line, "a.csv").startswith(COMMAND.replace("docx", "csv"))
    long = b'"' + b"x" * 200_000 + b"\n=cmd|' /C calc'!A0,1"
    assert refusal(long, "a.csv").startswith(COMMAND.replace("docx", "csv"))
    assert check_upload("a.txt", b"=cmd|' /C calc'!A0").suffix == ".txt"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (office.text('<script:event-listener xlink:href="vnd.sun.star.script:x"/>'), MACROS),
        (office.text('<draw:applet/>'), MACROS),
        (office.text('<draw:floating-frame xlink:href="http://example.org"/>'), MACROS),
        (office.text(**{"Basic/Standard/Module1.xml": "<x/>"}), MACROS),
        (office.text(**{"Dialogs/x.xml": "<x/>"}), MACROS),
        (office.text('<draw:object-ole xlink:href="./Object 2"/>'), EMBEDDED),
        (office.text(**{"Object 2": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), EMBEDDED),
        (office.text('<draw:object xlink:href="http://example.org/x.odt"/>'), EXTERNAL),
        (office.text('<draw:object xlink:href="../x.odt"/>'), EXTERNAL),
        (office.text('<draw:image xlink:href="//server/x.png"/>'), EXTERNAL),
        (office.text('<text:section-source xlink:href="file:///c:/x.odt"/>'), EXTERNAL),
        (office.text('<table:table-source xlink:href="/x.ods"/>'), EXTERNAL),
        (office.text('<table:database-source-sql/>'), EXTERNAL),
        (office.text('<office:dde-source/>'), COMMAND),
        (office.text('<text:dde-connection-decl/>'), COMMAND),
        (office.text("<table:table-cell table:formula=\"of:=DDE(&quot;cmd&quot;;&quot;x&quot;)\"/>"), COMMAND),
        (office.text('<text:a xlink:href="vnd.sun.star.script:x"/>'), LINK),
        (office.text('<text:a xlink:href="../x.exe"/>'), LINK),
        (office.text(**{"meta.xml": f'<meta:template {office.ODF} xlink:href="http://example.org/x.ott"/>'}), EXTERNAL),
        (office.text(**{"styles.xml": DTD}), DAMAGED),
        (office.text(**{"META-INF/manifest.xml": '<m:e xmlns:m="m"><m:encryption-data/></m:e>'}), "“a.docx” is protected"),
    ],
)  # fmt: skip
def test_open_document_files_hold_and_fetch_nothing_either(data, sentence):
    assert refusal(data).startswith(sentence)


def test_reading_ends_in_time():
    from commitments.files.office import check_office

    with pytest.raises(Refused, match=r"“a\.docx” takes too long to check\. Save it as PDF"):
        check_office("a.docx", office.word(), seconds=-1)


def test_a_part_is_read_to_its_end_so_that_a_broken_one_is_found():
    data = bytearray(office.word(**{"word/x.dat": bytes(range(256)) * 40}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("word/x.dat")
    data[part.header_offset + 30 + len("word/x.dat") + part.compress_size - 3] ^= 0xFF
    assert refusal(bytes(data)) == DAMAGED


def sentence_of(data: bytes) -> str:
    try:
        return f"kept as {check_upload('a.docx', data).name}"
    except Refused as refused:
        return refused.sentence


WHOLE = [office.word(), office.sheet(), office.text(), sample_files.pdf()]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=6)), max_size=6))
def test_a_file_with_broken_bytes_is_kept_or_met_with_a_sentence(data, changes):
    broken = bytearray(data)
    for place, other in changes:
        at = int(place * len(broken))
        broken[at : at + len(other)] = other
    assert sentence_of(bytes(broken)).startswith(("kept", "“a."))


MARKUP = st.sampled_from(
    ["<a>", "</a>", "&#0;", "&x;", "<![CDATA[", "]]>", "<?x?>", "<!--", "\0", "<f>", "</f>", "=", "|", "'"]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(MARKUP, max_size=12).map("".join), st.sampled_from(["word/document.xml", "[Content_Types].xml", "x.rels"])
)
def test_odd_markup_is_kept_or_met_with_a_sentence(markup, name):
    assert sentence_of(office.word(**{name: f"<a>{markup}</a>"})).startswith(("kept", "“a.docx”"))
