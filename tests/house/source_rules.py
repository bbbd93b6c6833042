"""Rules that the code's own text is held to. Each takes a module's text, so that a test can show it a breach."""

import ast
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FLOORS: Final = ("vcsportal", "reporting", "commitments", "partners")


@dataclass(frozen=True, order=True)
class Breach:
    """One place that breaks a rule: the line, counted from 1, and the expression that stands there."""

    line: int
    code: str


def is_in(path: Path, rooms: Collection[str]) -> bool:
    """Return whether a module stands in one of the rooms: folders or modules of that name, on whatever floor."""
    return not {*path.parts[:-1], path.stem}.isdisjoint(rooms)


def module_paths() -> list[Path]:
    """Return every module of the four floors, relative to the repository. Migrations are history, and are left out."""
    return [
        file.relative_to(ROOT)
        for floor in FLOORS
        for file in sorted((ROOT / floor).rglob("*.py"))
        if "migrations" not in file.parts
    ]


def package_paths() -> set[str]:
    """Return the folders of the four floors that hold Python modules, as the file system has them."""
    return {
        os.path.relpath(folder, ROOT)
        for floor in FLOORS
        for folder, _, files in os.walk(ROOT / floor)
        if os.path.basename(folder) != "migrations" and any(name.endswith(".py") for name in files)
    }


# The clock

CLOCKS: Final = frozenset(
    {
        "django.utils.timezone.now", "django.utils.timezone.localdate", "django.utils.timezone.localtime",
        "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow",
        "time.time", "time.time_ns", "time.localtime", "time.gmtime", "vcsportal.common.clock.now",
    }
)  # fmt: skip
CLOCKS_WITHOUT_ARGUMENTS: Final = frozenset(
    {"django.utils.timezone.localdate", "django.utils.timezone.localtime", "time.localtime", "time.gmtime"}
)
"""They read the clock only if they are given no moment to convert."""


def clock_reads(text: str) -> list[Breach]:
    """Return where a module asks what time it is, or passes on a function that does, by whatever name it was imported."""
    tree = ast.parse(text)
    imported = _imported_names(tree)
    with_arguments = {
        id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call) and (node.args or node.keywords)
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        name = _dotted(node, imported)
        if name in CLOCKS and not (name in CLOCKS_WITHOUT_ARGUMENTS and id(node) in with_arguments):
            found.append(Breach(node.lineno, ast.unparse(node)))
    return sorted(set(found))


def _imported_names(tree: ast.AST) -> dict[str, str]:
    """Return what the module's names stand for: ``{"tz": "django.utils.timezone"}``."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
    return names


def _dotted(node: ast.expr, imported: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return imported.get(node.id, "")
    if isinstance(node, ast.Attribute) and (base := _dotted(node.value, imported)):
        return f"{base}.{node.attr}"
    return ""


# Writes

WRITES: Final = frozenset(
    name
    for plain in (
        "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    )
    for name in (plain, f"a{plain}")
)  # fmt: skip
"""Methods of Django's models, querysets and managers that change rows."""
WRITING_FUNCTIONS: Final = frozenset({"change_many", "write_entry"})
"""Functions of ``vcsportal.common`` that do."""
SQL_WRITES: Final = ("insert ", "update ", "delete ", "truncate ", "merge ")
PLAIN: Final = frozenset(
    {"dict", "set", "Counter", "defaultdict", "OrderedDict", "QueryDict", "globals", "sha256", "sha1", "sha512", "md5"}
)
"""Makers, and types, of dictionaries, sets and digests: their ``update`` changes no row."""
PLAIN_ATTRIBUTES: Final = frozenset({"attrs", "initial", "error_messages", "headers", "__dict__"})
"""Dictionaries of Django's own forms, widgets and answers, and what Python keeps an object's attributes in."""
NOT_ROWS: Final = frozenset({"django.core.cache.cache", "django.core.files.storage.default_storage"})
"""Imported things that keep values and files, and have methods of the same names."""


