"""Every dataset that the portal publishes, under the headings of its page: each floor declares its own."""

from dataclasses import dataclass
from typing import Final

from commitments.reading import datasets as of_commitments
from partners.reading import datasets as of_partners
from reporting.reading import datasets as of_reports
from vcsportal.common.datasets import Dataset

DATASETS: Final[tuple[Dataset, ...]] = (*of_commitments.DATASETS, *of_partners.DATASETS, *of_reports.DATASETS)
DATASET: Final = {dataset.slug: dataset for dataset in DATASETS}


@dataclass(frozen=True, slots=True)
class DatasetGroup:
    """Datasets about one thing, under its heading."""

    title: str
    datasets: tuple[Dataset, ...]


def _group(title: str, *slugs: str) -> DatasetGroup:
    return DatasetGroup(title, tuple(DATASET[slug] for slug in slugs))


GROUPS: Final = (
    _group(
        "Plans and what they promise",
        "strategies",
        "priorities",
        "commitments",
        "actions",
        "delivery-partners",
        "responses",
        "risks",
        "signatories",
    ),
    _group("Progress", "rounds", "updates", "indicators", "evidence", "case-studies", "editions"),
    _group("Organisations and groups", "organisations", "groups", "seats", "engagement", "points"),
    _group("The county and its money", "figures", "awards"),
)
