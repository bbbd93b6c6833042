"""A strategy's file: every fault named with its line, nothing written when there is one, nothing done twice."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from commitments.models import Commitment, HistoryEntry, Priority, Round, Strategy
from commitments.rules.commitment_keys import make_key
from commitments.services.loading.rounds import load_round
from commitments.services.loading.strategy import load_strategy
from commitments.services.progress import change_status
from commitments.strategy_file.priorities import MAX_SHORT_TITLE_CHARACTERS
from commitments.strategy_file.strategy import read
from partners.models import Organisation
from tests.factories import make_organisation, make_person
from vcsportal.common.data_file import Faulty
from vcsportal.common.words import Refused

REAL = settings.BASE_DIR / "commitments" / "strategies" / "oxfordshire-vcs-2022-27.toml"
AREAS = settings.BASE_DIR / "partners" / "areas" / "oxfordshire.toml"
WORDINGS = "5b2509670948fb8e4a081c2111a795550c6301556a60dda0e6d3a316d6f33ead"
"""SHA-256 of the 32 wordings of the printed strategy, joined by line ends, taken from the council's own text."""
INTRODUCTIONS = "a622cce5974ac876a566f5a314e249069744a778121db3e58c01a19f00c74bc3"
"""The same of the five introductions, their paragraphs with an empty line between them."""
COMPACT = "ba1d915ed3f0f9a6b157612d02eff83ed47804d44e28826c155e7507760841fc"
"""The same of the note on the Compact, without its heading."""

SMALL = """\
[strategy]
slug = "small"
title = "A small strategy"
vision = "A strong sector."
source = "Made for a test."
starts_on = 2022-04-01
ends_on = 2027-03-31
[strategy.owner]
slug = "little-council"
name = "Little Council"
kind = "public_body"

[[priority]]
number = 1
title = "Working together"
[[priority.commitment]]
reference = "1.1"
wording = "Meet every month."
short_title = "Meet"
ongoing = true
[[priority.commitment]]
reference = "1.2"
wording = "Write it down"
short_title = "Write"
ongoing = false

[[round]]
slug = "2022-23"
observes_from = 2022-04-01
observes_to = 2023-03-31
opens_on = 2023-04-01
closes_on = 2023-05-31
"""

