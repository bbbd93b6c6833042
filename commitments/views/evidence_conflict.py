"""Two versions of an item of evidence: every difference, who made it, and a choice for each."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from commitments.content.evidence import EvidenceContent
from commitments.forms.evidence import LINK_ROWS, EvidenceForm
from commitments.forms.evidence_input import content_of, values_of
from commitments.forms.evidence_steps import EvidenceStepForm
from commitments.models import Evidence
from commitments.reading import evidence_versions as versions
from commitments.rules import workflow
from commitments.rules.evidence_figures import figures_of
from partners.models import User
from partners.signed_in import signed_in_person
from vcsportal.common.dates import in_words

NOT_CARRIED: Final = {"csrfmiddlewaretoken", "version", "base", "then", "whose", "opened"}
CHOICE: Final = "keep_"
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "commitments": ("commitments", "council_chooses"),
    "districts": ("districts", "everywhere"),
    "links": tuple(f"link_{row}{part}" for row in range(1, LINK_ROWS + 1) for part in ("", "_label", "_page")),
    "said": ("said_by", "said_how"),
}
"""The fields that answer a row, where they are not the one of the row's own name."""


def stored_rows(
    piece: Evidence, now: versions.Moment, *, content: EvidenceContent | None = None, files: Any = None
) -> versions.Rows:
    """Return what is stored, in rows; ``content`` and ``files`` are the item's, where they have been read already."""
    return {
        **versions.rows_of_words(content or content_of(piece)),
        **versions.rows_of_files(piece.files.order_by("id") if files is None else files),
        **versions.rows_of_state(piece, now),
    }


def base_of(piece: Evidence, *, content: EvidenceContent | None = None, files: Any = None) -> str:
    """Return what a form about the item carries, so that a later sending can be compared with what it showed."""
    now = versions.moment(piece)
    return versions.sealed(piece, stored_rows(piece, now, content=content, files=files), now)


def base_of_step(piece: Evidence, codes: Collection[str]) -> str:
    """Return what the form of one question carries: the rows that it asks."""
    bare = EvidenceContent(
        piece.title, piece.happened_from, piece.story, piece.happened_to,
        tuple(piece.commitments.in_order()) if "commitments" in codes else (),
        tuple(piece.districts.order_by("name", "id")) if "districts" in codes else (),
        publishable=piece.publishable, council_chooses_in=piece.council_chooses_in, **figures_of(piece),
    )  # fmt: skip
    rows = versions.rows_of_words(bare)
    return versions.sealed(piece, {code: rows[code] for code in codes}, versions.moment(piece))


def own_rows(piece: Evidence, form: EvidenceForm, base: versions.Base | None) -> versions.Rows:
    """Return what the form would write, in rows. A row that it does not ask is as it showed it, or as it is stored."""
    files = list(piece.files.order_by("id"))
    said = {file.pk: file for file in form.described(files)}
    rows = versions.rows_of_words(form.content(title=form.data.get("title", ""), day=piece.happened_from))
    for code, (label, _text) in rows.items():  # what can't be read is shown as it was typed
        typed = [text for name in FIELDS.get(code, (code,)) if name in form.errors for text in _texts(form.data, name)]
        if typed:
            rows[code] = (label, " ".join(typed))
    rest = {**versions.rows_of_files(files, said), **versions.rows_of_state(piece, versions.moment(piece))}
    for code, (label, _text) in (base.rows if base else {}).items():  # of a file that a colleague has removed
        if code not in {*rows, *rest} and code in form.data:
            rest[code] = (label, form.data[code].strip())
    unasked = (
        {code: base.rows.get(code, row) for code, row in rest.items() if code in versions.NOT_CHOSEN} if base else {}
    )
    return {**rows, **rest, **unasked}


def _texts(data: Any, name: str) -> list[str]:
    return list(data.getlist(name))


def unchanged_since(piece: Evidence, form: Form, codes: Iterable[str] | None = None) -> bool:
    """Whether all that the form showed is still so, though the version has risen: then nothing can be lost by saving it.

    :param codes: the rows that the form writes; None for all.
    """
    base, stored = versions.opened(piece, form.data.get("base", "")), stored_rows(piece, versions.moment(piece))
    return base is not None and all(base.rows.get(code) == stored.get(code) for code in codes or {*base.rows, *stored})


