"""Strategies, priorities, commitments and actions as datasets."""

from datetime import date
from typing import Any, Final

from django.db.models import Case, F, OuterRef, QuerySet, Value, When

from commitments.models import Action, Commitment, DeliveryPartner, Priority, Strategy
from commitments.models.delivery import DELIVERY_ROLES
from commitments.rules import stances, workflow
from commitments.rules.kinds import KIND_BY_CODE
from commitments.rules.references import label
from commitments.rules.status import BY_CODE
from partners.reading.public_names import name_or_post
from vcsportal.common.addresses import address
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.columns import DATE, LIST, MOMENT, NUMBER, TEXT, YES_NO
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.common.json_columns import list_column

STRATEGY_COLUMN: Final = "The name of the strategy in addresses; it is in the dataset of strategies."
COMMITMENT_COLUMN: Final = "The key of the commitment, which never changes; it is in the dataset of commitments."
_DELIVERY: Final = dict(DELIVERY_ROLES)


def status_word(code: str) -> str:
    """Return a status as people read it; "" before the first update, because having no update is not a status."""
    return BY_CODE[code].label if code else ""


def commitment_page(strategy: str, key: str) -> str:
    """Return the address of a commitment's page."""
    return portal_url(address("commitments:commitment", strategy, key))


def _strategies(day: date) -> QuerySet[Any]:
    return Strategy.objects.order_by("starts_on", "id")


STRATEGIES: Final = Dataset(
    "strategies",
    "Strategies and plans",
    "One row for each strategy, plan, set of recommendations or charter.",
    (
        DataColumn("strategy", TEXT, "Its name in addresses, which other datasets use for it.", "slug"),
        DataColumn("title", TEXT, "Its title."),
        DataColumn("kind", TEXT, "What it is, such as a strategy, a plan or a charter.", shape=lambda code: KIND_BY_CODE[code].label),
        DataColumn("owner", TEXT, "The organisation that owns it, by its name in addresses.", "owner__slug"),
        DataColumn("owner_name", TEXT, "The name of the organisation that owns it.", "owner__name"),
        DataColumn("made_by", TEXT, "Who wrote it, if that was not its owner."),
        DataColumn("supported_by", TEXT, "The organisation that supports its owner, by its name in addresses. Empty if none does.", "supported_by__slug"),
        DataColumn("steered_by", TEXT, "The group that steers it, by its name in addresses. Empty if none does.", "steered_by__slug"),
        DataColumn("starts_on", DATE, "Its first day."),
        DataColumn("ends_on", DATE, "Its last day."),
        DataColumn("reviewed_on", DATE, "The day on which it was last reviewed. Empty if it has not been."),
        DataColumn("succeeds", TEXT, "The earlier strategy that it follows. Empty if it follows none.", "succeeds__slug"),
        DataColumn("vision", TEXT, "Its vision, in its own words."),
        DataColumn("source", TEXT, "Where the wording comes from."),
        DataColumn("page", TEXT, "The address of its page.", "slug", lambda slug: portal_url(address("commitments:glance", slug))),
    ),
    _strategies,
    ("strategy", "plan", "voluntary sector"),
)  # fmt: skip


def _priorities(day: date) -> QuerySet[Any]:
    return Priority.objects.order_by("strategy_id", "number", "id")


PRIORITIES: Final = Dataset(
    "priorities",
    "Priorities",
    "One row for each priority, theme or principle of a strategy. None weighs more than another.",
    (
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "strategy__slug"),
        DataColumn("number", NUMBER, "Its place in the strategy."),
        DataColumn("reference", TEXT, "What the strategy calls it: its number, or for example A or Theme 1.", ("reference", "number"), label),
        DataColumn("title", TEXT, "Its title."),
        DataColumn("introduction", TEXT, "The strategy’s own introduction to it."),
        DataColumn("introduction_source", TEXT, "Where the introduction comes from."),
        DataColumn("summary", TEXT, "A summary by the portal’s team. These are not the strategy’s words."),
        DataColumn("beneficiaries", LIST, "Who it is for, in the strategy’s own words.", shape=lambda lines: tuple(lines.splitlines())),
        DataColumn("group", TEXT, "The group that works at it, by its name in addresses. Empty if none is named.", "group__organisation__slug"),
        DataColumn("page", TEXT, "The address of its page.", ("strategy__slug", "number"), lambda slug, number: portal_url(address("commitments:priority", slug, number))),
    ),
    _priorities,
    ("strategy", "priorities"),
)  # fmt: skip


