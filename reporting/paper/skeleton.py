"""The layout of the council's committee papers: read from the settings, and frozen with the edition."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from commitments.rules.kinds import WORK_PLAN
from reporting.facts import HeadLineFacts, PartFacts, Report, SkeletonFacts
from reporting.narrative import groups
from reporting.narrative.sections import FOR_THE_PAPER, WRITTEN

DEFAULT: Final = Path(__file__).with_name("skeleton.toml")
OF_WORK_PLANS: Final = Path(__file__).with_name("skeleton_work_plan.toml")
"""How the paper of a work plan is laid out, where the identity of its owner names no other file."""
NOUNS: Final = ("whole", "priority", "priorities", "commitment", "commitments")
"""The words in braces that depend on the kind of strategy; "whole" is what it calls itself, such as a plan."""
OF_GROUPS: Final = ("group", "months", "month", "represented")
"""The words in braces about the owner's group: its name, the months reported on, the month of its list of members, and the
sub-groups whose representatives are listed."""
WORDS: Final = ("title", "strategy", "round", "council", "reports_to", "to", *NOUNS, *OF_GROUPS)
"""What may stand in braces."""
LINES: Final = ("line", "title", "recommendations", "appendices")
WORK_PLAN_PARTS: Final = ("group", "vision", "aims", "steering", "subgroups", "activity", "other", "forward")
PARTS: Final = ("text", "background", "glance", "changes", "delivery", "papers", "sources", *WORK_PLAN_PARTS)
RESPONSES: Final = "responses"
SEATS: Final = "seats"
BODIES: Final = "bodies"
DECISIONS: Final = "decisions"
COUNTY_FIGURES: Final = "county_figures"
MONEY: Final = "money"
CASE_STUDIES: Final = "case_studies"
POINTS: Final = "points"
APPENDICES: Final = (
    "actions",
    "organisations",
    "evidence",
    RESPONSES,
    SEATS,
    BODIES,
    DECISIONS,
    POINTS,
    COUNTY_FIGURES,
    MONEY,
)
SIZES: Final = range(9, 19)
SOMEBODY: Final = "The committee"
"""Who is recommended something, where nobody said whom the paper is for."""

_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_SECTIONS: Final = {section.key: section for section in (*WRITTEN, *FOR_THE_PAPER)}
_SCALARS: Final[dict[str, type]] = {
    "title": str, "recommended": str, "footer": str, "page_numbers": bool, "font": str, "size": int,
}  # fmt: skip
_ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    "font": (),
    "title": ("strategy", "round", "council", "reports_to", "group"),
}
_TABLES: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {
    "header": ("label", LINES, "line"), "parts": ("heading", PARTS, ""), "appendices": ("heading", APPENDICES, ""),
}  # fmt: skip
_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "header": ("label", "kind", "section", "otherwise", "required"),
    "parts": ("heading", "kind", "section", "otherwise", "by", "on"),
    "appendices": ("heading", "kind", "group"),
}


def skeleton(kind: str = "", file: Path | None = None) -> SkeletonFacts:
    """Return the skeleton of a paper about a strategy. Raise ``ValueError`` with a sentence if it can't be used.

    :param kind: the code of the strategy's kind. A work plan has a skeleton of its own; the others have the one that the
        settings name.
    :param file: the file that the identity of the strategy's owner names instead.
    """
    data, found = _read(file or (OF_WORK_PLANS if kind == WORK_PLAN.code else place()))
    if found:
        raise ValueError(" ".join(found))
    return _facts(data)


def default() -> SkeletonFacts:
    """Return the portal's own skeleton, for editions made before facts included one."""
    return _facts(tomllib.loads(DEFAULT.read_text()))


def of(report: Report) -> SkeletonFacts:
    """Return the skeleton of a report's paper, with its fixed words said of the report's own period."""
    kept, say = report.skeleton or default(), report.period.reworded
    return replace(
        kept,
        title=say(kept.title),
        header=tuple(replace(line, label=say(line.label), otherwise=say(line.otherwise)) for line in kept.header),
        parts=tuple(replace(part, heading=say(part.heading), otherwise=say(part.otherwise)) for part in kept.parts),
        appendices=tuple(replace(part, heading=say(part.heading)) for part in kept.appendices),
    )


def place() -> Path:
    """Return the file that the settings name."""
    return Path(settings.PORTAL_PAPER_SKELETON) if settings.PORTAL_PAPER_SKELETON else DEFAULT


def faults(file: Path | None = None) -> list[str]:
    """Return what is wrong with a skeleton, a sentence each: with the one that the settings name where none is given."""
    return _read(file or place())[1]


def fill(text: str, words: dict[str, str]) -> str:
    """Return ``text`` with the words in braces filled in. What is filled in is never looked at again."""
    return _BRACES.sub(lambda found: words.get(found[1], found[0]), text)


def words(report: Report, laid_out: SkeletonFacts) -> dict[str, str]:
    """Return the values of the words that a skeleton may have in braces."""
    strategy = report.strategy
    found = {
        "strategy": strategy.title, "round": report.round.label, "council": council(report),
        "reports_to": strategy.reports_to, "whole": strategy.nouns.strategy, "priority": strategy.nouns.priority,
        "priorities": strategy.nouns.priorities, "commitment": strategy.nouns.commitment,
        "commitments": strategy.nouns.commitments,
        "group": report.own_group.name if report.own_group else strategy.owner,
        "months": groups.months(report), "month": groups.month(report),
        "represented": groups.represented(report, represented(laid_out)),
    }  # fmt: skip
    found["title"] = fill(laid_out.title, found)
    line = next((line for line in laid_out.header if line.section == "paper-to"), None)
    found["to"] = report.text("paper-to").strip() or (fill(line.otherwise, found) if line else "") or SOMEBODY
    return found


