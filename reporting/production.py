"""Makes an edition: claim, assemble, freeze, draw, write, ready. The row is the truth; whoever holds its token writes it.

A claim counts the row's attempts up by one, and that number is the token: every later write asks for it, so a worker
that was given up for dead and comes back can write nothing. The database's clock decides when a lease has run out.
"""

import errno
import logging
import os
import time
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, models, transaction
from django.db.models.functions import Now

from reporting import assembly, rendering
from reporting.citations import uses
from reporting.deadline import Deadline, TooSlow
from reporting.faces import FACES, Made
from reporting.facts import Making, Report, checksum, to_json
from reporting.heartbeat import Heartbeat, Overtaken
from reporting.made_with import made_with
from reporting.models import Citation, Edition, Face
from reporting.photographs import Photographs

logger = logging.getLogger(__name__)
FOLDER: Final = "reports"
UNFINISHED: Final = ".unfinished-"

TOO_SLOW: Final = (
    "Making the report took longer than it may, so it was stopped. Try again; if it happens again, the portal’s "
    "technical people can look into it."
)
TOO_BIG: Final = "Making the report needed more memory than it may use, so it was stopped. Nothing else is affected."
SPENT: Final = (
    "The worker stopped {attempts} times while it was making the report, so the portal has stopped trying. "
    "You can try again; if it happens again, the portal’s technical people can look into it."
)
NO_ROOM: Final = "The finished report could not be kept, because the disk is full. Try again when there is room."
NOT_KEPT: Final = "The finished report could not be written to the disk. Try again in a while."
BROKEN: Final = (
    "Something in this year’s content could not be drawn. The portal’s log says what it was, under edition {key}."
)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one edition, until the lease runs out."""

    edition: Edition
    token: int

    def rows(self) -> models.QuerySet[Edition]:
        """Return the row, as long as nobody else has claimed it since."""
        return Edition.objects.filter(pk=self.edition.pk, state="running", attempts=self.token)


def produce(edition_id: int) -> bool:
    """Make an edition if it waits to be made; return whether this call did. A failure is kept on the row as a sentence."""
    claim = _claim(edition_id)
    if claim is None:
        return False
    try:
        with Deadline() as deadline, Heartbeat(claim.edition.pk, claim.token) as heartbeat:
            return _make(claim, heartbeat, deadline)
    except Overtaken:
        logger.warning("Edition %s was taken over by another worker; attempt %s ends.", edition_id, claim.token)
    except (TooSlow, SoftTimeLimitExceeded):
        _fail(claim, TOO_SLOW)
    except MemoryError:
        _fail(claim, TOO_BIG)
    except rendering.FontsMissing as error:
        _fail(claim, str(error))
    except DatabaseError:
        raise  # the row can't be told; its lease runs out and the sweeper sends it again
    except OSError as error:
        logger.exception("Edition %s could not be written", edition_id)
        _fail(claim, NO_ROOM if error.errno in {errno.ENOSPC, errno.EDQUOT} else NOT_KEPT)
    except Exception:
        logger.exception("Edition %s could not be made", edition_id)
        _fail(claim, BROKEN.format(key=edition_id))
    return False


def _claim(edition_id: int) -> Claim | None:
    """Take the edition if it waits, or if whoever took it has been silent for too long."""
    free = models.Q(state="queued") | models.Q(state="running", lease_until__lt=Now())
    with transaction.atomic():
        taken = Edition.objects.filter(free, pk=edition_id, attempts__lt=models.F("attempts_allowed")).update(
            state="running",
            attempts=models.F("attempts") + 1,
            lease_until=Now() + timedelta(seconds=settings.REPORT_LEASE_SECONDS),
            started_at=Now(),
            stage="assembling",
            done=0,
            total=0,
            error="",
        )
        if not taken:
            return None
        edition = Edition.objects.select_related("round__strategy__owner", "requested_by").get(pk=edition_id)
    return Claim(edition, edition.attempts)


def _make(claim: Claim, heartbeat: Heartbeat, deadline: Deadline) -> bool:
    def on_page(done: int, total: int) -> None:
        deadline.check()
        heartbeat.say("drawing", done, total)

    edition = claim.edition
    report = assembly.assemble(
        round_=edition.round,
        making=Making(
            at=edition.started_at or edition.requested_at,
            edition=edition.number,
            asked_by=edition.requested_by.name if edition.requested_by else "",
            asked_at=edition.requested_at,
        ),
    )
    facts = to_json(report)
    if not claim.rows().update(facts=facts, facts_sha256=checksum(facts), made_with=made_with()):
        raise Overtaken
    heartbeat.say("drawing", 0, rendering.guess_pages(report))
    kept: list[Face] = []
    try:
        for face in FACES:
            made = face.write(report, Photographs(report), on_page if face.code == "pdf" else None)
            deadline.check()
            heartbeat.say("writing", len(kept), len(FACES))
            kept.append(_keep(claim, face.code, face.extension, made))
        heartbeat.stop()
        _finish(claim, kept, report)
    except BaseException:
        for one in kept:
            default_storage.delete(str(one.content.name))
        raise
    return True


def _keep(claim: Claim, code: str, extension: str, made: Made) -> Face:
    """Put a face's file into its place; return its row, which is not saved yet."""
    sha = sha256(made.content).hexdigest()
    name = f"{FOLDER}/{claim.edition.pk}/{claim.token}-{sha[:16]}.{extension}"
    write(Path(default_storage.path(name)), made.content)
    return Face(edition=claim.edition, code=code, content=name, size=len(made.content), pages=made.pages, sha256=sha)


