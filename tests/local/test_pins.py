"""The pinned requirements and the compose file, read as data."""

import re
import shutil

import pytest
import yaml

from vcsportal.local.pins import faults
from vcsportal.local.places import ROOT


@pytest.fixture
def copy(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_the_pinned_requirements_are_in_step(copy):
    assert faults(copy) == []


DASHES = "--"  # kept apart: no file may hold the whole option, not even this one


@pytest.mark.parametrize(
    ("file", "pattern", "new", "says"),
    [
        ("pyproject.toml", r'"gunicorn>=\d+"', '"gunicorn>=9999"', "pins gunicorn"),
        ("pyproject.toml", r'"gunicorn>=\d+"', '"unheard-of>=1"', "lacks unheard-of"),
        ("requirements/run.txt", r"pillow==\S+", "pillow==0.1", "pins pillow 0.1"),
        ("requirements/test.txt", r"asgiref==\S+", "asgiref==0.1", "another asgiref"),
        ("requirements/run.txt", r"(tinycss2==\S+ \\\n)(    --hash=\S+( \\)?\n)+", r"\1", "tinycss2 has no hash"),
        ("requirements/run.txt", r"^", f"{DASHES}index-url https://example.org\n", "names an address"),
        ("requirements/production.txt", r"--universal ", "", "was not made by"),
    ],
)
def test_requirements_out_of_step_are_named(copy, file, pattern, new, says):
    path = copy / file
    text, count = re.subn(pattern, new, path.read_text(), count=1)
    assert count == 1
    path.write_text(text)
    assert any(says in fault for fault in faults(copy)), faults(copy)


def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_every_service_has_a_health_check_or_ends_by_itself():
    services = compose()["services"]
    assert set(services) >= {"db", "redis", "web", "worker", "beat"}
    for name, service in services.items():
        if service["restart"] == "no":
            assert name == "migrate"
        else:
            assert service["healthcheck"]["test"], name


OPTIONAL = {"SECRET_KEY_FALLBACKS", "EMAIL_URL", "NOTIFY_API_KEY", "BACKUP_PASSPHRASE"}
"""Secrets that a portal may do without. One way to send email is asked for when the portal starts."""


def test_no_secret_has_a_default_or_stands_in_the_compose_file():
    text = (ROOT / "docker-compose.yml").read_text()
    names = re.findall(r"\$\{(\w*(?:PASSWORD|PASSPHRASE|SECRET|KEY|URL)\w*)([^}]*)\}", text)
    required = {name for name, rest in names if rest.startswith(":?")}
    assert len(required) >= 6
    assert {name for name, rest in names if rest == ":-"} == OPTIONAL, "empty unless somebody sets it"
    others = [(name, rest) for name, rest in names if name not in required | OPTIONAL]
    assert others == [], "a secret has no value of its own here"
    for service in compose()["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|PASSPHRASE|SECRET|KEY", name):
                assert value.startswith("${"), name


def test_only_the_proxy_is_reached_from_outside():
    services = compose()["services"]
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert "stores" in services["db"]["networks"]
    assert services["db"]["networks"] == services["redis"]["networks"] == ["stores"]
    assert "stores" not in services["proxy"].get("networks", ["default"]), "the proxy reaches the web server alone"


def test_the_image_runs_as_an_ordinary_user_from_hashed_requirements():
    text = (ROOT / "Dockerfile").read_text()
    last = text.split("FROM ")[-1]
    assert re.search(r"^USER portal$", last, flags=re.M)
    assert "--require-hashes -r requirements/production.txt" in last
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", text, flags=re.M)
    named = [name for line in copied for name in line.split()]
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []
