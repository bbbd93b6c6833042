"""An organisation's year: what is in it and what is not, for whom, and the same in every file."""

import csv
import io
from datetime import date, timedelta

import pypdf
import pytest
from django.utils import timezone

from commitments.models import Action, Consent, Contribution, DeliveryPartner, Evidence
from commitments.reading.organisation_year.asked import asked_in_year
from commitments.reading.organisation_year.year import year_of, years_of
from commitments.services.evidence import submit_evidence
from commitments.services.evidence_review import return_evidence
from tests.factories import make_evidence, make_person, make_round
from tests.reporting.paper_back import read_docx

pytestmark = pytest.mark.django_db
FIRST, LAST, YEAR = date(2024, 4, 1), date(2025, 3, 31), "2024-25"


@pytest.fixture
def address(charity):
    return f"/organisations/{charity.slug}/year"


def told(organisation, year=YEAR, today=None):
    """Return the titles in the year by the heading that they are under."""
    found = year_of(organisation, year, today or timezone.localdate())
    return {part.heading: [item.title for item in part.items] for part in found.parts}


def accepted(partner, officer, commitment, day, title, **more):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, title=title, **more)
    Evidence.objects.filter(pk=piece.pk).update(happened_from=day)
    return piece


def test_a_year_runs_from_april_to_march(partner, officer, commitment, charity):
    for day, title in (
        (FIRST - timedelta(days=1), "before"),
        (FIRST, "first"),
        (LAST, "last"),
        (LAST + timedelta(days=1), "after"),
    ):
        accepted(partner, officer, commitment, day, title)
    assert told(charity)["What we did"] == ["first", "last"]
    years = years_of(charity, date(2026, 5, 1))
    assert years == ["2026-27", "2025-26", "2024-25", "2023-24"]


def test_what_was_not_sent_is_counted_and_not_told(partner, officer, commitment, charity):
    for state in ("draft", "submitted", "accepted"):
        piece = make_evidence(partner, commitment, state=state, officer=officer, title=state)
        Evidence.objects.filter(pk=piece.pk).update(happened_from=FIRST)
    found = year_of(charity, YEAR, timezone.localdate())
    assert told(charity)["What we did"] == ["submitted", "accepted"]
    assert found.left_out == ("1 draft has not been sent, so it is not included.",)
    assert [(total.value, total.label) for total in found.totals] == [(2, "things we did"), (1, "commitment"), (48, "people reached")]  # fmt: skip


@pytest.mark.parametrize(
    ("uses", "withdrawn", "title", "story"),
    [
        (["portal", "report"], False, True, True),
        (["portal"], False, True, False),
        (["report"], False, True, False),
        ([], False, False, False),
        (["portal", "report"], True, False, False),
    ],
)
def test_a_story_is_passed_on_only_as_its_people_agree(
    partner, officer, commitment, charity, uses, withdrawn, title, story
):
    piece = accepted(partner, officer, commitment, FIRST, "Ana found work", story="She told us how.")
    now = timezone.now()
    Consent.objects.create(
        evidence=piece, given_by="Ana", given_on=FIRST, uses=uses, recorded_at=now, recorded_by=partner,
        withdrawn_at=now if withdrawn else None, withdrawn_by=partner if withdrawn else None,
    )  # fmt: skip
    found = year_of(charity, YEAR, timezone.localdate())
    items = [item for part in found.parts for item in part.items]
    assert [bool(items), any(item.text for item in items)] == [title, story]
    left = "1 item of evidence is left out, as the people in it have not agreed to this."
    assert found.left_out == (() if title else (left,))


def test_all_that_it_told_is_there_and_nothing_of_others(partner, commitment, charity, outsider, other_charity):
    today = timezone.localdate()
    year = years_of(charity, today)[0]
    for person, organisation, owner in ((partner, charity, "ours"), (outsider, other_charity, "theirs")):
        make_evidence(person, commitment, state="submitted", title=owner, happened_from=today)
        DeliveryPartner.objects.create(commitment=commitment, organisation=organisation, pledge=f"{owner}: rooms")
        Action.objects.create(
            commitment=commitment, title=f"{owner}: open a room", due_on=today, owner_organisation=organisation
        )
    assert told(charity, year) == {
        "What we did": ["ours"], "Actions that we own": ["ours: open a room"], "What we help to deliver": [str(commitment)],
    }  # fmt: skip


