"""JSON: the tables with their dictionary and licence. Lists stay lists, yes and no are true and false, texts are whole."""

import json
from decimal import Decimal
from typing import Any

from django.utils import timezone

from reporting.exports import json_schema
from reporting.exports.dictionary import LICENCE, LICENCE_URL, everything
from reporting.exports.tables import Table
from reporting.facts import Report, checksum_of, to_json
from reporting.narrative import dates
from vcsportal.common.cells import Value, clean


def write(report: Report) -> bytes:
    """Return the file, in UTF-8. It begins with what identifies it."""
    about, *tables, dictionary = everything(report)
    content = {
        "schema": f"{report.identity.url.rstrip('/')}{json_schema.path()}",
        "title": about.title,
        "strategy": {"slug": report.strategy.slug, "title": clean(report.strategy.title)},
        "round": {
            "slug": report.round.slug,
            "title": clean(report.round.label),
            "observes_from": report.round.observes_from.isoformat(),
            "observes_to": report.round.observes_to.isoformat(),
        },
        "edition": report.making.edition,
        "statuses_as_at": dates.statuses_on(report).isoformat(),
        "actions_as_at": dates.actions_on(report).isoformat(),
        "made_at": timezone.localtime(report.making.at).isoformat(timespec="seconds"),
        "facts_sha256": checksum_of(report),
        "publisher": clean(report.identity.council),
        "licence": {"name": LICENCE, "url": LICENCE_URL},
        "about": _rows(about),
        "tables": {table.name: {"title": table.title, "says": table.says, "rows": _rows(table)} for table in tables},
        "dictionary": _rows(dictionary),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _rows(table: Table) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(_value, row), strict=True)) for row in table.rows]


def _value(value: Value) -> Any:
    return float(value) if isinstance(value, Decimal) else to_json(value)
