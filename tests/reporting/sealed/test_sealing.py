"""A published edition can't be changed: not by the portal, not by SQL with the application's own role, not by two at once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from psycopg2.errorcodes import FOREIGN_KEY_VIOLATION, INSUFFICIENT_PRIVILEGE, RESTRICT_VIOLATION

from reporting import production, tasks
from reporting.formats import FORMATS
from reporting.models import Citation, Edition, Face, Withdrawal
from reporting.production import sweeping
from reporting.sealed import checking
from reporting.services import publishing, sealing
from reporting.services.editions import retry_edition
from tests import factories
from tests.factories import make_edition
from tests.reporting.app_role import connected_as_app
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = (
    "reporting_edition", "reporting_face", "reporting_citation", "reporting_withdrawal", "reporting_proposal",
    "reporting_consentedcontent",
)  # fmt: skip


def rows() -> list[str]:
    """Every row of the sealed tables, as the database holds it."""
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t ORDER BY id")
            found += [str(row) for (row,) in cursor.fetchall()]
    return found


@pytest.fixture
def draft(open_round, officer) -> Edition:
    made = make_edition(round_=open_round, by=officer)
    Citation.objects.create(edition=made, evidence=7, note=1, references=["1.1"], paragraphs=["12"])
    return made


@pytest.fixture
def sealed(open_round, officer, now) -> Edition:
    made = make_edition(round_=open_round, by=officer)
    Citation.objects.create(edition=made, evidence=7, note=1, references=["1.1"], paragraphs=["12"])
    return factories.publish_edition(by=officer, at=now, edition=made)


@pytest.fixture
def app(transactional_db) -> Iterator[Any]:
    """A connection of the application's own role."""
    with connected_as_app() as theirs:
        yield theirs


BY_ORM: dict[str, Callable[[Edition, Edition], Any]] = {
    "saving the edition": lambda sealed, draft: sealed.save(),
    "updating its facts": lambda sealed, draft: Edition.objects.filter(pk=sealed.pk).update(facts={"a": 1}),
    "publishing it again": lambda sealed, draft: Edition.objects.filter(pk=sealed.pk).update(published_at=Now()),
    "unpublishing it": lambda sealed, draft: Edition.objects.filter(pk=sealed.pk).update(published_at=None, published_by=None),
    "updating all editions": lambda sealed, draft: Edition.objects.update(done=F("done") + 1),
    "deleting a face": lambda sealed, draft: sealed.faces.all()[0].delete(),
    "updating faces": lambda sealed, draft: Face.objects.update(sha256="0" * 64),
    "adding a face": lambda sealed, draft: Face.objects.create(edition=sealed, code="new", content="x", size=1, sha256="0"),
    "adding faces": lambda sealed, draft: Face.objects.bulk_create([Face(edition=sealed, code="n", content="x", size=1)]),
    "moving a face to it": lambda sealed, draft: draft.faces.all()[:1].model.objects.filter(
        pk=draft.faces.all()[0].pk
    ).update(edition=sealed, code="moved"),
    "moving a face away": lambda sealed, draft: Face.objects.filter(edition=sealed, code="pdf").update(
        edition=draft, code="moved"
    ),
    "adding a citation": lambda sealed, draft: Citation.objects.create(edition=sealed, evidence=9, note=9),
    "changing a citation": lambda sealed, draft: sealed.citations.update(note=2),
    "deleting citations": lambda sealed, draft: Citation.objects.all().delete(),
}  # fmt: skip


@pytest.mark.parametrize("act", BY_ORM)
def test_the_portal_itself_can_not_change_what_is_sealed(sealed, draft, act):
    before = rows()
    with pytest.raises(IntegrityError, match=r"published|only be added to"), transaction.atomic():
        BY_ORM[act](sealed, draft)
    assert rows() == before


