"""What a report costs: queries and seconds of assembling, then each face in a fresh process, at several sizes.

Facts are gathered from a database of the bench's own and frozen into files, so that every face is measured alone.
``report --quick`` leaves out the largest year; ``report --engines`` compares with stock WeasyPrint only (:mod:`tests.bench.engines`).
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

from tests.bench import engines

PIECES, MANY, PHOTOGRAPHS = 250, 2500, 60


def grow(round_, times: int) -> None:
    """Copy every published piece of the round until there are ``times`` as many."""
    from commitments.models import Evidence, EvidenceFile

    links = {name: getattr(Evidence, name).through for name in ("commitments", "districts")}
    for piece in list(Evidence.objects.published().in_round(round_)):
        rows = {name: list(table.objects.filter(evidence_id=piece.pk)) for name, table in links.items()}
        files = list(EvidenceFile.objects.filter(evidence_id=piece.pk))
        for _ in range(times - 1):
            copy = Evidence.objects.get(pk=piece.pk)
            copy.pk, copy.form_token = None, None
            copy.save()
            for name, table in links.items():
                for row in rows[name]:
                    row.pk, row.evidence_id = None, copy.pk
                table.objects.bulk_create(rows[name])
            for file in files:
                file.pk, file.evidence = None, copy
            EvidenceFile.objects.bulk_create(files)


def freeze(round_, folder: Path, name: str) -> Path:
    """Assemble the round's facts into a file, and say what that took."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from reporting import assembly
    from reporting.facts import ProductionDetails, to_json

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    reset_queries()  # the log of queries ends at its limit
    with CaptureQueriesContext(connection) as asked:
        begun = time.process_time()
        report = assembly.assemble(round_=round_, making=ProductionDetails(at=timezone.now()))
        spent = time.process_time() - begun
    print(f"{name:<22}{len(asked):>4} queries{spent:>8.3f} s assembling", flush=True)
    assert len(asked) <= 25
    file = folder / f"{name}.json"
    file.write_text(json.dumps(to_json(report)))
    return file


def years(folder: Path, quick: bool) -> dict[str, Path]:
    """Make the years to be measured, and freeze each into a file."""
    from django.core.management import call_command

    from tests.factories import make_strategy
    from tests.reporting import year as made

    call_command("migrate", verbosity=0)
    ours = made.make_year(pieces=PIECES, photographs=PHOTOGRAPHS)
    found = {"0": freeze(ours.rounds[-2], folder, "0"), str(PIECES): freeze(ours.round, folder, str(PIECES))}
    wide = make_strategy(ours.rounds[0].strategy.owner, slug="wide", shape=(64,) * 5)
    for place, ago in enumerate(reversed(range(5))):
        round_ = made._round(wide, ago)
        made._tell(
            made.Year(wide, [round_] * 5, ours.officer, ours.reviewer, [], []),
            list(wide.commitments.in_order()),
            place,
            round_,
        )
    found["320 commitments"] = freeze(round_, folder, "320 commitments")
    if not quick:
        grow(ours.round, MANY // PIECES)
        found[str(MANY)] = freeze(ours.round, folder, str(MANY))
    return found


def measure(file: Path, code: str) -> dict[str, float]:
    words = [sys.executable, "-m", "tests.bench.face", str(file), code]
    done = subprocess.run(words, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(quick: bool, engines_only: bool) -> None:
    django.setup()
    from reporting.formats import FORMAT_BY_CODE

    with tempfile.TemporaryDirectory(prefix="bench-facts-") as folder:
        files = years(Path(folder), quick)
        engines.compare(files)
        if engines_only:
            return
        seconds: dict[tuple[str, str], float] = {}
        print(f"\n{'pieces':<18}{'face':<6}{'cold s':>8}{'warm s':>8}{'wall s':>8}{'peak MB':>9}{'of it its own':>15}{'MB':>8}{'pages':>7}{'s a page':>10}")  # fmt: skip
        for name, file in files.items():
            for code in FORMAT_BY_CODE:
                one = measure(file, code)
                seconds[name, code] = one["warm"]
                pages = f"{one['pages']:>7}{one['warm'] / one['pages']:>10.4f}" if one["pages"] else ""
                print(
                    f"{name:<18}{code:<6}{one['cold']:>8.2f}{one['warm']:>8.2f}{one['wall']:>8.2f}{one['peak']:>9.0f}"
                    f"{one['peak'] - one['before']:>15.0f}{one['bytes'] / 1e6:>8.2f}{pages}", flush=True,
                )  # fmt: skip
                if "layout" in one:
                    print(
                        " " * 24
                        + ", ".join(f"{part} {one[part]:.2f} s" for part in ("template", "data", "layout", "writing"))
                    )
        if not quick:
            print(f"\n{MANY} : {PIECES} pieces (growth is linear where this is about {MANY // PIECES} or less)")
            for code in FORMAT_BY_CODE:
                print(f"{code:<6}{seconds[str(MANY), code] / seconds[str(PIECES), code]:>8.1f}")


if __name__ == "__main__":
    main("--quick" in sys.argv, "--engines" in sys.argv)
