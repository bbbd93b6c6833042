"""The shapes of points in the API. Original words and contact details are in none of them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commitments.api.commitment_names import HOW_NAMED, MAX_NAME_CHARACTERS, commitments_named
from commitments.api.serializers import StanceWord, StateWord, say_stance
from commitments.content.points import RecordedPoint
from commitments.models import Action, Commitment, Engagement, Point, Strategy
from commitments.queries.point_people import people_who_handle
from commitments.rules import stances
from commitments.rules.engagement_kinds import DECISION, SAID
from commitments.rules.point_limits import MAX_LINE_CHARACTERS, MAX_WORDS_CHARACTERS
from partners.models import Organisation, PartnershipGroup, User
from vcsportal.common.api_addresses import api_url
from vcsportal.common.api_shapes import Answer, Input, Named, Word
from vcsportal.common.numbers import LARGEST_INTEGER
from vcsportal.common.words import choices

VERSION_READ = "The version you read, so that nobody's changes are overwritten."
TEXT: Any = {"required": False, "allow_blank": True, "default": "", "max_length": MAX_WORDS_CHARACTERS}
LINE: Any = {**TEXT, "max_length": MAX_LINE_CHARACTERS}
NONE: Any = {"required": False, "allow_null": True, "default": None}
NO_SUCH: Any = {"does_not_exist": "No match was found for {value}. Check it and try again."}
NO_PAGE = "Give the path of a page of this portal, such as /organisations/the-alliance/."
NOT_AN_OWNER = "Nobody with this email address can read and answer it. Choose somebody else, or use owner_words."


class PointKindWord(Word):
    """The kind of a point, such as a decision."""


class PointOwnerPart(serializers.Serializer[Any]):
    """Who has to answer it or, for a decision, to do it."""

    person = serializers.CharField(allow_null=True, help_text="The person's name, or null.")
    words = serializers.CharField(help_text="An organisation or a team without an account; empty if there is none.")


class PointReply(Answer):
    """What somebody asked, said or decided, in the words that are published, and the answer."""

    url = serializers.URLField()
    id = serializers.IntegerField()
    kind = PointKindWord()
    state = StateWord()
    raised_on = serializers.DateField()
    strategy = serializers.CharField(allow_null=True, help_text="Its slug; null if it is about none.")
    group = Named(allow_null=True)
    engagement = serializers.CharField(
        help_text="The title of the engagement at which it was made; empty if there is none."
    )
    district = serializers.CharField(allow_null=True, help_text="The GSS code; null if it is about none.")
    words = serializers.CharField(help_text="The published words; empty while nothing is published.")
    raised_by = serializers.CharField(help_text="Who raised it, as it is published.")
    stance = StanceWord(allow_null=True)
    response = serializers.CharField()
    responded_at = serializers.DateTimeField(allow_null=True)
    decided_where = serializers.CharField(
        help_text="The title of the engagement at which the answer was decided; empty if there is none."
    )
    done_on = serializers.DateField(allow_null=True)
    commitment = serializers.CharField(allow_null=True, help_text="The key of the commitment that it led to, or null.")
    action = serializers.URLField(allow_null=True, help_text="The action that it became, or null.")
    owner = PointOwnerPart(allow_null=True, help_text="Null unless you are among those who answer it.")
    due_on = serializers.DateField(allow_null=True, help_text="Null unless you are among those who answer it.")
    version = serializers.IntegerField(help_text="Send it back when you change the point.")

    def represent(self, row: Any) -> dict[str, Any]:
        shown, mine = row.is_published, row.is_handled
        by = (row.raised_by.name if row.raised_by else row.raised_by_words) if shown else ""
        return {
            "url": api_url(f"points/{row.pk}/"),
            "id": row.pk,
            "kind": {"code": row.kind, "label": row.kind_of.label},
            "state": {"code": row.state, "label": row.state_of.label},
            "raised_on": row.raised_on.isoformat(),
            "strategy": row.strategy.slug if row.strategy else None,
            "group": {"slug": row.group.organisation.slug, "name": row.group.organisation.name} if row.group else None,
            "engagement": row.engagement.title if row.engagement else "",
            "district": row.district.gss_code if row.district else None,
            "words": row.public_words if shown else "",
            "raised_by": by,
            "stance": say_stance(row.stance),
            "response": row.response,
            "responded_at": row.responded_at.isoformat() if row.responded_at else None,
            "decided_where": row.decided_at.title if row.responded_at and row.decided_at else "",
            "done_on": row.done_on.isoformat() if row.done_on else None,
            "commitment": row.became_commitment.key if row.became_commitment else None,
            "action": _action_url(row.became_action) if row.became_action else None,
            "owner": {"person": row.owner.name if row.owner else None, "words": row.owner_words} if mine else None,
            "due_on": row.due_on.isoformat() if mine and row.due_on else None,
            "version": row.version,
        }


def _action_url(action: Action) -> str:
    commitment = action.commitment
    return api_url(f"strategies/{commitment.strategy.slug}/commitments/{commitment.key}/actions/{action.pk}/")


class PointVersionInput(Input):
    """What was read."""

    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER, help_text=VERSION_READ)


class PointAnswerInput(PointVersionInput):
    """An answer with its reason."""

    stance = serializers.ChoiceField(choices=choices(stances.STANCES))
    response = serializers.CharField(max_length=MAX_WORDS_CHARACTERS)


class PointPublishInput(PointVersionInput):
    """The words that everyone will read. They name nobody."""

    public_words = serializers.CharField(max_length=MAX_WORDS_CHARACTERS)
    raised_by_words = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=MAX_LINE_CHARACTERS
    )


class PointReasonInput(PointVersionInput):
    """Why something is done."""

    reason = serializers.CharField(**TEXT)


class PointDoneInput(PointVersionInput):
    """The day on which it was done."""

    done_on = serializers.DateField()


class PointCloseInput(PointReasonInput):
    """Why it is closed."""

    is_spam = serializers.BooleanField(required=False, default=False)


def _owner(**more: Any) -> Any:
    return serializers.EmailField(
        allow_null=True, max_length=254, help_text="The email address of somebody who answers it, or null.", **more
    )


def find_owner(email: str | None, about: Point) -> User | None:
    """Return whoever has this email address among those who may answer a point; None for none.

    Raise :class:`serializers.ValidationError` for anybody else: who else has an account is not for this answer to say.
    """
    if not email:
        return None
    found = people_who_handle(about, timezone.localdate()).filter(email__iexact=email).first()
    if found is None:
        raise serializers.ValidationError({"owner": NOT_AN_OWNER})
    return found


class PointAssignInput(PointVersionInput):
    """Who answers it and by when. What is left out stays."""

    owner = _owner(required=False)
    owner_words = serializers.CharField(required=False, allow_blank=True, max_length=MAX_LINE_CHARACTERS)
    due_on = serializers.DateField(required=False, allow_null=True, help_text="Null for no due date.")


def _strategy(**more: Any) -> Any:
    return serializers.SlugRelatedField(
        slug_field="slug", queryset=Strategy.objects.select_related("owner"), allow_null=True, error_messages=NO_SUCH,
        help_text="The strategy's slug, or null.", **more,
    )  # fmt: skip


@extend_schema_field(OpenApiTypes.STR)
class PointGroupField(serializers.SlugRelatedField[Any]):
    """A group by the slug of its organisation: a text, which the description of the API can't see by itself."""


