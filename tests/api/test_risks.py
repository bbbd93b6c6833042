"""Risks through the API: read by everybody, written by those who answer for the strategy, and never changed unseen."""

import pytest

from commitments.content.risks import RiskContent, RiskLeadContent
from commitments.models import Round
from commitments.services.risks import record_risk
from tests.factories import make_organisation, make_person, make_strategy

pytestmark = pytest.mark.django_db
HERE = "strategies/our-strategy/risks/"
SENT = {"impact": "high", "likelihood": "low to medium"}


@pytest.fixture
def risk(strategy, officer, now):
    return record_risk(
        by=officer, at=now, strategy=strategy, content=RiskContent("The hall closes", "We look for another")
    )


def test_an_officer_records_assesses_changes_and_ends_a_risk(api, stranger, strategy, officer, charity):
    writer = api(officer)
    sent = {"words": "The money ends", "leads": [charity.slug, "The trustees"], "commitment": "thing-1-1"}
    made = writer.post(HERE, sent)
    assert made.status_code == 201, made.content
    one = made.headers["Location"].split("/api/v1/")[1]
    assert [lead["organisation"] for lead in made.json()["leads"]] == [charity.slug, None]
    first = writer.post(f"{one}assess/", SENT).json()["assessments"][0]
    assert (first["impact"], first["likelihood"], first["rose"]) == ("high", "low to medium", [])
    higher = {**SENT, "likelihood": "high", "replaces": first["id"]}
    rose = writer.post(f"{one}assess/", higher).json()["assessments"]
    assert [(each["in_force"], each["rose"]) for each in rose] == [(False, []), (True, ["likelihood"])]
    assert writer.post(f"{one}assess/", higher).status_code == 409, "Somebody has replaced it since."
    changed = writer.patch(one, {"controls": "We ask early", "version": 0}).json()
    assert (changed["controls"], changed["words"], changed["version"]) == ("We ask early", "The money ends", 1)
    assert writer.patch(one, {"controls": "Other", "version": 0}).status_code == 409
    assert set(writer.post(f"{one}end/").json()["errors"]) == {"reason"}
    ended = writer.post(f"{one}end/", {"reason": "It came."}).json()
    assert stranger.get(one).json() == ended
    assert ended["ended_because"] == "It came."
    again = writer.post(f"{one}end/", {"reason": "It came."})
    assert again.status_code == 409
    assert again.json()["detail"].startswith("This risk was ended already, on ")
    assert again.json()["detail"].endswith(" by you.")


def test_what_is_no_level_of_another_strategy_or_missing_is_named_by_field(api, risk, officer, council):
    make_strategy(council, slug="elsewhere", opens_first=False)
    writer, one = api(officer), f"{HERE}{risk.key}/"
    for sent, field in (
        ({**SENT, "impact": "6"}, "impact"), ({**SENT, "likelihood": "high to low"}, "likelihood"),
        ({**SENT, "priority": 99}, "priority"), ({**SENT, "replaces": 1}, "replaces"), ({"impact": "low"}, "likelihood"),
    ):  # fmt: skip
        answer = writer.post(f"{one}assess/", sent)
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {field}), sent
    assert set(writer.post(HERE, {}).json()["errors"]) == {"words"}
    assert writer.get(f"strategies/elsewhere/risks/{risk.key}/").status_code == 404


def test_others_write_nothing_and_a_lead_of_who_leads_on_it_confirms_it(
    api, stranger, risk, strategy, officer, charity, now
):
    lead, one = api(make_person("partner_lead", charity)), f"{HERE}{risk.key}/"
    stranger_of = api(make_person("officer", make_organisation("Elmshire Council", "public_body")))
    for writer in (lead, stranger_of):
        assert writer.post(HERE, {"words": "x"}).status_code == 403
        assert writer.patch(one, {"words": "x", "version": 0}).status_code == 403
        for act, sent in (("assess", SENT), ("end", {"reason": "x"}), ("confirm", {})):
            assert writer.post(f"{one}{act}/", sent).status_code == 403, act
    led = record_risk(
        by=officer, at=now, strategy=strategy, content=RiskContent("Other", leads=(RiskLeadContent(charity),))
    )
    address = f"{HERE}{led.key}/confirm/"
    round_ = Round.objects.get(strategy=strategy, state="open")
    assert lead.post(address).json()["reviewed_in"] == [round_.slug]
    assert len(stranger.list(HERE)) == 2
