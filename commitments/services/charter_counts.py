"""Counts what an indicator of a charter has the portal count, when a round closes. Nobody types such a figure."""

from datetime import datetime

from django.utils import timezone

from commitments.models import Indicator, IndicatorValue, Round
from commitments.queries.signatories import counted, counting_day
from commitments.services.indicator_history import history, plain
from partners.models import User
from vcsportal.common.dates import in_words


def freeze_counts(*, by: User, at: datetime, round_: Round) -> None:
    """Keep what was counted for a round. Part of the transaction that closes it; closing it again counts again."""
    today = timezone.localdate(at)
    indicators = Indicator.objects.filter(strategy=round_.strategy_id).exclude(counts="").order_by("id")
    for indicator in indicators:
        number = counted(indicator.counts, round_, today)
        stored = IndicatorValue.objects.filter(indicator=indicator, round=round_, area=None).first()
        note = f"Counted by the portal, as of {in_words(counting_day(round_, today))}."
        if indicator.counts == "reaffirmed":
            note = "Counted by the portal when the round closed."
        if stored and (stored.value, stored.note) == (number, note):
            continue
        was = plain({"value": stored.value}) if stored else {}
        value = stored or IndicatorValue(indicator=indicator, round=round_, version=0)
        value.value, value.absent_reason, value.note, value.state = number, "", note, "approved"
        value.entered_at, value.entered_by, value.version = at, None, value.version + 1
        value.save()
        history(
            by=by, at=at, act="figure", indicator=indicator, round_=round_, from_state="", to_state="approved",
            said={"was": was, "now": plain({"value": number, "note": note})},
        )  # fmt: skip
