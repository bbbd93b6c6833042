"""The shapes of risks and their assessments in the API. Levels are words or ranges of words; there is no number for them."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from commitments.content.risks import AssessmentContent, RiskContent, RiskLeadContent
from commitments.models import Commitment, Priority, Risk, RiskAssessment, Strategy
from commitments.rules.risk_levels import EXPECTED, read_range
from commitments.services.risks import content_of
from partners.models import Organisation
from vcsportal.common.api_addresses import api_url, portal_url
from vcsportal.common.api_shapes import Answer, Input
from vcsportal.common.numbers import LARGEST_INTEGER

TEXT: Any = {"required": False, "allow_blank": True, "default": ""}
VERSION: Any = {"required": False, "min_value": 0, "max_value": LARGEST_INTEGER, "default": None, "allow_null": True}
LEVELS_HELP = "low, medium, high or very high, or a range such as “medium to high”."


class LeadPart(serializers.Serializer[Any]):
    """Who leads on a risk."""

    organisation = serializers.CharField(
        allow_null=True, help_text="The slug of an organisation; null where it is words."
    )
    name = serializers.CharField(help_text="Its name, or the words.")


class AssessmentPart(serializers.Serializer[Any]):
    """One assessment. It is never changed: a newer one replaces it."""

    id = serializers.IntegerField()
    impact = serializers.CharField(help_text=LEVELS_HELP)
    impact_reason = serializers.CharField()
    likelihood = serializers.CharField(help_text=LEVELS_HELP)
    likelihood_reason = serializers.CharField()
    condition = serializers.CharField(help_text="What it depends on.")
    priority = serializers.IntegerField(allow_null=True, help_text="The number of the priority that it is about.")
    scope = serializers.CharField(help_text="What it is about, in words. Empty for the risk as a whole.")
    period = serializers.CharField(help_text="For which years, in words.")
    round = serializers.CharField(allow_null=True, help_text="The round during which it was made.")
    assessed_on = serializers.DateField(allow_null=True, help_text="Null where its source names no day.")
    replaces = serializers.IntegerField(allow_null=True, help_text="The id of the assessment that it replaced.")
    in_force = serializers.BooleanField(help_text="Whether none has replaced it.")
    rose = serializers.ListField(
        child=serializers.CharField(),
        help_text="Which of impact and likelihood has a higher upper bound than in the assessment that it replaced.",
    )


class RiskAnswer(Answer):
    """A risk to a strategy, to one of its priorities or to one of its commitments."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    key = serializers.CharField(help_text="It never changes.")
    number = serializers.IntegerField(help_text="Its place in the register.")
    words = serializers.CharField(help_text="What could go wrong.")
    controls = serializers.CharField(help_text="The controls that there are, and the action required.")
    leads = LeadPart(many=True)
    priority = serializers.IntegerField(allow_null=True, help_text="The number of the priority that it is a risk to.")
    commitment = serializers.CharField(allow_null=True, help_text="The key of the commitment that it is a risk to.")
    note = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field called as an attribute of every field
    assessments = AssessmentPart(many=True, help_text="All of them, as they were added.")
    reviewed_in = serializers.ListField(child=serializers.CharField(), help_text="Rounds in which it was read again.")
    ended_on = serializers.DateField(allow_null=True, help_text="The day since which it is no longer a risk.")
    ended_because = serializers.CharField()
    version = serializers.IntegerField(help_text="Send it back when you change the risk.")

    def represent(self, row: Risk) -> dict[str, Any]:
        slug = row.strategy.slug
        everything = list(row.assessments.all())
        replaced = {each.replaces_id for each in everything}
        return {
            "url": api_url(f"strategies/{slug}/risks/{row.key}/"),
            "page": portal_url(reverse("commitments:risk", args=[slug, row.key])),
            **{name: getattr(row, name) for name in ("key", "number", "words", "controls", "note", "source")},
            "leads": [
                {"organisation": lead.organisation.slug if lead.organisation else None, "name": str(lead)}
                for lead in row.leads.all()
            ],
            "priority": row.priority.number if row.priority else None,
            "commitment": row.commitment.key if row.commitment else None,
            "assessments": [say_assessment(each, in_force=each.pk not in replaced) for each in everything],
            "reviewed_in": [review.round.slug for review in row.reviews.all()],
            "ended_on": row.ended_on.isoformat() if row.ended_on else None,
            "ended_because": row.ended_because,
            "version": row.version,
        }


def say_assessment(row: RiskAssessment, *, in_force: bool) -> dict[str, Any]:
    """Return an assessment as the API gives it."""
    texts = ("impact_reason", "likelihood_reason", "condition", "scope", "period")
    return {
        "id": row.pk,
        "impact": str(row.impact),
        "likelihood": str(row.likelihood),
        **{name: getattr(row, name) for name in texts},
        "priority": row.priority.number if row.priority else None,
        "round": row.round.slug if row.round else None,
        "assessed_on": row.assessed_on.isoformat() if row.assessed_on else None,
        "replaces": row.replaces_id,
        "in_force": in_force,
        "rose": list(row.rose),
    }


