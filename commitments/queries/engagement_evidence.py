"""Which of the evidence that engagement links to somebody can't see."""

from commitments.models import Engagement, Evidence
from commitments.models.evidence import EvidenceQuerySet
from partners.models import User


def unseen_evidence(engagement: Engagement, person: User) -> EvidenceQuerySet:
    """Return the linked items that the person can't see, such as drafts of other organisations: they are not theirs to unlink."""
    seen = Evidence.objects.visible_to(person).filter(engagement=engagement)
    return Evidence.objects.filter(engagement=engagement).exclude(pk__in=seen.values("pk"))
