"""Every refusal in the code says which kind it is, and its kind fits the place that raises it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source_rules import FLOORS, ROOT, module_paths
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotAllowed, NotNow, Refused, allowed

KINDS = {"NotAllowed", "NotNow", "Invalid", "Conflict", "AlreadyDone"}
IN_PERMISSIONS = {"NotAllowed", "NotNow", "AlreadyDone"}
"""Permissions know a person and a state, and nothing that somebody has entered."""


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse((ROOT / file).read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


def test_a_refusal_without_a_kind_cannot_be_raised():
    with pytest.raises(TypeError, match="NotAllowed, NotNow or Invalid"):
        Refused("No.")


def test_every_refusal_in_the_code_has_a_kind():
    looked = 0
    for file in module_paths():
        for name, call in calls(file):
            assert name != "Refused", f"{file}:{call.lineno} does not say which kind it is"
            looked += name in KINDS
    print(f"looked at {looked} refusals")
    assert looked > 200


def test_permissions_never_call_what_was_entered_wrong():
    files = [
        file for file in module_paths() if "permissions" in str(file) or file == Path("commitments/rules/workflow.py")
    ]
    looked = 0
    for file in files:
        for name, call in calls(file):
            if name in KINDS:
                looked += 1
                assert name in IN_PERMISSIONS, f"{file}:{call.lineno}"
    print(f"looked at {looked} refusals in {len(files)} modules")
    assert len(files) >= 5
    assert looked > 40


def fields_of_forms() -> set[str]:
    """Return the names of the fields of all forms and serializers, of the values that services take, and of workbooks' columns."""
    found = set()
    for file in module_paths():
        for node in ast.walk(ast.parse((ROOT / file).read_text())):
            if isinstance(node, ast.ClassDef):
                for one in node.body:
                    if isinstance(one, ast.Assign):
                        found |= {target.id for target in one.targets if isinstance(target, ast.Name)}
                    elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                        found.add(one.target.id)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "SheetColumn" and node.args:
                found.add(ast.unparse(node.args[0]).strip("'"))
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("fields"):
                found.add(ast.unparse(node.slice).strip("'"))
    return found


def test_what_is_invalid_names_a_field_that_exists():
    known, looked = fields_of_forms(), 0
    for file in module_paths():
        for name, call in calls(file):
            if name == "Invalid":
                field = next((word.value for word in call.keywords if word.arg == "field"), None)
                where = f"{file}:{call.lineno}"
                assert field is not None, where
                if isinstance(field, ast.Constant) and isinstance(field.value, str) and field.value:
                    looked += 1
                    assert field.value in known, f"{where}: there is no field {field.value}"
    print(f"looked at {looked} fields in {len(FLOORS)} packages")
    assert looked > 80


@pytest.mark.parametrize(
    ("refused", "page", "api"),
    [
        (NotAllowed("You may not."), 403, 403),
        (NotNow("It is closed."), 409, 409),
        (Conflict("It has changed."), 409, 409),
        (AlreadyDone("It is sent.", thing=None, what="update", past="sent"), 409, 409),
        (Invalid("Say why.", field="reason"), 422, 400),
    ],
)
def test_each_kind_has_its_status(refused, page, api):
    def check() -> None:
        raise refused

    assert (refused.page_status, refused.api_status) == (page, api)
    assert allowed(check)() is False
