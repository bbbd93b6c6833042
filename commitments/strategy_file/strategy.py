"""The shape of a strategy's file: what it has to say, and what is wrong with one that does not. No database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from commitments.rules.kinds import KINDS as STRATEGY_KINDS
from commitments.rules.kinds import STRATEGY
from commitments.strategy_file.engagement import EngagementEntry, read_engagement
from commitments.strategy_file.figures import FigureEntry, read_figures
from commitments.strategy_file.indicators import IndicatorEntry
from commitments.strategy_file.priorities import PriorityEntry, read_priorities
from commitments.strategy_file.risks import RiskEntry, read_risks
from commitments.strategy_file.signatories import SignatoryEntry, read_signatories
from partners.group_file import GroupEntry, read_groups
from partners.identifiers import SCHEMES, normalise
from partners.kinds import KINDS
from partners.source_file import SourceEntry, StrandEntry, read_sources, read_strands
from vcsportal.common.data_file import DataFile, Faulty, FileTable
from vcsportal.common.languages import check_language
from vcsportal.common.words import Refused

GRACE: Final = timedelta(days=7)
"""How long after its window a round still takes what somebody has begun."""


@dataclass(frozen=True, slots=True)
class OwnerEntry:
    """The council whose strategy it is; made when the portal does not know it yet."""

    slug: str
    name: str
    kind: str
    identifiers: tuple[tuple[str, str], ...]
    districts: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """One reporting round."""

    slug: str
    observes_from: date
    observes_to: date
    opens_on: date
    closes_on: date
    grace_until: date | None = None  # a week after it closes, where the file says nothing
    title: str = ""

    @property
    def taken_until(self) -> date:
        return self.grace_until or self.closes_on + GRACE


@dataclass(frozen=True, slots=True)
class StrategyEntry:
    """A whole file without a fault in it."""

    slug: str
    title: str
    vision: str
    source: str
    starts_on: date
    ends_on: date
    reports_to: str
    reports_to_short: str
    supported_by: str
    steered_by: str
    succeeds: str
    opens_first: bool
    language: str
    owner: OwnerEntry
    priorities: tuple[PriorityEntry, ...]
    rounds: tuple[RoundEntry, ...]
    line: int
    kind: str = STRATEGY.code
    made_by: str = ""
    reviewed_on: date | None = None
    groups: tuple[GroupEntry, ...] = ()
    engagement: tuple[EngagementEntry, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    strands: tuple[StrandEntry, ...] = ()
    risks: tuple[RiskEntry, ...] = ()
    figures: tuple[FigureEntry, ...] = ()
    signatories: tuple[SignatoryEntry, ...] = ()

    @property
    def indicators(self) -> tuple[IndicatorEntry, ...]:
        """All indicators of the file: each priority's own, then those of its commitments."""
        found: list[IndicatorEntry] = []
        for group in self.priorities:
            found += group.indicators
            for commitment in group.commitments:
                found += commitment.indicators
        return tuple(found)


def read(text: str) -> StrategyEntry:
    """Return what a strategy's file says. Raise :class:`vcsportal.common.data_file.Faulty` with all that is wrong."""
    sheet = DataFile(text)
    strategy = sheet.top.table("strategy", place="strategy")
    priorities = read_priorities(sheet.top.tables("priority", place="priority"))
    rounds = _rounds(sheet.top.tables("round", place="round", required=False))
    groups = read_groups(sheet.top.tables("group", place="group", required=False))
    engagement = read_engagement(sheet.top.tables("engagement", place="engagement", required=False))
    sources = read_sources(sheet.top.tables("source", place="source", required=False))
    strands = read_strands(sheet.top.tables("strand", place="strand", required=False), sources)
    risks = read_risks(sheet.top.tables("risk", place="risk", required=False))
    figures = read_figures(sheet.top.tables("figure", place="figure", required=False), sources, strands)
    tables = sheet.top.tables("signatory", place="signatory", required=False)
    kind = str(strategy.values.get("kind", STRATEGY.code)) if strategy else ""
    signatories = read_signatories(tables, kind)
    sheet.top.finish()
    whole = _strategy(strategy, priorities, rounds, groups) if strategy else None
    if whole is None or sheet.faults:
        raise Faulty(sheet.faults)
    return replace(
        whole, engagement=engagement, sources=sources, strands=strands, risks=risks, figures=figures,
        signatories=signatories,
    )  # fmt: skip


