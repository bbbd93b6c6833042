"""A plan that is reported every quarter: no page, email or file of the report calls its period a year.

The plan is :file:`quarterly.toml`. Its quarters are moved so that the second is open today.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, Contribution, ProgressUpdate, Round, Strategy
from commitments.services.commitment_people import assign_people
from commitments.services.delivery import set_partners
from commitments.services.loading.strategy import load_strategy
from commitments.services.reminder_emails import plan_reminders
from commitments.services.rounds import close_round, open_round
from commitments.strategy_file.strategy import read
from partners.models import Mail
from reporting import assembly, rendering
from reporting.easy import drawing
from reporting.exports.dictionary import everything
from reporting.facts import ProductionDetails, from_json, to_json
from reporting.narrative.prose_check import find_contradictions
from reporting.paper.outline import outline
from reporting.services.texts import save_text
from tests.factories import make_area, make_organisation, make_person, publish_update

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parent / "quarterly.toml"
A_YEAR = re.compile(r"\b(?:years?|yearly|annual(?:ly)?)\b", re.IGNORECASE)
CALENDAR = re.compile(
    r"in the last year|more than (?:half )?a year|over a year ago|evidence of work on it in the last year"
    r"|the year to \w+ \d{4}|in the year’s report|in the yearly report|Publish the yearly report"
)
"""Where a year of the calendar is meant, or reports of every kind of strategy."""


def calls_it_a_year(text: str) -> list[str]:
    """Return what stands around each word that calls something a year and means no year of the calendar."""
    words = " ".join(strip_tags(re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.S)).split())
    words = CALENDAR.sub(" ", words)
    return [words[max(0, found.start() - 70) : found.end() + 40] for found in A_YEAR.finditer(words)]


class Quarterly:
    """The plan with its people: the first quarter closed, the second open."""

    def __init__(self) -> None:
        at = timezone.now()
        make_area("Oxford", "E07000178")
        load_strategy(by=None, at=at, entry=read(FILE.read_text()))
        self.strategy = Strategy.objects.get(slug="quarterly-plan")
        today = timezone.localdate(at)
        first = today - timedelta(days=187)
        for place, round_ in enumerate(self.strategy.rounds.order_by("observes_from")):
            begins = first + timedelta(days=92 * place)
            ends = begins + timedelta(days=91)
            Round.objects.filter(pk=round_.pk).update(
                observes_from=begins, observes_to=ends, opens_on=ends + timedelta(days=1),
                closes_on=ends + timedelta(days=21), grace_until=ends + timedelta(days=28),
            )  # fmt: skip
        self.strategy.starts_on, self.strategy.ends_on = first, first + timedelta(days=92 * 4 - 1)
        self.strategy.save(update_fields=["starts_on", "ends_on"])
        owner = self.strategy.owner
        self.administrator = make_person("administrator")
        self.officer = make_person("officer", owner)
        charity = make_organisation("Light Friends")
        self.partner = make_person("partner_lead", charity)
        for commitment in self.strategy.commitments.order_by("reference"):
            assign_people(by=self.administrator, at=at, commitment=commitment, lead=self.officer)
        lights = self.strategy.commitments.get(reference="1.1")
        set_partners(by=self.administrator, at=at, commitment=lights, partners=[(charity, "delivers")])
        self.first, self.second = self.strategy.rounds.order_by("observes_from")[:2]
        Round.objects.filter(pk=self.first.pk).update(state="open", grace_until=today)
        self.first.refresh_from_db()
        self.tell(self.first, "1.1", "on_track")
        self.tell(self.first, "1.2", "delayed")
        self.tell(self.first, "2.1", "at_risk")
        Round.objects.filter(pk=self.first.pk).update(state="open")
        close_round(by=self.administrator, at=at, round_=self.first)
        self.second.refresh_from_db()
        open_round(by=self.administrator, at=at, round_=self.second)
        self.tell(self.second, "1.2", "on_track")
        self.tell(self.second, "2.2", "not_started")

    def tell(self, round_: Round, reference: str, status: str) -> None:
        content = UpdateContent(status, "The lamps came.", "More crews." if status in {"delayed", "at_risk"} else "", "We mended some.", "We mend more.")  # fmt: skip
        commitment = Commitment.objects.get(strategy=self.strategy, reference=reference)
        asked = ProgressUpdate.objects.filter(commitment=commitment, round=round_).first()
        publish_update(
            by=self.officer, at=timezone.now(), round_=round_, content=content, commitment=commitment,
            version=asked.version if asked else None,
        )  # fmt: skip

    def report(self):
        self.second.refresh_from_db()
        return assembly.assemble(round_=self.second, making=ProductionDetails(at=timezone.now(), edition=1))


@pytest.fixture
def quarterly() -> Quarterly:
    return Quarterly()


def test_pages_speak_of_quarters(quarterly, signed_in):
    slug, name = "quarterly-plan", "2026-27-q2"
    key = quarterly.strategy.commitments.get(reference="1.2").key
    of_round, of_strategy = [slug, name], [slug]
    pages = {
        quarterly.administrator: [
            reverse("commitments:glance", args=of_strategy), reverse("commitments:priority", args=[slug, 1]),
            reverse("commitments:commitment", args=[slug, key]), reverse("commitments:rounds", args=of_strategy),
            reverse("commitments:round", args=of_round), reverse("commitments:round-close", args=of_round),
            reverse("commitments:indicator", args=[slug, "Q1a"]), reverse("reporting:edition-list"),
            reverse("reporting:report-write", args=of_round), reverse("reporting:report-section", args=[*of_round, "foreword"]),
            reverse("reporting:report-section", args=[*of_round, "priority-1"]),
            reverse("reporting:report-draft", args=of_round), reverse("reporting:changes", args=of_strategy),
        ],
        quarterly.officer: [
            reverse("commitments:my-work"), reverse("commitments:update", args=[slug, key]),
            reverse("reporting:report-section", args=[*of_round, "forward-plan"]),
        ],
        quarterly.partner: [reverse("commitments:my-work")],
    }  # fmt: skip
    seen = 0
    for person, addresses in pages.items():
        client = signed_in(person)
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, address
            assert calls_it_a_year(response.content.decode()) == [], address
            seen += 1
    assert seen == 17


def test_pages_call_the_round_by_its_title_and_the_period_a_quarter(quarterly, signed_in):
    officer, partner = signed_in(quarterly.officer), signed_in(quarterly.partner)
    key = quarterly.strategy.commitments.get(reference="1.2").key
    page = officer.get(reverse("commitments:commitment", args=["quarterly-plan", key])).content.decode()
    assert "Quarter by quarter" in page
    assert "Quarter 1, 2026–27" in page
    assert "2026-27-q1" not in strip_tags(page)
    assert "We have nothing to add this quarter" in partner.get(reverse("commitments:my-work")).content.decode()
    reports = signed_in(quarterly.administrator).get(reverse("reporting:edition-list")).content.decode()
    assert "Which quarter is it for?" in reports
    assert Contribution.objects.filter(round=quarterly.second).exists()


def test_an_answer_of_nothing_is_one_of_the_quarter(quarterly):
    asked = Contribution.objects.filter(round=quarterly.second).get()
    asked.answer = "nothing"
    assert asked.answer_said == "Nothing to add this quarter"


def test_emails_speak_of_quarters(quarterly):
    quarterly.second.refresh_from_db()
    at, today = timezone.now(), timezone.localdate()
    sent = sum(plan_reminders(today=today + timedelta(days=n), at=at + timedelta(days=n)) for n in range(22))
    assert sent, "somebody was reminded"
    mails = list(Mail.objects.all())
    assert len(mails) > 2
    assert any("Quarter 2, 2026–27" in mail.subject for mail in mails)
    for mail in mails:
        assert calls_it_a_year(f"{mail.subject} {mail.text}") == []


def test_the_report_speaks_of_quarters_in_every_form(quarterly):
    report = quarterly.report()
    assert from_json(to_json(report)).period.code == "quarter"
    html = rendering.to_html(report)
    paper = " ".join(
        "".join(run.text for run in block.runs) for block in outline(report).blocks if hasattr(block, "runs")
    )
    tables = (
        " ".join(
            f"{table.title} {table.says} {' '.join(column.meaning for column in table.columns)} {table.rows}"
            for table in everything(report)
        )
        .replace("“Years”", "")
        .replace("'years'", "")
    )
    forms = {"html": html, "easy": drawing.to_html(report), "paper": paper, "data": tables}
    for form, text in forms.items():
        assert calls_it_a_year(text) == [], form
    said = " ".join(strip_tags(html).split())
    assert "The quarter in short" in said
    assert "What changed since the quarter before" in said
    assert "Quarter by quarter" in said
    assert "After the quarter from " in said
    assert "changed status since Quarter 1, 2026–27:" in said
    assert "Report for Quarter 2, 2026–27" in said


def test_last_quarter_in_an_officers_sentence_is_the_round_before(quarterly):
    def found(text: str) -> int:
        save_text(
            by=quarterly.officer, at=timezone.now(), round_=quarterly.second, section="foreword", text=text,
            version=quarterly.second.report_texts.filter(section="foreword").values_list("version", flat=True).first(),
        )  # fmt: skip
        return len(find_contradictions(quarterly.report()))

    assert found("Three commitments are delayed.") == 1
    assert found("Last quarter one commitment was delayed.") == 0
    assert found("Last quarter four commitments were delayed.") == 1
    assert found("Last year four commitments were delayed.") == 0, "the facts hold nothing of a year ago"
