"""Published editions of reports as a dataset."""

from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from reporting.models import Edition
from vcsportal.common.addresses import address
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.columns import MOMENT, NUMBER, TEXT
from vcsportal.common.datasets import DataColumn, Dataset


def _editions(day: date) -> QuerySet[Any]:
    return Edition.objects.filter(published_at__isnull=False).order_by("id")


EDITIONS: Final = Dataset(
    "editions",
    "Editions of reports",
    "One row for each published edition of a report, also one that was withdrawn. Its page offers the report and its data.",
    (
        DataColumn("edition", NUMBER, "Its number in the portal.", "id"),
        DataColumn("strategy", TEXT, "The name of the strategy in addresses; it is in the dataset of strategies.", "round__strategy__slug"),
        DataColumn("round", TEXT, "The reporting round, by its name in addresses.", "round__slug"),
        DataColumn("number", NUMBER, "Its number among the editions of the round."),
        DataColumn("published_at", MOMENT, "When it was published."),
        DataColumn("withdrawn_at", MOMENT, "When it was withdrawn. Empty if it was not.", "withdrawal__at"),
        DataColumn("withdrawn_why", TEXT, "Why it was withdrawn.", "withdrawal__reason"),
        DataColumn("checksum", TEXT, "The checksum (SHA-256) that is printed on the report’s last page.", "facts_sha256"),
        DataColumn("page", TEXT, "The address of its page.", "id", lambda number: portal_url(address("reporting:edition", number))),
    ),
    _editions,
    ("reports", "annual report"),
)  # fmt: skip

DATASETS: Final[tuple[Dataset, ...]] = (EDITIONS,)
