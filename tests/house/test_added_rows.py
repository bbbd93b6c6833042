"""Adds a figure of evidence, a status and a format to a copy of the project, and looks for them wherever such things are.

Each is added as a developer would: rows in tables, and migrations made by the command. The files are counted.
"""

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from commitments.rules.evidence_figures import FIGURE_CODES
from commitments.rules.status_shapes import SHAPES
from tests.house.source_rules import ROOT, module_paths
from tests.long import only_in_test_all

MAX_FILES_FOR_A_FIGURE = 5
MAX_FILES_FOR_A_STATUS = 6
MAX_FILES_FOR_A_FORMAT = 1
FIGURE_ROW = """    EvidenceFigure(
        "meals_shared", "meal shared", "meals shared", "Meals that people ate together.",
        "They shared one meal", "They shared {number} meals", hint="Count a meal once for each person.",
        short_question="How many meals did you share?", paper_question="How many meals did you share?", claimed="meals",
    ),
"""
STATUS_ROW = """PAUSED: Final = Status(
    "paused", "Paused", "Work has been stopped on purpose, and is to go on.", "pause", "dashes",
    "#dff0f7", "#003a52", "#26789b", "A", "It waits for now.", one_off_only=True,
)

"""
FORMAT_ROW = """    ReportFormat("brief", "The year in brief (text)", "One line.", "text/plain", "txt", "brief", _from_facts(lambda report: b"The year in brief")),
"""
SHAPE_ROW = """    "pause": (("body", '<path d="M7 4h3v16H7zM14 4h3v16h-3z"'),),
"""
SCSS_ROW = """  "paused": (fill: #dff0f7, ink: #003a52, edge: #26789b, night: #8fc3da),
"""
PATTERN = """    if status.pattern == "dashes":
        lines = "".join(f"M{x:g} {y + 4 + i * 6:g}h{width:g}" for i in range(int((height - 4) // 6) + 1))
        return f'<path d="{lines}" {mark}/>'
"""
FIGURE = {
    "commitments/rules/evidence_figures.py": [(')\n"""In the order in which they are asked', FIGURE_ROW)],
    "commitments/models/evidence.py": [
        ("    publishable = models", "    meals_shared = models.PositiveIntegerField(null=True, blank=True)\n")
    ],
    "commitments/content/evidence.py": [("    publishable: bool = False", "    meals_shared: int | None = None\n")],
    "reporting/facts/evidence.py": [("\n\n@dataclass(frozen=True, slots=True)\nclass OrganisationFacts", "    meals_shared: int | None = None\n")],
}  # fmt: skip
STATUS = {
    "commitments/rules/status.py": [
        ("STATUSES: Final", STATUS_ROW),
        (", CLOSED)\nBY_CODE", ", PAUSED"),
        ('    "closed": ("not_started",', '    "paused": ("on_track",),\n'),
        ('"not_started", "at_risk", "delayed", "complete", "embedded", "closed"),\n    "at_risk"', '"paused", '),
    ],
    "commitments/rules/status_shapes.py": [('    "none": (),', SHAPE_ROW)],
    "static/src/styles/_status.scss": [(");\n\n@each $tone", SCSS_ROW)],
    "reporting/narrative/status_bars.py": [("    if status.pattern in PLAIN_PATTERNS", PATTERN)],
}
FORMAT = {"reporting/formats.py": [(')  # fmt: skip\n"""In the order', FORMAT_ROW)]}


def checksums(folder: Path) -> dict[str, str]:
    kinds = (".py", ".html", ".scss", ".md", ".toml", ".txt")
    files = [
        file for file in folder.rglob("*") if file.suffix in kinds and file.is_file() and "build" not in file.parts
    ]
    return {str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest() for file in files}


