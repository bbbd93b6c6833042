"""What is in a file is saved once and nothing of it is lost: the same row twice, two clicks at once, and the same file again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections
from django.utils import timezone

from commitments.content.risks import AssessmentContent, RiskContent
from commitments.models import Action, HistoryEntry, ProgressUpdate, Risk, Signatory, UploadedWorkbook
from commitments.rules.risk_levels import LevelRange
from commitments.services.actions import edit_action, move_action, plan_action, plan_of
from commitments.services.risk_assessments import assess_risk
from commitments.services.risks import record_risk
from commitments.services.uploaded_workbooks import discard_workbook
from commitments.workbooks.actions import ACTIONS
from commitments.workbooks.exchange import preview, save_rows
from commitments.workbooks.organisations import ORGANISATIONS
from commitments.workbooks.risks import RISKS
from commitments.workbooks.signatories import SIGNATORIES
from commitments.workbooks.updates import UPDATES
from partners.kinds import GROUP
from partners.models import Area, Organisation, OrganisationIdentifier
from partners.models import HistoryEntry as PartnersHistoryEntry
from partners.services.organisations import edit_organisation, register_organisation
from tests.commitments.charter import make_charter, signed
from tests.commitments.workbooks.filled import (
    day,
    downloaded,
    filled,
    looked_through,
    outcomes,
    saved,
    scope_of,
    uploaded,
    with_rows,
)
from tests.factories import make_area, make_organisation, make_person
from vcsportal.common.saving_together import SavedTogether
from vcsportal.common.spreadsheets import SheetCell
from vcsportal.common.spreadsheets.values import UnreadableCell
from vcsportal.common.words import Invalid

pytestmark = pytest.mark.django_db
Rows = dict[str, dict[str, Any]]


def sentences(shown: Any) -> list[str]:
    return [fault.instead for row in shown.rows for fault in row.faults]


def test_a_new_row_about_something_that_is_there_is_refused_where_it_says_more(administrator, officer, commitment, now):
    there = make_organisation("Hill Singers")
    scope = scope_of(administrator)
    data = downloaded(scope, ORGANISATIONS)
    _upload, shown = looked_through(scope, with_rows(data, "Organisations", {"Name": "hill  singers"}))
    assert outcomes(shown) == {}
    _upload, shown = looked_through(
        scope, with_rows(data, "Organisations", {"Name": "Hill Singers", "Telephone": "01632 960 001"})
    )
    assert outcomes(shown) == {"refused": 1}
    assert sentences(shown) == [
        f"This is there already. Write its key, {there.slug}, into this row, or delete the row."
    ]
    action = plan_action(by=officer, at=now, commitment=commitment, title="Find a hall", due_on=date(2030, 3, 31))
    scope = scope_of(officer, commitment.strategy)
    same = {"Commitment": commitment.reference, "Action": "Find a hall", "Due": date(2030, 3, 31)}
    data = downloaded(scope, ACTIONS)
    for more, refused in (({}, 0), ({"Team": "Ours"}, 1), ({"Done on": timezone.localdate()}, 1)):
        _upload, shown = looked_through(scope, with_rows(data, "Actions", {**same, **more}))
        assert outcomes(shown).get("refused", 0) == refused
        assert all(f"Write its key, {action.pk}," in sentence for sentence in sentences(shown))


def test_a_new_row_of_a_signature_or_a_risk_that_is_there_loses_nothing_either(
    officer, council, charity, strategy, now
):
    charter = make_charter(council)
    signature = signed(charter, charity, told_how="letter")
    scope = scope_of(officer, charter)
    row = {"Organisation": charity.name, "Signed on": signature.signed_on, "How it told you": "By letter"}
    data = downloaded(scope, SIGNATORIES)
    assert outcomes(looked_through(scope, with_rows(data, "Signatories", row))[1]) == {}
    _upload, shown = looked_through(scope, with_rows(data, "Signatories", {**row, "Pledge for P1": "We will sing."}))
    assert sentences(shown) == [
        f"This is there already. Write its key, {charity.slug}, into this row, or delete the row."
    ]
    risk = record_risk(by=officer, at=now, strategy=strategy, content=RiskContent("The hall closes", "A fund"))
    assess_risk(by=officer, at=now, risk=risk, content=AssessmentContent(LevelRange(2, 2), LevelRange(1, 1)))
    scope = scope_of(officer, strategy)
    low, high = (RISKS.columns(scope)[8].choices[number] for number in (0, 1))
    same = {"Risk": f"0{risk.number}", "Impact": high, "Likelihood": low}
    data = downloaded(scope, RISKS)
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, ""),
        ({"Why that impact": "It is a valley."}, "This is there already"),
        ({"About": "towns"}, ""),
        ({"About": "towns", "Controls": "A wall"}, "in the register already"),
        ({"About": "towns", "What could go wrong": "It floods"}, "in the register already"),
        ({"About": "towns", "Risk": None, "What could go wrong": "The hall closes", "Who leads": "Us"}, "already"),
    ]
    for more, sentence in cases:
        _upload, shown = looked_through(scope, with_rows(data, "Risks", {**same, **more}))
        assert [sentence in found for found in sentences(shown)] == ([True] if sentence else [])


def test_of_two_equal_new_rows_the_second_is_refused_with_the_number_of_the_first(administrator):
    scope = scope_of(administrator)
    row = {"Name": "Hill Singers", "Kind": "Charity"}
    data = with_rows(downloaded(scope, ORGANISATIONS), "Organisations", row, {**row, "Telephone": "01632 960001"})
    upload, shown = looked_through(scope, data)
    first = next(row.row for row in shown.rows if row.outcome == "new")
    assert outcomes(shown) == {"new": 1, "refused": 1}
    assert sentences(shown) == [f"Row {first} adds the same. Keep one of the two."]
    assert saved(scope, upload, shown).count == 1


def test_an_organisation_of_another_kind_standing_or_name_is_not_added_once_more(administrator):
    scope = scope_of(administrator)
    ended = make_organisation("Hill Singers")
    ended.standing = "ended"
    ended.save()
    make_organisation("Vale Board", kind=GROUP)
    make_organisation("Vale Choir", former_names="Brook Choir")
    now = timezone.now()
    quiet = make_organisation("Quiet Group", standing="listed")
    quiet.removed_at, quiet.removed_why = now, "It asked us to."
    quiet.save()
    data = downloaded(scope, ORGANISATIONS)
    for name, sentence in (
        ("hill singers", "has ended"), ("Vale Board", "is a group"), ("Brook Choir", "an earlier name of Vale Choir"),
        ("Quiet Group", "was removed"),
    ):  # fmt: skip
        _upload, shown = looked_through(scope, with_rows(data, "Organisations", {"Name": name, "Kind": "Charity"}))
        assert [sentence in found for found in sentences(shown)] == [True], sentences(shown)


def test_a_row_that_this_file_has_added_is_not_added_again_whatever_became_of_it(officer, commitment, now):
    scope = scope_of(officer, commitment.strategy)
    row = {"Commitment": commitment.reference, "Action": "Find a hall", "Due": date(2030, 3, 31)}
    upload, shown = looked_through(scope, with_rows(downloaded(scope, ACTIONS), "Actions", row))
    agreed = {row.row: row.seen for row in shown.rows}
    assert saved(scope, upload, shown).count == 1
    action = Action.objects.get(title="Find a hall")
    move_action(by=officer, at=now, action=action, due_on=date(2031, 1, 1), reason="Rain.", version=action.version)
    again = preview(scope, UploadedWorkbook.objects.get())
    assert [row.outcome for row in again.rows if not row.thing] == ["saved"]
    assert save_rows(by=officer, at=now, upload=upload, shown=again, agreed=agreed).count == 0
    # what was shown before the first saving, as the second of two clicks has it
    assert save_rows(by=officer, at=now, upload=upload, shown=shown, agreed=agreed).count == 0
    assert Action.objects.filter(title="Find a hall").count() == 1


def test_a_change_that_was_saved_and_undone_by_someone_else_can_be_saved_again(
    officer, second_officer, commitment, now
):
    action = plan_action(by=officer, at=now, commitment=commitment, title="Find a hall")
    scope = scope_of(officer, commitment.strategy)
    upload, shown = looked_through(
        scope, filled(downloaded(scope, ACTIONS), "Actions", {str(action.pk): {"Team": "Ours"}})
    )
    assert saved(scope, upload, shown).count == 1
    result = saved(scope, upload, shown)  # the second click says nothing of a conflict with oneself
    assert (result.count, result.refused) == (0, ())
    action.refresh_from_db()
    edit_action(
        by=second_officer,
        at=now,
        action=action,
        plan=replace(plan_of(action), owner_team="Theirs"),
        version=action.version,
    )
    assert saved(scope, upload, preview(scope, upload)).count == 1
    action.refresh_from_db()
    assert action.owner_team == "Ours"


def test_a_row_that_was_ticked_and_is_refused_by_now_says_why(officer, commitment, now):
    action = plan_action(by=officer, at=now, commitment=commitment, title="Find a hall")
    scope = scope_of(officer, commitment.strategy)
    upload, shown = looked_through(
        scope, filled(downloaded(scope, ACTIONS), "Actions", {str(action.pk): {"Reference": "a1"}})
    )
    agreed = {row.row: row.seen for row in shown.rows}
    plan_action(by=officer, at=now, commitment=commitment, plan=replace(plan_of(action), title="Other", reference="a1"))
    result = save_rows(by=officer, at=now, upload=upload, shown=preview(scope, upload), agreed=agreed)
    assert (result.count, [fault.instead for fault in result.refused]) == (
        0, ["Another action here has the reference a1. Choose a different one."],
    )  # fmt: skip


def test_an_upload_that_was_discarded_or_is_somebody_elses_saves_nothing(administrator, officer):
    scope = scope_of(administrator)
    data = with_rows(downloaded(scope, ORGANISATIONS), "Organisations", {"Name": "Hill Singers", "Kind": "Charity"})
    upload, shown = looked_through(scope, data)
    agreed = {row.row: row.seen for row in shown.rows}
    result = save_rows(by=officer, at=timezone.now(), upload=upload, shown=shown, agreed=agreed)
    assert [fault.instead for fault in result.refused] == ["Only the person who uploaded a file can save it."]
    discard_workbook(by=administrator, at=timezone.now(), workbook=UploadedWorkbook.objects.get())
    assert [fault.instead for fault in saved(scope, upload, shown).refused] == [
        "This upload has been discarded already."
    ]
    assert not Organisation.objects.filter(name="Hill Singers").exists()


def test_what_somebody_else_has_added_in_the_same_moment_is_a_refusal(administrator, monkeypatch):
    scope = scope_of(administrator)
    rows = ({"Name": "Hill Singers", "Kind": "Charity"}, {"Name": "Vale Choir", "Kind": "Charity"})
    upload, shown = looked_through(scope, with_rows(downloaded(scope, ORGANISATIONS), "Organisations", *rows))

    def taken(**values: Any) -> Organisation:
        if values["name"] == "Hill Singers":
            raise IntegrityError("the address is taken")
        return register_organisation(**values)

    monkeypatch.setattr("commitments.workbooks.organisations.register_organisation", taken)
    result = saved(scope, upload, shown)
    assert (result.count, len(result.refused)) == (1, 1)
    assert "Look at the row again" in result.refused[0].instead


def three_organisations(administrator: Any) -> tuple[Any, Any, Any]:
    scope = scope_of(administrator)
    rows = [{"Name": name, "Kind": "Charity"} for name in ("Hill Singers", "Vale Choir", "Brook Band")]
    return scope, *looked_through(scope, with_rows(downloaded(scope, ORGANISATIONS), "Organisations", *rows))


@pytest.mark.parametrize("error", [IntegrityError, OperationalError])
def test_rows_that_the_database_refuses_together_are_saved_each_by_itself(administrator, monkeypatch, error):
    scope, upload, shown = three_organisations(administrator)
    write, sizes = SavedTogether.write, []

    def refuse(together: SavedTogether) -> None:
        sizes.append(len(together.entries))
        if len(sizes) == 1:
            raise error("deadlock detected")
        write(together)

    monkeypatch.setattr(SavedTogether, "write", refuse)
    assert (saved(scope, upload, shown).count, sizes) == (3, [3, 1, 1, 1])
    assert Organisation.objects.filter(kind="charity").count() == 3
    assert PartnersHistoryEntry.objects.filter(act="registered").count() == 3
    assert len(UploadedWorkbook.objects.get().saved) == 3


def test_a_row_that_the_database_refuses_at_its_end_is_said_and_costs_no_other(administrator, monkeypatch):
    scope, upload, shown = three_organisations(administrator)
    write = SavedTogether.write

    def refuse(together: SavedTogether) -> None:
        if "Vale Choir" in [str(getattr(entry, "organisation", "")) for entry in together.entries]:
            raise IntegrityError("it is there already")
        write(together)

    monkeypatch.setattr(SavedTogether, "write", refuse)
    result = saved(scope, upload, shown)
    assert (result.count, [fault.instead[:30] for fault in result.refused]) == (2, ["Someone has changed this since"])
    assert {"Hill Singers", "Brook Band"} == set(
        Organisation.objects.filter(kind="charity").values_list("name", flat=True)
    )


def test_a_database_that_is_away_is_no_refusal(administrator, monkeypatch):
    scope, upload, shown = three_organisations(administrator)

    def away(_together: SavedTogether) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(SavedTogether, "write", away)
    with pytest.raises(OperationalError):
        saved(scope, upload, shown)
    assert not Organisation.objects.filter(kind="charity").exists()


def test_rows_are_saved_a_hundred_at_a_time_and_what_is_refused_is_said_in_their_order(administrator, monkeypatch):
    monkeypatch.setattr("commitments.workbooks.exchange.TOGETHER", 2)
    _scope, upload, shown = three_organisations(administrator)
    begun = []

    def taken(**values: Any) -> Organisation:
        begun.append(values["name"])
        if values["name"] != "Vale Choir":
            raise Invalid("It is not so.", field="name")
        return register_organisation(**values)

    monkeypatch.setattr("commitments.workbooks.organisations.register_organisation", taken)
    agreed = {row.row: row.seen for row in shown.rows}
    stale = next(row for row in shown.rows if row.name == "Brook Band")
    agreed[stale.row] = "seen before"
    result = save_rows(by=administrator, at=timezone.now(), upload=upload, shown=shown, agreed=agreed)
    assert (result.count, begun) == (1, ["Hill Singers", "Hill Singers", "Vale Choir"])  # once more, to fail by itself
    assert [fault.instead[:15] for fault in result.refused] == ["It is not so.", "Someone has cha"]


@pytest.mark.django_db(transaction=True)
def test_two_savings_at_once_add_one_organisation(area):
    scope = scope_of(make_person("administrator"))
    data = with_rows(downloaded(scope, ORGANISATIONS), "Organisations", {"Name": "Hill Singers", "Kind": "Charity"})
    upload = uploaded(scope, data)

    def save(_number: int) -> int:
        try:
            mine = UploadedWorkbook.objects.get(pk=upload.pk)
            return saved(scope, mine, preview(scope, mine)).count
        finally:
            connections.close_all()

    assert connection.vendor == "postgresql"
    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(save, range(2)))
    assert sorted(counts) == [0, 1]
    assert Organisation.objects.filter(name="Hill Singers").count() == 1


# The same file again


def untidy(officer: Any, administrator: Any, strategy: Any, council: Any, round_: Any) -> list[tuple[Any, Any, bytes]]:
    """Workbooks filled in as people do, with blanks, line ends and capitals that the portal does not keep."""
    make_organisation("Vale Choir")
    charter, reference = make_charter(council), strategy.commitments.first().reference
    yesterday = timezone.localdate() - timedelta(days=1)
    of_strategy, of_round = scope_of(officer, strategy), scope_of(officer, strategy, round_)
    of_charter, of_all = scope_of(officer, charter), scope_of(administrator)
    low = RISKS.columns(of_strategy)[8].choices[0]
    update: Rows = {
        "thing-1-1": {"Status": "ON TRACK", "What has happened": " We met.\r\nTwice. "},
        "thing-1-2": {"Status": "Delayed", "Why": "a", "Send it": "no"},
    }
    return [
        (of_round, UPDATES, filled(downloaded(of_round, UPDATES), "Updates", update)),
        (of_strategy, ACTIONS, with_rows(
            downloaded(of_strategy, ACTIONS), "Actions",
            {"Commitment": reference, "Action": "Write to\nthe  clubs", "Organisation": "vale  choir", "Team": "Our\nteam",
             "Reference": " a  1", "Due": "12 March 31"})),
        (of_strategy, RISKS, with_rows(
            downloaded(of_strategy, RISKS), "Risks",
            {"What could go wrong": " It rains\r\nhard ", "Who leads": "vale choir ;Others", "About": "the  towns",
             "Period": "to\n2030", "Impact": low.upper(), "Likelihood": low, "Controls": "A wall "})),
        (of_charter, SIGNATORIES, with_rows(
            downloaded(of_charter, SIGNATORIES), "Signatories",
            {"Organisation": "vale\nchoir", "Signed on": yesterday, "Signed as": "The\n Chair", "How it told you": "by letter",
             "Pledge for P1": " We will\r\ntalk. "})),
        (of_all, ORGANISATIONS, with_rows(
            downloaded(of_all, ORGANISATIONS), "Organisations",
            {"Name": "Hill  Singers", "Kind": "charity", "Where they work": "cherwell;", "Telephone": "+44 1632 960001",
             "Earlier names": "Old  Name;  Older", "Numbers in registers": "gb-chc  1234567 ;", "Who they are": " Two\r\nlines. "})),
    ]  # fmt: skip


def test_the_same_bytes_again_change_nothing_and_write_no_history(
    officer, administrator, strategy, council, open_round, area
):
    for scope, kind, data in untidy(officer, administrator, strategy, council, open_round):
        upload, shown = looked_through(scope, data)
        assert saved(scope, upload, shown).count == (2 if kind is UPDATES else 1), (kind.code, sentences(shown))
        before = HistoryEntry.objects.count() + PartnersHistoryEntry.objects.count()
        upload, shown = looked_through(scope, data)
        changes = [(change.heading, change.was, change.will) for row in shown.rows for change in row.changes]
        assert outcomes(shown) == {}, (kind.code, changes, sentences(shown))
        assert not [row.elsewhere for row in shown.rows if row.elsewhere], kind.code
        assert saved(scope, upload, shown).count == 0
        assert HistoryEntry.objects.count() + PartnersHistoryEntry.objects.count() == before
    assert Action.objects.get(title="Write to the clubs").due_on == date(2031, 3, 12)
    assert (Risk.objects.get().leads.count(), Signatory.objects.get().signed_as) == (2, "The Chair")
    assert ProgressUpdate.objects.filter(state="draft").count() == 2


# Organisations: only what changes


def test_what_a_partner_saves_between_the_look_and_the_saving_stays(administrator, charity, now):
    scope = scope_of(administrator)
    rows: Rows = {charity.slug: {"Website": "https://new.example", "Where they work": None}}
    upload, shown = looked_through(scope, filled(downloaded(scope, ORGANISATIONS), "Organisations", rows))
    values: dict[str, Any] = {"by": administrator, "at": now, "organisation": charity}
    edit_organisation(**values, changes={"description": "Theirs."}, identifiers=[("GB-CHC", "1234567")])
    assert saved(scope, upload, shown).count == 1
    charity.refresh_from_db()
    assert (charity.website, charity.description) == ("https://new.example", "Theirs.")
    assert OrganisationIdentifier.objects.get().value == "1234567"
    rows = {charity.slug: {"Website": "https://mine.example"}}
    upload, shown = looked_through(scope, filled(downloaded(scope, ORGANISATIONS), "Organisations", rows))
    edit_organisation(**values, changes={"website": "https://theirs.example"})
    assert "Someone has changed" in saved(scope, upload, shown).refused[0].instead
    charity.refresh_from_db()
    assert charity.website == "https://theirs.example"


def test_districts_that_changed_meanwhile_are_not_overwritten(administrator, charity, area, now):
    scope = scope_of(administrator)
    rows: Rows = {charity.slug: {"Where they work": area.name}}
    upload, shown = looked_through(scope, filled(downloaded(scope, ORGANISATIONS), "Organisations", rows))
    other = make_area("Cotswell", "E07000998")
    edit_organisation(by=administrator, at=now, organisation=charity, changes={}, districts=[other])
    assert saved(scope, upload, shown).count == 0
    assert list(charity.districts.all()) == [other]


def test_earlier_names_with_semicolons_and_districts_of_one_name_stay_as_they_are(administrator, charity, area, now):
    old = Area.objects.create(gss_code="E07000999", name=area.name, kind="district", valid_to=day("2020-04-01"))
    charity.former_names = "The Old Name\nAn Older; Name"
    charity.save()
    charity.districts.set([old])
    scope = scope_of(administrator)
    rows: Rows = {charity.slug: {"Website": "https://new.example"}}
    upload, shown = looked_through(scope, filled(downloaded(scope, ORGANISATIONS), "Organisations", rows))
    assert [change.column for row in shown.rows for change in row.changes] == ["website"]
    saved(scope, upload, shown)
    charity.refresh_from_db()
    assert (charity.former_names, list(charity.districts.all())) == ("The Old Name\nAn Older; Name", [old])
    names = "The Old Name\nAn Older; Name\nFirst; Second"
    rows = {charity.slug: {"Earlier names": names, "Where they work": f"{area.name}; "}}
    upload, shown = looked_through(scope, filled(downloaded(scope, ORGANISATIONS), "Organisations", rows))
    saved(scope, upload, shown)
    charity.refresh_from_db()
    assert charity.former_names == "The Old Name\nAn Older; Name\nFirst\nSecond"
    assert list(charity.districts.all()) == [old]


# What spreadsheets make of what is typed


def test_a_reference_that_became_a_number_or_a_date_is_refused(officer, strategy):
    strategy.commitments.filter(reference="1.2").update(reference="1.10")
    scope = scope_of(officer, strategy)
    columns = {column.name: column for column in ACTIONS.columns(scope)}

    def read(name: str, value: Any) -> str:
        return columns[name].read(SheetCell("Actions", 4, 2, value), None, scope.today)

    assert read("commitment", "1.1") == "1.1"
    assert read("commitment", Decimal("2.1")) == "2.1"
    with pytest.raises(UnreadableCell, match=r"may be 1\.1 or 1\.10\. Format the cell as text"):
        read("commitment", Decimal("1.1"))
    for name in ("commitment", "reference"):
        with pytest.raises(UnreadableCell, match="turned this into a date"):
            read(name, date(2026, 4, 3))
    assert read("reference", Decimal(7)) == "7"


# Risks that rows of one file record


def rows_about_two_risks(officer: Any, strategy: Any) -> tuple[Any, Any, Any]:
    """Two rows that assess one new risk, for different places, with another new risk between them."""
    scope = scope_of(officer, strategy)
    low = RISKS.columns(scope)[8].choices[0]
    rows = [
        {"What could go wrong": words, "Impact": low, "Likelihood": low, "About": place}
        for words, place in (("It rains.", "Cherwell"), ("It snows.", ""), ("It rains.", "Oxford"))
    ]
    return scope, *looked_through(scope, with_rows(downloaded(scope, RISKS), RISKS.sheet, *rows))


def recorded() -> dict[str, int]:
    return {risk.words: risk.assessments.count() for risk in Risk.objects.all()}


def test_rows_with_the_same_words_stay_about_one_risk_when_they_are_saved_again_by_themselves(
    officer, strategy, monkeypatch
):
    scope, upload, shown = rows_about_two_risks(officer, strategy)
    write, tried = SavedTogether.write, []

    def refuse(together: SavedTogether) -> None:
        tried.append(together)
        if len(tried) == 1:
            raise OperationalError("deadlock detected")
        write(together)

    monkeypatch.setattr(SavedTogether, "write", refuse)
    assert (saved(scope, upload, shown).count, recorded()) == (3, {"It rains.": 2, "It snows.": 1})


def test_rows_with_the_same_words_stay_about_one_risk_when_one_between_them_fails(officer, strategy, monkeypatch):
    scope, upload, shown = rows_about_two_risks(officer, strategy)

    def some(**values: Any) -> Risk:
        if values["content"].words == "It snows.":
            raise Invalid("Not now.", field="words")
        return record_risk(**values)

    monkeypatch.setattr("commitments.workbooks.risks.record_risk", some)
    assert (saved(scope, upload, shown).count, recorded()) == (2, {"It rains.": 2})
