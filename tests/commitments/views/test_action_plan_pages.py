"""The pages on which a council makes a strategy of its own spreadsheet, without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, MatchedWord, PlanUpload, Strategy
from partners.models import Invitation
from partners.services.invitations import invite
from partners.services.standing import end_organisation
from tests.commitments.action_plans import plans
from tests.factories import make_council, make_organisation, make_person
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
DETAILS = {
    "title": "Our plan", "owner": "Oxfordshire County Council", "starts_on": "1 April 2025", "ends_on": "31 March 2028",
    "plan_day": "12 March 2026", "vision": "", "reports_to": "The Alliance",
}  # fmt: skip


def upload(client: Client, data: bytes | None = None, name: str = "action-plan.xlsx", **changes: str):
    file = SimpleUploadedFile(name, plans.by_theme() if data is None else data)
    return client.post(reverse("commitments:plan-new"), {**DETAILS, **changes, "file": file})


def sent_back(response) -> dict[str, str]:
    """What a form sends if nothing in it is touched."""
    form = response.context["form"]
    return {field.html_name: value for field in form if (value := field.value()) is not None}


@pytest.fixture
def administrator():
    return sign_in(Client(), make_person("administrator"))


def test_a_council_goes_from_its_file_to_a_strategy(administrator):
    council = make_council()
    lead = make_person("officer", council, "Officer 1")
    charity = make_organisation("Charity 3")
    first = upload(administrator)
    assert first.status_code == 302
    columns = administrator.get(first.url)
    assert "First rows: “CW1.1”; “CW1.2”; “CW1.3”" in columns.text
    names = administrator.post(first.url, sent_back(columns))
    assert names.status_code == 302
    page = administrator.get(names.url)
    answers = sent_back(page)
    assert answers["lead_0_what"] == f"known:{lead.pk}"
    answers |= {"lead_1_what": "invite", "lead_1_who": "second@example.org"}
    answers |= {"partner_0_what": "register", "partner_0_who": "charity1@example.org", "partner_0_kind": "cio"}
    check = administrator.post(names.url, answers)
    assert check.status_code == 302, page.context["form"].errors
    shown = administrator.get(check.url)
    assert "32 commitments" in shown.text
    assert "Officer 2, to be invited" in shown.text
    assert "Action plan!J2" in shown.text
    assert not Strategy.objects.exists()
    done = administrator.post(check.url)
    assert done.url == reverse("commitments:next-steps", args=["our-plan"])
    steps = administrator.get(done.url)
    assert "second@example.org" in steps.text
    assert "CW1.2" in steps.text
    made = Commitment.objects.get(reference="CW1.1")
    assert (made.lead_officer, made.status) == (lead, "at_risk")
    assert Commitment.objects.get(reference="CW1.3").partners.get() == charity
    assert not Invitation.objects.exists()
    check_invitations(administrator, done.url)
    again = administrator.post(check.url)
    assert (again.status_code, again.url) == (302, done.url)
    assert "This strategy was created already" in administrator.get(again.url).text
    assert administrator.get(check.url).status_code == 409
    assert Strategy.objects.count() == 1


def check_invitations(administrator, address):
    """The page says what became of each invitation, and offers it again where it came to nothing."""
    link = "email=second%40example.org"
    assert link in administrator.get(address).text
    person = make_person("administrator")
    council = Strategy.objects.get().owner
    invitation = invite(
        by=person, at=timezone.now(), email="second@example.org", name="Officer 2", role="officer", organisation=council
    )
    settled = {"settled_at": timezone.now(), "settled_by": person}
    for state, label, offered in (
        ("sent", "Sent", False),
        ("accepted", "Accepted", False),
        ("declined", "Declined", True),
    ):
        Invitation.objects.filter(pk=invitation.pk).update(state=state, **({} if state == "sent" else settled))
        page = administrator.get(address).text
        assert label in page.split("second@example.org")[1].split("</tr>")[0]
        assert (link in page) is offered, state
    Invitation.objects.all().delete()


def test_the_first_answers_name_nobody_who_was_not_suggested(administrator):
    make_organisation("Charity 3")
    columns = upload(administrator).url
    page = administrator.get(administrator.post(columns, sent_back(administrator.get(columns))).url)
    offered = {
        name: [words for _, words in page.context["form"].fields[name].choices]
        for name in ("lead_0_what", "partner_0_what")
    }
    assert offered["lead_0_what"][0] == "Someone who has an account"
    assert offered["partner_0_what"][0] == "An organisation in the portal"
    every = [
        field.choices
        for name, field in page.context["form"].fields.items()
        if name.startswith("partner") and name.endswith("what")
    ]
    assert ["Charity 3", "Another organisation in the portal"] in [
        [words for _, words in choices][:2] for choices in every
    ]


def test_the_next_plan_of_the_council_needs_no_mapping(administrator):
    make_council()
    rows = plans.rows_of(4, headings=["Wibble", *plans.HEADINGS[1:6], "Colour", *plans.HEADINGS[7:]])
    address = upload(administrator, plans.written(rows)).url
    page = administrator.get(address)
    answers = sent_back(page) | {"column_1": "reference", "column_7": "unused"}
    names = administrator.post(address, answers).url
    check = administrator.post(names, sent_back(administrator.get(names))).url
    administrator.post(check)
    assert MatchedWord.objects.get(words="colour").meaning == "unused"
    again = upload(administrator, plans.written(rows), title="Our second plan").url
    answers = sent_back(administrator.get(again))
    assert (answers["column_1"], answers["column_7"]) == ("reference", "unused")


def test_nobody_else_finds_an_upload(administrator):
    council = make_council()
    address = upload(administrator).url
    other = sign_in(Client(), make_person("administrator"))
    for page in (address, address.replace("columns", "names"), address.replace("columns", "check")):
        assert other.get(page).status_code == 404
        assert other.post(page).status_code == 404
    assert (
        sign_in(Client(), make_person("partner_lead", make_organisation("A charity"))).get(address).status_code == 403
    )
    assert sign_in(Client(), make_person("officer", council)).get(reverse("commitments:plan-new")).status_code == 200


def test_what_is_wrong_is_said_beside_its_field(administrator):
    make_council()
    wrong = upload(administrator, b"just a text, without a table")
    assert wrong.status_code == 422
    assert "We could not find a row of headings" in wrong.text
    assert "The last day comes before the first." in upload(administrator, ends_on="1 April 2025").text
    officer = sign_in(Client(), make_person("officer", make_organisation("Other Council", "public_body")))
    assert "does not cover this strategy" in upload(officer).text
    assert "Only an administrator can add an organisation." in upload(officer, owner="New Council").text
    address = upload(administrator).url
    answers = sent_back(administrator.get(address))
    assert "can’t both be “Reference”" in administrator.post(address, answers | {"column_2": "reference"}).text
    names = administrator.post(address, answers).url
    answers = sent_back(administrator.get(names))
    assert (
        "Nobody who can lead has “Ann”"
        in administrator.post(names, answers | {"lead_0_what": "typed", "lead_0_who": "Ann"}).text
    )
    assert PlanUpload.objects.get().leads == {}


def test_a_csv_file_has_no_sheet_and_its_cells_are_named_by_row_and_column(administrator):
    make_council()
    address = upload(administrator, b"Ref,Action,RAG\nA1,Do it,Red\nA1,Do that,Red\n", "plan.csv").url
    assert "“plan.csv” has 2 rows below its headings." in " ".join(administrator.get(address).text.split())
    answer = administrator.post(address.replace("columns", "check"))
    assert (answer.status_code, "Row 3, column Ref: “A1” is used twice" in answer.text) == (422, True)


def test_a_plan_with_a_fault_is_not_created_and_the_cell_is_named(administrator):
    make_council()
    address = upload(
        administrator, plans.written([("Ref", "Action", "RAG"), ("A1", "Do it", "Red"), ("A1", "Do that", "Red")])
    ).url
    check = address.replace("columns", "check")
    assert "Action plan!A3 (Ref): “A1” is used twice: row 2 has it too." in administrator.get(check).text
    answer = administrator.post(check)
    assert answer.status_code == 422
    assert "Action plan!A3" in answer.text
    assert not Strategy.objects.exists()


def test_a_plan_that_the_scanner_refuses_is_not_kept(administrator, settings):
    make_council()
    settings.SCAN_COMMAND, settings.SCAN_SECONDS = "false", 10
    page = upload(administrator)
    assert (page.status_code, "refused by the malware scanner" in page.text) == (422, True)
    assert not PlanUpload.objects.exists()


def test_two_uploads_of_one_plan_make_one_strategy(administrator):
    make_council()
    checks = []
    for _time in range(2):
        columns = administrator.get(upload(administrator).url)
        names = administrator.post(columns.request["PATH_INFO"], sent_back(columns))
        checks.append(administrator.post(names.url, sent_back(administrator.get(names.url))).url)
    assert administrator.post(checks[0]).status_code == 302
    second = administrator.post(checks[1])
    assert (second.status_code, "already has a strategy called “Our plan”" in second.text) == (422, True)
    assert Strategy.objects.count() == 1


def test_a_plan_with_hundreds_of_partners_can_be_answered(administrator):
    make_council()
    rows = plans.rows_of(400)
    many = [rows[0], *((*row[:4], f"Partner {number} of the county", *row[5:]) for number, row in enumerate(rows[1:]))]
    columns = administrator.get(upload(administrator, plans.written(many)).url)
    names = administrator.post(columns.request["PATH_INFO"], sent_back(columns))
    assert administrator.post(names.url, sent_back(administrator.get(names.url))).status_code == 302


def test_an_owner_that_has_ended_is_refused_at_its_field(administrator):
    gone = make_organisation("Old Council", "public_body")
    end_organisation(by=None, at=timezone.now(), organisation=gone, ended_on=None, succeeded_by=None)
    page = upload(administrator, owner="old council")
    assert "Old Council has ended, so nothing new can be recorded for it." in page.text
    make_organisation("Old Council", "public_body")
    assert upload(administrator, owner="old council").status_code == 302
