"""Large amounts of invented evidence, to test the portal at size. Written with SQL instead of the services; debug
only."""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection, transaction

from commitments.models import Consent, Evidence, EvidenceLink, HistoryEntry, Strategy
from partners import roles
from partners.models import Area, Organisation, RoleGrant
from vcsportal.common.words import Invalid, NotNow
from vcsportal.demo import story
from vcsportal.demo.bulk_load import keys_and_indexes_put_back
from vcsportal.demo.cast import DATA, read
from vcsportal.demo.evidence import PLACES

MAX_ITEMS: Final = 5_000_000
TABLES: Final = tuple(
    model._meta.db_table
    for model in (
        Evidence, Evidence.commitments.through, Evidence.districts.through, EvidenceLink, Consent, HistoryEntry,
    )
)  # fmt: skip
_NEWEST: Final = timedelta(days=80)
"""The newest item happened so long ago, so that every step of its review lies in the past."""
_KINDS_OF_OTHER_STRATEGY: Final = 6
_VENUES: Final = (
    ("Alder", "Bramble", "Bracken", "Cherry", "Copper", "Dun", "Elder", "Fallow", "Fern", "Foxglove", "Gorse", "Hazel", "Heron",
     "Holly", "Ivy", "Juniper", "Kestrel", "Lark", "Linden", "Maple", "Marl", "Nettle", "Oak", "Otter", "Pebble", "Plover",
     "Quince", "Raven", "Reed", "Rush", "Sedge", "Sorrel", "Swan", "Tansy", "Teasel", "Thistle", "Wren", "Willow", "Yarrow", "Yew"),
    ("acre", "bank", "barrow", "bourne", "bridge", "brook", "combe", "croft", "dale", "dean", "end", "field", "ford", "garth",
     "gate", "grove", "ham", "heath", "holt", "hurst", "lea", "ley", "mead", "mere", "mill", "moor", "nook", "over", "pool",
     "ridge", "shaw", "stead", "stile", "stock", "thorpe", "wade", "well", "wick", "wood", "worth"),
)  # fmt: skip
"""Beginnings and ends of the names of halls; most are rare, so that a search can look for something rare."""

_SEEDS: Final = (DATA / "bulk_seeds.sql").read_text(encoding="utf-8")
_ROWS: Final = (DATA / "bulk_evidence.sql").read_text(encoding="utf-8")


def fill(total: int, today: date) -> int:
    """Add invented evidence, with all that hangs on it, until there are ``total`` items. Return how many were added.

    Raise :class:`NotNow` where the demo story is missing, for the evidence needs its people and organisations, and
    :class:`Invalid` for a number that is none to fill up to.
    """
    if not 1 <= total <= MAX_ITEMS:
        raise Invalid(f"Choose a number from 1 to {MAX_ITEMS:,}.", field="evidence")
    if not story.is_told():
        raise NotNow("The demo story is not in this database yet. Run manage.py load_demo first.")
    missing = total - Evidence.objects.count()
    if missing <= 0:
        return 0
    with transaction.atomic(), connection.cursor() as cursor, keys_and_indexes_put_back(cursor, TABLES):
        cursor.execute("SET LOCAL synchronous_commit = off; SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(_SEEDS)
        _write_seeds(cursor, today)
        cursor.execute("SELECT coalesce(max(id), 0) FROM commitments_evidence")
        first = cursor.fetchone()[0] + 1
        cursor.execute(_ROWS, {"first": first, "last": first + missing - 1})
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
    return missing


def _write_seeds(cursor: Any, today: date) -> None:
    """Write what the statements choose from: kinds of activity, people, places, halls and officers."""
    cursor.executemany(
        "INSERT INTO fill_kind (titles, openings, details, results, reached, volunteers, hours, organisations, commitments, starts, days) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        list(_kinds(today)),
    )
    people: dict[int, list[int]] = {}
    grants = RoleGrant.objects.current().filter(organisation__isnull=False).order_by("id")
    for organisation, person, role in grants.values_list("organisation_id", "person_id", "role"):
        if roles.LOG_EVIDENCE in roles.BY_CODE[role].may:
            people.setdefault(organisation, []).append(person)
    officers = list(grants.filter(role=roles.OFFICER.code).values_list("person_id", flat=True))
    districts = dict(Area.objects.districts().values_list("name", "id"))
    places = [(districts[name], place) for name, found in PLACES.items() if name in districts for place in found]
    venues = [f"{begin}{end}" for end, begin in itertools.product(_VENUES[1], _VENUES[0])]
    cursor.executemany("INSERT INTO fill_people (organisation, people) VALUES (%s, %s)", list(people.items()))
    cursor.executemany("INSERT INTO fill_officer (person) VALUES (%s)", [(person,) for person in officers])
    cursor.executemany("INSERT INTO fill_place (district, name) VALUES (%s, %s)", places)
    cursor.executemany("INSERT INTO fill_venue (name) VALUES (%s)", [(venue,) for venue in venues])
    cursor.execute("ANALYZE fill_kind, fill_people, fill_officer, fill_place, fill_venue")


def _kinds(today: date) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of ``fill_kind``: each activity of the story for its own strategy, a few for every other one."""
    activities = read("activities")["activity"]
    organisations = dict(Organisation.objects.taking_part().values_list("name", "id"))
    organisation_of = {
        key: organisations.get(organisation["name"]) for key, organisation in read("organisations").items()
    }
    current = Strategy.objects.current(today)
    for strategy in Strategy.objects.order_by("id"):
        commitments = list(strategy.commitments.in_order().values_list("reference", "id"))
        last = min(strategy.ends_on, today - _NEWEST)
        days = (last - strategy.starts_on).days
        if not commitments or days <= 0:
            continue
        chosen = activities if strategy == current else activities[:_KINDS_OF_OTHER_STRATEGY]
        for number, activity in enumerate(chosen):
            own = [key for reference, key in commitments if reference in activity["commitments"]]
            turn = number % len(commitments)
            whose = [key for name in activity["orgs"] if (key := organisation_of.get(name))]
            yield (
                activity["titles"], activity["opening"], activity["detail"], activity["result"],
                *(activity.get(name, [1, 40]) for name in ("people_reached", "volunteers", "hours")),
                whose or list(organisations.values())[:3],
                own if strategy == current and own else [key for _, key in [*commitments, *commitments][turn : turn + 2]],
                strategy.starts_on, days,
            )  # fmt: skip
