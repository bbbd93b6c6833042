"""Points that people make, at a meeting or from the public form, and what they are answered; decisions are points too."""

from datetime import date, timedelta
from typing import ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse

from commitments.models.actions import Action
from commitments.models.engagement import Engagement
from commitments.models.strategy import Commitment, Strategy
from commitments.rules import stances, workflow
from commitments.rules.engagement_kinds import DECISION, POINT_KIND, POINT_KINDS, PointKind
from partners import roles
from partners.group_permissions import groups_kept_by
from partners.models import Area, Organisation, PartnershipGroup, User
from partners.permissions import Person, reaches_every_strategy, strategies_where
from vcsportal.common.states import State
from vcsportal.common.word_search import both, words_of
from vcsportal.common.words import choices

SILENT_DAYS = 60
"""Days after which everyone reads that a point is unanswered, without its words."""


class PointQuerySet(models.QuerySet["Point"]):
    """Points."""

    def published(self) -> "PointQuerySet":
        """Those whose words everyone can read."""
        return self.filter(published_at__isnull=False, taken_down_at__isnull=True)

    def unanswered(self) -> "PointQuerySet":
        """Those that nobody has answered. A decision needs no answer."""
        return self.filter(state="raised").exclude(kind=DECISION)

    def unfinished(self) -> "PointQuerySet":
        """Those that have not been answered yet, or for what was accepted or decided to be done.

        An answer that accepts nothing leaves nothing to do, and neither does a decision whose action is done or dropped.
        """
        to_do = Q(state="raised") | Q(state="answered", stance__in=stances.OPENING)
        over = Q(became_action__done_on__isnull=False) | Q(became_action__dropped_on__isnull=False)
        return self.filter(to_do).exclude(over, kind=DECISION)

    def raised_before(self, day: date, *, days: int) -> "PointQuerySet":
        """Those that were raised at least so many days before a day."""
        return self.filter(raised_on__lte=day - timedelta(days=days))

    def silent(self, today: date) -> "PointQuerySet":
        """Those that nobody has answered for :data:`SILENT_DAYS` days: that they are unanswered is public."""
        return self.unanswered().raised_before(today, days=SILENT_DAYS)

    def oldest_first(self) -> "PointQuerySet":
        """What was raised first comes first."""
        return self.order_by("raised_on", "id")

    def newest_first(self) -> "PointQuerySet":
        """What was raised last comes first."""
        return self.order_by("-raised_on", "-id")

    def handled_by(self, person: Person, today: date) -> "PointQuerySet":
        """Those that the person may read in the original and answer: the rule of
        :func:`commitments.permissions.points.check_can_handle_point`, for the database. It asks nothing by itself.
        """
        if reaches_every_strategy(person, roles.MANAGE_COMMITMENTS):
            return self.all()
        found = strategies_where(person, roles.MANAGE_COMMITMENTS, "strategy")
        found |= Q(strategy__isnull=True) & strategies_where(person, roles.MANAGE_COMMITMENTS, "engagement__strategy")
        kept = groups_kept_by(person, today)
        found |= Q(group__in=kept) | Q(group__isnull=True, engagement__group__in=kept)
        opens = Strategy.objects.opening(today).filter(strategies_where(person, roles.MANAGE_COMMITMENTS))
        found |= Q(Exists(opens), strategy__isnull=True, group__isnull=True, engagement__isnull=True)
        return self.filter(found)


POINT_WORDS: Final = both(words_of("public_words", weight="A"), words_of("response", weight="B"))


