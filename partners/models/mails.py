"""Emails that are waiting, were sent or came back. The row is the email: a server that is down loses nothing."""

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partners.models.people import User

STATES = (
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("refused", "Refused by the mail server"),
    ("bounced", "Came back"),
    ("given_up", "Given up after many tries"),
    ("dropped", "No longer needed"),
    ("expired", "Ran out before it could be sent"),
)


class MailQuerySet(models.QuerySet["Mail"]):
    """Emails that wait, went or came back."""

    def on_any(self, topics: Iterable[str]) -> "MailQuerySet":
        """Those that are about one of the topics, alone or beside another."""
        topics = list(topics)
        return self.filter(models.Q(about__in=topics) | models.Q(also_about__overlap=topics))


class Mail(models.Model):
    """One email to one person. ``key`` says what it is for, so that the same email is never made twice.

    ``about`` names what it belongs to ("round:our-strategy/2024-25"), so that an upper floor finds its own;
    ``also_about`` what else it speaks of, where one email stands for several.
    ``due_at`` is when it may be tried next; ``problem`` is the server's last answer. ``erased_at`` is when address, subject,
    words and problem were erased (:mod:`partners.services.retention`).
    An email that holds a code is of use until ``expires_at`` only: its words stand encrypted in ``encrypted`` instead of in
    ``text`` and ``html``, and are erased as soon as it has gone or has run out.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=120, blank=True)
    also_about = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mails", null=True, blank=True)
    to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    encrypted = models.TextField("both halves of one that holds a code, until it has gone", blank=True)
    expires_at = models.DateTimeField("of no use after", null=True, blank=True)
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="mail_due"),
            models.Index(fields=["about", "person"], name="mail_about"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="codes_only_while_they_wait",
                condition=models.Q(encrypted="")
                | models.Q(state="waiting", text="", html="", expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

    @property
    def is_waiting(self) -> bool:
        """Whether it has still to be sent, or is tried again."""
        return self.state == "waiting"
