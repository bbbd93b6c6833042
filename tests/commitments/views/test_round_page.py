"""The page of a round: who owes what, what is silent, whose email came back; planning, moving, nudging."""

import re
from datetime import datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Contribution, HistoryEntry, ProgressUpdate, Round, RoundTask, TimeTaken
from commitments.queries.round_organisations import email_topic
from commitments.reading import round as reading
from commitments.rules.indicators import IndicatorFigure
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.indicators import FigureInput, IndicatorDefinition, define_indicator, enter_values
from commitments.services.nudges import nudge
from commitments.services.progress import save_update, submit_update
from commitments.services.round_days import Days, plan_round
from commitments.services.rounds import open_round
from commitments.services.tasks import hand_task
from partners.models import Mail, RoleGrant, User
from partners.services.access import end_access
from partners.services.deputies import name_deputy
from partners.services.roles import end_role
from tests.as_read import as_read
from tests.factories import make_organisation, make_person, publish_update
from tests.timing import measured
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def running(administrator, officer, strategy, charity, partner, now, today):
    """A round that opened today: the officer leads 1.1 and 1.2, nobody leads the rest, the charity is asked."""
    for reference in ("1.1", "1.2"):
        one = strategy.commitments.get(reference=reference)
        assign_people(by=officer, at=now, commitment=one, lead=officer)
    set_partners(by=officer, at=now, commitment=one, partners=[(charity, "delivers")])
    days = Days(
        today - timedelta(days=365), today - timedelta(days=1), today, today + timedelta(days=9),
        today + timedelta(days=16),
    )  # fmt: skip
    planned = plan_round(by=administrator, at=now, strategy=strategy, days=days)
    return open_round(by=administrator, at=now, round_=planned)


def say(by, strategy, reference, round_, act=submit_update, **more):
    one = strategy.commitments.get(reference=reference)
    at = timezone.now()
    return act(
        by=by, at=at, commitment=one, round_=round_, content=UpdateContent("on_track", "Good"), version=0, **more
    )


def test_the_first_sentence_counts_everything(signed_in, administrator, officer, strategy, running):
    say(officer, strategy, "1.1", running, publish_update)
    say(officer, strategy, "1.2", running)
    page = text_of(signed_in(administrator).get(running.get_absolute_url()))
    assert "1 of 4 updates is in, 1 is waiting for approval, 2 have not been started; 9 days are left." in page
    assert "0 of 1 organisation" in page


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (0, "9 days are left"), (8, "1 day is left"), (9, "today is the last day"), (10, "the window closed on"),
        (17, "late updates are no longer accepted"),
    ],
)  # fmt: skip
def test_the_time_left_is_said_as_people_say_it(running, today, after, words):
    assert reading.days_left(running, today + timedelta(days=after)).startswith(words)


def test_who_is_needed_stands_on_top(signed_in, administrator, officer, strategy, running, now):
    set_partners(
        by=officer, at=now, commitment=strategy.commitments.get(reference="1.1"),
        partners=[(make_organisation("Lonely Circle"), "delivers")],
    )  # fmt: skip
    page = text_of(signed_in(administrator).get(running.get_absolute_url()))
    assert "Nobody is responsible for the update on 2.1 Thing 2.1." in page
    assert "Nobody has been asked to answer for Lonely Circle." in page


def test_each_person_has_a_line_with_what_is_known_of_them(
    signed_in, administrator, officer, second_officer, partner, strategy, running, now
):
    User.objects.filter(pk=officer.pk).update(last_login=now)
    say(officer, strategy, "1.1", running)
    name_deputy(by=officer, at=now, person=officer, deputy=second_officer)
    went = {"sent_at": now, "state": "sent"}
    for person, more in ((officer, went), (partner, {"state": "bounced", "problem": "550 no such box"})):
        Mail.objects.filter(person=person).delete()
        Mail.objects.create(
            key=f"k{person.pk}", kind="round:reminder", about=email_topic(running), person=person, to=person.email,
            subject="s", text="t", message_id=f"m{person.pk}", made_at=now, due_at=now, **more,
        )  # fmt: skip
    response = signed_in(administrator).get(running.get_absolute_url())
    lines = {row["line"].person: row["line"] for row in response.context["lines"]}
    assert [one.commitment.reference for one in lines[officer].to_send] == ["1.2"]
    assert not lines[officer].never
    assert lines[partner].never
    page = text_of(response)
    assert "Oscar Officer is covering" in as_read(page)
    assert "550 no such box" in page
    assert "Correct the address" in page
    assert "1 has never signed in" in page


