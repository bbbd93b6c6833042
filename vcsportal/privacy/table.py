"""The retention table: each floor's rows in one list. The notice, the job and the tests read this one."""

from typing import Final

from commitments.services import retention as of_commitments
from partners import retention as of_partners
from reporting.services import retention as of_reporting
from vcsportal.common.retention import Rule

RULES: Final[tuple[Rule, ...]] = (*of_partners.RULES, *of_commitments.RULES, *of_reporting.RULES)
RULE: Final = {rule.code: rule for rule in RULES}
SETTINGS_ONLY: Final = ("draft_evidence_warning",)
"""Codes of the setting ``RETENTION_DAYS`` that are no rows: days after which somebody is warned."""
KEPT: Final = {**of_partners.KEPT, **of_commitments.KEPT, **of_reporting.KEPT}
"""Tables with personal data that are kept for the record, and why."""
