"""What keeps an organisation as it is: why it can't end, be listed only or be removed yet, said before anybody tries."""

from dataclasses import dataclass

from django.urls import reverse

from partners.kinds import GROUP
from partners.models import Organisation
from partners.standings import TAKES_PART
from vcsportal.common.plurals import counted


@dataclass(frozen=True, slots=True)
class StillNamed:
    """A place where something is still named: in words, and its address; "" where there is none to go to."""

    words: str
    url: str = ""


def what_keeps(organisation: Organisation, *, removing: bool = False) -> list[StillNamed]:
    """Return what has to be settled first; nothing where nothing refers to the organisation. Two queries.

    :param removing: whether it is to be removed from the directory, and not only to end or to be listed.
    """
    found = []
    if people := organisation.role_grants.current().count():
        words = f"{counted(people, 'role')} at this organisation"
        found.append(StillNamed(words, reverse("partners:members", args=[organisation.slug])))
    if waiting := organisation.invitations.open().count():
        found.append(StillNamed(counted(waiting, "open invitation"), reverse("partners:invitations")))
    if removing and (organisation.owns_strategies or organisation.supports_strategies):
        found.append(StillNamed("a strategy that it owns, or whose owner it supports"))
    if removing and organisation.kind == GROUP:
        found.append(StillNamed("a strategy that it steers"))
    if removing and not found and organisation.standing == TAKES_PART:
        address = reverse("partners:standing", args=[organisation.slug])
        found.append(StillNamed("the list of organisations that take part: change its status first", address))
    return found
