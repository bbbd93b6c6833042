"""The text of the easy summary: short sentences, one idea in each, made from the facts alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from commitments.rules import stances
from commitments.rules import status as words
from commitments.rules.evidence_figures import FIGURE_BY_CODE
from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.stances import HOLDING_BACK
from commitments.rules.status import STATUSES
from reporting.facts import ChangesFacts, CommitmentFacts, PriorityFacts, Report
from reporting.narrative import dates, standings
from reporting.narrative.sentences import counted, figures, listed, number
from reporting.narrative.standings import Standing
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

NO_UPDATE: Final = "No update"
DONE_STATUSES: Final = frozenset(status.code for status in STATUSES if status.is_done)
WORRYING_STATUSES: Final = frozenset(status.code for status in STATUSES if status.is_worry)
MAX_TITLE_CHARACTERS: Final = 90
MAX_REASON_CHARACTERS: Final = 140
"""Characters of a title and of somebody's reason before they are cut: both can be long."""


@dataclass(frozen=True, slots=True)
class EasyPart:
    """A heading, what is said under it, and points; ``more`` says how many points were left out."""

    title: str
    says: tuple[str, ...]
    points: tuple[tuple[str, str], ...] = ()
    more: str = ""


def intro(report: Report) -> list[str]:
    """Return what the page is about; it says what a commitment is, once."""
    commitments, nouns = report.commitments(), report.strategy.nouns
    until = in_words(report.round.observes_to)
    if not commitments:
        return [
            f"This page is about the plan until {until}.",
            f"The plan has no {nouns.commitments} yet.",
            "So there is nothing to report yet.",
        ]
    steps = any(commitment.actions for commitment in commitments)
    rows = (
        f"Each row is one {nouns.priority} of the plan."
        if len(report.priorities) > 1
        else f"They are for one {nouns.priority} of the plan."
    )
    return [
        f"The plan has {number(len(commitments), nouns.commitment)}.",
        f"{plurals.capital(nouns.a_commitment)} is {'something that someone was asked to do' if report.responses() else 'a promise to do something'}.",
        f"Here is how each one stood on {in_words(dates.statuses_on(report))}.",
        *([f"Steps are as they were on {in_words(dates.actions_on(report))}."] if steps else []),
        rows,
        f"Each box is one {nouns.commitment}. All are equal.",
    ]  # fmt: skip


def row(priority: PriorityFacts, nouns: Nouns = GENERAL, *, tight: bool = False) -> str:
    """Return the counts of a priority with their base."""
    parts = counted(priority.commitments)
    counts = priority.counts()
    parts += [f"{counts[stance.code]} {stance.past}" for stance in HOLDING_BACK if stance.code in counts]
    silent = counts.get("", 0)
    parts += [f"{silent} no update"] if silent else []
    if not parts:
        return f"It has no {nouns.commitments} yet."
    base = f"Of {len(priority.commitments)}" if tight else number(len(priority.commitments), nouns.commitment)
    return f"{base}: {', '.join(parts)}."


def well(report: Report, most: int) -> EasyPart:
    """Return what is done, and what got better since last year."""
    commitments, nouns = report.commitments(), report.strategy.nouns
    done = [commitment for commitment in commitments if commitment.status in DONE_STATUSES]
    better = _better(report)
    says = []
    if on_track := sum(commitment.status == "on_track" for commitment in commitments):
        says.append(f"{_of(on_track, report)} {plurals.be(on_track)} on track.")
    if done:
        says.append(
            f"{number(len(done), nouns.commitment)} of {len(commitments)} {plurals.be(len(done))} done, or part of daily work."
        )
    if not says:
        says.append(f"No {nouns.commitment} is on track or done yet.")
    points = [
        (f"{commitment.reference} {commitment.short_title}", f"{words.of(commitment.status).label}.")
        for commitment in [*better, *(d for d in done if d not in better)]
    ]
    return listing("What went well", says, points, most)  # fmt: skip


