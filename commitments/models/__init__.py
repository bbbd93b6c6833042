"""The tables of strategies, rounds, updates and evidence."""

from commitments.models.actions import Action, ActionDueDateChange
from commitments.models.awards import Award
from commitments.models.case_studies import CaseStudy, CaseStudyChoice, CaseStudyQuotation, CaseStudyText
from commitments.models.charters import Reaffirmation, Signatory
from commitments.models.consent import Consent
from commitments.models.delivery import DELIVERY_ROLES, DeliveryPartner
from commitments.models.engagement import Attendance, Engagement
from commitments.models.evidence import Evidence, EvidenceLink
from commitments.models.evidence_files import EvidenceFile
from commitments.models.history import HistoryEntry
from commitments.models.indicators import Indicator, IndicatorTarget, IndicatorValue
from commitments.models.plan_uploads import MatchedWord, PlanUpload
from commitments.models.points import Point, PointContact
from commitments.models.progress import ProgressUpdate, Round
from commitments.models.responses import Response
from commitments.models.risks import Risk, RiskAssessment, RiskLead, RiskReview
from commitments.models.rounds import Contribution, FrozenStanding, RoundTask, SectorView, ViewReply
from commitments.models.sourced_figures import SourcedFigure, SourcedValue
from commitments.models.strategy import Commitment, FormerReference, Priority, Strategy
from commitments.models.workbooks import UploadedWorkbook
from commitments.models.working_copies import Note, TimeTaken, WorkingCopy

__all__ = [
    "DELIVERY_ROLES",
    "Action",
    "ActionDueDateChange",
    "Attendance",
    "Award",
    "CaseStudy",
    "CaseStudyChoice",
    "CaseStudyQuotation",
    "CaseStudyText",
    "Commitment",
    "Consent",
    "Contribution",
    "DeliveryPartner",
    "Engagement",
    "Evidence",
    "EvidenceFile",
    "EvidenceLink",
    "FormerReference",
    "FrozenStanding",
    "HistoryEntry",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "MatchedWord",
    "Note",
    "PlanUpload",
    "Point",
    "PointContact",
    "Priority",
    "ProgressUpdate",
    "Reaffirmation",
    "Response",
    "Risk",
    "RiskAssessment",
    "RiskLead",
    "RiskReview",
    "Round",
    "RoundTask",
    "SectorView",
    "Signatory",
    "SourcedFigure",
    "SourcedValue",
    "Strategy",
    "TimeTaken",
    "UploadedWorkbook",
    "ViewReply",
    "WorkingCopy",
]
