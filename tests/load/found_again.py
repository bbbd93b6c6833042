"""Looks for everything that a trial sent: what was acknowledged is there once, as it was sent; what was refused is not.

``python -m tests.load.found_again PLAN.json LEDGER.jsonl SECONDS`` in the environment of the portal waits so long for the last emails to
go, then prints what is wrong, with counts, as JSON.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import django

from tests.load.hour import MARK
from tests.load.ledger import ACKNOWLEDGED, KEPT, REFUSED, UNKNOWN, Write, read


@dataclass
class Found:
    """What came of the search."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def expect(self, true: bool, sentence: str) -> None:
        if not true:
            self.wrong.append(sentence)


def look(writes: Iterable[Write], photographs: list[dict[str, str]]) -> Found:
    """Compare what was sent with what the database and the folder of files hold."""
    found, by_act = Found(), defaultdict(list)
    for write in writes:
        by_act[write.act].append(write)
        found.counts[f"{write.act}, {write.outcome}"] += 1
    _evidence(found, by_act["draft"], by_act["submit"], photographs)
    _decisions(found, by_act["decide"])
    _handed_on(found, by_act["hand on"])
    return found


def _evidence(found: Found, drafts: list[Write], sent: list[Write], photographs: list[dict[str, str]]) -> None:
    from commitments.models import Evidence

    there = defaultdict(list)
    for piece in Evidence.objects.filter(title__startswith=f"{MARK} by").prefetch_related(
        "commitments", "files", "history"
    ):
        there[piece.title].append(piece)
    submitted = {write.key for write in sent if write.outcome == ACKNOWLEDGED}
    perhaps = {write.key for write in sent if write.outcome == UNKNOWN} - submitted
    known = {write.key for write in drafts if write.outcome != REFUSED}
    for write in drafts:
        pieces = there.get(write.key.strip(), [])
        if write.outcome == REFUSED:
            told = [piece for piece in pieces if write.key.strip() not in known]
            found.expect(not told, f"“{write.key}” was refused with {write.status}, and is there.")
            continue
        least = 0 if write.outcome == UNKNOWN else 1
        found.expect(least <= len(pieces) <= 1, f"“{write.key}” was {write.outcome}, and is there {len(pieces)} times.")
        for piece in pieces:
            _as_sent(found, write, piece, photographs)
            acts = Counter(entry.act for entry in piece.history.all())
            found.expect(acts["log"] == 1, f"“{write.key}” was logged {acts['log']} times.")
            times = acts["submit"]
            if write.key not in perhaps:
                wanted = 1 if write.key in submitted else 0
                found.expect(times == wanted, f"“{write.key}” was sent {times} times, not {wanted}.")
            found.expect(times <= 1, f"“{write.key}” was sent {times} times.")
    for title in there.keys() - known:
        found.wrong.append(f"“{title}” is there, and nobody was told so.")


def _as_sent(found: Found, write: Write, piece: Any, photographs: list[dict[str, str]]) -> None:
    """Compare words, day, commitment, sender and photograph."""
    sent = write.sent
    stored = {
        "story": piece.story, "happened_from": piece.happened_from.isoformat(), "publishable": piece.publishable,
        "commitments": ", ".join(commitment.key for commitment in piece.commitments.all()),
        "organisation": piece.organisation.slug, "person": piece.logged_by_id,
    }  # fmt: skip
    for name, value in stored.items():
        expected = bool(sent[name]) if name == "publishable" else sent[name]
        found.expect(value == expected, f"“{write.key}” has {name} {value!r}, not {expected!r}.")
    files = list(piece.files.all())
    if "picture" not in sent:
        found.expect(not files, f"“{write.key}” has {len(files)} files that nobody sent.")
        return
    wanted = {ACKNOWLEDGED: {1}, KEPT: {0}}.get(
        write.outcome, {0, 1}
    )  # a busy portal keeps the words and asks for the file again
    found.expect(len(files) in wanted, f"“{write.key}” was {write.outcome}, and has {len(files)} photographs.")
    expected = photographs[sent["picture"]]
    for file in files:
        same = (file.sha256, file.print_sha256) == (expected["sha256"], expected["print_sha256"])
        found.expect(same, f"The photograph of “{write.key}” is not the one that was sent.")
        for stored_file, checksum in ((file.content, file.sha256), (file.print_content, file.print_sha256)):
            found.expect(
                _checksum(stored_file) == checksum, f"{stored_file.name} of “{write.key}” is missing or damaged."
            )
            found.counts["files read back"] += 1


