"""What officers write for a report: saved once, never over somebody else's words, and read by the report."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from commitments.models import Round
from partners.services.roles import end_role
from reporting import assembly, facts
from reporting.assembly.texts import texts as assembled_texts
from reporting.models import ReportText, TextVersion
from reporting.narrative.sections import FOR_THE_PAPER
from reporting.reading import report_texts as reading
from reporting.services.texts import save_text, sections_of
from tests.factories import make_round, make_strategy
from vcsportal.common.words import Conflict, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(officer, open_round, now):
    """Saves a section of the open round's report, as the officer unless somebody else is named."""

    def save(text, *, section="foreword", version=None, by=None, round_=None, at=None, language=""):
        return save_text(
            by=by or officer,
            at=at or now,
            round_=round_ or open_round,
            section=section,
            text=text,
            version=version,
            language=language,
        )

    return save


def test_a_text_is_kept_with_who_and_when_and_every_save_is_a_version(write, officer, second_officer, now):
    later = now + timedelta(hours=1)
    first = write("A good year.")
    second = write("A good year, and a long one.", version=1, by=second_officer, at=later)
    assert (first.pk, second.version, second.changed_by, second.changed_at) == (second.pk, 2, second_officer, later)
    kept = TextVersion.objects.order_by("version").values_list("version", "text", "by", "at")
    assert list(kept) == [
        (1, "A good year.", officer.pk, now),
        (2, "A good year, and a long one.", second_officer.pk, later),
    ]


def test_a_version_can_neither_be_changed_nor_removed(write):
    write("A good year.")
    for rewrite in (lambda: TextVersion.objects.update(text="Nothing happened."), TextVersion.objects.all().delete):
        with pytest.raises(DatabaseError, match="can only be added to"), transaction.atomic():
            rewrite()


def kept(round_):
    return {text.section: text.text for text in assembled_texts(round_)}


def test_what_is_asked_once_is_kept_from_the_newest_year_that_saved_it(write, open_round):
    older, last = (make_round(open_round.strategy, years_ago=years) for years in (2, 1))
    for section in ("paper-author", "paper-purpose", "foreword"):
        write("Of two years ago", section=section, round_=older)
    assert kept(open_round) == kept(last) == {"paper-author": "Of two years ago"}
    write("Of last year", section="paper-author", round_=last)
    assert (kept(older)["paper-author"], kept(open_round)) == ("Of two years ago", {"paper-author": "Of last year"})
    write("Of this year", section="paper-author")
    write("This year", section="foreword")
    assert kept(open_round) == {"paper-author": "Of this year", "foreword": "This year"}
    assert kept(last) == {"paper-author": "Of last year"}, "a later year says nothing about an earlier one"
    found = {one.section.key: one for one in reading.book(last).sections}
    assert (found["paper-author"].own, found["foreword"].text) == (True, None)


def test_what_was_emptied_is_empty_and_stays_so(write, open_round):
    last = make_round(open_round.strategy, years_ago=1)
    write("Of last year", section="paper-author", round_=last)
    found = {one.section.key: one for one in reading.book(open_round).sections}["paper-author"]
    assert (found.is_written, found.own) == (True, False)
    write("", section="paper-author")
    assert kept(open_round) == {}
    found = {one.section.key: one for one in reading.book(open_round).sections}["paper-author"]
    assert (found.is_written, found.own) == (False, True)


def test_a_text_that_nobody_has_written_or_kept_is_not_saved_empty(write):
    for section in ("paper-author", "foreword"):
        with pytest.raises(Refused, match="Write something first"):
            write("", section=section)


def test_how_much_is_written_counts_what_is_kept(write, open_round, officer):
    last = make_round(open_round.strategy, years_ago=1)
    write("Of last year", section="paper-author", round_=last)
    write("Of last year", section="foreword", round_=last)

    def counted():
        return {line.round.pk: line.written for line in reading.lines(officer, today=open_round.opens_on)}

    assert counted() == {open_round.pk: 1, last.pk: 2}
    write("", section="paper-author")
    assert counted() == {open_round.pk: 0, last.pk: 2}


def test_nothing_is_kept_from_another_strategy(write, open_round, council):
    write("Theirs", section="paper-author", round_=make_round(make_strategy(council, slug="other"), years_ago=1))
    assert kept(open_round) == {}


def test_nobody_overwrites_what_they_have_not_seen(write, officer, second_officer):
    write("A good year.")
    for version in (None, 2, 0):
        with pytest.raises(Conflict, match=f"{officer.name} has changed this text"):
            write("Mine.", version=version, by=second_officer)
    with pytest.raises(Conflict, match="You have changed this text in another window"):
        write("Mine too.")
    assert ReportText.objects.get().text == "A good year."
    assert TextVersion.objects.count() == 1
    with pytest.raises(Conflict):
        write("Mine.", section="forward-plan", version=1)


def test_saving_what_stands_already_writes_nothing(write, second_officer):
    write("A good year.")
    again = write("A good year.\r\n\r\n", by=second_officer)
    assert again.version == 1
    assert TextVersion.objects.count() == 1


