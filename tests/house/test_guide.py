"""The guides for contributors name what is there: paths, symbols, rooms and models."""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, get_commands

from tests.house.source_rules import FLOORS, ROOT
from vcsportal.management.commands import draw_architecture

GUIDES = ("CONTRIBUTING.md", "README.md", "docs/architecture.md", "docs/glossary.md")
OF_THE_TABLE = "Changes, and where each is made"
NO_PATH = re.compile(r"[…*={}()<>\s]|^\.|^/")


def text_of(guide: str) -> str:
    """Return a guide without its blocks of commands."""
    return re.sub(r"```.*?```", "", (ROOT / guide).read_text(), flags=re.S)


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def changes() -> list[list[str]]:
    """Return the rows of the table of changes, each as its cells."""
    section = text_of("CONTRIBUTING.md").split(f"## {OF_THE_TABLE}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return rows[1:]


def names_in(path: Path) -> set[str]:
    """Return what a module defines at its top: classes, functions, constants and what it imports."""
    found: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


def own_models() -> set[str]:
    return {
        model.__name__
        for floor in FLOORS[1:]
        for model in apps.get_app_config(floor).get_models()
        if not model._meta.auto_created and not model._meta.proxy
    }


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_names_only_paths_that_exist(guide: str):
    text = text_of(guide)
    paths = [name for name in quoted(text) if "/" in name and not NO_PATH.search(name)]
    missing = [name for name in paths if not (ROOT / name).exists() and not (ROOT / "docs" / name).exists()]
    folder = (ROOT / guide).parent
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    print(f"looked at {len(paths)} paths and {len(links)} links")
    assert missing == []
    assert [link for link in links if not (folder / link).exists()] == []
    assert len(paths) + len(links) >= 3


def test_the_documentation_names_only_modules_that_exist():
    files = [file for floor in (*FLOORS, "tests") for file in (ROOT / floor).rglob("*.py")]
    there = [f"/{file.relative_to(ROOT)}" for file in files] + ["/manage.py"]
    looked, missing = 0, []
    for page in [ROOT / guide for guide in GUIDES] + sorted((ROOT / "docs").rglob("*.md")):
        for name in re.findall(r"`([\w/.]+\.py)`", page.read_text()):
            looked += 1
            if not any(path.endswith(f"/{name}") for path in there):
                missing.append(f"{page.relative_to(ROOT)}: {name}")
    print(f"looked at {looked} names")
    assert looked >= 50
    assert missing == []


def test_the_changes_each_say_where_they_are_made_and_tested():
    assert len(changes()) >= 10
    for change, edits, tests in changes():
        assert [name for name in quoted(edits) if (ROOT / name).exists()], change
        assert quoted(tests), change
        assert all(name.startswith("tests/") for name in quoted(tests)), change


def test_each_symbol_of_the_changes_is_in_the_module_before_it():
    looked = 0
    for change, edits, _ in changes():
        for path, symbols in re.findall(r"`([\w/]+\.py)` \(((?:`\w+`(?:, )?)+)\)", edits):
            there = names_in(ROOT / path)
            for symbol in quoted(symbols):
                looked += 1
                assert symbol in there, f"{change}: {path} has no {symbol}"
    print(f"looked at {looked} symbols")
    assert looked >= 8


def test_each_command_that_a_guide_names_exists():
    named = {name for guide in GUIDES for name in re.findall(r"manage\.py (\w+)", (ROOT / guide).read_text())}
    makes = {name for guide in GUIDES for name in re.findall(r"`make ([a-z-]+)", (ROOT / guide).read_text())}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert named >= {"draw_states", "draw_architecture"}
    assert named - set(get_commands()) == set()
    assert makes - targets == set()


def test_the_architecture_mentions_every_room():
    text = set(quoted(text_of("docs/architecture.md")))
    rooms = {
        room
        for floor in FLOORS
        for flow in draw_architecture.flows(ROOT, floor)
        for layer in flow.layers
        for room in layer.rooms
    } | {folder for floor in FLOORS for folder in draw_architecture.folders(ROOT, floor)}
    print(f"looked at {len(rooms)} rooms")
    assert len(rooms) >= 40
    assert rooms - text == set()
    assert set(FLOORS) <= text


def test_the_glossary_has_every_model_and_no_other():
    text = (ROOT / "docs" / "glossary.md").read_text()
    named = {name for name in quoted(text) if re.fullmatch(r"[A-Z]\w+", name)}
    print(f"looked at {len(own_models())} models")
    assert len(own_models()) >= 40
    assert own_models() - named == set()
    assert named - own_models() == set()


def test_the_drawing_of_the_floors_is_in_step_with_the_import_contracts(tmp_path: Path, settings):
    call_command("draw_architecture", check=True, stdout=StringIO())
    contracts = (ROOT / "pyproject.toml").read_text()
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs" / "pictures").mkdir(parents=True)
    for floor in FLOORS:
        (tmp_path / floor).symlink_to(ROOT / floor)
    (tmp_path / "pyproject.toml").write_text(contracts)
    with pytest.raises(CommandError, match="stale"):
        call_command("draw_architecture", check=True)
    call_command("draw_architecture", stdout=StringIO())
    call_command("draw_architecture", check=True, stdout=StringIO())
    (tmp_path / "pyproject.toml").write_text(contracts.replace('"(files)",', ""))
    with pytest.raises(CommandError, match="stale"):
        call_command("draw_architecture", check=True)


def test_the_drawing_says_which_rooms_are_held_apart():
    layers = [layer for flow in draw_architecture.flows(ROOT, "reporting") for layer in flow.layers]
    assert draw_architecture.Layer(("rendering", "exports"), apart=True) in layers
    layers = [layer for flow in draw_architecture.flows(ROOT, "commitments") for layer in flow.layers]
    assert draw_architecture.Layer(("reading", "services"), apart=True) in layers
