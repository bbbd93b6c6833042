"""Write the groups of a strategy's file: add and amend them and their seats, and leave what people keep in the portal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from partners.group_file import GroupEntry, SeatEntry
from partners.kinds import GROUP
from partners.models import Appointment, Organisation, PartnershipGroup, Seat, User
from partners.services.appointments import appoint
from partners.services.groups import keep_group
from partners.services.organisations import register_organisation
from partners.services.seats import add_seat, edit_seat
from vcsportal.common.data_file import Fault
from vcsportal.common.words import Invalid


@dataclass(slots=True)
class LoadedGroups:
    """What was done, in sentences, and what is wrong with the file."""

    changes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def load_groups(*, by: User | None, at: datetime, entries: Sequence[GroupEntry]) -> LoadedGroups:
    """Bring groups and seats in step with a file. Doing it twice changes nothing. Part of loading a strategy.

    A seat is known by its title. Who holds it is taken from the file only while nobody was ever appointed to it; seats that
    the file does not name stay.

    :raises NotAllowed: where ``by`` is somebody who may not say what a group is.
    """
    done = LoadedGroups()
    made = {entry.slug: _organisation(by, at, entry, done) for entry in entries}
    for entry in entries:  # all are there before one names another as its parent
        organisation = made[entry.slug]
        if organisation is not None and not PartnershipGroup.objects.filter(organisation=organisation).exists():
            keep_group(by=by, at=at, organisation=organisation, changes={})
    for entry in entries:
        organisation = made[entry.slug]
        if organisation is not None:
            _amend(by, at, organisation, entry, done)
    return done


def _organisation(by: User | None, at: datetime, entry: GroupEntry, done: LoadedGroups) -> Organisation | None:
    found = Organisation.objects.filter(slug=entry.slug).first()
    if found is None:  # a strategy that named it before had no slug for it
        found = Organisation.objects.filter(kind=GROUP, name=entry.name).order_by("id").first()
    if found is None:
        done.changes.append(f"Added the group “{entry.name}”.")
        return register_organisation(by=by, at=at, slug=entry.slug, name=entry.name, kind=GROUP)
    if found.kind != GROUP:
        _fault(done, entry, "slug", f"{found.name} is an organisation that takes part, not a partnership or group.")
        return None
    return found


def _amend(by: User | None, at: datetime, organisation: Organisation, entry: GroupEntry, done: LoadedGroups) -> None:
    changes = dict(entry.values)
    if entry.parent:
        parent = PartnershipGroup.objects.filter(organisation__slug=entry.parent).first()
        if parent is None:
            return _fault(done, entry, "parent", f"There is no group “{entry.parent}” in the portal or in this file.")
        changes["parent"] = parent
    if entry.supported_by:
        supporter = Organisation.objects.filter(slug=entry.supported_by).first()
        if supporter is None:
            sentence = f"“{entry.supported_by}” is not an organisation in the portal. Add it first."
            return _fault(done, entry, "supported_by", sentence)
        changes["supported_by"] = supporter
    before = organisation.history.count()
    try:
        group = keep_group(by=by, at=at, organisation=organisation, changes=changes)
    except Invalid as refused:
        return _fault(done, entry, refused.field, refused.sentence)
    if organisation.history.count() != before:
        done.changes.append(f"Changed the description of the group “{organisation.name}”.")
    for seat in entry.seats:
        _seat(by, at, group, seat, entry, done)
    return None


def _seat(
    by: User | None, at: datetime, group: PartnershipGroup, entry: SeatEntry, of: GroupEntry, done: LoadedGroups
) -> None:
    seat = Seat.objects.filter(group=group, title=entry.title).order_by("number").first()
    place = f"group {of.slug}, seat {entry.title}"
    if seat is None:
        seat = add_seat(
            by=by, at=at, group=group, title=entry.title, is_chair=entry.chair, is_secretary=entry.secretary
        )
        done.changes.append(f"Added the seat “{entry.title}” to “{group.organisation.name}”.")
    elif (seat.is_chair, seat.is_secretary) != (entry.chair, entry.secretary):
        edit_seat(
            by=by, at=at, seat=seat, title=seat.title, is_chair=entry.chair, is_secretary=entry.secretary,
            made_on=seat.made_on,
        )  # fmt: skip
        done.changes.append(f"Changed the seat “{entry.title}” of “{group.organisation.name}”.")
    if entry.since is None or Appointment.objects.filter(seat=seat).exists():
        return
    organisation = Organisation.objects.filter(slug=entry.organisation).first() if entry.organisation else None
    if entry.organisation and organisation is None:
        sentence = f"“{entry.organisation}” is not an organisation in the portal. Add it first."
        done.faults.append(Fault(entry.line, place, "organisation", sentence))
        return
    try:
        appoint(by=by, at=at, seat=seat, organisation=organisation, post=entry.post, starts_on=entry.since)
    except Invalid as refused:
        done.faults.append(Fault(entry.line, place, "since", refused.sentence))


def _fault(done: LoadedGroups, entry: GroupEntry, name: str, sentence: str) -> None:
    done.faults.append(Fault(entry.lines.get(name, entry.line), f"group {entry.slug}", name, sentence))
