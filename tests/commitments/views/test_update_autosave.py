"""What need not be written again: words that are still true, and words that were typed and not sent."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import HistoryEntry, ProgressUpdate, TimeTaken, WorkingCopy
from commitments.services.progress import change_status
from commitments.services.success_measures import SuccessMeasure, set_success_measure
from commitments.services.working_copies import opened
from partners.models import Mail
from tests.commitments.views.test_pages_update import WORDS, at_work, said_last_year, text_of, url
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
__all__ = ["at_work", "said_last_year"]  # fixtures


class TestStillTrue:
    def test_one_tap_sends_last_years_words(self, at_work, officer, said_last_year, commitment, open_round, now):
        before = said_last_year.round
        page = at_work.get(url(commitment))
        assert f"The update for {before.slug} is still true" in text_of(page)
        tap = {"act": "confirm", "version": "", "round": open_round.slug, "opened": opened(now - timedelta(seconds=9))}
        for _click in range(2):
            response = at_work.post(url(commitment), tap, follow=True)
            assert response.redirect_chain == [(url(commitment, "update-sent"), 302)]
            assert f"the update for {before.slug} is still true" in text_of(response)
        update = ProgressUpdate.objects.get(round=open_round)
        assert (update.state, update.narrative, update.confirms) == ("submitted", "We met *often*", before)
        assert [one["answer"] for one in update.answers] == ["No answer"], "nothing was accepted for a year"
        (noted,) = TimeTaken.objects.all()
        assert (noted.form, 8 <= noted.seconds <= 15) == ("confirm", True)
        assert Mail.objects.count() == 1
        assert f"You confirmed that the update for {before.slug} is still true." in Mail.objects.get().text

    def test_a_question_can_be_answered_beside_the_button(self, at_work, said_last_year, commitment, open_round):
        assert "answer_quiet_year" in at_work.get(url(commitment)).context["confirm"].fields
        tap = {"act": "confirm", "version": "", "round": open_round.slug, "answer_quiet_year": "I was there"}
        at_work.post(url(commitment), tap)
        assert ProgressUpdate.objects.get(round=open_round).answers[0]["answer"] == "I was there"

    def test_a_success_measure_can_be_proposed_beside_the_button_where_there_is_none(
        self, at_work, officer, said_last_year, commitment, open_round, now
    ):
        page = at_work.get(url(commitment))
        confirm = text_of(page).split("app-still-true", 1)[1].split("</section>", 1)[0]
        assert "How will you know that it worked? (optional)" in confirm
        tap = {"act": "confirm", "version": "", "round": open_round.slug, "success_measure": "Ten rooms."}
        for _click in range(2):
            assert at_work.post(url(commitment), tap).headers["Location"] == url(commitment, "update-sent")
        commitment.refresh_from_db()
        assert (commitment.success_measure, commitment.success_measure_agreed_by) == ("Ten rooms.", "")
        assert HistoryEntry.objects.filter(act="measure").count() == 1
        assert ProgressUpdate.objects.get(round=open_round).confirms == said_last_year.round

    def test_where_there_is_a_measure_it_is_not_asked_for_again(
        self, at_work, officer, said_last_year, commitment, open_round, now
    ):
        set_success_measure(by=officer, at=now, commitment=commitment, measure=SuccessMeasure("Ten rooms."))
        assert "success_measure" not in at_work.get(url(commitment)).context["confirm"].fields

    @pytest.mark.parametrize(
        ("meanwhile", "words", "sentence"),
        [("", "x" * 2001, "Use 2000 characters or fewer."), ("A room each.", "Ten rooms.", "has been added meanwhile")],
    )
    def test_a_measure_that_cannot_be_is_said_at_the_field_and_nothing_is_sent(
        self, at_work, officer, said_last_year, commitment, open_round, now, meanwhile, words, sentence
    ):
        set_success_measure(by=officer, at=now, commitment=commitment, measure=SuccessMeasure(meanwhile))
        tap = {
            "act": "confirm", "version": "", "round": open_round.slug, "success_measure": words,
            "answer_quiet_year": "I was there",
        }  # fmt: skip
        answer = at_work.post(url(commitment), tap)
        assert answer.status_code == 422
        assert sentence in str(answer.context["confirm"].errors["success_measure"])
        assert f'href="#{answer.context["confirm"]["success_measure"].id_for_label}"' in text_of(answer)
        assert words in text_of(answer)
        assert "I was there" in text_of(answer)
        assert not ProgressUpdate.objects.filter(round=open_round, state="submitted").exists()
        commitment.refresh_from_db()
        assert commitment.success_measure == meanwhile

    @pytest.mark.parametrize(("typed", "shown"), [("Ten rooms.", "“Ten rooms.”<"), ("Ten rooms", "“Ten rooms”.<")])
    def test_a_measure_typed_where_nothing_can_be_confirmed_is_shown_so_that_it_can_be_copied(
        self, at_work, officer, said_last_year, commitment, open_round, now, typed, shown
    ):
        change_status(by=officer, at=now, commitment=commitment, to="delayed", reason="Rain", remedy="Wait")
        tap = {"act": "confirm", "version": "", "round": open_round.slug, "success_measure": typed}
        answer = text_of(at_work.post(url(commitment), tap, follow=True))
        assert f"Your success measure is not saved: {shown}" in re.sub(r"\s+<", "<", answer)
        commitment.refresh_from_db()
        assert commitment.success_measure == ""

    def test_it_is_not_offered_once_the_status_has_changed_or_something_is_written(
        self, at_work, officer, said_last_year, commitment, open_round, now
    ):
        change_status(by=officer, at=now, commitment=commitment, to="delayed", reason="Rain", remedy="Wait")
        assert "confirm" not in at_work.get(url(commitment)).context
        refused = at_work.post(
            url(commitment), {"act": "confirm", "version": "", "round": open_round.slug}, follow=True
        )
        assert "The status was changed to “Delayed” since" in text_of(refused)
        change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="Sun")
        assert "confirm" in at_work.get(url(commitment)).context
        at_work.post(url(commitment), {"narrative": "New", "version": "", "round": open_round.slug, "act": "save"})
        assert "confirm" not in at_work.get(url(commitment)).context

    def test_without_an_earlier_update_there_is_nothing_to_confirm(self, at_work, commitment, open_round):
        assert "confirm" not in at_work.get(url(commitment)).context
        tap = {"act": "confirm", "version": "", "round": open_round.slug}
        assert "There is no earlier update" in text_of(at_work.post(url(commitment), tap, follow=True))
        unread = at_work.post(url(commitment), {**tap, "version": "x"}, follow=True)
        assert "can’t be read" in text_of(unread)

    def test_a_colleague_who_wrote_meanwhile_is_not_written_over(
        self, at_work, second_officer, said_last_year, commitment, open_round, signed_in
    ):
        theirs = {"narrative": "Theirs", "version": "", "round": open_round.slug, "act": "save"}
        signed_in(second_officer).post(url(commitment), theirs)
        tap = {"act": "confirm", "version": "", "round": open_round.slug}
        response = at_work.post(url(commitment), tap, follow=True)
        assert "Oscar Officer has written this update in the meantime" in text_of(response)
        assert "Theirs" in text_of(response)


class TestKeptAsItIsTyped:
    @pytest.fixture
    def keep(self, at_work, commitment, open_round):
        def keep(**fields):
            sent = {"version": "", "round": open_round.slug, **fields, "act": "keep"}
            return at_work.post(url(commitment), sent)

        return keep

    def test_what_was_typed_is_there_again(self, at_work, keep, commitment, open_round):
        page = text_of(at_work.get(url(commitment)))
        assert "data-keep" in page
        assert 'role="status" data-kept' in page
        response = keep(status="delayed", narrative="Half a sent")
        assert (response.status_code, response.content) == (204, b"")
        assert timezone.localtime().strftime("%H:") in response.headers["Kept-At"]
        again = at_work.get(url(commitment))
        assert "What you typed was saved" in text_of(again)
        assert "Half a sent" in text_of(again)
        assert again.context["form"]["status"].value() == "delayed"
        assert not ProgressUpdate.objects.exists(), "nobody else sees it"

    def test_sending_and_saving_let_go_of_it(self, at_work, keep, commitment, open_round):
        for act, version in (("save", ""), ("send", "1")):
            keep(**WORDS)
            at_work.post(url(commitment), {**WORDS, "version": version, "round": open_round.slug, "act": act})
            assert not WorkingCopy.objects.exists()
        assert ProgressUpdate.objects.get().state == "submitted"

    def test_it_can_be_thrown_away(self, at_work, keep, commitment, open_round):
        keep(narrative="Not this")
        response = at_work.post(url(commitment), {"round": open_round.slug, "act": "discard"}, follow=True)
        assert "What you typed has been discarded." in text_of(response)
        assert "Not this" not in text_of(response)

    def test_more_than_can_be_kept_is_said(self, keep):
        response = keep(narrative="x" * 200_001)
        assert response.status_code == 422
        assert "more than the portal can keep" in text_of(response)

    def test_a_colleague_does_not_see_it(self, keep, signed_in, second_officer, commitment):
        keep(narrative="Only mine")
        assert "Only mine" not in text_of(signed_in(second_officer).get(url(commitment)))

    def test_a_session_that_ended_comes_back_to_every_word(self, at_work, officer, commitment, open_round):
        form = {**WORDS, "version": "", "round": open_round.slug, **at_work.get(url(commitment)).context["signed"]}
        at_work.logout()
        response = at_work.post(url(commitment), {**form, "act": "check"})
        assert response.status_code == 302
        assert response.url == f"{reverse('account_login')}?next={url(commitment)}"
        assert "You were signed out. What you typed has been saved." in text_of(at_work.get(response.url))
        sign_in(at_work, officer)
        back = text_of(at_work.get(url(commitment)))
        assert all(word in back for word in WORDS.values())
        assert "What you typed was saved" in back
        assert WorkingCopy.objects.get().person == officer

    def test_another_person_who_signs_in_there_sees_nothing_of_it(
        self, at_work, second_officer, commitment, open_round
    ):
        form = {**WORDS, "version": "", "round": open_round.slug, **at_work.get(url(commitment)).context["signed"]}
        at_work.logout()
        at_work.post(url(commitment), {**form, "act": "keep"})
        sign_in(at_work, second_officer)
        assert "No venue" not in text_of(at_work.get(url(commitment)))
        assert not WorkingCopy.objects.exists()

    @pytest.mark.parametrize("whose", ["", "nonsense"])
    def test_a_stranger_stores_nothing(self, client, commitment, open_round, whose):
        response = client.post(url(commitment), {**WORDS, "whose": whose, "act": "keep"})
        assert response.status_code == 302
        assert "words_held" not in client.session
