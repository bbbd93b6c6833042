"""The page on which all sections of a report are written in their order."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.models import WorkingCopy
from reporting.models import ReportText, TextVersion
from reporting.reading.report_texts import form_name
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
    assert "Theirs." in page.text
    shown = boxes(page)
    assert (shown["foreword-text"], shown["foreword-version"], shown["legal-text"]) == ("Mine.", "2", "Their law.")
    assert boxes(client.get(here))["foreword-version"] == "1", "whoever comes back later is warned again"
    assert client.post(here, {**boxes(client.get(here)), "act": "save"}).status_code == 409
    assert client.post(here, {**shown, "act": "save"}).status_code == 302
    assert texts()["foreword"] == "Mine."


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
        assert "Earlier versions" not in client.get(address).text, "one version has none before it"
    for number in range(1, 5):
        write(officer, open_round, f"A good year for many, in which we met {number} times.", version=number)
    page, of_section = client.get(here), client.get(section)
    assert page.text.count(f"saved by {officer.name}") == 3
    assert of_section.text.count(f"saved by {officer.name}") == 5
    for text in (page.text, of_section.text):
        assert re.search(r"<del>\s*3\s*</del>", text)
        assert re.search(r"<ins>\s*4\s*</ins>", text)
    assert "in which we met 0 times." in of_section.text


def test_whoever_only_reads_sees_the_words_and_sends_nothing(officer, steering_member, open_round, here, signed_in):
    write(officer, open_round, "A **good** year.")
    client = signed_in(steering_member)
    page = client.get(here)
    assert "A <strong>good</strong> year." in page.text
    assert boxes(page) == {}
    for act in ("save", "save:foreword", "keep", "discard"):
        assert client.post(here, {"act": act, "foreword-text": "Mine"}).status_code == 403
    assert texts() == {"foreword": "A **good** year."}
