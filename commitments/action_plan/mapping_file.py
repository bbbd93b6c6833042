"""The small TOML file beside an action plan: what its sheet does not say, and what its headings, words and names mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from commitments.action_plan.columns import MEANINGS, folded_heading
from commitments.action_plan.entry import ActionPlanDetails
from commitments.action_plan.status_words import NO_STATUS, folded
from commitments.rules import status
from commitments.rules.kinds import KINDS, STRATEGY
from commitments.strategy_file.strategy import OwnerEntry, read_owner
from vcsportal.common.data_file import DataFile, Faulty, FileTable

PLAN_KINDS = tuple(kind.code for kind in KINDS if not kind.answered and not kind.signed)
"""The kinds of strategy that an action plan can be: what is answered or signed first has no status before that."""


@dataclass(frozen=True, slots=True)
class PlanMapping:
    """A mapping file without a fault in it.

    ``columns`` are codes of meanings by folded heading, ``statuses`` codes by folded word. ``people`` are email addresses,
    ``organisations`` slugs or numbers in registers, both by the plan's names; the value "words" shows a name as it is.
    """

    details: ActionPlanDetails
    columns: Mapping[str, str]
    statuses: Mapping[str, str]
    people: Mapping[str, str]
    organisations: Mapping[str, str]
    lines: Mapping[str, int]


def read_mapping(text: str, file_name: str) -> PlanMapping:
    """Return what a mapping file says. Raise :class:`Faulty` with all that is wrong.

    :param file_name: the name of the plan's own file, for the source of the wording.
    """
    sheet = DataFile(text)
    strategy = sheet.top.table("strategy", place="strategy")
    details = _details(strategy, file_name) if strategy else None
    columns = _words(sheet.top, "columns", [meaning.code for meaning in MEANINGS])
    statuses = _words(sheet.top, "statuses", [NO_STATUS, *status.BY_CODE])
    people, organisations = _words(sheet.top, "people"), _words(sheet.top, "organisations")
    sheet.top.finish()
    if details is None or sheet.faults:
        raise Faulty(sheet.faults)
    lines = {
        label: sheet.line((of, label)) for of, names in (("people", people), ("organisations", organisations)) for label in names
    }  # fmt: skip
    return PlanMapping(
        details, {folded_heading(words): code for words, code in columns.items()},
        {folded(words): code for words, code in statuses.items()}, people, organisations, lines,
    )  # fmt: skip


def _details(table: FileTable, file_name: str) -> ActionPlanDetails | None:
    slug, title = table.slug("slug"), table.text("title", longest=200)
    kind = table.choice("kind", PLAN_KINDS, default=STRATEGY.code)
    starts_on, ends_on, plan_day = table.day("starts_on"), table.day("ends_on"), table.day("plan_day")
    texts = {
        "vision": table.text("vision", required=False),
        "source": table.text("source", required=False),
        "reports_to": table.text("reports_to", required=False, longest=200),
        "reports_to_short": table.text("reports_to_short", required=False, longest=40),
    }
    owner_table = table.table("owner", place="owner")
    owner: OwnerEntry | None = read_owner(owner_table) if owner_table else None
    table.finish()
    if starts_on and ends_on and ends_on <= starts_on:
        table.fault("ends_on", "comes before the term has begun.")
    return _whole(slug, title, starts_on, ends_on, plan_day, owner, file_name, {**texts, "kind": kind})


def _whole(
    slug: str,
    title: str,
    starts_on: date | None,
    ends_on: date | None,
    plan_day: date | None,
    owner: OwnerEntry | None,
    file_name: str,
    more: Mapping[str, str],
) -> ActionPlanDetails | None:
    if starts_on is None or ends_on is None or plan_day is None or owner is None:
        return None
    return ActionPlanDetails(
        slug=slug, title=title, starts_on=starts_on, ends_on=ends_on, owner=owner, plan_day=plan_day, file_name=file_name, **more
    )  # fmt: skip


def _words(top: FileTable, field: str, allowed: list[str] | None = None) -> dict[str, str]:
    """Return a table of texts by words, "" left out; a value that is none of those allowed is a fault."""
    found: dict[str, str] = {}
    for words, value in top.mapping(field).items():
        if not isinstance(value, str) or not value.strip():
            top.fault(field, f"“{words}” must be text in quotation marks.")
        elif allowed is not None and value not in allowed:
            top.fault(field, f"“{words}”: “{value}” is not one of: {', '.join(allowed)}.")
        else:
            found[words] = value.strip()
    return found
