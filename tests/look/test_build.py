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
    assert len(files) > 8, files
    assert missing == []


def test_every_font_is_used_by_a_page_or_by_print_and_comes_with_its_licence(css):
    folder = BUILD / "fonts"
    files = {path.name for path in folder.iterdir() if path.suffix in {".woff2", ".ttf"}}
    families = json.loads((folder / "fonts.json").read_text())
    printed = {face["file"] for family in families for face in family["faces"]}
    shown = set(re.findall(r"fonts/([\w-]+\.woff2)", css))
    assert files == printed | shown
    assert all((folder / name).read_bytes()[:4] == b"wOF2" for name in files if name.endswith(".woff2"))
    licences = {path.name.removesuffix("-LICENSE.txt") for path in folder.glob("*-LICENSE.txt")}
    assert [name for name in files if not any(name.startswith(f"{licence}-") for licence in licences)] == []
    assert all("Open Font License" in path.read_text().title() for path in folder.glob("*-LICENSE.txt"))


def test_pages_use_what_they_preload(css):
    base = (ROOT / "templates" / "base.html").read_text()
    preloaded = re.findall(r"rel=\"preload\"\s+href=\"{% static '([^']+)'", base)
    assert len(preloaded) == 2
    assert [name for name in preloaded if f"url({name})" not in css.replace('"', "")] == []


def test_in_print_a_file_is_a_family_and_the_page_s_own_face_comes_first():
    families = json.loads((BUILD / "fonts" / "fonts.json").read_text())
    assert [family["family"] for family in families][:2] == ["Report Hyperlegible", "Report Noto Sans"]
    assert len({family["family"] for family in families}) == len(families) > 20
    for family in families:
        assert len({(face["weight"], face["style"]) for face in family["faces"]}) == len(family["faces"])


def test_pages_fetch_a_font_only_for_letters_that_they_show(css):
    rules = re.findall(r"@font-face\{[^}]*\}", css)
    assert len(rules) > 50
    assert [rule for rule in rules if "unicode-range:" not in rule or "font-display:swap" not in rule] == []


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
