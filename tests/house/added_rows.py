"""What a figure of evidence, a status and a format are looked for on, in a copy of the project to which they were added.

Run by ``test_added_rows.py`` in that copy; by itself it has nothing to look for.
"""

# mypy: disable-error-code="attr-defined,misc,union-attr"
# What it looks for is there in the copy only.

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, Evidence
from commitments.reading.evidence_versions import rows_of_words
from commitments.rules import status
from commitments.services.evidence import accept_evidence, submit_evidence
from commitments.services.progress import change_status
from reporting import assembly, facts
from reporting.exports.dictionary import everything
from reporting.formats import FORMAT_BY_CODE
from reporting.narrative import definitions, prose_claims
from reporting.reading import round_editions
from reporting.rendering.photographs import Photographs
from tests import factories
from tests.api.conftest import Api
from tests.reporting.test_every_face import squeezed, words_of
from tests.reporting.year import make_year
from vcsportal import style_guide

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(council):
    return make_year(shape=(2, 1), pieces=2, years=2, council=council)


def assembled(year):
    return assembly.assemble(round_=year.round, making=facts.ProductionDetails(timezone.now(), edition=1))


def in_every_format(report, words: str, *, but: tuple[str, ...] = ()) -> list[str]:
    """The formats that do not say the words."""
    found = {
        code: words_of(code, one.write(report, Photographs(report), None).content)
        for code, one in FORMAT_BY_CODE.items()
        if code not in (*but, "brief")
    }
    assert len(found) >= 8 - len(but)
    return [code for code, text in found.items() if squeezed(words) not in text]


def test_a_figure_is_asked_for_stored_and_shown_by_every_page_and_the_api(
    signed_in, partner, officer, strategy, open_round, now
):
    client = signed_in(partner)
    form = client.get("/evidence/new/")
    assert "Meals shared" in form.text
    assert "Count a meal once for each person." in form.text
    token = str(form.context["form"]["form_token"].value())
    client.post(
        "/evidence/new/",
        {"title": "Cooked together", "happened_from": "yesterday", "then": "save", "form_token": token,
         "commitments": ["1.1"], "meals_shared": "1,240", "publishable": "on"},
    )  # fmt: skip
    piece = Evidence.objects.get()
    assert piece.meals_shared == 1240
    assert (
        client.get(reverse("commitments:evidence-edit", args=[piece.pk])).context["form"]["meals_shared"].value()
        == 1240
    )
    steps = client.get(reverse("commitments:evidence-step", args=[piece.pk, "people"]))
    assert "How many meals did you share? (optional)" in steps.text
    assert "Three last questions" in steps.text
    told = Api(partner).get(f"evidence/{piece.pk}/").json()
    assert told["meals_shared"] == 1240
    sent = {"organisation": piece.organisation.slug, "title": "Again", "happened_from": "2026-01-10", "meals_shared": 7}
    assert Api(partner).post("evidence/", sent).json()["meals_shared"] == 7
    submit_evidence(by=partner, at=now, evidence=piece)
    piece.refresh_from_db()
    accept_evidence(by=officer, at=now, evidence=piece)
    assert "meals shared" in client.get(piece.get_absolute_url()).text
    assert "meals shared" in client.get(reverse("commitments:evidence-list")).text
    content = factories.make_evidence_content(strategy.commitments.get(reference="1.1"), meals_shared=3)
    assert rows_of_words(content)["meals_shared"] == ("Meals shared", "3")
    assert any("meals shared" in one["label"] for one in style_guide.samples()["cards"][0]["figures"])


def test_a_figure_is_in_the_schema_of_the_api():
    out = io.StringIO()
    call_command("spectacular", stdout=out)
    assert out.getvalue().count("meals_shared:") == 2, "in what is read and in what is written"


def test_a_figure_is_in_the_report_in_every_format_with_its_base_and_its_meaning(year):
    Evidence.objects.filter(pk=Evidence.objects.order_by("pk").first().pk).update(meals_shared=1240)
    report = assembled(year)
    assert in_every_format(report, "meals shared", but=("easy",)) == []
    assert (
        in_every_format(
            report, "They shared 1,240 meals", but=("pdf", "html", "docx", "odt", "csv", "xlsx", "ods", "json")
        )
        == []
    )
    columns = {(row[0], row[1]) for table in everything(report) if table.name == "dictionary" for row in table.rows}
    assert {("evidence", "meals_shared"), ("round", "meals_shared"), ("round", "meals_shared_given_by")} <= columns
    assert "meals shared" in definitions.meaning("meals_shared")
    [claim] = prose_claims.claims("Together we shared 900 meals in all.", context="")
    assert (claim.topic, claim.value) == ("meals_shared", 900)


