"""The demo story's shape: five years, every kind of organisation, every state, nobody real."""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Q
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from commitments.models import (
    Action,
    Commitment,
    Consent,
    Contribution,
    DeliveryPartner,
    Evidence,
    EvidenceFile,
    EvidenceLink,
    HistoryEntry,
    Note,
    ProgressUpdate,
    Round,
    SectorView,
    Strategy,
    TimeTaken,
)
from commitments.rules import status, workflow
from partners import roles
from partners.kinds import PUBLIC_BODY, TABLE
from partners.models import Deputy, Mail, Organisation, PartnershipGroup, RoleGrant, User
from partners.models import HistoryEntry as PartnersHistory
from partners.permissions import needs_second_step
from partners.reading.groups import group_page, group_tree
from reporting import assembly, exports, facts
from reporting.narrative.prose_check import find_contradictions
from tests.reporting.exports.json_form import check
from vcsportal.demo import cast, documents, pictures
from vcsportal.demo.brush import Brush
from vcsportal.demo.story import STRATEGY
from vcsportal.demo.years import Years

TODAY = date(2026, 11, 22)


def load(*options: str) -> str:
    out = StringIO()
    call_command("load_demo", *options, stdout=out)
    return out.getvalue()


def set_the_stage() -> None:
    call_command("load_areas", str(settings.BASE_DIR / "partners/areas/oxfordshire.toml"), stdout=StringIO())
    file = settings.BASE_DIR / "commitments/strategies/oxfordshire-vcs-2022-27.toml"
    call_command("load_strategy", str(file), stdout=StringIO())


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """The story, told once for all tests of this module and taken back afterwards."""
    folder: Path = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), override_settings(DEBUG=True, MEDIA_ROOT=folder), transaction.atomic():
        set_the_stage()
        said = load("--today", TODAY.isoformat())
        with connection.cursor() as cursor:  # what was just written is unknown to the planner until then
            cursor.execute("ANALYZE")
        yield SimpleNamespace(said=said, folder=folder)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_debug(data_folder, settings) -> None:
    settings.DEBUG = True


@pytest.fixture
def files(told, settings) -> Path:
    settings.MEDIA_ROOT = told.folder
    return told.folder


def counts_by_state(slug: str) -> Counter[str]:
    return Counter(
        Evidence.objects.in_round(Round.objects.get(strategy__slug=STRATEGY, slug=slug)).values_list("state", flat=True)
    )


class TestRounds:
    def test_are_five_with_one_open_three_closed_and_one_planned(self, told) -> None:
        rounds = Round.objects.filter(strategy__slug=STRATEGY).order_by("observes_from")
        assert [(one.slug, one.state) for one in rounds] == [
            ("2022-23", "closed"), ("2023-24", "closed"), ("2024-25", "closed"), ("2025-26", "open"), ("2026-27", "planned"),
        ]  # fmt: skip
        assert [one.slug for one in rounds.started(TODAY)][-1] == "2026-27"

    def test_fit_any_day_of_the_year(self) -> None:
        for days in range(0, 800, 1):
            today = date(2024, 1, 1) + timedelta(days=days)
            rounds = Years(today).rounds()
            phases = ["planned" if today < one.opens_on else "open" if today <= one.closes_on else "closed" for one in rounds]  # fmt: skip
            assert phases == ["closed", "closed", "closed", "open", "planned"], today
            assert all(one.observes_from < one.observes_to < one.opens_on <= one.closes_on for one in rounds)
            assert rounds[4].observes_from <= today <= rounds[4].observes_to


