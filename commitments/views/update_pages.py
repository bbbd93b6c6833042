"""The pages on an update's way, drawn: the form, the check, two versions, what was sent, what can't be written now."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from commitments.content.updates import UpdateContent
from commitments.forms.figures import FiguresForm
from commitments.forms.updates import ANSWER, ConfirmUnchangedForm, QuestionsForm, UpdateForm
from commitments.models import Commitment, ProgressUpdate, Round, WorkingCopy
from commitments.page_parts import autosave
from commitments.page_parts.commitment import crumbs, freshness, hidden_fields
from commitments.permissions.progress import can_approve_update, can_return_update
from commitments.reading import update_form as reading
from commitments.rules import status as words
from commitments.rules import update_questions, workflow
from commitments.services.indicators import FigureInput
from partners.models import User
from partners.signed_in import signed_in_person
from vcsportal.common.pages import form_status
from vcsportal.common.words import Conflict


@dataclass(frozen=True)
class UpdatePage:
    """Who writes which update, and where it stands."""

    request: HttpRequest
    commitment: Commitment
    where: reading.UpdatePlace

    @cached_property
    def rests(self) -> reading.Rests:
        """What the update can rest on."""
        return reading.rests_on(self.commitment, self.where)

    @property
    def person(self) -> User:
        return signed_in_person(self.request)

    @property
    def round(self) -> Round:
        """The round. Only asked where there is one."""
        return cast(Round, self.where.round)

    @property
    def name(self) -> str:
        """Under what its words are kept; the form's own word for the round counts where there is none."""
        slug = self.where.round.slug if self.where.round else slugify(self.request.POST.get("round", ""))[:20]
        return reading.form_name(self.commitment, slug)

    @property
    def version(self) -> int | None:
        """The version that stands; None where there is none."""
        return self.where.stored.version if self.where.stored else None

    def questions(
        self, status: str, figures: FiguresForm, given: Iterable[FigureInput] = ()
    ) -> tuple[update_questions.UpdateQuestion, ...]:
        """What is asked when it is sent under this status, with these figures."""
        facts = reading.facts(
            self.commitment, status, self.round, today=timezone.localdate(), figures=figures.asked, given=list(given)
        )
        return update_questions.questions(facts)


def shared(page: UpdatePage) -> dict[str, Any]:
    """What every page of the way shows."""
    found, where = page.commitment, page.where
    signed = autosave.hidden(page.person)
    if began := page.request.POST.get("opened"):
        signed["opened"] = began
    return {
        "commitment": found,
        "strategy": found.strategy,
        "status": words.of(found.status),
        "fresh": freshness(found),
        "round": where.round,
        "stored": where.stored,
        "before": where.before,
        "where": where,
        "signed": signed,
        "crumbs": crumbs(found, inside=True),
    }


def blank_forms(page: UpdatePage, copy: WorkingCopy | None) -> tuple[UpdateForm, FiguresForm]:
    """The forms as somebody opens them: with what was kept as they typed, else what is stored."""
    stored, found = page.where.stored, page.commitment
    if copy:
        return forms_with(page, autosave.copy_as_data(copy))
    initial: dict[str, Any] = {"status": found.status, "version": page.version, "round": page.round.slug}
    if stored and stored.state != "expected":
        initial |= {field: getattr(stored, field) for field, _label in reading.UPDATE_FIELDS}
        initial["cites"] = page.rests.cited
    form = UpdateForm(initial=initial, commitment=found, evidence=page.rests.offered)
    return form, FiguresForm(found, page.round)


def forms_with(page: UpdatePage, data: QueryDict) -> tuple[UpdateForm, FiguresForm]:
    """The forms filled in with what was typed, without judging it."""
    initial: dict[str, Any] = {name: data.getlist(name) if name == "cites" else data[name] for name in data}
    form = UpdateForm(initial=initial, commitment=page.commitment, evidence=page.rests.offered)
    figures = FiguresForm(page.commitment, page.round, initial=_unprefixed(data))
    return form, figures


def _unprefixed(data: QueryDict) -> dict[str, str]:
    start = "figures-"
    return {name.removeprefix(start): str(data[name]) for name in data if name.startswith(start)}


def form_page(
    page: UpdatePage,
    form: UpdateForm,
    figures: FiguresForm,
    *,
    copy: WorkingCopy | None = None,
    fresh: bool = False,
    confirm: ConfirmUnchangedForm | None = None,
) -> HttpResponse:
    """The form, with the status of what is wrong in it.

    :param fresh: True where somebody has just opened it, or sent it with nothing in it: they are offered to confirm what
        is still true.
    :param confirm: what they sent to confirm it, where something is wrong in it.
    """
    where = page.where
    if figures.is_bound and figures.errors and form.is_bound and not form.errors:
        form.add_error(None, "Look at the figures again.")
    values = {
        **shared(page),
        "form": form,
        "figures": figures,
        "more": figures,  # its errors stand in the summary too
        "copy": copy,
        "returned": reading.returned(where.stored) if where.stored else None,
    }
    if fresh and not copy and where.can_confirm(page.commitment) and where.before:
        asked = page.questions(where.before.status, figures)
        initial = {"version": page.version, "round": page.round.slug}
        values["confirm"] = confirm or ConfirmUnchangedForm(
            initial=initial, commitment=page.commitment, questions=asked
        )
    return render(page.request, "commitments/update_form.html", values, status=form_status(confirm or form))


