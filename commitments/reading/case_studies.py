"""Case studies as pages and the API show them, with what nobody agreed to show left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib.postgres.search import SearchVector
from django.db.models import Q
from django.urls import reverse

from commitments.models import CaseStudy, CaseStudyQuotation, CaseStudyText, Evidence, EvidenceFile, Priority
from commitments.reading.consents import shown
from commitments.reading.evidence_cards import card, evidence_details, read_cards, when
from commitments.rules import case_study_parts as parts
from commitments.rules import story_consent
from vcsportal.common import plurals
from vcsportal.common.word_search import prefix_query

QUOTATION_WAITS: Final = "Nobody else can see the quotation yet, because the speaker’s consent to show it on the portal has not been recorded."
QUOTATION_ENDED: Final = (
    "The quotation is no longer shown, because the consent to show it was withdrawn or has expired."
)
_SEARCHED: Final = ("headline", "place", "led_with", *parts.PART_CODES, "cost")


@dataclass(frozen=True, slots=True)
class ShownCaseStudy:
    """What one reader is shown of a case study. Empty parts are left out; ``quotation`` is "" where it may not be shown."""

    headline: str
    place: str
    districts: str
    led_by: str
    when: str
    parts: list[tuple[str, str, str]]  # code, heading, text
    how_to_copy: str
    cost: str
    quotation: str
    said_by: str
    quotation_note: str
    photographs: list[EvidenceFile]
    themes: list[Priority]
    strands: list[str]
    told: str
    withheld: str = ""

    @property
    def says_what_changed(self) -> bool:
        """Whether there is a part after which the quotation stands."""
        return any(code == "what_changed" for code, _heading, _text in self.parts)


def cost_in_words(text: Any) -> str:
    """Return what it cost: ``£1,200: hall hire and a cook``; "" for neither."""
    pounds = f"£{text.cost_pounds:,}" if text.cost_pounds is not None else ""
    return ": ".join(filter(None, [pounds, text.cost]))


def led_in_words(organisation: str, led_with: str) -> str:
    """Return who led: ``Common Thread, with the parish council``."""
    return f"{organisation}, with {led_with}" if led_with else organisation


def shown_case_study(case_study: CaseStudy, text: CaseStudyText, today: date, *, insider: bool) -> ShownCaseStudy:
    """Return what a reader is shown of one text. Six queries.

    :param insider: one of its own people or a reviewer, who sees a quotation that waits for its speaker's consent, too.
        What was withdrawn, or has expired, nobody sees.
    """
    piece = case_study.evidence
    details = evidence_details(piece, today)
    if details["story_state"] in story_consent.DETAILS_WITHHELD:
        return _without_words(piece, story_consent.SENTENCES[details["story_state"]])
    seen = shown(piece, today, insider=False, story_state=details["story_state"])
    quotation, note = _quotation(text, today, insider=insider)
    themes = Priority.objects.filter(commitments__evidence=piece).select_related("strategy").distinct()
    return ShownCaseStudy(
        headline=text.headline,
        place=text.place,
        districts=plurals.join_with_and(details["district_names"]),
        led_by=led_in_words(piece.organisation.name, text.led_with),
        when=when(piece),
        parts=[
            (part.code, part.heading, getattr(text, part.code))
            for part in parts.CASE_STUDY_PARTS
            if getattr(text, part.code) and part.code != "how_to_copy"
        ],
        how_to_copy=text.how_to_copy,
        cost=cost_in_words(text),
        quotation=quotation.words if quotation else "",
        said_by=quotation.said_by if quotation else "",
        quotation_note=note,
        photographs=seen.photographs,
        themes=list(themes.order_by("strategy__starts_on", "strategy_id", "number")),
        strands=[strand.words for strand in case_study.strands.in_order()],
        told=f"Told {case_study.get_told_how_display().lower()}" if case_study.told_how else "",
    )


def _without_words(piece: Evidence, sentence: str) -> ShownCaseStudy:
    """Return a case study whose story nobody agrees to any more: its own people read why, and nothing of it."""
    return ShownCaseStudy(
        headline="A case study that is no longer shown", place="", districts="", led_by=piece.organisation.name, when=when(piece),
        parts=[], how_to_copy="", cost="", quotation="", said_by="", quotation_note="", photographs=[], themes=[], strands=[],
        told="", withheld=sentence,
    )  # fmt: skip


def _quotation(text: CaseStudyText, today: date, *, insider: bool) -> tuple[CaseStudyQuotation | None, str]:
    if text.quotation_id is None:
        return None, ""
    own = CaseStudyQuotation.objects.filter(pk=text.quotation_id)
    if own.showable(today).exists():
        return text.quotation, ""
    if not insider:
        return None, ""
    return (None, QUOTATION_ENDED) if own.ended(today).exists() else (text.quotation, QUOTATION_WAITS)


def may_still_be_quoted(text: CaseStudyText | None, today: date) -> bool:
    """Whether the quotation of a text may be shown to those who write it: no consent to it was withdrawn or has expired."""
    if text is None or text.quotation_id is None:
        return False
    return not CaseStudyQuotation.objects.filter(pk=text.quotation_id).ended(today).exists()


def case_study_cards(keys: Sequence[int], today: date, *, state: bool) -> list[dict[str, Any]]:
    """Return the cards of case studies, by the keys of their evidence and in their order. Two queries, however many.

    :param state: show the newest text with its state, for those who review and write; otherwise the published one.
    """
    found = CaseStudy.objects.filter(evidence__in=keys).select_related("published", "newest")
    texts = {each.evidence_id: each for each in found}
    return [_card(texts[piece.pk], piece, state=state) for piece in read_cards(keys, today=today) if piece.pk in texts]


def _card(case_study: CaseStudy, piece: Any, *, state: bool) -> dict[str, Any]:
    text = (case_study.newest if state else case_study.published) or case_study.newest
    values = {**card(piece, state=False), "url": case_study.get_absolute_url(), "figures": [], "text": ""}
    if text is not None:
        values |= {"title": text.headline, "where": text.place or values["where"], "text": _line(text)}
    return {**values, "state": case_study.state_of} if state else values


def _line(text: CaseStudyText) -> str:
    words = " ".join((text.what_changed or text.problem or text.what_was_done).split())
    return words if len(words) <= 180 else f"{words[:180].rsplit(' ', 1)[0]}…"


def case_studies_with(words: Iterable[str], today: date) -> dict[str, list[int]]:
    """Return for each word the items of evidence whose published case study has a word that begins with it.

    One query each, over the published case studies alone. Quotations are not searched.
    """
    return {word: list(_with_word(word, today).values_list("evidence", flat=True)) for word in words}


def _with_word(word: str, today: date) -> Any:
    vector = SearchVector(*(f"published__{name}" for name in _SEARCHED), config="simple")
    return CaseStudy.objects.published(today).annotate(words=vector).filter(words=prefix_query(word))


def containing(queryset: Any, words: list[str], organisations: dict[str, list[int]], today: date) -> Any:
    """Return the case studies that have each word, or whose organisation has it in its name."""
    for word in words:
        queryset = queryset.filter(
            Q(pk__in=_with_word(word, today).values("pk")) | Q(evidence__organisation__in=organisations[word])
        )
    return queryset


def there_are_case_studies(today: date) -> bool:
    """Whether anyone can read a case study today. One query."""
    return CaseStudy.objects.published(today).exists()


def case_study_of(person: Any, piece: Evidence, today: date) -> dict[str, str] | None:
    """Return the link from an item of evidence to its case study, where this person may read it."""
    found = (
        CaseStudy.objects.visible_to(person, today).filter(evidence=piece).select_related("published", "newest").first()
    )
    if found is None:
        return None
    return {
        "title": str(found),
        "url": reverse("commitments:case-study", args=[piece.pk]),
        "state": found.state_of.label,
    }
