"""Two people who decide at the same moment: one decision holds, and the other is told."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import Evidence, HistoryEntry
from commitments.services.bulk_review import Outcome, accept_several
from commitments.services.progress import submit_update
from commitments.services.update_approval import approve_update, return_update
from partners.models import Mail
from tests.factories import make_evidence
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """What became of each: its answer, or the sentence that it was refused with."""
    together, said = threading.Barrier(len(acts)), []

    def press(act: Callable[[], object]) -> None:
        try:
            together.wait(timeout=20)
            said.append(act())
        except Refused as refused:
            said.append(refused.sentence)
        finally:
            connection.close()

    clicks = [threading.Thread(target=press, args=[act]) for act in acts]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join(timeout=30)
    assert len(said) == len(acts)
    return said


@pytest.fixture
def sent(second_officer, commitment, open_round):
    return submit_update(
        by=second_officer, at=timezone.now(), commitment=commitment, round_=open_round,
        content=UpdateContent("on_track", "It began."), version=None,
    )  # fmt: skip


def test_an_update_is_approved_once(officer, administrator, sent):
    acts = [
        partial(approve_update, by=person, at=timezone.now(), update=sent, version=sent.version)
        for person in (officer, administrator, officer, administrator)
    ]
    said = at_once(acts)
    assert sum(isinstance(one, str) for one in said) == 3
    assert HistoryEntry.objects.filter(act="approve").count() == 1
    assert HistoryEntry.objects.filter(act="status").count() == 1


def test_of_an_approval_and_a_return_one_holds(officer, administrator, sent):
    now, read = timezone.now(), sent.version
    said = at_once(
        [
            partial(approve_update, by=officer, at=now, update=sent, version=read),
            partial(return_update, by=administrator, at=now, update=sent, version=read, reason="Which hall?"),
        ]
    )
    refused = [one for one in said if isinstance(one, str)]
    assert refused == ["This update has changed since you opened it. Read it again, then decide."]
    sent.refresh_from_db()
    assert HistoryEntry.objects.filter(act__in=["approve", "return"]).count() == 1
    assert Mail.objects.filter(kind="round:returned").exists() == (sent.state == "returned")


def test_two_officers_who_tick_the_same_pieces_accept_each_once(officer, second_officer, partner, commitment):
    pieces = [make_evidence(partner, commitment, state="submitted", title=f"Piece {n}") for n in range(6)]
    forth = [(piece, piece.version) for piece in pieces]
    outcomes = at_once(
        [
            partial(accept_several, by=officer, at=timezone.now(), pieces=forth),
            partial(accept_several, by=second_officer, at=timezone.now(), pieces=forth[::-1]),
        ]
    )
    done = [name for outcome in outcomes if isinstance(outcome, Outcome) for name in outcome.done]
    assert sorted(done) == [piece.title for piece in pieces]
    assert Evidence.objects.accepted().count() == 6
    assert HistoryEntry.objects.filter(act="accept").count() == 6
