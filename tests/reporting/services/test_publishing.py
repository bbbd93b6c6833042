"""Two people publish and withdraw: one proposes, another confirms or declines. One history, and the database holds to it."""

import threading
from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from psycopg2.errorcodes import CHECK_VIOLATION, RESTRICT_VIOLATION

from commitments.models import Round
from partners.models import Mail
from partners.services.access import end_access
from partners.services.roles import add_person_with_role
from reporting.models import Edition, Proposal, Withdrawal
from reporting.permissions import who_can_publish
from reporting.services import publishing, sealing
from tests import factories
from tests.factories import make_edition, make_person, make_round
from tests.reporting.app_role import connected_as_app
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db(transaction=True)
READ = {"facts", "comments", "steering-group", "newer"}
"""Every warning that these small editions can have."""


@pytest.fixture
def closed_round(strategy) -> Round:
    return make_round(strategy, years_ago=1)


@pytest.fixture
def draft(closed_round, officer) -> Edition:
    return make_edition(round_=closed_round, by=officer)


@pytest.fixture
def proposed(draft, officer, second_officer, now) -> Proposal:
    return propose(draft, officer, now)


@pytest.fixture
def sealed(closed_round, officer) -> Edition:
    return make_edition(round_=closed_round, by=officer, published=True)


def propose(edition: Edition, by: Any, at: Any) -> Proposal:
    return publishing.propose_publication(
        by=by, at=at, edition=edition, acknowledged=READ, reason="It is complete enough."
    )


# Proposing -------------------------------------------------------------------------------------------------------------------


def test_a_proposal_publishes_nothing_and_asks_everybody_else_who_may(
    draft, officer, second_officer, administrator, now
):
    made = propose(draft, officer, now)
    assert Edition.objects.get(pk=draft.pk).published_at is None
    assert (made.act, made.outcome, made.proposed_by) == ("publish", "", officer)
    assert {one["code"] for one in made.readiness} >= {"round", "consents", "files", "second-person", "facts"}
    assert set(Mail.objects.filter(kind="report:proposed").values_list("person", flat=True)) == {
        second_officer.pk,
        administrator.pk,
    }
    mail = Mail.objects.filter(kind="report:proposed").first()
    assert mail
    assert reverse("reporting:proposal", args=[made.pk]) in mail.text
    assert "It is complete enough." in mail.text


def test_proposing_twice_is_proposing_once_and_a_colleague_is_shown_the_first(draft, officer, second_officer, now):
    made = propose(draft, officer, now)
    assert propose(draft, officer, now) == made
    with pytest.raises(Refused, match="Olive Officer has already proposed this"):
        propose(draft, second_officer, now)
    assert Proposal.objects.count() == 1


def test_warnings_are_ticked_and_a_reason_is_given(draft, officer, second_officer, now):
    with pytest.raises(Refused, match="tick that you have read it"):
        publishing.propose_publication(by=officer, at=now, edition=draft, acknowledged=(), reason="So.")
    with pytest.raises(Refused, match="Say why the report should be published despite"):
        publishing.propose_publication(by=officer, at=now, edition=draft, acknowledged=READ, reason=" ")
    with pytest.raises(Refused, match="1,000 characters or fewer"):
        publishing.propose_publication(by=officer, at=now, edition=draft, acknowledged=READ, reason="x" * 1001)
    assert not Proposal.objects.exists()


def test_one_tick_does_not_stand_for_every_warning(draft, officer, second_officer, now):
    make_edition(round_=draft.round, by=officer)  # a newer one, which is a warning of its own
    codes = {warning.code for warning in publishing.readiness_for(officer, draft, now).warnings}
    assert len(codes) > 1
    for left in codes:
        with pytest.raises(Refused, match="tick that you have read it"):
            publishing.propose_publication(
                by=officer, at=now, edition=draft, acknowledged=codes - {left}, reason="It is complete enough."
            )


@pytest.mark.parametrize(("state", "words"), [("open", "The round is open"), ("in_review", "The round is in review")])
def test_nothing_is_published_while_its_round_is_running(draft, officer, second_officer, now, state, words):
    Round.objects.filter(pk=draft.round_id).update(state=state)
    with pytest.raises(Refused, match=f"{words}.*close it on its page"):
        propose(draft, officer, now)


@pytest.mark.parametrize("days", [0, 1])
def test_a_round_that_was_over_before_it_could_be_opened_can_be_published(draft, officer, second_officer, now, days):
    """It was planned when the portal came, and nobody can open it any more once its last day is past."""
    last = now.date() - timedelta(days=days)
    Round.objects.filter(pk=draft.round_id).update(state="planned", closes_on=last, grace_until=last)
    if days:
        assert propose(draft, officer, now).outcome == ""
    else:
        with pytest.raises(Refused, match="has not been opened yet"):
            propose(draft, officer, now)


