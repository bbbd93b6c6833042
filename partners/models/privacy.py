"""What was removed because it had been kept long enough. It says how much of what kind, and never whose."""

from typing import ClassVar

from django.db import models


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
