"""Makes an edition: claim, assemble, freeze, write every face, ready. A failure is kept on its row as a sentence."""

import logging
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.db import DataError, Error, IntegrityError, NotSupportedError, ProgrammingError, connection

from reporting import assembly, rendering
from reporting.facts import ProductionDetails, Report, checksum, to_json
from reporting.formats import FORMAT_BY_CODE, FORMATS, MadeFile, ReportFormat
from reporting.models import Citation, ConsentedContent, Face
from reporting.production import claims, edition_files, failures
from reporting.production.citations import consented, uses
from reporting.production.claims import EditionClaim
from reporting.production.deadline import Deadline, TooSlow
from reporting.production.drawing import HelperLost, SideBySide, processes, shares
from reporting.production.heartbeat import ClaimLost, Heartbeat
from reporting.production.helper import Helper
from reporting.rendering.layout import Progress
from reporting.rendering.photographs import Photographs
from reporting.sealed.made_with import made_with

logger = logging.getLogger(__name__)
REFUSED: Final = (DataError, IntegrityError, ProgrammingError, NotSupportedError)
"""What the database says of content that it does not take. All else that it raises may mean that it has gone away."""
RETRY_AFTER_SECONDS: Final = (0.5, 1, 2, 4, 8)
"""Seconds before each further try of putting finished files on record, when the database has gone away."""


def produce(edition_id: int) -> bool:
    """Make an edition if it waits to be made; return whether this call did.

    Whatever else happens, the row gets a sentence, or its lease runs out and the sweeper sends it again.
    """
    claim = claims.take(edition_id)
    if claim is None:
        return False
    work = ProductionAttempt(claim)
    sentence = ""
    try:
        edition_files.forget(edition_id, up_to=claim.token - 1)  # of attempts that can't finish any more
        with Deadline() as deadline, Heartbeat(claim.edition.pk, claim.token) as heartbeat:
            work.make(heartbeat, deadline)
        return True
    except ClaimLost:
        logger.warning("Edition %s is not this worker's any more; attempt %s ends.", edition_id, claim.token)
    except HelperLost as error:
        logger.error("Edition %s, attempt %s: %s", edition_id, claim.token, error)
        edition_files.forget(edition_id, up_to=claim.token)
        claims.let_go(claim)
        return False
    except (Exception, TooSlow) as error:
        if _gone(error):  # the row can't be told; the files stay for whoever comes next, since they may be on record
            raise
        logger.exception("Edition %s could not be made, at %s", edition_id, work.step)
        sentence = failures.sentence(error, step=work.step, key=edition_id)
    if sentence:  # what was drawn is let go of by now: after a failure for want of memory there is some again
        claims.fail(claim, sentence)
    if not claims.came_through(claim):
        edition_files.forget(edition_id, up_to=claim.token)
    return False


