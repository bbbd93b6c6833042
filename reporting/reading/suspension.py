"""Which files of an edition are suspended: those that show what somebody no longer agrees to be shown in a report.

Consents are asked at each request, so that a consent that runs out needs no job. What editions show is found in
:class:`ConsentedContent`, never by searching facts.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from commitments.models import CaseStudyQuotation, Evidence, EvidenceFile
from commitments.rules.story_consent import DETAILS_WITHHELD
from reporting.formats import CASE_STUDIES, DETAILS, PHOTOGRAPHS, STORIES, ReportFormat
from reporting.models import ConsentedContent, Edition

WHY: Final = "It includes a photograph, a story or a quotation, and the people in it no longer agree to it being shown in this report."
"""The sentence in place of a file that is suspended."""
WITHDRAWN_BECAUSE: Final = (
    "It included a photograph, a story or a quotation, and the people in it no longer agree to it being shown. Edition {} takes its "
    "place."
)


def suspended_contents(editions: Iterable[Edition], today: date) -> dict[int, frozenset[str]]:
    """Return for each edition, by its key, which kinds of content it shows that may not be shown today.

    The kinds are those that a face says it shows (:data:`reporting.formats.PHOTOGRAPHS` and so on). Three queries, and one more with quotations, however
    many editions there are.
    """
    found: dict[int, set[str]] = {edition.pk: set() for edition in editions}
    rows = list(ConsentedContent.objects.filter(edition__in=found))
    if not rows:
        return {pk: frozenset() for pk in found}
    items = {row.evidence for row in rows}
    files = {name for row in rows for name in row.photographs}
    withheld = Evidence.objects.with_story_state(today, use="report").exclude(story_state="").filter(pk__in=items)
    states = dict(withheld.values_list("pk", "story_state"))
    shown: set[str] = set()
    if files:
        showable = EvidenceFile.objects.showable(today, use="report").filter(print_content__in=files)
        shown = set(showable.values_list("print_content", flat=True))
    quoted = {row.quotation for row in rows if row.quotation is not None}
    quotable: set[int] = set()
    if quoted:
        allowed = CaseStudyQuotation.objects.showable(today, use="report").filter(pk__in=quoted)
        quotable = set(allowed.values_list("pk", flat=True))
    for row in rows:
        state = states.get(row.evidence, "")
        kinds = found[row.edition_id]
        if row.story and state:
            kinds.add(STORIES)
        if row.case_study and (state or (row.quotation is not None and row.quotation not in quotable)):
            kinds.add(CASE_STUDIES)
        if row.details and state in DETAILS_WITHHELD:
            kinds.add(DETAILS)
        if set(row.photographs) - shown or (row.photographs and state in DETAILS_WITHHELD):
            kinds.add(PHOTOGRAPHS)
    return {pk: frozenset(kinds) for pk, kinds in found.items()}


def suspended_content(edition: Edition, today: date) -> frozenset[str]:
    """Return it for one edition."""
    return suspended_contents([edition], today)[edition.pk]


def is_suspended(face: ReportFormat, contents: frozenset[str], codes: Collection[str]) -> bool:
    """Whether a face of an edition shows any of these kinds of content.

    :param codes: the formats of the edition.
    """
    return bool(face.shown(codes) & contents)


def to_be_replaced(edition: Edition, today: date) -> list[Edition]:
    """Return the public editions of the same round with suspended files, which are withdrawn when this one is published."""
    others = Edition.objects.public().filter(round=edition.round_id).exclude(pk=edition.pk).defer("facts")
    found = list(others.order_by("published_at", "id"))
    suspended = suspended_contents(found, today)
    return [edition for edition in found if suspended[edition.pk]]
