"""Correcting what is said of a source, from the page of a figure that names it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments.forms.sourced_figures import SourceForm
from commitments.models import SourcedFigure
from commitments.permissions.sourced_figures import check_can_keep_figures
from partners.models import Source
from partners.services.sources import edit_source
from partners.signed_in import signed_in_person
from vcsportal.common.pages import GET_OR_POST, form_response, show_refusal
from vcsportal.common.words import Refused


@require_http_methods(GET_OR_POST)
@login_required
def source_edit(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Correct the title, publisher, day, address or licence of a source that a figure names."""
    figures = SourcedFigure.objects.visible_to(request.user).select_related("strategy__owner")
    figure = get_object_or_404(figures, pk=pk)
    check_can_keep_figures(request.user, figure.strategy)
    source = get_object_or_404(Source.objects.filter(values__figure=figure).distinct(), slug=slug)
    form = SourceForm(request.POST if request.method == "POST" else None, initial=SourceForm.initial_of(source))
    if request.method == "POST" and form.is_valid():
        by, at, version = signed_in_person(request), timezone.now(), form.cleaned_data["version"]
        try:
            edit_source(by=by, at=at, source=source, content=form.content, version=version)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "The source has been saved. It reads so wherever it is named.")
            return redirect(figure)
    return form_response(request, "commitments/figure_source_form.html", {"figure": figure, "source": source}, form)
