"""What is inside an uploaded file, whatever its name says.

:func:`check_upload` looks into the bytes and returns what may be kept, or raises ``Refused`` with one sentence: what
is wrong with which file, and what to do about it.
"""

import hashlib
import io
import logging
import re
import unicodedata
import zlib
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from django.conf import settings
from PIL import Image, ImageOps

from commitments.files.office import check_office
from vcsportal.common.words import Refused

logger = logging.getLogger(__name__)

CAN_BE_USED: Final = (
    "photographs (JPEG, PNG, WebP), PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), OpenDocument (.odt, .ods), "
    "and plain text (.txt, .csv)"
)
SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".txt", ".csv")
SCREEN_PIXELS: Final = 2400
PRINT_PIXELS: Final = 900
MAX_NAME: Final = 100

PDF_OBJECTS: Final = 200_000
PDF_TABLES: Final = 100 * 1024 * 1024  # bytes that a PDF's own tables may swell to; opening it unpacks them all
PDF_RUNS: Final = {"/JavaScript", "/Launch", "/ImportData", "/GoToE", "/RichMediaExecute"}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that has been looked into and may be kept."""

    kind: str
    name: str
    suffix: str
    media_type: str
    content: bytes
    print_content: bytes
    sha256: str


def check_upload(name: str, data: bytes) -> CheckedFile:
    """Return the file as it may be kept: photographs drawn afresh, documents as they are, the name made safe.

    :param name: the file's name as the browser gave it; it is shown to people and never trusted.
    :raises Refused: with a sentence that names the file, what is wrong and what to do.
    """
    shown = safe_name(name, "")
    if not data:
        raise Refused(f"“{shown}” is empty. Choose the file again.")
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise Refused(too_big(shown))
    if _is_photograph(data):
        return _photograph(name, shown, data)
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}:
        raise Refused(f"“{shown}” is in a format that many computers can't show. Save it as JPEG and choose it again.")
    if data.startswith(b"%PDF-"):
        _check_pdf(shown, data)
        return _document(name, ".pdf", "application/pdf", data)
    if data.startswith(b"PK\x03\x04"):
        kind = check_office(shown, data)
        if kind is None:
            raise Refused(f"“{shown}” can't be used. You can add {CAN_BE_USED}.")
        suffix, media_type = kind
        return _document(name, suffix, media_type, data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused(
            f"“{shown}” is protected with a password, or was made by an old version of Office. "
            "Save it without a password as .docx, .xlsx, .pptx or PDF."
        )
    if name.lower().endswith((".txt", ".csv")):
        suffix = name.lower()[-4:]
        _check_words(shown, data)
        return _document(name, suffix, "text/csv" if suffix == ".csv" else "text/plain", data)
    raise Refused(f"“{shown}” can't be used. You can add {CAN_BE_USED}.")


def too_big(shown: str) -> str:
    """Return the sentence for a file that is larger than may be uploaded."""
    return (
        f"“{shown}” is larger than {in_megabytes(settings.UPLOAD_MAX_BYTES)}, the most that a file can have. "
        "Make it smaller and choose it again, or put it on a website and add the link."
    )


def in_megabytes(size: int) -> str:
    """Return a size in words, such as ``15 MB``."""
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


def safe_name(name: str, suffix: str) -> str:
    """Return a name that is safe to show and to save under, ending in ``suffix`` ("" keeps the ending it has).

    Folders, control characters, marks that turn the direction of writing, and endings that contradict ``suffix`` go.
    """
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(" " if letter.isspace() else letter for letter in plain)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    plain = re.sub(r'[<>:"|?*]+', "-", plain)
    plain = re.sub(r"\s+", " ", plain).strip(" .")
    stem, ending = _split(plain)
    if suffix:
        while _split(stem)[1] in SUFFIXES:
            stem = _split(stem)[0]
        ending = suffix
    if len(stem) > MAX_NAME:
        stem = stem[: MAX_NAME - 1].strip(" .") + "…"
    return (stem or ("photograph" if suffix == ".jpg" else "document" if suffix else "The file")) + ending


def _split(name: str) -> tuple[str, str]:
    """``"Walk.JPG"`` is ``("Walk", ".jpg")``; what does not look like a file's ending stays in the stem."""
    ending = re.search(r"\.[A-Za-z][A-Za-z0-9]{0,4}$", name)
    return (name[: ending.start()].strip(" ."), ending.group().lower()) if ending else (name, "")


def _document(name: str, suffix: str, media_type: str, data: bytes) -> CheckedFile:
    digest = hashlib.sha256(data).hexdigest()
    return CheckedFile("document", safe_name(name, suffix), suffix, media_type, data, b"", digest)


# Photographs


