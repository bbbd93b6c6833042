"""What consents allow to be shown, which editions still show what was withdrawn, and the ledger of consents."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from commitments.models import CaseStudy, CaseStudyText, Consent, Evidence, EvidenceFile
from commitments.models.consent import CONSENT_USES
from commitments.rules import story_consent
from vcsportal.common.prepared_queries import PreparedQuery

PHOTOGRAPH_TAKEN_BACK: Final = (
    "This photograph is no longer shown, because a consent to show it was withdrawn or has expired."
)
NOT_PUBLIC: Final = " The public sees neither its title nor its links, photographs and documents."
RUNS_OUT_SOON: Final = timedelta(days=60)
LEDGER_FILTERS: Final = {
    "soon": "Expiring soon",
    "withdrawn": "Withdrawn",
    "missing": "Still to be asked",
    "all": "All consents",
}
MAX_LEDGER_LINES: Final = 200
USE_WORDS: Final = dict(CONSENT_USES)


@dataclass(frozen=True, slots=True)
class ConsentHolding:
    """Something sealed that still holds a photograph or story: it can't be changed, so people are told where it is.

    ``files`` are the stored names of the photographs in it; ``story`` whether it tells the story; ``quotation`` whether it has the
    quotation of its case study.
    """

    title: str
    url: str
    public: bool
    files: frozenset[str]
    story: bool
    withdrawn: bool = False
    quotation: bool = False


Reader = Callable[[int], list[ConsentHolding]]
_readers: list[Reader] = []


def held_by(reader: Reader) -> None:
    """Let an upper floor say what of its own holds an item of evidence, given the piece's key."""
    if reader not in _readers:
        _readers.append(reader)


def holders(evidence: Evidence) -> list[ConsentHolding]:
    """Return everything sealed that holds something of this piece."""
    return [reader_use for reader in _readers for reader_use in reader(evidence.pk)]


@dataclass(frozen=True, slots=True)
class Shown:
    """What of an item a reader is shown. ``links`` says whether its links may be shown."""

    title: str
    photographs: list[EvidenceFile]
    waiting: list[EvidenceFile]  # of the photographs, those that only insiders see until somebody agrees
    taken_back: int  # photographs that nobody is shown any more
    documents: list[EvidenceFile]
    story: str
    story_note: str
    links: bool = True

    @property
    def photographs_note(self) -> str:
        """A sentence where photographs are no longer shown."""
        if not self.taken_back:
            return ""
        if self.taken_back == 1:
            return "One photograph is no longer shown, because a consent to show it was withdrawn or has expired."
        return f"{self.taken_back} photographs are no longer shown, because consents were withdrawn or have expired."


def standing(file: Any) -> str:
    """Return ``shown``, ``waiting`` (nobody has agreed to the portal yet) or ``taken_back``, for a file from ``with_standing``."""
    if file.ended:
        return "taken_back"
    if file.refused or (file.shows_people and not file.asked):
        return "waiting"
    return "shown"


_FILES: Final = PreparedQuery(
    lambda evidence, today: EvidenceFile.objects.filter(evidence=evidence).with_standing(today).order_by("id")
)


def shown(piece: Evidence, today: date, *, insider: bool, story_state: str) -> Shown:
    """Return what may be shown of an item, in one query.

    Its own people and those who review see what waits for consent too, and what the item is called, shows and links to,
    which they need to look after it. A story that was withdrawn nobody sees.

    :param story_state: a state of :mod:`commitments.rules.story_consent`, for the portal.
    """
    files = _FILES(evidence=piece.pk, today=today)
    story, note = piece.story, ""
    if story and story_state and (not insider or story_state in {story_consent.WITHDRAWN, story_consent.EXPIRED}):
        story, note = "", story_consent.SENTENCES[story_state]
    elif story and story_state:
        note = "Only your organisation and the council see this story: there is no agreement to show it on the portal."
    if story_state in story_consent.DETAILS_WITHHELD:
        if not insider:
            return Shown(story_consent.NO_TITLE, [], [], 0, [], "", story_consent.SENTENCES[story_state], links=False)
        note += NOT_PUBLIC
    photographs = [file for file in files if file.kind == "photograph"]
    waiting = [file for file in photographs if standing(file) == "waiting"]
    return Shown(
        title=piece.title,
        photographs=[
            file for file in photographs if standing(file) == "shown" or (insider and standing(file) == "waiting")
        ],
        waiting=waiting if insider else [],
        taken_back=sum(standing(file) == "taken_back" for file in photographs),
        documents=[file for file in files if file.kind != "photograph"],
        story=story,
        story_note=note,
    )


