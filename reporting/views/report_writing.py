"""Writing a round's report on one page: every section in its order, saved one by one or all together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commitments.models import Round, WorkingCopy
from commitments.page_parts import autosave
from commitments.services.working_copies import drop_copies, drop_copy, keep_copy
from partners.models import User
from partners.signed_in import signed_in_person
from reporting.forms.report_sections import SentText, changed_texts, sent_box, sent_texts, standing_box
from reporting.forms.report_texts import TextForm
from reporting.models import ReportText
from reporting.permissions import can_request, can_write, check_can_write
from reporting.reading import report_texts as reading
from reporting.reading.text_history import SavedText, saved_texts
from reporting.services.texts import save_text, section_of
from reporting.views.report_section import as_printed, find_round, round_values, section_visit
from vcsportal.common import plurals
from vcsportal.common.pages import GET_OR_POST, form_status, show_refusal
from vcsportal.common.words import Conflict, Refused

SHOWN_VERSIONS: Final = 3
"""How many versions of each text the page names, the newest of them with what it changed; the section's own page has them all."""
ONE: Final = "save:"
"""How the button of one section begins; its key follows."""


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section on the page: its texts, its box (None for those who read), and what went wrong with it.

    ``theirs`` is what somebody else saved meanwhile, ``sentence`` says who; ``copy`` says that the box has what the person typed.
    """

    texts: reading.SectionText
    url: str
    box: TextForm | None
    shown: SafeString | str = ""
    is_needed: bool = False
    copy: bool = False
    saved: tuple[SavedText, ...] = ()
    theirs: ReportText | None = None
    sentence: str = ""


@dataclass(slots=True)
class SavedTexts:
    """What became of the texts that were sent: which were saved, and the boxes of those that were not."""

    saved: list[str]
    wrong: dict[str, TextForm]
    conflicts: dict[str, tuple[TextForm, str]]

    @property
    def status(self) -> int:
        """The page's status: 409 where somebody else was quicker, else that of the first box with an error."""
        if self.conflicts:
            return 409
        return next((form_status(form) for form in self.wrong.values()), 200)


