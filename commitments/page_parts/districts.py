"""What the page of a district and its answer in the API share: the district at an address, and what was chosen."""

from collections.abc import Iterable
from datetime import date

from django.http import Http404

from commitments.filters.districts import DistrictFilter
from commitments.reading.district_page import Chosen, strategies_to_show
from partners.reading.areas import DistrictRecord, district_called


def find_district(districts: Iterable[DistrictRecord], name: str, today: date) -> DistrictRecord:
    """Return the district with this GSS code or name. Raise 404 where there is none."""
    found = district_called(districts, name, today)
    if found is None:
        raise Http404
    return found


def chosen_by(filters: DistrictFilter, district: DistrictRecord, today: date) -> Chosen:
    """Return what a valid filter chose for a district."""
    strategy, rounds = filters.chosen_strategy, filters.chosen_rounds
    shown = (strategy,) if strategy else strategies_to_show(filters.strategies, rounds, district.read_on(today))
    return Chosen(
        shown,
        {round_.strategy_id: round_ for round_ in rounds},
        strategy.slug if strategy else "",
        filters.form.cleaned_data.get("round") or "",
    )
