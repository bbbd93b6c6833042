"""Only the room that draws knows the PDF engine, so that another engine would be that room's work alone."""

import ast
import subprocess
import sys

from tests.house.source_rules import ROOT, module_paths

ENGINE = {"weasyprint", "pydyf"}


def _imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_only_rendering_knows_the_pdf_engine():
    users = {path for path in module_paths() if ENGINE & _imported((ROOT / path).read_text())}
    assert len(users) >= 5
    assert {str(path) for path in users if "reporting/rendering" not in path.as_posix()} == set()


def test_a_process_that_draws_nothing_does_not_load_what_draws():
    """They take a quarter of the time in which a command starts."""
    starts = (
        "import sys, django; django.setup(); import vcsportal.urls, reporting.formats; print(*sys.modules, sep='\\n')"
    )
    loaded = subprocess.run([sys.executable, "-c", starts], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "reporting.rendering.pdf" in loaded.split()
    assert {"weasyprint", "pydyf", "fontTools", "xlsxwriter", "docx"} & set(loaded.split()) == set()
