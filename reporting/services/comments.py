"""Comments on a draft, section by section: add, answer, reopen. No comment is lost."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from commitments.models import Round
from partners.models import User
from reporting.models import Comment
from reporting.permissions import check_can_comment, check_can_write
from reporting.services.comment_emails import comment_added, comment_resolved
from reporting.services.texts import NOT_BEGUN, section_of
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Invalid, NotNow

MAX_CHARACTERS: Final = 2000


@transaction.atomic
def add_comment(*, by: User, at: datetime, round_: Round, section: str, words: str) -> Comment:
    """Comment on a section of a round's draft. The comment stays open until someone who writes the report resolves it.

    Sending the same words again while they are open is sending them once.
    """
    check_can_comment(by, round_.strategy)
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    if round_.observes_from > timezone.localdate(at):
        raise NotNow(NOT_BEGUN.format(round_.period.noun, round_.label))
    section_of(round_, section)
    words = tidy(words, what="comment")
    if not words:
        raise Invalid("Write your comment first.", field="words")
    said = {"round": round_, "section": section, "words": words, "said_by": by}
    if same := Comment.objects.filter(**said, resolved_at__isnull=True).first():
        return same
    comment = Comment.objects.create(**said, said_at=at)
    comment_added(at=at, comment=comment)
    return comment


@transaction.atomic
def resolve_comment(*, by: User, at: datetime, comment: Comment, answer: str = "") -> Comment:
    """Close a comment, with an answer if there is something to say. An earlier answer stays above the new one."""
    check_can_write(by, comment.round.strategy)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.resolved_at is not None:
        return comment
    answer = tidy(answer, what="answer")
    comment.answer = "\n\n".join(filter(None, [comment.answer, answer]))
    comment.resolved_at, comment.resolved_by = at, by
    comment.save(update_fields=["answer", "resolved_at", "resolved_by"])
    comment_resolved(at=at, round_=comment.round)
    return comment


@transaction.atomic
def reopen_comment(*, by: User, comment: Comment) -> Comment:
    """Open a resolved comment again. Whoever may comment may do so; its answer stays to be read."""
    check_can_comment(by, comment.round.strategy)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.resolved_at is not None:
        comment.resolved_at = comment.resolved_by = None
        comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


def tidy(words: str, *, what: str) -> str:
    """Return a comment or an answer as it is stored; raise :class:`Refused` if it is too long."""
    words = check_text(words, field="words")
    if len(words) > MAX_CHARACTERS:
        raise Invalid(
            f"The {what} has {len(words):,} characters. The limit is {MAX_CHARACTERS:,}. "
            "You can send a longer one in parts.",
            field="words",
        )
    return words