@pytest.mark.parametrize(("show", "names"), [
    ("owes", ["Olive Officer", "Pat Partner"]), ("never", ["Olive Officer", "Pat Partner"]), ("mail", []),
    ("nonsense", ["Olive Officer", "Pat Partner"]),
])  # fmt: skip
def test_the_people_can_be_narrowed_down(signed_in, administrator, running, show, names):
    response = signed_in(administrator).get(running.get_absolute_url(), {"show": show})
    assert [row["line"].person.name for row in response.context["lines"]] == names


def test_a_mail_that_came_later_clears_a_refusal_but_not_one_that_came_back(partner, running, now, today):
    def mail(key, state, made):
        Mail.objects.create(
            key=key, kind="round:reminder", about=email_topic(running), person=partner, to=partner.email, subject="s",
            text="t", message_id=key, made_at=made, due_at=made, state=state,
            sent_at=made if state in {"sent", "bounced"} else None,
        )  # fmt: skip

    def trouble():
        [line] = [line for line in reading.standing(running, today).lines if line.person == partner]
        return line.trouble.state if line.trouble else ""

    Mail.objects.all().delete()
    mail("a", "refused", now - timedelta(days=2))
    assert trouble() == "refused"
    mail("b", "sent", now - timedelta(days=1))
    assert trouble() == ""
    mail("c", "bounced", now - timedelta(days=3))
    assert trouble() == "bounced"


def test_officers_read_the_page_and_have_no_buttons(signed_in, officer, running):
    page = text_of(signed_in(officer).get(running.get_absolute_url()))
    assert "Who still has something to send" in page
    assert "Nudge" not in page
    assert "Close the round" not in page


def test_the_pace_is_shown_once_enough_was_measured(signed_in, administrator, running):
    client = signed_in(administrator)
    assert "0 updates have been measured" in text_of(client.get(running.get_absolute_url()))
    day = timezone.localdate()
    TimeTaken.objects.bulk_create(
        TimeTaken(form="update", seconds=one, sent_on=day) for one in (200, 240, 250, 9000, 1)
    )
    assert "An update takes 4 minutes (median of 5 sent)" in text_of(client.get(running.get_absolute_url()))


def crowd(running: Round, council, size: int) -> None:
    """So many officers who each owe an update, with emails, never signed in."""
    now = timezone.now()
    people = User.objects.bulk_create(
        User(email=f"crowd{n}@example.org", name=f"Crowd {n:04}", joined_at=now, password="!") for n in range(size)
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(person=one, role="officer", organisation=council, granted_at=now) for one in people
    )
    RoundTask.objects.bulk_create(RoundTask(round=running, person=one, made_at=now) for one in people)
    organisations = [make_organisation(f"Crowd of {n}") for n in range(min(size, 20))]
    Contribution.objects.bulk_create(
        Contribution(round=running, organisation=one, owed_by=people[n]) for n, one in enumerate(organisations)
    )
    priority = running.strategy.priorities.first()
    model = running.strategy.commitments.model
    made = model.objects.bulk_create(
        model(
            strategy=running.strategy, priority=priority, number=100 + n, reference=f"1.{100 + n}", wording="w",
            short_title=f"Crowded {n}", key=f"crowded-{n}",
        )
        for n in range(size)
    )  # fmt: skip
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(commitment=one, round=running, owed_by=people[n]) for n, one in enumerate(made)
    )
    Mail.objects.bulk_create(
        Mail(
            key=f"x{one.pk}-{n}", kind="round:reminder", about=email_topic(running), person=one, to=one.email, subject="s",
            text="t" * 500, message_id=f"x{one.pk}-{n}", state=state, made_at=now, due_at=now, tries=1, sent_at=now,
        )
        for one in people
        for n, state in enumerate(("sent", "sent", "waiting"))
    )  # fmt: skip


