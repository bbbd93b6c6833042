"""What the nightly job removes, on which day, and what it leaves."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from commitments.files.uploads import check_upload
from commitments.models import Consent, Evidence, EvidenceFile, HistoryEntry, TimeTaken, WorkingCopy
from commitments.reading import consents as consents_reading
from commitments.services import consents
from commitments.services.evidence import attach_file, edit_evidence, withdraw_evidence
from commitments.services.working_copies import keep_copy
from partners.emails.outbox import put_mail
from partners.models import AddressChange, Invitation, Mail, RetentionCount, RetentionRun, SecurityEvent, Session
from partners.security import chain
from partners.security.events import record_event
from partners.sessions.engine import SessionStore
from tests.commitments.sample_files import photograph
from tests.factories import make_edition, make_evidence, make_evidence_content, make_round, seal
from vcsportal.privacy.retention_table import RULE
from vcsportal.privacy.services import retention_job
from vcsportal.tasks import apply_retention as nightly

pytestmark = pytest.mark.django_db


def _is_there(name: object) -> bool:
    return default_storage.exists(str(name))


def _last_day(code: str, at: datetime) -> datetime:
    """The last moment of the last day on which something of ``at`` is kept."""
    day = timezone.localdate(at) + timedelta(days=RULE[code].kept_for + 1)
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) - timedelta(seconds=1)


def _counts(run: RetentionRun) -> dict[str, int]:
    return dict(run.counts.values_list("kind", "count"))


def _removed_only_after_its_last_day(code: str, at: datetime) -> None:
    last = _last_day(code, at)
    before = _counts(retention_job.apply_retention(last))
    assert code not in before, f"{code} went on its last day"
    after = _counts(retention_job.apply_retention(last + timedelta(seconds=1)))
    assert after[code] == 1
    assert code not in _counts(retention_job.apply_retention(last + timedelta(hours=1))), "removed once"


def _mail(person, at, **more) -> Mail:
    mail = put_mail(
        key=f"test:{at.isoformat()}", kind="invitation", to=person, template="invitation", at=at,
        values={"person": person, "by": None, "held": [], "by_password": False},
    )  # fmt: skip
    Mail.objects.filter(pk=mail.pk).update(**{"state": "sent", "sent_at": at, "problem": f"for {person.email}", **more})
    return Mail.objects.get(pk=mail.pk)


@pytest.mark.parametrize("state", ["sent", "refused", "bounced", "given_up", "dropped"])
def test_the_words_of_an_email_are_erased_and_its_record_stays(partner, now, state):
    mail = _mail(partner, now, state=state)
    _removed_only_after_its_last_day("emails", now)
    mail.refresh_from_db()
    assert (mail.to, mail.subject, mail.text, mail.html, mail.problem) == ("", "", "", "", "")
    assert (mail.person, mail.kind, mail.state, mail.made_at) == (partner, "invitation", state, now)
    assert mail.erased_at is not None


def test_an_email_that_still_waits_is_left_alone(partner, now):
    mail = _mail(partner, now, state="waiting")
    retention_job.apply_retention(now + timedelta(days=4_000))
    mail.refresh_from_db()
    assert mail.to == partner.email


def test_the_record_of_an_email_goes_after_three_years(partner, now):
    _mail(partner, now)
    retention_job.apply_retention(now + timedelta(days=100))
    _removed_only_after_its_last_day("email_records", now)
    assert not Mail.objects.exists()


def test_text_typed_and_not_sent_is_deleted(partner, now):
    keep_copy(by=partner, at=now, form="evidence:new", fields={"title": "Half a sentence"}, seen=None)
    _removed_only_after_its_last_day("working_copies", now)
    assert not WorkingCopy.objects.exists()


def test_how_long_forms_took_is_deleted(now):
    TimeTaken.objects.create(form="update", seconds=90, sent_on=timezone.localdate(now))
    _removed_only_after_its_last_day("times_taken", now)
    assert not TimeTaken.objects.exists()


def test_a_session_that_ended_is_deleted(now):
    store = SessionStore()
    store.create()
    Session.objects.update(expire_date=now)
    _removed_only_after_its_last_day("sessions", now)
    assert not Session.objects.exists()


def test_old_security_events_go_from_the_beginning_of_their_chain_and_the_trail_says_so(nobody):
    at = timezone.now().replace(hour=12)  # noon is on one day, summer or winter
    old = at - timedelta(days=RULE["security_events"].kept_for + 1)
    for when in (old, old, old + timedelta(days=1), at):
        record_event("signed_in", at=when, by=nobody, person=nobody)
    assert chain.seal() == 4
    assert RULE["security_events"].due_at(at).count() == 2
    assert _counts(retention_job.apply_retention(at))["security_events"] == 2
    assert SecurityEvent.objects.filter(kind="signed_in").count() == 2
    assert SecurityEvent.objects.get(kind="events_removed").subject == "2 events"
    assert chain.verify().faults == []
    assert "security_events" not in _counts(retention_job.apply_retention(at))


def _invitation(administrator, at, **more) -> Invitation:
    values = {"email": "new@example.org", "name": "Nia New", "role": "steering_group", "state": "waiting", **more}
    return Invitation.objects.create(invited_at=at, invited_by=administrator, **values)


def test_whom_an_invitation_was_for_is_erased_a_year_after_it_was_answered_or_ran_out(administrator, now):
    answered = _invitation(administrator, now, state="declined", settled_at=now, settled_by=administrator)
    _removed_only_after_its_last_day("invitations", now)
    ran_out = _invitation(administrator, now, state="sent", sent_at=now, sent_by=administrator, expires_at=now)
    _removed_only_after_its_last_day("invitations", now)
    waiting = _invitation(administrator, now, email="other@example.org")
    retention_job.apply_retention(now + timedelta(days=4_000))
    for one in (answered, ran_out):
        one.refresh_from_db()
        assert (one.name, one.email) == ("", f"{one.pk}@erased.invalid")
    waiting.refresh_from_db()
    assert waiting.name == "Nia New"


def test_both_addresses_of_a_change_are_erased_a_year_later(administrator, partner, now):
    change = AddressChange.objects.create(
        person=partner, email="new@example.org", before=partner.email, code="x", asked_at=now, asked_by=administrator,
        expires_at=now,
    )  # fmt: skip
    _removed_only_after_its_last_day("address_changes", now)
    change.refresh_from_db()
    assert (change.email, change.before, change.code) == (f"{change.pk}@erased.invalid", "", "")


def test_old_runs_are_forgotten(now):
    run = retention_job.apply_retention(now)
    last = _last_day("retention_runs", now)
    retention_job.apply_retention(last)
    assert RetentionRun.objects.filter(pk=run.pk).exists()
    retention_job.apply_retention(last + timedelta(seconds=1))
    assert not RetentionRun.objects.filter(pk=run.pk).exists()


def _draft_with_photograph(partner, commitment, now) -> tuple[Evidence, EvidenceFile]:
    draft = make_evidence(partner, commitment, at=now)
    return draft, attach_file(
        by=partner, at=now, evidence=draft, checked=check_upload("hall.jpg", photograph()), caption="The hall"
    )


def test_the_owner_of_an_unused_draft_is_warned_a_month_before_it_is_deleted(partner, commitment, now):
    draft, file = _draft_with_photograph(partner, commitment, now)
    name = file.content.name
    retention_job.apply_retention(now + timedelta(days=335) - timedelta(seconds=1))
    assert not Mail.objects.filter(kind="draft_unused").exists()
    warned = now + timedelta(days=335, seconds=1)
    retention_job.apply_retention(warned)
    retention_job.apply_retention(warned + timedelta(days=1))
    mail = Mail.objects.get(kind="draft_unused")
    assert (mail.person, mail.to) == (partner, partner.email)
    assert draft.title in mail.text
    assert "30 days after this email" in mail.text
    assert _is_there(name)
    _removed_only_after_its_last_day("draft_evidence", warned)
    assert not Evidence.objects.exists()
    assert not EvidenceFile.objects.exists()
    assert not HistoryEntry.objects.filter(said__title=draft.title).exists()
    assert not _is_there(name)


def test_a_draft_that_was_touched_after_the_warning_stays_and_is_warned_of_again_a_year_later(partner, commitment, now):
    draft = make_evidence(partner, commitment, at=now)
    warned = now + timedelta(days=336)
    retention_job.apply_retention(warned)
    edit_evidence(by=partner, at=warned + timedelta(days=2), evidence=draft, content=make_evidence_content(commitment))
    retention_job.apply_retention(warned + timedelta(days=40))
    assert Evidence.objects.filter(pk=draft.pk).exists()
    retention_job.apply_retention(warned + timedelta(days=340))
    assert Mail.objects.filter(kind="draft_unused").count() == 2
    assert Evidence.objects.filter(pk=draft.pk).exists()


def test_where_the_owner_has_left_the_leads_are_warned(partner, partner_lead, commitment, now):
    make_evidence(partner, commitment, at=now)
    partner.is_active = False
    partner.save()
    retention_job.apply_retention(now + timedelta(days=336))
    assert Mail.objects.get(kind="draft_unused").person == partner_lead


def test_evidence_that_was_ever_sent_is_no_unused_draft(partner, commitment, now):
    piece = make_evidence(partner, commitment, state="submitted", at=now)
    Evidence.objects.filter(pk=piece.pk).update(state="draft")
    retention_job.apply_retention(now + timedelta(days=400))
    retention_job.apply_retention(now + timedelta(days=440))
    assert Evidence.objects.filter(pk=piece.pk).exists()


def test_the_database_erases_the_history_of_an_unused_draft_and_of_nothing_else(partner, commitment, now):
    draft = make_evidence(partner, commitment, at=now)
    with pytest.raises(DatabaseError, match="its history stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT portal_erase_history_of_draft(%s)", [draft.pk])
    with pytest.raises(DatabaseError, match="only be added to"), transaction.atomic():
        HistoryEntry.objects.filter(evidence=draft).delete()
    assert HistoryEntry.objects.filter(evidence=draft).exists()


def _withdrawn(partner, commitment, now, **changes) -> tuple[Evidence, EvidenceFile]:
    draft, file = _draft_with_photograph(partner, commitment, now)
    Evidence.objects.filter(pk=draft.pk).update(**changes)
    return withdraw_evidence(by=partner, at=now, evidence=draft), file


def test_files_of_withdrawn_evidence_are_erased_and_its_words_stay(partner, commitment, now):
    piece, file = _withdrawn(partner, commitment, now, said_by="A neighbour", said_how="telephone")
    _removed_only_after_its_last_day("withdrawn_evidence", now)
    piece.refresh_from_db()
    assert (piece.said_by, piece.said_how) == ("", "")
    assert piece.title
    assert not piece.files.exists()
    assert not _is_there(file.content.name)
    assert not _is_there(file.print_content.name)


def test_withdrawn_evidence_that_a_published_report_refers_to_keeps_its_files(
    partner, officer, strategy, commitment, now
):
    piece, file = _withdrawn(partner, commitment, now)
    edition = make_edition(round_=make_round(strategy, years_ago=1), by=officer)
    edition.citations.create(evidence=piece.pk, note=1)
    retention_job.apply_retention(_last_day("withdrawn_evidence", now) + timedelta(seconds=1))
    assert not piece.files.exists(), "a draft of a report keeps nothing"
    other, kept = _withdrawn(partner, commitment, now)
    published = make_edition(round_=edition.round, by=officer)
    published.citations.create(evidence=other.pk, note=1)
    seal(published, by=officer, at=now)
    retention_job.apply_retention(_last_day("withdrawn_evidence", now) + timedelta(seconds=1))
    assert _is_there(kept.content.name)
    assert not _is_there(file.content.name)


def _consented(partner, officer, commitment, now, **more) -> tuple[Evidence, EvidenceFile, Consent]:
    draft, file = _draft_with_photograph(partner, commitment, now)
    given = consents.record_consent(
        by=partner, at=now, evidence=draft, file=file, given_by="Two members of the choir", given_on=now.date(),
        uses=["portal", "report"], **more,
    )  # fmt: skip
    return draft, file, given


def test_a_photograph_is_erased_after_its_consent_was_withdrawn(partner, officer, commitment, now, signed_in):
    draft, file, given = _consented(partner, officer, commitment, now)
    consents.withdraw_consent(by=partner, at=now, consent=given, why="They asked")
    _removed_only_after_its_last_day("photographs", now)
    file.refresh_from_db()
    assert file.erased_at is not None
    assert not _is_there(file.content.name)
    assert not _is_there(file.print_content.name)
    assert Consent.objects.get(pk=given.pk).given_by == "Two members of the choir", "the record of consent stays"
    assert draft.history.filter(act="erase", by=None).count() == 1


def test_a_photograph_is_erased_after_its_consent_ran_out(partner, officer, commitment, now):
    last = timezone.localdate(now) + timedelta(days=10)
    _consented(partner, officer, commitment, now, lasts_until=last)
    _removed_only_after_its_last_day("photographs", now + timedelta(days=11))


def test_a_photograph_that_somebody_agreed_to_again_stays(partner, officer, commitment, now):
    draft, file, given = _consented(partner, officer, commitment, now)
    consents.withdraw_consent(by=partner, at=now, consent=given)
    again = now + timedelta(hours=1)
    consents.record_consent(
        by=partner, at=again, evidence=draft, file=file, given_by="two members of the CHOIR", given_on=now.date(),
        uses=["portal"],
    )  # fmt: skip
    retention_job.apply_retention(now + timedelta(days=200))
    assert _is_there(file.content.name)


def test_an_erased_photograph_is_never_shown_again_whoever_agrees(partner, officer, commitment, now, signed_in):
    draft, file, given = _consented(partner, officer, commitment, now)
    consents.withdraw_consent(by=partner, at=now, consent=given)
    retention_job.apply_retention(now + timedelta(days=200))
    consents.record_consent(
        by=partner, at=now + timedelta(days=201), evidence=draft, file=file, given_by="Two members of the choir",
        given_on=now.date(), uses=["portal", "report"],
    )  # fmt: skip
    today = timezone.localdate(now)
    assert not EvidenceFile.objects.showable(today).exists()
    assert consents_reading.standing(EvidenceFile.objects.with_standing(today).get()) == "taken_back"
    page = signed_in(partner).get(f"/evidence/{draft.pk}/files/{file.pk}/")
    assert page.status_code == 410
    assert signed_in(partner).get(f"/evidence/{draft.pk}/").status_code == 200
    assert signed_in(partner).get(f"/evidence/{draft.pk}/consents/").status_code == 200


def test_names_in_records_of_consent_are_erased_after_six_years_and_the_answers_still_count(
    partner, officer, commitment, now
):
    given = _consented(partner, officer, commitment, now)[2]
    consents.withdraw_consent(by=partner, at=now, consent=given, why="Written by Wren")
    _removed_only_after_its_last_day("consents", now)
    given.refresh_from_db()
    assert given.given_by == f"Person whose name was erased ({given.pk})"
    assert given.withdrawn_why == ""
    assert given.withdrawn_at == now
    assert Consent.objects.newest_words().count() == 1


def test_a_draft_report_goes_after_a_later_one_was_published(officer, strategy, now):
    closed = make_round(strategy, years_ago=1)
    draft = make_edition(round_=closed, by=officer, at=now)
    name = draft.faces.get(code="pdf").content.name
    published = make_edition(round_=closed, by=officer, at=now, published=True)
    newer = make_edition(round_=closed, by=officer, at=now)
    _removed_only_after_its_last_day("draft_editions", now)
    assert set(type(draft).objects.values_list("pk", flat=True)) == {published.pk, newer.pk}
    assert not _is_there(name)
    assert _is_there(published.faces.get(code="pdf").content.name)


def test_the_command_counts_first_and_removes_when_asked(partner, now):
    _mail(partner, now - timedelta(days=91 + 1))
    out = StringIO()
    call_command("apply_retention", "--dry-run", stdout=out)
    assert "1  emails: Emails that the portal sent" in out.getvalue()
    assert not RetentionRun.objects.exists()
    assert Mail.objects.get().to == partner.email
    out = StringIO()
    call_command("apply_retention", stdout=out)
    assert "1  emails" in out.getvalue()
    assert Mail.objects.get().to == ""


def test_beat_removes_every_night(settings):
    assert settings.CELERY_BEAT_SCHEDULE["apply-retention"]["task"] == nightly.name
    nightly()
    assert RetentionRun.objects.get().finished_at is not None


def test_a_kind_that_fails_holds_up_no_other_and_is_reported(partner, now, monkeypatch):
    _mail(partner, now)
    keep_copy(by=partner, at=now, form="evidence:new", fields={"title": "x"}, seen=None)

    def broken(rows, at):
        Mail.objects.update(subject="half done")
        raise OSError("the disk is full")

    monkeypatch.setattr(retention_job, "RULES", (replace(RULE["emails"], remove=broken), RULE["working_copies"]))
    run = retention_job.apply_retention(now + timedelta(days=200))
    assert RetentionCount.objects.get(run=run, kind="emails").failed
    assert not WorkingCopy.objects.exists()
    assert Mail.objects.get().subject != "half done"
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=200))
    with pytest.raises(CommandError, match="emails"):
        call_command("apply_retention", stdout=StringIO())


def test_more_than_a_batch_goes_in_one_run(now, monkeypatch):
    monkeypatch.setattr(retention_job, "BATCH_ROWS", 2)
    for _ in range(5):
        TimeTaken.objects.create(form="update", seconds=90, sent_on=timezone.localdate(now) - timedelta(days=2_000))
    assert _counts(retention_job.apply_retention(now))["times_taken"] == 5


def test_the_page_says_how_much_was_removed_and_never_whose(administrator, partner, now, signed_in):
    _mail(partner, now)
    retention_job.apply_retention(now + timedelta(days=200))
    page = signed_in(administrator).get("/privacy/removed/").content.decode()
    assert "Emails that the portal sent: 1" in page
    assert partner.name not in page
