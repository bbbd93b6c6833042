"""``docs/strategy-file.md`` says of every key what the loader itself says of it, and every example in it loads."""

import re
import tomllib
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from vcsportal.common.data_file import Faulty

REFERENCE = (settings.BASE_DIR / "docs" / "strategy-file.md").read_text()
AREAS = settings.BASE_DIR / "partners" / "areas" / "oxfordshire.toml"
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", REFERENCE, re.M | re.S)
HEADINGS = {
    "### The file": "",
    "### `[strategy]`": "strategy",
    "### `[strategy.owner]`": "strategy.owner",
    "### `[[priority]]`": "priority",
    "### `[[priority.commitment]]`": "priority.commitment",
    "### `[[priority.commitment.action]]` and `[[priority.commitment.action.action]]`": "priority.commitment.action",
    "### `[[priority.indicator]]` and `[[priority.commitment.indicator]]`": "priority.commitment.indicator",
    "### A target or a figure": "number",
    "### A step of a scale": "step",
    "### `[[round]]`": "round",
    "### `[[group]]`": "group",
    "### `[[group.seat]]`": "group.seat",
    "### `[[engagement]]`": "engagement",
    "### `[[engagement.point]]`": "engagement.point",
    "### `[[source]]`": "source",
    "### `[[strand]]`": "strand",
    "### `[[risk]]`": "risk",
    "### `[[risk.assessment]]`": "risk.assessment",
    "### `[[figure]]`": "figure",
    "### `[[figure.value]]`": "figure.value",
    "### `[[figure.award]]`": "figure.award",
    "### `[[signatory]]`": "signatory",
}
TABLES = [table for table in HEADINGS.values() if table not in {"", "number", "step"}]
LONG = 5000


def described():
    """Return the rows of each table of the reference by key: type, what holds if it is left out, meaning."""
    found: dict[str, Any] = {}
    table: Any = None
    for line in REFERENCE.partition("## Every key")[2].splitlines():
        if line.startswith("#"):
            table = HEADINGS.get(line)
        elif table is not None and (row := re.fullmatch(r"\| `(\w+)` \| (.+?) \| (.+?) \| (.+) \|", line)):
            found.setdefault(table, {})[row[1]] = row.groups()[1:]
    return found


DESCRIBED = described()


def faults(text):
    """Return what the loader says of a text, as pairs of a field and a sentence."""
    with pytest.raises(Faulty) as refused:
        read(text)
    return [(fault.field, fault.sentence) for fault in refused.value.faults]


def only(table, lines=""):
    """Return a file in which one table stands, below whatever it belongs to, with these lines in it."""
    headers = {
        "strategy": "[strategy]",
        "strategy.owner": "[strategy.owner]",
        "priority": "[[priority]]",
        "priority.commitment": "[[priority]]\n[[priority.commitment]]",
        "priority.commitment.action": "[[priority]]\n[[priority.commitment]]\n[[priority.commitment.action]]",
        "priority.commitment.action.action": (
            "[[priority]]\n[[priority.commitment]]\n[[priority.commitment.action]]\n[[priority.commitment.action.action]]"
        ),
        "priority.commitment.indicator": "[[priority]]\n[[priority.commitment]]\n[[priority.commitment.indicator]]",
        "priority.indicator": "[[priority]]\n[[priority.indicator]]",
        "round": "[[round]]",
        "group": "[[group]]",
        "group.seat": "[[group]]\n[[group.seat]]",
        "engagement": "[[engagement]]",
        "engagement.point": "[[engagement]]\n[[engagement.point]]",
        "source": "[[source]]",
        "strand": "[[strand]]",
        "risk": "[[priority]]\n[[priority.commitment]]\n[[risk]]",
        "signatory": "[[signatory]]",
        "risk.assessment": "[[priority]]\n[[risk]]\n[[risk.assessment]]",
        "figure": "[[figure]]",
        "figure.value": "[[figure]]\n[[figure.value]]",
        "figure.award": "[[figure]]\n[[figure.award]]",
    }
    return f"{headers[table]}\n{lines}\n" if table else lines


def known(said, key):
    return set(
        next(
            re.findall(r"You can use: (.+)\.", sentence)[0]
            for field, sentence in said
            if key in (field, "value") or key in sentence
        ).split(", ")
    )


@pytest.mark.parametrize("table", ["", *TABLES])
def test_the_reference_names_every_key_that_the_loader_knows_and_no_other(table):
    assert len(DESCRIBED) == len(HEADINGS)
    assert set(DESCRIBED[table]) == known(faults(only(table, "not_a_key = 1")), "not_a_key")


def test_indicators_of_priorities_have_the_same_keys():
    assert set(DESCRIBED["priority.commitment.indicator"]) == known(
        faults(only("priority.indicator", "not_a_key = 1")), "not_a_key"
    )


def test_parts_of_actions_have_the_same_keys():
    assert set(DESCRIBED["priority.commitment.action"]) == known(
        faults(only("priority.commitment.action.action", "not_a_key = 1")), "not_a_key"
    )


