"""Evidence and case studies as datasets: what is published, without what somebody no longer agrees to."""

from datetime import date
from typing import Any, Final

from django.db.models import Case, Exists, F, OuterRef, QuerySet, TextField, Value, When

from commitments.models import CaseStudy, CaseStudyQuotation, Evidence, EvidenceLink
from commitments.rules import case_study_parts as parts
from commitments.rules import story_consent
from commitments.rules.evidence_figures import FIGURES
from partners.models import Strand
from vcsportal.common.addresses import address
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.columns import DATE, LIST, MARKDOWN, MOMENT, NUMBER, TEXT
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.common.json_columns import list_column

EVIDENCE_COLUMN: Final = "The number of the item of evidence; it is in the dataset of evidence."
ORGANISATION_COLUMN: Final = "The organisation, by its name in addresses."
DISTRICTS_COLUMN: Final = "The GSS codes of the districts in which it happened."


def _codes(found: list[dict[str, str]]) -> tuple[str, ...]:
    return tuple(area["code"] for area in found)


def _evidence(day: date) -> QuerySet[Any]:
    here = {"evidence": OuterRef("pk")}
    commitments = Evidence.commitments.through.objects.filter(**here).order_by(
        "commitment__priority__number", "commitment__number", "id"
    )
    places = Evidence.districts.through.objects.filter(**here).order_by("area__gss_code", "id")
    links = EvidenceLink.objects.filter(**here).order_by("id")
    bare = When(story_state__in=story_consent.DETAILS_WITHHELD, then=Value(""))
    shown = Evidence.objects.published().with_story_state(day).order_by("id")
    found: QuerySet[Any] = shown.annotate(
        told_title=Case(bare, default=F("title"), output_field=TextField()),
        told_story=Case(When(story_state="", then=F("story")), default=Value(""), output_field=TextField()),
        keys=list_column(commitments, key="commitment__key", strategy="commitment__strategy__slug"),
        places=list_column(places, code="area__gss_code"),
        urls=list_column(links, url="url"),
    )
    return found


EVIDENCE: Final = Dataset(
    "evidence",
    "Evidence",
    "One row for each item of evidence that was accepted and published: what an organisation did, when and where.",
    (
        DataColumn("evidence", NUMBER, "Its number in the portal, which never changes.", "id"),
        DataColumn("organisation", TEXT, ORGANISATION_COLUMN, "organisation__slug"),
        DataColumn("title", TEXT, "What was done, in a line. Empty if the people in the story do not agree to it being told.", "told_title", withdrawable=True),
        DataColumn("story", MARKDOWN, "What was done, in the words of those who did it. Empty if it may not be shown.", "told_story", withdrawable=True),
        DataColumn("story_note", TEXT, "Why the story is not shown. Empty if it is shown, or if there is none.", "story_state", lambda state: story_consent.SENTENCES.get(state, ""), withdrawable=True),
        DataColumn("language", TEXT, "The language of title and story as a BCP 47 tag. Empty for English."),
        DataColumn("happened_from", DATE, "The day, or the first of several days."),
        DataColumn("happened_to", DATE, "The last of several days. Empty for a single day."),
        DataColumn("strategies", LIST, "The strategies of the commitments, in the same order as these.", "keys", lambda found: tuple(tie["strategy"] for tie in found)),
        DataColumn("commitments", LIST, "The keys of the commitments that it is for.", "keys", lambda found: tuple(tie["key"] for tie in found)),
        DataColumn("districts", LIST, DISTRICTS_COLUMN, "places", _codes),
        *(
            DataColumn(figure.code, NUMBER, f"{figure.meaning} Empty if no number was given.", unit=figure.column_unit)
            for figure in FIGURES
        ),
        DataColumn("links", LIST, "Web pages about it. Empty if the people in the story do not agree to it being told.", ("urls", "story_state"), lambda found, state: () if state in story_consent.DETAILS_WITHHELD else tuple(link["url"] for link in found), withdrawable=True),
        DataColumn("accepted_at", MOMENT, "When the council accepted it."),
        DataColumn("page", TEXT, "The address of its page.", "id", lambda number: portal_url(address("commitments:evidence", number))),
    ),
    _evidence,
    ("evidence", "voluntary sector", "community"),
)  # fmt: skip


def _case_studies(day: date) -> QuerySet[Any]:
    places = Evidence.districts.through.objects.filter(evidence=OuterRef("evidence")).order_by("area__gss_code", "id")
    strands = Strand.objects.filter(case_study_texts=OuterRef("published")).in_order()
    agreed = Exists(CaseStudyQuotation.objects.showable(day).filter(pk=OuterRef("published__quotation")))
    return (
        CaseStudy.objects.published(day)
        .order_by("id")
        .annotate(
            words=Case(
                When(agreed, then=F("published__quotation__words")), default=Value(""), output_field=TextField()
            ),
            speaker=Case(
                When(agreed, then=F("published__quotation__said_by")), default=Value(""), output_field=TextField()
            ),
            places=list_column(places, code="area__gss_code"),
            strands=list_column(strands, code="code"),
        )
    )


_PART_MEANINGS: Final = {part.code: part.heading for part in parts.CASE_STUDY_PARTS}

CASE_STUDIES: Final = Dataset(
    "case-studies",
    "Case studies",
    "One row for each published case study, which describes an item of evidence in detail.",
    (
        DataColumn("evidence", NUMBER, EVIDENCE_COLUMN, "evidence_id"),
        DataColumn("organisation", TEXT, ORGANISATION_COLUMN, "evidence__organisation__slug"),
        DataColumn("headline", TEXT, "Its headline.", "published__headline"),
        DataColumn("place", TEXT, "Where it was, in words.", "published__place"),
        DataColumn("districts", LIST, DISTRICTS_COLUMN, "places", _codes),
        DataColumn("led_with", TEXT, "Who led it together with the organisation. People are not named.", "published__led_with"),
        *(DataColumn(code, MARKDOWN, f"The part “{title}”.", f"published__{code}") for code, title in _PART_MEANINGS.items()),
        DataColumn("cost", TEXT, "What it cost, in words.", "published__cost"),
        DataColumn("cost_pounds", NUMBER, "What it cost in whole pounds. Empty if that is not known.", "published__cost_pounds", unit="pounds"),
        DataColumn("quotation", TEXT, "Somebody’s words, while they agree to them being shown.", "words"),
        DataColumn("said_by", TEXT, "Who said so: a post or a few words, never a name.", "speaker"),
        DataColumn("strands", LIST, "The codes of the strands of equality that it is about.", "strands", _codes),
        DataColumn("accepted_at", MOMENT, "When the council accepted it."),
        DataColumn("page", TEXT, "The address of its page.", "evidence_id", lambda number: portal_url(address("commitments:case-study", number))),
    ),
    _case_studies,
    ("case studies", "good practice"),
    in_snapshots=False,
)  # fmt: skip
