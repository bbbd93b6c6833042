"""Every accepted, publishable piece of the year is in every face of its edition, and nothing else is in any.

The easy summary has two pages and tells how many pieces there were; it names none that may not be named.
"""

import csv
import html
import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.utils import timezone

from commitments.files.uploads import check_upload
from commitments.models import Evidence
from commitments.services import consents
from commitments.services import evidence as evidence_services
from partners.services.roles import add_person_with_role
from reporting import production
from reporting.formats import FORMAT_BY_CODE
from reporting.models import Edition
from reporting.services.editions import request_edition
from tests.factories import make_evidence, make_organisation
from tests.reporting.year import Year, make_year
from vcsportal.common import plurals

pytestmark = pytest.mark.django_db(transaction=True)

TOLD = {
    "accepted": "Mended ninety kettles on the green",
    "hidden": "Wrote down what nobody shall read",
    "draft": "Began a list of benches",
    "submitted": "Carried chairs to the mill",
    "returned": "Counted swallows at the lock",
    "withdrawn": "Painted the ferry blue",
    "taken_back": "Baked for the night shelter",
    "another_year": "Sang at the well dressing",
}
STORY = "The woman with the violin told us how she came here."


def squeezed(text: str) -> str:
    """Letters and digits alone: lines are broken differently in every face."""
    return re.sub(r"\W+", "", text).lower()


