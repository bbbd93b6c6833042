"""The shapes of actions and of delivery partners in the API."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from commitments.models import DELIVERY_ROLES, Action
from commitments.rules import workflow
from partners.models import Organisation, User
from vcsportal.common.api_addresses import portal_url
from vcsportal.common.api_shapes import Answer, Input, Named, Word
from vcsportal.common.numbers import LARGEST_INTEGER

TEXT: Any = {"required": False, "allow_blank": True, "default": ""}
NONE: Any = {"required": False, "allow_null": True, "default": None}
DELIVERY_ROLE = dict(DELIVERY_ROLES)
NO_SUCH: Any = {"does_not_exist": "No match was found for {value}. Check it and try again."}


class ActionState(Word):
    """An action's state today: planned, late, done or dropped."""


class OwnerPart(serializers.Serializer[Any]):
    """Who owns an action."""

    person = serializers.CharField(
        allow_null=True, help_text="The officer's name, if you take part in the portal; otherwise null."
    )
    organisation = Named(allow_null=True)
    team = serializers.CharField()


class MovePart(serializers.Serializer[Any]):
    """A due date that was moved."""

    was = serializers.DateField(allow_null=True)
    now = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    on = serializers.DateField()


class ActionAnswer(Answer):
    """An action towards a commitment."""

    url = serializers.URLField()
    page = serializers.URLField(help_text="The address of its page.")
    id = serializers.IntegerField()
    commitment = serializers.CharField(help_text="The commitment's reference now.")
    commitment_key = serializers.CharField(help_text="The commitment's key, which never changes.")
    reference = serializers.CharField(help_text="Its own reference, such as 5b i. Empty if it has none.")
    title = serializers.CharField()
    parent = serializers.IntegerField(  # type: ignore[assignment]  # a field called as an attribute of every field
        allow_null=True, help_text="The id of the action it is part of."
    )
    state = ActionState()
    due_on = serializers.DateField(allow_null=True, help_text="Null if it has no due date.")
    done_on = serializers.DateField(allow_null=True)
    dropped_on = serializers.DateField(allow_null=True)
    dropped_why = serializers.CharField()
    owner = OwnerPart()
    moved = MovePart(many=True, help_text="Changes to its due date, oldest first.")
    version = serializers.IntegerField(help_text="Send it back when you change the action.")

    def represent(self, row: Any) -> dict[str, Any]:
        slug, key, action = row["commitment__strategy__slug"], row["commitment__key"], row["id"]
        organisation = {"slug": row["owner_organisation__slug"], "name": row["owner_organisation__name"]}
        return {
            "url": f"{self.context['api_root']}strategies/{slug}/commitments/{key}/actions/{action}/",
            "page": portal_url(reverse("commitments:action", args=[slug, key, action])),
            "id": action,
            "commitment": row["commitment__reference"],
            "commitment_key": key,
            "reference": row["reference"],
            "title": row["title"],
            "parent": row["parent_id"],
            "state": _state(row, self.context["today"]),
            **{name: row[name].isoformat() if row[name] else None for name in ("due_on", "done_on", "dropped_on")},
            "dropped_why": row["dropped_why"],
            "owner": {
                "person": row["owner_person__name"] if self.context["named"] else None,
                "organisation": organisation if organisation["slug"] else None,
                "team": row["owner_team"],
            },
            "moved": [
                {
                    **{name: move[name] for name in ("was", "now", "reason")},
                    "on": timezone.localdate(datetime.fromisoformat(move["at"])).isoformat(),
                }
                for move in row["moves"]
            ],
            "version": row["version"],
        }


def _state(row: Any, today: date) -> dict[str, str]:
    late = row["due_on"] is not None and row["due_on"] < today
    code = "done" if row["done_on"] else "dropped" if row["dropped_on"] else "late" if late else "planned"
    state = workflow.ACTION_STATE[code]
    return {"code": state.code, "label": state.label}


