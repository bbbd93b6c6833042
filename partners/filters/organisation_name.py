"""A filter by organisation as pages draw it: its name is typed, as nobody reads a list of thousands."""

from dataclasses import dataclass
from typing import Any, Final, cast

import django_filters
from django import forms
from django.db.models import Q

from partners.forms.organisation_choice import with_words
from partners.models import Organisation

LONGEST: Final = 200


class OrganisationNameField(forms.CharField):
    """A name, or words of it. ``choices`` has the name of an organisation that was asked for by its slug."""

    choices: tuple[tuple[str, str], ...] = ()


class OrganisationNameFilter(django_filters.CharFilter):
    """Filters by :class:`OrganisationNameField`."""

    field_class = OrganisationNameField


@dataclass(frozen=True, slots=True)
class AskedOrganisation:
    """Which organisation was asked for: the only one that is meant, and its slug where a link named it."""

    meant: Organisation | None = None
    slug: str = ""

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The name of an organisation that a link asked for, by its slug, for what is said of the filter."""
        return ((self.slug, self.meant.name),) if self.slug and self.meant else ()

    def condition(self, value: str, path: str = "organisation") -> Q:
        """Return the condition that the organisation is meant, or has every word of ``value`` in its name.

        :param path: the way from the rows that are filtered to the organisation.
        """
        if self.meant:
            return Q(**{path: self.meant})
        return Q(**{f"{path}__in": with_words(Organisation.objects.public(), value).values("pk")})


def asked_for(text: str) -> AskedOrganisation:
    """Return what a slug or a name means: the organisation of the slug, or the only one of the name.

    One query; none for nothing.
    """
    asked = text.strip()
    if not asked or "\x00" in asked or len(asked) > LONGEST:
        return AskedOrganisation()
    found = list(Organisation.objects.public().filter(Q(slug=asked) | Q(name__iexact=asked)).order_by("id")[:3])
    linked = next((organisation for organisation in found if organisation.slug == asked), None)
    if linked:
        return AskedOrganisation(linked, asked)
    return AskedOrganisation(found[0] if len(found) == 1 else None)


def put_name(data: Any, name: str, asked: AskedOrganisation) -> Any:
    """Return the values of the form with the organisation's name in the place of the slug that a link has."""
    if not (asked.slug and asked.meant):
        return data
    named = data.copy()
    named[name] = asked.meant.name
    return named


class OrganisationIsTyped:
    """What filter sets share whose ``organisation`` is an :class:`OrganisationNameFilter`. It stands before the filter set."""

    asked: AskedOrganisation
    data: Any

    def _read_organisations(self) -> None:
        self.asked = asked_for(str((self.data or {}).get("organisation") or ""))
        self.data = put_name(self.data, "organisation", self.asked)

    @property
    def form(self) -> Any:
        """The form, whose active filter has the name of an organisation that a link asked for."""
        form = cast(Any, super()).form
        form.fields["organisation"].choices = self.asked.choices
        return form
