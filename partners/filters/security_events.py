"""Filters for security events."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from partners.models import SecurityEvent, User
from partners.security.events import KINDS
from vcsportal.common.filtering import Filters
from vcsportal.common.words import choices

NO_ADDRESS = "Write an IP address such as 192.0.2.7 or 2001:db8::7, or leave it blank."


class AddressFilter(django_filters.CharFilter):
    """Exactly this IPv4 or IPv6 address, in whatever spelling."""

    field_class: Any = forms.GenericIPAddressField


class SecurityEventFilter(Filters):
    """By kind, by person (who did it, or who it concerns), by address, and by day."""

    kind = django_filters.ChoiceFilter(label="Kind", choices=choices(KINDS), empty_label="Every kind")
    person = django_filters.CharFilter(label="Name or email address", method="about_person", max_length=100)
    address = AddressFilter(label="IP address")
    since = django_filters.DateFilter(label="From", field_name="at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label="To", field_name="at", lookup_expr="date__lte")

    class Meta:
        model = SecurityEvent
        fields: ClassVar[list[str]] = []

    @property
    def form(self) -> Any:
        form = super().form
        form.fields["address"].error_messages["invalid"] = NO_ADDRESS
        form.fields["address"].default_validators = []
        return form

    def about_person(self, queryset: QuerySet[SecurityEvent], name: str, value: str) -> QuerySet[SecurityEvent]:
        """Every word is somewhere in the name or address of one person."""
        people = User.objects.all()
        for word in value.split():
            people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
        found = people.values("pk")
        return queryset.filter(Q(person__in=found) | Q(by__in=found))
