"""An edition as a whole."""

from dataclasses import dataclass, field, replace
from datetime import date

from commitments.rules.periods import PeriodKind, period_among, period_of, period_of_all
from commitments.rules.stances import HOLDING_BACK
from commitments.rules.status import STATUSES
from partners import area_kinds
from reporting.facts.basis import PortalIdentity, ProductionDetails, RoundFacts, RoundNameFacts, StrategyFacts
from reporting.facts.case_studies import CaseStudyFacts
from reporting.facts.changes import ChangesFacts
from reporting.facts.charters import SignatoryFacts
from reporting.facts.commitments import CommitmentFacts, PriorityFacts
from reporting.facts.comparisons import EarlierRoundFacts
from reporting.facts.county_figures import AwardSumFacts, CountyFigureFacts
from reporting.facts.decisions import DecisionFacts
from reporting.facts.evidence import AreaFacts, EvidenceFacts, OrganisationFacts
from reporting.facts.groups import EngagementFacts, GroupFacts, PointFacts
from reporting.facts.paper_skeleton import PaperIdentityFacts, SkeletonFacts
from reporting.facts.responses import ResponseFacts
from reporting.facts.risks import RiskFacts
from reporting.facts.texts import TextFacts


@dataclass(frozen=True, slots=True)
class Report:
    """All facts of an edition.

    ``unpublished`` counts the year's accepted items of evidence that may not be published, and are in no other count; None in
    editions made before it was counted. ``actions_as_at`` is the day on which the actions stood as the report says.
    ``late`` holds evidence of earlier rounds that came in after their reports were sealed. It is numbered after ``evidence`` and
    is in no count of the year. ``round_names`` are the strategy's rounds with
    their titles and periods, () in editions made before they were kept; all else names a round by its slug. ``areas`` are those that evidence and
    organisations name. ``groups`` are the strategy owner's group, where the owner is one, and those of its priorities, with their
    seats on the day of ``actions_as_at``; ``group`` is the slug of the owner's. ``engagement`` was held in the period, the
    earliest first; ``planned`` is still to come after it. ``points`` were made in the period and published.
    ``paper_identity`` is how the committee paper presents the owner, None where it does so as the portal presents itself.
    ``decisions`` are those of the steering group's meetings in the period, () in editions made before
    they were kept. ``signatories`` are those of a charter. ``risks`` are those that had not ended when the report was made, ()
    in editions made before they were kept.

    ``county_figures`` are figures with sources that were chosen for the report, ``award_sums`` what the awards under
    them come to. ``earlier`` is what organisations did in the rounds before, the oldest first, () in editions made before it was
    kept. ``districts`` are the areas in which the strategy's owner works, and those that evidence of this round or the one before names, () in
    editions made before they were kept.

    ``read_checksum`` is the SHA-256 of the JSON that the facts were read from, "" for facts that were assembled here. It is
    no fact itself and is never written: facts of an older shape have other keys today than when they were sealed.
    """

    schema: int
    identity: PortalIdentity
    strategy: StrategyFacts
    round: RoundFacts
    rounds: tuple[str, ...]
    making: ProductionDetails
    priorities: tuple[PriorityFacts, ...]
    evidence: tuple[EvidenceFacts, ...]
    organisations: tuple[OrganisationFacts, ...]
    texts: tuple[TextFacts, ...] = ()
    changes: ChangesFacts | None = None
    skeleton: SkeletonFacts | None = None
    unpublished: int | None = None
    actions_as_at: date | None = None
    late: tuple[EvidenceFacts, ...] = ()
    round_names: tuple[RoundNameFacts, ...] = ()
    areas: tuple[AreaFacts, ...] = ()
    group: str = ""
    groups: tuple[GroupFacts, ...] = ()
    engagement: tuple[EngagementFacts, ...] = ()
    planned: tuple[EngagementFacts, ...] = ()
    points: tuple[PointFacts, ...] = ()
    paper_identity: PaperIdentityFacts | None = None
    decisions: tuple[DecisionFacts, ...] = ()
    signatories: tuple[SignatoryFacts, ...] = ()
    county_figures: tuple[CountyFigureFacts, ...] = ()
    award_sums: tuple[AwardSumFacts, ...] = ()
    risks: tuple[RiskFacts, ...] = ()
    case_studies: tuple[CaseStudyFacts, ...] = ()
    earlier: tuple[EarlierRoundFacts, ...] = ()
    districts: tuple[AreaFacts, ...] = ()
    read_checksum: str = field(default="", compare=False, metadata={"is_fact": False})

    @property
    def period(self) -> PeriodKind:
        """What the reported period is called, by its length, and what the rounds that the report compares it with are."""
        own = period_of(self.round.observes_from, self.round.observes_to)
        known = [(named.observes_from, named.observes_to) for named in self.round_names if named.slug in self.rounds]
        return period_among(own, period_of_all(known) if known else own)

    @property
    def area_nouns(self) -> str:
        """What the areas that it names are called: "districts" where all of them are, else "areas"."""
        return area_kinds.nouns(area.kind for area in self.areas)

    @property
    def area_noun(self) -> str:
        """What one of the areas that it names is called: "district" where all of them are districts, else "area"."""
        return area_kinds.noun(area.kind for area in self.areas)

    def label_of(self, round_: str) -> str:
        """Return what people call a round of the strategy, by its slug: its title or, where it has none, the slug."""
        return next((named.title for named in self.round_names if named.slug == round_ and named.title), round_)

    def named_changes(self) -> ChangesFacts | None:
        """Return what changed, with what people call the round before in the place of its slug."""
        return self.changes and replace(self.changes, against=self.label_of(self.changes.against))

    def text(self, section: str) -> str:
        """Return what officers wrote for a section of :mod:`reporting.narrative.sections`; "" where nobody wrote anything."""
        return next((text.text for text in self.texts if text.section == section), "")

    def owner_taking_part(self) -> str:
        """Return the council's name where its own evidence is in the report; "" where it is not, or editions did not say."""
        return next((organisation.name for organisation in self.organisations if organisation.is_owner), "")

    def language_of(self, section: str) -> str:
        """Return the language in which a section was written; "" for the portal's."""
        return next((text.language for text in self.texts if text.section == section), "")

    def group_called(self, slug: str) -> GroupFacts | None:
        """Return the group whose organisation has this slug; None where the report describes no such group."""
        return next((group for group in self.groups if slug and group.slug == slug), None)

    @property
    def own_group(self) -> GroupFacts | None:
        """The group that the strategy's owner is, or None."""
        return self.group_called(self.group)

    def lost(self) -> int:
        """Return the number of photographs that belong in the report and whose files are missing."""
        return sum(item.lost for item in self.all_evidence())

    def all_evidence(self) -> tuple[EvidenceFacts, ...]:
        """Return every item in the report: the year's, and the late ones about earlier years."""
        return (*self.evidence, *self.late)

    def commitments(self) -> list[CommitmentFacts]:
        """Return every commitment, in the strategy's own order."""
        return [commitment for priority in self.priorities for commitment in priority.commitments]

    def statuses(self) -> list[str]:
        """Return the standings that occur, in the tables' order: statuses, responses that hold progress back, "" (no update)."""
        found = {
            commitment.standing for commitment in self.commitments() if commitment.standing or commitment.is_silent
        }
        order = [*(status.code for status in STATUSES), *(stance.code for stance in HOLDING_BACK), ""]
        return [code for code in order if code in found]

    def responses(self) -> list[tuple[CommitmentFacts, ResponseFacts]]:
        """Return every response with its commitment, in the order of their numbers."""
        return [(commitment, response) for commitment in self.commitments() for response in commitment.responses]
