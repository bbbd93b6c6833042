"""Refuses to renumber priorities, because reports, indicators and narratives belong to their numbers."""

from collections.abc import Iterator, Mapping, Sequence

from commitments.models import Commitment, Priority
from commitments.strategy_file.matching import MatchResult, plain
from commitments.strategy_file.strategy import StrategyEntry
from vcsportal.common.data_file import Fault

AT_THE_END = "A priority keeps its number, as its indicators and the texts of its reports belong to it. Add a new one at the end."


def moved_priorities(
    known: Mapping[int, Priority], entry: StrategyEntry, ours: Sequence[Commitment], matched: MatchResult
) -> Iterator[Fault]:
    """Yield a fault for each priority of the portal that the file leaves out, or seems to have under another number.

    :param known: the portal's priorities by number.
    """
    groups = {group.number: group for group in entry.priorities}
    of_key = {commitment.key: commitment.priority.number for commitment in ours}
    for number in known:
        if number not in groups:
            sentence = "is in the portal and not in the file. Put it back into the file."
            yield Fault(entry.line, f"priority {number}", "", sentence)
    place = 0
    for group in entry.priorities:
        keys = [matched.same[place + at] for at in range(len(group.commitments)) if place + at in matched.same]
        place += len(group.commitments)
        here = known.get(group.number)
        if here is not None and plain(here.title) == plain(group.title):
            continue
        moved = next((priority for priority in known.values() if plain(priority.title) == plain(group.title)), None)
        if moved is not None:
            sentence = f"“{group.title}” is priority {moved.number} in the portal, and {group.number} in the file. {AT_THE_END}"
            yield group.fault("number", sentence)
        elif (
            here is not None and group.number in of_key.values() and not any(of_key[key] == here.number for key in keys)
        ):
            sentence = (
                f"“{here.title}” would be called “{group.title}”, and none of its commitments would stay. If it is another "
                f"priority, leave “{here.title}” where it is. {AT_THE_END}"
            )
            yield group.fault("title", sentence)
