"""How long what people send from the public form is kept, how to reach them, and words that were taken down: rows of the retention table.

The published words and the answer are the council's record and stay. What the portal's people record themselves, at a
meeting for example, is part of the record too, unless its words were taken down.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from commitments.models import Point, PointContact
from partners.services.retention import delete_rows
from vcsportal.common.changing_many import change_many
from vcsportal.common.retention import Rule


def _spam(cutoff: datetime) -> QuerySet[Point]:
    unread = Point.objects.filter(form_token__isnull=False, is_spam=True, state="closed", closed_at__lt=cutoff)
    return unread.filter(Q(erased_at__isnull=True) | Q(contact__isnull=False))


def _settled_contacts(cutoff: datetime) -> QuerySet[PointContact]:
    """Contacts of points that are answered or closed, and were before ``cutoff``, whichever came last."""
    settled = Greatest("point__responded_at", Coalesce("point__closed_at", "point__responded_at"))
    found = PointContact.objects.exclude(point__state="raised")
    return found.alias(settled_at=Coalesce(settled, "point__closed_at")).filter(settled_at__lt=cutoff)


def _old_words(cutoff: datetime) -> QuerySet[Point]:
    sent = Point.objects.filter(form_token__isnull=False, raised_at__lt=cutoff)
    return sent.filter(Q(erased_at__isnull=True) | Q(contact__isnull=False))


def _taken_down(cutoff: datetime) -> QuerySet[Point]:
    """Points whose words were taken down before ``cutoff``, whoever wrote them, and are still there."""
    down = Point.objects.filter(taken_down_at__lt=cutoff)
    return down.exclude(words="", about_words="", public_words="", raised_by_words="")


def erase_words(points: Sequence[Point], at: datetime) -> None:
    """Erase the original words and how to reach whoever sent them, and words that were taken down. What is published stays, and so does
    the answer.
    """
    PointContact.objects.filter(point__in=[point.pk for point in points]).delete()
    for point in points:
        point.words, point.about_words, point.erased_at = "", "", at
        if point.taken_down_at is not None:  # nobody reads these words any more
            point.public_words = point.raised_by_words = ""
            point.published_at = point.published_by = None
    names = ["words", "about_words", "erased_at", "public_words", "raised_by_words", "published_at", "published_by"]
    change_many(points, names)


POINT_RULES: Final = (
    Rule(
        "point_spam", "Messages from “Tell the council something” that were closed as spam",
        "In case a real message was taken for spam.", 30, "after it was closed",
        "The words and any contact details are erased.",
        ("commitments.Point", "commitments.PointContact"), _spam, erase_words,
    ),
    Rule(
        "point_contacts", "Name and email address of people who wrote from “Tell the council something”",
        "To answer them, and to be able to reply if they write again about the answer.",
        180, "after it was answered or closed", "They are deleted.",
        ("commitments.PointContact",), _settled_contacts, delete_rows,
    ),
    Rule(
        "point_words", "The original words of messages from “Tell the council something”",
        "To check what was published against what was written, and to see whether the same is raised again.",
        730, "after it was sent",
        "The original words and any contact details are erased. What was published stays, and so does the answer.",
        ("commitments.Point", "commitments.PointContact"), _old_words, erase_words,
    ),
    Rule(
        "point_taken_down", "Words that were published and taken down, and decisions and points recorded here among them",
        "To see why they were taken down, and to check what was published in the meantime.",
        730, "after they were taken down",
        "The words are erased, both as they were recorded and as they were published. The reason stays, and so does the answer.",
        ("commitments.Point", "commitments.PointContact"), _taken_down, erase_words,
    ),
)  # fmt: skip
