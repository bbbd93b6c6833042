"""The tables of strategies, rounds, updates and evidence."""

from commitments.models.actions import Action, ActionDueDateChange
from commitments.models.consent import Consent
from commitments.models.delivery import DELIVERY_ROLES, DeliveryPartner
from commitments.models.evidence import Evidence, EvidenceFile, EvidenceLink
from commitments.models.history import HistoryEntry
from commitments.models.indicators import Indicator, IndicatorTarget, IndicatorValue
from commitments.models.progress import ProgressUpdate, Round
from commitments.models.responses import Response
from commitments.models.rounds import Contribution, FrozenStanding, RoundTask, SectorView, ViewReply
from commitments.models.strategy import Commitment, FormerReference, Priority, Strategy
from commitments.models.working_copies import Note, TimeTaken, WorkingCopy

__all__ = [
    "DELIVERY_ROLES",
    "Action",
    "ActionDueDateChange",
    "Commitment",
    "Consent",
    "Contribution",
    "DeliveryPartner",
    "Evidence",
    "EvidenceFile",
    "EvidenceLink",
    "FormerReference",
    "FrozenStanding",
    "HistoryEntry",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Note",
    "Priority",
    "ProgressUpdate",
    "Response",
    "Round",
    "RoundTask",
    "SectorView",
    "Strategy",
    "TimeTaken",
    "ViewReply",
    "WorkingCopy",
]
