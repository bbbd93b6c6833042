"""Figures about the county, and grants and contracts, as datasets."""

from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from django.db.models import OuterRef, QuerySet

from commitments.models import Award, SourcedValue
from commitments.reading.datasets.plans import STRATEGY_COLUMN
from commitments.rules.awards import AWARD_KINDS, financial_year
from commitments.rules.sourced_figures import FIGURE_KINDS, TOPIC, say_sourced, say_when
from vcsportal.common.addresses import address
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.columns import DATE, DECIMAL, LIST, MOMENT, NUMBER, TEXT
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.common.json_columns import list_column

_AMOUNT: Final = ("value", "numerator", "denominator", "qualifier")
_FIGURE_KIND: Final = dict(FIGURE_KINDS)
_AWARD_KIND: Final = dict(AWARD_KINDS)


def _figures(day: date) -> QuerySet[Any]:
    """What a source says of the whole or of an area. Counts by strand are on the page, where small numbers are hidden."""
    shown = SourcedValue.objects.current().filter(source__isnull=False, strand__isnull=True)
    return shown.order_by("figure__strategy_id", "figure__number", "id")


def _said(value: Any, numerator: Any, denominator: Any, qualifier: str, kind: str, unit: str) -> str:
    numbers = SimpleNamespace(value=value, numerator=numerator, denominator=denominator, qualifier=qualifier)
    return say_sourced(numbers, kind=kind, unit=unit)


FIGURES: Final = Dataset(
    "figures",
    "The county in figures",
    "One row for each figure that a source gives, for the whole or for one area. Breakdowns by strand are on the pages of the figures.",
    (
        DataColumn("value_id", NUMBER, "The number of the row in the portal.", "id"),
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "figure__strategy__slug"),
        DataColumn("figure", TEXT, "The figure’s code, which stays the same within its strategy.", "figure__code"),
        DataColumn("topic", TEXT, "What it is about.", "figure__about", lambda code: TOPIC[code].label),
        DataColumn("title", TEXT, "What is counted.", "figure__title"),
        DataColumn("definition", TEXT, "How it is counted.", "figure__definition"),
        DataColumn("part_of", TEXT, "The code of the figure that includes it. Empty if none does.", "figure__part_of__code"),
        DataColumn("area", TEXT, "The GSS code of the area. Empty for the whole.", "area__gss_code"),
        DataColumn("kind", TEXT, "What kind of figure it is, such as a number or a share.", "figure__kind", lambda code: _FIGURE_KIND[code]),
        DataColumn("value", DECIMAL, "The figure. Of a share or a percentage it is in per cent; of a rank it is the place."),
        DataColumn("unit", TEXT, "What it counts.", "figure__unit"),
        DataColumn("numerator", DECIMAL, "Of a share: the part."),
        DataColumn("denominator", DECIMAL, "Of a share: the whole. Of a rank: how many there are."),
        DataColumn("qualifier", TEXT, "How the source hedges it, such as about or over. Empty for an exact figure."),
        DataColumn("figure_in_words", TEXT, "The figure as it is printed.", (*_AMOUNT, "figure__kind", "figure__unit"), _said),
        DataColumn("starts_on", DATE, "The day, or the first day of the period."),
        DataColumn("ends_on", DATE, "The last day of the period."),
        DataColumn("period", TEXT, "The day or period in words.", ("starts_on", "ends_on", "period"), say_when),
        DataColumn("source_words", TEXT, "The source’s own words.", "words"),
        DataColumn("source", TEXT, "The title of the source.", "source__title"),
        DataColumn("publisher", TEXT, "Who published the source.", "source__publisher"),
        DataColumn("source_place", TEXT, "Where in the source it is found."),
        DataColumn("source_url", TEXT, "The address of the source.", "source__url"),
        DataColumn("source_licence", TEXT, "The licence of the source, if it is known.", "source__licence"),
        DataColumn("next_to", NUMBER, "The row of another source for the same thing. Empty if there is none.", "beside_id"),
        DataColumn("note", TEXT, "A note to the figure."),
        DataColumn("correction", TEXT, "Why it was corrected. Empty if it was not.", "reason"),
        DataColumn("entered_at", MOMENT, "When it was added to the portal."),
        DataColumn("page", TEXT, "The address of the figure’s page.", "figure_id", lambda number: portal_url(address("commitments:sourced-figure", number))),
    ),
    _figures,
    ("statistics", "figures", "county"),
)  # fmt: skip


def _awards(day: date) -> QuerySet[Any]:
    here = {"award": OuterRef("pk")}
    places = Award.districts.through.objects.filter(**here).order_by("area__gss_code", "id")
    commitments = Award.commitments.through.objects.filter(**here).order_by("commitment__key", "id")
    return (
        Award.objects.current()
        .order_by("id")
        .annotate(
            places=list_column(places, code="area__gss_code"), keys=list_column(commitments, key="commitment__key")
        )
    )


AWARDS: Final = Dataset(
    "awards",
    "Grants and contracts",
    "One row for each grant or contract that is listed. Awards to people are not listed.",
    (
        DataColumn("award", NUMBER, "Its number in the portal.", "id"),
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "figure__strategy__slug"),
        DataColumn("identifier", TEXT, "Its identifier at whoever made it; it is given once under each figure."),
        DataColumn("kind", TEXT, "A grant or a contract.", shape=lambda code: _AWARD_KIND[code]),
        DataColumn("title", TEXT, "What it is for, in a line."),
        DataColumn("description", TEXT, "What it is for."),
        DataColumn("amount", DECIMAL, "How much was awarded.", "amount_awarded"),
        DataColumn("currency", TEXT, "The currency as three letters (ISO 4217)."),
        DataColumn("award_date", DATE, "The day on which it was awarded."),
        DataColumn("financial_year", TEXT, "The financial year in which it was awarded, such as 2020-21.", "award_date", financial_year),
        DataColumn("planned_from", DATE, "The first day that it is for, if it is known."),
        DataColumn("planned_to", DATE, "The last day that it is for, if it is known."),
        DataColumn("recipient", TEXT, "The organisation that received it, by its name in addresses. Empty if it is not in the directory.", "recipient__slug"),
        DataColumn("recipient_name", TEXT, "The name of the organisation that received it.", ("recipient__name", "recipient_name"), lambda named, words: named or words),
        DataColumn("funder", TEXT, "The organisation that made it, by its name in addresses.", "funding_organisation__slug"),
        DataColumn("funder_name", TEXT, "The name of the organisation that made it.", "funding_organisation__name"),
        DataColumn("grant_programme", TEXT, "The programme under which it was made."),
        DataColumn("districts", LIST, "The GSS codes of the districts that it is for.", "places", lambda found: tuple(area["code"] for area in found)),
        DataColumn("commitments", LIST, "The keys of the commitments that it is for.", "keys", lambda found: tuple(tie["key"] for tie in found)),
        DataColumn("source_url", TEXT, "The address of the notice, or of the source.", ("notice", "source__url"), lambda notice, url: notice or url),
        DataColumn("changed_at", MOMENT, "When it was last changed."),
        DataColumn("page", TEXT, "The address of its page.", "id", lambda number: portal_url(address("commitments:award", number))),
    ),
    _awards,
    ("grants", "contracts", "spending"),
)  # fmt: skip
