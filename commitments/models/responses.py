"""What each addressee of a recommendation answers, apart from how the work towards it goes."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from commitments.models.strategy import Commitment
from commitments.rules import stances, workflow
from partners import roles
from partners.models import Organisation, User
from partners.permissions import organisations_for, reaches_every_strategy, strategies_where
from vcsportal.common.words import choices


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses."""

    def in_order(self) -> "ResponseQuerySet":
        """The strategy's own order, then that of the addressees."""
        return self.order_by("commitment__priority__number", "commitment__number", "place", "id")

    def of_owner(self) -> "ResponseQuerySet":
        """Those of the organisation that owns the strategy: they decide whether progress is asked for."""
        return self.filter(organisation=models.F("commitment__strategy__owner"))

    def opening(self) -> "ResponseQuerySet":
        """The owners' published responses that open progress."""
        return self.of_owner().filter(state="given", stance__in=stances.OPENING)

    def handled_by(self, person: Any) -> "ResponseQuerySet":
        """Those that the person may write or approve, so may read before they are published.

        The owner's, for the people who say how its strategy stands; another organisation's, for its leads; and what was
        sent, for administrators, as an organisation may have nobody else to approve it.
        """
        inside = strategies_where(person, {roles.UPDATE_COMMITMENTS, roles.APPROVE_UPDATES}, "commitment__strategy")
        owners = models.Q(organisation=models.F("commitment__strategy__owner"))
        own = models.Q(
            organisation__in=[organisation.pk for organisation in organisations_for(person, roles.GIVE_VIEW)]
        )
        found = (inside & owners) | (own & ~owners)
        if reaches_every_strategy(person, roles.APPROVE_UPDATES):
            found |= models.Q(state__in=["submitted", "given"])
        return self.filter(found)

    def awaiting_approval(self) -> "ResponseQuerySet":
        """The queue of what was sent, the longest-waiting first."""
        return self.filter(state="submitted").order_by("submitted_at", "id")


class Response(models.Model):
    """The answer of one addressee to one commitment, such as a recommendation. One for each addressee.

    Loading the strategy makes one for each addressee, ``awaited`` until somebody begins. ``addressee`` is what the source
    calls it ("Anchor institutions"); ``organisation`` is the registered organisation, None where there is none, and then
    nobody answers here. ``decided_where`` and ``decided_on`` say which meeting decided it. ``version`` counts saves, so
    that the second of two people who save is refused. ``stance`` and ``words`` are public once it is ``given``.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="responses")
    addressee = models.CharField("as the source names it", max_length=200)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="responses", null=True, blank=True
    )
    place = models.PositiveSmallIntegerField("order among the addressees", default=1)
    state = models.CharField(max_length=20, choices=choices(workflow.RESPONSE_STATES), default="awaited")
    stance = models.CharField(max_length=20, choices=choices(stances.STANCES), blank=True, default="")
    words = models.TextField("the response and its reason", blank=True)
    decided_where = models.CharField("where it was decided", max_length=200, blank=True)
    decided_on = models.DateField("when it was decided", null=True, blank=True)
    state_reason = models.TextField("why it was returned", blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commitment", "addressee"], name="one_response_an_addressee"),
            models.UniqueConstraint(
                fields=["commitment", "organisation"],
                condition=models.Q(organisation__isnull=False),
                name="one_response_an_organisation",
            ),
            models.CheckConstraint(
                name="given_response_is_whole",
                condition=~models.Q(state="given")
                | (
                    ~models.Q(stance="")
                    & ~models.Q(words="")
                    & models.Q(given_at__isnull=False, submitted_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="response_given_at_with_by",
                condition=models.Q(given_at__isnull=True, given_by__isnull=True)
                | models.Q(given_at__isnull=False, given_by__isnull=False),
            ),
            models.CheckConstraint(
                name="response_submitted_at_with_by",
                condition=models.Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | models.Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="begun_response_says_who",
                condition=models.Q(state="awaited", saved_at__isnull=True, saved_by__isnull=True)
                | (~models.Q(state="awaited") & models.Q(saved_at__isnull=False, saved_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="only_an_organisation_answers",
                condition=models.Q(state="awaited") | models.Q(organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee} on {self.commitment.reference}"

    def get_absolute_url(self) -> str:
        """Return the page on which it is written, and read by a second person."""
        strategy = self.commitment.strategy
        return reverse("commitments:response", args=[strategy.slug, self.commitment.key, self.pk])

    @property
    def is_given(self) -> bool:
        """Whether a second person has approved it, and everyone can read it."""
        return self.state == "given"

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for a second person to read it."""
        return self.state == "submitted"

    @property
    def is_returned(self) -> bool:
        """Whether it was sent back with a reason."""
        return self.state == "returned"

    @property
    def is_owners(self) -> bool:
        """Whether it is that of the organisation that owns the strategy."""
        return self.organisation_id == self.commitment.strategy.owner_id

    @property
    def written_stance(self) -> stances.Stance:
        """What is written, published or not."""
        return stances.of(self.stance)

    @property
    def public_stance(self) -> stances.Stance:
        """What everyone reads: the stance of a published response, else that it is awaited."""
        return stances.of(self.stance if self.is_given else "")
