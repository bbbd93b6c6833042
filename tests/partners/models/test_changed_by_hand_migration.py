"""What people changed of an organisation before a file left it alone is known from the history."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from partners.models import HistoryEntry, Organisation
from partners.services.organisations import edit_organisation
from partners.services.standing import end_organisation
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
migration = import_module("partners.migrations.0027_changed_by_hand")


def test_the_history_says_what_people_changed(administrator, officer):
    now = datetime(2026, 5, 3, 12, tzinfo=UTC)
    changed = make_organisation("Elm Players", standing="listed", telephone="01632 960001")
    edit_organisation(
        by=officer, at=now, organisation=changed, changes={"telephone": "", "contacts_confirmed": True}, districts=[],
        identifiers=[], file="corrections.xlsx",
    )  # fmt: skip
    loaded = make_organisation("Mill Choir", standing="listed", telephone="01632 960002")
    HistoryEntry.objects.create(at=now, by=administrator, act="edited", organisation=loaded, detail="from a file")
    ended = make_organisation("Lunch Club", standing="listed")
    end_organisation(by=officer, at=now + timedelta(days=1), organisation=ended, ended_on=None, succeeded_by=None)
    added = make_organisation("Ash Group", standing="listed", description="Plots.")
    HistoryEntry.objects.create(at=now, by=administrator, act="registered", organisation=added)
    Organisation.objects.update(changed_by_hand={})
    migration.mark_from_history(apps, None)
    known = {each.name: each.changed_by_hand for each in Organisation.objects.all()}
    assert known["Elm Players"] == {"telephone": "2026-05-03"}
    assert known["Mill Choir"] == {}
    assert known["Lunch Club"] == {"standing": "2026-05-04"}
    assert known["Ash Group"] == {"name": "2026-05-03", "kind": "2026-05-03", "description": "2026-05-03"}
