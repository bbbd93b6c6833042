"""A web application that takes its time, and writes down what it has worked on."""

import os
import time
from pathlib import Path
from typing import Any

SECONDS = 0.4


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    time.sleep(SECONDS)
    with Path(os.environ["WORKED_ON"]).open("a") as file:
        file.write(environ["PATH_INFO"] + "\n")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
