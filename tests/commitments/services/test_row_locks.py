"""What two people do at the same moment: whoever comes second finds what the first has left, and nothing is overwritten."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import DeliveryPartner, IndicatorTarget, IndicatorValue, ProgressUpdate, RoundTask, SectorView
from commitments.rules.indicators import IndicatorFigure
from commitments.services.commitment_people import assign_people
from commitments.services.handover import hand_over
from commitments.services.indicators import (
    FigureInput,
    IndicatorDefinition,
    TargetInput,
    approve_value,
    define_indicator,
    enter_values,
    set_targets,
)
from commitments.services.partner_views import give_view
from commitments.services.plan_details import PlanDetails, change_plan, edit_plan
from commitments.services.progress import save_update
from commitments.services.rounds import close_round, lock_round, open_round
from commitments.services.tasks import hand_task
from commitments.services.update_approval import return_update
from tests.factories import publish_update
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST_WAIT_SECONDS = 20


def wait_until_somebody_waits_for_us(or_until: threading.Event) -> None:
    """Return once another connection waits for a lock that this one holds, or what it does has ended without waiting."""
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while not or_until.wait(timeout=0.01):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
            )
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < until, "nobody came"


def meanwhile(first: Callable[[], object], second: Callable[[], object]) -> object:
    """What becomes of ``second`` that begins while ``first`` is done and not yet kept; a refusal is its sentence."""
    done, followed = threading.Event(), threading.Event()
    said: list[object] = []

    def begin() -> None:
        try:
            with transaction.atomic():
                first()
                done.set()
                wait_until_somebody_waits_for_us(followed)
        except Exception as error:
            said.append(error)
        finally:
            done.set()
            connection.close()

    def follow() -> None:
        try:
            done.wait(timeout=20)
            said.append(second())
        except Refused as refused:
            said.append(refused.sentence)
        except Exception as error:
            said.append(error)
        finally:
            followed.set()
            connection.close()

    threads = [threading.Thread(target=one) for one in (begin, follow)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    wrong = [one for one in said if isinstance(one, Exception)]
    assert not wrong, wrong
    assert len(said) == 1
    return said[0]


@pytest.fixture
def count(officer, commitment):
    what = IndicatorDefinition("1.1a", "Volunteers in touch", unit="people")
    return define_indicator(by=officer, at=timezone.now(), of=commitment, what=what)


@pytest.fixture
def planned(strategy, open_round):
    """The round before it is opened."""
    open_round.state = "planned"
    open_round.save()
    return open_round


def test_a_task_handed_on_while_its_update_is_saved_stays_handed_on(officer, second_officer, commitment, open_round):
    now = timezone.now()
    ProgressUpdate.objects.create(commitment=commitment, round=open_round, owed_by=officer)
    task = RoundTask.objects.create(round=open_round, person=officer, made_at=now)
    meanwhile(
        partial(hand_task, by=officer, at=now, task=task, to=second_officer, why="Away."),
        partial(
            save_update, by=officer, at=now, commitment=commitment, round_=open_round, content=UpdateContent("", narrative="Half."),
            version=0,
        ),
    )  # fmt: skip
    update = ProgressUpdate.objects.get()
    assert update.narrative == "Half."
    assert update.owed_by == second_officer


def test_a_round_that_closes_and_a_view_that_is_given_do_not_stop_each_other(
    administrator, partner_lead, charity, commitment, open_round
):
    now = timezone.now()
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)

    locked, viewed = threading.Event(), threading.Event()

    def close() -> None:
        lock_round(open_round)
        locked.set()
        wait_until_somebody_waits_for_us(viewed)
        close_round(by=administrator, at=now, round_=open_round)

    def view() -> None:
        locked.wait(LONGEST_WAIT_SECONDS)
        give_view(
            by=partner_lead, at=now, commitment=commitment, round_=open_round, organisation=charity, status="on_track",
            reason="It runs.", differs=False, version=None,
        )  # fmt: skip

    said: list[object] = []

    def view_and_say_so() -> None:
        said.append(_outcome(view))
        viewed.set()

    closing = threading.Thread(target=lambda: said.append(_outcome(close)))
    viewing = threading.Thread(target=view_and_say_so)
    for one in (closing, viewing):
        one.start()
    for one in (closing, viewing):
        one.join(timeout=30)
    assert [one for one in said if isinstance(one, str)] == [one for one in said if one is not None]
    assert any("send one today" in str(one) for one in said)
    assert not SectorView.objects.exists()


def _outcome(act: Callable[[], object]) -> object:
    try:
        with transaction.atomic():
            return act()
    except Refused as refused:
        return refused.sentence
    except Exception as error:
        return error
    finally:
        connection.close()


def test_nothing_is_counted_or_aimed_at_in_a_round_that_closes_meanwhile(
    administrator, officer, count, strategy, open_round
):
    now = timezone.now()
    close = partial(close_round, by=administrator, at=now, round_=open_round)
    entry = FigureInput(count, IndicatorFigure(Decimal(9)))
    said = meanwhile(close, partial(enter_values, by=officer, at=now, round_=open_round, entries=[entry]))
    assert "is closed, so its figures cannot change" in str(said)
    assert not IndicatorValue.objects.exists()


def test_a_target_is_not_set_in_a_round_that_closes_meanwhile(administrator, officer, count, open_round):
    now = timezone.now()
    close = partial(close_round, by=administrator, at=now, round_=open_round)
    said = meanwhile(
        close,
        partial(set_targets, by=officer, at=now, indicator=count, round_=open_round, aims=[TargetInput(Decimal(3))]),
    )
    assert "is closed, so its targets stay" in str(said)
    assert not IndicatorTarget.objects.exists()


def test_a_round_is_not_closed_while_a_figure_is_being_supplied(
    administrator, officer, partner, charity, commitment, count, open_round
):
    now = timezone.now()
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)
    supply = partial(
        enter_values, by=partner, at=now, round_=open_round, entries=[FigureInput(count, IndicatorFigure(Decimal(9)))]
    )
    close = partial(close_round, by=administrator, at=now, round_=open_round)
    assert "1 figure is waiting for a council officer" in str(meanwhile(supply, close))
    approve_value(by=officer, at=now, value=IndicatorValue.objects.get())
    assert close_round(by=administrator, at=now, round_=open_round).state == "closed"


def test_an_approved_update_is_not_returned_from_a_round_that_closes_meanwhile(
    administrator, officer, second_officer, commitment, open_round
):
    now = timezone.now()
    update = publish_update(
        by=officer, at=now, commitment=commitment, round_=open_round, content=UpdateContent("on_track", "It began.")
    )
    close = partial(close_round, by=administrator, at=now, round_=open_round)
    said = meanwhile(close, partial(return_update, by=second_officer, at=now, update=update, reason="Which hall?"))
    assert "is closed" in str(said)
    update.refresh_from_db()
    assert update.state == "published"


def test_whoever_leads_from_now_on_owes_the_update_of_a_round_that_opens_meanwhile(
    administrator, officer, second_officer, strategy, planned
):
    now = timezone.now()
    strategy.commitments.update(lead_officer=officer)
    first = strategy.commitments.get(reference="1.1")
    meanwhile(
        partial(open_round, by=administrator, at=now, round_=planned),
        partial(assign_people, by=administrator, at=now, commitment=first, lead=second_officer),
    )
    assert ProgressUpdate.objects.get(commitment=first).owed_by == second_officer


def test_nothing_is_left_behind_by_a_hand_over_while_a_round_opens(
    administrator, officer, second_officer, strategy, planned
):
    now = timezone.now()
    strategy.commitments.update(lead_officer=officer)
    meanwhile(
        partial(open_round, by=administrator, at=now, round_=planned),
        partial(hand_over, by=administrator, at=now, person=officer, to=second_officer, why="Another post."),
    )
    assert {one.owed_by for one in ProgressUpdate.objects.select_related("owed_by")} == {second_officer}


def test_two_commitments_never_replace_each_other_though_both_are_tied_at_once(officer, second_officer, commitment):
    here, there = commitment, commitment.strategy.commitments.get(reference="1.2")
    outcome = meanwhile(
        lambda: edit_plan(by=officer, at=timezone.now(), commitment=here, plan=PlanDetails(follows=there)),
        lambda: edit_plan(by=second_officer, at=timezone.now(), commitment=there, plan=PlanDetails(follows=here)),
    )
    assert "in a circle" in str(outcome)
    there.refresh_from_db()
    assert there.follows is None


def test_four_commitments_are_never_tied_in_a_circle_by_two_who_share_none_of_them(officer, second_officer, commitment):
    first, second, third, fourth = commitment.strategy.commitments.in_order()[:4]
    for here, there in ((first, second), (third, fourth)):
        edit_plan(by=officer, at=timezone.now(), commitment=here, plan=PlanDetails(follows=there))
    outcome = meanwhile(
        lambda: edit_plan(by=officer, at=timezone.now(), commitment=second, plan=PlanDetails(follows=third)),
        lambda: edit_plan(by=second_officer, at=timezone.now(), commitment=fourth, plan=PlanDetails(follows=first)),
    )
    assert "in a circle" in str(outcome)


def test_details_that_are_left_out_are_those_that_a_colleague_saves_at_the_same_moment(
    officer, second_officer, commitment
):
    other = commitment.strategy.commitments.get(reference="1.2")
    day = timezone.localdate()
    meanwhile(
        lambda: edit_plan(
            by=officer, at=timezone.now(), commitment=commitment, plan=PlanDetails("Us", related=(other,))
        ),
        lambda: change_plan(by=second_officer, at=timezone.now(), commitment=commitment, was={}, now={"ends_on": day}),
    )
    commitment.refresh_from_db()
    assert PlanDetails.of(commitment) == PlanDetails("Us", ends_on=day, related=(other,))
