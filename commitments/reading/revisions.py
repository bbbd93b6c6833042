"""How a strategy was revised, and how success measures were proposed and agreed, as lines of a timeline."""

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


REVISIONS: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]]] = {
    "add": _was_added,
    "renumber": _was_renumbered,
    "amend": _was_amended,
    "measure": _was_measured,
}
"""What a public entry says, in words and in detail, by its act."""
