"""Who has signed a charter, in words. Made from the facts alone."""

from collections import Counter

from commitments.rules import charters as rules
from reporting.facts import Report
from vcsportal.common import plurals


def summary(report: Report) -> str:
    """Return ``24 organisations have signed: 21 reaffirmed and 3 have not answered. …``; "" where nobody has signed."""
    number = Counter(signed.standing for signed in report.signatories)
    standing = number.total() - number[rules.ENDED]
    if not number:
        return ""
    silent = number[rules.LAPSED] + number[rules.WAITING]
    parts = [
        f"{number[rules.REAFFIRMED]} reaffirmed in {report.label_of(report.round.slug)}"
        if number[rules.REAFFIRMED]
        else "",
        f"{silent} {plurals.has(silent)} not answered" if silent else "",
        f"{number[rules.NEW]} signed too late to be asked" if number[rules.NEW] else "",
    ]
    said = plurals.join_with_and([part for part in parts if part])
    sentence = f"{plurals.counted(standing, 'organisation')} {plurals.has(standing)} signed"
    sentence += f": {said}." if said and standing else "."
    sentence += " No answer is not a “no”." if silent else ""
    ended = number[rules.ENDED]
    return f"{sentence} {plurals.counted(ended, 'signature').capitalize()} ended in the period." if ended else sentence
