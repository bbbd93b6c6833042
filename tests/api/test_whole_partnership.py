"""All that is published of the partnership is in the API: each dataset has a list, and what pages say of a thing its answer says."""

from datetime import date

import pytest
from django.utils import timezone

from commitments.content.engagement import EngagementPlan
from commitments.content.points import RecordedPoint
from commitments.models import FormerReference, Point, Strategy
from commitments.services.engagement import plan_engagement
from commitments.services.receiving_points import record_point
from partners.models import PartnershipGroup
from tests.api.every_list import every_list
from vcsportal.open_data.catalogue import DATASETS

pytestmark = pytest.mark.django_db
HERE = "strategies/our-strategy/"
LISTS_OF_DATASETS = {
    "strategies": "strategies/",
    "priorities": f"{HERE}priorities/",
    "commitments": f"{HERE}commitments/",
    "actions": f"{HERE}commitments/thing-1-1/actions/",
    "delivery-partners": f"{HERE}commitments/thing-1-1/partners/",
    "rounds": f"{HERE}rounds/",
    "updates": f"{HERE}updates/",
    "indicators": f"{HERE}indicators/",
    "evidence": "evidence/",
    "case-studies": "case-studies/",
    "risks": f"{HERE}risks/",
    "signatories": "strategies/the-compact/signatories/",
    "points": "points/",
    "engagement": "engagement/",
    "responses": f"{HERE}responses/",
    "figures": "figures/",
    "awards": "awards/",
    "organisations": "organisations/",
    "groups": "groups/",
    "seats": "groups/",
    "editions": "editions/",
}
"""Where the API has the rows of each dataset."""


def test_each_dataset_has_a_list_in_the_api():
    assert {dataset.slug for dataset in DATASETS} == LISTS_OF_DATASETS.keys()
    assert set(LISTS_OF_DATASETS.values()) <= every_list().keys()


def test_what_pages_say_of_a_thing_its_answer_says(stranger, world, officer):
    Strategy.objects.filter(pk=world.strategy.pk).update(language="cy")
    FormerReference.objects.create(commitment=world.commitment, reference="9.1", held_until=date(2025, 5, 6))
    PartnershipGroup.objects.update(terms_of_reference="Meets in public.", reviewed_on=date(2025, 3, 1))
    by = {"by": officer, "at": timezone.now()}
    today = timezone.localdate()
    meeting = plan_engagement(
        group=None, strategy=world.strategy, plan=EngagementPlan("meeting", "The board", today), **by
    )
    point = record_point(content=RecordedPoint("said", "A hall.", today, strategy=world.strategy), publish=True, **by)
    action = world.commitment.actions.get()
    Point.objects.filter(pk=point.pk).update(became_action=action, decided_at=meeting)
    assert stranger.list("strategies/")[0]["language"] == "cy"
    assert stranger.get(f"{HERE}commitments/thing-1-1/").json()["former_references"] == [
        {"reference": "9.1", "held_from": None, "held_until": "2025-05-06"}
    ]
    group = stranger.list("groups/")[0]
    assert (group["terms_of_reference"], group["reviewed_on"]) == ("Meets in public.", "2025-03-01")
    [told] = stranger.list("points/")
    assert (told["action"], told["decided_where"]) == (
        f"http://127.0.0.1:8000/api/v1/{HERE}commitments/thing-1-1/actions/{action.pk}/",
        "",
    )
    Point.objects.filter(pk=point.pk).update(
        responded_at=timezone.now(), responded_by=officer, stance="yes", response="We will.", state="answered"
    )
    assert stranger.list("points/")[0]["decided_where"] == "The board"
