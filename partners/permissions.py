"""Whether this person may do this to this organisation or person now. Each rule is a pair: ``check_…`` says why not,
``can_…`` yes or no.

Every floor asks one of three questions: does the person have a permission *anywhere* (for menus and pages of several
strategies), *here* (for one strategy), or *for* an organisation (in a role held within it)?
"""

from collections.abc import Iterable
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.functional import lazy

from partners import roles
from partners.kinds import PUBLIC_BODY
from partners.models import Organisation, RoleGrant, User
from partners.standings import TAKES_PART
from vcsportal.common.words import NotAllowed, NotNow, allowed

Person = User | AnonymousUser
_NONE = Q(pk__in=[])


class OfStrategy(Protocol):
    """What this floor needs to know of a strategy: the organisation that owns it, the one that supports the owner and the
    group that steers it, if any.
    """

    @property
    def owner_id(self) -> int: ...

    @property
    def supported_by_id(self) -> int | None: ...

    @property
    def is_councils(self) -> bool:
        """Whether its owner is a council or another public body, for which officers alone answer."""
        ...

    @property
    def steered_by_id(self) -> int | None: ...


def _held(user: Person | Any) -> list[RoleGrant]:
    """Return the roles that somebody holds now. Ended access leaves none, whatever was read before it ended."""
    return user.grants if isinstance(user, User) and user.is_active else []


def has_permission_anywhere(user: Person | Any, code: str) -> bool:
    """Whether any of the person's roles allows ``code`` (of :mod:`partners.roles`), for one strategy or more."""
    return any(code in grant.may for grant in _held(user))


def check_permission_anywhere(user: Person | Any, code: str, sentence: str) -> None:
    """Raise :class:`Refused` with ``sentence`` unless one of the person's roles allows ``code`` for some strategy."""
    if not has_permission_anywhere(user, code):
        raise NotAllowed(sentence)


def has_permission_here(user: Person | Any, code: str, strategy: OfStrategy) -> bool:
    """Whether a role of the person allows ``code`` for this strategy.

    An administrator's role applies to every strategy, an officer's to those that their council owns or supports, a
    steering-group member's to those that their group steers. A partner's applies to their organisation, whichever strategy
    it contributes to; ask :func:`has_permission_for` as well. What a lead may do besides, for the strategies that the
    organisation owns or supports (``may_for_own_strategies``), applies to these alone.
    """
    return grants_allow(_held(user), code, strategy)


def grants_allow(grants: Iterable[RoleGrant], code: str, strategy: OfStrategy) -> bool:
    """Whether one of these roles allows ``code`` for this strategy. They are current, and their organisations are read."""
    return any(code in grant.may and _reaches(grant, code, strategy) for grant in grants)


def check_permission_here(user: Person | Any, code: str, strategy: OfStrategy, sentence: str) -> None:
    """Raise :class:`Refused` with ``sentence`` unless a role of the person allows ``code`` for this strategy.

    Somebody who may do it for another strategy is told why not for this one. Where the sentence names council officers
    and the strategy is not a council's, it names the people responsible for the strategy instead.
    """
    if has_permission_here(user, code, strategy):
        return
    if has_permission_anywhere(user, code):
        sentence = f"{sentence} Your role does not cover this strategy."
    raise NotAllowed(_worded_for(sentence, strategy))


def _worded(sentence: str, strategy: OfStrategy) -> str:
    for officers, answering in _ANSWERING if not strategy.is_councils else ():
        sentence = sentence.replace(officers, answering)
    return sentence


_worded_for = lazy(_worded, str)
"""Words a sentence when it is read: whoever asks only for yes or no asks nothing about the strategy's owner."""


_ANSWERING = (
    ("a council officer", "someone who answers for this strategy"),
    ("council officers", "people responsible for this strategy"),
    ("Only an administrator can", "Only an administrator or someone who answers for this strategy can"),
)
"""How sentences about officers and administrators are worded for a strategy that is not a council's."""


def answers_as_owner(user: Person | Any, code: str, strategy: OfStrategy) -> bool:
    """Whether a role that the person holds within the strategy's owner allows ``code`` for it."""
    return grants_allow([grant for grant in _held(user) if grant.organisation_id == strategy.owner_id], code, strategy)


def answers_as_supporter(user: Person | Any, code: str, strategy: OfStrategy) -> bool:
    """Whether a role that the person holds within whoever supports the strategy's owner allows ``code`` for it."""
    held = [
        grant for grant in _held(user) if grant.organisation_id and grant.organisation_id == strategy.supported_by_id
    ]
    return grants_allow(held, code, strategy)