# What is done to the small file, and the line and words of the fault that must be named.
FAULTS = {
    "a missing field": ('wording = "Meet every month."\n', "", "line 16, commitment 1.1, wording: is missing"),
    "an empty wording": ('"Meet every month."', '"  "', "line 18, commitment 1.1, wording: is empty"),
    "a misspelt key": ("short_title = \"Meet\"", "short_titel = \"Meet\"", "line 19, commitment 1.1, short_titel: is not recognised"),
    "a misspelt table": ("[[round]]", "[[rounds]]", "line 27, rounds: is not recognised"),
    "text where true or false belongs": ("ongoing = true", 'ongoing = "yes"', "line 20, commitment 1.1, ongoing: should be true or false"),
    "a number where text "
    "belongs": ('title = "Working together"', "title = 7", "line 15, priority 1, title: should be text in quotation marks, but is a number"),
    "text where a number belongs": ("number = 1", 'number = "1"', "line 14, priority 1, number: should be a whole number"),
    "a day in quotation marks": ("starts_on = 2022-04-01", 'starts_on = "2022-04-01"', "line 6, strategy, starts_on: should be a day"),
    "a duplicate reference": ('"1.2"', '"1.1"', "line 22, commitment 1.1, reference: “1.1” is used twice"),
    "a reference of signs": ('"1.2"', '"1.2*"', "line 22, commitment 1.2*, reference: “1.2*” can’t be a reference. It may have letters, digits"),
    "a reference with two spaces": ('"1.2"', '"CW  1"', "line 22, commitment CW  1, reference: “CW  1” can’t be a reference"),
    "a reference too long": ('"1.2"', '"A12345678901234567890"', "reference: has 21 characters. The limit is 20"),
    "a reference left out that another has": ('"1.1"\nwording = "Meet every month."\nshort_title = "Meet"\nongoing = true\n[[priority.commitment]]\nreference = "1.2"', '"1.2"\nwording = "Meet every month."\nshort_title = "Meet"\nongoing = true\n[[priority.commitment]]', "line 21, commitment 1.2, reference: is left out, so this would be “1.2”, which line 17 has"),
    "a gap in the priorities": ("number = 1", "number = 2", "line 14, priority 2, number: is 2, and 1 comes next"),
    "a term that ends before it begins": ("ends_on = 2027-03-31", "ends_on = 2021-03-31", "line 7, strategy, ends_on: comes before"),
    "a round's period turned round": ("observes_to = 2023-03-31", "observes_to = 2021-03-31", "line 30, round 2022-23, observes_to: comes before"),
    "a window that closes before it opens": ("closes_on = 2023-05-31", "closes_on = 2023-03-31", "line 32, round 2022-23, closes_on: comes before the window"),
    "a window that opens too early": ("opens_on = 2023-04-01", "opens_on = 2021-04-01", "line 31, round 2022-23, opens_on: comes before"),
    "a window that closes before the year does": ("opens_on = 2023-04-01\ncloses_on = 2023-05-31", "opens_on = 2022-05-01\ncloses_on = 2022-06-01", "line 32, round 2022-23, closes_on: comes before the period observed has ended"),
    "a round without a day": ("opens_on = 2023-04-01\n", "", "line 27, round 2022-23, opens_on: is missing"),
    "a round used twice": ("[[round]]", '[[round]]\nslug = "2022-23"\nobserves_from = 2021-04-01\nobserves_to = 2022-03-31\nopens_on = 2022-04-01\ncloses_on = 2022-05-31\n[[round]]', "round 2022-23, slug: “2022-23” is used twice"),
    "an unknown kind of owner": ('"public_body"', '"kingdom"', "line 11, owner, kind: “kingdom” is not one of"),
    "a bad slug": ('"small"', '"Small One"', "line 2, strategy, slug: “Small One” should be"),
    "a short title too long for a tile": ('"Write"', f'"{"w" * 61}"', "line 24, commitment 1.2, short_title: has 61 characters"),
    "an identifier of no register": ('kind = "public_body"', 'kind = "public_body"\nidentifiers = ["XX-1"]', "line 12, owner, identifiers: “XX-1” is not a register that the portal knows"),
    "an identifier that can't be": ('kind = "public_body"', 'kind = "public_body"\nidentifiers = ["GB-CHC-12"]', "line 12, owner, identifiers: “12” does not look like a charity number"),
    "a district nobody has "
    "loaded": ('kind = "public_body"', 'kind = "public_body"\ndistricts = ["E07000999"]', "owner, districts: “E07000999” is not an area"),
    "no owner": ('[strategy.owner]\nslug = "little-council"\nname = "Little Council"\nkind = "public_body"\n', "", "line 1, strategy, owner: is missing"),
    "no strategy": ("[strategy]\n", "", "strategy, title: is missing"),
    "an owner that is no table": ('[strategy.owner]\nslug = "little-council"\nname = "Little Council"\nkind = "public_body"\n', 'owner = "us"\n', "line 8, strategy, owner: should be a table, headed [strategy.owner]"),
    "commitments that are no tables": ('ongoing = false\n', 'ongoing = false\n[[priority]]\nnumber = 2\ntitle = "Next"\ncommitment = "Later"\n', "line 29, priority 2, commitment: should be tables, each headed [[priority.commitment]]"),
    "districts that are no list": ('kind = "public_body"', 'kind = "public_body"\ndistricts = "Oxford"', "line 12, owner, districts: should be a list of texts"),
    "what is not TOML": ('title = "A small strategy"', "title = A small strategy", "line 3: The file can't be read as TOML here: Invalid value"),
    "a key given twice": ('vision = "A strong sector."', 'title = "Again"', "The file can't be read as TOML here: Cannot overwrite a value"),
}  # fmt: skip


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., str]:
    """Loads a text as a strategy's file and returns what was printed."""

    def run(text: str, *options: str) -> str:
        file = tmp_path / "strategy.toml"
        file.write_text(text, encoding="utf-8")
        out = StringIO()
        call_command("load_strategy", str(file), *options, stdout=out)
        return out.getvalue()

    return run


