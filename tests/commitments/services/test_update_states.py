"""An update that was sent, returned, approved, or written by two; a round that closes while somebody types."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import HistoryEntry, ProgressUpdate, Round, WorkingCopy
from commitments.services.progress import save_update, submit_update
from commitments.services.rounds import begin_review
from commitments.services.update_approval import approve_update, return_update
from partners.models import Mail
from tests.commitments.views.test_pages_update import WORDS, hidden, text_of, url
from tests.factories import make_round, publish_update
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db

THEIRS = UpdateContent("on_track", "Going well", narrative="Their story")


@pytest.fixture
def at_work(signed_in, officer, open_round):
    return signed_in(officer)


@pytest.fixture
def mine(open_round):
    return {**WORDS, "version": "", "round": open_round.slug}


@pytest.fixture
def theirs(second_officer, commitment, open_round, now):
    """What the second officer has sent."""
    return submit_update(
        by=second_officer, at=now, commitment=commitment, round_=open_round, content=THEIRS, version=None
    )


def test_what_was_sent_is_shown_and_can_be_taken_back(at_work, theirs, commitment, open_round):
    text = text_of(at_work.get(url(commitment)))
    assert "Oscar Officer sent this update on" in text
    assert "Their story" in text
    assert "Read it and decide" in text, "somebody else sent it, so I may approve it"
    assert 'name="narrative"' not in text
    back = {"act": "take_back", "round": open_round.slug}
    response = at_work.post(url(commitment), back, follow=True)
    assert "The update is a draft again." in text_of(response)
    assert "Their story" in text_of(response)
    assert ProgressUpdate.objects.get().state == "draft"
    assert "is a draft again" not in text_of(at_work.post(url(commitment), back, follow=True)), "the second click"
    assert HistoryEntry.objects.filter(act="take_back").count() == 1


@pytest.mark.parametrize("state", ["submitted", "returned", "published"])
def test_wherever_it_stands_its_page_costs_few_queries(
    at_work, administrator, strategy, officer, theirs, commitment, state, now
):
    before, then = make_round(strategy, years_ago=1), now - timedelta(days=365)
    publish_update(by=officer, at=then, commitment=commitment, round_=before, content=THEIRS)
    if state == "returned":
        return_update(by=administrator, at=now, update=theirs, reason="Please say where.")
    if state == "published":
        approve_update(by=administrator, at=now, update=theirs)
    at_work.get(url(commitment))
    with CaptureQueriesContext(connection) as queries:
        at_work.get(url(commitment))
    assert len(queries) <= 12, "\n".join(query["sql"][:150] for query in queries)


def test_whoever_sent_it_is_not_asked_to_approve_it(signed_in, second_officer, theirs, commitment):
    assert "Read it and decide" not in text_of(signed_in(second_officer).get(url(commitment)))


def test_what_was_returned_says_why_on_top_and_is_mended_below(
    signed_in, second_officer, administrator, theirs, commitment, open_round, now
):
    return_update(by=administrator, at=now, update=theirs, reason="Please say **where**.")
    at_work = signed_in(second_officer)
    text = text_of(at_work.get(url(commitment)))
    assert "Ada Administrator asks you to change something" in text
    assert "Please say <strong>where</strong>." in text
    assert "Their story" in text
    sent = {"status": "on_track", "reason": "In Thame", "version": "2", "round": open_round.slug}
    at_work.post(url(commitment), {**sent, "act": "save"})
    assert "Please say" in text_of(at_work.get(url(commitment))), "a draft of the mended one still shows it"
    check = at_work.post(url(commitment), {**sent, "version": "3", "act": "check"})
    at_work.post(url(commitment), {**hidden(check), "act": "send"})
    update = ProgressUpdate.objects.get()
    assert (update.state, update.state_reason, update.reason) == ("submitted", "", "In Thame")
    assert Mail.objects.filter(kind="update_receipt").count() == 1


def test_what_was_returned_can_be_mended_after_the_window(
    signed_in, second_officer, administrator, theirs, commitment, open_round, now
):
    return_update(by=administrator, at=now, update=theirs, reason="Please say where.")
    begin_review(by=administrator, at=now, round_=open_round)
    at_work = signed_in(second_officer)
    assert "Please say where." in text_of(at_work.get(url(commitment)))
    sent = {**WORDS, "version": "2", "round": open_round.slug}
    check = at_work.post(url(commitment), {**sent, "act": "check"})
    assert at_work.post(url(commitment), {**hidden(check), "act": "send"}).status_code == 302
    assert ProgressUpdate.objects.get().state == "submitted"


def test_what_was_begun_can_be_saved_and_sent_in_review_and_what_was_not_begun_can_not(
    officer, administrator, strategy, commitment, open_round, now
):
    begun = save_update(by=officer, at=now, commitment=commitment, round_=open_round, content=THEIRS, version=None)
    begin_review(by=administrator, at=now, round_=open_round)
    said = {"by": officer, "at": now, "round_": open_round, "content": THEIRS}
    begun = save_update(**said, commitment=commitment, version=begun.version)
    assert submit_update(**said, commitment=commitment, version=begun.version).state == "submitted"
    other = strategy.commitments.get(reference="1.2")
    ProgressUpdate.objects.create(commitment=other, round=open_round, state="expected")
    for write in (save_update, submit_update):
        with pytest.raises(Refused, match="What was sent is now being reviewed"):
            write(**said, commitment=other, version=0)


def test_what_was_approved_is_locked_and_says_whom_to_ask(at_work, administrator, theirs, commitment, mine, now):
    approve_update(by=administrator, at=now, update=theirs)
    text = text_of(at_work.get(url(commitment)))
    assert "Ada Administrator approved this update on" in text
    assert "This update is locked." in text
    assert "ask Ada Administrator" in text
    assert "return it yourself" in text
    for act in ("save", "send"):
        refused = at_work.post(url(commitment), {**mine, "version": "2", "act": act})
        assert refused.status_code == 409
        assert "This update is approved, so it can" in text_of(refused)
        assert "A **good** start" in text_of(refused), "nothing that was typed is lost"
    assert ProgressUpdate.objects.get().reason == "Going well"


@pytest.mark.parametrize("act", ["save", "send", "check"])
def test_the_second_officer_sees_both_versions_and_chooses(
    at_work, officer, second_officer, commitment, open_round, mine, now, act
):
    save_update(by=second_officer, at=now, commitment=commitment, round_=open_round, content=THEIRS, version=None)
    response = at_work.post(url(commitment), {**mine, "act": act})
    text = text_of(response)
    assert response.status_code == 409
    assert "Oscar Officer has saved this update while you were writing." in text
    assert all(word in text for word in ("On track", "Going well", "Their story", "At risk", *list(WORDS.values())[1:]))
    assert ProgressUpdate.objects.get().narrative == "Their story", "nothing was written"
    assert WorkingCopy.objects.get().person == officer, "mine is kept, whatever happens next"

    again = hidden(response)
    assert again["version"] == "1"
    edit = at_work.post(url(commitment), {**again, "act": "change"})
    assert edit.status_code == 200
    assert "A **good** start" in text_of(edit)
    assert edit.context["form"]["version"].value() == "1"
    chosen = at_work.post(url(commitment), {**again, "act": response.context["act"]})
    assert chosen.status_code == (200 if act == "check" else 302)
    if act != "check":
        update = ProgressUpdate.objects.get()
        assert (update.narrative, update.state) == ("A **good** start", "draft" if act == "save" else "submitted")
    assert HistoryEntry.objects.filter(said__narrative="Their story").exists(), "theirs is in the history"


@pytest.mark.parametrize("act", ["save", "send"])
def test_mine_takes_the_place_of_what_was_sent_with_eyes_open(at_work, officer, theirs, commitment, mine, act):
    response = at_work.post(url(commitment), {**mine, "act": act})
    assert response.status_code == 409
    assert "Oscar Officer has sent this update while you were writing." in text_of(response)
    check = at_work.post(url(commitment), {**hidden(response), "act": response.context["act"]})
    assert "Check your answers" in text_of(check), "sending in somebody's place is looked at once more"
    assert at_work.post(url(commitment), {**hidden(check), "act": "send"}).status_code == 302
    update = ProgressUpdate.objects.get()
    assert (update.state, update.narrative, update.submitted_by) == ("submitted", "A **good** start", officer)
    acts = list(HistoryEntry.objects.filter(update=update).order_by("id").values_list("act", flat=True))
    assert acts == ["submit", "take_back", "submit"]
    assert HistoryEntry.objects.filter(said__narrative="Their story").exists()


def test_keeping_theirs_lets_go_of_mine(at_work, theirs, commitment, mine, open_round):
    response = at_work.post(url(commitment), {**mine, "act": "send"})
    after = at_work.post(url(commitment), {**hidden(response), "act": "discard"}, follow=True)
    assert "Their story" in text_of(after)
    assert "A **good** start" not in text_of(after)
    assert not WorkingCopy.objects.exists()


def test_until_i_choose_mine_stands_below_theirs_to_be_copied(at_work, theirs, commitment, mine):
    at_work.post(url(commitment), {**mine, "act": "send"})
    text = text_of(at_work.get(url(commitment)))
    assert "What you typed for" in text
    assert "A **good** start" in text
    assert "readonly" in text


def test_nothing_of_mine_can_take_the_place_of_what_was_approved(at_work, administrator, theirs, commitment, mine, now):
    approve_update(by=administrator, at=now, update=theirs)
    response = at_work.post(url(commitment), {**mine, "act": "send"})
    text = text_of(response)
    assert response.status_code == 409
    assert "Theirs has been approved already." in text
    assert "Use mine" not in text
    assert "A **good** start" in text


def test_an_update_that_vanished_is_a_conflict_and_not_a_fault(at_work, commitment, mine):
    response = at_work.post(url(commitment), {**mine, "version": "4", "act": "send"})
    assert response.status_code == 409
    assert hidden(response)["version"] == ""


@pytest.mark.parametrize(("act", "page"), [("send", "update-sent"), ("save", "update")])
def test_a_double_click_is_once(at_work, commitment, mine, act, page):
    for _click in range(2):
        response = at_work.post(url(commitment), {**mine, "act": act})
        assert (response.status_code, response.url) == (302, url(commitment, page))
    assert HistoryEntry.objects.filter(act="submit" if act == "send" else "save").count() == 1
    assert ProgressUpdate.objects.get().version == 1
    assert Mail.objects.count() == (act == "send")


def test_in_the_days_of_grace_it_is_still_taken_and_kindly_said(at_work, commitment, mine, open_round):
    today = timezone.localdate()
    Round.objects.filter(pk=open_round.pk).update(closes_on=today - timedelta(1), grace_until=today)
    text = text_of(at_work.get(url(commitment)))
    assert "The window closed on" in text
    assert f"Late updates are accepted until {today.day} {today:%B %Y}." in text
    assert at_work.post(url(commitment), {**mine, "act": "send"}).status_code == 302


@pytest.mark.parametrize("act", ["check", "send", "save", "change"])
def test_a_round_that_closes_while_somebody_types_loses_no_word(at_work, commitment, mine, open_round, act):
    today = timezone.localdate()
    Round.objects.filter(pk=open_round.pk).update(closes_on=today - timedelta(9), grace_until=today - timedelta(1))
    response = at_work.post(url(commitment), {**mine, "act": act})
    text = text_of(response)
    assert response.status_code == 409
    assert f"The {open_round.slug} round accepted updates from" in text
    assert "We have kept everything that you typed." in text
    assert all(word in text for word in list(WORDS.values())[1:])
    assert "At risk" in text
    assert not ProgressUpdate.objects.exists()
    later = text_of(at_work.get(url(commitment)))
    assert "A **good** start" in later, "and it is there tomorrow too"
    gone = text_of(at_work.post(url(commitment), {"round": open_round.slug, "act": "discard"}, follow=True))
    assert "A **good** start" not in gone


def test_without_an_open_round_the_page_says_when_the_next_opens(signed_in, officer, strategy, commitment):
    at_work = signed_in(officer)
    assert "No round is accepting updates today." in text_of(at_work.get(url(commitment)))
    today = timezone.localdate()
    Round.objects.create(
        strategy=strategy, slug="next", observes_from=today, observes_to=today + timedelta(30),
        opens_on=today + timedelta(31), closes_on=today + timedelta(60), grace_until=today + timedelta(67),
    )  # fmt: skip
    text = text_of(at_work.get(url(commitment)))
    opens = today + timedelta(31)
    assert f"The next one, next, opens on {opens.day} {opens:%B %Y}." in text
    assert url(commitment, "status-change") in text
    sent = at_work.post(url(commitment), WORDS)
    assert sent.status_code == 409
    assert "A **good** start" in text_of(sent)
    gone = text_of(at_work.post(url(commitment), {"round": "", "act": "discard"}, follow=True))
    assert "A **good** start" not in gone
    assert at_work.post(url(commitment), {**WORDS, "round": "", "act": "keep"}).status_code == 204


def test_a_form_from_a_closed_round_is_refused_with_its_words_kept(signed_in, officer, strategy, commitment):
    closed = make_round(strategy, open_now=False)
    sent = {**WORDS, "version": "", "round": closed.slug, "act": "send"}
    response = signed_in(officer).post(url(commitment), sent)
    text = text_of(response)
    assert response.status_code == 409
    assert f"The {closed.slug} round is closed. It accepted updates from" in text
    assert "A **good** start" in text


def test_an_update_of_last_round_is_no_draft_of_this_one(at_work, strategy, officer, commitment, now):
    before = make_round(strategy, years_ago=1)
    then = now - timedelta(days=365)
    publish_update(by=officer, at=then, commitment=commitment, round_=before, content=THEIRS, version=None)
    form = at_work.get(url(commitment)).context["form"]
    assert form["narrative"].value() is None


@pytest.mark.django_db(transaction=True)
def test_two_people_who_send_at_the_same_moment(signed_in, officer, second_officer, commitment, open_round):
    """Whoever is a moment later is shown both versions; nothing is lost, and one receipt goes out."""
    answers: dict[str, int] = {}
    together = threading.Barrier(2)

    def send(person, words):
        try:
            at_work = signed_in(person)
            sent = {**WORDS, "narrative": words, "version": "", "round": open_round.slug, "act": "send"}
            together.wait(timeout=20)
            answers[words] = at_work.post(url(commitment), sent).status_code
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=pair) for pair in ((officer, "From Olive"), (second_officer, "From Oscar"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(answers.values()) == [302, 409]
    update = ProgressUpdate.objects.get()
    assert (update.state, update.version) == ("submitted", 1)
    assert answers[update.narrative] == 302
    (late,) = WorkingCopy.objects.all()
    assert late.fields["narrative"] == [words for words, answer in answers.items() if answer == 409]
    assert HistoryEntry.objects.filter(act="submit").count() == 1
    assert Mail.objects.filter(kind="update_receipt").count() == 1