class Point(models.Model):
    """What somebody said, asked, proposed or decided, and how it was answered.

    It was made at an engagement, raised by an organisation, or sent from the public form. ``words`` are the original, which
    only the portal's people read; everyone reads ``public_words`` once an officer has published them. The answer
    (``stance``, ``response``) is apart from the progress that follows from it. ``owner`` is whoever has to answer it or, for
    a decision, to do it; ``owner_words`` says so where that is nobody with an account. ``about_organisation`` is the one whose page in the directory it is about. ``became_commitment`` and
    ``became_action`` say what it led to. Contact details are in :class:`PointContact`, apart from the words; ``form_token``
    is there for what came from the public form alone.
    """

    kind = models.CharField(max_length=20, choices=choices(POINT_KINDS))
    state = models.CharField(max_length=20, choices=choices(workflow.POINT_STATES), default="raised")
    raised_on = models.DateField()
    raised_at = models.DateTimeField()
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="points", null=True, blank=True)
    group = models.ForeignKey(PartnershipGroup, on_delete=models.PROTECT, related_name="points", null=True, blank=True)
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="points", null=True, blank=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="points", null=True, blank=True)
    about_page = models.CharField("the address of the page that it is about", max_length=500, blank=True)
    about_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="points_about", null=True, blank=True
    )
    about_words = models.CharField("the service or building that it is about", max_length=200, blank=True)
    raised_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="points", null=True, blank=True)
    raised_by_words = models.CharField("who raised it, as everyone reads it", max_length=200, blank=True)
    district = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="points", null=True, blank=True)
    words = models.TextField("what was written or said", blank=True)
    public_words = models.TextField("what everyone reads of it", blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_why = models.TextField(blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="points", null=True, blank=True)
    owner_words = models.CharField("who has to do it, in words", max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    stance = models.CharField(max_length=20, choices=choices(stances.STANCES), blank=True, default="")
    response = models.TextField("the answer and its reason", blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    responded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.ForeignKey(
        Engagement, on_delete=models.PROTECT, related_name="answers_decided", null=True, blank=True
    )
    done_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.TextField("why it was closed", blank=True)
    is_spam = models.BooleanField("closed because a program or an advertiser sent it", default=False)
    became_commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="came_from_points", null=True, blank=True
    )
    became_action = models.OneToOneField(
        Action, on_delete=models.PROTECT, related_name="came_from_point", null=True, blank=True
    )
    form_token = models.UUIDField(
        "the form it came from, so that a double click makes one", unique=True, null=True, blank=True
    )
    source = models.TextField("where the words come from", blank=True)
    erased_at = models.DateTimeField("when the original words were erased", null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = PointQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="published_point_has_words",
                condition=Q(published_at__isnull=True) | ~Q(public_words=""),
            ),
            models.CheckConstraint(
                name="point_published_at_with_by",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False)
                | (Q(published_at__isnull=False) & ~Q(source="")),
            ),  # published by nobody by name: a strategy's file did it
            models.CheckConstraint(
                name="point_responded_at_with_by",
                condition=Q(responded_at__isnull=True, responded_by__isnull=True)
                | Q(responded_at__isnull=False, responded_by__isnull=False)
                | (Q(responded_at__isnull=False) & ~Q(source="")),
            ),
            models.CheckConstraint(
                name="point_taken_down_with_a_reason",
                condition=Q(taken_down_at__isnull=True, taken_down_why="")
                | (Q(taken_down_at__isnull=False) & ~Q(taken_down_why="")),
            ),
            models.CheckConstraint(
                name="answered_point_is_whole",
                condition=~Q(state="answered") | (~Q(stance="") & ~Q(response="") & Q(responded_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "raised_on"], name="points_by_state"),
            GinIndex(POINT_WORDS, name="points_by_words", condition=Q(published_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind_of.label} of {self.raised_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("commitments:point", args=[self.pk])

    @property
    def kind_of(self) -> PointKind:
        """The row of the table of kinds."""
        return POINT_KIND[self.kind]

    @property
    def about_strategy(self) -> Strategy | None:
        """The strategy whose people answer it: its own, else that of the engagement at which it was made."""
        return self.strategy or (self.engagement.strategy if self.engagement else None)

    @property
    def about_group(self) -> PartnershipGroup | None:
        """The group whose secretary answers it: its own, else that of the engagement."""
        return self.group or (self.engagement.group if self.engagement else None)

    @property
    def was_sent(self) -> bool:
        """Whether it came from the public form."""
        return self.form_token is not None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered it, or done what was decided."""
        return self.state == "raised"

    @property
    def is_unfinished(self) -> bool:
        """Whether something is left to do: the rule of :meth:`PointQuerySet.unfinished` for one point."""
        if self.is_decision and self.became_action is not None and not self.became_action.is_open:
            return False
        return self.is_waiting or (self.state == "answered" and self.stance_of.opens_progress)

    @property
    def is_closed(self) -> bool:
        """Whether it needs nothing further."""
        return self.state == "closed"

    @property
    def is_decision(self) -> bool:
        """Whether it was decided, so that it is done rather than answered."""
        return self.kind == DECISION

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer."""
        return self.responded_at is not None

    @property
    def stance_of(self) -> stances.Stance:
        """The row of the table of stances; "awaiting a response" where there is no answer."""
        return stances.of(self.stance)

    @property
    def state_of(self) -> State:
        """The row of the table of states; a decision that nobody has carried out has a row of its own."""
        return workflow.DECISION_TO_DO if self.is_decision and self.is_waiting else workflow.POINT_STATE[self.state]

    @property
    def is_published(self) -> bool:
        """Whether everyone can read its words."""
        return self.published_at is not None and self.taken_down_at is None


class PointContact(models.Model):
    """How to reach whoever sent a point. Kept apart from the words: never in search, API, facts or exports."""

    point = models.OneToOneField(Point, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(max_length=150, blank=True)
    group_name = models.CharField("the group or organisation that they write for", max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Contact of point {self.point_id}"
