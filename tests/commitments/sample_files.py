"""Small files of every kind, honest and hostile, made for tests."""

import io
import zipfile
import zlib
from collections.abc import Mapping

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def photograph(width: int = 60, height: int = 40, kind: str = "JPEG", colour: str = "#336699", **save: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **save)
    return out.getvalue()


def note() -> PngInfo:
    """What a PNG may say beside its picture."""
    info = PngInfo()
    info.add_text("Comment", "Mrs Smith, ward 3")
    return info


def patterned(width: int, height: int, kind: str, mode: str = "RGB", **save: object) -> bytes:
    """A picture that does not pack into nothing, so that half of its bytes is about half of the picture."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 80).convert(mode).save(out, kind, **save)
    return out.getvalue()


def header_of_png(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds nothing."""
    head = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\r" + head + zlib.crc32(head).to_bytes(4) + b"\0\0\0\0IDAT"


def photograph_from_a_telephone() -> bytes:
    """Held upright, with the place where it was taken."""
    image = Image.new("RGB", (80, 40), "#336699")
    exif = image.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (51.0, 45.0, 0.0)
    exif[0x010E] = "A description that nobody asked for"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def pdf(change: str = "") -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    encryption: pikepdf.Encryption | None = None
    if change == "javascript":
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    if change == "launch":
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    if change == "attachment":
        document.attachments["list.txt"] = b"names"
    if change == "password":
        encryption = pikepdf.Encryption(user="secret", owner="more secret")
    out = io.BytesIO()
    document.save(out, encryption=encryption)
    return out.getvalue()


def swollen_pdf(name: bytes = b"/ObjStm") -> bytes:
    """300 MB of blanks in a few hundred kilobytes."""
    blanks, packer, check = b" " * 10_000_000, zlib.compressobj(9, wbits=-zlib.MAX_WBITS), zlib.adler32(b"")
    for _ in range(30):
        check = zlib.adler32(blanks, check)
    part = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)  # may stand anywhere, so it is packed once
    body = b"\x78\xda" + part * 30 + packer.flush() + check.to_bytes(4)
    return (
        b"%PDF-1.5\n1 0 obj\n<</Type " + name + b" /N 1 /First 10 /Filter /FlateDecode /Length "
        + str(len(body)).encode() + b">>\nstream\n" + body + b"\nendstream\nendobj\n"
    )  # fmt: skip


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def types(main: str = WORD, more: str = "") -> str:
    return f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/>{more}</Types>'


def word(**parts: str | bytes) -> bytes:
    return archive({"[Content_Types].xml": types(), "word/document.xml": "<w/>", **parts})


def open_document(kind: str = "text", **parts: str | bytes) -> bytes:
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<x/>", **parts})
