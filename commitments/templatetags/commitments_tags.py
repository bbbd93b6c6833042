"""What the ground floor's pages show of the floor above: an organisation's commitments and its evidence."""

from typing import Any

from django import template
from django.db.models import Exists
from django.utils import timezone

from commitments.models import Commitment, DeliveryPartner, Evidence, HistoryEntry, Strategy
from commitments.permissions.risks import can_keep_risks
from commitments.reading import engagement, risk_tasks
from commitments.reading import pages as reading
from commitments.reading.actions import entry_in_words
from commitments.reading.charters import signed_by
from commitments.reading.evidence_cards import card, counted, read_cards
from commitments.reading.glance import lit_only
from commitments.reading.points import public_points
from commitments.reading.responses import addressed_to
from commitments.reading.sourced_figures import topics_with_figures
from commitments.rules.kinds import shared_nouns
from commitments.rules.sourced_figures import MONEY
from commitments.services.handover import held_by
from commitments.workbooks.offered import strategies_with_workbooks
from partners import roles
from partners.kinds import GROUP
from partners.models import Deputy, Organisation, User
from partners.permissions import has_permission_anywhere, has_permission_here, strategies_where
from vcsportal.common.long_lists import count_up_to

register = template.Library()
MAX_EVIDENCE = 6
MAX_BOARDS = 2
"""Each board costs two queries; an organisation in more strategies than this is shown in the newest."""


@register.filter
def action_entry(entry: HistoryEntry) -> str:
    """Return what was done to an action, in a sentence."""
    return entry_in_words(entry)


@register.inclusion_tag("commitments/_finished.html")
def finished(strategy: Strategy) -> dict[str, Any]:
    """Say of a strategy whose term is over that it is, and what followed; nothing of others, and without a query."""
    today = timezone.localdate()
    if not strategy.is_finished(today):
        return {}
    followers = strategy.followers()
    current = Strategy.objects.current(today) if not followers else None
    others = current if current is not None and current.pk != strategy.pk and not current.is_finished(today) else None
    return {"strategy": strategy, "followers": followers, "current": others}


@register.inclusion_tag("commitments/_figure_links.html")
def figure_links(strategy: Strategy) -> dict[str, Any]:
    """Lead from a strategy to its public figures; nothing where it has none. One query."""
    about = topics_with_figures(strategy)
    return {"money": MONEY in about, "figures": bool(about - {MONEY})}


@register.inclusion_tag("commitments/_organisation_tiles.html")
def organisation_tiles(organisation: Organisation) -> dict[str, Any]:
    """The board of each strategy that the organisation helps to deliver, with its own tiles lit."""
    parts = DeliveryPartner.objects.lasting().filter(organisation=organisation).select_related("commitment__strategy")
    rows = list(parts.order_by("-ended_on", "commitment__priority__number", "commitment__number", "id"))
    lit: dict[int, set[str]] = {}
    for part in rows:
        if part.ended_on is None:
            lit.setdefault(part.commitment.strategy_id, set()).add(part.commitment.reference)
    earlier = [
        {"commitment": part.commitment, "span": reading.span(part.role, part.started_on, part.ended_on)}
        for part in rows
        if part.ended_on
    ]
    boards = []
    for strategy in Strategy.objects.filter(pk__in=lit).newest_first()[:MAX_BOARDS]:
        rows_of_board = reading.board_of(strategy, reading.standings(strategy), timezone.localdate())
        tiles = lit_only(rows_of_board, lit[strategy.pk])
        boards.append({"strategy": strategy, "rows": tiles, "count": len(lit[strategy.pk])})
    kinds = {part.commitment.strategy.kind for part in rows if part.ended_on}
    return {"organisation": organisation, "boards": boards, "earlier": earlier, "nouns": shared_nouns(kinds)}


