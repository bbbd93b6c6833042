"""Invented data for the style guide at ``/dev/look/``: one example of everything that can be seen."""

import datetime
from itertools import cycle
from typing import Any

from django import forms
from django.core.paginator import Paginator

from commitments.reading import glance
from commitments.rules import status, workflow
from commitments.rules.evidence_figures import FIGURES
from commitments.rules.kinds import GENERAL
from vcsportal.common.widgets import Checkboxes, Radios, TextBox

ROWS = (
    ("A stronger and better connected sector", "tttrtned"),
    ("More people give their time", "trtt-"),
    ("Money that lasts", "dtrtct"),
    ("Places to meet and to work", "tttrec-"),
    ("Deciding together", "-ttxnt"),
)
LETTERS = {
    "n": status.NOT_STARTED,
    "t": status.ON_TRACK,
    "r": status.AT_RISK,
    "d": status.DELAYED,
    "c": status.COMPLETE,
    "e": status.EMBEDDED,
    "x": status.CLOSED,
    "-": status.NO_UPDATE,
}
PROMISES = (
    "Keep a shared calendar of training",
    "Answer every offer of help within a week",
    "Open council rooms in the evening",
    "Publish every grant in one list",
    "Continue to fund advice in all five districts",
    "Bring funders together twice a year",
    "Share what we learn about need",
    "Make it simpler to work with us",
)


