"""The tables of the county in figures, and of the sums of awards."""

from typing import Final

from reporting.exports.tables import Column, TableDefinition
from vcsportal.common.columns import DECIMAL, NUMBER, TEXT

COUNTY_FIGURES: Final = TableDefinition(
    "county_figures",
    "The county in figures",
    "One row for each value of a figure that the report prints, with its source: for the whole, an area or a strand.",
    (
        Column("row", NUMBER, "Number of the row in the report.", lambda fact: fact.number),
        Column("about", TEXT, "What it is about: place, wellbeing, take_up or money.", lambda fact: fact.about),
        Column("figure", TEXT, "What is counted.", lambda fact: fact.title),
        Column("part_of", TEXT, "The figure that it is part of. Empty if it is not part of another.", lambda fact: fact.part_of),
        Column("area", TEXT, "The area that it is for. Empty for the whole.", lambda fact: fact.place),
        Column("strand", TEXT, "The strand that it is for. Empty for the whole.", lambda fact: fact.strand),
        Column("value", DECIMAL, "The number. Empty where it is too small to be shown.", lambda fact: fact.value),
        Column("unit", TEXT, "What the number counts.", lambda fact: fact.unit),
        Column("said", TEXT, "The figure as it is printed.", lambda fact: fact.said),
        Column("period", TEXT, "The date or period that it is for.", lambda fact: fact.when),
        Column("source", TEXT, "Where it comes from.", lambda fact: fact.source),
        Column("place_in_source", TEXT, "Where it is in the source.", lambda fact: fact.source_place),
        Column("words", TEXT, "The source’s own words.", lambda fact: fact.words),
        Column("note", TEXT, "What a reader should know.", lambda fact: fact.note),
        Column("beside", NUMBER, "The row of the first source for the same thing. Empty for a first one.", lambda fact: fact.beside or None),
        Column("differs", TEXT, "How the two sources differ. Empty if they say the same.", lambda fact: fact.differs),
    ),
    lambda report: report.county_figures,
)  # fmt: skip
AWARD_SUMS: Final = TableDefinition(
    "award_sums",
    "Grants and contracts under the figures",
    "One row for each kind of award under a figure that the report prints, and for each twelve months from April to March. They are never added together.",
    (
        Column("figure", TEXT, "The figure under which they are listed.", lambda fact: fact.figure),
        Column("april_to_march", TEXT, "When they were awarded, from April to March, such as 2020-21.", lambda fact: fact.year),
        Column("kind", TEXT, "Grant or contract.", lambda fact: fact.kind),
        Column("currency", TEXT, "The currency of the amount.", lambda fact: fact.currency),
        Column("awards", NUMBER, "How many are listed.", lambda fact: fact.count, "awards"),
        Column("amount", DECIMAL, "Their total amount.", lambda fact: fact.amount),
    ),
    lambda report: report.award_sums,
)  # fmt: skip
