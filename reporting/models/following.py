"""Who follows something by email. They need no account; how to reach them is encrypted, and all of it goes when they stop."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from commitments.models import Commitment, Strategy
from partners.models import Organisation


class FollowerQuerySet(models.QuerySet["Follower"]):
    """People who follow something by email."""

    def confirmed(self) -> "FollowerQuerySet":
        """Those who have confirmed at least one thing that they follow."""
        return self.filter(Exists(Follow.objects.confirmed().filter(follower=OuterRef("pk"))))

    def due(self, told_before: datetime) -> "FollowerQuerySet":
        """Those of them who were last told, or confirmed, before this moment."""
        return self.confirmed().filter(told_until__lt=told_before)


class Follower(models.Model):
    """An address to which updates are sent, at most one email a week. It is deleted once it follows nothing.

    ``address`` is encrypted. ``fingerprint`` is a keyed checksum of it, by which the same address is found again; nobody can
    compute it, or test an address against it, without the portal's key. ``told_until`` is the moment until which they were
    told what was published; None until they confirm.
    """

    address = models.TextField("email address, encrypted")
    fingerprint = models.CharField("keyed checksum of the address", max_length=64, unique=True)
    told_until = models.DateTimeField(null=True, blank=True)

    objects = FollowerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Follower {self.pk}"


class FollowQuerySet(models.QuerySet["Follow"]):
    """What people follow by email."""

    def confirmed(self) -> "FollowQuerySet":
        """What was confirmed from the mailbox itself."""
        return self.filter(confirmed_at__isnull=False)


class Follow(models.Model):
    """One thing that somebody follows: a strategy, a commitment or an organisation; everything where none is named.

    ``asked_at`` is when it was last asked for, by whoever typed the address; ``confirmed_at`` when a link in an email to it
    was used.
    """

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="follows")
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["follower", "strategy", "commitment", "organisation"],
                nulls_distinct=False,
                name="followed_once",
            ),
            models.CheckConstraint(
                name="follows_one_thing_or_everything",
                condition=Q(strategy__isnull=True, commitment__isnull=True)
                | Q(strategy__isnull=True, organisation__isnull=True)
                | Q(commitment__isnull=True, organisation__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"What follower {self.follower_id} follows, {self.pk}"
