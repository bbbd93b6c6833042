"""The risks that a person has to review while a round is open, and how a page counts and names risks without reading them."""

from datetime import date
from textwrap import shorten
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commitments.models import Risk
from partners import roles
from partners.models import User
from partners.permissions import organisations_for, strategies_where
from vcsportal.common.addresses import address
from vcsportal.common.json_columns import list_column
from vcsportal.common.prepared_queries import PreparedQuery

MAX_SHOWN: Final = 20
RISK_COLUMNS: Final = {
    "slug": "strategy__slug",
    "title": "strategy__title",
    "key": "key",
    "number": "number",
    "words": "words",
}


def risks_to_review(person: User) -> Any:
    """Return the risks that nobody has reviewed in the open round, of the strategies that the person answers for.

    A risk to a commitment is for its lead officer, where it has one. A risk on which an organisation leads is also for that
    organisation's leads.
    """
    own = strategies_where(person, roles.UPDATE_COMMITMENTS, "strategy")
    nearest = Q(commitment__isnull=True) | Q(commitment__lead_officer__isnull=True) | Q(commitment__lead_officer=person)
    leads = Q(leads__organisation__in=[found.pk for found in organisations_for(person, roles.GIVE_VIEW)])
    return Risk.objects.awaiting_review().filter((own & nearest) | leads).distinct().order_by("strategy_id", "number")


def tasks_column(person: User) -> Any:
    """Return the column of what :func:`risk_tasks` lists; no query of its own."""
    ours = Risk.objects.filter(pk__in=risks_to_review(person).order_by().values("pk")).order_by("strategy_id", "number")
    return list_column(ours[:MAX_SHOWN], **RISK_COLUMNS)


def _led_by(organisations: list[int]) -> QuerySet[Risk, dict[str, Any]]:
    led = Risk.objects.awaiting_review().filter(leads__organisation__in=organisations).order_by("strategy_id", "number")
    own = [name for name, way in RISK_COLUMNS.items() if name == way]  # an annotation can't have a field's name
    others = {name: F(way) for name, way in RISK_COLUMNS.items() if name != way}
    rows: QuerySet[Risk, dict[str, Any]] = led.values(*own, **others).distinct()[:MAX_SHOWN]
    return rows


_LED_BY: Final = PreparedQuery(_led_by)


def partner_rows(person: User) -> list[dict[str, Any]]:
    """Return the rows of :func:`risk_tasks` for somebody who takes part as a partner alone. One query for a lead, none for others."""
    own = [found.pk for found in organisations_for(person, roles.GIVE_VIEW)]
    return _LED_BY(organisations=own) if own else []


def risk_tasks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of *My tasks*, from the rows of :func:`tasks_column` or :func:`partner_rows`. One tap confirms each."""
    return [
        {
            "title": shorten(row["words"], 160, placeholder=" …"),
            "url": address("commitments:risk", row["slug"], row["key"]),
            "confirm_url": address("commitments:risk-confirm", row["slug"], row["key"]),
            "hint": f"Risk {row['number']} of {row['title']}.",
            "number": row["number"],
        }
        for row in rows
    ]


def commitment_column() -> Any:
    """Return the column of the risks to a commitment and to its priority, for :func:`recorded`."""
    here = Risk.objects.open().filter(Q(commitment=OuterRef("pk")) | Q(priority=OuterRef("priority")))
    return list_column(here.order_by("number"), key="key", words="words")


def recorded(rows: list[dict[str, Any]], slug: str) -> list[dict[str, str]]:
    """Return the risks that *Why…* names, from the rows of :func:`commitment_column`."""
    return [{"words": row["words"], "url": address("commitments:risk", slug, row["key"])} for row in rows]


def count_column(today: date) -> Coalesce:
    """Return how many risks a strategy has on a day, as a part of a query about strategies."""
    here = Risk.objects.filter(strategy=OuterRef("pk")).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today))
    whole = here.order_by().values("strategy")
    return Coalesce(Subquery(whole.annotate(count=Count("pk")).values("count")), 0)