def test_the_page_asks_the_same_few_questions_for_one_and_for_five_hundred(signed_in, administrator, council, running):
    client, counts = signed_in(administrator), []
    client.get(running.get_absolute_url())
    for size in (1, 500):
        Mail.objects.all().delete()
        crowd(running, council, size) if size > 1 else None
        with CaptureQueriesContext(connection) as asked, measured() as took:
            response = client.get(running.get_absolute_url())
        assert response.status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12, counts
    assert took.seconds < 3
    assert len(response.context["lines"]) == 50
    assert response.context["page_obj"].paginator.count == 502


def offered_first(strategy):
    """The first day of the first year of the strategy whose updates can still be sent."""
    years = [strategy.starts_on.replace(year=strategy.starts_on.year + later) for later in range(5)]
    return next(
        first for first in years if first.replace(year=first.year + 1) + timedelta(days=48) >= timezone.localdate()
    )


def test_planning_offers_likely_days_and_keeps_what_was_typed(signed_in, administrator, strategy):
    client = signed_in(administrator)
    address = f"/strategies/{strategy.slug}/rounds/new/"
    offered = {name: day.isoformat() for name, day in client.get(address).context["form"].initial.items()}
    assert client.post(address, {**offered, "act": "plan"}).status_code == 302
    made = Round.objects.get(strategy=strategy)
    assert (made.state, made.observes_from) == ("planned", offered_first(strategy))
    assert made.grace_until >= timezone.localdate()
    wrong = {**offered, "closes_on": "1 May 2020"}
    answer = client.post(address, wrong)
    assert answer.status_code == 422
    assert "1 May 2020" in text_of(answer)
    assert "The window can’t close before it opens" in text_of(answer)
    again = client.post(address, offered)
    assert again.status_code == 422
    assert "two rounds can’t cover the same days" in text_of(again).replace("&#x27;", "’")


def test_a_round_is_lived_from_its_pages(signed_in, administrator, officer, strategy, now, today):
    one = strategy.commitments.get(reference="1.1")
    assign_people(by=officer, at=now, commitment=one, lead=officer)
    days = Days(
        today - timedelta(days=365), today - timedelta(days=1), today, today + timedelta(days=9),
        today + timedelta(days=16),
    )  # fmt: skip
    planned = plan_round(by=administrator, at=now, strategy=strategy, days=days)
    client, address = signed_in(administrator), planned.get_absolute_url()
    assert "4 updates are asked for" in text_of(client.get(f"{address}open/"))
    assert "is open. Everyone with something to send" in text_of(client.post(f"{address}open/", follow=True))
    assert client.get(f"{address}open/").status_code == 409
    say(officer, strategy, "1.1", planned)
    assert "1 update is waiting for approval" in text_of(client.get(f"{address}close/"))
    assert client.post(f"{address}close/").status_code == 409
    assert "is over" in text_of(client.post(f"{address}end/", follow=True))
    ProgressUpdate.objects.filter(state="submitted").update(state="draft", submitted_at=None, submitted_by=None)
    assert "4 updates are not approved" in text_of(client.get(f"{address}close/"))
    assert "is closed" in text_of(client.post(f"{address}close/", follow=True))
    assert client.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    until = {
        "closes_on": (today + timedelta(days=3)).isoformat(),
        "grace_until": (today + timedelta(days=3)).isoformat(),
    }
    done = client.post(f"{address}reopen/", {"reason": "A group was away.", **until}, follow=True)
    page = text_of(done)
    assert "is open again" in page
    for words in ("Reopened", "A group was away.", "Closed, and frozen for the report", "Window ended", "Planned"):
        assert words in page
    client.post(f"{address}days/", {"closes_on": (today + timedelta(days=5)).isoformat(), "grace_until": (today + timedelta(days=6)).isoformat()})  # fmt: skip
    planned.refresh_from_db()
    assert planned.closes_on == today + timedelta(days=5)


