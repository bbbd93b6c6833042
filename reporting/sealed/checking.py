"""Whether a sealed edition is still what it was: its facts, its files, and the bytes that the same facts give today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.timezone import localdate

from commitments.models import CaseStudy, CaseStudyQuotation, Evidence, EvidenceFile, Point
from commitments.rules.story_consent import DETAILS_WITHHELD
from reporting.facts import STORY_TAKEN_BACK, Report, checksum, from_json
from reporting.formats import FORMAT_BY_CODE, FORMATS, ReportFormat
from reporting.models import Edition, Face
from reporting.rendering.photographs import Photographs
from reporting.sealed.comparing import AlteredFile, compare, open_face
from reporting.sealed.made_with import differences, made_with
from vcsportal.common import plurals
from vcsportal.common.dates import in_words


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at. ``wrong`` is what must not be; what is merely to be known is not."""

    text: str
    wrong: bool = False


def label(code: str) -> str:
    """Return what a face is called, now or when it was made."""
    return FORMAT_BY_CODE[code].label if code in FORMAT_BY_CODE else f"“{code}”"


def find_trouble(face: Face) -> str:
    """Say what is wrong with a face's file, as the end of a sentence; "" where it is as its row says. Reads all of it."""
    try:
        with open_face(face) as file:
            compare(face, file)
    except AlteredFile as altered:
        return altered.trouble
    return ""


def find_wrong(edition: Edition) -> str:
    """Say what keeps an edition from being sealed; "" where it is whole. Reads every file.

    A format that was added to the portal after the edition was made is no fault: see :func:`added_since`.
    """
    faces = {face.code: face for face in edition.faces.all()}
    if (missing := _not_there(edition)) and not _has_all_that_were_made(edition):
        which = plurals.join_with_and([about.label for about in missing])
        return f"It can’t be published, because it was made without {which}."
    if checksum(edition.facts) != edition.facts_sha256:
        return "It can’t be published, because its contents have changed since it was made."
    for code, face in faces.items():
        if trouble := find_trouble(face):
            return f"It can’t be published: {label(code)} {trouble}."
    return ""


def added_since(edition: Edition) -> list[ReportFormat]:
    """Return the formats that were added to the portal after the edition was made, so that it does without them."""
    return _not_there(edition) if _has_all_that_were_made(edition) else []


def _not_there(edition: Edition) -> list[ReportFormat]:
    codes = {face.code for face in edition.faces.all()}
    return [about for about in FORMATS if about.code not in codes]


def _has_all_that_were_made(edition: Edition) -> bool:
    """Whether it has as many files as were counted when it was made; ``total`` is the number of its last stage's steps."""
    return edition.is_ready and 0 < edition.total == len(edition.faces.all())


def find_taken_back(facts: Any, today: date) -> str:
    """Return a sentence on what in an edition is no longer consented to; "" if there is nothing. Three queries, and one more with points."""
    pieces = [*facts.get("evidence", []), *facts.get("late", [])]
    keys = {piece["id"] for piece in pieces}
    told = {piece["id"] for piece in pieces if piece["story"] not in ("", STORY_TAKEN_BACK)}
    files = {photograph["file"] for piece in pieces for photograph in piece["photographs"]}
    if keys - set(Evidence.objects.published().filter(pk__in=keys).values_list("pk", flat=True)):
        return "It includes an item of evidence that may no longer be published."
    named = {piece["id"] for piece in pieces if piece.get("story_state", "") not in DETAILS_WITHHELD}
    states = Evidence.objects.with_story_state(today, use="report").exclude(story_state="").filter(pk__in=keys)
    if any(
        pk in told or (pk in named and state in DETAILS_WITHHELD)
        for pk, state in states.values_list("pk", "story_state")
    ):
        return "It includes a story that may no longer be shown, because a consent was withdrawn or has expired."
    shown = EvidenceFile.objects.showable(today, use="report").filter(print_content__in=files)
    if files - set(shown.values_list("print_content", flat=True)):
        return "It includes a photograph that may no longer be shown, because a consent was withdrawn or has expired."
    quoted = [*facts.get("points", []), *facts.get("decisions", [])]
    points = {point["id"] for point in quoted if point.get("id")}
    if points and points - set(Point.objects.published().filter(pk__in=points).values_list("pk", flat=True)):
        return "It includes words from a point that have since been taken down."
    return _case_study_taken_back(facts.get("case_studies", []), today)


