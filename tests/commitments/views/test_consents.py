"""Who agreed to be shown; and that what was taken back is gone from everywhere at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.files.uploads import check_upload
from commitments.forms.consents import ConsentForm
from commitments.forms.evidence_steps import AgreedForm
from commitments.models import Consent, Evidence, EvidenceFile, EvidenceLink, HistoryEntry
from commitments.reading import consents as reading
from commitments.rules import story_consent
from commitments.services import consents as services
from commitments.services.evidence import (
    accept_evidence,
    attach_file,
    remove_file,
    return_evidence,
    submit_evidence,
)
from tests.commitments import sample_files
from tests.factories import make_evidence, make_organisation, make_person
from vcsportal.common.words import Conflict, Refused

pytestmark = pytest.mark.django_db

GONE = "One photograph is no longer shown, because a consent to show it was withdrawn or has expired."


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


@pytest.fixture
def piece(partner, officer, commitment):
    """Accepted and published, with a photograph of nobody."""
    made = make_evidence(partner, commitment, title="A walk by the river", story="Mr Smith told a tale of eels.")
    photograph(made, partner, "Hall.jpg", "#113355")
    submit_evidence(by=partner, at=timezone.now(), evidence=made)
    return accept_evidence(by=officer, at=timezone.now(), evidence=made)


def photograph(piece, by, name="Walk.jpg", colour="#336699", **more):
    checked = check_upload(name, sample_files.photograph(colour=colour))
    return attach_file(by=by, at=timezone.now(), evidence=piece, checked=checked, caption=f"What {name} shows", **more)


def agree(piece, by, file=None, **changes):
    said = {"given_by": "Both walkers", "given_on": timezone.localdate(), "uses": ["portal", "report"], **changes}
    return services.record_consent(by=by, at=timezone.now(), evidence=piece, file=file, **said)


def everywhere(client, piece, commitment):
    """Every public page that could show something of the piece, as one text, freshly drawn."""
    pages = [
        piece.get_absolute_url(),
        url("evidence-list"),
        commitment.get_absolute_url(),
        piece.organisation.get_absolute_url(),
        f"/api/v1/evidence/{piece.pk}/",
        "/api/v1/evidence/",
    ]
    answers = [client.get(page) for page in pages]
    assert all(answer.status_code == 200 for answer in answers), [answer.status_code for answer in answers]
    return "\n".join(answer.text for answer in answers)


def shown_to_all(file):
    return EvidenceFile.objects.showable(timezone.localdate()).filter(pk=file.pk).exists()


# What is shown


def test_a_photograph_of_nobody_is_shown_without_any_consent(piece, commitment, client):
    file = piece.files.get()
    assert f"/files/{file.pk}/" in everywhere(client, piece, commitment)
    assert client.get(file.get_absolute_url())["Cache-Control"] == "public, no-cache"


def test_a_photograph_that_shows_people_waits_for_their_consent(piece, partner, officer, commitment, client, signed_in):
    file = piece.files.get()
    services.mark_people(by=partner, at=timezone.now(), file=file, shows_people=True, version=None)
    assert f"/files/{file.pk}/" not in everywhere(client, piece, commitment)
    assert client.get(file.get_absolute_url()).status_code == 404
    for insider in (partner, officer):
        inside = signed_in(insider)
        assert "Not shown yet:" in inside.get(piece.get_absolute_url()).text
        assert inside.get(file.get_absolute_url())["Cache-Control"] == "private, no-store"
    agree(piece, partner, file)
    assert f"/files/{file.pk}/" in everywhere(client, piece, commitment)


def test_a_consent_taken_back_takes_the_photograph_from_every_page_at_once(piece, partner, officer, commitment, client, signed_in):  # fmt: skip
    file = piece.files.get()
    consent = agree(piece, partner, file)
    assert f"/files/{file.pk}/" in everywhere(client, piece, commitment)
    services.withdraw_consent(by=partner, at=timezone.now(), consent=consent, why="They moved away")
    text = everywhere(client, piece, commitment)
    assert f"/files/{file.pk}/" not in text
    assert "What Hall.jpg shows" not in text
    assert GONE in text
    for who in (client, signed_in(partner), signed_in(officer)):
        answer = who.get(file.get_absolute_url())
        assert answer.status_code == 410
        assert reading.PHOTOGRAPH_TAKEN_BACK in answer.text
        assert answer["Cache-Control"] == ("no-store" if who is client else "private, no-store")
        assert f"/files/{file.pk}/?" not in who.get(piece.get_absolute_url()).text
    assert "Both walkers" not in text, "who agreed is never public"
    assert "They moved away" not in text


def test_a_story_needs_no_consent_until_somebody_was_asked(piece, partner, commitment, client, signed_in):
    assert "tale of eels" in everywhere(client, piece, commitment)
    consent = agree(piece, partner)
    assert "tale of eels" in everywhere(client, piece, commitment)
    services.withdraw_consent(by=partner, at=timezone.now(), consent=consent)
    text = everywhere(client, piece, commitment)
    assert "eels" not in text
    assert story_consent.SENTENCES["withdrawn"] in text
    assert story_consent.SENTENCES["withdrawn"] in signed_in(partner).get(piece.get_absolute_url()).text
    assert list(Evidence.objects.withheld(timezone.localdate(), use="report")) == [piece]
    assert story_consent.NO_TITLE not in client.get(url("evidence-list") + "?q=eels").text, "nor can it be searched"


def test_a_withdrawn_story_takes_the_title_links_and_files_with_it(piece, partner, officer, commitment, client, signed_in):  # fmt: skip
    return_evidence(by=officer, at=timezone.now(), evidence=piece, reason="Where is the paper?")
    paper = attach_file(
        by=partner,
        at=timezone.now(),
        evidence=piece,
        checked=check_upload("Tale.pdf", sample_files.pdf()),
        caption="The tale",
    )
    submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    accept_evidence(by=officer, at=timezone.now(), evidence=piece)
    EvidenceLink.objects.create(evidence=piece, url="https://walkers.example.org/eels", label="More about it")
    details = ("A walk by the river", "walkers.example.org", f"/files/{piece.files.first().pk}/", f"/files/{paper.pk}/")
    text = everywhere(client, piece, commitment)
    assert all(detail in text for detail in details)
    consent = agree(piece, partner)
    services.withdraw_consent(by=partner, at=timezone.now(), consent=consent)
    text = everywhere(client, piece, commitment)
    assert not [detail for detail in details if detail in text]
    assert story_consent.NO_TITLE in text
    assert piece.organisation.name in text
    for file in piece.files.all():
        gone = client.get(file.get_absolute_url())
        assert gone.status_code == 410
        assert story_consent.FILE_WITHHELD in gone.text
        assert "A walk by the river" not in gone.text
        assert gone["Cache-Control"] == "no-store"
    for words in ("river", "walk"):
        assert story_consent.NO_TITLE not in client.get(url("evidence-list") + f"?q={words}").text, (
            "nor can it be searched"
        )
        assert client.get(f"/api/v1/evidence/?q={words}").json()["count"] == 0
    for insider in (partner, officer):
        inside = signed_in(insider)
        page = inside.get(piece.get_absolute_url()).text
        assert all(detail in page for detail in details), "its own people and the council look after it"
        assert "eels" not in page.replace("walkers.example.org/eels", "")
        assert reading.NOT_PUBLIC.strip() in page
        assert inside.get(paper.get_absolute_url())["Cache-Control"] == "private, no-store"
        assert inside.get(f"/api/v1/evidence/{piece.pk}/").json()["title"] == "A walk by the river"
        assert inside.get("/api/v1/evidence/?q=river").json()["count"] == 1
    mine = signed_in(partner).get(url("evidence-list") + "?show=mine").text
    assert "A walk by the river" in mine
    assert story_consent.NO_TITLE not in mine


@pytest.mark.parametrize(
    ("changes", "days", "state", "details"),
    [
        ({"uses": ["report"]}, 0, "report_only", True),
        ({"uses": ["publicity"]}, 0, "refused", False),
        ({"lasts_until": timezone.localdate()}, 1, "expired", False),
        ({"lasts_until": timezone.localdate()}, 0, "", True),
        ({"uses": ["portal"]}, 0, "", True),
    ],
)
def test_a_page_says_why_a_story_is_not_shown(piece, partner, commitment, client, changes, days, state, details, monkeypatch):  # fmt: skip
    agree(piece, partner, **changes)
    later = timezone.localdate() + timedelta(days=days)
    monkeypatch.setattr(timezone, "localdate", lambda *args: later)
    text = everywhere(client, piece, commitment)
    assert ("tale of eels" in text) is (not state)
    assert ("A walk by the river" in text) is details
    said = {words for words in story_consent.SENTENCES.values() if words in text}
    assert said == ({story_consent.SENTENCES[state]} if state else set())
    answer = client.get(f"/api/v1/evidence/{piece.pk}/").json()
    assert answer["story_note"] == (story_consent.SENTENCES[state] if state else "")


def test_what_another_person_typed_for_a_group_is_theirs_to_look_after(piece, partner, client, signed_in):
    helper = make_person("partner_contributor", make_organisation("Helping Hub", "infrastructure_body"))
    agree(piece, partner, uses=["publicity"])
    assert signed_in(helper).get(f"/api/v1/evidence/{piece.pk}/").json()["title"] == story_consent.NO_TITLE
    Evidence.objects.filter(pk=piece.pk).update(logged_by=helper, said_by="Mr Smith", said_how="letter")
    assert signed_in(helper).get(f"/api/v1/evidence/{piece.pk}/").json()["title"] == "A walk by the river"
    assert client.get(f"/api/v1/evidence/{piece.pk}/").json()["title"] == story_consent.NO_TITLE


def test_a_consent_that_runs_out_does_the_same_the_day_after(piece, partner):
    today, file = timezone.localdate(), piece.files.get()
    agree(piece, partner, file, lasts_until=today)
    agree(piece, partner, lasts_until=today)
    tomorrow = today + timedelta(days=1)
    for use in ("portal", "report"):
        assert EvidenceFile.objects.showable(today, use=use).filter(pk=file.pk).exists()
        assert not EvidenceFile.objects.showable(tomorrow, use=use).filter(pk=file.pk).exists()
        assert not Evidence.objects.withheld(today, use=use).exists()
        assert Evidence.objects.withheld(tomorrow, use=use).get() == piece
    assert EvidenceFile.objects.taken_back(tomorrow).get() == file


def test_what_was_agreed_for_the_report_only_is_in_the_report_only(piece, partner, commitment, client, signed_in):
    today, file = timezone.localdate(), piece.files.get()
    agree(piece, partner, file, uses=["report"])
    agree(piece, partner, uses=["report"])
    assert EvidenceFile.objects.showable(today, use="report").get() == file
    assert not shown_to_all(file)
    assert not Evidence.objects.withheld(today, use="report").exists()
    text = everywhere(client, piece, commitment)
    assert f"/files/{file.pk}/" not in text
    assert "eels" not in text
    inside = signed_in(partner).get(piece.get_absolute_url()).text
    assert "tale of eels" in inside
    assert "there is no agreement to show it on the portal" in inside


def test_the_newest_word_of_each_person_counts(piece, partner):
    file = piece.files.get()
    first = agree(piece, partner, file, given_by="Both walkers")
    agree(piece, partner, file, given_by="The dog’s owner")
    services.withdraw_consent(by=partner, at=timezone.now(), consent=first)
    assert not shown_to_all(file), "one no is enough, whoever else agreed"
    agree(piece, partner, file, given_by="both WALKERS")
    assert shown_to_all(file), "they were asked again, and agreed"
    agree(piece, partner, file, given_by="The dog’s owner", uses=["publicity"])
    assert not shown_to_all(file)


def test_somebody_who_was_never_asked_can_say_no(piece, partner, commitment, client):
    file = piece.files.get()
    services.take_down(by=partner, at=timezone.now(), evidence=piece, file=file, asked_by="The woman on the left")
    services.take_down(by=partner, at=timezone.now(), evidence=piece, asked_by="Mr Smith", why="It was private")
    text = everywhere(client, piece, commitment)
    assert f"/files/{file.pk}/" not in text
    assert "eels" not in text
    assert client.get(file.get_absolute_url()).status_code == 410


# What is written down


def test_the_history_says_that_and_not_who(piece, partner):
    consent = agree(piece, partner)
    services.withdraw_consent(by=partner, at=timezone.now(), consent=consent)
    entries = HistoryEntry.objects.filter(evidence=piece, act__startswith="consent").order_by("id")
    assert [(entry.act, entry.reason) for entry in entries] == [
        ("consent", "For the story"), ("consent_withdrawn", "For the story")]  # fmt: skip
    assert not any("walkers" in str((entry.reason, entry.said)) for entry in entries)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"given_by": "  "}, "Say who agreed. The public never sees it."),
        ({"uses": []}, "Say what they agreed to."),
        ({"uses": ["dancing"]}, "Say what they agreed to."),
        ({"given_on": timezone.localdate() + timedelta(3)}, "The day on which they agreed is in the future."),
        ({"lasts_until": timezone.localdate() - timedelta(3)}, "The end date has already passed."),
    ],
)
def test_a_consent_that_says_too_little_is_refused(piece, partner, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        agree(piece, partner, **changes)
    assert not Consent.objects.exists()


def test_a_consent_is_for_a_photograph_of_this_piece(piece, partner, commitment):
    other = make_evidence(partner, commitment, story="")
    with pytest.raises(Refused, match="of this item of evidence"):
        agree(other, partner, piece.files.get())
    with pytest.raises(Refused, match="has no story and no case study yet"):
        agree(other, partner)
    with pytest.raises(Refused, match="Say who has asked for this"):
        services.take_down(by=partner, at=timezone.now(), evidence=piece, asked_by=" ")


def test_a_consent_is_taken_back_once(piece, partner):
    consent = agree(piece, partner)
    services.withdraw_consent(by=partner, at=timezone.now(), consent=consent)
    with pytest.raises(Refused, match="already been withdrawn"):
        services.withdraw_consent(by=partner, at=timezone.now(), consent=consent)


@pytest.mark.parametrize("who", ["outsider", "steering_member", "nobody"])
def test_others_keep_no_consents(request, piece, who, signed_in):
    stranger = request.getfixturevalue(who)
    with pytest.raises(Refused):
        agree(piece, stranger)
    assert signed_in(stranger).get(url("consents", piece.pk)).status_code == 403
    assert signed_in(stranger).get(url("consent-ledger")).status_code == 403


def test_looking_for_people_again(piece, partner):
    file, now = piece.files.get(), timezone.now()
    services.mark_people(by=partner, at=now, file=file, shows_people=True, version=None)
    assert not shown_to_all(file)
    services.mark_people(by=partner, at=now, file=file, shows_people=True, version=None)
    assert HistoryEntry.objects.filter(act="people").count() == 1, "the second tap changes nothing"
    file.evidence.refresh_from_db()
    services.mark_people(by=partner, at=now, file=file, shows_people=False, version=file.evidence.version)
    assert shown_to_all(file)
    agree(piece, partner, file)
    file.refresh_from_db()
    assert file.shows_people, "whoever was asked can be seen"
    file.evidence.refresh_from_db()
    with pytest.raises(Refused, match="so it does show people"):
        services.mark_people(by=partner, at=now, file=file, shows_people=False, version=file.evidence.version)


def test_the_tick_that_keeps_a_photograph_back_is_set_at_any_time_and_removed_only_by_who_has_read(piece, partner):
    file, now = piece.files.get(), timezone.now()
    read = piece.version
    services.mark_people(by=partner, at=now, file=file, shows_people=True, version=read - 1)
    for version in (None, read):
        with pytest.raises(Conflict):
            services.mark_people(by=partner, at=now, file=file, shows_people=False, version=version)
    file.refresh_from_db()
    assert file.shows_people
    piece.refresh_from_db()
    services.mark_people(by=partner, at=now, file=file, shows_people=False, version=piece.version)
    file.refresh_from_db()
    assert not file.shows_people


def test_a_photograph_with_a_consent_is_not_deleted(piece, partner, officer):
    file = piece.files.get()
    agree(piece, partner, file)
    return_evidence(by=officer, at=timezone.now(), evidence=piece, reason="Where?")
    with pytest.raises(Refused, match="the record of it has to stay"):
        remove_file(by=partner, at=timezone.now(), file=file)
    assert file.content.storage.exists(file.content.name)


# Pages


def test_the_page_of_a_piece_leads_through_asking_and_taking_back(piece, partner, signed_in):
    client, file = signed_in(partner), piece.files.get()
    page = client.get(url("consents", piece.pk)).text
    assert "Nobody can be recognised in it." in page
    assert "Most stories don’t name anyone, and need no consent." in page
    answer = client.post(url("evidence-file-people", piece.pk, file.pk), {"shows_people": "yes"}, follow=True)
    assert "nobody’s consent has been recorded" in answer.text
    new = url("consent-new", piece.pk) + f"?file={file.pk}"
    assert client.get(new).status_code == 200
    wrong = client.post(
        new, {"given_by": "Both", "given_on": "1 May 2090", "uses": ["portal"], "lasts_until": "1 May 2020"}
    )
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"given_on", "lasts_until"}
    sent = {"given_by": "Both walkers", "given_on": "yesterday", "uses": ["portal", "report"]}
    answer = client.post(new, sent, follow=True)
    assert "The consent has been recorded." in answer.text
    assert "<strong>Both walkers</strong>" in answer.text
    consent = Consent.objects.get()
    assert consent.given_on == timezone.localdate() - timedelta(days=1)
    withdraw = url("consent-withdraw", piece.pk, consent.pk)
    assert "Withdraw the consent of Both walkers?" in client.get(withdraw).text
    for _ in range(2):  # the second tap of a double one
        answer = client.post(withdraw, {"why": "They moved"}, follow=True)
        assert "<strong>Consent withdrawn.</strong> Nobody can see it." in answer.text
    assert "“They moved”" in answer.text
    assert file.get_absolute_url() not in answer.text
    assert client.get(new).status_code == 200


def test_somebody_asks_not_to_be_shown_on_the_page(piece, officer, signed_in):
    client = signed_in(officer)
    address = url("consent-take-down", piece.pk)
    assert client.post(address, {}).status_code == 422
    answer = client.post(address, {"asked_by": "Mr Smith"}, follow=True)
    assert "no longer on any page" in answer.text
    assert "Asked not to be shown" in answer.text
    assert Evidence.objects.withheld(timezone.localdate()).exists()


@pytest.mark.parametrize("file", ["x", "999999", "²"])
def test_a_photograph_that_there_is_not_is_not_found(piece, officer, signed_in, file):
    assert signed_in(officer).get(url("consent-new", piece.pk), {"file": file}).status_code == 404


def test_a_refusal_of_the_service_stands_at_the_form(piece, partner, commitment, signed_in):
    empty = make_evidence(partner, commitment, story="")
    sent = {"given_by": "Both", "given_on": "today", "uses": ["portal"]}
    answer = signed_in(partner).post(url("consent-new", empty.pk), sent)
    assert answer.status_code == 409
    assert "has no story and no case study yet" in answer.text


def test_the_ledger_shows_what_needs_somebody(piece, partner, administrator, signed_in, django_assert_max_num_queries):
    today, file = timezone.localdate(), piece.files.get()
    client = signed_in(administrator)

    def seen(show):
        with django_assert_max_num_queries(12):
            return client.get(url("consent-ledger"), {"show": show}).text

    services.mark_people(by=partner, at=timezone.now(), file=file, shows_people=True, version=None)
    assert "1 photograph or quotation waits for somebody’s consent." in seen("missing")
    agree(piece, partner, file, given_by="Soon over", lasts_until=today + timedelta(days=20))
    agree(piece, partner, given_by="For good")
    gone = agree(piece, partner, given_by="Changed their mind")
    services.withdraw_consent(by=partner, at=timezone.now(), consent=gone)
    assert "There is nothing here." in seen("missing")
    soon, back, whole = seen("soon"), seen("withdrawn"), seen("all")
    assert "Soon over" in soon
    assert "Expires soon" in soon
    assert "For good" not in soon
    assert "Changed their mind" in back
    assert "Soon over" not in back
    assert "3 consents are recorded." in whole
    assert client.get(url("consent-ledger"), {"show": "else"}).status_code == 404


def test_few_queries_for_a_piece_with_many_consents(
    partner, officer, commitment, signed_in, django_assert_max_num_queries
):
    made = make_evidence(partner, commitment)
    for number in range(8):
        file = photograph(made, partner, f"{number}.jpg", f"#3366{number}9")
        for person in range(5):
            agree(made, partner, file, given_by=f"Person {person}")
    client = signed_in(partner)
    for name in ("consents", "evidence", "evidence-edit", "evidence-submit"):
        with django_assert_max_num_queries(12):
            assert client.get(url(name, made.pk)).status_code == 200


def test_the_words_of_how_a_consent_stands(piece, partner):
    today = timezone.localdate()
    for last, words in ((None, "Current"), (today, "Expires soon"), (today + timedelta(200), "Current")):
        assert reading.state_of(agree(piece, partner, lasts_until=last), today) == words
    over = agree(piece, partner, lasts_until=today)
    assert reading.state_of(over, today + timedelta(1)) == "Expired"
    assert reading.uses_in_words([]) == "nothing"


@pytest.mark.parametrize("form", [AgreedForm, ConsentForm])
def test_no_consent_is_ticked_before_somebody_ticks_it(form):
    drawn = str(form()["uses"])
    assert 'type="checkbox"' in drawn
    assert "checked" not in drawn
