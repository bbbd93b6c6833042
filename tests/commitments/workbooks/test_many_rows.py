"""Workbooks with many rows: what is asked of the database while one is read and compared does not grow with them, and what is
asked for each row that is saved stays below a stated number.
"""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.content.risks import RiskContent
from commitments.models import HistoryEntry, Risk, UploadedWorkbook
from commitments.services.risks import record_risk
from commitments.workbooks.exchange import preview, take_workbook
from commitments.workbooks.kind import SavedRow
from commitments.workbooks.risks import RISKS
from partners.models import HistoryEntry as PartnersHistoryEntry
from tests.commitments.workbooks.filled import downloaded, looked_through, outcomes, saved, scope_of, with_rows
from tests.commitments.workbooks.many_rows import ADDED, CHANGED, filled_in
from vcsportal.common.saving_together import SavedTogether
from vcsportal.common.words import NotNow

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 12


A_CHANGE = {"updates": 1, "figures": 1, "actions": 3, "risks": 1, "signatories": 1, "organisations": 3}
"""How many statements there are for one row that changes. None of them mark where the row begins and ends."""
A_NEW_ROW = {"actions": 1, "risks": 2, "signatories": 2, "organisations": 4, "evidence": 2}


@pytest.fixture
def held(monkeypatch) -> dict[Any, Any]:
    """What rows that were saved together held at the end, by its key."""
    found: dict[Any, Any] = {}
    write = SavedTogether.write

    def keep(together: SavedTogether) -> None:
        write(together)
        found.update(together.known)

    monkeypatch.setattr(SavedTogether, "write", keep)
    return found


def disagreeing(known: dict[Any, Any]) -> list[str]:
    """What is held of rows and is not what the database has: a service would have gone on with it in the next row."""
    wrong = []
    for key, there in known.items():
        for row in there if isinstance(there, list) else [there]:
            if isinstance(row, Model):
                now = type(row)._base_manager.get(pk=row.pk)
                names = [field.attname for field in row._meta.concrete_fields]
                wrong += [f"{key}: {name}" for name in names if getattr(row, name) != getattr(now, name)]
    return wrong


@pytest.mark.parametrize("code", CHANGED)
def test_reading_and_comparing_asks_no_more_of_many_rows_than_of_few(code, council, officer, administrator, area):
    people = {"council": council, "officer": officer, "administrator": administrator}
    asked = {}
    for count in (FEW, MANY):
        with transaction.atomic():
            scope, data = filled_in(code, count, people, new=False)
            with CaptureQueriesContext(connection) as queries:
                upload = take_workbook(by=scope.person, at=timezone.now(), scope=scope, data=data, name="many.xlsx")
                shown = preview(scope, upload)
            assert outcomes(shown) == {"change": count}, [row.faults for row in shown.rows]
            asked[count] = [query["sql"] for query in queries]
            transaction.set_rollback(True)
    assert len(asked[MANY]) == len(asked[FEW]), [sql for sql in asked[MANY] if sql not in asked[FEW]]


@pytest.mark.parametrize("code", ADDED)
def test_new_rows_are_compared_with_the_queries_of_two(code, council, officer, administrator, area):
    people = {"council": council, "officer": officer, "administrator": administrator}
    asked = {}
    for count in (FEW, MANY):
        with transaction.atomic():
            scope, data = filled_in(code, count, people, new=True)
            with CaptureQueriesContext(connection) as queries:
                upload = take_workbook(by=scope.person, at=timezone.now(), scope=scope, data=data, name="many.xlsx")
                shown = preview(scope, upload)
            assert outcomes(shown) == {"new": count}, [row.faults for row in shown.rows]
            asked[count] = [query["sql"] for query in queries]
            transaction.set_rollback(True)
    assert len(asked[MANY]) == len(asked[FEW]), [sql for sql in asked[MANY] if sql not in asked[FEW]]


@pytest.mark.parametrize(("code", "new"), [*((code, False) for code in CHANGED), *((code, True) for code in ADDED)])
def test_saving_a_row_asks_as_often_however_many_there_are(code, new, held, council, officer, administrator, area):
    people = {"council": council, "officer": officer, "administrator": administrator}
    asked = {}
    for count in (FEW, MANY):
        with transaction.atomic():
            scope, data = filled_in(code, count, people, new=new)
            upload = take_workbook(by=scope.person, at=timezone.now(), scope=scope, data=data, name="many.xlsx")
            shown = preview(scope, upload)
            with CaptureQueriesContext(connection) as queries:
                result = saved(scope, upload, shown)
            assert (result.count, result.refused) == (count, ())
            assert held
            assert not disagreeing(held)
            held.clear()
            asked[count] = len(queries)
            transaction.set_rollback(True)
    assert (asked[MANY] - asked[FEW]) / (MANY - FEW) == (A_NEW_ROW if new else A_CHANGE)[code]


@pytest.mark.parametrize(("code", "new"), [*((code, False) for code in CHANGED), *((code, True) for code in ADDED)])
def test_a_row_that_fails_when_it_is_nearly_saved_costs_no_other(
    code, new, held, council, officer, administrator, area, monkeypatch
):
    people = {"council": council, "officer": officer, "administrator": administrator}
    scope, data = filled_in(code, 4, people, new=new)
    upload = take_workbook(by=scope.person, at=timezone.now(), scope=scope, data=data, name="many.xlsx")
    shown = preview(scope, upload)
    wrong = [row for row in shown.rows if row.wanted is not None][1]

    def save(row: SavedRow) -> None:
        shown.kind.save(row)
        if row.wanted is wrong.wanted:
            raise NotNow("Not now.")

    before = entries()
    result = saved(scope, upload, replace(shown, kind=replace(shown.kind, save=save)))
    assert (result.count, [fault.instead for fault in result.refused]) == (3, ["Not now."])
    written = entries() - before
    assert held
    assert not disagreeing(held)
    shown = preview(scope, UploadedWorkbook.objects.get())
    assert outcomes(shown) == {"new" if new else "change": 1}
    assert saved(scope, upload, shown).count == 1
    assert written == 3 * (entries() - before - written)


def entries() -> int:
    """How many entries the histories have."""
    return HistoryEntry.objects.count() + PartnersHistoryEntry.objects.count()


def test_new_risks_that_begin_with_the_same_words_have_keys_and_numbers_of_their_own(officer, council, strategy):
    scope = scope_of(officer, strategy)
    low = RISKS.columns(scope)[8].choices[0]
    beginning = "There is a risk that the council does not"
    rows = [{"What could go wrong": f"{beginning} {what}", "Impact": low, "Likelihood": low} for what in ("pay", "ask")]
    for row in rows:
        upload, shown = looked_through(scope, with_rows(downloaded(scope, RISKS), RISKS.sheet, row))
        assert saved(scope, upload, shown).count == 1
    more = [{**row, "What could go wrong": f"{row['What could go wrong']} again"} for row in rows]
    upload, shown = looked_through(scope, with_rows(downloaded(scope, RISKS), RISKS.sheet, *more))
    assert saved(scope, upload, shown).count == 2
    stem = "there-is-a-risk-that-the-council-does"
    assert list(Risk.objects.order_by("id").values_list("number", "key")) == [
        (1, stem), (2, f"{stem}-2"), (3, f"{stem}-3"), (4, f"{stem}-4"),
    ]  # fmt: skip


def test_a_risk_called_new_has_another_address_than_the_page_that_adds_one(officer, strategy, now):
    assert record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("New")).key == "new-2"