def test_a_sealed_edition_is_not_deleted_even_without_faces(open_round, officer, now):
    """The oldest editions had no faces; the refusal is the edition's own."""
    bare = make_edition(round_=open_round, by=officer)
    bare.faces.all().delete()
    factories.seal(bare, by=officer, at=now)
    before = rows()
    with pytest.raises(IntegrityError, match="can not be changed or removed"), transaction.atomic():
        Edition.objects.filter(pk=bare.pk)._raw_delete(using="default")
    assert rows() == before


def test_a_withdrawal_is_never_taken_back_or_reworded(sealed, officer, now):
    withdrawal = factories.withdraw_edition(by=officer, at=now, edition=sealed, reason="A figure was wrong.")
    before = rows()
    for act in (lambda: Withdrawal.objects.update(reason="Nothing."), withdrawal.delete):
        with pytest.raises(IntegrityError, match="only be added to"), transaction.atomic():
            act()
    assert rows() == before


BY_SQL = {
    "UPDATE reporting_edition SET facts = '{}' WHERE id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_edition SET facts_sha256 = repeat('0', 64) WHERE id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_edition SET published_at = NULL, published_by_id = NULL WHERE id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_edition SET published_at = published_at - interval '1 year' WHERE id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_edition SET id = id + 1000 WHERE id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_edition SET facts = facts WHERE id = %(sealed)s": RESTRICT_VIOLATION,
    "DELETE FROM reporting_edition WHERE id = %(sealed)s": RESTRICT_VIOLATION,
    "DELETE FROM reporting_edition": RESTRICT_VIOLATION,
    "MERGE INTO reporting_edition e USING (SELECT %(sealed)s AS id) s ON e.id = s.id WHEN MATCHED THEN DELETE": RESTRICT_VIOLATION,
    "UPDATE reporting_face SET sha256 = repeat('0', 64) WHERE edition_id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_face SET content = 'other.pdf' WHERE edition_id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_face SET edition_id = %(sealed)s, code = 'moved' WHERE edition_id = %(draft)s AND code = 'pdf'": RESTRICT_VIOLATION,
    "UPDATE reporting_face SET edition_id = %(draft)s, code = 'moved' WHERE edition_id = %(sealed)s AND code = 'pdf'": RESTRICT_VIOLATION,
    "DELETE FROM reporting_face WHERE edition_id = %(sealed)s": RESTRICT_VIOLATION,
    "INSERT INTO reporting_face (edition_id, code, content, size, sha256) VALUES (%(sealed)s, 'new', 'x', 1, '0')": RESTRICT_VIOLATION,
    "INSERT INTO reporting_face (edition_id, code, content, size, sha256) VALUES (%(sealed)s, 'pdf', 'x', 1, '0')"
    " ON CONFLICT (edition_id, code) DO UPDATE SET content = 'x'": RESTRICT_VIOLATION,
    "INSERT INTO reporting_citation (edition_id, evidence, note, \"references\", paragraphs)"
    " VALUES (%(sealed)s, 8, 8, '[]', '[]')": RESTRICT_VIOLATION,
    "UPDATE reporting_citation SET note = 2 WHERE edition_id = %(sealed)s": RESTRICT_VIOLATION,
    "DELETE FROM reporting_citation WHERE edition_id = %(sealed)s": RESTRICT_VIOLATION,
    "UPDATE reporting_withdrawal SET reason = ''": RESTRICT_VIOLATION,
    "DELETE FROM reporting_withdrawal": RESTRICT_VIOLATION,
    "DELETE FROM commitments_round": FOREIGN_KEY_VIOLATION,
    # Getting the guard out of the way.
    **dict.fromkeys(
        [
            *(f"TRUNCATE {table} CASCADE" for table in TABLES),
            *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in TABLES),
            *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES),
            *(f"ALTER TABLE {table} OWNER TO CURRENT_USER" for table in TABLES),
            *(f"DROP TABLE {table} CASCADE" for table in TABLES),
            "DROP TRIGGER reporting_edition_sealed ON reporting_edition",
            "DROP TRIGGER reporting_face_sealed ON reporting_face",
            "DROP FUNCTION reporting_sealed_part() CASCADE",
            "CREATE OR REPLACE FUNCTION reporting_sealed_edition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
            "ALTER FUNCTION reporting_sealed_part() RESET search_path",
            "CREATE RULE quiet AS ON DELETE TO reporting_face DO INSTEAD NOTHING",
            "CREATE TRIGGER a_first BEFORE UPDATE ON reporting_edition FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "SET session_replication_role = replica",
        ],
        INSUFFICIENT_PRIVILEGE,
    ),
}  # fmt: skip


