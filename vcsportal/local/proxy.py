"""The web server and the proxy in front of it: the same proxy, with the same file, that Compose starts."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from signal import SIGKILL, SIGTERM

from vcsportal.local.folder import Folder
from vcsportal.local.places import PYTHON, ROOT
from vcsportal.local.say import say
from vcsportal.local.servers import Program

CADDYFILE = ROOT / "vcsportal" / "serving" / "Caddyfile"
SETTINGS = "python:vcsportal.serving.gunicorn_conf"
ALONE = "Without a proxy (none is bundled for this kind of machine, or PORTAL_PROXY=0): the web server stands alone."


def caddy() -> Path | None:
    """Return the proxy's program, or None where there is none for this machine."""
    caddy = PYTHON.parent / "caddy"
    return caddy if os.access(caddy, os.X_OK) else None


def web_programs(folder: Folder, env: Mapping[str, str], listening: socket.socket) -> list[Program]:
    """Return the web server and its proxy, or the web server alone.

    The port is the proxy's then, and the web server has a socket that only we can open. Whoever sets BEHIND_PROXY has a
    proxy already; PORTAL_PROXY=0 does without one. Both sockets are held by us, so people wait instead of being refused while one of the two is restarted.

    :param listening: holds the port that people reach.
    """
    has_one = bool(env.get("BEHIND_PROXY"))
    program = None if has_one or env.get("PORTAL_PROXY") == "0" else caddy()
    if program is None:
        if not has_one:
            say(ALONE)
        return [web_server(folder, dict(env), listening)]
    behind = socket_behind(folder)
    proxy_env = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder.run),
        "XDG_DATA_HOME": str(folder.run / "proxy"),
        "XDG_CONFIG_HOME": str(folder.run / "proxy"),
        "PROXY_ADDRESS": f"http://:{listening.getsockname()[1]}",
        "PROXY_BIND": f"fd/{listening.fileno()}",
        "PROXY_UPSTREAM": f"unix/{behind.getsockname()}",
    }
    listening.set_inheritable(True)
    return [
        web_server(folder, {**env, "BEHIND_PROXY": "1"}, behind),
        Program(
            "proxy",
            [str(program), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"],
            folder.logs / "proxy.log",
            proxy_env,
            folder.run,
            ((SIGTERM, 7.0), (SIGKILL, 5.0)),
            options={"pass_fds": (listening.fileno(),)},
        ),
    ]


def web_server(folder: Folder, env: dict[str, str], listening: socket.socket) -> Program:
    """Return the web server on a socket of ours."""
    listening.set_inheritable(True)
    argv = [str(PYTHON), "-m", "gunicorn", "--config", SETTINGS, "--bind", f"fd://{listening.fileno()}"]
    argv += ["--graceful-timeout", "5"]
    options = {"pass_fds": (listening.fileno(),)}
    return Program("web server", argv, folder.logs / "web.log", env, ROOT, options=options, listening=listening)


def socket_behind(folder: Folder) -> socket.socket:
    """Return a listening socket in our own folder, which nobody else can enter."""
    path = folder.short(folder.run, "web.sock") / "web.sock"
    path.unlink(missing_ok=True)
    held = socket.socket(socket.AF_UNIX)
    held.bind(str(path))
    held.listen(256)
    return held
