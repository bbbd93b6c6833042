"""A person's own data: their name, and how they appear to the public."""

from datetime import datetime

from django.db import transaction

from partners import roles
from partners.models import HistoryEntry, User
from partners.naming import tidy_name
from partners.permissions import check_can_set_public_name, check_permission_anywhere
from partners.services.history import write_history


@transaction.atomic
def rename_person(*, by: User, at: datetime, person: User, name: str) -> None:
    """Correct a person's name. Raise :class:`Refused` without the right, or for a name that is none."""
    check_permission_anywhere(by, roles.MANAGE_PEOPLE, "Only an administrator can correct a name.")
    name = tidy_name(name)
    held = User.objects.select_for_update().get(pk=person.pk)
    if held.name != name:
        before, held.name = held.name, name
        held.save(update_fields=["name"])
        HistoryEntry.objects.create(at=at, by=by, act="name corrected", person=held, detail=f"{before} → {name}")


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
    write_history(at, by, "public name", person=person, detail=f"{post or 'No post'}; {shown}")
    return person