def council(report: Report) -> str:
    """Return the name that the paper shows as that of the council."""
    return report.paper_identity.council if report.paper_identity else report.identity.council


def unfilled(report: Report) -> tuple[str, ...]:
    """Return the labels of the header's required lines that nobody wrote, and for which the portal knows nothing to say either.

    An edition whose layout was frozen before lines could be required has none.
    """
    if report.skeleton is None:
        return ()
    laid_out = of(report)
    known = words(report, laid_out)
    return tuple(
        line.label.strip().removesuffix(":")
        for line in laid_out.header
        if line.required
        and not report.text(line.section).strip()
        and not ("{" in line.otherwise and fill(line.otherwise, known).strip())
    )


def represented(laid_out: SkeletonFacts) -> str:
    """Return the slug of the one group whose representatives an appendix lists; "" for all sub-groups that have any."""
    return next((part.group for part in laid_out.appendices if part.kind == BODIES), "")


def _facts(data: dict[str, Any]) -> SkeletonFacts:
    scalars = {name: data[name] for name in _SCALARS}
    return SkeletonFacts(
        **scalars,
        header=tuple(HeadLineFacts(**{"section": "", **line}) for line in data["header"]),
        parts=tuple(PartFacts(**part) for part in data["parts"]),
        appendices=tuple(PartFacts(**part) for part in data["appendices"]),
    )


def _read(file: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        return {}, [f"The file {file} can't be read: {error.strerror}."]
    except UnicodeDecodeError:
        return {}, [f"The file {file} is not text in UTF-8."]
    except tomllib.TOMLDecodeError as error:
        return {}, [f"The file {file} is not TOML: {error}."]
    return data, _faults(data)


def _faults(data: dict[str, Any]) -> list[str]:
    found = [
        f"“{name}” is not a setting of a skeleton." for name in data if name not in _SCALARS and name not in _TABLES
    ]
    for name, kind in _SCALARS.items():
        if type(data.get(name)) is not kind:
            what = {str: "text in quotation marks", bool: "true or false", int: "a whole number"}[kind]
            found.append(f"“{name}” must be there, as {what}.")
        elif kind is str:
            found += _unknown_words(f"“{name}”", data[name], _ALLOWED.get(name, WORDS))
    if type(data.get("size")) is int and data["size"] not in SIZES:
        found.append(f"“size” is {data['size']}. Give between {SIZES[0]} and {SIZES[-1]} points.")
    if data.get("font") == "":
        found.append("“font” names no font. Arial is one that every computer has.")
    for name in _TABLES:
        found += _table(name, data.get(name))
    if not found:
        found += _wholeness(data)
    return found


def _table(name: str, rows: Any) -> list[str]:
    """Return what is wrong with one of the lists."""
    label, kinds, usual = _TABLES[name]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        return [f"There must be at least one [[{name}]]."]
    found = []
    for number, row in enumerate(rows, start=1):
        who = f"[[{name}]] number {number}"
        found += [f"{who} has “{key}”, which is not known there." for key in row if key not in _KEYS[name]]
        if not isinstance(row.get("required", False), bool):
            found.append(f"{who}: “required” must be true or false.")
        elif row.get("required") and not row.get("section"):
            found.append(f"{who} is “required”, but no “section” fills it, so that no report could ever be published.")
        texts = {key: value for key, value in row.items() if key != "required"}
        found += [f"{who}: “{key}” must be text in quotation marks." for key in texts if not isinstance(row[key], str)]
        if any(not isinstance(value, str) for value in texts.values()):
            continue
        if not row.get(label, "").strip():
            found.append(f"{who} has no “{label}”.")
        kind = row.get("kind", usual)
        if kind not in kinds:
            found.append(f"{who} is of the kind “{kind}”. The kinds are {', '.join(kinds)}.")
        if row.get("group") and kind != BODIES:
            found.append(f"{who} has “group”, which is for the kind “{BODIES}” only.")
        found += [
            f"{who} asks for the section “{row[key]}”, which nobody is asked to write."
            for key in ("section", "by", "on")
            if row.get(key) and row[key] not in _SECTIONS
        ]
        if not row.get("section") and kind in {"line", "text", "recommendations"}:
            found.append(f"{who} does not say which “section” fills it.")
        for key in (label, "otherwise"):
            found += _unknown_words(f"{who}: “{key}”", row.get(key, ""), WORDS)
    return found


def _unknown_words(who: str, text: str, known: tuple[str, ...]) -> list[str]:
    return [
        f"{who} holds {{{word}}}, which is not known. Known are {', '.join(f'{{{name}}}' for name in known) or 'none'}."
        for word in _BRACES.findall(text)
        if word not in known
    ]


def _wholeness(data: dict[str, Any]) -> list[str]:
    """Return what would make the paper leave something out, or say it twice."""
    kinds = {name: [row.get("kind", "line") for row in data[name]] for name in _TABLES}
    needed: tuple[tuple[str, str, str], ...] = (
        ("parts", "delivery", "the paper would say nothing of the commitments"),
        ("appendices", "evidence", "the paper would leave evidence out"),
    )
    if "activity" in kinds["parts"]:  # it has every commitment with its evidence
        needed = ()
    found = [
        f"There is no [[{name}]] of the kind “{kind}”: {why}." for name, kind, why in needed if kind not in kinds[name]
    ]
    once = [("parts", kind) for kind in PARTS[2:]] + [("appendices", k) for k in APPENDICES]
    found += [f"There are several [[{name}]] of the kind “{k}”." for name, k in once if kinds[name].count(k) > 1]
    return found
