"""Every write to organisations, with its history, in one transaction."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from partners import roles
from partners.contacts import are_confirmed, check_contacts, tidy_telephone
from partners.email_domains import domain_of_website, domains_after
from partners.kinds import GROUP, PUBLIC_BODY
from partners.models import Area, Organisation, PartnershipGroup, Strand, User
from partners.naming import MAXIMUM_ORGANISATION_NAME_CHARACTERS, tidy_name
from partners.permissions import (
    can_keep_listing,
    check_can_edit_organisation,
    check_permission_anywhere,
    has_permission_anywhere,
)
from partners.services.history import write_history
from partners.services.related_rows import RELATED, lock_organisation, related_of, wanted_related, write_related
from partners.standings import ENDED, TAKES_PART
from vcsportal.common.lookalikes import check_link
from vcsportal.common.names import free_slug, slug_stem, sort_name
from vcsportal.common.plain_texts import tidy_line_ends
from vcsportal.common.words import Conflict, Invalid

EDITABLE = ("name", "kind", "description", "website", "team_mailbox", "telephone", "contacts_confirmed", "former_names")
KEPT = ("source", "checked_on")
"""What only those who keep the directory change."""
MAXIMUM_FORMER_NAMES: Final = 20
TAKEN: Final = frozenset({"new", "groups"})
"""Parts of addresses that are pages of their own."""
_MARKED: Final = frozenset({*EDITABLE, *KEPT}) - {"contacts_confirmed", "checked_on"}
"""What a file leaves alone once a person has changed it. The confirmation goes with the contacts, and the later check counts."""


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
    telephone: str = "",
    contacts_confirmed: bool = False,
    former_names: str = "",
    standing: str = TAKES_PART,
    source: str = "",
    checked_on: date | None = None,
    districts: Iterable[Area] = (),
    strands: Iterable[Strand] = (),
    identifiers: Iterable[tuple[str, str]] = (),
    slug: str = "",
    file: str = "",
) -> Organisation:
    """Add an organisation. ``by=None`` is the portal's own loader; anybody else needs to manage organisations.

    :param file: the name of the spreadsheet that it comes from, for the history.
    :param standing: whether it takes part or is only listed; one that has ended is ended afterwards.
    Raise :class:`Refused` for a person without the right, a bad identifier, or one that names another organisation, and for a
    mailbox or number that looks like one person's and is not confirmed.
    """
    if by is not None:
        check_permission_anywhere(by, roles.MANAGE_ORGANISATIONS, "Only an administrator can add an organisation.")
    if standing == ENDED:
        raise Invalid("Add the organisation first, and then say that it has ended.", field="standing")
    check_not_in_future(checked_on, at)
    name, website = tidy_name(name, longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS), _tidy_website(website)
    telephone = tidy_telephone(telephone)
    check_contacts(name=name, mailbox=team_mailbox, telephone=telephone, confirmed=contacts_confirmed)
    stem = slug_stem(name, fallback="organisation")
    taken = {*TAKEN, *Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True)}
    organisation = Organisation(
        slug=slug or free_slug(name, taken, fallback="organisation"),
        name=name,
        sort_name=sort_name(name),
        kind=kind,
        description=tidy_line_ends(description).strip(),
        website=website,
        email_domains=[domain] if (domain := domain_of_website(website)) else [],
        team_mailbox=team_mailbox,
        telephone=telephone,
        contacts_confirmed=contacts_confirmed,
        former_names=tidy_former_names(former_names, name),
        standing=standing,
        source=source.strip(),
        checked_on=checked_on,
        joined_at=at,
    )
    related = wanted_related(districts, strands, identifiers)
    if by is not None:
        given = [name for name in _MARKED if getattr(organisation, name)]
        organisation.mark_changed_by_hand(
            [*given, *(name for name, keys in related.items() if keys)], timezone.localdate(at)
        )
    organisation.save()
    write_related(organisation, dict.fromkeys(related, frozenset()), related)
    write_history(at, by, "registered", organisation=organisation, detail=_from_file(file))
    return organisation


@transaction.atomic
def edit_organisation(
    *,
    by: User,
    at: datetime,
    organisation: Organisation,
    changes: Mapping[str, Any],
    districts: Iterable[Area] | None = None,
    identifiers: Iterable[tuple[str, str]] | None = None,
    strands: Iterable[Strand] | None = None,
    was: Mapping[str, Any] | None = None,
    file: str = "",
) -> Organisation:
    """Change what an organisation's page says. Raise :class:`Refused` as :func:`register_organisation` does.

    :param changes: values of :data:`EDITABLE`, ``contacts_confirmed`` only where somebody said so just now; those of :data:`KEPT` count only where ``by`` keeps its listing.
    :param districts: where it works, ``strands`` the strands that it serves, ``identifiers`` its numbers; None leaves them as they are.
    :param was: what the person saw of what they change, as :func:`seen_of` returns it; None skips the comparison.
    Raise :class:`Conflict` if someone has changed that since.
    """
    check_can_edit_organisation(by, organisation)
    organisation = lock_organisation(organisation.pk)
    if was is not None and seen_of(organisation, was) != was:
        raise Conflict("Someone has changed this organisation’s page since you looked. Look at the row again.")
    wanted = dict(changes)
    if "name" in wanted:
        wanted["name"] = tidy_name(wanted["name"], longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS)
    if "description" in wanted:
        wanted["description"] = tidy_line_ends(wanted["description"]).strip()
    if "website" in wanted:
        wanted["website"] = _tidy_website(wanted["website"])
    if "telephone" in wanted:
        wanted["telephone"] = tidy_telephone(wanted["telephone"])
    if "former_names" in wanted:
        wanted["former_names"] = tidy_former_names(wanted["former_names"], wanted.get("name", organisation.name))
    check_not_in_future(wanted.get("checked_on"), at)
    shown = {name: wanted.get(name, getattr(organisation, name)) for name in EDITABLE}
    if "contacts_confirmed" not in wanted:
        wanted["contacts_confirmed"] = are_confirmed(
            organisation, mailbox=shown["team_mailbox"], telephone=shown["telephone"], ticked=False
        )
    check_contacts(
        name=shown["name"],
        mailbox=shown["team_mailbox"],
        telephone=shown["telephone"],
        confirmed=wanted["contacts_confirmed"],
    )
    becomes = wanted.get("kind", organisation.kind)
    if organisation.owns_strategies and (becomes == PUBLIC_BODY) != (organisation.kind == PUBLIC_BODY):
        raise Invalid(
            f"{organisation.name} owns a strategy, and whether it is a public body decides who answers for that strategy. "
            "So this can’t be changed here.",
            field="kind",
        )
    if becomes != organisation.kind == GROUP and PartnershipGroup.objects.filter(organisation=organisation).exists():
        raise Invalid(f"{organisation.name} is a group with seats, so its kind can’t be changed here.", field="kind")
    may_change = (*EDITABLE, *KEPT) if can_keep_listing(by, organisation) else EDITABLE
    changed = [field for field in may_change if field in wanted and getattr(organisation, field) != wanted[field]]
    website = organisation.website
    for field in changed:
        setattr(organisation, field, wanted[field])
    changed_columns = set(changed)
    if domain_of_website(website) != domain_of_website(organisation.website):
        # A lead could name any website, so a new domain counts only from an administrator.
        trusted = organisation.website if has_permission_anywhere(by, roles.MANAGE_PEOPLE) else ""
        organisation.email_domains = domains_after(organisation.email_domains, website, trusted)
        changed_columns.add("email_domains")
    organisation.sort_name = sort_name(organisation.name)
    related = wanted_related(districts, strands, identifiers)
    before = related_of(organisation) if related else {}
    related = {name: keys for name, keys in related.items() if keys != before[name]}
    write_related(organisation, before, related)
    if by_hand := [*(name for name in changed if name in _MARKED), *related]:
        organisation.mark_changed_by_hand(by_hand, timezone.localdate(at))
        changed_columns.add("changed_by_hand")
    if changed_columns:
        organisation.save(update_fields=[*changed_columns, "sort_name"])
    write_history(
        at, by, "edited", organisation=organisation, detail=", ".join([*changed, _from_file(file)]).strip(", ")
    )
    return organisation


def seen_of(organisation: Organisation, names: Iterable[str]) -> dict[str, Any]:
    """Return what there is of an organisation, by the names of its fields; of its districts, strands and numbers, the keys."""
    found: dict[str, Any] = {}
    for name in names:
        if name in RELATED:
            found[name] = frozenset(related.pk for related in getattr(organisation, name).all())
        else:
            found[name] = getattr(organisation, name)
    return found


def check_not_in_future(checked_on: date | None, at: datetime) -> None:
    """Raise :class:`Invalid` where details are said to have been checked on a later day than today."""
    if checked_on is not None and checked_on > timezone.localdate(at):
        raise Invalid("This day is in the future. Enter today or an earlier date.", field="checked_on")


def tidy_former_names(names: str, name: str) -> str:
    """Return earlier names, one a line, without the name that it has now. Raise :class:`Invalid` for one that is no name."""
    tidy: dict[str, str] = {}
    for line in names.splitlines():
        if not line.strip():
            continue
        try:
            former = tidy_name(line, longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS)
        except Invalid as refused:
            raise Invalid(refused.sentence, field="former_names") from refused
        if former.casefold() != name.casefold():
            tidy.setdefault(former.casefold(), former)
    if len(tidy) > MAXIMUM_FORMER_NAMES:
        raise Invalid(f"Enter {MAXIMUM_FORMER_NAMES} former names at most.", field="former_names")
    return "\n".join(tidy.values())


def _from_file(name: str) -> str:
    """Return what the history says of a spreadsheet that a change comes from."""
    return f"from “{name}”" if name else ""


def _tidy_website(website: str) -> str:
    if website:
        check_link(website)
    return website.strip()
