"""The page on which all sections of a report are written in their order."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import WorkingCopy
from commitments.page_parts.autosave import HELD_SESSION_KEY
from reporting.models import ReportText, TextVersion
from reporting.reading.report_texts import form_name
from reporting.reading.text_history import saved_texts
from reporting.services.texts import save_text
from tests.factories import make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(open_round):
    return reverse("reporting:report-write", args=[open_round.strategy.slug, open_round.slug])


def write(by, round_, text, section="foreword", version=None):
    return save_text(by=by, at=timezone.now(), round_=round_, section=section, text=text, version=version)


def boxes(page):
    """What the page would send: the words and the version of each section, in their order."""
    found = re.findall(r'<textarea name="([\w-]+)-text"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    texts = {key: unescape(words) for key, words in found}
    for box in re.findall(r'<input [^>]*name="[\w-]+-(?:text|version|language)"[^>]*>', page.text):
        [name] = re.findall(r'name="([\w-]+)"', box)
        texts[name.removesuffix("-text")] = unescape(next(iter(re.findall(r'value="([^"]*)"', box)), ""))
    return {key if key.endswith(("-version", "-language")) else f"{key}-text": words for key, words in texts.items()}


def texts():
    return dict(ReportText.objects.values_list("section", "text"))


def test_every_section_has_its_box_in_the_order_of_the_report(officer, open_round, here, signed_in):
    write(officer, open_round, "A good year.")
    page = signed_in(officer).get(here)
    sent = boxes(page)
    assert len([name for name in sent if name.endswith("-text")]) == 32
    assert (sent["foreword-text"], sent["foreword-version"], sent["legal-text"], sent["legal-version"]) == (
        "A good year.",
        "1",
        "",
        "",
    )
    order = [
        page.text.index(f'id="{key}"')
        for key in ("foreword", "priority-1", "priority-2", "forward-plan", "paper-to", "legal", "legal-by")
    ]
    assert order == sorted(order)
    assert page.text.count("Needed to publish") == 8
    assert "31 sections are empty" in re.sub(r"\s+", " ", page.text)


def test_what_was_changed_is_saved_at_once_and_what_was_not_is_not(officer, open_round, here, signed_in):
    write(officer, open_round, "A good year.")
    client = signed_in(officer)
    sent = {**boxes(client.get(here)), "legal-text": "The Act.\r\nOf old.", "paper-to-text": "Cabinet", "act": "save"}
    answer = client.post(here, sent, follow=True)
    assert "Saved: To and Legal implications." in answer.text
    assert texts() == {"foreword": "A good year.", "legal": "The Act.\nOf old.", "paper-to": "Cabinet"}
    assert TextVersion.objects.count() == 3
    again = client.post(here, {**boxes(client.get(here)), "act": "save"}, follow=True)
    assert "Nothing was changed" in again.text
    assert TextVersion.objects.count() == 3


def test_one_section_is_saved_and_the_others_are_kept_as_they_were_typed(officer, open_round, here, signed_in):
    client = signed_in(officer)
    sent = {**boxes(client.get(here)), "legal-text": "The Act.", "risk-text": "Delay.", "act": "save:legal"}
    answer = client.post(here, sent)
    assert answer.headers["Location"] == f"{here}#legal"
    assert texts() == {"legal": "The Act."}
    page = client.get(here)
    assert boxes(page)["risk-text"] == "Delay."
    assert "What you typed into 1 section was kept" in re.sub(r"\s+", " ", page.text)
    section = reverse("reporting:report-section", args=[open_round.strategy.slug, open_round.slug, "risk"])
    assert "Delay.</textarea>" in client.get(section).text, "the section’s own page is the same form"
    client.post(here, {**boxes(page), "act": "save"})
    assert texts() == {"legal": "The Act.", "risk": "Delay."}
    assert not WorkingCopy.objects.exists()


def test_what_is_typed_is_kept_for_its_writer_and_can_be_discarded(
    officer, second_officer, open_round, here, signed_in
):
    client = signed_in(officer)
    sent = {**boxes(client.get(here)), "risk-text": "Half a", "act": "keep"}
    assert client.post(here, sent).status_code == 204
    assert [copy.form for copy in WorkingCopy.objects.all()] == [form_name(open_round, "risk")]
    assert boxes(client.get(here))["risk-text"] == "Half a"
    assert boxes(signed_in(second_officer).get(here))["risk-text"] == ""
    signed_in(second_officer).post(here, {"act": "discard"})
    assert WorkingCopy.objects.exists()
    client.post(here, {"act": "discard"})
    assert boxes(client.get(here))["risk-text"] == ""
    assert texts() == {}


def test_a_stale_text_overwrites_nothing_and_holds_up_no_other(officer, second_officer, open_round, here, signed_in):
    write(officer, open_round, "A good year.")
    write(officer, open_round, "None.", "legal")
    client = signed_in(officer)
    sent = {**boxes(client.get(here)), "foreword-text": "Mine.", "risk-text": "Delay.", "act": "save"}
    write(second_officer, open_round, "Theirs.", version=1)
    write(second_officer, open_round, "Their law.", "legal", version=1)
    page = client.post(here, sent)
    assert page.status_code == 409
    assert texts() == {"foreword": "Theirs.", "legal": "Their law.", "risk": "Delay."}, "legal was not touched here"
    assert f"{second_officer.name} has changed this text while you were writing." in page.text
    assert page.text.count("has changed this text while you were writing") == 1
    assert "1 text was changed while you were writing" in re.sub(r"\s+", " ", page.text)
    assert "Theirs." in page.text
    shown = boxes(page)
    assert (shown["foreword-text"], shown["foreword-version"], shown["legal-text"]) == ("Mine.", "2", "Their law.")
    assert boxes(client.get(here))["foreword-version"] == "1", "whoever comes back later is warned again"
    assert client.post(here, {**boxes(client.get(here)), "act": "save"}).status_code == 409
    assert client.post(here, {**shown, "act": "save"}).status_code == 302
    assert texts()["foreword"] == "Mine."


def test_an_empty_section_that_a_colleague_wrote_meanwhile_is_no_conflict(
    officer, second_officer, open_round, here, signed_in
):
    client = signed_in(officer)
    sent = {**boxes(client.get(here)), "risk-text": "Delay."}
    write(second_officer, open_round, "Their law.", "legal")
    assert client.post(here, {**sent, "act": "keep"}).status_code == 204
    assert [copy.form for copy in WorkingCopy.objects.all()] == [form_name(open_round, "risk")]
    assert client.post(here, {**sent, "act": "save"}).status_code == 302
    assert texts() == {"legal": "Their law.", "risk": "Delay."}
    page = client.post(here, {**sent, "legal-text": "My law.", "act": "save"})
    assert (page.status_code, texts()["legal"]) == (409, "Their law."), "a text that both wrote is one"


def test_a_kept_text_that_a_colleague_changed_meanwhile_is_no_conflict(
    officer, second_officer, open_round, here, signed_in
):
    write(officer, make_round(open_round.strategy, years_ago=2), "Clerk", "paper-author")
    last = make_round(open_round.strategy, years_ago=1)
    write(officer, last, "Policy Officer", "paper-author")
    write(officer, last, "Last year’s law", "legal")
    client = signed_in(officer)
    sent = {**boxes(client.get(here)), "act": "save"}
    assert (sent["paper-author-text"], sent["legal-text"]) == ("Policy Officer", "")
    write(second_officer, open_round, "Head of Policy", "paper-author")
    write(second_officer, open_round, "Their law.", "legal")
    assert client.post(here, {**sent, "risk-text": "Delay."}).status_code == 302
    own = dict(ReportText.objects.filter(round=open_round).values_list("section", "text"))
    assert own == {"paper-author": "Head of Policy", "legal": "Their law.", "risk": "Delay."}
    for typed in ("", "Clerk", "Officer"):
        assert client.post(here, {**sent, "paper-author-text": typed}).status_code == 409, "emptying it is a change"


def test_what_was_typed_and_taken_out_again_does_not_come_back(officer, second_officer, open_round, here, signed_in):
    client = signed_in(officer)
    empty = boxes(client.get(here))
    colleague = signed_in(second_officer)
    colleague.post(here, {**empty, "legal-text": "Theirs", "act": "keep"})
    for act, answered in (("keep", 204), ("save", 302), ("save:risk", 302)):
        client.post(here, {**empty, "legal-text": "abc", "conclusion-text": "x", "act": "keep"})
        assert boxes(client.get(here))["legal-text"] == "abc"
        page = boxes(client.get(here))
        del page["conclusion-text"]
        assert client.post(here, {**page, "legal-text": "", "act": act}).status_code == answered
        shown = boxes(client.get(here))
        assert (shown["legal-text"], shown["conclusion-text"]) == ("", "x"), "what was not sent stays as it was"
        client.post(here, {"act": "discard"})
    assert texts() == {}
    assert boxes(colleague.get(here))["legal-text"] == "Theirs"


def test_what_was_taken_out_when_the_session_had_ended_does_not_come_back(officer, open_round, here, signed_in):
    client = signed_in(officer)
    client.post(here, {**boxes(client.get(here)), "legal-text": "abc", "act": "keep"})
    [whose] = re.findall(r'name="whose" value="([^"]*)"', client.get(here).text)
    sent = {**boxes(client.get(here)), "legal-text": "", "risk-text": "Delay.", "whose": whose, "act": "save"}
    client.logout()
    assert client.post(here, sent).status_code == 302
    held = client.session[HELD_SESSION_KEY]
    client = signed_in(officer)
    session = client.session
    session[HELD_SESSION_KEY] = held
    session.save()
    shown = boxes(client.get(here))
    assert (shown["legal-text"], shown["risk-text"]) == ("", "Delay.")


def test_what_is_too_long_even_to_be_kept_stays_in_its_box(officer, open_round, here, signed_in):
    client = signed_in(officer)
    sent = {**boxes(client.get(here)), "background-text": "y" * 200_001, "risk-text": "Delay.", "legal-text": "Law."}
    for act in ("save", "save:background", "save:risk"):
        page = client.post(here, {**sent, "act": act})
        assert page.status_code == 422
        assert boxes(page)["background-text"] == "y" * 200_001
        assert 'href="#id_background-text"' in page.text
        assert boxes(page)["legal-text"] == "Law."
    kept = client.post(here, {**sent, "risk-text": "Delays.", "act": "keep"})
    assert (kept.status_code, kept.text[:31]) == (422, "This is more than the portal ca")
    assert boxes(client.get(here))["risk-text"] == "Delays.", "the others are kept"
    assert texts() == {"risk": "Delay.", "legal": "Law."}


def test_what_is_too_long_is_said_at_its_box_and_the_rest_is_saved(officer, open_round, here, signed_in):
    client = signed_in(officer)
    sent = {
        **boxes(client.get(here)),
        "paper-date-text": "x" * 41,
        "legal-text": "y" * 3001,
        "risk-text": "Delay.",
        "act": "save",
    }
    page = client.post(here, sent)
    assert page.status_code == 422
    assert texts() == {"risk": "Delay."}
    assert 'href="#id_paper-date-text"' in page.text
    assert 'href="#id_legal-text"' in page.text
    assert boxes(page)["paper-date-text"] == "x" * 41


def test_what_is_asked_once_stands_in_its_box_is_not_saved_again_and_can_be_emptied(
    officer, open_round, here, signed_in
):
    last = make_round(open_round.strategy, years_ago=1)
    write(officer, last, "Policy Officer", "paper-author")
    write(officer, last, "Last year’s reason", "paper-purpose")
    client = signed_in(officer)
    page = client.get(here)
    sent = boxes(page)
    assert (sent["paper-author-text"], sent["paper-author-version"], sent["paper-purpose-text"]) == (
        "Policy Officer",
        "",
        "",
    )
    assert f"Kept from {last.label}" in re.sub(r"\s+", " ", page.text)
    client.post(here, {**sent, "act": "save"})
    assert not ReportText.objects.filter(round=open_round).exists()
    section = reverse("reporting:report-section", args=[open_round.strategy.slug, open_round.slug, "paper-author"])
    assert 'value="Policy Officer"' in client.get(section).text
    client.post(here, {**sent, "paper-author-text": "", "act": "save"})
    assert ReportText.objects.get(round=open_round).text == ""
    assert boxes(client.get(here))["paper-author-text"] == ""


def test_earlier_versions_are_shown_with_what_they_changed(officer, open_round, here, signed_in):
    section = reverse("reporting:report-section", args=[open_round.strategy.slug, open_round.slug, "foreword"])
    client = signed_in(officer)
    write(officer, open_round, "A good year for many, in which we met 0 times.")
    for address in (here, section):
        assert "Versions<" not in client.get(address).text, "one version has none before it"
    for number in range(1, 5):
        write(officer, open_round, f"A good year for many, in which we met {number} times.", version=number)
    page, of_section = client.get(here), client.get(section)
    assert page.text.count("Versions<") == 1
    assert page.text.count(f"saved by {officer.name}") == 3
    assert of_section.text.count(f"saved by {officer.name}") == 5
    for text in (page.text, of_section.text):
        assert re.search(r"<del>\s*3\s*</del>", text)
        assert re.search(r"<ins>\s*4\s*</ins>", text)
    assert "in which we met 0 times." in of_section.text
    assert (page.text.count("<del>"), of_section.text.count("<del>")) == (1, 4), "only the newest is compared here"


def test_the_oldest_version_that_is_read_is_compared_too(officer, open_round, django_assert_num_queries):
    for number in range(5):
        write(officer, open_round, f"We met {number} times in all of the year.", version=number or None)
    with django_assert_num_queries(1):
        [*_, oldest] = saved_texts(open_round, most=3)["foreword"]
    assert (oldest.number, oldest.compared is not None) == (3, True)
    [_, second] = saved_texts(open_round, most=2, compared=1)["foreword"]
    assert (second.number, second.text, second.compared) == (4, "", None)
    first = saved_texts(open_round, most=5)["foreword"][-1]
    assert (first.number, first.text, first.compared) == (1, "We met 0 times in all of the year.", None)


def test_whoever_only_reads_sees_the_words_and_sends_nothing(officer, steering_member, open_round, here, signed_in):
    write(officer, open_round, "A bad year.")
    client = signed_in(steering_member)
    write(officer, open_round, "A **good** year.", version=1)
    page = client.get(here)
    assert "A <strong>good</strong> year." in page.text
    section = reverse("reporting:report-section", args=[open_round.strategy.slug, open_round.slug, "foreword"])
    for text in (page.text, client.get(section).text):
        assert "Versions" not in text, "who saved which words before is for those who write"
        assert "A bad year." not in text
        assert "saved by" not in text
    assert "A bad year." in signed_in(officer).get(section).text
    assert boxes(page) == {}
    for act in ("save", "save:foreword", "keep", "discard"):
        assert client.post(here, {"act": act, "foreword-text": "Mine"}).status_code == 403
    assert texts() == {"foreword": "A **good** year."}
