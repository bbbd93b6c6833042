"""The kinds of workbook, one row each."""

from typing import Final

from commitments.workbooks.actions import ACTIONS
from commitments.workbooks.evidence import EVIDENCE
from commitments.workbooks.figures import FIGURES
from commitments.workbooks.kind import Scope, WorkbookKind
from commitments.workbooks.organisations import ORGANISATIONS
from commitments.workbooks.risks import RISKS
from commitments.workbooks.signatories import SIGNATORIES
from commitments.workbooks.updates import UPDATES
from vcsportal.common.words import Refused

KINDS: Final[tuple[WorkbookKind, ...]] = (UPDATES, FIGURES, ACTIONS, RISKS, SIGNATORIES, EVIDENCE, ORGANISATIONS)
BY_CODE: Final = {kind.code: kind for kind in KINDS}


def may_use(kind: WorkbookKind, scope: Scope) -> bool:
    """Say whether the person may download and upload this workbook now."""
    try:
        kind.check_may(scope)
    except Refused:
        return False
    return True
