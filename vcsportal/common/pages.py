"""What the doors of every floor share: a form's answer, and the filters that are in use."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

GET_OR_POST: Final = ["GET", "HEAD", "POST"]


def answer(request: HttpRequest, template: str, values: dict[str, Any], form: Any) -> HttpResponse:
    """Return a form's page: 422 when what was sent has errors."""
    return render(request, template, {**values, "form": form}, status=422 if form.is_bound and form.errors else 200)


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
            rest.pop("page", None)
            label = labels.get(value, f"“{value}”")
            active.append({"label": label, "url": f"?{rest.urlencode()}"})
    return active
