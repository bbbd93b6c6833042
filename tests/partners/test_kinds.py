"""The kinds of organisation and their sectors."""

import pytest

from partners.kinds import GROUP, KINDS, PUBLIC_BODY, SECTORS, TABLE, sector_of


def test_every_kind_but_groups_has_one_of_the_sectors():
    codes = {sector.code for sector in SECTORS}
    assert len(codes) == 6
    assert {kind.sector for kind in TABLE if kind.code != GROUP} == codes
    assert sector_of(GROUP, owns_strategies=True) == ""
    assert len({code for code, _ in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("kind", "owns", "sector"),
    [(PUBLIC_BODY, True, "council"), (PUBLIC_BODY, False, "public"), ("charity", True, "voluntary"), ("town_or_parish_council", False, "council")],
)  # fmt: skip
def test_a_public_body_that_owns_a_strategy_is_a_council(kind, owns, sector):
    assert sector_of(kind, owns_strategies=owns) == sector
