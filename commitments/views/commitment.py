"""One commitment: its page and its people."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.people import CommitmentPeopleForm
from commitments.models import Commitment, ProgressUpdate
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.commitment import crumbs
from commitments.page_parts.public_pages import public_page
from commitments.permissions.progress import (
    can_manage_commitment,
    can_reply_to_view,
    can_see_rounds,
    can_update_commitment,
    check_can_manage_commitment,
)
from commitments.reading import actions as action_reading
from commitments.reading import glance, plans, status_basis
from commitments.reading import pages as reading
from commitments.reading.cards import embedding_code
from commitments.reading.evidence_cards import newest_cards
from commitments.reading.indicators import panels
from commitments.reading.partner_views import PartnerView, findings, partner_views_of, speaks_for, spoken_last
from commitments.reading.responses import responses_of
from commitments.reading.risk_tasks import recorded
from commitments.rules import status as words
from commitments.services.commitment_people import assign_people
from partners.page_parts import shown_values
from partners.reading.public_names import NameOf, names_for, sees_names
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response


@public_page
def commitment(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Everything public about one commitment; for officers, the link to update it."""
    commitment = find_commitment(slug, key, among=reading.WHOLE)
    today = timezone.localdate()
    rounds = reading.rounds(commitment)
    people = ("published_by", "submitted_by", "round", "confirms")
    updates = list(commitment.updates.published().select_related(*people).order_by("-round__observes_from", "id"))
    said = {update.round_id: update for update in updates}
    voices = partner_views_of(commitment)
    cards, pieces, pieces_since = newest_cards(commitment, today)
    actions, partners = action_reading.lines_of(commitment), reading.partners(commitment)
    quiet = [
        round_
        for round_ in rounds
        if round_.pk not in said and round_.state == "closed" and commitment.was_there(round_.observes_to)
        and not reading.closed_by_then(commitment, round_)
    ]  # fmt: skip
    counted = panels(slug=slug, commitment=commitment, today=today)
    spoken = timezone.localdate(commitment.status_at) if commitment.status_at else None
    name_of = names_for(request.user, commitment.strategy.owner)
    basis = status_basis.basis_of(
        commitment, name_of=name_of, today=today, updates=updates, actions=actions, pieces=(pieces, pieces_since), voices=spoken_last(voices),
        targets=[status_basis.target(indicator) for indicator in counted],
        silent_rounds=[round_.label for round_ in quiet if not updates or round_.observes_from > updates[0].round.observes_from][::-1],
    )  # fmt: skip
    related = plans.related(commitment)
    return render(
        request,
        "commitments/commitment.html",
        {
            "commitment": commitment,
            "strategy": commitment.strategy,
            "status": words.of(commitment.status),
            "fresh": glance.freshness(spoken, today),
            "age": glance.age(spoken, today),
            "why": {
                "title": status_basis.title(basis.status),
                "sentences": status_basis.sentences(basis, commitment.strategy.nouns),
                "risks": recorded(cast(Any, commitment).risk_rows, slug),
            },
            "basis": basis,
            "closed": commitment.status == "closed",
            "one_by_one": reading.one_by_one(rounds, today),
            "responses": responses_of(commitment, request.user) if commitment.is_addressed else [],
            "years": reading.years(commitment, rounds, said, today),
            "updates": [_said(said[round_.pk], voices, name_of) for round_ in rounds if round_.pk in said],
            "quiet": quiet,
            "rounds": rounds,
            "voices": spoken_last(voices),
            "spoken": {voice.slug for voice in spoken_last(voices)},
            "findings": findings(spoken_last(voices), commitment.status),
            "speaks_for": speaks_for(request.user, [part.organisation for part in partners]),
            "sees_answers": can_see_rounds(request.user, commitment.strategy),
            "indicators": counted,
            "cards": cards,
            "evidence_total": pieces,
            "partners": partners,
            "measure": plans.agreed(commitment.success_measure_agreed_by, commitment.success_measure_agreed_on),
            "over": commitment.strategy.is_finished(today),
            "dates": plans.dates_in_words(commitment.starts_on, commitment.ends_on),
            "follows": plans.followed(commitment, commitment.strategy),
            "followers": plans.followers(commitment),
            "related": related,
            "charters": plans.related_charters(related) if commitment.note else [],
            "lead": name_of(commitment.lead_officer) if commitment.lead_officer else "",
            "status_by": name_of(commitment.status_by) if commitment.status_by else "",
            "team_mailbox": commitment.strategy.owner.team_mailbox,
            "supporting": reading.supporting(commitment, name_of),
            "earlier": reading.earlier(commitment),
            "actions": action_reading.views(actions, today, named=sees_names(request.user)),
            "items": reading.timeline(commitment, name_of),
            "code": embedding_code(commitment),
            "can_reply": can_reply_to_view(request.user, commitment),
            "can_update_commitment": can_update_commitment(request.user, commitment),
            "can_manage_commitment": can_manage_commitment(request.user, commitment),
            "crumbs": crumbs(commitment),
        },
    )


def _said(update: ProgressUpdate, voices: list[PartnerView], name_of: NameOf) -> dict[str, Any]:
    """Return an approved update as it is shown, with what the sector said in the same round."""
    return {
        "round": update.round,
        "update": update,
        "status": words.of(update.status),
        "sent_by": name_of(update.submitted_by) if update.submitted_by else "",
        "approved_by": name_of(update.published_by) if update.published_by else "",
        "voices": [voice for voice in voices if voice.round == update.round.label],
    }


@require_http_methods(GET_OR_POST)
@login_required
def people(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Name the lead officer and those who support."""
    commitment = find_commitment(slug, key)
    check_can_manage_commitment(request.user, commitment)
    stale: list[str] = []
    initial = {
        "lead": commitment.lead_officer_id,
        "supporting": commitment.supporting_officers.values_list("pk", flat=True),
    }
    form = CommitmentPeopleForm(
        request.POST if request.method == "POST" else None, initial=initial, strategy=commitment.strategy
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            held = Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=commitment.pk)
            stale = shown_values.changed(request, _people(held), held.history)
            if not stale:
                assign_people(
                    by=signed_in_person(request), at=timezone.now(), commitment=commitment, **form.cleaned_data
                )
                messages.success(request, "The people are saved.")
                return redirect(commitment)
        for sentence in stale:
            form.add_error(None, sentence)
    values = {
        **_values(commitment),
        "shown": shown_values.carried(request, _people(Commitment.objects.get(pk=commitment.pk)), stale),
    }
    return form_response(request, "commitments/people_form.html", values, form)


def _people(commitment: Commitment) -> dict[str, str]:
    supporting = commitment.supporting_officers.order_by("name", "id")
    return {
        "Lead officer": commitment.lead_officer.name if commitment.lead_officer else "",
        "Supporting officers": ", ".join(person.name for person in supporting),
    }


def _values(commitment: Commitment) -> dict[str, Any]:
    return {"commitment": commitment, "strategy": commitment.strategy, "crumbs": crumbs(commitment, inside=True)}
