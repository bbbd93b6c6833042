"""The whole load trial, on a small portal and for seconds: it keeps its rate, and notices an error and a loss."""

import json
import os
from collections import Counter
from dataclasses import replace

import pytest

from tests.load.hour import JOURNEYS, MARK
from tests.load.ledger import ACKNOWLEDGED, Ledger, read
from tests.load.report import faults, rate_faults
from tests.load.running import Phase, portal_under_load
from tests.stack import empty_portal, static_files

SHORT = Phase(3, 6, pause=0.2)
NOT_THERE = "/there-is-no-such-page/"


@pytest.mark.timeout(240)
def test_a_trial_finds_again_what_was_sent_and_notices_an_error_and_a_loss(tmp_path):
    with empty_portal(tmp_path, template=os.environ["TEST_DATABASE_TEMPLATE"]) as stack:
        stack.env.update(DEBUG="0", STATIC_ROOT=str(static_files(stack)))
        with portal_under_load(stack, [SHORT], small=True) as trial:
            plan = trial.folder / "plan.json"
            cast = json.loads(plan.read_text())
            plan.write_text(json.dumps(cast | {"pages": [*cast["pages"][:3], NOT_THERE]}))
            ran = trial.run(SHORT)
            sent = list(read(trial.folder / "ledger.jsonl"))
            with (trial.folder / "ledger.jsonl").open("a") as file:
                _plant(Ledger(file), sent)
            found = trial.find_again()
    assert {sample["journey"] for sample in ran.samples if sample["kind"] == "arrival"} == {
        journey.code for journey in JOURNEYS
    }
    late = [
        sentence for sentence in rate_faults(SHORT, ran.samples) if "rate" not in sentence
    ]  # a busy machine is late
    assert late == []
    errors = Counter(sample["error"] for sample in ran.samples if sample.get("error"))
    assert list(errors) == ["404: We can’t find this page"], errors
    assert any("404: We can’t find this page" in sentence for sentence in faults(ran))
    assert {write.outcome for write in sent} == {ACKNOWLEDGED}
    assert {write.act for write in sent} == {"draft", "submit", "decide", "hand on"}
    assert found["counts"]["files read back"] >= 2
    assert found["counts"]["emails sent"] == found["counts"]["emails that the mail server got"]
    assert found["wrong"] == [f"“{MARK} by hand 999” was acknowledged, and is there 0 times."]


def _plant(ledger, sent):
    """Write down what was never sent."""
    draft = next(write for write in sent if write.act == "draft" and "picture" in write.sent)
    ledger.add(replace(draft, key=f"{MARK} by hand 999"))