def test_many_who_were_nudged_are_counted_and_their_names_are_folded(signed_in, administrator, running, now):
    names = ["Ada Ash", "Bo Beech", "Cy Cedar", "Di Dogwood"]
    for some in (names, names[:3]):
        HistoryEntry.objects.create(act="round_nudge", at=now, by=administrator, round=running, said={"people": some})
    page = signed_in(administrator).get(running.get_absolute_url()).content.decode()
    few, many = re.findall(r'<h3 class="app-timeline__text">([^<]*[Nn]udged[^<]*)</h3>', page)
    assert (few.strip(), many.strip()) == ("Nudged: Ada Ash, Bo Beech, Cy Cedar", "4 people nudged")
    assert re.search(r"<details.*?Ada Ash, Bo Beech, Cy Cedar, Di Dogwood.*?</details>", page, re.DOTALL)


def test_a_nudge_says_what_is_owed_in_the_sender_s_words(signed_in, administrator, officer, running):
    client, address = signed_in(administrator), f"{running.get_absolute_url()}nudge/"
    done = client.post(f"{address}?person={officer.pk}", {"words": "The Alliance meets on Thursday."}, follow=True)
    assert "An email to Olive Officer is on the way." in text_of(done)
    mail = Mail.objects.get(kind="round:nudge")
    assert (mail.person, mail.state) == (officer, "waiting")
    for words in ("The Alliance meets on Thursday.", "1.1 Thing 1.1", "1.2 Thing 1.2", "Ada Administrator asks"):
        assert words in mail.text + mail.subject
    again = client.post(f"{address}?person={officer.pk}", {"words": ""})
    assert again.status_code == 409
    assert "Nobody is nudged twice in a day." in text_of(again)
    assert Mail.objects.filter(kind="round:nudge").count() == 1
    assert HistoryEntry.objects.get(act="round_nudge").said == {"people": ["Olive Officer"]}


def test_nobody_reads_names_of_others_by_trying_keys_of_a_nudge(signed_in, administrator, officer, outsider, running):
    client, address = signed_in(administrator), f"{running.get_absolute_url()}nudge/"
    assert officer.name in text_of(client.get(address, {"person": officer.pk}))
    assert outsider.name not in {line.person.name for line in reading.standing(running, timezone.localdate()).lines}
    for key in (outsider.pk, "x", "0"):
        answer = client.get(address, {"person": key})
        assert answer.status_code == 404
        assert outsider.name not in text_of(answer)


def test_a_nudge_in_the_days_of_grace_says_until_when(administrator, officer, running, now):
    later = now + (timezone.make_aware(datetime.combine(running.closes_on, time_of_day(12))) - now) + timedelta(days=2)
    nudge(by=administrator, at=later, round_=running, words="")
    text = Mail.objects.filter(kind="round:nudge")[0].text
    assert f"The round closed on {running.closes_on:%A} {running.closes_on.day} {running.closes_on:%B %Y}." in text
    assert (
        f"Late updates are accepted until {running.grace_until:%A} {running.grace_until.day} {running.grace_until:%B %Y}."
        in text
    )


def test_everybody_who_owes_is_nudged_but_nobody_twice_within_a_day(administrator, officer, partner, running, now):
    first = nudge(by=administrator, at=now, round_=running, words="", people=[partner])
    assert first.sent == (partner,)
    rest = nudge(by=administrator, at=now + timedelta(hours=23), round_=running, words="")
    assert (rest.sent, rest.lately) == ((officer,), (partner,))
    with pytest.raises(Refused, match="already nudged in the last 24 hours"):
        nudge(by=administrator, at=now + timedelta(hours=23), round_=running, words="")
    later = nudge(by=administrator, at=now + timedelta(hours=25), round_=running, words="")
    assert (later.sent, later.lately) == ((partner,), (officer,))


