"""Updates on their way: a second person reads them, approves or returns them, and nobody loses their place."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, Indicator, IndicatorTarget, IndicatorValue, ProgressUpdate
from commitments.services.bulk_review import approve_several
from commitments.services.progress import confirm_update, submit_update
from commitments.services.rounds import close_round
from commitments.services.update_approval import approve_update, return_update, take_back_update
from commitments.views.review import with_priority
from partners.models import Mail, RoleGrant
from tests.factories import make_evidence, make_person, make_round, make_strategy, publish_update
from vcsportal.common.words import Conflict, Refused

pytestmark = pytest.mark.django_db

QUEUE = "/review/updates/"
SEVERAL = "/review/updates/approve/"
SAID = UpdateContent("on_track", "It began well.", "", "We **met** the halls.", "Open the first one.")


def one(update, query=""):
    return reverse("commitments:approval", args=[update.pk]) + query


def send(by, commitment, round_, *, at=None, said=SAID, **extra):
    at = at or timezone.now()
    return submit_update(by=by, at=at, commitment=commitment, round_=round_, content=said, version=None, **extra)


@pytest.fixture
def three(second_officer, strategy, open_round):
    """Three updates that the second officer sent, the first waits the longest; the second is for priority 2."""
    now = timezone.now()
    return [
        send(second_officer, strategy.commitments.get(reference=reference), open_round, at=now - timedelta(days=9 - n))
        for n, reference in enumerate(["1.1", "2.1", "1.2"])
    ]


@pytest.fixture
def still_true(second_officer, strategy, open_round):
    """1.1 and 2.1, confirmed by the second officer: the words of the round before are still true."""
    before = make_round(strategy, years_ago=1)
    before.state, before.grace_until = "open", timezone.localdate()
    before.save()
    now, found = timezone.now(), []
    for reference in ("1.1", "2.1"):
        commitment = strategy.commitments.get(reference=reference)
        publish_update(by=second_officer, at=now, commitment=commitment, round_=before, content=SAID)
        found.append(confirm_update(by=second_officer, at=now, commitment=commitment, round_=open_round, version=None))
    return found


@pytest.mark.parametrize("who", ["partner", "steering_member", "nobody"])
def test_only_the_council_s_people_approve(request, three, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    for address in (QUEUE, one(three[0]), SEVERAL):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Only a council officer or an administrator can approve updates." in answer.text


@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_the_longest_waiting_comes_first(request, three, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    answer = client.get(QUEUE)
    assert [row["title"][:3] for row in answer.context["rows"]] == ["1.1", "2.1", "1.2"]
    assert "3 updates are waiting for a second person, the longest-waiting first." in answer.text
    assert "of those below" not in answer.text
    assert "by Oscar Officer" in answer.text
    assert "9 days ago" in answer.text
    assert [row["title"][:3] for row in client.get(f"{QUEUE}?priority=2").context["rows"]] == ["2.1"]
    assert "Nothing is waiting for this priority." in client.get(f"{QUEUE}?priority=7").text


def test_an_empty_queue_says_so(administrator, strategy, signed_in):
    assert "No updates are waiting for approval." in signed_in(administrator).get(QUEUE).text


def test_both_queues_are_counted_for_an_officer_and_the_menu_leads_there(
    officer, administrator, partner, commitment, three, signed_in
):
    make_evidence(partner, commitment, state="submitted")
    queues = {one["label"]: (one["count"], one["here"]) for one in signed_in(officer).get(QUEUE).context["queues"]}
    assert queues["Evidence"] == (1, False)
    assert queues["Updates"] == (3, True)
    assert [one["label"] for one in signed_in(administrator).get(QUEUE).context["queues"]] == ["Updates"]
    entries = [
        {one["label"]: one["url"] for one in signed_in(who).get(QUEUE).context["menu"]}["Review"]
        for who in (officer, administrator)
    ]
    assert entries == ["/review/", QUEUE]


def test_after_a_decision_the_next_one_comes_by_itself(officer, three, signed_in):
    client = signed_in(officer)
    assert "All items (3)" in client.get(one(three[0])).text
    answer = client.post(one(three[0]), {"version": three[0].version, "decision": "approve"}, follow=True)
    assert answer.redirect_chain == [(one(three[1]), 302)]
    assert "You approved the update on 1.1." in answer.text
    data = {"version": three[1].version, "decision": "return", "reason": "Say **which** halls."}
    answer = client.post(one(three[1]), data, follow=True)
    assert answer.redirect_chain == [(one(three[2]), 302)]
    assert "You returned the update on 2.1 to Oscar Officer." in answer.text
    answer = client.post(one(three[2]), {"version": three[2].version, "decision": "approve"}, follow=True)
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert [ProgressUpdate.objects.get(pk=update.pk).state for update in three] == [
        "published",
        "returned",
        "published",
    ]


def test_the_place_is_kept_within_a_priority(officer, three, signed_in):
    client = signed_in(officer)
    answer = client.post(one(three[0], "?priority=1"), {"version": three[0].version, "decision": "approve"})
    assert answer.url == one(three[2], "?priority=1")
    answer = client.post(one(three[2], "?priority=1"), {"version": three[2].version, "decision": "approve"})
    assert answer.url == f"{QUEUE}?priority=1"


def test_the_last_leads_back_to_the_first_that_was_left(officer, three, signed_in):
    assert signed_in(officer).get(one(three[2])).context["skip_url"] == one(three[0])


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({}, "decision", "Choose whether you approve it or return it."),
        ({"decision": "burn"}, "decision", "Choose whether you approve it or return it."),
        ({"decision": "return", "reason": " "}, "reason", "Say what needs to change. Whoever wrote it will read it."),
        ({"decision": "return", "reason": "a" * 20_001}, None, "The text has 20,001 characters."),
        ({"decision": "approve", "version": ""}, "version", "Read it again, then decide."),
    ],
)
def test_a_decision_that_is_not_one_is_said_at_the_field(officer, three, signed_in, data, field, sentence):
    answer = signed_in(officer).post(one(three[0]), {"version": three[0].version, "reason": "My words.", **data})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert field is None or set(answer.context["form"].errors) == {field}
    assert answer.context["form"]["reason"].value() == data.get("reason", "My words.")
    three[0].refresh_from_db()
    assert three[0].state == "submitted"


@pytest.mark.parametrize(
    ("first", "said"), [("published", "approved"), ("returned", "returned"), ("draft", "withdrawn")]
)
@pytest.mark.parametrize("second", [{"decision": "approve"}, {"decision": "return", "reason": "No."}])
def test_the_second_of_two_approvers_is_told_what_the_first_did(
    officer, administrator, second_officer, three, signed_in, first, said, second
):
    now, read = timezone.now(), three[0].version
    if first == "published":
        approve_update(by=administrator, at=now, update=three[0], version=read)
    elif first == "returned":
        return_update(by=administrator, at=now, update=three[0], reason="Which halls?")
    else:
        take_back_update(by=second_officer, at=now, update=three[0])
    who = "Oscar Officer" if first == "draft" else "Ada Administrator"
    answer = signed_in(officer).post(one(three[0]), {"version": read, **second}, follow=True)
    assert answer.redirect_chain == [(one(three[1]), 302)]
    assert f"{who} has already {said} the update on 1.1. Nothing more was changed." in answer.text
    assert ProgressUpdate.objects.get(pk=three[0].pk).state == first


def test_what_was_taken_back_and_sent_again_must_be_read_again(officer, second_officer, three, open_round, signed_in):
    read, update = three[0].version, three[0]
    update = take_back_update(by=second_officer, at=timezone.now(), update=update)
    submit_update(
        by=second_officer, at=timezone.now(), commitment=update.commitment, round_=open_round,
        content=replace(SAID, reason="Quite another reason."), version=update.version,
    )  # fmt: skip
    client = signed_in(officer)
    answer = client.post(one(update), {"version": read, "decision": "approve"})
    assert answer.status_code == 409
    assert "This update has changed since you opened it. Read it again, then decide." in answer.text
    assert "Quite another reason." in answer.text
    again = answer.context["form"]["version"].value()
    assert client.post(one(update), {"version": again, "decision": "approve"}).status_code == 302


def test_nobody_approves_their_own(second_officer, three, signed_in):
    client = signed_in(second_officer)
    queue = client.get(QUEUE).text
    assert "You sent this, so a colleague must approve it." in queue
    assert "3 of those below are for someone else to approve." in queue
    page = client.get(one(three[0]))
    assert "someone else needs to approve it" in page.text
    assert page.context["form"] is None
    answer = client.post(one(three[0]), {"version": three[0].version, "decision": "approve"})
    assert answer.status_code == 403
    three[0].refresh_from_db()
    assert three[0].state == "submitted"


def test_a_returned_update_is_told_by_mail_with_the_reason_and_the_way_back(officer, second_officer, three, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    return_update(by=officer, at=timezone.now(), update=three[0], reason="Say which halls.")
    mail = Mail.objects.get(kind="round:returned")
    assert mail.person == second_officer
    assert mail.about == f"round:our-strategy/{three[0].round.slug}"
    for words in (
        "Say which halls.",
        "Olive Officer",
        "https://portal.example.org/strategies/our-strategy/commitments/thing-1-1/update/",
    ):
        assert words in mail.text
        assert words in mail.html
    assert "1.1" in mail.subject


def test_whoever_owes_it_now_is_told_too_and_who_has_left_is_not(
    administrator, officer, second_officer, council, three
):
    successor = make_person("officer", council)
    ProgressUpdate.objects.filter(pk=three[0].pk).update(owed_by=successor)
    return_update(by=officer, at=timezone.now(), update=three[0], reason="Say which halls.")
    told = {mail.person: mail.text for mail in Mail.objects.filter(kind="round:returned")}
    assert set(told) == {second_officer, successor}
    assert "which is one of your tasks, has been returned" in told[successor]
    Mail.objects.all().delete()
    ProgressUpdate.objects.filter(pk=three[1].pk).update(owed_by=successor)
    RoleGrant.objects.filter(person=second_officer).update(ended_at=timezone.now(), ended_by=administrator)
    return_update(by=officer, at=timezone.now(), update=three[1], reason="Say which halls.")
    assert [mail.person for mail in Mail.objects.all()] == [successor]


def test_the_officer_finds_the_reason_and_the_way_back_on_its_page(officer, second_officer, three, signed_in):
    return_update(by=officer, at=timezone.now(), update=three[0], reason="Say which halls.")
    page = signed_in(second_officer).get(one(three[0])).text
    assert "Say which halls." in page
    assert 'href="/strategies/our-strategy/commitments/thing-1-1/update/"' in page
    assert "From Sent to Returned" in page


def test_what_was_approved_can_be_returned_and_leaves_the_public_page_while_the_status_stays(
    officer, client, three, commitment, signed_in
):
    officer_s = signed_in(officer)
    officer_s.post(one(three[0]), {"version": three[0].version, "decision": "approve"})
    assert "We <strong>met</strong> the halls." in client.get(commitment.get_absolute_url()).text
    page = officer_s.get(one(three[0]))
    assert "Return it after all?" in page.text
    data = {"version": page.context["form"]["version"].value(), "decision": "return", "reason": "A figure is wrong."}
    assert officer_s.post(one(three[0]), data).status_code == 302
    public = client.get(commitment.get_absolute_url()).text
    assert "We <strong>met</strong> the halls." not in public
    assert "A figure is wrong." not in public
    commitment.refresh_from_db()
    assert commitment.status == "on_track"
    assert "Nobody outside the council can read it" in Mail.objects.get(kind="round:returned").text


def test_an_approved_update_is_not_approved_again(officer, administrator, three, signed_in):
    update = approve_update(by=administrator, at=timezone.now(), update=three[0])
    sent = {"version": update.version, "decision": "approve"}
    answer = signed_in(officer).post(one(update), sent, follow=True)
    assert answer.redirect_chain[-1][0] == one(update)
    assert "This update was approved already, on " in answer.text
    assert f"by {administrator.name}. Nothing more was changed." in answer.text


def test_after_the_round_is_closed_nothing_is_returned(officer, administrator, three, open_round, signed_in):
    for update in three:
        approve_update(by=administrator, at=timezone.now(), update=update)
    close_round(by=administrator, at=timezone.now(), round_=open_round)
    client = signed_in(officer)
    update = ProgressUpdate.objects.get(pk=three[0].pk)
    page = client.get(one(update))
    assert "is closed, so it stays as it is" in page.text
    client.post(one(update), {"version": update.version, "decision": "return", "reason": "Too late."})
    update.refresh_from_db()
    assert update.state == "published"
    with pytest.raises(Refused, match="is closed"):
        return_update(by=officer, at=timezone.now(), update=update, reason="Too late.")


def test_the_page_shows_everything_that_the_decision_rests_on(
    officer, second_officer, partner, strategy, commitment, open_round, signed_in
):
    now, before = timezone.now(), make_round(strategy, years_ago=1)
    before.state, before.grace_until = "open", timezone.localdate()
    before.save()
    publish_update(by=second_officer, at=now, commitment=commitment, round_=before, content=SAID)
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, title="A hall was opened")
    counted = Indicator.objects.create(strategy=strategy, commitment=commitment, code="A", title="Halls", unit="halls")
    IndicatorTarget.objects.create(indicator=counted, round=open_round, value=Decimal(5))
    IndicatorValue.objects.create(indicator=counted, round=open_round, value=Decimal(3), entered_at=now)
    said = UpdateContent(
        "at_risk", "One roof leaks.", "The parish mends it.", "We **met** the old halls.", SAID.next_steps
    )
    answers = [{"code": "target", "question": "The target was missed. Why?", "answer": "A wet winter."}]
    update = send(second_officer, commitment, open_round, said=said, answers=answers, cites=[piece])
    page = signed_in(officer).get(one(update))
    for words in (
        "The status changes from On track to At risk.", "The parish mends it.", "What will be done about it",
        "<ins> old</ins>", "What comes next: the same", "A hall was opened", "A wet winter.",
        "The target was missed. Why?", "3 halls", "The target is 5",
    ):  # fmt: skip
        assert words in page.text, words


def test_the_page_of_one_takes_few_queries(officer, three, signed_in):
    client = signed_in(officer)
    client.get(one(three[0]))
    with CaptureQueriesContext(connection) as queries:
        client.get(one(three[0]))
    print("\n".join(q["sql"][:150] for q in queries))
    assert len(queries) <= 12
    with CaptureQueriesContext(connection) as queries:
        client.get(QUEUE)
    assert len(queries) <= 12


def test_updates_with_unchanged_words_are_approved_at_once_after_a_page_that_names_them(
    officer, still_true, three_more, signed_in
):
    client = signed_in(officer)
    queue = client.get(QUEUE)
    ticked = [row["key"] for row in queue.context["rows"] if row["tick"] is not None]
    assert len(ticked) == 2
    page = client.get(SEVERAL, {"chosen": [*ticked, f"{three_more.pk}.{three_more.version}"]})
    assert "Approve 2 updates?" in page.text
    assert "Its words are new, so it is read by itself before it is approved." in page.text
    answer = client.post(SEVERAL, {"chosen": ticked}, follow=True)
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert "You approved 2 updates." in answer.text
    assert {ProgressUpdate.objects.get(pk=update.pk).state for update in still_true} == {"published"}


@pytest.fixture
def three_more(second_officer, strategy, open_round):
    """An update with new words."""
    return send(second_officer, strategy.commitments.get(reference="1.2"), open_round)


def test_what_changed_meanwhile_is_left_out_and_named(officer, second_officer, still_true, open_round, signed_in):
    client = signed_in(officer)
    keys = [f"{update.pk}.{update.version}" for update in still_true]
    changed = take_back_update(by=second_officer, at=timezone.now(), update=still_true[0])
    confirm_update(
        by=second_officer, at=timezone.now(), commitment=changed.commitment, round_=open_round, version=changed.version
    )
    assert "It has changed since you saw it in the list." in client.get(SEVERAL, {"chosen": keys}).text
    answer = client.post(SEVERAL, {"chosen": keys}, follow=True)
    assert "You approved 1 update." in answer.text
    assert "“1.1 Thing 1.1” was left out. This update has changed since you opened it." in answer.text
    assert [ProgressUpdate.objects.get(pk=update.pk).state for update in still_true] == ["submitted", "published"]


def test_one_s_own_are_left_out_of_several(second_officer, officer, still_true, three_more):
    outcome = approve_several(by=second_officer, at=timezone.now(), updates=[(one, one.version) for one in still_true])
    assert outcome.done == ()
    assert {sentence for _name, sentence in outcome.left} == {
        "You wrote or sent part of this update, so someone else needs to approve it: another council officer or an "
        "administrator."
    }
    outcome = approve_several(by=officer, at=timezone.now(), updates=[(three_more, three_more.version)])
    assert "Its words are new" in outcome.left[0][1]


@pytest.mark.parametrize("chosen", ["", "1", "a.b", "1.2.3", "٣.1", "-1.2", "9" * 30 + ".1"])
def test_a_choice_that_is_none_leads_back_to_the_list(officer, still_true, signed_in, chosen):
    for send_it in (signed_in(officer).get, signed_in(officer).post):
        answer = send_it(SEVERAL, {"chosen": [chosen]} if chosen else {})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
        assert 'id="id_chosen_0"' in answer.text


def test_a_hundred_waiting_take_few_queries(officer, second_officer, council, signed_in):
    strategy = make_strategy(council, slug="big", shape=(60, 60))
    round_, now = make_round(strategy), timezone.now()
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(
            commitment=commitment, round=round_, state="submitted", status="on_track", reason="Good", saved_at=now,
            saved_by=second_officer, submitted_at=now, submitted_by=second_officer, version=1,
        )
        for commitment in strategy.commitments.in_order()
    )  # fmt: skip
    client = signed_in(officer)
    with CaptureQueriesContext(connection) as queries:
        assert "120 updates are waiting" in client.get(QUEUE).text
    assert len(queries) <= 12


def test_a_version_from_before_is_refused_under_the_lock(officer, three):
    with pytest.raises(Conflict):
        approve_update(by=officer, at=timezone.now(), update=three[0], version=three[0].version - 1)


def test_the_number_of_a_priority_alone_means_that_of_the_current_strategy(strategy, council):
    other = make_strategy(council, slug="second", opens_first=False)
    for asked, meant in (("2", strategy), ("second:2", other), ("our-strategy:2", strategy)):
        found = Commitment.objects.filter(with_priority(asked, "priority"))
        assert {(commitment.strategy, commitment.priority.number) for commitment in found} == {(meant, 2)}
