"""The table of who has signed a charter: organisations and posts, never names of people."""

from typing import Final

from reporting.exports.tables import Column, TableDefinition
from vcsportal.common.columns import DATE, LIST, TEXT

SIGNATORIES: Final = TableDefinition(
    "signatories",
    "Who has signed",
    "One row for each signature of a charter that was in force in the period. Empty for a strategy that is not a charter. Posts, never names.",
    (
        Column("organisation", TEXT, "The organisation that signed.", lambda row: row.organisation),
        Column("kind", TEXT, "What kind of organisation it is.", lambda row: row.kind_label),
        Column("signed_on", DATE, "Day on which it signed.", lambda row: row.signed_on),
        Column("signed_as", TEXT, "The post of whoever signed. Empty if not given.", lambda row: row.signed_as),
        Column("standing", TEXT, "Whether it still stands by it. No reply does not count as a no.", lambda row: row.standing_words),
        Column("has_done", TEXT, "What it said in the round that it has done.", lambda row: row.has_done),
        Column("pledges", LIST, "What it pledges, in its own words.", lambda row: row.pledges),
        Column("ended_on", DATE, "First day on which the signature was no longer in force. Empty while it is in force.", lambda row: row.ended_on),
        Column("ended_why", TEXT, "Why it ended.", lambda row: row.ended_why),
        Column("organisation_slug", TEXT, "The organisation's name in addresses; it stays the same. Empty in reports made before it was kept.", lambda row: row.organisation_slug),
    ),
    lambda report: report.signatories,
)  # fmt: skip