def changed_by_nobody_else(piece: Evidence, form: Form, person: User) -> bool:
    """Whether everything that has happened to the item since the form was drawn is the person's own doing."""
    base = versions.opened(piece, form.data.get("base", ""))
    return base is not None and not piece.history.filter(pk__gt=base.last).exclude(by=person).exists()


def conflict(
    request: HttpRequest, piece: Evidence, form: EvidenceForm, *, editable: bool, added: int = 0, left: Iterable[str] = ()
) -> HttpResponse:  # fmt: skip
    """Lay the versions side by side. Nothing of what was typed has been written.

    :param added: how many files came with the form; they have been added, as they cannot be carried from page to page.
    :param left: a sentence for each file that could not be added.
    """
    piece = Evidence.objects.select_related("organisation").get(pk=piece.pk)
    now = versions.moment(piece)
    base, theirs = versions.opened(piece, form.data.get("base", "")), stored_rows(piece, now)
    rows = versions.differences(base, theirs, own_rows(piece, form, base))
    more = {"editable": editable, "whole": True, "added": added, "left": list(left)}
    return _page(
        request,
        piece,
        base,
        versions.sealed(piece, theirs, now),
        rows,
        action=reverse("commitments:evidence-edit", args=[piece.pk]),
        **more,
    )


def step_conflict(
    request: HttpRequest, piece: Evidence, form: EvidenceStepForm, codes: Iterable[str], action: str
) -> HttpResponse:
    """Lay side by side what one question changes. Nothing of what was typed has been written."""
    piece = Evidence.objects.select_related("organisation").get(pk=piece.pk)
    now, asked, content = versions.moment(piece), set(codes), content_of(piece)
    base, theirs = versions.opened(piece, form.data.get("base", "")), versions.rows_of_words(content)
    mine = versions.rows_of_words(form.changed(content))
    rows = [row for row in versions.differences(base, theirs, mine) if row.code in asked]
    return _page(
        request,
        piece,
        base,
        versions.sealed(piece, theirs, now),
        rows,
        action=action,
        editable=True,
        whole=False,
        added=0,
        left=[],
    )


def _page(
    request: HttpRequest, piece: Evidence, base: versions.Base | None, fresh: str,
    rows: list[versions.Difference], **more: Any,
) -> HttpResponse:  # fmt: skip
    read = request.POST.get("version", "")
    risen = piece.version - (int(read) if read.isascii() and read.isdigit() and len(read) < 10 else 0)
    others, own = versions.changed_by(piece, base, signed_in_person(request), risen=risen)
    context = {
        "piece": piece,
        "state": workflow.EVIDENCE_STATE[piece.state],
        "others": others,
        "own": own,
        "rows": rows,
        "base": fresh,
        "choice": CHOICE,
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in NOT_CARRIED and not name.startswith(CHOICE)
            for value in values
        ],
        **more,
    }
    return render(request, "commitments/evidence_conflict.html", context, status=409)


def with_choices(piece: Evidence, data: QueryDict) -> QueryDict:
    """Return what was sent. Rows for which the reader chose the saved version hold what is stored."""
    if not any(name.startswith(CHOICE) for name in data):
        return data
    stored = _as_sent(piece)
    merged = data.copy()
    for choice in [name for name in data if name.startswith(CHOICE)]:
        del merged[choice]
        if data[choice] != "theirs":
            continue
        code = choice.removeprefix(CHOICE)
        for name in FIELDS.get(code, (code,)):
            merged.pop(name, None)
            if name in stored:
                merged.setlist(name, stored[name])
    return merged


def _as_sent(piece: Evidence) -> Mapping[str, list[str]]:
    """Return what is stored as a browser would send it: an unticked box is not there."""
    sent: dict[str, list[str]] = {}
    values: dict[str, Any] = values_of(piece)
    values["happened_from"] = in_words(piece.happened_from)
    values["happened_to"] = in_words(piece.happened_to) if piece.happened_to else ""
    for name, value in values.items():
        if isinstance(value, list):
            sent[name] = value
        elif isinstance(value, bool):
            sent.update({name: ["on"]} if value else {})
        else:
            sent[name] = ["" if value is None else str(value)]
    for file in piece.files.order_by("id"):
        sent[f"caption_{file.pk}"], sent[f"page_{file.pk}"] = [file.caption], [file.page]
        sent.update({f"description_{file.pk}": [file.description]} if file.kind == "photograph" else {})
        sent.update({f"people_{file.pk}": ["yes"]} if file.shows_people else {})
    return sent
