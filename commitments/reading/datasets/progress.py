"""Rounds, updates and the figures of indicators as datasets."""

from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from commitments.models import IndicatorValue, ProgressUpdate, Round
from commitments.reading.datasets.plans import COMMITMENT_COLUMN, STRATEGY_COLUMN, status_word
from commitments.rules import workflow
from commitments.rules.indicators import COUNTING_METHODS, INDICATOR_KINDS
from vcsportal.common.addresses import address
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.columns import DATE, DECIMAL, MARKDOWN, MOMENT, NUMBER, TEXT
from vcsportal.common.datasets import DataColumn, Dataset

ROUND_COLUMN: Final = "The reporting round, by its name in addresses."


def _rounds(day: date) -> QuerySet[Any]:
    return Round.objects.order_by("strategy_id", "observes_from", "id")


ROUNDS: Final = Dataset(
    "rounds",
    "Reporting rounds",
    "One row for each period for which progress is reported.",
    (
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "strategy__slug"),
        DataColumn("round", TEXT, "Its name in addresses, such as 2024-25.", "slug"),
        DataColumn("title", TEXT, "What people call it. Empty if that is its name in addresses."),
        DataColumn("observes_from", DATE, "The first day that it is about."),
        DataColumn("observes_to", DATE, "The last day that it is about."),
        DataColumn("opens_on", DATE, "The first day on which progress can be reported."),
        DataColumn("closes_on", DATE, "The last day on which progress should be reported."),
        DataColumn("state", TEXT, "Planned, open or closed.", shape=lambda code: workflow.ROUND_STATE[code].label),
    ),
    _rounds,
    ("reporting rounds",),
)  # fmt: skip


def _updates(day: date) -> QuerySet[Any]:
    return ProgressUpdate.objects.published().order_by("id")


UPDATES: Final = Dataset(
    "updates",
    "Progress updates",
    "One row for each published update on a commitment.",
    (
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "commitment__strategy__slug"),
        DataColumn("commitment", TEXT, COMMITMENT_COLUMN, "commitment__key"),
        DataColumn("round", TEXT, ROUND_COLUMN, "round__slug"),
        DataColumn("status", TEXT, "The status that was reported.", shape=status_word),
        DataColumn("reason", TEXT, "Why it has this status."),
        DataColumn("remedy", TEXT, "What will be done, if it is at risk or late."),
        DataColumn("narrative", MARKDOWN, "What has happened."),
        DataColumn("next_steps", MARKDOWN, "What comes next."),
        DataColumn("confirms", TEXT, "The earlier round whose text was confirmed as still true. Empty for a new text.", "confirms__slug"),
        DataColumn("published_at", MOMENT, "When it was published."),
    ),
    _updates,
    ("progress", "updates"),
)  # fmt: skip


def _indicators(day: date) -> QuerySet[Any]:
    return IndicatorValue.objects.approved().order_by("id")


INDICATORS: Final = Dataset(
    "indicators",
    "Figures of indicators",
    "One row for each approved figure of an indicator, for a round and perhaps a district.",
    (
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "indicator__strategy__slug"),
        DataColumn("indicator", TEXT, "The indicator’s code, which stays the same within its strategy.", "indicator__code"),
        DataColumn("title", TEXT, "What is counted.", "indicator__title"),
        DataColumn("definition", TEXT, "How it is counted.", "indicator__definition"),
        DataColumn("commitment", TEXT, f"{COMMITMENT_COLUMN} Empty if it measures a whole priority.", "indicator__commitment__key"),
        DataColumn("priority", NUMBER, "The number of the priority that it measures. Empty if it measures a commitment.", "indicator__priority__number"),
        DataColumn("round", TEXT, ROUND_COLUMN, "round__slug"),
        DataColumn("district", TEXT, "The GSS code of the district. Empty for the whole area.", "area__gss_code"),
        DataColumn("value", DECIMAL, "The figure. Of a share or a percentage it is in per cent; of a scale it is the step. Empty if there is none."),
        DataColumn("unit", TEXT, "What the figure counts.", "indicator__unit"),
        DataColumn("kind", TEXT, "What kind of figure it is, such as a number or a share.", "indicator__kind", lambda code: dict(INDICATOR_KINDS)[code]),
        DataColumn("counting", TEXT, "Whether the figures of several rounds add up.", "indicator__counting", lambda code: dict(COUNTING_METHODS)[code]),
        DataColumn("numerator", DECIMAL, "Of a share: the part."),
        DataColumn("denominator", DECIMAL, "Of a share: the whole."),
        DataColumn("absent_reason", TEXT, "Why there is no figure."),
        DataColumn("note", TEXT, "A note to the figure."),
        DataColumn("supplied_by", TEXT, "The organisation that supplied it, by its name in addresses. Empty for the council.", "organisation__slug"),
        DataColumn("approved_at", MOMENT, "When it was approved."),
        DataColumn("page", TEXT, "The address of the indicator’s page.", ("indicator__strategy__slug", "indicator__code"), lambda slug, code: portal_url(address("commitments:indicator", slug, code))),
    ),
    _indicators,
    ("indicators", "statistics"),
)  # fmt: skip
