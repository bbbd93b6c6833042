"""The checks of an edition's readiness, one function each. They take a :class:`EditionForChecks`; None means that a check does not apply."""

from collections.abc import Callable
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from commitments.rules.stances import AWAITED_CODE
from reporting.narrative.prose_check import find_contradictions
from reporting.narrative.responses import counted, held_back
from reporting.narrative.sections import ReportSection, sections, sections_of_report
from reporting.paper.skeleton import default, fill, unfilled, words
from reporting.reading.differences import seen_by_steering_group
from reporting.reading.readiness import EditionForChecks, Readiness, ReadinessCheck
from reporting.reading.suspension import to_be_replaced
from reporting.rendering import find_missing
from reporting.sealed.checking import added_since, find_taken_back, find_wrong
from vcsportal.common import plurals
from vcsportal.common.dates import in_words

NEW_EDITION: Final = "Request a new edition, and publish that one."


def readiness(situation: EditionForChecks) -> Readiness:
    """Return every check of an edition, in the order in which people put things right."""
    return Readiness(tuple(found for rule in RULES if (found := rule(situation)) is not None))


def round_is_closed(now: EditionForChecks) -> ReadinessCheck:
    """A report can be published once its round is closed, or where the round was over before the portal was there to open it."""
    round_ = now.edition.round
    about = ("round", f"The {round_.label} round")
    url, link = round_.get_absolute_url(), f"The {round_.label} round"
    if round_.state == "closed":
        return ReadinessCheck(*about, "ready", "The round is closed.", url=url, link=link)
    if round_.state == "planned" and round_.grace_until < now.today:
        return ReadinessCheck(
            *about, "ready", "The round was over before it could be opened in the portal.", url=url, link=link
        )
    if round_.state == "planned":
        sentence = "The round has not been opened yet, so there is nothing to publish."
    elif round_.state == "open":
        sentence = (
            "The round is open: updates are still being written. End its window, approve or return what was sent, "
            "and close it on its page. Then request a new edition."
        )
    else:
        sentence = (
            "The round is in review: statuses are not final until it is closed. Approve or return what was sent, and "
            "close it on its page. Then request a new edition."
        )
    return ReadinessCheck(*about, "stop", sentence, url=url, link=link)


def edition_is_current(now: EditionForChecks) -> ReadinessCheck | None:
    """An edition made before the round was closed last says what may have changed since."""
    if now.frozen_at is None or now.edition.round.state != "closed":
        return None
    made, closed = (in_words(timezone.localdate(at)) for at in (now.made_at, now.frozen_at))
    if now.made_at >= now.frozen_at:
        return ReadinessCheck(
            "current", "When it was made", "ready", f"It was made after the round was closed on {closed}."
        )
    sentence = f"It was made on {made}, before the round was closed on {closed}, so it may not say what was agreed."
    return ReadinessCheck("current", "When it was made", "stop", f"{sentence} {NEW_EDITION}", **_list_of_editions())


def consents_stand(now: EditionForChecks) -> ReadinessCheck:
    """Everything in the edition is still covered by consents."""
    fault = find_taken_back(now.edition.facts, now.today)
    sentence = f"{fault} {NEW_EDITION}" if fault else "Everything it shows may be published."
    return ReadinessCheck("consents", "Consents and evidence", "stop" if fault else "ready", sentence)


def files_are_whole(now: EditionForChecks) -> ReadinessCheck:
    """Every file and the facts are as their checksums say."""
    fault = find_wrong(now.edition)
    count = len(now.edition.faces.all())
    if fault:
        return ReadinessCheck("files", "Files", "stop", f"{fault} {NEW_EDITION}")
    sentence = f"All {count} files are present and unchanged."
    if added := added_since(now.edition):
        which = plurals.join_with_and([f"“{section.label}”" for section in added])
        sentence += (
            f" {which} {plurals.was(len(added))} added to the portal after this edition was made, so the edition does not "
            f"include {plurals.agree(len(added), 'it', 'them')}. You can publish it as it is, or request a new edition."
        )
        return ReadinessCheck("files", "Files", "warning", sentence)
    return ReadinessCheck("files", "Files", "ready", sentence)


def somebody_can_confirm(now: EditionForChecks) -> ReadinessCheck:
    """Publishing needs two people."""
    if now.others:
        who = ", ".join(person.name for person in now.others)
        return ReadinessCheck(
            "second-person", "A second person", "ready", f"One of these people can confirm it: {who}."
        )
    sentence = "Nobody else can confirm it. An administrator can give a colleague the role of council officer or administrator."
    return ReadinessCheck(
        "second-person", "A second person", "stop", sentence, url=reverse("partners:people"), link="People and roles"
    )


def newest_edition(now: EditionForChecks) -> ReadinessCheck | None:
    """Warn if a newer draft of the round exists."""
    if now.newer is None:
        return None
    sentence = f"Edition {now.newer} of this round was made after this one. Check that this is the one you mean."
    return ReadinessCheck("newer", "Other editions", "warning", sentence, **_list_of_editions())


