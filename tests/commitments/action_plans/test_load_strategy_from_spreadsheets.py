"""``manage.py load_strategy`` reads a council's spreadsheet as the pages do, and names the cell of each fault."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commitments.models import Commitment, Round, Strategy
from tests.commitments.action_plans import plans
from tests.factories import make_council, make_organisation, make_person

pytestmark = pytest.mark.django_db
MAPPING = """
[strategy]
slug = "our-plan"
title = "Our plan"
starts_on = 2026-04-01
ends_on = 2028-03-31
plan_day = 2026-03-12
reports_to = "The Alliance"

[strategy.owner]
slug = "oxfordshire-county-council"
name = "Oxfordshire County Council"
kind = "public_body"
"""
NAMES = """
[columns]
"Wibble" = "reference"

[statuses]
"Amber" = "delayed"

[people]
"Officer 1" = "{email}"
"Officer 2" = "invite second@example.org"
"Officer 3" = "words"

[organisations]
"Charity 1" = "charity-one"
"Charity 2" = "words"
"""


class Folder:
    """A folder with a plan and its mapping, and the people of the council."""

    def __init__(self, path) -> None:
        self.path = path
        self.council = make_council()
        self.officer = make_person("officer", self.council, "Olu Officer")
        self.charity = make_organisation("Charity One")
        self.administrator = make_person("administrator")

    def load(self, data: bytes, *words: str, name: str = "plan.xlsx", mapping: str = MAPPING) -> str:
        (self.path / name).write_bytes(data)
        (self.path / "mapping.toml").write_text(mapping, encoding="utf-8")
        out = StringIO()
        call_command(
            "load_strategy", str(self.path / name), *words, stdout=out,
            mapping=self.path / "mapping.toml", by=self.administrator.email,
        )  # fmt: skip
        return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def test_a_plan_is_tried_loaded_and_loaded_again(folder):
    rows = plans.rows_of(headings=["Wibble", *plans.HEADINGS[1:]])
    mapping = MAPPING + NAMES.format(email=folder.officer.email)
    tried = folder.load(plans.written(rows), "--dry-run", mapping=mapping)
    assert "This was a dry run: nothing was written." in tried
    assert "CW4.8" in tried
    assert not Strategy.objects.exists()
    said = folder.load(plans.written(rows), mapping=mapping)
    assert "Our plan: 4 priorities, 32 commitments (8, 8, 8, 8). Loaded." in said
    assert "To invite: Officer 2, second@example.org." in said
    assert "Not used: Action plan!D5 (Lead officer), “Officer 4”: You chose to leave out “Officer 4”." in said
    assert "Check: Action plan!J2 (Target 23/24), “3”: 2023–24 is over" in said
    first = Commitment.objects.get(reference="CW1.1")
    assert (first.status, first.lead_officer, first.partners.get()) == ("delayed", folder.officer, folder.charity)
    assert Commitment.objects.get(reference="CW1.3").team == "Officer 3"
    assert "Nothing changed." in folder.load(plans.written(rows), mapping=mapping)


@pytest.mark.parametrize(
    ("make", "name", "sizes"),
    [(plans.quarters, "a.xlsx", "(2, 2)"), (plans.lettered, "b.xlsx", "(2, 1)"), (plans.semicolons, "c.csv", "(2, 1)")],
)
def test_plans_of_other_shapes_need_no_columns_in_the_mapping(folder, make, name, sizes):
    assert sizes in folder.load(make(), name=name)
    if name == "a.xlsx":
        assert Round.objects.get().slug == "2026-27"


def test_faults_of_a_csv_file_name_the_row_and_the_columns_own_heading(folder):
    with pytest.raises(CommandError, match=r"\nRow 3, column Ref: “A1” is used twice: row 2 has it too\."):
        folder.load(b"Ref,Action\nA1,Do it\nA1,Do that\n", name="plan.csv")


def test_faults_name_their_cell_or_their_line(folder):
    twice = plans.written([("Ref", "Action"), ("A1", "Do it"), ("A1", "Do that")])
    with pytest.raises(CommandError, match=r"Action plan!A3 \(Ref\): “A1” is used twice: row 2 has it too\."):
        folder.load(twice)
    with pytest.raises(CommandError, match="We could not find a row of headings"):
        folder.load(plans.written([("Some", "words")]))
    wrong = MAPPING + '\n[people]\n"Officer 1" = "nobody@example.org"\n\n[statuses]\n"Amber" = "yellow"\n'
    with pytest.raises(CommandError, match=r"line 18, statuses: “Amber”: “yellow” is not one of: none, not_started"):
        folder.load(plans.by_theme(), mapping=wrong)
    with pytest.raises(CommandError, match=r"line 15, people: “Officer 1”: nobody with the email address"):
        folder.load(plans.by_theme(), mapping=wrong.replace("yellow", "at_risk"))
    with pytest.raises(CommandError, match="is not one of: strategy, plan, work_plan"):
        folder.load(
            plans.by_theme(), mapping=MAPPING.replace('slug = "our-plan"', 'slug = "our-plan"\nkind = "charter"')
        )
    with pytest.raises(CommandError, match="is a spreadsheet"):
        call_command("load_strategy", str(folder.path / "plan.xlsx"))
    assert not Strategy.objects.exists()


def test_a_person_without_the_right_loads_nothing(folder):
    folder.administrator = make_person("partner_lead", folder.charity)
    with pytest.raises(CommandError, match="Only a council officer or an administrator"):
        folder.load(plans.by_theme())
    folder.administrator.email = "nobody@example.org"
    with pytest.raises(CommandError, match="Nobody who can sign in"):
        folder.load(plans.by_theme())
