"""The table of who has signed a charter: organisations and posts, never names of people."""

from typing import Final

from reporting.exports.tables import DATE, LIST, TEXT, Column, TableDefinition

SIGNATORIES: Final = TableDefinition(
    "signatories",
    "Who has signed",
    "One row for each signature of a charter that stood in the period. Empty for what is not signed. Posts, never names.",
    (
        Column("organisation", TEXT, "The organisation that signed.", lambda row: row.organisation),
        Column("kind", TEXT, "What kind of organisation it is.", lambda row: row.kind_label),
        Column("signed_on", DATE, "Day on which it signed.", lambda row: row.signed_on),
        Column("signed_as", TEXT, "The post of whoever signed. Empty if not given.", lambda row: row.signed_as),
        Column("standing", TEXT, "Whether it still stands by it. No answer is not a no.", lambda row: row.standing_words),
        Column("has_done", TEXT, "What it said in the round that it has done.", lambda row: row.has_done),
        Column("pledges", LIST, "What it pledges, in its own words.", lambda row: row.pledges),
        Column("ended_on", DATE, "First day on which the signature no longer stood. Empty while it does.", lambda row: row.ended_on),
        Column("ended_why", TEXT, "Why it ended.", lambda row: row.ended_why),
    ),
    lambda report: report.signatories,
)  # fmt: skip
