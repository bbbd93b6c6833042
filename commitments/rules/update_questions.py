"""Questions asked when an update is sent whose status does not seem to fit the facts. They never stop anyone, and the
answer is recorded.

Pure rules: facts go in, questions come out. No ORM, no request, no clock.
"""

from dataclasses import dataclass
from typing import Final

from commitments.rules.status import of
from vcsportal.common import plurals

NO_ANSWER: Final = "No answer"


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """What the portal knows of a commitment when its update is sent.

    ``evidence`` says whether any evidence was accepted for it, ``lately`` whether any tells of the last year (each asked
    only for a status for which it matters), ``missed`` names the
    indicators whose target was not reached in the round, ``actions_done`` counts finished actions.
    """

    status: str
    evidence: bool = False
    lately: bool = False
    missed: tuple[str, ...] = ()
    actions_done: int = 0


@dataclass(frozen=True, slots=True)
class UpdateQuestion:
    """One question, and what helps to answer it. ``code`` is kept with the answer."""

    code: str
    question: str
    hint: str


CODES: Final = ("nothing_shows_it", "target_missed", "quiet_year", "actions_done")
"""Every question that can be asked, in the order in which they are."""

_HINT: Final = "A sentence is enough. Whoever approves the update reads it; you can also leave it empty."


def questions(facts: UpdateFacts) -> tuple[UpdateQuestion, ...]:
    """Return what to ask before this is sent, in the order of :data:`CODES`. Nothing where the facts fit the status."""
    asked: list[UpdateQuestion] = []
    status = of(facts.status)
    if status.is_done and not facts.evidence:
        word = "part of everyday work" if status.ongoing_only else status.label.lower()
        asked.append(
            UpdateQuestion(
                "nothing_shows_it",
                f"You say that this is {word}. No evidence has been accepted for it. What shows that it is?",
                _HINT,
            )
        )
    if facts.status == "on_track" and facts.missed:
        which = "A target was" if len(facts.missed) == 1 else f"{plurals.counted(len(facts.missed), 'target')} were"
        asked.append(
            UpdateQuestion(
                "target_missed",
                f"You say that this is on track. {which} not reached: {'; '.join(facts.missed)}. Why is it on track all the same?",
                _HINT,
            )
        )
    if facts.status == "on_track" and not facts.lately:
        asked.append(
            UpdateQuestion(
                "quiet_year",
                "You say that this is on track. No evidence of work on it in the last year has been accepted. "
                "What shows that it is?",
                _HINT,
            )
        )
    if facts.status == "not_started" and facts.actions_done:
        done = f"{plurals.counted(facts.actions_done, 'action')} {plurals.be(facts.actions_done)}"
        asked.append(
            UpdateQuestion(
                "actions_done", f"You say that this has not started, and {done} done. What is still to begin?", _HINT
            )
        )
    return tuple(asked)


def answered(asked: tuple[UpdateQuestion, ...], said: dict[str, str]) -> list[dict[str, str]]:
    """Return the questions with what was said to each, as an update keeps them. A missing answer is recorded as
    :data:`NO_ANSWER`."""
    return [
        {
            "code": question.code,
            "question": question.question,
            "answer": said.get(question.code, "").strip() or NO_ANSWER,
        }
        for question in asked
    ]