def test_the_applications_own_role_can_not_change_what_is_sealed(sealed, draft, app, officer, now):
    factories.withdraw_edition(by=officer, at=now, edition=sealed, reason="A figure was wrong.")
    before = rows()
    said = {}
    for statement in BY_SQL:
        try:
            with app, app.cursor() as cursor:
                cursor.execute(statement, {"sealed": sealed.pk, "draft": draft.pk})
            said[statement] = "nothing"
        except psycopg2.Error as error:
            said[statement] = str(error.pgcode)
    assert said == BY_SQL
    assert rows() == before


def test_a_table_of_the_same_name_does_not_mislead_the_guard(sealed, draft, app):
    before = rows()
    for statement in (
        "UPDATE public.reporting_face SET sha256 = repeat('0', 64)",
        "DELETE FROM public.reporting_citation",
        "UPDATE public.reporting_edition SET done = 1 WHERE published_at IS NOT NULL",
    ):
        with app.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE reporting_edition (id bigint, published_at timestamptz)")
            cursor.execute("SET search_path = pg_temp, public")
            with pytest.raises(psycopg2.errors.RestrictViolation):
                cursor.execute(statement)
        app.rollback()
    assert rows() == before


def test_the_applications_role_can_do_with_a_draft_what_the_portal_does(draft, app):
    with app, app.cursor() as cursor:
        cursor.execute("UPDATE reporting_edition SET done = 3 WHERE id = %s", [draft.pk])
        cursor.execute("UPDATE reporting_face SET pages = 4 WHERE edition_id = %s", [draft.pk])
        cursor.execute("DELETE FROM reporting_citation WHERE edition_id = %s", [draft.pk])
        assert cursor.rowcount == 1


# What the portal's own routines do with sealed editions: nothing --------------------------------------------------------------


def test_sweeping_noting_making_and_trying_again_leave_a_sealed_edition_alone(sealed, officer, now):
    before = rows()
    assert production.produce(sealed.pk) is False
    tasks.sweep()
    sweeping.note_sent(sealed.pk)
    with pytest.raises(Refused, match="already been made"):
        retry_edition(by=officer, at=now, edition=sealed)
    with pytest.raises(Refused, match="already published"):
        factories.publish_edition(by=officer, at=now, edition=sealed)
    with pytest.raises(Refused, match="published"):
        sealing.discard_edition(by=officer, at=now, edition=sealed)
    assert rows() == before


# Publishing ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["queued", "running", "failed", "cancelled"])
def test_only_what_is_ready_is_published(open_round, officer, now, state):
    extra = {"cancelled_at": now, "cancelled_by": officer} if state == "cancelled" else {}
    with pytest.raises(Refused, match="not ready"):
        factories.publish_edition(
            by=officer, at=now, edition=make_edition(round_=open_round, by=officer, state=state, **extra)
        )


def spoil(edition: Edition, code: str, content: bytes | None) -> None:
    face = edition.face(code)
    assert face
    place = Path(default_storage.path(str(face.content.name)))
    place.unlink()
    if content is not None:
        place.write_bytes(content)