def everything() -> list[int]:
    return [model.objects.count() for model in (Strategy, Priority, Commitment, Round, Organisation, HistoryEntry)]


@pytest.fixture
def real(db: None) -> str:
    call_command("load_areas", str(AREAS), stdout=StringIO())
    out = StringIO()
    call_command("load_strategy", str(REAL), stdout=out)
    return out.getvalue()


class TestTheRealStrategy:
    def test_has_eight_five_six_seven_and_six_commitments(self, real: str) -> None:
        strategy = Strategy.objects.get(slug="oxfordshire-vcs-2022-27")
        counts = [priority.commitments.count() for priority in strategy.priorities.order_by("number")]
        assert counts == [8, 5, 6, 7, 6]
        assert "5 priorities, 32 commitments (8, 5, 6, 7, 6). Loaded." in real

    def test_keeps_the_councils_own_wording_to_the_letter(self, real: str) -> None:
        wordings = [c.wording for c in Commitment.objects.in_order()]
        assert wordings[0] == "Promote and champion the work of the VCS"
        assert wordings[-1].startswith("Continue to work with the VCS to address the effects of climate change")
        assert wordings[-1].endswith("in areas of higher deprivation")
        assert hashlib.sha256("\n".join(wordings).encode()).hexdigest() == WORDINGS

    def test_keeps_the_councils_own_introductions_and_note_to_the_letter(self, real: str) -> None:
        priorities = list(Priority.objects.order_by("number"))
        introductions = [one.introduction for one in priorities]
        assert introductions[0].startswith(
            "As the past few years working together through the COVID-19 pandemic has proven"
        )
        assert hashlib.sha256("\n".join(introductions).encode()).hexdigest() == INTRODUCTIONS
        assert all(f"“{one.title}”" in one.introduction_source for one in priorities)
        noted = Commitment.objects.exclude(note="").get()
        assert (noted.reference, "Compact*" in noted.wording) == ("1.4", True)
        assert hashlib.sha256(noted.note.encode()).hexdigest() == COMPACT
        assert "the note to “Compact*”" in noted.note_source

    def test_carries_a_key_for_every_commitment_as_earlier_portals_made_them(self, real: str) -> None:
        for one in Commitment.objects.order_by("id"):
            assert one.key == make_key(one.short_title, set())
        assert 'key = "' + Commitment.objects.get(reference="1.4").key + '"' in REAL.read_text(encoding="utf-8")

    def test_its_pages_quote_it_with_its_source_and_answer_the_asterisk(self, real: str, client) -> None:
        page = client.get("/strategies/oxfordshire-vcs-2022-27/priorities/1/").text
        assert '<blockquote class="app-quotation"><p>As the past few years working together' in page
        assert "Quoted from: Voluntary and Community Sector Strategy 2022–2027" in page
        assert "How the council and the sector work side by side" not in page, "our summary gives way"
        page = client.get("/strategies/oxfordshire-vcs-2022-27/commitments/review-how-the-compact-is-used/").text
        assert 'aria-describedby="wording-note">Explore the use of the Compact*' in page
        assert 'id="wording-note">*The Oxfordshire Compact is an agreement' in page
        Priority.objects.filter(number=1).update(introduction="", introduction_source="")
        page = client.get("/strategies/oxfordshire-vcs-2022-27/priorities/1/").text
        assert "How the council and the sector work side by side" in page
        assert "A summary by the portal’s team. These are not the strategy’s words." in page

    def test_belongs_to_the_county_and_reports_to_the_alliance(self, real: str) -> None:
        strategy = Strategy.objects.select_related("owner").get()
        assert (strategy.owner.slug, strategy.owner.kind) == ("oxfordshire-county-council", "public_body")
        assert [str(one) for one in strategy.owner.identifiers.all()] == ["GB-LAE-OXF"]
        assert strategy.owner.districts.count() == 5
        assert strategy.reports_to_short == "OSCA"
        assert (strategy.starts_on.year, strategy.ends_on.year) == (2022, 2027)

    def test_has_a_plain_short_title_for_every_tile(self, real: str) -> None:
        titles = [c.short_title for c in Commitment.objects.all()]
        assert len(set(titles)) == 32
        assert all(0 < len(title) <= MAX_SHORT_TITLE_CHARACTERS for title in titles)

    def test_promises_without_an_end_are_marked(self, real: str) -> None:
        for commitment in Commitment.objects.all():
            if commitment.wording.startswith(("Continue to", "Promote and", "Listen to", "Uphold", "Celebrate")):
                assert commitment.ongoing, commitment.wording
            if commitment.wording.startswith(("Explore", "Conduct")):
                assert not commitment.ongoing, commitment.wording

    def test_loaded_twice_changes_nothing(self, real: str) -> None:
        before = everything()
        out = StringIO()
        call_command("load_strategy", str(REAL), stdout=out)
        assert "Nothing changed." in out.getvalue()
        assert everything() == before

    def test_stands_beside_another(self, real: str, load: Callable[..., str]) -> None:
        load(SMALL)
        assert set(Strategy.objects.values_list("slug", flat=True)) == {"oxfordshire-vcs-2022-27", "small"}
        assert Commitment.objects.filter(reference="1.1").count() == 2


