"""Case studies as pages and the API show them, with what nobody agreed to show left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from commitments.models import CaseStudy, CaseStudyQuotation, CaseStudyText, Evidence, EvidenceFile, Priority
from commitments.reading.consents import shown
from commitments.reading.evidence_cards import card, evidence_details, read_cards, when
from commitments.rules import case_study_parts as parts
from commitments.rules import story_consent, workflow
from vcsportal.common import plurals
from vcsportal.common.word_search import WordQuery, word_queries

QUOTATION_WAITS: Final = "Nobody else can see the quotation yet, because the speaker’s consent to show it on the portal has not been recorded."
QUOTATION_ENDED: Final = (
    "The quotation is no longer shown, because the consent to show it was withdrawn or has expired."
)
EACH_TEXT: Final = ("newest__quotation", "sent__quotation", "published__quotation")
"""What is fetched with a case study to show one of its texts."""


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


def shown_case_study(
    case_study: CaseStudy, text: CaseStudyText | None, today: date, *, insider: bool
) -> ShownCaseStudy:
    """Return what a reader is shown of one text. Six queries.

    :param text: None where the story of its evidence is withheld.
    :param insider: one of its own people or a reviewer, who sees a quotation that waits for its speaker's consent, too.
        What was withdrawn, or has expired, nobody sees.
    """
    piece = case_study.evidence
    details = evidence_details(piece, today)
    if text is None or details["story_state"] in story_consent.DETAILS_WITHHELD:
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
        strands=[strand.words for strand in text.strands.in_order()],
        told=f"Told {text.get_told_how_display().lower()}" if text.told_how else "",
    )


def _without_words(piece: Evidence, sentence: str) -> ShownCaseStudy:
    """Return a case study whose story nobody agrees to any more: its own people read why, and nothing of it."""
    return ShownCaseStudy(
        headline=story_consent.NO_HEADLINE, place="", districts="", led_by=piece.organisation.name, when=when(piece),
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


def without_ended_quotation(fields: Mapping[str, Any], piece: Evidence, today: date) -> dict[str, Any]:
    """Return what was typed into the form of a case study, without a quotation that nobody may be shown any more.

    Spaces, capitals and punctuation make no difference, nor does a part of the words. One query where there is a quotation.

    :param fields: each field's text, or a list of texts.
    """
    kept = dict(fields)
    value = kept.get("quotation", "")
    if not (typed := _letters(" ".join(value) if isinstance(value, list) else value)):
        return kept
    ended = CaseStudyQuotation.objects.filter(case_study__evidence=piece).ended(today).values_list("words", flat=True)
    if any(typed in _letters(words) or _letters(words) in typed for words in ended):
        for name in ("quotation", "said_by"):
            kept.pop(name, None)
    return kept


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def headline_of(case_study: Any) -> str:
    """Return what a case study from ``for_reader`` is called for its reader."""
    text = case_study.text_with(case_study.reads)
    return text.headline if text else story_consent.NO_HEADLINE


def case_study_cards(keys: Sequence[int], today: date, *, person: Any = None) -> list[dict[str, Any]]:
    """Return the cards of case studies, by the keys of their evidence and in their order. Two queries, however many.

    :param person: whoever writes or reviews them, who is shown the text that is theirs to read, and its state; None for
        what is published.
    """
    found = CaseStudy.objects.for_reader(person, today).filter(evidence__in=keys)
    texts = {each.evidence_id: each for each in found.select_related("newest", "sent", "published")}
    state = person is not None
    return [_card(texts[piece.pk], piece, state=state) for piece in read_cards(keys, today=today) if piece.pk in texts]


def _card(case_study: Any, piece: Any, *, state: bool) -> dict[str, Any]:
    text = case_study.text_with(case_study.reads)
    values = {**card(piece, state=False), "url": case_study.get_absolute_url(), "figures": [], "text": ""}
    values["title"] = headline_of(case_study)
    if text is not None:
        values |= {"where": text.place or values["where"], "text": _line(text)}
    return {**values, "state": workflow.CASE_STUDY_STATE[case_study.shown_state]} if state else values


def _line(text: CaseStudyText) -> str:
    words = " ".join((text.what_changed or text.problem or text.what_was_done).split())
    return words if len(words) <= 180 else f"{words[:180].rsplit(' ', 1)[0]}…"


def case_studies_with(words: Sequence[str], today: date) -> dict[str, list[int]]:
    """Return for each word the items of evidence whose published case study has it.

    One query each, over the published case studies alone.
    """
    published = CaseStudy.objects.for_reader(None, today)
    return {
        word: list(published.filter(_has_word(query, today)).values_list("evidence", flat=True))
        for word, query in zip(words, word_queries(words), strict=True)
    }


def _has_word(query: WordQuery, today: date) -> Q:
    """Return the condition that the text that the reader reads, or the quotation in it that everyone may read, has a word."""
    read = CaseStudyText.objects.filter(pk=OuterRef("reads"))
    return Q(Exists(read.having(query))) | Q(Exists(read.quoting(query, today)))


def containing(queryset: Any, words: list[str], organisations: dict[str, list[int]], today: date) -> Any:
    """Return the case studies whose reader finds each word in what they read, or in the name of the organisation.

    :param queryset: rows from ``for_reader``.
    """
    for word, query in zip(words, word_queries(words), strict=True):
        queryset = queryset.filter(_has_word(query, today) | Q(evidence__organisation__in=organisations[word]))
    return queryset


def text_to_change(person: Any, piece: Evidence, today: date) -> tuple[CaseStudyText | None, bool]:
    """Return the text that a change of the case study of an item begins from, and whether with its quotation: the text that
    the person reads; None where there is none that they may read.
    """
    found = CaseStudy.objects.for_reader(person, today).filter(evidence=piece).select_related(*EACH_TEXT).first()
    text: CaseStudyText | None = found.text_with(found.reads) if found else None
    if text is None:
        return None, False
    return text, _quotation(text, today, insider=found.handles)[0] is not None


def there_are_case_studies(today: date) -> bool:
    """Whether anyone can read a case study today. One query."""
    return CaseStudy.objects.published(today).exists()


def case_study_of(person: Any, piece: Evidence, today: date) -> dict[str, str] | None:
    """Return the link from an item of evidence to its case study, where this person may read it. One query where there is none."""
    if not CaseStudy.objects.filter(evidence=piece).exists():
        return None
    found = CaseStudy.objects.for_reader(person, today).filter(evidence=piece).select_related(*EACH_TEXT).first()
    if found is None:
        return None
    return {
        "title": headline_of(found),
        "url": reverse("commitments:case-study", args=[piece.pk]),
        "state": workflow.CASE_STUDY_STATE[found.shown_state].label,
    }
