"""The parts of a partnership's paper: what it is, its sub-groups, what each of them did, and what comes next.

Their order and headings are a matter of the skeleton. A part without anything to say is left out.
"""

from collections.abc import Callable
from typing import Final

from reporting.facts import EngagementFacts, EvidenceFacts, GroupFacts, PartFacts, PriorityFacts, Report
from reporting.narrative import engagement, groups, sentences
from reporting.narrative.actions import title
from reporting.narrative.sections import narrative_key
from reporting.paper import appendices, delivery, skeleton
from reporting.paper.blocks import TextRun, run
from reporting.paper.marked import tell
from reporting.paper.skeleton import BODIES, POINTS, SEATS
from reporting.paper.writing import PaperWriter
from vcsportal.common import plurals
from vcsportal.common.cells import clean
from vcsportal.common.dates import in_words

Words = dict[str, str]


def _heading(writing: PaperWriter, part: PartFacts, words: Words) -> None:
    writing.heading(1, skeleton.fill(part.heading, words))


def _otherwise(writing: PaperWriter, part: PartFacts, words: Words) -> None:
    """Write the skeleton's own sentence for a part that has nothing to say, if it has one."""
    if part.otherwise:
        _heading(writing, part, words)
        writing.say(skeleton.fill(part.otherwise, words))


def _appendix(report: Report, kind: str) -> int:
    """Return the number of an appendix; 0 where the paper has none of the kind."""
    kinds = [appendix.kind for appendix in appendices.of(report, skeleton.of(report).appendices)]
    return kinds.index(kind) + 1 if kind in kinds else 0


