"""Every write to people, roles and organisations, each with its history, in one transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from partners import roles
from partners.email_domains import domain_of_website
from partners.ending_sessions import forget_sessions
from partners.identifiers import normalise
from partners.kinds import GROUP
from partners.models import Area, HistoryEntry, Organisation, OrganisationIdentifier, RoleGrant, User
from partners.naming import LONGEST_ORGANISATION, tidy_name
from partners.permissions import (
    check_can_edit_organisation,
    check_can_end_access,
    check_can_set_public_name,
    check_permission_anywhere,
    has_permission_anywhere,
)
from partners.second_step import open_set_up_for_role
from partners.security_events import record_event
from vcsportal.common.lookalikes import check_email, check_link
from vcsportal.common.names import free_slug, sort_name
from vcsportal.common.words import Refused

EDITABLE = ("name", "kind", "description", "website", "team_mailbox")


@transaction.atomic
def register_organisation(
    *,
    by: User | None,
    at: datetime,
    name: str,
    kind: str,
    description: str = "",
    website: str = "",
    team_mailbox: str = "",
    districts: Iterable[Area] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    slug: str = "",
) -> Organisation:
    """Add an organisation. ``by=None`` is the portal's own loader; anybody else needs to manage organisations.

    Raise :class:`Refused` for a person without the right, a bad identifier, or one that names another organisation.
    """
    if by is not None:
        check_permission_anywhere(by, roles.MANAGE_ORGANISATIONS, "Only an administrator can add an organisation.")
    taken = {"new", *Organisation.objects.values_list("slug", flat=True)}  # /organisations/new/ is the form
    name, website = tidy_name(name, longest=LONGEST_ORGANISATION), _tidy_website(website)
    organisation = Organisation.objects.create(
        slug=slug or free_slug(name, taken, fallback="organisation"),
        name=name,
        sort_name=sort_name(name),
        kind=kind,
        description=description.strip(),
        website=website,
        email_domains=[domain] if (domain := domain_of_website(website)) else [],
        team_mailbox=team_mailbox,
        joined_at=at,
    )
    organisation.districts.set(districts)
    _write_identifiers(organisation, identifiers)
    _history(at, by, "registered", organisation=organisation)
    return organisation


@transaction.atomic
def edit_organisation(
    *,
    by: User,
    at: datetime,
    organisation: Organisation,
    changes: Mapping[str, Any],
    districts: Iterable[Area],
    identifiers: Iterable[tuple[str, str]],
) -> Organisation:
    """Change what an organisation's page says. Raise :class:`Refused` as :func:`register_organisation` does."""
    check_can_edit_organisation(by, organisation)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    wanted = dict(changes)
    if "name" in wanted:
        wanted["name"] = tidy_name(wanted["name"], longest=LONGEST_ORGANISATION)
    if "website" in wanted:
        wanted["website"] = _tidy_website(wanted["website"])
    changed = [field for field in EDITABLE if field in wanted and getattr(organisation, field) != wanted[field]]
    for field in changed:
        setattr(organisation, field, wanted[field])
    if "website" in changed and has_permission_anywhere(by, roles.MANAGE_PEOPLE):  # a lead could name any website
        organisation.email_domains = sorted(
            {*organisation.email_domains, domain_of_website(organisation.website)} - {""}
        )
    organisation.sort_name = sort_name(organisation.name)
    organisation.save()
    organisation.districts.set(districts)
    _write_identifiers(organisation, identifiers)
    _history(at, by, "edited", organisation=organisation, detail=", ".join(changed))
    return organisation


def _tidy_website(website: str) -> str:
    if website:
        check_link(website)
    return website.strip()


def _write_identifiers(organisation: Organisation, identifiers: Iterable[tuple[str, str]]) -> None:
    wanted = {(scheme, normalise(scheme, value)) for scheme, value in identifiers}
    for scheme, value in sorted(wanted):
        other = OrganisationIdentifier.objects.filter(scheme=scheme, value=value).exclude(organisation=organisation)
        if found := other.select_related("organisation").first():
            raise Refused(f"{value} already belongs to {found.organisation.name}. Each number names one organisation.")
    for identifier in organisation.identifiers.all():
        if (identifier.scheme, identifier.value) in wanted:
            wanted.discard((identifier.scheme, identifier.value))
        else:
            identifier.delete()
    OrganisationIdentifier.objects.bulk_create(
        [OrganisationIdentifier(organisation=organisation, scheme=s, value=v) for s, v in sorted(wanted)]
    )


@transaction.atomic
def invite(
    *,
    by: None,
    at: datetime,
    email: str,
    name: str,
    role: str,
    organisation: Organisation | None = None,
) -> User:
    """Let a person take part at once: make them if they are new and give them the role. The portal's own act.

    For commands of whoever runs the servers. People invite people with :func:`partners.invitations.invite`, and get a
    role only when they accept. Asking twice changes nothing. Raise :class:`Refused` for a role and an organisation that
    don't fit together, a bad name or address, and a person whose access has ended.
    """
    if role not in roles.BY_CODE:
        raise Refused("Choose one of the roles that the portal offers.")
    check_role_fits(role, organisation)
    email = email.strip().lower()
    person = User.objects.filter(email=email).first()
    if person is None:
        check_email(email)
        person = User.objects.create_user(email=email, name=tidy_name(name), joined_at=at)
        _history(at, by, "invited", person=person, organisation=organisation)
        record_event("invited", at=at, by=by, person=person, detail=_role_in_words(role, organisation))
    elif not person.is_active:
        raise Refused("This person's access has been ended. Only an administrator can give it back.")
    give_role(by=by, at=at, person=person, role=role, organisation=organisation)
    return person


