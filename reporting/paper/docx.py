"""The committee paper as Word text."""

from reporting.facts import Report


def write(report: Report) -> bytes:
    """Return the file. The same facts give the same bytes."""
    return report.strategy.title.encode()
