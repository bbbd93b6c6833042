"""A strategy, its priorities and commitments, and who leads them."""

from datetime import date, datetime
from typing import ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from commitments.models.commitment_plan import PLAN_CONSTRAINTS, CommitmentPlan
from commitments.rules import stances, status
from commitments.rules.kinds import KIND_BY_CODE, KINDS, STRATEGY, Nouns, StrategyKind
from commitments.rules.references import MAX_REFERENCE_CHARACTERS, heading, label
from partners.kinds import PUBLIC_BODY
from partners.models import Organisation, PartnershipGroup, User
from vcsportal.common.plurals import capital
from vcsportal.common.word_search import both, having_words, words_in, words_of
from vcsportal.common.words import choices


class StrategyQuerySet(models.QuerySet["Strategy"]):
    """Queries for strategies."""

    def newest_first(self) -> "StrategyQuerySet":
        """The one whose term began last comes first."""
        return self.order_by("-starts_on", "id")

    def opening(self, today: date) -> "StrategyQuerySet":
        """The same as :meth:`current`, as a part of another query."""
        in_term = self.filter(starts_on__lte=today, ends_on__gte=today).order_by("-opens_first", "-id")
        first = Coalesce(Subquery(in_term.values("pk")[:1]), Subquery(self.newest_first().values("pk")[:1]))
        return self.filter(pk=first)

    def current(self, today: date) -> "Strategy | None":
        """The strategy that the portal opens with: in term today and listed first, else the newest."""
        in_term = self.filter(starts_on__lte=today, ends_on__gte=today).order_by("-opens_first", "-id")
        return in_term.first() or self.newest_first().first()


class Strategy(models.Model):
    """A council's strategy and its term. Loaded from a file; its wording is the council's record.

    ``kind`` says what it is, such as a plan, and so what its priorities and commitments are called. ``made_by`` is who
    wrote it, in words, where that was another than its owner; ``reviewed_on`` the day of its last review.
    """

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=choices(KINDS), default=STRATEGY.code)
    title = models.CharField(max_length=200)
    vision = models.TextField()
    source = models.TextField("where the wording comes from")
    starts_on = models.DateField()
    ends_on = models.DateField()
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="strategies")
    supported_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="supports", null=True, blank=True
    )  # an organisation whose people answer for it besides the owner's own, where the owner is not a public body
    steered_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="steers", null=True, blank=True
    )  # the group whose members have the steering-group role for this strategy
    reports_to = models.CharField("whom the yearly report is for", max_length=200, blank=True)
    reports_to_short = models.CharField(max_length=40, blank=True)
    opens_first = models.BooleanField("the portal opens with it", default=False)
    succeeds = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="succeeded_by", null=True, blank=True
    )  # the earlier strategy that it follows
    language = models.CharField("the language of its words; blank for the portal’s", max_length=35, blank=True)
    made_by = models.CharField("who wrote it", max_length=200, blank=True)
    reviewed_on = models.DateField("last reviewed on", null=True, blank=True)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "strategies"
        constraints: ClassVar = [
            models.CheckConstraint(name="strategy_term_in_order", condition=models.Q(ends_on__gt=models.F("starts_on")))
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("commitments:glance", args=[self.slug])

    @property
    def kind_of(self) -> StrategyKind:
        """The row of the table of kinds."""
        return KIND_BY_CODE[self.kind]

    @property
    def nouns(self) -> Nouns:
        """What it calls itself, its priorities and its commitments."""
        return self.kind_of.nouns

    @property
    def is_councils(self) -> bool:
        """Whether its owner is a council or another public body, for which officers alone answer."""
        return self.owner.kind == PUBLIC_BODY

    @property
    def rounds_run_by(self) -> str:
        """Who runs its rounds, in the middle of a sentence: a council's the administrators, a partnership's others as well."""
        return "the administrators" if self.is_councils else "whoever runs the round"

    def not_answering(self, person: User) -> str:
        """Return the beginning of a sentence that says why a person can't take on work of the strategy."""
        if self.is_councils:
            return f"{person.name} is not an officer of {self.owner.name}"
        return f"{person.name} is not one of the people responsible for “{self.title}”"

    def followers(self) -> list["Strategy"]:
        """Return the strategies that name this one as the one they follow, earliest first."""
        return sorted(self.succeeded_by.all(), key=lambda later: (later.starts_on, later.pk))

    def is_finished(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.ends_on < today


class Priority(models.Model):
    """One of a strategy's priorities. None weighs more than another; ``number`` is its place, and its address carries it.

    ``reference`` is what the strategy calls it, such as "A" or "Theme 1"; "" where that is its number. ``group`` is the
    partnership group that works at it, such as the sub-group that a part of a work plan is about. ``beneficiaries`` has a line
    for each, and ``methods`` says in prose how they were consulted; both are the source's own words.
    """

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="priorities")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(
        "what the strategy calls it; blank for its number", max_length=MAX_REFERENCE_CHARACTERS, blank=True, default=""
    )
    title = models.CharField(max_length=200)
    introduction = models.TextField("the strategy's own introduction", blank=True)
    introduction_source = models.TextField("where the introduction comes from", blank=True)
    summary = models.TextField("what it is about, in the portal team's words", blank=True)
    other_wording = models.TextField("the source's wording of its title at another place", blank=True)
    other_wording_source = models.TextField("the place of the other wording", blank=True)
    group = models.ForeignKey(
        PartnershipGroup, on_delete=models.PROTECT, related_name="priorities", null=True, blank=True
    )
    beneficiaries = models.TextField("who it is for, one a line", blank=True, default="")
    beneficiaries_source = models.TextField("where the beneficiaries come from", blank=True, default="")
    methods = models.TextField("how people were consulted about it", blank=True, default="")
    methods_source = models.TextField("where the methods come from", blank=True, default="")

    class Meta:
        verbose_name_plural = "priorities"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "number"], name="priority_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def label(self) -> str:
        """Its reference, or its number where the strategy gives it none."""
        return label(self.reference, self.number)

    @property
    def heading(self) -> str:
        """What it is called in a heading: "Priority 3", "Theme 1"."""
        return capital(self.called)

    @property
    def called(self) -> str:
        """What it is called within a sentence: "priority 3", "Theme 1"."""
        return heading(self.strategy.nouns.priority, self.label)

    @property
    def beneficiary_lines(self) -> list[str]:
        """Who it is for, one by one."""
        return [line.strip() for line in self.beneficiaries.splitlines() if line.strip()]

    def get_absolute_url(self) -> str:
        return reverse("commitments:priority", args=[self.strategy.slug, self.number])


