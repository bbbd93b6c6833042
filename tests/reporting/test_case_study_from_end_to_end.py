"""A case study from what a partner writes to the drawn report, and out of everything again once its speaker changes their mind."""

from io import BytesIO

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.models import CaseStudy, Consent
from reporting import facts
from reporting.assembly import assemble
from reporting.formats import FORMATS
from tests.commitments.views.test_action_plan_pages import sent_back
from tests.factories import make_evidence
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
HEADLINE, SAYING = "A kitchen that feeds a village", "I have not laughed so much in years."


def words(content):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages).split())


def of_today(round_):
    """The report as it would be drawn now, in words."""
    [pdf] = [face for face in FORMATS if face.code == "pdf"]
    report = assemble(round_=round_, making=facts.ProductionDetails(at=timezone.now(), edition=1))
    return words(pdf.write(report, {}, None).content)


def test_a_quotation_reaches_the_report_and_leaves_everything_when_its_speaker_changes_their_mind(
    partner, officer, commitment, open_round
):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    writer, reviewer, anyone = sign_in(Client(), partner), sign_in(Client(), officer), Client()

    def at(name, *args):
        return reverse(f"commitments:{name}", args=[piece.pk, *args])

    def send(client, address, **values):
        answer = client.post(address, {**sent_back(client.get(address)), **values})
        assert answer.status_code == 302, answer.content.decode()

    told = {"headline": HEADLINE, "what_was_done": "We opened the hall.", "quotation": SAYING, "said_by": "a guest"}
    send(writer, at("case-study-write"), **told)
    send(reviewer, at("case-study"), decision="approve")
    assert reviewer.post(at("case-study-report"), {"round": open_round.pk, "act": "choose"}).status_code == 302
    quotation = CaseStudy.objects.values_list("published__quotation", flat=True).get()
    send(
        writer,
        at("consent-new") + f"?quotation={quotation}",
        given_by="The guest",
        given_on="today",
        uses=["portal", "report"],
    )

    draft = reverse("reporting:report-draft", args=[open_round.strategy.slug, open_round.slug])
    places = [
        (anyone, at("case-study")), (anyone, f"/api/v1/case-studies/{piece.pk}/"), (writer, at("case-study")),
        (reviewer, at("case-study")), (reviewer, draft),
    ]  # fmt: skip
    for client, address in places:
        assert SAYING in client.get(address).content.decode(), address
    drawn = of_today(open_round)
    assert HEADLINE in drawn
    assert SAYING in drawn

    send(writer, at("consent-withdraw", Consent.objects.get().pk), why="She would rather not.")
    for client, address in places:
        assert SAYING not in client.get(address).content.decode(), address
    drawn = of_today(open_round)
    assert HEADLINE in drawn
    assert SAYING not in drawn
