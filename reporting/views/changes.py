"""What changed in a strategy between two days: a public page, for "since we last met"."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.models import Strategy
from reporting.assembly import between
from reporting.forms.changes import TimeForm
from reporting.narrative import change_sentences
from reporting.reading import changes_period
from reporting.reading.linked_changes import linked

NO_CHANGE: Final = {"overdue": 1, "silent": 2}
"""The groups that name what did not change: they come last, in this order."""


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell what changed from one day to another, in words. Without days: since the last round closed."""
    strategy = get_object_or_404(Strategy, slug=slug)
    today = timezone.localdate()
    usual, report = changes_period.usual(strategy, today), changes_period.since_last_report(strategy)
    form = TimeForm(request.GET, begins=usual.begins, today=today)
    values: dict[str, Any] = {
        "strategy": strategy,
        "time_form": form,
        "quick": [
            *(
                {"title": f"Since {period.since}", "url": f"?from={period.begins}&to={today}"}
                for period in (usual, report)
                if period
            ),
            {"title": "The last three months", "url": f"?from={changes_period.three_months_before(today)}&to={today}"},
        ],
        "crumbs": [{"title": strategy.title, "url": strategy.get_absolute_url()}],
    }  # fmt: skip
    if not form.is_valid():
        return render(request, "reporting/changes.html", {**values, "form": form}, status=422)
    first, last = form.cleaned_data["from"], form.cleaned_data["to"]
    changes = between(strategy, since=first - timedelta(days=1), until=last, as_at=today)
    values |= {
        "first": first,
        "last": last,
        "headline": change_sentences.headline(changes, strategy.nouns),
        "since": usual.since if first == usual.begins and last == today else "",
        "groups": (groups := sorted(linked(strategy, changes), key=lambda each: NO_CHANGE.get(each.group.code, 0))),
        "unchanged": all(each.group.code in NO_CHANGE for each in groups),
        "copied": change_sentences.copied(changes, strategy.title, strategy.nouns),
    }
    return render(request, "reporting/changes.html", values)
