"""Line ends: browsers send CR LF, files may have CR, and the portal stores LF."""


def tidy_line_ends(text: str) -> str:
    """Return the text with LF at the end of every line but the last, as it is stored."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
