"""What a photograph shows is written by people: asked for when it is added, and read in its place everywhere."""

import re
import uuid
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from commitments.content.evidence import FileDescription
from commitments.files.uploads import check_upload
from commitments.forms.evidence import EvidenceForm
from commitments.forms.evidence_steps import PhotographsForm
from commitments.forms.fields import FilesForm
from commitments.models import EvidenceFile, HistoryEntry
from commitments.reading import evidence_cards
from commitments.reading.evidence_versions import rows_of_files
from commitments.services import evidence as services
from commitments.services.evidence_files import attach_file, describe, describe_file
from reporting import rendering
from reporting.exports import WRITERS
from reporting.facts import PhotographFacts, from_json, to_json
from tests.commitments.sample_files import pdf, photograph
from tests.factories import make_evidence
from tests.reporting.read_back import read
from tests.reporting.small import photographs, small
from tests.signing_in import sign_in

WORDS = "Three volunteers unload vegetables from a van"


def attach(piece, by, name="Walk.jpg", content=None, **more):
    checked = check_upload(name, content or photograph())
    return attach_file(by=by, at=timezone.now(), evidence=piece, checked=checked, **more)


@pytest.mark.django_db
def test_it_is_kept_with_a_photograph_and_not_with_a_document(commitment, partner):
    piece = make_evidence(partner, commitment)
    file = attach(piece, partner, caption="The van", description=f"  {WORDS} ")
    assert (file.description, file.caption, file.in_words) == (WORDS, "The van", WORDS)
    paper = attach(piece, partner, "Minutes.pdf", pdf(), description=WORDS)
    assert paper.description == ""
    said = FileDescription(paper.pk, description=WORDS)
    assert not describe(by=partner, at=timezone.now(), evidence=piece, said=said)


@pytest.mark.django_db
def test_it_can_be_written_later_and_the_caption_stays(commitment, partner):
    piece = make_evidence(partner, commitment)
    file = attach(piece, partner, caption="The van")
    assert file.in_words == "The van", "until somebody writes one"
    piece.refresh_from_db()
    file = describe_file(by=partner, at=timezone.now(), file=file, version=piece.version, description=WORDS)
    assert (file.description, file.caption) == (WORDS, "The van")
    assert HistoryEntry.objects.filter(evidence=piece).latest("id").reason.endswith(WORDS)
    rows = rows_of_files([file])
    assert rows[f"description_{file.pk}"][1] == WORDS
    assert (
        rows_of_files([file], {file.pk: FileDescription(file.pk, description="New")})[f"description_{file.pk}"][1]
        == "New"
    )


@pytest.mark.django_db
def test_it_is_read_in_the_photographs_place(commitment, partner, officer, client):
    piece = make_evidence(partner, commitment)
    attach(piece, partner, caption="The van", description=WORDS)
    piece = services.submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    services.accept_evidence(by=officer, at=timezone.now(), evidence=piece)
    page = client.get(piece.get_absolute_url()).content.decode()
    assert f'alt="{WORDS}"' in page
    assert re.search(r"<figcaption[^>]*>\s*The van", page)
    [card] = evidence_cards.read_cards([piece.pk], today=timezone.localdate())
    assert evidence_cards.card(card)["photo_alt"] == WORDS
    answer = client.get(reverse("api:evidence-detail", args=[piece.pk])).json()
    assert [file["description"] for file in answer["files"]] == [WORDS]


@pytest.mark.django_db
def test_its_own_people_and_reviewers_see_that_it_is_missing(commitment, partner, officer, client):
    piece = make_evidence(partner, commitment)
    file = attach(piece, partner, caption="The van")
    piece = services.submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    missing = "Not described yet"

    def page(person) -> str:
        sign_in(client, person)
        return client.get(piece.get_absolute_url()).content.decode()

    assert missing in page(officer)
    assert missing in page(partner)
    piece = services.accept_evidence(by=officer, at=timezone.now(), evidence=piece)
    client.logout()
    assert missing not in client.get(piece.get_absolute_url()).content.decode()
    piece.files.filter(pk=file.pk).update(description=WORDS)
    assert missing not in page(officer)


@pytest.mark.django_db
def test_the_form_of_the_evidence_asks_for_it_and_keeps_it(commitment, partner, client):
    piece = make_evidence(partner, commitment)
    file = attach(piece, partner)
    sign_in(client, partner)
    page = client.get(reverse("commitments:evidence-edit", args=[piece.pk])).content.decode()
    assert f'name="description_{file.pk}"' in page
    assert 'name="description"' in page
    form = EvidenceForm.__new__(EvidenceForm)
    assert form._described(file, {f"description_{file.pk}": "x" * 400}).description == "x" * 300
    assert form._described(file, {}).description is None


