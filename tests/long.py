"""What takes long runs in ``make test-all`` only, so that ``make test`` takes less than twenty-five minutes on two cores."""

import os
from typing import Final

import pytest

LONG: Final = bool(os.environ.get("PORTAL_LONG_TESTS"))
only_in_test_all: Final = pytest.mark.skipif(not LONG, reason="long: make test-all")
