"""Tokens with which a person's programs use the API."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from partners.models.organisations import Organisation
from partners.models.people import User
from partners.token_scopes import TOKEN_SCOPES
from vcsportal.common.words import choices


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens."""

    def valid(self, now: datetime) -> "ApiTokenQuerySet":
        """Those that work now: not ended, not past their time, and of somebody who still has access."""
        return self.filter(ended_at__isnull=True, expires_at__gt=now, person__is_active=True)


class ApiToken(models.Model):
    """One token. It acts as its person, within its scopes; one of an ``organisation`` with the roles held there alone.

    The token itself is shown once and never stored: ``digest`` is its SHA-256, by which it is found. ``beginning`` are its
    first characters, by which its owner recognises it.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="api_tokens", null=True, blank=True
    )
    name = models.CharField("what uses it", max_length=100)
    scopes = ArrayField(models.CharField(max_length=20, choices=choices(TOKEN_SCOPES)), default=list, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField("when it was last used, to the minute", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="api_token_expires_after_made", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="api_token_ended_when_and_by_whom", condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "-made_at"], name="api_tokens_of_a_person")]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    @property
    def scope_labels(self) -> list[str]:
        """What it may do besides reading, in words."""
        return [scope.label for scope in TOKEN_SCOPES if scope.code in self.scopes]
