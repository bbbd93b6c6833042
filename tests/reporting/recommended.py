"""The recommendations that ship, answered as in the demo, with a round that was closed: what a report about them is made from."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from commitments.content.responses import ResponseContent
from commitments.content.updates import UpdateContent
from commitments.models import Commitment, Response, Round, Strategy
from commitments.services.loading.strategy import load_strategy
from commitments.services.responses import approve_response, submit_response
from commitments.services.rounds import close_round
from commitments.strategy_file.strategy import read
from reporting import assembly, facts
from tests.factories import make_area, make_person, make_round, publish_update
from vcsportal.demo.responses import GIVEN

FILE = settings.BASE_DIR / "commitments" / "strategies" / "community-wealth-building.toml"
STATUSES = {"1a": "on_track", "1c": "complete", "2a": "delayed", "2b": "on_track"}
"""What the council reported in the round. It accepted six more and reported nothing."""


class Recommended:
    """The strategy with its people. The round was closed ten days ago; the responses came before it."""

    def __init__(self, *, answered: bool = True) -> None:
        now = timezone.now()
        self.closed_at = now - timedelta(days=10)
        for number, name in enumerate(("Cherwell", "Oxford", "South", "Vale", "West"), start=177):
            make_area(name, f"E07000{number}")
        load_strategy(by=None, at=now - timedelta(days=90), entry=read(FILE.read_text()))
        self.strategy = Strategy.objects.select_related("owner").get(slug="community-wealth-building")
        self.writer = make_person("officer", self.strategy.owner, name="Olive Officer")
        self.second = make_person("officer", self.strategy.owner, name="Oscar Officer")
        self.administrator = make_person("administrator")
        self.round = make_round(self.strategy)
        for reference, (stance, words, where) in GIVEN.items() if answered else ():
            self.respond(reference, stance, words, where, at=now - timedelta(days=30))

    def commitment(self, reference: str) -> Commitment:
        return Commitment.objects.get(strategy=self.strategy, reference=reference)

    def response(self, reference: str) -> Response:
        return Response.objects.get(
            commitment__reference=reference, commitment__strategy=self.strategy, organisation=self.strategy.owner
        )

    def respond(
        self, reference: str, stance: str, words: str = "Because.", where: str = "", *, at: datetime
    ) -> Response:
        day = timezone.localdate(at) if where else None
        content = ResponseContent(stance, words, where, day)
        sent = submit_response(by=self.writer, at=at, response=self.response(reference), content=content)
        return approve_response(by=self.second, at=at, response=sent)

    def report_on(self, reference: str, status: str) -> None:
        commitment = self.commitment(reference)
        asked = commitment.updates.filter(round=self.round).first()
        remedy = "More people." if status in {"delayed", "at_risk"} else ""
        content = UpdateContent(status, "The work goes by its plan.", remedy, "Two evenings were held.", "Two more.")
        publish_update(
            by=self.writer, at=self.closed_at - timedelta(days=1), commitment=commitment, round_=self.round,
            content=content, version=asked.version if asked else None,
        )  # fmt: skip

    def close(self) -> None:
        close_round(by=self.administrator, at=self.closed_at, round_=Round.objects.get(pk=self.round.pk))

    def told(self) -> "Recommended":
        """Report on four of them and close the round."""
        for reference, status in STATUSES.items():
            self.report_on(reference, status)
        self.close()
        return self

    def report(self, *, at: datetime | None = None, edition: int | None = 1) -> facts.Report:
        round_ = Round.objects.select_related("strategy__owner").get(pk=self.round.pk)
        return assembly.assemble(
            round_=round_, making=facts.ProductionDetails(at=at or timezone.now(), edition=edition)
        )

    @staticmethod
    def without_response(report: facts.Report, reference: str) -> facts.Report:
        """Return the report as if nobody had answered one of them."""
        priorities = tuple(
            replace(
                priority,
                commitments=tuple(
                    replace(
                        one, owner_response="awaited",
                        responses=tuple(replace(each, stance="", words="", decided_where="") for each in one.responses),
                    )
                    if one.reference == reference
                    else one
                    for one in priority.commitments
                ),
            )
            for priority in report.priorities
        )  # fmt: skip
        return replace(report, priorities=priorities)

    def of(self, report: facts.Report, reference: str) -> facts.CommitmentFacts:
        return next(one for one in report.commitments() if one.reference == reference)


def day(at: datetime) -> date:
    return timezone.localdate(at)
