"""Who held the seats of a group on the day of an engagement."""

from commitments.models import Engagement
from partners.models import Appointment, Seat


def seat_holders(engagement: Engagement) -> dict[int, Appointment]:
    """Return who held each of the group's seats on the first day, by the seat's key. One query; vacant seats are left out."""
    if engagement.group_id is None:
        return {}
    day = engagement.starts_on
    there = Seat.objects.on(day).filter(group=engagement.group_id)
    held = Appointment.objects.on(day).filter(seat__in=there).select_related("seat", "organisation")
    return {appointment.seat_id: appointment for appointment in held.order_by("seat__number", "seat_id")}


def vacant_seats(engagement: Engagement, holders: dict[int, Appointment]) -> list[Seat]:
    """Return the seats that nobody held on the first day, in the group's order. One query, none without a group."""
    if engagement.group_id is None:
        return []
    there = Seat.objects.on(engagement.starts_on).filter(group=engagement.group_id)
    return list(there.exclude(pk__in=holders).in_order())
