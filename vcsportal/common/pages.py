"""What the views of every floor share: answers to forms, and the filters in use."""

from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from vcsportal.common.words import AlreadyDone, Invalid, Refused

GET_OR_POST: Final = ["GET", "HEAD", "POST"]


def show_refusal(form: Any, refused: Refused, *, beside: str | None = None, stay: bool = False) -> None:
    """Show a service's refusal in the form that was sent, so that nothing that was typed is lost.

    The sentence goes beside the field that it names, otherwise beside ``beside``, otherwise to the form's top. What was
    done already is raised again: the middleware leads to the thing, with who did it and when.

    :param stay: True for a form of long texts, which stays on the page even then.
    """
    if not stay and isinstance(refused, AlreadyDone) and refused.done():
        raise refused
    field = refused.field if isinstance(refused, Invalid) else ""
    form.add_error(field if field in form.fields else beside, refused.sentence)
    form.refusal = refused


def form_status(form: Any) -> int:
    """Return the status of a form's page: that of a refusal shown in it, 422 for other errors, 200 without any."""
    if not (form.is_bound and form.errors):
        return 200
    refused: Refused | None = getattr(form, "refusal", None)
    return refused.page_status if refused else 422


def form_response(request: HttpRequest, template: str, values: dict[str, Any], form: Any) -> HttpResponse:
    """Return a form's page, with the status that :func:`form_status` gives it."""
    response: Any = render(request, template, {**values, "form": form}, status=form_status(form))
    if refused := getattr(form, "refusal", None):
        response.sentence = refused.sentence  # for the record of what people were not allowed to do
    return cast(HttpResponse, response)


def active_filters(form: Any, data: QueryDict) -> list[dict[str, str]]:
    """Return what is chosen in a valid filter form: a label for each value, and the address that takes it away.

    What is not among a field's choices (a reference of another strategy, say) is shown as it was typed.
    """
    active = []
    for name, field in form.fields.items():
        labels = {str(value): label for value, label in getattr(field, "choices", [])}
        for value in data.getlist(name):
            if not value.strip():
                continue
            rest = data.copy()
            rest.setlist(name, [other for other in data.getlist(name) if other != value])
            for place in ("page", "older", "newer"):
                rest.pop(place, None)
            label = labels.get(value, f"“{value}”")
            active.append({"label": label, "url": f"?{rest.urlencode()}"})
    return active
