"""Says for a signatory, in one round of a charter, that it still stands by it. No reply never counts as a "no"."""

from datetime import datetime

from django.db import transaction

from commitments.models import Reaffirmation, Round, Signatory
from commitments.permissions.charters import check_can_reaffirm
from commitments.rules.charters import MAX_WORDS_CHARACTERS, ONLINE, RECORDED_HOW, is_asked
from commitments.services.charters import note
from commitments.services.contributions import mark_reaffirmed
from commitments.services.rounds import lock_round
from partners import roles
from partners.models import User
from partners.permissions import has_permission_for
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid, NotNow


@transaction.atomic
def reaffirm(
    *, by: User, at: datetime, signatory: Signatory, round_: Round, words: str | None = None, told_how: str = "",
    version: int | None = None,
) -> Reaffirmation:  # fmt: skip
    """Say that the organisation still stands by what it signed. Doing it twice says it once.

    :param words: what it has done; None leaves what stands, or nothing, so that one tap loses no words.
    :param told_how: how the organisation said so, where the person is not one of its own.
    :param version: the version that the person saw, 0 for "there was none"; None skips the comparison.
    Raise :class:`Refused` without the right, outside a running round, for a signature that has ended or is not asked, or
    for too long a text; :class:`Conflict` if someone else has changed the words since.
    """
    check_can_reaffirm(by, signatory)
    own = has_permission_for(by, roles.LOG_EVIDENCE, signatory.organisation_id)
    round_ = lock_round(round_)
    signatory = Signatory.objects.select_related("strategy", "organisation").get(pk=signatory.pk)
    _check_asked(signatory, round_)
    if own:
        told_how = ONLINE
    elif told_how not in dict(RECORDED_HOW):
        raise Invalid("Choose how the organisation told you.", field="told_how")
    stored = Reaffirmation.objects.filter(signatory=signatory, round=round_).first()
    words = stored.words if stored and words is None else check_text(words or "", field="words")
    if len(words) > MAX_WORDS_CHARACTERS:
        raise Invalid(f"Use {MAX_WORDS_CHARACTERS:,} characters or fewer.", field="words")
    if stored and stored.words == words:
        # It may be asked although it has replied, as one that joined the round later is.
        mark_reaffirmed(by=by, at=at, organisation=signatory.organisation, round_=round_)
        return stored
    if version is not None and version != (stored.version if stored else 0):
        raise Conflict(
            "A colleague has replied since you opened this page. Read their reply, then decide whether to change it."
        )
    was = stored.words if stored else ""
    row = stored or Reaffirmation(signatory=signatory, round=round_, version=0)
    row.words, row.told_how, row.affirmed_at, row.affirmed_by = words, told_how, at, by
    row.version += 1
    row.save()
    mark_reaffirmed(by=by, at=at, organisation=signatory.organisation, round_=round_)
    said = {"words": words, "told_how": told_how, "was": was}
    note(by=by, at=at, signatory=signatory, act="reaffirm", round_=round_, said=said)
    return row


def _check_asked(signatory: Signatory, round_: Round) -> None:
    name = signatory.organisation.name
    if signatory.strategy_id != round_.strategy_id:
        raise Invalid("This round is for another charter.", field="round")
    if round_.state not in {"open", "in_review"}:
        raise NotNow(f"The {round_.label} round is not open.")
    if signatory.ended_on is not None:
        raise NotNow(f"The signature of {name} has ended. It can sign again.")
    if not is_asked(signatory.signed_on, round_.opens_on):
        raise NotNow(f"{name} signed after this round opened, so it will first be asked in the next one.")
