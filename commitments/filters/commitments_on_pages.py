"""The filter of commitments as pages draw it: the organisation that takes part is typed."""

from typing import Any

from django.db.models import QuerySet

from commitments.filters.commitments import CommitmentFilter
from commitments.models import Commitment, DeliveryPartner
from partners.filters.organisation_name import LONGEST, OrganisationIsTyped, OrganisationNameFilter


class CommitmentPageFilter(OrganisationIsTyped, CommitmentFilter):
    """The same filters, but ``organisation`` takes a name, words of a name or, as in links, a slug.

    What these mean is the same as for evidence: see :class:`commitments.filters.evidence_on_pages.EvidencePageFilter`.
    """

    organisation = OrganisationNameFilter(
        label="Organisation that takes part", method="with_organisation", max_length=LONGEST,
        help_text="Type its name, or part of it.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.has_responses:  # nothing here is addressed to anybody
            del self.filters["response"]

    def with_organisation(self, queryset: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        """An organisation with this name, or with these words in its name, helps to deliver it."""
        parts = DeliveryPartner.objects.current().filter(self.asked.condition(value))
        return queryset.filter(pk__in=parts.values("commitment"))
