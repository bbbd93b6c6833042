"""Writes the emails that ask people for updates and answers. One email to a person names every round that needs something from them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from commitments.models import Round
from commitments.queries import form_times
from commitments.queries.outstanding_tasks import OutstandingTask
from commitments.queries.round_organisations import email_topic
from commitments.rules.charters import MINUTES_TO_REAFFIRM
from commitments.services.task_links import link_to
from partners.emails.composing import about_portal, compose_mail
from partners.models import Mail, User
from vcsportal.common import plurals
from vcsportal.common.names import with_the


def email_key(what: str, round_: Round, person: int, code: str) -> str:
    """Return the key under which an email is made once."""
    return f"{what}:{round_.pk}:{person}:{code}"


class RoundEmailWriter:
    """Writes the emails of one day; what is the same for all is read once."""

    def __init__(self, today: date, at: datetime) -> None:
        self.today, self.at = today, at
        self.pace = form_times.of(["update", "evidence"])
        self.url = about_portal()["portal_url"]

    def mail(
        self, template: str, what: str, rounds: Mapping[Round, list[OutstandingTask]], to: User, code: str, due_at: datetime,
        more: dict[str, Any] | None = None,
    ) -> Mail:  # fmt: skip
        """Return an email that is not kept yet.

        :param what: the kind, without ``round:``.
        :param rounds: what the person owes in each round. The email's key and topic are the first one's.
        """
        lead, *others = rounds
        owed = [thing for things in rounds.values() for thing in things]
        minutes = sum(self._minutes(task) for task in owed)
        parts = [self._part(round_, things, to) for round_, things in rounds.items()]
        if what == "reminder":
            parts = _soonest_first(parts)
        values: dict[str, Any] = {
            **(more or {}),
            "parts": parts,
            "first": parts[0],
            "strategies": plurals.join_with_and(list(dict.fromkeys(part["strategy"] for part in parts))),
            "count": len(owed),
            "long": form_times.about(minutes),
            "updates": any(task.reference for task in owed),
            "contributions": any(not task.reference and not task.signatory for task in owed),
            "signatures": any(task.signatory for task in owed),
            "hand_on": [part for part in parts if part["hand_on_url"]],
            "tasks_url": self.url + reverse("commitments:my-work"),
        }
        mail = compose_mail(
            key=email_key(what, lead, to.pk, code), kind=f"round:{what}", to=to, template=template, values=values,
            at=self.at, about=email_topic(lead), due_at=due_at,
        )  # fmt: skip
        mail.also_about = [email_topic(other) for other in others]
        return mail

    def _part(self, round_: Round, owed: list[OutstandingTask], to: User) -> dict[str, Any]:
        return {
            "round": round_,
            "strategy": with_the(round_.strategy.title),
            "days_left": (round_.closes_on - self.today).days,
            "still_taken": round_.takes_updates(self.today),
            "count": len(owed),
            "lines": [self._line(round_, task) for task in owed],
            "hand_on_url": link_to(round_.pk, to.pk) if any(not task.for_whom for task in owed) else "",
        }

    def _minutes(self, task: OutstandingTask) -> float:
        if task.signatory:
            return MINUTES_TO_REAFFIRM
        return self.pace["update" if task.reference else "evidence"].minutes

    def _line(self, round_: Round, task: OutstandingTask) -> dict[str, str]:
        if task.signatory:
            path = f"{reverse('commitments:reaffirm', args=[task.signatory])}?round={round_.slug}"
            words = f"Does {task.title} still stand by {with_the(round_.strategy.title)}? Say so with one tap"
            return {"words": words, "url": self.url + path, "for_whom": task.for_whom}
        if not task.reference:
            path = reverse("commitments:my-work")
            words = f"Say what {task.title} did"
            return {"words": words, "url": self.url + path, "for_whom": task.for_whom}
        path = reverse("commitments:update", args=[round_.strategy.slug, task.key])
        verb = {"returned": "Edit and resend", "draft": "Finish"}.get(task.state, "Update")
        words = f"{verb}: {task.reference} {task.title}"
        return {"words": words, "url": self.url + path, "for_whom": task.for_whom}


def _soonest_first(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the round that leads the reminder first, unless another closes before it; then the rest as they close."""
    left = parts[0]["days_left"]

    def place(part: dict[str, Any]) -> tuple[bool, date]:
        return part is not parts[0] and not 0 <= part["days_left"] < left, part["round"].closes_on

    return sorted(parts, key=place)
