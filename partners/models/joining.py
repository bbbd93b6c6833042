"""Requests to take part: someone of an organisation in the directory says “this is us”, and an administrator answers."""

from typing import Any, ClassVar

from django.db import models

from partners.models.invitations import Invitation
from partners.models.organisations import Organisation
from partners.models.people import User
from partners.standings import REQUEST_STATE, REQUEST_STATES
from vcsportal.common.states import State
from vcsportal.common.words import choices


class JoiningRequestQuerySet(models.QuerySet["JoiningRequest"]):
    """Requests to take part."""

    def waiting(self) -> "JoiningRequestQuerySet":
        """Those that an administrator has to answer, the oldest first."""
        return self.filter(state="waiting").order_by("received_at", "id")


class JoiningRequest(models.Model):
    """Someone asks that their organisation takes part. Agreeing sends them an invitation (``invitation``).

    ``person`` is who asked, if they had signed in. Name, post, email and words are seen by administrators alone; they are erased
    some time after the answer (``erased_at``). ``reason`` is why it was declined.
    """

    form_token = models.UUIDField("the form it came from, so that a double click makes one", unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="joining_requests")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="joining_requests", null=True, blank=True)
    name = models.CharField(max_length=150, blank=True)
    post = models.CharField("what they do in the organisation", max_length=150, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    words = models.TextField(max_length=1000, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(REQUEST_STATES), default="waiting")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.TextField(max_length=1000, blank=True)
    invitation = models.OneToOneField(
        Invitation, on_delete=models.PROTECT, related_name="joining_request", null=True, blank=True
    )
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: Any = JoiningRequestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="joining_request_settled_at_with_by",
                condition=models.Q(state="waiting", settled_at__isnull=True, settled_by__isnull=True)
                | ~models.Q(state="waiting") & models.Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="agreed_joining_request_has_an_invitation",
                condition=models.Q(state="agreed", invitation__isnull=False)
                | ~models.Q(state="agreed") & models.Q(invitation__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(state="waiting"),
                name="one_waiting_joining_request",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk} to take part"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered it."""
        return self.state == "waiting"

    @property
    def state_of(self) -> State:
        """The row of the table of states."""
        return REQUEST_STATE[self.state]
