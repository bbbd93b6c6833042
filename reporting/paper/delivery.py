"""The paper's part on each priority: the officers' narrative, then the facts of every commitment."""

from collections.abc import Sequence
from typing import Final

from commitments.rules import status as statuses
from reporting.facts import (
    CommitmentFacts,
    EvidenceFacts,
    IndicatorFacts,
    PriorityFacts,
    RecordedStatusFacts,
    Report,
)
from reporting.narrative import indicator_words, measures, responses, sentences, standings
from reporting.narrative.sections import narrative_key
from reporting.paper.blocks import plain, run
from reporting.paper.marked import tell
from reporting.paper.writing import PaperWriter
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

NO_UPDATE_SENTENCE: Final = "No update was received from {}."


def tell_priorities(writing: PaperWriter, report: Report) -> None:
    """Write every priority with its commitments, in the strategy's own order."""
    pieces = {piece.number: piece for piece in report.evidence}
    nouns = report.strategy.nouns
    if not report.priorities:
        writing.say(sentences.nothing_yet(nouns))
    for priority in report.priorities:
        numbers = sorted({number for commitment in priority.commitments for number in commitment.evidence})
        language, key = report.strategy.language, narrative_key(priority)
        writing.heading(2, f"{priority.heading(nouns)}: {priority.title}", foreign=priority.title, language=language)
        _introduce(writing, priority, language)
        tell(writing, report.text(key), under=2, language=report.language_of(key))
        writing.say(
            sentences.about(priority, [pieces[number] for number in numbers], report.owner_taking_part(), nouns)
        )
        count(writing, report, priority.indicators)
        for commitment in priority.commitments:
            heading = f"{plurals.capital(nouns.commitment)} {commitment.reference}: {commitment.short_title}"
            writing.heading(3, heading, foreign=commitment.short_title, language=language)
            promise(writing, report, commitment, language)
            answers(writing, commitment)
            council(writing, report, commitment)
            sector(writing, commitment, report.strategy.answering)
            count(writing, report, commitment.indicators)
            _evidence(writing, [pieces[number] for number in commitment.evidence])


def _introduce(writing: PaperWriter, priority: PriorityFacts, language: str) -> None:
    """Write the strategy's introduction as a quotation, with its source."""
    if priority.introduction:
        for paragraph in priority.introduction.split("\n\n"):
            writing.quote(run(paragraph, language=language))
        writing.say(f"Quoted from: {priority.introduction_source}")


def promise(writing: PaperWriter, report: Report, commitment: CommitmentFacts, language: str) -> None:
    """Write the strategy's wording and its note to it, since when the commitment belongs to the strategy, and how it is to succeed.

    A status that nobody gave a reason for stands after the wording, as it would be a paragraph of two words.
    """
    alone = _is_status_alone(commitment)
    if alone or plain(commitment.wording) != plain(commitment.short_title):
        label = run(f"{plurals.capital(report.strategy.nouns.commitment)}: ", bold=True)
        status = [run(" "), run(_status(commitment), bold=True)] if alone else []
        writing.paragraph(label, run(commitment.wording, language=language), *status)
    if commitment.note:
        mark = "*" if "*" in commitment.wording else ""
        note = run(f"{mark}{commitment.note}", language=language)
        writing.paragraph(note, run(f" Source: {commitment.note_source}"))
    former = sentences.former_number(report, commitment.reference)
    was = f"Its number was {former} in the report for {report.label_of(report.rounds[-2])}." if former else ""
    if since := " ".join(filter(None, [sentences.joined(commitment, report.strategy.nouns), was])):
        writing.say(since)
    if plan := measures.plan(commitment):
        writing.say(plan)
    if agreement := measures.agreement(commitment):
        words = run(f"{commitment.success_measure} {agreement}")
        writing.paragraph(run(f"{measures.HEADING} ", bold=True), words)


