"""The columns of the spreadsheet of evidence, and what their cells name."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from commitments.models.evidence import MAX_REFERENCE_CHARACTERS
from commitments.permissions.evidence import can_log_evidence
from commitments.rules.evidence_figures import FIGURES, MAX_WHOLE_NUMBER
from commitments.workbooks.kind import Scope
from commitments.workbooks.names import commitments_named, commitments_of, districts, districts_named
from partners.models import Organisation
from vcsportal.common.languages import LANGUAGE_CHOICES
from vcsportal.common.markdown import MAX_CHARACTERS
from vcsportal.common.plurals import capital, join_with_and
from vcsportal.common.spreadsheets.columns import (
    Reads,
    SheetColumn,
    Thing,
    check_one_word,
    read_day,
    read_line,
    read_reference,
    tidied,
    write_day,
    write_number,
)
from vcsportal.common.spreadsheets.json_rows import BETWEEN
from vcsportal.common.spreadsheets.values import UnreadableCell, number_of, shown, written
from vcsportal.common.spreadsheets.workbook import SheetCell
from vcsportal.common.words import Invalid

YES, NO = "Yes", "No"
MAX_TITLE_CHARACTERS: Final = 150
MAX_LINK_CHARACTERS: Final = 500


def columns(scope: Scope) -> tuple[SheetColumn, ...]:
    """Return the columns. Programs find each by its name, too."""
    nouns = scope.of.nouns
    places = [area.name for area in districts(scope).values() if area.is_in_force(scope.today)]
    return (
        SheetColumn(
            "reference", "Your reference",
            "What you call it in your own system. A row that you upload again is recognised by it, and is not logged twice. Only your "
            "organisation and the council see it.",
            longest=MAX_REFERENCE_CHARACTERS, reads=read_reference, width=18, example="VOL-0412",
        ),
        SheetColumn(
            "organisation", "Organisation", "One of yours, by its name. Leave it empty if you have only one.",
            reads=_read_organisation(scope), width=28,
        ),
        SheetColumn(
            "title", "What you did", "In one line.", longest=MAX_TITLE_CHARACTERS, reads=read_line, width=44, needed=True,
            example="Ran a drop-in for new volunteers",
        ),
        SheetColumn(
            "happened_from", "When it began", "The day, such as 12 March 2026, 12/03/2026 or 2026-03-12.", reads=read_day,
            writes=write_day, width=16, needed=True, example="12 March 2026",
        ),
        SheetColumn(
            "happened_to", "When it ended", "The last day, if there were several.", reads=read_day, writes=write_day, width=16,
        ),
        SheetColumn(
            "commitments", capital(nouns.commitments),
            "Their numbers or keys, with semicolons between. You can leave this empty in a draft.",
            reads=_read_commitments(scope), width=18, example="1.1; 2.3",
        ),
        SheetColumn(
            "council_chooses", "The council chooses", f"Yes if you are not sure which {nouns.commitment} it is for.",
            choices=(YES, NO), reads=_read_yes, width=12,
        ),
        SheetColumn(
            "districts", "Where", "Districts, by their names or GSS codes, with semicolons between.",
            reads=tidied(lambda text: BETWEEN.join(area.name for area in districts_named(scope, text))), width=28,
            example=BETWEEN.join(places[:2]),
        ),
        SheetColumn(
            "story", "What happened", "A few sentences.", longest=MAX_CHARACTERS, width=60,
            example="Eleven people came, and four have started since.",
        ),
        SheetColumn(
            "language", "Language", "A code such as pl, if the words are not in English.", reads=tidied(language_named),
            width=10,
        ),
        *(
            SheetColumn(
                figure.code, figure.label, f"{figure.meaning} Leave it empty if you do not know.", reads=_read_whole,
                writes=write_number, width=14, example="10",
            )
            for figure in FIGURES
        ),
        SheetColumn(
            "link", "Web address", "A page that shows what was done.", longest=MAX_LINK_CHARACTERS, width=30,
            reads=tidied(whole_address), example="https://www.example.org/drop-in",
        ),
        SheetColumn(
            "publishable", "May be published", "Yes only if everyone who can be recognised has agreed.", choices=(YES, NO),
            reads=_read_yes, width=12, example=YES,
        ),
        SheetColumn(
            "send", "Send it", "Yes sends it to the council for review. With No, or nothing, it is saved as a draft.",
            choices=(YES, NO), reads=_read_yes, width=10, example=NO,
        ),
    )  # fmt: skip


def own_organisations(scope: Scope) -> list[Organisation]:
    """Return the organisations for which the person may log evidence."""
    return scope.once(
        "own", lambda: [each for each in scope.person.organisations if can_log_evidence(scope.person, each)]
    )


def organisation_of(scope: Scope, text: str) -> Organisation:
    """Return the organisation of a row. Raise :class:`Invalid` for one that is not the person's, and if they have to choose."""
    own = own_organisations(scope)
    if not text and len(own) == 1:
        return own[0]
    found = [each for each in own if text.casefold() in {each.name.casefold(), each.slug}]
    if len(found) == 1:
        return found[0]
    names = join_with_and([each.name for each in own])
    if text:
        raise Invalid(f"You can log evidence for {names} only. Correct the name.", field="organisation")
    raise Invalid(f"You can log evidence for {names}. Write which of them did this.", field="organisation")


def _read_organisation(scope: Scope) -> Reads:
    def name(text: str) -> str:
        line = " ".join(text.split())
        return organisation_of(scope, line).name if line else ""

    return tidied(name)


def _read_commitments(scope: Scope) -> Reads:
    def read(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
        if cell is not None:
            check_one_word(cell, [each.reference for each in commitments_of(scope)])
        text = read_reference(cell, thing, today)
        try:
            return BETWEEN.join(each.reference for each in commitments_named(scope, text))
        except Invalid:
            return text

    return read


def _read_yes(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    """No is the same as nothing."""
    text = read_line(cell, thing, today)
    return "" if text.casefold() == NO.casefold() else text


def _read_whole(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    number = number_of(cell)
    if number is None or cell is None:
        return ""
    if number != int(number) or not 0 <= number <= MAX_WHOLE_NUMBER:
        sentence = f"Write a whole number from 0 to {MAX_WHOLE_NUMBER:,}, or leave it empty if you do not know."
        raise UnreadableCell(shown(cell), sentence)
    return written(number)


def language_named(text: str) -> str:
    """Return the tag of a language that is written as a tag or by its name. Raise :class:`Invalid` for one that is not offered."""
    folded = " ".join(text.split()).casefold()
    for tag, name in LANGUAGE_CHOICES:
        if folded in {tag.casefold(), name.casefold()}:
            return tag
    raise Invalid(
        f"“{text[:40]}” is not one of the languages here. Use a code such as pl for Polish.", field="language"
    )


def whole_address(text: str) -> str:
    """Return the address of a web page, with its scheme. Raise :class:`Invalid` for what is none."""
    if not text:
        return ""
    whole = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(whole)
    except ValidationError:
        sentence = f"“{text[:60]}” is not a web address. It looks like https://www.example.org/page."
        raise Invalid(sentence, field="link") from None
    return whole
