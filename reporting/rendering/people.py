"""Groups with their seats, meetings, and what people asked for, ready for the report's templates."""

from typing import Any

from reporting.facts import EngagementFacts, GroupFacts, Report, SeatFacts
from reporting.narrative import charters, engagement, groups
from vcsportal.common.dates import in_words
from vcsportal.common.plurals import join_with_and


def people(report: Report) -> dict[str, Any]:
    """Return them by the names that the templates use; each is empty where there is nothing of it."""
    return {
        "described": [_group(group) for group in report.groups],
        "met": [_met(each) for each in report.engagement],
        "planned": [_met(each) for each in report.planned],
        "signed": report.signatories,
        "signed_summary": charters.summary(report),
        "asked": engagement.rows(report),
        "asked_summary": engagement.points_in_words(report.points),
        "asked_days": engagement.answered_as_at(report) if report.points else "",
    }


def _group(group: GroupFacts) -> dict[str, Any]:
    return {
        "facts": group,
        "aims": groups.aims(group),
        "purpose": groups.purpose(group),
        "sentences": groups.sentences(group),
        "is_bare": not (group.purpose or group.aims or group.subgroups or groups.sentences(group)),
        "subgroups": join_with_and(group.subgroups),
        "seats": [_seat(seat) for seat in group.seats],
    }


def _seat(seat: SeatFacts) -> dict[str, Any]:
    day = seat.since if seat.is_held else seat.vacant_since
    marks = (("chair", seat.is_chair), ("secretary", seat.is_secretary))
    mark = " and ".join(word for word, marked in marks if marked and word not in seat.title.lower())
    return {
        "title": f"{seat.title} ({mark})" if mark else seat.title,
        "vacant": not seat.is_held,
        "holder": groups.holder(seat) if seat.is_held else "Vacant",
        "since": in_words(day) if day else "Not known",
    }


def _met(each: EngagementFacts) -> dict[str, Any]:
    about = [each.kind_label, each.place, each.owner, join_with_and(each.districts)]
    return {
        "facts": each,
        "about": ", ".join(filter(None, about)),
        "placed": engagement.placed(each),
        "numbers": engagement.numbers(each) or ("Not counted" if each.is_written_up else "Not written up yet"),
    }