def answers(writing: PaperWriter, commitment: CommitmentFacts) -> None:
    """Write what each addressee responded; one alone needs no list."""
    if len(commitment.responses) == 1:
        [response] = commitment.responses
        writing.paragraph(run(f"Response of {response.addressee}: ", bold=True), run(responses.told(response)))
    elif commitment.responses:
        writing.say("Responses:")
        for response in commitment.responses:
            writing.item(run(f"{response.addressee}: ", bold=True), run(responses.told(response)))


def council(writing: PaperWriter, report: Report, commitment: CommitmentFacts) -> None:
    """Write how the council says that it stands, why, what was done and what comes next."""
    if not commitment.status:
        if commitment.is_silent:
            writing.say(NO_UPDATE_SENTENCE.format(report.strategy.answering))
            if commitment.recorded is not None:
                _recorded(writing, commitment.recorded)
        return
    words = [run(_status(commitment), bold=True)]
    if commitment.reason:
        words.append(run(f" {commitment.reason}"))
    if commitment.remedy:
        words += [run(" What will be done about it: ", bold=True), run(commitment.remedy)]
    if commitment.confirms:
        on = f" on {in_words(commitment.confirmed_on)}" if commitment.confirmed_on else ""
        words.append(
            run(
                f" {plurals.capital(report.strategy.answering)} confirmed{on} that its "
                f"{report.label_of(commitment.confirms)} update is still true."
            )
        )
    if not _is_status_alone(commitment):
        writing.paragraph(*words)
    tell(writing, commitment.narrative, under=3)
    tell(writing, commitment.next_steps, under=3, lead="What comes next:")


def _status(commitment: CommitmentFacts) -> str:
    """Return how the owner says that it stands, as a sentence."""
    return sentences.closed_since(commitment) or f"{statuses.of(commitment.status).label}."


def _is_status_alone(commitment: CommitmentFacts) -> bool:
    """Whether there is a status without a reason, a remedy or a confirmation to go with it."""
    return bool(commitment.status) and not (commitment.reason or commitment.remedy or commitment.confirms)


def _recorded(writing: PaperWriter, recorded: RecordedStatusFacts) -> None:
    """Write the status on record of a commitment without an update, and where it comes from."""
    words = [run(f"{standings.on_record(recorded)}.", bold=True)]
    if recorded.reason:
        words.append(run(f" {recorded.reason}"))
    if recorded.remedy:
        words += [run(" What will be done about it: ", bold=True), run(recorded.remedy)]
    writing.paragraph(*words)


def sector(writing: PaperWriter, commitment: CommitmentFacts, answering: str) -> None:
    """Write the sector's voice beside the owner's."""
    if commitment.views:
        findings = " ".join(sentences.findings(commitment, answering)) or "The sector gave its own view."
        writing.say(findings)
        for view in commitment.views:
            parts = [run(f"{view.organisation}: {statuses.of(view.status).label}. {view.reason}")]
            if view.reply:
                parts += [run(f" {sentences.replied(view, answering)} ", bold=True), run(view.reply)]
            writing.item(*parts)


def count(writing: PaperWriter, report: Report, indicators: Sequence[IndicatorFacts]) -> None:
    """Write what was counted, each figure with its baseline, its direction and its later targets."""
    told = indicator_words.in_round(report, indicators)
    if told:
        writing.say("Figures:")
        for indicator, figure in told:
            beside = indicator_words.beside(report, indicator, later=figure.target is not None)
            by_strand = indicator_words.by_strand(figure)
            writing.item(run(" ".join(filter(None, [f"{indicator.title}: {indicator.sentence}", beside, by_strand]))))


def _evidence(writing: PaperWriter, pieces: Sequence[EvidenceFacts]) -> None:
    """Write on whose evidence it rests, by the numbers of the report's notes."""
    if not pieces:
        return
    notes: dict[str, list[int]] = {}
    for piece in pieces:
        notes.setdefault(piece.organisation, []).append(piece.number)
    told = [
        f"{organisation} ({plurals.noun(len(numbers), 'note')} {sentences.listed([str(number) for number in numbers])})"
        for organisation, numbers in notes.items()
    ]
    writing.paragraph(
        run("Evidence: ", bold=True), run(f"{sentences.listed(told)}."), notes=[piece.number for piece in pieces]
    )
