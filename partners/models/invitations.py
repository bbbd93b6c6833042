"""Invitations: who is asked to take part, as what, and what they answered."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from partners import roles
from partners.invitation_states import OPEN, SETTLED, STATES
from partners.models.organisations import Organisation
from partners.models.people import User
from vcsportal.common.words import choices


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def open(self) -> "InvitationQuerySet":
        """Those that nobody has answered or ended, run out or not."""
        return self.filter(state__in=OPEN)

    def waiting(self) -> "InvitationQuerySet":
        """Those that an administrator has to decide about, the oldest first."""
        return self.filter(state="waiting").order_by("invited_at", "id")

    def to_answer(self, email: str, now: datetime) -> "InvitationQuerySet":
        """Those that whoever has the address can accept or decline now, the newest first."""
        sent = self.filter(email=email.lower(), state="sent", expires_at__gt=now)
        return sent.select_related("organisation", "invited_by").order_by("-sent_at", "-id")


class Invitation(models.Model):
    """One person asked to take one role. They get it when they accept. Never deleted.

    ``name`` is what whoever invited typed: it names a person who is new. ``expires_at`` is set when it is sent.
    """

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=30, choices=choices(roles.ROLES))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations", null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=choices(STATES))
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    objects: Any = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="invitation_sent_at_with_by",
                condition=models.Q(sent_at__isnull=True, sent_by__isnull=True, expires_at__isnull=True)
                | models.Q(sent_at__isnull=False, sent_by__isnull=False, expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_settled_at_with_by",
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True, state__in=OPEN)
                | models.Q(settled_at__isnull=False, settled_by__isnull=False, state__in=SETTLED),
            ),
            models.UniqueConstraint(
                fields=["email", "role", "organisation"], condition=models.Q(state__in=OPEN), nulls_distinct=False,
                name="one_open_invitation",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["email", "state"], name="invitation_to")]

    def __str__(self) -> str:
        return f"{self.email}: {self.as_what}"

    @property
    def as_what(self) -> str:
        """The role in words, and where."""
        label = roles.BY_CODE[self.role].label
        return f"{label}, {self.organisation.name}" if self.organisation else label

    @property
    def is_sent(self) -> bool:
        """Whether it was sent and not answered yet. It may have expired."""
        return self.state == "sent"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an administrator or for an answer."""
        return self.state in OPEN

    def has_expired(self, now: datetime) -> bool:
        """Whether it was sent too long ago to be accepted. It can be sent again."""
        return self.state == "sent" and self.expires_at is not None and self.expires_at <= now