def _is_photograph(data: bytes) -> bool:
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _photograph(name: str, shown: str, data: bytes) -> CheckedFile:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            width, height = image.size
            if width * height > settings.UPLOAD_MAX_PIXELS:
                raise Refused(_too_many_pixels(shown))
            picture = _upright_on_white(image)
        content = _as_jpeg(picture)
        picture.thumbnail((PRINT_PIXELS, PRINT_PIXELS), Image.Resampling.LANCZOS)
        small = _as_jpeg(picture)
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise Refused(_too_many_pixels(shown)) from None
    except Exception as fault:  # whatever a decoder says of a stranger's bytes, the file is what is wrong
        logger.info("A photograph could not be read: %s", type(fault).__name__)
        raise Refused(
            f"“{shown}” is damaged or incomplete, so it can't be shown. Open it on your device, save it again as JPEG "
            "and choose that."
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    return CheckedFile("photograph", safe_name(name, ".jpg"), ".jpg", "image/jpeg", content, small, digest)


def _too_many_pixels(shown: str) -> str:
    most = settings.UPLOAD_MAX_PIXELS // 1_000_000
    return f"“{shown}” has too many pixels: {most} million is the most. Save it in a smaller size and choose it again."


def _upright_on_white(image: Image.Image) -> Image.Image:
    """The picture at the size of the screen. It is made small first, so that a large one is never copied whole."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in {"P", "1"}:
        image = image.convert("RGBA")
    image.thumbnail((SCREEN_PIXELS, SCREEN_PIXELS), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _as_jpeg(picture: Image.Image) -> bytes:
    picture.info.clear()  # no EXIF, no comment, no place
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return out.getvalue()


# PDF


def _check_pdf(shown: str, data: bytes) -> None:
    try:
        if _swells(data):
            raise Refused(f"“{shown}” is far larger inside than it looks. Print it to PDF again and choose that.")
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.objects) > PDF_OBJECTS or not len(pdf.pages):
                raise pikepdf.PdfError("too many objects, or no pages")
            found = {word for thing in pdf.objects for word in _active(thing)}
    except Refused:
        raise
    except pikepdf.PasswordError:
        raise Refused(f"“{shown}” is protected with a password. Save it without one and choose it again.") from None
    except Exception as fault:  # a stranger's bytes again
        logger.info("A PDF could not be read: %s", type(fault).__name__)
        raise Refused(f"“{shown}” is a damaged PDF. Save or print it to PDF again and choose that.") from None
    if "runs" in found:
        raise Refused(
            f"“{shown}” holds a program that runs when it is opened. Print it to PDF and choose that instead."
        )
    if "files" in found:
        raise Refused(f"“{shown}” holds other files inside it. Print it to PDF, and add the other files by themselves.")


def _name(word: str) -> bytes:
    """A pattern for a PDF name, any letter of which may be written as its number."""
    return b"/" + b"".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})".encode() for letter in word)


_TABLE = re.compile(_name("ObjStm") + b"|" + _name("XRef"))


def _swells(data: bytes) -> bool:
    """Whether the packed tables of a PDF would unpack to more than :data:`PDF_TABLES`, or are packed oddly."""
    left = PDF_TABLES
    for found in _TABLE.finditer(data):
        begins = data.find(b"stream", found.end(), found.end() + 4096)
        if begins < 0:
            continue
        head = data[max(data.rfind(b"obj", 0, found.start()), found.start() - 4096) : begins]
        if re.sub(rb"FlateDecode|DecodeParms", b"", head, count=2).count(b"Decode") or head.count(b"FlateDecode") > 1:
            return True
        begins += 6 + len(re.match(rb"\r?\n?", data[begins + 6 : begins + 8])[0])  # type: ignore[index]
        ends = data.find(b"endstream", begins)
        try:
            left -= len(zlib.decompressobj().decompress(data[begins : ends if ends > 0 else None], left + 1))
        except zlib.error:
            continue  # not packed, or broken: the reader says which
        if left < 0:
            return True
    return False


def _active(thing: Any, depth: int = 0) -> set[str]:
    """What of ``thing`` would act or carry files: "runs", "files"."""
    found: set[str] = set()
    if depth > 20:
        return found
    if isinstance(thing, pikepdf.Array):
        for part in thing.as_list():
            found |= _nested(part, depth)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        keys = thing.keys()
        if "/JS" in keys or "/XFA" in keys or str(thing.get("/S", "")) in PDF_RUNS:
            found.add("runs")
        if "/EF" in keys or "/EmbeddedFiles" in keys or str(thing.get("/Type", "")) == "/EmbeddedFile":
            found.add("files")
        for key in keys:
            found |= _nested(thing.get(key), depth)
    return found


def _nested(part: Any, depth: int) -> set[str]:
    if isinstance(part, pikepdf.Object) and not part.is_indirect:  # indirect ones are in the list of objects themselves
        return _active(part, depth + 1)
    return set()


# Plain text


def _check_words(shown: str, data: bytes) -> None:
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(
            f"“{shown}” is not text that every computer reads the same. Save it as “UTF-8” (in Excel: “CSV UTF-8”) "
            "and choose it again."
        ) from None
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in words):
        raise Refused(f"“{shown}” is not plain text, whatever its name says. You can add {CAN_BE_USED}.")
