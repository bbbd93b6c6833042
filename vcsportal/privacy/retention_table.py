"""The retention table: each floor's rows in one list. The notice, the job and the tests read this one."""

from typing import Final

from commitments.services import retention as of_commitments
from partners.services import retention as of_partners
from reporting.services import retention as of_reporting
from vcsportal.common.retention import Rule
from vcsportal.privacy.services.erasure import ended_accounts, erase_ended_accounts

ENDED_ACCOUNTS: Final = Rule(
    "ended_accounts", "Accounts of people whose access has ended",
    "In case they return, and to be able to ask them about their work.", 365, "after their access ended",
    "Their name becomes “A former member of …”. Their address, emails and ways to sign in are erased. What they did stays, without their name.",
    ("partners.User", "account.EmailAddress", "mfa.Authenticator", "socialaccount.SocialAccount"),
    ended_accounts, erase_ended_accounts,
)  # fmt: skip
"""Every floor holds something of an account, so this row belongs to none of them."""
RULES: Final[tuple[Rule, ...]] = (ENDED_ACCOUNTS, *of_partners.RULES, *of_commitments.RULES, *of_reporting.RULES)
RULE: Final = {rule.code: rule for rule in RULES}
SETTINGS_ONLY: Final = ("draft_evidence_warning",)
"""Codes of the setting ``RETENTION_DAYS`` that are no rows: days after which somebody is warned."""
KEPT: Final = {**of_partners.KEPT, **of_commitments.KEPT, **of_reporting.KEPT}
"""Tables with personal data that are kept for the record, and why."""
