"""Erasing a person: their name and address are found nowhere any more, and what they did stays, unnamed."""

import uuid
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from commitments.models import HistoryEntry, WorkingCopy
from commitments.services.commitment_people import assign_people
from commitments.services.handover import hand_over
from commitments.services.notes import write_note
from commitments.services.working_copies import keep_copy
from partners.emails.outbox import put_mail
from partners.models import AddressChange, ApiToken, Deputy, Invitation, Mail, RepeatedRequest, SecurityEvent, User
from partners.models import HistoryEntry as PersonHistory
from partners.services.access import end_access, restore_access
from partners.services.api_tokens import make_token
from partners.services.complaints import receive_complaint
from partners.services.deputies import name_deputy
from partners.services.erasure import unnamed
from tests.factories import make_evidence, make_person
from tests.reporting.app_role import connected_as_app
from tests.signing_in import sign_in
from vcsportal.common.words import Refused
from vcsportal.privacy.retention_table import RULE
from vcsportal.privacy.services.erasure import erase_person, mentions
from vcsportal.privacy.services.retention_job import apply_retention

pytestmark = pytest.mark.django_db
EXCEPT = {"partners_securityevent"}
"""The trail of security events is chained, and goes by its own days."""


def found_in(words: str) -> set[str]:
    """The columns of the database that hold these words, in small letters or capitals."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY')"
        )
        columns = cursor.fetchall()
        assert len(columns) > 150
        found = set()
        for table, column in columns:
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{words}%"])
            if cursor.fetchone()[0] and table not in EXCEPT:
                found.add(f"{table}.{column}")
    return found


@pytest.fixture
def leaver(council) -> User:
    person = make_person("officer", council, name="Wren (Wyn) O’Leaver")
    User.objects.filter(pk=person.pk).update(email="wren.o+leaver@example.org")
    return User.objects.get(pk=person.pk)


def leave(leaver: User, administrator: User, officer: User, commitment, at: datetime) -> User:
    """A working life: a lead that was handed over, a deputy, emails, drafts of texts, and the end of access."""
    commitment.refresh_from_db()
    assign_people(by=administrator, at=at, commitment=commitment, lead=leaver, supporting=[])
    name_deputy(by=leaver, at=at, person=leaver, deputy=officer)
    name_deputy(by=officer, at=at, person=officer, deputy=leaver)
    keep_copy(by=leaver, at=at, form="evidence:new", fields={"title": f"By {leaver.name}"}, seen=None)
    EmailAddress.objects.create(user=leaver, email=leaver.email)
    Authenticator.objects.create(user=leaver, type=Authenticator.Type.TOTP, data={})
    hand_over(by=administrator, at=at, person=leaver, to=officer, why=f"{leaver.name} moves on")
    for to, state in ((leaver, "sent"), (officer, "sent"), (officer, "waiting")):
        mail = put_mail(
            key=f"test:{to.pk}:{state}", kind="invitation", to=to, template="invitation", at=at,
            values={"person": to, "by": leaver, "held": [], "by_password": False},
        )  # fmt: skip
        Mail.objects.filter(pk=mail.pk).update(state=state, text=f"From {leaver.name}, {leaver.email}")
    Invitation.objects.create(
        email=leaver.email, name=leaver.name, role="steering_group", state="declined", invited_at=at,
        invited_by=administrator, settled_at=at, settled_by=leaver,
    )  # fmt: skip
    AddressChange.objects.create(
        person=leaver, email=leaver.email, before="wren@example.org", code="x", asked_at=at, asked_by=administrator,
        expires_at=at,
    )  # fmt: skip
    end_access(by=administrator, at=at, person=leaver, reason=f"{leaver.name.upper()} has left; {leaver.email}")
    return User.objects.get(pk=leaver.pk)


def test_name_and_address_are_found_nowhere_after_erasure(leaver, administrator, officer, commitment, now):
    gone = leave(leaver, administrator, officer, commitment, now)
    assert len(found_in(gone.name)) >= 5, "there was nothing to erase"
    acts = HistoryEntry.objects.count()
    erase_person(by=administrator, at=now, person=gone, reason=f"{gone.name} asked for it")
    assert found_in("Wren") == set()
    assert found_in("o+leaver") == set()
    assert HistoryEntry.objects.count() == acts, "the history stays"
    gone.refresh_from_db()
    assert gone.name == f"A former officer of {officer.organisations[0].name}"
    assert gone.email.endswith("@invalid")
    assert (gone.erased_at, gone.is_active, gone.has_usable_password(), gone.last_login) == (now, False, False, None)
    assert not WorkingCopy.objects.exists()
    assert not EmailAddress.objects.filter(user=gone).exists()
    assert not Authenticator.objects.filter(user=gone).exists()
    assert not gone.role_grants.current().exists()
    assert not Deputy.objects.filter(ended_at__isnull=True).exists()


def test_the_history_says_what_was_done_and_by_whom_without_the_name(leaver, administrator, officer, commitment, now):
    gone = leave(leaver, administrator, officer, commitment, now)
    erase_person(by=administrator, at=now, person=gone, reason="They asked for it")
    former = unnamed(gone)
    handed = HistoryEntry.objects.get(act="hand_over")
    assert (handed.said["from"], handed.said["from_id"], handed.said["to"]) == (former, gone.pk, officer.name)
    assert handed.reason == f"{former} moves on"
    assert PersonHistory.objects.get(person=officer, act="work taken over").detail == f"from {former}"
    assert PersonHistory.objects.get(person=gone, act="erased").detail == "They asked for it"
    event = SecurityEvent.objects.get(kind="erased")
    assert (event.by, event.person) == (administrator, gone)


def test_an_email_that_still_waits_for_somebody_else_goes_without_the_name(
    leaver, administrator, officer, commitment, now
):
    gone = leave(leaver, administrator, officer, commitment, now)
    erase_person(by=administrator, at=now, person=gone, reason="They asked for it")
    waiting = Mail.objects.get(key=f"test:{officer.pk}:waiting")
    assert (waiting.state, waiting.to) == ("waiting", officer.email)
    assert waiting.text.startswith("From A former officer")
    assert Mail.objects.get(key=f"test:{officer.pk}:sent").text == ""


def test_others_of_a_similar_name_keep_theirs(leaver, administrator, officer, commitment, now):
    PersonHistory.objects.create(at=now, by=officer, act="edited", person=officer, detail="Annual report, Ann Annable")
    ann = make_person(name="Ann")
    end_access(by=administrator, at=now, person=ann, reason="Left")
    erase_person(by=administrator, at=now, person=ann, reason="Asked")
    assert PersonHistory.objects.filter(detail="Annual report, A former user Annable").exists()


def test_who_still_has_access_or_work_or_is_oneself_is_not_erased(leaver, administrator, officer, commitment, now):
    def refused(words: str, by=administrator, person=leaver, reason="Asked") -> None:
        with pytest.raises(Refused, match=words):
            erase_person(by=by, at=now, person=User.objects.get(pk=person.pk), reason=reason)

    refused("End this person’s access first")
    refused("can’t erase yourself", person=administrator)
    refused("Only an administrator", by=officer)
    assign_people(by=administrator, at=now, commitment=commitment, lead=leaver, supporting=[])
    end_access(by=administrator, at=now, person=leaver, reason="Left")
    refused("still responsible")
    refused("Say why", reason=" ")
    hand_over(by=administrator, at=now, person=User.objects.get(pk=leaver.pk), to=officer, why="Left")
    erase_person(by=administrator, at=now, person=leaver, reason="Asked")
    refused("already been erased")
    with pytest.raises(Refused, match="Invite them as someone new"):
        restore_access(by=administrator, at=now, person=leaver, reason="Back")
    assert not User.objects.get(pk=leaver.pk).is_active


def test_ended_accounts_are_erased_after_a_year_unless_work_is_left(leaver, administrator, officer, commitment, now):
    assign_people(by=administrator, at=now, commitment=commitment, lead=leaver, supporting=[])
    end_access(by=administrator, at=now, person=leaver, reason="Left")
    other = make_person(name="Olga Other")
    end_access(by=administrator, at=now, person=other, reason="Left")
    last = timezone.make_aware(
        datetime.combine(
            timezone.localdate(now) + timedelta(days=RULE["ended_accounts"].kept_for + 1), datetime.min.time()
        )
    )
    apply_retention(last - timedelta(seconds=1))
    assert User.objects.get(pk=other.pk).name == "Olga Other"
    run = apply_retention(last)
    assert run.counts.get(kind="ended_accounts").count == 1
    assert User.objects.get(pk=other.pk).name == "A former user"
    assert User.objects.get(pk=leaver.pk).name == leaver.name


def test_a_year_counts_from_the_last_time_that_access_ended(administrator, nobody, now):
    end_access(by=administrator, at=now, person=nobody, reason="Left")
    restore_access(by=administrator, at=now + timedelta(days=300), person=nobody, reason="Back")
    apply_retention(now + timedelta(days=400))
    end_access(by=administrator, at=now + timedelta(days=401), person=nobody, reason="Left again")
    apply_retention(now + timedelta(days=420))
    assert User.objects.get(pk=nobody.pk).name == nobody.name


def test_the_portals_own_role_takes_no_name_of_a_living_account_out_of_the_history(leaver, administrator, now):
    with pytest.raises(DatabaseError, match="access has ended"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT portal_unname_history(%s, %s)", [leaver.pk, "A former officer"])
    end_access(by=administrator, at=now, person=leaver, reason="Left")
    with pytest.raises(DatabaseError, match="access has ended"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT portal_unname_history(%s, %s)", [leaver.pk, "Delayed"])


@pytest.mark.django_db(transaction=True)
def test_the_portals_own_role_cannot_pretend_to_erase():
    with connected_as_app() as theirs, theirs.cursor() as cursor:
        cursor.execute("SET portal.erases_from = 'partners_historyentry'")
        cursor.execute("INSERT INTO partners_historyentry (at, act, detail) VALUES (now(), 'x', '') RETURNING id")
        key = cursor.fetchone()[0]
        with pytest.raises(Exception, match="can only be added to"):
            cursor.execute("DELETE FROM partners_historyentry WHERE id = %s", [key])


def test_the_page_shows_where_the_name_stays_and_erases(
    client, leaver, administrator, officer, partner, commitment, now
):
    piece = make_evidence(partner, commitment, state="submitted")
    write_note(by=officer, at=now, about=piece, text=f"{leaver.name} knows more.")
    end_access(by=administrator, at=now, person=leaver, reason="Left")
    assert [(one.what, one.count, one.sealed) for one in mentions(leaver)] == [("notes", 1, False)]
    sign_in(client, administrator)
    address = f"/people/{leaver.pk}/erase/"
    page = client.get(address).content.decode()
    assert "Notes: 1" in page
    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "They asked"}, follow=True)
    page = answer.content.decode()
    assert "was erased on" in page
    assert "Erased" in page
    assert leaver.email not in page
    assert leaver.name not in page
    assert client.get(address).status_code == 409


def test_a_complaint_is_not_erased_with_the_account(leaver, administrator, now):
    receive_complaint(at=now, token=uuid.uuid4(), name="Someone", words="x", email="someone@example.org")
    end_access(by=administrator, at=now, person=leaver, reason="Left")
    erase_person(by=administrator, at=now, person=leaver, reason="Asked")
    assert Mail.objects.filter(to="someone@example.org", state="waiting").exists()


def test_what_their_programs_were_called_and_sent_is_erased(administrator, leaver, charity):
    now = timezone.now()
    make_token(by=leaver, at=now, name="Wren’s laptop", scopes=[], days=30)
    RepeatedRequest.objects.create(person=leaver, key="k", digest="d", at=now, status=201, answer="{}")
    end_access(by=administrator, at=now, person=leaver, reason="left")
    erase_person(by=administrator, at=now, person=leaver, reason="asked")
    assert ApiToken.objects.get().name == ""
    assert not RepeatedRequest.objects.exists()
    assert found_in("Wren’s laptop") == set()
