"""The council's reply to a view stands beside it in every face of the report that shows views."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pypdf
import pytest
from django.utils import timezone

from commitments.models import Round, SectorView, ViewReply
from commitments.services.partner_views import give_view
from commitments.services.view_replies import reply_to_view, withdraw_reply
from partners.models import User
from reporting import assembly, exports, rendering
from reporting.facts import ProductionDetails, Report, ViewFacts, from_json, to_json
from tests.as_read import as_read
from tests.reporting.paper.test_paper import readings, said
from tests.reporting.paper_facts import make_report
from tests.reporting.read_back import read
from tests.reporting.small import small

AT = timezone.make_aware(datetime(2025, 6, 3, 9))
WORDS = "A larger room is booked from June."
REPLIED = ViewFacts(
    "Long Table", "at_risk", "We meet every month.", differs=True, on=date(2025, 5, 20), reply=WORDS,
    replied_on=date(2025, 5, 23),
)  # fmt: skip
OLDER = replace(REPLIED, reply_is_older=True)


def with_view(report: Report, view: ViewFacts) -> Report:
    """The report with one view of its first commitment that has a status."""
    first, *others = report.priorities
    one = next(each for each in first.commitments if each.status)
    commitments = tuple(replace(each, views=(view,) if each is one else ()) for each in first.commitments)
    return replace(report, priorities=(replace(first, commitments=commitments), *others))


def column(rows, name):
    return [row[rows[0].index(name)] for row in rows[1:]]


def test_the_page_and_the_pdf_show_it_beside_the_view():
    report = with_view(small(), REPLIED)
    page = as_read(rendering.to_html(report))
    assert "The council’s reply" in page
    assert WORDS in page
    assert "changed its view" not in page
    printed = " ".join(
        " ".join(sheet.extract_text().split())
        for sheet in pypdf.PdfReader(io.BytesIO(rendering.to_pdf(report).content)).pages
    )
    assert WORDS in printed


def test_a_reply_from_before_the_view_was_changed_says_so():
    page = as_read(rendering.to_html(with_view(small(), OLDER)))
    assert "before Long Table changed its view" in page


def test_a_view_without_a_reply_shows_none():
    assert "The council’s reply" not in as_read(
        rendering.to_html(with_view(small(), replace(REPLIED, reply="", replied_on=None)))
    )


@pytest.mark.parametrize(("view", "lead"), [
    (REPLIED, "The council replied on 23 May 2025:"),
    (OLDER, "The council replied on 23 May 2025, before Long Table changed its view:"),
])  # fmt: skip
def test_the_committee_paper_says_it_after_the_view(view, lead):
    report = with_view(make_report(), view)
    words = f"Long Table: At risk. We meet every month. {lead} {WORDS}"
    assert words in [text for _, _, text in said(report)]
    for format_, found in readings(report).items():
        assert words in [text for _, _, text in found], format_


def test_the_tables_have_it_in_every_format():
    for view, older in ((REPLIED, "no"), (OLDER, "yes"), (replace(REPLIED, reply="", replied_on=None), None)):
        report = with_view(small(), view)
        for name, write in exports.WRITERS.items():
            views = read(name, write(report))["sector_views"]
            assert column(views, "reply") == [view.reply or None], name
            assert column(views, "replied_on") == [view.replied_on], name
            assert column(views, "reply_is_older") == [older], name


def test_facts_that_were_kept_without_replies_are_read_and_drawn():
    kept = to_json(with_view(small(), REPLIED))
    for priority in kept["priorities"]:
        for commitment in priority["commitments"]:
            for view in commitment["views"]:
                for name in ("reply", "replied_on", "reply_is_older"):
                    del view[name]
    report = from_json(kept)
    [view] = [view for one in report.commitments() for view in one.views]
    assert (view.reply, view.replied_on, view.reply_is_older) == ("", None, False)
    assert "The council’s reply" not in as_read(rendering.to_html(report))


@pytest.mark.django_db
def test_a_report_reads_the_reply_that_stands(voiced):
    def views() -> list[ViewFacts]:
        report = assembly.assemble(round_=voiced.round, making=ProductionDetails(at=AT, edition=1))
        return [view for one in report.commitments() for view in one.views]

    assert [view.reply for view in views()] == ["", ""]
    view = SectorView.objects.get(differs=True)
    Round.objects.filter(pk=voiced.round.pk).update(state="open", grace_until=timezone.localdate())
    at = timezone.now() - timedelta(days=3)
    reply = reply_to_view(by=voiced.officer, at=at, view=view, text=WORDS, view_version=view.version, version=None)
    first = next(one for one in views() if one.differs)
    assert (first.reply, first.replied_on, first.reply_is_older) == (WORDS, timezone.localdate(at), False)
    give_view(
        by=User.objects.get(pk=view.said_by_id), at=timezone.now(), commitment=view.commitment, round_=view.round,
        organisation=view.organisation, status="at_risk", reason="The hall is shut.", differs=True, version=view.version,
    )  # fmt: skip
    assert next(one for one in views() if one.differs).reply_is_older
    withdraw_reply(by=voiced.officer, at=timezone.now(), reply=ViewReply.objects.get(pk=reply.pk))
    gone = next(one for one in views() if one.differs)
    assert (gone.reply, gone.replied_on, gone.reply_is_older) == ("", None, False)