def test_the_deputy_is_nudged_along(administrator, officer, second_officer, running, now):
    name_deputy(by=officer, at=now, person=officer, deputy=second_officer)
    done = nudge(by=administrator, at=now, round_=running, words="", people=[officer])
    assert set(done.sent) == {officer, second_officer}
    assert "(for Olive Officer)" in Mail.objects.get(person=second_officer, kind="round:nudge").text


def test_somebody_who_owes_nothing_is_not_nudged(administrator, officer, second_officer, strategy, running, now):
    with pytest.raises(Refused, match="None of these people has anything to do"):
        nudge(by=administrator, at=now, round_=running, words="", people=[second_officer])
    with pytest.raises(Refused, match="Only an administrator"):
        nudge(by=officer, at=now, round_=running, words="")


def test_a_task_is_handed_on_and_its_reminders_with_it(administrator, officer, second_officer, strategy, running, now):
    task = RoundTask.objects.get(round=running, person=officer)
    say(officer, strategy, "1.1", running)
    hand_task(by=officer, at=now, task=task, to=second_officer, why="I am away.")
    owed = ProgressUpdate.objects.filter(round=running, commitment__reference__in=["1.1", "1.2"])
    assert {one.owed_by for one in owed} == {second_officer}
    assert RoundTask.objects.filter(round=running, person=second_officer, handed_at=None).exists()
    task.refresh_from_db()
    assert (task.handed_to, task.handed_why) == (second_officer, "I am away.")
    assert HistoryEntry.objects.get(act="task_handed").said["updates"] == ["1.1", "1.2"]
    assert strategy.commitments.get(reference="1.1").lead_officer == officer, "the lead stays"
    back = RoundTask.objects.get(round=running, person=second_officer)
    hand_task(by=administrator, at=now, task=back, to=officer, why="Back again.")
    task.refresh_from_db()
    assert task.handed_at is None, "who owes again has the task back"


def test_a_task_handed_back_waits_on_top_for_the_administrators(signed_in, administrator, officer, running, now):
    task = RoundTask.objects.get(round=running, person=officer)
    hand_task(by=officer, at=now, task=task, to=None, why="I no longer work here.")
    page = text_of(signed_in(administrator).get(running.get_absolute_url()))
    assert "Olive Officer has asked the administrators to find someone" in page
    assert "I no longer work here." in page
    assert "Nobody is responsible for the update on 1.1 Thing 1.1." in page


def test_what_was_handed_back_is_given_to_somebody_from_the_page(
    signed_in, administrator, officer, second_officer, running, now
):
    task = RoundTask.objects.get(round=running, person=officer)
    mine = set(ProgressUpdate.objects.filter(owed_by=officer).values_list("pk", flat=True))
    assert mine
    hand_task(by=officer, at=now, task=task, to=None, why="Ill.")
    client, address = signed_in(administrator), f"{running.get_absolute_url()}tasks/{officer.pk}/"
    assert address in text_of(client.get(running.get_absolute_url()))
    answer = client.post(address, {"to": second_officer.pk, "why": "Agreed by telephone."})
    assert answer.status_code == 302
    assert mine <= set(ProgressUpdate.objects.filter(owed_by=second_officer).values_list("pk", flat=True))
    assert "asked the administrators" not in text_of(client.get(running.get_absolute_url()))
    task.refresh_from_db()
    assert task.handed_to == second_officer


def test_a_task_that_was_handed_on_is_not_handed_on_again(
    administrator, officer, second_officer, council, running, now
):
    task = RoundTask.objects.get(round=running, person=officer)
    hand_task(by=officer, at=now, task=task, to=second_officer, why="Ill.")
    third = make_person("officer", council)
    with pytest.raises(Refused, match=f"has already handed this on to {second_officer.name}"):
        hand_task(by=administrator, at=now, task=task, to=third, why="Not known that it was.")
    task.refresh_from_db()
    assert task.handed_to == second_officer


