"""The report's own sentences and tables, made from the facts alone. Counts only: no percentage, no score, no rank."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.reading.partner_views import PartnerView
from commitments.reading.partner_views import findings as voice_findings
from commitments.rules import status as words
from commitments.rules.evidence_figures import SUMMED_FIGURES
from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.status import STATUSES, Status
from reporting.facts import CommitmentFacts, EvidenceFacts, PriorityFacts, Report, StrategyFacts, ViewFacts
from reporting.narrative import dates, responses, standings
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

FIGURE_NOTES: Final = " ".join(figure.sum_note for figure in SUMMED_FIGURES if figure.sum_note)
"""Notes that readers need about the sums of figures, in sentences."""
MAX_LISTED: Final = 12
"""References that a sentence lists; more are counted."""
SILENCE: Final = "no update was received from {}"


@dataclass(frozen=True, slots=True)
class EvidenceSum:
    """A sum of what was given, with how many of the items gave a number: never a sum without its base.

    ``code`` is its row of :mod:`commitments.rules.evidence_figures`; ``note`` is what has to be known of the sum wherever it is
    printed, as a sentence.
    """

    code: str
    label: str
    total: int
    given: int
    of: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A commitment whose word is another than in the round before."""

    commitment: CommitmentFacts
    was: Status
    now: Status


@dataclass(frozen=True, slots=True)
class PartnerDisagreement:
    """A commitment that somebody of the sector sees differently, and what they say, a sentence each."""

    commitment: CommitmentFacts
    sentences: tuple[str, ...]


def number(count: int, singular: str, many: str = "") -> str:
    """Return ``3 commitments``, ``1 commitment``, ``1,204 commitments``."""
    return plurals.counted(count, singular, many)


def listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def span(begin: date, end: date | None) -> str:
    """Return ``12 March 2025``, ``3 to 9 May 2025`` or ``30 April to 2 May 2025``."""
    if end is None or end == begin:
        return f"{begin.day} {begin:%B %Y}"
    if (begin.year, begin.month) == (end.year, end.month):
        return f"{begin.day} to {end.day} {end:%B %Y}"
    first = f"{begin.day} {begin:%B}" if begin.year == end.year else f"{begin.day} {begin:%B %Y}"
    return f"{first} to {end.day} {end:%B %Y}"


def counted(commitments: Iterable[CommitmentFacts]) -> list[str]:
    """Return ``12 on track``, ``3 at risk`` … for every status that occurs, in the table's order."""
    counts = Counter(commitment.status for commitment in commitments)
    return [f"{counts[status.code]} {status.label.lower()}" for status in STATUSES if counts[status.code]]


def _are(parts: list[str]) -> str:
    """Return ``3 are on track, 1 at risk and 2 delayed``."""
    count, word = parts[0].split(" ", 1)
    return listed([f"{count} {'is' if count == '1' else 'are'} {word}", *parts[1:]])


def _silent(commitments: Iterable[CommitmentFacts]) -> list[str]:
    return [commitment.reference for commitment in commitments if commitment.is_silent]


def closed_since(commitment: CommitmentFacts) -> str:
    """Return ``Closed since 12 March 2025. It was merged into 1.4.``; "" for what is not closed, or has no day on record."""
    if commitment.closed_on is None:
        return ""
    into = f" It was merged into {commitment.closed_into}." if commitment.closed_into else ""
    return f"Closed since {in_words(commitment.closed_on)}.{into}"


def joined(commitment: CommitmentFacts, nouns: Nouns = GENERAL) -> str:
    """Return ``Added to the strategy on 1 April 2025.``; "" for what was there from the start."""
    return f"Added to the {nouns.strategy} on {in_words(commitment.added_on)}." if commitment.added_on else ""


def former_number(report: Report, reference: str) -> str:
    """Return the reference that a commitment had before it was renumbered in this report's year; "" if it was not."""
    changes = report.changes
    return (
        next((renumbering.was for renumbering in changes.renumbered if renumbering.reference == reference), "")
        if changes
        else ""
    )


