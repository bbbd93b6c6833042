"""Actions of a strategy's file: added, amended, left as people have them, and never removed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.models import Action, ActionDueDateChange, HistoryEntry
from commitments.services.actions import complete_action, edit_action, move_action, plan_action, plan_of
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from tests.commitments.strategy_files import THREE_LEVELS
from tests.factories import make_person
from vcsportal.common.data_file import Faulty

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECOND = '\n[[priority.commitment.action]]\nreference = "1.1.2"\nwording = "Find the money"\n\n[[round]]'
OTHER = '\n[[priority.commitment.action]]\nreference = "1.1.3"\nwording = "Ask the neighbours"\n\n[[round]]'


def load(text=THREE_LEVELS, *, later=0, **more):
    return load_strategy(by=None, at=AT + timedelta(days=later), entry=read(text), **more)


def rows():
    return [
        (
            action.reference,
            action.title,
            action.parent.reference if action.parent else "",
            action.due_on,
            action.owner_team,
        )
        for action in Action.objects.select_related("parent").order_by("id")
    ]


def test_they_are_added_with_their_parts_in_the_files_order():
    loaded = load()
    assert rows() == [
        ("1.1.1", "Open a night shelter", "", date(2026, 9, 30), "Housing"),
        ("1.1.1.a", "Find a building", "1.1.1", None, ""),
        ("1.1.1.b", "Find a warden", "1.1.1", None, "Housing and Community Safety"),
        ("", "Ask people who have slept outside", "", None, ""),
    ]
    assert "Added action 1.1.1.a, “Find a building”, to commitment 1.1." in loaded.changes
    entries = HistoryEntry.objects.filter(action__isnull=False)
    assert [(entry.act, entry.by) for entry in entries] == [("plan", None)] * 4


def test_loading_again_changes_nothing():
    load()
    again = load(later=1)
    assert (again.changes, again.notes) == ([], [])
    assert HistoryEntry.objects.filter(action__isnull=False).count() == 4


def test_a_dry_run_says_so_and_writes_none():
    load()
    loaded = load(THREE_LEVELS.replace("\n[[round]]", SECOND), later=1, dry_run=True)
    assert loaded.changes == ["Added action 1.1.2, “Find the money”, to commitment 1.1."]
    assert Action.objects.count() == 4


def test_what_the_file_changes_is_amended_with_its_history():
    load()
    text = (
        THREE_LEVELS.replace("Open a night shelter", "Open two night shelters")
        .replace("2026-09-30", "2026-10-31")
        .replace('lead = "Housing"', 'lead = "Homes"')
    )
    loaded = load(text, later=1)
    action = Action.objects.get(reference="1.1.1")
    assert (action.title, action.due_on, action.owner_team, action.version) == (
        "Open two night shelters", date(2026, 10, 31), "Homes", 1,
    )  # fmt: skip
    assert [sentence.split(": ")[0].rsplit(", ", 1)[1] for sentence in loaded.changes] == [
        "wording",
        "team",
        "due date",
    ]
    assert list(action.history.order_by("id").values_list("act", flat=True)) == ["plan", "edit_action", "move_action"]
    assert ActionDueDateChange.objects.get().reason == "The strategy’s file gives another date."
    assert load(text, later=2).changes == []


def test_one_without_a_reference_is_found_by_its_wording():
    load()
    text = THREE_LEVELS.replace(
        'wording = "Ask people who have slept outside"',
        'wording = "Ask people who have slept outside."\nteam = "Outreach"',
    )
    load(text, later=1)
    assert rows()[3] == ("", "Ask people who have slept outside.", "", None, "Outreach")


def test_a_new_reference_follows_the_wording():
    load(THREE_LEVELS.replace("\n[[round]]", SECOND.replace("\n\n[[round]]", OTHER)))
    done = Action.objects.get(reference="1.1.2")
    text = THREE_LEVELS.replace(
        "\n[[round]]",
        SECOND.replace("1.1.2", "1.1.3").replace("\n\n[[round]]", OTHER.replace("1.1.3", "1.1.2")),
    )
    load(text, later=1)
    done.refresh_from_db()
    assert (done.reference, done.title) == ("1.1.3", "Find the money")
    assert Action.objects.get(reference="1.1.2").title == "Ask the neighbours"
    assert Action.objects.count() == 6


def test_one_that_the_file_leaves_out_stays_and_is_named():
    load()
    text = THREE_LEVELS.replace('[[priority.commitment.action]]\nwording = "Ask people who have slept outside"\n', "")
    for later in (1, 2):
        loaded = load(text, later=later)
        assert loaded.changes == []
        assert loaded.notes == [
            "Left the action “Ask people who have slept outside”, of commitment 1.1, as it is: it is no longer in the file. If "
            "it will not be done, drop it in the portal with a reason; otherwise put it back into the file."
        ]
    assert Action.objects.count() == 4


class TestPeople:
    @pytest.fixture
    def officer(self):
        load()
        return make_person("officer", Action.objects.earliest("id").commitment.strategy.owner, name="Olive Officer")

    def test_what_a_person_planned_in_the_portal_is_not_named(self, officer):
        plan_action(by=officer, at=AT, commitment=Action.objects.earliest("id").commitment, title="Paint the door")
        assert load(later=1).notes == []

    def test_what_a_person_changed_stays_and_the_rest_follows_the_file(self, officer):
        action = Action.objects.get(reference="1.1.1")
        move_action(by=officer, at=AT, action=action, due_on=date(2026, 12, 1), reason="The roof leaks.")
        loaded = load(THREE_LEVELS.replace("Open a night shelter", "Open two night shelters"), later=1)
        action.refresh_from_db()
        assert (action.title, action.due_on) == ("Open two night shelters", date(2026, 12, 1))
        assert loaded.notes == [
            f"Left the due date of action 1.1.1, “Open a night shelter”, of commitment 1.1, as it is: {officer.name} wrote it in "
            "the portal on 4 May 2026. Update the file to match."
        ]

    def test_a_reference_that_a_person_gave_is_not_given_twice(self, officer):
        action = Action.objects.get(reference="")
        plan = plan_of(action)
        edit_action(by=officer, at=AT, action=action, plan=type(plan)(plan.title, "1.1.2"))
        text = THREE_LEVELS.replace(
            'wording = "Ask people who', 'reference = "1.1.4"\nwording = "Ask people who'
        ).replace("\n[[round]]", SECOND)
        with pytest.raises(Faulty, match=r"action 1\.1\.2, reference: “1\.1\.2” is another action’s in the portal"):
            load(text, later=1)

    def test_what_is_done_keeps_its_due_date(self, officer):
        complete_action(by=officer, at=AT, action=Action.objects.get(reference="1.1.1"), done_on=date(2026, 5, 1))
        loaded = load(THREE_LEVELS.replace("2026-09-30", "2026-10-31"), later=1)
        assert loaded.changes == []
        assert "it was done on 1 May 2026" in loaded.notes[0]


FAULTS = {
    "a reference twice": ('"1.1.1.b"', '"1.1.1.A"', "line 36, commitment 1.1, action 1.1.1, part 1.1.1.A, reference: “1.1.1.A” is used twice: line 31 has it too"),
    "a wording twice": ('[[round]]', '[[priority.commitment.action]]\nwording = "Ask people who have slept outside"\n[[round]]', "wording: is the same as on line 40"),
    "a third level": ('[[round]]', '[[priority.commitment.action.action]]\nwording = "A"\n[[priority.commitment.action.action.action]]\nwording = "B"\n[[round]]', "action: is a third level"),
    "two teams": ('lead = "Housing"', 'lead = "Housing"\nteam = "Homes"', "line 28, commitment 1.1, action 1.1.1, lead: is another word for team"),
    "no wording": ('wording = "Find a building"', "", "line 31, commitment 1.1, action 1.1.1, part 1.1.1.a, wording: is missing"),
    "a due day in quotation marks": ("due = 2026-09-30", 'due = "2026-09-30"', "line 29, commitment 1.1, action 1.1.1, due: should be a day"),
    "an owner": ('lead = "Housing"', 'owner = "Housing"', "owner: is not recognised here"),
    "a nested commitment": ("[[priority.commitment.action]]\nwording", '[[priority.commitment.commitment]]\nwording', "commitment 1.1, commitment: is not recognised here"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_named_with_its_line(old, new, fault):
    assert old in THREE_LEVELS
    with pytest.raises(Faulty) as refused:
        read(THREE_LEVELS.replace(old, new))
    assert fault in str(refused.value)
