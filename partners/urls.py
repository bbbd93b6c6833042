"""Addresses of organisations and people."""

from django.urls import path

from partners.views import (
    appointments,
    groups,
    invitations,
    joining,
    members,
    organisations,
    people,
    person_changes,
    seats,
    second_step,
    security,
    sessions,
    standing,
    strands,
)
from partners.views.access import access
from partners.views.account import account, public_name
from partners.views.complaints import complain, complaint, complaint_list, complaint_received
from partners.views.deputies import deputies, deputy_end
from partners.views.personal_calendar import personal_calendar

app_name = "partners"
urlpatterns = [
    path("account/", account, name="account"),
    path("account/address/", person_changes.address_confirm, name="address-confirm"),
    path("account/calendar/", personal_calendar, name="personal-calendar"),
    path("account/public-name/", public_name, name="public-name"),
    path("account/seats/<int:pk>/", appointments.name_on_seat, name="name-on-seat"),
    path("account/second-step/", second_step.second_step, name="second-step"),
    path("account/sessions/", sessions.sessions, name="sessions"),
    path("organisations/", organisations.organisation_list, name="organisation-list"),
    path("organisations/new/", organisations.organisation_new, name="organisation-new"),
    path("organisations/groups/", groups.group_list, name="group-list"),
    path("organisations/<slug:slug>/", organisations.organisation, name="organisation"),
    path("organisations/<slug:slug>/group/", groups.group_edit, name="group-edit"),
    path("organisations/<slug:slug>/seats/", seats.seat_list, name="seats"),
    path("organisations/<slug:slug>/seats/new/", seats.seat_new, name="seat-new"),
    path("organisations/<slug:slug>/seats/<int:number>/", seats.seat_edit, name="seat-edit"),
    path("organisations/<slug:slug>/seats/<int:number>/end/", seats.seat_end, name="seat-end"),
    path("organisations/<slug:slug>/seats/<int:number>/appoint/", appointments.appointment_new, name="appoint"),
    path(
        "organisations/<slug:slug>/seats/<int:number>/appointments/<int:pk>/end/",
        appointments.appointment_end,
        name="appointment-end",
    ),
    path("organisations/<slug:slug>/edit/", organisations.organisation_edit, name="organisation-edit"),
    path("organisations/<slug:slug>/is-this-you/", joining.ask_to_take_part, name="joining"),
    path("organisations/<slug:slug>/is-this-you/sent/", joining.joining_sent, name="joining-sent"),
    path("organisations/<slug:slug>/standing/", standing.standing, name="standing"),
    path("organisations/<slug:slug>/remove/", standing.removal, name="removal"),
    path("people/", people.people, name="people"),
    path("people/requests/", joining.joining_requests, name="joining-requests"),
    path("people/requests/<int:pk>/", joining.joining_request, name="joining-request"),
    path("people/security/", security.security_events, name="security-events"),
    path("people/security/events.csv", security.security_events_export, name="security-events-export"),
    path("organisations/<slug:slug>/members/", members.members, name="members"),
    path("organisations/<slug:slug>/members/domains/", members.domains, name="domains"),
    path("organisations/<slug:slug>/members/<int:pk>/end/", members.member_end, name="member-end"),
    path("invitations/<int:pk>/", invitations.invitation_answer, name="invitation-answer"),
    path("people/invite/", invitations.invite_person, name="invite"),
    path("people/invitations/", invitations.invitation_list, name="invitations"),
    path("people/invitations/<int:pk>/", invitations.invitation, name="invitation"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", person_changes.person_edit, name="person-edit"),
    path("people/<int:pk>/access/", access, name="access"),
    path("people/<int:pk>/second-step/", second_step.recover, name="second-step-recover"),
    path("people/<int:pk>/sessions/", sessions.person_sessions, name="person-sessions"),
    path("people/<int:pk>/deputies/", deputies, name="deputies"),
    path("people/<int:pk>/deputies/<int:deputy_pk>/end/", deputy_end, name="deputy-end"),
    path("people/roles/<int:pk>/end/", people.role_end, name="role-end"),
    path("privacy/complaint/", complain, name="complain"),
    path("privacy/complaint/received/<str:signed>/", complaint_received, name="complaint-received"),
    path("privacy/complaints/", complaint_list, name="complaints"),
    path("privacy/complaints/<int:pk>/", complaint, name="complaint"),
    path("people/strands/", strands.strand_list, name="strands"),
    path("people/strands/new/", strands.strand_new, name="strand-new"),
    path("people/strands/<slug:code>/", strands.strand_edit, name="strand-edit"),
    path("roles/", people.role_table, name="roles"),
]