def nothing_yet(nouns: Nouns) -> str:
    """Return the sentence about a strategy without commitments."""
    return f"The {nouns.strategy} has no {nouns.commitments} yet."


def closed_earlier(commitments: Iterable[CommitmentFacts]) -> list[str]:
    """Return the references of those that are closed and were asked for no update."""
    return [commitment.reference for commitment in commitments if commitment.status and not commitment.has_update]


def _closed_sentence(commitments: Iterable[CommitmentFacts], nouns: Nouns) -> str:
    references = closed_earlier(commitments)
    what, verb = number(len(references), nouns.commitment), plurals.be(len(references))
    return f"{what} {verb} closed and needed no update{_which(references)}." if references else ""


def figures(pieces: Sequence[EvidenceFacts]) -> list[EvidenceSum]:
    """Return the sums of the figures that anybody gave."""
    found = []
    for figure in SUMMED_FIGURES:
        given = [value for piece in pieces if (value := getattr(piece, figure.code)) is not None]
        if given:
            found.append(
                EvidenceSum(figure.code, figure.noun(sum(given)), sum(given), len(given), len(pieces), figure.sum_note)
            )
    return found


def figures_in_words(pieces: Sequence[EvidenceFacts]) -> str:
    """Return the sums in running text, each with its base; "" where nobody gave a number."""
    found = figures(pieces)
    if not found:
        return ""
    parts = [
        f"{evidence_sum.total:,} {evidence_sum.label} (from {evidence_sum.given:,} of {number(evidence_sum.of, 'item')} of evidence)"
        for evidence_sum in found
    ]
    return " ".join(
        [f"Organisations counted {listed(parts)}.", *(evidence_sum.note for evidence_sum in found if evidence_sum.note)]
    )


def summary(report: Report, *, compared: bool = True) -> list[str]:
    """Return the year in at most five plain sentences.

    :param compared: whether one of them says how many statuses changed since the year before.
    """
    commitments = report.commitments()
    return [
        *_standing(report, commitments),
        *_silence_and_confirmation(commitments, report.strategy),
        _taking_part(report),
        *(_compared(report, commitments) if compared else []),
        *_voices(report),
    ]


def _standing(report: Report, commitments: Sequence[CommitmentFacts]) -> list[str]:
    answered, spoken = responses.summary(report), [commitment for commitment in commitments if commitment.has_update]
    asked = [commitment for commitment in commitments if commitment.has_update or commitment.is_silent]
    period = f"the {report.period.noun} from {span(report.round.observes_from, report.round.observes_to)}"
    nouns = report.strategy.nouns
    what, closed = number(len(asked), nouns.commitment), _closed_sentence(commitments, nouns)
    if not commitments:
        return [nothing_yet(nouns)]
    if not spoken:
        whole = number(len(commitments), nouns.commitment)
        said = f"This report is about how the {whole} stood after {period}."
        return [" ".join(filter(None, [said, answered, closed, dates.named(report)]))]
    needed = " that needed one" if responses.held_back(commitments) else ""
    received = (
        f"{plurals.agree(len(spoken), 'an update was', 'updates were')} received for {len(spoken)} of the {what}{needed}"
        if len(spoken) < len(asked)
        else f"an update was received for {plurals.agree(len(spoken), '', 'every one of ')}the {what}{needed}"
    )
    said = f"After {period}, {received}: {listed(counted(spoken))}."
    return [" ".join(filter(None, [answered, said, closed, dates.named(report)]))]


def _silence_and_confirmation(commitments: Sequence[CommitmentFacts], strategy: StrategyFacts) -> list[str]:
    nouns = strategy.nouns
    quiet, same = _silent(commitments), [commitment.reference for commitment in commitments if commitment.confirms]
    parts = [f"no update was received for {number(len(quiet), nouns.commitment)}{_which(quiet)}"] if quiet else []
    if same:
        parts.append(
            f"for {number(len(same), nouns.commitment)} {strategy.answering} confirmed that its earlier update is still true{_which(same)}"
        )
    told = "; ".join(parts)
    return [f"{told[0].upper()}{told[1:]}."] if told else []


