"""A portal for the visitors of one file, as the demo story leaves it."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack, running_portal


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running
