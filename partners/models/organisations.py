"""Organisations of every kind, their identifiers, and the areas they serve."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from partners.area_kinds import AREA_KINDS, LOCAL_KINDS
from partners.identifiers import SCHEMES
from partners.kinds import GROUP, KINDS, PUBLIC_BODY
from partners.models.strands import Strand
from partners.standings import ENDED, LISTED, STANDING, STANDINGS, TAKES_PART
from vcsportal.common.addresses import address
from vcsportal.common.states import State
from vcsportal.common.word_search import WordQuery, both, having, having_words, words_in, words_of
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
        """Return the keys of an area and of all that it replaced, directly or through others; none if it is not known."""
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


ORGANISATION_NAMES: Final = both(words_of("name", weight="A"), words_of("former_names", weight="A"))
ORGANISATION_WORDS: Final = both(ORGANISATION_NAMES, words_of("description", weight="B"))
"""What an organisation is found by. It is in an index only: a column would be read wherever an organisation is."""


def _named(kept: Iterable[int | None]) -> models.Q:
    """The condition of being among some that a thing names already."""
    return models.Q(pk__in=[key for key in kept if key is not None])


def those_carrying_on(first: Iterable[int | None]) -> set[int]:
    """Return the keys of these organisations and of all that carry on their work. One query for each step."""
    later: set[int] = set()
    found = first
    while new := {key for key in found if key is not None} - later:
        later |= new
        found = Organisation.objects.filter(pk__in=new).values_list("succeeded_by", flat=True)
    return later


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations."""

    def by_name(self) -> "OrganisationQuerySet":
        """In the order of a telephone book, whatever the database's locale does with capitals."""
        return self.order_by("sort_name", "id")

    def bodies(self) -> "OrganisationQuerySet":
        """All but the groups that steer strategies: what a group's members do is their own organisations' work."""
        return self.exclude(kind=GROUP)

    def taking_part(self) -> "OrganisationQuerySet":
        """Those that take part: neither listed only, nor ended, nor a group that steers."""
        return self.bodies().filter(standing=TAKES_PART)

    def public(self, *kept: int | None) -> "OrganisationQuerySet":
        """Those that everyone can find: all but those that were removed from the directory.

        :param kept: the keys of others that the thing names already; they stay.
        """
        return self.filter(models.Q(removed_at__isnull=True) | _named(kept))

    def to_name(self, *kept: int | None) -> "OrganisationQuerySet":
        """Those that something new can be recorded about: neither ended nor removed.

        :param kept: the keys of others that the thing names already; they stay.
        """
        there = models.Q(removed_at__isnull=True) & ~models.Q(standing=ENDED)
        return self.filter(there | _named(kept))

    def with_words(self, text: str) -> "OrganisationQuerySet":
        """Those that have every word in their name, a former name or the description; all of them for no words."""
        found: OrganisationQuerySet = having_words(self, ORGANISATION_WORDS, words_in(text), shortest=1)
        return found

    def with_words_or_replacing(self, text: str) -> "OrganisationQuerySet":
        """Those of :meth:`with_words`, and those that carry on one of them that has ended."""
        found = self.with_words(text)
        later = those_carrying_on(found.filter(succeeded_by__isnull=False).values_list("succeeded_by", flat=True))
        return self.filter(models.Q(pk__in=later) | models.Q(pk__in=found.values("pk"))) if later else found

    def having_or_among(self, queries: Sequence[WordQuery], keys: Sequence[int]) -> "OrganisationQuerySet":
        """Those that every search finds in their name, a former name or the description, and those with these keys."""
        found = having(self, ORGANISATION_WORDS, queries)
        return self.filter(models.Q(pk__in=keys) | models.Q(pk__in=found.values("pk")))

    def named(self, text: str) -> "OrganisationQuerySet":
        """Those that have every word in their name or a former name; none for no words."""
        words = words_in(text)
        found: OrganisationQuerySet = (
            having_words(self, ORGANISATION_NAMES, words, shortest=1) if words else self.none()
        )
        return found

    def named_with_any(self, queries: Sequence[WordQuery]) -> models.QuerySet[Any]:
        """Return the key of those that have one of these words in their name or a former name, and for each word whether it is that."""
        named = [models.Q(called=query) for query in queries]
        answers = {
            f"word_{place}": models.ExpressionWrapper(query, output_field=models.BooleanField())
            for place, query in enumerate(named)
        }
        found = self.alias(called=ORGANISATION_NAMES).filter(reduce(or_, named, models.Q(pk__in=[])))
        return found.annotate(**answers).order_by("pk").values_list("pk", *answers)

    def whose_leads_answer_for_strategies(self) -> "OrganisationQuerySet":
        """Those whose partner leads are among those who answer for a strategy."""
        owners = models.Q(owns_strategies=True) & ~models.Q(kind=PUBLIC_BODY)
        return self.filter(models.Q(supports_strategies=True) | owners)

    def partners(self) -> "OrganisationQuerySet":
        """All but groups and public bodies."""
        return self.bodies().exclude(kind="public_body")


