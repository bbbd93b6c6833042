"""Strands and sources: administrators keep the one, whoever answers for a strategy the other; rows are ended, never deleted."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from partners.models import HistoryEntry, Source, Strand
from partners.services.sources import SourceContent, add_source, edit_source
from partners.services.strands import StrandContent, add_strand, edit_strand, end_strand
from vcsportal.common.words import Conflict, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db


def strand(now, words="Faith"):
    return add_strand(by=None, at=now, content=StrandContent(words))


def test_only_administrators_keep_strands(administrator, officer, now):
    made = add_strand(by=administrator, at=now, content=StrandContent("Carers", "People who look after someone."))
    assert (made.code, made.number, made.definition) == ("carers", 1, "People who look after someone.")
    assert HistoryEntry.objects.get(act="strand added").by == administrator
    for act in (
        lambda: add_strand(by=officer, at=now, content=StrandContent("Veterans")),
        lambda: edit_strand(by=officer, at=now, strand=made, content=StrandContent("Carer")),
        lambda: end_strand(by=officer, at=now, strand=made),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert list(Strand.objects.values_list("words", flat=True)) == ["Carers"]


def test_a_changed_strand_keeps_its_code_and_its_old_words_are_in_the_history(administrator, now):
    made = strand(now)
    edited = edit_strand(by=administrator, at=now, strand=made, content=StrandContent("Religion or belief"), version=0)
    assert (edited.code, edited.words, edited.version) == ("faith", "Religion or belief", 1)
    assert "“Faith” → “Religion or belief”" in HistoryEntry.objects.get(act="strand changed").detail
    with pytest.raises(Conflict):
        edit_strand(by=administrator, at=now, strand=made, content=StrandContent("Belief"), version=0)
    again = edit_strand(by=administrator, at=now, strand=made, content=StrandContent("Religion or belief"))
    assert again.version == 1


def test_a_strand_that_has_ended_is_offered_no_longer_from_that_day_on(administrator, now):
    made, today = strand(now), timezone.localdate(now)
    end_strand(by=administrator, at=now, strand=made)
    assert not Strand.objects.in_use(today).exists()
    assert Strand.objects.in_use(today - timedelta(days=1)).exists()
    with pytest.raises(NotNow):
        end_strand(by=administrator, at=now, strand=made)
    assert strand(now).code == "faith-2"


def test_two_strands_in_use_never_have_the_same_words(administrator, now):
    first, other = strand(now), strand(now, "Age")
    for refused in (
        lambda: strand(now, "FAITH"),
        lambda: edit_strand(by=administrator, at=now, strand=other, content=StrandContent("faith")),
        lambda: strand(now, "  "),
    ):
        with pytest.raises(Invalid) as said:
            refused()
        assert said.value.field == "words"
    assert edit_strand(by=administrator, at=now, strand=first, content=StrandContent("faith")).words == "faith"


def test_a_source_says_when_it_was_published(officer, partner, now):
    content = SourceContent("Needs assessment", "The council", period="2021")
    made = add_source(by=officer, at=now, content=content)
    assert (made.slug, made.period) == ("needs-assessment", "2021")
    assert add_source(by=officer, at=now, content=content).slug == "needs-assessment-2"
    with pytest.raises(NotAllowed):
        add_source(by=partner, at=now, content=content)
    for wrong, field in (
        (SourceContent("Needs assessment"), "published_on"),
        (SourceContent("", period="2021"), "title"),
        (SourceContent("N", period="2021", url="javascript:alert(1)"), "url"),
        (SourceContent("N", period="x" * 121), "period"),
    ):
        with pytest.raises(Invalid) as refused:
            add_source(by=officer, at=now, content=wrong)
        assert refused.value.field == field


def test_a_corrected_source_keeps_what_it_said_before(officer, now):
    made = add_source(by=officer, at=now, content=SourceContent("Needs", period="2021"))
    edited = edit_source(by=officer, at=now, source=made, content=SourceContent("Needs", period="2022"), version=0)
    assert (edited.period, edited.version) == ("2022", 1)
    assert "“2021” → “2022”" in HistoryEntry.objects.get(act="source changed").detail
    with pytest.raises(Conflict):
        edit_source(by=officer, at=now, source=made, content=SourceContent("N", period="2023"), version=0)


def test_the_database_deletes_neither(now):
    strand(now)
    add_source(by=None, at=now, content=SourceContent("Needs", period="2021"))
    for model in (Strand, Source):
        with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
            model.objects.all().delete()
