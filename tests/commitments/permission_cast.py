"""People and things for the table of permissions: people with two roles, people who have moved on, another council's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from commitments.content.updates import UpdateContent
from commitments.models import (
    Commitment,
    DeliveryPartner,
    Evidence,
    Indicator,
    IndicatorValue,
    ProgressUpdate,
    Round,
    Strategy,
)
from commitments.rules.indicators import IndicatorFigure
from commitments.services.evidence import log_evidence, submit_evidence
from commitments.services.indicators import FigureInput, IndicatorDefinition, define_indicator, enter_values
from commitments.services.progress import save_update, submit_update
from partners.models import Organisation, RoleGrant, User
from partners.services.access import end_access
from partners.services.roles import end_role
from tests.factories import (
    make_evidence,
    make_evidence_content,
    make_organisation,
    make_person,
    make_round,
    make_strategy,
)

SAID = UpdateContent("on_track", "It began.")


@dataclass
class Cast:
    """People by their names in the table, and what they are asked about."""

    people: dict[str, Any]
    organisations: dict[str, Organisation]
    strategy: Strategy
    commitment: Commitment
    round: Round
    update: ProgressUpdate
    of_commitment: Indicator
    of_priority: Indicator
    of_other_priority: Indicator
    value: IndicatorValue
    evidence: dict[str, Evidence]


def give(person: User, role: str, organisation: Organisation) -> None:
    """One more role."""
    RoleGrant.objects.create(person=person, role=role, organisation=organisation, granted_at=timezone.now())


def make_cast() -> Cast:
    """Reach everything through the services, then read people afresh: their roles are kept on the objects."""
    at = timezone.now()
    organisations = make_organisations()
    council, charity, other, hub = (organisations[name] for name in ("council", "charity", "other", "hub"))
    strategy = make_strategy(council)
    elsewhere = make_strategy(
        organisations["other council"], slug="elmshire", opens_first=False, steered_by=organisations["other group"]
    )
    people = {
        "ended": make_person("officer", council),
        "none": make_person(),
        "part": make_person("partner_contributor", charity),
        "lead": make_person("partner_lead", charity),
        "both": make_person("partner_lead", other),
        "left": make_person("partner_lead", organisations["left"]),
        "helper": make_person("partner_contributor", hub),
        "moved": make_person("partner_contributor", hub),
        "member": make_person("steering_group"),
        "member2": make_person("steering_group", organisations["other group"]),
        "began": make_person("officer", council),
        "sent": make_person("officer", council),
        "third": make_person("officer", council),
        "officer2": make_person("officer", organisations["other council"]),
        "admin": make_person("administrator"),
        "turned": make_person("partner_contributor", charity),
    }
    give(people["both"], "partner_contributor", charity)
    commitment, round_ = strategy.commitments.get(reference="1.1"), make_round(strategy)
    today = timezone.localdate()
    for organisation in (charity, other):
        DeliveryPartner.objects.create(commitment=commitment, organisation=organisation)
    DeliveryPartner.objects.create(
        commitment=commitment, organisation=organisations["left"], started_on=today - timedelta(days=90),
        ended_on=today - timedelta(days=9),
    )  # fmt: skip
    of: list[Any] = [commitment, *strategy.priorities.order_by("number")]
    first, second, third = (
        define_indicator(by=people["third"], at=at, of=one, what=IndicatorDefinition(code, "People"))
        for code, one in zip(("1.1a", "P1", "P2"), of, strict=True)
    )
    [value] = enter_values(
        by=people["turned"], at=at, round_=round_, entries=[FigureInput(first, IndicatorFigure(Decimal(9)))]
    )
    evidence = make_items(people, organisations, commitment, elsewhere.commitments.get(reference="1.1"), at)
    draft = save_update(by=people["began"], at=at, commitment=commitment, round_=round_, content=SAID, version=None)
    update = submit_update(
        by=people["sent"], at=at, commitment=commitment, round_=round_, content=SAID, version=draft.version
    )
    give(people["turned"], "officer", council)
    give(people["moved"], "partner_lead", organisations["left"])
    end_role(by=people["admin"], at=at, grant=people["moved"].role_grants.get(organisation=hub))
    end_access(by=people["admin"], at=at, person=people["ended"], reason="Left.")
    cast: dict[str, Any] = {name: User.objects.get(pk=person.pk) for name, person in people.items()}
    cast["anonymous"] = AnonymousUser()
    return Cast(cast, organisations, strategy, commitment, round_, update, first, second, third, value, evidence)


def make_organisations() -> dict[str, Organisation]:
    """Those that people belong to, and those that are asked about."""
    kinds = {
        "council": "public_body", "other council": "public_body", "hospital": "public_body", "charity": "charity",
        "other": "charity", "left": "charity", "hub": "infrastructure_body", "knitters": "unincorporated_group",
        "empty": "unincorporated_group", "other group": "partnership_group",
    }  # fmt: skip
    made = {name: make_organisation(f"The {name.title()}", kind) for name, kind in kinds.items()}
    administrator, gone = make_person("administrator"), make_person("partner_lead", made["empty"])
    end_role(by=administrator, at=timezone.now(), grant=gone.role_grants.get())
    return made


def make_items(
    people: dict[str, Any],
    organisations: dict[str, Organisation],
    commitment: Commitment,
    there: Commitment,
    at: datetime,
) -> dict[str, Evidence]:
    """Evidence in every state and relation."""
    part, third = people["part"], people["third"]
    items = {
        state: make_evidence(part, commitment, state=state, officer=third, publishable=False)
        for state in ("draft", "submitted", "accepted", "returned", "withdrawn")
    }
    items["elsewhere"] = make_evidence(part, there, state="submitted", publishable=False)
    own = log_evidence(
        by=people["began"], at=at, organisation=organisations["council"], content=make_evidence_content(commitment)
    )
    items["council's"] = submit_evidence(by=people["sent"], at=at, evidence=own)
    told = make_evidence_content(commitment, said_by="Nan", said_how="telephone", publishable=False)
    for name in ("helper", "moved"):
        items[f"logged by {name}"] = log_evidence(
            by=people[name], at=at, organisation=organisations["knitters"], content=told
        )
    return items
