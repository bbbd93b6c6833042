"""Saves the report's own texts, section by section, so that nobody overwrites what they have not seen."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from commitments.models import Round
from partners.models import User
from reporting.models import ReportText, TextVersion
from reporting.narrative.sections import LASTING, ReportSection, sections
from reporting.permissions import check_can_write
from vcsportal.common.languages import check_language
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid, NotNow

NOT_BEGUN: Final = "The {} {} has not begun, so there is nothing to write about it yet."


@transaction.atomic
def save_text(
    *, by: User, at: datetime, round_: Round, section: str, text: str, version: int | None, language: str = ""
) -> ReportText:
    """Keep a section's text, and the same as a version that is never changed; return the text that stands.

    Raise :class:`Conflict` where the text is no longer the one that was read. Saving what stands already writes nothing.

    :param section: a key of :mod:`reporting.narrative.sections`.
    :param language: the tag of the language it is written in; "" for the portal's own.
    :param version: the version that the person read; None where there was none.
    """
    check_can_write(by, round_.strategy)
    round_ = Round.objects.select_for_update().get(pk=round_.pk)  # two people who write first wait for one another here
    if round_.observes_from > timezone.localdate(at):
        raise NotNow(NOT_BEGUN.format(round_.period.noun, round_.label))
    text, language = tidy(section_of(round_, section), text), check_language(language)
    stored = ReportText.objects.filter(round=round_, section=section).select_related("changed_by").first()
    if stored is not None and (stored.text, stored.language) == (text, language):
        return stored
    check_unchanged(stored, version, by)
    if stored is None and not text and not _kept(round_, section):
        raise Invalid("Write something first.", field="text")
    stored = stored or ReportText(round=round_, section=section, version=0)
    stored.text, stored.language, stored.version = text, language, stored.version + 1
    stored.changed_at, stored.changed_by = at, by
    stored.save()
    TextVersion.objects.create(of=stored, version=stored.version, text=text, language=language, at=at, by=by)
    return stored


def _kept(round_: Round, section: str) -> bool:
    """Whether an earlier round's text stands for this section, so that it can be emptied."""
    standing = ReportText.objects.standing(round_, lasting=LASTING).get(section)
    return standing is not None and standing.text != ""


def sections_of(round_: Round) -> list[ReportSection]:
    """Return every section of a round's report, in its order."""
    priorities = round_.strategy.priorities.order_by("number", "id")
    return sections(priorities.values_list("number", "title", "reference"), round_.strategy.nouns, round_.period)


def section_of(round_: Round, key: str) -> ReportSection:
    """Return one section of a round's report; raise :class:`Refused` where the report has none of that name."""
    report_section = next((section for section in sections_of(round_) if section.key == key), None)
    if report_section is None:
        raise Invalid("The report has no such section. Choose one from its list.", field="section")
    return report_section


def tidy(section: ReportSection, text: str) -> str:
    """Return the text as it is kept; raise :class:`Refused` with a sentence where it can't be."""
    text = check_text(text)
    if section.kind == "line":
        text = " ".join(text.split())
    elif section.kind == "lines":
        text = "\n".join(line for raw_line in text.split("\n") if (line := raw_line.strip()))
    if (over := len(text) - section.most) > 0:
        raise Invalid(
            f"The text has {len(text):,} characters. The limit for this section is {section.most:,}. Shorten it by "
            f"{over:,}.",
            field="text",
        )
    return text


def check_unchanged(stored: ReportText | None, version: int | None, by: User) -> None:
    """Raise :class:`Conflict` where the text is no longer the one that was read. ``version`` None means "there was none"."""
    if (stored.version if stored else None) == version:
        return
    if stored is not None and stored.changed_by_id == by.pk:
        who = "You have changed this text in another window"
    else:
        who = f"{stored.changed_by.name if stored else 'Somebody'} has changed this text while you were writing"
    raise Conflict(f"{who}. Compare the two versions, then choose what stays.")
