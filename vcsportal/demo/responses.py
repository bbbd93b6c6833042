"""What the council answers to the recommendations: some accepted, some in part, one declined, some still awaited."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from commitments.content.responses import ResponseContent
from commitments.models import Commitment, Response, Strategy
from commitments.services.commitment_people import assign_people
from commitments.services.responses import approve_response, submit_response
from vcsportal.demo.cast import Cast
from vcsportal.demo.timeline import Agenda

CABINET: Final = "Cabinet"
WRITER: Final = "heath.harebell@example.org"
SECOND: Final = "linden.lane@example.org"
GIVEN: Final[dict[str, tuple[str, str, str]]] = {
    "1a": ("yes", "The vision will be part of the next economic plan, and the sector will be asked before it is written.", CABINET),
    "1b": ("in_part", "We will count wellbeing and emissions beside output. We will not count happiness, because nobody here could say how.", CABINET),
    "1c": ("yes", "Two officers have a day a week for it from April.", CABINET),
    "2a": ("yes", "Every procurement lead will have had a day of training by the autumn.", ""),
    "2b": ("in_part", "We will analyse what the county spends. The districts have not yet said whether they will join.", CABINET),
    "2d": ("yes", "Two evenings a year for small suppliers, with soup.", ""),
    "3a": ("in_part", "For business space, yes. Homes are for the districts’ local plans.", CABINET),
    "3c": ("yes", "The review begins with the buildings that are empty now.", CABINET),
    "4": ("no", "The programme ends with its funding. What was learned goes into the skills plan.", CABINET),
    "5a": ("yes", "We will ask the anchor institutions each spring, and begin with ourselves.", ""),
    "6a": ("in_part", "The audit will be made with the sector, in two districts first.", ""),
}  # fmt: skip
"""Stance, words and where it was decided, by reference. Invented."""
SENT: Final = {"5b": ("yes", "Twelve kinds of jobs have been chosen to begin with.", "")}
"""Those that wait for a second person."""


@dataclass(slots=True)
class Responder:
    """Schedules the council's responses."""

    agenda: Agenda
    cast: Cast

    def tell(self, strategy: Strategy) -> None:
        """One by one, from a year and a half ago; what was sent lately waits."""
        for number, commitment in enumerate(strategy.commitments.in_order()):
            reference = commitment.reference
            if reference in GIVEN:
                self._respond(commitment, *GIVEN[reference], days=540 - 14 * number, approved=True)
            elif reference in SENT:
                self._respond(commitment, *SENT[reference], days=6, approved=False)

    def _respond(
        self, commitment: Commitment, stance: str, words: str, where: str, *, days: int, approved: bool
    ) -> None:
        people = self.cast.people
        on = self.agenda.today - timedelta(days=days)

        def sends(at: datetime) -> None:
            writer = people[WRITER]
            assign_people(by=writer, at=at, commitment=commitment, lead=writer)
            content = ResponseContent(stance, words, where, on - timedelta(days=3) if where else None)
            submit_response(by=writer, at=at, response=_council(commitment), content=content)

        def approves(at: datetime) -> None:
            approve_response(by=people[SECOND], at=at, response=_council(commitment))

        self.agenda.add(timezone.make_aware(datetime.combine(on, time(10))), sends)
        if approved:
            self.agenda.add(timezone.make_aware(datetime.combine(on + timedelta(days=1), time(11))), approves)


def _council(commitment: Commitment) -> Response:
    return commitment.responses.get(organisation=commitment.strategy.owner_id)
