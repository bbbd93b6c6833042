"""A strategy that is revised in its third year: added, renumbered, moved, reworded, merged, closed, left out."""

from collections.abc import Callable
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command

from commitments.content.updates import UpdateContent
from commitments.models import Commitment, FormerReference, HistoryEntry, ProgressUpdate, Round, Strategy
from commitments.services.loading.strategy import Loaded, load_strategy
from commitments.services.progress import change_status
from commitments.strategy_file.strategy import read
from tests.factories import make_organisation, publish_update
from vcsportal.common.data_file import Faulty

pytestmark = pytest.mark.django_db
START = datetime(2024, 5, 1, 12, tzinfo=ZoneInfo("Europe/London"))
THEN = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("Europe/London"))

HEAD = """\
[strategy]
slug = "year-three"
title = "A plan that changes in year three"
vision = "Change."
source = "Invented."
starts_on = 2024-04-01
ends_on = 2029-03-31
[strategy.owner]
slug = "shirewell-council"
name = "Shirewell Council"
kind = "public_body"
"""
ROUND = """
[[round]]
slug = "2024-25"
observes_from = 2024-04-01
observes_to = 2025-03-31
opens_on = 2025-04-01
closes_on = 2025-05-31
"""


def one(reference: str, wording: str, title: str, more: str = "") -> str:
    number = f'reference = "{reference}"\n' if reference else ""
    return f'[[priority.commitment]]\n{number}wording = "{wording}"\nshort_title = "{title}"\nongoing = false\n{more}'


def plan(*groups: tuple[str, ...], rounds: str = ROUND, titles: tuple[str, ...] = ("Places", "People", "More")) -> str:
    parts = [
        f'[[priority]]\nnumber = {number}\ntitle = "{title}"\n{"".join(those)}'
        for number, (title, those) in enumerate(zip(titles, groups, strict=False), start=1)
    ]
    return HEAD + "\n".join(parts) + rounds


