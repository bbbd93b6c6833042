"""Workbooks downloaded, filled in and uploaded: what would change, what is refused, and what is saved."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from commitments.content.risks import AssessmentContent, RiskContent
from commitments.content.updates import UpdateContent
from commitments.models import (
    Action,
    DeliveryPartner,
    HistoryEntry,
    IndicatorValue,
    ProgressUpdate,
    Signatory,
    Strategy,
    UploadedWorkbook,
)
from commitments.rules.indicators import IndicatorFigure
from commitments.rules.risk_levels import LevelRange
from commitments.services.actions import edit_action, plan_action, plan_of
from commitments.services.indicators import FigureInput, IndicatorDefinition, define_indicator, enter_values
from commitments.services.risk_assessments import assess_risk
from commitments.services.risks import record_risk
from commitments.workbooks.actions import ACTIONS
from commitments.workbooks.exchange import preview, save_rows, take_workbook
from commitments.workbooks.figures import FIGURES
from commitments.workbooks.kinds import KINDS, may_use
from commitments.workbooks.organisations import ORGANISATIONS
from commitments.workbooks.signatories import SIGNATORIES
from commitments.workbooks.updates import UPDATES
from partners.models import HistoryEntry as PartnersHistoryEntry
from partners.models import Organisation, Strand
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
)
from tests.factories import make_organisation, make_person, make_round, make_strategy, publish_update
from vcsportal.common.words import Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db
FULL = {
    "telephone": "01632 960 001", "contacts_confirmed": True, "former_names": "The Old Name\nAn Older; Name",
    "checked_on": date(2026, 5, 1), "source": "Its website", "standing": "listed", "description": "Two\nlines.",
}  # fmt: skip
STEPS = ({"step": 1, "label": "Not begun"}, {"step": 2, "label": "Under way"})


@pytest.fixture
def counted(officer, commitment, now, open_round):
    """A number, a share, a percentage and a scale."""
    made: list[tuple[str, str, dict[str, Any]]] = [
        ("1.1a", "Volunteers in touch", {"unit": "people"}),
        ("1.1b", "Halls with a ramp", {"kind": "ratio"}),
        ("1.1c", "People who help", {"kind": "percentage"}),
        ("1.1d", "The directory", {"kind": "scale", "scale": STEPS}),
    ]
    return [
        define_indicator(by=officer, at=now, of=commitment, what=IndicatorDefinition(code, title, **more))
        for code, title, more in made
    ]


@pytest.fixture
def action(officer, commitment, now) -> Action:
    return plan_action(by=officer, at=now, commitment=commitment, title="Find a hall", due_on=date(2030, 3, 31))


@pytest.fixture
def everything(administrator, officer, commitment, action, counted, open_round, charity, now):
    """Something of each kind, with values in every column."""
    published = make_round(commitment.strategy, years_ago=1)
    content = UpdateContent("on_track", "It began.", "", "We met.\nTwice.", "More.")
    then = now - timedelta(days=360)
    publish_update(by=officer, at=then, commitment=commitment, round_=published, content=content)
    figures = [
        FigureInput(counted[0], IndicatorFigure(Decimal("1204.5")), note="About right"),
        FigureInput(counted[1], IndicatorFigure(numerator=Decimal(3), denominator=Decimal(4))),
        FigureInput(counted[2], IndicatorFigure(absent_reason="Not yet published")),
        FigureInput(counted[3], IndicatorFigure(Decimal(2))),
    ]
    enter_values(by=officer, at=now, round_=open_round, entries=figures)
    risk = record_risk(
        by=officer, at=now, strategy=commitment.strategy, content=RiskContent("The hall closes", "A fund")
    )
    for levels in (AssessmentContent(LevelRange(2, 3), LevelRange(1, 1), condition="if it rains"),
                   AssessmentContent(LevelRange(4, 4), LevelRange(1, 4), "Cold.", "Old.", scope="towns", period="2030")):  # fmt: skip
        assess_risk(by=officer, at=now, risk=risk, content=levels)
    return open_round


@pytest.fixture
def charter(council, charity, other_charity) -> Strategy:
    """A charter that two organisations have signed; one of them says what it pledges, and one has a full page."""
    made = make_charter(council)
    signed(made, charity, signed_as="Chair", told_how="letter")
    signed(made, other_charity)
    part = {"commitment": made.commitments.get(), "organisation": charity}
    DeliveryPartner.objects.create(**part, pledge="We will talk,\nand listen.")
    for name, value in FULL.items():
        setattr(other_charity, name, value)
    other_charity.save()
    other_charity.strands.add(*(Strand.objects.create(code=word.lower(), number=number, words=word, made_on=day("2026-01-01"))
                                for number, word in enumerate(("Faith", "Age"))))  # fmt: skip
    return made


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.adds_only], ids=lambda kind: kind.code)
def test_what_was_downloaded_can_be_uploaded_and_changes_nothing(
    everything, administrator, officer, charter, kind, ending
):
    person = officer if kind.of_strategy else administrator
    strategy = charter if kind is SIGNATORIES else everything.strategy
    scope = scope_of(person, strategy if kind.of_strategy else None, everything if kind.of_round else None)
    upload = uploaded(scope, downloaded(scope, kind, ending), f"same.{ending}")
    shown = preview(scope, upload)
    assert shown.rows
    assert outcomes(shown) == {}
    assert shown.table.knows_before
    assert saved(scope, upload, shown).count == 0


def test_two_wrong_figures_are_said_and_the_others_saved_once(officer, counted, open_round):
    scope = scope_of(officer, open_round.strategy, open_round)
    data = filled(
        downloaded(scope, FIGURES),
        "Figures",
        {
            "1.1a": {"Figure": "about 40"},
            "1.1b": {"Figure": 3, "Out of": 4},
            "1.1c": {"Figure": "12,5 %"},
            "1.1d": {"Key": "9.9z", "Figure": "Under way"},
        },
    )
    upload, shown = looked_through(scope, data)
    assert outcomes(shown) == {"refused": 2, "change": 2}
    faults = {fault.place: (fault.found, fault.instead) for row in shown.rows for fault in row.faults}
    assert faults["Figures!G4 (Figure)"][0] == "about 40"
    assert faults["Figures!G4 (Figure)"][1].startswith("Write a number")
    assert faults["Figures!A7 (Key)"][0] == "9.9z"
    assert saved(scope, upload, shown).count == 2
    values = {value.indicator.code: value for value in IndicatorValue.objects.all()}
    assert (values["1.1b"].value, values["1.1c"].value) == (Decimal(75), Decimal("12.5"))
    said = HistoryEntry.objects.filter(act="figure").values_list("said__file", "by")
    assert list(said) == [("filled.xlsx", officer.pk)] * 2
    assert outcomes(preview(scope, upload)) == {"refused": 2}  # the same file twice changes nothing twice
    assert saved(scope, upload, preview(scope, upload)).count == 0
    assert HistoryEntry.objects.filter(act="figure").count() == 2


def test_a_figure_that_was_there_cannot_be_emptied_and_a_share_needs_both_its_numbers(officer, everything):
    scope = scope_of(officer, everything.strategy, everything)
    rows: dict[str, dict[str, Any]] = {
        "1.1a": {"Figure": None, "Note": None},
        "1.1b": {"Out of": None},
        "1.1c": {"Figure": 12},
    }
    _upload, shown = looked_through(scope, filled(downloaded(scope, FIGURES), "Figures", rows))
    sentences = [fault.instead for row in shown.rows for fault in row.faults]
    assert [sentence.split(".")[0] for sentence in sentences] == [
        "There is a figure already (1,204",
        "A share needs both of its numbers: the part and the whole",
        "Give either the number or the reason why there is none, not both",
    ]


def test_what_somebody_else_has_changed_meanwhile_is_a_conflict_and_what_only_they_changed_stays(
    officer, second_officer, counted, open_round, now
):
    scope = scope_of(officer, open_round.strategy, open_round)
    data = downloaded(scope, FIGURES)
    figures = [
        FigureInput(counted[0], IndicatorFigure(Decimal(7))),
        FigureInput(counted[2], IndicatorFigure(Decimal(8))),
    ]
    enter_values(by=second_officer, at=now, round_=open_round, entries=figures)
    _upload, shown = looked_through(scope, filled(data, "Figures", {"1.1a": {"Figure": 9}}))
    assert outcomes(shown) == {"conflict": 1}
    [row] = shown.of(shown.rows[0].outcome)
    [change] = row.changes
    assert (change.before, change.was, change.will) == ("", "7", "9")
    assert shown.rows[2].elsewhere == ("Figure",)


def test_a_row_that_changed_after_it_was_shown_is_not_saved(officer, second_officer, counted, open_round, now):
    scope = scope_of(officer, open_round.strategy, open_round)
    upload, shown = looked_through(scope, filled(downloaded(scope, FIGURES), "Figures", {"1.1a": {"Figure": 9}}))
    agreed = {row.row: row.seen for row in shown.rows}
    enter_values(
        by=second_officer, at=now, round_=open_round, entries=[FigureInput(counted[0], IndicatorFigure(Decimal(7)))]
    )
    result = save_rows(by=officer, at=now, upload=upload, shown=preview(scope, upload), agreed=agreed)
    assert (result.count, len(result.refused)) == (0, 1)
    assert "since you opened the page" in result.refused[0].instead
    # the service itself notices what came between the look and the saving
    assert saved(scope, upload, shown).count == 0
    assert IndicatorValue.objects.get().value == 7


def test_partners_propose_figures_of_what_they_help_to_deliver_and_see_no_others(
    officer, partner, charity, other_charity, commitment, counted, open_round, now
):
    scope = scope_of(partner, open_round.strategy, open_round)
    with pytest.raises(NotAllowed):
        FIGURES.check_may(scope)
    elsewhere = commitment.strategy.commitments.get(reference="2.1")
    other = define_indicator(by=officer, at=now, of=elsewhere, what=IndicatorDefinition("2.1a", "X"))
    DeliveryPartner.objects.create(commitment=elsewhere, organisation=other_charity)
    with pytest.raises(NotAllowed):
        FIGURES.check_may(scope)
    DeliveryPartner.objects.create(commitment=commitment, organisation=charity)
    assert other.code not in [thing.key for thing in FIGURES.things(scope)]
    upload, shown = looked_through(scope, filled(downloaded(scope, FIGURES), "Figures", {"1.1a": {"Figure": 9}}))
    assert saved(scope, upload, shown).count == 1
    value = IndicatorValue.objects.get()
    assert (value.state, value.organisation) == ("proposed", charity)


def test_updates_become_drafts_or_are_sent_by_the_rules_of_the_form(officer, strategy, open_round):
    scope = scope_of(officer, strategy, open_round)
    rows: dict[str, dict[str, Any]] = {
        "thing-1-1": {"Status": "on track", "What has happened": "We met."},
        "thing-1-2": {"Status": "On track", "Why": "It began.", "What has happened": "We met.", "Send it": "Yes"},
        "thing-2-1": {"Status": "Delayed", "Why": "Late.", "Send it": "Yes"},
        "thing-2-2": {"Status": "Blue"},
    }
    upload, shown = looked_through(scope, filled(downloaded(scope, UPDATES), "Updates", rows))
    faults = {row.thing.key: row.faults[0] for row in shown.rows if row.faults and row.thing}
    assert faults["thing-2-1"].instead.startswith("Say what will be done about it")
    assert faults["thing-2-1"].place == "Updates!G6 (What will be done about it)"
    assert faults["thing-2-2"].found == "Blue"
    assert saved(scope, upload, shown).count == 2
    states = dict(ProgressUpdate.objects.order_by("commitment__key").values_list("commitment__key", "state"))
    assert states == {"thing-1-1": "draft", "thing-1-2": "submitted"}
    files = HistoryEntry.objects.filter(act__in=["save", "submit"]).values_list("act", "said__file").order_by("act")
    assert list(files) == [("save", "filled.xlsx"), ("submit", "filled.xlsx")]
    assert outcomes(preview(scope, upload)) == {"refused": 2}
    _later, shown = looked_through(scope, filled(downloaded(scope, UPDATES), "Updates", {"thing-1-2": {"Why": "New."}}))
    assert "has been sent already" in shown.rows[1].faults[0].instead


def test_the_words_of_the_last_round_stand_beside(officer, everything):
    scope = scope_of(officer, everything.strategy, everything)
    first = UPDATES.things(scope)[0]
    assert (first.values["last_status"], first.values["last_words"]) == ("On track", "We met.\nTwice.")
    assert first.values["status"] == ""


def test_actions_are_added_moved_done_and_dropped_with_a_reason(officer, commitment, action, now):
    dropped = plan_action(by=officer, at=now, commitment=commitment, title="Print a map")
    done = plan_action(by=officer, at=now, commitment=commitment, title="Ask the school")
    today = timezone.localdate()
    scope = scope_of(officer, commitment.strategy)
    rows: dict[str, dict[str, Any]] = {
        str(action.pk): {"Due": date(2030, 6, 30), "Why": "The hall is being painted.", "Team": "Communities"},
        str(dropped.pk): {"Dropped on": today, "Why": "Nobody needs it."},
        str(done.pk): {"Done on": today},
        "": {"Commitment": "1.2", "Action": "Write to the clubs", "Due": "31 March 2031"},
    }
    upload, shown = looked_through(scope, filled(downloaded(scope, ACTIONS), "Actions", rows))
    assert outcomes(shown) == {"change": 3, "new": 1}
    assert saved(scope, upload, shown).refused == ()
    for one in (action, dropped, done):
        one.refresh_from_db()
    assert (action.due_on, action.owner_team) == (date(2030, 6, 30), "Communities")
    assert (dropped.dropped_why, done.done_on) == ("Nobody needs it.", today)
    new = Action.objects.get(title="Write to the clubs")
    assert (new.commitment.reference, new.due_on) == ("1.2", date(2031, 3, 31))
    assert outcomes(preview(scope, upload)) == {}
    assert set(HistoryEntry.objects.filter(said__file="filled.xlsx").values_list("act", flat=True)) == {
        "edit_action", "move_action", "drop_action", "action", "plan",
    }  # fmt: skip


def test_what_actions_need_is_said_at_the_cell(officer, commitment, action, now):
    scope = scope_of(officer, commitment.strategy)
    tomorrow = timezone.localdate() + timedelta(days=1)
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"Due": date(2031, 1, 1)}, "Why", "Say why the due date is changing"),
        ({"Done on": tomorrow}, "Done on", "is in the future"),
        ({"Action": None}, "Action", "Say what will be done"),
        ({"Organisation": "Nobody we know"}, "Organisation", "No organisation is called"),
        ({"Due": "soon"}, "Due", "Write a date like"),
        ({"Action": "x" * 201}, "Action", "Shorten it to 200"),
    ]
    data = downloaded(scope, ACTIONS)
    columns = {column.name: column.heading for column in ACTIONS.columns(scope)}
    for values, heading, sentence in cases:
        _upload, shown = looked_through(scope, filled(data, "Actions", {str(action.pk): values}))
        [fault] = [fault for row in shown.rows for fault in row.faults]
        assert (columns[fault.column], sentence in fault.instead) == (heading, True), fault


def test_an_action_that_is_reopened_says_why(officer, commitment, action, now):
    scope = scope_of(officer, commitment.strategy)
    today = timezone.localdate()
    upload, shown = looked_through(
        scope, filled(downloaded(scope, ACTIONS), "Actions", {str(action.pk): {"Done on": today}})
    )
    saved(scope, upload, shown)
    _upload, shown = looked_through(
        scope, filled(downloaded(scope, ACTIONS), "Actions", {str(action.pk): {"Done on": None}})
    )
    assert "Say why you are reopening it" in shown.rows[0].faults[0].instead
    rows: dict[str, dict[str, Any]] = {str(action.pk): {"Done on": None, "Why": "It leaks."}}
    upload, shown = looked_through(scope, filled(downloaded(scope, ACTIONS), "Actions", rows))
    assert saved(scope, upload, shown).count == 1
    action.refresh_from_db()
    assert action.is_open


def test_an_action_that_changed_since_the_look_is_not_overwritten(officer, second_officer, commitment, action, now):
    scope = scope_of(officer, commitment.strategy)
    upload, shown = looked_through(
        scope, filled(downloaded(scope, ACTIONS), "Actions", {str(action.pk): {"Team": "Ours"}})
    )
    from dataclasses import replace

    edit_action(by=second_officer, at=now, action=action, plan=replace(plan_of(action), owner_team="Theirs"))
    assert saved(scope, upload, shown).count == 0
    action.refresh_from_db()
    assert action.owner_team == "Theirs"


def test_organisations_are_corrected_and_added_by_administrators_alone(administrator, officer, charity, area):
    assert not may_use(ORGANISATIONS, scope_of(officer))
    scope = scope_of(administrator)
    rows: dict[str, dict[str, Any]] = {
        charity.slug: {"Website": "https://rowan.example", "Where they work": "cherwell", "Numbers in registers": "GB-CHC 1234567"},
        "": {"Name": "Hill Singers", "Kind": "Charity"},
    }  # fmt: skip
    upload, shown = looked_through(scope, filled(downloaded(scope, ORGANISATIONS), "Organisations", rows))
    assert outcomes(shown) == {"change": 1, "new": 1}
    assert saved(scope, upload, shown).count == 2
    charity.refresh_from_db()
    assert (charity.website, list(charity.districts.all())) == ("https://rowan.example", [area])
    assert charity.identifiers.get().value == "1234567"
    assert Organisation.objects.filter(name="Hill Singers").exists()
    details = PartnersHistoryEntry.objects.filter(detail__contains="filled.xlsx").values_list("act", "detail")
    assert sorted(details) == [("edited", "website, from “filled.xlsx”"), ("registered", "from “filled.xlsx”")]
    assert [row.outcome for row in preview(scope, upload).rows if row.name == "Hill Singers"] == ["saved"]


def test_listed_organisations_and_all_that_is_kept_of_one_can_be_changed(administrator, charter, other_charity):
    scope = scope_of(administrator)
    rows: dict[str, dict[str, Any]] = {
        other_charity.slug: {
            "Telephone": "+44 (0)1632 960002", "Contacts are shared": None, "Who they serve": "age", "Checked on": "3 June 2026",
            "Earlier names": "First Name; Second Name", "Does it take part?": "Takes part",
        },
        "": {"Name": "Hill Singers", "Kind": "Charity", "Telephone": "07700 900 123", "Does it take part?": "Listed"},
    }  # fmt: skip
    data = filled(downloaded(scope, ORGANISATIONS), "Organisations", rows)
    upload, shown = looked_through(scope, data)
    assert outcomes(shown) == {"change": 1, "refused": 1}
    assert "write Yes under “Contacts are shared”" in shown.rows[-1].faults[0].instead
    rows[""]["Contacts are shared"] = "Yes"
    upload, shown = looked_through(scope, filled(data, "Organisations", rows))
    assert saved(scope, upload, shown).count == 2
    other_charity.refresh_from_db()
    assert (other_charity.telephone, other_charity.contacts_confirmed) == ("01632 960002", False)
    assert [strand.words for strand in other_charity.strands.all()] == ["Age"]
    assert (other_charity.former_names, other_charity.checked_on) == ("First Name\nSecond Name", date(2026, 6, 3))
    assert other_charity.standing == "listed"  # that is changed on its page
    assert Organisation.objects.get(name="Hill Singers").is_listed
    assert outcomes(preview(scope, upload)) == {}  # the same file twice changes nothing twice


def test_signatures_are_added_with_pledges_and_end_with_a_reason(officer, charter, charity, other_charity):
    scope, day_before = scope_of(officer, charter), timezone.localdate() - timedelta(days=1)
    new = make_organisation("Hill Singers")
    rows: dict[str, dict[str, Any]] = {
        charity.slug: {"Pledge for P1": "We will talk first."},
        other_charity.slug: {"Ended on": day_before},
        "": {"Organisation": "hill singers", "Signed on": day_before, "Signed as": "Chair", "How it told you": "At a meeting",
             "Pledge for P1": "We will sing."},
    }  # fmt: skip
    data = filled(downloaded(scope, SIGNATORIES), "Signatories", rows)
    upload, shown = looked_through(scope, data)
    [fault] = [fault for row in shown.rows for fault in row.faults]
    assert "Say why the signature has ended" in fault.instead
    rows[other_charity.slug]["Why"] = "It left."
    upload, shown = looked_through(scope, filled(data, "Signatories", rows))
    assert outcomes(shown) == {"change": 2, "new": 1}
    assert saved(scope, upload, shown).refused == ()
    signature = Signatory.objects.get(organisation=new)
    assert (signature.signed_on, signature.signed_as, signature.told_how) == (day_before, "Chair", "meeting")
    assert Signatory.objects.get(organisation=other_charity).ended_why == "It left."
    pledges = DeliveryPartner.objects.current().order_by("organisation__sort_name").values_list("pledge", flat=True)
    assert set(pledges) == {"We will talk first.", "We will sing."}
    said = HistoryEntry.objects.filter(said__file="filled.xlsx").values_list("act", flat=True)
    assert sorted(said) == ["assign", "assign", "sign", "signature_end"]
    assert saved(scope, upload, preview(scope, upload)).count == 0


def test_what_a_signature_needs_is_said_at_the_cell(officer, charter, charity):
    scope = scope_of(officer, charter)
    tomorrow = timezone.localdate() + timedelta(days=1)
    singers = make_organisation("Hill Singers")
    make_person("partner_lead", singers, name="Rowan Hill")
    good = {
        "Organisation": singers.name,
        "Signed on": date(2025, 3, 1),
        "How it told you": "By letter",
    }
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"Organisation": "Nobody we know"}, "organisation", "No organisation is called"),
        ({"Signed on": tomorrow}, "signed_on", "in the future"),
        ({"Signed on": None}, "signed_on", "Enter the day"),
        ({"How it told you": None}, "told_how", "Choose how"),
        ({"Signed as": officer.name}, "signed_as", "Give the post"),
        ({"Signed as": "Hill, Rowan"}, "signed_as", "Give the post"),
        ({"Ended on": date(2025, 4, 1)}, "ended_on", "Add the signature first"),
    ]
    data = downloaded(scope, SIGNATORIES)
    for values, column, sentence in cases:
        _upload, shown = looked_through(scope, filled(data, "Signatories", {"": {**good, **values}}))
        [fault] = [fault for row in shown.rows for fault in row.faults]
        assert (fault.column, sentence in fault.instead) == (column, True), fault
    twice = filled(data, "Signatories", {"": {"Organisation": charity.name}})
    assert outcomes(looked_through(scope, twice)[1]) == {}  # it has signed already


def test_only_who_answers_for_a_charter_has_its_register_as_a_spreadsheet(officer, partner, charter, strategy):
    assert may_use(SIGNATORIES, scope_of(officer, charter))
    assert not may_use(SIGNATORIES, scope_of(partner, charter))
    assert not may_use(SIGNATORIES, scope_of(officer, strategy))


def test_a_workbook_says_what_it_is_about_and_goes_nowhere_else(officer, strategy, council, open_round, counted):
    scope = scope_of(officer, strategy, open_round)
    data = downloaded(scope, FIGURES)
    other = make_strategy(council, slug="other", opens_first=False)
    with pytest.raises(Invalid, match="is about “Strategy our-strategy”"):
        uploaded(scope_of(officer, other), data)
    assert uploaded(scope_of(officer, strategy), data).round == open_round


def test_a_file_of_another_origin_is_matched_by_its_headings(officer, strategy, open_round, counted):
    text = "Key;What is counted;Unit;Figure;Out of;Why there is no figure\n1.1a;Volunteers;people;1.204,5;;\n"
    upload = take_workbook(
        by=officer, at=timezone.now(), scope=scope_of(officer, strategy), data=text.encode("utf-16"), name="f.csv"
    )
    shown = preview(scope_of(officer, strategy), upload)
    assert (upload.kind, upload.round) == ("figures", open_round)
    assert [change.will for change in shown.rows[0].changes] == ["1204.5"]
    assert not shown.table.knows_before


def test_what_is_no_workbook_of_the_portal_is_refused(officer, strategy):
    with pytest.raises(Invalid, match="is not one of the portal’s workbooks"):
        uploaded(scope_of(officer, strategy), b"a,b\n1,2\n", "x.csv")


def test_a_closed_round_and_another_person_are_refused(officer, partner, strategy, open_round, counted):
    scope = scope_of(officer, strategy, open_round)
    data = downloaded(scope, FIGURES)
    upload = uploaded(scope, data)
    assert list(UploadedWorkbook.objects.visible_to(partner)) == []
    assert list(UploadedWorkbook.objects.visible_to(officer)) == [upload]
    with pytest.raises(NotAllowed):
        uploaded(scope_of(partner, strategy), data)
    open_round.state, open_round.closings = "closed", 1
    open_round.save()
    with pytest.raises(NotNow, match="is closed"):
        preview(scope, UploadedWorkbook.objects.get())


def test_two_rows_with_one_key_are_refused_and_a_formula_is_noted(officer, counted, open_round):
    scope = scope_of(officer, open_round.strategy, open_round)
    data = filled(downloaded(scope, FIGURES), "Figures", {"1.1b": {"Key": "1.1a"}, "1.1c": {"Figure": "=1+2"}})
    _upload, shown = looked_through(scope, data)
    faults = [fault.instead for row in shown.rows for fault in row.faults]
    assert faults[0] == "Row 4 has the same key. Keep one of the two."
    assert "formula without a saved result" in faults[1]


def test_what_was_confirmed_of_one_address_does_not_confirm_another(administrator, charity):
    Organisation.objects.filter(pk=charity.pk).update(telephone="07700 900123", contacts_confirmed=True)
    scope = scope_of(administrator)
    rows: dict[str, dict[str, Any]] = {charity.slug: {"Telephone": "07700 900124"}}
    _, shown = looked_through(scope, filled(downloaded(scope, ORGANISATIONS), "Organisations", rows))
    assert outcomes(shown) == {"refused": 1}
    assert "confirm it there" in shown.rows[-1].faults[0].instead
    rows = {charity.slug: {"Who they are": "Plots."}}
    _, shown = looked_through(scope, filled(downloaded(scope, ORGANISATIONS), "Organisations", rows))
    assert outcomes(shown) == {"change": 1}
