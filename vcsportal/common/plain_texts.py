"""Texts as they are stored and compared: browsers send CR LF, files may have CR, and the portal stores LF."""

import re
from typing import Final

_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200b\ufeff]")


def tidy_line_ends(text: str) -> str:
    """Return the text with LF at the end of every line but the last, as it is stored."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain(text: str) -> str:
    """Return a text as it is kept: line ends as LF, without blanks at its ends and without characters that nobody sees."""
    return _UNSEEN.sub("", tidy_line_ends(text).replace("\u00a0", " ")).strip()
