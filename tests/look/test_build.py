"""What the build gives to the browser."""

import json
import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
BUILD = ROOT / "static" / "build"


@pytest.fixture(scope="module")
def css() -> str:
    return (BUILD / "portal.css").read_text()


@pytest.mark.parametrize("word", ["Transport", "crest", "crown", "rebrand", "sourceMappingURL"])
def test_the_style_sheet_holds_nothing_of_gov_uk_s_identity(css, word):
    assert word.lower() not in css.lower()


def test_the_style_sheet_asks_no_other_server_for_anything(css):
    assert re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//", css) == []


def test_every_file_that_the_style_sheet_names_is_built(css):
    named = {name.strip("\"'") for name in re.findall(r"url\(([^)]*)\)", css)} - {""}
    files = {name for name in named if not name.startswith("data:")}
    missing = sorted(name for name in files if not (BUILD / name).is_file())
    assert len(files) == 8, files
    assert missing == []


def test_the_faces_have_the_names_that_the_report_uses_too():
    faces = {path.name for path in (BUILD / "fonts").glob("*.woff2")}
    family = "atkinson-hyperlegible"
    assert faces == {
        f"{family}-{w}-{s}{e}.woff2" for w in (400, 700) for s in ("normal", "italic") for e in ("", "-ext")
    }
    assert all((BUILD / "fonts" / face).read_bytes()[:4] == b"wOF2" for face in faces)


def test_the_script_is_one_file_without_imports():
    script = (BUILD / "portal.js").read_text()
    assert not re.search(r"^\s*import\b", script, re.MULTILINE)
    assert "ServiceNavigation" in script


def test_the_lock_file_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = [name for name in lock["packages"] if name]
    assert len(packages) >= 4
    assert [name for name in packages if "resolved" in lock["packages"][name]] == []
    assert all(lock["packages"][name].get("integrity") for name in packages)
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()


def test_what_is_asked_of_npm_is_pinned_exactly():
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert wanted
    assert [
        f"{name} {version}" for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)
    ] == []
