"""What this floor publishes as data."""

from typing import Final

from commitments.reading.datasets.county import AWARDS, FIGURES
from commitments.reading.datasets.engagement import DELIVERY_PARTNERS, ENGAGEMENT, RESPONSES
from commitments.reading.datasets.evidence import CASE_STUDIES, EVIDENCE
from commitments.reading.datasets.partnership import POINTS, RISKS, SIGNATORIES
from commitments.reading.datasets.plans import ACTIONS, COMMITMENTS, PRIORITIES, STRATEGIES
from commitments.reading.datasets.progress import INDICATORS, ROUNDS, UPDATES
from vcsportal.common.datasets import Dataset

DATASETS: Final[tuple[Dataset, ...]] = (
    STRATEGIES, PRIORITIES, COMMITMENTS, ACTIONS, ROUNDS, UPDATES, INDICATORS, EVIDENCE, CASE_STUDIES, FIGURES, AWARDS, RISKS,
    SIGNATORIES, POINTS, ENGAGEMENT, RESPONSES, DELIVERY_PARTNERS,
)  # fmt: skip
