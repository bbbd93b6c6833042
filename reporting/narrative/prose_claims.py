"""What a sentence claims to count: numbers in one clause with commitments and their status, actions or evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from commitments.rules.evidence_figures import SUMMED_FIGURES
from commitments.rules.status import STATUSES, Status
from vcsportal.common.number_words import NumberFound, numbers_in

NO_UPDATE_CODES: Final = frozenset({""})
ALL_STATUS_CODES: Final = frozenset(status.code for status in STATUSES)


def _may_mean(status: Status) -> tuple[frozenset[str], ...]:
    """Return what the words of a status may mean: it alone; of a one-off that is done, all that are done as well."""
    alone = frozenset({status.code})
    if status.is_done and not status.ongoing_only:
        return alone, frozenset(status.code for status in STATUSES if status.is_done)
    return (alone,)


# The first pattern that begins earliest in a clause decides. Words of a claim, the statuses that it may mean.
STATUS_WORDS: Final[tuple[tuple[str, tuple[frozenset[str], ...]], ...]] = (
    (
        r"without (?:an |any )?updates?|no updates?|silent|(?:ha(?:s|ve|d) )?(?:heard|said|reported) nothing"
        r"|nothing (?:has been |have been |was |is )?(?:said|reported|heard|recorded)|no word",
        (NO_UPDATE_CODES,),
    ),
    (r"with an update|updates? (?:was|were|has been|have been) (?:received|published)|ha(?:s|ve|d) an update", (ALL_STATUS_CODES,)),
    *((status.written or re.escape(status.label.lower()), _may_mean(status)) for status in STATUSES),
)  # fmt: skip
_STATUS: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<s{place}>{words})" for place, (words, _) in enumerate(STATUS_WORDS)) + r")\b",
    re.IGNORECASE,
)
_COMMITMENT: Final = r"(?:commitments?|promises?)"
_ADJECTIVE: Final = (
    r"(?:(?!(?:of|for|by|in|on|to|from|with|and|or|as|per|more|fewer|other|others|further|weeks?|months?|years?|days?|hours?|times)\b)"
    r"[a-z’'-]+\s+){0,3}?"
)
_OF: Final = r"(?:\s+of(?: the| our| its| these| those| all)*)?"
_NOUN: Final = re.compile(rf"{_OF}\s+(?P<adjectives>{_ADJECTIVE}){_COMMITMENT}\b", re.IGNORECASE)
_BE: Final = r"(?:is|are|was|were|stands?|ha(?:s|ve) been|remains?)"
_THEN: Final = r"(?:\s+(?:still|now|also|all|both))?\s+"
_DIRECT: Final = re.compile(rf"(?:\s+of them)?(?:\s+{_BE})?{_THEN}(?={_STATUS.pattern})", re.IGNORECASE)
_BASE: Final = re.compile(r"\s+of(?: the| our| its| these| those| all)*\s+$", re.IGNORECASE)
_HOLDS: Final = re.compile(
    r"\b(?:holds?|contains?|comprises?|consists? of|made up of|all(?: of)?(?: the)?|every one of(?: the)?)\s*$"
    r"|\b(?:holds?|contains?|comprises?|consists? of)\b.*$",
    re.IGNORECASE,
)
_IN_ALL: Final = re.compile(r"\s+(?:in all|altogether|in total)\b", re.IGNORECASE)
_NOT_SO: Final = re.compile(
    r"\b(?:not|never|no longer|nor|neither|than|if|unless|will|would|should|could|may|might|must|can|shall|hope|aim|want|"
    r"expect|plan to|intend|that were|which were|who were|target)\b"
)
_OTHERS: Final = re.compile(r"\b(?:another|other|further|extra|additional|first|last|next)\s+$", re.IGNORECASE)
_BOUNDS: Final = (
    ("more", re.compile(r"\b(?<!no )(?:more than|over)\s+$", re.IGNORECASE)),
    ("least", re.compile(r"\bat least\s+$", re.IGNORECASE)),
    ("fewer", re.compile(r"\b(?:fewer than|less than|under)\s+$", re.IGNORECASE)),
    ("most", re.compile(r"\b(?:at most|up to|no more than)\s+$", re.IGNORECASE)),
    ("about", re.compile(r"\b(?:about|around|nearly|almost|roughly|some|approximately)\s+$", re.IGNORECASE)),
)
_CUT: Final = re.compile(r"[,;:()–—.!?]")
_ALL_OR_NONE: Final = re.compile(
    rf"(?<!not )(?<!nearly )(?<!almost )\b(?P<all>all|every|each|none|no)(?: one)?(?: of)?(?: (?:the|our|its|these))?\s+{_COMMITMENT}"
    rf"\s+(?:{_BE}|ha(?:s|ve) been){_THEN}(?={_STATUS.pattern})",
    re.IGNORECASE,
)
_EVIDENCE: Final = re.compile(r"\s+(?:accepted |published )?(?:items?|pieces?) of evidence\b", re.IGNORECASE)
_ACTIONS: Final = re.compile(rf"{_OF}\s+(?P<adjectives>{_ADJECTIVE})(?:actions?|steps?|milestones?)\b", re.IGNORECASE)
_LATE_ACTION: Final = re.compile(r"\b(?:late|overdue|slipped|missed|delayed|not done|behind schedule)\b", re.IGNORECASE)
_DONE_ACTION: Final = re.compile(r"\b(?:done|completed?|finished)\b", re.IGNORECASE)
_ORGANISATIONS: Final = re.compile(r"\s+(?P<new>new )?(?:organisations|organisation)\b(?P<rest>.*)", re.IGNORECASE)
_TOOK_PART: Final = re.compile(r"\b(?:took part|take part|taken part|sent|gave|shared|contributed)\b", re.IGNORECASE)
_JOINED: Final = re.compile(r"\b(?:joined|for the first time)\b", re.IGNORECASE)
_FROM: Final = re.compile(r"\bevidence\b.*\bfrom\s+$", re.IGNORECASE)
_PRIORITIES: Final = re.compile(r"\s+priorities\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CountClaim:
    """A count claimed by a sentence. ``topic`` is "status", "commitments", "priorities", "late_actions", "done_actions",
    "evidence", "organisations", "new_organisations" or a figure of evidence; ``codes`` the sets of statuses that may be
    meant; ``bound`` is "" for exactly so many, else "more", "least", "fewer", "most" or "about"; ``base`` is the
    total that it is out of, if one is named; ``everything`` says that the sentence claims it of all.
    """

    topic: str
    value: int
    says: str
    codes: tuple[frozenset[str], ...] = ()
    bound: str = ""
    base: int | None = None
    everything: bool = field(default=False)

    def agrees_with(self, count: int) -> bool:
        """Return whether a count makes the claim true; "about" allows a tenth more or less."""
        match self.bound:
            case "more":
                return count > self.value
            case "least":
                return count >= self.value
            case "fewer":
                return count < self.value
            case "most":
                return count <= self.value
            case "about":
                return abs(count - self.value) * 10 <= max(count, self.value)
        return count == self.value


def claims(sentence: str, *, context: str) -> Iterator[CountClaim]:
    """Yield what a sentence claims to count.

    :param context: the sentence with the one before it: "Two are late" counts commitments only where they are named.
    """
    numbers = numbers_in(sentence)
    of_commitments = re.search(rf"\b{_COMMITMENT}\b", context, re.IGNORECASE) is not None
    for place, number in enumerate(numbers):
        before, after = _around(sentence, numbers, place)
        if _OTHERS.search(before):
            continue
        base, begins = None, number.end
        if place + 1 < len(numbers) and _BASE.fullmatch(sentence[number.end : numbers[place + 1].start]):
            base, begins = numbers[place + 1].value, numbers[place + 1].end
            after = _around(sentence, numbers, place + 1)[1]
        elif place and _BASE.fullmatch(sentence[numbers[place - 1].end : number.start]):
            noun = _NOUN.match(after)
            if noun is None or not _STATUS.search(noun["adjectives"]):
                continue  # the base of the number before, which is judged with that number
        yield from _of_number(_NumberInSentence(sentence, number, before, after, begins, base), of_commitments)
    yield from _of_all_or_none(sentence)


@dataclass(frozen=True, slots=True)
class _NumberInSentence:
    """A number in its sentence: the words of its clause before and after it, and what it is said to be out of."""

    sentence: str
    number: NumberFound
    before: str
    after: str
    begins: int
    base: int | None

    @property
    def unbound(self) -> str:
        """The words before the number without its "more than" or "about"."""
        limits = (pattern.search(self.before) for _, pattern in _BOUNDS)
        return next((self.before[: limit.start()] for limit in limits if limit), self.before)

    def claim(
        self, topic: str, until: int, codes: tuple[frozenset[str], ...] = (), since: int | None = None
    ) -> CountClaim:
        """Return the claim whose words end at ``until`` of what follows and begin at ``since`` of what precedes."""
        bound, start = "", self.number.start
        for name, pattern in _BOUNDS:
            if limit := pattern.search(self.before):
                bound, start = name, self.number.start - len(self.before) + limit.start()
                break
        if since is not None:
            start = self.number.start - len(self.before) + since
        says = " ".join(self.sentence[start : self.begins + until].split())
        return CountClaim(topic, self.number.value, says, codes, bound, self.base)


def _around(sentence: str, numbers: list[NumberFound], place: int) -> tuple[str, str]:
    """Return the clause before and after a number, up to the next number, comma or the like."""
    number = numbers[place]
    begin = numbers[place - 1].end if place else 0
    end = numbers[place + 1].start if place + 1 < len(numbers) else len(sentence)
    before = _CUT.split(sentence[begin : number.start])[-1]
    return before, _CUT.split(sentence[number.end : end])[0]


def _of_number(at: _NumberInSentence, of_commitments: bool) -> Iterator[CountClaim]:
    before, after, until_number = at.unbound, at.after, at.sentence[: at.number.start]
    if actions := _ACTIONS.match(after):
        for topic, pattern in (("late_actions", _LATE_ACTION), ("done_actions", _DONE_ACTION)):
            if (found := pattern.search(after)) and not _NOT_SO.search(before + after[: found.start()]):
                yield at.claim(topic, max(found.end(), actions.end()))
                return
    elif noun := _NOUN.match(after):
        yield from _of_commitments(at, noun)
    elif of_commitments and (direct := _DIRECT.match(after)):
        if (found := _STATUS.match(after, direct.end())) and not _NOT_SO.search(before):
            codes, end = _meant(after, found)
            yield at.claim("status", end, codes)
    elif evidence := _EVIDENCE.match(after):
        yield at.claim("evidence", evidence.end())
    elif (priorities := _PRIORITIES.match(after)) and _HOLDS.search(before):
        yield at.claim("priorities", priorities.end())
    elif organisations := _ORGANISATIONS.match(after):
        if organisations["new"] or _JOINED.search(organisations["rest"]):
            yield at.claim("new_organisations", organisations.start("rest"))
        elif _TOOK_PART.search(organisations["rest"]) or _FROM.search(until_number):
            yield at.claim("organisations", organisations.start("rest"))
    else:
        for figure in SUMMED_FIGURES:
            if (noun_end := figure.end_of_claim(after, before + after)) is not None:
                yield at.claim(figure.code, noun_end)


def _of_commitments(at: _NumberInSentence, noun: re.Match[str]) -> Iterator[CountClaim]:
    before, after = at.unbound, at.after
    if found := _STATUS.search(after):
        codes, end = _meant(after, found)
        if codes[0] == ALL_STATUS_CODES and (
            then := _STATUS.search(after, end)
        ):  # "of those with an update, four are late"
            found, (codes, end) = then, _meant(after, then)
        if not _NOT_SO.search(before + after[: found.start()]):
            yield at.claim("status", max(end, noun.end()), codes)
    elif (found := _STATUS.search(before)) and (codes := _meant(before, found)[0])[0] in (
        NO_UPDATE_CODES,
        ALL_STATUS_CODES,
    ):
        if not _NOT_SO.search(before[: found.start()]):
            yield at.claim("status", noun.end(), codes, found.start())
    elif not noun["adjectives"] and at.base is None and _of_the_whole(at, noun):
        yield at.claim("commitments", noun.end())


def _of_the_whole(at: _NumberInSentence, noun: re.Match[str]) -> bool:
    holds = _HOLDS.search(at.sentence[: at.number.start])
    return holds is not None or _IN_ALL.match(at.after, noun.end()) is not None


def _meant(text: str, found: re.Match[str]) -> tuple[tuple[frozenset[str], ...], int]:
    """Return the sets of statuses that words may mean, and where they end: "late or at risk" are both together."""
    codes, end = _codes(found), found.end()
    joined = re.compile(r"\s+(?:or|and)\s+").match(text, end)
    if joined and (second := _STATUS.match(text, joined.end())):
        return tuple(code | other for code in codes for other in _codes(second)), second.end()
    return codes, end


def _codes(found: re.Match[str]) -> tuple[frozenset[str], ...]:
    place = next(int(name[1:]) for name, words in found.groupdict().items() if name[0] == "s" and words)
    return STATUS_WORDS[place][1]


def _of_all_or_none(sentence: str) -> Iterator[CountClaim]:
    for match in _ALL_OR_NONE.finditer(sentence):
        if status := _STATUS.match(sentence, match.end()):
            everything = match["all"].lower() in {"all", "every", "each"}
            codes, end = _meant(sentence, status)
            yield CountClaim("status", 0, sentence[match.start() : end], codes, everything=everything)
