"""The table of case studies."""

from typing import Final

from commitments.rules.story_consent import SENTENCES
from reporting.exports.tables import Column, TableDefinition
from vcsportal.common.columns import DATE, LIST, MARKDOWN, NUMBER, TEXT

CASE_STUDIES: Final = TableDefinition(
    "case_studies",
    "Case studies",
    "One row for each case study that was chosen for the report.",
    (
        Column("row", NUMBER, "Number of the case study in the report.", lambda c: c.number),
        Column("evidence_id", NUMBER, "Number in the portal of the item of evidence that it is about.", lambda c: c.id),
        Column("evidence", NUMBER, "Number of that item in the report. Empty if it is of another year.", lambda c: c.note or None),
        Column("organisation", TEXT, "Who did it.", lambda c: c.organisation),
        Column("led_with", TEXT, "Who led it together with the organisation.", lambda c: c.led_with),
        Column("headline", TEXT, "Its headline.", lambda c: c.headline),
        Column("place", TEXT, "Where it was, in words.", lambda c: c.place),
        Column("districts", LIST, "Districts, or areas of another kind, in which it happened.", lambda c: c.districts),
        Column("happened_from", DATE, "The day, or the first of several days.", lambda c: c.happened_from),
        Column("happened_to", DATE, "The last of several days. Empty for a single day.", lambda c: c.happened_to),
        Column("commitments", LIST, "Numbers of the commitments that it is for.", lambda c: c.references),
        Column("problem", MARKDOWN, "What the problem was.", lambda c: c.problem),
        Column("what_they_did", MARKDOWN, "What they did.", lambda c: c.what_was_done),
        Column("what_changed", MARKDOWN, "What changed.", lambda c: c.what_changed),
        Column("learnt", MARKDOWN, "What was learnt.", lambda c: c.learnt),
        Column("cost", TEXT, "What it cost, in words.", lambda c: c.cost),
        Column("how_to_copy", MARKDOWN, "How to do the same.", lambda c: c.how_to_copy),
        Column("quotation", TEXT, "What somebody said about it. Empty unless they agreed to it being in the report.", lambda c: c.quotation),
        Column("said_by", TEXT, "Who said it: a post or a few words, never a name.", lambda c: c.said_by),
        Column("strands", LIST, "Equality strands that it was for.", lambda c: c.strands),
        Column("note", TEXT, "Why its words are not shown. Empty if they are shown.", lambda c: SENTENCES.get(c.story_state, "")),
    ),
    lambda report: report.case_studies,
)  # fmt: skip