def _reaches(grant: RoleGrant, code: str, strategy: OfStrategy) -> bool:
    """Whether what the grant allows, ``code`` included, is allowed for this strategy. The one rule of whose say it is.

    :func:`strategies_where` and :func:`partners.people_with_permission.grants_that_allow` say the same to the database.
    """
    role = roles.BY_CODE[grant.role]
    if role.within == "group":
        return grant.organisation_id == strategy.steered_by_id
    if role.within != "council" and code in role.may:
        return True
    if grant.organisation_id == strategy.owner_id:
        return (role.within == "council" and code in role.may) or not strategy.is_councils
    return _may_support(grant) and grant.organisation_id == strategy.supported_by_id and not strategy.is_councils


def has_permission_for(user: Person | Any, code: str, organisation_id: int | None) -> bool:
    """Whether a role that the person holds within this organisation allows ``code``."""
    return organisation_id is not None and any(
        code in grant.may and grant.organisation_id == organisation_id for grant in _held(user)
    )


def organisations_for(user: Person | Any, code: str) -> list[Organisation]:
    """Return the organisations in which a role of the person allows ``code``, each once."""
    own = user.organisations if isinstance(user, User) else []
    return [organisation for organisation in own if has_permission_for(user, code, organisation.pk)]


def reaches_every_strategy(user: Person | Any, code: str) -> bool:
    """Whether a role that is held for the whole portal allows ``code``."""
    return any(code in grant.may and not roles.BY_CODE[grant.role].within for grant in _held(user))


def strategies_where(user: Person | Any, codes: str | Iterable[str], path: str = "") -> Q:
    """Return the condition that the person has one of the permissions for a strategy.

    :param path: the way from the rows that are filtered to the strategy, such as ``"round__strategy"``; "" for strategies.
    """
    asked = {codes} if isinstance(codes, str) else set(codes)
    held = [(grant, roles.BY_CODE[grant.role]) for grant in _held(user) if asked & grant.may]
    if any(role.within in {"", "partner"} and asked & role.may for _, role in held):
        return ~_NONE
    groups = {grant.organisation_id for grant, role in held if role.within == "group"}
    steered = Q(**{_way(path, "steered_by__in"): groups}) if groups else _NONE
    return steered | owned_where(user, asked, path) | supported_where(user, asked, path)


def owned_where(user: Person | Any, codes: Iterable[str], path: str = "") -> Q:
    """Return the condition that the person has one of the permissions for a strategy as one of its owner's people."""
    asked, held = set(codes), [(grant, roles.BY_CODE[grant.role]) for grant in _held(user)]
    officer = {grant.organisation_id for grant, role in held if role.within == "council" and asked & role.may}
    lead = {grant.organisation_id for grant, role in held if role.within == "partner" and asked & grant.may}
    found = Q(**{_way(path, "owner__in"): officer}) if officer else _NONE
    if lead:
        found |= Q(**{_way(path, "owner__in"): lead}) & ~Q(**{_way(path, "owner__kind"): PUBLIC_BODY})
    return found


def supported_where(user: Person | Any, codes: Iterable[str], path: str = "") -> Q:
    """Return the condition that the person has one of the permissions as one of those who support a strategy's owner."""
    held = {grant.organisation_id for grant in _held(user) if set(codes) & grant.may and _may_support(grant)}
    if not held:
        return _NONE
    return Q(**{_way(path, "supported_by__in"): held}) & ~Q(**{_way(path, "owner__kind"): PUBLIC_BODY})


def _way(path: str, name: str) -> str:
    return f"{path}__{name}" if path else name


def _may_support(grant: RoleGrant) -> bool:
    """Whether the role is an officer's or a lead's, and its organisation supports the owner of a strategy."""
    role = roles.BY_CODE[grant.role]
    answers = role.within == "council" or bool(role.may_for_own_strategies)
    return answers and grant.organisation is not None and grant.organisation.supports_strategies


def types_for_groups(user: Person | Any) -> bool:
    """Whether the person types what groups without an email habit tell them: officers, and people of infrastructure bodies."""
    helping = any(
        organisation.kind == "infrastructure_body" for organisation in organisations_for(user, roles.LOG_EVIDENCE)
    )
    return helping or types_for_every_group(user)


def types_for_every_group(user: Person | Any) -> bool:
    """Whether the person also types for groups that have people of their own here: council officers do."""
    judging = {roles.REVIEW_EVIDENCE, roles.LOG_EVIDENCE}
    return any(judging <= grant.may & roles.BY_CODE[grant.role].may for grant in _held(user))


