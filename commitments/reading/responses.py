"""What pages show of responses: those of one commitment, the board of a strategy, and a person's tasks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from commitments.models import Commitment, Response, Strategy
from commitments.models.writers import with_response_writers
from commitments.permissions.responses import can_approve_response, can_return_response, can_write_response
from commitments.rules import stances
from partners.models import Organisation, User
from vcsportal.common import plurals

MAX_SHOWN = 100


@dataclass(frozen=True, slots=True)
class PublicResponse:
    """What everyone reads of one addressee. ``words`` and what follows are empty while the response is awaited.

    ``url`` leads people who handle it to its page; "" for anybody else.
    """

    addressee: str
    stance: stances.Stance
    words: str
    decided_where: str
    decided_on: date | None
    given_on: Any
    is_owners: bool
    url: str = ""


def responses_of(commitment: Commitment, person: Any) -> list[PublicResponse]:
    """Return the responses to a commitment in the order of its addressees, the owner's first. One query."""
    found = commitment.responses.select_related("organisation", "commitment__strategy__owner").order_by("place", "id")
    rows = [_public(response, person) for response in found]
    return sorted(rows, key=lambda row: not row.is_owners)


def _public(response: Response, person: Any) -> PublicResponse:
    given = response.is_given
    handles = can_write_response(person, response) or can_return_response(person, response)
    return PublicResponse(
        response.addressee,
        response.public_stance,
        response.words if given else "",
        response.decided_where if given else "",
        response.decided_on if given else None,
        response.given_at if given else None,
        response.is_owners,
        response.get_absolute_url() if handles and response.organisation_id else "",
    )


@dataclass(frozen=True, slots=True)
class AddressedStrategy:
    """A strategy with the responses of one addressee: counts in words, and each commitment with its published stance."""

    strategy: Strategy
    counted: str
    rows: list[tuple[Commitment, stances.Stance]]


def addressed_to(organisation: Organisation) -> list[AddressedStrategy]:
    """Return what is addressed to an organisation, by strategy, the newest first. One query."""
    found = Response.objects.filter(organisation=organisation).select_related(
        "commitment__strategy", "commitment__priority"
    )
    under: dict[int, list[Response]] = {}
    for response in found.in_order():
        under.setdefault(response.commitment.strategy_id, []).append(response)
    strategies = sorted(under.values(), key=lambda rows: rows[0].commitment.strategy.starts_on, reverse=True)
    return [
        AddressedStrategy(
            rows[0].commitment.strategy,
            sentence(row.public_stance.code for row in rows),
            [(row.commitment, row.public_stance) for row in rows],
        )
        for rows in strategies
    ]


def sentence(codes: Iterable[str]) -> str:
    """Return a count of each stance that there is: ``6 accepted, 4 accepted in part, 1 declined and 4 awaiting a response``."""
    counts = Counter(stances.of(code).code for code in codes)
    parts = [
        f"{counts[stance.code]} {stance.past}" for stance in (*stances.STANCES, stances.AWAITED) if counts[stance.code]
    ]
    return plurals.join_with_and(parts)


def tasks(person: User) -> tuple[list[Response], list[Response]]:
    """Return the responses that a person is to write, and those to review. One query.

    Of the owner's, those of commitments that the person leads or that nobody leads. To review are those that the person may
    approve now.
    """
    found: QuerySet[Response] = (
        Response.objects.handled_by(person)
        .exclude(state="given")
        .filter(organisation__isnull=False)
        .select_related("organisation", "commitment__strategy__owner", "commitment__priority")
        .in_order()
    )
    rows = list(with_response_writers(found)[:MAX_SHOWN])
    to_write = [
        row for row in rows if row.state != "submitted" and can_write_response(person, row) and _leads(person, row)
    ]
    return to_write, [row for row in rows if row.state == "submitted" and can_approve_response(person, row)]


def _leads(person: User, response: Response) -> bool:
    leader = response.commitment.lead_officer_id
    return not response.is_owners or leader is None or leader == person.pk
