"""What an answer says: what a browser fetches for it, what its form sends along, and whether it is the one that was wanted."""

import html
import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_INPUT: Final = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r'\b(type|name|value)="([^"]*)"')
_FETCHED: Final = re.compile(r'<(?:link|script)\b[^>]*\b(?:href|src)="(/static/[^"]+)"')
_HEADING: Final = re.compile(r"<h1[^>]*>(.*?)</h1>|\"detail\": ?\"([^\"]*)\"", re.DOTALL)
_SUMMARY: Final = re.compile(r"error-summary__list.*?<li>(.*?)</li>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str


def refuse_other_hosts(address: str) -> None:
    """Raise ``SystemExit`` with a sentence unless the address is one of this machine."""
    name = urlsplit(address).hostname or ""
    try:
        ours = ipaddress.ip_address(name).is_loopback
    except ValueError:
        ours = name == "localhost"
    if not ours:
        raise SystemExit(f"{name or address} is not this machine, and nothing else is put under load.")


def files_of(page: str) -> list[str]:
    """Return the styles, scripts and fonts that a browser fetches for a page, each once."""
    return [html.unescape(path) for path in dict.fromkeys(_FETCHED.findall(page))]


def hidden_fields(page: str) -> dict[str, str]:
    """Return what the hidden fields of a page hold, by their names; of several of one name the last."""
    found = {}
    for tag in _INPUT.findall(page):
        attributes = dict(_ATTRIBUTE.findall(tag))
        if attributes.get("type") == "hidden" and attributes.get("name"):
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return found


def fault_of(answer: Answer, wanted: tuple[int, ...], leads_to: str, error: object) -> str:
    """Return what is wrong with an answer, in words; "" if nothing is."""
    if answer.status == 0:
        return f"no answer: {type(error).__name__} {error}"[:200]
    if answer.status not in wanted:
        found = _SUMMARY.search(answer.text) or _HEADING.search(answer.text)
        said = next(filter(None, found.groups()), "") if found else answer.text
        return f"{answer.status}: {html.unescape(_TAG.sub('', said)).strip()[:160]}"
    if leads_to and not re.search(leads_to, answer.location):
        return f"{answer.status} leads to {re.sub(r'[0-9]+', 'N', answer.location)[:80]}"
    return ""
