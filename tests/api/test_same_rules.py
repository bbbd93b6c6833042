"""One rule, two doors: the API finds what the pages find, and says 304 when they would."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commitments.filters.commitments import CommitmentFilter
from commitments.filters.evidence import EvidenceFilter
from commitments.models import Commitment, Evidence, IndicatorValue, Round
from commitments.services.evidence import withdraw_evidence
from commitments.services.progress import change_status
from tests.api.conftest import Api

pytestmark = pytest.mark.django_db

COMMITMENTS = "strategies/our-strategy/commitments/"
QUERIES = ("", "q=thing", "q=1.1", "status=at_risk", "status=none&status=at_risk", "priority=2", "organisation=rowan-trust", "district=E07000177")  # fmt: skip
EVIDENCE_QUERIES = ("", "q=drop-in", "q=nowhere", "commitment=1.1", "priority=1", "priority=2", "organisation=rowan-trust", "district=E07000177", "state=accepted", "state=draft", "strategy=our-strategy")  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_page_and_api_list_the_same_commitments(stranger, world, query):
    found = [row["key"] for row in stranger.list(f"{COMMITMENTS}?{query}")]
    page = stranger.client.get(reverse("commitments:commitment-list", args=["our-strategy"]), query_params=_dict(query))
    shown = re.findall(r'href="/strategies/our-strategy/commitments/([\w-]+)/"', page.content.decode())
    assert page.status_code == 200
    assert list(dict.fromkeys(shown)) == found
    assert stranger.get(COMMITMENTS).json()["count"] == 4


def _dict(query):
    from django.http import QueryDict

    return dict(QueryDict(query).lists())


@pytest.mark.parametrize("who", ["partner", "officer", "outsider"])
@pytest.mark.parametrize("query", EVIDENCE_QUERIES)
def test_the_pages_filter_and_the_api_find_the_same_evidence(request, world, who, query):
    person = request.getfixturevalue(who)
    visible = Evidence.objects.visible_to(person)
    from django.http import QueryDict

    expected = set(EvidenceFilter(QueryDict(query), queryset=visible).qs.values_list("pk", flat=True))
    assert {row["id"] for row in Api(person).list(f"evidence/?{query}")} == expected


def test_every_filter_of_the_pages_is_a_parameter_of_the_api(stranger, world):
    looked_at = 0
    filterset: Any
    for rest, filterset in ((COMMITMENTS, CommitmentFilter), ("evidence/", EvidenceFilter)):
        sentence = stranger.get(f"{rest}?colour=1").json()["errors"]["colour"][0]
        for name in filterset.base_filters:
            looked_at += 1
            assert f"{name}," in sentence or f"{name}." in sentence
    assert looked_at >= 12


def test_a_program_that_has_the_answer_is_told_so_until_something_changes(stranger, world, officer, partner, now):
    for rest, change in (
        (COMMITMENTS, lambda: change_status(by=officer, at=now, commitment=Commitment.objects.get(reference="1.2"), to="on_track", reason="Go")),
        ("evidence/", lambda: withdraw_evidence(by=partner, at=now, evidence=world.evidence["accepted"])),
    ):  # fmt: skip
        first = stranger.get(rest)
        again = stranger.get(rest, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        change()
        fresh = stranger.get(rest, headers={"if-none-match": first["ETag"]})
        assert fresh.status_code == 200
        assert fresh.content != first.content


def test_what_a_signed_in_person_reads_is_kept_by_nobody(world, partner):
    answer = Api(partner).get("evidence/")
    assert answer["Cache-Control"] == "private, no-store"


def test_the_description_is_licensed_and_holds_every_door(stranger, world):
    told = stranger.get("schema/").json()
    assert told["info"]["license"]["name"] == "Open Government Licence v3.0"
    assert len(told["paths"]) >= 20
    assert stranger.get("schema/?lang=de").status_code == 400


def test_the_description_for_people_names_every_operation(stranger, world):
    text, told = stranger.get("docs/").content.decode(), stranger.get("schema/").json()
    keys = [one["operationId"] for operations in told["paths"].values() for one in operations.values()]
    assert len(keys) >= 20
    for key in keys:
        assert f'id="{key}"' in text
    assert "style=" not in text
    assert "<script>" not in text


def test_the_description_is_made_without_a_warning():
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


@pytest.mark.parametrize(("name", "content"), [("tool.exe", b"MZ" * 50), ("empty.txt", b""), ("sums.csv", b"a\n=cmd|x!A0\n"), ("a.pdf", b"%PDF-")])  # fmt: skip
def test_page_and_api_refuse_a_file_with_the_same_sentence(world, partner, signed_in, name, content):
    draft, person = world.evidence["draft"], Api(partner)
    files = [SimpleUploadedFile(name, content) for _ in range(2)]
    page = signed_in(partner).post(reverse("commitments:evidence-file-add", args=[draft.pk]), {"uploads": files[0]})
    there = f"/api/v1/evidence/{draft.pk}/files/"
    answer = person.client.post(there, {"file": files[1]}, headers=person.headers)
    assert (page.status_code, answer.status_code) == (422, 400)
    assert answer.json()["detail"] in unescape(page.text)


def test_page_and_api_take_nothing_in_a_closed_round_and_say_so_alike(world, officer, signed_in):
    Round.objects.filter(pk=world.round.pk).update(state="closed", closings=1)
    update = reverse("commitments:update", args=["our-strategy", "thing-2-1"])
    values = reverse("commitments:indicator-values", args=["our-strategy", "1.1a", world.round.slug])
    pk = world.commitment.indicators.get().pk
    IndicatorValue.objects.exclude(area=None).delete()  # the page asks for that too
    share = {f"figures-part_{pk}": "13", f"figures-whole_{pk}": "48", f"figures-version_{pk}": "1"}
    numbers = {"round": world.round.slug, "numerator": 13, "denominator": 48, "version": 1}
    for page, form, rest, body in (
        (update, {"act": "save", "round": world.round.slug, "narrative": "x"}, f"{COMMITMENTS}2.1/updates/{world.round.slug}/save/", {"narrative": "x"}),
        (values, share, "strategies/our-strategy/indicators/1.1a/value/", numbers),
    ):  # fmt: skip
        answer = Api(officer).post(rest, body)
        assert answer.status_code == 409, answer.content
        assert answer.json()["detail"] in unescape(signed_in(officer).post(page, form).text)
