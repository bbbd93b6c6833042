"""The success measure on a commitment's page, its form, the update that proposes one, and the filter that finds what has none."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.filters.commitments import CommitmentFilter
from commitments.models import Commitment, HistoryEntry, ProgressUpdate
from commitments.services.success_measures import SuccessMeasure, propose_success_measure, set_success_measure
from tests.commitments.views.test_forms_of_two import drawn
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db
WORDS = "A room in every village."
UPDATE = {"status": "on_track", "reason": "A good start", "remedy": "", "narrative": "We began.", "next_steps": ""}


def url(commitment, name="commitment"):
    return reverse(f"commitments:{name}", args=[commitment.strategy.slug, commitment.key])


def agree(officer, commitment, **more):
    measure = SuccessMeasure(WORDS, **{"agreed_by": "the steering group", "agreed_on": date(2026, 3, 12), **more})
    set_success_measure(by=officer, at=timezone.now(), commitment=commitment, measure=measure)


def test_a_stranger_reads_it_above_the_status_with_who_agreed_it(client, officer, commitment):
    agree(officer, commitment)
    page = client.get(url(commitment)).text
    assert "How we will measure success" in page
    assert f"{WORDS}</p>" in page
    assert "Agreed by the steering group on 12 March 2026." in page
    assert page.index(WORDS) < page.index("app-status")
    assert "Change the success measure" not in page
    assert "Success measure agreed by the steering group on 12 March 2026" in page, "the history has it"


def test_where_there_is_none_the_page_says_so_and_those_who_manage_it_can_add_one(
    client, signed_in, officer, partner, commitment
):
    for page in (client.get(url(commitment)).text, signed_in(partner).get(url(commitment)).text):
        assert "No success measure has been agreed yet." in page
        assert "Add a success measure" not in page
    page = signed_in(officer).get(url(commitment)).text
    assert f'href="{url(commitment, "success-measure")}"' in page
    assert "Add a success measure" in page


def test_a_closed_commitment_and_a_finished_strategy_await_none(client, commitment):
    closed = Commitment.objects.filter(pk=commitment.pk)
    closed.update(status="closed", status_at=timezone.now(), closed_on=timezone.localdate())
    assert "How we will measure success" not in client.get(url(commitment)).text
    other = commitment.strategy.commitments.get(reference="1.2")
    assert "How we will measure success" in client.get(url(other)).text
    yesterday = timezone.localdate() - timedelta(days=1)
    other.strategy.ends_on = yesterday
    other.strategy.save()
    assert "How we will measure success" not in client.get(url(other)).text


def test_words_of_a_measure_are_never_read_as_code(client, officer, commitment):
    measure = SuccessMeasure("<script>alert(1)</script>", "<b>us</b>")
    set_success_measure(by=officer, at=timezone.now(), commitment=commitment, measure=measure)
    page = client.get(url(commitment)).text
    assert "<script>alert" not in page
    assert "<b>us" not in page


def test_team_dates_and_ties_stand_on_the_page_and_are_absent_where_nothing_is_known(client, council, commitment):
    page = client.get(url(commitment)).text
    assert "Dates and related" not in page
    assert ">Team<" not in page
    other = commitment.strategy.commitments.get(reference="1.2")
    earlier = make_strategy(council, slug="earlier", opens_first=False).commitments.get(reference="2.1")
    day = date(2026, 4, 1)
    Commitment.objects.filter(pk=commitment.pk).update(team="Communities", starts_on=day, ends_on=day, follows=earlier)
    commitment.related.add(other)
    page = client.get(url(commitment)).text
    for words in (
        "Communities",
        "On 1 April 2026",
        "2.1 Thing 2.1",
        "Strategy earlier",
        "1.2 Thing 1.2",
        "Related to",
    ):
        assert words in page
    assert "1.1 Thing 1.1" in client.get(url(other)).text
    assert "Replaced by" in client.get(url(earlier)).text


def test_the_form_writes_it(signed_in, officer, commitment):
    at_work = signed_in(officer)
    address = url(commitment, "success-measure")
    sent = {**drawn(at_work, address), "words": WORDS, "agreed_by": "the steering group", "agreed_on": "12 March 2026"}
    answer = at_work.post(address, sent, follow=True)
    assert "The success measure has been saved." in answer.text
    assert SuccessMeasure.of(Commitment.objects.get(pk=commitment.pk)) == SuccessMeasure(
        WORDS, "the steering group", date(2026, 3, 12)
    )
    wrong = at_work.post(address, {**drawn(at_work, address), "words": ""})
    assert wrong.status_code == 422
    assert "Say in words how success will be measured" in wrong.text


def test_the_second_of_two_is_told_what_the_first_wrote(signed_in, officer, second_officer, commitment):
    address = url(commitment, "success-measure")
    stale = drawn(signed_in(officer), address)
    agree(second_officer, commitment)
    answer = signed_in(officer).post(address, {**stale, "words": "Ten rooms."})
    assert answer.status_code == 422
    assert f"{second_officer.name} has changed this since you opened it" in answer.text
    assert f"Success measure: it was “empty”, and is “{WORDS}” now." in answer.text
    assert Commitment.objects.get(pk=commitment.pk).success_measure == WORDS


def hidden(page):
    return {**dict(page.context["hidden"]), **page.context["signed"]}


@pytest.fixture
def at_work(signed_in, officer, open_round):
    return signed_in(officer)


def test_an_update_asks_for_it_only_where_there_is_none(at_work, officer, commitment):
    asked = "How will you know that it worked? (optional)"
    page = at_work.get(url(commitment, "update")).text
    assert asked in page
    assert "There is no success measure yet." in page
    agree(officer, commitment)
    assert asked not in at_work.get(url(commitment, "update")).text


def test_what_an_update_proposes_is_saved_when_it_is_sent(at_work, client, commitment, open_round):
    form = {**UPDATE, "version": "", "round": open_round.slug, "success_measure": WORDS}
    check = at_work.post(url(commitment, "update"), {**form, "act": "check"})
    assert "How you will know that it worked" in check.text
    assert WORDS in check.text
    assert Commitment.objects.get(pk=commitment.pk).success_measure == "", "nothing is saved before it is sent"
    at_work.post(url(commitment, "update"), {**hidden(check), "act": "send"})
    assert ProgressUpdate.objects.get(commitment=commitment).state == "submitted"
    assert SuccessMeasure.of(Commitment.objects.get(pk=commitment.pk)) == SuccessMeasure(WORDS)
    page = client.get(url(commitment)).text
    assert "Proposed, not agreed yet." in page
    assert "Success measure proposed" in page


def test_an_update_without_one_proposes_nothing(at_work, commitment, open_round):
    form = {**UPDATE, "version": "", "round": open_round.slug}
    check = at_work.post(url(commitment, "update"), {**form, "act": "check"})
    assert "How you will know that it worked" not in check.text
    at_work.post(url(commitment, "update"), {**hidden(check), "act": "send"})
    assert not HistoryEntry.objects.filter(act="measure").exists()


def test_a_measure_that_was_added_meanwhile_is_not_replaced_and_nothing_is_sent(
    at_work, second_officer, commitment, open_round
):
    form = {**UPDATE, "version": "", "round": open_round.slug, "success_measure": WORDS}
    check = at_work.post(url(commitment, "update"), {**form, "act": "check"})
    propose_success_measure(by=second_officer, at=timezone.now(), commitment=commitment, words="Ten rooms.")
    answer = at_work.post(url(commitment, "update"), {**hidden(check), "act": "send"})
    assert answer.status_code == 422
    assert "A success measure has been added meanwhile: “Ten rooms.”" in answer.text
    assert WORDS in answer.text, "what was typed is still there"
    assert not ProgressUpdate.objects.filter(state="submitted").exists()
    sent = {**hidden(check), "act": "send", "success_measure": ""}
    assert at_work.post(url(commitment, "update"), sent).status_code == 302


def test_a_draft_keeps_what_was_proposed_for_its_writer(at_work, commitment, open_round):
    form = {**UPDATE, "version": "", "round": open_round.slug, "success_measure": WORDS}
    page = at_work.post(url(commitment, "update"), {**form, "act": "save"}, follow=True)
    assert WORDS in page.text
    assert Commitment.objects.get(pk=commitment.pk).success_measure == ""


def test_the_list_finds_what_has_one_and_what_has_none(client, officer, commitment, strategy):
    agree(officer, commitment)
    found = {
        value: [
            each.reference
            for each in CommitmentFilter({"has_success_measure": value}, strategy.commitments.in_order()).qs
        ]
        for value in ("yes", "no", "")
    }
    assert found == {"yes": ["1.1"], "no": ["1.2", "2.1", "2.2"], "": ["1.1", "1.2", "2.1", "2.2"]}
    page = client.get(reverse("commitments:commitment-list", args=[strategy.slug]), {"has_success_measure": "no"}).text
    assert "Thing 1.2" in page
    assert "Thing 1.1" not in page
