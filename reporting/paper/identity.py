"""Who a committee paper presents itself as: the name, logo and layout of the council that is responsible for a strategy.

A portal of one council needs none of this. Where several councils or partnerships share a portal, PORTAL_PAPER_IDENTITIES names
a TOML file with a table for each owner, by the slug of its organisation. What it says is frozen with the edition's facts.
"""

import tomllib
from base64 import b64encode
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from commitments.rules.kinds import WORK_PLAN
from partners.models import Organisation
from reporting.facts import LogoFacts, PaperIdentityFacts, SkeletonFacts
from reporting.paper import skeleton

KEYS: Final = ("council", "logo", "skeleton", "work_plan_skeleton")
MEDIA_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg"}
MAX_LOGO_BYTES: Final = 200_000
"""A logo is part of every edition's facts."""


def laid_out(kind: str, responsible: Iterable[Organisation]) -> tuple[SkeletonFacts, PaperIdentityFacts | None]:
    """Return how the paper about a strategy is laid out, and who it presents. Raise ``ValueError`` with a sentence if the files can't be used.

    :param kind: the code of the strategy's kind.
    :param responsible: the strategy's owner, and the organisation that supports it. The first that has a table counts.
    """
    data, found = _read()
    if found:
        raise ValueError(" ".join(found))
    table = next((data[organisation.slug] for organisation in responsible if organisation.slug in data), None)
    if table is None:
        return skeleton.skeleton(kind), None
    named = table.get("work_plan_skeleton" if kind == WORK_PLAN.code else "skeleton")
    logo = _logo(_path(table["logo"])) if table.get("logo") else None
    return skeleton.skeleton(kind, _path(named) if named else None), PaperIdentityFacts(table["council"], logo)


def faults() -> list[str]:
    """Return what is wrong with the file that the settings name and with the files that it names, a sentence each."""
    return _read()[1]


def _path(name: str) -> Path:
    """Return the place of a file that the table names: a relative one lies beside the table's own file."""
    return Path(settings.PORTAL_PAPER_IDENTITIES).parent / name


def _read() -> tuple[dict[str, Any], list[str]]:
    if not settings.PORTAL_PAPER_IDENTITIES:
        return {}, []
    file = Path(settings.PORTAL_PAPER_IDENTITIES)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        return {}, [f"The file {file} can't be read: {error.strerror}."]
    except UnicodeDecodeError:
        return {}, [f"The file {file} is not text in UTF-8."]
    except tomllib.TOMLDecodeError as error:
        return {}, [f"The file {file} is not TOML: {error}."]
    return data, [fault for slug, table in data.items() for fault in _faults(slug, table)]


def _faults(slug: str, table: Any) -> list[str]:
    who = f"[{slug}]"
    if not isinstance(table, dict):
        return [f"“{slug}” is not a table. Write {who} with the owner’s slug, and its keys below it."]
    found = [
        f"{who} has “{key}”, which is not known there. Known are {', '.join(KEYS)}." for key in table if key not in KEYS
    ]
    found += [
        f"{who}: “{key}” must be text in quotation marks." for key in KEYS if not isinstance(table.get(key, ""), str)
    ]
    if found:
        return found
    if not table.get("council", "").strip():
        found.append(f"{who} has no “council”: the name that the paper shows.")
    if table.get("logo"):
        found += [f"{who}: {fault}" for fault in _logo_faults(_path(table["logo"]))]
    for key in ("skeleton", "work_plan_skeleton"):
        if table.get(key):
            found += [f"{who}, {table[key]}: {fault}" for fault in skeleton.faults(_path(table[key]))]
    return found


def _logo_faults(file: Path) -> list[str]:
    try:
        size = file.stat().st_size
        if size > MAX_LOGO_BYTES:
            return [f"the logo {file} has {size:,} bytes. At most {MAX_LOGO_BYTES:,} can be kept with every report."]
        _logo(file)
    except UnidentifiedImageError:
        return [f"the logo {file} is not a picture. Give a PNG or a JPEG."]
    except OSError as error:
        return [f"the logo {file} can't be read: {error.strerror or error}."]
    except ValueError as error:
        return [str(error)]
    return []


def _logo(file: Path) -> LogoFacts:
    content = file.read_bytes()
    with Image.open(BytesIO(content)) as picture:
        kind, (width, height) = picture.format or "", picture.size
        if kind not in MEDIA_TYPES:
            raise ValueError(f"the logo {file} is of the format {kind}. Give a PNG or a JPEG.")
        picture.verify()
    return LogoFacts(b64encode(content).decode("ascii"), MEDIA_TYPES[kind], width, height)
