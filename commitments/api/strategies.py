"""Strategies and what belongs to them through the API. Evidence has its own module."""

from typing import Any, Final, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.plan_serializers import PLAN_FIELDS, PlanInput
from commitments.api.progress_serializers import RoundAnswer, UpdateAnswer
from commitments.api.serializers import (
    PRIORITY_TEXTS,
    CommitmentAnswer,
    PriorityAnswer,
    StatusInput,
    StrategyAnswer,
)
from commitments.filters.commitments import CommitmentFilter
from commitments.filters.naming import key_of
from commitments.filters.progress import UpdateFilter
from commitments.forms.updates import StatusChangeForm
from commitments.models import (
    Action,
    Commitment,
    DeliveryPartner,
    Evidence,
    FormerReference,
    Priority,
    ProgressUpdate,
    Round,
    SectorView,
    Strategy,
)
from commitments.permissions.progress import check_can_manage_commitment, check_can_update_commitment
from commitments.queries.changes import changed_in_history, priority_changed, round_changed, strategy_changed
from commitments.reading.plans import related_column
from commitments.services.plan_details import change_plan
from commitments.services.progress import change_status
from partners.reading.public_names import name_or_post, sees_names
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor
from vcsportal.common.api_choices import Changes
from vcsportal.common.json_columns import list_column
from vcsportal.common.prepared_queries import PreparedQuery

SLUG = r"[-a-zA-Z0-9_]{1,80}"
NAME = r"[-\w.()\[\] ]{1,60}"
"""A commitment's key, or a reference that it has or had."""
IN_STRATEGY = OpenApiParameter("strategy", str, OpenApiParameter.PATH, description="The strategy's slug.")


class StrategyDoor(ReadDoor):
    """All strategies, newest first."""

    queryset = (
        Strategy.objects.select_related("owner", "supported_by", "steered_by", "succeeds")
        .prefetch_related("succeeded_by")
        .newest_first()
    )
    serializer_class = StrategyAnswer
    changes = Changes(strategy_changed)
    lookup_field = "slug"
    lookup_value_regex = SLUG


_WITH_SLUG: Final = PreparedQuery(lambda slug: Strategy.objects.filter(slug=slug))


class InStrategy(ReadDoor):
    """Objects of one strategy. If the strategy does not exist, the answer is 404, not an empty list."""

    @cached_property
    def strategy(self) -> Strategy:
        for strategy in _WITH_SLUG(slug=self.kwargs["strategy"]):
            return cast(Strategy, strategy)
        raise Http404

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Replace a reference that only one commitment has ever had with that commitment's key."""
        super().initial(request, *args, **kwargs)
        if "key" in self.kwargs:
            self.kwargs["key"] = key_of(self.kwargs["strategy"], self.kwargs["key"])


@extend_schema(parameters=[IN_STRATEGY])
class PriorityDoor(InStrategy):
    """A strategy's priorities, in its own order."""

    queryset = Priority.objects.none()
    serializer_class = PriorityAnswer
    changes = Changes(priority_changed)
    lookup_field = "number"
    lookup_value_regex = r"[0-9]{1,4}"

    def get_queryset(self) -> Any:
        return Priority.objects.filter(strategy=self.strategy).order_by("number", "id")

    def columns(self, queryset: Any) -> Any:
        here = Commitment.objects.filter(priority=OuterRef("pk")).in_order()
        rows = queryset.annotate(
            references=ArraySubquery(here.values("reference")), keys=ArraySubquery(here.values("key"))
        )
        return rows.values(
            "number",
            "reference",
            "title",
            *PRIORITY_TEXTS,
            "beneficiaries",
            "strategy__slug",
            "references",
            "keys",
            "group__organisation__slug",
            "group__organisation__name",
        )


COMMITMENT_FIELDS = (
    "key", "reference", "wording", "note", "note_source", "other_wording", "other_wording_source", "owner_response", "short_title", "added_on", "closed_on", "merged_into__key", "ongoing", "status", "status_reason", "status_remedy", "status_at", "version",
    "strategy__slug", "priority__number", "priority__title", "priority__reference", "lead_shown", "parts", "steps", "supporting", "views",
    "related_rows", "earlier_references", *PLAN_FIELDS,
)  # fmt: skip


def _with_columns(queryset: Any, *, names: bool) -> Any:
    here = {"commitment": OuterRef("pk")}
    partners = DeliveryPartner.objects.current().filter(**here).order_by("organisation__sort_name", "id")
    actions = Action.objects.filter(**here).in_order()
    former = FormerReference.objects.filter(**here).order_by("held_until", "id")
    views = SectorView.objects.filter(**here, withdrawn_at__isnull=True)
    supports = Commitment.supporting_officers.through.objects.filter(**here).order_by("user__name", "id")
    return queryset.annotate(
        parts=list_column(
            partners, slug="organisation__slug", name="organisation__name", role="role", started_on="started_on"
        ),
        steps=list_column(
            actions, **{name: name for name in ("id", "reference", "title", "due_on", "done_on", "dropped_on")}
        ),
        related_rows=related_column(),
        earlier_references=list_column(former, reference="reference", held_from="held_from", held_until="held_until"),
        lead_shown=name_or_post("lead_officer", "strategy__owner", names=names),
        supporting=ArraySubquery(
            cast(Any, supports)
            .annotate(shown=name_or_post("user", "commitment__strategy__owner", names=names))
            .values("shown")
        ),
        views=list_column(
            views.order_by("-round__observes_from", "organisation__sort_name", "id"),
            slug="organisation__slug",
            name="organisation__name",
            round="round__slug",
            status="status",
            reason="reason",
            differs="differs",
            said_at="said_at",
            version="version",
            reply="reply__text",
            replied_at="reply__written_at",
            reply_view_version="reply__view_version",
            reply_withdrawn_at="reply__withdrawn_at",
        ),
    ).values(*COMMITMENT_FIELDS)


