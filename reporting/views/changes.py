"""What changed in a strategy between two days: a public page, for "since we last met"."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import status as words
from commitments.models import Commitment, Round, Strategy
from commitments.reading.pages import address
from reporting.assembly import between
from reporting.facts import ChangesFacts
from reporting.forms.changes import TimeForm
from reporting.models import Edition
from reporting.narrative import change_sentences


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell what changed from one day to another, in words. Without days: since the last report was made."""
    strategy = get_object_or_404(Strategy, slug=slug)
    today = timezone.localdate()
    begins, since = _beginning(strategy, today)
    form = TimeForm(request.GET, begins=begins, today=today)
    values: dict[str, Any] = {
        "strategy": strategy,
        "time_form": form,
        "quick": [
            {"title": f"Since {since}", "url": f"?from={begins}&to={today}"},
            {"title": "The last three months", "url": f"?from={_three_months_before(today)}&to={today}"},
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
        "headline": change_sentences.headline(changes),
        "groups": _linked(strategy, changes),
        "copied": change_sentences.copied(changes, strategy.title),
    }
    return render(request, "reporting/changes.html", values)


def _beginning(strategy: Strategy, today: date) -> tuple[date, str]:
    """Return the day from which a reader will want to know, and what it is: the last report, else a round's end."""
    report = (
        Edition.objects.public()
        .filter(round__strategy=strategy)
        .order_by("-round__observes_from", "-published_at", "-id")
        .values_list("started_at", "requested_at", "round__slug")
        .first()
    )
    if report:
        return timezone.localdate(report[0] or report[1]), f"the report for {report[2]} was made"
    ended = Round.objects.filter(strategy=strategy, observes_to__lt=today).order_by("-observes_to", "-id").first()
    if ended:
        return ended.observes_to + timedelta(days=1), f"the year {ended.slug} ended"
    return min(strategy.starts_on, today), "the strategy began"


def _three_months_before(day: date) -> date:
    year, month = (day.year, day.month - 3) if day.month > 3 else (day.year - 1, day.month + 9)
    while True:
        try:
            return date(year, month, day.day)
        except ValueError:  # 31 May has no counterpart in February
            day -= timedelta(days=1)


def _linked(strategy: Strategy, changes: ChangesFacts) -> list[dict[str, Any]]:
    """Return the groups of changes with the address of each commitment; the silent ones are named, too."""
    told = []
    here = Commitment.objects.filter(strategy=strategy).values_list("reference", "short_title", "key")
    titles = {reference: title for reference, title, _ in here}
    keys = {reference: key for reference, _, key in here}
    for group in change_sentences.groups(changes):
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
