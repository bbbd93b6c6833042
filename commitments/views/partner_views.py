"""A delivery partner gives, changes or withdraws its view of a commitment."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.partner_views import ViewForm, initial_of
from commitments.models import Commitment, Round, SectorView
from commitments.page_parts.addresses import find_commitment
from commitments.page_parts.autosave import autosaved, copy_as_data, held, hidden, keep
from commitments.page_parts.commitment import crumbs
from commitments.permissions.progress import check_can_give_view, check_may_give_view
from commitments.reading import glance
from commitments.reading.partner_views import leads, speaks_for
from commitments.rules import status as words
from commitments.services.partner_views import give_view, withdraw_view
from commitments.services.working_copies import copy_of, drop_copy, note_time
from partners.models import Organisation, User
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Conflict, Refused


@require_http_methods(GET_OR_POST)
@autosaved
def view(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The view of one organisation in the round that takes views today."""
    commitment = find_commitment(slug, key)
    organisation, others = _whose(request, commitment)
    rounds = list(Round.objects.filter(strategy=commitment.strategy_id).newest_first())
    round_ = next((round_ for round_ in rounds if round_.takes_updates(timezone.localdate())), None)
    if request.method == "POST":
        # A form that was opened in another round keeps its round: the service says that it has closed.
        round_ = next(
            (candidate for candidate in rounds if candidate.slug == request.POST.get("round")),
            round_ or _newest(rounds),
        )
    values = {**_values(signed_in_person(request), commitment, organisation, round_), "others": others}
    if round_ is None:
        values["next_round"] = next((candidate for candidate in reversed(rounds) if candidate.state == "planned"), None)
        return render(request, "commitments/partner_view_form.html", values)
    if request.method == "POST":
        return _posted(request, commitment, organisation, round_, values)
    stored: SectorView | None = values["stored"]
    initial = {**(initial_of(stored) if stored else {}), "round": round_.slug, "organisation": organisation.slug}
    form = ViewForm(initial=initial, commitment=commitment)
    if words_held := held(request):
        values["was_held"] = True
        form.initial.update({name: said[0] for name, said in words_held.items() if said and name in form.fields})
    elif copy := copy_of(signed_in_person(request), _form_name(commitment, round_, organisation)):
        values["kept_at"] = copy.kept_at
        form.initial.update({name: said for name, said in copy_as_data(copy).items() if name in form.fields})
    return render(request, "commitments/partner_view_form.html", {**values, "form": form})


def _posted(
    request: HttpRequest, commitment: Commitment, organisation: Organisation, round_: Round, values: dict[str, Any]
) -> HttpResponse:
    stored: SectorView | None = values["stored"]
    name = _form_name(commitment, round_, organisation)
    if request.POST.get("act") == "keep":
        return keep(request, name, stored.version if stored else None)
    form = ViewForm(request.POST, commitment=commitment)
    if form.is_valid():
        now, data = timezone.now(), form.cleaned_data
        try:
            give_view(
                by=signed_in_person(request), at=now, commitment=commitment, round_=round_, organisation=organisation,
                status=data["status"], reason=data["reason"], differs=form.sees_differently, version=data["version"],
            )  # fmt: skip
        except Conflict as conflict:
            if stored and form.says(stored):
                return _given(request, commitment, organisation)  # the second click of two
            return _conflict(request, form, values, conflict)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            drop_copy(by=signed_in_person(request), form=name)
            note_time(form_kind="view", token=request.POST.get("opened", ""), at=now)
            return _given(request, commitment, organisation)
    return form_response(request, "commitments/partner_view_form.html", values, form)


def _given(request: HttpRequest, commitment: Commitment, organisation: Organisation) -> HttpResponse:
    messages.success(request, f"Thank you. The view of {organisation.name} is shown next to the council’s status.")
    return redirect(f"{commitment.get_absolute_url()}#voices")


def _conflict(request: HttpRequest, form: ViewForm, values: dict[str, Any], conflict: Conflict) -> HttpResponse:
    """Show what a colleague wrote meanwhile above what was typed; sending again puts the latter in its place."""
    stored: SectorView | None = values["stored"]
    data: Any = cast(Any, form.data).copy()
    data["version"] = str(stored.version) if stored else ""
    form.data = data
    show_refusal(form, conflict)
    return render(request, "commitments/partner_view_form.html", {**values, "form": form, "theirs": stored}, status=409)


@require_http_methods(GET_OR_POST)
@login_required
def withdraw(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take back the view of the round that takes views today, after a page that says what that means."""
    commitment = find_commitment(slug, key)
    organisation, _others = _whose(request, commitment)
    today = timezone.localdate()
    standing = [
        view
        for view in SectorView.objects.filter(
            commitment=commitment, organisation=organisation, withdrawn_at__isnull=True
        ).select_related("round", "organisation", "commitment")
        if view.round.takes_updates(today)
    ]
    if not standing:
        raise Http404
    if request.method == "POST":
        withdraw_view(by=signed_in_person(request), at=timezone.now(), view=standing[0])
        messages.success(request, f"The view of {organisation.name} has been withdrawn. Nobody else can see it.")
        return redirect(commitment)
    values = {"view": standing[0], "word": words.of(standing[0].status), "crumbs": crumbs(commitment, inside=True)}
    return render(
        request,
        "commitments/partner_view_withdraw.html",
        {"commitment": commitment, "organisation": organisation, **values},
    )


def _whose(request: HttpRequest, commitment: Commitment) -> tuple[Organisation, list[Organisation]]:
    """Return the organisation that is spoken for, and the others that the person could speak for."""
    check_may_give_view(request.user)
    person = signed_in_person(request)
    asked = request.POST.get("organisation") or request.GET.get("organisation") or ""
    delivering = commitment.delivery_partners.current().order_by("id").values_list("organisation_id", flat=True)
    may = speaks_for(person, delivering)
    chosen = next((organisation for organisation in may if organisation.slug == asked), None) or (
        None if asked and may else next(iter(may), None)
    )
    if chosen is None:
        led = leads(person)
        check_can_give_view(
            person, commitment, next((organisation for organisation in led if organisation.slug == asked), led[0])
        )
        raise Http404
    return chosen, [organisation for organisation in may if organisation != chosen]


def _newest(rounds: list[Round]) -> Round | None:
    return next((round_ for round_ in rounds if round_.state != "planned"), None)


def _form_name(commitment: Commitment, round_: Round, organisation: Organisation) -> str:
    return f"view:{commitment.strategy.slug}:{commitment.key}:{round_.slug}:{organisation.slug}"


def _values(person: User, commitment: Commitment, organisation: Organisation, round_: Round | None) -> dict[str, Any]:
    stored = (
        SectorView.objects.select_related("said_by")
        .filter(commitment=commitment, round=round_, organisation=organisation)
        .first()
        if round_
        else None
    )
    on = timezone.localdate(commitment.status_at) if commitment.status_at else None
    return {
        "commitment": commitment,
        "strategy": commitment.strategy,
        "status": words.of(commitment.status),
        "fresh": glance.freshness(on, timezone.localdate()),
        "organisation": organisation,
        "round": round_,
        "stored": stored,
        "stored_word": words.of(stored.status) if stored else None,
        "typed": hidden(person),
        "crumbs": crumbs(commitment, inside=True),
    }
