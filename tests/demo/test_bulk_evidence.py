"""A demo can be filled with very much evidence, and stands afterwards as the services would have left it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from commitments.models import Evidence, HistoryEntry
from partners.models import User
from tests.factories import make_area, make_strategy
from vcsportal.demo.bulk_evidence import TABLES
from vcsportal.demo.cast import ADMINISTRATOR


@pytest.fixture
def story(settings, strategy, council, officer, partner) -> None:
    """What filling needs of the demo story: its administrator, an officer, a partner, a strategy that has run for a while."""
    settings.DEBUG = True
    strategy.starts_on = timezone.localdate() - timedelta(days=900)
    strategy.save()
    make_strategy(council, slug="finished", shape=(2,))
    make_area("Oxford", "E07000178")
    make_area()
    User.objects.create_user(ADMINISTRATOR, name="Ada", joined_at=timezone.now())


def fill(number: int) -> str:
    out = StringIO()
    call_command("fill", "--evidence", str(number), stdout=out)
    return out.getvalue()


def schema() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) "
            "UNION ALL SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = ANY(%s::regclass[]) ORDER BY 1, 2",
            [list(TABLES), list(TABLES)],
        )
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_it_adds_varied_items_with_all_that_hangs_on_them_and_leaves_keys_and_indexes_as_they_were(story):
    before = schema()
    assert fill(400).startswith("Added 400 items")
    assert schema() == before
    assert Evidence.objects.count() == 400
    assert set(Evidence.objects.values_list("state", flat=True)) == {
        "accepted", "submitted", "draft", "returned", "withdrawn",
    }  # fmt: skip
    assert Evidence.objects.values("title").distinct().count() > 300
    assert not Evidence.objects.filter(commitments=None).exists()
    assert not Evidence.objects.filter(districts=None).exists()
    assert Evidence.objects.filter(links__isnull=False).count() > 40
    assert Evidence.objects.filter(consents__isnull=False).exists()
    assert HistoryEntry.objects.filter(act="accept", to_state="accepted").count() == Evidence.objects.accepted().count()
    assert not HistoryEntry.objects.filter(at__gt=timezone.now()).exists()
    later = Evidence.objects.create(
        organisation_id=Evidence.objects.values_list("organisation", flat=True)[0], title="Next",
        happened_from=timezone.localdate(), logged_at=timezone.now(), logged_by=User.objects.all()[0],
    )  # fmt: skip
    assert later.pk > 400, "numbers go on after the last that was filled in"


@pytest.mark.django_db(transaction=True)
def test_it_fills_up_to_the_number_and_no_further(story):
    fill(50)
    assert fill(80).startswith("Added 30 items")
    assert "Nothing was changed" in fill(80)
    assert Evidence.objects.count() == 80


@pytest.mark.django_db
def test_it_is_refused_outside_debug_without_the_story_and_for_no_number(settings):
    with pytest.raises(CommandError, match="only with DEBUG=1"):
        fill(10)
    settings.DEBUG = True
    with pytest.raises(CommandError, match=r"Run manage\.py load_demo first"):
        fill(10)
    with pytest.raises(CommandError, match="from 1 to 5,000,000"):
        fill(0)
