"""Every page of the portal, each with the kind of person who sees it. Journeys look at them; so do the pictures.

They are reached as people reach them, by addresses, buttons and boxes of a running portal that tells the demo story.
Nothing here asks the database: what a page is about is looked up through the API, as the person who looks.
"""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Browser, Error, Page

from tests.browser import open_email, pass_second_step
from tests.commitments.action_plans.plans import by_theme
from vcsportal.demo.years import Years

PASSWORD = "look-around-the-portal"
STRATEGY = "/strategies/oxfordshire-vcs-2022-27/"
REPORT = "/reports/of/oxfordshire-vcs-2022-27"
PLAN = "/strategies/infrastructure-plan-2008-11/"
RECOMMENDATIONS = "/strategies/community-wealth-building/"


def _response_to(key: str) -> tuple[str, str]:
    return f"{RECOMMENDATIONS}commitments/{key}/", rf"{RECOMMENDATIONS}commitments/{key}/responses/\d+/"


TO_WRITE, TO_REVIEW, TO_RETURN = map(_response_to, ("local-toms", "job-roles-and-support", "analyse-spend"))
"""Responses of the council: one that nobody has begun, one that a colleague sent, one that is published."""
ONE_RISK = rf"{STRATEGY}risks/(?!new)[-a-z0-9]+/"
ONE_CASE_STUDY = r"/evidence/\d+/case-study/"
ONE_ENGAGEMENT, HELD = r"/engagement/\d+/", "/engagement/?state=held"
EMAILS = {
    "partner": "partner@example.org",
    "officer": "officer@example.org",
    "steering": "steering@example.org",
    "administrator": "administrator@example.org",
    "faith": "faith@example.org",
    "careful": "linden.lane@example.org",  # an officer who adds a second step
}
AN_ACTION = r'[^"]*/actions/\d+/'
CLOSED = Years(date.today()).rounds()[2].slug
"""The round of the story that was closed last."""
COMPACT, REAFFIRM, END_SIGNATURE = (
    "/strategies/oxfordshire-compact/",
    r"/signatures/\d+/reaffirm/",
    r"/signatures/\d+/end/",
)
A_POINT = r"/points/\d+/"
A_SENT_UPDATE = r"/review/updates/\d+/"
SAVE, CHECK = "Save draft", "Check your answers"
TOUCHED = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


LATE = "was preloaded using link preload but not used within a few seconds"
"""What Chromium says on a busy machine; that the page uses what it preloads is held in ``tests/look/test_build.py``."""


