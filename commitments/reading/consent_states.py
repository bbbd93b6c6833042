"""What consents allow for the stories and photographs of one page: the rules of the ledger in Python instead of SQL.

:class:`commitments.models.consent.ConsentQuerySet` states the same rules for queries; a test compares the two.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from commitments.models import Consent
from commitments.rules import story_consent

Ledger = Mapping[tuple[int, int | None], Sequence[Mapping[str, Any]]]
"""Each person's newest consent for an item's story (then the second key is None) or for one of its files."""


def consents_of_item() -> ArraySubquery:
    """Return all consents to the story and files of an item of evidence, the oldest first, as one column of its query; :func:`ledger_of` reads them."""
    rows = Consent.objects.filter(evidence=OuterRef("pk"), quotation=None).order_by("recorded_at", "id")
    columns = ("evidence_id", "file_id", "given_by", "uses", "lasts_until", "withdrawn_at")
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in columns})))


def ledger_of(consents: Iterable[Mapping[str, Any]]) -> Ledger:
    """Return the newest of the consents that :func:`consents_of_item` gives for one item or several."""
    newest: dict[tuple[int, int | None], dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in consents:  # asked again, the new answer takes the place of the old
        last = row["lasts_until"] and date.fromisoformat(row["lasts_until"])
        newest[row["evidence_id"], row["file_id"]][row["given_by"].upper()] = {**row, "lasts_until": last}
    return {of: list(people.values()) for of, people in newest.items()}


def story_state(ledger: Ledger, evidence: int, today: date, *, use: str = "portal") -> str:
    """Return the state of an item's story, one of :mod:`commitments.rules.story_consent`; "" where it may be shown."""
    consents = ledger.get((evidence, None), ())
    if any(row["withdrawn_at"] for row in consents):
        return story_consent.WITHDRAWN
    if any(_has_ended(row, today) for row in consents):
        return story_consent.EXPIRED
    if all(use in row["uses"] for row in consents):
        return ""
    other = story_consent.OTHER_USE[use]
    return story_consent.ONLY[other] if all(other in row["uses"] for row in consents) else story_consent.REFUSED


def photograph_is_showable(ledger: Ledger, file: Mapping[str, Any], today: date, *, use: str = "portal") -> bool:
    """Whether a photograph may be shown to anybody.

    :param file: ``evidence_id``, ``id`` and ``shows_people`` of a file that is not erased.
    """
    consents = ledger.get((file["evidence_id"], file["id"]), ())
    if any(_has_ended(row, today) or use not in row["uses"] for row in consents):
        return False
    if story_state(ledger, file["evidence_id"], today, use=use) in story_consent.DETAILS_WITHHELD:
        return False
    return bool(consents) or not file["shows_people"]


def _has_ended(row: Mapping[str, Any], today: date) -> bool:
    return row["withdrawn_at"] is not None or (row["lasts_until"] is not None and row["lasts_until"] < today)
