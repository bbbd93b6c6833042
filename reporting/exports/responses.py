"""The table of what each addressee answered to the commitments."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from commitments.rules.stances import of
from reporting.exports.tables import Column, TableDefinition
from reporting.facts import CommitmentFacts, Report, ResponseFacts
from vcsportal.common.columns import DATE, NUMBER, TEXT, YES_NO


@dataclass(frozen=True, slots=True)
class ExportedResponse:
    """A response with the commitment that it is about."""

    commitment: CommitmentFacts
    response: ResponseFacts


def _responses(report: Report) -> Iterable[ExportedResponse]:
    for commitment, response in report.responses():
        yield ExportedResponse(commitment, response)


RESPONSES: Final = TableDefinition(
    "responses",
    "Responses to the commitments",
    "One row for each organisation, or group of organisations, that a commitment is addressed to, with what it had responded by the day on which statuses were frozen.",
    (
        Column("row", NUMBER, "Number of the row in the report.", lambda row: row.response.number),
        Column("commitment", TEXT, "The commitment's number in the strategy.", lambda row: row.commitment.reference),
        Column("short_title", TEXT, "A short name for it.", lambda row: row.commitment.short_title),
        Column("addressee", TEXT, "Who it is addressed to.", lambda row: row.response.addressee),
        Column("is_owner", YES_NO, "Whether that is the owner of the strategy, who has to accept it before updates are asked for.", lambda row: row.response.is_owners),
        Column("response", TEXT, "The response, or “Awaiting a response”.", lambda row: row.response.public_stance.label),
        Column("response_code", TEXT, "The same as a code. Empty while it is awaited.", lambda row: row.response.stance),
        Column("reason", TEXT, "What will be done, or why not, in the addressee’s words.", lambda row: row.response.words),
        Column("decided_where", TEXT, "Where it was decided.", lambda row: row.response.decided_where),
        Column("decided_on", DATE, "Day on which it was decided.", lambda row: row.response.decided_on),
        Column("published_on", DATE, "Day on which it was published. Empty while it is awaited.", lambda row: row.response.given_on),
        Column("response_since", TEXT, "The response, if it was published or changed between the day on which statuses were frozen and that of the report.", lambda row: of(row.response.stance_since).label if row.response.stance_since else ""),
        Column("published_since", DATE, "Day on which that was published.", lambda row: row.response.given_since),
        Column("withdrawn_since", DATE, "Day on which the response was withdrawn, if in that time.", lambda row: row.response.withdrawn_since),
    ),
    _responses,
)  # fmt: skip
