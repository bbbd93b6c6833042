"""A page asks the database the same few questions, whether there is one row or five hundred."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.models import (
    Action,
    Commitment,
    DeliveryPartner,
    Evidence,
    HistoryEntry,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    ProgressUpdate,
    SectorView,
)
from partners.services.roles import add_person_with_role
from tests.factories import make_organisation, make_round, make_strategy

pytestmark = pytest.mark.django_db

AT_MOST = 14
MY_WORK = 17
"""My tasks gathers from every place in which something can wait for somebody: views and comments on drafts, too."""
SIZES = (1, 32, 500)
PUBLIC = ("home", "glance", "priority", "commitment-list", "filtered", "commitment", "strategies")
OWN = ("my-work", "update", "status-change", "people", "delivery", "action-new")


def fill(size: int, council, officer, partner):
    """A strategy with ``size`` commitments, each led, said of and delivered; and the first with ``size`` of everything."""
    strategy = make_strategy(council, slug=f"s{size}", shape=tuple(size // 5 + (n < size % 5) for n in range(5)))
    rounds = [make_round(strategy), make_round(strategy, years_ago=1)]
    now = timezone.now()
    Commitment.objects.filter(strategy=strategy).update(
        lead_officer=officer, status="on_track", status_at=now - timedelta(days=400), status_by=officer
    )
    commitments = list(strategy.commitments.in_order())
    first = commitments[0]
    first.supporting_officers.add(officer)
    charity = partner.organisations[0]
    DeliveryPartner.objects.bulk_create([DeliveryPartner(commitment=one, organisation=charity) for one in commitments])
    said = {"state": "published", "status": "on_track", "saved_at": now, "saved_by": officer, "published_at": now}
    said |= {"submitted_at": now, "submitted_by": officer}
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(commitment=one, round=round_, published_by=officer, narrative="We **met**", **said)
        for one in commitments
        for round_ in rounds
    )
    HistoryEntry.objects.bulk_create(
        HistoryEntry(at=now, by=officer, act="status", commitment=one, to_state="on_track", reason="Good")
        for one in [*commitments, *[first] * size]
    )
    Action.objects.bulk_create(
        Action(commitment=first, title=f"Step {n}", due_on=now.date() - timedelta(days=n)) for n in range(1, size + 1)
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(strategy=strategy, commitment=first, code=f"I{n}", title=f"Counted {n}") for n in range(size)
    )
    IndicatorTarget.objects.bulk_create(
        IndicatorTarget(indicator=one, round=round_, value=9) for one in indicators for round_ in rounds
    )
    IndicatorValue.objects.bulk_create(
        IndicatorValue(indicator=one, round=round_, value=7, entered_at=now) for one in indicators for round_ in rounds
    )
    SectorView.objects.create(
        commitment=first, round=rounds[0], organisation=charity, status="delayed", reason="We wait.", differs=True,
        said_at=now, said_by=partner,
    )  # fmt: skip
    pieces = Evidence.objects.bulk_create(
        Evidence(
            organisation=charity, title=f"Piece {n}", happened_from=now.date(), publishable=True, logged_at=now,
            logged_by=partner, submitted_at=now, submitted_by=partner, **state,
        )
        for n in range(size)
        for state in (
            {"state": "accepted", "accepted_at": now, "accepted_by": officer}, {"state": "submitted"}, {"state": "draft"},
        )
    )  # fmt: skip
    through = Evidence.commitments.through
    through.objects.bulk_create(through(evidence_id=piece.pk, commitment_id=first.pk) for piece in pieces)
    return strategy


def address(strategy, name: str) -> str:
    one = [strategy.slug, "thing-1-1"]
    if name == "filtered":
        return address(strategy, "commitment-list") + "?status=on_track&q=thing&organisation=rowan-trust"
    args = {
        "home": [], "strategies": [], "my-work": [], "glance": one[:1], "commitment-list": one[:1], "priority": [one[0], 1]
    }  # fmt: skip
    return reverse(f"commitments:{name}", args=args.get(name, one))


def count(client, url: str, *, most: int = AT_MOST) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(url)
    asked = [query["sql"] for query in queries]
    assert response.status_code == 200, url
    assert len(asked) <= most, "\n".join([url, *asked])
    return len(asked)


def test_pages_ask_the_same_few_questions_for_1_32_and_500_rows(
    client, signed_in, council, officer, partner, administrator
):
    asked = {}
    for size in SIZES:
        strategy = fill(size, council, officer, partner)
        public, own = [address(strategy, name) for name in PUBLIC], [address(strategy, name) for name in OWN]
        asked[size] = (
            [count(client, url) for url in public],
            [count(signed_in(officer), url, most=MY_WORK if "my-work" in url else AT_MOST) for url in public + own],
            [count(signed_in(person), "/my-work/", most=MY_WORK) for person in (partner, administrator)],
        )
    assert asked[1] == asked[32] == asked[500]
    assert [len(numbers) for numbers in asked[1]] == [7, 13, 2]


def test_forms_ask_no_more_with_many_organisations_and_officers(signed_in, council, officer, strategy):
    def asked() -> list[int]:
        return [
            count(signed_in(officer), address(strategy, name)) for name in ("people", "delivery", "commitment-list")
        ]

    few = asked()
    for number in range(30):
        add_person_with_role(
            by=None, at=timezone.now(), email=f"o{number}@example.org", name="O", role="officer", organisation=council
        )
        make_organisation()
    assert asked() == few
