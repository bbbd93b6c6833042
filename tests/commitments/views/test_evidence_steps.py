"""Telling what was done on a telephone, one question a screen, without anything being kept in a session."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from commitments.models import Consent, Contribution, Evidence, EvidenceFile, TimeTaken, WorkingCopy
from commitments.services import evidence as evidence_services
from partners.services.roles import add_person_with_role
from tests.commitments import sample_files
from tests.factories import make_area, make_evidence, make_evidence_content, make_strategy
from vcsportal.common.dates import with_weekday

pytestmark = pytest.mark.django_db

STEPS = "/evidence/new/steps/"


def upload(name="Walk.jpg", colour="#336699"):
    return SimpleUploadedFile(name, sample_files.photograph(colour=colour))


def step_url(piece, step):
    return reverse("commitments:evidence-step", args=[piece.pk, step])


def mistakes(answer):
    return {name: list(sentences) for name, sentences in answer.context["form"].errors.items()}


def test_photograph_three_questions_done(partner, charity, strategy, open_round, signed_in):
    """The whole way, as a telephone without JavaScript goes it."""
    Contribution.objects.create(round=open_round, organisation=charity)
    strategy.commitments.get(reference="2.1").delivery_partners.create(organisation=charity)
    client = signed_in(partner)
    first = client.get(f"{STEPS}?commitment=1.2")
    assert "1 of 3" in first.text
    assert 'accept="image/*"' in first.text
    assert "multiple" in first.text
    data = {
        "form_token": str(first.context["form"]["form_token"].value()),
        "opened": first.context["form"]["opened"].value(),
    }
    answer = client.post(
        first.context["action"], {**data, "uploads": [upload(), upload("Hall.jpg", "#993366")], "shows_people": "no"}
    )
    piece = Evidence.objects.get()
    assert piece.files.count() == 2
    assert answer.url.startswith(step_url(piece, "what"))
    assert [one.reference for one in piece.commitments.all()] == ["1.2"], "the square on the printed page is remembered"
    second = client.get(answer.url)
    assert "2 of 3" in second.text
    assert second.context["form"]["title"].value() is None, "a draft's own name is not an answer"
    opened = {"opened": second.context["form"]["opened"].value(), "version": second.context["form"]["version"].value()}
    answer = client.post(
        second.context["action"],
        {**opened, "title": "Ran a drop-in", "day": "yesterday", "people_reached": "24", "story": ""},
    )
    piece.refresh_from_db()
    assert (piece.title, piece.happened_from) == ("Ran a drop-in", timezone.localdate() - timedelta(days=1))
    third = client.get(answer.url)
    assert "3 of 3" in third.text
    assert third.text.index('value="thing-2-1"') < third.text.index('value="thing-1-1"'), (
        "what they help to deliver stands on top"
    )
    assert 'value="thing-1-2" checked' in third.text
    opened["version"] = third.context["form"]["version"].value()
    answer = client.post(third.context["action"], {**opened, "commitments": ["1.2", "2.1"]})
    check = client.get(answer.url)
    assert "Check before you send" in check.text
    for seen in ("Ran a drop-in", "24", "Can we publish this?", "1.2", "2.1"):
        assert seen in check.text
    client.post(answer.url, {"opened": check.context["opened"], "publishable": "yes"})
    piece.refresh_from_db()
    assert (piece.state, piece.people_reached, piece.publishable) == ("submitted", 24, True)
    assert TimeTaken.objects.filter(form="evidence").count() == 1
    assert Contribution.objects.get().answer == "evidence"


def test_without_a_photograph_it_is_two_questions(partner, strategy, signed_in):
    client = signed_in(partner)
    first = client.get(f"{STEPS}?commitment=1.1")
    second = client.get(first.context["skip"])
    assert "2 of 3" in second.text
    client.post(second.context["action"], {"title": "Ran a drop-in", "day": "today", "form_token": str(uuid.uuid4())})
    piece = Evidence.objects.get()
    assert (piece.title, piece.happened_from) == ("Ran a drop-in", timezone.localdate())
    assert [one.reference for one in piece.commitments.all()] == ["1.1"]


def test_two_taps_make_one_piece(partner, strategy, signed_in):
    client, token = signed_in(partner), str(uuid.uuid4())
    for _ in range(2):
        answer = client.post(STEPS + "what/", {"title": "Ran a drop-in", "day": "today", "form_token": token})
        assert answer.status_code == 302
    for _ in range(2):
        client.post(STEPS, {"form_token": token, "uploads": [upload()], "shows_people": "no"})
    assert Evidence.objects.get().files.count() == 1


def test_a_draft_is_offered_to_go_on_with_and_any_step_can_wait(partner, commitment, signed_in):
    piece = make_evidence(partner, title="Begun on the bus")
    client = signed_in(partner)
    assert "Begun on the bus" in client.get(STEPS).text
    answer = client.post(step_url(piece, "what"), {"title": "Ran a walk", "day": "today", "then": "stop"}, follow=True)
    assert "Saved. Continue when it suits you." in answer.text
    piece.refresh_from_db()
    assert piece.title == "Ran a walk"
    again = client.get(step_url(piece, "what"))
    assert (again.context["form"]["title"].value(), again.context["form"]["day"].value()) == ("Ran a walk", "today")


@pytest.mark.parametrize(
    ("step", "sent", "field", "sentence"),
    [
        ("photographs", {}, "uploads", "Choose a photograph, or continue without one."),
        ("what", {"day": "today"}, "title", "Say what you did, in one line."),
        ("what", {"title": "A walk"}, "day", "Say when it was. An approximate date is fine."),
        ("what", {"title": "A walk", "day": "other"}, "other_day", "Say which day. An approximate date is fine."),
        ("what", {"title": "A walk", "day": "other", "other_day": "1 May 2090"}, "other_day", "This date is in the future."),
        ("what", {"title": "A walk", "day": "today", "story": "a" * 20_001}, "story", "The limit is 20,000"),
        ("commitments", {}, "commitments", "Choose at least one commitment that this is for, or tick that you’re not sure."),
        ("people", {}, "publishable", "Say whether we can publish this."),
        ("people", {"publishable": "no", "people_reached": "N/A"}, "people_reached", "is not a whole number"),
        ("agreed", {"uses": "portal"}, "given_by", "Say who agreed."),
        ("agreed", {"given_by": "Both", "uses": "portal", "lasts_until": "1 May 2020"}, "lasts_until", "has already passed"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_where_it_is(partner, strategy, signed_in, step, sent, field, sentence):
    piece = make_evidence(partner)
    answer = signed_in(partner).post(step_url(piece, step), sent)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert set(mistakes(answer)) == {field}
    assert sentence in mistakes(answer)[field][0]


def test_photographs_are_kept_while_it_is_asked_whether_they_show_people(partner, strategy, signed_in):
    client = signed_in(partner)
    answer = client.post(STEPS, {"uploads": [upload()], "form_token": str(uuid.uuid4())})
    assert mistakes(answer) == {"shows_people": ["Say whether anyone can be recognised in your photographs."]}
    kept = Evidence.objects.get().files.get()
    assert kept.shows_people, "until it is answered, somebody is taken to be recognisable"
    assert f'name="fresh" value="{kept.pk}"' in answer.text
    client.post(answer.context["action"], {"fresh": kept.pk, "shows_people": "no"})
    kept.refresh_from_db()
    assert not kept.shows_people
    assert Evidence.objects.get().files.count() == 1


def test_a_file_that_is_no_photograph_is_named(partner, strategy, signed_in):
    bad = SimpleUploadedFile("x.jpg", b"nothing")
    answer = signed_in(partner).post(STEPS, {"uploads": [bad], "shows_people": "no"})
    assert answer.status_code == 422
    assert "x.jpg" in mistakes(answer)["uploads"][0]
    assert not Evidence.objects.exists()


def test_who_agreed_is_asked_once_for_all_photographs_that_show_people(partner, strategy, signed_in):
    client = signed_in(partner)
    both = [upload(), upload("Hall.jpg", "#993366")]
    answer = client.post(STEPS, {"uploads": both, "shows_people": "yes", "form_token": str(uuid.uuid4())})
    piece = Evidence.objects.get()
    assert answer.url == step_url(piece, "agreed")
    assert "Who has agreed to be shown?" in client.get(answer.url).text
    later = client.post(answer.url, {"then": "later"})
    assert later.url == step_url(piece, "what")
    assert not Consent.objects.exists()
    check = client.get(reverse("commitments:evidence-submit", args=[piece.pk]))
    assert "their consent has not been recorded yet" in check.text
    client.post(answer.url, {"given_by": "Everybody in the hall", "uses": ["portal", "report"]})
    assert sorted(Consent.objects.values_list("file__name", "given_by")) == [
        ("Hall.jpg", "Everybody in the hall"), ("Walk.jpg", "Everybody in the hall")]  # fmt: skip
    check = client.get(reverse("commitments:evidence-submit", args=[piece.pk]))
    assert "nobody’s consent" not in check.text


def test_a_colleague_who_saved_meanwhile_is_not_written_over(partner, commitment, signed_in):
    piece = make_evidence(partner, title="Theirs")
    answer = signed_in(partner).post(
        step_url(piece, "what"), {"title": "Mine", "day": "today", "version": piece.version + 5}
    )
    assert answer.status_code == 409
    assert next((row.label, row.theirs, row.mine) for row in answer.context["rows"]) == (
        "What you did",
        "Theirs",
        "Mine",
    )
    piece.refresh_from_db()
    assert piece.title == "Theirs"
    again = {**dict(answer.context["carried"]), "version": piece.version, "base": answer.context["base"]}
    look = signed_in(partner).post(answer.context["action"], {**again, "then": "look"})
    assert (look.status_code, look.context["form"]["title"].value()) == (200, "Mine")
    signed_in(partner).post(answer.context["action"], {**again, "then": "on"})
    piece.refresh_from_db()
    assert piece.title == "Mine"


def test_a_question_that_nobody_else_answered_is_saved_beside_a_colleagues_answer(
    partner, partner_lead, strategy, signed_in
):
    piece = make_evidence(partner)
    client = signed_in(partner)
    form = client.get(step_url(piece, "people")).context["form"]
    shown = {name: form[name].value() for name in ("version", "base")}
    theirs = {"title": "Theirs", "day": "today", "people_reached": piece.people_reached, "version": piece.version}
    signed_in(partner_lead).post(step_url(piece, "what"), theirs)
    signed_in(partner).post(step_url(piece, "people"), {**shown, "people_reached": "7", "publishable": "yes"})
    piece.refresh_from_db()
    assert (piece.title, piece.people_reached) == ("Theirs", 7)


def test_going_back_to_the_first_page_does_not_write_over_a_colleague(partner, partner_lead, strategy, signed_in):
    first = {"title": "A walk", "day": "today", "form_token": str(uuid.uuid4())}
    signed_in(partner).post(STEPS + "what/", first)
    piece = Evidence.objects.get()
    again = signed_in(partner).post(STEPS + "what/", {**first, "title": "A longer walk"})
    assert again.status_code == 302, "nobody else has changed it"
    piece.refresh_from_db()
    assert piece.title == "A longer walk"
    signed_in(partner_lead).post(step_url(piece, "what"), {"title": "Theirs", "day": "today", "version": piece.version})
    answer = signed_in(partner).post(STEPS + "what/", {**first, "title": "Mine"})
    assert answer.status_code == 409
    assert partner_lead.name in answer.text


def test_an_answer_about_photographs_does_not_take_a_colleagues_tick_away(partner, partner_lead, strategy, signed_in):
    client = signed_in(partner)
    answer = client.post(STEPS, {"uploads": [upload()], "form_token": str(uuid.uuid4())})
    file, version = EvidenceFile.objects.get(), answer.context["form"]["version"].value()
    evidence_services.edit_evidence(
        by=partner_lead, at=timezone.now(), evidence=file.evidence, content=make_evidence_content(title="Theirs")
    )
    sent = {"fresh": file.pk, "shows_people": "no", "version": version}
    stale = signed_in(partner).post(answer.context["action"], sent)
    assert "A colleague has changed this evidence" in mistakes(stale)["shows_people"][0]
    file.refresh_from_db()
    assert file.shows_people
    newer = stale.context["form"]["version"].value()
    signed_in(partner).post(answer.context["action"], {**sent, "version": newer})
    file.refresh_from_db()
    assert not file.shows_people


def test_an_agreement_is_for_the_photographs_that_were_shown(partner, partner_lead, strategy, signed_in):
    answer = signed_in(partner).post(
        STEPS, {"uploads": [upload()], "shows_people": "yes", "form_token": str(uuid.uuid4())}
    )
    piece = Evidence.objects.get()
    page = signed_in(partner).get(answer.url)
    shown = page.context["agreed"]
    signed_in(partner_lead).post(
        step_url(piece, "photographs"), {"uploads": [upload("Hall.jpg", "#993366")], "shows_people": "yes"}
    )
    said = {"given_by": "The choir", "uses": ["portal"], "given_on": "today"}
    signed_in(partner).post(answer.url, {**said, "agreed": shown})
    assert [one.file_id for one in piece.consents.all()] == shown
    signed_in(partner).post(answer.url, said)  # a form of before: what this person has added, and nothing else
    assert [one.file_id for one in piece.consents.all()] == shown


def test_the_day_it_ended_goes_when_it_no_longer_fits(partner, signed_in, strategy):
    today = timezone.localdate()
    piece = make_evidence(partner, happened_from=today - timedelta(9), happened_to=today - timedelta(8))
    shown = signed_in(partner).get(step_url(piece, "what")).context["form"]
    assert (shown["day"].value(), shown["other_day"].value()) != ("today", None)
    signed_in(partner).post(step_url(piece, "what"), {"title": "A walk", "day": "today", "version": piece.version})
    piece.refresh_from_db()
    assert (piece.happened_from, piece.happened_to) == (today, None)


def test_who_belongs_to_several_is_asked_for_which(partner, other_charity, strategy, signed_in):
    add_person_with_role(by=None, at=timezone.now(), email=partner.email, name=partner.name, role="partner_lead",
           organisation=other_charity)  # fmt: skip
    client = signed_in(partner)
    assert "For which organisation?" in client.get(STEPS).text
    client.post(STEPS + "what/", {"title": "A walk", "day": "today", "organisation": other_charity.slug})
    assert Evidence.objects.get().organisation == other_charity


def test_another_strategy_goes_with_the_address(partner, council, strategy, signed_in):
    make_strategy(council, slug="another", shape=(1,), opens_first=False)
    client = signed_in(partner)
    answer = client.post(STEPS + "what/?strategy=another", {"title": "A walk", "day": "today"})
    third = client.get(answer.url.replace("commitments/what", "commitments"))
    assert third.status_code == 200
    assert "strategy=another" in answer.url
    assert len(client.get(answer.url).context["form"]["commitments"].subwidgets) == 1
    assert client.get(f"{STEPS}?strategy=nowhere").status_code == 404


def test_a_step_that_there_is_not_is_not_found(partner, strategy, signed_in):
    assert signed_in(partner).get(step_url(make_evidence(partner), "dance")).status_code == 404


def test_what_was_sent_has_no_steps(partner, commitment, signed_in):
    piece = make_evidence(partner, commitment, state="submitted")
    assert signed_in(partner).get(step_url(piece, "what")).status_code == 409


def test_what_is_typed_into_the_second_step_is_kept(partner, commitment, signed_in):
    client = signed_in(partner)
    for address in (STEPS + "what/", step_url(make_evidence(partner, commitment), "what")):
        assert "data-keep" in client.get(address).text
        sent = {"act": "keep", "title": "Half", "story": "A few w", "day": "other", "version": "77"}
        assert client.post(address, sent).status_code == 204
        form = client.get(address).context["form"]
        assert [form[name].value() for name in ("title", "story", "day")] == ["Half", "A few w", "other"]
        client.post(address, {"title": "Whole", "day": "today"})
        assert not WorkingCopy.objects.exists()


def test_few_queries_a_step(partner, commitment, charity, signed_in, django_assert_max_num_queries):
    piece = make_evidence(partner, commitment)
    client = signed_in(partner)
    for address in (
        STEPS,
        STEPS + "what/",
        *(step_url(piece, step) for step in ("photographs", "what", "commitments", "people")),
    ):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", ["evidence-new", "evidence-steps", "evidence-steps-what"])
def test_an_address_that_nobody_can_type_leads_nowhere(signed_in, partner, name):
    client = signed_in(partner)
    for asked in ("%00", "our-strategy%00", "not-there"):
        assert client.get(f"{reverse(f'commitments:{name}')}?strategy={asked}").status_code == 404
    begun = client.post(f"{reverse('commitments:evidence-steps')}?commitment=%00&commitment=1.1", {})
    assert begun.status_code in {302, 422}


def test_a_page_of_nothing_is_not_found(client, strategy):
    for address in ("commitments/%00/", "indicators/%00/", "commitments/1.1%00/"):
        assert client.get(f"/strategies/{strategy.slug}/{address}").status_code == 404


@pytest.fixture
def places(charity):
    places = [make_area("Cherwell", "E07000177"), make_area("Oxford", "E07000178"), make_area("Vale", "E07000180")]
    charity.districts.set(places[:2])
    return places


def test_where_it_was_is_asked_with_the_organisation_s_own_districts_ticked(partner, strategy, signed_in, places):
    client = signed_in(partner)
    page = client.get(STEPS + "what/")
    assert "Where was it?" in page.text
    assert page.context["form"]["districts"].value() == ["E07000177", "E07000178"]
    client.post(STEPS + "what/", {"title": "A walk", "day": "today", "districts": ["E07000180"]})
    piece = Evidence.objects.get()
    assert [area.name for area in piece.districts.all()] == ["Vale"]
    again = client.get(step_url(piece, "what")).context["form"]
    assert again["districts"].value() == ["E07000180"], "what was answered is not overwritten by what was suggested"
    everywhere = {"title": "A walk", "day": "today", "districts": ["everywhere"], "version": piece.version}
    client.post(step_url(piece, "what"), everywhere)
    assert piece.districts.count() == 3
    wrong = client.post(STEPS + "what/", {"title": "A walk", "day": "today", "districts": ["E99"]})
    assert mistakes(wrong) == {"districts": ["“E99” is not a district that can be chosen."]}


def test_a_day_that_had_to_be_worked_out_is_named_on_the_last_page(partner, commitment, signed_in):
    client, piece = signed_in(partner), make_evidence(partner, commitment)
    asked = {"title": "A walk", "day": "other", "other_day": "last Wednesday"}
    answer = client.post(step_url(piece, "what"), asked)
    assert "written=last+Wednesday" in answer.url
    answer = client.post(answer.url, {"commitments": [commitment.key]})
    piece.refresh_from_db()
    understood = f"You wrote “last Wednesday”. We read it as {with_weekday(piece.happened_from)}."
    assert understood in client.get(answer.url).context["understood"]
    assert piece.happened_from.weekday() == 2
    answer = client.post(f"{step_url(piece, 'what')}?check=1", {**asked, "other_day": "1 May 2026"})
    assert answer.url.startswith(reverse("commitments:evidence-submit", args=[piece.pk]))
    assert "understood" not in client.get(answer.url).context


@pytest.mark.parametrize("steps", ["?steps=1", ""])
def test_every_row_of_the_last_page_can_be_changed_and_leads_back_to_it(partner, commitment, signed_in, steps):
    client, piece = signed_in(partner), make_evidence(partner, commitment)
    piece.links.create(url="https://www.example.org/walk")
    Evidence.objects.update(people_reached=24, story="We walked.")
    client.post(step_url(piece, "photographs"), {"uploads": [upload()], "shows_people": "no"})
    check = reverse("commitments:evidence-submit", args=[piece.pk])
    page = client.get(check + steps)
    changes = page.context["changes"]
    assert set(changes) == {
        "title", "when", "where", "commitments", "figures", "story", "files", "links", "publishable"
    }  # fmt: skip
    shown = [name for name, address in changes.items() if f'href="{escape(address)}"' in page.text]
    assert set(changes) - set(shown) <= ({"publishable"} if steps else set()), "on the steps it is asked on this page"
    for address in changes.values():
        assert client.get(address.partition("#")[0]).status_code == 200, address
    if steps:
        answer = client.post(changes["title"], {"title": "A longer walk", "day": "today"})
        assert answer.url.startswith(f"{check}?steps=1")
        answer = client.post(changes["commitments"], {"commitments": [commitment.key]})
        assert answer.url.startswith(f"{check}?steps=1")


def test_it_can_be_left_to_the_council_to_choose_the_commitments(
    partner, officer, second_officer, outsider, strategy, open_round, charity, signed_in
):
    Contribution.objects.create(round=open_round, organisation=charity)
    client, piece = signed_in(partner), make_evidence(partner)
    answer = client.post(step_url(piece, "commitments"), {"council_chooses": "on"})
    assert "The council will choose." in client.get(answer.url).text
    client.post(answer.url, {"publishable": "yes"})
    piece.refresh_from_db()
    assert (piece.state, piece.publishable, piece.council_chooses_in) == ("submitted", True, strategy)
    assert Contribution.objects.get().answer == "evidence"
    assert signed_in(outsider).get(piece.get_absolute_url()).status_code == 404
    reviewer = signed_in(officer)
    assert "You choose the commitments" in reviewer.get(reverse("commitments:review")).text
    one = reverse("commitments:review-one", args=[piece.pk])
    sent = {"version": piece.version, "decision": "accept"}
    refused = reviewer.post(one, sent)
    assert mistakes(refused) == {"commitments": ["Choose the commitments that it is for, then accept it."]}
    assert not Evidence.objects.accepted().exists()
    bulk = reviewer.get(reverse("commitments:accept-several"), {"chosen": f"{piece.pk}.{piece.version}"})
    assert [row["why_not"] for row in bulk.context["refused"]] == [
        "Choose the commitments that it is for, then accept it."
    ]
    reviewer.post(one, {**sent, "commitments": ["thing-1-2"]})
    piece.refresh_from_db()
    assert (piece.state, piece.council_chooses_in) == ("accepted", None)
    assert [commitment.reference for commitment in piece.commitments.all()] == ["1.2"]


def test_somebody_alone_who_goes_back_and_answers_again_meets_no_conflict(partner, partner_lead, commitment, signed_in):
    client, piece = signed_in(partner), make_evidence(partner, commitment)
    form = client.get(step_url(piece, "what")).context["form"]
    shown = {name: form[name].value() for name in ("version", "base")}
    first = {**shown, "title": "A walk", "day": "other", "other_day": "the day we met"}
    assert client.post(step_url(piece, "what"), first).status_code == 422
    assert client.post(step_url(piece, "what"), {**first, "other_day": "1 May 2026"}).status_code == 302
    assert client.post(step_url(piece, "what"), {**first, "other_day": "2 May 2026"}).status_code == 302, (
        "Back, then again"
    )
    piece.refresh_from_db()
    assert piece.happened_from.day == 2
    theirs = {"title": "Theirs", "day": "today", "version": piece.version}
    signed_in(partner_lead).post(step_url(piece, "what"), theirs)
    assert client.post(step_url(piece, "what"), {**first, "other_day": "3 May 2026"}).status_code == 409
