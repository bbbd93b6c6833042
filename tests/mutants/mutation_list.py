"""The list of mutations: what each changes, where, and which tests have to turn red."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
LIST: Final = Path(__file__).with_name("mutations.toml")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault that somebody could write by mistake.

    :param name: what it is called on the command line.
    :param file: the file that it changes, from the root of the checkout.
    :param before: a text that stands in the file exactly once.
    :param after: what takes its place.
    :param tests: the tests that have to notice it: files, or single tests as ``file::function``.
    :param unseen: what would go wrong unseen if they did not.
    """

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
    unseen: str

    def changed(self, text: str) -> str:
        """Return the file's text with the fault in it.

        :raises ValueError: if ``before`` is not found exactly once, with the reason as a sentence.
        """
        count = text.count(self.before)
        if count != 1:
            raise ValueError(f"the text before the change is found {count} times in {self.file}, not once")
        return text.replace(self.before, self.after)


def read_list(path: Path = LIST) -> list[Mutation]:
    """Return the mutations in the order of the list."""
    rows = tomllib.loads(path.read_text())["mutation"]
    return [Mutation(**{**row, "tests": tuple(row["tests"])}) for row in rows]


def problems(mutation: Mutation, root: Path = ROOT) -> Iterator[str]:
    """Yield what makes a mutation useless, as sentences; nothing if it fits the code as it is."""
    path = root / mutation.file
    if not path.is_file():
        yield f"{mutation.name}: there is no file {mutation.file}"
        return
    try:
        text = mutation.changed(path.read_text())
    except ValueError as error:
        yield f"{mutation.name}: {error}"
    else:
        yield from _faults_of(mutation, text)
    if not mutation.tests:
        yield f"{mutation.name}: no test is named"
    for test in mutation.tests:
        file, _, function = test.partition("::")
        if not (root / file).is_file():
            yield f"{mutation.name}: there is no file {file}"
        elif not any(name.startswith("test_") for name in _functions(root / file)):
            yield f"{mutation.name}: there is no test in {file}"
        elif function and function.partition("[")[0] not in _functions(root / file):
            yield f"{mutation.name}: there is no test {function} in {file}"


def _faults_of(mutation: Mutation, text: str) -> Iterator[str]:
    if mutation.before == mutation.after:
        yield f"{mutation.name}: it changes nothing"
    if mutation.file.endswith(".py"):
        try:
            ast.parse(text)
        except SyntaxError as error:
            yield f"{mutation.name}: the changed file is no Python: {error}"


@lru_cache
def _functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
