"""Whether a process has come close to the memory that it may use."""

import resource
import subprocess
import sys

import pytest

from reporting.production import failures
from tests.stack import ROOT
from vcsportal.common import memory

pytestmark = pytest.mark.skipif(not memory.STATUS.exists(), reason="only Linux says how much a process has used")
ASK = """
import resource, sys
from vcsportal.common import memory
limit = memory.peak() + 200_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
kept = bytearray(int(sys.argv[1]))
print(memory.nearly_spent())
"""


@pytest.mark.parametrize(("used", "expected"), [(1_000_000, "False"), (190_000_000, "True")])
def test_a_process_knows_that_it_has_nearly_used_it_up(used, expected):
    done = subprocess.run([sys.executable, "-c", ASK, str(used)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_one_without_a_limit_has_never_used_it_up():
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
    assert memory.peak() > 0
    assert not memory.nearly_spent()


def test_a_library_that_hides_a_refusal_is_understood_all_the_same(monkeypatch):
    """As Pango does: SystemError, "error return without exception set"."""
    hidden = SystemError("error return without exception set")
    assert failures.sentence(hidden, step="x", key=1) == failures.BROKEN.format(step="x", key=1)
    monkeypatch.setattr(memory, "nearly_spent", lambda: True)
    assert failures.sentence(hidden, step="x", key=1) == failures.TOO_BIG.format(step="x")
