"""Tables of the middle floor."""

from commitments.models.consent import Consent
from commitments.models.evidence import Evidence, EvidenceFile, EvidenceLink
from commitments.models.history import HistoryEntry
from commitments.models.indicators import Indicator, IndicatorTarget, IndicatorValue
from commitments.models.progress import ProgressUpdate, Round
from commitments.models.promises import DELIVERY_ROLES, Action, Commitment, DeliveryPartner, Priority, Strategy
from commitments.models.rounds import Contribution, FrozenStanding, RoundTask, SectorView
from commitments.models.writing import Note, TimeTaken, WorkingCopy

__all__ = [
    "DELIVERY_ROLES",
    "Action",
    "Commitment",
    "Consent",
    "Contribution",
    "DeliveryPartner",
    "Evidence",
    "EvidenceFile",
    "EvidenceLink",
    "FrozenStanding",
    "HistoryEntry",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Note",
    "Priority",
    "ProgressUpdate",
    "Round",
    "RoundTask",
    "SectorView",
    "Strategy",
    "TimeTaken",
    "WorkingCopy",
]
