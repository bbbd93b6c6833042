"""What changed, in plain words, made from the facts alone. The report, its easy summary and the page of changes use
it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final, TypeVar

from commitments.rules import stances
from commitments.rules import status as words
from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.periods import YEAR, PeriodKind
from reporting.facts import (
    AddedFacts,
    AmendedFacts,
    ChangesFacts,
    DoneFacts,
    MeasuredFacts,
    MovedFacts,
    RenumberedFacts,
    RespondedFacts,
    SlippedFacts,
)
from reporting.narrative import partnership_changes
from reporting.narrative.change_lines import ChangeGroup, ChangeLine, ChangeValues
from reporting.narrative.sentences import MAX_LISTED, among, listed, number
from vcsportal.common import plurals
from vcsportal.common.dates import in_words
from vcsportal.common.long_lists import MAX_COUNTED

T = TypeVar("T")
NOTHING: Final = "No changes have been recorded."


def headline(changes: ChangesFacts, nouns: Nouns = GENERAL, period: PeriodKind = YEAR) -> str:
    """Return a summary in one sentence, counts only: "Three commitments changed status, one action was late; …"."""
    moved, newly = _split(changes)
    kinds = (
        changes.added,
        changes.responded,
        moved,
        newly,
        changes.slipped,
        changes.overdue,
        changes.done,
        changes.partners,
        changes.amended,
        changes.renumbered,
        changes.measured,
    )
    # "15 moved and five came" reads badly: where one count is in digits, all are
    most = max([*map(len, kinds), *partnership_changes.counts(changes)])
    many = number if most >= len(plurals.SPELT) else _how_many
    parts = [
        many(len(changes.added), nouns.commitment) + f" {_was(changes.added)} added" if changes.added else "",
        many(len(changes.responded), "response") + f" {_was(changes.responded)} published" if changes.responded else "",
        many(len(moved), nouns.commitment) + " changed status" if moved else "",
        _spoken_of(many(len(newly), nouns.commitment), len(newly), changes) if newly else "",
        many(len(changes.slipped), "action") + f" {_was(changes.slipped)} late" if changes.slipped else "",
        many(len(changes.overdue), "action") + f" {_was(changes.overdue)} {_overdue_since(changes, period)}"
        if changes.overdue
        else "",
        many(len(changes.done), "action") + f" {_was(changes.done)} done" if changes.done else "",
        many(len(changes.partners), "new partner") + " joined" if changes.partners else "",
        many(len(changes.amended), "wording") + f" {_was(changes.amended)} amended" if changes.amended else "",
        many(len(changes.renumbered), nouns.commitment) + f" {_was(changes.renumbered)} renumbered"
        if changes.renumbered
        else "",
        many(len(changes.measured), "success measure") + f" {_was(changes.measured)} agreed"
        if changes.measured
        else "",
        *partnership_changes.parts(changes, many),
    ]
    told = [part for part in parts if part]
    sentence = f"{_first_up(listed(told))}." if told else NOTHING
    return f"{sentence} {_silence(changes, nouns)}" if changes.silent else sentence


def groups(changes: ChangesFacts, nouns: Nouns = GENERAL, period: PeriodKind = YEAR) -> list[ChangeGroup]:
    """Return the changes grouped by kind, without empty groups."""
    moved, newly = _split(changes)
    said = (
        f"{_upper(len(moved), nouns.commitment)} changed status since {changes.against}."
        if changes.against
        else _sentence(moved, "changed status", nouns)
    )
    after = f"There had been no update on {plurals.agree(len(newly), 'it', 'them')} " + (
        f"in {changes.against}." if changes.against else "before."
    )
    many = len(changes.partners) > 1
    came = "take part" if many else "takes part"
    formerly = {renumbering.reference: renumbering.was for renumbering in changes.renumbered}
    found = [
        ChangeGroup("added", "Added", f"{_upper(len(changes.added), nouns.commitment)} {_was(changes.added)} added to the {nouns.strategy}.", _lines(changes.added, _added)),
        ChangeGroup("responded", "Responses", f"{_upper(len(changes.responded), 'response')} {_was(changes.responded)} published.", _lines(changes.responded, _responded)),
        ChangeGroup("moved", "Status changed", said, _lines(moved, partial(_moved, day=not changes.against, formerly=formerly))),
        ChangeGroup("first", "Updated again" if changes.against else "First updates", after, _lines(newly, partial(_moved, day=not changes.against, formerly=formerly))),
        ChangeGroup("silent", "No update", _silence(changes, nouns)),
        ChangeGroup("slipped", "Actions that were late", _slips(changes), _lines(changes.slipped, partial(_slipped, changes=changes))),
        ChangeGroup(
            "overdue", f"Actions {_overdue_since(changes, period)}", _overdue(changes),
            _lines(changes.overdue, partial(_slipped, changes=changes)),
        ),
        ChangeGroup("done", "Actions that were done", f"{_upper(len(changes.done), 'action')} {_was(changes.done)} done.", _lines(changes.done, _done)),
        ChangeGroup(
            "partners", "New partners", f"{_upper(len(changes.partners), 'organisation')} {came} for the first time: {listed(changes.partners)}."
        ),
        ChangeGroup("amended", "Wording amended", f"The wording of {_how_many(len(changes.amended), nouns.commitment)} was amended.", _lines(changes.amended, _amended)),
        ChangeGroup("renumbered", "Renumbered", f"{_upper(len(changes.renumbered), nouns.commitment)} {plurals.has(len(changes.renumbered))} a new number.", _lines(changes.renumbered, _renumbered)),
        ChangeGroup("measured", "Success measures agreed", f"{_upper(len(changes.measured), 'success measure')} {_was(changes.measured)} agreed.", _lines(changes.measured, _measured)),
        *partnership_changes.groups(changes),
        ChangeGroup("evidence", "New evidence", _came_in(changes)),
    ]  # fmt: skip
    there = {
        "added": changes.added, "renumbered": changes.renumbered, "responded": changes.responded,
        "moved": moved, "first": newly, "silent": changes.silent, "slipped": changes.slipped, "overdue": changes.overdue,
        "done": changes.done,
        "partners": changes.partners, "amended": changes.amended, "measured": changes.measured, "evidence": changes.pieces,
    }  # fmt: skip
    return [group for group in found if there.get(group.code, group.lines)]


def sentences(changes: ChangesFacts, nouns: Nouns = GENERAL) -> list[str]:
    """Return every change as a sentence of its own, in the order of :func:`groups`."""
    found = []
    for group in groups(changes, nouns):
        found.append(group.says)
        found += [line.sentence for line in group.lines]
    return found or [NOTHING]


def copied(changes: ChangesFacts, title: str, nouns: Nouns = GENERAL) -> str:
    """Return a paragraph for an agenda: what changed between the two days, without its reasons."""
    moved, newly = _split(changes)
    begins = in_words(changes.since + timedelta(days=1))
    parts = [f"{title}, from {begins} to {in_words(changes.until)}: {headline(changes, nouns)}"]
    if moved:
        told = [_from_to(move) for move in moved if move.was != move.now]
        parts += [f"Status changed: {'; '.join(told)}."] if told else []
    if changes.responded:
        told = [
            f"{answer.reference} {stances.of(answer.stance).past} by {answer.addressee}" for answer in changes.responded
        ]
        parts.append(f"Responses: {'; '.join(told)}.")
    if newly:
        parts.append(f"First updates: {'; '.join(f'{move.reference} {_word(move.now)}' for move in newly)}.")
    if changes.slipped:
        told = [f"{action.reference} {action.title} (due {in_words(action.due_on)})" for action in changes.slipped]
        parts.append(f"Late: {'; '.join(told)}.")
    if changes.overdue:
        told = [f"{action.reference} {action.title} (due {in_words(action.due_on)})" for action in changes.overdue]
        parts.append(f"{_first_up(_overdue_since(changes))}: {'; '.join(told)}.")
    if changes.partners:
        parts.append(f"New partners: {listed(changes.partners)}.")
    if changes.amended:
        parts.append(f"Wording amended: {listed([amendment.reference for amendment in changes.amended])}.")
    if changes.added:
        parts.append(
            f"Added: {'; '.join(f'{addition.reference} {addition.short_title}' for addition in changes.added)}."
        )
    if changes.renumbered:
        parts.append(
            f"Renumbered: {'; '.join(f'{renumbering.was} is now {renumbering.reference}' for renumbering in changes.renumbered)}."
        )
    if changes.measured:
        parts.append(f"Success measures agreed: {listed([agreement.reference for agreement in changes.measured])}.")
    parts += partnership_changes.copied(changes)
    if changes.pieces:
        parts.append(_came_in(changes))
    return " ".join(parts)


def _split(changes: ChangesFacts) -> tuple[list[MovedFacts], list[MovedFacts]]:
    """Return those whose status changed or that were closed, and those that had no update before."""
    newly = [move for move in changes.moved if not move.was and move.now != "closed"]
    return [move for move in changes.moved if move not in newly], newly


def _from_to(move: MovedFacts) -> str:
    return f"{move.reference} {f'from {_word(move.was)} ' if move.was else ''}to {_word(move.now)}"


def _spoken_of(told: str, count: int, changes: ChangesFacts) -> str:
    if not changes.against:
        return f"{told} had {plurals.agree(count, 'its', 'their')} first update"
    return f"{told} that had no update before now {plurals.has(count)} one"


def _lines(things: Sequence[T], say: Callable[[T], ChangeLine]) -> tuple[ChangeLine, ...]:
    return tuple(say(thing) for thing in things)


def _moved(move: MovedFacts, *, day: bool, formerly: Mapping[str, str]) -> ChangeLine:
    between = listed([_word(code) for code in move.via])
    if not move.was:
        way = f" is {_word(move.now)}{f', after {between}' if between else ''}"
    elif move.was == move.now:
        way = f" is {_word(move.now)} as before; in between it was {between}"
    else:
        way = f" went from {_word(move.was)} to {_word(move.now)}{f', by way of {between}' if between else ''}"
    # A year's update may be approved long after the move, so a year names no day.
    when = f" on {in_words(move.on)}" if day and move.on else ""
    why = f" The reason given: {_ended(move.reason)}" if move.reason else ""
    into = f" It was merged into {move.into}." if move.into else ""
    was = f" (was {formerly[move.reference]})" if move.reference in formerly else ""
    values = ChangeValues(_word(move.was) if move.was else "", _word(move.now), move.on, move.reason)
    return ChangeLine(move.reference, move.short_title, f"{was}{way}{when}.{why}{into}", move.was, move.now, values)


def _added(addition: AddedFacts) -> ChangeLine:
    values = ChangeValues(now=addition.short_title, on=addition.on)
    return ChangeLine(
        addition.reference, addition.short_title, f" was added on {in_words(addition.on)}.", values=values
    )


def _responded(response: RespondedFacts) -> ChangeLine:
    said = f": {stances.of(response.stance).past} by {response.addressee} on {in_words(response.on)}."
    values = ChangeValues(now=stances.of(response.stance).label, on=response.on)
    return ChangeLine(response.reference, response.short_title, said, values=values)


def _renumbered(renumbering: RenumberedFacts) -> ChangeLine:
    day = f" on {in_words(renumbering.on)}" if renumbering.on else ""
    return ChangeLine(
        renumbering.reference,
        renumbering.short_title,
        f" was {renumbering.was} and became {renumbering.reference}{day}.",
        values=ChangeValues(renumbering.was, renumbering.reference, renumbering.on),
    )


def _measured(agreement: MeasuredFacts) -> ChangeLine:
    day = f" on {in_words(agreement.agreed_on)}" if agreement.agreed_on else ""
    said = f": agreed by {agreement.agreed_by}{day}. “{agreement.words}”"
    values = ChangeValues(now=agreement.words, on=agreement.agreed_on)
    return ChangeLine(agreement.reference, agreement.short_title, said, values=values)


def _slips(changes: ChangesFacts) -> str:
    count = len(changes.slipped)
    they = plurals.agree(count, "it was", "they were")
    return (
        f"{_upper(count, 'action')} {_was(changes.slipped)} not done by the date {they} due; "
        f"{_what_became(changes.slipped, changes)}."
    )


def _overdue(changes: ChangesFacts) -> str:
    count = len(changes.overdue)
    first, last = in_words(changes.since + timedelta(days=1)), in_words(changes.until)
    which = f"{_upper(count, 'action')} that {_was(changes.overdue)} due before {first} {_was(changes.overdue)}"
    if changes.as_at in (None, changes.until) and all(_is_open(action) for action in changes.overdue):
        return f"{which} still not done on {last}."
    return f"{which} not done by {last}; {_what_became(changes.overdue, changes)}."


def _what_became(late: Sequence[SlippedFacts], changes: ChangesFacts) -> str:
    """Return what became of late actions, with a count for each way: "3 were done later and 1 was still not done on …"."""
    since, day = in_words(changes.until), in_words(changes.as_at or changes.until)
    counts = (
        (sum(action.done_on is not None for action in late), "was done later", "were done later"),
        (sum(action.done_since is not None for action in late), f"has been done since {since}", f"have been done since {since}"),
        (sum(action.dropped_since is not None for action in late), f"has been dropped since {since}", f"have been dropped since {since}"),
        (sum(_is_open(action) for action in late), f"was still not done on {day}", f"were still not done on {day}"),
    )  # fmt: skip
    found = [(count, plurals.agree(count, singular, many)) for count, singular, many in counts if count]
    if len(found) == 1:
        return f"{plurals.agree(len(late), 'it', 'all')} {found[0][1]}"
    return listed([f"{count} {words}" for count, words in found])


def _is_open(action: SlippedFacts) -> bool:
    return action.done_on is None and action.done_since is None and action.dropped_since is None


def _slipped(action: SlippedFacts, *, changes: ChangesFacts) -> ChangeLine:
    if action.done_on:
        now, then = "Done", f"done on {in_words(action.done_on)}"
    elif action.done_since:
        now, then = "Done", f"not done by {in_words(changes.until)}; done since, on {in_words(action.done_since)}"
    elif action.dropped_since:
        now, then = (
            "Dropped",
            f"not done by {in_words(changes.until)}; dropped since, on {in_words(action.dropped_since)}",
        )
    else:
        now, then = "Not done", f"still not done on {in_words(changes.as_at or changes.until)}"
    on = action.done_on or action.done_since or action.dropped_since
    return ChangeLine(
        action.reference,
        action.title,
        f": due {in_words(action.due_on)}, {then}.",
        values=_outcome(action.due_on, now, on),
    )


def _outcome(due_on: date | None, now: str, on: date | None) -> ChangeValues:
    return ChangeValues(f"Due {in_words(due_on)}" if due_on else "", now, on)


def _overdue_since(changes: ChangesFacts, period: PeriodKind = YEAR) -> str:
    return f"overdue from earlier {period.many}" if changes.against else "already overdue"


def _done(action: DoneFacts) -> ChangeLine:
    late = f"; it was due on {in_words(action.due_on)}" if action.due_on and action.done_on > action.due_on else ""
    values = _outcome(action.due_on, "Done", action.done_on)
    return ChangeLine(action.reference, action.title, f": done on {in_words(action.done_on)}{late}.", values=values)


def _amended(amendment: AmendedFacts) -> ChangeLine:
    day = f" on {in_words(amendment.on)}" if amendment.on else ""
    said = f"was amended{day}. It was “{amendment.was}”. It is now “{amendment.now}”."
    return ChangeLine(amendment.reference, "", said, values=ChangeValues(amendment.was, amendment.now, amendment.on))


def _silence(changes: ChangesFacts, nouns: Nouns) -> str:
    count = len(changes.silent)
    which = f": {listed(changes.silent)}" if count <= MAX_LISTED else ""
    base = f"{count} of " if changes.commitments else ""
    commitments = f"{base}{plurals.counted(changes.commitments or count, nouns.commitment)}"
    if changes.against:
        return f"No update was received for {commitments}{which}."
    return f"{commitments} had no update{which}."


def _came_in(changes: ChangesFacts) -> str:
    pieces, came = changes.pieces or 0, changes.organisations or 0
    items = f"More than {plurals.counted(MAX_COUNTED, 'item')}" if pieces > MAX_COUNTED else _upper(pieces, "item")
    return (
        f"{items} of evidence from {_how_many(came, 'organisation')}{among(changes.owner, came)} "
        f"{plurals.was(pieces)} accepted."
    )


def _sentence(things: Sequence[object], verb: str, nouns: Nouns) -> str:
    return f"{_upper(len(things), nouns.commitment)} {verb}."


def _word(code: str) -> str:
    return words.of(code).label


def _was(things: Sequence[object]) -> str:
    return plurals.was(len(things))


def _how_many(count: int, singular: str) -> str:
    return plurals.spelt(count, singular)


def _upper(count: int, singular: str) -> str:
    return _first_up(_how_many(count, singular))


def _first_up(text: str) -> str:
    return plurals.capital(text)


def _ended(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "”")) else f"{text}."
