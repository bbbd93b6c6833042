"""How the council's people appear to the public: by their post, and by name only if they agree.

Whoever takes part in the portal reads names, as they work together.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf

from partners.kinds import PUBLIC_BODY
from partners.models import Organisation, User

NO_POST: Final = "Council officer"
NO_POST_ELSEWHERE: Final = "Contact"
"""How somebody without a post appears: for a council or another public body, and for any other organisation."""
NameOf = Callable[[User], str]
"""Returns how somebody is shown to the person who reads."""


def sees_names(person: Any) -> bool:
    """Whether somebody reads the names of the council's people: whoever holds a role in the portal."""
    return isinstance(person, User) and bool(person.permissions)


def public_name(person: User, organisation: Organisation) -> str:
    """Return how the public reads of somebody: their name if they let it be shown, else their post and organisation."""
    without = NO_POST if organisation.kind == PUBLIC_BODY else NO_POST_ELSEWHERE
    return person.name if person.name_shown else f"{person.post or without}, {organisation.name}"


def names_for(reader: Any, organisation: Organisation) -> NameOf:
    """Return the function that says how people of an organisation are shown to whoever reads."""
    if sees_names(reader):
        return lambda person: person.name
    return partial(public_name, organisation=organisation)


def name_column(reader: Any, person: str, organisation: str) -> Case | F:
    """Return the column of a query that says the same. None where there is nobody.

    :param person: the way from the row to the person, such as ``"lead_officer"``.
    :param organisation: the way from the row to the organisation.
    """
    return name_or_post(person, organisation, names=sees_names(reader))


def name_or_post(person: str, organisation: str, *, names: bool) -> Case | F:
    """Return the column for readers who see names, or for those who do not."""
    if names:
        return F(f"{person}__name")
    without = Case(
        When(**{f"{organisation}__kind": PUBLIC_BODY}, then=Value(NO_POST)), default=Value(NO_POST_ELSEWHERE)
    )
    post = Coalesce(NullIf(F(f"{person}__post"), Value("")), without, output_field=CharField())
    return Case(
        When(**{f"{person}__isnull": True}, then=None),
        When(**{f"{person}__name_shown": True}, then=F(f"{person}__name")),
        default=Concat(post, Value(", "), F(f"{organisation}__name"), output_field=CharField()),
        output_field=CharField(null=True),
    )
