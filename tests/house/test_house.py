"""The code looks at itself."""

import ast
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, get_commands
from django.db.models import CheckConstraint

ROOT = Path(__file__).resolve().parents[2]
OURS = ("vcsportal", "reporting", "commitments", "partners")


def modules() -> list[Path]:
    return [file for floor in OURS for file in sorted((ROOT / floor).rglob("*.py")) if "migrations" not in file.parts]


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models():
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()


def test_no_floor_imports_upward():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert "4 kept" in done.stdout or "kept, 0 broken" in done.stdout


def test_every_management_command_is_tested():
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in OURS}
    tests = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("*.py"))
    untested = {name for name in ours if f'"{name}"' not in tests}
    print(f"looked at {len(ours)} commands")
    assert len(ours) >= 5
    assert untested == set()


def test_when_and_who_stand_together():
    """A column ``*_at`` with a ``*_by`` beside it that may be empty is tied to it by a constraint in the database."""
    pairs = 0
    for model in (m for floor in OURS[1:] for m in apps.get_app_config(floor).get_models()):
        names = {field.name: field for field in model._meta.get_fields() if hasattr(field, "null")}
        for name, field in names.items():
            other = name.removesuffix("_at") + "_by"
            if name.endswith("_at") and field.null and other in names:
                pairs += 1
                rules = [str(c.condition) for c in model._meta.constraints if isinstance(c, CheckConstraint)]
                assert any(name in rule and other in rule for rule in rules), f"{model.__name__}.{name}"
    print(f"looked at {pairs} pairs")
    assert pairs >= 5


NO_ROWS = re.compile(r"names|views|context|sent|cache|form\.initial")
"""What views call ``update`` and the like on that is no row of the database: dictionaries, sets and the cache."""


def test_writes_stand_in_services_only():
    """Views, API and tasks never save, create, update or delete a row themselves."""
    looked, found = 0, []
    writing = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    for file in modules():
        if "services" in file.parts or not {"views", "api", "api.py", "tasks.py"} & {*file.parts, file.name}:
            continue
        looked += 1
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing:
                base = ast.unparse(node.func.value)
                if not NO_ROWS.fullmatch(base):
                    found.append(f"{file.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}")
    print(f"looked at {looked} modules")
    assert looked >= 8
    assert found == []


RULES = {
    "models", "services", "permissions", "status", "workflow", "roles", "identifiers", "reading", "stages", "facts", "exports",
    "assembly", "charts", "rendering", "words", "markdown", "people",
}  # fmt: skip
"""Names of modules or packages, whichever of the two they are now."""


def test_no_rule_reads_the_clock():
    """Dates are passed in: rules, tables, services and the report never ask what time it is."""
    looked, found, seen = 0, [], set()
    for file in modules():
        named = RULES & {*file.relative_to(ROOT).parts[:-1], file.stem}
        if not named or "views" in file.parts:
            continue
        looked += 1
        seen |= named
        text = file.read_text()
        if any(call in text for call in ("timezone.now(", "date.today(", "datetime.now(", "localdate()")):
            found.append(str(file.relative_to(ROOT)))
    print(f"looked at {looked} modules")
    assert looked >= 100
    assert RULES - seen == set(), "a name that is no module or package any more looks at nothing"
    assert found == []


def test_modules_stay_a_page_or_two():
    files = modules()
    long = {str(f.relative_to(ROOT)): n for f in files if (n := len(f.read_text().splitlines())) > 400}
    print(f"looked at {len(files)} modules")
    assert len(files) > 40
    assert long == {}


def test_the_drawing_of_states_is_in_step_with_the_tables(tmp_path, settings):
    call_command("draw_states", check=True, stdout=StringIO())
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="stale"):
        call_command("draw_states", check=True)
    call_command("draw_states", stdout=StringIO())
    assert "stateDiagram-v2" in (tmp_path / "docs" / "states.md").read_text()