def worry(report: Report, most: int) -> EasyPart:
    """Return what is late or at risk, each with its reason."""
    commitments = report.commitments()
    late = [commitment for commitment in commitments if commitment.status in WORRYING_STATUSES]
    if not late:
        return EasyPart("What is late or at risk", ("No update said that something is late or at risk.",))
    says = [f"{_of(len(late), report)} {plurals.be(len(late))} late or at risk."]
    return listing("What is late or at risk, and why", says, [_reason(commitment) for commitment in late], most)


def answered(report: Report) -> EasyPart | None:
    """Return what the strategy's owner answered; None where nothing is addressed to anybody."""
    codes = Counter(
        stances.of(commitment.owner_response).code for commitment in report.commitments() if commitment.owner_response
    )
    if not codes:
        return None
    says = [
        f"{codes[stance.code]} {plurals.be(codes[stance.code])} {stance.past}."
        for stance in (*stances.STANCES, stances.AWAITED)
        if codes[stance.code]
    ]
    return EasyPart("What we answered", (*says, "Work begins when we say yes.", *_others_answered(report)))


def _others_answered(report: Report) -> tuple[str, ...]:
    """Return how many answers others have given, who are asked besides the owner; nothing where nobody else is asked."""
    others = [response for _, response in report.responses() if not response.is_owners]
    if not others:
        return ()
    given = sum(bool(response.stance) for response in others)
    if len(others) == 1:
        return ("1 more answer was to come from others.", "It has come." if given else "It has not come yet.")
    return (
        f"{number(len(others), 'more answer')} were to come from others.",
        f"{f'{given:,}' if given else 'None'} of these {plurals.has(given or 1)} come{'' if given else ' yet'}.",
    )


def silence(report: Report) -> EasyPart | None:
    """Return the commitments without an update; None if there are none."""
    silent = [commitment.reference for commitment in report.commitments() if commitment.is_silent]
    if not silent:
        return None
    says = [f"We got no update for {_of(len(silent), report)}."]
    if len(silent) <= 10:
        says.append(f"{plurals.agree(len(silent), 'It is', 'They are')} {listed(silent)}.")
    return EasyPart("What we do not know", (*says, "That does not mean that nothing was done."))


def took_part(report: Report) -> EasyPart:
    """Return who took part, each sum with the number of items it is from."""
    if not report.evidence:
        return EasyPart(
            "Who took part",
            (f"No group’s story could be told this {report.period.noun}.", *_unpublished(report), *_late(report)),
        )
    groups, pieces, owner = len(report.organisations), len(report.evidence), report.owner_taking_part()
    says = [f"{number(groups, 'organisation')} told us what {plurals.agree(groups, 'it', 'they')} did."]
    if owner:
        says.append(f"{plurals.agree(groups, 'It is', 'One of them is')} {owner}.")
    says.append(f"{plurals.agree(groups, 'It', 'They')} sent {number(pieces, 'story', 'stories')}.")
    sums = figures(report.evidence)
    for evidence_sum in sums:
        figure = FIGURE_BY_CODE[evidence_sum.code]
        says.append(
            f"{figure.in_easy_words(evidence_sum.total)}. {evidence_sum.given:,} of {number(evidence_sum.of, 'story', 'stories')} {plurals.agree(evidence_sum.given, 'says', 'say')} so."
        )
        if figure.easy_note:
            says.append(figure.easy_note)
    return EasyPart("Who took part", (*says, *_unpublished(report), *_late(report)))


def _unpublished(report: Report) -> tuple[str, ...]:
    count = report.unpublished or 0
    if not count:
        return ()
    return (
        f"We cannot publish {number(count, 'more story', 'more stories')}. {plurals.agree(count, 'It is', 'They are')} not counted here.",
    )