def test_the_reference_names_every_key_of_figures_and_of_steps():
    lines = 'code = "1"\nkind = "ratio"\nactuals = { "2025-26" = { not_a_key = 1 } }'
    said = faults(only("priority.commitment.indicator", lines))
    of_share = known(said, "not_a_key")
    by_strand = lines.replace('kind = "ratio"', "by_strand = true")
    said = faults(only("priority.commitment.indicator", by_strand))
    assert set(DESCRIBED["number"]) == of_share | known(said, "not_a_key")
    said = faults(only("priority.commitment.indicator", 'code = "1"\nkind = "scale"\nscale = [{ not_a_key = "1" }]'))
    assert set(DESCRIBED["step"]) == known(said, "not_a_key")


@pytest.mark.parametrize("table", ["", *TABLES])
def test_needed_is_what_the_loader_misses(table):
    lines = "" if table else "[[round]]"
    said = faults(only(table, lines))
    missing = {field for field, sentence in said if sentence == "is missing."}
    needed = {key for key, (_, left_out, _) in DESCRIBED[table].items() if left_out == "needed"}
    assert needed == missing & set(DESCRIBED[table])
    assert needed or table == "figure.value"  # one of several keys is needed there, as the reference says


@pytest.mark.parametrize("table", TABLES)
def test_limits_and_choices_are_the_loaders(table):
    looked = 0
    for key, (kind, _, _) in DESCRIBED[table].items():
        if kind.startswith("one of: "):
            said = next(
                sentence
                for field, sentence in faults(only(table, f'{key} = "nonsense"'))
                if field == key and sentence != "is missing."  # of the table above, which may have such a key too
            )
            assert re.findall(r"`(\w+)`", kind) == said.partition("is not one of: ")[2].rstrip(".").split(", ")
            looked += 1
        elif kind.startswith(("text", "slug")):
            companions = "" if key in {"closed_on"} or table != "priority.commitment" else "closed_on = 2025-01-01\n"
            said = [
                sentence
                for field, sentence in faults(only(table, f'{companions}{key} = "{"x" * LONG}"'))
                if field == key
            ]
            limit = re.search(r", (\d+) characters", kind)
            most = next((found for sentence in said if (found := re.search(r"The limit is (\d+)", sentence))), None)
            if key == "language":
                assert said, "a language code of any length is refused"
            else:
                assert (limit and limit[1]) == (most and most[1]), key
            looked += 1
        elif kind in {
            "date",
            "yes or no",
            "whole number",
            "number",
            "list of texts",
            "list",
            "table",
            "table in one line",
        }:
            said = [sentence for field, sentence in faults(only(table, f'{key} = "a text"')) if field == key]
            assert any("should be" in sentence for sentence in said), (key, said)
            looked += 1
        else:
            assert kind == "list of tables", (key, kind)
    assert looked >= 5


def test_the_longest_note_of_a_figure_is_the_loaders():
    for key in ("note", "absent"):
        lines = f'code = "1"\nactuals = {{ "2025-26" = {{ {key} = "{"x" * LONG}" }} }}'
        said = next(
            sentence for field, sentence in faults(only("priority.commitment.indicator", lines)) if field == "actuals"
        )
        assert re.findall(r"(\d+) characters", DESCRIBED["number"][key][0])[0] in said


def written(values, table=""):
    """Yield the table and the name of every key of an example."""
    name_of = {
        "priority.indicator": "priority.commitment.indicator",
        "priority.commitment.action.action": "priority.commitment.action",
    }
    for key, value in values.items():
        yield name_of.get(table, table), key
        below = f"{table}.{key}".lstrip(".")
        if isinstance(value, dict) and key not in {"targets", "actuals", "district_targets", "district_actuals"}:
            yield from written(value, below)
        for part in value if isinstance(value, list) else ():
            if isinstance(part, dict):
                yield from written(part, "step" if key == "scale" else below)
    for field in ("targets", "actuals", "district_actuals"):
        for figure in values.get(field, {}).values():
            parts = figure if isinstance(figure, dict) else {}
            for part in parts.values() if field.startswith("district") else [parts]:
                yield from (("number", key) for key in part)


def test_the_examples_have_every_key():
    keys = {(table, key) for table, rows in DESCRIBED.items() for key in rows}
    assert keys == set().union(*(written(tomllib.loads(example)) for example in EXAMPLES[1:]))


def test_the_small_tables_in_the_text_can_be_read():
    spans = re.findall(r'`(\{[^`]*\}|\["[^`]*\])`', REFERENCE)
    assert len(spans) >= 6
    for span in spans:
        assert tomllib.loads(f"it = {span}")


@pytest.mark.django_db
def test_every_example_loads_and_loading_it_again_changes_nothing():
    call_command("load_areas", str(AREAS))
    assert len(EXAMPLES) == len(re.findall(r"^```toml", REFERENCE, re.M)) >= 2
    for example in EXAMPLES:
        assert load_strategy(by=None, at=timezone.now(), entry=read(example)).changes
        assert load_strategy(by=None, at=timezone.now(), entry=read(example)).changes == []
