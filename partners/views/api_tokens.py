"""One's own tokens for programs: the list, a new one, which is shown once, and ending one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners.forms.api_tokens import ApiTokenForm
from partners.models import ApiToken
from partners.page_parts.reauthentication import asks_again
from partners.services.api_tokens import end_token, make_token
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_safe
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens that work, the newest first, and those that ended in the last year."""
    me, now = signed_in_person(request), timezone.now()
    rows = list(me.api_tokens.select_related("organisation").order_by("-made_at", "-id"))
    values = {
        "working": [row for row in rows if row.ended_at is None and row.expires_at > now],
        "ended": [row for row in rows if row.ended_at is not None or row.expires_at <= now],
    }
    return render(request, "partners/tokens.html", values)


@require_http_methods(GET_OR_POST)
@login_required
@asks_again
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token. Its text is on the answer alone: it is neither stored nor shown again."""
    me = signed_in_person(request)
    form = ApiTokenForm(request.POST if request.method == "POST" else None, person=me)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = make_token(
                by=me,
                at=timezone.now(),
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data.get("scopes", []),
                days=int(form.cleaned_data["days"]),
                organisation=form.organisation_chosen(),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            shown = render(request, "partners/token_made.html", {"token": token, "text": text})
            shown["Cache-Control"] = "private, no-store"
            return shown
    return form_response(request, "partners/token_form.html", {}, form)


@require_http_methods(GET_OR_POST)
@login_required
def token_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens at once."""
    me = signed_in_person(request)
    token = get_object_or_404(ApiToken.objects.filter(person=me), pk=pk)
    if request.method == "POST":
        if end_token(by=me, at=timezone.now(), token=token):
            messages.success(request, f"The token for {token.name} has ended.")
        return redirect("partners:tokens")
    return render(request, "partners/token_end.html", {"token": token})
