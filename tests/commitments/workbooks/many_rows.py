"""Workbooks of every kind with many rows: what they are about, and what is written into them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from commitments.models import Action, Commitment, DeliveryPartner, Indicator, Risk, RiskAssessment
from commitments.workbooks.kind import Scope
from commitments.workbooks.kinds import BY_CODE, KINDS
from partners.models import Organisation
from tests.commitments.charter import make_charter, signed
from tests.commitments.workbooks.filled import downloaded, filled, scope_of, with_rows
from tests.factories import make_organisation, make_round, make_strategy

Rows = dict[str, dict[str, Any]]


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


def evidence(count: int, people: Any) -> tuple[Scope, Rows]:
    return scope_of(people["officer"], make_strategy(people["council"])), {}


def new_rows(code: str, count: int, scope: Scope) -> list[dict[str, Any]]:
    """Rows that add something."""
    if code == "organisations":
        return [
            {"Name": f"New group {number}", "Kind": "Charity", "Where they work": "Cherwell", "Telephone": "01632 960 001",
             "Numbers in registers": f"GB-CHC {2_000_000 + number}"}
            for number in range(count)
        ]  # fmt: skip
    if code == "evidence":
        row = {
            "Commitments": "1.1",
            "Where": "Cherwell",
            "When it began": date(2026, 3, 1),
            "Web address": "www.example.org",
        }
        return [
            {"Your reference": f"V-{number}", "What you did": f"Drop-in {number}", **row} for number in range(count)
        ]
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
    "organisations": listed, "evidence": evidence,
}  # fmt: skip


CHANGED = tuple(kind.code for kind in KINDS if not kind.adds_only)
"""Kinds of workbooks whose rows change what is there."""
ADDED = ("actions", "risks", "signatories", "organisations", "evidence")
"""Kinds of workbooks that take new rows."""


def filled_in(code: str, count: int, people: Any, *, new: bool) -> tuple[Scope, bytes]:
    """Return a workbook with so many rows that change something, or that add something, and where it is uploaded."""
    kind = BY_CODE[code]
    scope, rows = MADE[code](2 if new else count, people)
    data = downloaded(scope, kind)
    data = with_rows(data, kind.sheet, *new_rows(code, count, scope)) if new else filled(data, kind.sheet, rows)
    return scope, data
