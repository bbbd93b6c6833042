"""The recommendations that ship have the rows of their source, and both wordings where it words something twice.

Written out from: Centre for Local Economic Strategies, "Embedding Community Wealth Building into Oxfordshire County Council. A
Framework for Action", October 2022, "Summary of Recommendations" and the "Key Actions" of its chapters.
"""

import pytest
from django.conf import settings

from commitments.models import Action, Strategy
from commitments.rules import stances
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from tests.factories import make_area

FILE = settings.BASE_DIR / "commitments" / "strategies" / "community-wealth-building.toml"
SUMMARY = {
    "1": "Prioritise Community Wealth Building in economic development practice.",
    "1a": "Establish a vision for progressive local economic development.",
    "1b": "Capture impact through a broad set of metrics.",
    "1c": "Ensure officer capacity to deliver economic development practices informed by the five community wealth building principles.",
    "2": "Leverage procurement for Community Wealth Building in Oxfordshire.",
    "2a": "Ensure procurement leads are supported to incorporate community wealth building approaches into practice.",
    "2b": "Analyse collective levels of local authority spend in Oxfordshire.",
    "2c": "Support the development of locally relevant TOMs.",
    "2d": "Engage potential suppliers.",
    "3": "Deepen the progressive practice of land use and disposal across the Oxfordshire footprint.",
    "3a": "Use surplus public land to support affordable housing and business space.",
    "3b": "Develop a community wealth building land use strategy for the county to influence local plans and anchor institution policy and practice relating to land use and disposal.",
    "3c": "Review the property and asset portfolio of the County Council to inform community asset transfers.",
    "4": "Implement lessons learned from the social contract programme and ensure ongoing funding.",
    "5": "Target Employment among the County's anchor institutions.",
    "5a": "Encourage Oxfordshire's anchor institutions to map employment profiles.",
    "5b": "Encourage anchor institutions to target employment opportunities towards deprived postcodes.",
    "6": "Consider the utility of the current business support offer.",
    "6a": "Audit business support alongside the Voluntary, Community and Social Enterprise (VCSE) sector to better understand the appropriateness and availability of the business support offer in Oxfordshire.",
    "6b": "Following an audit, consider additional support and available funding streams.",
}
"""The summary's wording of each recommendation and action."""
DIFFER = {"2b", "3", "5b", "6a"}
"""Where the chapter words it differently."""


def plain(text: str) -> str:
    return text.lower().rstrip(".")


def test_its_rows_are_those_of_the_source_with_both_wordings_where_they_differ():
    entry = read(FILE.read_text())
    rows = [row for group in entry.priorities for row in group.commitments]
    assert len(entry.priorities) == 6
    assert len(rows) == 15
    texts = {str(group.number): (group.title, group.other_wording) for group in entry.priorities if group.number != 4}
    texts |= {row.reference: (row.wording, row.other_wording) for row in rows}
    assert set(texts) == set(SUMMARY)
    assert {name for name, (_, other) in texts.items() if other} == DIFFER
    for name, (wording, other) in texts.items():
        assert plain(other or wording) == plain(SUMMARY[name]), name
        assert not other or plain(other) != plain(wording), name
    assert all(row.addressed_to[0] == "oxfordshire-county-council" for row in rows)


@pytest.mark.django_db
def test_it_loads_once_and_awaits_the_councils_response(now):
    for number, name in enumerate(("Cherwell", "Oxford", "South", "Vale", "West"), start=177):
        make_area(name, f"E07000{number}")
    entry = read(FILE.read_text())
    load_strategy(by=None, at=now, entry=entry)
    assert load_strategy(by=None, at=now, entry=entry).changes == []
    strategy = Strategy.objects.get(slug="community-wealth-building")
    assert {commitment.owner_response for commitment in strategy.commitments.all()} == {stances.AWAITED.code}
    actions = Action.objects.filter(commitment__strategy=strategy).order_by("id")
    assert [(action.commitment.reference, action.reference) for action in actions] == [
        ("5b", "i"),
        ("5b", "ii"),
        ("5b", "iii"),
    ]