@pytest.mark.parametrize("code", [face.code for face in FORMATS])
def test_a_file_that_is_gone_or_changed_by_a_letter_keeps_an_edition_from_being_published(draft, officer, now, code):
    label = next(face.label for face in FORMATS if face.code == code)
    face = draft.face(code)
    whole = default_storage.open(face.content.name).read()
    for content, words in (
        (None, "is missing"),
        (whole[:-1] + b"!", "has changed since it was made"),
        (b"", "has changed since"),
    ):
        if default_storage.exists(face.content.name):
            spoil(draft, code, content)
        else:
            Path(default_storage.path(face.content.name)).write_bytes(content or b"")
        if content is None:
            Path(default_storage.path(face.content.name)).unlink(missing_ok=True)
        with pytest.raises(Refused, match=words) as refused:
            factories.publish_edition(by=officer, at=now, edition=draft)
        assert label in refused.value.sentence
        assert "Request a new edition" in refused.value.sentence
    draft.refresh_from_db()
    assert draft.published_at is None


def test_an_edition_made_before_there_were_faces_asks_for_a_new_one(draft, officer, now):
    draft.faces.exclude(code="pdf").delete()
    with pytest.raises(
        Refused, match=r"made without .*Committee paper \(Word\).* and Data \(JSON\).* Request a new edition"
    ):
        factories.publish_edition(by=officer, at=now, edition=draft)


def test_a_draft_made_before_a_format_was_added_is_published_without_it_and_says_so(draft, officer, now, monkeypatch):
    added = replace(FORMATS[-1], code="brief", label="One-page brief")
    monkeypatch.setattr(checking, "FORMATS", (*FORMATS, added))
    ready = publishing.readiness_for(officer, draft, now)
    said = next(check for check in ready.warnings if check.code == "files")
    assert said.sentence == (
        f"All {len(FORMATS)} files are present and unchanged. “One-page brief” was added to the portal after this edition "
        "was made, so the edition does not include it. You can publish it as it is, or request a new edition."
    )
    factories.publish_edition(by=officer, at=now, edition=draft)
    draft.refresh_from_db()
    assert draft.published_at == now


def test_facts_that_are_not_what_was_made_are_not_published(draft, officer, now):
    Edition.objects.filter(pk=draft.pk).update(facts={"changed": True})
    with pytest.raises(Refused, match="its contents have changed"):
        factories.publish_edition(by=officer, at=now, edition=draft)


# Withdrawing and removing -----------------------------------------------------------------------------------------------------


def test_withdrawing_needs_a_reason_and_a_published_edition_and_happens_once(sealed, draft, officer, partner, now):
    with pytest.raises(Refused, match="Say why"):
        factories.withdraw_edition(by=officer, at=now, edition=sealed, reason=" \n ")
    with pytest.raises(Refused, match="characters or fewer"):
        factories.withdraw_edition(by=officer, at=now, edition=sealed, reason="x" * 1001)
    with pytest.raises(Refused, match="not published"):
        factories.withdraw_edition(by=officer, at=now, edition=draft, reason="Wrong.")
    with pytest.raises(Refused, match="Only a council officer"):
        factories.withdraw_edition(by=partner, at=now, edition=sealed, reason="Wrong.")
    before = rows()
    factories.withdraw_edition(by=officer, at=now, edition=sealed, reason=" A figure was wrong. ")
    assert Withdrawal.objects.get().reason == "A figure was wrong."
    assert set(before) < set(rows()), "the edition itself stays as it is"
    assert len(rows()) == len(before) + 2, "the proposal and the withdrawal"
    with pytest.raises(Refused, match="already"):
        factories.withdraw_edition(by=officer, at=now, edition=Edition.objects.get(pk=sealed.pk), reason="Again.")