def _which(references: Sequence[str]) -> str:
    return f": {listed(references)}" if len(references) <= MAX_LISTED else ""


def _of_them(references: Sequence[str], count: int) -> str:
    """Return some of ``count`` commitments by their references, or counted where a list would be a wall of numbers."""
    if len(references) <= MAX_LISTED:
        return listed(references)
    return "any of them" if len(references) == count else f"{len(references)} of them"


def _compared(report: Report, commitments: Sequence[CommitmentFacts]) -> list[str]:
    nouns = report.strategy.nouns
    if changed := changes(report):
        noun = plurals.agree(len(changed), nouns.commitment, nouns.commitments)
        return [
            f"{_spelt(len(changed))} {noun} changed status since {report.label_of(report.rounds[-2])}; see “What changed since {report.period.before}”."
        ]
    if any(len(c.years) > 1 and c.years[-1].status and c.years[-2].status for c in commitments):
        return [
            f"Every {nouns.commitment} with an update in both {report.period.many} has the same status as in {report.label_of(report.rounds[-2])}."
        ]
    return []


def _voices(report: Report) -> list[str]:
    spoken = [commitment for commitment in report.commitments() if commitment.views]
    if not spoken:
        return []
    organisations = {view.organisation for commitment in spoken for view in commitment.views}
    told = (
        f"{_spelt(len(organisations))} {plurals.agree(len(organisations), 'organisation', 'organisations')} in the sector gave "
        f"{plurals.agree(len(organisations), 'its', 'their')} own view of {number(len(spoken), report.strategy.nouns.commitment)}"
    )
    differing = [disagreement.commitment.reference for disagreement in disagreements(report)]
    if not differing:
        return [f"{told}; it is shown next to {report.strategy.answering}’s status."]
    which = listed(differing) if len(differing) <= 12 else number(len(differing), "of them", "of them")
    return [f"{told}; the sector and {report.strategy.answering} see {which} differently, and both views are shown."]


def findings(commitment: CommitmentFacts, answering: str = "the council") -> list[str]:
    """Return how the owner's and the sector's views of a commitment compare, disagreement first.

    :param answering: who answers for the strategy, as :attr:`StrategyFacts.answering` says.
    """
    voices = [PartnerView(view.organisation, view.status, view.reason, view.differs) for view in commitment.views]
    silence = "no update was needed" if commitment.awaits_response else SILENCE.format(answering)
    return voice_findings(voices, commitment.status, silence=silence)


def replied(view: ViewFacts, answering: str = "the council") -> str:
    """Return the words that introduce the owner's reply to a view: its day, and whether the view was changed afterwards."""
    on = f" on {in_words(view.replied_on)}" if view.replied_on else ""
    older = f", before {view.organisation} changed its view" if view.reply_is_older else ""
    return f"{plurals.capital(answering)} replied{on}{older}:"


def disagreements(report: Report) -> list[PartnerDisagreement]:
    """Return the commitments that somebody of the sector sees differently from the council, in the strategy's order.

    Where the council said nothing in the round there is nothing to differ from.
    """
    found = []
    for commitment in report.commitments():
        voices = [PartnerView(v.organisation, v.status, v.reason, True) for v in commitment.views if v.differs]
        if voices and commitment.status:
            found.append(PartnerDisagreement(commitment, tuple(voice_findings(voices, commitment.status))))
    return found


def _spelt(count: int) -> str:
    return plurals.capital(plurals.in_words(count))


def _taking_part(report: Report) -> str:
    return " ".join(part for part in (took_part(report), unpublished(report), late(report)) if part)


def took_part(report: Report) -> str:
    """Return how many organisations reported what they did, in how many items of evidence, in a sentence."""
    if not report.evidence:
        return f"No evidence that may be published was accepted for the {report.period.noun}."
    took, owner = len(report.organisations), report.owner_taking_part()
    return (
        f"{_spelt(took)} {plurals.agree(took, 'organisation', 'organisations')}{among(owner, took)} reported what "
        f"{plurals.agree(took, 'it', 'they')} did in {number(len(report.evidence), 'accepted item')} of evidence."
    )