def replaces_suspended_editions(now: EditionForChecks) -> ReadinessCheck | None:
    """Say which suspended editions are withdrawn when this one is published."""
    old = to_be_replaced(now.edition, now.today)
    if not old:
        return None
    which = ", ".join(str(edition.number) for edition in old)
    sentence = (
        f"When this edition is published, edition {which} is withdrawn, because it shows a photograph, a story or a quotation whose "
        "people no longer agree to it."
    )
    return ReadinessCheck("replaces", "Editions that it replaces", "ready", sentence)


def facts_can_be_read(now: EditionForChecks) -> ReadinessCheck | None:
    """Where the facts are of a shape that this portal does not know, what follows can't be looked at."""
    if now.report is not None:
        return None
    sentence = (
        "This version of the portal can’t read what the edition says, so it could not check the rest of this list."
    )
    return ReadinessCheck("facts", "The edition’s contents", "warning", sentence)


def updates_are_there(now: EditionForChecks) -> ReadinessCheck | None:
    """Commitments without an approved update are named."""
    if now.report is None:
        return None
    asked = [
        commitment
        for commitment in now.report.commitments()
        if commitment.has_update or (commitment.is_silent and commitment.key not in now.closed)
    ]
    missing = tuple(commitment.reference for commitment in asked if commitment.is_silent)
    about, nouns = ("updates", "Updates"), now.report.strategy.nouns
    if not asked and held_back(now.report.commitments()):
        return ReadinessCheck(
            *about, "ready", f"No {nouns.commitment} needs an update yet: {counted(now.report.commitments())}."
        )
    if not missing:
        return ReadinessCheck(*about, "ready", f"All {len(asked)} {nouns.commitments} have an approved update.")
    has = plurals.has(len(missing))
    sentence = f"{len(missing)} of {nouns.counted_commitments(len(asked))} {has} no approved update."
    round_ = now.edition.round
    return ReadinessCheck(*about, "warning", sentence, missing, round_.get_absolute_url(), f"The {round_.label} round")


def responses_are_there(now: EditionForChecks) -> ReadinessCheck | None:
    """Commitments to which the strategy's owner has not responded are named. Where nothing is addressed, there is nothing to say."""
    if now.report is None or not now.report.responses():
        return None
    addressed = [commitment for commitment in now.report.commitments() if commitment.owner_response]
    missing = tuple(commitment.reference for commitment in addressed if commitment.owner_response == AWAITED_CODE)
    about, nouns = ("responses", "Responses"), now.report.strategy.nouns
    owner = now.report.strategy.owner
    if not missing:
        sentence = f"{owner} has responded to {'all ' if len(addressed) > 1 else ''}{nouns.counted_commitments(len(addressed))}."
        return ReadinessCheck(*about, "ready", sentence)
    sentence = f"{len(missing)} of {nouns.counted_commitments(len(addressed))} {plurals.agree(len(missing), 'awaits', 'await')} a response from {owner}."
    return ReadinessCheck(
        *about, "warning", sentence, missing, now.edition.round.strategy.get_absolute_url(), "Responses so far"
    )


def sections_are_written(now: EditionForChecks) -> ReadinessCheck | None:
    """Warn about sections without a text. Lines of the committee paper's header have a check of their own."""
    if now.report is None:
        return None
    lines = {line.section for line in (now.report.skeleton or default()).header}
    wanted = [section for section in _sections(now) if section.key not in lines]
    empty = tuple(section.label for section in wanted if not now.report.text(section.key).strip())
    about = ("sections", "Sections")
    if not empty:
        return ReadinessCheck(*about, "ready", f"All {len(wanted)} sections are written.")
    return ReadinessCheck(
        *about,
        "warning",
        f"{len(empty)} of {plurals.counted(len(wanted), 'section')} {plurals.be(len(empty))} empty.",
        empty,
        **_writing(now),
    )


def header_is_filled_in(now: EditionForChecks) -> ReadinessCheck | None:
    """Name the lines of the committee paper's header that nobody wrote, where the skeleton's own words are printed."""
    if now.report is None:
        return None
    about = ("header", "The committee paper’s header")
    if needed := unfilled(now.report):
        sentence = (
            f"The committee paper still needs: {plurals.join_with_and(needed)}. Write {plurals.agree(len(needed), 'it', 'them')} with "
            "the report’s texts, then request a new edition and publish that one."
        )
        return ReadinessCheck(*about, "stop", sentence, **_writing(now))
    laid_out = now.report.skeleton or default()
    known = words(now.report, laid_out)
    left = tuple(
        f"{line.label} {fill(line.otherwise, known)}"
        for line in laid_out.header
        if line.section and line.otherwise and not now.report.text(line.section).strip()
    )
    if not left:
        return ReadinessCheck(*about, "ready", "Every line is filled in.")
    sentence = f"{_lines(len(left))} not filled in, so the committee paper says:"
    return ReadinessCheck(*about, "warning", sentence, left, **_writing(now))


