"""Checks without a network that the pinned requirements are what ``pyproject.toml`` asks for."""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from vcsportal.local.lock import COMMANDS
from vcsportal.local.places import ROOT

PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
Pins = dict[str, set[str]]


def wanted(kind: str, project: dict[str, Any]) -> list[Requirement]:
    """Return what the project itself asks for in one kind of installation."""
    extras: dict[str, list[str]] = project["optional-dependencies"]
    own: list[str] = list(project["dependencies"])
    for extra in {"production": [], "run": ["local"], "test": ["local", "test"]}[kind]:
        own += extras[extra]
    return [asked for asked in map(Requirement, own) if canonicalize_name(asked.name) != project["name"]]


def read(file: Path) -> tuple[Pins, list[str]]:
    """Return the pins of a file and the names that stand there without a hash."""
    pins: Pins = {}
    bare: list[str] = []
    for block in re.split(r"\n(?=[\w.-])", "\n" + file.read_text()):
        match = PIN.match(block)
        if match:
            pins.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
            if "--hash=sha256:" not in block:
                bare.append(match["name"])
    return pins, bare


def faults(root: Path = ROOT) -> list[str]:
    """Return a sentence for everything that is out of step."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    found: list[str] = []
    files = {kind: root / "requirements" / f"{kind}.txt" for kind in COMMANDS}
    pins = {kind: read(file) for kind, file in files.items()}
    for kind, file in files.items():
        own, bare = pins[kind]
        text = file.read_text()
        found += [f"requirements/{kind}.txt: {name} has no hash." for name in bare]
        if "://" in text:
            found.append(f"requirements/{kind}.txt names an address; the index comes from configuration.")
        if COMMANDS[kind] not in text:
            found.append(f"requirements/{kind}.txt was not made by: {COMMANDS[kind]}")
        for asked in wanted(kind, project):
            versions = own.get(canonicalize_name(asked.name), set())
            if not versions:
                found.append(f"requirements/{kind}.txt lacks {asked.name}.")
            found += [
                f"requirements/{kind}.txt pins {asked.name} {version}, but pyproject.toml asks for {asked.specifier}."
                for version in sorted(versions)
                if not asked.specifier.contains(version, prereleases=True)
            ]
        for name, versions in own.items():
            others = pins["run"][0].get(name)
            if others and others != versions:
                found.append(f"requirements/{kind}.txt pins another {name} than requirements/run.txt.")
    return found


def main() -> int:
    found = faults()
    print("\n".join(found) if found else f"{len(COMMANDS)} requirements files are in step with pyproject.toml.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
