"""Saying how a commitment stands: write, check, publish; drafts, conflicts, double clicks, closed rounds."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import HistoryEntry, ProgressUpdate, Round
from commitments.services.progress import Said, change_status, save_update
from tests.factories import make_round, publish_update

pytestmark = pytest.mark.django_db

WORDS = {
    "status": "at_risk",
    "reason": "No venue",
    "remedy": "We are asking the parish",
    "narrative": "A **good** start",
    "next_steps": "Find a hall",
}


def url(commitment, name="update"):
    return reverse(f"commitments:{name}", args=[commitment.strategy.slug, commitment.reference])


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def at_work(signed_in, officer, open_round):
    return signed_in(officer)


@pytest.mark.parametrize("who", ["partner", "administrator", "steering_member", "nobody"])
@pytest.mark.parametrize("door", ["update", "status-change"])
def test_only_officers_say_how_it_stands(request, signed_in, commitment, open_round, who, door):
    at_work = signed_in(request.getfixturevalue(who))
    for response in (at_work.get(url(commitment, door)), at_work.post(url(commitment, door), WORDS)):
        assert response.status_code == 403
        assert "Only a council officer can say how a commitment stands." in text_of(response)
    assert not ProgressUpdate.objects.exists()


def test_each_word_stands_with_its_definition_and_only_what_may_follow_is_offered(at_work, officer, commitment, now):
    text = text_of(at_work.get(url(commitment)))
    assert "Work is behind what was promised" in text
    assert "Complete" in text
    assert "Embedded" not in text, "1.1 has an end"
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    change_status(by=officer, at=now, commitment=commitment, to="complete", reason="It is done.")
    offered = at_work.get(url(commitment)).context["form"].fields["status"].choices
    assert [code for code, _label in offered] == ["on_track", "at_risk", "delayed", "complete"]


def test_the_words_of_the_last_round_stand_beside_the_box(at_work, officer, strategy, commitment, open_round, now):
    before = make_round(strategy, years_ago=1)
    then = now - timedelta(days=365)
    said = Said("on_track", "It began last year", narrative="We met *often*")
    publish_update(by=officer, at=then, commitment=commitment, round_=before, said=said, version=None)
    text = text_of(at_work.get(url(commitment)))
    assert f"Said for {before.slug}" in text
    assert "It began last year" in text
    assert "We met <em>often</em>" in text


def test_from_the_form_over_the_check_to_the_published_page(at_work, commitment, open_round):
    form = {**WORDS, "version": "", "round": open_round.slug}
    check = at_work.post(url(commitment), {**form, "act": "check"})
    assert check.status_code == 200
    assert "Check your answers" in text_of(check)
    assert "A <strong>good</strong> start" in text_of(check)
    assert not ProgressUpdate.objects.exists(), "checking writes nothing"
    hidden = {field.html_name: field.value() for field in check.context["form"]}
    done = at_work.post(url(commitment), {**hidden, "act": "publish"}, follow=True)
    assert f"The update for {open_round.slug} is published." in text_of(done)
    assert done.redirect_chain == [(commitment.get_absolute_url(), 302)]
    commitment.refresh_from_db()
    assert commitment.status == "at_risk"


def test_going_back_from_the_check_keeps_every_word(at_work, commitment, open_round):
    response = at_work.post(url(commitment), {**WORDS, "round": open_round.slug, "act": "change"})
    text = text_of(response)
    assert response.status_code == 200
    assert all(word in text for word in WORDS.values())
    assert "There is a problem" not in text


def test_a_draft_may_lack_what_publishing_needs(at_work, commitment, open_round):
    response = at_work.post(
        url(commitment), {"narrative": "Half a", "version": "", "round": open_round.slug, "act": "save"}, follow=True
    )
    assert "The draft is saved." in text_of(response)
    assert response.redirect_chain == [(url(commitment), 302)]
    assert "Half a" in text_of(response)
    update = ProgressUpdate.objects.get()
    assert (update.state, update.status, update.version) == ("draft", "", 1)
    assert at_work.get(url(commitment)).context["form"].initial["version"] == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"status": ""}, "status", "Choose how the commitment stands."),
        ({"status": "embedded"}, "status", "Choose one of the status words that the portal offers."),
        ({"status": "green"}, "status", "Choose one of the status words that the portal offers."),
        ({"reason": " "}, "reason", "Say why the status has changed."),
        ({"remedy": ""}, "remedy", "Say what will be done about it, as the commitment is at risk."),
        ({"narrative": "x" * 20_001}, "narrative", "The text has 20,001 characters."),
        ({"next_steps": "a\x00b"}, "next_steps", "The text holds a character that can"),
    ],
)
@pytest.mark.parametrize("act", ["check", "publish"])
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    at_work, commitment, open_round, changes, field, sentence, act
):
    response = at_work.post(url(commitment), {**WORDS, **changes, "round": open_round.slug, "act": act})
    text = text_of(response)
    assert response.status_code == 422
    assert "<title>Error: " in text
    assert text.count(sentence) == 2, "in the summary and at the field"
    assert list(response.context["form"].errors) == [field]
    kept = {**WORDS, **changes}
    kept.pop(field)
    assert all(value in text for value in kept.values())
    assert not ProgressUpdate.objects.exists()


def test_a_version_that_is_no_number_is_refused_and_not_a_fault(at_work, commitment, open_round):
    response = at_work.post(url(commitment), {**WORDS, "version": "x", "round": open_round.slug, "act": "publish"})
    assert response.status_code == 422


def test_a_double_click_on_publish_is_one_update(at_work, commitment, open_round):
    sent = {**WORDS, "version": "", "round": open_round.slug, "act": "publish"}
    for _click in range(2):
        response = at_work.post(url(commitment), sent)
        assert (response.status_code, response.url) == (302, commitment.get_absolute_url())
    assert HistoryEntry.objects.filter(act="publish").count() == 1
    assert ProgressUpdate.objects.get().version == 1


def test_a_double_click_on_save_is_one_draft(at_work, commitment, open_round):
    sent = {**WORDS, "version": "", "round": open_round.slug, "act": "save"}
    for _click in range(2):
        assert at_work.post(url(commitment), sent).status_code == 302
    assert HistoryEntry.objects.filter(act="save").count() == 1


@pytest.mark.parametrize("act", ["save", "publish"])
def test_the_second_officer_sees_both_versions_and_chooses(at_work, second_officer, commitment, open_round, now, act):
    theirs = Said("on_track", "Going well", narrative="Their story")
    save_update(by=second_officer, at=now, commitment=commitment, round_=open_round, said=theirs, version=None)
    response = at_work.post(url(commitment), {**WORDS, "version": "", "round": open_round.slug, "act": act})
    text = text_of(response)
    assert response.status_code == 409
    assert "Oscar Officer has saved this update while you were writing." in text
    assert all(word in text for word in ("On track", "Going well", "Their story", "At risk", *list(WORDS.values())[1:]))
    assert ProgressUpdate.objects.get().narrative == "Their story", "nothing was written"

    hidden = dict(response.context["hidden"])
    assert hidden["version"] == "1"
    edit = at_work.post(url(commitment), {**hidden, "act": "change"})
    assert edit.status_code == 200
    assert "A **good** start" in text_of(edit)
    assert edit.context["form"]["version"].value() == "1"
    mine = at_work.post(url(commitment), {**hidden, "act": response.context["act"]})
    assert mine.status_code == 302
    update = ProgressUpdate.objects.get()
    assert (update.narrative, update.state) == ("A **good** start", "draft" if act == "save" else "published")
    assert HistoryEntry.objects.filter(said__narrative="Their story").exists(), "theirs is in the history"


def test_mine_goes_to_the_check_when_theirs_is_published(at_work, second_officer, commitment, open_round, now):
    theirs = Said("on_track", "Going well")
    publish_update(by=second_officer, at=now, commitment=commitment, round_=open_round, said=theirs, version=None)
    response = at_work.post(url(commitment), {**WORDS, "version": "", "round": open_round.slug, "act": "save"})
    assert response.status_code == 409
    assert response.context["act"] == "check"
    check = at_work.post(url(commitment), {**dict(response.context["hidden"]), "act": "check"})
    assert "Check your answers" in text_of(check)


def test_an_update_that_vanished_is_a_conflict_and_not_a_fault(at_work, commitment, open_round):
    response = at_work.post(url(commitment), {**WORDS, "version": "4", "round": open_round.slug, "act": "publish"})
    assert response.status_code == 409
    assert dict(response.context["hidden"])["version"] == ""


def test_a_published_update_can_be_changed_but_is_no_draft_again(at_work, officer, commitment, open_round, now):
    publish_update(
        by=officer, at=now, commitment=commitment, round_=open_round, said=Said("on_track", "Good"), version=None
    )
    text = text_of(at_work.get(url(commitment)))
    assert "This update is published." in text
    assert "Save draft" not in text
    sent = {**WORDS, "version": "1", "round": open_round.slug}
    refused = at_work.post(url(commitment), {**sent, "act": "save"})
    assert refused.status_code == 422
    assert "This update has been published. Publish it again to change it." in text_of(refused)
    assert at_work.post(url(commitment), {**sent, "act": "publish"}).status_code == 302
    assert ProgressUpdate.objects.get().reason == "No venue"


def test_without_an_open_round_the_page_says_when_the_next_opens(signed_in, officer, strategy, commitment):
    at_work = signed_in(officer)
    assert "No round takes updates today." in text_of(at_work.get(url(commitment)))
    today = timezone.localdate()
    Round.objects.create(
        strategy=strategy, slug="next", observes_from=today, observes_to=today + timedelta(30),
        opens_on=today + timedelta(31), closes_on=today + timedelta(60),
    )  # fmt: skip
    text = text_of(at_work.get(url(commitment)))
    opens = today + timedelta(31)
    assert f"The next one, next, opens on {opens.day} {opens:%B %Y}." in text
    assert url(commitment, "status-change") in text
    assert "No round takes updates today." in text_of(at_work.post(url(commitment), WORDS))


def test_a_form_from_a_closed_round_is_refused_with_its_words_kept(signed_in, officer, strategy, commitment):
    closed = make_round(strategy, open_now=False)
    response = signed_in(officer).post(
        url(commitment), {**WORDS, "version": "", "round": closed.slug, "act": "publish"}
    )
    text = text_of(response)
    assert response.status_code == 422
    assert f"The round {closed.slug} takes updates from" in text
    assert "You can still change the status." in text
    assert "A **good** start" in text


def test_a_status_is_changed_at_any_time_with_a_reason(signed_in, officer, commitment):
    at_work = signed_in(officer)
    assert "Why?" in text_of(at_work.get(url(commitment, "status-change")))
    sent = {"status": "on_track", "reason": "It began.", "version": 0}
    for _click in range(2):
        response = at_work.post(url(commitment, "status-change"), sent)
        assert (response.status_code, response.url) == (302, commitment.get_absolute_url())
    assert HistoryEntry.objects.filter(act="status").count() == 1
    assert "The status of 1.1 is now “On track”." in text_of(at_work.get(commitment.get_absolute_url()))


def test_a_status_without_its_reason_is_asked_for_again(signed_in, officer, commitment):
    response = signed_in(officer).post(url(commitment, "status-change"), {"status": "delayed", "version": 0})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"reason", "remedy"}


def test_two_officers_who_change_the_status_see_both(signed_in, officer, second_officer, commitment, now):
    change_status(by=second_officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    at_work = signed_in(officer)
    sent = {"status": "delayed", "reason": "No venue", "remedy": "We ask", "version": 0}
    response = at_work.post(url(commitment, "status-change"), sent)
    text = text_of(response)
    assert response.status_code == 409
    assert "Oscar Officer has changed the status to “On track”" in text
    assert "It began." in text
    assert "No venue" in text
    hidden = dict(response.context["hidden"])
    edit = at_work.post(url(commitment, "status-change"), {**hidden, "act": "change"})
    assert "No venue" in text_of(edit)
    mine = at_work.post(url(commitment, "status-change"), {**hidden, "act": response.context["act"]})
    assert mine.status_code == 302
    commitment.refresh_from_db()
    assert (commitment.status, commitment.status_reason) == ("delayed", "No venue")


def test_what_an_update_says_can_neither_run_nor_restyle(at_work, client, commitment, open_round):
    nasty = {
        **WORDS,
        "reason": "<script>alert(1)</script>",
        "narrative": "<img src=x onerror=alert(1)> [x](javascript:alert(1))",
    }
    sent = {**nasty, "version": "", "round": open_round.slug}
    pages = [at_work.post(url(commitment), {**sent, "act": "check"})]
    at_work.post(url(commitment), {**sent, "act": "publish"})
    pages += [client.get(commitment.get_absolute_url()), client.get("/")]
    for page in pages:
        assert "<script>alert" not in text_of(page)
        assert "<img src=x" not in text_of(page)
        assert 'href="javascript' not in text_of(page)
