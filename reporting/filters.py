"""Which editions to list."""

from typing import Any, Final

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from drf_spectacular.utils import extend_schema_field

from reporting.models import Edition
from reporting.reading.verifying import read_checksum
from reporting.workflow import EDITION_STATES
from vcsportal.common.filtering import Filters
from vcsportal.common.words import choices

ABOUT_CHECKSUM: Final = "The checksum of a file, or the one printed on the report's last page"
CHECKSUM: Final = {"type": "string", "pattern": "^[0-9A-Fa-f]{64}$", "description": ABOUT_CHECKSUM}
"""How programs write it. Spaces that people copy with it are left out when it is read."""


def check_checksum(text: str) -> None:
    """Refuse what is no checksum."""
    if wrong := read_checksum(text)[1]:
        raise ValidationError(wrong)


class EditionFilter(Filters):
    """Editions by strategy, round and state."""

    strategy = filters.CharFilter(field_name="round__strategy__slug", max_length=80, label="The strategy's slug")
    round = filters.CharFilter(field_name="round__slug", max_length=20, label="The round's slug, for example 2024-25")
    sha256 = filters.CharFilter(
        method="with_checksum",
        max_length=500,
        validators=[check_checksum],
        label=ABOUT_CHECKSUM,
    )
    state = filters.ChoiceFilter(choices=choices(EDITION_STATES), label="The state of its production")

    class Meta:
        model = Edition
        fields: list[str] = []

    @extend_schema_field(CHECKSUM)
    def with_checksum(self, queryset: Any, name: str, value: str) -> Any:
        """Return the editions that have it: for a file, or for what they say."""
        checksum, _wrong = read_checksum(value)
        with_face = Edition.objects.filter(faces__sha256=checksum).values("pk")
        return queryset.filter(Q(facts_sha256=checksum) | Q(pk__in=with_face))
