"""A small world in which every door has something behind it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from commitments.models import Commitment, Evidence, Round, Strategy
from commitments.services.planning import plan_action
from partners.models import User
from tests.factories import make_evidence, make_organisation, make_person, make_round, make_strategy


@dataclass
class World:
    """People by the names of the cast, and things that belong to the partner's organisation."""

    people: dict[str, User | None]
    strategy: Strategy
    commitment: Commitment
    open_round: Round
    things: dict[str, Any] = field(default_factory=dict)

    def evidence(self, state: str) -> Evidence:
        """A fresh piece of the partner's in this state, not to be published."""
        partner, officer = self.people["partner"], self.people["second_officer"]
        assert partner is not None
        return make_evidence(partner, self.commitment, state=state, officer=officer, publishable=False)


def make_world() -> World:
    council = make_organisation("Oxfordshire County Council", "public_body", slug="oxfordshire-county-council")
    charity, other = make_organisation("Rowan Trust"), make_organisation("Willow Circle", "faith_group")
    people: dict[str, User | None] = {
        "anonymous": None,
        "nobody": make_person(),
        "outsider": make_person("partner_lead", other),
        "partner": make_person("partner_contributor", charity),
        "partner_lead": make_person("partner_lead", charity),
        "steering_member": make_person("steering_group"),
        "officer": make_person("officer", council),
        "second_officer": make_person("officer", council),
        "administrator": make_person("administrator"),
    }
    strategy = make_strategy(council)
    commitment = strategy.commitments.get(reference="1.1")
    world = World(people, strategy, commitment, make_round(strategy))
    officer = people["officer"]
    assert officer is not None
    world.things = {
        "council": council,
        "charity": charity,
        "action": plan_action(
            by=officer, at=timezone.now(), commitment=commitment, title="Step", due_on=timezone.localdate() + timedelta(9)
        ),
    }
    return world