@require_http_methods(GET_OR_POST)
@never_cache
@autosave.autosaved
def report_write(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Every section of a round's report in its order: written here, with what is missing and what was written before."""
    round_, person = find_round(request, slug, name), signed_in_person(request)
    if request.method != "POST":
        if can_write(person, round_.strategy) and (fields := autosave.held(request)):
            _keep(person, _take_changed(person, round_, _as_data(fields)))
        return _page(request, round_)
    check_can_write(person, round_.strategy)
    act = request.POST.get("act", "save")
    here = reverse("reporting:report-write", args=[slug, name])
    if act == "discard":
        drop_copies(by=person, forms=[copy.form for copy in reading.copies(person, round_).values()])
        messages.success(request, "What you typed has been discarded.")
        return redirect(here)
    changed = _take_changed(person, round_, request.POST)
    if act == "keep":
        return _kept(person, changed)
    key = act.removeprefix(ONE) if act.startswith(ONE) else ""
    now, later = (
        (changed, []) if not key else ([t for t in changed if t.key == key], [t for t in changed if t.key != key])
    )
    refused = _keep(person, later)
    outcome = _save(request, round_, now)
    _keep(person, [text for text in now if text.key in {*outcome.wrong, *outcome.conflicts}])
    outcome.wrong |= {key: _refused_box(request, round_, key, why) for key, why in refused.items()}
    if outcome.wrong or outcome.conflicts:
        return _page(request, round_, outcome)
    if not outcome.saved:
        messages.info(request, "Nothing was changed, so there was nothing to save.")
    return redirect(f"{here}#{key}" if key else here)


def _as_data(fields: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return data


def _take_changed(person: User, round_: Round, data: QueryDict) -> list[SentText]:
    """Return what the person changed; of all else that was sent, forget what they had typed before and taken out again."""
    sent = sent_texts(data, reading.book(round_).sections)
    changed = changed_texts(sent, round_)
    keys = {text.key for text in changed}
    drop_copies(by=person, forms=[reading.form_name(round_, text.key) for text in sent if text.key not in keys])
    return changed


def _keep(person: User, texts: Iterable[SentText]) -> dict[str, Refused]:
    """Keep what was typed of each section where the section's own page keeps it too.

    Return the refusal of each that is too long even for that, by the section, so that the page can show it again.
    """
    refusals = {}
    for text in texts:
        round_form = reading.form_name(text.section.round, text.key)
        try:
            keep_copy(by=person, at=timezone.now(), form=round_form, fields=text.fields, seen=text.section.own_version)
        except Refused as refused:
            refusals[text.key] = refused
    return refusals


def _refused_box(request: HttpRequest, round_: Round, key: str, refused: Refused) -> TextForm:
    """Return the box of a section that could not even be kept, with what was typed and the reason."""
    box = TextForm(request.POST, section=section_of(round_, key), prefix=key)
    if box.is_valid():
        show_refusal(box, refused, beside="text", stay=True)
    return box


def _kept(person: User, changed: list[SentText]) -> HttpResponse:
    for refused in _keep(person, changed).values():
        return HttpResponse(refused.sentence, status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204, headers={"Kept-At": written(timezone.localtime(), "H:i")})


def _save(request: HttpRequest, round_: Round, texts: Iterable[SentText]) -> SavedTexts:
    """Save each text by itself, so that one that can't be saved holds up no other."""
    outcome, person = SavedTexts([], {}, {}), signed_in_person(request)
    for sent in texts:
        section = sent.section.section
        box = TextForm(request.POST, section=section, prefix=section.key)
        if not box.is_valid():
            outcome.wrong[section.key] = box
            continue
        try:
            save_text(
                by=person, at=timezone.now(), round_=round_, section=section.key, text=box.cleaned_data["text"],
                version=box.cleaned_data["version"], language=box.cleaned_data["language"],
            )  # fmt: skip
        except Conflict as conflict:
            outcome.conflicts[section.key] = (box, conflict.sentence)
        except Refused as refused:
            show_refusal(box, refused, beside="text", stay=True)
            outcome.wrong[section.key] = box
        else:
            outcome.saved.append(section.label)
            drop_copy(by=person, form=reading.form_name(round_, section.key))
            _warn(request, round_, section.key, box.cleaned_data["text"])
    if outcome.saved:
        messages.success(request, f"Saved: {plurals.join_with_and(outcome.saved)}.")
    return outcome


def _warn(request: HttpRequest, round_: Round, key: str, text: str) -> None:
    visit = section_visit(request, round_, key)
    for contradiction in visit.contradictions(text, visit.facts()):
        messages.warning(request, f"Check before the report is published: {contradiction.sentence()}")


def _page(request: HttpRequest, round_: Round, outcome: SavedTexts | None = None) -> HttpResponse:
    person, values = signed_in_person(request), round_values(round_)
    outcome = outcome or SavedTexts([], {}, {})
    writes, book = can_write(person, round_.strategy), reading.book(round_)
    copies = reading.copies(person, round_) if writes else {}
    needed, saved = reading.needed(round_), saved_texts(round_, most=SHOWN_VERSIONS, compared=1) if writes else {}
    sent = {text.key: text for text in sent_texts(request.POST, book.sections)}
    rows = [_row(texts, values["list_url"], writes, copies, needed, saved, outcome, sent) for texts in book.sections]
    wrong = list(outcome.wrong.values())
    return render(
        request,
        "reporting/write.html",
        {
            **values,
            "book": book,
            "report": [row for row in rows if row.texts.section.where != "paper"],
            "paper": [row for row in rows if row.texts.section.where == "paper"],
            "missing": [row for row in rows if not row.texts.is_written],
            "published": reading.published(round_),
            "may_write": writes,
            "may_request": can_request(person, round_.strategy),
            "signed": autosave.hidden(person),
            "copies": [row for row in rows if row.copy],
            "conflicts": [row for row in rows if row.sentence],
            "form": wrong[0] if wrong else None,
            "more": [field for form in wrong[1:] for field in form],
        },
        status=outcome.status,
    )


def _row(
    texts: reading.SectionText,
    url: str,
    writes: bool,
    copies: Mapping[str, WorkingCopy],
    needed: frozenset[str],
    saved: Mapping[str, list[SavedText]],
    outcome: SavedTexts,
    sent: Mapping[str, SentText],
) -> SectionRow:
    section = texts.section
    box, theirs, sentence = None, None, ""
    copy = copies.get(section.key)
    if writes and section.key in outcome.conflicts:
        sentence, theirs = outcome.conflicts[section.key][1], texts.text
        box = sent_box(sent[section.key], version="" if texts.own_version is None else texts.own_version)
    elif writes:
        box = outcome.wrong.get(section.key) or standing_box(texts, copy)
    return SectionRow(
        texts=texts,
        url=f"{url}{section.key}/",
        box=box,
        shown="" if writes or not texts.is_written or texts.text is None else as_printed(section, texts.text.text),
        is_needed=section.key in needed and not texts.is_written,
        copy=copy is not None and not sentence and section.key not in outcome.wrong,
        saved=tuple(saved.get(section.key, ())),
        theirs=theirs,
        sentence=sentence,
    )
