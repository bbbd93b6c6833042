"""Evidence: what an organisation did, when, where, and for which commitments."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Final, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce

from commitments.models.about_strategy import AboutStrategy
from commitments.models.consent import Consent
from commitments.models.evidence_words import readable_words, words_of_evidence
from commitments.models.progress import Round
from commitments.models.strategy import Commitment, Strategy
from commitments.rules import story_consent, workflow
from partners import roles
from partners.models import Area, Organisation, User
from partners.permissions import organisations_for, reaches_every_strategy, strategies_where, types_for_groups
from vcsportal.common.addresses import address
from vcsportal.common.json_columns import list_column
from vcsportal.common.word_search import WordQuery, word_queries
from vcsportal.common.words import choices

_PUBLISHED: Final = models.Q(state="accepted", publishable=True)
MAX_REFERENCE_CHARACTERS: Final = 60
ONE_OF_A_REFERENCE: Final = "evidence_has_its_own_reference"
"""The constraint by which an organisation has one item of each reference."""
SAID_HOW: Final = (
    ("telephone", "By telephone"),
    ("in_person", "In person"),
    ("on_paper", "On the printed form"),
    ("letter", "By letter or card"),
)
"""How a group that has no email habit told what it did to the person who typed it."""


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Items of evidence."""

    def accepted(self) -> "EvidenceQuerySet":
        """Those that count."""
        return self.filter(state="accepted")

    def published(self) -> "EvidenceQuerySet":
        """Those that anyone may read: accepted, and its organisation lets it be published."""
        return self.accepted().filter(publishable=True)

    def awaiting_review(self) -> "EvidenceQuerySet":
        """The review queue, the longest-waiting first."""
        return self.filter(state="submitted").order_by("submitted_at", "id")

    def in_round(self, round_: Round) -> "EvidenceQuerySet":
        """What happened in the period that the round observes; a longer piece counts by the day it began."""
        return self.filter(happened_from__gte=round_.observes_from, happened_from__lte=round_.observes_to)

    def visible_to(self, person: Any) -> "EvidenceQuerySet":
        """What is published; one's own organisation's, and what one typed for a group; for reviewers of a strategy all
        that was sent about it.
        """
        return self.filter(models.Q(state="accepted", publishable=True) | _own(person) | _sent_to(person))

    def with_strategies(self) -> Any:
        """Add ``about``, the owners and steering groups of the strategies that each is about: see :func:`strategies_of`."""
        return self.annotate(about=_about())

    def reviewed_by(self, person: Any) -> "EvidenceQuerySet":
        """What is about a strategy whose evidence the person reviews."""
        return self.filter(about_strategies_of(person, roles.REVIEW_EVIDENCE))

    def withheld(self, today: date, *, use: str = "portal") -> "EvidenceQuerySet":
        """Those whose story may not be shown in this use, because a consent ended or was never given for it."""
        return self.filter(models.Exists(Consent.objects.of_story(models.OuterRef("pk")).unwilling(today, use=use)))

    def matching(
        self, words: list[str], organisations: dict[str, list[int]], today: date, person: Any,
        told: Mapping[str, list[int]] = MappingProxyType({}),
    ) -> Any:  # fmt: skip
        """Those in which each word is found in title or story, as far as everyone may read these, in a published case
        study, or in the name of the organisation.

        What may not be read can't be searched either: nobody finds a story that is kept back, and only an item's own
        people find the title of one whose details are.

        :param organisations: for each word the organisations in whose names it stands.
        :param told: for each word the items whose published case study has it.
        """
        named, in_case_study = [organisations[word] for word in words], [told.get(word, []) for word in words]
        return self.having(word_queries(words), named, today, person, in_case_study)

    def having(
        self, queries: Sequence[WordQuery], organisations: Sequence[list[int]], today: date, person: Any,
        told: Sequence[list[int]],
    ) -> Any:  # fmt: skip
        """Those of :meth:`matching`, by the search for each word, with what belongs to each in the same order."""
        insider = Evidence.insiders(person) if isinstance(person, User) else models.Value(value=False)
        found = self.alias(readable=readable_words(today, insider))
        for query, named, items in zip(queries, organisations, told, strict=True):
            ours = models.Q(organisation__in=named) | (models.Q(pk__in=items) if items else models.Q())
            found = found.filter(models.Q(words=query) | ours).filter(models.Q(readable=query) | ours)
        return found

    def with_story_state(self, today: date, *, use: str = "portal") -> Any:
        """Add ``story_state``, one of the states of :mod:`commitments.rules.story_consent`; "" where the story may be shown in this use.

        A function of the database states the rule: written out in each query, it took most of the time of a page.
        """
        uses = models.Value(use), models.Value(story_consent.OTHER_USE[use])
        state = models.Func(
            "pk", models.Value(today), *uses, function="portal_story_state", output_field=models.TextField()
        )
        return self.annotate(story_state=state)

    def without_details(self, today: date, *, use: str = "portal") -> Any:
        """Those whose title, links and files may not be shown either, because their story is no longer consented to."""
        return self.with_story_state(today, use=use).filter(story_state__in=story_consent.DETAILS_WITHHELD)

    def newest_first(self) -> "EvidenceQuerySet":
        """By the day it happened."""
        return self.order_by("-happened_from", "-id")


