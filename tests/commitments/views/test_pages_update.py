"""From opening the update form to the receipt: write, check, answer, send; drafts, what is kept, what is still true."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import HistoryEntry, ProgressUpdate, Round, TimeTaken
from commitments.services.progress import change_status
from commitments.services.rounds import open_round
from partners.models import Mail
from tests.factories import make_evidence, make_person, make_round, publish_update

pytestmark = pytest.mark.django_db

WORDS = {
    "status": "at_risk",
    "reason": "No venue",
    "remedy": "We are asking the parish",
    "narrative": "A **good** start",
    "next_steps": "Find a hall",
}


def url(commitment, name="update"):
    return reverse(f"commitments:{name}", args=[commitment.strategy.slug, commitment.key])


def text_of(response) -> str:
    return response.content.decode()


def hidden(response) -> dict[str, str]:
    return {**dict(response.context["hidden"]), **response.context["signed"]}


@pytest.fixture
def at_work(signed_in, officer, open_round):
    return signed_in(officer)


@pytest.fixture
def said_last_year(strategy, commitment, officer, now):
    before = make_round(strategy, years_ago=1)
    said = UpdateContent("on_track", "It began last year", narrative="We met *often*", next_steps="Meet again")
    return publish_update(
        by=officer, at=now - timedelta(days=365), commitment=commitment, round_=before, content=said, version=None
    )


@pytest.mark.parametrize("act", ["check", "send"])
def test_an_update_with_nothing_in_it_is_refused_and_still_true_is_offered(
    at_work, commitment, open_round, said_last_year, act
):
    sent = {"status": "on_track", "narrative": " ", "version": "", "round": open_round.slug, "act": act}
    response = at_work.post(url(commitment), sent)
    assert response.status_code == 422
    assert response.context["form"].errors == {"narrative": ["Write what has happened, even if it is one sentence."]}
    assert f"The update for {said_last_year.round.slug} is still true" in " ".join(text_of(response).split())
    assert not ProgressUpdate.objects.filter(round=open_round, state="submitted").exists()


@pytest.mark.parametrize("who", ["partner", "administrator", "steering_member", "nobody"])
@pytest.mark.parametrize("door", ["update", "status-change"])
def test_only_officers_say_how_it_stands(request, signed_in, commitment, open_round, who, door):
    at_work = signed_in(request.getfixturevalue(who))
    for response in (at_work.get(url(commitment, door)), at_work.post(url(commitment, door), WORDS)):
        assert response.status_code == 403
        assert "Only a council officer can update a commitment." in text_of(response)
    assert not ProgressUpdate.objects.exists()


def test_each_word_stands_with_its_definition_and_only_what_may_follow_is_offered(at_work, officer, commitment, now):
    text = text_of(at_work.get(url(commitment)))
    assert "Work is behind what was promised" in text
    assert "Complete" in text
    assert "Embedded" not in text, "1.1 has an end"
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    change_status(by=officer, at=now, commitment=commitment, to="complete", reason="It is done.")
    offered = at_work.get(url(commitment)).context["form"].fields["status"].choices
    assert [code for code, _label in offered] == ["on_track", "at_risk", "delayed", "complete", "closed"]


def test_the_words_of_the_last_round_stand_beside_their_boxes(at_work, said_last_year, commitment):
    before = said_last_year.round.slug
    text = text_of(at_work.get(url(commitment)))
    for label in (f"Status in {before}", f"Why, in {before}", f"What had happened by {before}"):
        assert f'aria-label="{label}"' in text
    assert "What was to be done" not in text, "nothing was said, so nothing stands there"
    assert "It began last year" in text
    assert "We met <em>often</em>" in text


def test_a_reason_says_for_which_choices_it_is_asked(at_work, said_last_year, commitment):
    form = at_work.get(url(commitment)).context["form"]
    assert "on_track" not in form.reason_for.split(), "as it is now"
    assert {"at_risk", "complete", "not_started"} <= set(form.reason_for.split())
    assert form.remedy_for.split() == ["at_risk", "delayed"]
    assert "Needed when the status changes" in text_of(at_work.get(url(commitment))), (
        "without JavaScript the hint says so"
    )


def test_from_the_form_over_the_check_to_the_receipt(at_work, officer, commitment, open_round):
    form = {**WORDS, "version": "", "round": open_round.slug}
    form |= at_work.get(url(commitment)).context["signed"]
    check = at_work.post(url(commitment), {**form, "act": "check"})
    assert check.status_code == 200
    assert "Check your answers" in text_of(check)
    assert "A <strong>good</strong> start" in text_of(check)
    assert not ProgressUpdate.objects.exists(), "checking writes nothing"

    done = at_work.post(url(commitment), {**hidden(check), "act": "send"}, follow=True)
    assert done.redirect_chain == [(url(commitment, "update-sent"), 302)]
    assert "govuk-panel--confirmation" in text_of(done)
    assert "You have no other updates to write" in text_of(done)
    update = ProgressUpdate.objects.get()
    assert (update.state, update.narrative, update.submitted_by) == ("submitted", "A **good** start", officer)
    commitment.refresh_from_db()
    assert commitment.status == "", "nothing holds before somebody approves it"
    assert [(one.form, one.seconds < 60) for one in TimeTaken.objects.all()] == [("update", True)]
    mail = Mail.objects.get()
    assert (mail.kind, mail.to) == ("update_receipt", officer.email)
    for words in ("At risk", "No venue", "We are asking the parish", "A **good** start", "Find a hall"):
        assert words in mail.text


def test_going_back_from_the_check_keeps_every_word(at_work, commitment, open_round):
    response = at_work.post(url(commitment), {**WORDS, "round": open_round.slug, "act": "change"})
    text = text_of(response)
    assert response.status_code == 200
    assert all(word in text for word in WORDS.values())
    assert "There is a problem" not in text


def test_a_draft_may_lack_what_sending_needs(at_work, commitment, open_round):
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
        ({"status": ""}, "status", "Choose the status of the commitment."),
        ({"status": "embedded"}, "status", "Choose one of the status words that the portal offers."),
        ({"status": "green"}, "status", "Choose one of the status words that the portal offers."),
        ({"reason": " "}, "reason", "Say why the status has changed."),
        ({"remedy": ""}, "remedy", "Say what will be done about it, as the commitment is at risk."),
        ({"narrative": "x" * 20_001}, "narrative", "The text has 20,001 characters."),
        ({"next_steps": "a\x00b"}, "next_steps", "The text contains a character that can"),
    ],
)
@pytest.mark.parametrize("act", ["check", "send"])
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


@pytest.mark.parametrize(
    "nonsense",
    [{"version": "x"}, {"cites": "x"}, {"cites": "999999"}, {"asked": "x" * 300}, {"round": "no such round!"}],
)
def test_what_no_form_of_ours_sends_is_refused_and_not_a_fault(at_work, commitment, open_round, nonsense):
    sent = {**WORDS, "version": "", "round": open_round.slug, "act": "send", **nonsense}
    assert at_work.post(url(commitment), sent).status_code == 422
    assert not ProgressUpdate.objects.exists()


def test_evidence_accepted_since_is_cited_in_one_tap(
    at_work, officer, second_officer, partner, said_last_year, commitment, open_round, now
):
    make = {"officer": second_officer, "state": "accepted"}
    then = now - timedelta(days=400)
    old = make_evidence(partner, commitment, title="An old thing", at=then, happened_from=then.date(), **make)
    new = make_evidence(partner, commitment, title="A new thing", **make)
    make_evidence(partner, commitment, title="Not looked at yet", state="submitted")
    form = at_work.get(url(commitment))
    assert [one for one, _title in form.context["form"].fields["cites"].choices] == [str(new.pk)]
    sent = {**WORDS, "version": "", "round": open_round.slug, "cites": [str(new.pk)]}
    at_work.post(url(commitment), {**sent, "act": "save"})
    assert list(ProgressUpdate.objects.get(round=open_round).cites.all()) == [new]
    check = at_work.post(url(commitment), {**sent, "version": "1", "act": "check"})
    assert "A new thing, Rowan Trust" in text_of(check)
    at_work.post(url(commitment), {**hidden(check), "act": "send"})
    update = ProgressUpdate.objects.get(round=open_round)
    assert (update.state, list(update.cites.all())) == ("submitted", [new])
    assert "A new thing, Rowan Trust" in Mail.objects.get().text
    refused = at_work.post(url(commitment), {**sent, "cites": [str(old.pk)], "act": "check"})
    assert list(refused.context["form"].errors) == ["cites"]


class TestHonesty:
    def sent(self, open_round, **more):
        return {"status": "on_track", "reason": "Well", "version": "", "round": open_round.slug, **more}

    def test_a_question_is_asked_on_the_check_page_and_its_answer_is_kept(self, at_work, commitment, open_round):
        check = at_work.post(url(commitment), self.sent(open_round, act="check"))
        assert "1 question before you send it" in text_of(check)
        answer = {**hidden(check), "answer_quiet_year": "We saw them <b>every</b> week", "act": "send"}
        assert at_work.post(url(commitment), answer).status_code == 302
        (kept,) = ProgressUpdate.objects.get().answers
        assert (kept["code"], kept["answer"]) == ("quiet_year", "We saw them <b>every</b> week")
        page = text_of(at_work.get(url(commitment)))
        assert "We saw them &lt;b&gt;every&lt;/b&gt; week" in page
        assert "We saw them" in Mail.objects.get().text

    def test_no_answer_is_no_wall(self, at_work, commitment, open_round):
        check = at_work.post(url(commitment), self.sent(open_round, act="check"))
        assert at_work.post(url(commitment), {**hidden(check), "act": "send"}).status_code == 302
        (kept,) = ProgressUpdate.objects.get().answers
        assert kept["answer"] == "No answer"

    def test_what_was_never_asked_is_asked_first(self, at_work, commitment, open_round):
        response = at_work.post(url(commitment), self.sent(open_round, act="send"))
        assert response.status_code == 200
        assert "1 question before you send it" in text_of(response)
        assert not ProgressUpdate.objects.exists()

    def test_an_answer_survives_going_back_to_change(self, at_work, commitment, open_round):
        check = at_work.post(url(commitment), self.sent(open_round, act="check"))
        back = at_work.post(url(commitment), {**hidden(check), "answer_quiet_year": "We know", "act": "change"})
        assert 'name="answer_quiet_year" value="We know"' in text_of(back)
        again = at_work.post(url(commitment), self.sent(open_round, answer_quiet_year="We know", act="check"))
        assert ">\nWe know</textarea>" in text_of(again) or ">We know</textarea>" in text_of(again)

    def test_where_evidence_was_accepted_nothing_is_asked(
        self, at_work, second_officer, partner, commitment, open_round
    ):
        make_evidence(partner, commitment, state="accepted", officer=second_officer)
        check = at_work.post(url(commitment), self.sent(open_round, act="check"))
        assert "before you send it" not in text_of(check)


def test_the_receipt_leads_to_what_is_owed_next(signed_in, council, strategy, now):
    officer = make_person("officer", council)
    strategy.commitments.update(lead_officer=officer)
    today = timezone.localdate()
    round_ = Round.objects.create(
        strategy=strategy, slug="now", observes_from=today - timedelta(365), observes_to=today - timedelta(1),
        opens_on=today, closes_on=today + timedelta(30), grace_until=today + timedelta(37),
    )  # fmt: skip
    open_round(by=None, at=now, round_=round_)
    at_work = signed_in(officer)
    first, second, *_rest = strategy.commitments.in_order()
    form = at_work.get(url(first))
    assert form.context["form"].initial["version"] == 0, "opening the round has made the update"
    assert at_work.get(url(first, "update-sent")).url == url(first)
    at_work.post(url(first), {**WORDS, "version": "0", "round": "now", "act": "send"})
    receipt = text_of(at_work.get(url(first, "update-sent")))
    assert url(second) in receipt


def test_the_form_costs_few_queries(at_work, second_officer, partner, said_last_year, commitment, open_round):
    for _n in range(3):
        make_evidence(partner, commitment, state="accepted", officer=second_officer)
    at_work.get(url(commitment))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        at_work.get(url(commitment))
    assert len(queries) <= 12, "\n".join(query["sql"][:150] for query in queries)


def test_what_an_update_says_can_neither_run_nor_restyle(at_work, client, commitment, open_round):
    nasty = {
        **WORDS,
        "reason": "<script>alert(1)</script>",
        "narrative": "<img src=x onerror=alert(1)> [x](javascript:alert(1))",
    }
    sent = {**nasty, "version": "", "round": open_round.slug}
    pages = [at_work.post(url(commitment), {**sent, "act": act}) for act in ("keep", "check", "change", "send")]
    pages += [at_work.get(url(commitment)), at_work.get(url(commitment, "update-sent"))]
    pages += [client.get(commitment.get_absolute_url()), client.get("/")]
    assert HistoryEntry.objects.filter(act="submit").exists()
    for page in pages:
        assert "<script>alert" not in text_of(page)
        assert "<img src=x" not in text_of(page)
        assert 'href="javascript' not in text_of(page)
