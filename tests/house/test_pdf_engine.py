"""Only the room that draws knows the PDF engine, so that another engine would be that room's work alone."""

import ast

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