def check_role_fits(role: str, organisation: Organisation | None) -> None:
    """Raise :class:`Refused` if the role needs an organisation and has none, or has one and needs none."""
    rule = roles.BY_CODE[role]
    if rule.within and organisation is None:
        raise Refused(f"A {rule.label.lower()} belongs to an organisation. Choose which.")
    if not rule.within and organisation is not None:
        raise Refused(f"A {rule.label.lower()} holds the role for the whole portal. Leave the organisation empty.")
    if organisation is not None and (rule.within == "group") != (organisation.kind == GROUP):
        raise Refused(
            f"{organisation.name} steers strategies, so its people are steering-group members. Choose that role."
            if organisation.kind == GROUP
            else "A steering-group member belongs to a group that steers a strategy. Choose which."
        )


def give_role(*, by: User | None, at: datetime, person: User, role: str, organisation: Organisation | None) -> None:
    """Let a person hold a role from now on; who holds it already keeps it. The caller has asked whether ``by`` may.

    Part of accepting an invitation (:mod:`partners.invitations`), and of the portal's own first start.
    """
    try:
        with transaction.atomic():
            RoleGrant.objects.create(person=person, role=role, organisation=organisation, granted_at=at, granted_by=by)
    except IntegrityError:
        return  # the person holds the role already
    open_set_up_for_role(person=person, role=role, at=at)
    _history(at, by, "role given", person=person, organisation=organisation, detail=roles.BY_CODE[role].label)
    record_event("role_given", at=at, by=by, person=person, detail=_role_in_words(role, organisation))


def _role_in_words(role: str, organisation: Organisation | None) -> str:
    label = roles.BY_CODE[role].label
    return f"{label}, {organisation.name}" if organisation else label


@transaction.atomic
def end_role(*, by: User, at: datetime, grant: RoleGrant) -> None:
    """End one role of a person; what they did stays. Raise :class:`Refused` without the right, or for one's own."""
    check_permission_anywhere(by, roles.MANAGE_PEOPLE, "Only an administrator can end a role.")
    if grant.person_id == by.pk and grant.role == roles.ADMINISTRATOR.code:
        raise Refused("You can't end your own administrator role. Ask another administrator to do it.")
    ended = RoleGrant.objects.current().filter(pk=grant.pk).update(ended_at=at, ended_by=by)
    if ended:
        detail = roles.BY_CODE[grant.role].label
        _history(at, by, "role ended", person=grant.person, organisation=grant.organisation, detail=detail)
        words = _role_in_words(grant.role, grant.organisation)
        record_event("role_ended", at=at, by=by, person=grant.person, detail=words)


@transaction.atomic
def end_access(*, by: User, at: datetime, person: User, reason: str) -> None:
    """Sign a person out everywhere, from their next click, for as long as nobody gives it back. Roles and deeds stay.

    Raise :class:`Refused` without the right, for oneself, or without a reason.
    """
    check_can_end_access(by, person)
    if not reason.strip():
        raise Refused("Say why the access ends. It is kept in the person’s history.")
    if User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        _history(at, by, "access ended", person=person, detail=reason.strip())
        forget_sessions(person=person)
        record_event("access_ended", at=at, by=by, person=person, detail=reason)


@transaction.atomic
def restore_access(*, by: User, at: datetime, person: User, reason: str) -> None:
    """Let a person sign in again, with the roles they hold. Raise :class:`Refused` as :func:`end_access` does."""
    check_permission_anywhere(by, roles.MANAGE_PEOPLE, "Only an administrator can give access back.")
    if not reason.strip():
        raise Refused("Say why the access is given back. It is kept in the person’s history.")
    if User.objects.filter(pk=person.pk, erased_at__isnull=False).exists():
        raise Refused("This person’s data was erased. Invite them as somebody new.")
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        _history(at, by, "access given back", person=person, detail=reason.strip())
        record_event("access_given_back", at=at, by=by, person=person, detail=reason)


@transaction.atomic
def set_public_name(*, by: User, at: datetime, person: User, post: str, name_shown: bool) -> User:
    """Say how the public reads of a person: their post, and whether their name is shown. Only the person decides.

    Raise :class:`Refused` for anybody else.
    """
    check_can_set_public_name(by, person)
    post = " ".join(post.split())
    person = User.objects.select_for_update().get(pk=person.pk)
    if (person.post, person.name_shown) == (post, name_shown):
        return person
    person.post, person.name_shown = post, name_shown
    person.save(update_fields=["post", "name_shown"])
    shown = "name shown to the public" if name_shown else "name not shown to the public"
    _history(at, by, "public name", person=person, detail=f"{post or 'No post'}; {shown}")
    return person


def _history(
    at: datetime,
    by: User | None,
    act: str,
    *,
    person: User | None = None,
    organisation: Organisation | None = None,
    detail: str = "",
) -> None:
    HistoryEntry.objects.create(at=at, by=by, act=act, person=person, organisation=organisation, detail=detail)