ROOMS, CHAIRS = "Open a room in every village", "Lend chairs and tables"
LIST, THANKS, TRUSTEES = "Publish one list of rooms", "Thank every volunteer", "Train forty trustees"
PEOPLE = (one("2.1", THANKS, "Thanks"), one("2.2", TRUSTEES, "Trustees"))
BEFORE = plan((one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs"), one("1.3", LIST, "List")), PEOPLE)
INSERTED = plan(
    (
        one("1.1", f"{ROOMS} and every estate", "Rooms"), one("1.2", "Map the rooms that exist", "Map"),
        one("1.3", CHAIRS, "Chairs"), one("1.4", LIST, "List"), one("1.5", "Insure every room", "Insurance"),
    ),
    PEOPLE,
)  # fmt: skip


def load(text: str, at: datetime = THEN, *, dry_run: bool = False) -> Loaded:
    return load_strategy(by=None, at=at, entry=read(text), dry_run=dry_run)


@pytest.fixture
def council(db):
    """The owner of the files' strategy, so that its officers may do what officers do."""
    return make_organisation("Shirewell Council", "public_body", slug="shirewell-council")


@pytest.fixture
def spoken(officer) -> dict[str, Commitment]:
    """The plan of the first years, of which things have been said: 1.2 is complete, 1.3 delayed."""
    load(BEFORE, START)
    found = {each.key: each for each in Commitment.objects.in_order()}
    year = Round.objects.get()
    said = {
        "chairs": UpdateContent("complete", "Forty chairs are lent."),
        "list": UpdateContent("delayed", "Nobody to do it.", "We ask."),
    }
    for key, words in said.items():
        publish_update(by=officer, at=START, commitment=found[key], round_=year, content=words)
    return found


def stands() -> dict[str, tuple[str, str]]:
    return {each.key: (each.reference, each.status) for each in Commitment.objects.in_order()}


def test_keys_come_from_the_file_or_else_from_the_short_titles():
    load(
        plan((one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Rooms"), one("1.3", LIST, "List", 'key = "one-list"\n'))),
        START,
    )
    assert list(Commitment.objects.in_order().values_list("key", flat=True)) == ["rooms", "rooms-2", "one-list"]


def test_an_inserted_commitment_takes_nothing_from_another(spoken):
    load(INSERTED)
    assert stands() == {
        "rooms": ("1.1", ""), "map": ("1.2", ""), "chairs": ("1.3", "complete"), "list": ("1.4", "delayed"),
        "insurance": ("1.5", ""), "thanks": ("2.1", ""), "trustees": ("2.2", ""),
    }  # fmt: skip
    assert [u.commitment.key for u in ProgressUpdate.objects.published().order_by("id")] == ["chairs", "list"]
    assert Commitment.objects.get(key="chairs").pk == spoken["chairs"].pk
    assert not load(INSERTED).changes, "loading it again changes nothing"


def test_every_change_is_in_the_history_with_its_day(spoken):
    load(INSERTED)
    acts = (
        HistoryEntry.objects.filter(at=THEN)
        .order_by("commitment__number")
        .values_list("act", "commitment__key", "said")
    )
    assert [(act, key, said) for act, key, said in acts] == [
        ("amend", "rooms", {"strategy": "year-three", "was": {"wording": ROOMS}, "now": {"wording": f"{ROOMS} and every estate"}}),
        ("add", "map", {"strategy": "year-three", "reference": "1.2", "short_title": "Map", "on": "2026-11-28"}),
        ("renumber", "chairs", {"strategy": "year-three", "was": {"reference": "1.2", "priority": 1}, "now": {"reference": "1.3", "priority": 1}}),
        ("renumber", "list", {"strategy": "year-three", "was": {"reference": "1.3", "priority": 1}, "now": {"reference": "1.4", "priority": 1}}),
        ("add", "insurance", {"strategy": "year-three", "reference": "1.5", "short_title": "Insurance", "on": "2026-11-28"}),
    ]  # fmt: skip
    assert list(FormerReference.objects.order_by("id").values_list("commitment__key", "reference", "held_from", "held_until")) == [
        ("chairs", "1.2", None, date(2026, 11, 28)), ("list", "1.3", None, date(2026, 11, 28)),
    ]  # fmt: skip
    assert Commitment.objects.filter(added_on=date(2026, 11, 28)).count() == 2


def test_what_was_there_from_the_start_has_no_day_of_joining(spoken):
    assert not Commitment.objects.filter(added_on__isnull=False).exists()
    assert not HistoryEntry.objects.filter(act="add").exists()


def test_a_number_that_changes_twice_keeps_both_times(spoken):
    load(INSERTED)
    later = THEN.replace(year=2027)
    swapped = INSERTED.replace(
        one("1.3", CHAIRS, "Chairs") + one("1.4", LIST, "List"), one("1.3", LIST, "List") + one("1.4", CHAIRS, "Chairs")
    )
    load(swapped, later)
    times = FormerReference.objects.filter(commitment__key="chairs").order_by("held_until")
    assert list(times.values_list("reference", "held_from", "held_until")) == [
        ("1.2", None, date(2026, 11, 28)), ("1.3", date(2026, 11, 28), date(2027, 11, 28)),
    ]  # fmt: skip
    assert stands()["chairs"] == ("1.4", "complete")


def test_the_file_may_say_when_a_commitment_was_added(spoken):
    text = plan(
        (one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs"), one("1.3", LIST, "List"), one("1.4", "Map", "Map", "added_on = 2026-04-01\n")),
        PEOPLE,
    )  # fmt: skip
    load(text)
    assert Commitment.objects.get(key="map").added_on == date(2026, 4, 1)
    load(text.replace("2026-04-01", "2026-05-01"))
    assert Commitment.objects.get(key="map").added_on == date(2026, 5, 1)
    with pytest.raises(Faulty, match="added_on: is in the future"):
        load(text.replace("2026-04-01", "2026-11-29"))
    load(text.replace("2026-04-01", "2026-11-28"))


def test_a_commitment_moves_to_another_priority_with_all_that_it_has(spoken):
    moved = plan((one("1.1", ROOMS, "Rooms"), one("1.2", LIST, "List")), (*PEOPLE, one("2.3", CHAIRS, "Chairs")))
    said = load(moved)
    assert stands()["chairs"] == ("2.3", "complete")
    assert stands()["list"] == ("1.2", "delayed")
    chairs = Commitment.objects.select_related("priority").get(key="chairs")
    assert (chairs.priority.number, chairs.number) == (2, 3)
    assert [row.what for row in said.compared if row.key == "chairs"] == ["moved to priority 2, renumbered"]


def test_left_out_is_refused_and_nothing_is_written(spoken):
    before = stands()
    with pytest.raises(Faulty, match=r"commitment 1\.3: “List” is in the portal and not in the file"):
        load(plan((one("1.1", "Other words", "Rooms"), one("1.2", CHAIRS, "Chairs")), PEOPLE))
    assert stands() == before
    assert not HistoryEntry.objects.filter(at=THEN).exists()


MERGED = 'key = "chairs"\nclosed_on = 2026-03-31\nclosed_because = "The list of rooms lends them, too."\nmerged_into = "list"\n'


class TestClosedByTheFile:
    def test_with_its_number_it_keeps_its_place(self, spoken):
        said = load(
            plan((one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs", MERGED), one("1.3", LIST, "List")), PEOPLE)
        )
        closed = Commitment.objects.select_related("merged_into").get(key="chairs")
        assert (closed.reference, closed.status, closed.closed_on) == ("1.2", "closed", date(2026, 3, 31))
        assert closed.status_reason == "The list of rooms lends them, too."
        assert closed.merged_into == spoken["list"]
        assert closed.status_by is None
        entry = HistoryEntry.objects.get(act="status", to_state="closed")
        assert (entry.from_state, entry.said["merged_into"], entry.said["merged_into_title"]) == (
            "complete",
            "list",
            "1.3 List",
        )
        assert said.changes == ["Closed commitment 1.2, “Chairs”: The list of rooms lends them, too."]
        assert [row.what for row in said.compared if row.key == "chairs"] == ["closed"]

    def test_without_a_number_another_takes_it(self, spoken):
        text = plan((one("1.1", ROOMS, "Rooms"), one("1.2", LIST, "List"), one("", CHAIRS, "Chairs", MERGED)), PEOPLE)
        load(text)
        assert stands()["chairs"] == ("former-1.2", "closed")
        assert stands()["list"] == ("1.2", "delayed")
        assert Commitment.objects.get(key="chairs").number == 3
        assert FormerReference.objects.get(commitment__key="chairs").reference == "1.2"
        assert not load(text).changes

    def test_two_that_had_one_number_are_told_apart(self, spoken):
        load(plan((one("1.1", ROOMS, "Rooms"), one("1.2", LIST, "List"), one("", CHAIRS, "Chairs", MERGED)), PEOPLE))
        ended = 'key = "list"\nclosed_on = 2026-10-01\nclosed_because = "It ended."\n'
        both = plan(
            (one("1.1", ROOMS, "Rooms"), one("1.2", "Map", "Map"), one("", LIST, "List", ended), one("", CHAIRS, "Chairs", MERGED)),
            PEOPLE,
        )  # fmt: skip
        load(both)
        assert (stands()["chairs"][0], stands()["list"][0], stands()["map"][0]) == ("former-1.2", "former-1.2-2", "1.2")
        assert not load(both).changes

    def test_closed_in_the_portal_it_may_be_left_out_and_its_number_given_away(self, spoken, officer):
        change_status(by=officer, at=THEN, commitment=spoken["chairs"], to="closed", reason="It ended.")
        said = load(plan((one("1.1", ROOMS, "Rooms"), one("1.2", LIST, "List")), PEOPLE))
        assert stands()["chairs"] == ("former-1.2", "closed")
        assert [row.what for row in said.compared if row.key == "chairs"] == [
            "renumbered, closed before, not in the file"
        ]

    def test_a_new_reason_amends_it(self, spoken):
        text = plan(
            (one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs", MERGED), one("1.3", LIST, "List")), PEOPLE
        )
        load(text)
        said = load(text.replace("lends them, too", "names them").replace("2026-03-31", "2026-04-30"))
        closed = Commitment.objects.get(key="chairs")
        assert (closed.status_reason, closed.closed_on) == ("The list of rooms names them.", date(2026, 4, 30))
        assert said.changes == ["Amended how commitment 1.2, “Chairs”, was closed."]
        was, now = (HistoryEntry.objects.get(act="amend").said[name] for name in ("was", "now"))
        assert (was["closed_on"], now["closed_on"], now["merged_into"]) == ("2026-03-31", "2026-04-30", "list")

    def test_what_a_person_closed_stays_as_they_said(self, spoken, officer):
        change_status(by=officer, at=THEN, commitment=spoken["chairs"], to="closed", reason="My reason.")
        text = plan(
            (one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs", MERGED), one("1.3", LIST, "List")), PEOPLE
        )
        [note] = load(text).notes
        assert (
            "Left commitment 1.2, “Chairs”, as it is: Olive Officer closed it in the portal on 28 November 2026" in note
        )
        assert Commitment.objects.get(key="chairs").status_reason == "My reason."

    def test_what_a_person_opened_again_stays_open(self, spoken, officer):
        text = plan(
            (one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs", MERGED), one("1.3", LIST, "List")), PEOPLE
        )
        load(text)
        change_status(
            by=officer, at=THEN.replace(hour=13), commitment=spoken["chairs"], to="on_track", reason="Needed."
        )
        [note] = load(text, THEN.replace(hour=14)).notes
        assert "Olive Officer opened it again in the portal" in note
        again = Commitment.objects.get(key="chairs")
        assert (again.status, again.closed_on, again.merged_into) == ("on_track", None, None)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ('closed_on = 2026-03-31\n', "closed_because: is missing"),
            ('closed_because = "So."\n', "closed_because: is for a closed commitment"),
            ('merged_into = "list"\n', "merged_into: is for a closed commitment"),
            ('key = "chairs"\nclosed_on = 2026-03-31\nclosed_because = "So."\nmerged_into = "chairs"\n', "merged_into: is its own key"),
            ('closed_on = 2026-03-31\nclosed_because = "So."\nmerged_into = "nothing"\n', "“nothing” is not the key of a commitment"),
            ('closed_on = 2026-11-29\nclosed_because = "So."\n', "closed_on: is in the future"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named(self, spoken, more, words):
        with pytest.raises(Faulty, match=words):
            load(
                plan((one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs", more), one("1.3", LIST, "List")), PEOPLE)
            )

    def test_it_is_not_merged_into_one_that_is_closed(self, spoken, officer):
        change_status(by=officer, at=THEN, commitment=spoken["list"], to="closed", reason="It ended.")
        with pytest.raises(Faulty, match=r"“list” is closed\. Name one that continues the work"):
            load(
                plan(
                    (one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs", MERGED), one("1.3", LIST, "List")), PEOPLE
                )
            )

    def test_without_a_number_it_needs_a_key(self, spoken):
        closed = 'closed_on = 2026-03-31\nclosed_because = "So."\n'
        with pytest.raises(Faulty, match="key: is missing"):
            load(
                plan((one("1.1", ROOMS, "Rooms"), one("", CHAIRS, "Chairs", closed), one("1.2", LIST, "List")), PEOPLE)
            )

    def test_a_plan_that_begins_with_a_closed_one_loads(self):
        ended = 'key = "old"\nclosed_on = 2024-04-30\nclosed_because = "It was done before."\n'
        text = plan((one("1.1", ROOMS, "Rooms"), one("", "Old promise", "Old", ended)))
        load(text, START)
        assert stands() == {"rooms": ("1.1", ""), "old": ("former-old", "closed")}
        assert not load(text, START).changes


class TestPriorities:
    """They keep their numbers, as reports and indicators belong to them."""

    def test_one_may_be_called_otherwise(self, spoken):
        load(BEFORE.replace('title = "People"', 'title = "Our people"'))
        assert Strategy.objects.get().priorities.get(number=2).title == "Our people"

    def test_one_in_the_middle_is_refused(self, spoken):
        text = plan(
            (one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs"), one("1.3", LIST, "List")),
            (one("2.1", "Pay more", "Pay"),), (one("3.1", THANKS, "Thanks"), one("3.2", TRUSTEES, "Trustees")),
            titles=("Places", "Money", "People"),
        )  # fmt: skip
        with pytest.raises(Faulty, match="“People” is priority 2 in the portal, and 3 in the file"):
            load(text)
        with pytest.raises(Faulty, match="“People” would be called “Money”, and none of its commitments would stay"):
            load(text.replace('title = "People"', 'title = "Our people"'))

    def test_one_at_the_end_is_welcome(self, spoken):
        load(
            plan(
                (one("1.1", ROOMS, "Rooms"), one("1.2", CHAIRS, "Chairs"), one("1.3", LIST, "List")),
                PEOPLE,
                (one("3.1", "Pay", "Pay"),),
            )
        )
        assert stands()["pay"] == ("3.1", "")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('key = "Rooms"\n', "key: “Rooms” should be lowercase letters, digits and single hyphens"),
        ('key = "12"\n', "with at least one letter"),
        ('note = "A note"\n', "note_source: is missing"),
        ('note_source = "Page 3"\n', "note: is missing"),
    ],
)
def test_faults_of_a_commitments_fields_are_named(more, words):
    with pytest.raises(Faulty, match=words):
        read(plan((one("1.1", ROOMS, "Rooms", more),)))


def test_a_key_used_twice_is_named():
    with pytest.raises(Faulty, match=r"commitment 2\.1, key: “rooms” is used twice"):
        read(plan((one("1.1", ROOMS, "Rooms", 'key = "rooms"\n'),), (one("2.1", THANKS, "Thanks", 'key = "rooms"\n'),)))


def test_an_introduction_needs_its_source():
    with pytest.raises(Faulty, match="priority 1, introduction_source: is missing"):
        read(plan((one("1.1", ROOMS, "Rooms"),)).replace('title = "Places"', 'title = "Places"\nintroduction = "So."'))


class TestTheCommand:
    @pytest.fixture
    def command(self, tmp_path: Path) -> Callable[..., str]:
        def run(text: str, *options: str) -> str:
            file, out = tmp_path / "plan.toml", StringIO()
            file.write_text(text, encoding="utf-8")
            with time_machine.travel(THEN, tick=False):
                call_command("load_strategy", str(file), *options, stdout=out)
            return out.getvalue()

        return run

    def test_a_dry_run_shows_every_commitment_before_and_after(self, spoken, command):
        assert command(INSERTED, "--dry-run").split("\n\n")[1].splitlines() == [
            "Before            After             Key        What happens",
            "-----------------------------------------------------------",
            "1.1     Rooms     1.1    Rooms      rooms      reworded",
            "                  1.2    Map        map        added",
            "1.2     Chairs    1.3    Chairs     chairs     renumbered",
            "1.3     List      1.4    List       list       renumbered",
            "                  1.5    Insurance  insurance  added",
            "2.1     Thanks    2.1    Thanks     thanks     kept",
            "2.2     Trustees  2.2    Trustees   trustees   kept",
        ]
        assert "map" not in stands()

    def test_a_load_prints_no_table_and_says_what_it_did(self, spoken, command):
        said = command(INSERTED)
        assert "What happens" not in said
        assert "Commitment 1.2, “Chairs”, is now 1.3." in said
        assert "7 commitments (5, 2). Loaded." in said

    def test_a_question_is_asked_and_nothing_written(self, spoken, command):
        text = INSERTED.replace(CHAIRS, "Lend chairs and tents")
        with pytest.raises(CommandError, match=r'key = "chairs" if it is 1\.2 “Chairs”'):
            command(text)
        assert stands()["chairs"] == ("1.2", "complete")