@dataclass
class Visit:
    """Somebody at a browser. ``status`` is that of the page that is shown, ``said`` what the browser complained of."""

    page: Page
    known: dict[str, str] = field(default_factory=dict)
    status: int = 0
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(8_000)
        self.page.on("response", self._answered)
        self.page.on("console", lambda message: self.said.append(message.text) if LATE not in message.text else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _answered(self, response: Any) -> None:
        with suppress(Error):  # a request that outlived its page
            if response.request.is_navigation_request() and response.frame == self.page.main_frame:
                self.status = response.status

    def open(self, address: str) -> None:
        self.page.goto(address)

    def press(self, name: str) -> None:
        """Press a button of the page's own part and wait for what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)

    def read(self, address: str) -> Any:
        """What the API answers to this person."""
        return self.page.request.get(address).json()

    def evidence(self, state: str) -> str:
        """The page of a piece of the person's organisation in this state."""
        key = f"evidence {state}"
        if key not in self.known:
            found = self.read(f"/api/v1/evidence/?state={state}&organisation=common-thread")["results"]
            self.known[key] = "/" + found[-1]["page"].split("/", 3)[3]
        return self.known[key]

    def link(self, address: str, pattern: str) -> str:
        """The first address on a page that looks like this."""
        key = f"{address} {pattern}"
        if key not in self.known:
            body = self.page.request.get(address).text()
            found = re.search(rf'href="({pattern})"', body)
            assert found, f"no link like {pattern} at {address}"
            self.known[key] = found.group(1)
        return self.known[key]


Go = str | Callable[[Visit], None]


@dataclass(frozen=True)
class Sight:
    """One page: a name for its picture, the address by its name in the code, who sees it, how to come to it."""

    name: str
    door: str
    who: str
    go: Go
    status: int = 200

    def visit(self, visit: Visit) -> None:
        """Come to the page."""
        visit.said.clear()
        if isinstance(self.go, str):
            visit.open(self.go)
        else:
            self.go(visit)
        visit.page.wait_for_load_state()


def then(address: str, button: str, **boxes: str) -> Callable[[Visit], None]:
    """Open an address, fill boxes by their names, press a button."""

    def go(visit: Visit) -> None:
        visit.open(address)
        for name, words in boxes.items():
            visit.page.locator(f'main [name="{name}"]').first.fill(words)
        visit.press(button)

    return go


def a_token_to_end(visit: Visit) -> None:
    """The page that ends a token, of one that was just made."""
    visit.open("/account/tokens/new/")
    visit.page.locator('main [name="name"]').fill("Our volunteer database")
    visit.page.locator('main [name="days"]').first.check()
    visit.press("Make the token")
    visit.open("/account/tokens/")
    visit.page.get_by_role("link", name="End it").first.click()


def assign_check(visit: Visit) -> None:
    """What changes if everything without a lead officer, and the first commitment, gets the same due date."""
    visit.open(f"{STRATEGY}assign/?without=lead")
    visit.page.locator('main [name="commitments"]').first.check()
    visit.page.locator('main [name="partner_search"]').fill("larder")
    with visit.page.expect_navigation():  # its name goes on, for people who hear it alone
        visit.page.locator("main").get_by_role("button", name="Find").first.click()
    visit.page.locator('main [name="partner"]').last.check()
    visit.page.locator('main [name="due_on"]').fill("31 March 2027")
    visit.page.locator('main [name="reason"]').fill("The strategy ends on that day.")
    visit.press("Continue")


def piece(state: str, end: str = "", button: str = "", **boxes: str) -> Callable[[Visit], None]:
    """A page of an item of evidence in this state, perhaps with a button pressed."""

    def go(visit: Visit) -> None:
        address = visit.evidence(state) + end
        if button:
            then(address, button, **boxes)(visit)
        else:
            visit.open(address)

    return go


def linked(address: str, pattern: str, end: str = "", button: str = "") -> Callable[[Visit], None]:
    """The page behind the first link of this kind on another page."""

    def go(visit: Visit) -> None:
        there = visit.link(address, pattern) + end
        if button:
            then(there, button)(visit)
        else:
            visit.open(there)

    return go


def ticked(address: str, button: str) -> Callable[[Visit], None]:
    """The page that names what was ticked in a queue."""

    def go(visit: Visit) -> None:
        visit.open(address)
        visit.page.locator('main [name="chosen"]').first.check()
        visit.press(button)

    return go


def figure(code: str = "2.1a", words: str = "") -> Callable[[Visit], None]:
    """The figures of an indicator for a round that takes them, perhaps with something else than a number sent."""

    def go(visit: Visit) -> None:
        one = f"{STRATEGY}indicators/{code}/"
        there = visit.link(one, rf"{one}figures/[^/\"]+/")
        if words:
            visit.open(there)
            visit.page.locator('main input[inputmode="decimal"]').first.fill(words)
            visit.press("Save the figure")
        else:
            visit.open(there)

    return go


def uploaded_actions(visit: Visit) -> None:
    """Upload a list of actions, one of which can't be read."""
    visit.open(f"{STRATEGY}spreadsheets/")
    text = "Key,Commitment,Action,Due,Done on,Why,Team\n,1.1,Write to every club,31 March 2027,,,\n,1.1,Print a map,soon,,,\n"
    file: Any = {"name": "Actions of our team.csv", "mimeType": "text/csv", "buffer": text.encode()}
    visit.page.locator("input[type=file]").set_input_files(file)
    visit.press("Upload and check")


def uploaded_evidence(visit: Visit) -> None:
    """Upload a partner’s own table of evidence, a row of which can't be read."""
    visit.open(f"{STRATEGY}spreadsheets/")
    rows = (
        "Your reference;What you did;When it began;Commitments;People reached;Send it",
        "VOL-0412;Ran a drop-in for new volunteers;12/03/2025;1.1;about forty;Yes",
        "VOL-0413;Taught six people to keep accounts;2025-03-19;1.1;6;Yes",
    )
    file: Any = {"name": "Volunteering 2025.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    visit.page.locator("input[type=file]").set_input_files(file)
    visit.press("Upload and check")


def tell_us(visit: Visit) -> None:
    """The page that follows a message, which was sent just now."""
    visit.open("/tell-us/")
    visit.page.get_by_role("radio", name="I want to ask or propose something").check()
    visit.page.locator('main [name="words"]').fill("Could the hall open on Sundays?")
    visit.page.wait_for_timeout(3_500)  # whoever sends it sooner is taken for a program
    visit.press("Send")


def follow(email: str, link: str = "", button: str = "") -> Callable[[Visit], None]:
    """What comes after asking to follow everything, or behind a link of the email that is sent then."""

    def go(visit: Visit) -> None:
        visit.open("/follow/")
        visit.page.locator('main [name="email"]').fill(email)
        visit.page.wait_for_timeout(3_500)  # whoever sends it sooner is taken for a program
        visit.press("Send me a link")
        if link:
            open_email(visit.page, email)
            address = visit.page.get_by_role("main").get_by_role("link", name=link).get_attribute("href") or ""
            visit.open("/" + address.split("/", 3)[3])
        if button:
            visit.press(button)

    return go


def of_a_meeting(end: str = "", button: str = "") -> Callable[[Visit], None]:
    """A page of the next meeting of the alliance."""
    return linked("/engagement/?kind=meeting", r"/engagement/\d+/", end, button)


def exception_of_a_meeting(visit: Visit) -> None:
    """The first exception of the next meeting."""
    meeting = visit.link("/engagement/?kind=meeting", r"/engagement/\d+/")
    visit.open(visit.link(f"{meeting}meeting/exceptions/", rf"{meeting}meeting/commitment-\d+/"))


def a_figure(end: str) -> Callable[[Visit], None]:
    """A page of the first figure about money."""
    return linked("/money/", r"/figures/\d+/", end)


def a_value(visit: Visit) -> None:
    """The form that corrects the first value of a figure."""
    visit.open(visit.link(visit.link("/money/", r"/figures/\d+/"), r"/figures/values/\d+/"))


def a_source(visit: Visit) -> None:
    """The form that corrects the source of a figure's first value."""
    visit.open(visit.link(visit.link("/money/", r"/figures/\d+/"), r"/figures/\d+/sources/[a-z0-9-]+/"))


def an_award(end: str) -> Callable[[Visit], None]:
    """A page of the first award."""
    return linked("/money/", r"/money/awards/\d+/", end)


def of_a_point(end: str = "", button: str = "") -> Callable[[Visit], None]:
    """A page of the first point that waits for an answer."""
    return linked("/points/?kind=said&state=raised", A_POINT, end, button)


def with_a_plan(pages: int) -> Callable[[Visit], None]:
    """The page so many steps after an action plan is uploaded: 1 its columns, 2 its words and names, 3 the preview."""

    def go(visit: Visit) -> None:
        visit.open("/action-plans/new/")
        file = {"name": "action-plan.xlsx", "mimeType": "application/octet-stream", "buffer": by_theme()}
        visit.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file of its own
        texts = {
            "title": "Working together 2026–2030", "owner": "Oxfordshire County Council", "starts_on": "1 April 2026",
            "ends_on": "31 March 2030", "plan_day": "12 March 2026",
        }  # fmt: skip
        for name, words in texts.items():
            visit.page.locator(f'main [name="{name}"]').fill(words)
        for _ in range(pages):
            visit.press("Continue")

    return go


def ask_for_code(visit: Visit) -> None:
    then("/account/login/", "Email me a code", email="nobody-here@example.org")(visit)


def wrong_code(visit: Visit) -> None:
    ask_for_code(visit)
    visit.page.locator('main [name="code"]').fill("1234")
    visit.press("Sign in")


def ask_for_reset(visit: Visit) -> None:
    visit.open("/account/password/reset/")
    visit.page.locator('main [name="email"]').fill(EMAILS["steering"])
    with visit.page.expect_navigation():
        visit.page.locator("main form button").first.click()


def wrong_reset_code(visit: Visit) -> None:
    ask_for_reset(visit)
    visit.page.locator('main [name="code"]').fill("1234")
    with visit.page.expect_navigation():
        visit.page.locator("main form button").first.click()


def new_password(visit: Visit) -> None:
    """The last page of setting a password, with the code from the email."""
    ask_for_reset(visit)
    mail = visit.page.context.new_page()
    open_email(mail, EMAILS["steering"])
    code = re.search(r"\b\d{4}-\d{4}\b", mail.get_by_role("main").inner_text())
    assert code
    mail.close()
    visit.page.locator('main [name="code"]').fill(code.group())
    with visit.page.expect_navigation():
        visit.page.locator("main form button").first.click()


def from_the_mail(button: str = "") -> Callable[[Visit], None]:
    """The page behind the link in the officer's email of the opening of the round."""

    def go(visit: Visit) -> None:
        open_email(visit.page, EMAILS["officer"], "round is open")
        address = visit.page.get_by_role("main").get_by_role("link", name="Hand this on").get_attribute("href") or ""
        visit.open("/" + address.split("/", 3)[3])
        if button:
            visit.press(button)

    return go


def without_token(visit: Visit) -> None:
    visit.open("/account/login/")
    visit.page.context.clear_cookies()
    visit.press("Email me a code")


UPDATE = f"{STRATEGY}commitments/look-for-places-to-share/update/"


def afresh(visit: Visit) -> None:
    """The update form without what was kept of an earlier visit."""
    visit.open(UPDATE)
    if visit.page.get_by_role("button", name="Discard it and start again").count():
        visit.press("Discard it and start again")


def still_true(visit: Visit) -> None:
    """The receipt of an update that was confirmed in one tap."""
    visit.open(f"{STRATEGY}commitments/help-groups-to-learn-from-one-another/update/")
    button = visit.page.get_by_role("button", name=re.compile(r"The update for .* is still true"))
    if button.count():
        with visit.page.expect_navigation():
            button.click()
    else:
        visit.open(f"{STRATEGY}commitments/help-groups-to-learn-from-one-another/update/sent/")


def written(button: str) -> Callable[[Visit], None]:
    """The update form, filled in, and a button pressed."""

    def go(visit: Visit) -> None:
        afresh(visit)
        visit.page.get_by_role("radio", name="On track", exact=True).check()
        visit.fill("Why?", "The first of the four rooms is ready.")
        visit.fill("What has happened?", f"One room has been **painted** and has new chairs. Seen at {time.time()}.")
        visit.press(button)

    return go


def without_reason(visit: Visit) -> None:
    afresh(visit)
    visit.page.get_by_role("radio", name="At risk", exact=True).check()
    visit.fill("Why?", "")
    visit.press(CHECK)


def two_updates(visit: Visit) -> None:
    """The same update in two windows."""
    afresh(visit)
    other = Visit(visit.page.context.new_page())
    written(SAVE)(other)
    other.page.close()
    visit.page.get_by_role("radio", name="Not started", exact=True).check()
    visit.fill("Why?", "Nobody had a key.")
    visit.press(SAVE)


def two_actions(visit: Visit) -> None:
    """The same action in two windows."""
    address = visit.link(f"{STRATEGY}commitments/strengthen-partnership-working/actions/", AN_ACTION) + "edit/"
    visit.open(address)
    other = Visit(visit.page.context.new_page())
    other.open(address)
    other.page.locator('[name="owner_team"]').fill(f"Team {time.time():.0f}")
    other.press("Save")
    other.page.close()
    visit.page.locator('[name="owner_team"]').fill("Communities team")
    visit.press("Save")


def two_pieces(visit: Visit) -> None:
    """The same draft in two windows."""
    address = visit.evidence("draft") + "edit/"
    visit.open(address)
    other = Visit(visit.page.context.new_page())
    other.open(address)
    other.page.locator('[name="story"]').fill(f"We met at {time.time()}.")
    other.press(SAVE)
    other.page.close()
    visit.page.locator('[name="story"]').fill("We met in the hall.")
    visit.press(SAVE)


def with_photograph(visit: Visit) -> str:
    """The address of a file of the partner's draft; one is added where there is none."""
    address = visit.evidence("draft")
    visit.open(address + "edit/")
    removing = visit.page.locator('main a[href$="/remove/"]')
    if not removing.count():
        picture = visit.page.screenshot(type="jpeg", quality=60, clip={"x": 0, "y": 0, "width": 300, "height": 200})
        file: Any = {"name": "the-hall-on-a-tuesday.jpg", "mimeType": "image/jpeg", "buffer": picture}
        visit.page.locator("input[type=file]").set_input_files(file)
        visit.press(SAVE)
        visit.open(address + "edit/")
    return str(removing.first.get_attribute("href"))


def draft_with_photograph(visit: Visit) -> None:
    with_photograph(visit)


def remove_photograph(visit: Visit) -> None:
    visit.open(with_photograph(visit))


def edition(visit: Visit) -> str:
    """The address of an edition that is ready; one is asked for where there is none."""
    if "edition" not in visit.known:
        ready = [one for one in visit.read("/api/v1/editions/")["results"] if one["state"]["code"] == "ready"]
        if not ready:
            ask(visit)
            visit.page.get_by_role("button", name=re.compile("^Download")).wait_for(timeout=120_000)
            return edition(visit)
        visit.known["edition"] = "/" + ready[-1]["page"].split("/", 3)[3]
    return visit.known["edition"]


def ask(visit: Visit) -> None:
    """Ask for a report. Its page is shown while it is being made."""
    visit.open("/reports/")
    visit.press("Request the report")


A_REPORT_TO_WRITE = r"/reports/of/oxfordshire-vcs-2022-27/[^/\"]+/write/"


def written_by_two(visit: Visit) -> None:
    """A section saved in one window while it is written in another."""
    there = visit.link("/reports/", A_REPORT_TO_WRITE) + "conclusion/"
    visit.open(there)
    other = visit.page.context.new_page()
    other.goto(there)
    other.locator('main [name="text"]').fill(f"Written elsewhere, at {time.time()}.")
    with other.expect_navigation():
        other.get_by_role("button", name=SAVE, exact=True).click()
    other.close()
    visit.page.locator('main [name="text"]').fill("Written here.")
    visit.press(SAVE)


def too_long_a_line(visit: Visit) -> None:
    visit.open(visit.link("/reports/", A_REPORT_TO_WRITE) + "paper-to/")
    visit.page.locator('main [name="text"]').fill("Committee " * 20)
    visit.press(SAVE)


def draft_report(visit: Visit) -> None:
    visit.open(visit.link("/reports/", A_REPORT_TO_WRITE).replace("/write/", "/draft/"))


def stop(visit: Visit) -> None:
    """Stop one that is being made. Where it was ready sooner than the button was pressed, another is asked for."""
    for _ in range(5):
        ask(visit)
        if visit.page.get_by_role("button", name="Cancel").count():
            with suppress(Error):  # it was swapped away at this moment
                visit.press("Cancel")
        if visit.page.get_by_text("cancelled it before it was made").count():
            return


def not_made_yet(visit: Visit) -> None:
    ask(visit)
    visit.open(f"{visit.page.url}report.pdf")


def ready(visit: Visit) -> None:
    visit.open(edition(visit))


def told(visit: Visit, *, published: bool) -> dict[str, Any]:
    """What the API says of the newest edition that is ready and published, or not published yet; one is asked for."""
    for one in visit.read("/api/v1/editions/")["results"]:
        if one["state"]["code"] == "ready" and bool(one["published_at"]) == published:
            return dict(one)
    assert not published, "the story publishes an earlier report"
    ask(visit)
    visit.page.get_by_role("button", name=re.compile("^Download")).wait_for(timeout=120_000)
    return told(visit, published=published)


def of_edition(end: str, button: str = "", *, published: bool = False) -> Callable[[Visit], None]:
    """A page about an edition, perhaps with a button pressed."""

    def go(visit: Visit) -> None:
        address = "/" + told(visit, published=published)["page"].split("/", 3)[3] + end
        then(address, button)(visit) if button else visit.open(address)

    return go


PROPOSE = "Propose to publish"


def closed_edition(visit: Visit) -> str:
    """The address of an edition, not published yet, of the round that was closed last; it is asked for where there is none."""
    for one in visit.read("/api/v1/editions/")["results"]:
        if (
            one["state"]["code"] in {"ready", "queued", "running"}
            and one["round"] == CLOSED
            and not one["published_at"]
        ):
            visit.open("/" + one["page"].split("/", 3)[3])
            visit.page.get_by_role("button", name=re.compile("^Download")).wait_for(timeout=120_000)
            return str(visit.page.url)
    visit.open("/reports/")
    visit.page.get_by_role("radio", name=re.compile(f"^{CLOSED}")).check()
    visit.press("Request the report")
    visit.page.get_by_role("button", name=re.compile("^Download")).wait_for(timeout=120_000)
    return str(visit.page.url)


def of_closed(end: str, button: str = "") -> Callable[[Visit], None]:
    """A page about that edition, perhaps with a button pressed."""

    def go(visit: Visit) -> None:
        address = closed_edition(visit) + end
        then(address, button)(visit) if button else visit.open(address)

    return go


def proposed(visit: Visit) -> None:
    """The proposal to publish it, made by the person who looks."""
    address = closed_edition(visit)
    visit.open(f"{address}publish/")
    if visit.page.get_by_role("button", name=PROPOSE).count():
        for box in visit.page.get_by_role("main").get_by_role("checkbox").all():
            box.check()
        visit.page.get_by_label("Why should it be published despite the warnings?").fill("The Board meets on Monday.")
        visit.press(PROPOSE)
    visit.open(f"{address}publish/")


def verified(face: str = "") -> Callable[[Visit], None]:
    """What is said of the checksum of a published edition's file, or of what it says."""

    def go(visit: Visit) -> None:
        one = told(visit, published=True)
        kept = {each["code"]: each["sha256"] for each in one["faces"]} | {"": one["facts_sha256"]}
        visit.open(f"/reports/verify/{kept[face]}/")

    return go


def whole_report(end: str = "") -> Callable[[Visit], None]:
    """The page of a published report, found as a visitor finds it: in the list of reports."""

    def go(visit: Visit) -> None:
        visit.open(visit.link("/reports/", rf"{REPORT}/[^/\"]+/") + end)

    return go


# The second step.
def app_code(secret: str) -> str:
    """The six digits that an authenticator app would show now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def proven(visit: Visit, address: str) -> None:
    """Open an address that may ask for the password once more."""
    visit.open(address)
    again = visit.page.get_by_label("Your password")
    if again.count():
        again.fill(PASSWORD)
        visit.press("Continue")
        if not visit.page.url.endswith(address):
            visit.open(address)


def safely(address: str, button: str = "") -> Callable[[Visit], None]:
    def go(visit: Visit) -> None:
        proven(visit, address)
        if button:
            visit.press(button)

    return go


def add_app(visit: Visit) -> None:
    """Adding an authenticator app leads to the recovery codes."""
    if "secret" not in visit.known:
        proven(visit, "/account/2fa/totp/activate/")
        shown = re.search(r"\b[A-Z2-7]{4}(?: ?[A-Z2-7]{2,4}){3,}\b", visit.page.get_by_role("main").inner_text())
        assert shown, "the page shows no key"
        visit.known["secret"] = shown.group().replace(" ", "")
        visit.page.locator('main [name="code"]').fill(app_code(visit.known["secret"]))
        with visit.page.expect_navigation():
            visit.page.locator("main form button").first.click()
    visit.open("/account/2fa/recovery-codes/")


def add_key(visit: Visit) -> None:
    """A key of the browser's own, kept for the rest of the visit."""
    if "key" not in visit.known:
        device = visit.page.context.new_cdp_session(visit.page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCHED})
        proven(visit, "/account/2fa/webauthn/add/")
        visit.fill("Name of the key", "Work laptop")
        visit.press("Add the key")
        visit.known["key"] = "added"
    visit.open("/account/2fa/webauthn/")


def key_page(end: str) -> Callable[[Visit], None]:
    def go(visit: Visit) -> None:
        add_key(visit)
        proven(visit, visit.link("/account/2fa/webauthn/", rf"/account/2fa/webauthn/keys/\d+/{end}/"))

    return go


def second_step(code: str = "") -> Callable[[Visit], None]:
    """The page after the password, in a browser that has not signed in."""

    def go(visit: Visit) -> None:
        add_app(visit)
        visit.page.context.clear_cookies()
        then("/account/login/password/", "Sign in", login=EMAILS["careful"], password=PASSWORD)(visit)
        if code:
            visit.page.locator('main [name="code"]').first.fill(code)
            visit.press("Sign in")

    return go


def of_round(phase: str, end: str = "", button: str = "") -> Callable[[Visit], None]:
    """A page of the first round that is in this phase, perhaps with a button pressed."""

    def go(visit: Visit) -> None:
        found = visit.read(f"/api/v1{STRATEGY}rounds/")["results"]
        address = f"{STRATEGY}rounds/{next(one['slug'] for one in found if one['phase'] == phase)}/{end}"
        then(address, button)(visit) if button else visit.open(address)

    return go


LISTED = "/organisations/ashmere-lunch-club/"
ALLIANCE = "/organisations/oxfordshire-stronger-community-alliance/"
A_PLAN = {
    "observes_from": "1 April 2021",
    "observes_to": "31 March 2022",
    "opens_on": (date.today() + timedelta(days=60)).isoformat(),
    "closes_on": (date.today() + timedelta(days=80)).isoformat(),
    "grace_until": (date.today() + timedelta(days=85)).isoformat(),
}
"""A round before the strategy's own, to which nothing belongs."""


def round_to_delete(visit: Visit) -> None:
    """The page that deletes a planned round: of one that is planned for it, as figures are aimed at in the story's own."""
    rounds = visit.read(f"/api/v1{STRATEGY}rounds/")["results"]
    if not any(round_["slug"] == "2021-22" for round_ in rounds):
        then(f"{STRATEGY}rounds/new/", "Continue", **A_PLAN)(visit)
        visit.press("Plan this round")
    visit.open(f"{STRATEGY}rounds/2021-22/delete/")


def of_somebody(name: str, end: str, button: str = "") -> Callable[[Visit], None]:
    """A page about somebody, found among the people."""
    return linked(f"/people/?q={name}", A_PERSON, end, button)


def task_of_somebody(visit: Visit) -> None:
    of_round("open")(visit)
    visit.page.get_by_role("main").get_by_role("link", name="Hand on").first.click()


def newcomer_hands_over(visit: Visit) -> None:
    """Somebody new comes, supports a commitment and goes again: the page of what was handed over."""
    visit.open("/people/invite/")
    visit.fill("Email address", "ivy.interim@example.org")
    visit.page.locator('main [name="name"]').fill("Ivy Interim")
    visit.page.locator('main [name="role"][value="officer"]').check()
    visit.page.locator('main [name="organisation_search"]').fill("Oxfordshire County Council")
    with visit.page.expect_navigation():
        visit.page.locator('main [name="find"]').click()
    visit.page.get_by_label("Oxfordshire County Council", exact=True).check()
    visit.press("Send the invitation")
    _accept(visit, "ivy.interim@example.org")
    address = visit.link("/people/?q=Interim", A_PERSON)
    visit.open(f"{C54}people/")
    visit.page.get_by_label("Ivy Interim").check()
    visit.press("Save")
    visit.open(f"{address}hand-over/")
    visit.page.locator('main [name="to"]').select_option(label="Hazel Hedgerow")
    visit.page.locator('main [name="why"]').fill("Ivy helped out for a month.")
    visit.press("Hand everything over")


def _accept(visit: Visit, email: str) -> None:
    """Somebody who was invited signs in with a code, in a browser of their own, and accepts."""
    browser = visit.page.context.browser
    assert browser is not None
    there = browser.new_context(base_url="/".join(visit.page.url.split("/", 3)[:3]))
    page = there.new_page()
    page.goto("/account/login/")
    page.locator('main [name="email"]').fill(email)
    page.get_by_role("button", name="Email me a code").click()
    mail = there.new_page()
    open_email(mail, email, "code")
    code = re.search(r"\b\d{4}-\d{4}\b", mail.get_by_role("main").inner_text())
    assert code
    page.locator('main [name="code"]').fill(code.group())
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto("/my-work/")
    page.get_by_role("main").get_by_role("link", name="Council officer").click()
    page.get_by_role("button", name="Accept").click()
    page.wait_for_load_state()
    there.close()


def person_s_role(visit: Visit) -> None:
    visit.open(visit.link(visit.link("/people/?q=Wren", A_PERSON), r"/people/roles/\d+/end/"))


C11, C54 = (
    f"{STRATEGY}commitments/promote-the-work-of-the-sector/",
    f"{STRATEGY}commitments/widen-who-sits-at-the-top-table/",
)
C13 = f"{STRATEGY}commitments/strengthen-partnership-working/"
A_PERSON = r"/people/\d+/"
AN_INVITATION = r"/people/invitations/\d+/"

STRANGER = [
    Sight("glance", "commitments:home", "stranger", "/"),
    Sight("strategies", "commitments:strategies", "stranger", "/strategies/"),
    Sight("glance-of-strategy", "commitments:glance", "stranger", STRATEGY),
    Sight("priority-1", "commitments:priority", "stranger", f"{STRATEGY}priorities/1/"),
    Sight("commitments", "commitments:commitment-list", "stranger", f"{STRATEGY}commitments/"),
    Sight("commitments-none", "commitments:commitment-list", "stranger", f"{STRATEGY}commitments/?q=zebra"),
    Sight("commitments-some", "commitments:commitment-list", "stranger", f"{STRATEGY}commitments/?status=at_risk"),
    Sight("commitment", "commitments:commitment", "stranger", C11),
    Sight("actions", "commitments:actions", "stranger", f"{C13}actions/"),
    Sight("action", "commitments:action", "stranger", linked(f"{C13}actions/", AN_ACTION)),
    Sight("commitment-silent", "commitments:commitment", "stranger", C54),
    Sight("evidence", "commitments:evidence-list", "stranger", "/evidence/"),
    Sight("evidence-none", "commitments:evidence-list", "stranger", "/evidence/?q=zebra"),
    Sight("evidence-wrong", "commitments:evidence-list", "stranger", "/evidence/?priority=99", 422),
    Sight("evidence-one", "commitments:evidence", "stranger", linked("/evidence/?q=photograph", r"/evidence/\d+/")),
    Sight("charter", "commitments:glance", "stranger", COMPACT),
    Sight("signatories", "commitments:signatories", "stranger", f"{COMPACT}signatories/"),
    Sight("signatories-wrong", "commitments:signatories", "stranger", f"{COMPACT}signatories/?kind=moon", 422),
    Sight("engagement", "commitments:engagement-list", "stranger", "/engagement/"),
    Sight("engagement-none", "commitments:engagement-list", "stranger", "/engagement/?kind=visit"),
    Sight("engagement-wrong", "commitments:engagement-list", "stranger", "/engagement/?kind=party", 422),
    Sight(
        "workshop",
        "commitments:engagement",
        "stranger",
        linked("/engagement/?kind=workshop&state=written_up", ONE_ENGAGEMENT),
    ),
    Sight(
        "engagement-planned", "commitments:engagement", "stranger", linked("/engagement/?state=planned", ONE_ENGAGEMENT)
    ),
    Sight("case-studies", "commitments:case-studies", "stranger", "/evidence/case-studies/"),
    Sight("case-studies-none", "commitments:case-studies", "stranger", "/evidence/case-studies/?q=nothing-of-the-kind"),
    Sight("case-study", "commitments:case-study", "stranger", linked("/evidence/case-studies/", ONE_CASE_STUDY)),
    Sight("risks", "commitments:risks", "stranger", f"{PLAN}risks/"),
    Sight("risks-none", "commitments:risks", "stranger", f"{RECOMMENDATIONS}risks/"),
    Sight("risks-wrong", "commitments:risks", "stranger", f"{PLAN}risks/?priority=99", 422),
    Sight("risk", "commitments:risk", "stranger", f"{PLAN}risks/insufficient-funding/"),
    Sight("indicator", "commitments:indicator", "stranger", f"{STRATEGY}indicators/2.1a/"),
    Sight("indicator-share", "commitments:indicator", "stranger", f"{STRATEGY}indicators/4.6a/"),
    Sight("recommendations", "commitments:glance", "stranger", RECOMMENDATIONS),
    Sight("recommendation", "commitments:priority", "stranger", f"{RECOMMENDATIONS}priorities/3/"),
    Sight("recommendations-list", "commitments:commitment-list", "stranger", f"{RECOMMENDATIONS}commitments/"),
    Sight("responded", "commitments:commitment", "stranger", f"{RECOMMENDATIONS}commitments/analyse-spend/"),
    Sight("awaiting-response", "commitments:commitment", "stranger", f"{RECOMMENDATIONS}commitments/local-toms/"),
    Sight("indicator-of-plan", "commitments:indicator", "stranger", f"{PLAN}indicators/1.1a/"),
    Sight("commitment-card", "commitments:commitment-card", "stranger", f"{C13}card/"),
    Sight("districts", "commitments:districts", "stranger", "/districts/"),
    Sight("district", "commitments:district", "stranger", "/districts/E07000177/"),
    Sight("district-wrong", "commitments:district", "stranger", "/districts/E07000177/?round=1066", 422),
    Sight("organisations", "partners:organisation-list", "stranger", "/organisations/"),
    Sight("organisations-none", "partners:organisation-list", "stranger", "/organisations/?q=zebra"),
    Sight("organisation", "partners:organisation", "stranger", "/organisations/common-thread/"),
    Sight("roles", "partners:roles", "stranger", "/roles/"),
    Sight("accessibility", "accessibility", "stranger", "/accessibility/"),
    Sight("data", "open-data", "stranger", "/data/"),
    Sight("snapshots", "snapshots", "stranger", "/data/snapshots/"),
    Sight("dataset", "dataset", "stranger", "/data/evidence/"),
    Sight("search", "search", "stranger", "/search/"),
    Sight("search-found", "search", "stranger", "/search/?q=volunteering"),
    Sight("search-of-one-kind", "search", "stranger", "/search/?q=volunteering&kind=evidence"),
    Sight("search-nothing", "search", "stranger", "/search/?q=zebra+quagga"),
    Sight("search-too-long", "search", "stranger", f"/search/?q={'giraffe' * 40}", 422),
    Sight("help", "help", "stranger", "/help/"),
    Sight("help-readers", "help-page", "stranger", "/help/readers/"),
    Sight("help-partners", "help-page", "partner", "/help/partners/"),
    Sight("help-officers", "help-page", "officer", "/help/officers/"),
    Sight("organisations-listed", "partners:organisation-list", "stranger", "/organisations/?standing=listed"),
    Sight("organisation-listed", "partners:organisation", "stranger", f"{LISTED}"),
    Sight("organisation-joining", "partners:joining", "stranger", f"{LISTED}is-this-you/"),
    Sight("organisation-joining-wrong", "partners:joining", "stranger", then(f"{LISTED}is-this-you/", "Send"), 422),
    Sight("organisation-joining-sent", "partners:joining-sent", "stranger", f"{LISTED}is-this-you/sent/"),
    Sight("groups", "partners:group-list", "stranger", "/organisations/groups/"),
    Sight("group", "partners:organisation", "stranger", ALLIANCE),
    Sight("group-resting", "partners:organisation", "stranger", "/organisations/skills-and-volunteering-sub-group/"),
    Sight("help-steering-group", "help-page", "steering", "/help/steering-group/"),
    Sight("help-administrators", "help-page", "administrator", "/help/administrators/"),
    Sight("cookies", "cookies", "stranger", "/cookies/"),
    Sight("privacy", "privacy", "stranger", "/privacy/"),
    Sight("complain", "partners:complain", "stranger", "/privacy/complaint/"),
    Sight(
        "complain-wrong",
        "partners:complain",
        "stranger",
        then("/privacy/complaint/", "Send the complaint", name="Tansy"),
        422,
    ),
    Sight(
        "complaint-received",
        "partners:complaint-received",
        "stranger",
        then(
            "/privacy/complaint/",
            "Send the complaint",
            name="Tansy Trefoil",
            contact="3 Mill Lane",
            words="Please look.",
        ),
    ),
    Sight("you-said", "commitments:you-said", "stranger", "/you-said/"),
    Sight("you-said-wrong", "commitments:you-said", "stranger", "/you-said/?strategy=burnt", 422),
    Sight("tell-us", "commitments:tell-us", "stranger", "/tell-us/"),
    Sight("tell-us-wrong", "commitments:tell-us", "stranger", then("/tell-us/", "Send", email="no"), 422),
    Sight(
        "follow",
        "following:follow",
        "stranger",
        f"/follow/?about=commitment/{STRATEGY.split('/')[2]}/look-for-places-to-share",
    ),
    Sight("follow-wrong", "following:follow", "stranger", then("/follow/", "Send me a link", email="no"), 422),
    Sight("follow-sent", "following:follow-sent", "stranger", follow("one@example.org")),
    Sight("follow-confirm", "following:confirm", "stranger", follow("two@example.org", "Confirm that you want")),
    Sight(
        "follow-confirmed",
        "following:confirm",
        "stranger",
        follow("three@example.org", "Confirm that you want", "Confirm"),
    ),
    Sight("follow-stop", "following:stop", "stranger", follow("four@example.org", "Delete my address now")),
    Sight(
        "follow-stopped",
        "following:stop",
        "stranger",
        follow("five@example.org", "Delete my address now", "Stop all emails"),
    ),
    Sight("point-followed", "commitments:point-followed", "stranger", tell_us),
    Sight("reports-public", "reporting:edition-list", "stranger", "/reports/"),
    Sight("report-page", "reporting:report", "stranger", whole_report()),
    Sight("report-easy-page", "reporting:report-easy", "stranger", whole_report("easy/")),
    Sight("report-none-yet", "reporting:report", "stranger", f"{REPORT}/2026-27/", 404),
    Sight("verify", "reporting:verify", "stranger", "/reports/verify/"),
    Sight("verify-wrong", "reporting:verify", "stranger", then("/reports/verify/", "Verify the file"), 422),
    Sight("verify-found", "reporting:verify-checksum", "stranger", verified("pdf")),
    Sight("verify-found-printed", "reporting:verify-checksum", "stranger", verified()),
    Sight("verify-none", "reporting:verify-checksum", "stranger", f"/reports/verify/{'0' * 64}/", 404),
    Sight("changes", "reporting:changes", "stranger", f"/reports/of/{STRATEGY.split('/')[2]}/changes/"),
    Sight(
        "changes-wrong",
        "reporting:changes",
        "stranger",
        f"/reports/of/{STRATEGY.split('/')[2]}/changes/?from=soon",
        422,
    ),
    Sight("api-pages", "api:docs", "stranger", "/api/v1/docs/"),
    Sight("style-guide", "dev-look", "stranger", "/dev/look/"),
    Sight("sign-in", "account_login", "stranger", "/account/login/"),
    Sight("sign-in-wrong", "account_login", "stranger", then("/account/login/", "Email me a code", email="no"), 422),
    Sight("sign-in-code", "account_confirm_login_code", "stranger", ask_for_code),
    Sight("sign-in-code-wrong", "account_confirm_login_code", "stranger", wrong_code, 422),
    Sight("sign-in-password", "account_login_password", "stranger", "/account/login/password/"),
    Sight(
        "sign-in-password-wrong",
        "account_login_password",
        "stranger",
        then("/account/login/password/", "Sign in", login="nobody-here@example.org", password="not this one"),
        422,
    ),
    Sight("reset", "account_reset_password", "stranger", "/account/password/reset/"),
    Sight("reset-code", "account_confirm_password_reset_code", "stranger", ask_for_reset),
    Sight("reset-code-wrong", "account_confirm_password_reset_code", "stranger", wrong_reset_code, 422),
    Sight("reset-new-password", "account_complete_password_reset", "stranger", new_password),
    Sight("mails", "dev-mails", "stranger", "/dev/mail/"),
    Sight("mail", "dev-mail", "stranger", linked("/dev/mail/", r"/dev/mail/[0-9a-f-]+/")),
    Sight("hand-on", "commitments:hand-on", "stranger", from_the_mail()),
    Sight("hand-on-wrong", "commitments:hand-on", "stranger", from_the_mail("Hand it on"), 422),
    Sight("inactive", "account_inactive", "stranger", "/account/inactive/"),
    Sight("form-too-old", "account_login", "stranger", without_token, 403),
]
LOST = [
    Sight("not-found", "commitments:commitment", "lost", f"{STRATEGY}commitments/9.9/", 404),
    Sight("not-found-anywhere", "commitments:home", "lost", "/no-such-page/", 404),
]


def taking_back(visit: Visit) -> None:
    """Write down that somebody agreed to a story, then ask to take it back."""
    visit.open(visit.evidence("accepted") + "consents/new/")
    visit.page.get_by_role("main").locator("[name=given_by]").fill("The singers")
    for use in visit.page.get_by_role("main").locator("[name=uses]").all():
        use.check()
    visit.press("Record it")
    visit.page.get_by_role("main").get_by_role("link", name=re.compile("^Withdraw consent")).first.click()


PARTNER = [
    Sight("partner-pledges", "commitments:pledges", "partner", linked(COMPACT, r"/signatures/\d+/pledges/")),
    Sight("partner-my-work", "commitments:my-work", "partner", "/my-work/"),
    Sight("partner-evidence", "commitments:evidence-list", "partner", "/evidence/"),
    Sight("partner-evidence-new", "commitments:evidence-new", "partner", "/evidence/new/"),
    Sight(
        "partner-evidence-new-wrong",
        "commitments:evidence-new",
        "partner",
        then("/evidence/new/", "Save and send", happened_from="31 February", people_reached="many"),
        422,
    ),
    Sight("partner-steps", "commitments:evidence-steps", "partner", "/evidence/new/steps/?commitment=2.3"),
    Sight(
        "partner-steps-wrong",
        "commitments:evidence-steps",
        "partner",
        then("/evidence/new/steps/", "No, continue"),
        422,
    ),
    Sight("partner-steps-what", "commitments:evidence-steps-what", "partner", "/evidence/new/steps/what/"),
    Sight("partner-step-photographs", "commitments:evidence-step", "partner", piece("draft", "steps/photographs/")),
    Sight("partner-step-agreed", "commitments:evidence-step", "partner", piece("draft", "steps/agreed/")),
    Sight("partner-step-commitments", "commitments:evidence-step", "partner", piece("draft", "steps/commitments/")),
    Sight("partner-step-people", "commitments:evidence-step", "partner", piece("draft", "steps/people/")),
    Sight("partner-for-group", "commitments:evidence-new", "partner", "/evidence/new/?for=group"),
    Sight("partner-use-again", "commitments:evidence-use-again", "partner", piece("accepted", "use-again/")),
    Sight("partner-consents", "commitments:consents", "partner", piece("accepted", "consents/")),
    Sight("partner-consent-new", "commitments:consent-new", "partner", piece("accepted", "consents/new/")),
    Sight(
        "partner-consent-wrong",
        "commitments:consent-new",
        "partner",
        piece("accepted", "consents/new/", "Record it"),
        422,
    ),
    Sight("partner-consent-withdraw", "commitments:consent-withdraw", "partner", taking_back),
    Sight("partner-take-down", "commitments:consent-take-down", "partner", piece("accepted", "consents/take-down/")),
    Sight("partner-draft", "commitments:evidence", "partner", piece("draft")),
    Sight("partner-draft-edit", "commitments:evidence-edit", "partner", draft_with_photograph),
    Sight(
        "partner-draft-edit-wrong",
        "commitments:evidence-edit",
        "partner",
        piece("draft", "edit/", "Save draft", title=""),
        422,
    ),
    Sight("partner-draft-conflict", "commitments:evidence-edit", "partner", two_pieces, 409),
    Sight("partner-draft-check", "commitments:evidence-submit", "partner", piece("draft", "submit/")),
    Sight("partner-file-add", "commitments:evidence-file-add", "partner", piece("draft", "files/new/")),
    Sight(
        "partner-file-add-wrong",
        "commitments:evidence-file-add",
        "partner",
        piece("draft", "files/new/", "Add them"),
        422,
    ),
    Sight("officer-workbooks", "commitments:workbooks", "officer", f"{STRATEGY}spreadsheets/"),
    Sight("officer-workbook-upload", "commitments:workbook-upload", "officer", uploaded_actions),
    Sight("partner-workbooks", "commitments:workbooks", "partner", f"{STRATEGY}spreadsheets/"),
    Sight("partner-workbook-upload", "commitments:workbook-upload", "partner", uploaded_evidence),
    Sight("admin-workbooks", "commitments:portal-workbooks", "administrator", "/spreadsheets/"),
    Sight("partner-file-remove", "commitments:evidence-file-remove", "partner", remove_photograph),
    Sight("partner-returned", "commitments:evidence", "partner", piece("returned")),
    Sight("partner-accepted", "commitments:evidence", "partner", piece("accepted")),
    Sight("partner-withdraw", "commitments:evidence-withdraw", "partner", piece("submitted", "withdraw/")),
    Sight("partner-withdrawn", "commitments:evidence", "partner", piece("withdrawn")),
    Sight("partner-reopen", "commitments:evidence-reopen", "partner", piece("withdrawn", "reopen/")),
    Sight("partner-refused", "commitments:review", "partner", "/review/", 403),
    Sight("partner-figure", "commitments:indicator-values", "partner", figure("3.1a")),
    Sight("partner-organisation", "partners:organisation", "partner", "/organisations/common-thread/"),
    Sight("partner-invite", "partners:invite", "partner", "/people/invite/"),
    Sight("partner-members", "partners:members", "partner", "/organisations/common-thread/members/"),
    Sight("partner-year", "years:year", "partner", "/organisations/common-thread/year/"),
    Sight(
        "partner-member-end",
        "partners:member-end",
        "partner",
        linked("/organisations/common-thread/members/", r"/organisations/common-thread/members/\d+/end/"),
    ),
    Sight(
        "partner-member-end-wrong",
        "partners:member-end",
        "partner",
        linked(
            "/organisations/common-thread/members/",
            r"/organisations/common-thread/members/\d+/end/",
            button="End the role",
        ),
        422,
    ),
    Sight(
        "partner-invitation",
        "partners:invitation",
        "partner",
        linked("/organisations/common-thread/members/", AN_INVITATION),
    ),
    Sight("partner-account", "partners:account", "partner", "/account/"),
    Sight("public-name", "partners:public-name", "officer", "/account/public-name/"),
    Sight("partner-view", "commitments:view", "partner", f"{STRATEGY}commitments/review-how-the-compact-is-used/view/"),
    Sight(
        "partner-view-wrong",
        "commitments:view",
        "partner",
        then(f"{STRATEGY}commitments/review-how-the-compact-is-used/view/", "Give this view", reason=""),
        422,
    ),
    Sight(
        "partner-two-voices",
        "commitments:commitment",
        "partner",
        f"{STRATEGY}commitments/review-how-the-compact-is-used/",
    ),
    Sight(
        "partner-view-withdraw",
        "commitments:view-withdraw",
        "partner",
        f"{STRATEGY}commitments/review-how-the-compact-is-used/view/withdraw/",
    ),
    Sight("partner-sign-out", "account_logout", "partner", "/account/logout/"),
]
OFFICER = [
    Sight("officer-glance", "commitments:glance", "officer", STRATEGY),
    Sight(
        "officer-view-reply",
        "commitments:view-reply",
        "officer",
        f"{STRATEGY}commitments/review-how-the-compact-is-used/views/common-thread/reply/",
    ),
    Sight(
        "officer-view-reply-wrong",
        "commitments:view-reply",
        "officer",
        then(
            f"{STRATEGY}commitments/review-how-the-compact-is-used/views/common-thread/reply/",
            "Save the reply",
            text="",
        ),
        422,
    ),
    Sight("case-studies-review", "commitments:case-studies", "officer", "/evidence/case-studies/?show=review"),
    Sight(
        "case-study-review",
        "commitments:case-study",
        "officer",
        linked("/evidence/case-studies/?show=review", ONE_CASE_STUDY),
    ),
    Sight(
        "case-study-new",
        "commitments:case-study-write",
        "partner",
        lambda visit: visit.open(f"{visit.evidence('accepted')}case-study/write/"),
    ),
    Sight(
        "case-study-write",
        "commitments:case-study-write",
        "partner",
        linked("/evidence/case-studies/?show=handled&state=accepted", ONE_CASE_STUDY, "write/"),
    ),
    Sight(
        "case-study-withdraw",
        "commitments:case-study-withdraw",
        "partner",
        linked("/evidence/case-studies/?show=handled", ONE_CASE_STUDY, "withdraw/"),
    ),
    Sight("risks-kept", "commitments:risks", "officer", f"{STRATEGY}risks/"),
    Sight("risk-new", "commitments:risk-new", "officer", f"{STRATEGY}risks/new/"),
    Sight("risk-new-wrong", "commitments:risk-new", "officer", then(f"{STRATEGY}risks/new/", "Save"), 422),
    Sight("risk-edit", "commitments:risk-edit", "officer", linked(f"{STRATEGY}risks/", ONE_RISK, "edit/")),
    Sight("risk-assess", "commitments:risk-assess", "officer", linked(f"{STRATEGY}risks/", ONE_RISK, "assess/")),
    Sight("risk-end", "commitments:risk-end", "officer", linked(f"{STRATEGY}risks/", ONE_RISK, "end/")),
    Sight("plan-new", "commitments:plan-new", "administrator", "/action-plans/new/"),
    Sight("plan-new-wrong", "commitments:plan-new", "administrator", then("/action-plans/new/", "Continue"), 422),
    Sight("plan-columns", "commitments:plan-columns", "administrator", with_a_plan(1)),
    Sight("plan-names", "commitments:plan-names", "administrator", with_a_plan(2)),
    Sight("plan-check", "commitments:plan-check", "administrator", with_a_plan(3)),
    Sight("next-steps", "commitments:next-steps", "administrator", f"{STRATEGY}next-steps/"),
    Sight("engagement-new", "commitments:engagement-new", "officer", "/engagement/new/"),
    Sight("engagement-new-wrong", "commitments:engagement-new", "officer", then("/engagement/new/", "Save"), 422),
    Sight("engagement-edit", "commitments:engagement-edit", "officer", linked(HELD, ONE_ENGAGEMENT, "edit/")),
    Sight(
        "engagement-attendance",
        "commitments:engagement-attendance",
        "officer",
        linked(HELD, ONE_ENGAGEMENT, "attendance/"),
    ),
    Sight(
        "engagement-write-up", "commitments:engagement-write-up", "officer", linked(HELD, ONE_ENGAGEMENT, "write-up/")
    ),
    Sight(
        "engagement-write-up-wrong",
        "commitments:engagement-write-up",
        "officer",
        linked(HELD, ONE_ENGAGEMENT, "write-up/", button="Publish the summary"),
        422,
    ),
    Sight(
        "engagement-call-off",
        "commitments:engagement-call-off",
        "officer",
        linked("/engagement/?state=planned", ONE_ENGAGEMENT, "call-off/"),
    ),
    Sight("signature-record", "commitments:signature-record", "officer", f"{COMPACT}signatories/record/"),
    Sight(
        "signature-record-wrong",
        "commitments:signature-record",
        "officer",
        then(f"{COMPACT}signatories/record/", "Record the signature"),
        422,
    ),
    Sight("signature-reaffirm", "commitments:reaffirm", "officer", linked(f"{COMPACT}signatories/", REAFFIRM)),
    Sight("signature-end", "commitments:signature-end", "officer", linked(f"{COMPACT}signatories/", END_SIGNATURE)),
    Sight(
        "signature-end-wrong",
        "commitments:signature-end",
        "officer",
        linked(f"{COMPACT}signatories/", END_SIGNATURE, button="End signature"),
        422,
    ),
    Sight("response-to-write", "commitments:response", "officer", linked(*TO_WRITE)),
    Sight(
        "response-to-write-wrong", "commitments:response", "officer", linked(*TO_WRITE, button="Send for approval"), 422
    ),
    Sight("response-to-review", "commitments:response", "officer", linked(*TO_REVIEW)),
    Sight(
        "response-to-review-wrong",
        "commitments:response",
        "officer",
        linked(*TO_REVIEW, button="Save your decision"),
        422,
    ),
    Sight("response-published", "commitments:response", "officer", linked(*TO_RETURN)),
    Sight("assign-several", "commitments:assign-several", "officer", f"{STRATEGY}assign/"),
    Sight("assign-several-wrong", "commitments:assign-several", "officer", then(f"{STRATEGY}assign/", "Continue"), 422),
    Sight("assign-check", "commitments:assign-several", "officer", assign_check),
    Sight("officer-my-work", "commitments:my-work", "officer", "/my-work/"),
    Sight("officer-commitment", "commitments:commitment", "officer", C11),
    Sight("officer-update", "commitments:update", "officer", f"{C11}update/"),
    Sight("officer-update-wrong", "commitments:update", "officer", without_reason, 422),
    Sight("officer-update-check", "commitments:update", "officer", written(CHECK)),
    Sight("officer-update-draft", "commitments:update", "officer", written(SAVE)),
    Sight("officer-update-conflict", "commitments:update", "officer", two_updates, 409),
    Sight(
        "officer-update-returned",
        "commitments:update",
        "officer",
        f"{STRATEGY}commitments/strengthen-partnership-working/update/",
    ),
    Sight(
        "officer-update-submitted",
        "commitments:update",
        "officer",
        f"{STRATEGY}commitments/review-how-the-compact-is-used/update/",
    ),
    Sight(
        "officer-update-approved",
        "commitments:update",
        "officer",
        f"{STRATEGY}commitments/listen-to-the-sector/update/",
    ),
    Sight("officer-update-sent", "commitments:update-sent", "officer", still_true),
    Sight("officer-status", "commitments:status-change", "officer", f"{C11}status/"),
    Sight(
        "officer-status-wrong", "commitments:status-change", "officer", then(f"{C54}status/", "Change the status"), 422
    ),
    Sight("officer-measure", "commitments:success-measure", "officer", f"{C11}success-measure/"),
    Sight("officer-plan", "commitments:plan", "officer", f"{C11}plan/"),
    Sight("officer-people", "commitments:people", "officer", f"{C11}people/"),
    Sight(
        "officer-partners", "commitments:delivery", "officer", f"{STRATEGY}commitments/celebrate-volunteers/partners/"
    ),
    Sight("officer-action", "commitments:action-new", "officer", f"{C11}actions/new/"),
    Sight(
        "officer-action-wrong",
        "commitments:action-new",
        "officer",
        then(f"{C11}actions/new/", "Add the action", due_on="soon"),
        422,
    ),
    Sight("officer-action-page", "commitments:action", "officer", linked(f"{C13}actions/", AN_ACTION)),
    Sight("officer-action-edit", "commitments:action-edit", "officer", linked(f"{C13}actions/", AN_ACTION, "edit/")),
    Sight("officer-action-move", "commitments:action-move", "officer", linked(f"{C13}actions/", AN_ACTION, "move/")),
    Sight("officer-action-done", "commitments:action-done", "officer", linked(f"{C13}actions/", AN_ACTION, "done/")),
    Sight("officer-action-drop", "commitments:action-drop", "officer", linked(f"{C13}actions/", AN_ACTION, "drop/")),
    Sight(
        "officer-action-reopen", "commitments:action-reopen", "officer", linked(f"{C13}actions/", AN_ACTION, "reopen/")
    ),
    Sight(
        "officer-action-done-wrong",
        "commitments:action-done",
        "officer",
        linked(f"{C13}actions/", AN_ACTION, "done/", "Mark as done"),
        422,
    ),
    Sight("officer-action-conflict", "commitments:action-edit", "officer", two_actions, 409),
    Sight("officer-evidence", "commitments:evidence-list", "officer", "/evidence/"),
    Sight("officer-evidence-new", "commitments:evidence-new", "officer", "/evidence/new/"),
    Sight("officer-consents", "commitments:consent-ledger", "officer", "/consents/"),
    Sight("officer-consents-all", "commitments:consent-ledger", "officer", "/consents/?show=all"),
    Sight("officer-review", "commitments:review", "officer", "/review/"),
    Sight("officer-review-one", "commitments:review-one", "officer", linked("/review/", r"/review/\d+/")),
    Sight(
        "officer-review-wrong",
        "commitments:review-one",
        "officer",
        linked("/review/", r"/review/\d+/", button="Decide, then show the next"),
        422,
    ),
    Sight("officer-review-none-ticked", "commitments:accept-several", "officer", "/review/accept/", 422),
    Sight(
        "officer-review-several",
        "commitments:accept-several",
        "officer",
        ticked("/review/", "Accept selected evidence"),
    ),
    Sight("officer-approvals", "commitments:approvals", "officer", "/review/updates/"),
    Sight("officer-approval", "commitments:approval", "officer", linked("/review/updates/", A_SENT_UPDATE)),
    Sight(
        "officer-approval-wrong",
        "commitments:approval",
        "officer",
        linked("/review/updates/", A_SENT_UPDATE, button="Decide, then show the next"),
        422,
    ),
    Sight(
        "officer-approvals-several",
        "commitments:approve-several",
        "officer",
        ticked("/review/updates/", "Approve selected updates"),
    ),
    Sight(
        "officer-update-notes",
        "commitments:update-notes",
        "officer",
        linked("/review/updates/", A_SENT_UPDATE, "notes/"),
    ),
    Sight(
        "officer-evidence-notes-wrong",
        "commitments:evidence-notes",
        "officer",
        piece("submitted", "notes/", "Save note"),
        422,
    ),
    Sight("officer-withdraw", "commitments:evidence-withdraw", "officer", piece("submitted", "withdraw/")),
    Sight(
        "officer-withdraw-wrong",
        "commitments:evidence-withdraw",
        "officer",
        piece("submitted", "withdraw/", "Withdraw it"),
        422,
    ),
    Sight("officer-indicator", "commitments:indicator", "officer", f"{STRATEGY}indicators/2.1a/"),
    Sight("officer-indicator-new", "commitments:indicator-new", "officer", f"{C11}indicators/new/"),
    Sight(
        "officer-indicator-wrong",
        "commitments:indicator-new",
        "officer",
        then(f"{C11}indicators/new/", "Save the indicator", code="not a code", baseline="some"),
        422,
    ),
    Sight(
        "officer-priority-indicator",
        "commitments:priority-indicator-new",
        "officer",
        f"{STRATEGY}priorities/1/indicators/new/",
    ),
    Sight("officer-indicator-edit", "commitments:indicator-edit", "officer", f"{STRATEGY}indicators/5.1a/edit/"),
    Sight(
        "officer-targets",
        "commitments:indicator-targets",
        "officer",
        linked(f"{STRATEGY}indicators/4.6a/", rf"{STRATEGY}indicators/4.6a/targets/[^/]+/"),
    ),
    Sight("officer-figure", "commitments:indicator-values", "officer", figure("4.6a")),
    Sight("officer-figure-wrong", "commitments:indicator-values", "officer", figure(words="N/A"), 422),
    Sight("officer-figures", "commitments:values-waiting", "officer", "/review/figures/"),
    Sight(
        "officer-figure-review",
        "commitments:value-review",
        "officer",
        linked("/review/figures/", r"/review/figures/\d+/"),
    ),
    Sight(
        "officer-figure-review-wrong",
        "commitments:value-review",
        "officer",
        linked("/review/figures/", r"/review/figures/\d+/", button="Decide"),
        422,
    ),
    Sight("officer-report-ready", "reporting:edition", "officer", ready),
    Sight("officer-report-read", "reporting:edition-read", "officer", of_edition("read/")),
    Sight("officer-report-easy", "reporting:edition-easy", "officer", of_edition("easy/")),
    Sight("officer-reports", "reporting:edition-list", "officer", "/reports/"),
    Sight("officer-report-publish", "reporting:edition-publish", "officer", of_edition("publish/")),
    Sight("officer-published-files", "reporting:published-files", "officer", "/reports/files/"),
    Sight("officer-report-closed", "reporting:edition-publish", "officer", of_closed("publish/")),
    Sight("officer-report-closed-wrong", "reporting:edition-publish", "officer", of_closed("publish/", PROPOSE), 422),
    Sight("officer-report-discard", "reporting:edition-discard", "officer", of_edition("discard/")),
    Sight("officer-report-own-proposal", "reporting:proposal", "officer", proposed),
    Sight("officer-report-withdraw", "reporting:edition-withdraw", "officer", of_edition("withdraw/", published=True)),
    Sight(
        "officer-report-withdraw-wrong",
        "reporting:edition-withdraw",
        "officer",
        of_edition("withdraw/", "Propose to withdraw", published=True),
        422,
    ),
    Sight("officer-report-under-way", "reporting:edition", "officer", ask),
    Sight("officer-report-stopped", "reporting:edition", "officer", stop),
    Sight("officer-report-no-file", "reporting:edition-download", "officer", not_made_yet, 404),
    Sight("officer-report-write", "reporting:report-write", "officer", linked("/reports/", A_REPORT_TO_WRITE)),
    Sight(
        "officer-section", "reporting:report-section", "officer", linked("/reports/", A_REPORT_TO_WRITE, "priority-1/")
    ),
    Sight(
        "officer-section-preview",
        "reporting:report-section",
        "officer",
        linked("/reports/", A_REPORT_TO_WRITE, "priority-2/", button="Preview"),
    ),
    Sight("officer-section-wrong", "reporting:report-section", "officer", too_long_a_line, 422),
    Sight("officer-section-two", "reporting:report-section", "officer", written_by_two, 409),
    Sight("officer-draft", "reporting:report-draft", "officer", draft_report),
    Sight("officer-refused", "partners:people", "officer", "/people/", 403),
]
STEERING = [
    Sight("steering-my-work", "commitments:my-work", "steering", "/my-work/"),
    Sight("steering-name-on-seat", "partners:name-on-seat", "steering", linked("/account/", r"/account/seats/\d+/")),
    Sight("steering-reports", "reporting:edition-request", "steering", "/reports/request/"),
    Sight("steering-report", "reporting:edition", "steering", ready),
    Sight("steering-report-write", "reporting:report-write", "steering", linked("/reports/", A_REPORT_TO_WRITE)),
    Sight(
        "steering-section",
        "reporting:report-section",
        "steering",
        linked("/reports/", A_REPORT_TO_WRITE, "priority-1/"),
    ),
    Sight(
        "steering-comment-wrong",
        "reporting:report-comment",
        "steering",
        linked("/reports/", A_REPORT_TO_WRITE, "foreword/", button="Add the comment"),
        422,
    ),
    Sight("steering-draft", "reporting:report-draft", "steering", draft_report),
]
ADMINISTRATOR = [
    Sight("admin-my-work", "commitments:my-work", "administrator", "/my-work/"),
    Sight("admin-approvals", "commitments:approvals", "administrator", "/review/updates/"),
    Sight("admin-people", "partners:people", "administrator", "/people/"),
    Sight("admin-joining-requests", "partners:joining-requests", "administrator", "/people/requests/"),
    Sight(
        "admin-joining-request",
        "partners:joining-request",
        "administrator",
        linked("/people/requests/", r"/people/requests/\d+/"),
    ),
    Sight("admin-standing", "partners:standing", "administrator", f"{LISTED}standing/"),
    Sight("admin-removal", "partners:removal", "administrator", f"{LISTED}remove/"),
    Sight("admin-complaints", "partners:complaints", "administrator", "/privacy/complaints/"),
    Sight(
        "admin-complaint",
        "partners:complaint",
        "administrator",
        linked("/privacy/complaints/", r"/privacy/complaints/\d+/"),
    ),
    Sight(
        "admin-complaint-wrong",
        "partners:complaint",
        "administrator",
        linked("/privacy/complaints/", r"/privacy/complaints/\d+/", button="Record"),
        422,
    ),
    Sight("admin-backups", "backups", "administrator", "/people/backups/"),
    Sight("admin-removals", "privacy-removals", "administrator", "/privacy/removed/"),
    Sight("partner-my-data", "my-data", "partner", "/account/data/"),
    Sight("admin-person-data", "person-data", "administrator", linked("/people/?q=Wren", A_PERSON, "data/")),
    Sight("admin-person-erase", "person-erase", "administrator", linked("/people/?q=Yarrow", A_PERSON, "erase/")),
    Sight(
        "admin-person-erase-wrong",
        "person-erase",
        "administrator",
        linked("/people/?q=Yarrow", A_PERSON, "erase/", "Erase the data"),
        422,
    ),
    Sight(
        "admin-sessions", "partners:person-sessions", "administrator", linked("/people/?q=Wren", A_PERSON, "sessions/")
    ),
    Sight("partner-calendar", "partners:personal-calendar", "partner", "/account/calendar/"),
    Sight(
        "partner-calendar-made", "partners:personal-calendar", "partner", then("/account/calendar/", "Make an address")
    ),
    Sight("partner-tokens", "partners:tokens", "partner", "/account/tokens/"),
    Sight("partner-token-new", "partners:token-new", "partner", "/account/tokens/new/"),
    Sight("partner-token-wrong", "partners:token-new", "partner", then("/account/tokens/new/", "Make the token"), 422),
    Sight("partner-token-end", "partners:token-end", "partner", a_token_to_end),
    Sight("partner-sessions", "partners:sessions", "partner", "/account/sessions/"),
    Sight("admin-security-events", "partners:security-events", "administrator", "/people/security/"),
    Sight("admin-people-none", "partners:people", "administrator", "/people/?q=zebra"),
    Sight("admin-person", "partners:person", "administrator", linked("/people/?q=Wren", A_PERSON)),
    Sight("admin-role-end", "partners:role-end", "administrator", person_s_role),
    Sight("admin-access", "partners:access", "administrator", linked("/people/?q=Wren", A_PERSON, "access/")),
    Sight(
        "admin-second-step-recover",
        "partners:second-step-recover",
        "administrator",
        linked("/people/?q=Hazel", A_PERSON, "second-step/"),
    ),
    Sight(
        "admin-second-step-recover-wrong",
        "partners:second-step-recover",
        "administrator",
        linked("/people/?q=Hazel", A_PERSON, "second-step/", "Remove the lost second step"),
        422,
    ),
    Sight("admin-invite", "partners:invite", "administrator", "/people/invite/"),
    Sight("admin-person-edit", "partners:person-edit", "administrator", linked("/people/?q=Wren", A_PERSON, "edit/")),
    Sight("address-confirm", "partners:address-confirm", "stranger", "/account/address/"),
    Sight(
        "address-confirm-wrong",
        "partners:address-confirm",
        "stranger",
        then("/account/address/", "Confirm", email="no"),
        422,
    ),
    Sight("admin-domains", "partners:domains", "administrator", "/organisations/common-thread/members/domains/"),
    Sight(
        "admin-domains-wrong",
        "partners:domains",
        "administrator",
        then("/organisations/common-thread/members/domains/", "Save", domains="no domain"),
        422,
    ),
    Sight("admin-invitations", "partners:invitations", "administrator", "/people/invitations/"),
    Sight("admin-invitation", "partners:invitation", "administrator", linked("/people/invitations/", AN_INVITATION)),
    Sight(
        "admin-invitation-no-reason",
        "partners:invitation",
        "administrator",
        linked("/people/invitations/", AN_INVITATION, button="Do not approve"),
        422,
    ),
    Sight("steering-invitation", "partners:invitation-answer", "steering", linked("/my-work/", r"/invitations/\d+/")),
    Sight(
        "admin-invite-wrong",
        "partners:invite",
        "administrator",
        then("/people/invite/", "Send the invitation", email="no"),
        422,
    ),
    Sight("admin-organisation-new", "partners:organisation-new", "administrator", "/organisations/new/"),
    Sight(
        "admin-organisation-new-wrong",
        "partners:organisation-new",
        "administrator",
        then("/organisations/new/", "Save"),
        422,
    ),
    Sight("admin-group", "partners:group-edit", "administrator", f"{ALLIANCE}group/"),
    Sight(
        "admin-group-found",
        "partners:group-edit",
        "administrator",
        then(f"{ALLIANCE}group/", "Find for “It is supported by”", supported_by_search="the"),
    ),
    Sight("admin-seats", "partners:seats", "administrator", f"{ALLIANCE}seats/"),
    Sight("admin-seat-new", "partners:seat-new", "administrator", f"{ALLIANCE}seats/new/"),
    Sight("admin-seat-edit", "partners:seat-edit", "administrator", f"{ALLIANCE}seats/1/"),
    Sight("admin-seat-end", "partners:seat-end", "administrator", f"{ALLIANCE}seats/1/end/"),
    Sight("admin-appoint", "partners:appoint", "administrator", f"{ALLIANCE}seats/17/appoint/"),
    Sight(
        "admin-appoint-wrong", "partners:appoint", "administrator", then(f"{ALLIANCE}seats/17/appoint/", "Save"), 422
    ),
    Sight(
        "admin-appointment-end",
        "partners:appointment-end",
        "administrator",
        linked(f"{ALLIANCE}seats/", rf"{ALLIANCE}seats/1/appointments/\d+/end/"),
    ),
    Sight("figures", "commitments:sourced-figures", "stranger", "/figures/"),
    Sight("figure", "commitments:sourced-figure", "stranger", linked("/figures/", r"/figures/\d+/")),
    Sight("money", "commitments:money", "stranger", "/money/"),
    Sight("award", "commitments:award", "stranger", linked("/money/", r"/money/awards/\d+/")),
    Sight("officer-figure-new", "commitments:sourced-figure-new", "officer", "/figures/new/"),
    Sight("officer-figure-edit", "commitments:sourced-figure-edit", "officer", a_figure("edit/")),
    Sight("officer-figure-end", "commitments:sourced-figure-end", "officer", a_figure("end/")),
    Sight("officer-value-new", "commitments:sourced-value-new", "officer", a_figure("value/")),
    Sight("officer-value-correct", "commitments:sourced-value-correct", "officer", a_value),
    Sight("officer-source-edit", "commitments:source-edit", "officer", a_source),
    Sight("officer-award-new", "commitments:award-new", "officer", a_figure("award/")),
    Sight("officer-award-edit", "commitments:award-edit", "officer", an_award("edit/")),
    Sight("officer-award-withdraw", "commitments:award-withdraw", "officer", an_award("withdraw/")),
    Sight("admin-followers", "following:counts", "administrator", "/people/followers/"),
    Sight("admin-strands", "partners:strands", "administrator", "/people/strands/"),
    Sight("admin-strand-new", "partners:strand-new", "administrator", "/people/strands/new/"),
    Sight("admin-strand-edit", "partners:strand-edit", "administrator", "/people/strands/age/"),
    Sight("admin-organisation", "partners:organisation", "administrator", "/organisations/common-thread/"),
    Sight(
        "admin-organisation-edit", "partners:organisation-edit", "administrator", "/organisations/common-thread/edit/"
    ),
    *(
        Sight(
            f"meeting-{name or 'opens'}",
            f"meetings:{name or 'meeting'}",
            "administrator",
            of_a_meeting(f"meeting/{end}"),
        )
        for name, end in (("", ""), ("changes", "changes/"), ("exceptions", "exceptions/"), ("end", "end/"))
    ),
    Sight("meeting-step", "meetings:step", "administrator", of_a_meeting("meeting/other/")),
    Sight("meeting-exception", "meetings:step", "administrator", exception_of_a_meeting),
    Sight(
        "meeting-step-wrong",
        "meetings:step",
        "administrator",
        of_a_meeting("meeting/other/", "Record the decision"),
        422,
    ),
    Sight("minutes-draft", "meetings:minutes", "administrator", of_a_meeting("minutes/")),
    Sight("points", "commitments:points", "administrator", "/points/"),
    Sight("points-wrong", "commitments:points", "administrator", "/points/?kind=burnt", 422),
    Sight(
        "engagement-points",
        "commitments:engagement-points",
        "administrator",
        linked("/engagement/", ONE_ENGAGEMENT, "points/"),
    ),
    Sight("point-new", "commitments:point-new", "administrator", "/points/new/"),
    Sight("point-new-wrong", "commitments:point-new", "administrator", then("/points/new/", "Record it"), 422),
    Sight("point", "commitments:point", "administrator", of_a_point()),
    *(
        Sight(f"point-{act}", f"commitments:point-{act}", "administrator", of_a_point(f"{act}/"))
        for act in ("answer", "done", "assign", "publish", "take-down", "pass-on", "close", "reopen")
    ),
    Sight("point-answer-wrong", "commitments:point-answer", "administrator", of_a_point("answer/", "Answer it"), 422),
    Sight("rounds", "commitments:rounds", "administrator", "/rounds/"),
    Sight("round", "commitments:round", "administrator", of_round("open")),
    Sight("round-planned", "commitments:round", "administrator", of_round("planned")),
    Sight("round-closed", "commitments:round", "administrator", of_round("closed")),
    Sight("round-new", "commitments:round-new", "administrator", f"{STRATEGY}rounds/new/"),
    Sight(
        "round-new-wrong",
        "commitments:round-new",
        "administrator",
        then(f"{STRATEGY}rounds/new/", "Continue", closes_on="1 May 2001"),
        422,
    ),
    Sight(
        "round-check",
        "commitments:round-new",
        "administrator",
        then(f"{STRATEGY}rounds/new/", "Continue", **A_PLAN),
    ),
    Sight("round-delete-not", "commitments:round-delete", "administrator", of_round("planned", "delete/"), 409),
    Sight("round-delete", "commitments:round-delete", "administrator", round_to_delete),
    Sight("round-days", "commitments:round-days", "administrator", of_round("open", "days/")),
    Sight("round-open", "commitments:round-open", "administrator", of_round("planned", "open/")),
    Sight("round-end", "commitments:round-end", "administrator", of_round("open", "end/")),
    Sight("round-close", "commitments:round-close", "administrator", of_round("open", "close/")),
    Sight("round-reopen", "commitments:round-reopen", "administrator", of_round("closed", "reopen/")),
    Sight(
        "round-reopen-wrong",
        "commitments:round-reopen",
        "administrator",
        of_round("closed", "reopen/", "Reopen the round"),
        422,
    ),
    Sight("round-nudge", "commitments:round-nudge", "administrator", of_round("open", "nudge/")),
    Sight("round-task", "commitments:round-task", "administrator", task_of_somebody),
    Sight("round-ask", "commitments:round-ask", "administrator", of_round("open", "organisations/common-thread/")),
    Sight("hand-over", "commitments:hand-over", "administrator", of_somebody("Linden", "hand-over/")),
    Sight(
        "hand-over-wrong",
        "commitments:hand-over",
        "administrator",
        of_somebody("Linden", "hand-over/", "Hand everything over"),
        422,
    ),
    Sight("handed-over", "commitments:handed-over", "administrator", newcomer_hands_over),
    Sight("deputies", "partners:deputies", "administrator", of_somebody("Hazel+Hedgerow", "deputies/")),
    Sight(
        "deputies-wrong",
        "partners:deputies",
        "administrator",
        of_somebody("Hazel+Hedgerow", "deputies/", "Name as deputy"),
        422,
    ),
]
CAREFUL = [
    Sight("second-step-set-up", "partners:second-step", "careful", "/account/second-step/"),
    Sight("app-add", "mfa_activate_totp", "careful", safely("/account/2fa/totp/activate/")),
    Sight("recovery-codes", "mfa_view_recovery_codes", "careful", add_app),
    Sight("account", "partners:account", "careful", "/account/"),
    Sight("password-change", "account_change_password", "careful", "/account/password/change/"),
    Sight(
        "password-change-wrong",
        "account_change_password",
        "careful",
        then("/account/password/change/", "Save the password"),
        422,
    ),
    Sight("again-password", "account_reauthenticate", "careful", "/account/reauthenticate/"),
    Sight("keys-none", "mfa_list_webauthn", "careful", "/account/2fa/webauthn/"),
    Sight(
        "recovery-codes-new", "mfa_generate_recovery_codes", "careful", safely("/account/2fa/recovery-codes/generate/")
    ),
    Sight("key-add", "mfa_add_webauthn", "careful", safely("/account/2fa/webauthn/add/")),
    Sight("keys", "mfa_list_webauthn", "careful", add_key),
    Sight("key-rename", "mfa_edit_webauthn", "careful", key_page("edit")),
    Sight("key-remove", "mfa_remove_webauthn", "careful", key_page("remove")),
    Sight("second-step", "mfa_index", "careful", "/account/2fa/"),
    Sight("again-code", "mfa_reauthenticate", "careful", "/account/2fa/reauthenticate/"),
    Sight("again-key", "mfa_reauthenticate_webauthn", "careful", "/account/2fa/webauthn/reauthenticate/"),
    Sight("app-remove", "mfa_deactivate_totp", "careful", safely("/account/2fa/totp/deactivate/")),
    Sight("sign-in-second-step", "mfa_authenticate", "careful", second_step()),
    Sight("sign-in-second-step-wrong", "mfa_authenticate", "careful", second_step("12"), 422),
]
FAITH = [Sight("sign-charter", "commitments:sign", "faith", f"{COMPACT}sign/")]
"""A lead of an organisation that has not signed."""
SIGHTS: list[Sight] = [*STRANGER, *LOST, *PARTNER, *FAITH, *OFFICER, *STEERING, *ADMINISTRATOR, *CAREFUL]

NO_PAGES = {
    "commitments:awards-csv": "a file",
    "commitments:awards-json": "data for programs",
    "commitments:commitment-badge": "a picture for other sites",
    "commitments:signatories-csv": "a file",
    "session": "what a page asks about a session",
    "brand-css": "a style sheet",
    "healthz": "a word for machines",
    "commitments:evidence-file": "a photograph or a document",
    "reporting:paper-form": "a page to print",
    "reporting:case-study-pdf": "a file",
    "reporting:brief": "two pages to print",
    "reporting:report-section-preview": "one page of a draft to print",
    "reporting:edition-photograph": "a photograph",
    "commitments:workbook-download": "a file",
    "commitments:portal-workbook-download": "a file",
    "meetings:minutes-pdf": "a file",
    "meetings:minutes-docx": "a file",
    "years:year-pdf": "a file",
    "years:year-docx": "a file",
    "years:year-csv": "a file",
    "reporting:face": "a file",
    "reporting:edition-dataset": "data for programs",
    "dataset-file": "a file",
    "grants-360giving": "a file",
    "snapshot": "a file",
    "reporting:data-schema": "a schema for programs",
    "reporting:edition-progress": "a part of the edition's page",
    "partners:security-events-export": "a file",
    "robots-txt": "a few lines for programs that read the whole web",
    "sitemap": "a list for search engines",
    "board-picture": "a picture for other sites' cards",
    **dict.fromkeys(
        ("following:strategy-calendar", "following:group-calendar", "following:own-calendar"), "a calendar for programs"
    ),
    **dict.fromkeys(
        ("following:feed", "following:strategy-feed", "following:commitment-feed", "following:organisation-feed"),
        "a feed for programs",
    ),
    "security-txt": "a few lines for whoever has found a weakness",
}
"""Doors that answer 200 with something else than a page, and what that is. Those of the API answer JSON."""


def at_a_browser(browser: Browser, url: str, who: str) -> Visit:
    """Somebody of this kind at a browser of their own, signed in where they have an account."""
    context = browser.new_context(
        base_url=url.replace("127.0.0.1", "localhost"),  # a key is bound to a name and not to a number
        viewport={"width": 1280, "height": 900},
        locale="en-GB",
        reduced_motion="reduce",
    )
    visit = Visit(context.new_page())
    if who in EMAILS:
        then("/account/login/password/", "Sign in", login=EMAILS[who], password=PASSWORD)(visit)
        pass_second_step(visit.page)
        assert visit.page.get_by_role("button", name="Sign out").count(), f"{who} could not sign in"
    return visit


def at_browsers(browser: Browser, url: str, strict_url: str) -> Iterator[tuple[Visit, list[Sight]]]:
    """Each kind of person at a browser, with the pages that they see.

    :param strict_url: of the same portal as it is served in production.
    """
    for who in dict.fromkeys(sight.who for sight in SIGHTS):
        visit = at_a_browser(browser, strict_url if who == "lost" else url, who)
        try:
            yield visit, [sight for sight in SIGHTS if sight.who == who]
        finally:
            visit.page.context.close()
