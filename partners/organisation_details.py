"""What spreadsheets say of an organisation, read by the same rules wherever a spreadsheet of organisations comes from. No database."""

from collections.abc import Container
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from partners.identifiers import BY_CODE, normalise
from partners.naming import one_space
from vcsportal.common.lookalikes import check_email, check_link
from vcsportal.common.words import Invalid

MAXIMUM_WEBSITE_CHARACTERS: Final = 300
MAXIMUM_MAILBOX_CHARACTERS: Final = 254


def parts_of(text: str) -> list[str]:
    """Return the values of a cell, which has semicolons or line ends between them."""
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


def former_names_in(text: str, known: Container[str] = ()) -> list[str]:
    """Return the earlier names in a cell, one a line or with semicolons between.

    :param known: names that it is known to have had, which may have semicolons of their own.
    """
    found: list[str] = []
    for line in text.splitlines():
        found += [one_space(line)] if one_space(line) in known else parts_of(line)
    return found


def identifiers_in(text: str) -> list[tuple[str, str]]:
    """Return the numbers in registers, each as its register's code and its form there.

    :raises Invalid: for one without a register's code, or in a form that its register does not have.
    """
    found = []
    for part in parts_of(text):
        scheme = next((code for code in BY_CODE if part.upper().startswith(code)), "")
        if not scheme:
            raise Invalid(
                f"“{part[:60]}” does not begin with a register’s code. Write it like GB-CHC 1234567.",
                field="identifiers",
            )
        found.append((scheme, normalise(scheme, part[len(scheme) :].strip(" -:"))))
    return found


def checked_website(text: str) -> str:
    """Return a web address, or "". Raise :class:`Invalid` for what is none, or could mislead."""
    _check_length(text, MAXIMUM_WEBSITE_CHARACTERS, "website")
    if text:
        try:
            URLValidator(schemes=["http", "https"])(text)
        except ValidationError:
            raise Invalid("Enter the whole web address, for example https://example.org.", field="website") from None
        check_link(text)
    return text


def checked_mailbox(text: str) -> str:
    """Return an email address, or "". Raise :class:`Invalid` for what is none, or could mislead."""
    _check_length(text, MAXIMUM_MAILBOX_CHARACTERS, "team_mailbox")
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise Invalid("Enter an email address, for example info@example.org.", field="team_mailbox") from None
        check_email(text)
    return text


def _check_length(text: str, most: int, field: str) -> None:
    if len(text) > most:
        raise Invalid(f"This has {len(text)} characters. Shorten it to {most} or fewer.", field=field)