def changed(report: Report, most: int) -> EasyPart | None:
    """Return what has changed since last year; None if there is no year before."""
    if (changes := report.named_changes()) is None:
        return None
    nouns = report.strategy.nouns
    moved = [move for move in changes.moved if move.was or move.now == "closed"]
    newly = len(changes.moved) - len(moved)
    says = [
        f"{number(len(moved), nouns.commitment)} changed status." if moved else f"No {nouns.commitment} changed status."
    ]
    if newly:
        says.append(
            f"{number(newly, nouns.commitment)} {plurals.has(newly)} an update now, after a {report.period.noun} without."
        )
    if changes.slipped:
        says.append(
            f"{number(len(changes.slipped), 'step')} {plurals.was(len(changes.slipped))} not done by the date set."
        )
    if changes.overdue:
        says.append(
            f"{number(len(changes.overdue), 'step')} from {f'earlier {report.period.many}' if changes.against else 'before'} "
            f"{plurals.was(len(changes.overdue))} not done either."
        )
    if late := _done_since(changes):
        says.append(f"{late} of these {plurals.has(late)} been done since.")
    if changes.done:
        says.append(f"{number(len(changes.done), 'step')} {plurals.was(len(changes.done))} done.")
    if changes.added:
        says.append(f"{number(len(changes.added), nouns.commitment)} {plurals.be(len(changes.added))} new.")
    if changes.renumbered:
        says.append(
            f"{number(len(changes.renumbered), nouns.commitment)} {plurals.has(len(changes.renumbered))} a new number."
        )
    if changes.responded:
        says.append(f"{number(len(changes.responded), 'answer')} {plurals.was(len(changes.responded))} published.")
    if changes.amended:
        says.append(f"The words of {number(len(changes.amended), nouns.commitment)} changed.")
    if changes.partners:
        says.append(f"{number(len(changes.partners), 'organisation')} joined in for the first time.")
    points = [
        (
            f"{move.reference} {move.short_title}",
            f"{words.of(move.was).label if move.was else NO_UPDATE}, now {words.of(move.now).label}.",
        )
        for move in moved
    ]
    return listing(f"What changed since {changes.against}" if changes.against else "What changed", says, points, most)  # fmt: skip


def _late(report: Report) -> tuple[str, ...]:
    count = len(report.late)
    if not count:
        return ()
    return (
        f"{number(count, 'story', 'stories')} about earlier {report.period.many} came in late.",
        f"{plurals.agree(count, 'It is', 'They are')} not counted here.",
    )


def _done_since(changes: ChangesFacts) -> int:
    return sum(action.done_since is not None for action in (*changes.slipped, *changes.overdue))


def key(report: Report) -> list[tuple[Standing, str, str]]:
    """Return the words that occur, each with its label and what it means, plainly."""
    return [
        (standings.of(code), standings.of(code).label if code else NO_UPDATE, standings.of(code).plain)
        for code in report.statuses()
    ]


def _better(report: Report) -> list[CommitmentFacts]:
    """Return what is done this year and was not, or is on track again, in the strategy's order."""
    moved = {move.reference: move.was for move in report.changes.moved} if report.changes else {}
    return [
        commitment
        for commitment in report.commitments()
        if commitment.reference in moved
        and (
            commitment.status in DONE_STATUSES
            or (commitment.status == "on_track" and moved[commitment.reference] in WORRYING_STATUSES)
        )
    ]


def _reason(commitment: CommitmentFacts) -> tuple[str, str]:
    return (
        f"{commitment.reference} {commitment.short_title}",
        f"{words.of(commitment.status).label}. {first_sentence(commitment.reason)}".strip(),
    )


def first_sentence(text: str) -> str:
    """Return somebody's first sentence, cut between words where it is long."""
    first = " ".join(text.split()).split(". ")[0].rstrip(".")
    if not first:
        return ""
    if len(first) <= MAX_REASON_CHARACTERS:
        return f"{first}."
    return f"{first[:MAX_REASON_CHARACTERS].rsplit(' ', 1)[0]} …"


def listing(title: str, says: Sequence[str], points: Iterable[tuple[str, str]], most: int) -> EasyPart:
    """Return a part with at most so many points, and how many more the report has."""
    found = tuple(points)
    left = len(found) - most
    more = f"The report has {left} more." if left > 0 else ""
    return EasyPart(title, tuple(says), tuple((cut(a), b) for a, b in found[:most]), more if most else "")


def cut(title: str) -> str:
    """Return a title, cut between words where it is long."""
    return title if len(title) <= MAX_TITLE_CHARACTERS else f"{title[:MAX_TITLE_CHARACTERS].rsplit(' ', 1)[0]} …"


def _of(count: int, report: Report) -> str:
    return f"{count:,} of {number(len(report.commitments()), report.strategy.nouns.commitment)}"
