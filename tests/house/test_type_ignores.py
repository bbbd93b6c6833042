"""Where the types of our code are not checked, the line says which check is left out, and why."""

import re

import pytest

from tests.house.source_rules import ROOT, module_paths

IGNORED = re.compile(r"#\s*type:\s*ignore(.*)")
WITH_A_REASON = re.compile(r"\[[a-z-]+(, [a-z-]+)*\]  # \S.{8,}")


def without_a_reason(text: str) -> list[int]:
    """Return the lines, counted from 1, that leave a check out without its name or without a reason."""
    ignored = ((number, IGNORED.search(line)) for number, line in enumerate(text.splitlines(), 1))
    return [number for number, match in ignored if match and not WITH_A_REASON.fullmatch(match.group(1))]


def test_every_check_that_is_left_out_has_a_name_and_a_reason():
    texts = {str(path): (ROOT / path).read_text() for path in module_paths()}
    assert sum(len(IGNORED.findall(text)) for text in texts.values()) > 10
    assert {path: lines for path, text in texts.items() if (lines := without_a_reason(text))} == {}


@pytest.mark.parametrize(
    "line", ["x = f()  # type: ignore", "x = f()  # type: ignore[misc]", "x = f()  # type: ignore  # it is so"]
)
def test_one_without_its_name_or_its_reason_is_found(line):
    assert without_a_reason(f"\n{line}\n") == [2]


def test_one_with_both_is_left_alone():
    assert without_a_reason("x = f()  # type: ignore[misc]  # the library gives no types\n") == []
