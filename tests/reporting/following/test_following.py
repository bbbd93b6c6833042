"""Following by email: only the mailbox itself confirms, one email a week at most, and nothing is left of who stopped."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from commitments.models import Strategy
from commitments.services.progress import change_status
from partners.emails.sending import as_message
from partners.models import Mail
from reporting.models import Follow, Follower
from reporting.services import following
from reporting.services.following_emails import address_to_confirm, address_to_stop
from reporting.services.following_news import send_news
from reporting.views import following as views
from tests.factories import make_evidence, make_strategy
from vcsportal.common import program_traps
from vcsportal.common.program_traps import drawn_at
from vcsportal.privacy.services.retention_job import apply_retention

pytestmark = pytest.mark.django_db
PETRA = "Petra.Quince@example.org"


@pytest.fixture(autouse=True)
def no_limits_from_before(strategy):
    cache.clear()


def ask(client, topic="everything", email=PETRA, **more):
    drawn = drawn_at(timezone.now() - timedelta(minutes=1))
    return client.post(
        "/follow/", {"drawn": drawn, "about": topic, "topic": topic, "email": email, **more}, follow=True
    )


def link_in(mail: Mail, part: str) -> str:
    found = re.search(rf"http://127.0.0.1:8000(/follow/{part}/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def followed(client, topic="everything", email=PETRA) -> Follow:
    """What somebody follows who asked and confirmed."""
    ask(client, topic, email)
    mail = Mail.objects.filter(kind="follow:confirm", to=email).latest("id")
    client.post(link_in(mail, "confirm"))
    return Follow.objects.confirmed().latest("confirmed_at")


def news() -> list[Mail]:
    return list(Mail.objects.filter(kind="follow:news").order_by("id"))


def test_only_the_button_behind_the_link_confirms_and_opening_the_link_does_not(client, strategy):
    answer = ask(client, f"strategy/{strategy.slug}")
    assert (answer.status_code, "Check your email" in answer.content.decode()) == (200, True)
    assert PETRA not in answer.content.decode()
    [mail] = Mail.objects.all()
    assert (mail.to, mail.kind, mail.person) == (PETRA, "follow:confirm", None)
    assert mail.subject == f"Confirm that you want to follow {strategy.title}"
    assert "List-Unsubscribe" not in as_message(mail).extra_headers
    assert "Stop all emails" in client.get(link_in(mail, "stop")).content.decode()
    address = link_in(mail, "confirm")
    page = client.get(address)
    assert (page.status_code, strategy.title in page.content.decode()) == (200, True)
    assert client.head(address).status_code == 200
    assert not Follow.objects.confirmed().exists()
    assert "You are following this" in client.post(address, follow=True).content.decode()
    assert Follow.objects.confirmed().get().strategy == strategy
    assert client.post(address).status_code == 302, "twice does no harm"


def test_asking_looks_the_same_whether_an_address_is_known_or_not_and_makes_it_once(client, strategy):
    followed(client)
    known = ask(client, email=f" {PETRA.upper()} ")
    unknown = ask(client, email="other@example.org")
    assert known.content == unknown.content
    assert (known.redirect_chain, known.status_code) == (unknown.redirect_chain, unknown.status_code)
    first, second = Mail.objects.order_by("-id")[:2]
    assert first.subject == second.subject
    assert Follower.objects.count() == Follow.objects.count() == 2
    assert Follow.objects.confirmed().count() == 1


def test_the_address_is_nowhere_readable_but_in_emails(client, strategy):
    followed(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM reporting_follower t")
        [[row]] = cursor.fetchall()
    assert "quince" not in row.casefold()
    assert following.address_of(Follower.objects.get()) == PETRA


def test_a_changed_key_still_finds_and_opens_what_was_kept_with_the_last(client, strategy, settings):
    followed(client)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
    ask(client)
    assert Follower.objects.count() == 1
    assert following.address_of(Follower.objects.get()) == PETRA


@pytest.mark.parametrize(("days", "minutes", "status"), [(7, -1, 302), (7, 0, 410)])
def test_the_link_works_for_seven_days(client, strategy, time_machine, database_travels, days, minutes, status):
    now = timezone.now().replace(microsecond=0)
    time_machine.move_to(now, tick=False)
    ask(client)
    address = address_to_confirm(Follow.objects.get())
    time_machine.move_to(now + timedelta(days=days, minutes=minutes), tick=False)
    assert client.post(address).status_code == status
    assert Follow.objects.confirmed().exists() == (status == 302)


def test_forged_and_swapped_links_open_nothing(client, strategy):
    follow = followed(client)
    stop, confirm = address_to_stop(follow.follower_id), address_to_confirm(follow)
    for address in ("/follow/stop/1/", "/follow/confirm/1/", stop.replace("stop", "confirm"), confirm.replace("confirm", "stop")):  # fmt: skip
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert Follow.objects.confirmed().exists()


def test_once_a_week_what_was_published_since_and_nothing_if_nothing_was(client, strategy, officer, commitment, now):
    change_status(
        by=officer, at=now - timedelta(minutes=1), commitment=commitment, to="delayed", reason="Before.", remedy="Soon."
    )
    follow = followed(client, f"commitment/{strategy.slug}/{commitment.key}")
    confirmed = follow.confirmed_at
    assert confirmed is not None
    week = confirmed + timedelta(days=7)
    assert send_news(at=week) == 0
    assert news() == []
    change_status(by=officer, at=week + timedelta(days=1), commitment=commitment, to="on_track", reason="It *works*.")
    other = strategy.commitments.exclude(pk=commitment.pk).first()
    change_status(
        by=officer, at=week + timedelta(days=1), commitment=other, to="at_risk", reason="Elsewhere.", remedy="Soon."
    )
    assert send_news(at=week + timedelta(days=6)) == 0
    assert send_news(at=week + timedelta(days=7)) == 1
    assert send_news(at=week + timedelta(days=7)) == 0, "asked twice, it goes once"
    [mail] = news()
    assert mail.subject == f"{commitment.reference} {commitment.short_title}: from Delayed to On track"
    assert f"http://127.0.0.1:8000{commitment.get_absolute_url()}" in mail.text
    assert "first status" not in mail.text
    assert "At risk" not in mail.text
    headers = as_message(mail).extra_headers
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{address_to_stop(follow.follower_id)}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link_in(mail, "stop") == address_to_stop(follow.follower_id)
    assert send_news(at=week + timedelta(days=14)) == 0


def test_an_unconfirmed_address_gets_no_updates(client, strategy, officer, commitment, now):
    ask(client)
    change_status(by=officer, at=now + timedelta(days=1), commitment=commitment, to="on_track", reason="Begun.")
    assert send_news(at=now + timedelta(days=30)) == 0


def test_what_was_asked_for_and_not_confirmed_is_in_no_email(client, strategy, officer, commitment, charity, now):
    followed(client, f"organisation/{charity.slug}")
    ask(client)
    change_status(by=officer, at=now + timedelta(days=1), commitment=commitment, to="on_track", reason="Begun.")
    assert send_news(at=now + timedelta(days=8)) == 0


def test_nothing_is_told_of_an_organisation_that_was_removed(
    client, strategy, officer, partner, commitment, charity, now
):
    followed(client, f"organisation/{charity.slug}")
    make_evidence(partner, commitment, state="accepted", officer=officer, at=now + timedelta(days=1))
    type(charity).objects.filter(pk=charity.pk).update(standing="listed", removed_at=now, removed_why="Asked.")
    assert send_news(at=now + timedelta(days=8)) == 0
    type(charity).objects.filter(pk=charity.pk).update(removed_at=None, removed_why="")
    Follower.objects.update(told_until=now)
    assert send_news(at=now + timedelta(days=8)) == 1


def test_one_email_tells_each_thing_once_from_when_it_was_confirmed(client, strategy, officer, partner, charity, commitment, now):  # fmt: skip
    follow = followed(client, f"organisation/{charity.slug}")
    for number in range(27):
        make_evidence(partner, commitment, state="accepted", officer=officer, title=f"Thing {number}", at=now + timedelta(days=1, minutes=number))  # fmt: skip
    change_status(by=officer, at=now + timedelta(days=1), commitment=commitment, to="on_track", reason="Early.")
    second = followed(client)
    Follow.objects.filter(pk=second.pk).update(confirmed_at=now + timedelta(days=1, minutes=1, seconds=-1))
    assert second.follower == follow.follower
    assert send_news(at=now + timedelta(days=8)) == 1
    [mail] = news()
    assert mail.subject == "27 things published: Thing 26"
    assert "status" not in mail.text
    assert mail.text.count("/evidence/") == 25
    assert "There is more on these pages:" in mail.text


def test_one_press_stops_everything_and_nothing_is_left_of_the_address(client, strategy, officer, commitment, now):
    follow = followed(client)
    followed(client, f"strategy/{strategy.slug}")
    change_status(by=officer, at=now + timedelta(days=1), commitment=commitment, to="on_track", reason="Begun.")
    send_news(at=now + timedelta(days=8))
    Mail.objects.filter(kind="follow:confirm").update(state="sent")
    address = link_in(news()[0], "stop")
    assert "Stop all emails" in client.get(address).content.decode()
    assert Follower.objects.exists(), "reading it changes nothing"
    client.handler.enforce_csrf_checks = True
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 302
    assert "Your address has been deleted." in client.get(address).content.decode()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200, "twice does no harm"
    assert not Follower.objects.exists()
    assert not Follow.objects.exists()
    mails = Mail.objects.filter(about=f"follower:{follow.follower_id}")
    assert {mail.state for mail in mails} == {"sent", "dropped"}
    assert {(mail.to, mail.subject, mail.text, mail.html) for mail in mails} == {("", "", "", "")}
    assert client.get(address_to_confirm(follow)).status_code == 410


def test_one_of_several_things_can_be_stopped_alone_and_nobody_elses(client, strategy, charity):
    first, second = followed(client), followed(client, f"strategy/{strategy.slug}")
    foreign = followed(client, f"organisation/{charity.slug}", "other@example.org")
    address = address_to_stop(first.follower_id)
    client.post(address, {"only": foreign.pk})
    client.post(address, {"only": "x"})
    assert Follow.objects.confirmed().count() == 3
    client.post(address, {"only": first.pk})
    assert set(Follow.objects.confirmed()) == {second, foreign}
    client.post(address, {"only": second.pk})
    assert set(Follower.objects.all()) == {foreign.follower}


@pytest.mark.parametrize("state", ["refused", "bounced"])
def test_an_address_that_refuses_or_bounces_is_forgotten(client, strategy, officer, commitment, now, state):
    followed(client)
    Mail.objects.update(state=state)
    change_status(by=officer, at=now + timedelta(days=1), commitment=commitment, to="on_track", reason="Begun.")
    assert send_news(at=now + timedelta(days=8)) == 0
    assert not Follower.objects.exists()


def test_what_nobody_confirms_is_removed_after_a_week_and_what_is_confirmed_stays(client, strategy, now):
    kept = followed(client)
    ask(client, f"strategy/{strategy.slug}")
    ask(client, email="other@example.org")
    apply_retention(now + timedelta(days=7))
    assert Follow.objects.count() == 3
    apply_retention(now + timedelta(days=8))
    assert list(Follow.objects.all()) == [kept]
    assert list(Follower.objects.all()) == [kept.follower]
    assert not Mail.objects.filter(to="other@example.org").exists()


def test_limits_by_visitor_in_all_and_by_address(client, strategy, monkeypatch):
    monkeypatch.setattr(views, "MOST_EMAILS", (1, 86_400))
    monkeypatch.setattr(views, "MOST_BY_VISITOR", (3, 86_400))
    first, second = ask(client), ask(client, email=PETRA.upper())
    assert first.content == second.content
    assert Mail.objects.count() == 1
    assert ask(client, email="not an address").status_code == 422
    assert ask(client, email="third@example.org").status_code == 200
    refused = ask(client, email="fourth@example.org")
    assert refused.status_code == 429
    assert views.TOO_MANY in refused.content.decode()
    assert Mail.objects.count() == Follower.objects.count() == 2
    monkeypatch.setattr(views, "MOST_IN_PORTAL", (0, 86_400))
    assert ask(client, email="fifth@example.org", REMOTE_ADDR="192.0.2.7").status_code == 429


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"website": "https://spam.example"}, program_traps.FROM_A_PROGRAM),
        ({"drawn": "1:abc"}, program_traps.TOO_QUICK),
        ({"topic": "strategy/none"}, "Choose what you want to follow."),
        ({"email": ""}, "Enter an email address like name@example.org."),
    ],
)
def test_what_programs_send_and_what_is_not_on_the_page_is_refused_with_a_sentence(client, strategy, more, sentence):
    answer = ask(client, **more)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Follower.objects.exists()


def test_pages_lead_to_the_form_which_offers_them_first(client, council, strategy, commitment, charity, now):
    for thing, offered in (
        (commitment, [f"{commitment.reference} {commitment.short_title}", strategy.title, "Everything on the"]),
        (strategy, [strategy.title, "Everything on the"]),
        (charity, [charity.name, "Everything on the"]),
    ):
        found = re.search(r'href="(/follow/\?about=[^"]+)"', client.get(thing.get_absolute_url()).content.decode())
        assert found
        page = client.get(found[1]).content.decode()
        labels = re.findall(r"<label[^>]*govuk-radios__label[^>]*>\s*(.*?)\s*</label>", page, re.S)
        assert [label.startswith(words) for label, words in zip(labels, offered, strict=True)] == [True] * len(offered)
        assert re.search(r'value="[^"]+"[^>]*checked', page)
    over = make_strategy(council, slug="over", opens_first=False)
    for days, offers in ((0, True), (1, False)):
        Strategy.objects.filter(pk=over.pk).update(title="The one before", ends_on=now.date() - timedelta(days=days))
        plain = client.get("/follow/?about=commitment/none").content.decode()
        assert ("The one before" in plain) is offers
        assert strategy.title in plain
        assert re.search(r'value="everything"[^>]*checked', plain)


def test_administrators_see_how_many_follow_what_and_no_address(client, signed_in, administrator, strategy, charity):
    followed(client)
    followed(client, f"organisation/{charity.slug}")
    followed(client, f"organisation/{charity.slug}", "other@example.org")
    ask(client, f"strategy/{strategy.slug}", "third@example.org")
    page = signed_in(administrator).get("/people/followers/").content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Updates go to 2 people." in text
    assert f"{charity.name} 2 Everything on the" in text
    assert strategy.title not in text.split("What people follow")[1].split("Nobody can see")[0]
    assert "@example.org" not in page.split("<main")[1].split("</main")[0]


def test_a_person_finds_it_in_their_data_and_erasing_their_account_stops_it(client, strategy, officer, now):
    from vcsportal.privacy.personal_data_export import sections

    followed(client, email=officer.email.upper())
    assert [table.title for table in sections(officer) if table.title == "What you follow by email"]
    following.forget_address(at=now, email=officer.email)
    assert not Follower.objects.exists()


def test_the_job_sends_at_any_hour_of_the_seventh_day(client, strategy, officer, commitment):
    follow = followed(client)
    evening = timezone.make_aware(datetime(2026, 12, 1, 23, 30))
    Follower.objects.update(told_until=evening)
    Follow.objects.filter(pk=follow.pk).update(confirmed_at=evening)
    change_status(by=officer, at=evening + timedelta(hours=1), commitment=commitment, to="on_track", reason="Begun.")
    assert send_news(at=timezone.make_aware(datetime(2026, 12, 7, 23, 59))) == 0
    assert send_news(at=timezone.make_aware(datetime(2026, 12, 8, 0, 1))) == 1
