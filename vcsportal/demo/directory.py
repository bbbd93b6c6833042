"""The directory of the story: 400 invented organisations that are only listed, some of which have ended, and one request.

Names are put together from invented places and what small groups do. Telephone numbers are of the range that Ofcom keeps for
drama (01632 960), and mailboxes are at example.org.
"""

import random
import uuid
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

from django.utils import timezone
from django.utils.text import slugify

from partners.directory_file import ListedEntry
from partners.models import Area, Organisation, Strand
from partners.services.joining import JoiningContent, ask_to_take_part
from partners.services.loading_directory import load_directory

LISTED_COUNT: Final = 400
ENDED_COUNT: Final = 12
SEED: Final = 42
PLACES: Final = (
    "Ashmere", "Brackenhythe", "Cloverwick", "Dunnockley", "Elderfold", "Fernihurst", "Gorsehay", "Hazelmarsh", "Ivelbrook",
    "Juniper Lea", "Kestrelham", "Larkhythe", "Mossbarrow", "Nettlecote", "Ottermere", "Pippinford", "Quillbury", "Rookscombe",
    "Sorrelton", "Thornymede",
)  # fmt: skip
ACTIVITIES: Final = (
    ("Allotments", "unincorporated_group", "Plots, a shared shed and a seed swap, open to everyone nearby.", ""),
    ("Lunch Club", "unincorporated_group", "A hot meal and company every Thursday for older people.", "age"),
    ("Toy Library", "charity", "Lends toys and games to families, and runs a morning for parents.", ""),
    ("Repair Café", "unincorporated_group", "Neighbours mend what would be thrown away, once a month.", ""),
    ("Community Choir", "unincorporated_group", "Sings for pleasure; nobody needs to read music.", ""),
    ("Car Scheme", "cio", "Volunteers drive people to hospitals and surgeries.", "age"),
    ("Youth Theatre", "charity", "Drama for young people, with bursaries for those who need them.", "age"),
    ("Village Hall", "charity", "A hall, a kitchen and a meeting room for local groups.", ""),
    ("Women’s Refuge Fund", "charity", "Raises money for women and children who had to leave home.", "women"),
    ("Wheelers", "cic", "Adapted bicycles and rides for disabled people.", "disability"),
    ("Friends of the Library", "unincorporated_group", "Runs reading groups, and keeps the library open on Saturdays.", ""),
    ("Interfaith Kitchen", "faith_group", "People of several faiths cook together for whoever comes.", "faith"),
    ("Rainbow Group", "unincorporated_group", "A monthly evening for LGBT people, their friends and families.", "lgbt"),
    ("Welcome Table", "charity", "Conversation and help with forms for people who have come from abroad.", "bme"),
    ("Credit Union", "co_operative", "Savings and fair loans for members.", ""),
    ("River Wardens", "unincorporated_group", "Cleans the banks and counts what lives in the water.", ""),
    ("Men’s Shed", "cio", "Tools, tea and talk for men of any age.", ""),
    ("Stroke Café", "charity", "Support after a stroke, for carers too.", "disability"),
    ("Community Shop", "community_benefit_society", "A shop that the village owns and volunteers run.", ""),
    ("Bell Ringers", "faith_group", "Rings for services and teaches beginners.", "faith"),
)  # fmt: skip


def add_directory(at: datetime) -> None:
    """Load the listed organisations in one go, and let someone of one of them ask to take part."""
    load_directory(by=None, at=at, entries=entries(at))
    asked = Organisation.objects.get(slug="ashmere-toy-library")
    content = JoiningContent(
        "Marigold Mallow", "Treasurer", "marigold.mallow@example.org", "My name is on the door of the toy library."
    )
    ask_to_take_part(by=None, at=at, token=uuid.UUID(int=43), organisation=asked, content=content)


def entries(at: datetime) -> list[ListedEntry]:
    """Return the same 400 organisations each time: 20 places by 20 things to do, of which the last few have ended."""
    rng = random.Random(SEED)  # noqa: S311 - the same directory each time is the point
    areas = list(Area.objects.districts().values_list("gss_code", flat=True))
    strands = dict(_strands())
    today = timezone.localdate(at)
    found = []
    for number, (place, (what, kind, about, strand)) in enumerate(product(PLACES, ACTIVITIES)):
        name = f"{place} {what}"
        values: dict[str, Any] = {
            "name": name, "kind": kind, "description": about, "standing": "listed", "source": "their own website",
            "checked_on": today - timedelta(days=rng.randrange(20, 700)),
        }  # fmt: skip
        if number % 3:
            values["team_mailbox"] = f"{slugify(what)}@{slugify(place)}.example.org"
        if number % 4 == 0:
            values["telephone"] = f"01632 960{number % 1000:03}"
        if number % 50 == 7:
            values["former_names"] = f"{place} and District {what}"
        successor = ""
        if number % (LISTED_COUNT // ENDED_COUNT) == 20:
            values |= {"standing": "ended", "ended_on": today - timedelta(days=rng.randrange(100, 1500))}
            other = PLACES[(PLACES.index(place) + 1) % len(PLACES)]
            successor = f"{other} {what}" if number % 2 == 0 else ""
        served = (strands[strand],) if strand in strands else ()
        found.append(
            ListedEntry(
                number + 2, name, "", values, (areas[PLACES.index(place) % len(areas)],), served, None, successor
            )
        )
    return found


def _strands() -> list[tuple[str, str]]:
    """Return the codes of the portal's strands by the words that the groups above are told by."""
    codes = list(Strand.objects.values_list("code", flat=True))
    return [
        (told, code)
        for told in ("age", "women", "disability", "faith", "lgbt", "bme")
        for code in codes
        if told in code
    ]