def answers_page(
    page: UpdatePage, form: UpdateForm, figures: FiguresForm, asked: tuple[update_questions.UpdateQuestion, ...]
) -> HttpResponse:
    """Check your answers, and what is asked before it goes."""
    codes = {f"{ANSWER}{question.code}" for question in asked}
    answers = form.answers
    values = {
        **shared(page),
        "rows": [*reading.rows(form.content), *reading.measure_row(form.proposed_measure)],
        "cited": form.cited,
        "figure_rows": figures.rows,
        "asked": QuestionsForm(initial={f"{ANSWER}{code}": said for code, said in answers.items()}, questions=asked),
        "hidden": [
            *((name, value) for name, value in hidden_fields(form) if name not in codes | {"asked"}),
            ("asked", " ".join(question.code for question in asked)),
            *figures.hidden,
        ],
    }
    return render(page.request, "commitments/update_check.html", values)


def conflict_page(
    page: UpdatePage, form: UpdateForm, figures: FiguresForm, act: str, conflict: Conflict
) -> HttpResponse:
    """Show both versions and let the person choose. Nothing was written."""
    stored = page.where.stored
    begun = stored is not None and stored.state != "expected"
    sent = begun and stored is not None and stored.state == "submitted"
    if figures:
        figures.seen()
    hidden = [*hidden_fields(form, version="" if stored is None else stored.version), *figures.hidden]
    if sent:
        hidden = [pair for pair in hidden if pair[0] != "replaces"] + [("replaces", "on")]
    values = {
        **shared(page),
        "sentence": conflict.sentence,
        "who": stored.saved_by.name if stored and stored.saved_by else "",
        "at": stored.saved_at if stored else None,
        "rows": reading.side_by_side(reading.content_of(stored) if stored else UpdateContent(""), form.content),
        "figure_rows": figures.rows,
        "hidden": hidden,
        "act": "check" if sent else act,
        "approved": bool(stored and stored.state == "published"),
        "discards": True,
        "again_url": page.request.path,
    }
    return render(page.request, "commitments/update_conflict.html", values, status=409)


def state_page(page: UpdatePage, stored: ProgressUpdate, copies: list[WorkingCopy]) -> HttpResponse:
    """An update that was sent or approved: what it says, who did what, what can be done now."""
    said = reading.content_of(stored)
    values = {
        **shared(page),
        "state": workflow.UPDATE_STATE[stored.state],
        "said_status": words.of(stored.status),
        "rows": reading.rows(said),
        "cited": list(stored.cites.select_related("organisation").newest_first()),
        "can_approve_update": stored.state == "submitted" and can_approve_update(page.person, stored),
        "can_return_update": stored.state == "published" and can_return_update(page.person, stored),
        "kept": [kept for copy in copies if (kept := kept_words(copy, page)).said != said],
    }
    return render(page.request, "commitments/update_state.html", values)


def closed_page(page: UpdatePage, copies: list[WorkingCopy], *, sentence: str = "", status: int = 200) -> HttpResponse:
    """Nothing can be written now. What somebody had typed is there to be read and copied."""
    values = {**shared(page), "kept": [kept_words(copy, page) for copy in copies], "sentence": sentence}
    values["next_round"] = page.where.next_round
    return render(page.request, "commitments/update_closed.html", values, status=status)


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody typed and never sent, to be read and copied. ``label`` is what people call the round with the slug ``round``."""

    copy: WorkingCopy
    round: str
    label: str
    said: UpdateContent

    @property
    def boxes(self) -> list[dict[str, str]]:
        """Each text that is not empty."""
        return [row for row in reading.rows(self.said) if row["field"] != "status" and row["value"]]


def kept_words(copy: WorkingCopy, page: UpdatePage) -> Kept:
    """Return a kept copy of a commitment's update as words."""
    data = autosave.copy_as_data(copy)
    code = data.get("status", "")
    content = UpdateContent(
        code if code in words.BY_CODE else "", *(data.get(name, "") for name, _ in reading.UPDATE_FIELDS[1:])
    )
    slug = copy.form.rsplit(":", 1)[-1]
    round_ = Round.objects.filter(strategy=page.commitment.strategy_id, slug=slug).first()
    return Kept(copy, slug, round_.label if round_ else slug, content)