def _group(**more: Any) -> Any:
    return PointGroupField(
        slug_field="organisation__slug", queryset=PartnershipGroup.objects.select_related("organisation"),
        allow_null=True, error_messages=NO_SUCH, help_text="The slug of the group's organisation, or null.", **more,
    )  # fmt: skip


class PointDirectInput(PointVersionInput):
    """Which strategy and group it is about, and so who answers it. What is left out stays."""

    strategy = _strategy(required=False)
    group = _group(required=False)


class NewPointInput(Input):
    """What was said or decided, at an engagement or elsewhere, and who acts on it."""

    kind = serializers.ChoiceField(choices=[(SAID, "Said"), (DECISION, "Decision")])
    words = serializers.CharField(
        max_length=MAX_WORDS_CHARACTERS, help_text="Name organisations and posts, not people."
    )
    raised_on = serializers.DateField(help_text="The day on which it was said or decided.")
    engagement = serializers.PrimaryKeyRelatedField(
        queryset=Engagement.objects.select_related("strategy__owner", "group__organisation"), **NONE,
        help_text="The id of the engagement at which it was said. It then has its strategy and group.",
    )  # fmt: skip
    strategy = _strategy(required=False, default=None)
    group = _group(required=False, default=None)
    commitment = serializers.CharField(**NONE, max_length=MAX_NAME_CHARACTERS, help_text=f"Its name: {HOW_NAMED}.")
    raised_by = serializers.SlugRelatedField(
        slug_field="slug", queryset=Organisation.objects.public(), **NONE, error_messages=NO_SUCH,
        help_text="The slug of the organisation that raised it.",
    )  # fmt: skip
    raised_by_words = serializers.CharField(**LINE, help_text="A group or a post, never a name.")
    about_words = serializers.CharField(**LINE, help_text="What it is about, where that is no commitment.")
    about_page = serializers.RegexField(
        r"^(/(?!/)[^\s\\]*)?$", **{**LINE, "max_length": 500}, error_messages={"invalid": NO_PAGE},
        help_text="The path of the page with more about it, such as that of a vacant seat.",
    )  # fmt: skip
    owner = _owner(required=False, default=None)
    owner_words = serializers.CharField(**LINE, help_text="An organisation or a team. A decision needs someone.")
    due_on = serializers.DateField(**NONE)
    makes_action = serializers.BooleanField(
        required=False, default=False, help_text="Whether a decision becomes an action of its commitment, too."
    )
    action = serializers.CharField(**LINE, help_text="What will be done, in a few words; only for an action.")
    publish = serializers.BooleanField(
        required=False, default=False, help_text="Whether everyone can read these words at once."
    )

    def validate_commitment(self, name: str | None) -> Commitment | None:
        if not name:
            return None
        found = commitments_named([name]).get(name)
        if found is None:
            raise serializers.ValidationError(NO_SUCH["does_not_exist"].format(value=name))
        return found

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("strategy", "group"):
            if attrs["engagement"] is not None and attrs[name] is not None:
                raise serializers.ValidationError({name: "The engagement says whose it is, so leave this out."})
        return attrs

    @property
    def content(self) -> RecordedPoint:
        """What was sent, for the service."""
        options = {"owner", "makes_action", "publish"}
        return RecordedPoint(**{name: value for name, value in self.validated_data.items() if name not in options})
