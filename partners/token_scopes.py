"""What a token for programs may do besides reading: a table. A token never approves, publishes or changes people."""

from dataclasses import dataclass
from typing import Final

from partners import roles


@dataclass(frozen=True, slots=True)
class TokenScope:
    """One thing that a program can do. Whoever makes the token needs one of the ``permissions`` (:mod:`partners.roles`)."""

    code: str
    label: str
    permissions: frozenset[str]


TOKEN_SCOPES: Final = (
    TokenScope("evidence", "Log evidence with its files, and send it for review", frozenset({roles.LOG_EVIDENCE})),
    TokenScope(
        "figures",
        "Enter figures: those of indicators, and those with sources",
        frozenset({roles.MANAGE_COMMITMENTS, roles.UPDATE_COMMITMENTS, roles.SUPPLY_VALUES}),
    ),
    TokenScope(
        "updates", "Save drafts of progress updates and send them for approval", frozenset({roles.UPDATE_COMMITMENTS})
    ),
    TokenScope("points", "Record points", frozenset({roles.MANAGE_COMMITMENTS})),
)
SCOPE_BY_CODE: Final = {scope.code: scope for scope in TOKEN_SCOPES}
LIFETIMES: Final = (("30", "30 days"), ("90", "90 days"), ("365", "A year"))
"""Days after which a token ends by itself."""
MOST_TOKENS: Final = 20
"""Tokens that one person can have at the same time."""
