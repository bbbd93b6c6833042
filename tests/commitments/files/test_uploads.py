"""What may be uploaded, and the sentence for what may not."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from commitments.files.uploads import CAN_BE_USED, MAX_NAME_CHARACTERS, check_upload, safe_name
from tests.commitments import sample_files
from vcsportal.common.words import Refused

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ENCRYPTED_MANIFEST = {"META-INF/manifest.xml": '<manifest:encryption-data xmlns:manifest="manifest"/>'}
TEMPLATE_FROM_AFAR = (
    '<Relationship Type="x/attachedTemplate" Target="http://example.org/x.dotm" TargetMode="External"/>'
)


@pytest.mark.parametrize(
    ("name", "data", "kept_as", "media_type"),
    [
        ("Walk.JPG", sample_files.photograph(), "Walk.jpg", "image/jpeg"),
        ("Walk.png", sample_files.photograph(kind="PNG"), "Walk.jpg", "image/jpeg"),
        ("Walk.webp", sample_files.photograph(kind="WEBP"), "Walk.jpg", "image/jpeg"),
        ("Minutes.pdf", sample_files.pdf(), "Minutes.pdf", "application/pdf"),
        ("Minutes.exe", sample_files.pdf(), "Minutes.pdf", "application/pdf"),
        ("Minutes.pdf.exe", sample_files.pdf(), "Minutes.pdf", "application/pdf"),
        ("Minutes 12.3", sample_files.pdf(), "Minutes 12.3.pdf", "application/pdf"),
        ("Story.docx", sample_files.word(), "Story.docx", f"{sample_files.WORD.removesuffix('.main+xml')}"),
        (
            "Sums.docx",
            sample_files.archive({"[Content_Types].xml": sample_files.types(f"{EXCEL}.main+xml")}),
            "Sums.xlsx",
            EXCEL,
        ),
        (
            "Talk.pptx",
            sample_files.archive({"[Content_Types].xml": sample_files.types(f"{SLIDES}.main+xml")}),
            "Talk.pptx",
            SLIDES,
        ),
        ("Story.odt", sample_files.open_document(), "Story.odt", "application/vnd.oasis.opendocument.text"),
        (
            "Sums.ods",
            sample_files.open_document("spreadsheet"),
            "Sums.ods",
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("Café.txt", "Café\r\n".encode(), "Café.txt", "text/plain"),
        ("List.CSV", b"\xef\xbb\xbfname,number\n", "List.csv", "text/csv"),
    ],
)
def test_what_people_have_is_kept_and_named_for_what_it_is(name, data, kept_as, media_type):
    checked = check_upload(name, data)
    assert (checked.name, checked.media_type) == (kept_as, media_type)
    assert checked.kind == ("photograph" if media_type == "image/jpeg" else "document")
    assert checked.name.endswith(checked.suffix)
    assert len(checked.sha256) == 64


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.jpg", b"", "“a.jpg” is empty. Choose the file again."),
        ("a.jpg", sample_files.photograph()[:300], "“a.jpg” is damaged or incomplete"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0", "Save it as JPEG and choose it again."),
        ("a.gif", b"GIF89a" + bytes(20), f"“a.gif” can't be used. You can add {CAN_BE_USED}."),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "“a.svg” can't be used."),
        ("a.html", b"<!doctype html><p>Hello", "“a.html” can't be used."),
        ("a.exe", b"MZ" + bytes(40), "“a.exe” can't be used."),
        ("a.pdf", b"%PDF-1.7 and then nothing", "“a.pdf” is a damaged PDF."),
        ("a.pdf", b"\n" + sample_files.pdf(), "“a.pdf” can't be used."),
        ("a.pdf", sample_files.pdf("password"), "“a.pdf” is protected with a password. Save it without one"),
        ("a.pdf", sample_files.pdf("javascript"), "“a.pdf” contains a program that runs when it is opened."),
        ("a.pdf", sample_files.pdf("launch"), "“a.pdf” contains a program that runs when it is opened."),
        ("a.pdf", sample_files.pdf("attachment"), "“a.pdf” contains other files."),
        ("a.pdf", sample_files.swollen_pdf(), "“a.pdf” is far too large once unpacked."),
        ("a.pdf", sample_files.swollen_pdf(b"/Obj#53tm"), "“a.pdf” is far too large once unpacked."),
        ("a.zip", sample_files.archive({"a.txt": "a"}), "“a.zip” can't be used."),
        ("a.odg", sample_files.open_document("graphics"), "“a.odg” can't be used."),
        ("a.docx", sample_files.word()[:90], "“a.docx” is damaged."),
        ("a.docx", sample_files.archive({"../up.txt": "x"}), "“a.docx” is damaged."),
        ("a.docx", sample_files.word(**{"word/vbaProject.bin": "x"}), "“a.docx” contains macros or other programs."),
        ("a.docx", sample_files.word(**{"word/embeddings/oleObject1.bin": "x"}), "“a.docx” contains another file"),
        ("a.docx", sample_files.word(**{"word/_rels/settings.xml.rels": TEMPLATE_FROM_AFAR}), "“a.docx” fetches something from"),
        ("a.docm", sample_files.archive({"[Content_Types].xml": sample_files.types("x.macroEnabled.main+xml")}), "contains macros"),
        ("a.odt", sample_files.open_document(**{"Basic/Standard/Module1.xml": "x"}), "“a.odt” contains macros"),
        ("a.odt", sample_files.open_document(**ENCRYPTED_MANIFEST), "“a.odt” is protected with a password."),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected with a password, or was made by an old"),
        ("a.docx", sample_files.word(**{"word/big.xml": bytes(9_000_000)}), "“a.docx” is far too large once unpacked."),
        ("a.docx", sample_files.word(**{f"x/{n}": "" for n in range(2100)}), "“a.docx” is far too large once unpacked."),
        ("a.csv", "Café".encode("latin-1"), "Save it as “UTF-8”"),
        ("a.txt", b"words\x00words", "“a.txt” is not plain text, whatever its name says."),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,  # the bytes of an archive hold the time
)  # fmt: skip
def test_what_cannot_be_kept_is_met_with_the_sentence(name, data, sentence):
    with pytest.raises(Refused) as refused:
        check_upload(name, data)
    assert sentence in refused.value.sentence


def test_a_file_that_is_too_big_is_told_the_limit(settings):
    settings.UPLOAD_MAX_BYTES = 1_500_000
    with pytest.raises(Refused, match=r"“a\.jpg” is larger than 1\.4 MB, which is the limit for a file"):
        check_upload("a.jpg", bytes(1_500_001))


def test_a_file_of_exactly_the_limit_is_kept(settings):
    data = sample_files.pdf()
    settings.UPLOAD_MAX_BYTES = len(data)
    assert check_upload("a.pdf", data).content == data
    with pytest.raises(Refused, match="is larger than"):
        check_upload("a.pdf", data + b"\n")


def test_a_photograph_of_exactly_the_most_pixels_is_kept(settings):
    settings.UPLOAD_MAX_PIXELS = 60 * 40
    assert check_upload("a.jpg", sample_files.photograph(60, 40)).kind == "photograph"
    with pytest.raises(Refused, match="too many pixels"):
        check_upload("a.jpg", sample_files.photograph(61, 40))


def test_a_photograph_with_too_many_pixels_is_not_even_opened(settings):
    settings.UPLOAD_MAX_PIXELS = 2_000_000
    with pytest.raises(Refused, match="too many pixels: the limit is 2 million"):
        check_upload("a.png", sample_files.photograph(2000, 1001, "PNG"))


def test_pillows_own_bomb_alarm_has_the_same_sentence(settings, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(Refused, match="too many pixels"):
        check_upload("a.png", sample_files.photograph(30, 30, "PNG"))


def test_a_photograph_loses_its_place_and_stands_upright():
    checked = check_upload("a.jpg", sample_files.photograph_from_a_telephone())
    for content in (checked.content, checked.print_content):
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (40, 80)
            assert not image.getexif()
            assert "exif" not in image.info
    assert b"nobody asked for" not in checked.content


def test_a_photograph_loses_what_somebody_wrote_into_it():
    for data in (
        sample_files.photograph(comment=b"Mrs Smith, ward 3"),
        sample_files.photograph(kind="PNG", pnginfo=sample_files.note()),
    ):
        assert b"Mrs Smith" in data
        checked = check_upload("a.jpg", data)
        assert b"Mrs Smith" not in checked.content + checked.print_content


def test_a_large_photograph_is_made_smaller_and_smaller_still_for_print():
    checked = check_upload("a.png", sample_files.photograph(3000, 1500, "PNG"))
    sizes = [Image.open(io.BytesIO(content)).size for content in (checked.content, checked.print_content)]
    assert sizes == [(2400, 1200), (900, 450)]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "I;16", "CMYK"])
def test_photographs_of_every_make_become_plain_ones(mode):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    with Image.open(io.BytesIO(check_upload("a.png", out.getvalue()).content)) as image:
        assert image.mode == "RGB"


def test_what_is_seen_through_stands_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (30, 20), (255, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(check_upload("a.png", out.getvalue()).content)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("..", "document.pdf"),
        ("", "document.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\Minutes.pdf", "Minutes.pdf"),
        ("Minutes\u202efdp.exe", "Minutesfdp.pdf"),
        ("Min\x00utes\n2.pdf", "Minutes 2.pdf"),
        ('Q: "why?" <now>.pdf', "Q- -why- -now-.pdf"),
        ("  ...hidden  ", "hidden.pdf"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name, ".pdf") == safe


@given(st.text(max_size=400), st.sampled_from(["", ".pdf", ".jpg"]))
def test_no_name_is_unsafe_whatever_it_was(name, suffix):
    safe = safe_name(name, suffix)
    assert safe.endswith(suffix)
    assert 0 < len(safe) <= MAX_NAME_CHARACTERS + 8
    assert not set(safe) & set('/\\<>:"|?*\n\r\x00\u202e')
    assert not safe.startswith(".")


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
)
def test_no_bytes_make_it_fall_over(tail, head):
    sentence = ""
    try:
        check_upload("a.bin", head + tail)
    except Refused as refused:
        sentence = refused.sentence
    assert sentence == "" or sentence.startswith("“a.bin”")