def test_one_person_alone_is_told_who_gives_somebody_the_right(draft, officer, partner, steering_member, now):
    with pytest.raises(Refused, match=r"Nobody else can confirm it\. An administrator can give"):
        propose(draft, officer, now)
    second = make_person("administrator")
    assert propose(draft, officer, now)
    end_access(by=make_person("administrator"), at=now, person=second, reason="Left.")
    assert second not in who_can_publish(draft.round.strategy)


def test_who_can_publish_are_active_people_whose_role_has_not_ended(
    draft, officer, administrator, partner, steering_member, nobody
):
    assert list(who_can_publish(draft.round.strategy)) == [administrator, officer]


# Deciding --------------------------------------------------------------------------------------------------------------------


def test_a_second_person_publishes_it(proposed, draft, officer, second_officer, now):
    done = publishing.confirm_proposal(by=second_officer, at=now, proposal=proposed, acknowledged=READ)
    edition = Edition.objects.get(pk=draft.pk)
    assert (edition.published_by, edition.published_at) == (second_officer, now)
    assert (done.outcome, done.decided_by, done.decided_at) == ("confirmed", second_officer, now)
    assert {one["code"] for one in done.decision_readiness} >= {"round", "files"}
    told = Mail.objects.get(kind="report:decided")
    assert (told.person, "Oscar Officer has confirmed" in told.text) == (officer, True)
    assert not Mail.objects.filter(kind="report:proposed", state="waiting").exists(), "nobody is asked any more"


def test_the_proposer_can_not_confirm_whatever_roles_they_hold(draft, council, second_officer, now):
    both = make_person("administrator", name="Ada Both")
    add_person_with_role(by=None, at=now, email=both.email, name=both.name, role="officer", organisation=council)
    made = propose(draft, both, now)
    with pytest.raises(Refused, match="another person has to confirm"):
        publishing.confirm_proposal(by=both, at=now, proposal=made, acknowledged=READ)
    with pytest.raises(Refused, match="another person has to confirm"):
        publishing.decline_proposal(by=both, at=now, proposal=made, reason="No.")
    assert Edition.objects.get(pk=draft.pk).published_at is None


@pytest.mark.parametrize("who", ["partner", "steering_member", "nobody"])
def test_only_those_who_publish_decide(proposed, request, now, who):
    person = request.getfixturevalue(who)
    for act in (
        lambda: publishing.confirm_proposal(by=person, at=now, proposal=proposed, acknowledged=READ),
        lambda: publishing.decline_proposal(by=person, at=now, proposal=proposed, reason="No."),
        lambda: publishing.cancel_proposal(by=person, at=now, proposal=proposed),
    ):
        with pytest.raises(Refused, match="Only"):
            act()


def test_the_second_person_reads_the_warnings_too_and_is_stopped_by_what_changed_meanwhile(
    proposed, second_officer, now
):
    with pytest.raises(Refused, match="tick that you have read it"):
        publishing.confirm_proposal(by=second_officer, at=now, proposal=proposed)
    Round.objects.filter(pk=proposed.edition.round_id).update(state="open")
    with pytest.raises(Refused, match="The round is open"):
        publishing.confirm_proposal(by=second_officer, at=now, proposal=proposed, acknowledged=READ)
    assert Edition.objects.get().published_at is None
    assert Proposal.objects.get().outcome == ""


def test_declining_needs_a_reason_and_leaves_the_draft_to_be_proposed_again(
    proposed, draft, officer, second_officer, now
):
    with pytest.raises(Refused, match="Say why you are declining"):
        publishing.decline_proposal(by=second_officer, at=now, proposal=proposed, reason=" ")
    publishing.decline_proposal(by=second_officer, at=now, proposal=proposed, reason="The foreword is last year’s.")
    told = Mail.objects.get(kind="report:decided")
    assert (told.person, "The foreword is last year’s." in told.text) == (officer, True)
    with pytest.raises(Refused, match="Oscar Officer declined this proposal"):
        publishing.confirm_proposal(by=make_person("administrator"), at=now, proposal=proposed, acknowledged=READ)
    assert propose(draft, second_officer, now).outcome == ""
    assert Proposal.objects.count() == 2


