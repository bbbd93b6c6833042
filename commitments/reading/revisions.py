"""How a strategy was revised, how success measures were agreed and plan details changed, as lines of a timeline."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from commitments.reading.plans import agreed
from vcsportal.common.dates import in_words


def _was_added(details: Mapping[str, Any]) -> tuple[str, str]:
    return f"Added to the strategy on {in_words(date.fromisoformat(details['on']))}", ""


def _was_renumbered(details: Mapping[str, Any]) -> tuple[str, str]:
    return f"Renumbered from {details['was']['reference']} to {details['now']['reference']}", ""


def _was_amended(details: Mapping[str, Any]) -> tuple[str, str]:
    return "Wording amended", f"It was: “{details['was']['wording']}”\n\nIt is now: “{details['now']['wording']}”"


def _was_measured(details: Mapping[str, Any]) -> tuple[str, str]:
    was, now = details["was"], details["now"]
    if not now["words"]:
        return "Success measure removed", f"It was: “{was['words']}”"
    on = date.fromisoformat(now["agreed_on"]) if now["agreed_on"] else None
    newly_agreed = now["agreed_by"] and (now["agreed_by"], now["agreed_on"]) != (was["agreed_by"], was["agreed_on"])
    if newly_agreed:
        text = "Success measure agreed" + agreed(now["agreed_by"], on).removeprefix("Agreed").removesuffix(".")
    elif was["words"]:
        text = "Success measure changed"
    else:
        text = "Success measure proposed"
    return text, now["words"]


def _was_planned(details: Mapping[str, Any]) -> tuple[str, str]:
    now, lines = details["now"], []
    if "team" in now:
        lines.append(f"Team: {now['team']}" if now["team"] else "No team now")
    for name, label in (("starts_on", "First day"), ("ends_on", "Last day")):
        if name in now:
            day = date.fromisoformat(now[name]) if now[name] else None
            lines.append(f"{label}: {in_words(day) if day else 'none any more'}")
    what = "Team and dates" if "team" in now and len(now) > 1 else "Team" if "team" in now else "Dates"
    return f"{what} changed", "\n\n".join(lines)


def _was_tied(details: Mapping[str, Any]) -> tuple[str, str]:
    replaces, related = "follows" in details["now"], "related" in details["now"]
    if replaces and related:
        return "What it replaces and what it is related to changed", ""
    return ("What it replaces changed" if replaces else "What it is related to changed"), ""


REVISIONS: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]]] = {
    "add": _was_added,
    "renumber": _was_renumbered,
    "amend": _was_amended,
    "measure": _was_measured,
    "details": _was_planned,
    "tie": _was_tied,
}
"""What a public entry says, in words and in detail, by its act."""