class TestUpdates:
    def test_of_the_open_round_are_in_every_state(self, told) -> None:
        updates = ProgressUpdate.objects.filter(round__slug="2025-26", commitment__strategy__slug=STRATEGY)
        assert Counter(updates.values_list("state", flat=True)) == {
            "expected": 9, "draft": 5, "submitted": 3, "returned": 2, "published": 13,
        }  # fmt: skip
        assert updates.published().filter(confirms__slug="2024-25").count() == 2
        assert updates.filter(cites__isnull=False).exists()

    def test_say_every_status_somewhere_and_commitments_recover(self, told) -> None:
        said = set(ProgressUpdate.objects.published().values_list("status", flat=True))
        assert said == set(status.BY_CODE)
        years = list(ProgressUpdate.objects.filter(commitment__reference="1.4").order_by("round__observes_from").values_list("status", flat=True))  # fmt: skip
        assert years == ["not_started", "at_risk", "delayed", "on_track"]

    def test_leave_two_commitments_unspoken_of_and_some_years_silent(self, told) -> None:
        silent = Commitment.objects.filter(strategy__slug=STRATEGY).silent().in_order()
        assert [one.reference for one in silent] == ["1.8", "5.4"]
        assert silent[1].lead_officer is None
        assert ProgressUpdate.objects.published().filter(round__slug="2024-25").count() == 28

    def test_give_reason_and_remedy_wherever_there_is_a_worry(self, told) -> None:
        worries = ProgressUpdate.objects.published().filter(status__in=["at_risk", "delayed"])
        assert worries.count() >= 12
        assert all(one.reason and one.remedy for one in worries)

    def test_have_words_of_their_own(self, told) -> None:
        texts = [
            one.narrative
            for one in ProgressUpdate.objects.filter(confirms__isnull=True)
            .exclude(narrative="")
            .exclude(narrative__contains="Nothing was done this year.")
        ]
        assert len(texts) > 100
        assert len(set(texts)) == len(texts)


class TestEvidence:
    def test_is_in_every_state(self, told) -> None:
        assert set(Evidence.objects.values_list("state", flat=True)) == {one.code for one in workflow.EVIDENCE_STATES}
        assert 300 <= Evidence.objects.count() <= 340

    def test_was_sent_back_withdrawn_and_taken_up_again_with_the_reasons_kept(self, told) -> None:
        assert not Evidence.objects.filter(state="returned", state_reason="").exists()
        by_the_council = Evidence.objects.filter(state="withdrawn").exclude(state_reason="")
        assert 0 < by_the_council.count() < Evidence.objects.filter(state="withdrawn").count()
        mended = HistoryEntry.objects.filter(act="submit", from_state="returned").values("evidence")
        assert Evidence.objects.accepted().filter(pk__in=mended).count() >= 10

    def test_is_fullest_in_the_year_before_the_open_one(self, told) -> None:
        by_year = {
            one.slug: Evidence.objects.published().in_round(one).count()
            for one in Round.objects.filter(strategy__slug=STRATEGY)
        }
        assert by_year["2024-25"] >= 110
        assert max(by_year, key=lambda slug: by_year[slug]) == "2024-25"
        assert counts_by_state("2025-26")["submitted"] >= 10

    def test_comes_from_every_kind_of_organisation_of_the_sector_and_is_for_every_commitment(self, told) -> None:
        seen = set(Evidence.objects.published().values_list("organisation__kind", flat=True))
        sector = {kind.code for kind in TABLE if kind.sector == "voluntary"}
        assert seen == {*sector, PUBLIC_BODY}, "a group steers; its members do the work"
        assert not Commitment.objects.filter(strategy__slug=STRATEGY).exclude(evidence__state="accepted").exists()

    def test_varies(self, told) -> None:
        pieces = list(Evidence.objects.prefetch_related("commitments", "districts"))
        assert len({one.title for one in pieces}) > 0.9 * len(pieces)
        assert len({one.story for one in pieces}) > 0.97 * len(pieces)
        for figure in ("people_reached", "volunteers", "hours"):
            known = [getattr(one, figure) for one in pieces if getattr(one, figure) is not None]
            assert 0.3 * len(pieces) < len(known) < 0.95 * len(pieces), figure
            assert 0 not in known
        assert sum(len(one.commitments.all()) > 1 for one in pieces) > 100
        assert sum(len(one.districts.all()) > 1 for one in pieces) > 20
        assert Evidence.objects.accepted().filter(publishable=False).count() > 10

    def test_of_one_year_begins_differently_each_time(self, told) -> None:
        told_in = Evidence.objects.published().in_round(Round.objects.get(strategy__slug=STRATEGY, slug="2024-25"))
        begins = Counter(story.split(". ")[0] for story in told_in.values_list("story", flat=True))
        assert begins.total() >= 110
        again = {words: count for words, count in begins.items() if count > 1}
        assert (len(again), max(begins.values())) <= (6, 2), again

    def test_has_photographs_with_captions_and_documents_that_open(self, told, files) -> None:
        kinds = Counter(EvidenceFile.objects.values_list("kind", flat=True))
        assert 38 <= kinds["photograph"] <= 55
        assert 12 <= kinds["document"] <= 18
        assert not EvidenceFile.objects.filter(caption="").exists()
        described = EvidenceFile.objects.filter(kind="photograph").exclude(description="").count()
        assert 30 <= described < kinds["photograph"], "most are described, and some are still asked for"
        for file in EvidenceFile.objects.all():
            with file.content.open("rb") as opened:
                content = opened.read()
            assert len(content) == file.size
            assert hashlib.sha256(content).hexdigest() == file.sha256
            if file.kind == "photograph":
                assert Image.open(BytesIO(content)).size == (900, 600)
            elif file.media_type == "application/pdf":
                assert len(pikepdf.open(BytesIO(content)).pages) == 1

    def test_was_never_reviewed_by_the_person_who_logged_it(self, told) -> None:
        for one in Evidence.objects.accepted():
            assert one.accepted_by_id not in {one.logged_by_id, one.submitted_by_id}


