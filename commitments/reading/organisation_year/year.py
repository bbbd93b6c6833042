"""An organisation's year as a whole, and the years that there are."""

from datetime import date

from django.db.models import Min
from django.utils import timezone

from commitments.models import Evidence
from commitments.reading.organisation_year.activities import activities_in_year
from commitments.reading.organisation_year.evidence import evidence_of_year
from commitments.reading.organisation_year.shapes import OrganisationYear
from commitments.rules.awards import financial_year, year_days
from partners.models import Organisation
from vcsportal.common.plurals import counted

MOST_YEARS = 12
"""Financial years that can be chosen, back from this one."""


def years_of(organisation: Organisation, today: date) -> list[str]:
    """Return the financial years from its first item of evidence, or from its joining, to this one: the newest first. One query."""
    earliest = Evidence.objects.filter(organisation=organisation).aggregate(day=Min("happened_from"))["day"]
    begin = min(filter(None, (earliest, timezone.localdate(organisation.joined_at), today)))
    years = [f"{first}-{(first + 1) % 100:02d}" for first in range(int(financial_year(begin)[:4]), int(financial_year(today)[:4]) + 1)]  # fmt: skip
    return years[::-1][:MOST_YEARS]


def year_of(organisation: Organisation, year: str, today: date) -> OrganisationYear:
    """Return what an organisation told in a financial year. Its queries do not grow with what it told.

    :param year: one of :func:`years_of`.
    """
    days = year_days(year)
    if days is None:
        raise ValueError(f"{year} is no financial year.")
    first, last = days
    done = evidence_of_year(organisation, first, last, today)
    left_out = []
    if done.unsent:
        verb = "has not been sent, so it is" if done.unsent == 1 else "have not been sent, so they are"
        left_out.append(f"{counted(done.unsent, 'draft')} {verb} not included.")
    if done.withheld:
        verb, them = ("is", "it") if done.withheld == 1 else ("are", "them")
        left_out.append(
            f"{counted(done.withheld, 'item')} of evidence {verb} left out, as the people in {them} have not agreed to this."
        )
    parts = ([done.part] if done.part else []) + activities_in_year(organisation, first, last)
    return OrganisationYear(organisation, year, first, last, done.totals, tuple(parts), tuple(left_out))