def test_its_people_see_what_they_were_asked_and_the_files_do_not_say_it(
    signed_in, partner, officer, commitment, charity, open_round, address
):
    type(open_round).objects.filter(pk=open_round.pk).update(opens_on=timezone.localdate())
    Contribution.objects.create(round=open_round, organisation=charity, owed_by=partner)
    piece = make_evidence(partner, commitment, state="submitted")
    return_evidence(by=officer, at=timezone.now(), evidence=piece, reason="How many came?")
    client = signed_in(partner)
    page = client.get(f"{address}/").content.decode()
    assert f"What it did, for {open_round.label}" in page
    assert f"More about “{piece.title}”" in page
    assert partner.name in page.partition("What you were asked")[2]
    assert "Not answered" in page
    for kind in ("csv", "docx"):
        answer = client.get(f"{address}.{kind}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"How many came?" not in content
        assert partner.name.encode() not in content


def test_only_the_last_return_of_an_item_waits_for_an_answer(partner, officer, commitment, charity):
    piece = make_evidence(partner, commitment, state="submitted")
    at = timezone.now()
    for turn in range(2):
        piece = return_evidence(
            by=officer, at=at + timedelta(minutes=2 * turn), evidence=piece, reason="How many came?"
        )
        if not turn:
            piece = submit_evidence(by=partner, at=at + timedelta(minutes=1), evidence=piece)
    day = timezone.localdate()
    answers = [row.answer for row in asked_in_year(charity, day - timedelta(days=1), day + timedelta(days=1))]
    assert answers == ["Answered", "Not answered"]


def test_page_and_files_say_the_same(signed_in, partner, officer, commitment, charity, address):
    piece = accepted(partner, officer, commitment, FIRST, "=Reading club", story="We read\n\n*aloud*.", language="cy")
    client, query = signed_in(partner), f"?year={YEAR}"
    page = client.get(f"{address}/{query}").content.decode()
    assert 'lang="cy"' in page
    pdf = pypdf.PdfReader(io.BytesIO(client.get(f"{address}.pdf{query}").content))
    drawn = " ".join(" ".join(part.extract_text() for part in pdf.pages).split())
    document = client.get(f"{address}.docx{query}")
    words = " ".join(text for _, _, text in read_docx(document.content))
    for said in ("=Reading club", "1 April 2024", "People reached: 24", "We read", "aloud.", str(commitment)):
        assert said in drawn
        assert said in words
    table = client.get(f"{address}.csv{query}")
    [head, row] = csv.reader(io.StringIO(b"".join(table.streaming_content).decode("utf-8-sig")))
    cells = dict(zip(head, row, strict=True))
    assert cells["What"] == "'=Reading club"
    assert (cells["People reached"], cells["When"], cells["Language"]) == ("24", "1 April 2024", "cy")
    assert cells["Address"].endswith(piece.get_absolute_url())
    assert f'filename="what-{charity.slug}-did' in table["Content-Disposition"]
    assert table["Cache-Control"] == document["Cache-Control"] == "private, no-store"


def test_only_years_that_there_are_can_be_asked_for(signed_in, partner, charity, address):
    client = signed_in(partner)
    for year in ("1999-00", "2024", "x", "9999-00"):
        assert client.get(f"{address}/?year={year}").status_code == 404
    assert "There is nothing from this year yet" in client.get(f"{address}/").content.decode()


def test_someone_of_two_organisations_reads_both_and_an_officer_neither(
    signed_in, partner, officer, charity, other_charity, address
):
    both = make_person("partner_lead", charity)
    both.role_grants.create(organisation=other_charity, role="partner_contributor", granted_at=timezone.now())
    client = signed_in(both)
    assert (
        client.get(f"{address}/").status_code
        == client.get(f"/organisations/{other_charity.slug}/year/").status_code
        == 200
    )
    assert signed_in(partner).get(f"/organisations/{other_charity.slug}/year/").status_code == 403
    assert signed_in(officer).get(f"{address}/").status_code == 403


def test_its_queries_do_not_grow(signed_in, partner, officer, commitment, address, django_assert_max_num_queries):
    for number in range(6):
        accepted(partner, officer, commitment, FIRST + timedelta(days=number), f"Item {number}")
    client = signed_in(partner)
    client.get(f"{address}/?year={YEAR}")
    with django_assert_max_num_queries(32):
        assert client.get(f"{address}/?year={YEAR}").content.decode().count("<article") == 6


def test_the_form_shows_what_was_told_already_to_those_who_told_it(signed_in, partner, outsider, commitment, officer):
    make_evidence(partner, commitment, title="A walk by the canal")
    page = signed_in(partner).get("/evidence/new/").content.decode()
    assert "What you have told us already" in page
    assert "A walk by the canal" in page
    assert "What you have told us already" not in signed_in(outsider).get("/evidence/new/").content.decode()
    assert "/year/" in signed_in(partner).get("/my-work/").content.decode()


def test_a_planned_round_has_asked_for_nothing(signed_in, partner, charity, strategy, address):
    round_ = make_round(strategy)
    Contribution.objects.create(round=round_, organisation=charity, owed_by=partner)
    type(round_).objects.filter(pk=round_.pk).update(state="planned")
    assert "The council asked you for nothing in this year." in signed_in(partner).get(f"{address}/").content.decode()
