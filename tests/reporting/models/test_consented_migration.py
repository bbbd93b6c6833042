"""What older editions show on the ground of consents is read from their facts once, by a migration."""

import importlib
from typing import Any

import pytest
from django.db import connection, transaction

from reporting.facts import STORY_TAKEN_BACK, to_json
from reporting.models import ConsentedContent, Edition
from tests.factories import make_edition
from tests.reporting.small import small

pytestmark = pytest.mark.django_db(transaction=True)
MIGRATION = importlib.import_module("reporting.migrations.0011_consented_content")


def fill() -> None:
    """Do what the migration does with the table that it has made, in one transaction as there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MIGRATION.OPENED)
        cursor.execute("DELETE FROM reporting_consentedcontent")
        cursor.execute(MIGRATION.FILLED)
        cursor.execute(MIGRATION.SEALED)


def rows(edition: Edition) -> dict[int, tuple[Any, ...]]:
    found = edition.consented.values_list("evidence", "story", "details", "photographs")
    return {evidence: tuple(rest) for evidence, *rest in found}


def test_the_migration_finds_what_making_an_edition_writes(open_round, officer):
    """Published and drafts, of this shape of facts."""
    facts = to_json(small())
    facts["late"] = [{**facts["evidence"][0], "id": 77, "number": 90}]
    facts["evidence"][1] |= {"story": "", "story_state": "withdrawn", "photographs": []}
    editions = [
        make_edition(round_=open_round, by=officer, facts=facts, published=done, number=1 + done)
        for done in (True, False)
    ]
    written = [rows(edition) for edition in editions]
    assert len(written[0]) == len(facts["evidence"]) + 1
    fill()
    assert [rows(edition) for edition in editions] == written


def test_facts_of_older_shapes_and_editions_that_were_not_made_are_read_too(open_round, officer):
    facts = to_json(small())
    facts["schema"] = 3
    del facts["late"]
    for item in facts["evidence"]:
        del item["story_state"]
    facts["evidence"][0]["story"] = STORY_TAKEN_BACK
    old = make_edition(round_=open_round, by=officer, facts=facts, published=True)
    odd = make_edition(round_=open_round, by=officer, facts={"schema": 99}, number=2)
    failed = make_edition(round_=open_round, by=officer, state="failed", number=3)
    fill()
    found = rows(old)
    first, second = facts["evidence"][:2]
    assert found[first["id"]][:2] == (False, True)
    assert found[second["id"]][0] is True
    assert found[second["id"]][2] == [shown["file"] for shown in second["photographs"]]
    assert not ConsentedContent.objects.filter(edition__in=[odd, failed]).exists()
