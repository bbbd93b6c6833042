"""What each kind of visitor does, step by step. Every request that changes something is written into the ledger."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.load.hour import DECISIONS_OF_AN_OFFICER, MARK, PAGES_OF_A_READER, PRESSED_TWICE, RETURNED, WITHOUT_A_TITLE
from tests.load.ledger import Write
from tests.load.visitor import Visitor

Plan = dict[str, Any]
DAY: Final = "2026-03-14"
STORY: Final = (
    "Forty people came to the hall, item {number}. “We did not know our neighbours”, said a father, “now we do.”"
)
REASON: Final = "Please say how many people came, item {number}."


def photograph(visitor: Visitor, plan: Plan, number: int) -> None:
    """Sign-in is behind them: my tasks, a commitment, the form with a photograph, everything checked, sent, the receipt."""
    partner, picture = (
        plan["partners"][number % len(plan["partners"])],
        plan["photographs"][number % len(plan["photographs"])],
    )
    commitment = plan["commitments"][number % len(plan["commitments"])]
    visitor.jar["sessionid"] = partner["cookie"]
    visitor.fetch_files(visitor.get("own page", "/my-work/").text)
    visitor.pause()
    visitor.get("own page", f"/strategies/{plan['strategy']}/commitments/{commitment}/")
    visitor.pause()
    form = visitor.get("own page", "/evidence/new/").text
    title, story = f"{MARK} by hand {number}", STORY.format(number=number)
    typed = {"title": title, "happened_from": DAY, "story": story, "commitments": commitment, "publishable": "on"}
    visitor.pause()
    if number % WITHOUT_A_TITLE == WITHOUT_A_TITLE - 1:
        refused = Write("draft", f"{title} ", "", sent={"story": story})
        form = visitor.send(
            "save",
            "/evidence/new/",
            form,
            typed | {"title": "", "then": "send"},
            write=refused,
            leads_to="",
            wanted=(422,),
        ).text
        visitor.pause()
    file = (f"hall-{number}.jpg", Path(picture["file"]).read_bytes())
    sent = {
        **typed,
        "organisation": partner["organisation"],
        "person": partner["person"],
        "picture": number % len(plan["photographs"]),
    }
    draft = Write("draft", title, "", sent=sent)
    answer = visitor.send(
        "photograph", "/evidence/new/", form, typed | {"then": "send", "description": "A hall full of people."}, file=file,
        write=draft, leads_to=r"^/evidence/[0-9]+/submit/",
    )  # fmt: skip
    check = visitor.get("own page", answer.location).text
    visitor.pause()
    path = answer.location.partition("?")[0]
    presses = 2 if number % PRESSED_TWICE == PRESSED_TWICE - 1 else 1
    for _ in range(presses):
        answer = visitor.send(
            "save", path, check, {}, write=Write("submit", title, ""), leads_to=r"^/evidence/[0-9]+/$"
        )
    visitor.get("own page", answer.location)


def link(visitor: Visitor, plan: Plan, number: int) -> None:
    """Open the link of a reminder without signing in, and hand the task on."""
    task = plan["links"][number % len(plan["links"])]
    page = visitor.get("page", task["path"]).text
    visitor.fetch_files(page)
    visitor.pause()
    if number >= len(plan["links"]):  # handed on already, earlier in this trial
        return
    why = f"I am away, {number}."
    write = Write("hand on", str(task["person"]), "", sent={"why": why})
    path = task["path"].replace("(", r"\(")
    visitor.send("save", task["path"], page, {"to": "find", "why": why}, write=write, leads_to=f"^{path}$")
    visitor.get("page", task["path"])


def program(visitor: Visitor, plan: Plan, number: int) -> None:
    """Log an item with a token, send it, and read it back."""
    owner = plan["programs"][number % len(plan["programs"])]
    visitor.token = owner["token"]
    commitment, title = plan["commitments"][number % len(plan["commitments"])], f"{MARK} by program {number}"
    told = {
        "organisation": owner["organisation"], "strategy": plan["strategy"], "commitments": [commitment], "title": title,
        "story": STORY.format(number=number), "happened_from": DAY, "publishable": True,
    }  # fmt: skip
    sent = {**told, "commitments": commitment, "person": owner["person"]}
    answer = _by_program(visitor, "/api/v1/evidence/", told, Write("draft", title, "", sent=sent))
    path = "/" + answer["url"].split("/", 3)[3]
    _by_program(visitor, f"{path}submit/", {"version": answer["version"]}, Write("submit", title, ""))
    visitor.get("api", path)


def _by_program(visitor: Visitor, path: str, body: dict[str, Any], write: Write) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    answer = visitor.ask(
        "api", "POST", path, wanted=(200, 201), write=write, data=json.dumps(body).encode(), headers=headers
    )
    found: dict[str, Any] = json.loads(answer.text)
    return found


def officer(visitor: Visitor, plan: Plan, number: int) -> None:
    """Open the queue and decide on seven items, which no other officer is given."""
    visitor.jar["sessionid"] = plan["officers"][number % len(plan["officers"])]["cookie"]
    visitor.fetch_files(visitor.get("own page", "/my-work/").text)
    visitor.pause()
    visitor.get("own page", "/review/")
    begin = number * DECISIONS_OF_AN_OFFICER
    for place, key in enumerate(plan["to_decide"][begin : begin + DECISIONS_OF_AN_OFFICER], begin):
        visitor.pause()
        path = f"/review/{key}/"
        page = visitor.get("own page", path).text
        visitor.pause()
        reason = REASON.format(number=place) if place % RETURNED == RETURNED - 1 else ""
        decision = {"decision": "return", "reason": reason} if reason else {"decision": "accept"}
        by = plan["officers"][number % len(plan["officers"])]["person"]
        write = Write("decide", str(key), "", sent={**decision, "person": by})
        visitor.send("save", path, page, decision, write=write, leads_to=r"^/review/")


def reader(visitor: Visitor, plan: Plan, number: int) -> None:
    """Read eight pages, search for something; a browser fetches what the first page needs."""
    pages, searches = plan["pages"], plan["searches"]
    for place in range(PAGES_OF_A_READER):
        page = visitor.get("page", pages[(number * PAGES_OF_A_READER + place) % len(pages)]).text
        if place == 0:
            visitor.fetch_files(page)
        visitor.pause()
    visitor.get("search", searches[number % len(searches)])


def report(visitor: Visitor, plan: Plan, number: int) -> None:
    """Take the report as PDF."""
    if plan["reports"]:
        visitor.get("report", plan["reports"][number % len(plan["reports"])])


def data(visitor: Visitor, plan: Plan, number: int) -> None:
    """Take the data."""
    visitor.get("data", plan["data"][number % len(plan["data"])])


WALKS: Final[dict[str, Callable[[Visitor, Plan, int], None]]] = {
    "photograph": photograph, "link": link, "program": program, "officer": officer, "reader": reader, "report": report, "data": data,
}  # fmt: skip
"""What each journey of :data:`tests.load.hour.JOURNEYS` does."""