@pytest.mark.django_db
def test_my_tasks_ask_for_it_in_one_line_while_the_evidence_can_be_edited(
    commitment, partner, partner_lead, outsider, client
):
    """Not for documents, nor photographs whose bytes were erased; gone when all are described or the evidence is sent."""

    def line(person):
        sign_in(client, person)
        return client.get("/my-work/").context.get("undescribed")

    piece = make_evidence(partner, commitment)
    attach(piece, partner, "Minutes.pdf", pdf())
    assert line(partner) is None
    first = attach(piece, partner)
    second = attach(piece, partner, "Other.jpg", photograph(colour="navy"))
    attach(piece, partner, "Done.jpg", photograph(colour="olive"), description=WORDS)
    where = f"{reverse('commitments:evidence-edit', args=[piece.pk])}#description_{first.pk}"
    assert line(partner) == line(partner_lead) == {"count": 2, "url": where}
    assert not line(outsider), "nobody is asked about another organisation's evidence"
    page = client.get("/my-work/").content.decode()
    assert "no description yet" not in page
    sign_in(client, partner)
    page = " ".join(client.get("/my-work/").content.decode().split())
    assert "2 photographs have no description yet for people who cannot see them." in page
    piece.files.filter(pk=first.pk).update(erased_at=timezone.now())
    assert line(partner) == {"count": 1, "url": where.replace(f"_{first.pk}", f"_{second.pk}")}
    page = " ".join(client.get("/my-work/").content.decode().split())
    assert "1 photograph has no description yet for people who cannot see it." in page
    piece.files.filter(pk=second.pk).update(description=WORDS)
    assert line(partner) is None
    piece.files.filter(pk=second.pk).update(description="")
    services.submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    assert line(partner) is None, "it can't be edited now"


@pytest.mark.django_db
def test_every_way_of_adding_photographs_keeps_it(strategy, commitment, partner, client):
    sign_in(client, partner)

    def sent(**more):
        return {"form_token": str(uuid.uuid4()), "description": WORDS, "caption": "The van", **more}

    def upload(colour):
        return [SimpleUploadedFile("Walk.jpg", photograph(colour=colour))]

    new = sent(title="Ran a drop-in", happened_from="12 March 2026", then="save", uploads=upload("navy"))
    assert client.post("/evidence/new/", new).status_code == 302
    steps = sent(uploads=upload("olive"), shows_people="no")
    assert client.post("/evidence/new/steps/", steps).status_code == 302
    piece = make_evidence(partner, commitment)
    add = reverse("commitments:evidence-file-add", args=[piece.pk])
    assert client.post(add, sent(uploads=upload("teal"))).status_code == 302
    kept = list(EvidenceFile.objects.values_list("description", "caption"))
    assert kept == [(WORDS, "The van")] * 3


@pytest.mark.django_db
def test_two_people_who_describe_the_same_photograph_see_both(commitment, partner, partner_lead, client):
    piece = make_evidence(partner, commitment)
    file = attach(piece, partner, description="A van")
    edit, field = reverse("commitments:evidence-edit", args=[piece.pk]), f"description_{file.pk}"

    def opened(person):
        sign_in(client, person)
        page = client.get(edit)
        [row] = page.context["files"]
        assert row["about"].description == "A van"
        form = page.context["form"]
        values = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, [])}
        return {**values, "then": "save", f"asked_people_{file.pk}": "1", f"caption_{file.pk}": ""}

    first, second = opened(partner), opened(partner_lead)
    assert client.post(edit, {**second, field: "A white van"}).status_code == 302
    sign_in(client, partner)
    answer = client.post(edit, {**first, field: WORDS})
    assert answer.status_code == 409
    assert {row.label: (row.was, row.theirs, row.mine) for row in answer.context["rows"]} == {
        "Description of Walk.jpg": ("A van", "A white van", WORDS)
    }
    file.refresh_from_db()
    assert file.description == "A white van"


def test_each_form_for_new_photographs_asks_what_they_show():
    for form in (FilesForm, PhotographsForm, EvidenceForm):
        field = form.base_fields["description"]
        assert not field.required
        assert re.search("show|for people who can’t see", f"{field.label}")


def described():
    report = small()
    first, *rest = report.evidence
    picture = PhotographFacts("a.jpg", "The van.", WORDS)
    return replace(report, evidence=(replace(first, photographs=(picture,)), *rest))


def test_the_report_reads_it_in_the_photographs_place_and_its_data_have_it():
    report = described()
    for page in (rendering.to_alone(report, photographs=photographs()),):
        assert f'alt="{WORDS}"' in page
        assert "Note 1: The van." in page
    rows = read("csv", WRITERS["csv"](report))["photographs"]
    assert rows[1][rows[0].index("description")] == WORDS
    assert rows[1][rows[0].index("caption")] == "The van."


def test_a_photograph_of_an_earlier_edition_is_told_of_as_before():
    stored = to_json(described())
    del stored["evidence"][0]["photographs"][0]["description"]
    report = from_json(stored)
    page = rendering.to_alone(report, photographs=photographs())
    assert WORDS not in page
    assert 'alt="Photograph with note 1, described by its caption."' in page