def among(owner: str, count: int) -> str:
    """Return ", Example County Council among them," where the council is one of the organisations counted.

    :param owner: the council's name; "" where it is not among them.
    """
    if not owner:
        return ""
    return f", {owner}," if count == 1 else f", {owner} among them,"


def unpublished(report: Report) -> str:
    """Return how many accepted items are in no count because they may not be published; "" where there are none."""
    count = report.unpublished or 0
    if not count:
        return ""
    were, are = ("was", "it is") if count == 1 else ("were", "they are")
    return f"{number(count, 'more item')} {were} accepted but may not be published; {are} not counted here."


def late(report: Report) -> str:
    """Return a sentence with the number of late items, about years whose reports had been sealed; "" if there are none."""
    if not report.late:
        return ""
    rounds, is_single = sorted({item.late_for for item in report.late}), len(report.late) == 1
    labels = [report.label_of(round_) for round_ in rounds]
    reports = (
        f"the report for {labels[0]} was" if len(rounds) == 1 else f"the reports for those {report.period.many} were"
    )
    return (
        f"{number(len(report.late), 'item')} of evidence about {listed(labels)} came in after {reports} made; "
        f"{'it is' if is_single else 'they are'} listed separately and not counted here."
    )


def changes(report: Report) -> list[StatusChange]:
    """Return the commitments with an update in this round and the one before whose words differ."""
    found = []
    for commitment in report.commitments():
        if len(commitment.years) < 2:
            continue
        was, now = commitment.years[-2].status, commitment.years[-1].status
        if was and now and was != now:
            found.append(StatusChange(commitment, words.of(was), words.of(now)))
    return found


def about(priority: PriorityFacts, pieces: Sequence[EvidenceFacts], owner: str = "", nouns: Nouns = GENERAL) -> str:
    """Return a priority's year in one paragraph.

    :param owner: the council's name where its own evidence is in the report, as organisations are counted with it.
    :param nouns: what the strategy calls its priorities and commitments.
    """
    commitments = priority.commitments
    spoken = [commitment for commitment in commitments if commitment.has_update]
    parts = [f"This {nouns.priority} has {number(len(commitments), nouns.commitment)}."]
    if len(spoken) == 1:
        parts.append(f"One has an update, and is {words.of(spoken[0].status).label.lower()}.")
    elif spoken:
        parts.append(f"Of the {len(spoken)} with an update, {_are(counted(spoken))}.")
    if quiet := _silent(commitments):
        parts.append(f"No update was received for {_of_them(quiet, len(commitments))}.")
    if waiting := responses.held_back(commitments):
        which = _of_them([commitment.reference for commitment in waiting], len(commitments))
        parts.append(f"No update was needed for {which}: {responses.counted(commitments)}.")
    if closed := _closed_sentence(commitments, nouns):
        parts.append(closed)
    organisations = {piece.organisation for piece in pieces}
    parts.append(
        f"Evidence for it came from {number(len(organisations), 'organisation')}"
        f"{among(owner if owner in organisations else '', len(organisations))} in {number(len(pieces), 'accepted item')}."
        if pieces
        else "No evidence that may be published was accepted for it."
    )
    return " ".join(parts)


def counts_table(report: Report) -> dict[str, object]:
    """Return columns, rows and totals of the table of counts; "No update was received" stands apart from statuses and responses."""
    columns = [standings.of(code) for code in report.statuses() if code]
    rows = []
    for priority in report.priorities:
        counts = priority.counts()
        rows.append(
            {
                "title": f"{priority.label}. {priority.title}",
                "counts": [counts.get(status.code, 0) for status in columns],
                "silent": counts.get("", 0),
                "total": sum(counts.values()),
            }
        )
    everything = sum((Counter(priority.counts()) for priority in report.priorities), Counter())
    return {
        "columns": columns,
        "rows": rows,
        "totals": [everything.get(status.code, 0) for status in columns],
        "silent": everything.get("", 0),
        "total": sum(everything.values()),
    }