_Manager = models.Manager.from_queryset(EvidenceQuerySet)


class EvidenceManager(_Manager["Evidence"]):
    """Reads evidence without the words that it is searched by, which are as long as the story."""

    def get_queryset(self) -> EvidenceQuerySet:
        return cast(EvidenceQuerySet, super().get_queryset().defer("words"))


class Evidence(models.Model):
    """One item of evidence. Figures are numbers or nothing: an unknown figure is not a zero.

    ``council_chooses_in`` is the strategy among whose commitments its organisation asks the council to choose; None once
    commitments have been chosen. ``reference`` names it in a system of its organisation, once in each, and is for its own people and
    the council: what a file brings in a second time is known by it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField("what you did, in one line", max_length=150)
    story = models.TextField("what happened", blank=True)
    happened_from = models.DateField("when it happened, or began")
    happened_to = models.DateField("when it ended", null=True, blank=True)
    districts = models.ManyToManyField(Area, related_name="evidence", blank=True)
    commitments = models.ManyToManyField(Commitment, related_name="evidence")
    council_chooses_in = models.ForeignKey(
        Strategy, on_delete=models.PROTECT, related_name="evidence_to_place", null=True, blank=True,
        verbose_name="the strategy in which the council chooses the commitments",
    )  # fmt: skip
    people_reached = models.PositiveIntegerField(null=True, blank=True)
    volunteers = models.PositiveIntegerField(null=True, blank=True)
    hours = models.PositiveIntegerField("volunteer hours", null=True, blank=True)
    publishable = models.BooleanField("it may be published", default=False)
    state = models.CharField(max_length=20, choices=choices(workflow.EVIDENCE_STATES), default="draft")
    state_reason = models.TextField("why it was returned or withdrawn", blank=True)
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    language = models.CharField("the language it is written in; blank for the portal’s", max_length=35, blank=True)
    said_by = models.CharField("who told it, where somebody else typed it", max_length=150, blank=True)
    said_how = models.CharField(max_length=20, choices=SAID_HOW, blank=True)
    warned_at = models.DateTimeField(
        "when its owner was told that the unused draft will be removed", null=True, blank=True
    )
    form_token = models.UUIDField("the form it came from, so that a double click makes one", null=True, unique=True)
    reference = models.CharField(
        "its organisation’s own reference for it", max_length=MAX_REFERENCE_CHARACTERS, blank=True, default=""
    )
    words = models.GeneratedField(
        expression=words_of_evidence("title", "story"), output_field=SearchVectorField(), db_persist=True
    )  # what it is searched by; read by the database alone

    objects = EvidenceManager()

    @staticmethod
    def insiders(person: Any) -> models.Q:
        """Return the condition under which this person is one of an item's own people, or sees all evidence of its strategy."""
        return _own(person) | _sent_to(person)

    @staticmethod
    def own_and_sent(person: Any) -> tuple[models.Q, models.Q]:
        """Return two conditions: an item is the person's own, or was sent and is about a strategy whose evidence they see."""
        return _own(person), _sent_to(person)

    class Meta:
        verbose_name = "item of evidence"
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.UniqueConstraint(
                name=ONE_OF_A_REFERENCE,
                fields=["organisation", "reference"],
                condition=~models.Q(reference=""),
            ),
            models.CheckConstraint(
                name="evidence_dates_in_order",
                condition=models.Q(happened_to__isnull=True) | models.Q(happened_to__gte=models.F("happened_from")),
            ),
            models.CheckConstraint(
                name="told_by_somebody_and_how",
                condition=models.Q(said_by="", said_how="") | (~models.Q(said_by="") & ~models.Q(said_how="")),
            ),
            models.CheckConstraint(
                name="evidence_submitted_at_with_by",
                condition=models.Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | models.Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_accepted_at_with_by",
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="accepted_evidence_has_its_commitments",
                condition=~models.Q(state="accepted") | models.Q(council_chooses_in__isnull=True),
            ),
            models.CheckConstraint(
                name="accepted_evidence_says_when",
                condition=(~models.Q(state="accepted") & models.Q(accepted_at__isnull=True))
                | models.Q(state="accepted", accepted_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-happened_from"], name="evidence_state_when"),
            models.Index(fields=["organisation", "state"], name="evidence_whose"),
            # The lists: everything, what the public reads, one organisation's, the review queue; each in its own order.
            models.Index(fields=["-happened_from", "-id"], name="evidence_newest"),
            models.Index(fields=["-happened_from", "-id"], name="evidence_published", condition=_PUBLISHED),
            models.Index(fields=["organisation", "-happened_from", "-id"], name="evidence_of_organisation"),
            models.Index(
                fields=["submitted_at", "id"], name="evidence_awaiting_review", condition=models.Q(state="submitted")
            ),
            # What changed: when an organisation's first item was accepted, and what came in between two days.
            models.Index(fields=["organisation", "accepted_at"], name="evidence_when_accepted", condition=_PUBLISHED),
            models.Index(fields=["accepted_at"], name="evidence_accepted_lately", condition=_PUBLISHED),
            GinIndex(fields=["words"], name="evidence_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_accepted(self) -> bool:
        """Whether a council officer has accepted it, so that it counts."""
        return self.state == "accepted"

    @property
    def is_returned(self) -> bool:
        """Whether a council officer has sent it back with a reason."""
        return self.state == "returned"

    @property
    def is_withdrawn(self) -> bool:
        """Whether its organisation or the council has taken it back."""
        return self.state == "withdrawn"

    def get_absolute_url(self) -> str:
        return address("commitments:evidence", self.pk)


class EvidenceLink(models.Model):
    """A web page that shows what was done."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="links")
    url = models.URLField(max_length=500)
    label = models.CharField(max_length=150, blank=True)
    page = models.CharField("the page that shows it", max_length=40, blank=True)

    def __str__(self) -> str:
        return self.label or self.url


def _about() -> ArraySubquery:
    """Return the strategies that an item of the outer query is about, by its commitments or where the council chooses them."""
    item = models.OuterRef(models.OuterRef("pk"))  # the rows below are asked inside the question for strategies
    chosen = Evidence.commitments.through.objects.filter(evidence=item).values("commitment__strategy")
    to_choose = Evidence.objects.filter(pk=item, council_chooses_in__isnull=False).values("council_chooses_in")
    about = Strategy.objects.filter(models.Q(pk__in=chosen) | models.Q(pk__in=to_choose))
    return list_column(
        about.order_by("id"),
        owner_id="owner",
        owner_kind="owner__kind",
        supported_by_id="supported_by",
        steered_by_id="steered_by",
    )


def strategies_of(evidence: "Evidence") -> list[AboutStrategy]:
    """Return the strategies that an item is about. One query, or none after ``with_strategies``."""
    about = evidence.__dict__.get("about")
    if about is None:
        about_strategies = (
            Evidence.objects.filter(pk=evidence.pk).with_strategies().values_list("about", flat=True).first()
        )
        about = about_strategies or []
    return [AboutStrategy(**values) for values in about]


def _rows_about(person: Any, code: str) -> tuple[models.QuerySet[Any], models.QuerySet[Strategy]]:
    """Return what ties an item of the outer query to the person's strategies: its commitments, or the council's choice."""
    rows = Evidence.commitments.through.objects.filter(
        strategies_where(person, code, "commitment__strategy"), evidence=models.OuterRef("pk")
    )
    return rows, Strategy.objects.filter(strategies_where(person, code), pk=models.OuterRef("council_chooses_in"))


def about_strategies_of(person: Any, code: str) -> models.Q:
    """Return the condition under which an item is about a strategy for which the person has a permission."""
    if reaches_every_strategy(person, code):
        return ~models.Q(pk__in=[])
    rows, unplaced = _rows_about(person, code)
    return models.Q(models.Exists(rows)) | models.Q(models.Exists(unplaced))


def _is_about_strategies_of(person: Any, code: str) -> models.Q:
    """Return the same condition as :func:`about_strategies_of`, asked of each row by itself.

    As one of several alternatives, PostgreSQL would gather all rows that an ``EXISTS`` might ever meet before the first
    item of a page is found. It can't do so with a subquery that gives one value.
    """
    if reaches_every_strategy(person, code):
        return ~models.Q(pk__in=[])
    by_commitment, by_strategy = (
        models.Subquery(found.values(yes=models.Value(value=True))[:1], output_field=models.BooleanField())
        for found in _rows_about(person, code)
    )
    return models.Q(Coalesce(by_commitment, by_strategy, models.Value(value=False)))


def _sent_to(person: Any) -> models.Q:
    """Return the condition under which an item was sent and is about a strategy whose evidence the person sees."""
    return models.Q(submitted_at__isnull=False) & _is_about_strategies_of(person, roles.SEE_ALL_EVIDENCE)


def _own(person: Any) -> models.Q:
    """Return the condition under which an item is of the person's organisations, or one that the person typed for a group
    and may still type for.
    """
    if not isinstance(person, User):
        return models.Q(pk__in=[])
    typed = models.Q(logged_by=person) & ~models.Q(said_by="")
    own = models.Q(organisation__in=[organisation.pk for organisation in organisations_for(person, roles.LOG_EVIDENCE)])
    return own | typed if types_for_groups(person) else own
