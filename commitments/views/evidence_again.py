"""Uses evidence again: accepted once, counted for another commitment too."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.evidence_steps import CommitmentsForm
from commitments.page_parts.evidence import visible_evidence_or_404
from commitments.permissions import evidence as evidence_permissions
from commitments.services import evidence as services
from partners.page_parts.sent_once import sent_once
from partners.signed_in import signed_in_person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def use_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose further commitments of the same strategy. Nothing is typed twice, and nothing that was accepted is undone."""
    piece = visible_evidence_or_404(request, pk)
    person = signed_in_person(request)
    evidence_permissions.check_can_use_evidence_again(person, piece)
    there = list(piece.commitments.select_related("strategy").in_order())
    strategy = there[0].strategy
    helped = (
        piece.organisation.delivers.lasting()
        .filter(commitment__strategy=strategy)
        .values_list("commitment_id", flat=True)
    )
    form = CommitmentsForm(
        request.POST if request.method == "POST" else None,
        strategy=strategy,
        helped=helped,
        besides=[commitment.key for commitment in there],
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["commitments"]
        services.use_again(by=person, at=timezone.now(), evidence=piece, commitments=chosen)
        references = ", ".join(commitment.reference for commitment in chosen)
        messages.success(request, f"“{piece.title}” counts for {references} too.")
        return redirect(piece)
    context = {"piece": piece, "there": there, "form": form}
    return render(request, "commitments/evidence_again.html", context, status=422 if form.errors else 200)
