"""Reads a table of permissions and asks every person in every case. Whoever a row does not name has to be told "not allowed".

A row is a rule, perhaps a case after a comma, and what people are answered: ``check_can_edit_evidence, sent: now charity``.
``yes`` is allowed, ``now`` a refusal as things are (:class:`NotNow`), ``done`` one for what was done already
(:class:`AlreadyDone`). Several answers stand apart by semicolons; the name of a group stands for all its people.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any, Final

from vcsportal.common.words import AlreadyDone, NotAllowed, NotNow

Ask = Callable[[Any], Any]
"""Asks a rule about a person; returns None or True for yes, and False or a refusal for no."""
ANSWERS: Final = ("yes", "no", "now", "done")


def read_table(text: str, people: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, str]]:
    """Return the answer to each person in each row, by the row's name.

    :raises ValueError: for a row that stands twice, and for a word that is neither an answer nor a person.
    """
    everybody = tuple(people)
    table: dict[str, dict[str, str]] = {}
    for line in filter(None, (line.split("#")[0].strip() for line in text.splitlines())):
        row, _, said = line.partition(":")
        if row in table:
            raise ValueError(f"{row} stands twice")
        table[row] = dict.fromkeys(everybody, "no")
        for part in filter(None, (part.split() for part in said.split(";"))):
            answer, *names = part
            if answer not in ANSWERS:
                raise ValueError(f"{row}: {answer} is no answer")
            for name in names:
                for person in groups.get(name, everybody if name == "everybody" else (name,)):
                    if person not in table[row]:
                        raise ValueError(f"{row}: there is no person {person}")
                    table[row][person] = answer
    return table


def answer_of(ask: Ask, person: Any) -> str:
    """Return what a rule answers a person."""
    try:
        return "no" if ask(person) is False else "yes"
    except AlreadyDone:
        return "done"
    except NotNow:
        return "now"
    except NotAllowed:
        return "no"


def differences(
    table: Mapping[str, Mapping[str, str]], cases: Mapping[str, Ask], people: Mapping[str, Any]
) -> list[str]:
    """Return, as sentences, where the rules answer otherwise than the table says. Rows and cases have to be the same."""
    found = [f"{row} has no case" for row in table if row not in cases]
    found += [f"{case} has no row" for case in cases if case not in table]
    for row in table:
        for name, person in people.items() if row in cases else ():
            if (answer := answer_of(cases[row], person)) != table[row][name]:
                found.append(f"{row}: {name} is answered {answer}, not {table[row][name]}")
    return found


def rules_of(*modules: ModuleType) -> set[str]:
    """Return the names of all checks that modules define."""
    return {name for module in modules for name, rule in vars(module).items() if name.startswith("check_") and rule.__module__ == module.__name__}  # fmt: skip


def rules_in(table: Iterable[str]) -> set[str]:
    """Return the rules that a table has rows of."""
    return {row.partition(",")[0] for row in table}


def wrong_pairs(*modules: ModuleType) -> Iterator[str]:
    """Yield the yes-or-no halves that do not ask the check of their own name."""
    for module in modules:
        for name, half in vars(module).items():
            if name.startswith(("can_", "may_")) and half.__module__ == module.__name__:
                check = vars(module).get(f"check_{name}")
                if check is None or getattr(half, "__wrapped__", None) is not check:
                    yield f"{module.__name__}.{name}"
