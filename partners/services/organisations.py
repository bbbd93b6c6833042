"""Every write to organisations, with its history, in one transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from partners import roles
from partners.email_domains import domain_of_website
from partners.identifiers import normalise
from partners.kinds import GROUP, PUBLIC_BODY
from partners.models import Area, Organisation, OrganisationIdentifier, PartnershipGroup, User
from partners.naming import MAXIMUM_ORGANISATION_NAME_CHARACTERS, tidy_name
from partners.permissions import check_can_edit_organisation, check_permission_anywhere, has_permission_anywhere
from partners.services.history import write_history
from vcsportal.common.lookalikes import check_link
from vcsportal.common.names import free_slug, sort_name
from vcsportal.common.words import Invalid

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
    taken = {"new", "groups", *Organisation.objects.values_list("slug", flat=True)}  # pages of their own
    name, website = tidy_name(name, longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS), _tidy_website(website)
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
    write_history(at, by, "registered", organisation=organisation)
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
        wanted["name"] = tidy_name(wanted["name"], longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS)
    if "website" in wanted:
        wanted["website"] = _tidy_website(wanted["website"])
    becomes = wanted.get("kind", organisation.kind)
    if organisation.owns_strategies and (becomes == PUBLIC_BODY) != (organisation.kind == PUBLIC_BODY):
        raise Invalid(
            f"{organisation.name} owns a strategy, and whether it is a public body decides who answers for that strategy. "
            "So this can’t be changed here.",
            field="kind",
        )
    if becomes != organisation.kind == GROUP and PartnershipGroup.objects.filter(organisation=organisation).exists():
        raise Invalid(f"{organisation.name} is a group with seats, so its kind can’t be changed here.", field="kind")
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
    write_history(at, by, "edited", organisation=organisation, detail=", ".join(changed))
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
            raise Invalid(
                f"{value} already belongs to {found.organisation.name}. Each number names one organisation.",
                field="identifiers",
            )
    for identifier in organisation.identifiers.all():
        if (identifier.scheme, identifier.value) in wanted:
            wanted.discard((identifier.scheme, identifier.value))
        else:
            identifier.delete()
    OrganisationIdentifier.objects.bulk_create(
        [OrganisationIdentifier(organisation=organisation, scheme=s, value=v) for s, v in sorted(wanted)]
    )
