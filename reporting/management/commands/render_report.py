"""Render a round's report into a file, without a queue and without keeping an edition."""

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.models import Round, Strategy
from reporting import assembly, rendering
from reporting.facts import ProductionDetails
from reporting.formats import FORMAT_BY_CODE
from reporting.rendering.photographs import Photographs
from vcsportal.common import plurals


class Command(BaseCommand):
    """Assemble and render a report, then move the finished file into place, so that nobody reads half of it."""

    help = "Render the report of a round into a file, without the queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--round", required=True, help="the round, for example 2024-25")
        parser.add_argument("--strategy", default="", help="the strategy's slug; needed only when there are several")
        parser.add_argument("--output", required=True, type=Path, help="the file to write")
        parser.add_argument("--format", choices=tuple(FORMAT_BY_CODE), default="pdf", help="pdf unless said otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        round_ = self._round(options["round"], options["strategy"])
        output: Path = options["output"]
        if output.is_dir():
            raise CommandError(f"{output} is a folder. Give the name of a file, for example {output / 'report.pdf'}.")
        if not output.absolute().parent.is_dir():
            raise CommandError(f"The folder {output.absolute().parent} does not exist. Make it first.")
        report = assembly.assemble(round_=round_, making=ProductionDetails(at=timezone.now()))
        try:
            made = FORMAT_BY_CODE[options["format"]].write(report, Photographs(report), None)
        except rendering.FontsMissing as error:
            raise CommandError(str(error)) from error
        try:
            _write(output, made.content)
        except OSError as error:
            raise CommandError(f"{output} could not be written: {error.strerror}.") from error
        pages = f"{plurals.counted(made.pages, 'page')}, " if made.pages else ""
        self.stdout.write(f"{output}: {FORMAT_BY_CODE[options['format']].label}, {pages}{len(made.content):,} bytes.")

    def _round(self, slug: str, strategy: str) -> Round:
        rounds = Round.objects.select_related("strategy__owner").order_by("strategy_id", "id")
        if strategy:
            if not Strategy.objects.filter(slug=strategy).exists():
                known = ", ".join(Strategy.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
                raise CommandError(f"There is no strategy “{strategy}”. The strategies are: {known}.")
            rounds = rounds.filter(strategy__slug=strategy)
        found = list(rounds.filter(slug=slug))
        if len(found) > 1:
            several = ", ".join(round_.strategy.slug for round_ in found)
            raise CommandError(f"Several strategies have a round {slug}. Say which with --strategy: {several}.")
        if not found:
            known = ", ".join(rounds.newest_first().values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no round “{slug}”. The rounds are: {known}.")
        return found[0]


def _write(output: Path, content: bytes) -> None:
    """Write beside the place, then move: the file is whole or as it was."""
    handle, name = tempfile.mkstemp(dir=output.absolute().parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, output)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
