"""What the trail records of reports: publishing, withdrawing, suspending, and downloads of what is not published."""

import pytest
from django.utils import timezone

from partners.models import SecurityEvent
from reporting.services.sealing import in_words
from tests import factories
from tests.factories import make_edition

pytestmark = pytest.mark.django_db


def recorded() -> list[tuple[str, str]]:
    of_reports = ["published", "withdrawn", "suspended", "restored", "downloaded"]
    return list(SecurityEvent.objects.filter(kind__in=of_reports).order_by("id").values_list("kind", "subject"))


@pytest.fixture
def edition(officer, open_round):
    return make_edition(round_=open_round, by=officer)


def test_publishing_and_withdrawing_name_the_edition_and_who_did_it(edition, officer):
    factories.seal(edition, by=officer, at=timezone.now())
    words = in_words(edition)
    assert words == f"Report of {edition.round.slug}, edition {edition.number}"
    factories.withdraw_edition(by=officer, at=timezone.now(), edition=edition, reason="A figure was wrong.")
    assert recorded() == [("published", words), ("withdrawn", words)]
    event = SecurityEvent.objects.get(kind="withdrawn")
    assert event.detail == "A figure was wrong."
    assert event.by is not None


def test_a_download_of_a_draft_is_recorded_and_one_of_a_published_edition_is_not(edition, officer, client, signed_in):
    address = f"/reports/{edition.pk}/report.pdf"
    reader = signed_in(officer)
    answer = reader.get(address)
    assert answer.status_code == 200
    assert reader.head(address).status_code == 200
    assert reader.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    [(kind, subject)] = recorded()
    assert kind == "downloaded"
    assert subject.startswith(in_words(edition))
    assert subject.endswith(".pdf")
    assert SecurityEvent.objects.get(kind="downloaded").by == officer
    factories.seal(edition, by=officer, at=timezone.now())
    for who in (client, reader):
        assert who.get(address).status_code == 200
    assert [kind for kind, _ in recorded()] == ["downloaded", "published"]
