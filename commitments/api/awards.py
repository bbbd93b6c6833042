"""Grants and contracts through the API, with the field names of the 360Giving Data Standard."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.commitment_names import MAX_NAME_CHARACTERS, commitments_named
from commitments.content.sourced_figures import AwardContent
from commitments.filters.awards import AwardFilter
from commitments.models import Award, SourcedFigure
from commitments.permissions.sourced_figures import NOT_KEPT, check_can_keep_figures
from commitments.queries.changes import changed_in_history
from commitments.reading.award_files import json_row, read_for_files
from commitments.rules.awards import AWARD_KINDS, CURRENCIES, INDIVIDUAL
from commitments.services.awards import add_award, withdraw_award
from partners import roles
from partners.models import Area, Organisation
from partners.permissions import check_permission_anywhere
from partners.signed_in import signed_in_person
from vcsportal.common.api import ReadDoor
from vcsportal.common.api_addresses import api_url, portal_url
from vcsportal.common.api_shapes import Answer, Input
from vcsportal.common.numbers import LARGEST_INTEGER

TEXT: Any = {"required": False, "allow_blank": True, "default": ""}
NONE: Any = {"required": False, "allow_null": True, "default": None}
NO_SUCH = "There is no {what} “{value:.60}”."
MAX_CHOSEN = 100


class AwardAnswer(Answer):
    """A grant or a contract under a figure about money."""

    url = serializers.URLField()
    page = serializers.URLField()
    figure = serializers.IntegerField(help_text="The id of the figure under which it stands.")
    strategy = serializers.CharField()
    award = serializers.DictField(
        help_text="Its fields as the 360Giving Data Standard names them; what is not known is left out."
    )
    withdrawn = serializers.BooleanField()
    version = serializers.IntegerField()

    def represent(self, row: Any) -> dict[str, Any]:
        return {
            "url": api_url(f"awards/{row.pk}/"),
            "page": portal_url(row.get_absolute_url()),
            "figure": row.figure_id,
            "strategy": row.figure.strategy.slug,
            "award": json_row(row),
            "withdrawn": row.withdrawn_at is not None,
            "version": row.version,
        }


class NewAwardInput(Input):
    """A grant or a contract. One of ``recipient`` and ``recipient_name`` is given: an organisation, never a person."""

    figure = serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER)
    kind = serializers.ChoiceField(choices=AWARD_KINDS)
    identifier = serializers.CharField()
    title = serializers.CharField()
    amount_awarded = serializers.DecimalField(max_digits=14, decimal_places=2)
    currency = serializers.ChoiceField(choices=list(CURRENCIES), required=False, default="GBP")
    award_date = serializers.DateField()
    description = serializers.CharField(**TEXT)
    planned_from = serializers.DateField(**NONE)
    planned_to = serializers.DateField(**NONE)
    recipient = serializers.CharField(**TEXT, max_length=80, help_text="The organisation's slug.")
    recipient_name = serializers.CharField(**TEXT)
    recipient_identifier = serializers.CharField(**TEXT)
    recipient_is_organisation = serializers.BooleanField(help_text="Awards to people are refused.")
    districts = serializers.ListField(
        child=serializers.CharField(max_length=9), required=False, default=list, max_length=MAX_CHOSEN, help_text="GSS codes."
    )  # fmt: skip
    commitments = serializers.ListField(
        child=serializers.CharField(max_length=MAX_NAME_CHARACTERS), required=False, default=list, max_length=MAX_CHOSEN
    )
    grant_programme = serializers.CharField(**TEXT)
    notice = serializers.CharField(**TEXT)

    def validate_recipient_is_organisation(self, said: bool) -> bool:
        if not said:
            raise serializers.ValidationError(INDIVIDUAL)
        return said

    def validate_recipient(self, slug: str) -> Organisation | None:
        found = Organisation.objects.public().filter(slug=slug).first() if slug else None
        if slug and found is None:
            raise serializers.ValidationError(NO_SUCH.format(what="organisation", value=slug))
        return found

    def validate_districts(self, codes: list[str]) -> tuple[Area, ...]:
        found = {area.gss_code: area for area in Area.objects.filter(gss_code__in=codes)}
        return tuple(_each(codes, found, "district"))

    def validate_commitments(self, names: list[str]) -> tuple[Any, ...]:
        return tuple(_each(names, commitments_named(names), "commitment"))


def _each(names: list[str], found: dict[str, Any], what: str) -> list[Any]:
    for name in names:
        if name not in found:
            raise serializers.ValidationError(NO_SUCH.format(what=what, value=name))
    return [found[name] for name in dict.fromkeys(names)]


class AwardWithdrawInput(Input):
    """Why it is removed from the list."""

    reason = serializers.CharField(**TEXT)
    version = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER)


class AwardDoor(ReadDoor):
    """Grants and contracts, the newest first."""

    queryset = Award.objects.none()
    serializer_class = AwardAnswer
    filterset_class = AwardFilter
    changes = changed_in_history("award")
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> Any:
        return Award.objects.current().newest_first()

    def columns(self, queryset: Any) -> Any:
        return read_for_files(queryset)

    @extend_schema(request=NewAwardInput, responses={201: AwardAnswer})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """List a grant or a contract; for whoever answers for the figure's strategy."""
        check_permission_anywhere(request.user, roles.MANAGE_COMMITMENTS, NOT_KEPT)
        read = NewAwardInput(data=request.data)
        read.is_valid(raise_exception=True)
        sent = read.validated_data
        del sent["recipient_is_organisation"]
        rows = SourcedFigure.objects.visible_to(request.user).select_related("strategy__owner")
        figure = get_object_or_404(rows, pk=sent.pop("figure"))
        content = AwardContent(**sent)
        made = add_award(by=signed_in_person(request), at=timezone.now(), figure=figure, content=content)
        self.kwargs["pk"] = made.pk
        answer = self.get_serializer(self.get_object()).data
        return Response(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=AwardWithdrawInput, responses=AwardAnswer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Remove it from the list, with a reason."""
        row = get_object_or_404(self.columns(Award.objects.visible_to(request.user)), pk=self.kwargs["pk"])
        check_can_keep_figures(request.user, row.figure.strategy)
        read = AwardWithdrawInput(data=request.data)
        read.is_valid(raise_exception=True)
        done = withdraw_award(by=signed_in_person(request), at=timezone.now(), award=row, **read.validated_data)
        return Response(self.get_serializer(done).data)
