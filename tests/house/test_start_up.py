"""Every process starts quickly: what it needs later is not loaded yet, and nothing looks for garbage meanwhile."""

import json
import subprocess
import sys

import pytest

from tests.house.source_rules import ROOT

STATE = "import gc, json; print(json.dumps([gc.isenabled(), gc.get_freeze_count() > 100_000, gc.get_stats()[2]['collections']]))"


def output(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout


def test_a_process_that_draws_nothing_does_not_load_what_draws():
    """It takes a quarter of the time in which a command starts."""
    loaded = output(
        "-c",
        "import sys, django; django.setup(); import vcsportal.urls, reporting.formats; print(*sys.modules, sep='\\n')",
    ).split()
    assert "reporting.rendering.pdf" in loaded
    assert {"weasyprint", "pydyf", "fontTools", "xlsxwriter", "docx"} & set(loaded) == set()


@pytest.mark.parametrize(
    "words",
    [
        ("manage.py", "shell", "-v0", "-c", STATE),
        ("-c", f"import vcsportal.wsgi; {STATE}"),
        ("-c", f"from vcsportal.celery import app; app.loader.import_default_modules(); {STATE}"),
    ],
    ids=["command", "web", "worker"],
)
def test_nothing_looks_for_garbage_until_everything_is_loaded(words):
    """Among what has just been loaded it finds none, and takes a third of a start."""
    enabled, frozen, whole_searches = json.loads(output(*words).splitlines()[-1])
    assert (enabled, frozen) == (True, True)
    assert whole_searches <= 1
