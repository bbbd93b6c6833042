"""What drew an edition: the portal's version, and what templates, code, fonts and libraries were like.

Equal records promise equal bytes from equal facts. Where two records differ, :func:`differences` says in words how.
"""

import ast
import re
import tomllib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from django.conf import settings

OWN_PACKAGES: Final = ("vcsportal", "reporting", "commitments", "partners")
ROOTS: Final = ("reporting.formats", "vcsportal.templatetags.portal")
"""Whatever these import, directly or not, can change the bytes of a face; so can tags that its templates load."""
STYLE: Final = "static/build/report-alone.css"
_LOADS = re.compile(r"{% load ([\w ]+)%}")
DRAWS_NOTHING: Final = frozenset({"models", "permissions", "services", "apps"})
"""Imported for their types and registration only: facts are plain values."""
FONTS: Final = "static/build/fonts"
SHARED_TEMPLATES: Final = (
    "templates/components/_board.html",
    "templates/components/_years.html",
    "templates/components/_status_shape.html",
)
"""What the report as one page takes from the portal: its tiles."""
LIBRARIES: Final = (
    "weasyprint", "pydyf", "fonttools", "brotli", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "pillow", "markdown-it-py",
    "nh3", "python-docx", "lxml", "xlsxwriter", "segno", "django",
)  # fmt: skip
PART_LABELS: Final = {
    "portal": "the portal’s version",
    "templates": "the report’s templates",
    "style": "the web page’s style sheet",
    "code": "the code that draws",
    "fonts": "the report’s fonts",
    "machine_fonts": "the fonts of the machine",  # of editions made when letters were borrowed from there
}
"""Every other part is a library and is called by its own name."""


@cache
def _now() -> tuple[tuple[str, str], ...]:
    from reporting.rendering.engine_versions import text_libraries  # loads the engine

    base = Path(settings.BASE_DIR)
    parts = {
        "portal": _portal(base),
        "templates": _checksum(base, _templates(base)),
        "style": _checksum(base, [base / STYLE]),
        "code": _checksum(base, _code(base)),
        "fonts": _checksum(base, (base / FONTS).glob("*.*")),
        **{name: found for name in LIBRARIES if (found := _version(name))},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **text_libraries(),
    }
    return tuple(parts.items())


def made_with() -> dict[str, str]:
    """Return it, by name, as it is in this process. It is found out once."""
    return dict(_now())


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Say what is not as it was, a part each; nothing where both are the same."""
    said = []
    for name in [*now, *(name for name in then if name not in now)]:
        was, is_ = then.get(name, ""), now.get(name, "")
        if was == is_:
            continue
        if name in PART_LABELS and name != "portal":
            said.append(f"{PART_LABELS[name]} changed")
        else:
            said.append(f"{PART_LABELS.get(name, name)} was {was or 'not there'} and is {is_ or 'not there'}")
    return said


def _portal(base: Path) -> str:
    try:
        with (base / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return ""


def _checksum(base: Path, files: Iterable[Path]) -> str:
    found = sha256()
    for file in sorted(file for file in files if file.is_file() and not file.name.startswith(".")):
        found.update(f"{file.relative_to(base)}\0{sha256(file.read_bytes()).hexdigest()}\0".encode())
    return found.hexdigest()


def _templates(base: Path) -> list[Path]:
    found = [*(base / "templates" / "report").rglob("*"), *(base / name for name in SHARED_TEMPLATES)]
    return [file for file in found if file.is_file()]


def _tags(base: Path) -> list[str]:
    """Return the modules whose tags the templates load, by whichever floor has one of that name."""
    loaded = {name for file in _templates(base) for found in _LOADS.findall(file.read_text()) for name in found.split()}
    return [f"{floor}.templatetags.{name}" for floor in OWN_PACKAGES for name in sorted(loaded)]


def _code(base: Path) -> Iterator[Path]:
    """Yield every module of ours that drawing imports, found by reading the imports."""
    seen: set[str] = set()
    waiting = [*ROOTS, *_tags(base)]
    while waiting:
        name = waiting.pop()
        first, *rest = name.split(".")
        if name in seen or first not in OWN_PACKAGES or DRAWS_NOTHING & set(rest):
            continue
        seen.add(name)
        file = next((path for path in _places(base, name) if path.is_file()), None)
        if file is None:
            continue  # something inside a module
        yield file
        if rest:
            waiting.append(name.rpartition(".")[0])
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]


def _places(base: Path, name: str) -> tuple[Path, Path]:
    place = base.joinpath(*name.split("."))
    return place / "__init__.py", place.with_suffix(".py")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
