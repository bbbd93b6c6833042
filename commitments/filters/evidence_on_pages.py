"""The filter of evidence as pages draw it: the organisation is typed."""

from django.db.models import QuerySet

from commitments.filters.evidence import EvidenceFilter
from commitments.models import Evidence
from partners.filters.organisation_name import LONGEST, OrganisationIsTyped, OrganisationNameFilter


class EvidencePageFilter(OrganisationIsTyped, EvidenceFilter):
    """The same filters, but ``organisation`` takes a name, words of a name or, as in links, a slug.

    A slug, or a name that one organisation has, means that organisation alone; other words mean all that have each of
    them in their name. One query where it is asked for, none otherwise.
    """

    organisation = OrganisationNameFilter(
        label="Organisation", method="by_organisation", max_length=LONGEST, help_text="Type its name, or part of it."
    )

    def by_organisation(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        return queryset.filter(self.asked.condition(value))
