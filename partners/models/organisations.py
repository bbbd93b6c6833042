"""Organisations of every kind, their identifiers, and the areas they serve."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partners.area_kinds import AREA_KINDS, LOCAL_KINDS
from partners.identifiers import SCHEMES
from partners.kinds import GROUP, KINDS, PUBLIC_BODY
from vcsportal.common.addresses import address
from vcsportal.common.words import choices


class AreaQuerySet(models.QuerySet["Area"]):
    """Places of government."""

    def districts(self) -> "AreaQuerySet":
        """Those that evidence and organisations name, by their own name: districts, and what stands in their place elsewhere."""
        return self.filter(kind__in=LOCAL_KINDS).order_by("name", "id")

    def in_force(self, day: date) -> "AreaQuerySet":
        """Those that are there on a day: they have begun by then, and not ended before it."""
        begun = models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day)
        return self.filter(begun, models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day))

    def with_predecessors(self, gss_code: str) -> list[int]:
        """Return the keys of an area and of all that it took the place of, directly or through others; none if it is not known."""
        found: set[int] = set()
        new = set(self.filter(gss_code=gss_code).values_list("pk", flat=True))
        while new:
            found |= new
            new = set(self.filter(successors__in=new).values_list("pk", flat=True)) - found
        return sorted(found)


class Area(models.Model):
    """A district, a county or the like with its GSS code. Councils are reorganised, so areas have a life and successors.

    One may be divided among several successors, and several may become one. What was recorded for an area stays under its name.
    """

    gss_code = models.CharField("GSS code", max_length=9, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=30, choices=[(kind.code, kind.label) for kind in AREA_KINDS])
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, related_name="replaces", blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="area_dates_in_order",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_in_force(self, day: date) -> bool:
        """Whether it is there on a day: it has begun by then, and not ended before it."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to >= day)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations that take part."""

    def by_name(self) -> "OrganisationQuerySet":
        """In the order of a telephone book, whatever the database's locale does with capitals."""
        return self.order_by("sort_name", "id")

    def taking_part(self) -> "OrganisationQuerySet":
        """All but the groups that steer strategies: what a group's members do is their own organisations' work."""
        return self.exclude(kind=GROUP)

    def whose_leads_answer_for_strategies(self) -> "OrganisationQuerySet":
        """Those whose partner leads are among those who answer for a strategy."""
        owners = models.Q(owns_strategies=True) & ~models.Q(kind=PUBLIC_BODY)
        return self.filter(models.Q(supports_strategies=True) | owners)

    def partners(self) -> "OrganisationQuerySet":
        """Those that take part and are no public bodies."""
        return self.taking_part().exclude(kind="public_body")


class Organisation(models.Model):
    """Who takes part: a charity, a group, a council. Size does not matter."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    kind = models.CharField(max_length=40, choices=KINDS)
    description = models.TextField("who they are, in two lines", max_length=600, blank=True)
    website = models.URLField(max_length=300, blank=True)
    team_mailbox = models.EmailField("address of the team, for the public", max_length=254, blank=True)
    districts = models.ManyToManyField(Area, related_name="organisations", blank=True)
    email_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    """Domains of the organisation's own addresses, kept by administrators: who is invited there need not wait for one."""
    joined_at = models.DateTimeField()
    # Kept by whoever loads a strategy (:mod:`partners.services.strategy_ties`): this floor does not know strategies.
    owns_strategies = models.BooleanField("owns at least one strategy", default=False, editable=False)
    supports_strategies = models.BooleanField(
        "supports the owner of a strategy that is not a public body", default=False, editable=False
    )

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def leads_answer_for_strategies(self) -> bool:
        """Whether its partner leads are among those who answer for a strategy. For a council's own, its officers do."""
        return self.supports_strategies or (self.owns_strategies and self.kind != PUBLIC_BODY)

    def get_absolute_url(self) -> str:
        return address("partners:organisation", self.slug)


class OrganisationIdentifier(models.Model):
    """A number in a register: scheme and value, as :func:`partners.identifiers.normalise` writes it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=choices(SCHEMES))
    value = models.CharField(max_length=30)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "value"], name="identifier_names_one_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}-{self.value}"