def _strategy(
    table: FileTable,
    priorities: tuple[PriorityEntry, ...],
    rounds: tuple[RoundEntry, ...],
    groups: tuple[GroupEntry, ...],
) -> StrategyEntry | None:
    texts: dict[str, Any] = {
        "slug": table.slug("slug"),
        "title": table.text("title", longest=200),
        "vision": table.text("vision"),
        "source": table.text("source"),
        "reports_to": table.text("reports_to", required=False, longest=200),
        "reports_to_short": table.text("reports_to_short", required=False, longest=40),
        "supported_by": table.text("supported_by", required=False, longest=80),
        "steered_by": table.text("steered_by", required=False, longest=200),
        "succeeds": table.text("succeeds", required=False, longest=80),
        "made_by": table.text("made_by", required=False, longest=200),
        "kind": table.choice("kind", [kind.code for kind in STRATEGY_KINDS], default=STRATEGY.code),
    }
    reviewed_on = table.day("reviewed_on", required=False)
    starts_on, ends_on = table.day("starts_on"), table.day("ends_on")
    opens_first = table.flag("opens_first", default=False)
    language = _language(table)
    owner_table = table.table("owner", place="owner")
    owner = read_owner(owner_table) if owner_table else None
    table.finish()
    if starts_on and ends_on and ends_on <= starts_on:
        table.fault("ends_on", "comes before the term has begun.")
    if not (owner and starts_on and ends_on):
        return None
    return StrategyEntry(
        **texts, starts_on=starts_on, ends_on=ends_on, opens_first=opens_first, language=language, owner=owner,
        priorities=priorities, rounds=rounds, line=table.line, reviewed_on=reviewed_on, groups=groups,
    )  # fmt: skip


def _language(table: FileTable) -> str:
    try:
        return check_language(table.text("language", required=False))
    except Refused as refused:
        table.fault("language", refused.sentence)
        return ""


def read_owner(table: FileTable) -> OwnerEntry:
    """Return the owner that a table names. What is wrong is noted at the table."""
    entry = OwnerEntry(
        slug=table.slug("slug"),
        name=table.text("name", longest=200),
        kind=table.choice("kind", [code for code, _ in KINDS]),
        identifiers=tuple(_identifiers(table)),
        districts=tuple(table.texts("districts")),
        line=table.line,
    )
    table.finish()
    return entry


def _identifiers(table: FileTable) -> Iterable[tuple[str, str]]:
    for written in table.texts("identifiers"):
        scheme = next((scheme.code for scheme in SCHEMES if written.upper().startswith(f"{scheme.code}-")), "")
        try:
            yield scheme, normalise(scheme, written.upper().removeprefix(f"{scheme}-"))
        except Refused as refusal:
            example = "Write the register's code, a hyphen and the number, such as “GB-CHC-1234567”."
            table.fault(
                "identifiers",
                refusal.sentence if scheme else f"“{written}” is not a register that the portal knows. {example}",
            )


def _rounds(tables: list[FileTable]) -> tuple[RoundEntry, ...]:
    entries: list[tuple[FileTable, RoundEntry]] = []
    for table in tables:
        slug = table.slug("slug", longest=20)
        table.place = f"round {slug}" if slug else table.place
        title = table.text("title", required=False, longest=60)
        observes_from, observes_to = table.day("observes_from"), table.day("observes_to")
        opens_on, closes_on = table.day("opens_on"), table.day("closes_on")
        grace_until = table.day("grace_until", required=False)
        table.finish()
        if slug and any(entry.slug == slug for _, entry in entries):
            table.fault("slug", f"“{slug}” is used twice.")
        if not (observes_from and observes_to and opens_on and closes_on):
            continue
        for field, sentence in wrong_dates(observes_from, observes_to, opens_on, closes_on):
            table.fault(field, sentence)
        if grace_until and grace_until < closes_on:
            table.fault("grace_until", "comes before the window has closed.")
        entries.append((table, RoundEntry(slug, observes_from, observes_to, opens_on, closes_on, grace_until, title)))
    for (_, before), (table, after) in pairwise(sorted(entries, key=lambda pair: pair[1].observes_from)):
        if after.observes_from <= before.observes_to:
            table.fault("observes_from", f"is within the period of the {before.slug} round.")
    return tuple(entry for _, entry in entries)


def wrong_dates(observes_from: date, observes_to: date, opens_on: date, closes_on: date) -> list[tuple[str, str]]:
    """Return what is out of order in a round's four days, as fields and sentences."""
    faults = []
    if observes_to <= observes_from:
        faults.append(("observes_to", "comes before the period observed has begun."))
    if opens_on < observes_from:
        faults.append(("opens_on", "comes before the period observed has begun."))
    if closes_on < opens_on:
        faults.append(("closes_on", "comes before the window has opened."))
    if closes_on < observes_to:
        faults.append(("closes_on", "comes before the period observed has ended."))
    return faults
