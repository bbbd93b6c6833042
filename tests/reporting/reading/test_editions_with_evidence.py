"""Sealed editions that still hold what was taken back are named; those made afterwards are without it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import EvidenceFile
from commitments.reading import consents as reading
from commitments.services import consents as services
from commitments.services import evidence
from reporting import assembly
from reporting.facts import STORY_TAKEN_BACK, ProductionDetails, checksum, to_json
from reporting.models import Edition
from reporting.sealed.checking import find_taken_back
from tests import factories
from tests.factories import make_edition
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def header(year) -> None:
    """What the committee paper can't be published without is written."""
    factories.fill_in_header(year.round, year.officer)


def made(year, number: int, *, state: str = "ready") -> Edition:
    """An edition of what may be told now."""
    report = assembly.assemble(
        round_=year.round,
        making=ProductionDetails(at=timezone.now(), edition=number, asked_by="Olive", asked_at=timezone.now()),
    )
    return make_edition(round_=year.round, by=year.officer, number=number, state=state, facts=to_json(report))


def test_what_was_taken_back_is_named_where_it_still_stands_and_is_not_told_again(year, signed_in):
    file = EvidenceFile.objects.filter(evidence__state="accepted", kind="photograph").select_related("evidence").first()
    assert file is not None
    piece = file.evidence
    piece.story = piece.story or "A story of people."
    piece.save()
    officer = year.reviewer
    first = made(year, 1)
    services.take_down(by=officer, at=timezone.now(), evidence=piece, file=file, asked_by="The man with the hat")
    services.take_down(by=officer, at=timezone.now(), evidence=piece, asked_by="The man with the hat")
    second = made(year, 2)
    held = {one.url: one for one in reading.holders(piece)}
    assert file.print_content.name in held[first.get_absolute_url()].files
    assert held[first.get_absolute_url()].story
    assert not held[first.get_absolute_url()].public
    later = held.get(second.get_absolute_url())
    assert later is None or (file.print_content.name not in later.files and not later.story)
    page = signed_in(officer).get(reverse("commitments:consents", args=[piece.pk])).text
    assert "Reports that were published before still include it." in page
    assert first.get_absolute_url() in page
    assert second.get_absolute_url() not in page


def test_an_edition_that_is_not_finished_holds_nothing(year):
    file = EvidenceFile.objects.filter(kind="photograph").select_related("evidence").first()
    assert file is not None
    Edition.objects.create(round=year.round, number=1, requested_at=timezone.now(), facts={})
    assert reading.holders(file.evidence) == []


def test_a_withdrawn_edition_still_holds_what_it_held_and_is_called_so(year, signed_in):
    file = EvidenceFile.objects.filter(evidence__state="accepted", kind="photograph").select_related("evidence").first()
    assert file is not None
    first, second = made(year, 1), made(year, 2)
    now = timezone.now()
    for edition in (first, second):
        factories.publish_edition(by=year.officer, at=now, edition=edition)
    factories.withdraw_edition(by=year.officer, at=now, edition=first, reason="A name was wrong.")
    services.take_down(by=year.reviewer, at=now, evidence=file.evidence, file=file, asked_by="The man with the hat")
    held = {one.url: one for one in reading.holders(file.evidence)}
    old, new = held[first.get_absolute_url()], held[second.get_absolute_url()]
    assert (old.public, old.withdrawn, new.public, new.withdrawn) == (False, True, True, False)
    assert file.print_content.name in old.files
    page = " ".join(signed_in(year.reviewer).get(reverse("commitments:consents", args=[file.evidence.pk])).text.split())
    assert f"Report for {year.round.slug}, edition 1</a> (published, and withdrawn since)" in page
    assert f"Report for {year.round.slug}, edition 2</a> (published)" in page


@pytest.mark.parametrize("gone", ["photograph", "story", "item"])
def test_a_draft_that_tells_what_was_taken_back_since_is_not_published(year, gone):
    file = EvidenceFile.objects.filter(evidence__state="accepted", kind="photograph").select_related("evidence").first()
    assert file is not None
    piece, now = file.evidence, timezone.now()
    piece.story = piece.story or "A story of people."
    piece.save()
    draft = made(year, 1)
    if gone == "item":
        evidence.withdraw_evidence(by=year.people[0], at=now, evidence=piece)
    else:
        which = file if gone == "photograph" else None
        services.take_down(by=year.reviewer, at=now, evidence=piece, file=which, asked_by="The man with the hat")
    with pytest.raises(Refused, match=f"{gone}.*no longer.*Request a new edition"):
        factories.publish_edition(by=year.officer, at=now, edition=draft)
    draft.refresh_from_db()
    assert draft.published_at is None
    assert factories.publish_edition(by=year.officer, at=now, edition=made(year, 2)).is_sealed


@pytest.mark.parametrize("what", ["photograph", "story"])
def test_consent_to_the_portal_alone_is_no_consent_to_the_report(year, what):
    file = EvidenceFile.objects.filter(evidence__state="accepted", kind="photograph").select_related("evidence").first()
    assert file is not None
    piece, now = file.evidence, timezone.now()
    piece.story = piece.story or "A story of people."
    piece.save()
    consent = {
        "by": year.reviewer, "evidence": piece, "file": file if what == "photograph" else None,
        "given_by": "The man with the hat", "given_on": timezone.localdate(),
    }  # fmt: skip
    services.record_consent(**consent, at=now, uses=["portal", "report"])
    draft = made(year, 1)
    services.record_consent(**consent, at=now + timedelta(seconds=1), uses=["portal"])
    with pytest.raises(Refused, match=f"{what}.*no longer.*Request a new edition"):
        factories.publish_edition(by=year.officer, at=now, edition=draft)


def test_a_draft_of_an_older_shape_that_names_and_links_to_a_withdrawn_story_is_not_published(year):
    """Older facts left out the story alone: the title and the links stayed."""
    piece, now = EvidenceFile.objects.filter(evidence__state="accepted").order_by("id")[0].evidence, timezone.now()
    draft = made(year, 1)
    facts: Any = draft.facts
    for item in facts["evidence"]:
        del item["story_state"]
        if item["id"] == piece.pk:
            item["story"], item["photographs"] = STORY_TAKEN_BACK, []
    facts["schema"] = 3
    draft.facts, draft.facts_sha256 = facts, checksum(facts)
    draft.save()
    services.record_consent(
        by=year.reviewer,
        at=now,
        evidence=piece,
        given_by="The singers",
        given_on=timezone.localdate(now),
        uses=["portal"],
    )
    assert find_taken_back(draft.facts, timezone.localdate(now)) == "", "agreed for the portal, its title may be named"
    services.take_down(by=year.reviewer, at=now, evidence=piece, asked_by="The man with the hat")
    with pytest.raises(Refused, match=r"story.*no longer.*Request a new edition"):
        factories.publish_edition(by=year.officer, at=now, edition=draft)