def write_calls(text: str) -> list[Breach]:
    """Return where a module changes rows: any call of a writing function, or of such a method on what is not plainly a dictionary or a set.

    A name counts as a dictionary or a set if the function (or the module) gives it such a value or such a type, and never another one.
    """
    tree = ast.parse(text)
    imported = _imported_names(tree)
    found = []
    of_module = _plain_names([*_own_nodes(tree), *_sets_of_self(tree)], tree, set())
    for scope, nodes in _scopes(tree):
        plain = of_module if scope is tree else _plain_names(nodes, scope, of_module)
        for node in nodes:
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and _dotted(node.func, imported).split(".")[-1] in WRITING_FUNCTIONS:
                found.append(Breach(node.lineno, ast.unparse(node.func)))
            if not isinstance(node.func, ast.Attribute):
                continue
            function = node.func
            if (
                function.attr in WRITES
                and not (_is_plain(function.value, plain) or _dotted(function.value, imported) in NOT_ROWS)
            ) or (function.attr in {"execute", "executemany"} and node.args and _is_sql_write(node.args[0])):
                found.append(Breach(node.lineno, ast.unparse(function)))
    return sorted(set(found))


def _scopes(tree: ast.Module) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    """Yield the module and each function, with the nodes that belong to it and to no function inside it."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in [tree, *functions]:
        yield scope, list(_own_nodes(scope))


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _plain_names(nodes: list[ast.AST], layer: ast.AST, plain: set[str]) -> set[str]:
    """Return the names that are plain in a module or a function with these nodes, given those that are plain around it."""
    yes: set[str] = set()
    no: set[str] = set()
    if isinstance(layer, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = layer.args
        for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            (yes if _is_plain_type(argument.annotation) else no).add(argument.arg)
        if arguments.kwarg:
            yes.add(arguments.kwarg.arg)
    for node in nodes:
        if isinstance(node, ast.AnnAssign):
            (yes if _is_plain_type(node.annotation) else no).add(ast.unparse(node.target))
        elif isinstance(node, ast.For | ast.AsyncFor | ast.NamedExpr | ast.comprehension):
            no |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            no |= {name.id for name in ast.walk(node.optional_vars) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.Assign):
            for target, value in _assigned(node):
                (yes if _is_plain(value, plain) else no).add(ast.unparse(target))
    return (plain | yes) - (no - {name for name in yes if _annotated(layer, name)})


def _sets_of_self(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what methods set on ``self``: it is known in every other method, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and "self." in ast.unparse(node).partition("=")[0]:
            yield node


def _assigned(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield each name and attribute that is set, with its value; ``a, b = 1, 2`` sets two."""
    for target in node.targets:
        if isinstance(target, ast.Name | ast.Attribute):
            yield target, node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)


def _annotated(layer: ast.AST, name: str) -> bool:
    return any(
        isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and _is_plain_type(node.annotation)
        for node in _own_nodes(layer)
    )


def _is_plain(value: ast.expr, plain: set[str]) -> bool:
    if isinstance(value, ast.Dict | ast.Set | ast.DictComp | ast.SetComp):
        return True
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute) and value.func.attr == "setdefault":
            return _is_plain(value.args[-1], plain)
        return _last_name(value.func) in PLAIN
    if isinstance(value, ast.Attribute) and value.attr in PLAIN_ATTRIBUTES:
        return True
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        return _is_plain(value.left, plain)
    return ast.unparse(value) in plain


def _is_plain_type(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    if isinstance(annotation, ast.Subscript):
        if _last_name(annotation.value) == "Final":
            return _is_plain_type(annotation.slice)
        return _is_plain_type(annotation.value)
    return _last_name(annotation) in PLAIN


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_sql_write(argument: ast.expr) -> bool:
    texts = [
        node.value for node in ast.walk(argument) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return bool(texts) and texts[0].strip().lower().startswith(SQL_WRITES)


# Names


def vague_names(text: str, vague: Collection[str]) -> list[Breach]:
    """Return where a module gives a vague name to something: a variable, a parameter, an import or what an exception is called."""
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case (
                ast.Name(id=name, ctx=ast.Store())
                | ast.arg(arg=name)
                | ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.alias(asname=str(name))
            ) if name in vague:
                found.append(Breach(node.lineno, name))
    return sorted(set(found))