def needs_second_step(user: Person | Any) -> bool:
    """Whether any of the person's roles may do something of :data:`partners.roles.SECOND_STEP_FOR`, or keeps a group."""
    return any(grant.keeps_group or not roles.SECOND_STEP_FOR.isdisjoint(grant.may) for grant in _held(user))


def takes_part_as_partner_alone(user: Person | Any) -> bool:
    """Whether the person has roles, and all of them are for taking part in an organisation's name: none answers for a strategy, or
    comes with a seat.
    """
    held = _held(user)
    return bool(held) and all(
        roles.BY_CODE[grant.role].within == "partner" and roles.MANAGE_COMMITMENTS not in grant.may for grant in held
    )


def is_council_staff(user: Person | Any) -> bool:
    """Whether the council's identity provider is for this person: officers and administrators, not a partnership's leads."""
    return any(
        roles.BY_CODE[grant.role].within in {"", "council"} and not roles.SECOND_STEP_FOR.isdisjoint(grant.may)
        for grant in _held(user)
    )


signs_in_by_password = needs_second_step
"""Who needs a second step signs in by password, passkey or the council's identity provider: a mailbox is not enough."""


def check_can_recover_second_step(user: Person, person: User) -> None:
    """An administrator lets another person set up a second step again; nobody does it for themselves."""
    check_permission_anywhere(
        user, roles.MANAGE_PEOPLE, "Only an administrator can let someone set up their second step again."
    )
    if user.pk == person.pk:
        raise NotAllowed("You can’t do this for yourself. Ask another administrator.")
    if not needs_second_step(person) and not person.has_second_step():
        raise NotNow(f"{person.name} has no second step, and needs none.")


can_recover_second_step = allowed(check_can_recover_second_step)


def check_can_invite_person(user: Person, role: str, organisation: Organisation | None) -> None:
    """Administrators invite anybody; a partner lead invites colleagues to their own organisation."""
    if has_permission_anywhere(user, roles.MANAGE_PEOPLE):
        return
    if organisation is None or not has_permission_for(user, roles.INVITE_COLLEAGUES, organisation.pk):
        raise NotAllowed(
            "Only an administrator can invite this person. You can write to the address at the foot of the page."
        )
    if role not in roles.PARTNER_ROLES:
        raise NotAllowed(
            "You can invite partner leads and contributors to your own organisation. Other roles are for administrators."
        )


can_invite_person = allowed(check_can_invite_person)


def check_can_end_access(user: Person, person: User) -> None:
    """Administrators end anybody's access but their own, so that one of them is always left."""
    check_permission_anywhere(user, roles.MANAGE_PEOPLE, "Only an administrator can end someone’s access.")
    if user.pk == person.pk:
        raise NotAllowed("You can’t end your own access. Ask another administrator to do it.")


can_end_access = allowed(check_can_end_access)


def check_can_keep_listing(user: Person, organisation: Organisation) -> None:
    """Administrators set the status of any organisation in the directory; officers only of those that don't take part."""
    if has_permission_anywhere(user, roles.MANAGE_ORGANISATIONS):
        return
    if organisation.standing == TAKES_PART or not has_permission_anywhere(user, roles.KEEP_LISTINGS):
        raise NotAllowed(f"Only an administrator can change how {organisation.name} appears in the directory.")


can_keep_listing = allowed(check_can_keep_listing)


def check_can_edit_organisation(user: Person, organisation: Organisation) -> None:
    """Administrators edit any organisation, officers those that don't take part, and a partner lead their own."""
    if can_keep_listing(user, organisation):
        return
    if not has_permission_for(user, roles.EDIT_OWN_ORGANISATION, organisation.pk):
        raise NotAllowed(f"Only a lead of {organisation.name} or an administrator can change this page.")


can_edit_organisation = allowed(check_can_edit_organisation)


def check_can_set_public_name(user: Person, person: User) -> None:
    """Only the person says whether the public reads their name."""
    if not (isinstance(user, User) and user.pk == person.pk):
        raise NotAllowed("Only the person can say whether the public can read their name.")


can_set_public_name = allowed(check_can_set_public_name)


def check_can_name_deputy(user: Person, person: User) -> None:
    """People name their own deputy; an administrator names anybody's."""
    if isinstance(user, User) and user.pk == person.pk:
        return
    check_permission_anywhere(user, roles.MANAGE_PEOPLE, "Only an administrator can name a deputy for someone else.")


can_name_deputy = allowed(check_can_name_deputy)