def test_a_task_goes_only_to_somebody_who_can_do_it(administrator, officer, outsider, partner, charity, running, now):  # fmt: skip
    task = RoundTask.objects.get(round=running, person=officer)
    with pytest.raises(Refused, match="Una Outsider is not an officer of Oxfordshire County Council"):
        hand_task(by=administrator, at=now, task=task, to=outsider, why="")
    with pytest.raises(Refused, match="Only an administrator can hand on"):
        hand_task(by=partner, at=now, task=task, to=None, why="")
    theirs = RoundTask.objects.get(round=running, person=partner)
    with pytest.raises(Refused, match="does not belong to Rowan Trust"):
        hand_task(by=administrator, at=now, task=theirs, to=outsider, why="")
    colleague = make_person("partner_lead", charity)
    hand_task(by=partner, at=now, task=theirs, to=colleague, why="")
    assert Contribution.objects.get(round=running).owed_by == colleague


def test_a_person_removed_while_owing_is_found_and_nothing_breaks(
    signed_in, administrator, officer, second_officer, partner, strategy, running, now
):
    end_access(by=administrator, at=now, person=officer, reason="Left the council.")
    end_role(by=administrator, at=now, grant=partner.role_grants.get())
    client = signed_in(administrator)
    page = text_of(client.get(running.get_absolute_url()))
    assert "Olive Officer has left and still had to send 2 updates." in page
    assert "Pat Partner has left and still had to send an answer for Rowan Trust." in page
    assert f'href="/people/{officer.pk}/hand-over/"' in page
    with pytest.raises(Refused, match="None of these people has anything to do"):
        nudge(by=administrator, at=now, round_=running, words="")
    for address in (
        f"{running.get_absolute_url()}nudge/", f"{running.get_absolute_url()}tasks/{officer.pk}/",
        f"/people/{officer.pk}/hand-over/", f"/people/{partner.pk}/hand-over/", f"/people/{officer.pk}/deputies/",
        strategy.commitments.get(reference="1.1").get_absolute_url(),
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    assert signed_in(partner).get("/my-work/").status_code == 200
    one = strategy.commitments.get(reference="1.1")
    assign_people(by=administrator, at=now, commitment=one, lead=second_officer)
    say(second_officer, strategy, "1.1", running, save_update)
    assert "Olive Officer has left and still had to send 1 update." in text_of(client.get(running.get_absolute_url()))


def test_somebody_of_an_organisation_is_asked_by_name(signed_in, administrator, charity, partner_lead, outsider, running):  # fmt: skip
    client = signed_in(administrator)
    address = f"{running.get_absolute_url()}organisations/{charity.slug}/"
    assert client.post(address, {"to": outsider.pk}).status_code == 422
    assert client.post(address, {"to": partner_lead.pk}).status_code == 302
    assert Contribution.objects.get(round=running).owed_by == partner_lead
    assert RoundTask.objects.filter(round=running, person=partner_lead).exists()


def test_what_partners_counted_is_judged_before_a_round_closes(
    signed_in, administrator, officer, partner_lead, strategy, charity, running, now
):
    one = strategy.commitments.get(reference="1.1")
    set_partners(by=officer, at=now, commitment=one, partners=[(charity, "delivers")])
    counted = define_indicator(by=officer, at=now, of=one, what=IndicatorDefinition("1.1a", "Volunteers"))
    enter_values(by=partner_lead, at=now, round_=running, entries=[FigureInput(counted, IndicatorFigure(Decimal(9)))])
    client, address = signed_in(administrator), f"{running.get_absolute_url()}close/"
    page = text_of(client.get(address))
    assert "1 figure from partners is waiting for a council officer" in page
    assert 'type="submit" data-module="govuk-button">Close the round' not in page
    assert client.post(address).status_code == 409
    running.refresh_from_db()
    assert running.state == "open"
