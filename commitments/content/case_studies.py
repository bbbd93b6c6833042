"""The plain values of a case study, as a form or the API passes them to its services."""

from dataclasses import dataclass, replace
from typing import Any

from commitments.models import CaseStudyText
from commitments.rules import case_study_parts as parts
from partners.models import Strand
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Invalid

_LIMITS = {
    "headline": parts.MAX_HEADLINE_CHARACTERS,
    "place": parts.MAX_LINE_CHARACTERS,
    "led_with": parts.MAX_LINE_CHARACTERS,
    "cost": parts.MAX_LINE_CHARACTERS,
    "said_by": parts.MAX_LINE_CHARACTERS,
    "quotation": parts.MAX_QUOTATION_CHARACTERS,
    **dict.fromkeys(parts.PART_CODES, parts.MAX_PART_CHARACTERS),
}
TEXT_COLUMNS = ("headline", "place", "led_with", *parts.PART_CODES, "cost", "cost_pounds")
"""The columns of :class:`CaseStudyText` that hold what was written, but for the quotation."""


@dataclass(frozen=True, slots=True)
class CaseStudyContent:
    """What is told. A part may be left empty, and the amount None.

    ``said_by`` is who said the quotation, as a post or in a few words. ``told_how`` is a code of
    :data:`commitments.models.evidence.SAID_HOW` where it is written for another organisation.
    """

    headline: str
    place: str = ""
    led_with: str = ""
    problem: str = ""
    what_was_done: str = ""
    what_changed: str = ""
    learnt: str = ""
    how_to_copy: str = ""
    cost: str = ""
    cost_pounds: int | None = None
    quotation: str = ""
    said_by: str = ""
    strands: tuple[Strand, ...] = ()
    told_how: str = ""

    def tidy(self) -> "CaseStudyContent":
        """Return the same with tidied texts.

        Raise :class:`Invalid` for a text that can't be saved or is too long, for a case study without a headline, and for a
        quotation that nobody said.
        """
        tidied: dict[str, Any] = {}
        for name, limit in _LIMITS.items():
            text = check_text(getattr(self, name), field=name)
            if name not in {*parts.PART_CODES, "quotation"}:
                text = " ".join(text.split())
            if len(text) > limit:
                raise Invalid(f"This has {len(text):,} characters. {limit:,} is the limit.", field=name)
            tidied[name] = text
        if not tidied["headline"]:
            raise Invalid("Give it a headline: what happened, in a few words.", field="headline")
        if tidied["quotation"] and not tidied["said_by"]:
            raise Invalid("Say who said it, such as “a parent”. Don’t give a name.", field="said_by")
        if not tidied["quotation"]:
            tidied["said_by"] = ""
        return replace(self, **tidied)

    @classmethod
    def of(cls, text: CaseStudyText, *, may_quote: bool) -> "CaseStudyContent":
        """Return what a saved text says; without its quotation where a consent to it was withdrawn or has expired."""
        values = {name: getattr(text, name) for name in TEXT_COLUMNS}
        quotation = text.quotation if may_quote else None
        return cls(
            **values,
            quotation=quotation.words if quotation else "",
            said_by=quotation.said_by if quotation else "",
            strands=tuple(text.strands.in_order()),
            told_how=text.told_how,
        )
