"""Files of published editions that show what somebody no longer agrees to are erased in time; their sealed rows stay."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from commitments.models import Evidence, EvidenceFile
from commitments.services import consents
from reporting.models import Edition, FaceErasure, IntegrityCheck
from reporting.services.integrity import check_edition
from reporting.services.stored_files import check_stored_files
from tests.reporting.conftest import point_to_queue
from tests.reporting.reading.test_suspension import edition_of, file, status, take_down
from vcsportal.privacy.retention_table import RULE
from vcsportal.privacy.services.retention_job import apply_retention

pytestmark = pytest.mark.django_db
__all__ = ["file"]


@pytest.fixture(autouse=True)
def no_queue(queue):
    """Rows wait."""
    point_to_queue(broker_url="redis://127.0.0.1:1/0")


def _due(code: str = "published_files") -> datetime:
    day = timezone.localdate() + timedelta(days=RULE[code].kept_for + 1)
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _erased(edition: Edition) -> set[str]:
    return set(FaceErasure.objects.filter(face__edition=edition).values_list("face__code", flat=True))


def test_the_files_that_show_a_photograph_are_erased_after_their_last_day_and_no_others(year, file, client):
    edition = edition_of(year)
    take_down(year, file)
    apply_retention(_due() - timedelta(seconds=1))
    assert _erased(edition) == set()
    run = apply_retention(_due())
    assert run.counts.get(kind="published_files").count == 2
    assert _erased(edition) == {"annex", "html"}
    for face in edition.faces.all():
        assert default_storage.exists(str(face.content.name)) == (face.code not in {"annex", "html"})
    found = status(client, edition)
    assert {code for code, answered in found.items() if answered == 410} == {"annex", "html"}
    assert {answered for code, answered in found.items() if code not in {"annex", "html"}} == {200}
    assert not apply_retention(_due()).counts.filter(kind="published_files").exists()


def test_a_story_takes_the_files_that_tell_it_and_a_draft_is_left_alone(year, file, client):
    edition, draft = edition_of(year), edition_of(year, 2, published=False)
    take_down(year, None, Evidence.objects.get(pk=file.evidence_id))
    apply_retention(_due())
    assert {"pdf", "html", "csv", "xlsx", "json"} <= _erased(edition)
    assert "easy" not in _erased(edition)
    assert _erased(draft) == set()


def test_what_somebody_agreed_to_again_in_time_stays(year, file):
    edition = edition_of(year)
    take_down(year, file)
    consents.record_consent(
        by=year.reviewer, at=timezone.now() + timedelta(seconds=1), evidence=file.evidence, file=file,
        given_by="The man with the hat", given_on=timezone.localdate(), uses=["portal", "report"],
    )  # fmt: skip
    apply_retention(_due())
    assert _erased(edition) == set()
    assert EvidenceFile.objects.get(pk=file.pk).erased_at is None


def test_pages_say_when_and_why_and_a_copy_is_still_recognised(year, file, client, signed_in):
    edition = edition_of(year)
    annex = edition.faces.get(code="annex")
    take_down(year, file)
    apply_retention(_due())
    answer = client.get(reverse("reporting:face", args=[edition.pk, "annex"]))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "was erased on" in page
    assert annex.sha256[:8] in page
    assert "no-store" in answer["Cache-Control"]
    page = client.get(edition.get_absolute_url()).content.decode()
    assert "The annex (PDF): erased on" in page
    assert annex.sha256[:8] in page
    found = client.get(reverse("reporting:verify-checksum", args=[annex.sha256]))
    assert found.status_code == 200
    assert reverse("reporting:face", args=[edition.pk, "annex"]) not in found.content.decode()
    faces = {one["code"]: one for one in client.get(f"/api/v1/editions/{edition.pk}/").json()["faces"]}
    assert faces["annex"]["url"] is None
    assert faces["annex"]["erased_at"] is not None
    assert faces["annex"]["sha256"] == annex.sha256
    assert (faces["easy"]["erased_at"], faces["easy"]["url"] is None) == (None, False)


def test_erased_is_not_missing(year, file):
    edition = edition_of(year)
    check_edition(at=timezone.now(), edition=edition)
    take_down(year, file)
    apply_retention(_due())
    assert check_edition(at=timezone.now(), edition=edition) == []
    assert not IntegrityCheck.objects.filter(edition=edition, part="annex").exists()
    assert check_stored_files(at=timezone.now()).wrong == []
    out = StringIO()
    call_command("verify_edition", "--all", stdout=out)
    said = out.getvalue()
    assert "The annex (PDF): erased on" in said
    assert "photograph is erased" in said
    assert "WRONG" not in said


def test_another_file_that_is_missing_is_still_found(year, file):
    edition = edition_of(year)
    take_down(year, file)
    apply_retention(_due())
    default_storage.delete(str(edition.faces.get(code="easy").content.name))
    assert len(check_edition(at=timezone.now(), edition=edition)) == 1


def test_the_record_of_an_erasure_stays_and_the_sealed_rows_are_untouched(year, file):
    edition = edition_of(year)
    before = list(edition.faces.order_by("id").values())
    take_down(year, file)
    apply_retention(_due())
    assert list(edition.faces.order_by("id").values()) == before
    with pytest.raises(DatabaseError, match="only be added to"), transaction.atomic():
        FaceErasure.objects.all().delete()


@pytest.mark.parametrize("which", ["content", "print_content", "face"])
def test_what_was_erased_and_came_back_with_a_backup_is_found(year, file, which):
    edition = edition_of(year)
    take_down(year, file)
    apply_retention(_due())
    erased = EvidenceFile.objects.get(pk=file.pk)
    assert erased.erased_at is not None
    name = str(edition.faces.get(code="annex").content if which == "face" else getattr(erased, which))
    default_storage.save(name, ContentFile(b"back again"))
    assert check_stored_files(at=timezone.now()).wrong == [
        f"{name} was erased because a consent had ended, and is there again. Remove it."
    ]