def test_whoever_proposed_it_cancels_it_and_nobody_else(proposed, draft, officer, second_officer, now):
    with pytest.raises(Refused, match="Only the person who made this proposal"):
        publishing.cancel_proposal(by=second_officer, at=now, proposal=proposed)
    for _ in range(2):
        assert publishing.cancel_proposal(by=officer, at=now, proposal=proposed).outcome == "cancelled"
    assert not Mail.objects.filter(kind="report:proposed", state="waiting").exists()
    with pytest.raises(Refused, match="cancelled this proposal"):
        publishing.confirm_proposal(by=second_officer, at=now, proposal=proposed, acknowledged=READ)


def test_a_withdrawal_is_proposed_with_its_reason_and_confirmed(sealed, officer, second_officer, partner, now):
    with pytest.raises(Refused, match="Only a council officer"):
        publishing.propose_withdrawal(by=partner, at=now, edition=sealed, reason="Wrong.")
    made = publishing.propose_withdrawal(by=officer, at=now, edition=sealed, reason=" A figure was wrong. ")
    assert not Withdrawal.objects.exists()
    assert publishing.propose_withdrawal(by=officer, at=now, edition=sealed, reason="Again.") == made
    publishing.confirm_proposal(by=second_officer, at=now, proposal=made)
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.reason, withdrawal.by, withdrawal.edition) == ("A figure was wrong.", second_officer, sealed)


def test_nobody_withdraws_alone(sealed, officer, now):
    factories.second_person().role_grants.update(ended_at=now, ended_by=officer)
    with pytest.raises(Refused, match="Nobody else can confirm it"):
        publishing.propose_withdrawal(by=officer, at=now, edition=sealed, reason="Wrong.")


def test_a_draft_that_is_proposed_is_not_removed_and_one_that_was_declined_is(
    proposed, draft, officer, second_officer, now
):
    with pytest.raises(Refused, match="Decline or cancel the proposal first"):
        sealing.discard_edition(by=officer, at=now, edition=draft)
    publishing.decline_proposal(by=second_officer, at=now, proposal=proposed, reason="Not yet.")
    sealing.discard_edition(by=officer, at=now, edition=draft)
    assert not Edition.objects.exists()


# Two at once -----------------------------------------------------------------------------------------------------------------


def in_thread(act: Any) -> tuple[threading.Thread, dict[str, Any]]:
    found: dict[str, Any] = {}

    def run() -> None:
        try:
            found["did"] = act()
        except BaseException as error:
            found["error"] = error
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def test_of_two_who_confirm_at_once_one_publishes(proposed, draft, second_officer, administrator, now):
    with transaction.atomic():
        publishing.confirm_proposal(by=second_officer, at=now, proposal=proposed, acknowledged=READ)
        thread, found = in_thread(
            lambda: publishing.confirm_proposal(by=administrator, at=now, proposal=proposed, acknowledged=READ)
        )
        thread.join(0.5)
        assert thread.is_alive(), "the second waits for the first"
    thread.join(10)
    assert isinstance(found.get("error"), Refused)
    assert "Oscar Officer confirmed this proposal" in found["error"].sentence
    assert Edition.objects.get(pk=draft.pk).published_by == second_officer
    assert Mail.objects.filter(kind="report:decided").count() == 1


def test_confirming_and_cancelling_at_once_do_one_of_the_two(proposed, draft, officer, second_officer, now):
    with transaction.atomic():
        publishing.cancel_proposal(by=officer, at=now, proposal=proposed)
        thread, found = in_thread(
            lambda: publishing.confirm_proposal(by=second_officer, at=now, proposal=proposed, acknowledged=READ)
        )
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert isinstance(found.get("error"), Refused)
    assert Edition.objects.get(pk=draft.pk).published_at is None


def test_a_second_click_on_confirm_changes_nothing(proposed, second_officer, now):
    first = publishing.confirm_proposal(by=second_officer, at=now, proposal=proposed, acknowledged=READ)
    again = publishing.confirm_proposal(
        by=second_officer, at=now + timedelta(hours=1), proposal=proposed, acknowledged=READ
    )
    assert again.decided_at == first.decided_at


# The database holds to it ----------------------------------------------------------------------------------------------------

