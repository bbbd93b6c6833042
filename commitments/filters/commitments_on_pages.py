"""The filter of commitments as pages draw it: the organisation that takes part is typed."""

from typing import Any

from django.db.models import QuerySet

from commitments.filters.commitments import CommitmentFilter
from commitments.models import Commitment, DeliveryPartner
from partners.filters.organisation_name import LONGEST, OrganisationNameFilter, asked_for, put_name


class CommitmentPageFilter(CommitmentFilter):
    """The same filters, but ``organisation`` takes a name, words of a name or, as in links, a slug.

    What these mean is the same as for evidence: see :class:`commitments.filters.evidence_on_pages.EvidencePageFilter`.
    """

    organisation = OrganisationNameFilter(
        label="Organisation that takes part", method="with_organisation", max_length=LONGEST,
        help_text="Type its name, or part of it.",
    )  # fmt: skip

    def _read_organisations(self) -> None:
        self.asked = asked_for(str((self.data or {}).get("organisation") or ""))
        self.data = put_name(self.data, "organisation", self.asked)

    @property
    def form(self) -> Any:
        """The form, whose active filter has the name of an organisation that a link asked for."""
        form = super().form
        form.fields["organisation"].choices = self.asked.choices
        return form

    def with_organisation(self, queryset: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        """An organisation with this name, or with these words in its name, helps to deliver it."""
        parts = DeliveryPartner.objects.current().filter(self.asked.condition(value))
        return queryset.filter(pk__in=parts.values("commitment"))
