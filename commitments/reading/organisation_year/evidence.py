"""What an organisation did in a year: its evidence, its case studies, and what both come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commitments.models import CaseStudy, Evidence
from commitments.reading.consent_states import ledger_of, story_state
from commitments.reading.evidence_cards import ready_for_cards, when, with_card
from commitments.reading.organisation_year.shapes import Total, YearItem, YearPart
from commitments.rules.evidence_figures import FIGURES, SUMMED_FIGURES
from commitments.rules.story_consent import DETAILS_WITHHELD
from partners.models import Organisation
from vcsportal.common.markdown import to_text
from vcsportal.common.plurals import counted, join_with_and

_SENT = {"submitted": "Sent, and not reviewed yet", "accepted": "Accepted by the council"}
_USES = ("portal", "report")
"""Where the people in a story let it be shown. A file that is sent on has to be covered by both."""


@dataclass(frozen=True, slots=True)
class YearOfEvidence:
    """The items of a year that may be passed on, and how many were left out: unsent ones, and those that people in them do not agree to."""

    part: YearPart | None
    totals: tuple[Total, ...]
    unsent: int
    withheld: int


def evidence_of_year(organisation: Organisation, first: date, last: date, today: date) -> YearOfEvidence:
    """Return what was sent or accepted; a longer item counts by the day on which it began. Four queries at most."""
    begun = Evidence.objects.filter(organisation=organisation, happened_from__gte=first, happened_from__lte=last)
    sent = begun.filter(state__in=_SENT).order_by("happened_from", "id").prefetch_related("commitments__priority")
    rows = ready_for_cards(with_card(sent), today=today)
    shown = [(row, states) for row in rows if not (states := _story_states(row, today)) & DETAILS_WITHHELD]
    headlines = _headlines([row.pk for row, _ in shown], today)
    items = tuple(_item(row, bool(states - {""}), headlines.get(row.pk, "")) for row, states in shown)
    return YearOfEvidence(
        YearPart("What we did", items) if items else None,
        _totals([row for row, _ in shown]),
        begun.filter(state__in=["draft", "returned"]).count(),
        len(rows) - len(shown),
    )


def _story_states(row: Any, today: date) -> set[str]:
    ledger = ledger_of(row.consents_given)
    return {story_state(ledger, row.pk, today, use=use) for use in _USES}


def _headlines(keys: Sequence[int], today: date) -> dict[int, str]:
    public = CaseStudy.objects.visible_to(None, today).filter(evidence__in=keys)
    return dict(public.values_list("evidence", "published__headline")) if keys else {}


def _item(row: Any, kept_back: bool, headline: str) -> YearItem:
    facts = [("State", _SENT[row.state] + ("" if row.publishable else "; not to be published"))]
    if headline:
        facts.append(("Case study", headline))
    commitments = sorted(row.commitments.all(), key=lambda each: (each.strategy_id, each.priority.number, each.number))
    return YearItem(
        title=row.title,
        url=row.get_absolute_url(),
        when=when(row),
        where=join_with_and(row.district_names),
        commitments=tuple(str(commitment) for commitment in commitments),
        figures=tuple((figure.code, value) for figure in FIGURES if (value := getattr(row, figure.code)) is not None),
        facts=tuple(facts),
        text="" if kept_back else to_text(row.story),
        language=row.language,
    )


def _totals(rows: Sequence[Any]) -> tuple[Total, ...]:
    """Return how many items there are, and the sum of each figure with how many of them give it."""
    if not rows:
        return ()
    districts = {name for row in rows for name in row.district_names}
    commitments = {commitment.pk for row in rows for commitment in row.commitments.all()}
    totals = [Total(len(rows), "thing we did" if len(rows) == 1 else "things we did")]
    for number, label in ((len(commitments), "commitment"), (len(districts), "district")):
        if number:
            totals.append(Total(number, counted(number, label).partition(" ")[2]))
    for figure in SUMMED_FIGURES:
        known = [value for row in rows if (value := getattr(row, figure.code)) is not None]
        if known:
            says = "" if len(known) == len(rows) else f"from {len(known)} of {len(rows)}, which give a number"
            totals.append(Total(sum(known), figure.noun(sum(known)), says))
    return tuple(totals)