class ProductionAttempt:
    """One attempt. ``step`` is the current step in words, for the sentence about a failure."""

    def __init__(self, claim: EditionClaim) -> None:
        self.claim = claim
        self.step = failures.GATHERING
        self.kept: list[dict[str, Any]] = []

    def make(self, heartbeat: Heartbeat, deadline: Deadline) -> None:
        """Make the edition ready. Every error is raised to the caller, which records it."""
        report = self._freeze()
        _let_go()
        photographs = Photographs(report)
        if heartbeat.is_all_that_runs_beside():
            self._draw_side_by_side(report, photographs, heartbeat, deadline)
        else:
            self._draw_in_turn(report, photographs, heartbeat, deadline)
        self.step = failures.FINISHING
        heartbeat.say("writing", len(self.kept), len(FORMATS))
        deadline.lift()
        self._finish(report)

    def _draw_side_by_side(
        self, report: Report, photographs: Photographs, heartbeat: Heartbeat, deadline: Deadline
    ) -> None:
        """Let other processes write the files. This one keeps the lease, and hears when it is to stop."""

        def write(face: ReportFormat, on_page: Progress) -> dict[str, Any]:
            try:
                return self._keep(face, face.write(report, photographs, on_page if face.tells_pages else None))
            except Exception as error:
                logger.exception("Edition %s could not be made, at %s", self.claim.edition.pk, face.label)
                sentence = failures.sentence(error, step=face.label, key=self.claim.edition.pk)
                raise failures.DrawingFailed(sentence) from error

        def start(make: Callable[[], Helper]) -> Helper:
            with heartbeat.resting():
                return make()

        guessed = {"pdf": rendering.guess_pages(report), "annex": rendering.guess_pages_of_annex(report)}
        work = SideBySide(shares(FORMATS), write, at_once=processes(self.claim.token))

        def look() -> None:
            deadline.check()
            self.step = FORMAT_BY_CODE[work.step()].label
            pages = [work.pages.get(code, (0, guess)) for code, guess in guessed.items()]
            if guessed.keys() <= work.kept.keys():
                heartbeat.say("writing", len(work.kept), len(FORMATS))
            else:
                heartbeat.say("drawing", sum(done for done, _ in pages), sum(total for _, total in pages))

        with work:
            look()
            work.run(start, look)
        self.kept = [work.kept[face.code] for face in FORMATS]

    def _draw_in_turn(self, report: Report, photographs: Photographs, heartbeat: Heartbeat, deadline: Deadline) -> None:
        """Write the files here, where other threads run and no process can be forked."""
        for face in FORMATS:
            self.step = face.label

            def on_page(done: int, total: int) -> None:
                deadline.check()
                heartbeat.say("drawing", done, total)

            if face.tells_pages:
                heartbeat.say("drawing", 0, rendering.guess_pages(report))
            else:
                heartbeat.say("writing", len(self.kept), len(FORMATS))
            made = face.write(report, photographs, on_page if face.tells_pages else None)
            deadline.check()
            heartbeat.check()
            self.kept.append(self._keep(face, made))

    def _freeze(self) -> Report:
        """Assemble the facts and keep them on the row."""
        edition = self.claim.edition
        report = assembly.assemble(
            round_=edition.round,
            making=ProductionDetails(
                at=edition.started_at or edition.requested_at,
                edition=edition.number,
                asked_at=edition.requested_at,
                key=edition.pk,
            ),  # who asked stands on the row: what is sealed can never forget a name
        )
        facts = to_json(report)
        note = failures.without_photographs(report.lost())
        if not self.claim.rows().update(facts=facts, facts_sha256=checksum(facts), made_with=made_with(), error=note):
            raise ClaimLost
        return report

    def _keep(self, face: ReportFormat, made: MadeFile) -> dict[str, Any]:
        """Put a face's file into its place, and return what its row says of it."""
        sha = sha256(made.content).hexdigest()
        name = edition_files.name_of(self.claim.edition.pk, self.claim.token, sha, face.extension)
        try:
            edition_files.write(name, made.content)
        except OSError as error:
            raise failures.NotKept from error
        return {"code": face.code, "content": name, "size": len(made.content), "pages": made.pages, "sha256": sha}

    def _finish(self, report: Report) -> None:
        """Put everything on record. A database that goes away is asked again, first whether it has taken it after all."""
        for patience in (*RETRY_AFTER_SECONDS, None):
            try:
                claims.finish(self.claim, *self._records(report))
                return
            except Error as error:
                if patience is None or not _gone(error):
                    raise
                _let_go()
                logger.warning("Edition %s waits for the database to take it: %s", self.claim.edition.pk, error)
                time.sleep(patience)
            except ClaimLost:
                if claims.came_through(self.claim):  # it did take it, and went away before it said so
                    return
                raise

    def _records(self, report: Report) -> tuple[list[Face], list[Citation], list[ConsentedContent]]:
        edition = self.claim.edition
        faces = [Face(edition=edition, **values) for values in self.kept]
        contents = [
            ConsentedContent(
                edition=edition,
                evidence=parts.evidence,
                story=parts.story,
                details=parts.details,
                photographs=list(parts.photographs),
                case_study=parts.case_study,
                quotation=parts.quotation,
            )
            for parts in consented(report)
        ]
        citations = [
            Citation(
                edition=edition, evidence=use.evidence, note=use.note, references=list(use.references),
                paragraphs=list(use.paragraphs),
            )
            for use in uses(report)
        ]  # fmt: skip
        return faces, citations, contents


def _gone(error: BaseException) -> bool:
    """Tell whether the database may have gone away. A lost connection has no class of its own."""
    return isinstance(error, Error) and not isinstance(error, REFUSED)


def _let_go() -> None:
    """Hold no connection while nothing is asked: a database that restarts meanwhile does no harm then."""
    if not connection.in_atomic_block:  # as somebody's command or test has it, who must not lose what they began
        connection.close()
