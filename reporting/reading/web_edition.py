"""What the page of an edition shows: the frozen facts, without what has been withdrawn since.

The files of an edition never change. A page can still leave out a photograph or a story when the people shown or
described no longer agree, and says so. Pages are drawn once in a process and kept.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from PIL import Image, UnidentifiedImageError

from commitments.models import CaseStudyQuotation, Evidence, EvidenceFile, Point
from reporting.easy.drawing import values as easy_values
from reporting.facts import Report, from_json
from reporting.facts import checksum as checksum_of
from reporting.facts.withholding import withhold_since
from reporting.models import Edition
from reporting.rendering.photographs import Photographs
from reporting.rendering.screen import ScreenLinks, ScreenReport, page, tiles
from reporting.sealed.comparing import AlteredFile

PAGES_KEPT: Final = 4
SIZES_KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What may be shown no longer: photographs by their files; stories by their items' keys, each with its state today; points
    whose words were taken down, and quotations, by their keys.
    """

    files: frozenset[str] = frozenset()
    stories: frozenset[tuple[int, str]] = frozenset()
    points: frozenset[int] = frozenset()
    quotations: frozenset[int] = frozenset()

    @property
    def anything(self) -> bool:
        """Whether there is anything of the kind."""
        return bool(self.files or self.stories or self.points or self.quotations)


def report_of(pk: int) -> Report:
    """Return an edition's facts.

    Raise :class:`AlteredFile` where they are not those that were made, ``ValueError`` where this version of the portal can't
    read them.
    """
    facts, made = Edition.objects.values_list("facts", "facts_sha256").get(pk=pk)
    if checksum_of(facts) != made:
        raise AlteredFile("have changed since the edition was made")
    return from_json(facts)


@lru_cache(maxsize=64)
def _named(pk: int, checksum: str) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the photographs' files, the keys of the items those of the points and those of the quotations that an edition names."""
    report = report_of(pk)
    evidence = report.all_evidence()
    files = tuple(photograph.file for piece in evidence for photograph in piece.photographs)
    points = [point.id for point in report.points] + [decision.id for decision in report.decisions if decision.id]
    items = {piece.id for piece in evidence} | {told.id for told in report.case_studies}
    quotations = tuple(told.quotation_id for told in report.case_studies if told.quotation_id)
    return files, tuple(sorted(items)), tuple(points), quotations


def taken_back(edition: Edition, today: date) -> TakenBack:
    """Return what of an edition may be shown no longer. Raise ``ValueError`` where its facts can't be read. Two queries, and one more with points."""
    files, items, points, quotations = _named(edition.pk, edition.facts_sha256)
    showable = EvidenceFile.objects.showable(today, use="report").filter(print_content__in=files)
    withheld = Evidence.objects.with_story_state(today, use="report").exclude(story_state="").filter(pk__in=items)
    published = Point.objects.published().filter(pk__in=points)
    quotable = CaseStudyQuotation.objects.showable(today, use="report").filter(pk__in=quotations)
    return TakenBack(
        frozenset(files) - frozenset(showable.values_list("print_content", flat=True)) if files else frozenset(),
        frozenset(withheld.values_list("pk", "story_state")) if items else frozenset(),
        frozenset(points) - frozenset(published.values_list("pk", flat=True)) if points else frozenset(),
        frozenset(quotations) - frozenset(quotable.values_list("pk", flat=True)) if quotations else frozenset(),
    )


@lru_cache(maxsize=PAGES_KEPT)
def page_of(pk: int, checksum: str, gone: TakenBack, drawn_by: str) -> ScreenReport:
    """Return an edition as a page, drawn once for the same facts, the same things taken back and the same build."""
    report = withhold_since(report_of(pk), dict(gone.stories), gone.points, gone.quotations)
    links = ScreenLinks(report, edition=pk, cite=reverse("reporting:edition-read", args=[pk]), sizes=size_of)
    photographs = frozenset(Photographs(report)) - gone.files
    return page(report, links=links, photographs=photographs)


@lru_cache(maxsize=PAGES_KEPT)
def easy_of(pk: int, checksum: str, drawn_by: str) -> SafeString:
    """Return an edition's easy summary, drawn once for the same facts and the same build."""
    shown = easy_values(report_of(pk))
    for row in shown["rows"]:
        row["picture"] = tiles([row["priority"]], shown["report"].strategy.nouns, bare=True, links=False)
    return render_to_string("report/easy_body.html", shown)


@lru_cache(maxsize=SIZES_KEPT)
def size_of(name: str) -> tuple[int, int] | None:
    """Return a photograph's width and height, so that the page does not jump when it comes; its file never changes."""
    try:
        with default_storage.open(name) as file, Image.open(file) as picture:
            return picture.size
    except (OSError, UnidentifiedImageError):
        return None
