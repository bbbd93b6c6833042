"""The first and the last table of every file: what it is and may be used for, and what each column means."""

from typing import Final

from django.utils import timezone

from reporting.exports.data import TABLES
from reporting.exports.tables import Column, Table, TableDefinition
from reporting.facts import Report, checksum_of
from reporting.narrative import dates
from vcsportal.common.cells import clean
from vcsportal.common.columns import TEXT
from vcsportal.common.dates import in_words
from vcsportal.common.plurals import capital

LICENCE: Final = "Open Government Licence v3.0"
LICENCE_URL: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

NOTES: Final = (
    ("Empty cells", "Nothing was reported, or nothing is known. An empty cell never means 0."),
    ("Texts", "As they were written. Some contain Markdown: an asterisk or a hyphen begins an item of a list."),
    ("Lists", "Several values in one cell are separated by semicolons; in JSON they are a list."),
    (
        "In CSV",
        "A text that a spreadsheet could take for a formula (it begins with = + - @ or a tab) has an apostrophe before "
        "it, which is not part of the text. The files are in UTF-8. Excel reads the number 1.10 of a commitment as 1.1 when it opens CSV; "
        "the spreadsheets don't have this problem. The file csv-metadata.json describes the columns for programs, as CSV on the Web does.",
    ),
    (
        "Very long texts",
        "Text longer than a cell can hold (32,767 characters) is cut, with a sentence that says so. The JSON file has all of it.",
    ),
)


def about(report: Report) -> Table:
    """Return what the file is, where it comes from, how it may be used and which tables it holds."""
    who, made = report.identity, timezone.localtime(report.making.at)

    def worded(text: str) -> str:
        return report.period.reworded(report.strategy.nouns.reworded(text))

    edition = [("Edition", str(report.making.edition))] if report.making.edition is not None else []
    parts = [
        (worded("Strategy"), report.strategy.title),
        (
            capital(report.period.noun),
            f"{report.round.label}: {in_words(report.round.observes_from)} to {in_words(report.round.observes_to)}",
        ),
        *edition,
        ("Made", f"{in_words(made.date())} at {made:%H:%M}"),
        ("Days", dates.named(report)),
        ("Checksum of the facts (SHA-256)", checksum_of(report)),
        ("Source", f"{who.portal}, the portal of {who.council}: {who.url}"),
        ("Licence", f"{LICENCE}: {LICENCE_URL}"),
        ("When you use it, say", f"Contains information of {who.council} under the {LICENCE}."),
        ("Questions", who.contact_email),
        *((title, worded(text)) for title, text in NOTES),
        *((f"Table “{outline.heading}”", outline.says) for outline in (each.worded(report) for each in TABLES)),
        ("Table “Dictionary”", DICTIONARY.says),
    ]
    outline = TableDefinition(
        "about",
        clean(f"{report.strategy.title}: the report for {report.round.label} as data")[:255],
        "What these tables are, where they come from, how they may be used, and what each of them contains.",
        (
            Column("part", TEXT, "What the words are about.", lambda part: part[0]),
            Column("words", TEXT, "The words.", lambda part: part[1]),
        ),
        lambda _: parts,
    )
    return outline.fill(report)


DICTIONARY: Final = TableDefinition(
    "dictionary",
    "What each column means",
    "One row for each column of each table, in their order.",
    (
        Column("table", TEXT, "The table, as its file is called.", lambda pair: pair[0].name),
        Column("column", TEXT, "The column, as CSV and JSON call it.", lambda pair: pair[1].name),
        Column("heading", TEXT, "The column, as the spreadsheets call it.", lambda pair: pair[1].heading),
        Column("kind", TEXT, "What its cells contain.", lambda pair: pair[1].kind),
        Column("unit", TEXT, "What a number counts. Empty if it counts nothing.", lambda pair: pair[1].unit),
        Column("meaning", TEXT, "What it says.", lambda pair: pair[1].meaning),
    ),
    lambda report: ((outline, column) for outline in TABLES for column in outline.worded(report).columns),
)


def everything(report: Report) -> list[Table]:
    """Return every table in the order in which a file holds them."""
    return [about(report), *(outline.fill(report) for outline in TABLES), DICTIONARY.fill(report)]
