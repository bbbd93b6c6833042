"""What was sent of the page with all sections of a report: which texts the person changed, and their boxes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from commitments.models import Round, WorkingCopy
from reporting.forms.report_texts import TextForm
from reporting.models import ReportText, TextVersion
from reporting.reading.report_texts import SectionText
from vcsportal.common.plain_texts import tidy_line_ends

ROWS = 6
"""The height of a box on the page with all sections, in lines."""


@dataclass(frozen=True, slots=True)
class SentText:
    """What was sent for one section: its words and their language, and the version that the person had read ("" for none)."""

    section: SectionText
    text: str
    language: str
    version: str

    @property
    def key(self) -> str:
        """The section's key."""
        return self.section.section.key

    @property
    def fields(self) -> dict[str, list[str]]:
        """What a working copy of the section's own page holds."""
        return {"text": [self.text], "language": [self.language], "version": [self.version]}


def sent_texts(data: QueryDict, sections: Iterable[SectionText]) -> list[SentText]:
    """Return what was sent for each section that was sent at all."""
    return [
        SentText(
            section,
            tidy_line_ends(data.get(f"{key}-text") or ""),
            data.get(f"{key}-language", ""),
            data.get(f"{key}-version", ""),
        )
        for section in sections
        for key in [section.section.key]
        if f"{key}-text" in data
    ]


def changed_texts(sent: Iterable[SentText], round_: Round) -> list[SentText]:
    """Return those that the person changed: not as they stand, nor as they stood in the version that the person read.

    So a text that somebody else has changed meanwhile, and this person has not touched, is no conflict. At most two queries.
    """
    changed = [text for text in sent if (text.text, text.language) != _standing(text.section)]
    read = {**_read_without_own(changed, round_), **_read_versions(changed, round_)}
    return [text for text in changed if (text.text, text.language) != read.get((text.key, text.version))]


def _read_versions(changed: Iterable[SentText], round_: Round) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the saved versions of texts that were read with a version, by section and version."""
    stale = [text.key for text in changed if text.version.isascii() and text.version.isdigit()]
    if not stale:
        return {}
    versions = TextVersion.objects.filter(of__round=round_, of__section__in=stale)
    return {
        (section, str(version)): (text, language)
        for section, version, text, language in versions.values_list("of__section", "version", "text", "language")
    }


def _read_without_own(changed: Iterable[SentText], round_: Round) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what was read of sections that had no text of their own then and have one now: nothing, or what an earlier round said."""
    begun = [text.section for text in changed if not text.version and text.section.own_version is not None]
    lasting = [section.section.key for section in begun if section.section.lasts]
    before = ReportText.objects.before(round_, sections=lasting) if lasting else {}
    return {
        (key, ""): (before[key].text, before[key].language) if key in before else ("", "")
        for section in begun
        for key in [section.section.key]
    }


def _standing(section: SectionText) -> tuple[str, str]:
    return (section.text.text, section.text.language) if section.text else ("", "")


def standing_box(section: SectionText, copy: WorkingCopy | None = None) -> TextForm:
    """Return the box with what stands, or with what the person had typed."""
    text, language = _standing(section)
    values: dict[str, Any] = {"text": text, "language": language, "version": section.own_version}
    if copy is not None:
        values |= {name: _first(copy.fields.get(name, "")) for name in ("text", "language", "version")}
    return TextForm(initial=values, section=section.section, prefix=section.section.key, rows=ROWS)


def sent_box(sent: SentText, version: object = None) -> TextForm:
    """Return the box with what was sent, unjudged.

    :param version: what counts as read from now on; None for what was sent.
    """
    version = sent.version if version is None else version
    values = {"text": sent.text, "language": sent.language, "version": version}
    return TextForm(initial=values, section=sent.section.section, prefix=sent.key, rows=ROWS)


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) else value)