OF_THE_FILE = ("add_strategy", "add_priority")
"""What loading the strategy's file writes, at the moment of the real clock."""


class TestHistory:
    def test_reads_forward(self, told) -> None:
        named_in_files = Q(organisation__strategies__isnull=False) | Q(organisation__steers__isnull=False)
        organisations = named_in_files & Q(act__in=["registered", "strategies"])
        lists = Q(act__in=["strand added", "source added"], by__isnull=True)
        of_the_loader = PartnersHistory.objects.filter(organisations | lists)
        told_entries = HistoryEntry.objects.exclude(act__in=OF_THE_FILE)
        for entries in (told_entries, PartnersHistory.objects.exclude(pk__in=of_the_loader)):
            ordered: list[Any] = list(entries.order_by("id"))
            assert len(ordered) > 90
            assert [(before.act, before.at) for before, after in pairwise(ordered) if before.at > after.at] == []

    def test_ends_today_at_the_latest(self, told) -> None:
        newest = HistoryEntry.objects.exclude(act__in=OF_THE_FILE).newest_first()[0]
        assert timezone.localdate(newest.at) <= TODAY
        assert not Evidence.objects.filter(happened_from__gt=TODAY).exists()
        assert not Action.objects.filter(done_on__gt=TODAY).exists()

    def test_holds_changes_of_status_between_rounds_too(self, told) -> None:
        assert HistoryEntry.objects.filter(act="status", update=None).count() == 6

    def test_of_actions_has_some_done_some_late_and_some_to_come(self, told) -> None:
        late = [one for one in Action.objects.all() if one.is_late(TODAY)]
        assert len(late) >= 8
        assert Action.objects.filter(done_on__isnull=False).count() >= 40
        assert Action.objects.filter(done_on=None, due_on__gt=TODAY).count() >= 4
        assert Action.objects.filter(due_on=None).exists()
        assert Action.objects.filter(dropped_on__isnull=False).exists()
        assert Action.objects.filter(due_date_changes__isnull=False, owner_person__isnull=False).exists()
        assert DeliveryPartner.objects.ended().exists()


