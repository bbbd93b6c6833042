"""The form of who attended: for each seat of the group, attended, sent apologies or did not attend; then further organisations and posts."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from commitments.content.engagement import AttendanceEntry
from commitments.forms.fields import PlainText, VersionedForm
from commitments.models import Attendance
from commitments.services.engagement_account import MAX_ATTENDANCE, MAX_POST_CHARACTERS
from partners.forms.organisation_choice import add_choices, check_chosen
from partners.models import Appointment, Organisation
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.widgets import Radios

BLANK_ROWS: Final = 3
UNREAD: Final = "Something is missing from what was sent. Check the list, then save it again."
CAME, APOLOGIES, ABSENT = "came", "apologies", ""
ANSWERS: Final = ((CAME, "Attended"), (APOLOGIES, "Sent apologies"), (ABSENT, "Did not attend"))
TOO_LONG: Final = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


class AttendanceForm(VersionedForm):
    """``rows`` counts the rows of others, whatever the browser does. ``version`` is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LARGEST_INTEGER)
    rows = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MAX_ATTENDANCE)

    def __init__(
        self, data: Any = None, *, holders: Mapping[int, Appointment], recorded: list[Attendance], version: int
    ) -> None:
        """:param holders: who held each seat on the day, by the seat's key, in the group's order.
        :param recorded: who is recorded now.
        """
        others = [row for row in recorded if row.seat_id is None]
        initial: dict[str, Any] = {"version": version, "rows": len(others) + BLANK_ROWS}
        for place, other in enumerate(others):
            initial[f"organisation-{place}"] = other.organisation.slug if other.organisation else ""
        super().__init__(data, initial=initial)
        self.holders = holders
        by_seat = {row.seat_id: APOLOGIES if row.sent_apologies else CAME for row in recorded if row.seat_id}
        for key, holder in holders.items():
            who = ", ".join(filter(None, [holder.organisation.name if holder.organisation else "", holder.post]))
            self.fields[f"seat-{key}"] = forms.ChoiceField(
                label=holder.seat.title,
                help_text=who,
                choices=ANSWERS,
                required=False,
                initial=by_seat.get(key, ABSENT),
                widget=Radios(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
                error_messages={"invalid_choice": "Choose one of the answers on the page."},
            )
        self.others = range(self._rows(len(others) + BLANK_ROWS))
        add_choices(
            self, [f"organisation-{place}" for place in self.others],
            offered=Organisation.objects.public(*(other.organisation_id for other in others)), label="Organisation", none="No organisation",
        )  # fmt: skip
        for place in self.others:
            row = others[place] if place < len(others) else None
            self.fields[f"post-{place}"] = PlainText(
                label="Post, or who they spoke for",
                required=False,
                initial=row.post if row else "",
                max_length=MAX_POST_CHARACTERS,
                error_messages={"max_length": TOO_LONG},
            )
            self.fields[f"apologies-{place}"] = forms.BooleanField(
                label="Sent apologies", required=False, initial=bool(row and row.sent_apologies)
            )

    def clean(self) -> dict[str, Any]:
        for place in self.others:
            check_chosen(self, f"organisation-{place}")
        values = self.cleaned_data
        if values.get("version") is None and "version" not in self.errors:
            self.add_error("organisation-0" if self.others else None, UNREAD)
        return values

    def _rows(self, usual: int) -> int:
        text = str(self.data.get("rows", "")) if self.is_bound else str(usual)
        return min(int(text), MAX_ATTENDANCE) if text.isascii() and text.isdigit() and len(text) < 6 else usual

    @property
    def seats(self) -> list[Any]:
        """The questions about seats, as bound fields."""
        return [self[f"seat-{key}"] for key in self.holders]

    @property
    def further(self) -> list[tuple[int, Any, Any, Any, Any]]:
        """The rows of others: number, search, organisation, post and apologies, as bound fields."""
        names = "organisation-{}_search", "organisation-{}", "post-{}", "apologies-{}"
        return [(place + 1, *(self[name.format(place)] for name in names)) for place in self.others]  # type: ignore[misc]  # four names

    @property
    def entries(self) -> list[AttendanceEntry]:
        """Who came and who sent apologies, for the service. Blank rows are nobody."""
        values = self.cleaned_data
        found = [
            AttendanceEntry(seat=holder.seat, sent_apologies=values[f"seat-{key}"] == APOLOGIES)
            for key, holder in self.holders.items()
            if values[f"seat-{key}"] != ABSENT
        ]
        for place in self.others:
            organisation, post = values[f"organisation-{place}"], values[f"post-{place}"]
            if organisation or post:
                found.append(
                    AttendanceEntry(organisation=organisation, post=post, sent_apologies=values[f"apologies-{place}"])
                )
        return found
