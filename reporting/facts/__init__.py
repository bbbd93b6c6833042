"""The facts of an edition, as frozen plain values: no ORM, no request, no clock. Screen, print and exports read the
same.

Facts are stored with the edition as JSON, and reading them gives equal values. Texts are stored as they were written, in
the Markdown subset; the code that renders them sanitises them.
"""

from reporting.facts.basis import PortalIdentity, ProductionDetails, RoundFacts, RoundNameFacts, StrategyFacts
from reporting.facts.case_studies import CaseStudyFacts
from reporting.facts.changes import (
    AddedFacts,
    AmendedFacts,
    AnsweredFacts,
    ChangesFacts,
    DecidedFacts,
    DoneFacts,
    GroupChangeFacts,
    MeasuredFacts,
    MovedFacts,
    RenumberedFacts,
    RespondedFacts,
    SeatChangeFacts,
    SlippedFacts,
)
from reporting.facts.charters import SignatoryFacts
from reporting.facts.commitments import (
    ActionFacts,
    ActionMoveFacts,
    CommitmentFacts,
    PriorityFacts,
    RecordedStatusFacts,
    ViewFacts,
    YearFacts,
)
from reporting.facts.comparisons import AreaSumFacts, EarlierRoundFacts, EvidenceSumFacts
from reporting.facts.county_figures import AwardSumFacts, CountyFigureFacts
from reporting.facts.decisions import DecisionFacts
from reporting.facts.evidence import (
    STORY_TAKEN_BACK,
    AreaFacts,
    EvidenceFacts,
    LinkFacts,
    OrganisationFacts,
    PhotographFacts,
)
from reporting.facts.groups import EngagementFacts, GroupFacts, PointFacts, SeatFacts
from reporting.facts.numbers import AimFacts, FigureFacts, IndicatorFacts, StrandFacts
from reporting.facts.paper_skeleton import HeadLineFacts, LogoFacts, PaperIdentityFacts, PartFacts, SkeletonFacts
from reporting.facts.report import Report
from reporting.facts.responses import ResponseFacts
from reporting.facts.risks import RiskAssessmentFacts, RiskFacts, RiskRoseFacts
from reporting.facts.serialisation import READABLE, SCHEMA, checksum, checksum_of, from_json, to_json
from reporting.facts.texts import TextFacts

__all__ = [
    "READABLE",
    "SCHEMA",
    "STORY_TAKEN_BACK",
    "ActionFacts",
    "ActionMoveFacts",
    "AddedFacts",
    "AimFacts",
    "AmendedFacts",
    "AnsweredFacts",
    "AreaFacts",
    "AreaSumFacts",
    "AwardSumFacts",
    "CaseStudyFacts",
    "ChangesFacts",
    "CommitmentFacts",
    "CountyFigureFacts",
    "DecidedFacts",
    "DecisionFacts",
    "DoneFacts",
    "EarlierRoundFacts",
    "EngagementFacts",
    "EvidenceFacts",
    "EvidenceSumFacts",
    "FigureFacts",
    "GroupChangeFacts",
    "GroupFacts",
    "HeadLineFacts",
    "IndicatorFacts",
    "LinkFacts",
    "LogoFacts",
    "MeasuredFacts",
    "MovedFacts",
    "OrganisationFacts",
    "PaperIdentityFacts",
    "PartFacts",
    "PhotographFacts",
    "PointFacts",
    "PortalIdentity",
    "PriorityFacts",
    "ProductionDetails",
    "RecordedStatusFacts",
    "RenumberedFacts",
    "Report",
    "RespondedFacts",
    "ResponseFacts",
    "RiskAssessmentFacts",
    "RiskFacts",
    "RiskRoseFacts",
    "RoundFacts",
    "RoundNameFacts",
    "SeatChangeFacts",
    "SeatFacts",
    "SignatoryFacts",
    "SkeletonFacts",
    "SlippedFacts",
    "StrandFacts",
    "StrategyFacts",
    "TextFacts",
    "ViewFacts",
    "YearFacts",
    "checksum",
    "checksum_of",
    "from_json",
    "to_json",
]