def test_facts_from_before_a_figure_are_read_and_have_none(year):
    stored = facts.to_json(assembled(year))
    for piece in stored["evidence"]:
        del piece["meals_shared"]
    report = facts.from_json(stored)
    assert {piece.meals_shared for piece in report.evidence} == {None}
    assert facts.checksum_of(report) == facts.checksum(stored)
    assert in_every_format(report, "They shared", but=tuple(FORMAT_BY_CODE.keys() - {"easy"})) == ["easy"]


def test_a_figure_is_asked_for_on_the_printed_form(client, strategy):
    commitment = strategy.commitments.get(reference="1.1")
    answer = client.get(reverse("reporting:paper-form", args=[strategy.slug, commitment.key]))
    text = words_of("form", b"".join(answer.streaming_content) if answer.streaming else answer.content)
    assert squeezed("6. How many meals did you share? 7. Your group or organisation") in text
    assert squeezed("1 of 1") in text, "it is one page still"


def test_a_status_can_be_chosen_and_is_shown_by_pages_and_the_api(signed_in, client, officer, strategy, now):
    commitment = strategy.commitments.get(reference="1.1")
    for word in ("on_track", "paused"):
        commitment.refresh_from_db()
        commitment = change_status(
            by=officer, at=now, commitment=commitment, to=word, reason="Because.", version=commitment.version
        )
    page = client.get(commitment.get_absolute_url()).text
    assert "Paused" in page
    assert "M7 4h3v16" in page, "its shape"
    assert "Paused" in client.get(reverse("commitments:glance", args=[strategy.slug])).text
    told = Api(officer).list(f"strategies/{strategy.slug}/commitments/?status=paused")
    assert [one["status"]["code"] for one in told] == ["paused"]
    assert status.PAUSED in style_guide.samples()["statuses"]
    with pytest.raises(IntegrityError, match="paused_only_where_there_is_an_end"):
        Commitment.objects.filter(pk=commitment.pk).update(status="paused", ongoing=True)


def test_a_status_is_in_the_report_in_every_format_and_plainly_in_the_easy_summary(year):
    report = assembled(year)
    first = report.priorities[0]
    changed = replace(first, commitments=(replace(first.commitments[0], status="paused"), *first.commitments[1:]))
    report = replace(report, priorities=(changed, *report.priorities[1:]))
    assert in_every_format(report, "Paused") == []
    assert in_every_format(report, "It waits for now.", but=tuple(FORMAT_BY_CODE.keys() - {"easy"})) == []
    [claim] = prose_claims.claims("One commitment is paused.", context="One commitment is paused.")
    assert claim.codes == (frozenset({"paused"}),)
    call_command("draw_states", "--check")


def test_a_format_is_made_offered_and_described_everywhere(year, officer, client, settings):
    report = assembled(year)
    assert FORMAT_BY_CODE["brief"].write(report, {}, None).content.startswith(b"The year in brief")
    edition = factories.make_edition(round_=year.round, by=officer, published=True, facts=facts.to_json(report))
    assert [file.face.code for file in round_editions.files(edition)] == list(FORMAT_BY_CODE)
    for page in (edition.get_absolute_url(), reverse("reporting:verify-checksum", args=[edition.facts_sha256])):
        assert "The year in brief (text)" in client.get(page).text, page
    assert client.get(reverse("reporting:face", args=[edition.pk, "brief"])).status_code == 200
    told = Api(officer).get(f"editions/{edition.pk}/").json()
    assert "brief" in [one["code"] for one in told["faces"]]
    assert re.search(r"\bbrief\b", call_help("render_report"))
    assert edition.requested_at <= timezone.now() + timedelta(seconds=1)


def call_help(command: str) -> str:
    """What a command says of its options."""
    from reporting.management.commands.render_report import Command

    return Command().create_parser("manage.py", command).format_help()
