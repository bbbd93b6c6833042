"""The pages on which a report is written, previewed and spoken of, and its draft as it stands now."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from commitments.models import WorkingCopy
from commitments.services.working_copies import copy_of
from reporting import assembly, facts, rendering
from reporting.models import Comment, ReportText
from reporting.narrative.sections import FOR_THE_PAPER
from reporting.reading.report_texts import form_name
from reporting.services.comments import add_comment, resolve_comment
from reporting.services.texts import save_text
from tests.factories import make_edition, make_round
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

AT_MOST = 12
HOSTILE = (
    "Hello <script>alert(1)</script> [press](javascript:alert(1)) ![](http://example.org/a.png)\n\n"
    '<p onclick="run()" style="color:red">**Bold**</p>'
)


def at(door, round_, section=""):
    return reverse(f"reporting:{door}", args=[round_.strategy.slug, round_.slug, *([section] if section else [])])


@pytest.fixture
def written(officer, open_round):
    """The foreword of the open round's report, by the officer."""
    return write(officer, open_round, "A good year.")


def write(by, round_, text, section="foreword", version=None):
    return save_text(by=by, at=timezone.now(), round_=round_, section=section, text=text, version=version)


def text_of(content):
    """What a PDF says, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def in_box(page):
    """What stands in the box, as a browser reads it."""
    found = re.search(r'<textarea name="text"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    assert found, "there is no box"
    return found.group(1).replace("&#x27;", "'").replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")


# The list


def test_the_list_says_what_is_written_what_is_empty_and_what_is_open(
    written, officer, steering_member, open_round, signed_in
):
    add_comment(by=steering_member, at=timezone.now(), round_=open_round, section="foreword", words="Say more.")
    page = signed_in(officer).get(at("report-write", open_round))
    assert "1 of 32 sections has a text. 1 comment is open." in page.text
    assert f"Written by {officer.name}, " in page.text
    assert "1 open comment" in page.text
    for section in ("foreword", "priority-1", "priority-2", "forward-plan", *(one.key for one in FOR_THE_PAPER)):
        assert f'href="{at("report-section", open_round, section)}"' in page.text
    places = [page.text.index(text) for text in ('id="forward-plan"', ">For the committee paper<", 'id="conclusion"')]
    assert places == sorted(places)
    assert at("report-draft", open_round) in page.text
    assert f"?round={open_round.pk}#request" in page.text


def test_once_an_edition_is_published_the_list_says_which_and_that_it_stays(officer, open_round, written, signed_in):
    client, list_ = signed_in(officer), at("report-write", open_round)
    make_edition(round_=open_round, by=officer)
    assert "can no longer change" not in client.get(list_).text
    make_edition(round_=open_round, by=officer, published=True)
    page = client.get(list_)
    assert "Edition 2" in page.text
    assert "It can no longer change" in page.text
    sent = client.post(
        at("report-section", open_round, "foreword"), {"act": "save", "text": "For the next.", "version": 1}
    )
    assert sent.status_code == 302
    assert ReportText.objects.get().text == "For the next."


def test_the_list_of_reports_leads_there(written, officer, steering_member, partner, open_round, signed_in):
    make_round(open_round.strategy, years_ago=1)
    reports, here = reverse("reporting:edition-list"), at("report-write", open_round)
    page = signed_in(officer).get(reports)
    assert "Write the next report" in page.text
    assert f'href="{here}"' in page.text
    assert "1 of 32 sections written" in page.text
    assert "0 of 32 sections written" in page.text
    steering = signed_in(steering_member).get(reports).text
    assert here in steering
    assert "Write the next report" not in steering
    for client in (signed_in(partner), Client()):
        assert here not in client.get(reports).text


# Who gets in


@pytest.mark.parametrize("who", ["partner", "partner_lead", "outsider", "nobody"])
def test_to_strangers_there_is_nothing(who, written, steering_member, open_round, signed_in, request):
    comment = add_comment(by=steering_member, at=timezone.now(), round_=open_round, section="foreword", words="Hm.")
    client = signed_in(request.getfixturevalue(who))
    for address in (
        at("report-write", open_round),
        at("report-draft", open_round),
        at("report-section", open_round, "foreword"),
        at("report-section-preview", open_round, "foreword"),
    ):
        assert client.get(address).status_code == 404, address
    for address in (
        at("report-section", open_round, "foreword"),
        at("report-comment", open_round, "foreword"),
        reverse("reporting:report-comment-resolve", args=[comment.pk]),
        reverse("reporting:report-comment-reopen", args=[comment.pk]),
    ):
        assert client.post(address, {"act": "save", "text": "Mine", "words": "Mine"}).status_code == 404, address
    assert ReportText.objects.get().version == 1
    assert Comment.objects.count() == 1


def test_a_steering_group_member_reads_and_comments_and_does_not_write(written, steering_member, open_round, signed_in):
    client, here = signed_in(steering_member), at("report-section", open_round, "foreword")
    page = client.get(here)
    assert "A good year." in page.text
    assert '<textarea name="text"' not in page.text
    assert "Save draft" not in page.text
    for act in ("save", "preview", "keep", "discard", "change", "last-year"):
        assert client.post(here, {"act": act, "text": "Mine", "version": 1}).status_code == 403
    said = client.post(at("report-comment", open_round, "foreword"), {"words": "Say more."})
    assert said.headers["Location"] == f"{here}#comments"
    assert "Say more." in client.get(here).text
    assert ReportText.objects.get().text == "A good year."


def test_what_is_not_there_is_not_there(officer, open_round, signed_in):
    client = signed_in(officer)
    assert client.get(at("report-section", open_round, "priority-9")).status_code == 404
    assert client.get(at("report-section-preview", open_round, "paper-to")).status_code == 404
    assert client.get(f"/reports/of/{open_round.strategy.slug}/1999-00/write/").status_code == 404
    assert client.get(f"/reports/of/other/{open_round.slug}/draft/").status_code == 404


# Writing


def test_a_section_is_written_and_saved(officer, open_round, signed_in):
    client, here = signed_in(officer), at("report-section", open_round, "priority-1")
    page = client.get(here)
    assert "How did the year go for this priority?" in page.text
    assert "You can write up to 4,000 characters" in page.text
    assert "data-keep" in page.text
    sent = client.post(here, {"act": "save", "text": "We met.\r\n\r\n- often", "version": ""}, follow=True)
    assert sent.redirect_chain[-1][0] == at("report-write", open_round)
    assert "Priority 1: Priority number 1: the text is saved." in sent.text
    assert ReportText.objects.get().text == "We met.\n\n- often"
    assert in_box(client.get(here)) == "We met.\n\n- often"


def test_what_is_wrong_is_said_at_the_box_and_nothing_is_lost(officer, open_round, signed_in):
    client, here = signed_in(officer), at("report-section", open_round, "financial")
    long = "It costs. " * 301
    page = client.post(here, {"act": "save", "text": long, "version": ""})
    assert page.status_code == 422
    assert "<title>Error: Financial implications" in page.text
    assert "Shorten it by 9." in page.text
    assert 'href="#id_text"' in page.text
    assert in_box(page).strip() == long.strip()
    assert not ReportText.objects.exists()
    copy = copy_of(officer, form_name(open_round, "financial"))
    assert copy
    assert copy.fields["text"] == [long]
    assert client.post(here, {"act": "save", "text": "", "version": ""}).status_code == 422
    assert client.post(here, {"act": "save", "text": "x", "version": "many"}).status_code == 422
    assert client.post(here, {"act": "preview", "text": "Half \x00 a text"}).status_code == 422


def test_two_who_write_at_once_see_both_texts_and_choose(written, officer, second_officer, open_round, signed_in):
    here = at("report-section", open_round, "foreword")
    write(second_officer, open_round, "Theirs is longer.", version=1)
    client = signed_in(officer)
    page = client.post(here, {"act": "save", "text": "Mine is <b>better</b>.", "version": 1})
    assert page.status_code == 409
    assert f"{second_officer.name} has changed this text while you were writing." in page.text
    assert "Theirs is longer." in page.text
    assert page.text.count("Mine is &lt;b&gt;better&lt;/b&gt;.") == 2  # to read, and to go on with
    assert ReportText.objects.get().text == "Theirs is longer."
    assert 'name="version" value="2"' in page.text
    edit = client.post(here, {"act": "change", "text": "Mine is <b>better</b>.", "version": 2})
    assert in_box(edit) == "Mine is <b>better</b>."
    assert 'name="version" value="2"' in edit.text
    assert client.post(here, {"act": "save", "text": "Mine is better.", "version": 2}).status_code == 302
    assert [one.text for one in ReportText.objects.get().versions.order_by("version")] == [
        "A good year.", "Theirs is longer.", "Mine is better.",
    ]  # fmt: skip


def test_the_second_click_of_two_is_no_conflict(officer, open_round, signed_in):
    client, here = signed_in(officer), at("report-section", open_round, "foreword")
    for _click in range(2):
        assert client.post(here, {"act": "save", "text": "A good year.", "version": ""}).status_code == 302
    assert ReportText.objects.get().version == 1


def test_keeping_theirs_throws_away_what_was_kept(written, officer, second_officer, open_round, signed_in):
    client, here = signed_in(officer), at("report-section", open_round, "foreword")
    write(second_officer, open_round, "Theirs.", version=1)
    client.post(here, {"act": "save", "text": "Mine.", "version": 1})
    assert in_box(client.get(here)) == "Mine."
    assert client.post(here, {"act": "discard"}).status_code == 302
    assert in_box(client.get(here)) == "Theirs."
    assert not WorkingCopy.objects.exists()


# Kept as it is typed


def test_what_is_typed_is_kept_for_its_writer_alone(written, officer, second_officer, open_round, signed_in):
    client, here = signed_in(officer), at("report-section", open_round, "foreword")
    kept = client.post(here, {"act": "keep", "text": "A good year, and", "version": 1})
    assert kept.status_code == 204
    assert re.fullmatch(r"\d\d:\d\d", kept.headers["Kept-At"])
    page = client.get(here)
    assert in_box(page) == "A good year, and"
    assert "What you typed was saved" in page.text
    assert in_box(signed_in(second_officer).get(here)) == "A good year."
    assert client.post(here, {"act": "save", "text": "A good year, and", "version": 1}).status_code == 302
    assert not WorkingCopy.objects.exists()


def test_words_of_somebody_whose_session_ended_come_back_to_them(officer, second_officer, open_round, signed_in):
    here = at("report-section", open_round, "foreword")
    whose = signed_in(officer).get(here).text.split('name="whose" value="')[1].split('"')[0]
    lost = Client()
    away = lost.post(here, {"act": "save", "text": "Do not lose me.", "version": "", "whose": whose})
    assert away.status_code == 302
    assert "/account/login/" in away.headers["Location"]
    sign_in(lost, officer)
    assert in_box(lost.get(here)) == "Do not lose me."
    assert in_box(signed_in(second_officer).get(here)) == ""


# Last year's words


def test_last_year_s_words_stand_beside_the_box_and_fill_it_on_the_server(officer, open_round, signed_in):
    last = make_round(open_round.strategy, years_ago=1)
    write(officer, last, "Last year we **began**.")
    client, here = signed_in(officer), at("report-section", open_round, "foreword")
    page = client.get(here)
    assert f"What was written for {last.slug}" in page.text
    assert "Last year we <strong>began</strong>." in page.text
    assert "Start from last year’s words" in page.text
    filled = client.post(here, {"act": "last-year", "text": "", "version": ""})
    assert in_box(filled) == "Last year we **began**."
    assert not ReportText.objects.filter(round=open_round).exists()
    mine = client.post(here, {"act": "last-year", "text": "This year we went on.", "version": ""})
    assert in_box(mine) == "This year we went on.\n\nLast year we **began**."
    again = client.post(here, {"act": "last-year", "text": in_box(mine), "version": ""})
    assert in_box(again) == in_box(mine)
    assert in_box(client.get(here)) == in_box(mine)  # it is kept
    assert "Last year we" not in client.get(at("report-section", open_round, "forward-plan")).text


def test_one_line_of_last_year_takes_the_place_of_what_is_in_the_box(officer, open_round, signed_in):
    write(officer, make_round(open_round.strategy, years_ago=1), "Scrutiny Committee", "paper-to")
    page = signed_in(officer).post(at("report-section", open_round, "paper-to"), {"act": "last-year", "text": "Scru"})
    assert 'value="Scrutiny Committee"' in page.text


# Preview


def test_a_preview_shows_the_words_as_they_print_and_saves_nothing(officer, open_round, signed_in):
    client, here = signed_in(officer), at("report-section", open_round, "priority-1")
    text = "## Then\n\nWe **met**:\n\n- often"
    page = client.post(here, {"act": "preview", "text": text, "version": ""})
    assert page.status_code == 200
    sheet = page.text.split('class="app-sheet"')[1].split("</section>")[0]
    assert "Priority number 1" in sheet
    for part in ("Then</h", "We <strong>met</strong>:", "<li>often</li>"):
        assert part in sheet
    assert f"{len(text)} of 4,000 characters." in page.text
    assert in_box(page) == text
    assert not ReportText.objects.exists()
    numbered = client.post(
        at("report-section", open_round, "paper-recommendations"), {"act": "preview", "text": "note it\nagree it"}
    )
    assert "<ol><li>note it</li><li>agree it</li></ol>" in numbered.text


def test_hostile_words_are_harmless_wherever_they_are_shown(officer, steering_member, open_round, signed_in):
    last = make_round(open_round.strategy, years_ago=1)
    write(officer, last, HOSTILE)
    write(officer, open_round, HOSTILE)
    add_comment(by=steering_member, at=timezone.now(), round_=open_round, section="foreword", words=HOSTILE)
    client, here = signed_in(officer), at("report-section", open_round, "foreword")
    pages = [
        client.get(here), client.post(here, {"act": "preview", "text": HOSTILE, "version": 1}),
        client.get(at("report-draft", open_round)), signed_in(steering_member).get(here),
        client.post(here, {"act": "save", "text": HOSTILE + "!", "version": 7}),
    ]  # fmt: skip
    for page in pages:
        assert "Hello" in page.text
        words = re.sub(r"<textarea.*?</textarea>|<input [^>]*>", "", page.text, flags=re.DOTALL)
        assert "<script>alert" not in words
        assert 'href="javascript:' not in words
        assert 'src="http://example.org' not in words
        assert "<p onclick" not in words
        assert not re.search(r"<[^>]* style=", words)


def test_the_page_of_a_section_is_drawn_with_what_its_writer_has_typed(year, steering_member, signed_in):
    round_, writer = year.round, year.officer
    write(writer, round_, "The saved words.", "priority-1")
    client = signed_in(writer)
    client.post(
        at("report-section", round_, "priority-1"), {"act": "preview", "text": "The typed words.", "version": 1}
    )
    mine = client.get(at("report-section-preview", round_, "priority-1"))
    assert mine.headers["Content-Type"] == "application/pdf"
    assert mine.headers["Content-Disposition"].startswith("inline;")
    assert "no-store" in mine.headers["Cache-Control"]
    words = text_of(mine.content)
    assert "The typed words." in words
    assert "Priority number 1" in words
    assert "Draft" in words
    theirs = text_of(signed_in(steering_member).get(at("report-section-preview", round_, "priority-1")).content)
    assert "The saved words." in theirs
    assert "Priority number 2" not in theirs
    for section in ("foreword", "forward-plan"):
        write(writer, round_, f"Words of the {section}.", section)
        drawn = signed_in(steering_member).get(at("report-section-preview", round_, section))
        assert f"Words of the {section}." in text_of(drawn.content)


def test_beside_the_box_stands_what_the_words_should_be_true_to(year, signed_in):
    client = signed_in(year.officer)
    draft = client.get(at("report-draft", year.round)).text
    for number in (1, 2):
        page = client.get(at("report-section", year.round, f"priority-{number}"))
        said = "This priority has " + page.text.split("This priority has ")[1].split("<")[0]
        assert said in draft, "the box and the report count alike"
        for commitment in year.strategy.commitments.filter(priority__number=number):
            assert str(commitment) in page.text
    report = assembly.assemble(round_=year.round, making=facts.ProductionDetails(at=timezone.now()))
    spoken = sum(bool(commitment.status) for commitment in report.commitments())
    foreword = client.get(at("report-section", year.round, "foreword")).text
    assert f"Updates were received for {spoken} of 5 commitments: " in foreword


# Comments


def test_comments_are_answered_resolved_and_opened_again(written, officer, steering_member, open_round, signed_in):
    here = at("report-section", open_round, "foreword")
    theirs, mine = signed_in(steering_member), signed_in(officer)
    theirs.post(at("report-comment", open_round, "foreword"), {"words": "Say more about volunteers."})
    comment = Comment.objects.get()
    resolve = reverse("reporting:report-comment-resolve", args=[comment.pk])
    page = mine.get(here)
    assert "Comments: 1 open" in page.text
    assert f'action="{resolve}"' in page.text
    assert f'action="{resolve}"' not in theirs.get(here).text
    assert theirs.post(resolve, {"answer": "No."}).status_code == 403
    done = mine.post(resolve, {"answer": "There is a paragraph now."})
    assert done.headers["Location"] == f"{here}#comments"
    page = theirs.get(here)
    assert "There is a paragraph now." in page.text
    assert "Resolved" in page.text
    theirs.post(reverse("reporting:report-comment-reopen", args=[comment.pk]))
    page = mine.get(here)
    assert "Comments: 1 open" in page.text
    assert "There is a paragraph now." in page.text


def test_a_comment_that_can_not_be_kept_comes_back_with_its_words(
    written, officer, steering_member, open_round, signed_in
):
    client = signed_in(steering_member)
    for words, sentence in (("", "Write your comment first."), ("x" * 2001, "The limit is 2,000")):
        page = client.post(at("report-comment", open_round, "foreword"), {"words": words})
        assert page.status_code == 422
        assert "<title>Error: Foreword" in page.text
        assert sentence in page.text
        assert 'href="#comment_words"' in page.text
        assert words in page.text
    comment = add_comment(by=steering_member, at=timezone.now(), round_=open_round, section="foreword", words="Hm.")
    page = signed_in(officer).post(
        reverse("reporting:report-comment-resolve", args=[comment.pk]), {"answer": "y" * 2001}
    )
    assert page.status_code == 422
    assert f'href="#answer_{comment.pk}_answer"' in page.text
    assert "y" * 2001 in page.text
    assert "A good year." in in_box(page)
    assert Comment.objects.get().resolved_at is None


# The draft


def test_the_draft_is_the_whole_report_as_it_stands_and_says_so(year, steering_member, signed_in):
    round_ = year.round
    write(year.officer, round_, "A **good** year.")
    write(year.officer, round_, "We met.", "priority-1")
    add_comment(by=steering_member, at=timezone.now(), round_=round_, section="priority-1", words="Where?")
    page = signed_in(steering_member).get(at("report-draft", round_))
    assert "This is a draft" in page.text
    assert "A <strong>good</strong> year." in page.text
    for commitment in year.strategy.commitments.all():
        assert f'id="commitment-{commitment.reference}"' in page.text
    assert f"{at('report-section', round_, 'foreword')}#comments" in page.text
    assert "Comment on “Foreword”" in page.text
    assert "1 open comment on “Priority 1: Priority number 1”" in page.text
    assert "Comment on “Priority 2: Priority number 2”" in page.text
    assert "Not written yet" in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_an_edition_shows_no_comments(year, steering_member, signed_in):
    add_comment(by=steering_member, at=timezone.now(), round_=year.round, section="priority-1", words="Where?")
    report = assembly.assemble(round_=year.round, making=facts.ProductionDetails(at=timezone.now(), edition=1))
    html = rendering.to_html(report)
    assert "omment on" not in html
    assert "Where?" not in html


# Few questions


def test_pages_ask_the_same_few_questions_however_much_there_is(year, steering_member, signed_in):
    client, round_ = signed_in(year.officer), year.round
    addresses = [
        at("report-write", round_), at("report-section", round_, "priority-1"), at("report-section", round_, "foreword"),
        at("report-section", round_, "paper-to"), reverse("reporting:edition-list"),
    ]  # fmt: skip

    def asked():
        found = {}
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
        return found

    before = asked()
    for number in range(30):
        comment = add_comment(
            by=steering_member, at=timezone.now(), round_=round_, section="priority-1", words=f"Say {number}."
        )
        if number % 2:
            resolve_comment(by=year.officer, at=timezone.now(), comment=comment, answer="Yes.")
    for round_of in year.rounds:
        for section in ("foreword", "priority-1", "paper-to"):
            write(year.officer, round_of, "Words.", section)
    after = asked()
    assert max(after.values()) <= AT_MOST, after
    assert max(before.values()) <= AT_MOST, before


# Counts that the facts contradict


def test_a_writer_is_warned_of_a_count_that_the_facts_contradict(officer, commitment, open_round, signed_in):
    total = open_round.strategy.commitments.count()
    write(officer, open_round, f"Two commitments are delayed. No update was received for {total} commitments.")
    page = signed_in(officer).get(at("report-section", open_round, "foreword"))
    assert "Check this count before the report is published." in page.text
    warning = f"The text says “Two commitments are delayed”, but 0 of {total} commitments are delayed."
    assert warning in page.text
    assert page.text.count("The text says") == 1
    assert at("report-section", open_round, "foreword") in (
        draft := signed_in(officer).get(at("report-draft", open_round)).text
    )
    assert f"Foreword says “Two commitments are delayed”, but 0 of {total} commitments are delayed." in draft


def test_what_is_being_written_is_checked_when_it_is_previewed_and_nothing_is_stopped(
    officer, commitment, open_round, signed_in
):
    client, here = signed_in(officer), at("report-section", open_round, "paper-recommendations")
    text = "Note the progress.\nAsk the leads of the five late commitments to report."
    page = client.post(here, {"act": "preview", "text": text, "version": ""})
    assert "The text says “five late commitments”" in page.text
    saved = client.post(here, {"act": "save", "text": text, "version": ""}, follow=True)
    assert "Check before the report is published: Recommendations says “five late commitments”" in saved.text
    assert ReportText.objects.get().text == text


def test_a_priority_s_narrative_is_held_against_its_own_commitments_and_against_all(
    officer, commitment, open_round, signed_in
):
    own = open_round.strategy.priorities.get(number=1).commitments.count()
    other = own + 1
    write(officer, open_round, f"No update was received for {own} commitments.", "priority-1")
    client, here = signed_in(officer), at("report-section", open_round, "priority-1")
    assert "The text says" not in client.get(here).text
    ReportText.objects.update(text=f"No update was received for {other} commitments.")
    assert f"{own} of {own} commitments under priority 1 are without an update" in client.get(here).text


def test_those_who_read_see_the_warning_too_and_a_line_of_the_head_has_none(
    officer, steering_member, commitment, open_round, signed_in
):
    write(officer, open_round, "Five commitments are late.")
    write(officer, open_round, "Five commitments are late.", "paper-purpose")
    client = signed_in(steering_member)
    assert "The text says “Five commitments are late”" in client.get(at("report-section", open_round, "foreword")).text
    assert "The text says" not in client.get(at("report-section", open_round, "paper-purpose")).text


def test_a_section_in_another_language_keeps_it_through_preview_and_conflict(
    officer, second_officer, open_round, signed_in
):
    client, here = signed_in(officer), at("report-section", open_round, "foreword")
    assert "Written in another language?" in client.get(here).text
    seen = client.post(here, {"act": "preview", "text": "Blwyddyn dda.", "version": "", "language": "cy"}).text
    assert '<option value="cy" selected>Welsh</option>' in seen
    assert '<option value="cy" selected>Welsh</option>' in client.get(here).text, "what is typed is kept whole"
    client.post(here, {"act": "save", "text": "Blwyddyn dda.", "version": "", "language": "cy"})
    assert ReportText.objects.get().language == "cy"
    assert '<option value="cy" selected>Welsh</option>' in client.get(here).text
    write(second_officer, open_round, "A good year.", version=1)
    conflict = client.post(here, {"act": "save", "text": "Da iawn.", "version": "1", "language": "cy"})
    assert (conflict.status_code, 'name="language" value="cy"' in conflict.text) == (409, True)
    again = client.post(here, {"act": "change", "text": "Da iawn.", "version": "2", "language": "cy"})
    assert '<option value="cy" selected>Welsh</option>' in again.text
