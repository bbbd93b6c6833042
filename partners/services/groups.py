"""Every write to what a group is besides an organisation, with its history, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from partners.group_permissions import check_can_edit_group
from partners.kinds import GROUP
from partners.models import Organisation, PartnershipGroup, User
from partners.services.history import write_history
from partners.services.seat_roles import keep_seat_roles
from partners.services.standing import check_can_be_named
from vcsportal.common.words import Invalid

WORDS: Final = (
    "purpose", "aims", "meets", "reports_to", "supporting_team", "founded", "statutory_basis", "terms_of_reference", "rests_why",
    "source",
)  # fmt: skip
EDITABLE: Final = (*WORDS, "parent", "supported_by", "rests_since", "reviewed_on", "ended_on")


@transaction.atomic
def keep_group(
    *, by: User | None, at: datetime, organisation: Organisation, changes: Mapping[str, Any]
) -> PartnershipGroup:
    """Say what a group is; an organisation that was none becomes one. ``by=None`` is the portal's own loader.

    :param changes: new values by their names in :data:`EDITABLE`; what is not named stays as it is.
    :raises Refused: without the right, for an organisation of another kind, for a parent that is the group itself or stands
        below it, for a new supporter that has ended, and where a group rests without a reason or has a reason and no day.
    """
    if by is not None:
        check_can_edit_group(by)
    if organisation.kind != GROUP:
        raise Invalid(f"{organisation.name} is not a partnership or group. Change its kind first.", field="kind")
    # Two changes at once could each put one of two groups below the other: they wait for one another.
    there = {group.organisation_id: group for group in PartnershipGroup.objects.select_for_update().order_by("id")}
    group = there.get(organisation.pk) or PartnershipGroup(organisation=organisation)
    wanted = {name: value.strip() if name in WORDS else value for name, value in changes.items()}
    changed = [name for name in EDITABLE if name in wanted and getattr(group, name) != wanted[name]]
    for name in changed:
        setattr(group, name, wanted[name])
    if "supported_by" in changed and group.supported_by is not None:
        check_can_be_named(group.supported_by, "supported_by")
    _check_parent(group, {known.pk: known.parent_id for known in there.values()})
    _check_rest(group)
    if group.pk is not None and not changed:
        return group
    act = "group changed" if group.pk is not None else "became a group"
    group.save()
    write_history(at, by, act, organisation=organisation, detail=", ".join(changed))
    if "ended_on" in changed:
        keep_seat_roles(at=at, by=by, seats=group.seats.values_list("pk", flat=True))
    return group


def _check_parent(group: PartnershipGroup, parents: Mapping[int, int | None]) -> None:
    """Raise :class:`Invalid` if the group would stand below itself."""
    above = group.parent_id
    while above is not None:
        if above == group.pk:
            raise Invalid(
                f"{group.organisation.name} can’t be a sub-group of itself, or of a group below it. Choose another group.",
                field="parent",
            )
        above = parents.get(above)


def _check_rest(group: PartnershipGroup) -> None:
    if group.rests_since and not group.rests_why:
        raise Invalid("Say why the group does not meet at present.", field="rests_why")
    if group.rests_why and not group.rests_since:
        raise Invalid("Enter the day since which the group has not met.", field="rests_since")
