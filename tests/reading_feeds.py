"""Reads an Atom feed as a feed reader does."""

from typing import Any
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Any, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def entries(client: Any, address: str) -> list[dict[str, str]]:
    found = []
    for entry in feed(client, address).iter(f"{ATOM}entry"):
        values = {name: entry.findtext(f"{ATOM}{name}") or "" for name in ("id", "title", "updated", "summary")}
        link, category = entry.find(f"{ATOM}link"), entry.find(f"{ATOM}category")
        assert link is not None
        assert category is not None
        found.append({**values, "link": link.attrib["href"], "kind": category.attrib["term"]})
    return found