@pytest.mark.django_db
class TestFaults:
    @pytest.mark.parametrize("name", FAULTS)
    def test_is_named_with_its_line_and_nothing_is_written(self, name: str, load: Callable[..., str]) -> None:
        old, new, words = FAULTS[name]
        assert SMALL.count(old) >= 1
        before = everything()
        with pytest.raises(CommandError) as refused:
            load(SMALL.replace(old, new, 1))
        assert words in str(refused.value)
        assert "Nothing was written." in str(refused.value)
        assert everything() == before

    def test_are_all_named_at_once_in_the_order_of_the_lines(self) -> None:
        text = SMALL.replace("ongoing = true", "ongoing = 1").replace("number = 1", "").replace('"Write"', "5")
        with pytest.raises(Faulty) as faulty:
            read(text)
        assert [fault.line for fault in faulty.value.faults] == [13, 20, 24]

    def test_of_a_file_that_is_not_there_is_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="can't be opened: No such file"):
            call_command("load_strategy", str(tmp_path / "none.toml"))

    def test_of_a_file_in_another_encoding_is_a_sentence(self, tmp_path: Path) -> None:
        file = tmp_path / "latin.toml"
        file.write_bytes(SMALL.replace("strong", "stärk").encode("latin-1"))
        with pytest.raises(CommandError, match="line 4: The file is not in UTF-8"):
            call_command("load_strategy", str(file))

    def test_of_a_spreadsheet_is_a_sentence_that_leads_to_the_right_form(self, tmp_path: Path) -> None:
        file = tmp_path / "plan.xlsx"
        Workbook().save(file)
        with pytest.raises(CommandError, match=r"is a spreadsheet\. Give --mapping .*docs/strategy-file\.md"):
            call_command("load_strategy", str(file))

    def test_lines_are_right_after_a_text_over_several_lines(self) -> None:
        text = SMALL.replace('"A strong sector."', '"""\nA strong\n[[sector]]\nwording = 1\n"""').replace(
            "number = 1", "number = 3"
        )
        with pytest.raises(Faulty) as faulty:
            read(text)
        assert str(faulty.value.faults[0]).startswith("line 18, priority 3, number")

    def test_of_rounds_that_overlap_is_named(self) -> None:
        second = SMALL[SMALL.index("[[round]]") :].replace("2022-23", "2023-24").replace("2023-03-31", "2024-03-31")
        with pytest.raises(Faulty, match="round 2023-24, observes_from: is within"):
            read(SMALL + second.replace("2023-05-31", "2024-05-31"))

    def test_of_an_identifier_that_names_another_organisation_is_named(self, load: Callable[..., str]) -> None:
        make_organisation("Elsewhere", "public_body", identifiers=[("GB-LAE", "OXF")])
        with pytest.raises(CommandError, match="owner, identifiers: OXF already belongs to Elsewhere"):
            load(SMALL.replace('kind = "public_body"', 'kind = "public_body"\nidentifiers = ["GB-LAE-OXF"]'))
        assert not Organisation.objects.filter(slug="little-council").exists()


