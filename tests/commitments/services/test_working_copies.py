"""What is typed is kept as it is typed; how long forms take is measured, without saying whose."""

from datetime import timedelta

import pytest
from django.core import signing

from commitments.models import TimeTaken, WorkingCopy
from commitments.services.working_copies import copy_of, drop_copy, keep_copy, note_time, opened
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db
FORM = "update:our-strategy:1.1:2024-25"


def test_what_was_kept_last_is_what_there_is(officer, now):
    keep_copy(by=officer, at=now - timedelta(minutes=1), form=FORM, fields={"narrative": "Half"}, seen=0)
    keep_copy(by=officer, at=now, form=FORM, fields={"narrative": "Half a story", "cites": ["1", "2"]}, seen=1)
    copy = copy_of(officer, FORM)
    assert copy is not None
    assert (copy.fields, copy.seen, copy.kept_at) == ({"narrative": "Half a story", "cites": ["1", "2"]}, 1, now)
    assert WorkingCopy.objects.count() == 1


def test_nobody_gets_the_copy_of_another(officer, second_officer, now):
    keep_copy(by=officer, at=now, form=FORM, fields={"narrative": "Mine"}, seen=None)
    assert copy_of(second_officer, FORM) is None
    drop_copy(by=second_officer, form=FORM)
    assert copy_of(officer, FORM) is not None
    drop_copy(by=officer, form=FORM)
    assert copy_of(officer, FORM) is None


def test_what_the_database_cannot_keep_is_left_out(officer, now):
    keep_copy(by=officer, at=now, form=FORM, fields={"reason": "a\x00b\ud800c", "cites": ["\x001"]}, seen=None)
    copy = copy_of(officer, FORM)
    assert copy is not None
    assert copy.fields == {"reason": "ab?c", "cites": ["1"]}


def test_more_than_can_be_kept_is_refused_in_a_sentence(officer, now):
    with pytest.raises(Refused, match="more than the portal can keep"):
        keep_copy(by=officer, at=now, form=FORM, fields={"narrative": "x" * 200_001}, seen=None)


@pytest.mark.parametrize(("minutes", "seconds"), [(0, 0), (4, 240), (24 * 60, 86_400)])
def test_the_time_from_opening_to_sending_is_noted(now, minutes, seconds):
    note_time(form_kind="update", token=opened(now - timedelta(minutes=minutes)), at=now)
    (noted,) = TimeTaken.objects.all()
    assert (noted.form, noted.seconds) == ("update", seconds)
    assert not {field.name for field in TimeTaken._meta.fields} & {"person", "by", "user"}


def test_a_token_that_is_old_or_not_ours_is_passed_over(now):
    tokens = [
        "",
        "nonsense",
        opened(now)[:-1],
        signing.dumps(int(now.timestamp()), salt="another"),
        opened(now - timedelta(hours=24, seconds=2)),
        opened(now + timedelta(minutes=5)),
    ]
    for token in tokens:
        note_time(form_kind="update", token=token, at=now)
    assert not TimeTaken.objects.exists()
