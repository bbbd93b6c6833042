"""A new council goes from its own spreadsheet to a drawn report."""

import io
from datetime import date, timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.models import Round, Strategy
from commitments.services.round_days import Days, plan_round
from partners.models import Organisation
from reporting import production
from reporting.models import Edition
from tests.commitments.action_plans import plans
from tests.commitments.views.test_action_plan_pages import sent_back
from tests.factories import make_person
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_council_goes_from_its_action_plan_to_a_drawn_report(queue):
    assert not Organisation.objects.filter(kind="public_body").exists()
    administrator = make_person("administrator")
    client, today = sign_in(Client(), administrator), timezone.localdate()
    first = date(today.year - 1, 4, 1)
    file = SimpleUploadedFile("action-plan.xlsx", plans.written(plans.rows_of(8)))
    details = {
        "title": "Working together", "owner": "Shirewell Council", "starts_on": f"{first:%d/%m/%Y}",
        "ends_on": f"{date(today.year + 3, 3, 31):%d/%m/%Y}", "plan_day": "12 March 2026", "reports_to": "Cabinet of Shirewell",
    }  # fmt: skip
    address = client.post(reverse("commitments:plan-new"), {**details, "file": file})["Location"]
    address = client.post(address, sent_back(client.get(address)))["Location"]
    answers = sent_back(client.get(address)) | {"lead_0_what": "invite", "lead_0_who": "first.officer@example.org"}
    answers |= {"partner_0_what": "register"}
    address = client.post(address, answers)["Location"]
    steps = client.get(client.post(address)["Location"])
    assert "first.officer@example.org" in steps.text

    strategy = Strategy.objects.get(owner__name="Shirewell Council")
    officer = make_person("officer", strategy.owner, "Officer 1")
    days = Days(first, today - timedelta(days=1), today, today + timedelta(days=30), today + timedelta(days=37))
    planned = plan_round(by=administrator, at=timezone.now(), strategy=strategy, days=days)
    opened = client.post(reverse("commitments:round-open", args=[strategy.slug, planned.slug]))
    assert opened.status_code == 302
    assert Round.objects.get(pk=planned.pk).is_open

    asked = sign_in(Client(), officer)
    page = asked.get(reverse("reporting:edition-request"))
    sent = asked.post(reverse("reporting:edition-request"), sent_back(page) | {"round": planned.pk})
    assert sent.status_code == 302, sent.context["form"].errors
    edition = Edition.objects.get()
    assert production.produce(edition.pk), Edition.objects.get(pk=edition.pk).error
    face = edition.face("pdf")
    assert face
    with face.content.open("rb") as drawn:
        words = " ".join(
            part for page in pypdf.PdfReader(io.BytesIO(drawn.read())).pages for part in page.extract_text().split()
        )
    for said in (
        "Shirewell Council",
        "Networks",
        "CW1.1",
        "Do thing 1 with the sector",
        "Status on record since",
        "From the action plan of 12 March 2026",
    ):
        assert said in words, said
