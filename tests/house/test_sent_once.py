"""Forms that make something: sent twice, by a double click, a reload or the Back button, they make one thing."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone

from commitments.models import (
    Action,
    Award,
    Consent,
    Engagement,
    Indicator,
    Note,
    PlanUpload,
    Point,
    Risk,
    RiskAssessment,
    Signatory,
    SourcedFigure,
    SourcedValue,
)
from partners.models import Appointment, ComplaintStep, Deputy, Invitation, Organisation, Seat, Strand, SubmittedForm
from reporting.models import Comment
from tests.factories import make_person

TODAY = "today"
ACTS = {
    "commitments:action-move", "commitments:action-done", "commitments:action-drop", "commitments:action-reopen",
    "commitments:consent-withdraw", "commitments:evidence-file-people", "commitments:evidence-file-add",
    "commitments:evidence-file-remove", "commitments:evidence-use-again", "commitments:hand-over",
    "commitments:reaffirm", "commitments:signature-end", "commitments:my-nothing", "commitments:round-ask", "commitments:round-nudge", "commitments:round-task",
    "commitments:update-notes", "commitments:priority-indicator-new", "commitments:workbooks", "commitments:portal-workbooks", "partners:access", "partners:deputy-end",
    "partners:role-end", "reporting:report-comment-resolve", "reporting:report-comment-reopen",
}  # fmt: skip
"""Doors behind the same guard that change what is there, or are the twin of one in the table below."""


def consent(world):
    return reverse("commitments:consent-new", args=[world.evidence("draft").pk]), world.person("partner"), Consent, {
        "given_by": "The choir", "given_on": TODAY, "uses": ["portal"]}  # fmt: skip


def take_down(world):
    return reverse("commitments:consent-take-down", args=[world.evidence("draft").pk]), world.person("partner"), Consent, {
        "asked_by": "Ann"}  # fmt: skip


def deputy(world):
    second = make_person("officer", world.things["council"], name="Second Officer")
    return reverse("partners:deputies", args=[world.person("officer").pk]), world.person("officer"), Deputy, {
        "deputy": second.pk, "from_on": TODAY, "until_on": f"{timezone.localdate():%d/%m/%Y}"}  # fmt: skip


def action(world):
    commitment = world.strategy.commitments.in_order().first()
    return reverse("commitments:action-new", args=[world.strategy.slug, commitment.key]), world.person("officer"), Action, {
        "title": "Find a hall", "owner_team": "Communities"}  # fmt: skip


def note(world):
    return reverse("commitments:evidence-notes", args=[world.evidence("submitted").pk]), world.person("officer"), Note, {
        "text": "Ask them about the hall."}  # fmt: skip


def invitation(world):
    return reverse("partners:invite"), world.person("administrator"), Invitation, {
        "email": "new@example.org", "name": "New Person", "role": "administrator"}  # fmt: skip


def comment(world):
    args = [world.strategy.slug, world.open_round.slug, "foreword"]
    return reverse("reporting:report-comment", args=args), world.person("officer"), Comment, {"words": "Say more."}


def complaint_step(world):
    return reverse("partners:complaint", args=[world.complaint().pk]), world.person("administrator"), ComplaintStep, {
        "kind": "step", "words": "We rang them."}  # fmt: skip


def organisation(world):
    return reverse("partners:organisation-new"), world.person("administrator"), Organisation, {
        "name": "New Neighbours", "kind": "charity"}  # fmt: skip


def seat(world):
    slug = world.appointment().seat.group.organisation.slug
    return reverse("partners:seat-new", args=[slug]), world.person("administrator"), Seat, {"title": "Parish councils"}


def county_figure(world):
    return reverse("commitments:sourced-figure-new"), world.person("officer"), SourcedFigure, {
        "strategy": world.strategy.slug, "title": "People", "about": "place", "kind": "number"}  # fmt: skip


def sourced_value(world):
    address = reverse("commitments:sourced-value-new", args=[world.county_figure().pk])
    return address, world.person("officer"), SourcedValue, {"value": "600", "period": "2021/22"}


def award(world):
    address = reverse("commitments:award-new", args=[world.county_figure().pk])
    return address, world.person("officer"), Award, {
        "kind": "grant", "title": "A ramp", "identifier": "a-9", "amount_awarded": "50", "award_date": TODAY,
        "recipient_name": "Friends of the Hall", "is_organisation": "on"}  # fmt: skip


def strand(world):
    return reverse("partners:strand-new"), world.person("administrator"), Strand, {"words": "Carers"}


def appointment(world):
    group = world.appointment().seat.group
    vacant = Seat.objects.create(group=group, number=9, title="Parish councils")
    return reverse("partners:appoint", args=[group.organisation.slug, vacant.number]), world.person("administrator"), Appointment, {
        "post": "Clerk", "starts_on": TODAY}  # fmt: skip


def indicator(world):
    commitment = world.strategy.commitments.in_order().first()
    return reverse("commitments:indicator-new", args=[world.strategy.slug, commitment.key]), world.person("officer"), Indicator, {
        "code": "9.9a", "title": "Halls", "definition": "Halls that are open to all.", "kind": "number", "unit": "halls",
        "counting": "per_round", "direction": "up", "source": "Our list"}  # fmt: skip


def engagement(world):
    return reverse("commitments:engagement-new"), world.person("officer"), Engagement, {
        "strategy": world.strategy.slug, "kind": "forum", "title": "Open forum", "starts_on": TODAY}  # fmt: skip


def signature(world):
    return reverse("commitments:sign", args=[world.charter().slug]), world.person("outsider"), Signatory, {}


def recorded(world):
    group = world.person("outsider").organisations[0]
    return reverse("commitments:signature-record", args=[world.charter().slug]), world.person("officer"), Signatory, {
        "organisation": group.slug, "signed_on": TODAY, "told_how": "letter"}  # fmt: skip


def point(world):
    return reverse("commitments:point-new"), world.person("officer"), Point, {
        "kind": "said", "words": "We need a ramp.", "raised_on": TODAY, "strategy": world.strategy.pk}  # fmt: skip


def engagement_point(world):
    address = reverse("commitments:engagement-points", args=[world.engagement().pk])
    return address, world.person("officer"), Point, {"kind": "said", "words": "We need a ramp.", "raised_on": TODAY}


def decision(world):
    return reverse("meetings:step", args=[world.meeting().pk, "other"]), world.person("officer"), Point, {
        "words": "Paint the hall.", "owner_words": "Estates", "act": "record"}  # fmt: skip


def risk(world):
    return reverse("commitments:risk-new", args=[world.strategy.slug]), world.person("officer"), Risk, {
        "words": "The hall closes", "about": ""}  # fmt: skip


def assessment(world):
    made = world.risk()
    return reverse("commitments:risk-assess", args=[world.strategy.slug, made.key]), world.person("officer"), RiskAssessment, {
        "impact": "high", "likelihood": "low to medium"}  # fmt: skip


class _FileSentAgain(SimpleUploadedFile):
    """A file that a client can send more than once."""

    def read(self, *args):
        self.seek(0)
        return super().read(*args)


def action_plan(world):
    return reverse("commitments:plan-new"), world.person("administrator"), PlanUpload, {
        "file": _FileSentAgain("plan.csv", b"Reference,Action\nA1,Open the hall"), "title": "A new plan",
        "owner": world.things["council"].name, "starts_on": "1 April 2026", "ends_on": "31 March 2030", "plan_day": "1 April 2026"}  # fmt: skip


RECIPES = {
    "commitments:sign": signature, "commitments:signature-record": recorded,
    "commitments:consent-new": consent, "commitments:consent-take-down": take_down, "partners:deputies": deputy,
    "partners:complaint": complaint_step,
    "commitments:action-new": action, "commitments:evidence-notes": note, "partners:invite": invitation,
    "reporting:report-comment": comment, "partners:organisation-new": organisation, "partners:seat-new": seat,
    "commitments:plan-new": action_plan,
    "partners:appoint": appointment, "partners:strand-new": strand,
    "commitments:sourced-figure-new": county_figure, "commitments:sourced-value-new": sourced_value,
    "commitments:award-new": award, "commitments:indicator-new": indicator,
    "commitments:engagement-new": engagement, "commitments:point-new": point,
    "commitments:risk-new": risk, "commitments:risk-assess": assessment,
    "commitments:engagement-points": engagement_point, "meetings:step": decision,
}  # fmt: skip


def guarded() -> set[str]:
    found = set()

    def walk(patterns, space=""):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, one.namespace or space)
            elif getattr(one.callback, "is_sent_once", False):
                found.add(f"{space}:{one.name}")

    walk(get_resolver().url_patterns)
    return found


def test_every_door_that_is_guarded_is_tried():
    assert guarded() == {*RECIPES, *ACTS, "commitments:round-new"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", RECIPES)
def test_a_form_sent_twice_makes_one(name, world, signed_in):
    address, person, model, data = RECIPES[name](world)
    client = signed_in(person)
    page = address if name != "reporting:report-comment" else address.removesuffix("comment/")
    drawn = client.get(page)
    [token, *_] = re.findall(r'name="form_once" value="([0-9a-f-]{36})"', drawn.text)
    before = model.objects.count()
    first = client.post(address, {**data, "form_once": token})
    assert first.status_code == 302, getattr(first.context and first.context.get("form"), "errors", first)
    second = client.post(address, {**data, "form_once": token})
    assert (second.status_code, second.url) == (302, first.url)
    assert model.objects.count() == before + 1
    assert "You have already sent this form, at " in client.get(second.url.split("#")[0]).text
    assert SubmittedForm.objects.count() == 1


@pytest.mark.django_db
def test_a_form_gone_back_to_and_filled_in_anew_makes_something_new(world, signed_in):
    address, person, _model, data = note(world)
    token = "6f0d3c38-2d0e-4a1c-9a51-2a0f3a3b8f11"
    for text in ("The first.", "The second.", "The second."):
        assert signed_in(person).post(address, {**data, "text": text, "form_once": token}).status_code == 302
    assert sorted(Note.objects.values_list("text", flat=True)) == ["The first.", "The second."]


@pytest.mark.django_db
def test_a_form_that_was_refused_may_be_sent_again(world, signed_in):
    address, person, model, data = note(world)
    token = "6f0d3c38-2d0e-4a1c-9a51-2a0f3a3b8f12"
    assert signed_in(person).post(address, {**data, "text": "", "form_once": token}).status_code == 422
    assert not SubmittedForm.objects.exists()
    assert signed_in(person).post(address, {**data, "form_once": token}).status_code == 302
    assert model.objects.count() == 1


@pytest.mark.django_db
def test_the_token_of_somebody_elses_form_is_no_key_to_it(world, signed_in):
    address, person, model, data = note(world)
    token = "6f0d3c38-2d0e-4a1c-9a51-2a0f3a3b8f13"
    other = make_person("officer", world.things["council"])
    for one in (person, other):
        signed_in(one).post(address, {**data, "form_once": token})
    assert model.objects.count() == 2


@pytest.mark.django_db
def test_a_form_without_a_token_acts_as_often_as_it_is_sent(world, signed_in):
    address, person, model, data = note(world)
    for token in ("", "x", None):
        signed_in(person).post(address, data if token is None else {**data, "form_once": token})
    assert model.objects.count() == 3
