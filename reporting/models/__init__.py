"""Tables of the report: editions with their files, and what people write for them."""

from reporting.models.consented import ConsentedContent, Suspension
from reporting.models.editions import (
    Citation,
    Edition,
    EditionQuerySet,
    Face,
    Numbering,
    Withdrawal,
    narrative_of,
)
from reporting.models.following import Follow, Follower
from reporting.models.integrity import FaceErasure, IntegrityCheck
from reporting.models.publishing import EditionOpening, Proposal, ProposalQuerySet
from reporting.models.snapshots import DataSnapshot
from reporting.models.texts import Comment, ReportText, TextVersion

__all__ = [
    "Citation",
    "Comment",
    "ConsentedContent",
    "DataSnapshot",
    "Edition",
    "EditionOpening",
    "EditionQuerySet",
    "Face",
    "FaceErasure",
    "Follow",
    "Follower",
    "IntegrityCheck",
    "Numbering",
    "Proposal",
    "ProposalQuerySet",
    "ReportText",
    "Suspension",
    "TextVersion",
    "Withdrawal",
    "narrative_of",
]