def has_ended(consent: Consent, today: date) -> bool:
    """Whether a consent was withdrawn or has expired."""
    return consent.withdrawn_at is not None or (consent.lasts_until is not None and consent.lasts_until < today)


def uses_in_words(codes: list[str]) -> str:
    """Return the uses of a consent as words."""
    words = [label[0].lower() + label[1:] for code, label in CONSENT_USES if code in codes]
    return "; ".join(words) if words else "nothing"


def told_in_words(piece: Evidence, person: Any, today: date) -> str:
    """Return what a consent to the story of an item covers, as far as the person may know: ``the story and its case study``,
    either alone, or "" where there is nothing to agree to.
    """
    case_study = CaseStudy.objects.visible_to(person, today).filter(evidence=piece).exists()
    if piece.story:
        return "the story and its case study" if case_study else "the story"
    return "the case study" if case_study else ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger. Without a consent it is about a photograph or, where ``is_quotation``, a quotation."""

    piece: Evidence
    file: EvidenceFile | None
    consent: Consent | None
    state: str
    uses: str
    is_quotation: bool = False

    @property
    def what(self) -> str:
        """The photograph's name, the story, the case study or the quotation."""
        if self.is_quotation or (self.consent is not None and self.consent.quotation_id is not None):
            return "The quotation in its case study"
        if self.file is not None:
            return self.file.name
        return "The story" if self.piece.story else "The case study"


def ledger(today: date, show: str) -> tuple[list[LedgerLine], int]:
    """Return the lines that a ledger shows, at most :data:`MAX_LEDGER_LINES`, and how many there are, in at most four queries."""
    if show == "missing":
        files: Any = (
            EvidenceFile.objects.filter(
                shows_people=True, consents=None, kind="photograph", evidence__submitted_at__isnull=False
            )
            .exclude(evidence__state="withdrawn")
            .select_related("evidence__organisation")
            .order_by("-added_at", "-id")
        )
        quotations = CaseStudyText.objects.filter(
            Exists(CaseStudy.objects.filter(Q(sent=OuterRef("pk")) | Q(published=OuterRef("pk"))).exclude(state="withdrawn")),
            quotation__isnull=False, quotation__consents=None,
        ).exclude(case_study__evidence__state="withdrawn")  # fmt: skip
        quotations = quotations.order_by("quotation", "-id").distinct("quotation")
        asked = "Nobody has been asked yet."
        dated = [(file.added_at, LedgerLine(file.evidence, file, None, asked, "")) for file in files[:MAX_LEDGER_LINES]]
        newest = CaseStudyText.objects.filter(pk__in=quotations.values("pk")).order_by("-written_at", "-id")
        dated += [
            (text.written_at, LedgerLine(text.case_study.evidence, None, None, asked, "", is_quotation=True))
            for text in newest.select_related("case_study__evidence__organisation")[:MAX_LEDGER_LINES]
        ]
        dated.sort(key=lambda line: line[0], reverse=True)
        return [line for _at, line in dated[:MAX_LEDGER_LINES]], files.count() + newest.count()
    sent = Consent.objects.filter(evidence__submitted_at__isnull=False)  # drafts are their own people's
    words = sent.newest_words().select_related("evidence__organisation", "file")
    if show == "soon":
        words = words.filter(withdrawn_at=None, lasts_until__isnull=False, lasts_until__lte=today + RUNS_OUT_SOON)
        words = words.order_by("lasts_until", "id")
    elif show == "withdrawn":
        words = words.filter(Q(withdrawn_at__isnull=False)).order_by("-withdrawn_at", "-id")
    else:
        words = words.order_by("-recorded_at", "-id")
    lines = [
        LedgerLine(consent.evidence, consent.file, consent, state_of(consent, today), uses_in_words(consent.uses))
        for consent in words[:MAX_LEDGER_LINES]
    ]
    return lines, words.count()


def state_of(consent: Consent, today: date) -> str:
    """Return the state of a consent: ``Current``, ``Expires soon``, ``Expired`` or ``Withdrawn``."""
    if consent.withdrawn_at is not None:
        return "Withdrawn"
    if consent.lasts_until is None:
        return "Current"
    if consent.lasts_until < today:
        return "Expired"
    return "Expires soon" if consent.lasts_until <= today + RUNS_OUT_SOON else "Current"
