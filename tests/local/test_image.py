"""What the Dockerfile puts into the image is enough to run the portal. There is no Docker here: its copies are made by hand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long import only_in_test_all
from vcsportal.local.checks import AS_IN_PRODUCTION
from vcsportal.local.places import ROOT

IGNORED = (ROOT / ".dockerignore").read_text().split()
LAST_STAGE = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]


def left_out(folder: str, names: list[str]) -> list[str]:
    """Names in a folder that never reach Docker."""
    inside = Path(folder).relative_to(ROOT)
    return [name for name in names if str(inside / name) in IGNORED or name == "__pycache__"]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The image's /app."""
    app: Path = tmp_path_factory.mktemp("image") / "app"
    app.mkdir()
    copies = re.findall(r"^COPY (?!--from)(.+) (\S+)$", LAST_STAGE, re.MULTILINE)
    for sources, target in copies:
        for source in sources.split():
            if source.startswith("static"):
                continue  # built, below
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, app / target, ignore=left_out)
            else:
                (app / target).parent.mkdir(exist_ok=True)
                shutil.copy(ROOT / source, app / target)
    shutil.copytree(ROOT / "static" / "build", app / "static" / "build")
    assert len(copies) >= 7
    return app


def run(app: Path, *words: str) -> str:
    env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "DJANGO_ALLOW_ASYNC_UNSAFE"}}
    env |= AS_IN_PRODUCTION | {"SECRET_KEY": "only-while-building-" * 5, "DJANGO_SETTINGS_MODULE": "vcsportal.settings"}
    env |= {"PORTAL_DATA": str(app.parent), "STATIC_ROOT": str(app / "staticfiles")}
    done = subprocess.run([sys.executable, *words], cwd=app, env=env, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_only_runs_on_a_developers_machine_is_not_in_it(image):
    assert (image / "vcsportal" / "wsgi.py").exists()
    assert not (image / "vcsportal" / "local").exists()
    assert not (image / "tests").exists()


@only_in_test_all
def test_its_parts_start_from_what_is_in_it(image):
    run(image, "manage.py", "collectstatic", "--noinput", "-v0")
    entry = "import vcsportal.wsgi, vcsportal.serving.gunicorn_conf, vcsportal.serving.worker, vcsportal.worker_health as a; print(a.__file__)"
    check = "from django.core.management import call_command as c; c('check', '--deploy', '--fail-level', 'WARNING')"
    assert run(image, "-c", f"{entry}; {check}").startswith(f"{image / 'vcsportal' / 'worker_health.py'}\n")
    work = "from vcsportal.celery import app; app.loader.import_default_modules(); print(len(app.tasks))"
    assert int(run(image, "-c", work)) > 10