@register.inclusion_tag("commitments/_you_said_link.html")
def you_said_link(strategy: Strategy, person: Any) -> dict[str, Any]:
    """Show the way to a strategy's risks, its meetings and what was asked and answered, where there is something. One query.

    Whoever keeps the risks of the strategy is shown the way to them before there are any.
    """
    today = timezone.localdate()
    shown = Exists(public_points(today).filter(strategy=strategy))
    columns = (shown, engagement.count_column(), risk_tasks.count_column(today))
    answered, met, risks = Strategy.objects.filter(pk=strategy.pk).values_list(*columns).get()
    keeps = not strategy.is_finished(today) and can_keep_risks(person, strategy)
    fills_in = any(
        has_permission_here(person, code, strategy) for code in (roles.UPDATE_COMMITMENTS, roles.MANAGE_COMMITMENTS)
    )
    return {
        "strategy": strategy, "answered": answered, "met": met, "risks": risks, "keeps_risks": keeps, "fills_in": fills_in,
    }  # fmt: skip


@register.inclusion_tag("commitments/_workbook_links.html")
def workbook_links(person: Any) -> dict[str, Any]:
    """Show the ways to the spreadsheets of rounds that are running, for whoever may fill them in. One query."""
    return {"strategies": strategies_with_workbooks(person)}


@register.inclusion_tag("commitments/_organisation_responses.html")
def organisation_responses(organisation: Organisation) -> dict[str, Any]:
    """What is addressed to the organisation, and what it has published of its responses. One query."""
    return {"strategies": addressed_to(organisation)}


@register.inclusion_tag("commitments/_organisation_signatures.html")
def organisation_signatures(organisation: Organisation) -> dict[str, Any]:
    """What the organisation has signed, and the status of each signature. One query where it has signed nothing."""
    return {"signatures": signed_by(organisation, timezone.localdate())}


@register.inclusion_tag("commitments/_person_holdings.html")
def person_holdings(person: User) -> dict[str, Any]:
    """What a person leads, owes and has begun, before their access ends."""
    begun = Evidence.objects.filter(logged_by=person, state__in=["draft", "returned"])
    standing = Deputy.objects.filter(person=person, ended_at__isnull=True).select_related("deputy").order_by("id")
    return {"person": person, "held": held_by(person), "begun": begun.count(), "deputies": list(standing)}


@register.inclusion_tag("commitments/_answers_for.html")
def answers_for(person: User) -> dict[str, Any]:
    """Name the strategies that a person answers for, the newest first. No query for people whose roles allow it nowhere."""
    if not has_permission_anywhere(person, roles.UPDATE_COMMITMENTS):
        return {}
    own = Strategy.objects.filter(strategies_where(person, roles.UPDATE_COMMITMENTS))
    return {"strategies": list(own.newest_first().only("slug", "title"))}


@register.inclusion_tag("commitments/_organisation_evidence.html")
def organisation_evidence(organisation: Organisation, person: Any) -> dict[str, Any]:
    """The newest pieces that the person may see, with the state for those who work with it."""
    items = Evidence.objects.visible_to(person).filter(organisation=organisation)
    insider = has_permission_anywhere(person, roles.SEE_ALL_EVIDENCE) or (
        isinstance(person, User) and person.belongs_to(organisation.pk)
    )
    newest = list(items.newest_first().values_list("pk", flat=True)[:MAX_EVIDENCE])
    cards = [card(piece, state=insider) for piece in read_cards(newest, today=timezone.localdate())]
    return {"organisation": organisation, "cards": cards, "insider": insider, "counted": counted(count_up_to(items))}


@register.inclusion_tag("commitments/_group_engagement.html")
def group_engagement(organisation: Organisation, keeps: bool) -> dict[str, Any]:
    """The meetings and consultations of a group, on its organisation's page; nothing, and no query, for others.

    :param keeps: whether the reader keeps the group, and so opens its meetings.
    """
    return {"own": engagement.of_group(organisation), "keeps": keeps} if organisation.kind == GROUP else {}


@register.inclusion_tag("commitments/_commitment_engagement.html")
def commitment_engagement(commitment: Commitment) -> dict[str, Any]:
    """The meetings and consultations that were about a commitment, where there are any."""
    return {"cards": engagement.about_commitment(commitment)}