@pytest.mark.django_db
class TestLoadingAgain:
    def test_a_dry_run_says_what_would_be_done_and_writes_nothing(self, load: Callable[..., str]) -> None:
        before = everything()
        said = load(SMALL, "--dry-run")
        assert "Added commitment 1.2, “Write”." in said
        assert "This was a dry run: nothing was written." in said
        assert everything() == before

    def test_a_dry_run_of_what_is_there_already_says_so(self, load: Callable[..., str]) -> None:
        load(SMALL)
        assert "Nothing would change." in load(SMALL, "--dry-run")

    def test_new_words_are_reported_and_the_old_ones_kept_in_the_history(self, load: Callable[..., str]) -> None:
        load(SMALL)
        said = load(SMALL.replace("Meet every month.", "Meet every week."))
        assert "Amended commitment 1.1, wording: “Meet every month.” becomes “Meet every week.”." in said
        assert Commitment.objects.get(reference="1.1").wording == "Meet every week."
        entry = HistoryEntry.objects.get(act="amend")
        assert entry.commitment is not None
        assert entry.commitment.reference == "1.1"
        assert (entry.said["was"], entry.said["now"]) == ({"wording": "Meet every month."}, {"wording": "Meet every week."})  # fmt: skip

    def test_new_words_of_strategy_priority_and_round_are_kept_too(self, load: Callable[..., str]) -> None:
        load(SMALL)
        load(
            SMALL.replace("A strong", "A stronger")
            .replace("Working together", "Together")
            .replace("2023-05-31", "2023-06-30")
        )
        assert Strategy.objects.get().vision == "A stronger sector."
        assert Priority.objects.get().title == "Together"
        assert Round.objects.get().closes_on == date(2023, 6, 30)
        assert HistoryEntry.objects.filter(act="amend", said__strategy="small").count() == 3

    def test_a_commitment_that_the_file_leaves_out_is_refused(self, load: Callable[..., str]) -> None:
        load(SMALL)
        start = SMALL.index("[[priority.commitment]]", SMALL.index("ongoing = true"))
        with pytest.raises(CommandError, match=r"commitment 1\.2: “Write” is in the portal and not in the file"):
            load(SMALL[:start] + SMALL[SMALL.index("[[round]]") :])
        assert Commitment.objects.count() == 2

    def test_a_priority_that_the_file_leaves_out_is_refused(self, load: Callable[..., str]) -> None:
        more = '\n[[priority]]\nnumber = 2\ntitle = "More"\n[[priority.commitment]]\nreference = "2.1"\nwording = "Do"\nshort_title = "Do"\nongoing = true\n'
        load(SMALL + more)
        with pytest.raises(CommandError, match="priority 2: is in the portal and not in the file"):
            load(SMALL)

    def test_a_new_commitment_may_join(self, load: Callable[..., str]) -> None:
        load(SMALL)
        new = '[[priority.commitment]]\nreference = "1.3"\nwording = "Do"\nshort_title = "Do"\nongoing = true\n'
        assert "Added commitment 1.3, “Do”." in load(SMALL.replace("[[round]]", new + "[[round]]"))
        assert Commitment.objects.count() == 3

    def test_a_promise_that_stands_as_complete_cannot_lose_its_end(self, load, now) -> None:
        load(SMALL)
        officer = make_person("officer", Organisation.objects.get(slug="little-council"))
        commitment = Commitment.objects.get(reference="1.2")
        change_status(by=officer, at=now, commitment=commitment, to="complete", reason="Written.")
        with pytest.raises(CommandError, match=r"commitment 1\.2, ongoing: can't change while .* “Complete”"):
            load(SMALL.replace("ongoing = false", "ongoing = true"))

    def test_an_owner_whom_the_portal_knows_is_left_as_they_are(self, load, now) -> None:
        make_organisation("Our Own Council", "public_body", slug="little-council")
        load(SMALL)
        assert Strategy.objects.get().owner.name == "Our Own Council"