def texts_are_the_newest(now: EditionForChecks) -> ReadinessCheck | None:
    """What was written after the edition was made is not in it."""
    if not now.changed:
        return None
    names = tuple(section.label for section in _sections(now) if section.key in now.changed) or tuple(
        sorted(now.changed)
    )
    sentence = "These texts were changed after the edition was made, so it does not include the changes. Request a new edition."
    return ReadinessCheck("texts", "Changed texts", "warning", sentence, names, **_list_of_editions())


def comments_are_resolved(now: EditionForChecks) -> ReadinessCheck:
    """Open comments are counted, section by section."""
    about = ("comments", "Comments")
    if not now.comments:
        return ReadinessCheck(*about, "ready", "There are no open comments.")
    labels = {section.key: section.label for section in _sections(now)}
    counted = {key: now.comments.count(key) for key in dict.fromkeys(now.comments)}
    items = tuple(f"{labels.get(key, key)}: {count}" for key, count in counted.items())
    total = len(now.comments)
    sentence = "1 comment is open." if total == 1 else f"{total} comments are open."
    return ReadinessCheck(*about, "warning", sentence, items, **_writing(now))


def letters_can_be_printed(now: EditionForChecks) -> ReadinessCheck | None:
    """Characters that no font of the portal has are printed as numbers."""
    if now.report is None:
        return None
    found = tuple(
        f"{letter.character} ({letter.name or letter.code}), printed as {letter.code}: {'; '.join(letter.where)}"
        for letter in find_missing(now.report)
    )
    about = ("letters", "Characters")
    if not found:
        return ReadinessCheck(*about, "ready", "Every character can be printed.")
    sentence = f"{plurals.counted(len(found), 'character')} can’t be printed."
    return ReadinessCheck(*about, "warning", sentence, found)


def texts_agree_with_the_figures(now: EditionForChecks) -> ReadinessCheck | None:
    """Counts in an officer's text that the edition's own facts contradict."""
    if now.report is None:
        return None
    found = tuple(contradiction.sentence() for contradiction in find_contradictions(now.report))
    about = ("figures", "Figures in the texts")
    if not found:
        return ReadinessCheck(*about, "ready", "No text was found to contradict the report’s figures.")
    sentence = (
        f"{plurals.counted(len(found), 'statement')} in the texts {plurals.agree(len(found), 'differs', 'differ')}"
    )
    return ReadinessCheck(*about, "warning", f"{sentence} from the report’s figures.", found, **_writing(now))


def photographs_are_there(now: EditionForChecks) -> ReadinessCheck | None:
    """Photographs whose files were lost are left out of every file."""
    if now.report is None:
        return None
    lost = now.report.lost()
    about = ("photographs", "Photographs")
    if not lost:
        return ReadinessCheck(*about, "ready", "No photographs are missing.")
    what = "1 photograph is" if lost == 1 else f"{lost} photographs are"
    sentence = f"{what} left out, because the files are missing. They can be restored from a backup."
    items = tuple(piece.title for piece in now.report.evidence if piece.lost)
    return ReadinessCheck(*about, "warning", sentence, items)


def steering_group_has_read_it(now: EditionForChecks) -> ReadinessCheck | None:
    """What each member of the steering group has opened, and what the edition says otherwise since then."""
    if now.report is None:
        return None
    seen = seen_by_steering_group(now.edition, now.report)
    about = ("steering-group", "The steering group")
    items = tuple(state.sentence for state in seen)
    if not seen:
        return ReadinessCheck(*about, "ready", "Nobody is a member of the steering group in the portal.")
    behind = sum(not state.is_current for state in seen)
    if not behind:
        return ReadinessCheck(*about, "ready", "Every member has seen what this edition says.", items)
    has = plurals.has(behind)
    sentence = f"{behind} of {plurals.counted(len(seen), 'member')} {has} not seen all that this edition says."
    return ReadinessCheck(*about, "warning", sentence, items)


def _sections(now: EditionForChecks) -> list[ReportSection]:
    return sections_of_report(now.report) if now.report else sections([])


def _lines(count: int) -> str:
    return "1 line is" if count == 1 else f"{count} lines are"


def _writing(now: EditionForChecks) -> Any:
    round_ = now.edition.round
    return {
        "url": reverse("reporting:report-write", args=[round_.strategy.slug, round_.slug]),
        "link": f"Texts and comments for {round_.label}",
    }


def _list_of_editions() -> Any:
    return {"url": reverse("reporting:edition-list"), "link": "Reports"}


RULES: Final[tuple[Callable[[EditionForChecks], ReadinessCheck | None], ...]] = (
    round_is_closed,
    edition_is_current,
    consents_stand,
    files_are_whole,
    somebody_can_confirm,
    newest_edition,
    replaces_suspended_editions,
    facts_can_be_read,
    updates_are_there,
    responses_are_there,
    sections_are_written,
    header_is_filled_in,
    texts_are_the_newest,
    letters_can_be_printed,
    texts_agree_with_the_figures,
    comments_are_resolved,
    photographs_are_there,
    steering_group_has_read_it,
)
