"""Complaints about personal data: anyone makes one, it is acknowledged, followed and closed, and erased in time."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from partners.models import Complaint, ComplaintStep, Mail, SecurityEvent
from partners.services import complaints
from tests.signing_in import sign_in
from vcsportal.common.words import Refused
from vcsportal.privacy.retention_table import RULE
from vcsportal.privacy.services.retention_job import apply_retention

pytestmark = pytest.mark.django_db
WORDS = "My photograph was in the report. https://evil.example/ <b>Look</b>"


@pytest.fixture(autouse=True)
def no_limits_from_before():
    cache.clear()


def make_complaint(now, **more) -> Complaint:
    said = {"name": "Corin Complainant", "words": WORDS, "email": "corin@example.org", **more}
    return complaints.receive_complaint(at=now, token=uuid.uuid4(), **said)


def _filled(client, **more) -> dict[str, str]:
    page = client.get("/privacy/complaint/").content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    return {"form_token": token[1], "name": "Corin", "email": "corin@example.org", "words": WORDS, **more}


def test_anyone_complains_and_reads_number_and_day_at_once(client, administrator):
    data = _filled(client)
    answer = client.post("/privacy/complaint/", data, follow=True)
    page = answer.content.decode()
    made = Complaint.objects.get()
    assert answer.status_code == 200
    assert f"number {made.pk}" in page
    assert "acknowledged it by email" in page
    assert "evil.example" not in page
    again = client.post("/privacy/complaint/", data, follow=True)
    assert again.redirect_chain[-1][0] == answer.redirect_chain[-1][0]
    assert Complaint.objects.count() == 1, "a double click makes one"
    assert Mail.objects.filter(to="corin@example.org").count() == 1


def test_it_is_acknowledged_by_email_in_our_words_only(now, administrator, partner):
    made = make_complaint(now)
    mail = Mail.objects.get(to="corin@example.org")
    assert (mail.person, mail.kind, made.acknowledged_at) == (None, "complaint", now)
    assert str(made.pk) in mail.subject
    for theirs in ("Corin", "photograph", "evil"):
        assert theirs not in mail.subject + mail.text + mail.html, "a stranger could send their words to anyone"
    told = Mail.objects.exclude(pk=mail.pk).filter(kind="complaint")
    assert [one.person for one in told] == [administrator]
    assert f"/privacy/complaints/{made.pk}/" in told[0].text
    assert "evil" not in told[0].text


def test_without_an_email_address_it_waits_to_be_acknowledged_within_thirty_days(now, administrator, client):
    made = make_complaint(now, email="", contact="1 High Street")
    assert made.acknowledged_at is None
    assert complaints.due_on(made) == timezone.localdate(now) + timedelta(days=30)
    assert "by letter or telephone" in Mail.objects.get(person=administrator, kind="complaint").text
    sign_in(client, administrator)
    assert "To acknowledge" in client.get("/privacy/complaints/").content.decode()
    tasks = client.get("/my-work/").content.decode()
    assert f"Complaint {made.pk} about personal data" in tasks
    later = now + timedelta(days=2)
    complaints.record_step(by=administrator, at=later, complaint=made, kind="acknowledged", words="A letter was sent.")
    made.refresh_from_db()
    assert (made.acknowledged_at, made.closed_at) == (later, None)


def test_a_step_closes_nothing_and_the_outcome_does_and_is_emailed(now, administrator):
    made = make_complaint(now)
    complaints.record_step(by=administrator, at=now, complaint=made, kind="step", words="We looked at the report.")
    made.refresh_from_db()
    assert made.closed_at is None
    assert Mail.objects.filter(to="corin@example.org").count() == 1
    complaints.record_step(by=administrator, at=now, complaint=made, kind="outcome", words="It was taken out.")
    made.refresh_from_db()
    assert made.closed_at == now
    assert "It was taken out." in Mail.objects.filter(to="corin@example.org").latest("id").text
    assert list(made.steps.order_by("id").values_list("kind", "by")) == [
        ("step", administrator.pk), ("outcome", administrator.pk),
    ]  # fmt: skip
    assert SecurityEvent.objects.filter(kind="complaint", by=administrator).count() == 2
    with pytest.raises(Refused, match="closed"):
        complaints.record_step(by=administrator, at=now, complaint=made, kind="step", words="One more thing.")


def test_only_administrators_answer(now, officer, administrator):
    made = make_complaint(now)
    with pytest.raises(Refused, match="Only an administrator"):
        complaints.record_step(by=officer, at=now, complaint=made, kind="step", words="I looked.")
    with pytest.raises(Refused, match="Say what was done"):
        complaints.record_step(by=administrator, at=now, complaint=made, kind="step", words="  ")
    assert not ComplaintStep.objects.exists()


@pytest.mark.parametrize("missing", [{"name": " "}, {"words": " "}, {"email": "", "contact": " "}])
def test_a_complaint_that_cannot_be_answered_is_refused(now, missing):
    with pytest.raises(Refused):
        make_complaint(now, **missing)
    assert not Complaint.objects.exists()


def test_the_page_says_what_is_missing(client):
    page = client.post("/privacy/complaint/", {**_filled(client), "email": "", "words": ""})
    assert page.status_code == 422
    assert "Enter an email address, or a telephone number" in page.content.decode()
    assert not Complaint.objects.exists()


def test_a_program_that_fills_every_box_makes_nothing(client):
    answer = client.post("/privacy/complaint/", _filled(client, website="https://evil.example"))
    assert answer.status_code == 302
    assert not Complaint.objects.exists()


def test_one_address_is_not_flooded_with_acknowledgements(client):
    answers = [client.post("/privacy/complaint/", _filled(client)).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert Complaint.objects.count() == 3


def test_one_place_cannot_send_complaints_without_end(client):
    answers = [
        client.post("/privacy/complaint/", _filled(client, email=f"c{n}@example.org")).status_code for n in range(11)
    ]
    assert answers[9:] == [302, 429]


def test_an_acknowledgement_has_an_address_that_nobody_guesses(client, now):
    made = make_complaint(now)
    assert client.get(f"/privacy/complaint/received/{made.pk}/").status_code == 404
    assert client.get(f"/privacy/complaint/received/{made.pk}:abc/").status_code == 404


def test_the_page_of_a_complaint_shows_it_as_words_and_takes_steps(client, administrator, now):
    made = make_complaint(now)
    sign_in(client, administrator)
    address = f"/privacy/complaints/{made.pk}/"
    page = client.get(address).content.decode()
    assert "&lt;b&gt;Look&lt;/b&gt;" in page
    assert client.post(address, {"kind": "outcome", "words": "Done."}).status_code == 302
    page = client.get(address).content.decode()
    assert "Record what was done" not in page
    assert client.post(address, {"kind": "step", "words": "Again."}).status_code == 409


def test_who_complained_is_erased_two_years_after_the_outcome(now, administrator):
    made, still_open = make_complaint(now), make_complaint(now)
    complaints.record_step(by=administrator, at=now, complaint=made, kind="outcome", words="Corin was right.")
    days = RULE["complaints"].kept_for
    apply_retention(now + timedelta(days=days))
    made.refresh_from_db()
    assert made.name == "Corin Complainant"
    apply_retention(now + timedelta(days=days + 1))
    made.refresh_from_db()
    assert (made.name, made.email, made.contact, made.words) == ("", "", "", "")
    assert made.steps.get().words == ""
    assert made.erased_at is not None
    still_open.refresh_from_db()
    assert still_open.words == WORDS
