"""The tables of people and organisations."""

from partners.models.address_changes import AddressChange
from partners.models.api_tokens import ApiToken
from partners.models.calendars import PersonalCalendar
from partners.models.deputies import Deputy
from partners.models.groups import Appointment, PartnershipGroup, Seat
from partners.models.history import HistoryEntry
from partners.models.invitations import Invitation
from partners.models.joining import JoiningRequest
from partners.models.mails import Mail
from partners.models.organisations import Area, Organisation, OrganisationIdentifier
from partners.models.people import RoleGrant, User
from partners.models.privacy import Complaint, ComplaintStep, RetentionCount, RetentionRun
from partners.models.repeated_requests import RepeatedRequest
from partners.models.security import SecurityEvent, SecurityEventLink
from partners.models.sessions import Session
from partners.models.sources import Source
from partners.models.strands import Strand
from partners.models.submitted_forms import SubmittedForm

__all__ = [
    "AddressChange",
    "ApiToken",
    "Appointment",
    "Area",
    "Complaint",
    "ComplaintStep",
    "Deputy",
    "HistoryEntry",
    "Invitation",
    "JoiningRequest",
    "Mail",
    "Organisation",
    "OrganisationIdentifier",
    "PartnershipGroup",
    "PersonalCalendar",
    "RepeatedRequest",
    "RetentionCount",
    "RetentionRun",
    "RoleGrant",
    "Seat",
    "SecurityEvent",
    "SecurityEventLink",
    "Session",
    "Source",
    "Strand",
    "SubmittedForm",
    "User",
]
