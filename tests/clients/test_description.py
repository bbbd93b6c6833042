"""The API does what its description says: Schemathesis asks a running portal for everything that is in it."""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.clients.conftest import Portal
from tests.clients.schema_tester import Asker, run, strict_description
from tests.long import LONG

pytestmark = pytest.mark.timeout(3600 if LONG else 600)  # the first waits for the demo story
EXAMPLES: Final = 30 if LONG else 2
PHASES: Final = ("examples", "coverage", "fuzzing") if LONG else ("examples", "fuzzing")
LEAST: Final = {"anonymous": 90, "officer": 110, "partner": 100}
"""So many requests are made at least, by who makes them."""
LOGS: Final = ("evidence_create", "evidence_submit_create", "evidence_retrieve")


def asker_of(who: str, portal: Portal) -> Asker:
    if who == "anonymous":
        return Asker(who, ("GET",), examples=EXAMPLES, phases=PHASES)
    if who == "officer":
        return Asker(who, ("POST", "PATCH"), headers=portal.session_headers, examples=EXAMPLES, phases=PHASES)
    return Asker(
        who, operations=LOGS, token=portal.partner_token, examples=EXAMPLES, phases=("examples", "coverage", "fuzzing")
    )  # fmt: skip


@pytest.mark.parametrize("who", LEAST)
def test_every_answer_is_one_that_the_description_has(who: str, portal: Portal, tmp_path: Path) -> None:
    report, printed = run(asker_of(who, portal), portal.url, tmp_path)
    assert report["failures"] == [], printed
    assert report["errors"] == [], printed
    assert report["complete"], printed
    assert report["operations"]["tested"] == report["operations"]["selected"] > 0
    assert report["test_cases"]["generated"] >= LEAST[who]


def test_anonymous_and_officer_together_ask_for_every_operation() -> None:
    methods = {method for operations in strict_description()["paths"].values() for method in operations}
    assert methods == {"get", "post", "patch"}


def test_a_fault_is_found(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A description with a field that no answer has, and without an answer that there is."""
    told = strict_description()
    told["paths"] = {path: told["paths"][path] for path in ("/api/v1/strategies/", "/api/v1/engagement/{id}/minutes/")}
    told["components"]["schemas"]["StrategyAnswer"]["required"].append("colour")
    monkeypatch.setattr("tests.clients.schema_tester.strict_description", lambda: told)
    report, _ = run(Asker("anonymous", ("GET",)), portal.url, tmp_path)
    assert _codes(report) == {"ST108"}


def _codes(report: dict[str, Any]) -> set[str]:
    return {failure["code"] for failure in report["failures"]}
