"""Every write to grants and contracts, with its history, in one transaction. Rows are withdrawn, never deleted."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from commitments.content.sourced_figures import AwardContent
from commitments.models import Award, HistoryEntry, SourcedFigure
from commitments.permissions.sourced_figures import check_can_keep_figures
from commitments.rules import awards as rules
from commitments.services.locks import lock_strategy
from commitments.services.sourced_figures import LOADED_FIRST, MAX_REASON_CHARACTERS
from partners.models import User
from partners.naming import tidy_name
from partners.services.sources import checked_words
from vcsportal.common.words import Conflict, Invalid, NotNow

LIMITS: Final = {
    "identifier": 120, "title": 200, "description": 2000, "recipient_identifier": 40, "grant_programme": 200, "notice": 500,
}  # fmt: skip
"""The most characters of each text of an award."""
LINKED: Final = ("districts", "commitments")
PLAIN: Final = tuple(field.name for field in fields(AwardContent) if field.name not in LINKED)


@transaction.atomic
def add_award(*, by: User | None, at: datetime, figure: SourcedFigure, content: AwardContent) -> Award:
    """List a grant or a contract under a figure of money. ``by=None`` is the portal's own loader.

    Raise :class:`Refused` without the right, for an award to a person, for an identifier that the figure has already, and for
    what is missing or out of order.
    """
    figure = SourcedFigure.objects.select_for_update(of=("self",)).select_related("strategy__owner").get(pk=figure.pk)
    if by is not None:
        check_can_keep_figures(by, figure.strategy)
    if not figure.is_money or figure.ended_at is not None:
        raise NotNow("Grants and contracts can only be listed under a figure about money that is still being updated.")
    content = _checked(figure, content, None)
    award = Award(figure=figure, changed_at=at, **{name: getattr(content, name) for name in PLAIN})
    award.save()
    _link(award, content)
    _record(by, at, award, "award_add", said=_said(content))
    return award


@transaction.atomic
def edit_award(
    *, by: User | None, at: datetime, award: Award, content: AwardContent, version: int | None = None
) -> Award:
    """Correct what is said of an award. Errors as in :func:`add_award`; what is the same writes nothing.

    :param version: the one that the person read; :class:`Conflict` if someone has saved another since.
    """
    award = _held(by, award, version)
    content = _checked(award.figure, content, award)
    was, now = _said(content_of(award)), _said(content)
    changed = [name for name in now if now[name] != was[name]]
    if not changed:
        return award
    for name in PLAIN:
        setattr(award, name, getattr(content, name))
    award.changed_at = at
    award.version += 1
    award.save()
    _link(award, content)
    said = {"was": {name: was[name] for name in changed}, "now": {name: now[name] for name in changed}}
    _record(by, at, award, "award_edit", said=said)
    return award


@transaction.atomic
def withdraw_award(*, by: User | None, at: datetime, award: Award, reason: str, version: int | None = None) -> Award:
    """Remove an award from the list, with the reason. Raise :class:`NotNow` for one that was withdrawn already."""
    award = _held(by, award, version)
    reason = checked_words(reason, "reason", MAX_REASON_CHARACTERS)
    if not reason:
        raise Invalid("Say why it is being removed from the list.", field="reason")
    award.withdrawn_at, award.withdrawn_why, award.changed_at = at, reason, at
    award.version += 1
    award.save()
    _record(by, at, award, "award_withdraw", reason=reason)
    return award


def content_of(award: Award) -> AwardContent:
    """Return an award as it could be entered again."""
    linked: dict[str, Any] = {name: tuple(getattr(award, name).order_by("id")) for name in LINKED}
    return AwardContent(**{name: getattr(award, name) for name in PLAIN}, **linked)


def _held(by: User | None, award: Award, version: int | None) -> Award:
    rows = Award.objects.select_for_update(of=("self",))
    related = ("figure__strategy__owner", "recipient", "funding_organisation", "source")
    award = rows.select_related(*related).get(pk=award.pk)
    if by is not None:
        check_can_keep_figures(by, award.figure.strategy)
    if version is not None and version != award.version:
        raise Conflict("Someone has changed this award since you opened it. Check what it says now, then save yours.")
    if award.withdrawn_at is not None:
        raise NotNow("This award was removed from the list, so it can’t be changed.")
    return award


def _checked(figure: SourcedFigure, content: AwardContent, award: Award | None) -> AwardContent:
    if content.kind not in dict(rules.AWARD_KINDS):
        raise Invalid("Choose whether it is a grant or a contract.", field="kind")
    if content.currency not in rules.CURRENCIES:
        raise Invalid(f"Choose one of {', '.join(rules.CURRENCIES)}.", field="currency")
    texts: dict[str, Any] = {name: checked_words(getattr(content, name), name, limit) for name, limit in LIMITS.items()}
    for name, missing in (("title", "Give it a title."), ("identifier", "Enter an identifier.")):
        if not texts[name]:
            raise Invalid(missing, field=name)
    if texts["notice"] and not texts["notice"].lower().startswith(("https://", "http://")):
        raise Invalid("Enter the whole address, beginning with https://.", field="notice")
    if content.planned_from and content.planned_to and content.planned_to < content.planned_from:
        raise Invalid("The last day comes before the first.", field="planned_to")
    lock_strategy(figure.strategy_id)  # an identifier is given once in a strategy
    same = Award.objects.filter(figure__strategy=figure.strategy_id, identifier=texts["identifier"])
    if any(key != (award.pk if award else 0) for key in same.values_list("pk", flat=True)):
        raise Invalid("Another award has this identifier already.", field="identifier")
    for commitment in content.commitments:
        if commitment.strategy_id != figure.strategy_id:
            raise Invalid(f"{commitment.reference} is in another strategy. Leave it out.", field="commitments")
    return replace(
        content,
        **texts,
        amount_awarded=rules.check_amount(content.amount_awarded),
        recipient_name=_recipient(content),
        funding_organisation=content.funding_organisation or figure.strategy.owner,
    )


def _recipient(content: AwardContent) -> str:
    """Return the recipient's name in words, "" for an organisation of the portal."""
    name = content.recipient_name.strip()
    if content.recipient is not None:
        if name:
            raise Invalid("Choose an organisation or enter a name, not both.", field="recipient_name")
        return ""
    if not name:
        raise Invalid("Choose the organisation that received it, or enter its name.", field="recipient_name")
    rules.check_recipient(name)
    try:
        return tidy_name(name, longest=200)
    except Invalid as refused:
        raise Invalid(refused.sentence, field="recipient_name") from refused


def _link(award: Award, content: AwardContent) -> None:
    award.districts.set(content.districts)
    award.commitments.set(content.commitments)


def _said(content: AwardContent) -> dict[str, str]:
    said = {name: "" if (value := getattr(content, name)) is None else str(value) for name in PLAIN}
    said["amount_awarded"] = f"{content.amount_awarded:.2f}"
    said["districts"] = ", ".join(sorted(area.gss_code for area in content.districts))
    said["commitments"] = ", ".join(sorted(commitment.key for commitment in content.commitments))
    return said


def _record(by: User | None, at: datetime, award: Award, act: str, *, reason: str = "", said: Any = None) -> None:
    if by is None and act in LOADED_FIRST:
        return
    HistoryEntry.objects.create(at=at, by=by, act=act, award=award, figure=award.figure, reason=reason, said=said or {})
