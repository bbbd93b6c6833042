"""Meetings, workshops, consultations and the like: when and where people were met or asked, and who attended."""

from datetime import date
from typing import ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse

from commitments.models.evidence import Evidence
from commitments.models.strategy import Commitment, Strategy
from commitments.rules import workflow
from commitments.rules.engagement_dates import dates_in_words
from commitments.rules.engagement_kinds import ENGAGEMENT_KIND, ENGAGEMENT_KINDS, EngagementKind
from partners.models import Area, Organisation, PartnershipGroup, Seat, User
from vcsportal.common.word_search import both, words_of
from vcsportal.common.words import choices


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Engagement."""

    def with_owner(self) -> "EngagementQuerySet":
        """Read group and strategy along with the rows."""
        return self.select_related("group__organisation", "strategy")

    def newest_first(self) -> "EngagementQuerySet":
        """What began last comes first."""
        return self.order_by("-starts_on", "-id")

    def soonest_first(self) -> "EngagementQuerySet":
        """What begins first comes first."""
        return self.order_by("starts_on", "id")

    def upcoming_then_held(self) -> "EngagementQuerySet":
        """What is planned, soonest first; then the rest, what began last first."""
        planned = Case(When(state="planned", then=F("starts_on")))
        rank = Case(When(state="planned", then=Value(0)), default=Value(1))
        return self.order_by(rank, planned, "-starts_on", "-id")

    def planned(self) -> "EngagementQuerySet":
        """What has not been held yet."""
        return self.filter(state="planned")

    def written_up(self) -> "EngagementQuerySet":
        """That whose summary, numbers and attendance everyone can read."""
        return self.filter(state="written_up")


ENGAGEMENT_WORDS: Final = both(
    both(words_of("title", weight="A"), words_of("summary", weight="B")), words_of("question", weight="B")
)


class Engagement(models.Model):
    """One occasion on which people were met or asked something, or will be.

    It belongs to a group, a strategy or both. ``starts_on`` to ``ends_on`` are its days, both included; ``ends_on`` is None for
    a single day. ``people_attended``, ``people_asked`` and ``people_answered`` are numbers, or None where nobody counted:
    a blank is never a zero. ``summary`` is public once it is written up. ``source`` says where an account that comes from a
    document is quoted from. Where that names a month alone, ``month_only`` is true, and the days are the first and last of
    that month; no page shows them. ``version`` counts saves, so that the second of two people who save is refused.
    """

    kind = models.CharField(max_length=20, choices=choices(ENGAGEMENT_KINDS))
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=choices(workflow.ENGAGEMENT_STATES), default="planned")
    group = models.ForeignKey(
        PartnershipGroup, on_delete=models.PROTECT, related_name="engagement", null=True, blank=True
    )
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="engagement", null=True, blank=True)
    starts_on = models.DateField()
    starts_at = models.TimeField("time of day at which it begins", null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    month_only = models.BooleanField("only the month is known", default=False)
    place = models.CharField(max_length=200, blank=True)
    districts = models.ManyToManyField(Area, related_name="engagement", blank=True)
    question = models.TextField("what was asked", blank=True)
    method = models.TextField("how people were asked", blank=True)
    people_attended = models.PositiveIntegerField(null=True, blank=True)
    people_asked = models.PositiveIntegerField(null=True, blank=True)
    people_answered = models.PositiveIntegerField(null=True, blank=True)
    summary = models.TextField(blank=True)
    source = models.TextField("where the account comes from", blank=True)
    commitments = models.ManyToManyField(Commitment, related_name="engagement", blank=True)
    evidence = models.ManyToManyField(Evidence, related_name="engagement", blank=True)
    state_reason = models.TextField("why it was called off", blank=True)
    written_up_at = models.DateTimeField(null=True, blank=True)
    written_up_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "engagement"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="engagement_of_a_group_or_a_strategy", condition=Q(group__isnull=False) | Q(strategy__isnull=False)
            ),
            models.CheckConstraint(
                name="engagement_days_in_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="a_month_alone_has_no_time_of_day",
                condition=Q(month_only=False) | Q(starts_at__isnull=True, ends_on__isnull=False, starts_on__day=1),
            ),
            models.CheckConstraint(
                name="no_more_answered_than_asked",
                condition=Q(people_asked__isnull=True)
                | Q(people_answered__isnull=True)
                | Q(people_answered__lte=F("people_asked")),
            ),
            models.CheckConstraint(
                name="engagement_written_up_at_with_by",
                condition=Q(written_up_at__isnull=True, written_up_by__isnull=True) | Q(written_up_at__isnull=False),
            ),  # written up by nobody by name: a strategy's file did it
            models.CheckConstraint(
                name="written_up_says_when", condition=~Q(state="written_up") | Q(written_up_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["group", "-starts_on"], name="engagement_of_group"),
            GinIndex(ENGAGEMENT_WORDS, name="engagement_by_words", condition=Q(state="written_up")),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("commitments:engagement", args=[self.pk])

    @property
    def kind_of(self) -> EngagementKind:
        """The row of the table of kinds."""
        return ENGAGEMENT_KIND[self.kind]

    @property
    def last_day(self) -> date:
        """Its last day, which is its only one where it has no other."""
        return self.ends_on or self.starts_on

    @property
    def when(self) -> str:
        """Its days in words, as exactly as they are known: ``12 March 2026 at 5:30pm``, ``December 2021``."""
        return dates_in_words(self.starts_on, self.ends_on, month_only=self.month_only, starts_at=self.starts_at)

    def has_begun(self, today: date) -> bool:
        """Whether its first day has come."""
        return self.starts_on <= today

    @property
    def is_planned(self) -> bool:
        """Whether it is still to come, or nobody has said that it was held."""
        return self.state == "planned"

    @property
    def is_open(self) -> bool:
        """Whether those who keep it can change it as it is."""
        return self.state in ("planned", "held")

    @property
    def is_written_up(self) -> bool:
        """Whether everyone can read its summary, numbers and attendance."""
        return self.state == "written_up"


class Attendance(models.Model):
    """Who came to it, or sent apologies: an organisation, by post, perhaps from a seat of the group. Never a name."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="attendance")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="attendance", null=True, blank=True
    )
    post = models.CharField(max_length=200, blank=True)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="attendance", null=True, blank=True)
    sent_apologies = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "attendance"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attendance_of_somebody",
                condition=Q(organisation__isnull=False) | ~Q(post="") | Q(seat__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["engagement", "seat"], condition=Q(seat__isnull=False), name="a_seat_attends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement}: {self.post or self.organisation or self.seat}"
