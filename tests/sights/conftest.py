"""A portal for all visitors, as the demo story leaves it. What one of them does there is not in the way of the next."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack, running_portal


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_portal(tmp_path_factory.mktemp("portal"), wsgi="tests.sights.wsgi") as running:
        yield running
