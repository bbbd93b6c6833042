"""The committee paper as numbered paragraphs, from the facts and their skeleton: what both formats write down."""

from reporting.facts import Report


def paragraphs_citing(report: Report) -> dict[int, list[str]]:
    """Return, by the number of a note (a piece of evidence), the paragraphs of the paper that rest on it."""
    return {}
