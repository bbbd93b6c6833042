"""Risks, signatories of charters and points as datasets."""

from datetime import date
from typing import Any, Final

from django.db.models import OuterRef, QuerySet

from commitments.models import Point, Reaffirmation, Risk, RiskLead, Signatory
from commitments.reading.datasets.evidence import ORGANISATION_COLUMN
from commitments.reading.datasets.plans import COMMITMENT_COLUMN, STRATEGY_COLUMN
from commitments.rules import stances, workflow
from commitments.rules.engagement_kinds import POINT_KIND
from commitments.rules.risk_levels import LevelRange
from vcsportal.common.addresses import address
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.columns import DATE, LIST, MOMENT, NUMBER, TEXT, YES_NO
from vcsportal.common.datasets import DataColumn, Dataset
from vcsportal.common.json_columns import list_column

_NEWER: Final = "assessments__replaced_by"


def _risks(day: date) -> QuerySet[Any]:
    leads = RiskLead.objects.filter(risk=OuterRef("pk")).order_by("place")
    return Risk.objects.order_by("strategy_id", "number", "id", "assessments__id").annotate(
        leads_shown=list_column(leads, name="organisation__name", words="words")
    )


def _levels(lowest: int | None, highest: int | None) -> str:
    return "" if lowest is None or highest is None else str(LevelRange(lowest, highest))


RISKS: Final = Dataset(
    "risks",
    "Risks",
    "One row for each assessment of a risk to a strategy, and one for each risk that has not been assessed. Levels are words; there is no score.",
    (
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "strategy__slug"),
        DataColumn("risk", TEXT, "The key of the risk, which never changes.", "key"),
        DataColumn("number", NUMBER, "Its place in the register."),
        DataColumn("words", TEXT, "What could go wrong."),
        DataColumn("controls", TEXT, "The controls that there are, and the action required."),
        DataColumn("leads", LIST, "Who leads on it.", "leads_shown", lambda found: tuple(lead["name"] or lead["words"] for lead in found)),
        DataColumn("priority", NUMBER, "The number of the priority that it is a risk to.", "priority__number"),
        DataColumn("commitment", TEXT, COMMITMENT_COLUMN, "commitment__key"),
        DataColumn("assessment", NUMBER, "The number of the assessment in the portal. Empty if there is none.", "assessments__id"),
        DataColumn("in_force", YES_NO, "Whether no newer assessment has replaced it. Empty if there is none.", ("assessments__id", _NEWER), lambda number, newer: None if number is None else newer is None),
        DataColumn("impact", TEXT, "Low, medium, high or very high, or a range of these.", ("assessments__impact_from", "assessments__impact_to"), _levels),
        DataColumn("impact_reason", TEXT, "Why.", "assessments__impact_reason"),
        DataColumn("likelihood", TEXT, "Low, medium, high or very high, or a range of these.", ("assessments__likelihood_from", "assessments__likelihood_to"), _levels),
        DataColumn("likelihood_reason", TEXT, "Why.", "assessments__likelihood_reason"),
        DataColumn("condition", TEXT, "What it depends on.", "assessments__condition"),
        DataColumn("about_priority", NUMBER, "The number of the priority that the assessment is about.", "assessments__priority__number"),
        DataColumn("scope", TEXT, "What the assessment is about, in words. Empty for the risk as a whole.", "assessments__scope"),
        DataColumn("period", TEXT, "For which years, in words.", "assessments__period"),
        DataColumn("round", TEXT, "The round during which it was assessed.", "assessments__round__slug"),
        DataColumn("assessed_on", DATE, "The day of the assessment. Empty if its source names none.", "assessments__assessed_on"),
        DataColumn("ended_on", DATE, "The day since which it is no longer a risk."),
        DataColumn("ended_because", TEXT, "Why it is no longer a risk."),
        DataColumn("page", TEXT, "The address of the risk’s page.", ("strategy__slug", "key"), lambda slug, key: portal_url(address("commitments:risk", slug, key))),
    ),
    _risks,
    ("risks",),
)  # fmt: skip


def _signatories(day: date) -> QuerySet[Any]:
    said = Reaffirmation.objects.filter(signatory=OuterRef("pk")).order_by("round__observes_from", "id")
    rows = Signatory.objects.lasting().order_by("strategy_id", "id")
    return rows.annotate(said=list_column(said, slug="round__slug", words="words"))


SIGNATORIES: Final = Dataset(
    "signatories",
    "Signatories of charters",
    "One row for each signature of an organisation under a charter. A signature lasts until it ends.",
    (
        DataColumn("signature", NUMBER, "Its number in the portal.", "id"),
        DataColumn("strategy", TEXT, STRATEGY_COLUMN, "strategy__slug"),
        DataColumn("organisation", TEXT, ORGANISATION_COLUMN, "organisation__slug"),
        DataColumn("organisation_name", TEXT, "The name of the organisation.", "organisation__name"),
        DataColumn("signed_on", DATE, "The day on which it signed."),
        DataColumn("signed_as", TEXT, "The post of whoever signed, never a name."),
        DataColumn("reaffirmed_in", LIST, "The rounds in which it said that it still agrees.", "said", lambda found: tuple(reply["slug"] for reply in found)),
        DataColumn("has_done", TEXT, "What it last said that it has done.", "said", lambda found: found[-1]["words"] if found else "", withdrawable=True),
        DataColumn("ended_on", DATE, "The first day on which it is no longer a signatory."),
        DataColumn("ended_why", TEXT, "Why it is no longer a signatory."),
    ),
    _signatories,
    ("charter", "compact", "signatories"),
)  # fmt: skip


def _points(day: date) -> QuerySet[Any]:
    return Point.objects.published().order_by("id")


POINTS: Final = Dataset(
    "points",
    "Points and answers",
    "One row for each question, proposal or decision that is published, with its answer.",
    (
        DataColumn("point", NUMBER, "Its number in the portal.", "id"),
        DataColumn("kind", TEXT, "What it is, such as a decision or a question.", shape=lambda code: POINT_KIND[code].label),
        DataColumn("raised_on", DATE, "The day on which it was raised."),
        DataColumn("strategy", TEXT, f"{STRATEGY_COLUMN} Empty if it is about none.", "strategy__slug"),
        DataColumn("group", TEXT, "The group that it was raised with, by its name in addresses.", "group__organisation__slug"),
        DataColumn("engagement", NUMBER, "The number of the meeting or event at which it was raised.", "engagement_id"),
        DataColumn("district", TEXT, "The GSS code of the district that it is about.", "district__gss_code"),
        DataColumn("words", TEXT, "The published words.", "public_words"),
        DataColumn("raised_by", TEXT, "Who raised it, as it is published. People are not named.", ("raised_by__name", "raised_by_words"), lambda named, words: named or words),
        DataColumn("state", TEXT, "Whether it has been answered.", shape=lambda code: workflow.POINT_STATE[code].label),
        DataColumn("stance", TEXT, "The answer in a word, such as accepted. Empty until there is one.", shape=lambda code: stances.of(code).label if code else ""),
        DataColumn("response", TEXT, "The answer and its reason."),
        DataColumn("responded_at", MOMENT, "When it was answered."),
        DataColumn("done_on", DATE, "The day on which what was accepted or decided was done."),
        DataColumn("commitment", TEXT, "The key of the commitment that it led to.", "became_commitment__key"),
    ),
    _points,
    ("consultation", "questions", "decisions"),
    in_snapshots=False,
)  # fmt: skip
