"""Checks what is inside an uploaded file, whatever its name says.

:func:`check_upload` looks into the bytes and returns what may be kept, or raises ``Refused`` with one sentence: what
is wrong with which file, and what to do about it.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from commitments.files.budget import Budget
from commitments.files.dangerous_content import command
from commitments.files.formulas import bad_table
from commitments.files.office import check_office
from commitments.files.pdf import check_pdf
from commitments.files.photographs import draw_afresh, is_photograph
from commitments.files.scanning import check_for_malware
from vcsportal.common.words import Invalid

CAN_BE_USED: Final = (
    "photographs (JPEG, PNG, WebP), PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), OpenDocument (.odt, .ods), "
    "and plain text (.txt, .csv)"
)
SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".txt", ".csv")
MAX_NAME_CHARACTERS: Final = 100


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that has been checked and may be stored."""

    kind: str
    name: str
    suffix: str
    media_type: str
    content: bytes
    print_content: bytes
    sha256: str


def check_upload(name: str, data: bytes, budget: Budget | None = None) -> CheckedFile:
    """Check a file, then scan it for malware if a scanner is set.

    Return the file as it may be kept: photographs drawn afresh, documents as they are, the name made safe.

    :param name: the file's name as the browser gave it; it is shown to people and never trusted.
    :param budget: what the files of the request may still cost; None where it is the only file.
    :raises Refused: with a sentence that names the file, what is wrong and what to do.
    """
    checked = _look_into(name, data, budget or Budget())
    check_for_malware(safe_name(name, ""), data)
    return checked


def _look_into(name: str, data: bytes, budget: Budget) -> CheckedFile:
    shown = safe_name(name, "")
    if not data:
        raise Invalid(f"“{shown}” is empty. Choose the file again.", field="uploads")
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise Invalid(too_big(shown), field="uploads")
    budget.check_time(shown)
    if is_photograph(data):
        content, small = draw_afresh(shown, data, budget)
        digest = hashlib.sha256(content).hexdigest()
        return CheckedFile("photograph", safe_name(name, ".jpg"), ".jpg", "image/jpeg", content, small, digest)
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}:
        raise Invalid(
            f"“{shown}” is in a format that many computers can't show. Save it as JPEG and choose it again.",
            field="uploads",
        )
    if data.startswith(b"%PDF-"):
        check_pdf(shown, data, budget.seconds)
        return _document(name, ".pdf", "application/pdf", data)
    if data.startswith(b"PK\x03\x04"):
        kind = check_office(shown, data, budget.seconds)
        if kind is None:
            raise Invalid(f"“{shown}” can't be used. You can add {CAN_BE_USED}.", field="uploads")
        suffix, media_type = kind
        return _document(name, suffix, media_type, data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Invalid(
            f"“{shown}” is protected with a password, or was made by an old version of Office. "
            "Save it without a password as .docx, .xlsx, .pptx or PDF.",
            field="uploads",
        )
    if name.lower().endswith((".txt", ".csv")):
        suffix = name.lower()[-4:]
        _check_words(shown, data)
        return _document(name, suffix, "text/csv" if suffix == ".csv" else "text/plain", data)
    raise Invalid(f"“{shown}” can't be used. You can add {CAN_BE_USED}.", field="uploads")


def too_big(shown: str) -> str:
    """Return the sentence for a file that is larger than may be uploaded."""
    return (
        f"“{shown}” is larger than {in_megabytes(settings.UPLOAD_MAX_BYTES)}, which is the limit for a file. "
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
    if len(stem) > MAX_NAME_CHARACTERS:
        stem = stem[: MAX_NAME_CHARACTERS - 1].strip(" .") + "…"
    return (stem or ("photograph" if suffix == ".jpg" else "document" if suffix else "The file")) + ending


def _split(name: str) -> tuple[str, str]:
    """``"Walk.JPG"`` is ``("Walk", ".jpg")``; what does not look like a file's ending stays in the stem."""
    ending = re.search(r"\.[A-Za-z][A-Za-z0-9]{0,4}$", name)
    return (name[: ending.start()].strip(" ."), ending.group().lower()) if ending else (name, "")


def _document(name: str, suffix: str, media_type: str, data: bytes) -> CheckedFile:
    digest = hashlib.sha256(data).hexdigest()
    return CheckedFile("document", safe_name(name, suffix), suffix, media_type, data, b"", digest)


# Plain text


def _check_words(shown: str, data: bytes) -> None:
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(
            f"“{shown}” is not text that every computer reads the same. Save it as “UTF-8” (in Excel: “CSV UTF-8”) "
            "and choose it again.",
            field="uploads",
        ) from None
    if shown.lower().endswith(".csv") and (found := bad_table(words)):
        raise command(shown, found)
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f" for letter in words):
        raise Invalid(
            f"“{shown}” is not plain text, whatever its name says. You can add {CAN_BE_USED}.", field="uploads"
        )
