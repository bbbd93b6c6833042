"""Which delivery partners to list."""

from datetime import date

import django_filters as filters
from django.db.models import QuerySet

from commitments.models import DeliveryPartner
from vcsportal.common.filtering import Filters


class DeliveryFilter(Filters):
    """Delivery partners by the day."""

    on = filters.DateFilter(label="A day, for example 2023-06-01: who delivered then", method="on_day")

    class Meta:
        model = DeliveryPartner
        fields: tuple[str, ...] = ()

    def on_day(self, queryset: QuerySet[DeliveryPartner], name: str, value: date) -> QuerySet[DeliveryPartner]:
        """Those that delivered on the day; a part is over on the day on which it ended."""
        return queryset & DeliveryPartner.objects.on(value)