class SampleForm(forms.Form):
    """Every kind of field."""

    title = forms.CharField(
        label="What did you do?", help_text="One short sentence that a stranger would understand.", max_length=120
    )
    email = forms.EmailField(label="Your email address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    happened_on = forms.DateField(
        label="When was it?",
        help_text="For example 12 March 2025",
        widget=forms.DateInput(attrs={"class": "govuk-input--width-10"}),
    )
    people = forms.IntegerField(
        label="How many people took part?", help_text="Leave it empty if you did not count.", required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )  # fmt: skip
    text = forms.CharField(label="Tell us more", widget=TextBox(limit=500), required=False)
    status = forms.ChoiceField(
        label="What is its status?",
        choices=[(word.code, word.label) for word in status.STATUSES],
        widget=Radios(hints={word.code: word.definition for word in status.STATUSES}, statuses=status.BY_CODE),
    )
    kind = forms.ChoiceField(
        label="Kind of organisation",
        choices=[("", "Choose one"), ("charity", "Charity"), ("group", "Unincorporated group")],
    )
    districts = forms.MultipleChoiceField(
        label="Where was it?",
        choices=[("n", "North"), ("s", "South"), ("a", "Everywhere")],
        widget=Checkboxes(hints={"a": "All districts count as one."}),
    )
    several = forms.MultipleChoiceField(
        label="For which commitments?",
        choices=[("1.1", "1.1 Training"), ("2.3", "2.3 Volunteering")],
        widget=forms.SelectMultiple,
    )
    photo = forms.FileField(label="Photograph", help_text="JPEG or PNG, up to 15 MB.", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    may_publish = forms.BooleanField(
        label="It may be published",
        help_text="The report and this site may show it, with your organisation’s name.",
        required=False,
    )


class SampleFilter(forms.Form):
    """A filter panel's fields."""

    q = forms.CharField(label="Words", required=False)
    status = forms.MultipleChoiceField(
        label="Status", required=False, choices=[(word.code, word.label) for word in status.STATUSES[:4]],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )  # fmt: skip


def _rows() -> list[dict[str, Any]]:
    rows = []
    for number, (title, letters) in enumerate(ROWS, start=1):
        tiles = []
        for place, letter in enumerate(letters, start=1):
            word, reference = LETTERS[letter], f"{number}.{place}"
            promise = PROMISES[(number + place) % len(PROMISES)]
            said = "" if word is status.NO_UPDATE else ", updated 12 March"
            stale = word is status.AT_RISK
            tiles.append(
                {
                    "reference": reference,
                    "title": promise,
                    "status": word,
                    "url": f"#{reference}",
                    "label": f"{reference} {promise}, {word.label}{said}{', more than a year ago' if stale else ''}",
                    "stale": stale,
                    "lit": True,
                }
            )
        rows.append({"label": str(number), "title": title, "url": "#row", "tiles": tiles})
    return rows


def _counts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    lines = [
        glance.Counts(
            f"{row['label']} {row['title']}",
            "#",
            tuple(sum(tile["status"] is word for tile in row["tiles"]) for word in glance.COLUMNS),
            len(row["tiles"]),
            str(row["label"]),
        )
        for row in rows
    ]
    sums = tuple(map(sum, zip(*(line.counts for line in lines), strict=True)))
    totals = glance.Counts("Whole strategy", "", sums, sum(sums), "All")
    return {
        "columns": glance.COLUMNS,
        "lines": lines,
        "totals": totals,
        "narrow": glance.narrow_tables(lines, totals),
    }


def samples() -> dict[str, Any]:
    """Return the values of the style guide."""
    rows = _rows()
    at = datetime.datetime(2025, 3, 12, 14, 5, tzinfo=datetime.UTC)
    wrong = SampleForm(
        {
            "title": "",
            "email": "nobody",
            "people": "about forty",
            "text": "A start",
            "status": "at_risk",
            "may_publish": "on",
        }
    )
    wrong.full_clean()
    half = [
        {**row, "tiles": [{**tile, "lit": tile["reference"].endswith(("2", "4"))} for tile in row["tiles"]]}
        for row in rows
    ]
    words = (status.NOT_STARTED, status.ON_TRACK, status.DELAYED, status.AT_RISK, status.NO_UPDATE)
    years: list[dict[str, Any]] = [
        {"round": f"202{n}-2{n + 1}", "status": word, "url": "" if word is status.NO_UPDATE else "#year"}
        for n, word in enumerate(words, start=2)
    ]
    years[-1]["current"] = True
    card = {
        "title": "Open evenings in three village halls", "language": "", "url": "#", "organisation": "Larkmead Community Trust", "where": "Cherwell and West Oxfordshire",
        "when": "May to July 2025", "text": "Neighbours who had never met planned a shared garden, a repair table and a lift scheme.",
        "figures": [{"value": n, "label": figure.noun(n)} for figure, n in zip(FIGURES, cycle((1240, 38, 410)), strict=False)],
    }  # fmt: skip
    return {
        "rows": rows,
        "half": half,
        "first_row": rows[:1],
        "counts": _counts(rows),
        "nouns": GENERAL,
        "stale": True,
        "statuses": [*status.STATUSES, status.NO_UPDATE],
        "states": workflow.EVIDENCE_STATES,
        "years": years,
        "sample_form": SampleForm(prefix="ok", initial={"text": "Half a sentence"}),
        "wrong_form": wrong,
        "filter_form": SampleFilter({"filter-status": ["on_track"]}, prefix="filter"),
        "other_filter": SampleFilter({"other-status": "none of them"}, prefix="other"),
        "active": [{"label": "On track", "url": "#"}, {"label": "“garden”", "url": "#"}],
        "page": Paginator(range(200), 10).page(5),
        "cards": [card, {**card, "title": "A new roof for the community shop", "state": workflow.EVIDENCE_STATE["returned"], "figures": []}],
        "items": [
            {"at": at, "by": "A. Officer", "text": "From On track to Delayed", "status": status.DELAYED, "detail": "The hall’s owner has changed. We meet the new owner in May."},
            {"at": at, "by": "A. Officer", "text": "From Not started to On track", "status": status.ON_TRACK},
            {"at": at, "by": "Larkmead Community Trust", "text": "Evidence accepted: Open evenings in three village halls", "url": "#"},
        ],
        "facts": [
            {"key": "Organisation", "value": "Larkmead Community Trust", "url": "#"},
            {"key": "Identifiers", "value": "GB-CHC-000000"},
        ],
        "tasks": [
            {"title": "Update 2.3", "url": "#", "hint": "Open until 30 April 2026; about five minutes.", "tag": workflow.EVIDENCE_STATE["draft"]},
            {"title": "Update 2.4", "url": "#", "word": "Done"},
        ],
        "crumbs": [{"title": "Strategy", "url": "#"}, {"title": "2 More people give their time", "url": "#"}],
    }  # fmt: skip
