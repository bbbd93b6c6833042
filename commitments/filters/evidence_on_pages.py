"""The filter of evidence as pages draw it: the organisation is typed, as nobody reads a list of thousands."""

from typing import Any, Final

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from commitments.filters.evidence import EvidenceFilter
from commitments.models import Evidence
from partners.forms.organisation_choice import with_words
from partners.models import Organisation

LONGEST: Final = 200


class OrganisationNameField(forms.CharField):
    """A name, or words of it. ``choices`` has the name of an organisation that was asked for by its slug."""

    choices: tuple[tuple[str, str], ...] = ()


class OrganisationNameFilter(django_filters.CharFilter):
    """Filters by :class:`OrganisationNameField`."""

    field_class = OrganisationNameField


class EvidencePageFilter(EvidenceFilter):
    """The same filters, but ``organisation`` takes a name, words of a name or, as in links, a slug.

    A slug, or a name that one organisation has, means that organisation alone; other words mean all that have each of
    them in their name. One query where it is asked for, none otherwise.
    """

    organisation = OrganisationNameFilter(
        label="Organisation", method="by_organisation", max_length=LONGEST, help_text="Type its name, or part of it."
    )

    def _read_organisations(self) -> None:
        self.meant_organisation: Organisation | None = None
        self.linked: tuple[tuple[str, str], ...] = ()
        asked = str((self.data or {}).get("organisation") or "").strip()
        if not asked or "\x00" in asked or len(asked) > LONGEST:
            return
        found = list(Organisation.objects.filter(Q(slug=asked) | Q(name__iexact=asked)).order_by("id")[:3])
        linked = next((organisation for organisation in found if organisation.slug == asked), None)
        self.meant_organisation = linked or (found[0] if len(found) == 1 else None)
        if linked:
            self.linked = ((asked, linked.name),)
            self.data = self.data.copy()
            self.data["organisation"] = linked.name

    @property
    def form(self) -> Any:
        """The form, whose active filter has the name of an organisation that a link asked for."""
        form = super().form
        form.fields["organisation"].choices = self.linked
        return form

    def by_organisation(self, queryset: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        if self.meant_organisation:
            return queryset.filter(organisation=self.meant_organisation)
        return queryset.filter(organisation__in=with_words(Organisation.objects.all(), value).values("pk"))
