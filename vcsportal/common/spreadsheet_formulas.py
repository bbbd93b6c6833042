"""Text that a spreadsheet would read as a formula when it opens CSV."""

import re

# Also after blanks, in full-width letters, or guarded already.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")


def is_like_formula(text: str) -> bool:
    """Return whether a spreadsheet could take the text for a formula."""
    return _FORMULA.match(text) is not None


def guard_formula(text: str) -> str:
    """Return the text for CSV: one that is like a formula gets an apostrophe before it, and stays text."""
    return f"'{text}" if is_like_formula(text) else text
