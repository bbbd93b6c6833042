"""Signs a charter for an organisation, records what one said elsewhere, and ends a signature. Reaffirming has its own module."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from commitments.models import HistoryEntry, Signatory, Strategy
from commitments.permissions.charters import check_can_end_signature, check_can_record_signature, check_can_sign
from commitments.rules.charters import MAX_POST_CHARACTERS, MAX_REASON_CHARACTERS, ONLINE, RECORDED_HOW, names_a_person
from commitments.services.files_named import from_file
from commitments.services.locks import lock_strategy
from commitments.services.pledges import end_pledges
from commitments.services.round_participants import ask_new_organisations
from commitments.services.signatures import remember_signature, signatures_of, standing_signature
from partners import roles
from partners.kinds import GROUP
from partners.models import Organisation, RoleGrant, User
from partners.permissions import has_permission_for, has_permission_here
from partners.services.standing import check_can_be_named
from vcsportal.common.dates import in_words
from vcsportal.common.markdown import check_text
from vcsportal.common.saving_together import write_entry
from vcsportal.common.words import Invalid, NotNow

FIRST_DAY: Final = date(1990, 1, 1)
"""No charter between councils and the voluntary sector was signed before the 1990s, so an earlier day is a slip."""


@transaction.atomic
def sign_charter(
    *, by: User, at: datetime, strategy: Strategy, organisation: Organisation, signed_as: str = ""
) -> Signatory:
    """Sign for one's own organisation, today. A second click finds it signed and changes nothing.

    Raise :class:`Refused` without the right, for what is not a charter or has ended, for a name in place of a post, or for days
    that overlap with those of an earlier signature.
    """
    check_can_sign(by, strategy, organisation)
    today = timezone.localdate(at)
    lock_strategy(strategy.pk)  # nobody else signs, and no round opens or closes
    if strategy.is_finished(today):
        raise NotNow(f"“{strategy.title}” ended on {in_words(strategy.ends_on)}, so it can’t be signed any more.")
    if found := standing_signature(strategy.pk, organisation.pk):
        return found
    return _record(by, at, strategy, organisation, today, _checked_post_of(by, organisation, signed_as), ONLINE)


@transaction.atomic
def record_signature(
    *, by: User, at: datetime, strategy: Strategy, organisation: Organisation, signed_on: date, told_how: str,
    signed_as: str = "", file: str = "", ask: bool = True,
) -> Signatory:  # fmt: skip
    """Record that an organisation signed on a day, today at the latest, and how it said so.

    :param file: here and below, the name of the spreadsheet that it comes from, for the history.
    :param ask: here and below, whether the open round asks at once who joins or leaves it. False where the caller does it once for many.
    :param told_how: a code of :data:`commitments.rules.charters.RECORDED_HOW`.
    Raise :class:`Refused` without the right, for an organisation that is a signatory already or has ended, or for days that
    overlap.
    """
    check_can_record_signature(by, strategy, organisation)
    check_can_be_named(organisation)
    if told_how not in dict(RECORDED_HOW):
        raise Invalid("Choose how the organisation told you.", field="told_how")
    if not signed_on >= FIRST_DAY:
        raise Invalid(f"Check the year: {signed_on.year} can’t be right.", field="signed_on")
    if signed_on > timezone.localdate(at):
        raise Invalid("The day it signed is in the future. Record the signature once it has signed.", field="signed_on")
    lock_strategy(strategy.pk)  # nobody else signs, and no round opens or closes
    if standing_signature(strategy.pk, organisation.pk):
        raise Invalid(f"{organisation.name} has signed already.", field="organisation")
    post = _checked_post_of(by, organisation, signed_as)
    return _record(by, at, strategy, organisation, signed_on, post, told_how, file, ask=ask)


@transaction.atomic
def end_signature(
    *, by: User, at: datetime, signatory: Signatory, why: str = "", ended_on: date | None = None, file: str = "",
    ask: bool = True,
) -> Signatory:  # fmt: skip
    """Record that an organisation no longer is a signatory, and that what it pledged ends with it.

    :param why: needed from whoever records it for the organisation; its own people need not say.
    :param ended_on: the first day on which it no longer stands; None for today. :func:`check_end` says which days may be given.
    Raise :class:`Refused` without the right, for such a day, without a reason that is needed, or where it has ended already.
    """
    check_can_end_signature(by, signatory)
    today = timezone.localdate(at)
    lock_strategy(signatory.strategy_id)
    signatory = (
        Signatory.objects.select_for_update(of=("self",))
        .select_related("strategy", "organisation")
        .get(pk=signatory.pk)
    )
    name, day = signatory.organisation.name, ended_on or today
    if signatory.ended_on is not None:
        raise NotNow(f"The signature of {name} already ended on {in_words(signatory.ended_on)}.")
    why = check_text(why, field="why")
    if len(why) > MAX_REASON_CHARACTERS:
        raise Invalid(f"Use {MAX_REASON_CHARACTERS} characters or fewer.", field="why")
    check_end(by, signatory, day, why, today)
    signatory.ended_on, signatory.ended_why, signatory.ended_at, signatory.ended_by = day, why, at, by
    signatory.save(update_fields=["ended_on", "ended_why", "ended_at", "ended_by"])
    remember_signature(signatory)
    end_pledges(by=by, at=at, signatory=signatory, ended_on=day)
    said = {"ended_on": day.isoformat(), **from_file(file)}
    note(by=by, at=at, signatory=signatory, act="signature_end", reason=why, said=said)
    if ask:
        ask_new_organisations(by=by, at=at, strategy_id=signatory.strategy_id)
    return signatory


def check_end(by: User, signatory: Signatory, day: date, why: str, today: date) -> None:
    """Raise :class:`Invalid` for a day on which the person can't end a signature, and without a reason that is needed.

    Today can always be given. An earlier day needs a reason, comes after the newest reaffirmation, and is not for people who
    withdraw their own organisation's signature. Only those who run the charter say that a signature was recorded by mistake,
    and only of one that the organisation has not reaffirmed online.
    """
    name = signatory.organisation.name
    own = has_permission_for(by, roles.SIGN_CHARTERS, signatory.organisation_id)
    runs = has_permission_here(by, roles.MANAGE_COMMITMENTS, signatory.strategy)
    if day > today:
        raise Invalid("The day it ended is in the future. Record it once it has ended.", field="ended_on")
    if day < signatory.signed_on:
        raise Invalid(
            f"{name} signed on {in_words(signatory.signed_on)}, so it can’t have ended on {in_words(day)}.",
            field="ended_on",
        )
    if day < today and own and not runs:
        raise Invalid(
            "You can withdraw from today on. Ask the people who run this charter to record an earlier day.",
            field="ended_on",
        )
    if not why and (day < today or not own):
        raise Invalid("Say why the signature has ended. Everyone can read this.", field="why")
    if day == today:
        return
    said = signatory.reaffirmations.order_by("-affirmed_at")
    if day == signatory.signed_on:
        if not runs:
            raise Invalid(
                "Only people who run this charter can say that it was signed by mistake. Enter a later day.",
                field="ended_on",
            )
        said = said.filter(told_how=ONLINE)
    newest = said.first()
    if newest is not None and day <= (last := timezone.localdate(newest.affirmed_at)):
        raise Invalid(f"{name} reaffirmed on {in_words(last)}. Enter a day after that.", field="ended_on")


def people_of(*organisations: Organisation) -> list[str]:
    """Return the names of everyone who has or had a role in one of these organisations. One query."""
    grants = RoleGrant.objects.filter(organisation__in=organisations).exclude(person__name="")
    return list(grants.order_by("person__name").values_list("person__name", flat=True).distinct())


def _checked_post_of(by: User, organisation: Organisation, post: str) -> str:
    """Return a tidied post, as :func:`checked_post` does. Without one, nobody's name is read."""
    return checked_post(post, [by.name, *people_of(organisation)] if post.strip() else ())


