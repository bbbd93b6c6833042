"""The strategy at a glance, its priorities, its list, and their versions."""

import re
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.urls import reverse

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, ProgressUpdate, Strategy
from commitments.reading import public_version
from commitments.services.commitment_people import assign_people
from commitments.services.consents import record_consent, withdraw_consent
from commitments.services.delivery import set_partners
from commitments.services.evidence import withdraw_evidence
from commitments.services.progress import change_status
from commitments.services.update_approval import return_update
from partners.services.organisations import edit_organisation
from tests.factories import make_area, make_evidence, make_organisation, make_round, make_strategy, publish_update

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def list_url(strategy: Strategy) -> str:
    return reverse("commitments:commitment-list", args=[strategy.slug])


def shown(response) -> list[str]:
    return [line["title"].split()[0] for line in response.context["lines"]]


def test_an_empty_portal_says_so_kindly(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "There is no strategy here yet" in text_of(response)
    assert client.get("/commitments/").url == "/"
    assert "No strategy has been loaded yet" in text_of(client.get("/strategies/"))


def test_the_portal_opens_with_the_current_strategy_at_a_glance(client, strategy, council):
    make_strategy(council, slug="another", opens_first=False)
    text = text_of(client.get("/"))
    assert strategy.title in text
    assert "No status has been recorded yet for the 4 commitments." in text
    assert text.count('class="app-tile status--none"') == 4
    assert "another" in text_of(client.get("/strategies/"))


def test_the_glance_says_what_changed_who_changed_it_and_what_is_silent(client, officer, strategy, commitment, now):
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    old = strategy.commitments.get(reference="1.2")
    change_status(by=officer, at=now - timedelta(days=400), commitment=old, to="on_track", reason="It began too.")
    response = client.get(strategy.get_absolute_url())
    text = text_of(response)
    assert "Oxfordshire County Council has made 4 commitments under 2 priorities, for " in text
    assert "Of 4 commitments, 2 are on track. 2 have had no update yet. 1 of 4 was updated in the last year." in text
    assert "1.1 Thing 1.1: first status: On track" in text
    assert "Council officer, Oxfordshire County Council" in text
    assert text.count("more than a year ago</span>") == 1
    first, second = response.context["quiet"]
    assert [each.reference for each in first.long_ago] == ["1.2"]
    assert [each.reference for each in second.never] == ["2.1", "2.2"]
    assert re.search(r">2 [^<]+: 2 of\s+2<", text)


def test_a_stale_tile_looks_and_reads_so_in_the_key_too(client, officer, strategy, commitment, now):
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    for page in (strategy.get_absolute_url(), reverse("commitments:priority", args=[strategy.slug, 1])):
        assert "app-clock" not in text_of(client.get(page))
    old = strategy.commitments.get(reference="1.2")
    change_status(by=officer, at=now - timedelta(days=366), commitment=old, to="on_track", reason="It began too.")
    for page in (strategy.get_absolute_url(), reverse("commitments:priority", args=[strategy.slug, 1])):
        text = text_of(client.get(page))
        assert text.count('class="app-clock"') == 3, "the tile, and its mark and example in the key"
        assert "Not updated for more than a year" in text
        assert "It may have changed since." in text


def test_nothing_on_the_board_of_a_finished_strategy_is_stale(client, officer, strategy, commitment, now):
    change_status(by=officer, at=now - timedelta(days=366), commitment=commitment, to="on_track", reason="It began.")
    Strategy.objects.filter(pk=strategy.pk).update(ends_on=now.date() - timedelta(days=1))
    for page in (strategy.get_absolute_url(), reverse("commitments:priority", args=[strategy.slug, 1])):
        text = text_of(client.get(page))
        assert "app-clock" not in text
        assert "in the last year" not in text
        assert "No recent update" not in text


def test_an_update_that_changes_the_status_is_one_line_of_what_changed(
    client, officer, second_officer, strategy, commitment, open_round, now
):
    said = UpdateContent("on_track", "Good")
    update = publish_update(by=officer, at=now, commitment=commitment, round_=open_round, content=said, version=None)
    lately = client.get(strategy.get_absolute_url()).context["lately"]
    assert [event.text for event in lately] == ["1.1 Thing 1.1: first status: On track"]
    later = now + timedelta(seconds=1)
    update = return_update(by=second_officer, at=later, update=update, reason="One word is wrong.")
    publish_update(by=officer, at=later, commitment=commitment, round_=open_round, content=said, version=update.version)
    lately = client.get(strategy.get_absolute_url()).context["lately"]
    assert lately[0].text == f"1.1 Thing 1.1: update for {open_round.slug} approved"


def test_signed_in_officers_read_on_top_what_they_owe(signed_in, officer, strategy, commitment, open_round, now):
    ProgressUpdate.objects.create(commitment=commitment, round=open_round)
    assert "You have 1 update" not in text_of(signed_in(officer).get("/"))
    assign_people(by=officer, at=now, commitment=commitment, lead=officer)
    assert "You have 1 update to send, about 5 minutes." in text_of(signed_in(officer).get("/"))


def test_a_priority_has_its_own_row_and_its_years(client, officer, strategy, commitment, open_round, now):
    publish_update(
        by=officer,
        at=now,
        commitment=commitment,
        round_=open_round,
        content=UpdateContent("on_track", "Good"),
        version=None,
    )
    response = client.get(reverse("commitments:priority", args=[strategy.slug, 1]))
    text = text_of(response)
    assert "Of 2 commitments, 1 is on track. 1 has had no update yet." in text
    ((round_name, (row,)),) = response.context["boards"]
    assert round_name == open_round.slug
    assert [tile.status.code for tile in row.tiles] == ["on_track", ""]
    assert client.get(reverse("commitments:priority", args=[strategy.slug, 9])).status_code == 404


def test_the_way_to_all_commitments_keeps_its_filters(client, strategy):
    assert client.get("/commitments/?status=on_track").url == f"{list_url(strategy)}?status=on_track"


def test_the_list_is_narrowed_by_each_filter(client, officer, partner, charity, strategy, commitment, area, now):
    other = strategy.commitments.get(reference="2.1")
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    assign_people(by=officer, at=now, commitment=commitment, lead=officer)
    set_partners(by=officer, at=now, commitment=other, partners=[(charity, "delivers")])
    make_evidence(partner, commitment, state="accepted", officer=officer, districts=(area,))
    url = list_url(strategy)
    assert shown(client.get(url)) == ["1.1", "1.2", "2.1", "2.2"]
    assert shown(client.get(f"{url}?status=on_track")) == ["1.1"]
    assert shown(client.get(f"{url}?status=none")) == ["1.2", "2.1", "2.2"]
    assert shown(client.get(f"{url}?status=none&status=on_track")) == ["1.1", "1.2", "2.1", "2.2"]
    assert shown(client.get(f"{url}?priority=2")) == ["2.1", "2.2"]
    assert shown(client.get(f"{url}?priority=2&status=on_track")) == []
    assert shown(client.get(f"{url}?lead={officer.pk}")) == ["1.1"]
    assert shown(client.get(f"{url}?organisation={charity.slug}")) == ["2.1"]
    assert shown(client.get(f"{url}?district={area.gss_code}")) == ["1.1"]
    assert shown(client.get(f"{url}?q=called 2.2")) == ["2.2"]
    assert shown(client.get(f"{url}?q=nothing+like+it")) == []


def test_a_district_is_also_where_a_delivery_partner_works(client, officer, strategy, commitment, area, now):
    helper = make_organisation(districts=[area])
    set_partners(by=officer, at=now, commitment=commitment, partners=[(helper, "hosts")])
    assert shown(client.get(f"{list_url(strategy)}?district={area.gss_code}")) == ["1.1"]


def test_evidence_that_is_not_published_places_nothing_in_a_district(
    client, officer, partner, strategy, commitment, area
):
    make_evidence(partner, commitment, state="accepted", officer=officer, districts=(area,), publishable=False)
    make_evidence(partner, commitment, state="submitted", districts=(area,))
    assert shown(client.get(f"{list_url(strategy)}?district={area.gss_code}")) == []


def test_what_is_chosen_can_be_taken_away_one_by_one(client, strategy):
    response = client.get(f"{list_url(strategy)}?status=none&status=on_track&q=thing&page=1")
    assert response.context["active"] == [
        {"label": "“thing”", "url": "?status=none&status=on_track"},
        {"label": "No update yet", "url": "?status=on_track&q=thing"},
        {"label": "On track", "url": "?status=none&q=thing"},
    ]
    assert response.context["heading"] == "4 commitments found"


@pytest.mark.parametrize(
    "query",
    [
        "status=green",
        "priority=99",
        "lead=0",
        "lead=abc",
        f"organisation={'x' * 201}",
        "district=X",
        "q=%00",
        f"q={'x' * 101}",
    ],
)
def test_a_value_that_is_not_offered_is_an_error_at_its_filter_and_hides_nothing(client, strategy, query):
    response = client.get(f"{list_url(strategy)}?{query}")
    assert response.status_code == 422
    assert shown(response) == ["1.1", "1.2", "2.1", "2.2"]
    text = text_of(response)
    assert "<title>Error: " in text
    assert "There is a problem" in text
    assert text.count("govuk-error-message") == 1


@pytest.mark.parametrize("page", ["0", "99999999999999999999", "x", "-1"])
def test_a_page_that_is_not_there_is_the_nearest_one(client, strategy, page):
    assert len(shown(client.get(f"{list_url(strategy)}?page={page}"))) == 4


def test_addresses_of_nothing_are_not_found(client, strategy):
    for path in ("strategies/none/", "strategies/none/commitments/", f"strategies/{strategy.slug}/commitments/9.9/"):
        assert client.get(f"/{path}").status_code == 404


@pytest.mark.parametrize("name", ["home", "strategies", "glance", "commitment-list", "all-commitments", "my-work"])
def test_pages_that_are_only_read_refuse_a_post(client, strategy, name):
    args = [strategy.slug] if name in {"glance", "commitment-list"} else []
    assert client.post(reverse(f"commitments:{name}", args=args)).status_code == 405


def public_pages(strategy: Strategy) -> list[str]:
    return [
        "/",
        "/strategies/",
        strategy.get_absolute_url(),
        reverse("commitments:priority", args=[strategy.slug, 1]),
        list_url(strategy),
        reverse("commitments:commitment", args=[strategy.slug, "thing-1-1"]),
    ]


def test_a_stranger_who_has_the_page_already_is_told_so_by_one_query(client, strategy, django_assert_num_queries):
    pages = public_pages(strategy)
    assert len(pages) == 6
    for page in pages:
        first = client.get(page)
        assert "no-cache" in first["Cache-Control"]
        assert "Cookie" in first["Vary"]
        with django_assert_num_queries(1):
            again = client.get(page, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        with django_assert_num_queries(1):
            assert client.get(page).content == first.content


def test_evidence_is_answered_from_memory_until_anything_is_written(
    client, signed_in, officer, partner, commitment, now, django_assert_num_queries
):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    draft = make_evidence(partner, commitment, title="A draft that nobody has sent")
    for page in ("/evidence/", piece.get_absolute_url()):
        first = client.get(page)
        with django_assert_num_queries(1):
            assert client.get(page).content == first.content
        with django_assert_num_queries(1):
            assert client.get(page, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert "csrfmiddlewaretoken" not in text_of(first)
        theirs = signed_in(partner).get(page)
        assert "ETag" not in theirs
        assert "Pat Partner" in text_of(theirs)
    assert signed_in(partner).get(draft.get_absolute_url()).status_code == 200
    assert client.get(draft.get_absolute_url()).status_code == 404
    record = {"evidence": piece, "given_by": "Everyone who was there.", "given_on": now.date(), "uses": ["portal"]}
    consent = record_consent(by=partner, at=now, **record)
    assert piece.title in text_of(client.get(piece.get_absolute_url()))
    withdraw_consent(by=partner, at=now, consent=consent)
    for page in ("/evidence/", piece.get_absolute_url()):
        assert piece.title not in text_of(client.get(page)), "what nobody agrees to any more is gone at once"
    withdraw_evidence(by=partner, at=now, evidence=piece)
    assert client.get(piece.get_absolute_url()).status_code == 404


def test_every_write_makes_a_new_version(client, officer, partner, charity, strategy, commitment, open_round, now):
    today = now.date()

    def said() -> None:
        change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")

    writes = [
        said,
        lambda: make_evidence(partner, commitment, state="accepted", officer=officer),
        lambda: set_partners(by=officer, at=now, commitment=commitment, partners=[(charity, "delivers")]),
        lambda: edit_organisation(
            by=partner_lead_of(charity), at=now, organisation=charity, changes={"name": "Rowan and Ash Trust"},
            districts=[], identifiers=[],
        ),
        lambda: Commitment.objects.filter(pk=commitment.pk).update(short_title="Another name"),
        lambda: Commitment.objects.filter(pk=commitment.pk).update(short_title="A third name"),
        lambda: make_round(strategy, years_ago=2),
        lambda: Strategy.objects.filter(pk=strategy.pk).update(title="Renamed"),
    ]  # fmt: skip
    seen = [public_version.current(today)]
    for write in writes:
        assert public_version.current(today) == seen[-1], "nothing was written in between"
        write()
        seen.append(public_version.current(today))
    assert len(set(seen)) == len(writes) + 1
    assert public_version.current(today + timedelta(days=1)) not in seen


def partner_lead_of(charity):
    from tests.factories import make_person

    return make_person("partner_lead", charity)


def test_what_was_written_is_on_the_page_at_once(client, officer, strategy, commitment, now):
    first = client.get("/")
    change_status(by=officer, at=now, commitment=commitment, to="on_track", reason="It began.")
    second = client.get("/", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert "1 is on track" in text_of(second)


def test_a_page_of_somebody_who_has_signed_in_is_never_kept(client, signed_in, officer, strategy):
    client.get("/")
    theirs = signed_in(officer).get("/")
    assert "Olive Officer" in text_of(theirs)
    assert "ETag" not in theirs
    assert "private" in theirs["Cache-Control"]
    assert "Olive Officer" not in text_of(client.get("/"))


def test_a_page_from_memory_has_every_header_of_the_first_one(client, strategy):
    for page in public_pages(strategy):
        first, again = client.get(page), client.get(page)
        assert dict(first.headers) == dict(again.headers)
        assert "script-src" in again["Content-Security-Policy"]


def test_a_page_from_memory_is_not_given_to_a_host_that_is_not_ours(client, strategy):
    client.get("/")
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_kept_pages_hold_no_token_of_anybody(client, strategy):
    for page in public_pages(strategy):
        assert "csrfmiddlewaretoken" not in text_of(client.get(page))


def test_a_message_for_one_person_is_not_kept_for_others(client, strategy):
    client.get("/")
    client.cookies["messages"] = "anything"
    assert "ETag" not in client.get("/")


def test_the_development_server_keeps_no_page(client, strategy, monkeypatch):
    monkeypatch.setenv("RUN_MAIN", "true")
    assert "ETag" not in client.get("/")


def test_an_upper_floor_can_have_its_own_watched(strategy, now):
    before = public_version.current(now.date())
    try:
        public_version.watch("(SELECT 41 + 1)")
        public_version.watch("(SELECT 41 + 1)")
        assert public_version._watched.count("(SELECT 41 + 1)") == 1
        assert public_version.current(now.date()) != before
    finally:
        public_version._watched.remove("(SELECT 41 + 1)")


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_database_has_cut_is_made_again(client, strategy):
    client.get("/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [number])
    other.close()
    assert client.get("/").status_code == 200


def test_a_district_filter_offers_the_districts(client, strategy):
    make_area("Oxford", "E07000178")
    assert "Oxford" in text_of(client.get(list_url(strategy)))