PRIORITY_WORDS: Final = both(
    both(words_of("title", weight="A"), words_of("introduction", weight="B")), words_of("summary", weight="B")
)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Commitments, which everybody may read."""

    def in_order(self) -> "CommitmentQuerySet":
        """The strategy's own order, never sorted by performance."""
        return self.order_by("priority__number", "number", "id")

    def with_words(self, text: str) -> "CommitmentQuerySet":
        """Those that have every word in title, wording, note or reference, or whose reference begins so; none for signs alone."""
        found = self.filter(reference__istartswith=text.strip())
        if words := words_in(text):
            having = having_words(Commitment.objects.all(), COMMITMENT_WORDS, words)
            found = self.filter(models.Q(reference__istartswith=text.strip()) | models.Q(pk__in=having.values("pk")))
        return found

    def led_or_supported_by(self, person: User) -> "CommitmentQuerySet":
        """Those that the person leads or supports."""
        supported = Commitment.supporting_officers.through.objects.filter(user_id=person.pk)
        return self.filter(models.Q(lead_officer=person) | models.Q(pk__in=supported.values("commitment_id")))

    def open_to_progress(self) -> "CommitmentQuerySet":
        """Those that await no response of their owner."""
        return self.filter(owner_response__in=["", *stances.OPENING])

    def silent(self) -> "CommitmentQuerySet":
        """Those without an update."""
        return self.filter(status="")


COMMITMENT_WORDS: Final = both(
    both(words_of("short_title", weight="A"), words_of("reference", weight="A")),
    both(words_of("wording", weight="B"), words_of("note", weight="B")),
)


