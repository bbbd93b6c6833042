"""Scans each upload for malware, if the council has a scanner: a program named in the setting ``SCAN_COMMAND``."""

import logging
import os
import shlex
import subprocess

from django.conf import settings

from commitments.files.dangerous_content import Dangerous
from vcsportal.common.words import NotNow

logger = logging.getLogger(__name__)


def check_for_malware(shown: str, data: bytes) -> None:
    """Give the file to the scanner's standard input. It ends with 0 if the file is clean, and with 1 if it is not.

    Anything else, or no answer within ``SCAN_SECONDS``, means that the file is refused. Without a
    ``SCAN_COMMAND`` no file is scanned.

    :param shown: the file's name, as the sentence of a refusal says it.
    :raises Dangerous: the scanner found something.
    :raises Refused: the scanner gave no answer.
    """
    if not settings.SCAN_COMMAND:
        return
    try:
        done = subprocess.run(  # noqa: S603 - the command is the operator's, and nothing of the file is in it
            shlex.split(settings.SCAN_COMMAND), input=data, capture_output=True, timeout=settings.SCAN_SECONDS,
            env={"PATH": os.environ.get("PATH", os.defpath)}, check=False,
        )  # fmt: skip
        status, says = done.returncode, (done.stdout + done.stderr)[-300:]
    except (OSError, subprocess.TimeoutExpired) as error:
        status, says = -1, str(error).encode()
    if status == 1:
        logger.warning("The malware scanner refused an upload: %r", says)
        raise Dangerous(f"“{shown}” was refused by the malware scanner. Check your device, and don’t send the file on.")
    if status != 0:
        logger.error("The malware scanner gave no answer (%s): %r", status, says)
        raise NotNow(
            f"“{shown}” could not be checked for malware, so it was not added. Add it again later. If that does not work "
            f"either, write to {settings.PORTAL_CONTACT_EMAIL}."
        )
