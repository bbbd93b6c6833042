"""Check that published editions are unchanged: once a year, after a restore, after an upgrade."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.models import Edition
from reporting.sealed.checking import check
from vcsportal.common import plurals


class Command(BaseCommand):
    """Check facts and files against what was sealed, draw every face again, compare byte for byte."""

    help = "Verify published editions: facts, files, and the bytes that the same facts give today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every published edition, withdrawn ones too")
        parser.add_argument("--round", default="", help="those of one round, for example 2024-25")
        parser.add_argument("--strategy", default="", help="those of one strategy, by its slug")
        parser.add_argument("--edition", type=int, help="the one with this number")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = {
            "round__slug": options["round"], "round__strategy__slug": options["strategy"], "number": options["edition"],
        }  # fmt: skip
        wanted = {name: value for name, value in asked.items() if value}
        if not wanted and not options["all"]:
            raise CommandError("Say which: --all, or --round with --edition and --strategy as needed.")
        editions = Edition.objects.filter(published_at__isnull=False, **wanted).order_by("round__observes_from", "id")
        keys = list(editions.values_list("pk", flat=True))
        if not keys and wanted:
            raise CommandError(
                "No published edition matches this. Drafts are not sealed, so there is nothing to verify."
            )
        wrong = [self._verify(key) for key in keys]  # one at a time: facts are large
        bad = sum(1 for count in wrong if count)
        self.stdout.write(f"{plurals.counted(len(keys), 'published edition')} looked at, {bad} with something wrong.")
        if bad:
            raise CommandError("Something is wrong. The lines that begin with WRONG say what.")

    def _verify(self, key: int) -> int:
        edition = Edition.objects.select_related("round__strategy", "withdrawal").prefetch_related("faces").get(pk=key)
        withdrawn = ", withdrawn" if hasattr(edition, "withdrawal") else ""
        self.stdout.write(f"{edition.round.strategy.slug} {edition.round.label}, edition {edition.number}{withdrawn}")
        wrong = 0
        for line in check(edition):
            wrong += line.wrong
            self.stdout.write(f"  {'WRONG' if line.wrong else '     '} {line.text}")
        return wrong
