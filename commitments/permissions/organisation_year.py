"""Who reads the year of an organisation: its own people who may log evidence for it."""

from typing import Any

from partners import roles
from partners.models import Organisation
from partners.permissions import organisations_for
from vcsportal.common.words import NotAllowed

REFUSAL = "Only people who log evidence for this organisation can open this page."


def can_read_year(person: Any, organisation: Organisation) -> bool:
    """Whether the person may read everything that the organisation told in a year."""
    return organisation in organisations_for(person, roles.LOG_EVIDENCE)


def check_can_read_year(person: Any, organisation: Organisation) -> None:
    """Raise :class:`NotAllowed` unless the person may read it."""
    if not can_read_year(person, organisation):
        raise NotAllowed(REFUSAL)