class Organisation(models.Model):
    """A charity, a group, a council. Size does not matter.

    ``standing`` says whether it takes part, is only listed in the directory, or has ended, then perhaps with the day
    (``ended_on``) and the organisation that replaced it (``succeeded_by``). ``former_names`` are names that it had before,
    one a line. ``team_mailbox`` and ``telephone`` are public, so never one person's: ``contacts_confirmed`` says that someone
    confirmed it of those that look so. ``source`` says where the details are from, and ``checked_on`` when they were last found right.
    What was taken off the directory at its own request has ``removed_at``; nobody but those who keep the directory sees it.
    ``changed_by_hand`` has the names of the fields that a person changed, each with the day (ISO 8601): a file leaves them alone.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    kind = models.CharField(max_length=40, choices=KINDS)
    description = models.TextField("who they are, in two lines", max_length=600, blank=True)
    website = models.URLField(max_length=300, blank=True)
    team_mailbox = models.EmailField("address of the team, for the public", max_length=254, blank=True)
    telephone = models.CharField("telephone number, for the public", max_length=20, blank=True)
    contacts_confirmed = models.BooleanField("the mailbox and the number belong to the organisation", default=False)
    districts = models.ManyToManyField(Area, related_name="organisations", blank=True)
    strands = models.ManyToManyField(Strand, related_name="organisations", blank=True)
    former_names = models.TextField("earlier names, one a line", blank=True)
    standing = models.CharField(max_length=10, choices=choices(STANDINGS), default=TAKES_PART)
    ended_on = models.DateField(null=True, blank=True)
    succeeded_by = models.ForeignKey("self", on_delete=models.PROTECT, related_name="succeeds", null=True, blank=True)
    source = models.CharField("where the details are from", max_length=300, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_why = models.TextField(max_length=500, blank=True)
    changed_by_hand = models.JSONField(
        "what people changed since the last file, with the day", default=dict, blank=True
    )
    email_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    """Domains of the organisation's own addresses, kept by administrators: who is invited there need not wait for one."""
    joined_at = models.DateTimeField()
    # Kept by whoever loads a strategy (:mod:`partners.services.strategy_ties`): this floor does not know strategies.
    owns_strategies = models.BooleanField("owns at least one strategy", default=False, editable=False)
    supports_strategies = models.BooleanField(
        "supports the owner of a strategy that is not a public body", default=False, editable=False
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="only_ended_organisations_have_an_end",
                condition=models.Q(standing=ENDED) | models.Q(ended_on__isnull=True, succeeded_by__isnull=True),
            ),
            models.CheckConstraint(
                name="organisation_does_not_succeed_itself", condition=~models.Q(succeeded_by=models.F("id"))
            ),
            models.CheckConstraint(
                name="organisation_removed_with_a_reason",
                condition=models.Q(removed_at__isnull=True, removed_why="")
                | models.Q(removed_at__isnull=False) & ~models.Q(removed_why="") & ~models.Q(standing=TAKES_PART),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort_name", "id"], name="organisations_by_name"),
            GinIndex(ORGANISATION_WORDS, name="organisations_by_words"),
            GinIndex(ORGANISATION_NAMES, name="organisations_by_names"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def standing_of(self) -> State:
        """The row of the table of standings."""
        return STANDING[self.standing]

    @property
    def is_listed(self) -> bool:
        """Whether it is in the directory only."""
        return self.standing == LISTED

    @property
    def has_ended(self) -> bool:
        """Whether it no longer exists."""
        return self.standing == ENDED

    @property
    def is_removed(self) -> bool:
        """Whether it was taken off the directory at its own request."""
        return self.removed_at is not None

    def mark_changed_by_hand(self, fields: Iterable[str], day: date) -> None:
        """Note that a person changed these fields on this day. The caller saves it."""
        self.changed_by_hand = {**self.changed_by_hand, **dict.fromkeys(fields, day.isoformat())}

    @property
    def former_name_list(self) -> list[str]:
        """The names that it had before."""
        return self.former_names.split("\n") if self.former_names else []

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