INSERT = (
    "INSERT INTO reporting_proposal (edition_id, act, reason, readiness, proposed_at, proposed_by_id, outcome, decided_at,"
    " decided_by_id, decision_reason, decision_readiness) VALUES (%(draft)s, 'publish', '', '[]', now(), %(one)s, "
)
BY_SQL = {
    # One person alone publishes nothing, and nothing is published on the way in.
    "UPDATE reporting_edition SET published_at = now(), published_by_id = %(one)s WHERE id = %(draft)s": RESTRICT_VIOLATION,
    "UPDATE reporting_edition SET published_at = now(), published_by_id = %(two)s WHERE id = %(draft)s": RESTRICT_VIOLATION,
    "INSERT INTO reporting_edition (round_id, number, state, requested_at, stage, done, total, attempts, attempts_allowed, error,"
    " facts, facts_sha256, made_with, published_at, published_by_id) SELECT round_id, 99, 'ready', now(), '', 0, 0, 0, 3, '', '{}', 'x',"
    " '{}', now(), %(one)s FROM reporting_edition WHERE id = %(draft)s": RESTRICT_VIOLATION,
    f"{INSERT} 'confirmed', now(), %(two)s, '', '[]')": RESTRICT_VIOLATION,
    "UPDATE reporting_proposal SET outcome = 'confirmed', decided_at = now(), decided_by_id = %(one)s WHERE id = %(waiting)s": CHECK_VIOLATION,
    "UPDATE reporting_proposal SET outcome = 'declined', decided_at = now(), decided_by_id = %(one)s WHERE id = %(waiting)s": CHECK_VIOLATION,
    "UPDATE reporting_proposal SET outcome = 'cancelled', decided_at = now(), decided_by_id = %(two)s WHERE id = %(waiting)s": CHECK_VIOLATION,
    # What was proposed stays as it was.
    "UPDATE reporting_proposal SET proposed_by_id = %(two)s WHERE id = %(waiting)s": RESTRICT_VIOLATION,
    "UPDATE reporting_proposal SET readiness = '[]' WHERE id = %(waiting)s": RESTRICT_VIOLATION,
    "UPDATE reporting_proposal SET reason = 'Another.' WHERE id = %(waiting)s": RESTRICT_VIOLATION,
    "UPDATE reporting_proposal SET act = 'withdraw' WHERE id = %(waiting)s": RESTRICT_VIOLATION,
    "UPDATE reporting_proposal SET proposed_at = now() WHERE id = %(waiting)s": RESTRICT_VIOLATION,
    "UPDATE reporting_proposal SET edition_id = %(sealed)s WHERE id = %(waiting)s": RESTRICT_VIOLATION,
    # What was decided too.
    "UPDATE reporting_proposal SET decided_by_id = %(three)s WHERE edition_id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_proposal SET outcome = '', decided_at = NULL, decided_by_id = NULL WHERE edition_id = %(sealed)s": RESTRICT_VIOLATION,
    "DELETE FROM reporting_proposal WHERE edition_id = %(sealed)s": RESTRICT_VIOLATION,
    # A withdrawal needs two people as well.
    "INSERT INTO reporting_withdrawal (edition_id, at, by_id, reason) VALUES (%(sealed)s, now(), %(one)s, 'x')": RESTRICT_VIOLATION,
    "INSERT INTO reporting_withdrawal (edition_id, at, by_id, reason) VALUES (%(sealed)s, now(), %(two)s, 'x')": RESTRICT_VIOLATION,
}  # fmt: skip


def test_the_applications_own_role_can_not_do_alone_what_two_people_do(
    proposed, draft, officer, second_officer, administrator, closed_round
):
    sealed = make_edition(round_=closed_round, by=officer, published=True)
    keys = {
        "draft": draft.pk, "sealed": sealed.pk, "waiting": proposed.pk, "one": officer.pk, "two": second_officer.pk,
        "three": administrator.pk,
    }  # fmt: skip
    before = list(Proposal.objects.order_by("id").values())
    found = {}
    with connected_as_app() as app:
        for statement in BY_SQL:
            try:
                with app, closing(app.cursor()) as cursor:
                    cursor.execute(statement, keys)
                found[statement] = "nothing"
            except psycopg2.Error as error:
                found[statement] = str(error.pgcode)
    assert found == BY_SQL
    assert list(Proposal.objects.order_by("id").values()) == before
    assert not Withdrawal.objects.exists()


def test_a_confirmed_publication_does_not_let_anybody_withdraw_an_edition_of_another_round(
    proposed, strategy, officer, second_officer, now
):
    other = make_edition(round_=make_round(strategy, years_ago=2), by=officer, published=True)
    publishing.confirm_proposal(by=second_officer, at=now, proposal=proposed, acknowledged=READ)
    with pytest.raises(IntegrityError, match="nobody has confirmed"), transaction.atomic():
        sealing.withdraw(by=second_officer, at=now, edition=other, reason="Wrong.")
    with pytest.raises(IntegrityError, match="nobody has confirmed"), transaction.atomic():
        sealing.withdraw(by=second_officer, at=now, edition=proposed.edition, reason="Wrong.")
