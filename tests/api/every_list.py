"""Every list of the API, and a world in which each has several rows."""

from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.content.engagement import EngagementPlan
from commitments.content.points import RecordedPoint
from commitments.content.risks import RiskContent
from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.models import Evidence, EvidenceFile
from commitments.services.awards import add_award
from commitments.services.case_studies import submit_case_study
from commitments.services.case_study_review import accept_case_study
from commitments.services.engagement import plan_engagement
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.receiving_points import record_point
from commitments.services.risks import record_risk
from commitments.services.sourced_figures import add_figure
from commitments.services.sourced_values import add_sourced_value
from partners.services.sources import SourceContent, add_source
from tests.api.conftest import ROOT, World, make_world
from tests.commitments.charter import make_charter, signed
from tests.factories import make_area, make_edition, make_evidence, make_group, make_organisation, make_round
from vcsportal.api_docs import description
from vcsportal.common.api_cursors import CURSOR

ROWS: Final = 4
"""How many rows each list has at least."""
WITH_FILES: Final = 900_001
"""The id of the item of evidence whose files are listed."""
_IN_ADDRESSES: Final = {
    "strategy": "our-strategy", "key": "thing-1-1", "gss_code": "E07000177", "evidence": str(WITH_FILES),
}  # fmt: skip


def every_list() -> dict[str, dict[str, Any]]:
    """Return the operations of all lists by their addresses after the API's root: of all that can be gone through by a cursor."""
    found = {}
    for path, operations in description()["paths"].items():
        if any(parameter["name"] == CURSOR for parameter in operations.get("get", {}).get("parameters", ())):
            strategy = "the-compact" if "signatories" in path else "our-strategy"
            found[path.removeprefix(ROOT).format(**{**_IN_ADDRESSES, "strategy": strategy})] = operations
    return found


def make_full_world() -> World:
    """Return the small world with at least :data:`ROWS` rows in every list that anybody may read."""
    world, today, now = make_world(), timezone.localdate(), timezone.now()
    strategy = world.strategy
    by: dict[str, Any] = {"by": world.officer, "at": now}
    first = world.commitment
    action, indicator, part = first.actions.get(), first.indicators.get(), first.delivery_partners.get()
    for number in range(1, ROWS):
        make_area(f"Place {number}", f"E0700018{number}")
        make_round(strategy, years_ago=number)
        make_charter(world.council, slug=f"charter-{number}")
        make_edition(round_=world.round, number=2 + number, published=True, **by)
        make_group(make_organisation(f"Group {number}", "partnership_group"))
        strategy.priorities.create(number=2 + number, title="Of the same title")
        again(action, title=f"Hall {number}")
        again(indicator, code=f"1.1{number}")
        again(part, organisation=make_organisation(f"Trust {number}"))
        commitment = strategy.commitments.in_order()[number]
        if commitment != world.draft_update.commitment:
            again(world.update, commitment=commitment)
        address(commitment, [world.council.slug], done=LoadedCommitments())
    again(world.update, round=strategy.rounds.newest_first()[1])
    address(world.commitment, [world.council.slug], done=LoadedCommitments())
    charter = make_charter(world.council)
    plan = EngagementPlan("visit", "A visit", today)
    figure = add_figure(strategy=strategy, content=SourcedFigureContent("money", "Grants", unit="£"), **by)
    grant = AwardContent("grant", "", "A ramp", Decimal(950), date(2024, 5, 1), recipient=world.charity)
    value = SourcedValueContent(
        Decimal(500), period="2020/21", source=add_source(content=SourceContent("Accounts", period="2021"), **by)
    )
    for number in range(ROWS):
        signed(charter, make_organisation(f"Signs {number}"))
        point = RecordedPoint("said", f"More seats, {number}.", today, strategy=strategy)
        record_point(content=point, publish=True, **by)
        plan_engagement(group=None, strategy=strategy, plan=plan, **by)
        record_risk(strategy=strategy, content=RiskContent(f"Hall {number} closes"), **by)
        add_award(figure=figure, content=replace(grant, identifier=f"a-{number}"), **by)
        money = add_figure(strategy=strategy, content=SourcedFigureContent("money", f"Grants {number}", unit="£"), **by)
        add_sourced_value(figure=money, content=value, **by)
        evidence: Evidence = make_evidence(world.partner, world.commitment, state="accepted", officer=world.officer)
        story = CaseStudyContent("A kitchen", what_was_done="We cooked.")
        submit_case_study(by=world.partner, at=now, evidence=evidence, content=story)
        accept_case_study(case_study=evidence.case_study, **by)
    shown = again(evidence, pk=WITH_FILES, form_token=None)
    for number in range(ROWS):
        EvidenceFile.objects.create(
            evidence=shown, kind="document", name=f"{number}.txt", media_type="text/plain", size=1, sha256=f"{number:064}",
            added_at=now, added_by=world.partner,
        )  # fmt: skip
    return world


def again(row: Any, **changes: Any) -> Any:
    """Save another row that is like this one but for these changes."""
    other = copy(row)
    other.pk, other._state.adding = None, True
    for name, value in changes.items():
        setattr(other, name, value)
    other.save(force_insert=True)
    return other
