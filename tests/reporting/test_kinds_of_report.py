"""Every form of a report names the levels of its strategy by the nouns of its kind."""

from dataclasses import replace
from datetime import date

import pytest

from commitments.rules.kinds import KINDS
from reporting import exports, facts
from reporting.easy import drawing
from reporting.exports.dictionary import everything
from reporting.facts import from_json, to_json
from reporting.narrative.prose_check import find_contradictions
from reporting.narrative.sections import sections
from reporting.paper.outline import outline
from reporting.rendering.body import to_html
from reporting.rendering.screen import ScreenLinks, page
from tests.made_up_kind import general_words, made_up_kind, words_of
from tests.reporting.paper_facts import make_commitment, make_report
from tests.reporting.read_back import read
from tests.reporting.small import small
from vcsportal.common import plurals

__all__ = ["made_up_kind"]

CHANGES = facts.ChangesFacts(
    date(2024, 3, 31), date(2025, 3, 31), against="2023-24", commitments=5, spoken=3, pieces=3, organisations=2,
    moved=(
        facts.MovedFacts("1.1", "Do", "", "on_track", "why", None),
        facts.MovedFacts("2.1", "Do", "on_track", "at_risk", "why", date(2025, 1, 1)),
    ),
    silent=("1.2",),
    amended=(facts.AmendedFacts("1.1", "before", "after", None),),
    added=(facts.AddedFacts("2.2", "Do", date(2024, 6, 1)),),
    renumbered=(facts.RenumberedFacts("1.1", "Do", "1.3", None),),
)  # fmt: skip


def full() -> facts.Report:
    """A plan's year with a change of every kind, a closed aim, one that is confirmed and one seen differently."""
    report = make_report(texts={"foreword": "Two commitments are delayed. There are nine priorities."}, changes=CHANGES)
    first, second = report.priorities
    closed = make_commitment(
        "2.2", status="closed", closed_on=date(2024, 1, 1), updated_on=None, added_on=date(2024, 6, 1),
        years=(facts.YearFacts("2023-24", "", False), facts.YearFacts("2024-25", "closed")),
    )  # fmt: skip
    seen = facts.ViewFacts("Rowan Trust", "delayed", "No.", True, date(2025, 5, 1))
    confirmed = make_commitment("2.3", confirms="2023-24", confirmed_on=date(2025, 5, 1), views=(seen,))
    second = replace(second, summary="What it is about.", commitments=(*second.commitments, closed, confirmed))
    return _a_plan(replace(report, priorities=(first, second), unpublished=2))


def empty() -> facts.Report:
    return _a_plan(make_report(priorities=(), evidence=(), organisations=()))


def _a_plan(report: facts.Report) -> facts.Report:
    return replace(report, strategy=replace(report.strategy, kind="plan", source="Its own file"))


def _tables(report: facts.Report) -> str:
    found = []
    for table in everything(report):
        found += [table.heading, table.title, table.says]
        found += [f"{column.heading}. {column.meaning} {column.unit}" for column in table.columns]
        own = [place for place, column in enumerate(table.columns) if column.own_words or column.name == "words"]
        told = range(2, 6) if table.name == "dictionary" else range(2) if table.name == "about" else own
        found += [str(row[place]) for row in table.rows for place in told]
    return "\n".join(found)


FORMS = {
    "print": lambda report: words_of(to_html(report)),
    "page": lambda report: words_of("".join(vars_of(page(report, links=ScreenLinks(report, 1))))),
    "easy": lambda report: words_of(drawing.to_html(report)),
    "easy, many": lambda report: words_of(drawing.to_html(report, drawing.TILE_LAYOUTS[-1], drawing.LIST_LAYOUTS[-1])),
    "paper": lambda report: "\n".join(map(repr, outline(report).blocks)),
    "tables": _tables,
    "sections": lambda report: "\n".join(
        f"{section.label} {section.question}" for section in sections([(1, "One", "")], report.strategy.nouns)
    ),
}
QUOTED = (
    "Two commitments are delayed. There are nine priorities.",
    "Corporate priority",
    "Which of the council’s priorities does it serve?",
)
"""What an officer wrote, and the council's own priorities, which are those of no strategy."""


def vars_of(told):
    return told.body, told.contents


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("facts_of", [full, empty])
def test_a_report_names_its_levels_by_the_nouns_of_its_kind(made_up_kind, form, facts_of):
    text = FORMS[form](facts_of())
    assert "apple" in text or "orchard" in text
    assert general_words(text, allowed=QUOTED) == []


def test_a_warning_about_an_officers_count_has_the_nouns_too(made_up_kind):
    said = " ".join(contradiction.facts_say for contradiction in find_contradictions(full()))
    assert "0 of 5 apples" in said


def test_a_draw_of_a_strategy_would_be_found(made_up_kind):
    report = replace(full(), strategy=make_report().strategy)
    assert all(general_words(draw(report), allowed=QUOTED) for draw in FORMS.values())


def test_facts_keep_the_kind_and_older_ones_are_of_a_strategy():
    stored = to_json(full())
    assert from_json(stored).strategy.kind == "plan"
    del stored["strategy"]["kind"]
    assert from_json(stored).strategy.kind == "strategy"


def test_the_names_of_tables_and_columns_stay_for_programs(made_up_kind):
    plain = replace(full(), strategy=make_report().strategy)
    names = [
        [(table.name, [column.name for column in table.columns]) for table in everything(each)]
        for each in (plain, full())
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_spreadsheets_of_every_kind_have_no_two_sheets_and_no_two_columns_of_one_name(kind):
    """Excel opens no workbook with two sheets of one name, and the table of a sheet needs each heading once."""
    report = small()
    report = replace(report, strategy=replace(report.strategy, kind=kind.code))
    tables = everything(report)
    names = [table.heading.lower() for table in tables]
    assert len(set(names)) == len(names) > 20
    assert max(map(len, names)) <= 31
    for table in tables:
        headings = [column.heading.lower() for column in table.columns]
        assert len(set(headings)) == len(headings), table.name
    named = {row[0] for row in tables[0].rows}
    assert {f"Table “{table.heading}”" for table in tables[1:]} <= named
    for code in ("xlsx", "ods"):
        assert read(code, exports.WRITERS[code](report)).keys() >= {"about", "dictionary"}


def test_what_is_done_towards_an_action_is_a_step(made_up_kind):
    report = replace(small(), strategy=replace(small().strategy, kind="recommendations"))
    [table] = [table for table in everything(report) if table.name == "actions"]
    assert (table.heading, table.title) == ("Steps", "Steps towards the actions")
    assert table.says.startswith("One row for each step of each action: ")
    assert [(column.heading, column.meaning) for column in table.columns if column.name in {"action", "due_on"}] == [
        ("Step", "Number of the step within the action, the first due first."),
        ("Due on", "Day it is due. Empty for a step without a due date."),
    ]  # fmt: skip
    [own] = [table for table in everything(full()) if table.name == "actions"]
    assert (own.heading, own.title) == ("Actions", "Actions towards the apples")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_rule_for_plurals_gives_those_of_the_table(kind):
    assert plurals.plural(kind.nouns.priority) == kind.nouns.priorities
    assert plurals.plural(kind.nouns.commitment) == kind.nouns.commitments
