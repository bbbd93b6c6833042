"""The progress of the commitments: who leads them, their actions, and their updates in each round."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from commitments.content.updates import UpdateContent
from commitments.models import Action, Commitment, Round, Strategy
from commitments.services.actions import Plan, complete_action, drop_action, move_action, plan_action
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import end_delivery_partner, set_partners
from commitments.services.progress import change_status
from partners.models import Organisation, User
from vcsportal.demo.cast import Cast, joined, read
from vcsportal.demo.timeline import Agenda
from vcsportal.demo.updates import LEFT, OPEN, RETURNED, STILL_TRUE, WAITING, Update
from vcsportal.demo.years import Years

CORRECTED = {("1.3", 3), ("3.3", 2), ("5.2", 1)}
"""Updates that were returned after they had been approved, to have a word mended."""
HANDED_OVER = {"2.4": ("y2-10-01", "officer@example.org")}
"""Commitments whose lead changed: until when, and who led before."""


def stories() -> dict[str, dict[str, Any]]:
    """Return what the data files say about each commitment, by its reference."""
    return {reference: told for number in range(1, 6) for reference, told in read(f"story-{number}").items()}


@dataclass(slots=True)
class Teller:
    """Schedules the progress of the commitments."""

    agenda: Agenda
    years: Years
    cast: Cast
    rounds: dict[int, Round]

    def tell(self, strategy: Strategy) -> None:
        """Every commitment of the strategy that the files speak of."""
        told = stories()
        for commitment in strategy.commitments.in_order():
            self._people(commitment)
            self._partners(commitment)
            for title, due, done, *more in told[commitment.reference].get("actions", []):
                due_on, done_on = (self.years.day(day) if day else None for day in (due, done))
                self._action(commitment, title, due_on, done_on, more[0] if more else {})
            for day, *change in told[commitment.reference].get("changes", []):
                self._change(commitment, self.years.day(day), *change)
            for year in range(1, 5):
                if said := told[commitment.reference].get(f"y{year}"):
                    self._update(commitment, year, said)

    def _who(self, commitment: Commitment, part: str) -> list[str]:
        return [person["email"] for person in read("people")["person"] if commitment.reference in person.get(part, [])]

    def _lead(self, commitment: Commitment) -> User:
        leads = self._who(commitment, "leads")
        return self.cast.people[leads[0]] if leads else self.cast.officers[0]

    def _second(self, commitment: Commitment) -> User:
        """Whoever approves what the lead sends."""
        lead = self._lead(commitment)
        return next(officer for officer in self.cast.officers if officer != lead)

    def _people(self, commitment: Commitment) -> None:
        leads, supporting = self._who(commitment, "leads"), self._who(commitment, "supports")
        begins = self.agenda.moment(self.years.starts(1) + timedelta(days=11))
        handover = HANDED_OVER.get(commitment.reference)
        if handover:
            self._assign(commitment, begins, handover[1:], supporting)
            begins = self.agenda.moment(self.years.day(handover[0]))
        self._assign(commitment, begins, leads, supporting)

    def _assign(self, commitment: Commitment, at: datetime, leads: Any, supporting: list[str]) -> None:
        def assign(at: datetime) -> None:
            people = self.cast.people
            assign_people(
                by=self.cast.administrator, at=at, commitment=commitment, lead=people[leads[0]] if leads else None,
                supporting=[people[email] for email in supporting],
            )  # fmt: skip

        self.agenda.add(at, assign)

    def _partners(self, commitment: Commitment) -> None:
        parts = {
            key: entry["delivers"][commitment.reference]
            for key, entry in read("organisations").items()
            if commitment.reference in entry["delivers"]
        }
        for year in sorted({joined(key) for key in parts}):

            def choose(at: datetime, year: int = year) -> None:
                there: list[tuple[Organisation, str]] = [
                    (self.cast.organisations[key], part) for key, part in parts.items() if joined(key) <= year
                ]
                set_partners(by=self._lead(commitment), at=at, commitment=commitment, partners=there)

            self.agenda.add(self.agenda.moment(self.years.starts(year) + timedelta(days=26)), choose)
        for key, entry in read("organisations").items():
            if day := entry.get("ended", {}).get(commitment.reference):
                self._ends(commitment, key, self.years.day(day))

    def _ends(self, commitment: Commitment, key: str, day: date) -> None:
        def end(at: datetime) -> None:
            parts = commitment.delivery_partners.current().select_related("organisation", "commitment")
            part = parts.get(organisation=self.cast.organisations[key])
            end_delivery_partner(by=self._lead(commitment), at=at, part=part, ended_on=day)

        self.agenda.add(self.agenda.afternoon(day), end)

    def _action(
        self, commitment: Commitment, title: str, due: date | None, done: date | None, more: dict[str, Any]
    ) -> None:
        """:param more: what few actions have: ``reference``, ``team``, ``owned`` by the lead, ``planned``, ``moved`` and ``dropped``."""
        earliest = self.years.starts(1) + timedelta(days=27)
        first = min([day for day in (due, done) if day], default=earliest)
        begins = self.years.day(more["planned"]) if "planned" in more else max(earliest, first - timedelta(days=130))
        began = self.agenda.afternoon(begins) if due is None or "dropped" in more else self.agenda.moment(begins)
        made: list[Action] = []

        def plan(at: datetime) -> None:
            lead = self._lead(commitment)
            written = Plan(
                title, more.get("reference", ""), owner_team=more.get("team", ""),
                owner_person=lead if more.get("owned") else None,
            )  # fmt: skip
            made.append(plan_action(by=lead, at=at, commitment=commitment, due_on=due, plan=written))

        def finish(at: datetime) -> None:
            if done:
                complete_action(by=self._lead(commitment), at=at, action=made[0], done_on=done)

        def move(at: datetime) -> None:
            _day, to, why = more["moved"]
            move_action(
                by=self._lead(commitment), at=at, action=made[0], due_on=self.years.day(to) if to else None, reason=why
            )

        def drop(at: datetime) -> None:
            day, why = more["dropped"]
            drop_action(by=self._lead(commitment), at=at, action=made[0], dropped_on=self.years.day(day), reason=why)

        self.agenda.add(began, plan)
        for name, act in (("moved", move), ("dropped", drop)):
            if name in more and self.years.day(more[name][0]) < self.agenda.today:
                self.agenda.add(self.agenda.afternoon(self.years.day(more[name][0])), act)
        if done and done < self.agenda.today:
            self.agenda.add(self.agenda.moment(done, after=began), finish)

    def _change(self, commitment: Commitment, day: date, to: str, reason: str, remedy: str = "") -> None:
        def change(at: datetime) -> None:
            change_status(by=self._lead(commitment), at=at, commitment=commitment, to=to, reason=reason, remedy=remedy)

        self.agenda.add(self.agenda.moment(day), change)

    def _update(self, commitment: Commitment, year: int, told: dict[str, Any]) -> None:
        round_, reference = self.rounds[year], commitment.reference
        open_now = year == OPEN
        if open_now and reference in LEFT:
            return
        content = UpdateContent(
            told["status"], told.get("reason", ""), told.get("remedy", ""), told["narrative"], told["next_steps"]
        )
        last = min(round_.closes_on, self.agenda.today - timedelta(days=1))
        days = max(0, (last - round_.opens_on).days)
        first, second, third = sorted(self.agenda.rng.randint(0, days) for _ in range(3))
        drafted = self.agenda.moment(round_.opens_on + timedelta(days=first))
        sent = self.agenda.moment(round_.opens_on + timedelta(days=second), after=drafted)
        corrected = self.agenda.moment(round_.opens_on + timedelta(days=third + 2), after=sent)
        update = Update(
            partial(self._lead, commitment), partial(self._second, commitment), commitment, round_, content, open_now
        )
        is_draft, drafted_first = told.get("draft", False), self.agenda.rng.random() < 0.6
        if is_draft or (drafted_first and not (open_now and reference in STILL_TRUE)):
            self.agenda.add(drafted, update.draft)
        if is_draft:
            return
        if open_now and reference in STILL_TRUE:
            self.agenda.add(sent, update.confirm)
        else:
            self.agenda.add(sent, update.send)
        if open_now and reference in RETURNED:
            self.agenda.add(self.agenda.moment(sent.date(), after=sent), update.returned(RETURNED[reference]))
        elif not (open_now and reference in WAITING):
            self.agenda.add(self.agenda.moment(sent.date() + timedelta(days=1), after=sent), update.approve)
        if (reference, year) in CORRECTED:
            self.agenda.add(corrected, update.returned("One word is wrong. Please correct it and send it again."))
            again = self.agenda.moment(corrected.date() + timedelta(days=1), after=corrected)
            self.agenda.add(again, update.send)
            self.agenda.add(self.agenda.moment(again.date(), after=again), update.approve)