def _group(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write what officers wrote, and then when the partnership was founded, what it is for and who it reports to."""
    written, group = clean(report.text(part.section)) if part.section else "", report.own_group
    if not written and group is None:
        return _otherwise(writing, part, words)
    _heading(writing, part, words)
    tell(writing, written, under=1, language=report.language_of(part.section))
    if group is None:
        return None
    if begun := groups.founded(group, group.name):
        writing.say(begun)
    for paragraph in groups.purpose(group):
        writing.say(paragraph)
    if line := groups.reporting_line(group):
        writing.say(line)
    if number := _appendix(report, SEATS):
        writing.say(f"Appendix {number} lists its members.")
    return None


def _vision(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    if not report.strategy.vision:
        return _otherwise(writing, part, words)
    _heading(writing, part, words)
    for paragraph in report.strategy.vision.split("\n\n"):
        writing.paragraph(run(paragraph, language=report.strategy.language))
    return None


def _aims(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    found = groups.aims(report.own_group) if report.own_group else []
    if not found:
        return _otherwise(writing, part, words)
    _heading(writing, part, words)
    writing.say("The aims are:")
    for aim in found:
        writing.item(run(aim))
    return None


def _steering(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write how often it meets, its seats, its chair's post and who supports it."""
    group = report.own_group
    told = [groups.meets(group), groups.seats(group)] if group else []
    rest = [groups.chair(group), groups.support(group)] if group else []
    if not any([*told, *rest]):
        return _otherwise(writing, part, words)
    _heading(writing, part, words)
    for sentence in filter(None, [" ".join(filter(None, told)), *rest]):
        writing.say(sentence)
    return None


def _subgroups(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write which sub-groups there are, and a heading with the introduction of each."""
    if not report.priorities:
        return _otherwise(writing, part, words)
    nouns, language = report.strategy.nouns, report.strategy.language
    _heading(writing, part, words)
    writing.say(f"There {plurals.be(len(report.priorities))} {plurals.spelt(len(report.priorities), nouns.priority)}:")
    for priority in report.priorities:
        writing.item(run(priority.title, language=language))
    for priority in report.priorities:
        writing.heading(2, _named(priority, nouns.priority), foreign=priority.title, language=language)
        _introduce(writing, report, priority)
    return None


def _named(priority: PriorityFacts, noun: str) -> str:
    """Return a sub-group's title with the noun after it, unless its title has it already."""
    return priority.title if noun.lower() in priority.title.lower() else f"{priority.title} {noun}"


def _introduce(writing: PaperWriter, report: Report, priority: PriorityFacts) -> None:
    """Write the plan's own introduction, and what is known of the group."""
    introduction = priority.introduction or priority.summary
    for paragraph in filter(None, introduction.split("\n\n")):
        writing.paragraph(run(paragraph, language=report.strategy.language if priority.introduction else ""))
    group = report.group_called(priority.group)
    if group is None:
        if not introduction:
            writing.say("Nothing more was recorded about it.")
        return
    for paragraph in [*groups.purpose(group), " ".join(groups.sentences(group))]:
        if paragraph:
            writing.say(paragraph)
    if group.slug in {each.slug for each in groups.represented_groups(report, _listed(report))} and (
        number := _appendix(report, BODIES)
    ):
        writing.say(f"Appendix {number} lists who is represented in it.")


def _listed(report: Report) -> str:
    return skeleton.represented(skeleton.of(report))


def _activity(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write each sub-group's narrative, and its themes with their achievements."""
    if not report.priorities:
        return _otherwise(writing, part, words)
    pieces, language = {piece.number: piece for piece in report.evidence}, report.strategy.language
    _heading(writing, part, words)
    for priority in report.priorities:
        writing.heading(2, priority.title, foreign=priority.title, language=language)
        key, group = narrative_key(priority), report.group_called(priority.group)
        if group and (group.rests_since or group.ended_on):
            writing.say(groups.meets(group, "The group"))
        tell(writing, report.text(key), under=2, language=report.language_of(key))
        delivery.count(writing, report, priority.indicators)
        for commitment in priority.commitments:
            heading = commitment.short_title
            writing.heading(3, heading, foreign=heading, language=language)
            delivery.promise(writing, report, commitment, language)
            delivery.answers(writing, commitment)
            delivery.council(writing, report, commitment)
            delivery.sector(writing, commitment, report.strategy.answering)
            delivery.count(writing, report, commitment.indicators)
            _achievements(writing, "Achievements:", [pieces[number] for number in commitment.evidence])
        if not priority.commitments:
            writing.say(sentences.nothing_yet(report.strategy.nouns))
    if report.late:
        writing.heading(2, f"Achievements of earlier {report.period.many} that were recorded late")
        _achievements(writing, "They are not counted in this report:", report.late)
    return None


def _achievements(writing: PaperWriter, lead: str, pieces: tuple[EvidenceFacts, ...] | list[EvidenceFacts]) -> None:
    """Write items of evidence as bullets, each with its organisation and the number of its note in the report."""
    if not pieces:
        return
    writing.paragraph(run(lead), notes=[piece.number for piece in pieces])
    for piece in pieces:
        writing.item(run(piece.title, language=piece.language), run(f" ({piece.organisation}, note {piece.number})"))


def _other(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write what was held in the time, with its numbers, how many points were answered, and where they stand."""
    if not report.engagement and not report.points:
        return _otherwise(writing, part, words)
    _heading(writing, part, words)
    if report.engagement:
        writing.say("Meetings, workshops and consultations that were held:")
        for each in report.engagement:
            writing.item(*_told(each))
    if summary := engagement.points_in_words(report.points):
        writing.say(f"{summary} Appendix {_appendix(report, POINTS)} has them all.")
    return None


def _told(each: EngagementFacts) -> list[TextRun]:
    more = " ".join(filter(None, [engagement.numbers(each), " ".join(each.summary.split())]))
    return [run(f"{each.title}", bold=True), run(f", {engagement.placed(each)}.{f' {more}' if more else ''}")]


def _forward(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write what officers wrote, what is planned, and the actions that are open."""
    written = clean(report.text(part.section)) if part.section else ""
    open_actions = [
        (commitment, action)
        for commitment in report.commitments()
        for action in commitment.actions
        if action.is_open and commitment.closed_on is None
    ]
    if not (written or open_actions or report.planned):
        return _otherwise(writing, part, words)
    _heading(writing, part, words)
    tell(writing, written, under=1, language=report.language_of(part.section), number_items=True)
    if report.planned:
        writing.say("Meetings and consultations that are planned:")
        for each in report.planned:
            writing.item(run(each.title, bold=True), run(f", {engagement.placed(each)}"))
    if open_actions:
        writing.say("Actions that are open:")
        for commitment, action in open_actions:
            due = f", due on {in_words(action.due_on)}" if action.due_on else ""
            owner = f" ({action.owner})" if action.owner else ""
            writing.item(run(f"{commitment.short_title}: ", bold=True), run(f"{title(action)}{owner}{due}"))
    return None


def seats(writing: PaperWriter, report: Report) -> None:
    """Write the partnership's seats and who held them, by post."""
    group = report.own_group
    if group is not None:
        writing.table(
            groups.seats_caption(report, group), ["Seat", "Post", "Organisation"],
            [[seat.title, *groups.held_by(seat)] for seat in group.seats], [32, 34, 34],
        )  # fmt: skip


def bodies(writing: PaperWriter, report: Report) -> None:
    """Write who is represented in the sub-groups, each organisation once, with its services below it."""
    for group in groups.represented_groups(report, _listed(report)):
        writing.unnumbered(f"{group.name} has representatives of:")
        _bodies(writing, group)


def _bodies(writing: PaperWriter, group: GroupFacts) -> None:
    for body in groups.bodies(group):
        writing.item(run(f"{body.name}, including:" if body.services else body.name))
        for service in body.services:
            writing.item(run(service), level=1)


PARTS: Final[dict[str, Callable[[PaperWriter, Report, PartFacts, Words], None]]] = {
    "group": _group, "vision": _vision, "aims": _aims, "steering": _steering, "subgroups": _subgroups,
    "activity": _activity, "other": _other, "forward": _forward,
}  # fmt: skip
APPENDICES: Final[dict[str, Callable[[PaperWriter, Report], None]]] = {SEATS: seats, BODIES: bodies}
