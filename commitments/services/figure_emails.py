"""Emails a partner whose figure was returned."""

from datetime import datetime

from django.urls import reverse

from commitments.models import IndicatorValue
from commitments.queries.round_organisations import people_who_answer
from commitments.rules import indicators as rules
from partners.emails.outbox import put_mail
from partners.models import User


def send_returned_figure(*, at: datetime, by: User, value: IndicatorValue) -> None:
    """Write to whoever supplied the figure; once they have left, to whoever answers for the organisation now.

    Part of the transaction that returns it.
    """
    to = _whom(value)
    if to is None:
        return
    indicator, round_ = value.indicator, value.round
    where = [indicator.strategy.slug, indicator.code, round_.slug]
    values = {
        "by": by,
        "organisation": value.organisation.name if value.organisation else "",
        "counted": f"{indicator.title}, {value.area.name}" if value.area else indicator.title,
        "indicator": indicator,
        "round": round_,
        "figure": rules.say_figure(value, kind=indicator.kind, unit=indicator.unit, scale=indicator.scale),
        "reason": value.state_reason,
        "path": reverse("commitments:indicator-values", args=where),
    }
    put_mail(
        key=f"figure_returned:{value.pk}:{value.version}", kind="figure_returned", to=to, template="figure_returned",
        values=values, at=at,
    )  # fmt: skip


def _whom(value: IndicatorValue) -> User | None:
    sender = value.entered_by
    if sender is not None and sender.is_active and sender.belongs_to(value.organisation_id):
        return sender
    answers = people_who_answer([value.organisation_id or 0]).get(value.organisation_id or 0)
    return User.objects.get(pk=answers) if answers else None
