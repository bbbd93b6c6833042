"""Photographs: measured by their first bytes, paid for, then drawn afresh by a process of their own."""

import io
import logging
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from PIL import Image

from commitments.files import drawing
from commitments.files.budget import Budget
from vcsportal.common.words import Invalid, NotNow

logger = logging.getLogger(__name__)
PROGRAM = Path(drawing.__file__)


def is_photograph(data: bytes) -> bool:
    """Say whether these are the first bytes of a JPEG, PNG or WebP."""
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def draw_afresh(shown: str, data: bytes, budget: Budget) -> tuple[bytes, bytes]:
    """Return the photograph at the size of a screen and at the size of print.

    :param shown: the file's name, as the sentence of a refusal says it.
    :raises Refused: it has too many pixels, is damaged or incomplete, or costs more than ``budget`` has left.
    """
    budget.take(shown, _pixels(shown, data))
    with budget.place(shown):
        return _drawn(shown, data, min(budget.seconds, settings.UPLOAD_SECONDS_A_PHOTOGRAPH))


def _pixels(shown: str, data: bytes) -> int:
    """Return how many pixels a photograph says it has. Nothing is decoded yet."""
    try:
        with Image.open(io.BytesIO(data), formats=drawing.FORMATS) as image:
            width, height = image.size
            most = settings.UPLOAD_MAX_PIXELS // (2 if image.format == "WEBP" else 1)  # it takes twice the memory
    except Image.DecompressionBombError:
        raise Invalid(_too_many_pixels(shown, settings.UPLOAD_MAX_PIXELS), field="uploads") from None
    except Exception as fault:  # whatever a reader says of a stranger's bytes, the file is what is wrong
        logger.info("A photograph could not be measured: %s", type(fault).__name__)
        raise Invalid(_damaged(shown), field="uploads") from None
    if width * height > most:
        raise Invalid(_too_many_pixels(shown, most), field="uploads")
    return width * height


def _drawn(shown: str, data: bytes, seconds: float) -> tuple[bytes, bytes]:
    command = [sys.executable, "-I", str(PROGRAM)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with nothing of the file in the command
            command, input=data, capture_output=True, timeout=max(seconds, 1), env={}, cwd="/", check=False
        )
    except subprocess.TimeoutExpired:
        logger.warning("A photograph was not drawn within %s seconds.", seconds)
        raise Invalid(
            f"“{shown}” takes too long to read. Save it in a smaller size, as JPEG, and choose it again.",
            field="uploads",
        ) from None
    except OSError as fault:
        logger.error("Photographs can't be drawn: %s", fault)
        raise NotNow(
            f"“{shown}” could not be checked, because the portal is very busy. Add it again in a minute."
        ) from None
    if done.returncode:
        logger.info("A photograph could not be drawn: %s %s", done.returncode, done.stderr[-200:])
        raise Invalid(_damaged(shown), field="uploads")
    length = int.from_bytes(done.stdout[:8])
    return done.stdout[8 : 8 + length], done.stdout[8 + length :]


def _too_many_pixels(shown: str, most: int) -> str:
    return (
        f"“{shown}” has too many pixels: the limit is {most // 1_000_000} million. Save it in a smaller size and choose it "
        "again."
    )


def _damaged(shown: str) -> str:
    return (
        f"“{shown}” is damaged or incomplete, so it can't be shown. Open it on your device, save it again as JPEG "
        "and choose that."
    )
