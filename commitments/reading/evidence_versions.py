"""One version of an item of evidence in words, row by row, so that two versions can be compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.db import models

from commitments.content.evidence import EvidenceContent, FileDescription
from commitments.models import Evidence, EvidenceFile, HistoryEntry
from commitments.models.evidence import SAID_HOW
from commitments.rules import workflow
from commitments.rules.evidence_figures import FIGURES
from commitments.rules.kinds import GENERAL
from partners.models import User
from vcsportal.common import plurals
from vcsportal.common.dates import in_words
from vcsportal.common.languages import name_of

Rows = dict[str, tuple[str, str]]
"""From the code of a row to its label and its text."""
_SALT: Final = "commitments.reading.evidence_versions"
NOT_CHOSEN: Final = frozenset({"status", "files", "consents"})
"""Rows that a form cannot change: a reader is shown them, and is not asked which version is to stay."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a form showed when it was drawn: the last entry of the history, and the rows."""

    last: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that has several versions. ``was`` is None where the form does not say what it showed.

    ``choice`` is whose text is offered: ``theirs``, ``mine``, or "" where there is nothing to choose.
    """

    code: str
    label: str
    was: str | None
    theirs: str
    mine: str
    choice: str


def rows_of_words(content: EvidenceContent) -> Rows:
    """Return what was done as rows, by the questions of the form."""
    figures = [(figure, getattr(content, figure.code)) for figure in FIGURES]
    strategy = content.commitments[0].strategy if content.commitments else content.council_chooses_in
    nouns = strategy.nouns if strategy else GENERAL
    return {
        "title": ("What you did", content.title),
        "happened_from": ("When it began", in_words(content.happened_from)),
        "happened_to": ("When it ended", in_words(content.happened_to) if content.happened_to else ""),
        "commitments": (plurals.capital(nouns.commitments), _commitments(content)),
        "districts": ("Where", plurals.join_with_and([area.name for area in content.districts])),
        "story": ("What happened", content.story.strip()),
        "language": ("Language", name_of(content.language)),
        **{figure.code: (figure.label, "" if value is None else f"{value:,}") for figure, value in figures},
        "links": (
            "Links",
            "\n".join(" ".join(filter(None, (label, url, page))) for url, label, page in _whole(content)),
        ),
        "said": (
            "Who told it",
            " ".join(filter(None, (content.said_by, dict(SAID_HOW).get(content.said_how, "").lower()))),
        ),
        "publishable": ("May be published", "Yes" if content.publishable else "No"),
    }


def _commitments(content: EvidenceContent) -> str:
    if not content.commitments and content.council_chooses_in is not None:
        return "The council chooses"
    return ", ".join(commitment.reference for commitment in content.commitments)


def _whole(content: EvidenceContent) -> list[tuple[str, str, str]]:
    return [(url, label, page[0] if page else "") for url, label, *page in content.links]


def rows_of_files(files: Iterable[EvidenceFile], said: Mapping[int, FileDescription] | None = None) -> Rows:
    """Return a row for all the files and, of each, rows for its caption, page and tick; ``said`` takes the place of stored."""
    files, rows = list(files), {}
    rows["files"] = ("Photographs and documents", "\n".join(file.name for file in files))
    for file in files:
        new = (said or {}).get(file.pk) or FileDescription(file.pk)
        caption = file.caption if new.caption is None else new.caption.strip()
        rows[f"caption_{file.pk}"] = (f"Caption of {file.name}", caption)
        if file.kind == "document":
            rows[f"page_{file.pk}"] = (f"Page of {file.name}", file.page if new.page is None else new.page.strip())
        else:
            description = file.description if new.description is None else new.description.strip()
            rows[f"description_{file.pk}"] = (f"Description of {file.name}", description)
            people = file.shows_people if new.shows_people is None else new.shows_people
            rows[f"people_{file.pk}"] = (f"Someone can be recognised in {file.name}", "Yes" if people else "No")
    return rows


@dataclass(frozen=True, slots=True)
class Moment:
    """How far an item has come: its version, the last entry of its history (0: none), consents recorded and withdrawn."""

    version: int
    last: int
    recorded: int
    withdrawn: int


def moment(piece: Evidence) -> Moment:
    """Return how far the item has come, in one query."""
    newest = HistoryEntry.objects.filter(evidence=models.OuterRef("pk")).order_by("-pk").values("pk")[:1]
    consents = models.Count("consents")
    gone = models.Count("consents", filter=models.Q(consents__withdrawn_at__isnull=False))
    stored = Evidence.objects.filter(pk=piece.pk).annotate(last=models.Subquery(newest), recorded=consents, gone=gone)
    version, last, recorded, withdrawn = stored.values_list("version", "last", "recorded", "gone").get()
    return Moment(version, last or 0, recorded, withdrawn)


def rows_of_state(piece: Evidence, now: Moment) -> Rows:
    """Return its state, with the reason for it, and how many consents have been recorded and withdrawn."""
    state = ". ".join(filter(None, (workflow.EVIDENCE_STATE[piece.state].label, piece.state_reason)))
    counted = f"{now.recorded} recorded, {now.withdrawn} of them withdrawn" if now.recorded else ""
    return {"status": ("Status", state), "consents": ("Consents", counted)}


def sealed(piece: Evidence, rows: Rows, now: Moment) -> str:
    """Return what a form carries in its hidden field ``base``: what it shows, signed.

    Return "" if the item has changed since it was read; such a form is then compared by its version alone.
    """
    if now.version != piece.version:
        return ""
    return signing.dumps([piece.pk, now.last, rows], salt=_SALT, compress=True)


def opened(piece: Evidence, token: str) -> Base | None:
    """Return what the form showed; None if the token is missing, changed, or of another item."""
    try:
        of, last, rows = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Base(last, {code: (label, text) for code, (label, text) in rows.items()}) if of == piece.pk else None


def differences(base: Base | None, theirs: Rows, mine: Rows) -> list[Difference]:
    """Return every row in which the saved version differs from what the form showed, or from what it would write."""
    found = []
    for code in dict.fromkeys([*theirs, *mine, *(base.rows if base else ())]):
        label = next(rows[code][0] for rows in (theirs, mine, base.rows if base else {}) if code in rows)
        was = base.rows.get(code, (label, ""))[1] if base else None
        saved, own = theirs.get(code, (label, ""))[1], mine.get(code, (label, ""))[1]
        if saved == own and was in {saved, None}:
            continue
        choice = "" if code in NOT_CHOSEN or code not in theirs else _choice(code, was, saved, own)
        found.append(Difference(code, label, was, saved, own, choice))
    return found


def _choice(code: str, was: str | None, theirs: str, mine: str) -> str:
    """Whoever changed it; the writer's own where both did. A tick that keeps a photograph back always stays."""
    if code.startswith("people_"):
        return "theirs" if theirs == "Yes" else "mine"
    return "theirs" if was == mine else "mine"


def changed_by(piece: Evidence, base: Base | None, person: User, *, risen: int) -> tuple[list[tuple[str, Any]], Any]:
    """Return the others who have changed it since the form was drawn, as names and times, the newest first; and when
    this person did last, or None.

    :param risen: by how much the version has risen since; without ``base``, so many entries of the history are looked at.
    """
    entries = piece.history.select_related("by").order_by("-pk")
    recent: Sequence[HistoryEntry] = list(
        entries.filter(pk__gt=base.last)[:50] if base else entries[: min(max(risen, 1), 50)]
    )
    others: dict[int | None, tuple[str, Any]] = {}
    own = None
    for entry in recent:
        if entry.by_id == person.pk:
            own = own or entry.at
        else:
            others.setdefault(entry.by_id, (entry.by.name if entry.by else "The portal", entry.at))
    return list(others.values()), own