@transaction.atomic
def _finish(claim: Claim, kept: list[Face], report: Report) -> None:
    """Write down every face and citation, and that the edition is ready: all of it or nothing."""
    ready = claim.rows().update(
        state="ready", stage="", done=len(kept), total=len(kept), finished_at=Now(), lease_until=None
    )
    if not ready:
        raise Overtaken
    Face.objects.bulk_create(kept)
    Citation.objects.bulk_create(
        [
            Citation(
                edition=claim.edition, evidence=use.evidence, note=use.note, references=list(use.references),
                paragraphs=list(use.paragraphs),
            )
            for use in uses(report)
        ],
        batch_size=1000,
    )  # fmt: skip


def write(place: Path, content: bytes) -> None:
    """Put the file into its place whole and for good, or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f"{UNFINISHED}{place.name}")
    try:
        with unfinished.open("wb") as file:
            os.fchmod(file.fileno(), settings.FILE_UPLOAD_PERMISSIONS)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, place)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fail(claim: Claim, sentence: str) -> None:
    claim.rows().update(state="failed", error=sentence, finished_at=Now(), lease_until=None)


def sweep() -> list[int]:
    """Give up what is spent and clear away what was left half written; return the editions whose key must be sent again."""
    silent = Edition.objects.filter(state="running", lease_until__lt=Now())
    for pk, attempts in silent.filter(attempts__gte=models.F("attempts_allowed")).values_list("pk", "attempts"):
        silent.filter(pk=pk, attempts=attempts).update(
            state="failed", error=SPENT.format(attempts=_times(attempts)), finished_at=Now(), lease_until=None
        )
    _clear_unfinished()
    never = models.Q(
        sent_at__isnull=True, requested_at__lt=Now() - timedelta(seconds=settings.REPORT_LEASE_SECONDS / 6)
    )
    lost = models.Q(sent_at__lt=Now() - timedelta(seconds=settings.REPORT_LEASE_SECONDS))
    waiting = Edition.objects.filter(never | lost, state="queued")
    return sorted({*waiting.values_list("pk", flat=True), *silent.values_list("pk", flat=True)})


def note_sent(edition_id: int) -> None:
    """Keep when the queue last took an edition's key."""
    Edition.objects.filter(pk=edition_id, published_at__isnull=True).update(sent_at=Now())


def _times(attempts: int) -> str:
    return {1: "one", 2: "two", 3: "three"}.get(attempts, str(attempts))


def _clear_unfinished() -> None:
    """Remove what killed workers left, once nobody can still be writing it."""
    for file in Path(default_storage.path(FOLDER)).glob(f"*/{UNFINISHED}*"):
        try:
            if time.time() - file.stat().st_mtime > 3600:
                file.unlink()
        except OSError:
            continue  # another sweeper was first