class _Owned(Input):
    """What is written of an action, apart from its days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if commitment := self.context.get("commitment"):
            parent: Any = self.fields["parent"]
            parent.queryset = Action.objects.filter(commitment=commitment)


def _parent(**more: Any) -> Any:
    return serializers.PrimaryKeyRelatedField(
        queryset=Action.objects.none(), help_text="The id of an action of the same commitment.", **more
    )


def _person(**more: Any) -> Any:
    return serializers.SlugRelatedField(
        slug_field="email", queryset=User.objects.all(), help_text="The email address of a council officer.",
        error_messages=NO_SUCH, **more,
    )  # fmt: skip


def _organisation(**more: Any) -> Any:
    return serializers.SlugRelatedField(
        slug_field="slug", queryset=Organisation.objects.public(), help_text="An organisation's slug.",
        error_messages=NO_SUCH, **more,
    )  # fmt: skip


class ActionInput(_Owned):
    """An action to add."""

    title = serializers.CharField(max_length=200)
    reference = serializers.CharField(max_length=20, **TEXT)
    parent = _parent(**NONE)
    due_on = serializers.DateField(**NONE, help_text="Leave it out for an action without a due date.")
    owner_person = _person(**NONE)
    owner_organisation = _organisation(**NONE)
    owner_team = serializers.CharField(max_length=120, **TEXT)


class ActionVersionInput(Input):
    """What was read."""

    version = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_INTEGER,
        help_text="The version you read, so that nobody's changes are overwritten.",
    )


class EditInput(_Owned, ActionVersionInput):
    """What changes of an action; what is left out stays."""

    title = serializers.CharField(max_length=200, required=False)
    reference = serializers.CharField(max_length=20, required=False, allow_blank=True)
    parent = _parent(required=False, allow_null=True)
    owner_person = _person(required=False, allow_null=True)
    owner_organisation = _organisation(required=False, allow_null=True)
    owner_team = serializers.CharField(max_length=120, required=False, allow_blank=True)


class MoveInput(ActionVersionInput):
    """Another due date, and why."""

    due_on = serializers.DateField(allow_null=True, help_text="Null removes the due date.")
    reason = serializers.CharField(**TEXT, help_text="The reason. Everyone can read it.")


class DoneInput(ActionVersionInput):
    """The day on which it was done. It is never assumed."""

    done_on = serializers.DateField()


class DropInput(ActionVersionInput):
    """Since when it is dropped, and why."""

    dropped_on = serializers.DateField()
    reason = serializers.CharField(**TEXT, help_text="The reason. Everyone can read it.")


class ReopenInput(ActionVersionInput):
    """Why it is open again."""

    reason = serializers.CharField(**TEXT, help_text="The reason. It is recorded in the history.")


class DeliveryAnswer(Answer):
    """An organisation's part in delivering a commitment, for a time."""

    url = serializers.URLField()
    id = serializers.IntegerField()
    commitment = serializers.CharField(help_text="The commitment's reference now.")
    commitment_key = serializers.CharField(help_text="The commitment's key, which never changes.")
    organisation = Named()
    role = Word()
    started_on = serializers.DateField(allow_null=True, help_text="First day; null if not known.")
    ended_on = serializers.DateField(
        allow_null=True, help_text="The first day it no longer delivers; null while it still does."
    )

    def represent(self, row: Any) -> dict[str, Any]:
        slug, key = row["commitment__strategy__slug"], row["commitment__key"]
        return {
            "url": f"{self.context['api_root']}strategies/{slug}/commitments/{key}/partners/{row['id']}/",
            "id": row["id"],
            "commitment": row["commitment__reference"],
            "commitment_key": key,
            "organisation": {"slug": row["organisation__slug"], "name": row["organisation__name"]},
            "role": {"code": row["role"], "label": DELIVERY_ROLE[row["role"]]},
            **{name: row[name].isoformat() if row[name] else None for name in ("started_on", "ended_on")},
        }


class DeliveryInput(Input):
    """An organisation that helps to deliver."""

    organisation = _organisation()
    role = serializers.ChoiceField(choices=DELIVERY_ROLES, required=False, default="delivers")
    started_on = serializers.DateField(**NONE, help_text="First day; leave it out if not known.")


class DeliveryChangeInput(Input):
    """What changes of a part; what is left out stays."""

    role = serializers.ChoiceField(choices=DELIVERY_ROLES, required=False)
    started_on = serializers.DateField(required=False, allow_null=True)
    ended_on = serializers.DateField(
        required=False, allow_null=True, help_text="The first day it no longer delivers, which can't be after today."
    )
