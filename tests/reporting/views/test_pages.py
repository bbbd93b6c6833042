"""The report's pages, as each kind of person meets them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reporting.formats import FORMAT_BY_CODE
from reporting.models import Edition
from reporting.reading.file_names import file_name
from tests import factories
from tests.as_read import as_read
from tests.reporting.conftest import point_to_queue

pytestmark = pytest.mark.django_db
LIST, REQUEST = "/reports/", "/reports/request/"


@pytest.fixture(autouse=True)
def no_queue(queue):
    """Rows wait; nothing is made behind the test's back."""
    point_to_queue(broker_url="redis://127.0.0.1:1/0")


def make_edition(year, state="ready", *, published=False, number=1, **extra) -> Edition:
    return factories.make_edition(
        round_=year.round,
        by=year.officer,
        state=state,
        published=published,
        number=number,
        at="2026-11-20T10:00:00Z",
        **extra,
    )


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_everybody_reads_published_reports_and_nothing_else(year, client, partner):
    hidden = make_edition(year)
    shown = make_edition(year, number=2, published=True)
    page = text(client.get(LIST))
    assert shown.get_absolute_url() in page
    assert hidden.get_absolute_url() not in page
    assert "Request the report" not in page
    for end in ("", "progress/", "report.pdf"):
        assert client.get(f"{hidden.get_absolute_url()}{end}").status_code == 404
        assert client.get(f"{shown.get_absolute_url()}{end}").status_code == 200


def test_a_steering_group_member_asks_and_reads_before_it_is_published(year, signed_in, steering_member):
    client = signed_in(steering_member)
    page = text(client.get(LIST))
    assert "Request the report" in page
    assert "Updates for 4 of 5 commitments have been published. 7 items of evidence are accepted" in page
    answer = client.post(REQUEST, {"round": year.round.pk})
    edition = Edition.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, edition.get_absolute_url())
    assert edition.requested_by == steering_member
    assert client.post(REQUEST, {"round": year.round.pk})["Location"] == edition.get_absolute_url()
    waiting = text(client.get(edition.get_absolute_url()))
    assert "Waiting to start" in waiting
    assert "The job is not in the queue yet" in waiting
    assert 'http-equiv="refresh" content="2"' in waiting
    assert f'hx-get="{edition.get_absolute_url()}progress/"' in waiting


def test_who_asks_while_it_is_being_made_learns_that_it_may_lack_what_is_new(year, signed_in, officer):
    edition, person = make_edition(year, "queued"), signed_in(officer)

    def answer() -> str:
        there = person.post(REQUEST, {"round": year.round.pk}, follow=True)
        assert there.redirect_chain == [(edition.get_absolute_url(), 302)]
        return text(there)

    assert "already being made" not in answer(), "it will hold what is in the portal when it is made"
    Edition.objects.filter(pk=edition.pk).update(state="running", attempts=1, started_at=edition.requested_at)
    assert "This report was already being made. If something has changed since then, request another" in answer()


def test_a_year_can_be_chosen_by_the_address(year, signed_in, officer):
    page = text(signed_in(officer).get(LIST, {"round": year.rounds[0].pk}))
    assert f'value="{year.rounds[0].pk}" checked' in page


@pytest.mark.parametrize("sent", [{}, {"round": "999999"}, {"round": "x"}, {"round": "0' OR 1=1"}])
def test_a_bad_choice_keeps_the_form_and_says_so(year, signed_in, officer, sent):
    answer = signed_in(officer).post(REQUEST, sent)
    assert answer.status_code == 422
    assert "There is a problem" in text(answer)
    assert "<title>Error: " in text(answer)
    assert Edition.objects.count() == 0


def test_progress_is_told_in_words_and_as_a_bar(year, signed_in, officer):
    edition = make_edition(year, "running", stage="drawing", done=34, total=76, attempts=1)
    page = text(signed_in(officer).get(f"{edition.get_absolute_url()}progress/"))
    assert "Drawing the pages: 34 of 76 pages" in page
    assert 'value="34" max="76"' in page
    assert "<html" not in page


