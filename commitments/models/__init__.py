"""Tables of the middle floor."""

from commitments.models.evidence import Evidence, EvidenceFile, EvidenceLink
from commitments.models.history import HistoryEntry
from commitments.models.progress import ProgressUpdate, Round
from commitments.models.promises import DELIVERY_ROLES, Action, Commitment, DeliveryPartner, Priority, Strategy

__all__ = [
    "DELIVERY_ROLES",
    "Action",
    "Commitment",
    "DeliveryPartner",
    "Evidence",
    "EvidenceFile",
    "EvidenceLink",
    "HistoryEntry",
    "Priority",
    "ProgressUpdate",
    "Round",
    "Strategy",
]
