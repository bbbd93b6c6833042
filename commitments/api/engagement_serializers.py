"""The shapes of engagement in the API."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from commitments.api.commitment_names import HOW_NAMED, MAX_NAME_CHARACTERS, commitments_named
from commitments.api.evidence_serializers import District
from commitments.api.serializers import StateWord
from commitments.content.engagement import AttendanceEntry, EngagementAccount, EngagementOwner, EngagementPlan
from commitments.models import Attendance, Commitment, Engagement, Evidence, Strategy
from commitments.rules import workflow
from commitments.rules.engagement_kinds import ENGAGEMENT_KINDS
from commitments.services.engagement_account import MAX_ATTENDANCE, MAX_EVIDENCE, MAX_PEOPLE, NUMBERS
from partners.models import Area, Organisation, PartnershipGroup, Seat
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_shapes import Answer, Input, Named, Word
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.words import choices

TEXT: Any = {"required": False, "allow_blank": True, "default": ""}
NONE: Any = {"required": False, "allow_null": True, "default": None}
MAX_CHOSEN = 100
NO_SUCH = "There is no {what} “{value:.60}”."


class CommitmentPart(serializers.Serializer[Any]):
    """A commitment that it is about."""

    strategy = serializers.CharField()
    key = serializers.CharField(help_text="Its key, which never changes.")
    reference = serializers.CharField(help_text="Its reference now.")


class AttendedSeatPart(serializers.Serializer[Any]):
    """A seat of the group."""

    number = serializers.IntegerField()
    title = serializers.CharField()


class AttendancePart(serializers.Serializer[Any]):
    """Somebody who came or sent apologies: organisation and post, never a name."""

    organisation = Named(allow_null=True)
    post = serializers.CharField()
    seat = AttendedSeatPart(allow_null=True)
    sent_apologies = serializers.BooleanField()


class AccountPart(serializers.Serializer[Any]):
    """What became of it."""

    summary = serializers.CharField(help_text="In a small part of Markdown.")
    source = serializers.CharField(help_text="Where the account comes from, if it is quoted.")  # type: ignore[assignment]  # a field called as an attribute of every field
    people_attended = serializers.IntegerField(allow_null=True, help_text="Null where nobody counted: that is not 0.")
    people_asked = serializers.IntegerField(allow_null=True)
    people_answered = serializers.IntegerField(allow_null=True)
    attendance = AttendancePart(many=True)
    evidence = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of evidence that you may see.")


class EngagementAnswer(Answer):
    """A meeting, workshop, consultation, forum, survey, focus group or visit."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    id = serializers.IntegerField()
    kind = Word()
    title = serializers.CharField()
    state = StateWord()
    state_reason = serializers.CharField(help_text="Why it was called off.")
    group = Named(allow_null=True)
    strategy = serializers.CharField(allow_null=True, help_text="The strategy's slug.")
    when = serializers.CharField(help_text="Its days in words, as exactly as they are known.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="Null for a single day.")
    month_only = serializers.BooleanField(help_text="Whether only the month is known.")
    starts_at = serializers.TimeField(allow_null=True)
    place = serializers.CharField()
    districts = District(many=True)
    question = serializers.CharField()
    method = serializers.CharField()
    commitments = CommitmentPart(many=True)
    account = AccountPart(allow_null=True, help_text="Null until it is written up, except for those who keep it.")
    written_up_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Counts its saves; name the one that you read when you change it.")

    def represent(self, row: Any) -> dict[str, Any]:
        state = workflow.ENGAGEMENT_STATE[row.state]
        told = row.is_written_up or row.pk in self.context["kept"]
        return {
            "url": f"{self.context['api_root']}engagement/{row.pk}/",
            "page": portal_url(reverse("commitments:engagement", args=[row.pk])),
            "id": row.pk,
            "kind": {"code": row.kind, "label": row.kind_of.label},
            "title": row.title,
            "state": {"code": state.code, "label": state.label},
            "state_reason": row.state_reason,
            "group": _named(row.group.organisation) if row.group else None,
            "strategy": row.strategy.slug if row.strategy else None,
            "when": row.when,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat() if row.ends_on else None,
            "month_only": row.month_only,
            "starts_at": row.starts_at.isoformat() if row.starts_at else None,
            "place": row.place,
            "districts": [
                {"gss_code": area.gss_code, "name": area.name, "kind": area.kind}
                for area in sorted(row.districts.all(), key=lambda area: (area.name, area.pk))
            ],
            "question": row.question,
            "method": row.method,
            "commitments": [
                {"strategy": about.strategy.slug, "key": about.key, "reference": about.reference}
                for about in sorted(row.commitments.all(), key=_in_order)
            ],
            "account": _account(row) if told else None,
            "written_up_at": row.written_up_at.isoformat() if row.written_up_at else None,
            "version": row.version,
        }


def _in_order(commitment: Commitment) -> tuple[int, int, int]:
    return commitment.strategy_id, commitment.priority.number, commitment.number


def _named(organisation: Organisation) -> dict[str, str]:
    return {"slug": organisation.slug, "name": organisation.name}


def _account(row: Any) -> dict[str, Any]:
    def attended(attendance: Attendance) -> dict[str, Any]:
        return {
            "organisation": _named(attendance.organisation) if attendance.organisation else None,
            "post": attendance.post,
            "seat": {"number": attendance.seat.number, "title": attendance.seat.title} if attendance.seat else None,
            "sent_apologies": attendance.sent_apologies,
        }

    return {
        "summary": row.summary,
        "source": row.source,
        **{name: getattr(row, name) for name in NUMBERS},
        "attendance": [attended(line) for line in sorted(row.attendance.all(), key=lambda line: line.pk)],
        "evidence": [item.pk for item in row.shown_evidence],
    }


class VersionedInput(Input):
    """The version that was read."""

    version = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_INTEGER,
        help_text="The version you read, so that nobody's changes are overwritten.",
    )