def checked_post(post: str, names: Iterable[str]) -> str:
    """Return a tidied post. Raise :class:`Invalid` if it is too long, or says who the person is.

    :param names: of whoever enters it, and of the people of the organisation, from :func:`people_of`.
    """
    tidy = " ".join(check_text(post, field="signed_as").split())
    if len(tidy) > MAX_POST_CHARACTERS:
        raise Invalid(f"Use {MAX_POST_CHARACTERS} characters or fewer.", field="signed_as")
    if names_a_person(tidy, names):
        raise Invalid("Give the post, such as “Chair” or “Volunteer”, and not a name.", field="signed_as")
    return tidy


def note(
    *, by: User | None, at: datetime, signatory: Signatory, act: str, reason: str = "", said: dict[str, Any] | None = None,
    round_: Any = None,
) -> None:  # fmt: skip
    """Write the history of what happened to a signature."""
    write_entry(
        HistoryEntry(
            at=at, by=by, act=act, signatory=signatory, round=round_, reason=reason,
            said={"strategy": signatory.strategy.slug, "organisation": signatory.organisation.name, **(said or {})},
        )
    )  # fmt: skip


def check_signature_days(
    strategy: Strategy,
    organisation: Organisation,
    signed_on: date,
    ended_on: date | None = None,
    *,
    key: int = 0,
) -> None:
    """Raise :class:`Invalid` for an organisation that can't sign, or where another signature of it overlaps with these days.

    :param ended_on: the first day on which it no longer stands, None while it does.
    :param key: the signature that is to have these days, 0 for one that is not stored yet.
    """
    if organisation.kind == GROUP:
        raise Invalid(
            f"{organisation.name} is a group of organisations. Each of its members signs for itself.",
            field="organisation",
        )
    if ended_on == signed_on:
        return  # recorded by mistake, so it never was
    others = [
        other
        for other in signatures_of(strategy.pk, organisation.pk)
        if other.pk != key
        and other.ended_on != other.signed_on  # recorded by mistake
        and (other.ended_on is None or other.ended_on > signed_on)
        and (ended_on is None or other.signed_on < ended_on)
    ]
    if not others:
        return
    other = min(others, key=lambda other: other.signed_on)
    until = f"until {in_words(other.ended_on)}" if other.ended_on else "and still is"
    raise Invalid(
        f"{organisation.name} was a signatory from {in_words(other.signed_on)} {until}. The days of two signatures can’t "
        "overlap.",
        field="signed_on",
    )


def _record(
    by: User, at: datetime, strategy: Strategy, organisation: Organisation, signed_on: date, post: str, told_how: str,
    file: str = "", *, ask: bool = True,
) -> Signatory:  # fmt: skip
    check_signature_days(strategy, organisation, signed_on)
    signatory = Signatory.objects.create(
        strategy=strategy, organisation=organisation, signed_on=signed_on, signed_as=post, told_how=told_how,
        recorded_at=at, recorded_by=by,
    )  # fmt: skip
    remember_signature(signatory)
    said = {"signed_on": signed_on.isoformat(), "signed_as": post, "told_how": told_how, **from_file(file)}
    note(by=by, at=at, signatory=signatory, act="sign", said=said)
    if ask:
        ask_new_organisations(by=by, at=at, strategy_id=strategy.pk)
    return signatory