def test_removing_a_draft_takes_its_rows_and_then_its_files(draft, sealed, officer, partner, now):
    files = [Path(default_storage.path(name)) for name in draft.faces.values_list("content", flat=True)]
    kept = [Path(default_storage.path(name)) for name in sealed.faces.values_list("content", flat=True)]
    with pytest.raises(Refused, match="Only a council officer"):
        sealing.discard_edition(by=partner, at=now, edition=draft)
    with transaction.atomic():
        sealing.discard_edition(by=officer, at=now, edition=draft)
        transaction.set_rollback(True)
    assert all(file.exists() for file in files)
    assert Edition.objects.filter(pk=draft.pk).exists()
    sealing.discard_edition(by=officer, at=now, edition=draft)
    assert not any(file.exists() for file in files)
    assert not files[0].parent.exists()
    assert all(file.exists() for file in kept)
    assert list(Edition.objects.values_list("pk", flat=True)) == [sealed.pk]
    for act in (sealing.discard_edition, factories.publish_edition):
        with pytest.raises(Refused, match="someone has removed it"):
            act(by=officer, at=now, edition=draft)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_what_is_being_made_is_stopped_before_it_is_removed(open_round, officer, now, state):
    with pytest.raises(Refused, match="Cancel it first"):
        sealing.discard_edition(by=officer, at=now, edition=make_edition(round_=open_round, by=officer, state=state))


# Two at once -----------------------------------------------------------------------------------------------------------------


def in_thread(act: Callable[[], Any]) -> tuple[threading.Thread, dict[str, Any]]:
    """Do it on another connection; the second value tells what came of it."""
    told: dict[str, Any] = {}

    def run() -> None:
        try:
            told["did"] = act()
        except BaseException as error:
            told["said"] = error
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


def is_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def wait_until_blocked() -> None:
    until = time.monotonic() + 10
    while not is_waiting_for_a_lock():
        assert time.monotonic() < until, "nobody waits"
        time.sleep(0.02)


ADD = "INSERT INTO reporting_face (edition_id, code, content, size, sha256) VALUES (%s, 'late', 'x', 1, '0')"


def test_publishing_waits_for_a_face_that_is_just_being_added_and_sees_it(draft, officer, now, app):
    with app.cursor() as cursor:
        cursor.execute(ADD, [draft.pk])
        thread, told = in_thread(lambda: factories.publish_edition(by=officer, at=now, edition=draft))
        wait_until_blocked()
        app.commit()
    thread.join(10)
    assert isinstance(told.get("said"), Refused), "the late face's file is not there"
    draft.refresh_from_db()
    assert draft.published_at is None


def test_a_face_that_comes_while_an_edition_is_being_published_waits_and_is_refused(draft, officer, now, app):
    def add() -> None:
        with closing(connection.cursor()) as cursor:
            cursor.execute(ADD, [draft.pk])

    with transaction.atomic():
        factories.publish_edition(by=officer, at=now, edition=draft)
        thread, told = in_thread(add)
        wait_until_blocked()
    thread.join(10)
    assert isinstance(told.get("said"), IntegrityError)
    assert not Face.objects.filter(code="late").exists()


@pytest.mark.parametrize("first", ["publish", "discard"])
def test_publishing_and_removing_at_once_do_one_of_the_two(draft, officer, second_officer, now, first):
    acts = {"publish": factories.publish_edition, "discard": sealing.discard_edition}
    second = next(name for name in acts if name != first)
    with transaction.atomic():
        acts[first](by=officer, at=now, edition=draft)
        thread, told = in_thread(lambda: acts[second](by=second_officer, at=now, edition=draft))
        wait_until_blocked()
    thread.join(10)
    assert isinstance(told.get("said"), Refused)
    left = Edition.objects.filter(pk=draft.pk).first()
    if first == "publish":
        assert left
        assert all(default_storage.exists(str(face.content.name)) for face in left.faces.all())
    else:
        assert left is None


def test_two_withdrawals_at_once_are_one(sealed, officer, second_officer, now):
    with transaction.atomic():
        factories.withdraw_edition(by=officer, at=now, edition=sealed, reason="First.")
        thread, told = in_thread(
            lambda: factories.withdraw_edition(by=second_officer, at=now, edition=sealed, reason="Second.")
        )
        wait_until_blocked()
    thread.join(10)
    assert isinstance(told.get("said"), Refused)
    assert Withdrawal.objects.get().reason == "First."
