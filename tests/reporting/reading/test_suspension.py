"""A file that shows what somebody no longer agrees to is suspended at once; a new edition is made, and two people publish it."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from commitments.models import Evidence, EvidenceFile, Round
from commitments.services import consents
from partners.models import Mail, SecurityEvent
from reporting import assembly, production
from reporting.facts import CaseStudyFacts, ProductionDetails, to_json
from reporting.formats import ALL, CASE_STUDIES, DETAILS, FORMAT_BY_CODE, FORMATS, PHOTOGRAPHS, STORIES
from reporting.models import ConsentedContent, Edition, Suspension
from reporting.production.citations import consented
from reporting.reading.suspension import suspended_content, suspended_contents
from reporting.rendering.photographs import Photographs
from reporting.sealed import comparing
from reporting.services import publishing
from reporting.services.sealing import in_words
from reporting.services.suspensions import review_suspensions
from tests import factories
from tests.reporting.conftest import point_to_queue
from tests.reporting.small import small
from vcsportal import tasks
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def no_queue(queue):
    """Rows wait; a test makes an edition when it wants to."""
    point_to_queue(broker_url="redis://127.0.0.1:1/0")


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def file(year) -> EvidenceFile:
    """A photograph of an accepted item that has a story."""
    found = EvidenceFile.objects.filter(evidence__state="accepted", kind="photograph").select_related("evidence")
    return found.order_by("id")[0]


def edition_of(year, number: int = 1, *, published: bool = True) -> Edition:
    Round.objects.filter(pk=year.round.pk).update(state="closed", closings=1)
    report = assembly.assemble(round_=year.round, making=ProductionDetails(at=timezone.now(), edition=number))
    return factories.make_edition(
        round_=year.round, by=year.officer, number=number, facts=to_json(report), published=published
    )


def take_down(year, file: EvidenceFile | None, piece: Evidence | None = None) -> None:
    of = piece or (file.evidence if file else None)
    assert of
    consents.take_down(by=year.reviewer, at=timezone.now(), evidence=of, file=file, asked_by="The man with the hat")


def status(client, edition: Edition) -> dict[str, int]:
    return {one.code: client.get(reverse("reporting:face", args=[edition.pk, one.code])).status_code for one in FORMATS}


# What a file shows ------------------------------------------------------------------------------------------------------------


def words_in(content: bytes) -> str:
    """All words of a file, whatever its form."""
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as packed:
            return " ".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    if content.startswith(b"%PDF"):
        reader = PdfReader(BytesIO(content))
        within = [words_in(file) for files in reader.attachments.values() for file in files]
        return " ".join([*(page.extract_text() for page in reader.pages), *within])
    return content.decode()


@pytest.mark.parametrize("face", FORMATS, ids=[face.code for face in FORMATS])
def test_what_a_file_shows_is_found_by_looking_into_it(year, face):
    """The table of faces says which files are suspended; a form of the report that begins to tell stories has to say so there."""
    report = assembly.assemble(round_=year.round, making=ProductionDetails(at=timezone.now(), edition=1))
    marked = replace(
        report,
        evidence=tuple(
            replace(item, story="Quartzite was told.", title="Basalt was named") for item in report.evidence
        ),
        case_studies=tuple(  # in print, the third is in the annex
            CaseStudyFacts(
                number, number, "A kitchen", "Rowan Trust", "", "", (), date(2024, 5, 1), None, (), what_was_done="We cooked.",
                quotation="Porphyry was said.", said_by="a visitor", quotation_id=number,
            )
            for number in (1, 2, 3)
        ),
    )  # fmt: skip
    whole = face.write(marked, Photographs(marked), None).content
    shows = {
        PHOTOGRAPHS: whole != face.write(marked, {}, None).content,
        STORIES: "Quartzite" in words_in(whole),
        DETAILS: "Basalt" in words_in(whole),
        CASE_STUDIES: "Porphyry" in words_in(whole),
    }
    assert {kind for kind, found in shows.items() if found} == face.shows


def test_before_there_was_an_annex_the_report_itself_showed_it_all():
    face = FORMAT_BY_CODE["pdf"]
    assert face.shown({"pdf", "docx"}) == ALL
    assert face.shown({"pdf", "annex"}) == face.shows == {STORIES, DETAILS, CASE_STUDIES}, (
        "the data within it tell stories"
    )
    assert FORMAT_BY_CODE["easy"].shown({"pdf"}) == frozenset()


# Suspension --------------------------------------------------------------------------------------------------------------------


def test_from_the_withdrawal_on_the_files_that_show_the_photograph_are_suspended_for_everybody(
    year, file, client, signed_in
):
    edition = edition_of(year)
    address = reverse("reporting:face", args=[edition.pk, "annex"])
    etag = client.get(address)["ETag"]
    assert set(status(client, edition).values()) == {200}
    take_down(year, file)
    for reader in (client, signed_in(year.officer)):
        found = status(reader, edition)
        assert {code for code, answered in found.items() if answered == 451} == {"annex", "html"}
        assert {answered for code, answered in found.items() if code not in {"annex", "html"}} == {200}
    answer = client.get(address, headers={"If-None-Match": etag})
    assert answer.status_code == 451, "a browser that has it is not told to go on showing it"
    assert "the people in it no longer agree to it being shown in this report" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    page = text(client.get(edition.get_absolute_url()))
    assert "Some files are suspended" in page
    assert "The annex (PDF): suspended" in page
    assert f'href="{address}"' not in page
    assert client.get(reverse("reporting:edition-read", args=[edition.pk])).status_code == 200
    verified = client.get(reverse("reporting:verify-checksum", args=[edition.facts_sha256]))
    assert verified.status_code == 200
    assert address not in text(verified)
    assert reverse("reporting:face", args=[edition.pk, "docx"]) in text(verified)
    faces = {face["code"]: face for face in client.get(f"/api/v1/editions/{edition.pk}/").json()["faces"]}
    assert (faces["annex"]["suspended"], faces["annex"]["url"], faces["docx"]["suspended"]) == (True, None, False)
    assert faces["docx"]["url"]


def test_a_story_that_is_withdrawn_suspends_every_file_that_tells_it_or_names_it(year, file, client):
    edition = edition_of(year)
    take_down(year, None, file.evidence)
    found = status(client, edition)
    assert {code for code, answered in found.items() if answered == 200} == {"easy", "summary"}


def test_a_consent_to_the_portal_alone_suspends_what_tells_the_story_and_not_what_names_it(year, file, client, now):
    edition = edition_of(year)
    consents.record_consent(
        by=year.reviewer, at=now, evidence=file.evidence, given_by="The singers", given_on=TODAY(), uses=["portal"]
    )
    suspended = {code for code, answered in status(client, edition).items() if answered == 451}
    assert suspended == {face.code for face in FORMATS if STORIES in face.shows}


@pytest.mark.parametrize(("days", "answered"), [(0, 200), (-1, 451)])
def test_a_consent_that_runs_out_suspends_on_the_day_after_without_any_job(year, file, client, now, days, answered):
    edition = edition_of(year)
    given = consents.record_consent(
        by=year.reviewer, at=now, evidence=file.evidence, file=file, given_by="The singers", given_on=TODAY() - timedelta(9),
        uses=["portal", "report"], lasts_until=TODAY(),
    )  # fmt: skip
    given.lasts_until = TODAY() + timedelta(days=days)
    given.save(update_fields=["lasts_until"])
    assert status(client, edition)["annex"] == answered


def test_a_photograph_that_turns_out_to_show_people_is_suspended_until_somebody_agrees(year, file, client, now):
    edition = edition_of(year)
    consents.mark_people(by=year.reviewer, at=now, file=file, shows_people=True, version=None)
    assert status(client, edition)["annex"] == 451
    consents.record_consent(
        by=year.reviewer, at=now, evidence=file.evidence, file=file, given_by="The singers", given_on=TODAY(),
        uses=["portal", "report"],
    )  # fmt: skip
    assert status(client, edition)["annex"] == 200


def test_another_editions_photograph_suspends_nothing(year, file, client, now):
    edition = edition_of(year)
    other = EvidenceFile.objects.filter(kind="photograph").exclude(pk=file.pk).order_by("id")[0]
    facts: Any = edition.facts
    assert any(shown["file"] == str(other.print_content) for item in facts["evidence"] for shown in item["photographs"])
    without = replace(small(), evidence=())
    bare = factories.make_edition(round_=year.rounds[0], by=year.officer, facts=to_json(without), published=True)
    take_down(year, other)
    assert status(client, bare)["annex"] == 200
    assert status(client, edition)["annex"] == 451


# A new edition, and the old one withdrawn ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_new_edition_is_made_by_the_portal_and_two_people_put_it_in_the_others_place(
    year, file, client, signed_in, administrator, now
):
    old = edition_of(year)
    take_down(year, file)
    suspension = Suspension.objects.get()
    new = suspension.replacement
    assert new is not None
    assert (suspension.edition, new.number, new.requested_by, new.state) == (old, 2, None, "queued")
    told = Mail.objects.filter(kind="report:suspended")
    assert administrator.pk in told.values_list("person", flat=True)
    assert "Edition 1 is then withdrawn for that reason." in told[0].text
    factories.fill_in_header(year.round, year.officer)
    assert production.produce(new.pk)
    new = Edition.objects.get(pk=new.pk)
    assert suspended_content(new, TODAY()) == frozenset()
    assert "Publish edition 2 of the report" in text(signed_in(year.officer).get("/my-work/"))
    page = text(signed_in(year.officer).get(old.get_absolute_url()))
    assert f'href="{new.get_absolute_url()}"' in page
    assert new.get_absolute_url() not in text(client.get(old.get_absolute_url()))
    ready = publishing.readiness_for(year.officer, new, now)
    assert "edition 1 is withdrawn" in next(one.sentence for one in ready.checks if one.code == "replaces")
    made = publishing.propose_publication(
        by=year.officer,
        at=now,
        edition=new,
        acknowledged=[one.code for one in ready.warnings],
        reason="It leaves it out.",
    )
    with pytest.raises(Refused, match="another person has to confirm"):
        publishing.confirm_proposal(by=year.officer, at=now, proposal=made)
    assert not Edition.objects.get(pk=new.pk).is_sealed
    publishing.confirm_proposal(
        by=year.reviewer, at=now, proposal=made, acknowledged=[one.code for one in ready.warnings]
    )
    assert Edition.objects.get(pk=old.pk).withdrawal.reason.endswith("Edition 2 takes its place.")
    assert status(client, old)["pdf"] == 410
    assert status(client, new)["pdf"] == 200
    assert "Publish edition 2" not in text(signed_in(year.officer).get("/my-work/"))
    assert review_suspensions(at=now) == []
    assert default_storage.exists(str(old.faces.get(code="pdf").content.name)), "files go with the retention rules"


@pytest.mark.django_db(transaction=True)
def test_publishing_withdraws_no_edition_that_may_still_be_shown(year, now):
    factories.fill_in_header(year.round, year.officer)
    old, new = edition_of(year), edition_of(year, 2, published=False)
    factories.publish_edition(by=year.officer, at=now, edition=new)
    assert not hasattr(Edition.objects.get(pk=old.pk), "withdrawal")


def test_what_was_missed_and_what_runs_out_is_found_every_hour_and_once(year, file, now):
    edition_of(year)
    take_down(year, file)
    assert not Suspension.objects.exists(), "nothing is committed inside a test"
    for _ in range(2):
        tasks.review_consents_of_reports()
    assert Suspension.objects.count() == 1
    assert Edition.objects.filter(requested_by=None, state="queued").count() == 1
    assert Mail.objects.filter(kind="report:suspended", person=year.officer).count() == 1


def test_a_replacement_that_failed_or_shows_it_too_is_asked_for_again(year, file, now):
    edition_of(year)
    take_down(year, file)
    first = review_suspensions(at=now)[0].replacement
    assert first
    Edition.objects.filter(pk=first.pk).update(state="failed", error="The disk was full.")
    second = review_suspensions(at=now)[0].replacement
    assert second
    assert second.pk != first.pk
    ConsentedContent.objects.create(edition=second, evidence=file.evidence_id, photographs=[str(file.print_content)])
    Edition.objects.filter(pk=second.pk).update(state="ready", facts={}, facts_sha256="0" * 64)
    third = review_suspensions(at=now)[0].replacement
    assert third
    assert third.pk not in {first.pk, second.pk}


def test_a_draft_that_is_there_and_shows_nothing_of_it_is_the_replacement(year, file, now):
    edition_of(year)
    take_down(year, file)
    draft = edition_of(year, 2, published=False)
    assert review_suspensions(at=now)[0].replacement == draft


def test_an_older_edition_is_suspended_and_waits_to_be_withdrawn_where_the_newest_shows_nothing_of_it(
    year, file, signed_in, now
):
    old = edition_of(year)
    facts: Any = to_json(replace(small(), evidence=()))
    later = now + timedelta(hours=1)
    factories.seal(
        factories.make_edition(round_=year.round, by=year.officer, number=2, facts=facts), by=year.officer, at=later
    )
    take_down(year, file)
    found = review_suspensions(at=now)
    assert [(one.edition, one.replacement) for one in found] == [(old, None)]
    assert not Edition.objects.filter(requested_by=None).exists(), "nothing has to be made"
    assert "Withdraw edition 1 of the report" in text(signed_in(year.officer).get("/my-work/"))


def test_when_everybody_agrees_again_the_suspension_is_lifted(year, file, client, now):
    edition = edition_of(year)
    take_down(year, file)
    review_suspensions(at=now)
    consents.record_consent(
        by=year.reviewer, at=timezone.now(), evidence=file.evidence, file=file,
        given_by="The man with the hat", given_on=TODAY(), uses=["portal", "report"],
    )  # fmt: skip
    assert status(client, edition)["annex"] == 200
    assert review_suspensions(at=now + timedelta(minutes=1)) == []
    assert Suspension.objects.get().lifted_at == now + timedelta(minutes=1)
    events = SecurityEvent.objects.filter(kind__in=["suspended", "restored"]).order_by("id")
    words = in_words(edition)
    assert [(event.kind, event.subject, event.by) for event in events] == [
        ("suspended", words, None),
        ("restored", words, None),
    ]


def test_drafts_and_withdrawn_editions_have_no_suspension_and_are_not_offered_either(year, file, signed_in, now):
    withdrawn = edition_of(year)
    factories.withdraw_edition(by=year.officer, at=now, edition=withdrawn, reason="Wrong.")
    draft = edition_of(year, 2, published=False)
    take_down(year, file)
    assert review_suspensions(at=now) == []
    insider = signed_in(year.officer)
    assert (status(insider, withdrawn)["annex"], status(insider, draft)["annex"]) == (451, 451)


# How it is found -----------------------------------------------------------------------------------------------------------------


def test_what_rests_on_consents_is_written_with_the_edition_and_sealed_with_it(year, file):
    edition = edition_of(year)
    rows = {row.evidence: row for row in edition.consented.all()}
    facts: Any = edition.facts
    assert set(rows) == {item["id"] for item in facts["evidence"]}
    assert rows[file.evidence_id].photographs == [str(file.print_content)]
    assert rows[file.evidence_id].story
    assert rows[file.evidence_id].details
    for act in (
        lambda: edition.consented.all().delete(),
        lambda: edition.consented.update(photographs=[]),
        lambda: ConsentedContent.objects.create(edition=edition, evidence=999),
    ):
        with pytest.raises(IntegrityError, match="published"), transaction.atomic():
            act()


def test_what_is_withheld_in_the_facts_is_not_counted_as_shown():
    told = small()
    bare = replace(told.evidence[0], story="", story_state="withdrawn", photographs=())
    late = replace(told.evidence[1], number=99, id=99)
    found = {one.evidence: one for one in consented(replace(told, evidence=(bare,), late=(late,)))}
    assert (found[bare.id].story, found[bare.id].details, found[bare.id].photographs) == (False, False, ())
    assert (found[99].story, found[99].details) == (True, True)


def test_many_editions_are_asked_about_in_as_many_questions_as_one(year, file, client, monkeypatch):
    editions = [edition_of(year, number) for number in (1, 2, 3, 4, 5)]
    counts = []
    for some in (editions[:1], editions):
        with CaptureQueriesContext(connection) as queries:
            suspended_contents(some, TODAY())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3
    monkeypatch.setattr(comparing, "SETTLED_AFTER", timedelta(0))
    client.get(reverse("reporting:face", args=[editions[0].pk, "annex"]))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("reporting:face", args=[editions[0].pk, "annex"]))
    assert len(queries) <= 10