def environment() -> dict[str, str]:
    """That of this run, with a database for tests that has another name, and makes its tables by the migrations."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    own = urlunsplit(parts._replace(path=f"{parts.path}_added_rows"))
    kept = {name: value for name, value in os.environ.items() if name not in ("TEST_DATABASE_TEMPLATE", "PYTHONPATH")}
    return {**kept, "DATABASE_URL": own, "DEBUG": "1"}


def run(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment(), capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    return done.stdout


def add(folder: Path, edits: dict[str, list[tuple[str, str]]], *commands: tuple[str, ...]) -> list[str]:
    """Put rows before the words where they belong and run commands of ``manage.py``; return which files are other or new."""
    before = checksums(folder)
    for name, rows in edits.items():
        text = (folder / name).read_text()
        for words, row in rows:
            assert text.count(words) == 1, (name, words)
            text = text.replace(words, row + words)
        (folder / name).write_text(text)
    for command in commands:
        run(folder, "manage.py", *command)
    after = checksums(folder)
    return sorted(name for name in after if after[name] != before.get(name))


@pytest.fixture
def copy(tmp_path):
    """The project's own files as they are now, committed or not."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folder = tmp_path / "copy"
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    shutil.copytree(ROOT / "static" / "build", folder / "static" / "build")
    return folder


@pytest.mark.timeout(900)
@only_in_test_all
def test_a_figure_a_status_and_a_format_added_to_their_tables_are_on_every_page_and_in_every_format(copy):
    figure = add(copy, FIGURE, ("makemigrations", "commitments"))
    status = add(copy, STATUS, ("makemigrations",), ("draw_states",))
    format_ = add(copy, FORMAT)
    print(f"a figure: {figure}; a status: {status}; a format: {format_}")
    assert len(figure) <= MAX_FILES_FOR_A_FIGURE, figure
    assert len(status) <= MAX_FILES_FOR_A_STATUS, status
    assert len(format_) <= MAX_FILES_FOR_A_FORMAT, format_
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--create-db", "tests/house/added_rows.py")


@pytest.mark.parametrize("edits", [FIGURE, STATUS, FORMAT], ids=["figure", "status", "format"])
def test_the_rows_that_are_added_fit_the_tables(edits):
    """The trial above is long; that a place or a class of it has another name now is found at once."""
    for name, rows in edits.items():
        text = (ROOT / name).read_text()
        for words, row in rows:
            assert text.count(words) == 1, (name, words)
            for made in re.findall(r"^\W*(?:\w+: Final = )?([A-Z]\w+)\(", row):
                assert re.search(rf"\b{made}\b", text), (name, made)


NAMES_FIGURES = {
    "commitments/rules/evidence_figures.py", "commitments/models/evidence.py", "commitments/content/evidence.py", "reporting/facts/evidence.py",
}  # fmt: skip
"""The table and what has a field for each row."""
INVENTS_DATA = "vcsportal/demo/"
"""The demo may know figures by name: it needs no number for a new one."""


def test_no_other_module_names_a_figure_of_evidence():
    names = "|".join(code for code in FIGURE_CODES if code != "hours")  # a word of Python's own timedelta
    pattern = re.compile(rf"[\"']({names})[\"']|\.({names})\b|\b({names})=|[\"']hours[\"']")
    looked = [file for file in module_paths() if not str(file).startswith(INVENTS_DATA)]
    found = {str(file) for file in looked if pattern.search((ROOT / file).read_text())}
    print(f"looked at {len(looked)} modules")
    assert len(looked) > 300
    assert found <= NAMES_FIGURES
    assert "commitments/rules/evidence_figures.py" in found
    templates = [file for file in (ROOT / "templates").rglob("*") if file.is_file()]
    assert [file for file in templates if re.search(rf"\.({names})\b", file.read_text())] == []


def test_the_shapes_of_statuses_are_drawn_in_one_place():
    paths = [part.split("d=", 1)[1] for parts in SHAPES.values() for _, part in parts if " d=" in part]
    assert len(paths) >= 3
    files = [ROOT / file for file in module_paths()] + list((ROOT / "templates").rglob("*.html"))
    holding = {str(file.relative_to(ROOT)) for file in files for path in paths if path in file.read_text()}
    assert holding == {"commitments/rules/status_shapes.py"}