_ROWS: Final = PreparedQuery(
    lambda keys, names: _with_columns(Commitment.objects.filter(pk__in=keys).in_order(), names=names)
)


@extend_schema(parameters=[IN_STRATEGY])
class CommitmentDoor(InStrategy):
    """A strategy's commitments, in its own order and never sorted by performance."""

    queryset = Commitment.objects.none()
    serializer_class = CommitmentAnswer
    filterset_class = CommitmentFilter
    changes = changed_in_history("commitment")
    lookup_field = "key"
    lookup_value_regex = NAME

    def get_queryset(self) -> Any:
        return Commitment.objects.filter(strategy=self.strategy).in_order()

    def columns(self, queryset: Any) -> Any:
        return _with_columns(queryset, names=sees_names(self.request.user))

    def rows_with_keys(self, keys: list[int]) -> list[Any]:
        """Return the rows of one page."""
        return _ROWS(keys=keys, names=sees_names(self.request.user))

    @extend_schema(request=StatusInput, responses=CommitmentAnswer)
    @action(detail=True, methods=["post"])
    def status(self, request: Request, **kwargs: Any) -> Response:
        """Change the commitment's status, with the reason; council officers only."""
        commitment = get_object_or_404(Commitment, strategy=self.strategy, key=self.kwargs["key"])
        check_can_update_commitment(request.user, commitment)  # before the words are judged, as the page does
        serializer = StatusInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        form = StatusChangeForm({**asked, "merged_into": asked["merged_into"] or ""}, commitment=commitment)
        if asked["version"] == commitment.version and not form.is_valid():
            raise ValidationError({name: list(map(str, sentences)) for name, sentences in form.errors.items()})
        change_status(
            by=signed_in_person(request), at=timezone.now(), commitment=commitment, to=asked["status"], reason=asked["reason"],
            remedy=asked["remedy"], into=form.into if form.is_valid() else None, version=asked["version"],
        )  # fmt: skip
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=PlanInput, responses=CommitmentAnswer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, **kwargs: Any) -> Response:
        """Change the team in words, the first and last day, what it replaces and its related commitments. What is left out stays.

        For each detail that you send, `was` has what you read; if it has changed since, nothing is written.
        """
        commitments = Commitment.objects.select_related("strategy", "follows__strategy")
        commitment = get_object_or_404(commitments, strategy=self.strategy, key=self.kwargs["key"])
        check_can_manage_commitment(request.user, commitment)
        serializer = PlanInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        now = dict(serializer.validated_data)
        was = now.pop("was")
        change_plan(by=signed_in_person(request), at=timezone.now(), commitment=commitment, was=was, now=now)
        return Response(self.get_serializer(self.get_object()).data)


@extend_schema(parameters=[IN_STRATEGY])
class RoundDoor(InStrategy):
    """A strategy's reporting rounds, the newest first."""

    queryset = Round.objects.none()
    serializer_class = RoundAnswer
    changes = Changes(round_changed)
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self) -> Any:
        return Round.objects.filter(strategy=self.strategy).select_related("strategy__owner").newest_first()


UPDATE_FIELDS = (
    "state", "status", "reason", "remedy", "narrative", "next_steps", "saved_at", "published_at", "confirms__slug",
    "version", "commitment__reference", "commitment__key", "commitment__strategy__slug", "round__slug",
)  # fmt: skip


@extend_schema(parameters=[IN_STRATEGY])
class UpdateDoor(InStrategy):
    """Updates of a strategy's commitments, newest round first. Drafts are included only for people who write them."""

    queryset = ProgressUpdate.objects.none()
    serializer_class = UpdateAnswer
    filterset_class = UpdateFilter
    changes = changed_in_history("update")
    lookup_field = "round__slug"
    lookup_url_kwarg = "round"
    lookup_value_regex = SLUG

    def get_queryset(self) -> Any:
        rows = ProgressUpdate.objects.visible_to(self.request.user).filter(commitment__strategy=self.strategy)
        if key := self.kwargs.get("key"):
            rows = rows.filter(commitment__key=key)
        order = ("-round__observes_from", "commitment__priority__number", "commitment__number", "id")
        return rows.order_by(*order)

    def columns(self, queryset: Any) -> Any:
        cited = Evidence.objects.visible_to(self.request.user).filter(cited_in=OuterRef("pk")).order_by("id")
        return queryset.annotate(cited=ArraySubquery(cited.values("pk"))).values("cited", *UPDATE_FIELDS)
