"""Installs everything that a fresh checkout needs. Standard library only: this runs before ``.venv`` exists."""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from vcsportal.local.places import PYTHON, ROOT, VENV
from vcsportal.local.programs import call, tail
from vcsportal.local.say import Sorry, say, step

LIBRARIES = {  # what WeasyPrint opens: (Debian package, its file on Linux, its file on macOS)
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
}
MAC_LIBRARIES = ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_PACKAGES = ("chromium-headless-shell", "chromium")
"""Debian's, the first that a system has: the browser without windows takes a fifth less time for the same pages."""
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
TOOLS = {"pdftoppm": ("poppler-utils", "poppler")}
"""Programs that tests call: (Debian's package, Homebrew's)."""


def fingerprint(paths: Iterable[Path], extra: str = "") -> str:
    """Return one hash over files' names and contents."""
    whole = hashlib.sha256(extra.encode())
    for path in sorted(paths):
        whole.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def is_current(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


# Debian ------------------------------------------------------------------------------------------------------------


def can_install() -> bool:
    """Tell whether we may install Debian packages: root, with apt at hand."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: list[str], why: str) -> None:
    """Install Debian packages as root, or say what to type."""
    names = " ".join(packages)
    with step(f"Installing {names} ({why})"), tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "apt.log"
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        if call(install, log=log, env=env) != 0:  # an empty or old list of packages
            call(["apt-get", "update"], log=log, env=env)
            if call(install, log=log, env=env) != 0:
                raise Sorry(f"{names} could not be installed ({why}). Install it and try again.\n{tail(log)}")


def apt_install_one_of(packages: Sequence[str], why: str) -> None:
    """Install the first of these Debian packages that the system has, or say what to type for the last."""
    for package in packages[:-1]:
        with suppress(Sorry):
            return apt_install([package], why)
    apt_install([packages[-1]], why)


# Python --------------------------------------------------------------------------------------------------------------


def make_venv() -> None:
    """Make ``.venv`` when there is none that works."""
    if PYTHON.exists():
        works = subprocess.run([PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"], check=False)
        if works.returncode == 0:
            return
        say("The .venv here no longer works; making a new one.")
    with step(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}"):
        if _venv() != 0 and can_install():
            apt_install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"], "Python's own venv module")
            _venv()
        if not PYTHON.exists() or subprocess.run([PYTHON, "-c", "import pip"], check=False).returncode:
            raise Sorry(
                f"Python at {sys.executable} could not make a virtual environment. On Debian and Ubuntu its venv module is a "
                f"package of its own: sudo apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            )


def _venv() -> int:
    with tempfile.TemporaryDirectory() as folder:
        return call([sys.executable, "-m", "venv", "--clear", VENV], log=Path(folder) / "venv.log")


def _pins(file: Path) -> set[str]:
    return set(re.findall(r"^[\w.-]+==[^\s;\\]+", file.read_text(), flags=re.M))


def install_packages(kind: str) -> None:
    """Install the hashed ``requirements/<kind>.txt`` unless that very file is installed."""
    make_venv()
    wanted, test = ROOT / "requirements" / f"{kind}.txt", ROOT / "requirements" / "test.txt"
    if is_current(VENV / f".installed-{kind}", fingerprint([wanted])):
        return
    if is_current(VENV / ".installed-test", fingerprint([test])) and _pins(wanted) <= _pins(test):
        return
    count = len(_pins(wanted))
    log = VENV / "install.log"

    def progress(text: str) -> str:
        seen = len(re.findall(r"^(?:Collecting|Requirement already satisfied)", text, flags=re.M))
        return "unpacking them" if "Installing collected" in text else f"{min(seen, count)} of {count} fetched"

    with step(f"Installing {count} Python packages"):
        quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
        call(
            [PYTHON, "-m", "pip", "install", "--no-deps", "--require-hashes", *quiet, "-r", wanted],
            log=log,
            what=f"The Python packages of requirements/{kind}.txt could not be installed. Is the network up? pip said:",
            progress=progress,
        )
    (VENV / f".installed-{kind}").write_text(fingerprint([wanted]))


# System libraries and programs -----------------------------------------------------------------------------------------


def mac_library_path() -> dict[str, str]:
    """Return the environment in which macOS finds Homebrew's and MacPorts' libraries."""
    if sys.platform != "darwin":
        return {}
    known = os.environ.get("DYLD_FALLBACK_LIBRARY_PATH", "")
    return {"DYLD_FALLBACK_LIBRARY_PATH": ":".join([*filter(None, [known]), *MAC_LIBRARIES])}


def missing_libraries() -> list[str]:
    """Return the Debian names of the system libraries that can't be opened."""
    missing = []
    for package, (linux, mac) in LIBRARIES.items():
        names = [linux] if sys.platform != "darwin" else [mac, *(f"{folder}/{mac}" for folder in MAC_LIBRARIES)]
        for name in names:
            try:
                ctypes.CDLL(name)
                break
            except OSError:
                continue
        else:
            missing.append(package)
    return missing


def install_libraries() -> None:
    """See that WeasyPrint will find Pango and its friends."""
    missing = missing_libraries()
    if missing and can_install():
        apt_install(missing, "the report's PDF is drawn with them")
        missing = missing_libraries()
    if not missing:
        return
    remedy = {"darwin": "brew install pango"}.get(sys.platform, f"sudo apt-get install {' '.join(missing)}")
    if sys.platform != "darwin" and not shutil.which("apt-get"):
        remedy = "sudo dnf install pango harfbuzz (or your system's packages for Pango)"
    raise Sorry(f"The report's PDF is drawn with Pango, which this machine lacks. Install it and try again: {remedy}")


def find_browser() -> str | None:
    """Return the path of a Chromium, from ``CHROMIUM`` or from PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            raise Sorry(
                f"CHROMIUM names {named}, but no program is there. Correct it, or unset it to have one looked for."
            )
        return named
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    return browser or (str(MAC_BROWSER) if MAC_BROWSER.exists() else None)


def install_test_tools() -> str:
    """See that the tests find a browser and the programs they call; return the browser's path."""
    lacking = {name: packages for name, packages in TOOLS.items() if not shutil.which(name)}
    browser = find_browser()
    if can_install():
        if wanted := [debian for debian, _ in lacking.values()]:
            apt_install(wanted, "the tests use them")
        if not browser:
            apt_install_one_of(BROWSER_PACKAGES, "the tests drive it")
        lacking = {name: packages for name, packages in lacking.items() if not shutil.which(name)}
        browser = browser or find_browser()
    if not browser:
        remedy = "brew install --cask google-chrome" if sys.platform == "darwin" else "sudo apt-get install chromium"
        raise Sorry(
            f"The tests drive a real browser and found none. Install Chromium ({remedy}), or name one: CHROMIUM=/path/to/chrome make test"
        )
    if lacking:
        debian, brew = zip(*lacking.values(), strict=True)
        remedy = (
            f"brew install {' '.join(brew)}" if sys.platform == "darwin" else f"sudo apt-get install {' '.join(debian)}"
        )
        raise Sorry(
            f"The tests call {', '.join(lacking)}, which this machine lacks. Install it and try again: {remedy}"
        )
    return browser
