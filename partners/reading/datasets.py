"""Organisations, groups and their seats as datasets. People are never named."""

from datetime import date
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery

from partners.kinds import KINDS, sector_of
from partners.models import Appointment, Organisation, OrganisationIdentifier, PartnershipGroup, Seat
from partners.standings import ENDED, STANDING
from vcsportal.common.addresses import address
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.columns import DATE, LIST, NUMBER, TEXT, YES_NO
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.common.json_columns import list_column

_KIND: Final = dict(KINDS)
GROUP_COLUMN: Final = "The group, by its name in addresses; it is in the dataset of groups."


def organisation_page(slug: str) -> str:
    """Return the address of the page of an organisation or a group."""
    return portal_url(address("partners:organisation", slug))


def _organisations(day: date) -> QuerySet[Any]:
    here = {"organisation": OuterRef("pk")}
    places = Organisation.districts.through.objects.filter(**here).order_by("area__gss_code", "id")
    numbers = OrganisationIdentifier.objects.filter(**here).order_by("scheme", "value")
    served = Organisation.strands.through.objects.filter(**here).order_by("strand__number", "id")
    return (
        Organisation.objects.bodies()
        .public()
        .order_by("id")
        .annotate(
            places=list_column(places, code="area__gss_code"),
            numbers=list_column(numbers, scheme="scheme", value="value"),
            served=list_column(served, code="strand__code"),
        )
    )


def _while_it_exists(value: str, standing: str) -> str:
    return "" if standing == ENDED else value


ORGANISATIONS: Final = Dataset(
    "organisations",
    "Organisations",
    "One row for each organisation of the directory. Organisations that asked to be removed are left out.",
    (
        DataColumn("organisation", TEXT, "Its name in addresses, which other datasets use for it.", "slug"),
        DataColumn("name", TEXT, "Its name."),
        DataColumn("former_names", LIST, "Names that it had before.", shape=lambda lines: tuple(lines.splitlines())),
        DataColumn("kind", TEXT, "What kind of organisation it is.", shape=lambda code: _KIND[code]),
        DataColumn("sector", TEXT, "The code of its sector.", ("kind", "owns_strategies"), lambda kind, owns: sector_of(kind, owns_strategies=owns)),
        DataColumn("standing", TEXT, "Whether it takes part, is only listed, or has ended.", shape=lambda code: STANDING[code].label),
        DataColumn("ended_on", DATE, "Its last day, if it has ended and the day is known."),
        DataColumn("succeeded_by", TEXT, "The organisation that replaced it, by its name in addresses.", ("succeeded_by__slug", "succeeded_by__removed_at"), lambda slug, removed: "" if removed else slug),
        DataColumn("description", TEXT, "What it does."),
        DataColumn("website", TEXT, "Its website."),
        DataColumn("mailbox", TEXT, "An email address of the organisation, never one person’s.", ("team_mailbox", "standing"), _while_it_exists),
        DataColumn("telephone", TEXT, "A telephone number of the organisation, never one person’s.", ("telephone", "standing"), _while_it_exists),
        DataColumn("districts", LIST, "The GSS codes of the districts in which it works.", "places", lambda found: tuple(area["code"] for area in found)),
        DataColumn("identifiers", LIST, "Its numbers in registers, each with the prefix of the register as org-id.guide gives it.", "numbers", lambda found: tuple(f"{number['scheme']}-{number['value']}" for number in found)),
        DataColumn("strands", LIST, "The codes of the strands of equality that it serves in particular.", "served", lambda found: tuple(strand["code"] for strand in found)),
        DataColumn("source", TEXT, "Where these details are from."),
        DataColumn("checked_on", DATE, "The day on which these details were last checked."),
        DataColumn("page", TEXT, "The address of its page.", "slug", organisation_page),
    ),
    _organisations,
    ("directory", "charities", "voluntary sector"),
    in_snapshots=False,
)  # fmt: skip


def _groups(day: date) -> QuerySet[Any]:
    return PartnershipGroup.objects.order_by("id")


GROUPS: Final = Dataset(
    "groups",
    "Partnerships and groups",
    "One row for each partnership, board, sub-group or steering group.",
    (
        DataColumn("group", TEXT, "Its name in addresses, which other datasets use for it.", "organisation__slug"),
        DataColumn("name", TEXT, "Its name.", "organisation__name"),
        DataColumn("part_of", TEXT, "The group that it belongs to, by its name in addresses.", "parent__organisation__slug"),
        DataColumn("purpose", TEXT, "What it is for."),
        DataColumn("aims", LIST, "Its aims.", shape=lambda lines: tuple(lines.splitlines())),
        DataColumn("meets", TEXT, "When it meets."),
        DataColumn("reports_to", TEXT, "Who it reports to."),
        DataColumn("supported_by", TEXT, "The organisation that supports it, by its name in addresses.", "supported_by__slug"),
        DataColumn("supporting_team", TEXT, "The team that supports it."),
        DataColumn("founded", TEXT, "When it was founded, in words."),
        DataColumn("statutory_basis", TEXT, "The law that it is based on, if there is one."),
        DataColumn("rests_since", DATE, "The day since which it has not met."),
        DataColumn("rests_why", TEXT, "Why it does not meet."),
        DataColumn("ended_on", DATE, "The first day on which it no longer existed."),
        DataColumn("page", TEXT, "The address of its page.", "organisation__slug", organisation_page),
    ),
    _groups,
    ("partnerships", "governance"),
)  # fmt: skip


def _seats(day: date) -> QuerySet[Any]:
    held = Appointment.objects.on(day).filter(seat=OuterRef("pk"))
    return (
        Seat.objects.on(day)
        .order_by("group_id", "number", "id")
        .annotate(
            held_post=Subquery(held.values("post")[:1]),
            held_by=Subquery(held.values("organisation__slug")[:1]),
            held_since=Subquery(held.values("starts_on")[:1]),
            held_until=Subquery(held.values("until")[:1]),
        )
    )


SEATS: Final = Dataset(
    "seats",
    "Seats of groups",
    "One row for each seat of a group, as it is held on the day of the download.",
    (
        DataColumn("group", TEXT, GROUP_COLUMN, "group__organisation__slug"),
        DataColumn("number", NUMBER, "Its place among the seats of the group."),
        DataColumn("title", TEXT, "What the seat is called."),
        DataColumn("chair", YES_NO, "Whether whoever holds it chairs the group.", "is_chair"),
        DataColumn("secretary", YES_NO, "Whether whoever holds it is the group’s secretary.", "is_secretary"),
        DataColumn("vacant", YES_NO, "Whether nobody holds it.", "held_since", lambda since: since is None),
        DataColumn("post", TEXT, "The post in which it is held, never a name.", "held_post"),
        DataColumn("organisation", TEXT, "The organisation that holds it, by its name in addresses.", "held_by"),
        DataColumn("since", DATE, "The first day on which it has been held.", "held_since"),
        DataColumn("until", DATE, "The first day on which it will no longer be held, if that is known.", "held_until"),
    ),
    _seats,
    ("partnerships", "governance"),
)  # fmt: skip

DATASETS: Final[tuple[Dataset, ...]] = (ORGANISATIONS, GROUPS, SEATS)