def test_a_failure_is_a_sentence_with_a_way_on(year, signed_in, officer):
    edition = make_edition(year, "failed", error="The disk is full.", attempts=1)
    client = signed_in(officer)
    page = text(client.get(edition.get_absolute_url()))
    assert "The disk is full." in page
    assert "Try again" in page
    assert client.post(reverse("reporting:edition-retry", args=[edition.pk])).status_code == 302
    edition.refresh_from_db()
    assert (edition.state, edition.attempts_allowed) == ("queued", 4)
    assert client.get(reverse("reporting:edition-retry", args=[edition.pk])).status_code == 405


def test_publishing_is_for_officers(year, signed_in, officer, steering_member):
    edition = make_edition(year)
    address = reverse("reporting:edition-publish", args=[edition.pk])
    assert "Check and publish</a>" not in text(signed_in(steering_member).get(edition.get_absolute_url()))
    assert signed_in(steering_member).post(address).status_code == 403
    assert "Check and publish</a>" in text(signed_in(officer).get(edition.get_absolute_url()))


def test_the_file_comes_with_name_length_and_checksum(year, client):
    edition = make_edition(year, published=True)
    address = reverse("reporting:edition-download", args=[edition.pk])
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\n"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == "9"
    assert f'"report-strategy-annual-report-{year.round.slug}.pdf"' in answer["Content-Disposition"]
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert edition.pdf
    assert edition.pdf.content.name
    edition.pdf.content.storage.delete(edition.pdf.content.name)
    gone = client.get(address)
    assert (gone.status_code, "does not match the one that was published" in text(gone)) == (503, True)


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("pdf", ".pdf"),
        ("html", ".html"),
        ("easy", "-easy-summary.pdf"),
        ("docx", "-committee-paper.docx"),
        ("odt", "-committee-paper.odt"),
        ("csv", "-data.zip"),
        ("json", "-data.json"),
    ],
)
def test_the_name_of_a_download_says_whose_report_it_is_of_which_year_and_what_for(year, client, code, ending):
    year.strategy.slug = "oxfordshire-vcs-2022-27"
    year.strategy.save()
    edition = make_edition(year, published=True)
    answer = client.get(reverse("reporting:face", args=[edition.pk, code]))
    assert f'"oxfordshire-vcs-annual-report-{year.round.slug}{ending}"' in answer["Content-Disposition"]


def test_the_name_of_a_download_has_its_edition_where_there_are_several(year, client):
    first = make_edition(year, published=True)
    address = reverse("reporting:face", args=[first.pk, "easy"])
    assert "edition" not in client.get(address)["Content-Disposition"]
    second = make_edition(year, published=True, number=2)
    for edition in (first, second):
        answer = client.get(reverse("reporting:face", args=[edition.pk, "easy"]))
        assert f"-easy-summary-edition-{edition.number}.pdf" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("infrastructure-plan-2008-11", "infrastructure-plan"),
        ("vision-2030", "vision"),
        ("2022-27", "2022-27"),
        ("plan-27", "plan-27"),
    ],
)
def test_the_years_of_a_strategy_are_not_taken_for_the_years_of_its_report(year, slug, name):
    year.strategy.slug = slug
    year.strategy.save()
    edition = Edition.objects.get(pk=make_edition(year, published=True).pk)
    assert file_name(edition, FORMAT_BY_CODE["pdf"]) == f"{name}-annual-report-{edition.round.slug}.pdf"


