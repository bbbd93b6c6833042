"""Tell the demo story: ``manage.py load_demo [--today YYYY-MM-DD]``; list who may sign in: ``--accounts``."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.models import Round
from partners.models import User
from partners.roles import OFFICER, STEERING_GROUP
from reporting.models import Edition
from reporting.production import produce
from reporting.services.editions import request_edition
from reporting.services.publishing import confirm_proposal, propose_publication, readiness_for
from vcsportal.common.words import Refused
from vcsportal.demo import story
from vcsportal.demo.cast import accounts

WHY_PUBLISHED = "The committee meets next week. The report itself says what is missing."


class Command(BaseCommand):
    """Fills an empty portal with five invented years, once. Refused outside debug."""

    help = "Load the demo story of five invented years (only in debug, and only once)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", help="the day on which the story ends, such as 2026-11-22; today if left out")
        parser.add_argument(
            "--accounts", action="store_true", help="print one line per demo account and do nothing else"
        )

        parser.add_argument(
            "--report",
            action="store_true",
            help="publish the report of the last closed round but one, and let the steering group ask for the last one's",
        )

    def handle(self, *args: Any, today: str | None, accounts: bool, report: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo story has invented people whose password is known. It is loaded only with DEBUG=1."
            )
        if accounts:
            self._print_accounts()
        elif story.is_told():
            self.stdout.write("The demo story has already been loaded here. Nothing was changed.")
        else:
            try:
                self.stdout.write(story.tell(today=_day(today)))
                if report:
                    self._ask_for_report(_day(today))
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal

    def _ask_for_report(self, today: date) -> None:
        """As the story ends, an earlier report is published, and the steering group asks for the last round's.

        The earlier one is made here and now, as nobody waits for it; the worker makes the other when the portal has started.
        """
        closed = list(Round.objects.filter(strategy__slug=story.STRATEGY, closes_on__lt=today).newest_first()[:2])
        asks = User.objects.filter(role_grants__role=STEERING_GROUP.code).order_by("id").first()
        officers = list(User.objects.filter(role_grants__role=OFFICER.code).order_by("id").distinct()[:2])
        if asks is None or not closed:
            return
        for round_ in closed[1:]:
            earlier = request_edition(by=asks, at=timezone.now(), round_=round_)
            if len(officers) == 2 and produce(earlier.pk):
                self._publish(officers[0], officers[1], earlier)
        request_edition(by=asks, at=timezone.now(), round_=closed[0])
        self.stdout.write(f"{asks.name} has asked for the report of {closed[0].slug}.")

    def _publish(self, proposes: User, confirms: User, edition: Edition) -> None:
        """Publish it as two people do, who both have read what is missing."""
        edition.refresh_from_db()  # it has been made meanwhile
        codes = [warning.code for warning in readiness_for(proposes, edition, timezone.now()).warnings]
        proposal = propose_publication(
            by=proposes, at=timezone.now(), edition=edition, acknowledged=codes, reason=WHY_PUBLISHED if codes else ""
        )
        confirm_proposal(by=confirms, at=timezone.now(), proposal=proposal, acknowledged=codes)
        year = edition.round.slug
        self.stdout.write(
            f"{proposes.name} has proposed, and {confirms.name} confirmed, that the report for {year} is published."
        )

    def _print_accounts(self) -> None:
        if not story.is_told():
            raise CommandError("The demo story has not been loaded here yet. Run manage.py load_demo first.")
        for account in accounts():
            self.stdout.write(account.line)


def _day(text: str | None) -> date:
    if text is None:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is not a date. Write one like 2026-11-22.") from error