class TestByHand:
    """The same services, called by a person."""

    def test_an_officer_may_load_their_councils_strategy_and_is_named_in_the_history(self, now, db) -> None:
        officer = make_person("officer", make_organisation("Little Council", "public_body", slug="little-council"))
        load_strategy(by=officer, at=now, entry=read(SMALL))
        loaded = load_strategy(by=officer, at=now, entry=read(SMALL.replace("Write it down", "Write it up")))
        assert loaded.changes == ["Amended commitment 1.2, wording: “Write it down” becomes “Write it up”."]
        assert HistoryEntry.objects.get(act="amend").by == officer

    def test_an_officer_of_another_council_loads_neither_a_new_strategy_nor_a_change(self, officer, now) -> None:
        for text in (SMALL, SMALL.replace("Write it down", "Write it up")):
            with pytest.raises(Refused, match="Your role does not cover this strategy"):
                load_strategy(by=officer, at=now, entry=read(text))
            load_strategy(by=None, at=now, entry=read(SMALL))

    def test_a_file_names_the_group_that_steers_and_one_that_names_none_leaves_it(self, now, db) -> None:
        named = SMALL.replace("[strategy.owner]", 'steered_by = "The Forum"\n[strategy.owner]', 1)
        loaded = load_strategy(by=None, at=now, entry=read(named))
        assert "Added the group “The Forum”." in loaded.changes
        group = loaded.strategy.steered_by
        assert group is not None
        assert (group.name, group.kind) == ("The Forum", "partnership_group")
        again = load_strategy(by=None, at=now, entry=read(SMALL))
        assert (again.changes, again.strategy.steered_by) == ([], group)
        assert load_strategy(by=None, at=now, entry=read(named)).changes == []
        other = load_strategy(by=None, at=now, entry=read(named.replace("The Forum", "The Board")))
        assert other.changes == [
            "Added the group “The Board”.", "Amended the strategy, steered_by: “The Forum” becomes “The Board”.",
        ]  # fmt: skip
        assert HistoryEntry.objects.get(act="amend").said["now"] == {"steered_by": "The Board"}

    def test_a_partner_may_not(self, partner, now) -> None:
        with pytest.raises(Refused, match="Only a council officer or an administrator can load a strategy"):
            load_strategy(by=partner, at=now, entry=read(SMALL))

    def test_a_partner_may_not_plan_a_round(self, partner, strategy, now) -> None:
        with pytest.raises(Refused, match="can plan a round"):
            load_round(by=partner, at=now, strategy=strategy, entry=read(SMALL).rounds[0])

    def test_a_round_with_days_out_of_order_is_refused_with_what_is_wrong(self, administrator, strategy, now) -> None:
        entry = replace(read(SMALL).rounds[0], observes_to=date(2021, 1, 1), opens_on=date(2021, 1, 1))
        with pytest.raises(Refused, match=r"observes_to comes before .* and opens_on comes before"):
            load_round(by=administrator, at=now, strategy=strategy, entry=entry)


def test_a_strategy_may_say_its_language(council, officer, now):
    said = SMALL.replace("ends_on = 2027-03-31", 'ends_on = 2027-03-31\nlanguage = "CY"')
    entry = read(said)
    assert entry.language == "cy"
    assert read(SMALL).language == ""
    load_strategy(by=None, at=now, entry=entry)
    assert Strategy.objects.get(slug="small").language == "cy"
    loaded = load_strategy(by=None, at=now, entry=read(SMALL))
    assert Strategy.objects.get(slug="small").language == ""
    assert len(loaded.changes) == 1
    with pytest.raises(Faulty, match="line 8, strategy, language: “Welsh” is not a language code"):
        read(said.replace('"CY"', '"Welsh"'))
