"""The actions towards a commitment, and the changes to their due dates."""

from datetime import date
from typing import ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from commitments.models.strategy import Commitment
from commitments.rules.lateness import is_over
from partners.models import Organisation, User
from vcsportal.common.word_search import words_of


class ActionQuerySet(models.QuerySet["Action"]):
    """Actions towards commitments."""

    def open(self) -> "ActionQuerySet":
        """Those that are neither done nor dropped."""
        return self.filter(done_on__isnull=True, dropped_on__isnull=True)

    def late(self, today: date) -> "ActionQuerySet":
        """Open actions whose due date is over (:mod:`commitments.rules.lateness`). One without a due date is never late."""
        return self.open().filter(due_on__lt=today)

    def in_order(self) -> "ActionQuerySet":
        """The first due first, those without a due date last."""
        return self.order_by(models.F("due_on").asc(nulls_last=True), "id")


ACTION_WORDS: Final = words_of("title", weight="A")


class Action(models.Model):
    """A step towards a commitment: when it is due, who does it, and what became of it. It is dropped, never deleted.

    ``reference`` is the action's own, such as "i" or "5b i"; "" where it has none. ``parent`` is another action of the same
    commitment, which has no parent itself. ``due_on`` is None for an action without a due date. Its owner is a person, or an
    organisation and a team in words; people's names are for those who have signed in. ``version`` counts writes, so that
    two officers cannot overwrite each other without noticing.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="actions")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="parts", null=True, blank=True)
    reference = models.CharField(max_length=20, blank=True, default="")
    title = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    dropped_on = models.DateField(null=True, blank=True)
    dropped_why = models.TextField("why it was dropped", blank=True, default="")
    owner_person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="actions", null=True, blank=True)
    owner_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    owner_team = models.CharField(max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=0)

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["commitment", "parent", "reference"],
                condition=~models.Q(reference=""),
                nulls_distinct=False,
                name="action_reference_once",
            ),
            models.CheckConstraint(
                name="action_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            ),
            models.CheckConstraint(
                name="action_dropped_with_a_reason",
                condition=models.Q(dropped_on__isnull=True, dropped_why="")
                | (models.Q(dropped_on__isnull=False) & ~models.Q(dropped_why="")),
            ),
            models.CheckConstraint(
                name="action_done_or_dropped",
                condition=models.Q(done_on__isnull=True) | models.Q(dropped_on__isnull=True),
            ),
        ]
        indexes: ClassVar = [GinIndex(ACTION_WORDS, name="actions_by_words")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.done_on is None and self.dropped_on is None

    def is_late(self, today: date) -> bool:
        """Whether it should have been done before today and is still open. Without a due date it never is."""
        return self.is_open and is_over(self.due_on, today)


class ActionDueDateChange(models.Model):
    """A due date that was moved, and why. Append-only. ``was`` and ``now`` are None for "no due date"."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="due_date_changes")
    was = models.DateField(null=True, blank=True)
    now = models.DateField(null=True, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="due_date_moved_with_a_reason", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.was} to {self.now}"
