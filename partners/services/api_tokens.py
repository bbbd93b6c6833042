"""Makes and ends tokens for programs, and finds whose token a request brings."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from partners.models import ApiToken, Organisation, RepeatedRequest, User
from partners.permissions import has_permission_anywhere, has_permission_for
from partners.security.events import record_event
from partners.token_scopes import LIFETIMES, MOST_TOKENS, SCOPE_BY_CODE, TOKEN_SCOPES, TokenScope
from vcsportal.common.words import Invalid, NotAllowed, NotNow

PREFIX: Final = "vcs_"
"""How every token begins, so that whoever finds one in a file knows what it is."""
SHAPE: Final = rf"{PREFIX}[A-Za-z0-9_-]{{43}}"
"""A regular expression of a whole token."""
_SHAPE: Final = re.compile(SHAPE)
_SECRET_BYTES: Final = 32
_SHOWN: Final = 10
_USED_AGAIN_AFTER: Final = timedelta(minutes=1)


def offered_scopes(person: User, organisation: Organisation | None = None) -> list[TokenScope]:
    """Return what the person can let a program do, with all roles or with those in one organisation."""
    if organisation is None:
        return [s for s in TOKEN_SCOPES if any(has_permission_anywhere(person, code) for code in s.permissions)]
    return [s for s in TOKEN_SCOPES if any(has_permission_for(person, code, organisation.pk) for code in s.permissions)]


@transaction.atomic
def make_token(
    *, by: User, at: datetime, name: str, scopes: Collection[str], days: int, organisation: Organisation | None = None
) -> tuple[ApiToken, str]:
    """Return a new token of one's own and its text, which is not stored and can't be shown again.

    Raise :class:`Refused` without a name, for a scope or an organisation that is not the person's, for another lifetime than
    the table has, or beyond :data:`MOST_TOKENS`.
    """
    name = " ".join(name.split())
    if not name:
        raise Invalid("Say what will use the token, so that you recognise it later.", field="name")
    if len(name) > 100:
        raise Invalid(f"The name must be 100 characters or fewer. You have used {len(name)}.", field="name")
    if str(days) not in dict(LIFETIMES):
        raise Invalid("Choose how long it lasts.", field="days")
    if organisation is not None and not by.belongs_to(organisation.pk):
        raise NotAllowed("You can make tokens only for organisations that you belong to.")
    if unknown := set(scopes) - {scope.code for scope in offered_scopes(by, organisation)}:
        labels = ", ".join(SCOPE_BY_CODE[code].label if code in SCOPE_BY_CODE else code for code in sorted(unknown))
        raise Invalid(f"You do not have a role that allows this here: {labels}.", field="scopes")
    User.objects.select_for_update().get(pk=by.pk)  # two at the same moment are counted one after the other
    if ApiToken.objects.valid(at).filter(person=by).count() >= MOST_TOKENS:
        raise NotNow(f"You have {MOST_TOKENS} tokens, which is the most. End one that is no longer needed.")
    text = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    token = ApiToken.objects.create(
        person=by, organisation=organisation, name=name, scopes=sorted(scopes), digest=_digest(text), beginning=text[:_SHOWN],
        made_at=at, expires_at=at + timedelta(days=days),
    )  # fmt: skip
    record_event("token_made", at=at, by=by, person=by, subject=str(token))
    return token, text


@transaction.atomic
def end_token(*, by: User, at: datetime, token: ApiToken) -> bool:
    """End one of one's own tokens; return whether it still worked. Raise :class:`NotAllowed` for another person's."""
    if token.person_id != by.pk:
        raise NotAllowed("You can end only your own tokens.")
    return _end(ApiToken.objects.filter(pk=token.pk), by=by, at=at, person=by) > 0


def end_tokens_of(*, by: User | None, at: datetime, person: User) -> int:
    """End all tokens of a person, as their sessions end; return how many. The caller holds a transaction."""
    return _end(ApiToken.objects.filter(person=person), by=by, at=at, person=person)


def forget_programs(person: User) -> None:
    """Erase what a person's tokens were called, and the requests of their programs. The tokens have ended with the access."""
    ApiToken.objects.filter(person=person).update(name="")
    RepeatedRequest.objects.filter(person=person).delete()


def _end(tokens: QuerySet[ApiToken], *, by: User | None, at: datetime, person: User) -> int:
    names = [str(token) for token in tokens.filter(ended_at__isnull=True)]
    tokens.filter(ended_at__isnull=True).update(ended_at=at, ended_by=by)
    for name in names:
        record_event("token_ended", at=at, by=by, person=person, subject=name)
    return len(names)


def token_with(text: str, now: datetime) -> ApiToken | None:
    """Return the token that works and has this text; its person holds only the roles in its organisation, if it is of one.

    When it was last used is noted to the minute.
    """
    if not _SHAPE.fullmatch(text):
        return None
    found = ApiToken.objects.valid(now).filter(digest=_digest(text)).select_related("person").first()
    if found is None:
        return None
    if found.used_at is None or now - found.used_at >= _USED_AGAIN_AFTER:
        ApiToken.objects.filter(pk=found.pk).update(used_at=now)
    if found.organisation_id is not None:
        found.person.grants = [grant for grant in found.person.grants if grant.organisation_id == found.organisation_id]
    return found


def _digest(text: str) -> str:
    """Return the SHA-256. A token is as long as it, and random: nothing can be guessed from it."""
    return sha256(text.encode()).hexdigest()
