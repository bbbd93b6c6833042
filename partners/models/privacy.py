"""What was removed because it had been kept long enough, without names; and complaints about personal data."""

from typing import ClassVar

from django.db import models

from partners.models.people import User

COMPLAINT_STEPS = (
    ("acknowledged", "Acknowledged by letter or telephone"),
    ("step", "Step taken"),
    ("outcome", "Outcome"),
)


class RetentionRun(models.Model):
    """One run of the job that removes personal data. ``finished_at`` is None while it runs, or where it was stopped."""

    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class RetentionCount(models.Model):
    """How many things of one kind a run removed. ``kind`` is the code of a rule; ``failed`` says that it could not finish."""

    run = models.ForeignKey(RetentionRun, on_delete=models.CASCADE, related_name="counts")
    kind = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=0)
    failed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "kind"], name="one_count_of_a_kind_in_a_run")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"


class Complaint(models.Model):
    """A complaint about how personal data was handled, from anyone, with or without an account.

    It is acknowledged at once by email where an address was given; ``acknowledged_at`` is None until somebody has
    acknowledged the others. ``closed_at`` is when the outcome was recorded, and ``erased_at`` when name, contact details and
    words were erased.
    """

    form_token = models.UUIDField("the form it came from, so that a double click makes one", unique=True)
    received_at = models.DateTimeField()
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    contact = models.CharField(max_length=500, blank=True)
    words = models.TextField(blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Complaint {self.pk}"


class ComplaintStep(models.Model):
    """What was done about a complaint, who did it and when. Nothing in it is changed until it is erased with the complaint."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=COMPLAINT_STEPS)
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.complaint}: {self.get_kind_display()}"