class Commitment(CommitmentPlan):
    """One commitment, in the strategy's wording, and its current status.

    ``key`` never changes and is never used again: addresses and the API carry it. ``reference`` ("1.4", "CW1.2b") is what
    the strategy calls it now, which a revised strategy may change; :class:`FormerReference` has the earlier ones. The order
    is that of ``number``, its place within the priority.
    ``status`` and the three fields after it repeat the newest entry of the history, so that lists need no search in it;
    services write both together. ``version`` counts writes to it, so that two officers can't overwrite each other unseen.
    ``note`` is a note of the strategy's own to the wording, such as the one its asterisk points to. ``added_on`` is the
    day on which it joined a strategy that was under way, None where it was there from the start. ``closed_on`` and
    ``merged_into`` say since when it is closed and which commitment carries it on. ``other_wording`` is what the source
    says at another place, such as its summary, where the two differ; both are the record. ``owner_response`` repeats the
    published stance of the strategy's owner (:mod:`commitments.rules.stances`) for what is addressed to somebody, such as a
    recommendation, and is "" for all others; services write it together with the responses. ``follows`` is
    the commitment that this one replaces, of its own strategy or of an earlier one. Its success measure, team and dates are
    those of :class:`CommitmentPlan`.
    """

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="commitments")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="commitments")
    key = models.SlugField("what its address is made of", max_length=60)
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=MAX_REFERENCE_CHARACTERS)
    wording = models.TextField("the strategy's own wording")
    note = models.TextField("the strategy's own note to the wording", blank=True)
    note_source = models.TextField("where the note comes from", blank=True)
    other_wording = models.TextField("the source's wording at another place, where it differs", blank=True)
    other_wording_source = models.TextField("the place of the other wording", blank=True)
    short_title = models.CharField("a few words for tiles and lists", max_length=120)
    ongoing = models.BooleanField("an ongoing commitment", default=False)
    lead_officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leads", null=True, blank=True)
    supporting_officers = models.ManyToManyField(User, related_name="supports", blank=True)
    partners = models.ManyToManyField(Organisation, through="DeliveryPartner", related_name="commitments")
    status = models.CharField(max_length=20, choices=choices(status.STATUSES), blank=True, default="")
    status_reason = models.TextField(blank=True)
    status_remedy = models.TextField("what will be done about it", blank=True)
    status_at = models.DateTimeField(null=True, blank=True)
    status_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    added_on = models.DateField("joined the strategy on", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="carries_on", null=True, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, related_name="followed_by", null=True, blank=True)
    related = models.ManyToManyField("self", blank=True)
    version = models.PositiveIntegerField(default=0)
    owner_response = models.CharField(max_length=20, choices=choices(stances.OWNER_RESPONSES), blank=True, default="")

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "key"], name="key_once_in_a_strategy"),
            models.CheckConstraint(name="key_is_given", condition=~models.Q(key="")),
            # Checked at the end of each statement: a revised strategy renumbers its commitments in one.
            models.UniqueConstraint(
                fields=["strategy", "reference"],
                name="reference_once_in_a_strategy",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(
                fields=["priority", "number"], name="commitment_number_once", deferrable=models.Deferrable.IMMEDIATE
            ),
            models.CheckConstraint(
                name="status_with_when_and_who",
                condition=models.Q(status="", status_at__isnull=True, status_by__isnull=True)
                | (~models.Q(status="") & models.Q(status_at__isnull=False, status_by__isnull=False))
                | models.Q(
                    status="closed", status_at__isnull=False
                ),  # the strategy's file may close it: nobody by name
            ),
            models.CheckConstraint(
                name="closed_with_its_day",
                condition=models.Q(status="closed", closed_on__isnull=False)
                | (~models.Q(status="closed") & models.Q(closed_on__isnull=True, merged_into__isnull=True)),
            ),
            models.CheckConstraint(name="merged_into_another", condition=~models.Q(merged_into=models.F("id"))),
            *PLAN_CONSTRAINTS,
            *(
                models.CheckConstraint(
                    name=f"{word.code}_only_where_there_is_{'no' if word.ongoing_only else 'an'}_end",
                    condition=~models.Q(status=word.code) | models.Q(ongoing=word.ongoing_only),
                )
                for word in reversed(status.STATUSES)
                if word.ongoing_only or word.one_off_only
            ),
        ]
        indexes: ClassVar = [GinIndex(COMMITMENT_WORDS, name="commitments_by_words")]

    def __str__(self) -> str:
        return f"{self.reference} {self.short_title}"

    def get_absolute_url(self) -> str:
        return reverse("commitments:commitment", args=[self.strategy.slug, self.key])

    @property
    def is_addressed(self) -> bool:
        """Whether it speaks to somebody who is to respond, as a recommendation does."""
        return bool(self.owner_response)

    @property
    def awaits_response(self) -> bool:
        """Whether its owner has not accepted it or a part of it: until then no update is asked for or taken."""
        return stances.holds_back(self.owner_response)

    def was_closed_by(self, moment: datetime) -> bool:
        """Whether it is closed and was so by a moment. On the day itself the moment of its status decides."""
        day = timezone.localdate(moment)
        if self.closed_on is None or self.closed_on > day:
            return False
        return self.closed_on < day or self.status_at is None or self.status_at <= moment

    def was_there(self, ends: date) -> bool:
        """Whether it belonged to the strategy by the last day of a period; what joined later is not asked for in it."""
        return self.added_on is None or self.added_on <= ends


class FormerReference(models.Model):
    """A reference that a commitment had until the strategy was revised. Another one may have it now.

    ``held_from`` is None where the commitment had it from the start of the strategy; from ``held_until`` on it has another.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="former_references")
    reference = models.CharField(max_length=MAX_REFERENCE_CHARACTERS)
    held_from = models.DateField(null=True)
    held_until = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["reference"], name="former_reference")]

    def __str__(self) -> str:
        return f"{self.reference}, until {self.held_until}, of {self.commitment}"
