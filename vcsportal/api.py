"""The API's root: joins the endpoints of all floors under /api/v1/."""

from typing import Any

from django.http import HttpResponsePermanentRedirect
from django.urls import URLPattern, URLResolver, path, re_path, resolve
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from commitments.api import related  # noqa: F401 - says what comes with an answer
from commitments.api.actions import ActionDoor
from commitments.api.awards import AwardDoor
from commitments.api.case_studies import CaseStudyDoor
from commitments.api.delivery import DeliveryDoor
from commitments.api.districts import GSS_CODE, DistrictCommitmentDoor, DistrictDoor
from commitments.api.engagement import EngagementDoor
from commitments.api.evidence import EvidenceDoor
from commitments.api.evidence_files import EvidenceFileDoor
from commitments.api.evidence_rows import EvidenceRowsDoor
from commitments.api.indicator_values import IndicatorValueDoor
from commitments.api.points import PointDoor
from commitments.api.responses import NUMBER, ResponseActsDoor, ResponseDoor
from commitments.api.risks import RiskDoor
from commitments.api.signatories import SignatoryDoor
from commitments.api.sourced_figures import SourcedFigureDoor
from commitments.api.strategies import NAME, SLUG, CommitmentDoor, PriorityDoor, RoundDoor, StrategyDoor, UpdateDoor
from commitments.api.updates import UpdateActsDoor
from partners.api import GroupDoor, OrganisationDoor
from reporting.api import EditionDoor, MeetingDoor, MinutesDoor
from vcsportal.api_docs import Schema, docs
from vcsportal.api_versions import by_version
from vcsportal.common import api_schema  # noqa: F401 - the schema learns of our session by being imported
from vcsportal.common.api_addresses import api_url
from vcsportal.common.api_filters import check_names
from vcsportal.common.api_refusals import NOT_FOUND
from vcsportal.search.api import SearchDoor

app_name = "api"
STRATEGY = rf"strategies/(?P<strategy>{SLUG})"
COMMITMENT = rf"{STRATEGY}/commitments/(?P<key>{NAME})"

router = SimpleRouter()
router.register("strategies", StrategyDoor, basename="strategy")
router.register(f"{STRATEGY}/priorities", PriorityDoor, basename="priority")
router.register(f"{STRATEGY}/commitments", CommitmentDoor, basename="commitment")
router.register(f"{COMMITMENT}/actions", ActionDoor, basename="action")
router.register(f"{COMMITMENT}/partners", DeliveryDoor, basename="delivery")
router.register(f"{STRATEGY}/rounds", RoundDoor, basename="round")
router.register(f"{STRATEGY}/signatories", SignatoryDoor, basename="signatory")
router.register(f"{STRATEGY}/indicators", IndicatorValueDoor, basename="indicator")
router.register(f"{STRATEGY}/risks", RiskDoor, basename="risk")
router.register("engagement", EngagementDoor, basename="engagement")
router.register("evidence/rows", EvidenceRowsDoor, basename="evidence-rows")
router.register("evidence", EvidenceDoor, basename="evidence")
router.register(r"evidence/(?P<evidence>[0-9]{1,18})/files", EvidenceFileDoor, basename="evidence-file")
router.register("figures", SourcedFigureDoor, basename="figure")
router.register("awards", AwardDoor, basename="award")
router.register("case-studies", CaseStudyDoor, basename="case-study")
router.register("points", PointDoor, basename="point")
router.register("districts", DistrictDoor, basename="district")
router.register("organisations", OrganisationDoor, basename="organisation")
router.register("groups", GroupDoor, basename="group")
router.register("editions", EditionDoor, basename="edition")


class Root(APIView):
    """Where to begin."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        check_names(request, set())
        doors = (
            "strategies",
            "organisations",
            "groups",
            "districts",
            "evidence",
            "case-studies",
            "engagement",
            "points",
            "figures",
            "awards",
            "editions",
            "search",
            "schema",
            "docs",
        )
        return Response({name: api_url(f"{name}/") for name in doors})


class NotHere(APIView):
    """Answer any other address below the API: without its last slash it leads to the one with it; else there is nothing."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound(NOT_FOUND)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        path = request.path_info
        if request.method in {"GET", "HEAD"} and not path.endswith("/"):
            there = f"{path}/"
            if "\x00" not in path and resolve(there).url_name != "not-here":
                return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
        return super().dispatch(request, *args, **kwargs)


UPDATES = by_version(UpdateDoor.as_view({"get": "list"}))
UPDATE = by_version(UpdateDoor.as_view({"get": "retrieve"}))
UPDATE_ACTS = {
    act: by_version(UpdateActsDoor.as_view({"post": method}))
    for act, method in {"save": "save", "submit": "submit", "approve": "approve", "return": "send_back"}.items()
}
RESPONSES = by_version(ResponseDoor.as_view({"get": "list"}))
RESPONSE = by_version(ResponseDoor.as_view({"get": "retrieve"}))
RESPONSE_ACTS = {
    act: by_version(ResponseActsDoor.as_view({"post": method}))
    for act, method in {"save": "save", "submit": "submit", "approve": "approve", "return": "send_back"}.items()
}
ENGAGEMENT = r"^engagement/(?P<pk>[0-9]{1,18})"
MEETING = by_version(MeetingDoor.as_view({"get": "retrieve"}))
MINUTES = by_version(MinutesDoor.as_view({"get": "retrieve"}))
for door in router.urls:
    door.callback = by_version(door.callback)  # type: ignore[arg-type]  # a view of the API, which takes a request

urlpatterns: list[URLPattern | URLResolver] = [
    path("", by_version(Root.as_view()), name="root"),
    path("schema/", by_version(Schema.as_view()), name="schema"),
    path("docs/", docs, name="docs"),
    path("search/", by_version(SearchDoor.as_view()), name="search"),
    re_path(
        rf"^districts/(?P<gss_code>{GSS_CODE})/commitments/$",
        by_version(DistrictCommitmentDoor.as_view({"get": "list"})),
        name="district-commitments",
    ),
    re_path(rf"^{STRATEGY}/updates/$", UPDATES, name="update-list"),
    re_path(
        rf"^{COMMITMENT}/updates/(?P<round>{SLUG})/$",
        UPDATE,
        name="update-detail",
    ),
    *(
        re_path(
            rf"^{COMMITMENT}/updates/(?P<round>{SLUG})/{act}/$",
            view,
            name=f"update-{act}",
        )
        for act, view in UPDATE_ACTS.items()
    ),
    re_path(rf"^{STRATEGY}/responses/$", RESPONSES, name="response-list"),
    re_path(rf"^{STRATEGY}/responses/(?P<pk>{NUMBER})/$", RESPONSE, name="response-detail"),
    *(
        re_path(rf"^{STRATEGY}/responses/(?P<pk>{NUMBER})/{act}/$", view, name=f"response-{act}")
        for act, view in RESPONSE_ACTS.items()
    ),
    re_path(rf"{ENGAGEMENT}/meeting/$", MEETING, name="meeting"),
    re_path(rf"{ENGAGEMENT}/minutes/$", MINUTES, name="minutes"),
    *router.urls,
    re_path(r"^[\s\S]*$", NotHere.as_view(), name="not-here"),
]