def _checksum(file: Any) -> str:
    try:
        with file.open("rb") as content:
            return sha256(content.read()).hexdigest()
    except OSError:
        return ""


def _decisions(found: Found, writes: list[Write]) -> None:
    from commitments.models import Evidence

    pieces = {
        str(piece.pk): piece
        for piece in Evidence.objects.filter(title__startswith=f"{MARK} waiting").prefetch_related("history")
    }
    for write in writes:
        piece, accepts = pieces[write.key], write.sent["decision"] == "accept"
        acts = [entry for entry in piece.history.all() if entry.act in {"accept", "return"}]
        if write.outcome == ACKNOWLEDGED:
            found.expect(len(acts) == 1, f"“{piece.title}” was decided {len(acts)} times, not once.")
            found.expect(
                piece.state == ("accepted" if accepts else "returned"), f"“{piece.title}” is {piece.state} after {write.sent['decision']}."
            )  # fmt: skip
            right = all(
                entry.by_id == write.sent["person"] and entry.reason == write.sent.get("reason", "") for entry in acts
            )
            found.expect(right, f"“{piece.title}” has another officer’s name or another reason than was sent.")
        elif write.outcome == REFUSED:
            found.expect(not acts, f"The decision on “{piece.title}” was refused, and was made.")
    decided = {write.key for write in writes if write.outcome != REFUSED}
    for key, piece in pieces.items():
        found.expect(
            key in decided or piece.state == "submitted", f"“{piece.title}” is {piece.state}, and nobody decided on it."
        )


def _handed_on(found: Found, writes: list[Write]) -> None:
    from commitments.models import HistoryEntry, RoundTask

    handed: Counter[int] = Counter(
        said["from_id"] for said in HistoryEntry.objects.filter(act="task_handed").values_list("said", flat=True) if "from_id" in said
    )  # fmt: skip
    reasons = dict(RoundTask.objects.filter(handed_at__isnull=False).values_list("person_id", "handed_why"))
    for write in writes:
        person = int(write.key)
        if write.outcome == ACKNOWLEDGED:
            found.expect(
                handed[person] == 1, f"The task of person {person} was handed on {handed[person]} times, not once."
            )
            found.expect(
                reasons.get(person, "").endswith(write.sent["why"]), f"The task of person {person} has another reason."
            )
        elif write.outcome == REFUSED:
            found.expect(not handed[person], f"Handing on the task of person {person} was refused, and was done.")


def emails(began: datetime, seconds: float) -> dict[str, Any]:
    """Wait for the last emails to go, for so many seconds at most.

    Return how many are in each state, and the ``Message-ID`` of each that has gone, of those made since the trial began.
    """
    from partners.models import Mail

    made, until = Mail.objects.filter(made_at__gte=began), time.monotonic() + seconds
    while made.filter(state="waiting").exists() and time.monotonic() < until:
        time.sleep(1)
    states = Counter(made.values_list("state", flat=True))
    return {"states": states, "sent": list(made.filter(state="sent").values_list("message_id", flat=True))}


def email_faults(emails: dict[str, Any], came: Counter[str]) -> list[str]:
    """Return what is wrong in the outbox beside what the mail server got: every email has gone or is waiting, and none went twice.

    An email whose words were written anew after it had gone has another ``Message-ID`` in the outbox: it is another email.

    :param came: how often the mail server got each email.
    """
    fine = {"sent", "waiting", "dropped"}
    found = [f"{count} emails are {state}." for state, count in emails["states"].items() if state not in fine]
    found += [f"The email {message} came {count} times." for message, count in came.items() if count > 1]
    found += [
        f"The email {message} is recorded as sent, and did not come." for message in {*emails["sent"]} - came.keys()
    ]
    return found


def main(plan: str, ledger: str, seconds: str) -> None:
    django.setup()
    cast = json.loads(Path(plan).read_text(encoding="utf-8"))
    outbox = emails(datetime.fromisoformat(cast["began"]), float(seconds))
    found = look(read(Path(ledger)), cast["photographs"])
    print(json.dumps({"counts": found.counts, "wrong": found.wrong, "emails": outbox}))


if __name__ == "__main__":
    main(*sys.argv[1:])
