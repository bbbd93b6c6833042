"""The filter of evidence as pages draw it: the organisation is typed."""

from typing import Any

from django.db.models import QuerySet

from commitments.filters.evidence import EvidenceFilter
from commitments.models import Evidence
from partners.filters.organisation_name import LONGEST, OrganisationNameFilter, asked_for, put_name


class EvidencePageFilter(EvidenceFilter):
    """The same filters, but ``organisation`` takes a name, words of a name or, as in links, a slug.

    A slug, or a name that one organisation has, means that organisation alone; other words mean all that have each of
    them in their name. One query where it is asked for, none otherwise.
    """

    organisation = OrganisationNameFilter(
        label="Organisation", method="by_organisation", max_length=LONGEST, help_text="Type its name, or part of it."
    )

    def _read_organisations(self) -> None:
        self.asked = asked_for(str((self.data or {}).get("organisation") or ""))
        self.data = put_name(self.data, "organisation", self.asked)

    @property
    def form(self) -> Any:
        """The form, whose active filter has the name of an organisation that a link asked for."""
        form = super().form
        form.fields["organisation"].choices = self.asked.choices
        return form

    def by_organisation(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        return queryset.filter(self.asked.condition(value))
