"""What saving an uploaded workbook costs, for every kind: seconds, seconds of work of this process and of the database, and statements a row.
On a machine that does something else too, the two sums of work say what "wall s" would be on an idle one: each waits for the other.
"compare s" are the seconds in which its rows are compared with what is there, which a page does before and after.

``make bench ARGS="saving"`` saves 1,000 rows of each; ``ARGS="saving 200 risks"`` takes another number, and only the kinds named.
``--profile`` prints where the time of each goes. The last column is a ratio to rows of history that are written one at a time in
the same run, so that it can be compared between machines.
"""

import cProfile
import pstats
import sys
import time
from datetime import date
from typing import Any, Final

import django

from tests.timing import server_work

ROWS: Final = 1_000
BARE_ROWS: Final = 300


def bare_row(person: Any) -> float:
    """Return the seconds that one row of history takes, written by itself."""
    from django.utils import timezone

    from partners.models import HistoryEntry

    begun = time.perf_counter()
    for _ in range(BARE_ROWS):
        HistoryEntry.objects.create(at=timezone.now(), by=person, act="edited", detail="")
    return (time.perf_counter() - begun) / BARE_ROWS


def saving_workbook(code: str, new: bool, count: int, people: Any) -> tuple[Any, float]:
    """Return what saves a workbook that has been looked through, and the seconds that looking took."""
    from commitments.workbooks.exchange import preview
    from tests.commitments.workbooks.filled import saved, uploaded
    from tests.commitments.workbooks.many_rows import filled_in

    scope, data = filled_in(code, count, people, new=new)
    upload = uploaded(scope, data)
    begun = time.perf_counter()
    shown = preview(scope, upload)
    compared = time.perf_counter() - begun

    def save() -> None:
        result = saved(scope, upload, shown)
        assert (result.count, result.refused) == (count, ()), result

    return save, compared


def saving_plan(count: int, people: Any) -> Any:
    """Return what creates a strategy from a plan that has been uploaded."""
    from django.utils import timezone

    from commitments.services.plan_uploads import StrategyDetails, create_strategy, upload_plan
    from tests.commitments.action_plans.plans import rows_of, written
    from vcsportal.common.spreadsheets import read_workbook

    workbook = read_workbook(written(rows_of(count)), "plan.xlsx")
    details = StrategyDetails(
        "Our plan", people["council"].name, date(2025, 4, 1), date(2028, 3, 31), plan_day=date(2026, 3, 12)
    )
    upload = upload_plan(by=people["officer"], at=timezone.now(), workbook=workbook, details=details)

    def save() -> None:
        done = create_strategy(by=people["officer"], at=timezone.now(), upload=upload)
        assert done.loaded.strategy.commitments.count() == count

    return save


def measure(name: str, count: int, save: Any, bare: float, compared: float = 0, *, profile: bool) -> None:
    """Save, and print what it cost."""
    from django.db import connection

    statements = 0

    def counted(execute: Any, *words: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*words)

    profiler, served = cProfile.Profile(), server_work()
    with connection.execute_wrapper(counted):
        begun, worked = time.perf_counter(), time.process_time()
        if profile:
            profiler.runcall(save)
        else:
            save()
        wall, work = time.perf_counter() - begun, time.process_time() - worked
    served = server_work() - served
    print(
        f"{name:<26}{wall:>8.2f}{work:>8.2f}{served:>10.2f}{statements / count:>15.2f}{wall / count / bare:>11.2f}"
        + (f"{compared:>11.2f}" if compared else ""),
        flush=True,
    )
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
        pstats.Stats(profiler).sort_stats("cumtime").print_stats(60)


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from tests.commitments.workbooks.many_rows import ADDED, CHANGED
    from tests.factories import make_area, make_council, make_person
    from vcsportal.database import limits

    settings.DEBUG = False  # it keeps every statement
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    count = int(words.pop(0)) if words and words[0].isdigit() else ROWS
    call_command("migrate", verbosity=0)
    connection.close()
    limits.begin("web")  # rows are saved while a page waits
    council = make_council()
    people = {
        "council": council,
        "officer": make_person("officer", council),
        "administrator": make_person("administrator"),
    }
    make_area("Cherwell", "E07000177")
    print(
        f"\n{f'{count:,} rows saved':<26}{'wall s':>8}{'work s':>8}{'server s':>10}{'statements/row':>15}{'bare rows':>11}{'compare s':>11}"
    )
    cases = [*((code, False) for code in CHANGED), *((code, True) for code in ADDED)]
    for code, new in cases:
        if words and code not in words:
            continue
        with transaction.atomic():
            save, compared = saving_workbook(code, new, count, people)
            name = f"{code}, {'new' if new else 'changed'}"
            measure(name, count, save, bare_row(people["officer"]), compared, profile="--profile" in sys.argv)
            transaction.set_rollback(True)
    if not words or "plan" in words:
        with transaction.atomic():
            save = saving_plan(count, people)
            measure("plan", count, save, bare_row(people["officer"]), profile="--profile" in sys.argv)
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()