class TestPeople:
    def test_hold_every_role_and_have_addresses_of_nobody(self, told) -> None:
        assert set(RoleGrant.objects.values_list("role", flat=True)) == set(roles.BY_CODE)
        assert all(email.endswith("@example.org") for email in User.objects.values_list("email", flat=True))
        texts = [*EvidenceLink.objects.values_list("url", flat=True), *Organisation.objects.values_list("website", flat=True)]  # fmt: skip
        assert all(re.match(r"https://[a-z-]+\.example\.org/", text) for text in texts if text)

    def test_lead_every_commitment_but_one_and_each_officer_leads_several(self, told) -> None:
        assert Commitment.objects.filter(strategy__slug=STRATEGY, lead_officer=None).count() == 1
        leads = Counter(Commitment.objects.exclude(lead_officer=None).values_list("lead_officer__email", flat=True))
        assert len(leads) == 5
        assert min(leads.values()) >= 5

    def test_belong_to_organisations_of_which_some_have_no_number_and_some_several(self, told) -> None:
        numbers = [one.identifiers.count() for one in Organisation.objects.partners().taking_part()]
        assert len(numbers) >= 24
        assert 0 in numbers
        assert max(numbers) >= 2
        assert RoleGrant.objects.filter(organisation__name="Willowbank Chapel Friends").count() == 1

    def test_of_the_list_can_sign_in_with_the_printed_password(self, told) -> None:
        lines = load("--accounts").splitlines()
        assert len(lines) == len(list(cast.accounts())) >= 12
        for line in lines:
            email = line.split()[0]
            person = User.objects.get(email=email)
            assert f"password {cast.PASSWORD}" in line
            assert any(role.label in line for role in roles.ROLES)
            assert person.name in line
            assert ("then the code on the page" in line) == needs_second_step(person)
        assert User.objects.get(email=cast.ADMINISTRATOR).check_password(cast.PASSWORD)
        assert len(cast.PASSWORD) >= 12


class TestTellingIt:
    def test_draws_and_writes_the_same_each_time(self) -> None:
        for name, draw in pictures.SCENES.items():
            first, second = Brush(random.Random(7)), Brush(random.Random(7))
            draw(first)
            draw(second)
            assert first.jpeg() == second.jpeg(), name
        assert set(pictures.SCENES) == set(cast.read("captions")) == set(cast.read("descriptions"))
        assert documents.notes("A (good) day", ["What \\ happened"]) == documents.notes(
            "A (good) day", ["What \\ happened"]
        )

    def test_says_what_it_told(self, told) -> None:
        assert "Loaded 5 rounds (2022-23, 2023-24, 2024-25, 2025-26, 2026-27)" in told.said

    def test_a_second_time_changes_nothing_and_says_so(self, told) -> None:
        before = (Evidence.objects.count(), HistoryEntry.objects.count(), User.objects.count())
        assert "has already been loaded here. Nothing was changed" in load()
        assert before == (Evidence.objects.count(), HistoryEntry.objects.count(), User.objects.count())

    def test_is_refused_outside_debug(self, settings) -> None:
        settings.DEBUG = False
        for options in ([], ["--accounts"]):
            with pytest.raises(CommandError, match="only with DEBUG=1"):
                load(*options)


@pytest.mark.django_db
class TestWithoutTheStage:
    def test_it_is_refused_with_the_two_commands_that_set_it(self) -> None:
        with pytest.raises(CommandError, match=r"needs the districts and the strategy\. Run manage.py load_areas"):
            load()

    def test_it_is_refused_where_somebody_has_begun_to_work(self) -> None:
        set_the_stage()
        first = Years(TODAY).rounds()[0]
        Round.objects.create(
            strategy=Strategy.objects.get(), slug="2022-23", observes_from=first.observes_from,
            observes_to=first.observes_to, opens_on=first.opens_on, closes_on=first.closes_on, grace_until=first.taken_until,
        )  # fmt: skip
        with pytest.raises(CommandError, match="There is work in this portal already"):
            load()

    def test_accounts_are_listed_only_once_it_is_told(self) -> None:
        with pytest.raises(CommandError, match="has not been loaded here yet"):
            load("--accounts")

    def test_a_day_that_is_none_is_refused(self) -> None:
        with pytest.raises(CommandError, match="“soon” is not a date"):
            load("--today", "soon")


