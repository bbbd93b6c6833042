"""Reads the signatures of a charter, which is held by the caller: nobody else signs or ends a signature meanwhile."""

from collections import defaultdict
from collections.abc import Iterable

from commitments.models import Signatory
from vcsportal.common.saving_together import change_known, held_once, hold_known


def signatures_of(strategy_id: int, organisation_id: int) -> list[Signatory]:
    """Return all signatures that an organisation has given to a charter, ended ones too."""
    return held_once(
        _key(strategy_id, organisation_id),
        lambda: list(Signatory.objects.filter(strategy=strategy_id, organisation=organisation_id).order_by("id")),
    )


def standing_signature(strategy_id: int, organisation_id: int) -> Signatory | None:
    """Return the signature of an organisation that has not ended, or None."""
    return next((each for each in signatures_of(strategy_id, organisation_id) if each.ended_on is None), None)


def remember_signature(signatory: Signatory) -> None:
    """Have the functions above know a signature that was just recorded or ended."""
    change_known(
        _key(signatory.strategy_id, signatory.organisation_id),
        lambda known: [*(each for each in known if each != signatory), signatory],
    )


def read_signatures_ahead(strategy_id: int, organisation_ids: Iterable[int]) -> None:
    """Read the signatures of many organisations with one query, before they are saved together."""
    found: dict[int, list[Signatory]] = defaultdict(list)
    ids = list(organisation_ids)
    for signatory in Signatory.objects.filter(strategy=strategy_id, organisation__in=ids).order_by("id"):
        found[signatory.organisation_id].append(signatory)
    hold_known({_key(strategy_id, organisation_id): found[organisation_id] for organisation_id in ids})


def _key(strategy_id: int, organisation_id: int) -> tuple[str, int, int]:
    return ("signatures", strategy_id, organisation_id)
