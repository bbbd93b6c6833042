"""Records risks, changes what is said of them, and ends them. Assessing them is in ``risk_assessments``."""

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from commitments.content.risks import RiskContent, RiskLeadContent
from commitments.models import HistoryEntry, Risk, RiskLead, Strategy
from commitments.permissions.risks import check_can_keep_risks
from commitments.rules.risk_limits import (
    MAX_CONTROLS_CHARACTERS,
    MAX_LEAD_CHARACTERS,
    MAX_LEADS,
    MAX_NOTE_CHARACTERS,
    MAX_REASON_CHARACTERS,
    MAX_WORDS_CHARACTERS,
)
from commitments.services.locks import lock_strategy
from partners.models import User
from partners.services.standing import check_can_be_named
from vcsportal.common.markdown import check_text
from vcsportal.common.names import free_slug
from vcsportal.common.saving_together import held_once, hold_known, write_entry
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotNow

TEXT_FIELDS = ("words", "controls", "note", "source")
"""The texts of a risk, as the model and the content have them."""


@transaction.atomic
def record_risk(*, by: User, at: datetime, strategy: Strategy, content: RiskContent, file: str = "") -> Risk:
    """Record a risk to a strategy, at the end of its register.

    :param file: the name of the file that it comes from, for the history.

    Raise :class:`Refused` without the right, for missing or long texts, and for a priority or commitment of another strategy.
    """
    check_can_keep_risks(by, strategy)
    content = checked_risk(content, strategy)
    return add_risk(by=by, at=at, strategy=strategy, content=content, file=file)


@transaction.atomic
def edit_risk(*, by: User, at: datetime, risk: Risk, content: RiskContent, version: int | None = None) -> Risk:
    """Change what is said of a risk. Its assessments stay.

    :param version: the version that the person saw; None skips the comparison.
    Raise :class:`Refused` as :func:`record_risk` does, and for a risk that has ended; :class:`Conflict` if someone has
    changed it since.
    """
    risk = held_risk(risk)
    check_can_keep_risks(by, risk.strategy)
    compare(risk, version)
    check_open_risk(risk)
    content = checked_risk(content, risk.strategy, named={lead.organisation_id for lead in risk.leads.all()})
    was, now = said_of(content_of(risk)), said_of(content)
    if was == now:
        return risk
    put_risk(risk, content)
    risk.version += 1
    risk.save()
    changed = [name for name in now if now[name] != was[name]]
    said = {"was": {name: was[name] for name in changed}, "now": {name: now[name] for name in changed}}
    note(by=by, at=at, risk=risk, act="risk_edit", said=said)
    return risk


@transaction.atomic
def end_risk(*, by: User, at: datetime, risk: Risk, reason: str, version: int | None = None) -> Risk:
    """Say that it is no longer a risk, and why. It stays in the register, with its assessments.

    Raise :class:`Refused` without the right or without a reason; :class:`Conflict` as :func:`edit_risk` does.
    """
    risk = held_risk(risk)
    check_can_keep_risks(by, risk.strategy)
    if risk.ended_on is not None:
        raise AlreadyDone("This risk has ended already.", thing=risk, what="risk", past="ended", act="risk_end")
    compare(risk, version)
    reason = checked_text(reason, field="reason", limit=MAX_REASON_CHARACTERS)
    if not reason:
        raise Invalid("Say why it is no longer a risk. Everyone can read the reason.", field="reason")
    risk.ended_on, risk.ended_because = timezone.localdate(at), reason
    risk.version += 1
    risk.save()
    note(by=by, at=at, risk=risk, act="risk_end", reason=reason)
    return risk


def add_risk(
    *, by: User | None, at: datetime, strategy: Strategy, content: RiskContent, key: str = "", file: str = ""
) -> Risk:
    """Write a risk that has been checked, with its history. Part of other services' transactions.

    :param key: its key; "" makes one of its words.
    """
    lock_strategy(strategy.pk)  # one number at a time
    ours = Risk.objects.filter(strategy=strategy)
    last = held_once(("last risk", strategy.pk), lambda: ours.aggregate(last=Max("number"))["last"] or 0)
    words = " ".join(content.words.split()[:8])
    taken = held_once(("risk keys", strategy.pk), lambda: {"new", *ours.values_list("key", flat=True)})
    risk = Risk(
        strategy=strategy,
        key=key or free_slug(words, taken, fallback="risk", length=60),
        number=last + 1,
        recorded_at=at,
        recorded_by=by,
    )
    for name in TEXT_FIELDS:
        setattr(risk, name, getattr(content, name))
    risk.priority, risk.commitment = content.priority, content.commitment
    risk.save()
    _write_leads(risk, content.leads)
    hold_known({(Risk, risk.pk): risk, in_force_key(risk.pk): []})
    hold_known({("last risk", strategy.pk): risk.number, ("risk keys", strategy.pk): {*taken, risk.key}})
    note(by=by, at=at, risk=risk, act="risk_record", said={**said_of(content), **({"file": file} if file else {})})
    return risk


def held_risk(risk: Risk) -> Risk:
    """Return it as it is now, held until the transaction ends."""
    return held_once((Risk, risk.pk), lambda: locked_risks().get(pk=risk.pk))


def in_force_key(risk_id: int) -> tuple[str, int]:
    """Return the key under which the assessments in force of a risk are remembered while rows are saved together."""
    return ("in force", risk_id)


