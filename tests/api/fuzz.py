"""Requests made from the API's own description: every GET, its parameters, and values that break things."""

import random
from collections.abc import Iterator
from typing import Any

from tests.long import LONG
from vcsportal.api_docs import description

REQUESTS = 3000 if LONG else 400
"""How many requests are made: the same on a slow machine and on a quick one."""
HOSTILE = (
    "", " ", "0", "-1", "1.5", "1e9", "99999999999999999999", "9" * 4500, "NaN", "null", "true", "None", "'", "\"", "' OR 1=1 --", "%", "_",
    "\\", "(((", "[", "*", "\x00", "a\x00b", "\x01", "\ud800", "\U0001f600", "\u202e", "İ", "ß", "0000-00-00", "0000-01-01", "99999-01-01",
    "2024-02-30", "2024-02-29", "../../etc/passwd", "{}", "[]", ",", ",,,", "1,2,3", "x" * 101, "x" * 3990, "\n", "\r\n",
)  # fmt: skip


def requests_from(world: Any, *, count: int, seed: int = 2022) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield so many paths and queries; the same ones in the same order for the same seed."""
    chance = random.Random(seed)
    doors = [(path, told["get"]) for path, told in description()["paths"].items() if "get" in told]
    good = {
        "strategy": "our-strategy", "slug": "our-strategy", "reference": "1.1", "number": "1", "round": world.round.slug,
        "id": str(world.evidence["accepted"].pk), "code": "1.1a", "gss_code": world.area.gss_code, "commitment": "1.1", "key": "thing-1-1", "organisation": "rowan-trust", "priority": "1",
        "evidence": str(world.evidence["accepted"].pk), "signatory": "1", "risk": "1", "district": "E07000177", "page": "1", "page_size": "2", "q": "drop-in",
    }  # fmt: skip

    def value(parameter: dict[str, Any]) -> str:
        choice = chance.random()
        if choice < 0.35 and parameter["name"] in good:
            return good[parameter["name"]]
        offered = parameter["schema"].get("enum") or parameter["schema"].get("items", {}).get("enum")
        if choice < 0.6 and offered:
            return str(chance.choice(offered))
        return chance.choice(HOSTILE)

    for _ in range(count):
        path, told = chance.choice(doors)
        query: dict[str, Any] = {}
        for parameter in told.get("parameters", []):
            if parameter["in"] == "path":
                part = good[parameter["name"]] if chance.random() < 0.7 else value(parameter)
                path = path.replace(f"{{{parameter['name']}}}", part.encode("utf-8", "replace").decode())
            elif chance.random() < 0.35:
                query[parameter["name"]] = [value(parameter) for _ in range(chance.choice((1, 1, 1, 2, 120)))]
        if chance.random() < 0.1:
            query[chance.choice(HOSTILE)[:50]] = ["1"]
        clean = {
            k.encode("utf-8", "replace").decode(): [v.encode("utf-8", "replace").decode() for v in vs]
            for k, vs in query.items()
        }
        yield path, clean