@pytest.mark.parametrize(
    ("days", "schema", "name"),
    [(365, 5, "annual-report"), (91, 5, "report"), (91, 4, "annual-report"), (91, None, "annual-report")],
)
def test_a_quarters_report_is_not_called_annual_unless_it_was_made_when_all_were(year, client, days, schema, name):
    round_ = year.round
    round_.observes_from = round_.observes_to - timedelta(days=days)
    round_.save()
    facts = {"schema": schema} if schema else None
    edition = make_edition(year, published=True, facts=facts)
    assert file_name(Edition.objects.get(pk=edition.pk), FORMAT_BY_CODE["pdf"]).endswith(
        f"strategy-{name}-{round_.slug}.pdf"
    )
    answer = client.get(reverse("reporting:face", args=[edition.pk, "easy"]))
    assert f"strategy-{name}-{round_.slug}-easy-summary" in answer["Content-Disposition"]


def test_a_withdrawn_edition_is_gone_at_every_address_for_everybody_outside(year, client, signed_in, officer, partner):
    edition = make_edition(year, published=True)
    permanent = reverse("reporting:report", args=[year.strategy.slug, year.round.slug])
    own = [
        *(
            reverse(f"reporting:{name}", args=[edition.pk])
            for name in ("edition-read", "edition-easy", "edition-download")
        ),
        *(reverse("reporting:face", args=[edition.pk, code]) for code in ("html", "docx", "csv", "json")),
        reverse("reporting:edition-photograph", args=[edition.pk, 1, 1]),
        edition.get_absolute_url(),
        reverse("reporting:edition-progress", args=[edition.pk]),
    ]
    first = client.get(own[2])
    etag = first["ETag"]
    assert "public" in first["Cache-Control"]
    factories.withdraw_edition(by=officer, at=timezone.now(), edition=edition, reason="A figure was wrong.")
    for reader in (client, signed_in(partner)):
        for address in [*own, permanent, f"{permanent}easy/"]:
            answer = reader.get(address)
            assert (address, answer.status_code) == (address, 410)
            assert "A figure was wrong." in text(answer)
    assert client.get(own[2], headers={"If-None-Match": etag}).status_code == 410
    kept = signed_in(officer).get(own[2])
    assert kept.status_code == 200
    assert "no-store" in kept["Cache-Control"], "what is withdrawn is kept by no cache on the way"
    assert signed_in(officer).get(edition.get_absolute_url()).status_code == 200


def test_an_unfinished_edition_has_no_file(year, signed_in, officer):
    edition = make_edition(year, "running", attempts=1)
    assert signed_in(officer).get(f"{edition.get_absolute_url()}report.pdf").status_code == 404


def test_people_who_may_not_ask_are_told_so(year, signed_in, partner, client):
    assert signed_in(partner).post(REQUEST, {"round": year.round.pk}).status_code == 403
    assert client.post(REQUEST, {"round": year.round.pk}).status_code == 302
    assert Edition.objects.count() == 0


def test_a_page_asks_as_many_questions_for_many_editions_as_for_one(year, signed_in, officer):
    counts = []
    make_edition(year, published=True)
    for number in (2, 60):
        for n in range(Edition.objects.count() + 1, number + 1):
            make_edition(year, number=n, published=bool(n % 2))
        client = signed_in(officer)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
    with CaptureQueriesContext(connection) as queries:
        client.get(Edition.objects.newest_first()[0].get_absolute_url())
    assert len(queries) <= 12


def test_a_draft_is_nobodys_latest_report(year, officer):
    newer = make_edition(year, number=2)

    def shown() -> str:
        request = RequestFactory().get("/")
        request.user = officer
        context = Context({"strategy": year.strategy, "request": request})
        return as_read(Template("{% load reporting_tags %}{% latest_report strategy %}").render(context))

    assert "No report has been published yet" in shown()
    published = make_edition(year, published=True)
    assert newer.get_absolute_url() not in shown()
    assert "published on 20 November 2026" in shown()
    assert reverse("reporting:report", args=[year.strategy.slug, year.round.slug]) in shown()
    factories.withdraw_edition(by=officer, at=timezone.now(), edition=published, reason="A figure was wrong.")
    assert "No report has been published yet" in shown()
