"""A report names the council where the strategy is a council's, and else its owner and who supports it."""

from dataclasses import replace

import pytest

from reporting.exports.commitments import ROUND
from reporting.narrative.definitions import printed
from reporting.paper.outline import outline
from reporting.rendering.body import to_html
from tests.made_up_kind import words_of
from tests.reporting.small import empty, small


def consortiums(report, supported_by="Shirewell Council"):
    priorities = tuple(
        replace(priority, summary="") for priority in report.priorities
    )  # people's words stay as they are
    strategy = replace(report.strategy, owner="Shirewell Together", is_councils=False, supported_by=supported_by)
    return replace(report, strategy=strategy, priorities=priorities)


def told(report) -> str:
    definitions = [f"{one.label}. {one.meaning} {one.base} {one.source}" for one in printed(report)]
    return "\n".join([words_of(to_html(report)), *map(repr, outline(report).blocks), *definitions])


@pytest.mark.parametrize("make", [small, empty])
def test_nothing_is_said_of_a_council_that_does_not_own_the_strategy(make):
    report = make()
    assert "a second person at the council" in told(report).lower()
    own = told(consortiums(report))
    without = own.replace("Example County Council", "").replace("Shirewell Council", "").lower()
    assert "council" not in without.replace("council-", "").replace("cover__council", "")
    assert (
        "a second person at Shirewell Together, or else at Shirewell Council, or else an administrator of the portal"
        in own
    )
    assert "accepted by someone who answers for Shirewell Together" in own


def test_nobody_supports_every_owner():
    own = told(consortiums(small(), supported_by=""))
    assert "A second person at Shirewell Together, or else an administrator of the portal has approved it." in own


def test_the_data_name_who_supports_the_owner():
    table = ROUND.fill(consortiums(small()))
    [place] = [number for number, column in enumerate(table.columns) if column.name == "supported_by"]
    assert table.rows[0][place] == "Shirewell Council"
