"""The directory of the story, by itself."""

from time import process_time

import pytest
from django.utils import timezone

from partners.models import JoiningRequest, Organisation
from vcsportal.demo.directory import LISTED_COUNT, add_directory

pytestmark = pytest.mark.django_db


def test_four_hundred_are_listed_quickly_and_one_asks_to_take_part(area):
    begun = process_time()
    add_directory(timezone.now())
    print(f"{process_time() - begun:.1f} s of processor time")
    assert Organisation.objects.exclude(standing="takes_part").count() == LISTED_COUNT
    assert Organisation.objects.filter(standing="ended", succeeded_by__isnull=False).exists()
    assert JoiningRequest.objects.waiting().count() == 1
