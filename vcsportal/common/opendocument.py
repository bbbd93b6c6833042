"""What an OpenDocument text and a spreadsheet have in common: namespaces, manifest, properties, the zip around them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import IO, Final
from zipfile import ZipFile

from vcsportal.common.zips import write_pieces, zip_entry, zipped

SPACES: Final = " ".join(
    f'xmlns:{short}="{long}"'
    for short, long in {
        **{
            part: f"urn:oasis:names:tc:opendocument:xmlns:{part}:1.0" for part in ("office", "style", "table", "text", "meta")
        },
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)  # fmt: skip
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def package(
    media_type: str,
    *,
    content: str,
    styles: str,
    about: str,
    at: datetime,
    pictures: Mapping[str, tuple[str, bytes]] | None = None,
) -> bytes:
    """Return the file: its parts in a zip, the type first and unpacked, so that programs know it by its first bytes.

    :param about: the properties as XML, beside the dates and the language, which are the same for all.
    :param at: the moment that all dates in it name.
    :param pictures: media types and bytes by places in the file.
    """
    pictures = pictures or {}
    files = {
        "mimetype": media_type, "content.xml": content, "styles.xml": styles, "meta.xml": _meta(about, at),
        "META-INF/manifest.xml": _manifest(media_type, {place: kind for place, (kind, _) in pictures.items()}),
    }  # fmt: skip
    inside = [
        *((name, file.encode()) for name, file in files.items()),
        *((name, file) for name, (_, file) in pictures.items()),
    ]
    return zipped(inside, at=at, stored="mimetype")


def write_package(
    out: IO[bytes], media_type: str, *, content: Iterable[str], styles: str, about: str, at: datetime
) -> None:
    """Write the same file, whose content comes in pieces, to ``out``, so that it never is in memory as a whole."""
    files = {
        "mimetype": media_type, "styles.xml": styles, "meta.xml": _meta(about, at),
        "META-INF/manifest.xml": _manifest(media_type, {}),
    }  # fmt: skip
    with ZipFile(out, "w") as zip_:
        for name, file in files.items():
            zip_.writestr(zip_entry(name, at, stored=name == "mimetype"), file.encode())
        write_pieces(zip_, "content.xml", (piece.encode() for piece in content), at=at)


def _manifest(media_type: str, pictures: Mapping[str, str]) -> str:
    parts = {**dict.fromkeys(("content.xml", "styles.xml", "meta.xml"), "text/xml"), **pictures}
    entries = "\n".join(
        f'<manifest:file-entry manifest:full-path="{part}" manifest:media-type="{kind}"/>'
        for part, kind in parts.items()
    )
    return f"""{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{media_type}"/>
{entries}
</manifest:manifest>
"""


def _meta(about: str, at: datetime) -> str:
    made = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'{HEAD}<office:document-meta {SPACES} office:version="1.3"><office:meta>{about}'
        f"<meta:creation-date>{made}</meta:creation-date><dc:date>{made}</dc:date><dc:language>en-GB</dc:language>"
        "</office:meta></office:document-meta>\n"
    )