def _commitments(day: date) -> QuerySet[Any]:
    here = DeliveryPartner.objects.current().filter(commitment=OuterRef("pk"))
    partners = here.order_by("organisation__sort_name", "id")
    return Commitment.objects.order_by("strategy_id", "priority__number", "number", "id").annotate(
        delivered_by=list_column(partners, slug="organisation__slug", role="role"),
        lead_post=name_or_post("lead_officer", "strategy__owner", names=False),
    )


COMMITMENTS: Final = Dataset(
    "commitments",
    "Commitments",
    "One row for each commitment, action or recommendation of a strategy, with its status today.",
    (
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "strategy__slug"),
        DataColumn("commitment", TEXT, "Its key, which never changes. Other datasets use it.", "key"),
        DataColumn("reference", TEXT, "What the strategy calls it now, for example 1.4."),
        DataColumn("priority", NUMBER, "The number of its priority.", "priority__number"),
        DataColumn("short_title", TEXT, "A short title by the portal’s team."),
        DataColumn("wording", TEXT, "Its wording in the strategy."),
        DataColumn("note", TEXT, "The strategy’s own note to the wording."),
        DataColumn("ongoing", YES_NO, "Whether it is an ongoing commitment, which has no end."),
        DataColumn("status", TEXT, "Its status. Empty until the first update.", shape=status_word),
        DataColumn("status_reason", TEXT, "Why it has this status."),
        DataColumn("status_remedy", TEXT, "What will be done, if it is at risk or late."),
        DataColumn("status_at", MOMENT, "When the status was set."),
        DataColumn("owner_response", TEXT, "What the owner of the strategy answered, or that an answer is awaited. Empty if it is addressed to nobody.", shape=lambda code: stances.of(code).label if code else ""),
        DataColumn("lead_officer_post", TEXT, "The post of its lead officer. People are not named.", "lead_post"),
        DataColumn("team", TEXT, "The team that works at it."),
        DataColumn("success_measure", TEXT, "How anyone can tell that it has succeeded."),
        DataColumn("partners", LIST, "The organisations that help to deliver it today, by their names in addresses.", "delivered_by", lambda found: tuple(part["slug"] for part in found)),
        DataColumn("partner_roles", LIST, "What each of these organisations does, in the same order.", "delivered_by", lambda found: tuple(_DELIVERY[part["role"]] for part in found)),
        DataColumn("starts_on", DATE, "The first day of the work, if it is known."),
        DataColumn("ends_on", DATE, "The last day of the work, if it is known."),
        DataColumn("added_on", DATE, "The day on which it was added. Empty if it was in the strategy from the start."),
        DataColumn("closed_on", DATE, "The day on which it was closed."),
        DataColumn("merged_into", TEXT, "The key of the commitment that it was merged into.", "merged_into__key"),
        DataColumn("page", TEXT, "The address of its page.", ("strategy__slug", "key"), commitment_page),
    ),
    _commitments,
    ("commitments", "progress", "status"),
)  # fmt: skip


def _actions(day: date) -> QuerySet[Any]:
    return Action.objects.order_by("id").annotate(
        standing=Case(
            When(done_on__isnull=False, then=Value("done")),
            When(dropped_on__isnull=False, then=Value("dropped")),
            When(due_on__lt=day, then=Value("late")),
            default=Value("planned"),
        ),
        owner=F("owner_organisation__slug"),
    )


ACTIONS: Final = Dataset(
    "actions",
    "Actions",
    "One row for each step towards a commitment.",
    (
        DataColumn("action", NUMBER, "Its number in the portal.", "id"),
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "commitment__strategy__slug"),
        DataColumn("commitment", TEXT, COMMITMENT_COLUMN, "commitment__key"),
        DataColumn("reference", TEXT, "Its own reference, such as 5b i. Empty if it has none."),
        DataColumn("title", TEXT, "What is to be done."),
        DataColumn("part_of", NUMBER, "The number of the action that it is part of.", "parent_id"),
        DataColumn("state", TEXT, "Planned, late, done or dropped, on the day of the download.", "standing", lambda code: workflow.ACTION_STATE[code].label),
        DataColumn("due_on", DATE, "The day by which it is due. Empty if it has no due date."),
        DataColumn("done_on", DATE, "The day on which it was done."),
        DataColumn("dropped_on", DATE, "The day on which it was dropped."),
        DataColumn("dropped_why", TEXT, "Why it was dropped."),
        DataColumn("owner_organisation", TEXT, "The organisation that owns it, by its name in addresses.", "owner"),
        DataColumn("owner_team", TEXT, "The team that owns it. People are not named."),
        DataColumn("page", TEXT, "The address of its page.", ("commitment__strategy__slug", "commitment__key", "id"), lambda slug, key, number: portal_url(address("commitments:action", slug, key, number))),
    ),
    _actions,
    ("actions", "milestones"),
)  # fmt: skip
