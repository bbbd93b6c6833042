"""Workbooks with many rows: what is asked of the database while one is read and compared does not grow with them, and what is
asked for each row that is saved stays below a stated number.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.models import Action, Commitment, DeliveryPartner, Indicator, Risk, RiskAssessment
from commitments.workbooks.exchange import preview, take_workbook
from commitments.workbooks.kind import Scope
from commitments.workbooks.kinds import BY_CODE
from partners.models import Organisation
from tests.commitments.charter import make_charter, signed
from tests.commitments.workbooks.filled import (
    downloaded,
    filled,
    outcomes,
    saved,
    scope_of,
    with_rows,
)
from tests.factories import make_organisation, make_round, make_strategy
from vcsportal.common.saving_together import SavedTogether

pytestmark = pytest.mark.django_db
Rows = dict[str, dict[str, Any]]
FEW, MANY = 2, 12


def organisations(count: int) -> list[Organisation]:
    return [make_organisation(f"Group {number}") for number in range(count)]


def updates(count: int, people: Any) -> tuple[Scope, Rows]:
    strategy = make_strategy(people["council"], shape=(count,))
    rows: Rows = {
        key: {"Status": "At risk", "Why": "Rain.", "What will be done about it": "A roof.", "Send it": "Yes"}
        for key in strategy.commitments.values_list("key", flat=True)
    }
    return scope_of(people["officer"], strategy, make_round(strategy)), rows


def figures(count: int, people: Any) -> tuple[Scope, Rows]:
    strategy = make_strategy(people["council"])
    commitment = strategy.commitments.get(reference="1.1")
    Indicator.objects.bulk_create(
        Indicator(strategy=strategy, commitment=commitment, code=f"1.1-{number}", title=f"Counted {number}")
        for number in range(count)
    )
    return scope_of(people["officer"], strategy, make_round(strategy)), {
        f"1.1-{number}": {"Figure": 7, "Note": "Read again."} for number in range(count)
    }


def actions(count: int, people: Any) -> tuple[Scope, Rows]:
    strategy, today = make_strategy(people["council"], shape=(count,)), timezone.localdate()
    made = Action.objects.bulk_create(
        Action(commitment=commitment, title=f"Act {commitment.number}", due_on=today, reference=str(commitment.number))
        for commitment in strategy.commitments.order_by("number")
    )
    names = [organisation.name for organisation in organisations(count)]
    rows: Rows = {
        str(action.pk): {
            "Reference": f"a{number}", "Organisation": names[number], "Due": date(2031, 1, 1), "Why": "Rain.",
            "Done on": today,
        }
        for number, action in enumerate(made)
    }  # fmt: skip
    return scope_of(people["officer"], strategy), rows


def risks(count: int, people: Any) -> tuple[Scope, Rows]:
    strategy, now = make_strategy(people["council"]), timezone.now()
    made = Risk.objects.bulk_create(
        Risk(strategy=strategy, key=f"risk-{number}", number=number, words=f"It rains {number}", recorded_at=now)
        for number in range(1, count + 1)
    )
    levels = {"impact_from": 2, "impact_to": 3, "likelihood_from": 1, "likelihood_to": 1}
    assessed = RiskAssessment.objects.bulk_create(
        RiskAssessment(risk=risk, assessed_on=timezone.localdate(), assessed_at=now, **levels) for risk in made
    )
    return scope_of(people["officer"], strategy), {
        str(assessment.pk): {"Why that impact": "It is a valley.", "Condition": "if the river rises"}
        for assessment in assessed
    }


def signatories(count: int, people: Any) -> tuple[Scope, Rows]:
    charter = make_charter(people["council"])
    there = organisations(count)
    for organisation in there:
        signed(charter, organisation)
        principle = Commitment.objects.get(strategy=charter)
        DeliveryPartner.objects.create(commitment=principle, organisation=organisation, pledge="We will talk.")
    return scope_of(people["officer"], charter), {
        organisation.slug: {"Pledge for P1": "We will talk earlier."} for organisation in there
    }


def listed(count: int, people: Any) -> tuple[Scope, Rows]:
    there = organisations(count)
    return scope_of(people["administrator"]), {
        organisation.slug: {
            "Website": f"https://{organisation.slug}.example", "Where they work": "Cherwell", "Telephone": "01632 960 001",
            "Numbers in registers": f"GB-CHC {1_000_000 + number}",
        }
        for number, organisation in enumerate(there)
    }  # fmt: skip


def new_rows(code: str, count: int, scope: Scope) -> list[dict[str, Any]]:
    """Rows that add something."""
    if code == "organisations":
        return [
            {"Name": f"New group {number}", "Kind": "Charity", "Where they work": "Cherwell", "Telephone": "01632 960 001",
             "Numbers in registers": f"GB-CHC {2_000_000 + number}"}
            for number in range(count)
        ]  # fmt: skip
    if code == "signatories":
        names = [make_organisation(f"Signing group {number}").name for number in range(count)]
        row = {"Signed on": date(2026, 3, 1), "How it told you": "By letter", "Pledge for P1": "We will talk."}
        return [{"Organisation": name, **row} for name in names]
    if code == "risks":
        low = BY_CODE[code].columns(scope)[8].choices[0]
        return [
            {"What could go wrong": f"It snows {number}", "Impact": low, "Likelihood": low} for number in range(count)
        ]
    reference = Commitment.objects.filter(strategy=scope.of).order_by("id").values_list("reference", flat=True)[0]
    return [
        {"Commitment": reference, "Action": f"Write letter {number}", "Due": date(2031, 1, 1)}
        for number in range(count)
    ]


MADE: dict[str, Callable[[int, Any], tuple[Scope, Rows]]] = {
    "updates": updates, "figures": figures, "actions": actions, "risks": risks, "signatories": signatories,
    "organisations": listed,
}  # fmt: skip


ADDED = ("actions", "risks", "signatories", "organisations")
A_CHANGE = {"updates": 5, "figures": 5, "actions": 15, "risks": 9, "signatories": 7, "organisations": 7}
"""The most statements for one row that changes. Most of them mark where the row begins and ends, so that it can fail alone."""
A_NEW_ROW = {"actions": 7, "risks": 13, "signatories": 10, "organisations": 8}


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


@pytest.mark.parametrize("code", BY_CODE)
def test_reading_and_comparing_asks_no_more_of_many_rows_than_of_few(code, council, officer, administrator, area):
    kind, people = BY_CODE[code], {"council": council, "officer": officer, "administrator": administrator}
    asked = {}
    for count in (FEW, MANY):
        with transaction.atomic():
            scope, rows = MADE[code](count, people)
            data = filled(downloaded(scope, kind), kind.sheet, rows)
            with CaptureQueriesContext(connection) as queries:
                upload = take_workbook(by=scope.person, at=timezone.now(), scope=scope, data=data, name="many.xlsx")
                shown = preview(scope, upload)
            assert outcomes(shown) == {"change": count}, [row.faults for row in shown.rows]
            asked[count] = [query["sql"] for query in queries]
            transaction.set_rollback(True)
    assert len(asked[MANY]) == len(asked[FEW]), [sql for sql in asked[MANY] if sql not in asked[FEW]]


@pytest.mark.parametrize("code", ADDED)
def test_new_rows_are_compared_with_the_queries_of_two(code, council, officer, administrator, area):
    kind, people = BY_CODE[code], {"council": council, "officer": officer, "administrator": administrator}
    asked = {}
    for count in (FEW, MANY):
        with transaction.atomic():
            scope, _rows = MADE[code](FEW, people)
            data = with_rows(downloaded(scope, kind), kind.sheet, *new_rows(code, count, scope))
            with CaptureQueriesContext(connection) as queries:
                upload = take_workbook(by=scope.person, at=timezone.now(), scope=scope, data=data, name="many.xlsx")
                shown = preview(scope, upload)
            assert outcomes(shown) == {"new": count}, [row.faults for row in shown.rows]
            asked[count] = [query["sql"] for query in queries]
            transaction.set_rollback(True)
    assert len(asked[MANY]) == len(asked[FEW]), [sql for sql in asked[MANY] if sql not in asked[FEW]]


@pytest.mark.parametrize(("code", "new"), [*((code, False) for code in BY_CODE), *((code, True) for code in ADDED)])
def test_saving_a_row_asks_as_often_however_many_there_are(code, new, held, council, officer, administrator, area):
    kind, people = BY_CODE[code], {"council": council, "officer": officer, "administrator": administrator}
    asked = {}
    for count in (FEW, MANY):
        with transaction.atomic():
            scope, rows = MADE[code](FEW if new else count, people)
            data = downloaded(scope, kind)
            data = with_rows(data, kind.sheet, *new_rows(code, count, scope)) if new else filled(data, kind.sheet, rows)
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
    each = (asked[MANY] - asked[FEW]) / (MANY - FEW)
    print(f"{code}, {'new' if new else 'changed'}: {each:.1f} queries a row")
    assert each <= (A_NEW_ROW if new else A_CHANGE)[code]
