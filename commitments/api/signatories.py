"""Who has signed a charter, through the API: the register, and the acts of those who sign, reaffirm, pledge and end."""

from typing import Any

from django.db.models import OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commitments.api.signatory_serializers import (
    EndSignatureInput,
    PledgeInput,
    ReaffirmInput,
    SignatoryInput,
    SignatoryReply,
)
from commitments.api.strategies import IN_STRATEGY, InStrategy
from commitments.filters.signatories import SignatoryFilter
from commitments.models import Commitment, DeliveryPartner, Reaffirmation, Signatory
from commitments.page_parts.charters import check_may_sign_or_record, round_to_answer
from commitments.permissions.charters import check_can_end_signature, check_can_pledge, check_can_reaffirm
from commitments.queries.changes import changed_in_history
from commitments.reading.charters import as_asked, charter_rounds
from commitments.services.charters import end_signature, record_signature, sign_charter
from commitments.services.pledges import set_pledge
from commitments.services.reaffirming import reaffirm
from partners.signed_in import signed_in_person
from vcsportal.common.json_columns import list_column

FIELDS = (
    "id", "signed_on", "signed_as", "told_how", "ended_on", "ended_why", "organisation__slug", "organisation__name",
    "strategy__slug", "said", "pledged",
)  # fmt: skip


@extend_schema(parameters=[IN_STRATEGY])
class SignatoryDoor(InStrategy):
    """Everyone who has signed a charter, by name: those that stand, those that lapsed and those that ended."""

    queryset = Signatory.objects.none()
    serializer_class = SignatoryReply
    filterset_class = SignatoryFilter
    changes = changed_in_history("signatory")
    lookup_value_regex = r"[0-9]{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.strategy.kind_of.signed:
            raise Http404

    def get_queryset(self) -> Any:
        return Signatory.objects.lasting().filter(strategy=self.strategy).by_name()

    def columns(self, queryset: Any) -> Any:
        said = Reaffirmation.objects.filter(signatory=OuterRef("pk")).order_by("round__observes_from", "id")
        pledged = DeliveryPartner.objects.current().filter(
            organisation=OuterRef("organisation"), commitment__strategy=OuterRef("strategy")
        )
        pledged = pledged.exclude(pledge="").order_by("commitment__priority__number", "commitment__number", "id")
        return queryset.annotate(
            said=list_column(said, round="round_id", slug="round__slug", words="words"),
            pledged=list_column(pledged, commitment="commitment__key", words="pledge"),
        ).values(*FIELDS)

    def get_serializer_context(self) -> dict[str, Any]:
        rounds = as_asked(charter_rounds(self.strategy)) if "strategy" in self.kwargs else []
        return {**super().get_serializer_context(), "rounds": rounds, "today": timezone.localdate()}

    @extend_schema(request=SignatoryInput, responses={201: SignatoryReply})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Sign for your own organisation; or with told_how and signed_on record what another one told you."""
        check_may_sign_or_record(request.user, self.strategy)
        said = self._read(SignatoryInput)
        service: Any = record_signature if "told_how" in said else sign_charter
        made = service(by=signed_in_person(request), at=timezone.now(), strategy=self.strategy, **said)
        answer = self._shown(made)
        return Response(answer, status=201, headers={"Location": answer["url"]})

    @extend_schema(request=ReaffirmInput, responses=SignatoryReply)
    @action(detail=True, methods=["post"])
    def reaffirm(self, request: Request, **kwargs: Any) -> Response:
        """Say in the round that is open that it still stands by it; its own people, and whoever may record its signature."""
        signatory = self._found()
        check_can_reaffirm(request.user, signatory)
        said = self._read(ReaffirmInput)
        round_ = round_to_answer(signatory, said.pop("round"))
        reaffirm(by=signed_in_person(request), at=timezone.now(), signatory=signatory, round_=round_, **said)
        return Response(self._shown(signatory))

    @extend_schema(request=EndSignatureInput, responses=SignatoryReply)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **kwargs: Any) -> Response:
        """Withdraw your own organisation's signature, or record that one has ended."""
        signatory = self._found()
        check_can_end_signature(request.user, signatory)
        said = self._read(EndSignatureInput)
        end_signature(by=signed_in_person(request), at=timezone.now(), signatory=signatory, **said)
        return Response(self._shown(signatory))

    @extend_schema(request=PledgeInput, responses=SignatoryReply)
    @action(detail=True, methods=["post"])
    def pledge(self, request: Request, **kwargs: Any) -> Response:
        """Say what it pledges for a principle; whoever may sign for it or record its signature."""
        signatory = self._found()
        check_can_pledge(request.user, self.strategy, signatory.organisation)
        said = self._read(PledgeInput)
        said["commitment"] = get_object_or_404(Commitment, strategy=self.strategy, key=said["commitment"])
        set_pledge(by=signed_in_person(request), at=timezone.now(), signatory=signatory, **said)
        return Response(self._shown(signatory))

    def _found(self) -> Signatory:
        rows = self.get_queryset().select_related("strategy__owner", "organisation")
        found: Signatory = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    def _read(self, shape_of: Any) -> dict[str, Any]:
        shape = shape_of(data=self.request.data)
        shape.is_valid(raise_exception=True)
        return dict(shape.validated_data)

    def _shown(self, signatory: Signatory) -> Any:
        return self.get_serializer(self.columns(Signatory.objects.filter(pk=signatory.pk)).get()).data
