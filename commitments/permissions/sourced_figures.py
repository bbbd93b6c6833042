"""Who keeps figures with sources, and the awards under them. Each rule is a pair: ``check_…``, ``can_…``."""

from typing import Any

from commitments.models import Strategy
from partners import roles
from partners.permissions import Person, check_permission_here
from vcsportal.common.words import allowed

NOT_KEPT = "Only the people responsible for this strategy, or an administrator, can change its figures."


def check_can_keep_figures(person: Person | Any, strategy: Strategy) -> None:
    """The people responsible for the strategy, and administrators. They alone see figures without a source, and small numbers."""
    check_permission_here(person, roles.MANAGE_COMMITMENTS, strategy, NOT_KEPT)


can_keep_figures = allowed(check_can_keep_figures)
