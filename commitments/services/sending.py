"""What a door does when somebody presses Send or Save: the update itself, the kept copy, the time it took, the receipt."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from commitments.models import Commitment, Evidence, ProgressUpdate, Round
from commitments.services.indicators import Entry, enter_values
from commitments.services.progress import confirm_update, save_update, submit_update
from commitments.services.update_steps import Said
from commitments.services.writing import drop_copy, note_time
from partners.models import User


@transaction.atomic
def save_draft(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    said: Said,
    version: int | None,
    cites: Iterable[Evidence] | None,
    form: str,
) -> ProgressUpdate:
    """Save a draft that colleagues see too; what was kept of it as it was typed is no longer needed."""
    update = save_update(by=by, at=at, commitment=commitment, round_=round_, said=said, version=version, cites=cites)
    drop_copy(by=by, form=form)
    return update


@transaction.atomic
def send_update(
    *,
    by: User,
    at: datetime,
    commitment: Commitment,
    round_: Round,
    said: Said,
    version: int | None,
    answers: Sequence[dict[str, str]],
    cites: Iterable[Evidence] | None,
    replaces: bool,
    figures: Sequence[Entry],
    form: str,
    opened: str,
) -> ProgressUpdate:
    """Send the update to be approved. Arguments and errors as in :func:`commitments.services.progress.submit_update`.

    :param figures: what was counted in the round, entered with it.
    :param form: the name under which what was typed has been kept.
    :param opened: the token that says when the form was opened.
    """
    update = submit_update(
        by=by,
        at=at,
        commitment=commitment,
        round_=round_,
        said=said,
        version=version,
        answers=answers,
        cites=cites,
        replaces=replaces,
    )
    if figures:
        enter_values(by=by, at=at, round_=round_, entries=figures)
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
) -> ProgressUpdate:
    """Send what was approved last, unchanged. Arguments and errors as in :func:`send_update`."""
    update = confirm_update(by=by, at=at, commitment=commitment, round_=round_, version=version, answers=answers)
    _sent(by=by, at=at, update=update, form=form, kind="confirm", opened=opened)
    return update


def _sent(*, by: User, at: datetime, update: ProgressUpdate, form: str, kind: str, opened: str) -> None:
    drop_copy(by=by, form=form)
    note_time(form_kind=kind, token=opened, at=at)
