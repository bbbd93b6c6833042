"""The file for Compose in docs/scaling.md, read and put over docker-compose.yml as Compose does; there is no Docker here."""

import re
from typing import Any, Final

import pytest
import yaml

from vcsportal.local.places import ROOT

GUIDE: Final = (ROOT / "docs" / "scaling.md").read_text()
RESET: Final = object()
"""What ``!reset`` says: nothing is left of what was there."""
PORTAL: Final = ("migrate", "web", "worker", "beat")


class Loader(yaml.SafeLoader):
    """YAML with Compose's own tag."""


Loader.add_constructor("!reset", lambda loader, node: RESET)


def laid_over(below: Any, above: Any) -> Any:
    """Return two files of Compose as one: mappings are put together, and what is above takes the place of all else."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    both = below | {name: laid_over(below.get(name), value) for name, value in above.items()}
    return {name: value for name, value in both.items() if value is not RESET}


def override() -> str:
    [block] = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.M | re.S)
    return str(block)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    below = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    whole: dict[str, dict[str, Any]] = laid_over(below, yaml.load(override(), Loader))["services"]
    assert whole.keys() == below["services"].keys(), "the override names no service that there is not"
    return whole


def test_no_part_waits_for_what_is_left_out(services):
    left_out = {name for name, service in services.items() if "profiles" in service}
    assert left_out == {"db", "redis"}
    waits = {name: set(service.get("depends_on", ())) for name, service in services.items() if name not in left_out}
    assert waits.keys() == {"proxy", *PORTAL}
    assert not [name for name, others in waits.items() if others & left_out], waits


@pytest.mark.parametrize("name", PORTAL)
def test_every_part_has_the_shared_addresses_and_all_else_as_it_was(services, name):
    environment = services[name]["environment"]
    database = "SHARED_OWNER_DATABASE_URL" if name == "migrate" else "SHARED_DATABASE_URL"
    assert environment["DATABASE_URL"] == f"${{{database}:?set {database}}}"
    assert environment["REDIS_URL"] == "${SHARED_REDIS_URL:?set SHARED_REDIS_URL}"
    own = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][name]["environment"]
    changed = {"DATABASE_URL", "REDIS_URL"}
    assert {key: value for key, value in environment.items() if key not in changed} == {
        key: value for key, value in own.items() if key not in changed
    }
    assert "default" in services[name]["networks"], "the other network reaches nothing outside"
    assert services[name]["env_file"][0]["path"] == "portal.env"


def test_settings_for_the_bucket_and_the_pooler_are_not_overridden_by_compose(services):
    """What docker-compose.yml names comes from .env; a line in portal.env would be without effect."""
    named = services["web"]["environment"].keys()
    in_portal_env = {"DATABASE_SERVER_SIDE_CURSORS", *re.findall(r"`(FILES_\w+)`", GUIDE)}
    assert len(in_portal_env) == 6
    assert not in_portal_env & named
    assert "DATABASE_LIMITS_BY_OPTIONS" in named


def test_no_tag_is_repeated_by_an_alias():
    """Not every version of Compose hears a tag where an alias repeats it."""
    assert override().count("depends_on: !reset {}") == len(PORTAL)