def locked_risks() -> QuerySet[Risk]:
    """Return the risks as a query that locks them."""
    rows = Risk.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("strategy__owner", "priority", "commitment")


def compare(risk: Risk, version: int | None) -> None:
    """Raise :class:`Conflict` if it has been changed since ``version`` was read."""
    if version is not None and version != risk.version:
        last = risk.history.select_related("by").newest_first().first()
        who = last.by.name if last and last.by else "Somebody"
        raise Conflict(
            f"{who} has changed this risk since you opened it. Open it in another tab to see what changed, then save yours."
        )


def check_open_risk(risk: Risk) -> None:
    """Raise :class:`NotNow` for a risk that has ended."""
    if risk.ended_on is not None:
        raise NotNow("This is no longer a risk, so it can’t be changed. If it has come back, record it as a new risk.")


def checked_text(text: str, *, field: str, limit: int) -> str:
    """Return a tidied text. Raise :class:`Invalid` if it is longer than ``limit`` characters."""
    tidy = check_text(text, field=field)
    if len(tidy) > limit:
        raise Invalid(f"This has {len(tidy):,} characters. {limit:,} is the limit.", field=field)
    return tidy


def checked_risk(content: RiskContent, strategy: Strategy, named: Container[int | None] = ()) -> RiskContent:
    """Return the content with tidied texts. Raise :class:`Invalid` for what is missing, too long or of another strategy.

    :param named: the keys of organisations that lead it already; they stay, even if they have ended.
    """
    texts = {
        name: checked_text(getattr(content, name), field=name, limit=limit)
        for name, limit in (
            ("words", MAX_WORDS_CHARACTERS), ("controls", MAX_CONTROLS_CHARACTERS), ("note", MAX_NOTE_CHARACTERS),
            ("source", MAX_NOTE_CHARACTERS),
        )
    }  # fmt: skip
    if not texts["words"]:
        raise Invalid("Say what could go wrong.", field="words")
    if content.priority is not None and content.commitment is not None:
        nouns = strategy.nouns
        raise Invalid(f"Choose {nouns.a_priority} or {nouns.a_commitment}, not both.", field="commitment")
    for field, about in (("priority", content.priority), ("commitment", content.commitment)):
        if about is not None and about.strategy_id != strategy.pk:
            raise Invalid("Choose one from this strategy.", field=field)
    return RiskContent(
        leads=_checked_leads(content.leads, named), priority=content.priority, commitment=content.commitment, **texts
    )


def _checked_leads(leads: Iterable[RiskLeadContent], named: Container[int | None]) -> tuple[RiskLeadContent, ...]:
    found: list[RiskLeadContent] = []
    for lead in leads:
        words = " ".join(check_text(lead.words, field="leads").split())
        if len(words) > MAX_LEAD_CHARACTERS:
            raise Invalid(f"“{words[:40]}…” has more than {MAX_LEAD_CHARACTERS} characters.", field="leads")
        if lead.organisation is not None:
            if lead.organisation.pk not in named:
                check_can_be_named(lead.organisation, "leads")
            found.append(RiskLeadContent(lead.organisation))
        elif words:
            found.append(RiskLeadContent(words=words))
    if len(found) > MAX_LEADS:
        raise Invalid(f"The limit is {MAX_LEADS} leads.", field="leads")
    for place, lead in enumerate(found):
        if lead in found[:place]:
            raise Invalid(f"“{lead}” is named twice.", field="leads")
    return tuple(found)


def content_of(risk: Risk) -> RiskContent:
    """Return what is recorded of a risk."""
    leads = risk.leads.select_related("organisation").order_by("place")
    return RiskContent(
        leads=tuple(RiskLeadContent(lead.organisation, lead.words) for lead in leads),
        priority=risk.priority,
        commitment=risk.commitment,
        **{name: getattr(risk, name) for name in TEXT_FIELDS},
    )


def put_risk(risk: Risk, content: RiskContent) -> None:
    """Set the fields of a risk, unsaved, and write its leads."""
    for name in TEXT_FIELDS:
        setattr(risk, name, getattr(content, name))
    risk.priority, risk.commitment = content.priority, content.commitment
    put_leads(risk, content.leads)


def put_leads(risk: Risk, leads: Iterable[RiskLeadContent]) -> None:
    """Let a risk have these leads in this order."""
    risk.leads.all().delete()
    _write_leads(risk, leads)


def _write_leads(risk: Risk, leads: Iterable[RiskLeadContent]) -> None:
    RiskLead.objects.bulk_create(
        RiskLead(risk=risk, place=place, organisation=lead.organisation, words=lead.words)
        for place, lead in enumerate(leads, start=1)
    )


def said_of(content: RiskContent) -> dict[str, Any]:
    """Return what the history keeps of a risk."""
    return {
        **{name: getattr(content, name) for name in TEXT_FIELDS},
        "leads": [lead.organisation.slug if lead.organisation else lead.words for lead in content.leads],
        "priority": content.priority.number if content.priority else None,
        "commitment": content.commitment.key if content.commitment else "",
    }


def note(
    *, by: User | None, at: datetime, risk: Risk, act: str, reason: str = "", said: dict[str, Any] | None = None
) -> None:
    """Write an entry of a risk's history."""
    write_entry(HistoryEntry(at=at, by=by, act=act, risk=risk, reason=reason, said=said or {}))
