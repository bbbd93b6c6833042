"""What changed in a strategy between two days: a public page, for "since we last met"."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import status as words
from commitments.models import Commitment, Strategy
from commitments.reading.pages import address
from reporting.assembly import between
from reporting.facts import ChangesFacts
from reporting.forms.changes import TimeForm
from reporting.narrative import change_sentences
from reporting.reading import changes_period

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
        "groups": (groups := sorted(_linked(strategy, changes), key=lambda each: NO_CHANGE.get(each["group"].code, 0))),
        "unchanged": all(each["group"].code in NO_CHANGE for each in groups),
        "copied": change_sentences.copied(changes, strategy.title, strategy.nouns),
    }
    return render(request, "reporting/changes.html", values)


def _linked(strategy: Strategy, changes: ChangesFacts) -> list[dict[str, Any]]:
    """Return the groups of changes with the address of each commitment; the silent ones are named, too."""
    told = []
    here = Commitment.objects.filter(strategy=strategy).values_list("reference", "short_title", "key")
    titles = {reference: title for reference, title, _ in here}
    keys = {reference: key for reference, _, key in here}
    for group in change_sentences.groups(changes, strategy.nouns):
        lines = group.lines
        if group.code == "silent":
            lines = tuple(change_sentences.ChangeLine(reference, titles[reference], "") for reference in changes.silent)
        told.append(
            {
                "group": group,
                "lines": [
                    {
                        "line": line,
                        "url": address(strategy.slug, keys[line.reference]),
                        "was": words.of(line.was) if line.was else None,
                        "now": words.of(line.now) if line.now else None,
                    }
                    for line in lines
                ],
            }
        )  # fmt: skip
    return told