class EngagementPlanInput(Input):
    """What everyone can read from the start."""

    kind = serializers.ChoiceField(choices=choices(ENGAGEMENT_KINDS))
    title = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(**NONE, help_text="Leave it out for a single day.")
    month_only = serializers.BooleanField(required=False, default=False, help_text="Whether only the month is known.")
    starts_at = serializers.TimeField(**NONE)
    place = serializers.CharField(**TEXT)
    districts = serializers.ListField(
        child=serializers.CharField(max_length=9), required=False, default=list, max_length=MAX_CHOSEN,
        help_text="GSS codes.",
    )  # fmt: skip
    question = serializers.CharField(**TEXT)
    method = serializers.CharField(**TEXT)
    commitments = serializers.ListField(
        child=serializers.CharField(max_length=MAX_NAME_CHARACTERS), required=False, default=list, max_length=MAX_CHOSEN,
        help_text=f"Each by its name: {HOW_NAMED}.",
    )  # fmt: skip

    def validate_districts(self, codes: list[str]) -> tuple[Area, ...]:
        found = {area.gss_code: area for area in Area.objects.districts().filter(gss_code__in=codes)}
        return tuple(_each(codes, found, "district"))

    def validate_commitments(self, names: list[str]) -> tuple[Commitment, ...]:
        return tuple(_each(names, commitments_named(names), "commitment"))


def _each(names: list[str], found: dict[str, Any], what: str) -> list[Any]:
    for name in names:
        if name not in found:
            raise serializers.ValidationError(NO_SUCH.format(what=what, value=name))
    return [found[name] for name in dict.fromkeys(names)]


class EngagementOwnerInput(Input):
    """Whose it is: a group's, a strategy's or both."""

    group = serializers.CharField(**NONE, max_length=80, help_text="The slug of the group's organisation.")
    strategy = serializers.CharField(**NONE, max_length=80, help_text="The strategy's slug.")

    def validate_group(self, slug: str | None) -> PartnershipGroup | None:
        found = PartnershipGroup.objects.select_related("organisation").filter(organisation__slug=slug).first()
        if slug and found is None:
            raise serializers.ValidationError(NO_SUCH.format(what="group", value=slug))
        return found

    def validate_strategy(self, slug: str | None) -> Strategy | None:
        found = Strategy.objects.select_related("owner").filter(slug=slug).first()
        if slug and found is None:
            raise serializers.ValidationError(NO_SUCH.format(what="strategy", value=slug))
        return found


