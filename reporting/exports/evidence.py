"""The tables of evidence, with its links and photographs, and of the organisations it came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from commitments.rules.evidence_figures import FIGURES
from commitments.rules.story_consent import SENTENCES
from partners.area_kinds import AREA_KIND
from reporting.exports.rows import parts
from reporting.exports.tables import Column, TableDefinition
from reporting.facts import EvidenceFacts, Report
from vcsportal.common.columns import DATE, LIST, MARKDOWN, NUMBER, TEXT, YES_NO

EVIDENCE: Final = TableDefinition(
    "evidence",
    "Evidence",
    "One row for each item of evidence that was accepted, may be published, and happened in the year.",
    (
        Column("evidence", NUMBER, "Number of the item in the report.", lambda p: p.number),
        Column("id", NUMBER, "Number of the item in the portal; it is the same every year.", lambda p: p.id),
        Column("organisation", TEXT, "Who did it.", lambda p: p.organisation),
        Column("title", TEXT, "What was done, in a line.", lambda p: p.title),
        Column("story", MARKDOWN, "What was done, in the words of those who did it.", lambda p: p.story),
        Column("story_note", TEXT, "Why the story is not shown. Empty if it is shown, or if there is none.", lambda p: SENTENCES.get(p.story_state, "")),
        Column("happened_from", DATE, "The day, or the first of several days.", lambda p: p.happened_from),
        Column("happened_to", DATE, "The last of several days. Empty for a single day.", lambda p: p.happened_to),
        Column("commitments", LIST, "Numbers of the commitments that it is for.", lambda p: p.references),
        Column("districts", LIST, "Districts, or areas of another kind, in which it happened.", lambda p: p.districts),
        *(
            Column(figure.code, NUMBER, f"{figure.meaning} Empty if no number was given.", attrgetter(figure.code), figure.column_unit)
            for figure in FIGURES
        ),
        Column("links", NUMBER, "How many web pages it links to; they are in the table of links.", lambda p: len(p.links), "links"),
        Column("photographs", NUMBER, "How many photographs the report shows of it.", lambda p: len(p.photographs), "photographs"),
        Column("organisation_slug", TEXT, "The organisation's name in addresses; it stays the same, and is in the table of organisations. Empty in reports made before it was kept.", lambda p: p.organisation_slug),
    ),
    lambda report: report.evidence,
)  # fmt: skip

LATE: Final = TableDefinition(
    "late_evidence",
    "Evidence of earlier years that came in late",
    "One row for each item of evidence of an earlier year that was accepted after that year’s report was published. It is not counted in this year’s figures.",
    (Column("round", TEXT, "The year that it is about, for example 2023-24.", lambda p: p.late_for), *EVIDENCE.columns),
    lambda report: report.late,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServedCommitment:
    """An item of evidence with one of the commitments that it is for; ``key`` is that commitment's."""

    piece: EvidenceFacts
    reference: str
    key: str


def _pairs(report: Report) -> Iterable[ServedCommitment]:
    keys = {commitment.reference: commitment.key for commitment in report.commitments()}
    for piece in report.all_evidence():
        for reference in piece.references:
            yield ServedCommitment(piece, reference, keys.get(reference, ""))


SERVED: Final = TableDefinition(
    "evidence_commitments",
    "Which evidence is for which commitment",
    "One row for each item of evidence and each commitment that it is for. An item for two commitments has two rows.",
    (
        Column("evidence", NUMBER, "Number of the item in the report.", lambda pair: pair.piece.number),
        Column("evidence_id", NUMBER, "Number of the item in the portal; it is the same every year.", lambda pair: pair.piece.id),
        Column("commitment", TEXT, "The commitment's number in the strategy.", lambda pair: pair.reference),
        Column("commitment_key", TEXT, "The commitment's key, as in the table of commitments.", lambda pair: pair.key),
        Column("came_in_late", YES_NO, "Whether the item is about an earlier year, and so is not counted in this year’s figures.", lambda pair: bool(pair.piece.late_for)),
    ),
    _pairs,
)  # fmt: skip

LINKS: Final = TableDefinition(
    "links",
    "Web pages about the evidence",
    "One row for each web page that an item of evidence links to.",
    (
        Column("evidence", NUMBER, "Number of the item in the report.", lambda part: part.of.number),
        Column("link", NUMBER, "Number of the link within the item.", lambda part: part.number),
        Column("label", TEXT, "What the page is called.", lambda part: part.thing.label),
        Column("address", TEXT, "The page's address. The portal is not responsible for these pages.", lambda part: part.thing.url),
        Column("evidence_id", NUMBER, "Number of the item in the portal; it is the same every year.", lambda part: part.of.id),
    ),
    lambda report: parts(report.all_evidence(), "links"),
)  # fmt: skip

PHOTOGRAPHS: Final = TableDefinition(
    "photographs",
    "Photographs in the report",
    "One row for each photograph that the report shows, with its caption; the pictures themselves are in the report.",
    (
        Column("evidence", NUMBER, "Number of the item in the report.", lambda part: part.of.number),
        Column("photograph", NUMBER, "Number of the photograph within the item.", lambda part: part.number),
        Column("caption", TEXT, "The caption printed with it. Empty if there is none.", lambda part: part.thing.caption),
        Column("evidence_id", NUMBER, "Number of the item in the portal; it is the same every year.", lambda part: part.of.id),
        Column("description", TEXT, "What it shows, for people who can’t see it. Empty if nobody wrote it.", lambda part: part.thing.description),
    ),
    lambda report: parts(report.all_evidence(), "photographs"),
)  # fmt: skip

ORGANISATIONS: Final = TableDefinition(
    "organisations",
    "Organisations that took part",
    "One row for each organisation whose evidence is in the report, in alphabetical order.",
    (
        Column("organisation", TEXT, "Its name.", lambda o: o.name),
        Column("kind", TEXT, "What kind of organisation it is.", lambda o: o.kind),
        Column("is_council", YES_NO, "Whether it is the council that owns the strategy.", lambda o: o.is_owner),
        Column("districts", LIST, "Districts, or areas of another kind, in which it works.", lambda o: o.districts),
        Column("pieces_of_evidence", NUMBER, "Its items of evidence in the report.", lambda o: o.pieces, "items of evidence"),
        Column("slug", TEXT, "Its name in addresses; it stays the same when the organisation is renamed. Empty in reports made before it was kept.", lambda o: o.slug),
        Column("identifiers", LIST, "Its numbers in public registers, as org-id.guide writes them, for example GB-CHC-1234567. Empty if none is known.", lambda o: o.identifiers),
    ),
    lambda report: report.organisations,
)  # fmt: skip

AREAS: Final = TableDefinition(
    "areas",
    "Areas that the report names",
    "One row for each district, or area of another kind, that evidence and organisations name. Empty in reports made before areas were kept.",
    (
        Column("gss_code", TEXT, "Its code in the register of the Office for National Statistics.", lambda a: a.gss_code),
        Column("area", TEXT, "Its name.", lambda a: a.name),
        Column("kind", TEXT, "What kind of area it is.", lambda a: AREA_KIND[a.kind].label if a.kind in AREA_KIND else a.kind),
    ),
    lambda report: report.areas,
)  # fmt: skip
