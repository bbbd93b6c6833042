"""What happens when someone presses Send or Save: the update, the working copy, the time taken, the receipt."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, Evidence, IndicatorValue, ProgressUpdate, Round
from commitments.rules import indicators as rules
from commitments.rules import status as words
from commitments.services.indicators import FigureInput, enter_values
from commitments.services.progress import confirm_update, save_update, submit_update
from commitments.services.success_measures import propose_success_measure
from commitments.services.working_copies import drop_copy, keep_copy, note_time
from partners.emails.outbox import put_mail
from partners.models import User


@transaction.atomic
def save_draft(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    content: UpdateContent,
    version: int | None,
    cites: Iterable[Evidence] | None,
    form: str,
    left: Mapping[str, Any] | None = None,
) -> ProgressUpdate:
    """Save a draft that colleagues see too; what was kept of it as it was typed is no longer needed.

    :param left: everything typed, where some of it (figures) has no place in a draft; it is kept for this person alone.
    """
    update = save_update(
        by=by, at=at, commitment=commitment, round_=round_, content=content, version=version, cites=cites
    )
    if left is None:
        drop_copy(by=by, form=form)
    else:
        keep_copy(by=by, at=at, form=form, fields={**left, "version": [str(update.version)]}, seen=update.version)
    return update


@transaction.atomic
def send_update(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    content: UpdateContent,
    version: int | None,
    answers: Sequence[dict[str, str]],
    cites: Iterable[Evidence] | None,
    replaces: bool,
    figures: Sequence[FigureInput],
    form: str,
    opened: str,
    success_measure: str = "",
) -> ProgressUpdate:
    """Send the update to be approved. Arguments and errors as in :func:`commitments.services.progress.submit_update`.

    :param figures: what was counted in the round, entered with it.
    :param form: the name under which what was typed has been kept.
    :param opened: the token that says when the form was opened.
    :param success_measure: how success could be measured, where the commitment has no measure yet; "" proposes none.
    """
    update = submit_update(
        by=by,
        at=at,
        commitment=commitment,
        round_=round_,
        content=content,
        version=version,
        answers=answers,
        cites=cites,
        replaces=replaces,
        with_figures=bool(figures),
    )
    if figures:
        enter_values(by=by, at=at, round_=round_, entries=figures)
    if success_measure:
        propose_success_measure(by=by, at=at, commitment=commitment, words=success_measure)
    _sent(by=by, at=at, update=update, form=form, kind="update", opened=opened)
    return update


@transaction.atomic
def send_confirmation(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    version: int | None,
    answers: Sequence[dict[str, str]],
    form: str,
    opened: str,
    success_measure: str = "",
) -> ProgressUpdate:
    """Send what was approved last, unchanged. Arguments and errors as in :func:`send_update`."""
    update = confirm_update(by=by, at=at, commitment=commitment, round_=round_, version=version, answers=answers)
    if success_measure:
        propose_success_measure(by=by, at=at, commitment=commitment, words=success_measure)
    _sent(by=by, at=at, update=update, form=form, kind="confirm", opened=opened)
    return update


def _sent(*, by: User, at: datetime, update: ProgressUpdate, form: str, kind: str, opened: str) -> None:
    drop_copy(by=by, form=form)
    note_time(form_kind=kind, token=opened, at=at)
    strategy, round_ = update.commitment.strategy, update.round
    put_mail(
        key=f"update_receipt:{update.pk}:{update.version}",
        kind="update_receipt",
        to=by,
        template="update_receipt",
        values={
            "to": by,
            "update": update,
            "commitment": update.commitment,
            "round": round_,
            "word": words.of(update.status),
            "cited": list(update.cites.select_related("organisation").newest_first()),
            "figures": figures_in(update),
            "path": reverse("commitments:update", args=[strategy.slug, update.commitment.key]),
        },
        at=at,
        about=f"round:{strategy.slug}/{round_.slug}",
    )


def figures_in(update: ProgressUpdate) -> list[tuple[str, str]]:
    """Return the figures that stand for the update's commitment in its round: what is counted, and the number in words."""
    values = IndicatorValue.objects.filter(indicator__commitment=update.commitment_id, round=update.round_id)
    return [
        (
            f"{value.indicator.title}, {value.area.name}" if value.area else value.indicator.title,
            rules.say_figure(value, kind=value.indicator.kind, unit=value.indicator.unit, scale=value.indicator.scale),
        )
        for value in values.select_related("indicator", "area").order_by("indicator_id", "area__name", "id")
    ]