class _OfStrategy(Input):
    """What names priorities and commitments of the strategy in the address."""

    @property
    def strategy(self) -> Strategy:
        found: Strategy = self.context["strategy"]
        return found

    def validate_priority(self, number: int | None) -> Priority | None:
        """Return the priority with this number."""
        if number is None:
            return None
        found = Priority.objects.filter(strategy=self.strategy, number=number).first()
        if found is None:
            raise serializers.ValidationError(f"There is no priority {number} in this strategy.")
        return found

    def validate_commitment(self, key: str | None) -> Commitment | None:
        """Return the commitment with this key."""
        if not key:
            return None
        found = Commitment.objects.filter(strategy=self.strategy, key=key).first()
        if found is None:
            raise serializers.ValidationError(f"There is no commitment “{key}” in this strategy.")
        return found


class RiskInput(_OfStrategy):
    """A risk to record."""

    words = serializers.CharField()
    controls = serializers.CharField(**TEXT)
    leads = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Slugs of organisations, or words, in order."
    )
    priority = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LARGEST_INTEGER, help_text="The number of a priority."
    )
    commitment = serializers.CharField(required=False, allow_null=True, help_text="The key of a commitment.")
    note = serializers.CharField(**TEXT)
    source = serializers.CharField(**TEXT)  # type: ignore[assignment]  # a field called as an attribute of every field

    @property
    def content(self) -> RiskContent:
        """What was sent, for the service."""
        return risk_content(dict(self.validated_data))


class RiskEditInput(_OfStrategy):
    """What changes of a risk; what is left out stays."""

    words = serializers.CharField(required=False)
    controls = serializers.CharField(required=False, allow_blank=True)
    leads = serializers.ListField(child=serializers.CharField(), required=False)
    priority = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LARGEST_INTEGER)
    commitment = serializers.CharField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True)
    source = serializers.CharField(required=False, allow_blank=True)  # type: ignore[assignment]  # the base class has a field of this name
    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER, help_text="The version that you read.")

    def content(self, risk: Risk) -> RiskContent:
        """What the risk becomes, for the service."""
        now = content_of(risk)
        values = {
            name: getattr(now, name) for name in ("words", "controls", "note", "source", "priority", "commitment")
        }
        sent = {name: value for name, value in self.validated_data.items() if name != "version"}
        if "leads" not in sent:
            return RiskContent(**{**values, **sent}, leads=now.leads)
        return risk_content({**values, **sent}, *(lead.organisation.pk for lead in now.leads if lead.organisation))


def risk_content(values: dict[str, Any], *kept: int) -> RiskContent:
    """Return what was sent of a risk. A lead that is the slug of an organisation becomes that organisation.

    :param kept: the keys of organisations that lead it already: they stay, even if they have left the directory.
    """
    leads = [" ".join(lead.split()) for lead in values.pop("leads", None) or []]
    known = {row.slug: row for row in Organisation.objects.public(*kept).filter(slug__in=leads)}
    found = tuple(RiskLeadContent(known[lead]) if lead in known else RiskLeadContent(words=lead) for lead in leads)
    return RiskContent(**values, leads=found)


class LevelsField(serializers.CharField):
    """A level or a range of levels."""

    def to_internal_value(self, data: Any) -> Any:
        found = read_range(super().to_internal_value(data))
        if found is None:
            raise serializers.ValidationError(f"This is not a level. {EXPECTED}")
        return found


class AssessmentInput(_OfStrategy):
    """An assessment to add."""

    impact = LevelsField(help_text=LEVELS_HELP)
    impact_reason = serializers.CharField(**TEXT)
    likelihood = LevelsField(help_text=LEVELS_HELP)
    likelihood_reason = serializers.CharField(**TEXT)
    condition = serializers.CharField(**TEXT)
    priority = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LARGEST_INTEGER, help_text="The number of a priority."
    )
    scope = serializers.CharField(**TEXT)
    period = serializers.CharField(**TEXT)
    assessed_on = serializers.DateField(required=False, allow_null=True, help_text="Leave it out for today.")
    replaces = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=LARGEST_INTEGER,
        help_text="The id of the assessment that it takes the place of. Without it, that is the one in force with the same scope, period and condition.",
    )  # fmt: skip

    def validate_replaces(self, pk: int | None) -> RiskAssessment | None:
        """Return the assessment of this risk with this id."""
        if pk is None:
            return None
        found = RiskAssessment.objects.filter(risk=self.context["risk"], pk=pk).first()
        if found is None:
            raise serializers.ValidationError("This is not an assessment of this risk.")
        return found

    @property
    def content(self) -> AssessmentContent:
        """What was sent, for the service."""
        return AssessmentContent(**{name: value for name, value in self.validated_data.items() if name != "replaces"})


class RiskEndInput(Input):
    """Why it is no longer a risk."""

    reason = serializers.CharField()
    version = serializers.IntegerField(**VERSION)