def in_zip(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        parts = [
            whole.read(name).decode() for name in whole.namelist() if name.endswith((".xml", ".csv", ".md", ".txt"))
        ]
    return html.unescape(re.sub(r"<[^>]+>", " ", "\n".join(parts)))


def in_pdf(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def words_of(code: str, content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return squeezed(in_pdf(content))
    if content.startswith(b"PK"):
        return squeezed(in_zip(content))
    if code == "json":
        return squeezed(json.dumps(json.loads(content), ensure_ascii=False))
    assert code == "html", f"nobody has said how to read {code}"
    text = re.sub(r"<(style|title)\b.*?</\1>", " ", content.decode(), flags=re.S)
    return squeezed(html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture
def told(council, queue) -> tuple[Year, Edition]:
    """A year with a piece in every state, made into an edition."""
    year = make_year(shape=(2, 2), pieces=4, years=2, council=council)
    charity = make_organisation("The Ferry House")
    lead = add_person_with_role(
        by=None, at=timezone.now(), email="lead@example.org", name="Lead", role="partner_lead", organisation=charity
    )
    first, second = year.strategy.commitments.in_order()[:2]
    day = year.round.observes_from + timedelta(days=30)
    for state, title in TOLD.items():
        real = state if state in {"draft", "submitted", "returned", "withdrawn"} else "accepted"
        piece = make_evidence(
            lead, first, second, state=real, officer=year.reviewer, title=title, publishable=state != "hidden",
            happened_from=day if state != "another_year" else year.rounds[0].observes_from, happened_to=None,
            story=STORY if state == "accepted" else "",
        )  # fmt: skip
        if state == "taken_back":
            evidence_services.withdraw_evidence(by=lead, at=timezone.now(), evidence=piece)
    edition = request_edition(by=year.officer, at=timezone.now(), round_=year.round)
    assert production.produce(edition.pk), Edition.objects.get(pk=edition.pk).error
    edition.refresh_from_db()
    return year, edition


def read(edition: Edition) -> dict[str, str]:
    found = {}
    for face in edition.faces.all():
        with face.content.open("rb") as file:
            found[face.code] = words_of(face.code, file.read())
    return found


def test_every_face_holds_every_piece_that_may_be_told_and_no_other(told):
    _year, edition = told
    faces = read(edition)
    assert set(faces) == set(FORMAT_BY_CODE)
    pieces = edition.facts["evidence"]
    assert len(pieces) == 5
    assert TOLD["accepted"] in {piece["title"] for piece in pieces}
    looked = 0
    for code, words in faces.items():
        for piece in pieces:
            looked += 1
            if code not in {"easy", "summary"}:
                assert squeezed(piece["title"]) in words, f"{piece['title']} is not in {code}"
                assert squeezed(piece["organisation"]) in words, f"{piece['organisation']} is not in {code}"
        for state, title in TOLD.items():
            if state != "accepted":
                assert squeezed(title) not in words, f"{title} ({state}) is in {code}"
    assert looked == 5 * len(FORMAT_BY_CODE)
    assert "5" in in_pdf(edition.face("easy").content.open("rb").read())


def test_the_portals_own_files_may_be_uploaded_as_evidence(told):
    """What people download here they send to each other; only the report in print holds other files."""
    _year, edition = told
    for code in ("easy", "docx", "odt", "xlsx", "ods"):
        with edition.face(code).content.open("rb") as file:
            assert check_upload("Ours", file.read()).kind == "document"


def test_what_was_taken_back_before_is_in_no_face_of_the_next_edition(told):
    year, edition = told
    without = {"pdf", "summary", "easy", "docx", "odt"}
    assert {code for code, words in read(edition).items() if squeezed(STORY) not in words} == without
    piece = Evidence.objects.get(title=TOLD["accepted"])
    consents.take_down(by=year.reviewer, at=timezone.now(), evidence=piece, asked_by="The woman with the violin")
    later = request_edition(by=year.officer, at=timezone.now(), round_=year.round)
    assert production.produce(later.pk)
    for code, words in read(later).items():
        assert squeezed(STORY) not in words, code


def asked(sql: str, *values: Any) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(cursor.fetchone())


def test_the_headline_numbers_of_every_face_are_those_of_the_database(told):
    """Read back from each file, and compared with SQL that knows nothing of the code that made them."""
    year, edition = told
    period = (year.round.observes_from, year.round.observes_to, year.strategy.pk)
    accepted = """
        from commitments_evidence e where e.state = 'accepted' and e.happened_from between %s and %s and exists (
          select 1 from commitments_evidence_commitments s join commitments_commitment c on c.id = s.commitment_id
          where s.evidence_id = e.id and c.strategy_id = %s)"""
    items, organisations, people, given = asked(
        f"select count(*), count(distinct e.organisation_id), sum(e.people_reached), count(e.people_reached) {accepted} and e.publishable",
        *period,
    )
    [hidden] = asked(f"select count(*) {accepted} and not e.publishable", *period)
    [commitments] = asked("select count(*) from commitments_commitment where strategy_id = %s", year.strategy.pk)
    [spoken] = asked(
        "select count(*) from commitments_progressupdate where state = 'published' and round_id = %s", year.round.pk
    )
    assert min(items, organisations, people, given, hidden, spoken) > 0
    faces, texts = {}, read(edition)
    for face in edition.faces.all():
        with face.content.open("rb") as file:
            faces[face.code] = file.read()
    before = year.rounds[-2]
    items_before, people_before, given_before = asked(
        """select count(*), sum(e.people_reached), count(e.people_reached) from commitments_evidence e where e.state = 'accepted'
          and e.publishable and e.happened_from between %s and %s and exists (
            select 1 from commitments_evidence_commitments s join commitments_commitment c on c.id = s.commitment_id
            where s.evidence_id = e.id and c.strategy_id = %s)""",
        before.observes_from, before.observes_to, year.strategy.pk,
    )  # fmt: skip
    assert min(items_before, people_before, given_before) > 0
    says = [
        f"for {spoken} of the {commitments} commitments"
        if spoken < commitments
        else f"every one of the {commitments} commitments",
        f"{plurals.capital(plurals.in_words(organisations))} organisations reported what they did in {items} accepted items of evidence",
        f"{hidden} more item was accepted but may not be published",
        "People reached adds up the items of evidence",
    ]
    looked = 0
    in_a_table = f"{people} from {given} of {items} items"
    in_words = f"{people} people reached (from {given} of {items} items"
    for code, sums in {
        "html": in_a_table,
        "pdf": in_a_table,
        "summary": in_a_table,
        "docx": in_words,
        "odt": in_words,
    }.items():
        for sentence in (*says, sums):
            looked += 1
            assert squeezed(sentence) in texts[code], f"“{sentence}” is not in {code}"
    beside = (
        f"People reached {people_before} from {given_before} of {plurals.counted(items_before, 'item')} {in_a_table}"
    )
    for code in ("html", "pdf", "summary"):
        assert squeezed(beside) in texts[code], f"“{beside}” is not in {code}"
    for sentence in (says[1], says[-1]):
        looked += 1
        assert squeezed(sentence) in texts["annex"], f"“{sentence}” is not in the annex"
    for sentence in (
        f"{organisations} organisations told us what they did", f"They sent {items} stories", f"They reached {people} people",
        f"{given} of {items} stories say so", f"We cannot publish {hidden} more story", f"The plan has {commitments} commitments",
    ):  # fmt: skip
        looked += 1
        assert squeezed(sentence) in texts["easy"], f"“{sentence}” is not in easy"
    expected = {
        "commitments": commitments, "commitments_with_update": spoken, "pieces_of_evidence": items, "organisations": organisations,
        "people_reached": people, "people_reached_given_by": given, "accepted_not_published": hidden, "came_in_late": 0,
    }  # fmt: skip
    [row] = json.loads(faces["json"])["tables"]["round"]["rows"]
    with zipfile.ZipFile(io.BytesIO(faces["csv"])) as whole:
        [line] = csv.DictReader(io.StringIO(whole.read("round.csv").decode("utf-8-sig")))
    for name, value in expected.items():
        looked += 2
        assert row[name] == value, name
        assert line[name] == str(value), name
    assert looked == 5 * (len(says) + 1) + 2 + 6 + 2 * len(expected)
