"""Filters for the directory of organisations and the list of people. The API uses the first one too."""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

import django_filters
from django.db.models import Count, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from partners import area_kinds
from partners.kinds import COUNCIL, GROUP, KINDS, PUBLIC_BODY, SECTORS, TABLE
from partners.models import Area, Organisation, RoleGrant, Strand, User
from partners.models.organisations import OrganisationQuerySet
from partners.roles import ROLES
from partners.standings import ENDED, STANDINGS
from vcsportal.common.filtering import Filters
from vcsportal.common.plurals import capital
from vcsportal.common.prepared_queries import PreparedQuery
from vcsportal.common.words import choices


def _as_words(what: str, rows: Any, code: str, name: str, note: Any) -> Any:
    """Return rows of one kind of choice as texts, so that one query reads the choices of several filters."""
    row = {
        "what": Value(what),
        "code_": Cast(code, TextField()),
        "name_": Cast(name, TextField()),
        "note_": Cast(note, TextField()),
    }
    return rows.order_by().annotate(**row).values_list("what", "code_", "name_", "note_")


_CHOICES: Final = PreparedQuery(
    lambda: _as_words("district", Area.objects.districts(), "gss_code", "name", "kind").union(
        _as_words("strand", Strand.objects.all(), "code", "words", "number"),
        _as_words(
            "standing", Organisation.objects.bodies().public().values("standing"), "standing", "standing", Count("pk")
        ),
        all=True,
    )
)


def offer_areas(filter_: Any, areas: Iterable[tuple[str, str, str]], every: str = "") -> None:
    """Let a filter offer areas, called districts only where all of them are.

    :param areas: the GSS code, the name and the kind of each.
    :param every: how the choice of all of them begins, such as ``Every``; "" leaves it as it is.
    """
    found = list(areas)
    word = area_kinds.noun(kind for _, _, kind in found)
    filter_.label = capital(word)
    filter_.extra["choices"] = [(code, name) for code, name, _ in found]
    if every:
        filter_.extra["empty_label"] = f"{every} {word}"


class OrganisationFilter(Filters):
    """By words, sector, kind, district and strand served, and the status of the organisation in the directory.

    Those that have ended are left out until someone asks for them, or looks for words.

    :cvar always_asked: says so to the API: the rows depend on this filter even where nothing is asked for.
    :ivar standings: how many organisations there are of each standing, whatever is asked for.
    """

    always_asked: ClassVar[bool] = True
    standings: dict[str, int]

    q = django_filters.CharFilter(label="Words", method="with_words", max_length=100)
    sector = django_filters.ChoiceFilter(
        label="Sector", choices=choices(SECTORS), method="of_sector", empty_label="Every sector"
    )
    kind = django_filters.ChoiceFilter(label="Kind", choices=KINDS, empty_label="Every kind")
    district = django_filters.ChoiceFilter(label="District", method="in_district", empty_label="Every district")
    strand = django_filters.ChoiceFilter(label="Who they serve", method="serving", empty_label="Everyone")
    standing = django_filters.ChoiceFilter(
        label="In the directory", choices=choices(STANDINGS), empty_label="Takes part or listed"
    )

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: dict[str, list[tuple[str, str, str]]] = {"district": [], "strand": [], "standing": []}
        for what, *row in sorted(_CHOICES(), key=lambda row: (row[0], row[2])):
            rows[what].append(tuple(row))
        offer_areas(self.filters["district"], rows["district"], "Every")
        strands = sorted(rows["strand"], key=lambda row: int(row[2]))
        self.filters["strand"].extra["choices"] = [(code, words) for code, words, _ in strands]
        self.standings = {code: int(number) for code, _, number in rows["standing"]}

    def filter_queryset(self, queryset: Any) -> Any:
        """Groups that steer strategies are listed where somebody asks for them: they do not themselves take part."""
        found, asked = super().filter_queryset(queryset), self.form.cleaned_data
        if not (asked.get("standing") or asked.get("q")):
            found = found.exclude(standing=ENDED)
        return found if asked.get("kind") == GROUP else found.exclude(kind=GROUP)

    def with_words(self, queryset: OrganisationQuerySet, name: str, value: str) -> OrganisationQuerySet:
        """Every word is in the name, a former name or the description, or in those of what it replaced."""
        return queryset.with_words_or_replacing(value)

    def of_sector(self, queryset: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """The rule of :func:`partners.kinds.sector_of`, for the database."""
        council = Q(kind=PUBLIC_BODY, owns_strategies=True)
        kinds = Q(kind__in=[kind.code for kind in TABLE if kind.sector == value])
        return queryset.filter(kinds | council if value == COUNCIL else kinds & ~council)

    def serving(self, queryset: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """A subquery, so that no organisation comes twice."""
        served = Organisation.strands.through.objects.filter(strand__code=value)
        return queryset.filter(pk__in=served.values("organisation_id"))

    def in_district(self, queryset: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """A subquery, so that no organisation comes twice."""
        served = Organisation.districts.through.objects.filter(area__in=Area.objects.with_predecessors(value))
        return queryset.filter(pk__in=served.values("organisation_id"))


class PersonFilter(Filters):
    """By role held now, and words in the name, the address or the organisation."""

    q = django_filters.CharFilter(label="Name, email or organisation", method="with_words", max_length=100)
    role = django_filters.ChoiceFilter(
        label="Role", choices=choices(ROLES), method="with_role", empty_label="Every role"
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def with_words(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Every word is somewhere."""
        for word in value.split():
            member = RoleGrant.objects.current().filter(organisation__in=Organisation.objects.named(word).values("pk"))
            queryset = queryset.filter(
                Q(name__icontains=word) | Q(email__icontains=word) | Q(pk__in=member.values("person_id"))
            )
        return queryset

    def with_role(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """People who hold the role now."""
        return queryset.filter(pk__in=RoleGrant.objects.current().filter(role=value).values("person_id"))
