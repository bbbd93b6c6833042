"""What each role allows, in one table that people and the code both read. A person may hold several roles. A role
reaches as far as where it is held: an administrator's every strategy, an officer's the strategies that their council owns
or supports, a steering-group member's the strategies that their group steers, a partner's their own organisation. Where an
organisation that is not a council owns a strategy, its leads and whoever supports it may also do :data:`OWNERS_PEOPLE_MAY`
for it and run its rounds; a council's rounds are run by administrators.
Whether *this* person may act on *this* thing *now* is asked in each app's ``permissions.py``, which asks here first.
"""

from dataclasses import dataclass
from typing import Final

MANAGE_PEOPLE = "manage people"
MANAGE_ORGANISATIONS = "manage organisations"
KEEP_LISTINGS = "keep listings"
INVITE_COLLEAGUES = "invite colleagues"
EDIT_OWN_ORGANISATION = "edit own organisation"
MANAGE_COMMITMENTS = "manage commitments"
UPDATE_COMMITMENTS = "update commitments"
LOG_EVIDENCE = "log evidence"
REVIEW_EVIDENCE = "review evidence"
SEE_ALL_EVIDENCE = "see all evidence"
REQUEST_REPORT = "request report"
PUBLISH_REPORT = "publish report"
SEE_UNPUBLISHED_REPORTS = "see unpublished reports"
WRITE_REPORT = "write the report's texts"
COMMENT_ON_REPORT = "comment on a draft report"
RUN_ROUNDS = "run rounds"
APPROVE_UPDATES = "approve updates"
GIVE_VIEW = "give the sector's view"
SUPPLY_VALUES = "supply values"
WRITE_NOTES = "write internal notes"
SIGN_CHARTERS = "sign charters"

SECOND_STEP_FOR: Final = frozenset(
    {
        MANAGE_PEOPLE, MANAGE_ORGANISATIONS, KEEP_LISTINGS, MANAGE_COMMITMENTS, UPDATE_COMMITMENTS, REVIEW_EVIDENCE, SEE_ALL_EVIDENCE,
        PUBLISH_REPORT, WRITE_REPORT, RUN_ROUNDS, APPROVE_UPDATES, WRITE_NOTES,
    }
)  # fmt: skip
"""Permissions to decide for others, to publish, or to read everybody's evidence: whoever has one signs in with a second
step (ASVS 6.3.3). A role needs no line of its own."""
CODE_IS_ENOUGH_FOR: Final = frozenset(
    {
        INVITE_COLLEAGUES, EDIT_OWN_ORGANISATION, LOG_EVIDENCE, REQUEST_REPORT, SEE_UNPUBLISHED_REPORTS,
        COMMENT_ON_REPORT, GIVE_VIEW, SUPPLY_VALUES, SIGN_CHARTERS,
    }
)  # fmt: skip
"""The others: an emailed code is enough."""
OWNERS_PEOPLE_MAY: Final = frozenset(
    {
        UPDATE_COMMITMENTS, APPROVE_UPDATES, WRITE_NOTES, MANAGE_COMMITMENTS, REVIEW_EVIDENCE, SEE_ALL_EVIDENCE,
        REQUEST_REPORT, WRITE_REPORT, COMMENT_ON_REPORT, PUBLISH_REPORT, SEE_UNPUBLISHED_REPORTS,
    }
)  # fmt: skip
"""What the people of a strategy's owner may do for it: report on its commitments, review, and publish. ``_reaches`` of
:mod:`partners.permissions` says who they are."""
OWNERS_PEOPLE_RUN: Final = frozenset({RUN_ROUNDS})
"""What they may do besides where the owner is not a council."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name, an English paragraph, what it may do, and whether it is held within an organisation.

    ``may_for_own_strategies`` is what it allows besides for strategies that the organisation owns or supports, where the
    owner is not a council.
    """

    code: str
    label: str
    description: str
    may: frozenset[str]
    within: str  # "" nowhere, "council" in a council, "partner" in a partner organisation, "group" in a steering group
    may_for_own_strategies: frozenset[str] = frozenset()


ADMINISTRATOR: Final = Role(
    "administrator",
    "Administrator",
    "Looks after people, organisations and reporting rounds: invites, ends roles, names lead officers, opens and closes "
    "rounds, approves the updates that officers send, writes the report's own texts and publishes it. Sees all evidence but does not review it, and does not report on commitments.",
    frozenset(
        {
            MANAGE_PEOPLE,
            MANAGE_ORGANISATIONS,
            KEEP_LISTINGS,
            MANAGE_COMMITMENTS,
            RUN_ROUNDS,
            APPROVE_UPDATES,
            WRITE_NOTES,
            SEE_ALL_EVIDENCE,
            REQUEST_REPORT,
            WRITE_REPORT,
            COMMENT_ON_REPORT,
            PUBLISH_REPORT,
            SEE_UNPUBLISHED_REPORTS,
        }
    ),
    "",
)
OFFICER: Final = Role(
    "officer",
    "Council officer",
    "For the strategies that their council owns, and those of a partnership that it supports: reports on commitments, which a colleague approves, and keeps their actions, "
    "partners and figures; reviews the evidence and figures that partners send; logs the council's own evidence, which "
    "another officer reviews; signs charters for the council, and records the signatures of others; requests the report, writes its foreword and its other texts, and publishes it. Runs the rounds "
    "of a partnership’s strategy that their council supports. Corrects what the directory says about organisations that are only listed, "
    "and removes them if they ask.",
    OWNERS_PEOPLE_MAY | {LOG_EVIDENCE, SUPPLY_VALUES, SIGN_CHARTERS, KEEP_LISTINGS},
    "council",
    OWNERS_PEOPLE_RUN,
)
PARTNER_LEAD: Final = Role(
    "partner_lead",
    "Partner lead",
    "Logs and sends evidence and figures for their own organisation, gives its view of the commitments that it helps to "
    "deliver, signs charters for it, keeps its page up to date, and invites colleagues to it. Where the organisation owns a strategy and is not a public body, "
    "or supports the owner of one, does for that strategy what council officers do for their council’s, and runs its rounds.",
    frozenset({LOG_EVIDENCE, GIVE_VIEW, SUPPLY_VALUES, EDIT_OWN_ORGANISATION, INVITE_COLLEAGUES, SIGN_CHARTERS}),
    "partner",
    OWNERS_PEOPLE_MAY | OWNERS_PEOPLE_RUN,
)
PARTNER_CONTRIBUTOR: Final = Role(
    "partner_contributor",
    "Partner contributor",
    "Logs and sends evidence and figures for their own organisation, and says in each round that it still stands by what it has signed.",
    frozenset({LOG_EVIDENCE, SUPPLY_VALUES}),
    "partner",
)
STEERING_GROUP: Final = Role(
    "steering_group",
    "Steering-group member",
    "Reads everything that is published. For the strategies that their group steers: requests a report, comments on its draft, and downloads every edition, including those that are not published.",
    frozenset({REQUEST_REPORT, COMMENT_ON_REPORT, SEE_UNPUBLISHED_REPORTS}),
    "group",
)

ROLES: Final = (ADMINISTRATOR, OFFICER, PARTNER_LEAD, PARTNER_CONTRIBUTOR, STEERING_GROUP)
BY_CODE: Final = {role.code: role for role in ROLES}
PARTNER_ROLES: Final = tuple(role.code for role in ROLES if role.within == "partner")