def test_a_text_can_be_emptied_but_an_empty_one_is_not_begun(write):
    with pytest.raises(Refused, match="Write something first"):
        write("  \n ")
    write("A good year.")
    assert write("", version=1).text == ""
    assert TextVersion.objects.count() == 2


@pytest.mark.parametrize("who", ["partner", "partner_lead", "outsider", "steering_member", "nobody"])
def test_only_those_who_write_the_report_write(who, write, request):
    with pytest.raises(Refused, match="Only council officers and administrators can write"):
        write("A good year.", by=request.getfixturevalue(who))
    assert not ReportText.objects.exists()


def test_administrators_write_too_and_nobody_whose_role_has_ended(write, administrator, officer, now):
    write("A good year.", by=administrator)
    end_role(by=administrator, at=now, grant=officer.role_grants.get())
    with pytest.raises(Refused):
        write("Another.", version=1, by=type(officer).objects.get(pk=officer.pk))


def test_a_section_that_the_report_does_not_have_is_refused(write):
    for section in ("", "priority-3", "priority-x", "Foreword", "appendix"):
        with pytest.raises(Refused, match="no such section"):
            write("A good year.", section=section)


def test_a_year_that_has_not_begun_is_not_written(write, strategy, now):
    coming = make_round(strategy, years_ago=1)
    ahead = timedelta(days=900)
    Round.objects.filter(pk=coming.pk).update(
        **{
            f: getattr(coming, f) + ahead
            for f in ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until")
        }
    )
    with pytest.raises(Refused, match="has not begun"):
        write("A good year.", round_=coming)


def test_what_is_too_long_is_refused_with_how_much_too_long(write, open_round):
    assert len(sections_of(open_round)) == 3 + 2 + len(FOR_THE_PAPER)
    for section in sections_of(open_round):
        with pytest.raises(
            Refused,
            match=rf"has {section.most + 7:,} characters. The limit for this section is {section.most:,}.* by 7\.",
        ):
            write("x" * (section.most + 7), section=section.key)
        assert len(write("x" * section.most, section=section.key).text) == section.most
    with pytest.raises(Refused, match="can't be saved"):
        write("Half \x00 a text.")


def test_a_line_is_one_line_and_lines_are_without_gaps(write):
    assert (
        write(" Overview\nand Scrutiny \r\n Committee ", section="paper-to").text == "Overview and Scrutiny Committee"
    )
    assert write("note it\n\n  agree it \n", section="paper-recommendations").text == "note it\nagree it"


def test_a_text_reaches_the_report_as_it_was_written(write, open_round, now):
    write("A **good** year.")
    write("We met.", section="priority-2")
    write("Scrap this.", section="forward-plan")
    write("", section="forward-plan", version=1)
    report = assembly.assemble(round_=open_round, making=facts.ProductionDetails(at=now))
    assert report.texts == (facts.TextFacts("foreword", "A **good** year."), facts.TextFacts("priority-2", "We met."))


def words_of(round_, section="foreword"):
    """The words of the round and of the year before, each with its round."""
    return [(one.text, one.round) if one else None for one in reading.text_and_before(round_, section)[:2]]


def test_a_year_s_words_come_from_the_newest_earlier_year_that_has_any(write, strategy, open_round):
    older, last = make_round(strategy, years_ago=2), make_round(strategy, years_ago=1)
    write("Two years ago.", round_=older)
    assert words_of(open_round) == [None, ("Two years ago.", older)]
    write("Last year.", round_=last)
    write("This year.")
    assert words_of(open_round) == [("This year.", open_round), ("Last year.", last)]
    assert words_of(last) == [("Last year.", last), ("Two years ago.", older)]
    assert words_of(open_round, "forward-plan") == [None, None]


def test_the_book_says_what_is_written_and_asks_the_same_few_questions(write, open_round, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert reading.book(open_round).written == 0
    for section in sections_of(open_round):
        write("Words.", section=section.key)
    write("", section="foreword", version=1)
    with django_assert_num_queries(3):
        book = reading.book(open_round)
    assert (book.written, len(book.sections), book.open) == (len(book.sections) - 1, 32, 0)
    assert [one.section.key for one in book.for_the_report] == [
        "foreword",
        "foreword-by",
        "priority-1",
        "priority-2",
        "forward-plan",
    ]
    assert all(one.text and one.text.changed_by.name for one in book.sections)


def test_a_text_says_its_language_and_another_language_alone_is_a_version_of_its_own(write, open_round, now):
    assert write("Blwyddyn dda.", language="CY").language == "cy"
    assert write("Blwyddyn dda.", version=1, language="cy").version == 1
    assert write("Blwyddyn dda.", version=1).version == 2
    write("Blwyddyn dda.", version=2, language="cy")
    assert [one.language for one in TextVersion.objects.order_by("version")] == ["cy", "", "cy"]
    report = assembly.assemble(round_=open_round, making=facts.ProductionDetails(at=now))
    assert report.texts == (facts.TextFacts("foreword", "Blwyddyn dda.", "cy"),)
    with pytest.raises(Refused, match="is not a language code"):
        write("Da iawn.", version=3, language="Welsh")
