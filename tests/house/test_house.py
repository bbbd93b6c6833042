"""The code looks at itself. Layers, migrations and diagrams are looked at by ``make check``, which runs beside the tests."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, get_commands
from django.db.models import CheckConstraint

from tests.conftest import LONGEST_FIRST
from tests.house.source_rules import FLOORS, ROOT, module_paths


def test_every_management_command_is_tested():
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in FLOORS}
    tests = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("*.py"))
    untested = {name for name in ours if f'"{name}"' not in tests}
    print(f"looked at {len(ours)} commands")
    assert len(ours) >= 5
    assert untested == set()


def test_when_and_who_stand_together():
    """A column ``*_at`` with a ``*_by`` beside it that may be empty is tied to it by a constraint in the database."""
    pairs = 0
    for model in (m for floor in FLOORS[1:] for m in apps.get_app_config(floor).get_models()):
        names = {field.name: field for field in model._meta.get_fields() if hasattr(field, "null")}
        for name, field in names.items():
            other = name.removesuffix("_at") + "_by"
            if name.endswith("_at") and field.null and other in names:
                pairs += 1
                rules = [str(c.condition) for c in model._meta.constraints if isinstance(c, CheckConstraint)]
                assert any(name in rule and other in rule for rule in rules), f"{model.__name__}.{name}"
    print(f"looked at {pairs} pairs")
    assert pairs >= 5


def test_modules_stay_a_page_or_two():
    files = module_paths()
    long = {str(file): n for file in files if (n := len((ROOT / file).read_text().splitlines())) > 400}
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


def test_the_files_that_come_first_are_there():
    assert [start for start in LONGEST_FIRST if not (ROOT / start).exists()] == []
