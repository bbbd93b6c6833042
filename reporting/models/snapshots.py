"""Daily copies of everything that is published as data."""

from django.db import models


class DataSnapshot(models.Model):
    """One day's copy of the published data: a zip in the storage, its size and checksum.

    ``datasets`` says of each dataset, by its name in addresses, how many ``rows`` it had, the ``sha256`` of its whole CSV file, and
    the day since which that has been the same (``same_since``).
    """

    day = models.DateField(unique=True)
    content = models.FileField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    datasets = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"Data of {self.day}"