def _case_study_taken_back(told: list[Any], today: date) -> str:
    """Return a sentence on the first case study or quotation that may no longer be shown; "" if there is none."""
    keys = {each["id"] for each in told if not each["story_state"]}
    published = CaseStudy.objects.published(today, use="report").filter(evidence__in=keys)
    if keys and keys - set(published.values_list("evidence", flat=True)):
        return "It includes a case study that may no longer be shown."
    quoted = {each["quotation_id"] for each in told if each["quotation_id"]}
    showable = CaseStudyQuotation.objects.showable(today, use="report").filter(pk__in=quoted)
    if quoted and quoted - set(showable.values_list("pk", flat=True)):
        return "It includes a quotation that may no longer be shown, because a consent was withdrawn or has expired."
    return ""


def check(edition: Edition) -> Iterator[CheckResult]:
    """Look at everything of an edition, reading each file and drawing each face again; yield what was found as it is found."""
    yield _facts(edition)
    faces = sorted(
        edition.faces.all(),
        key=lambda face: list(FORMAT_BY_CODE).index(face.code) if face.code in FORMAT_BY_CODE else len(FORMAT_BY_CODE),
    )
    for face in faces:
        if erasure := getattr(face, "erasure", None):
            yield CheckResult(
                f"{label(face.code)}: erased on {in_words(localdate(erasure.at))}, as a consent had ended."
            )
            continue
        trouble = find_trouble(face)
        yield CheckResult(
            f"{label(face.code)} {trouble}." if trouble else f"{label(face.code)}: the file is as it was made.",
            bool(trouble),
        )
    changed = _changed(edition)
    if changed:
        yield CheckResult(f"This portal can’t be expected to draw the same bytes: {changed}.")
    try:
        report = from_json(edition.facts)
    except ValueError as error:
        yield CheckResult(f"It can’t be drawn again, because its facts can’t be read: {error}", not changed)
        return
    yield from _photographs(report)
    for face in faces:
        if hasattr(face, "erasure"):
            continue
        yield _again(face, report, bool(changed))


def _facts(edition: Edition) -> CheckResult:
    if checksum(edition.facts) == edition.facts_sha256:
        return CheckResult("The facts are as they were sealed.")
    return CheckResult("The facts are not those that were sealed: their checksum differs.", True)


def _changed(edition: Edition) -> str:
    if not edition.made_with:
        return "it was made before the portal kept what draws a report"
    return "; ".join(differences(edition.made_with, made_with()))


def _photographs(report: Report) -> Iterator[CheckResult]:
    named = {photograph.file for piece in report.all_evidence() for photograph in piece.photographs}
    erased = EvidenceFile.objects.filter(print_content__in=named, erased_at__isnull=False)
    if count := erased.count():
        yield CheckResult(f"{plurals.counted(count, 'photograph')} {plurals.be(count)} erased, as a consent had ended.")
    named -= set(erased.values_list("print_content", flat=True))
    if gone := named - set(Photographs(report)):
        words = f"{plurals.counted(len(gone), 'photograph')} {plurals.be(len(gone))}"
        yield CheckResult(f"{words} missing: {', '.join(sorted(gone))}.", True)


def _again(face: Face, report: Report, changed: bool) -> CheckResult:
    name = label(face.code)
    if face.code not in FORMAT_BY_CODE:
        return CheckResult(f"{name} is a format that reports no longer have, so it can’t be drawn again.")
    try:
        content = FORMAT_BY_CODE[face.code].write(report, Photographs(report), None).content
    except Exception as error:  # whatever it is, the other faces are looked at too
        return CheckResult(f"{name} can’t be drawn again: {type(error).__name__}: {error}", not changed)
    if sha256(content).hexdigest() == face.sha256:
        return CheckResult(f"{name}: drawn again, the same bytes.")
    if changed:
        return CheckResult(f"{name}: drawn again, with different bytes, as explained above.")
    return CheckResult(f"{name}: drawn again, with different bytes, although nothing that draws it has changed.", True)
