"""Every filter that refuses a value says so in our words, on pages and through the API alike."""

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from commitments.models import Commitment
from tests.house.world import make_world
from vcsportal import urls  # noqa: F401 - every door is known, and so every FilterSet
from vcsportal.common.filtering import Filters

pytestmark = pytest.mark.django_db

THEIRS = re.compile(r"Select a valid|Ensure |Enter a|Null characters|available choices|This field")
WRONG = ("burnt", "x" * 5000, "a\x00b", "-1", "9" * 60, "1.5", "NaN")


def every_set() -> list[type[Filters]]:
    return sorted(Filters.__subclasses__(), key=lambda one: one.__name__)


def test_no_filter_set_does_without_our_words():
    import django_filters

    strays = [
        one.__name__
        for one in django_filters.FilterSet.__subclasses__()
        if one.__module__.split(".")[0] in {"vcsportal", "reporting", "commitments", "partners"} and one is not Filters
    ]
    assert strays == []
    assert len(every_set()) >= 6


def test_a_wrong_value_is_refused_in_our_words():
    make_world()
    looked = refused = 0
    kind: Any
    for kind in every_set():
        everything: Any = (
            Commitment.objects.in_order() if kind.__name__ == "CommitmentFilter" else kind._meta.model.objects.all()
        )
        for name in kind.base_filters:
            for value in WRONG:
                looked += 1
                data = QueryDict(mutable=True)
                data[name] = value
                form = kind(data, queryset=everything).form
                for sentence in form.errors.get(name, []):
                    refused += 1
                    assert not THEIRS.search(sentence), f"{kind.__name__}.{name}: {sentence}"
                    assert len(sentence) < 200
    print(f"looked at {looked} values, {refused} of them refused")
    assert refused >= 50


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/evidence/?priority=burnt", "“burnt” is not one of the choices here."),
        ("/strategies/our-strategy/commitments/?status=burnt", "“burnt” is not one of the choices here."),
        ("/organisations/?kind=circus", "“circus” is not one of the choices here."),
        ("/organisations/?q=" + "x" * 101, "Write 100 characters at most. This has 101."),
        ("/api/v1/evidence/?state=burnt", "“burnt” is not one of the choices here."),
        ("/api/v1/strategies/our-strategy/updates/?priority=x", "Write a whole number, such as 2"),
        ("/api/v1/strategies/our-strategy/updates/?priority=0", "Write 1 or more, or leave it out."),
    ],
)
def test_pages_and_api_say_the_same(address: str, sentence: str):
    make_world()
    answer = Client().get(address)
    assert answer.status_code in {400, 422}
    assert sentence in answer.content.decode()
