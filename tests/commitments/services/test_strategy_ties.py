"""Loading a strategy decides whose say it is: its supporting organisation, the flags, and the second step of leads."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.urls import reverse

from commitments.models import HistoryEntry, Strategy
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from partners import roles
from partners.models import HistoryEntry as OrganisationHistory
from partners.models import Organisation, User
from partners.permissions import has_permission_here, needs_second_step
from partners.services.invitations import invite
from partners.services.organisations import edit_organisation
from partners.services.removal import remove_listing
from partners.services.roles import add_person_with_role
from partners.services.standing import end_organisation
from tests.factories import make_organisation, make_person, make_strategy
from tests.partners.doing import ask_for_code, enter_code, newest_code
from vcsportal.common.data_file import Faulty
from vcsportal.common.words import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
FILE = """\
[strategy]
slug = "together"
title = "Working together"
vision = "A strong sector."
source = "Made for a test."
starts_on = 2022-04-01
ends_on = 2027-03-31
{supported}
[strategy.owner]
slug = "{owner}"
name = "{owner}"
kind = "{kind}"
[[priority]]
number = 1
title = "Meeting"
[[priority.commitment]]
reference = "1.1"
wording = "Meet every month."
short_title = "Meet"
ongoing = true
"""


def load(now: Any, supported: str = "", owner: str = "consortium", kind: str = "infrastructure_body") -> list[str]:
    """Load the file; return what changed."""
    line = f'supported_by = "{supported}"' if supported else ""
    entry = read(FILE.format(supported=line, owner=owner, kind=kind))
    return load_strategy(by=None, at=now, entry=entry).changes


def fresh(thing: Any) -> Any:
    return type(thing).objects.get(pk=thing.pk)


@pytest.fixture
def hub(db: None) -> Organisation:
    return make_organisation("The Hub", "charity", slug="the-hub")


@pytest.fixture
def consortium(db: None) -> Organisation:
    return make_organisation("The Consortium", "infrastructure_body", slug="consortium")


def test_the_file_names_who_supports_the_owner_and_ends_it_by_leaving_the_name_out(hub, consortium, now):
    lead = make_person("partner_lead", hub)
    load(now)
    strategy = Strategy.objects.get()
    assert strategy.supported_by is None
    assert load(now, "the-hub") == ["Amended the strategy, supported_by: “None” becomes “The Hub”."]
    assert load(now, "the-hub") == []
    assert has_permission_here(fresh(lead), roles.UPDATE_COMMITMENTS, fresh(strategy))
    assert load(now)
    assert not has_permission_here(fresh(lead), roles.UPDATE_COMMITMENTS, fresh(strategy))
    assert (fresh(hub).supports_strategies, fresh(consortium).owns_strategies) == (False, True)
    told = OrganisationHistory.objects.filter(act="strategies", organisation=hub).order_by("id")
    assert [entry.detail for entry in told] == [
        "supports the owner of a strategy",
        "neither owns nor supports a strategy",
    ]
    assert HistoryEntry.objects.filter(act="amend", said__strategy="together").count() == 2


@pytest.mark.parametrize(
    ("supported", "owner", "kind", "sentence"),
    [
        ("nowhere", "consortium", "infrastructure_body", "“nowhere” is not an organisation in the portal. Add it first."),
        ("the-hub", "town-council", "public_body", "town-council is a public body, so its own officers answer for this strategy."),
        ("consortium", "consortium", "infrastructure_body", "The Consortium owns this strategy, so it can’t also support"),
    ],
)  # fmt: skip
def test_what_cannot_support_the_owner_is_a_fault_with_its_line_and_field(
    supported, owner, kind, sentence, hub, consortium, now
):
    with pytest.raises(Faulty) as refused:
        load(now, supported, owner, kind)
    [fault] = refused.value.faults
    assert (fault.line, fault.field) == (1, "supported_by")
    assert fault.sentence.startswith(sentence)
    assert not Strategy.objects.exists()


def test_a_new_owner_takes_the_say_from_the_one_before(hub, consortium, now):
    before, after = make_person("partner_lead", consortium), make_person("partner_lead", hub)
    load(now)
    load(now, owner="the-hub", kind="charity")
    strategy = Strategy.objects.get()
    may = [has_permission_here(fresh(person), roles.APPROVE_UPDATES, strategy) for person in (before, after)]
    assert may == [False, True]
    assert not needs_second_step(fresh(before))


# The second step ---------------------------------------------------------------------------------------------------------


def test_a_lead_who_gains_a_say_has_the_time_to_set_up_a_second_step_and_is_led_to_it(
    hub, consortium, charity, now, client
):
    from tests.signing_in import sign_in

    lead, contributor, other = (
        make_person("partner_lead", consortium),
        make_person("partner_contributor", consortium),
        make_person("partner_lead", charity),
    )
    client = sign_in(client, lead, second_step=False)
    assert client.get(reverse("commitments:my-work")).status_code == 200
    load(now)
    until = now + timedelta(days=settings.SECOND_STEP_DAYS)
    assert [fresh(person).second_step_until for person in (lead, contributor, other)] == [until, None, None]
    assert [needs_second_step(fresh(person)) for person in (lead, contributor, other)] == [True, False, False]
    answer = client.get(reverse("commitments:my-work"))
    assert answer.headers["Location"] == reverse("partners:second-step")
    page = client.get(answer.headers["Location"]).text
    assert "Set up your second step" in page
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    load(now + timedelta(days=2), "the-hub")
    assert fresh(lead).second_step_until == until  # loading again gives no further time


def test_an_officer_of_a_council_that_comes_to_support_a_strategy_gets_no_second_time_to_set_one_up(
    council, consortium, now
):
    officer = make_person("officer", council)
    User.objects.filter(pk=officer.pk).update(second_step_until=None)
    load(now, council.slug)
    assert fresh(council).supports_strategies
    assert fresh(officer).second_step_until is None


def test_an_emailed_code_no_longer_lets_such_a_lead_in_and_still_lets_other_leads_in(consortium, charity, now, client):
    lead, other = make_person("partner_lead", consortium), make_person("partner_lead", charity)
    load(now)
    ask_for_code(client, lead.email)
    assert "sign in with a password" in mail.outbox[-1].body
    ask_for_code(client, other.email)
    assert enter_code(client, newest_code()).headers["Location"] == reverse("commitments:my-work")


def test_a_lead_named_later_has_the_time_too(consortium, charity, now):
    load(now)
    consortium.refresh_from_db()
    for organisation, role, opened in (
        (consortium, "partner_lead", True),
        (consortium, "partner_contributor", False),
        (charity, "partner_lead", False),
    ):
        person = make_person(role, organisation)
        assert (fresh(person).second_step_until is not None) is opened


def test_the_upgrade_notes_who_owns_strategies_and_gives_leads_of_owners_the_time(council, consortium, charity, now):
    make_strategy(council)
    make_strategy(consortium, slug="theirs", opens_first=False)
    Organisation.objects.update(owns_strategies=False)
    people = [make_person("partner_lead", where) for where in (consortium, council, charity)]
    import_module("commitments.migrations.0025_supported_by").owners(apps, None)
    assert [fresh(where).owns_strategies for where in (consortium, council, charity)] == [True, True, False]
    assert [fresh(person).second_step_until is not None for person in people] == [True, False, False]


def test_the_strategys_page_names_who_supports_the_owner(hub, consortium, now, client):
    load(now)
    assert "is supported by" not in client.get(reverse("commitments:glance", args=["together"])).text
    load(now, "the-hub")
    page = client.get(reverse("commitments:glance", args=["together"])).text
    assert "The Consortium is supported by" in page
    assert "/organisations/the-hub/" in page


def test_the_api_names_who_supports_the_owner(hub, consortium, now, client):
    load(now)
    address = "/api/v1/strategies/together/"
    assert client.get(address).json()["supported_by"] is None
    load(now, "the-hub")
    assert client.get(address).json()["supported_by"] == {"slug": "the-hub", "name": "The Hub"}


def test_only_an_administrator_changes_by_file_who_answers(hub, consortium, administrator, now):
    load(now)
    lead = make_person("partner_lead", fresh(consortium))
    again = {"owner": "consortium", "kind": "infrastructure_body"}
    same = read(FILE.format(supported="", **again))
    other = read(FILE.format(supported='supported_by = "the-hub"', **again))
    assert load_strategy(by=fresh(lead), at=now, entry=same).changes == []
    with pytest.raises(NotAllowed, match="Only an administrator can change who answers for a strategy"):
        load_strategy(by=fresh(lead), at=now, entry=other)
    assert load_strategy(by=administrator, at=now, entry=other).changes


def test_the_public_reads_of_a_contact_where_the_owner_is_no_council(council, officer, consortium, now):
    from partners.reading.public_names import name_column, public_name

    load(now)
    lead = make_person("partner_lead", fresh(consortium))
    make_strategy(council)
    for person, slug, words in (
        (lead, "together", "Contact, The Consortium"),
        (officer, "our-strategy", "Council officer, Oxfordshire County Council"),
    ):
        strategy = Strategy.objects.get(slug=slug)
        strategy.commitments.update(lead_officer=person)
        assert public_name(person, strategy.owner) == words
        rows = strategy.commitments.annotate(shown=name_column(None, "lead_officer", "strategy__owner"))
        assert set(rows.values_list("shown", flat=True)) == {words}


# What guards it ----------------------------------------------------------------------------------------------------------


def test_a_lead_does_not_make_their_own_second_person(consortium, charity, now):
    load(now)
    Organisation.objects.update(email_domains=["example.org"])
    states = {}
    for name, organisation in (("owner", fresh(consortium)), ("other", fresh(charity))):
        lead = User.objects.get(pk=make_person("partner_lead", organisation).pk)
        for role in roles.PARTNER_ROLES:
            made = invite(
                by=lead, at=now, email=f"{name}-{role}@example.org".replace("_", "-"), name="Nia New", role=role,
                organisation=organisation,
            )  # fmt: skip
            states[name, role] = made.state
    assert {key for key, state in states.items() if state == "waiting"} == {("owner", "partner_lead")}


@pytest.mark.parametrize("kind", ["charity", "public_body"])
def test_whether_an_owner_is_a_public_body_is_not_changed_on_its_page(kind, administrator, now):
    owner = make_organisation("The Owner", kind)
    make_strategy(owner)
    others = {"charity": "public_body", "public_body": "charity"}
    values: dict[str, Any] = {"by": administrator, "at": now, "districts": (), "identifiers": ()}
    with pytest.raises(Invalid, match="The Owner owns a strategy") as refused:
        edit_organisation(organisation=owner, changes={"kind": others[kind]}, **values)
    assert refused.value.field == "kind"
    free = make_organisation("Free", kind)
    assert edit_organisation(organisation=free, changes={"kind": others[kind]}, **values).kind == others[kind]
    if kind == "charity":
        assert edit_organisation(organisation=owner, changes={"kind": "cic"}, **values).kind == "cic"


def test_a_group_has_partner_leads_only_where_it_answers_for_a_strategy(now):
    group = make_organisation("The Partnership", "partnership_group")
    values: dict[str, Any] = {"by": None, "at": now, "email": "lea@example.org", "name": "Lea Lead"}
    with pytest.raises(Invalid, match="steering-group members"):
        add_person_with_role(role="partner_lead", organisation=group, **values)
    make_strategy(group)
    person = add_person_with_role(role="partner_lead", organisation=fresh(group), **values)
    assert has_permission_here(fresh(person), roles.UPDATE_COMMITMENTS, Strategy.objects.get())


def test_ones_account_names_the_strategies_that_one_answers_for(council, officer, consortium, charity, now, signed_in):
    make_strategy(council)
    load(now)
    consortium.refresh_from_db()
    for person, titles in (
        (make_person("partner_lead", consortium), ["Working together"]),
        (officer, ["Strategy our-strategy"]),
        (make_person("partner_lead", charity), []),
    ):
        page = signed_in(person).get(reverse("partners:account")).text
        assert ("You answer for" in page) is bool(titles)
        assert all(title in page for title in titles)


def test_a_refusal_names_council_officers_only_for_a_councils_strategy(council, consortium, charity, now):
    from commitments.permissions.progress import check_can_update_commitment

    own, theirs = make_strategy(council), make_strategy(consortium, slug="theirs", opens_first=False)
    outsider = make_person("partner_lead", charity)
    for strategy, words in (
        (own, "Only a council officer can"),
        (theirs, "Only someone who answers for this strategy can"),
    ):
        with pytest.raises(NotAllowed, match=words):
            check_can_update_commitment(outsider, strategy.commitments.get(reference="1.1"))


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("named", ["owner", "supported"])
def test_a_file_names_no_owner_and_no_supporter_that_has_ended_or_was_removed(administrator, now, removed, named):
    gone = make_organisation("Consortium", "infrastructure_body", slug="gone")
    end_organisation(by=None, at=now, organisation=gone, ended_on=None, succeeded_by=None)
    if removed:
        remove_listing(by=administrator, at=now, organisation=gone, why="It asked us to.")
    with pytest.raises(Faulty, match="Consortium has ended or was removed"):
        load(now, **{named: "gone"})
    assert not Strategy.objects.exists()


def test_a_file_of_an_owner_that_ended_since_is_loaded_again(now):
    load(now)
    end_organisation(
        by=None, at=now, organisation=Organisation.objects.get(slug="consortium"), ended_on=None, succeeded_by=None
    )
    assert load(now) == []
