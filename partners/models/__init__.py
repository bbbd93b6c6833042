"""Tables of the ground floor."""

from partners.models.history import HistoryEntry
from partners.models.organisations import Area, Organisation, OrganisationIdentifier
from partners.models.people import RoleGrant, User

__all__ = ["Area", "HistoryEntry", "Organisation", "OrganisationIdentifier", "RoleGrant", "User"]
