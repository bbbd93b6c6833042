"""When an action is late: one rule for pages, tasks, exports and the report.

An action may be done on its due date until that day is over, so it is not late on that day. Without a due date it never is.
"""

from datetime import date


def is_over(due_on: date | None, day: date) -> bool:
    """Return whether a due date is over on this day: what is due today is not late today."""
    return due_on is not None and due_on < day


def missed_its_day(due_on: date | None, ended_on: date | None, day: date) -> bool:
    """Return whether an action was not done by its due date, as is known on ``day``.

    :param ended_on: the day on which it was done or dropped, None for one that is open.
    """
    return due_on is not None and is_over(due_on, day) and (ended_on is None or ended_on > due_on)