class TestTheOpenRound:
    def test_has_views_that_agree_and_views_that_differ(self, told) -> None:
        views = SectorView.objects.filter(round__slug="2025-26")
        assert set(views.values_list("differs", flat=True)) == {True, False}
        one = views.get(organisation__slug="common-thread")
        assert (one.status, one.commitment.updates.get(round=one.round).status) == ("at_risk", "on_track")

    def test_was_answered_in_every_way_and_by_some_not_at_all(self, told) -> None:
        answers = set(Contribution.objects.filter(round__slug="2025-26").values_list("answer", flat=True))
        assert answers == {"", "evidence", "view", "nothing", "stands"}
        unasked = Contribution.objects.filter(round__slug="2025-26", owed_by__isnull=True)
        assert unasked.exists(), "an organisation without a person is for the administrator to find"

    def test_holds_what_was_told_for_others_and_who_agreed_to_be_shown(self, told) -> None:
        assert Evidence.objects.accepted().exclude(said_by="").count() == 2
        assert Consent.objects.filter(withdrawn_at__isnull=False).count() == 1
        assert Consent.objects.standing(TODAY).count() == 7

    def test_has_mails_that_went_one_that_was_refused_and_none_that_waits(self, told) -> None:
        states = set(Mail.objects.values_list("state", flat=True))
        assert states >= {"sent", "refused"}
        assert "waiting" not in states

    def test_has_an_internal_note_a_deputy_and_times_that_forms_took(self, told) -> None:
        assert Note.objects.exists()
        assert Deputy.objects.standing(TODAY).count() == 1
        assert TimeTaken.objects.filter(form="update").count() >= 5


OLD_SENTENCES = {
    "foreword": "Two commitments have heard nothing from us for years; we say that too.",
    "forward-plan": "Say how the two silent commitments stand, or say why nobody has taken them up.",
    "paper-recommendations": "Ask the lead officers of the two commitments without an update to report to the steering group by September.",
    "risk": "The greatest risk is delay: three commitments are late for reasons that lie within the council.",
}


def report_of(round_: Round) -> facts.Report:
    return assembly.assemble(round_=round_, making=facts.ProductionDetails(at=timezone.now()))


def test_no_text_of_the_story_contradicts_the_facts_of_its_report(told, files):
    reports = [report_of(one) for one in Round.objects.filter(strategy__slug=STRATEGY, observes_from__lt=TODAY)]
    assert sum(len(report.texts) for report in reports) >= 20
    assert [one.sentence() for report in reports for one in find_contradictions(report)] == []


def test_the_data_of_every_report_follow_the_published_schema(told, files):
    rounds = Round.objects.filter(observes_from__lt=TODAY)
    assert len({one.strategy_id for one in rounds}) > 2, "a charter and a plan report as well"
    for one in rounds:
        report = report_of(one)
        tables = check(exports.WRITERS["json"](report))["tables"]
        assert len(tables["evidence"]["rows"]) == len(report.evidence)


def test_each_sentence_that_once_contradicted_the_report_is_found(told, files):
    report = report_of(Round.objects.get(strategy__slug=STRATEGY, slug="2024-25"))
    texts = tuple(facts.TextFacts(section, text) for section, text in OLD_SENTENCES.items())
    found = find_contradictions(replace(report, texts=texts))
    assert [(one.section, one.quote) for one in found] == list(OLD_SENTENCES.items())
    assert all("4 of 32 commitments are" in one.facts_say for one in found)


def test_most_commitments_have_a_success_measure_and_nine_have_none(told):
    ours = Commitment.objects.filter(strategy__slug=STRATEGY)
    measured = ours.exclude(success_measure="")
    assert (measured.count(), ours.filter(success_measure="").count()) == (23, 9)
    assert set(measured.values_list("success_measure_agreed_by", flat=True)) == {"the co-production steering group"}
    compact = ours.get(key="review-how-the-compact-is-used")
    assert compact.follows is not None
    assert compact.follows.reference == "7.2"
    assert {other.key for other in compact.related.all()} == {
        "uphold-the-principles",
        "respect-the-sectors-independence",
    }


class TestGroups:
    def test_have_seats_one_vacant_since_march_and_three_levels(self, told) -> None:
        group = PartnershipGroup.objects.get(organisation__slug="oxfordshire-stronger-community-alliance")
        page = group_page(group, TODAY)
        assert (len(page.tiles), page.vacant, len(page.chairs), len(page.secretaries)) == (17, 1, 2, 1)
        assert [tile.vacant_since for tile in page.tiles if not tile.held] == [date(2026, 3, 1)]
        assert not [tile.name for tile in page.tiles if tile.name], "posts, not names"
        assert {below.rests_since for below in page.subgroups} == {None, date(2026, 3, 1)}
        [top] = group_tree(TODAY)
        assert [below.group.organisation.name for branch in top.below for below in branch.below] == [
            "Working group on energy costs"
        ]
