"""What those who review read: changes marked, and the whole history in words."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from commitments.content.updates import UpdateContent
from commitments.reading.review import MAX_COMPARED_WORDS, ComparedText, history_of, marked
from commitments.services import evidence as evidence_services
from commitments.services.progress import save_update, submit_update
from commitments.services.update_approval import approve_update, return_update
from tests.factories import make_evidence, make_evidence_content


def told(parts):
    return "".join(part.text for part in parts)


def changed(parts):
    return [part.text.strip() for part in parts if part.changed]


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_word_is_lost_or_added_by_marking(old, new):
    before, now = marked(old, new)
    assert told(before).split() == old.split()
    assert told(now).split() == new.split()
    assert ComparedText("Why", before, now).same == (old.split() == new.split())


def test_only_what_differs_is_marked():
    before, now = marked("We met the halls in May.", "We met the old halls in June.")
    assert changed(before) == ["May."]
    assert changed(now) == ["old", "June."]


def test_what_was_written_anew_is_one_piece():
    before, now = marked("We met the halls in May.", "Nobody came, sadly; rain fell all week long.")
    assert (len(before), len(now)) == (1, 1)
    assert ComparedText("Why", before, now).anew
    assert not ComparedText("Why", *marked("", "Something")).anew


@pytest.mark.parametrize("same", [True, False])
def test_very_long_texts_are_shown_without_looking_for_differences(same):
    long = "word " * (MAX_COMPARED_WORDS + 1)
    before, now = marked(long, long if same else long + "more")
    assert ComparedText("Why", before, now).same == same
    assert told(before) == long


@pytest.mark.django_db
def test_the_history_of_an_update_says_who_when_from_where_to_where_and_why(
    officer, administrator, commitment, open_round
):
    begun = timezone.now() - timedelta(days=3)
    said, update = UpdateContent("on_track", "It began."), None
    for n in range(3):
        update = save_update(
            by=officer, at=begun + timedelta(hours=n), commitment=commitment, round_=open_round, content=said,
            version=update.version if update else None,
        )  # fmt: skip
    assert update is not None
    for n in range(2):
        update = submit_update(
            by=officer, at=begun + timedelta(days=1, hours=n * 2), commitment=commitment, round_=open_round, content=said,
            version=update.version,
        )  # fmt: skip
        if not n:
            update = return_update(
                by=administrator, at=begun + timedelta(days=1, hours=1), update=update, reason="Say **which** hall."
            )
    approve_update(by=administrator, at=begun + timedelta(days=2), update=update)
    steps = history_of(update)
    lines = [(step.text, step.by, step.before, step.after, step.why, step.times) for step in steps]
    assert sorted(lines[:2]) == [
        ("Approved", "Ada Administrator", "Sent", "Approved", "", 1),
        ("Status changed", "Olive Officer", "No update yet", "On track", "It began.", 1),
    ]
    assert lines[2:] == [
        ("Sent", "Olive Officer", "Returned", "Sent", "", 1),
        ("Returned", "Ada Administrator", "Sent", "Returned", "Say which hall.", 1),
        ("Sent", "Olive Officer", "Draft", "Sent", "", 1),
        ("Saved", "Olive Officer", "Not begun", "Draft", "", 3),
    ]


@pytest.mark.django_db
def test_the_history_of_evidence_folds_what_one_person_changed_in_a_row(officer, partner, partner_lead, commitment):
    piece, now = make_evidence(partner, commitment), timezone.now()
    for person in (partner, partner, partner_lead):
        piece = evidence_services.edit_evidence(
            by=person, at=now, evidence=piece, content=make_evidence_content(commitment)
        )
    piece = evidence_services.submit_evidence(by=partner, at=now, evidence=piece)
    evidence_services.return_evidence(by=officer, at=now, evidence=piece, reason="Where?")
    steps = [(step.text, step.by, step.times, step.why) for step in history_of(piece)]
    assert steps == [
        ("Returned", "Olive Officer", 1, "Where?"),
        ("Sent", "Pat Partner", 1, ""),
        ("Changed", "Lee Lead", 1, ""),
        ("Changed", "Pat Partner", 2, ""),
        ("Started", "Pat Partner", 1, ""),
    ]