class NewEngagementInput(EngagementPlanInput, EngagementOwnerInput):
    """What is planned, or took place, and whose it is."""


class EngagementEditInput(VersionedInput, EngagementPlanInput, EngagementOwnerInput):
    """What changes of it; what is left out stays."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, field in fields.items():
            if name != "version":
                field.required, field.default = False, serializers.empty
        return fields

    def plan(self, now: Engagement) -> EngagementPlan:
        """Return the whole plan: what was sent, and the rest as it is."""
        names = ("kind", "title", "starts_on", "ends_on", "month_only", "starts_at", "place", "question", "method")
        values = {name: getattr(now, name) for name in names}
        values["districts"], values["commitments"] = tuple(now.districts.all()), tuple(now.commitments.all())
        sent = {
            name: value for name, value in self.validated_data.items() if name not in {"version", "group", "strategy"}
        }
        return EngagementPlan(**{**values, **sent})

    def owner(self, now: Engagement) -> EngagementOwner:
        """Return whose it is to be: what was sent, or else as it is."""
        sent = self.validated_data
        return EngagementOwner(sent.get("group", now.group), sent.get("strategy", now.strategy))


def _number(help_text: str = "") -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=MAX_PEOPLE, help_text=help_text
    )


class AccountInput(VersionedInput):
    """What became of it. A number that is left out is not known: that is not 0."""

    summary = serializers.CharField(**TEXT, help_text="In a small part of Markdown.")
    source = serializers.CharField(**TEXT)  # type: ignore[assignment]  # a field called as an attribute of every field
    people_attended = _number("How many people attended.")
    people_asked = _number("How many were asked.")
    people_answered = _number("How many answered.")
    evidence = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER), required=False, default=list,
        max_length=MAX_EVIDENCE, help_text="Ids of evidence from it that you may see. What you may not see stays linked.",
    )  # fmt: skip

    def validate_evidence(self, keys: list[int]) -> tuple[Evidence, ...]:
        found = {str(item.pk): item for item in Evidence.objects.visible_to(self.context["person"]).filter(pk__in=keys)}
        return tuple(_each([str(key) for key in keys], found, "evidence number"))

    @property
    def account(self) -> EngagementAccount:
        """What was sent, for the service."""
        values = {name: value for name, value in self.validated_data.items() if name != "version"}
        return EngagementAccount(**values)


class AttendedInput(Input):
    """Somebody who came or sent apologies. Of a seat, organisation and post are those of whoever held it on the day."""

    seat = serializers.IntegerField(
        **NONE, min_value=0, max_value=LARGEST_INTEGER, help_text="The seat's number in its group."
    )
    organisation = serializers.CharField(**NONE, max_length=80, help_text="Its slug.")
    post = serializers.CharField(**TEXT, help_text="A post, never a name.")
    sent_apologies = serializers.BooleanField(required=False, default=False)


class AttendanceInput(VersionedInput):
    """Everybody who came or sent apologies, in the place of what was recorded before."""

    attendance = AttendedInput(many=True, max_length=MAX_ATTENDANCE)  # type: ignore[call-arg]  # it goes to the list around it

    def validate_attendance(self, rows: list[dict[str, Any]]) -> list[AttendanceEntry]:
        seats = {seat.number: seat for seat in Seat.objects.filter(group=self.context["group"])}
        slugs = [row["organisation"] for row in rows if row["organisation"]]
        kept = Attendance.objects.filter(engagement=self.context["engagement"]).values_list("organisation", flat=True)
        known = {found.slug: found for found in Organisation.objects.public(*kept).filter(slug__in=slugs)}
        entries = []
        for row in rows:
            if row["seat"] is not None and row["seat"] not in seats:
                raise serializers.ValidationError(f"The group has no seat with the number {row['seat']}.")
            if row["organisation"] and row["organisation"] not in known:
                raise serializers.ValidationError(NO_SUCH.format(what="organisation", value=row["organisation"]))
            entries.append(
                AttendanceEntry(
                    seats.get(row["seat"]), known.get(row["organisation"]), row["post"], row["sent_apologies"]
                )
            )
        return entries


class CallOffInput(VersionedInput):
    """Why it is called off."""

    reason = serializers.CharField(**TEXT, help_text="The reason. Everyone can read it.")
