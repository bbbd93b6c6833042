"""Engagement that was written up, responses to recommendations, and who helps to deliver commitments, as datasets."""

from datetime import date
from typing import Any, Final

from django.db.models import OuterRef, QuerySet

from commitments.models import DeliveryPartner, Engagement, Response
from commitments.models.delivery import DELIVERY_ROLES
from commitments.reading.datasets.evidence import ORGANISATION_COLUMN
from commitments.reading.datasets.plans import COMMITMENT_COLUMN, STRATEGY_COLUMN
from commitments.rules import stances
from commitments.rules.engagement_kinds import ENGAGEMENT_KIND
from vcsportal.common.addresses import address
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.columns import DATE, LIST, NUMBER, TEXT
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.common.json_columns import list_column

_ROLE: Final = dict(DELIVERY_ROLES)


def _engagement(day: date) -> QuerySet[Any]:
    here = {"engagement": OuterRef("pk")}
    commitments = Engagement.commitments.through.objects.filter(**here).order_by("commitment__key", "id")
    places = Engagement.districts.through.objects.filter(**here).order_by("area__gss_code", "id")
    return Engagement.objects.written_up().order_by("id").annotate(
        ties=list_column(commitments, key="commitment__key"), places=list_column(places, code="area__gss_code")
    )  # fmt: skip


def _known_day(day: date | None, month_only: bool) -> date | None:
    return None if month_only else day


ENGAGEMENT: Final = Dataset(
    "engagement",
    "Engagement",
    "One row for each meeting, workshop, consultation or other occasion that was written up.",
    (
        DataColumn("engagement", NUMBER, "Its number in the portal.", "id"),
        DataColumn("kind", TEXT, "What it was, such as a workshop.", shape=lambda code: ENGAGEMENT_KIND[code].label),
        DataColumn("title", TEXT, "What it is called."),
        DataColumn("strategy", TEXT, f"{STRATEGY_COLUMN} Empty if it belongs to a group alone.", "strategy__slug"),
        DataColumn("group", TEXT, "The group that held it, by its name in addresses.", "group__organisation__slug"),
        DataColumn("month", TEXT, "The year and month in which it began, such as 2024-03.", "starts_on", lambda day: f"{day:%Y-%m}"),
        DataColumn("starts_on", DATE, "Its first day. Empty if only the month is known.", ("starts_on", "month_only"), _known_day),
        DataColumn("ends_on", DATE, "The last of several days. Empty for a single day, or if only the month is known.", ("ends_on", "month_only"), _known_day),
        DataColumn("place", TEXT, "Where it was."),
        DataColumn("districts", LIST, "The GSS codes of the districts in which it was held.", "places", lambda found: tuple(area["code"] for area in found)),
        DataColumn("question", TEXT, "What was asked."),
        DataColumn("method", TEXT, "How people were asked."),
        DataColumn("people_attended", NUMBER, "How many came. Empty if nobody counted.", unit="people"),
        DataColumn("people_asked", NUMBER, "How many were asked. Empty if nobody counted.", unit="people"),
        DataColumn("people_answered", NUMBER, "How many answered. Empty if nobody counted.", unit="people"),
        DataColumn("summary", TEXT, "What was said, in the council’s or the group’s words."),
        DataColumn("source", TEXT, "Where the account was published before. Empty if it was written here."),
        DataColumn("commitments", LIST, "The keys of the commitments that it was about.", "ties", lambda found: tuple(tie["key"] for tie in found)),
        DataColumn("page", TEXT, "The address of its page.", "id", lambda number: portal_url(address("commitments:engagement", number))),
    ),
    _engagement,
    ("consultation", "engagement", "meetings"),
)  # fmt: skip


def _responses(day: date) -> QuerySet[Any]:
    return Response.objects.order_by("commitment__strategy_id", "commitment__priority__number", "commitment__number", "place", "id")  # fmt: skip


def _once_given(state: str, value: Any) -> Any:
    """Return what a response says, if it is published; "" while it is being written."""
    return value if state == "given" else ""


RESPONSES: Final = Dataset(
    "responses",
    "Responses to recommendations",
    "One row for each organisation that a recommendation is addressed to, with its published response.",
    (
        DataColumn("response", NUMBER, "Its number in the portal.", "id"),
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "commitment__strategy__slug"),
        DataColumn("commitment", TEXT, COMMITMENT_COLUMN, "commitment__key"),
        DataColumn("addressee", TEXT, "Who it is addressed to, in the words of its source."),
        DataColumn("organisation", TEXT, f"{ORGANISATION_COLUMN} Empty if the addressee is not one organisation of the portal.", "organisation__slug"),
        DataColumn("stance", TEXT, "The response in a word, such as accepted. Empty until it is published.", ("state", "stance"), lambda state, code: stances.of(code).label if _once_given(state, code) else ""),
        DataColumn("words", TEXT, "The response and its reason. Empty until it is published.", ("state", "words"), _once_given),
        DataColumn("decided_where", TEXT, "The meeting that decided it.", ("state", "decided_where"), _once_given),
        DataColumn("decided_on", DATE, "The day of that meeting.", ("state", "decided_on"), lambda state, day: _once_given(state, day) or None),
    ),
    _responses,
    ("recommendations", "responses"),
)  # fmt: skip


def _delivery_partners(day: date) -> QuerySet[Any]:
    return DeliveryPartner.objects.lasting().order_by("id")


DELIVERY_PARTNERS: Final = Dataset(
    "delivery-partners",
    "Delivery partners",
    "One row for each organisation’s part in delivering a commitment, for as long as it lasts.",
    (
        DataColumn("part", NUMBER, "Its number in the portal.", "id"),
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "commitment__strategy__slug"),
        DataColumn("commitment", TEXT, COMMITMENT_COLUMN, "commitment__key"),
        DataColumn("organisation", TEXT, ORGANISATION_COLUMN, "organisation__slug"),
        DataColumn("organisation_name", TEXT, "The name of the organisation.", "organisation__name"),
        DataColumn("role", TEXT, "What it does, such as leads or delivers.", shape=lambda code: _ROLE[code]),
        DataColumn("started_on", DATE, "The first day on which it delivers. Empty if the day is not known."),
        DataColumn("ended_on", DATE, "The first day on which it no longer delivers."),
        DataColumn("pledge", TEXT, "What it pledges, in its own words.", withdrawable=True),
    ),
    _delivery_partners,
    ("delivery", "partners"),
)  # fmt: skip
