"""An invented partnership with the shape of a real one: four sub-groups, 21 seats of which one is vacant, and a list of 12 bodies.

One sub-group rests, one is required by law, and one is chaired by a business. All names are invented; there are no people's.
"""

from datetime import date, datetime, time

from django.utils import timezone

from commitments.models import Commitment, Engagement, Point, Round, Strategy
from commitments.services.loading.strategy import load_strategy
from commitments.strategy_file.strategy import read
from partners.models import Appointment, Organisation, PartnershipGroup
from reporting import assembly, facts
from tests.factories import make_evidence, make_organisation, make_person

MADE_ON = date(2024, 6, 20)
"""The day of the report, nearly three months after the round's last day."""
BODIES = (
    "Ashmere City Council", "Ashmere Police", "Office of the Commissioner", "North University", "South University",
    "Adult Safeguarding Board", "Child Safeguarding Board", "Probation Service", "Ashmere Hospitals", "Care Board", "Turning Tide",
)  # fmt: skip
SERVICES = ("Adult social care", "Children’s social care", "Youth justice service", "Fire and rescue service")
"""Of the county council, which is the twelfth body."""
THEMES = (
    ("Economic Development", "ashmere-growth-board", ("Inclusive employment", "Social value and procurement")),
    ("Stronger Communities", "ashmere-communities-board", ("Support for young people", "Support for older people")),
    ("Safer Communities", "ashmere-safety-board", ("Burglary and robbery",)),
    ("Zero Carbon", "ashmere-carbon-board", ("City-wide mitigation",)),
)
GROUPS = {
    "ashmere-growth-board": 'name = "Ashmere Growth Board"\npurpose = "To steer the city’s economic strategy."\nmeets = "quarterly"\nsupported_by = "ashmere-city-council"\nsupporting_team = "Regeneration service"\nreports_to = "the county’s growth partnership every quarter, and to the partnership once a year"',
    "ashmere-communities-board": 'name = "Ashmere Communities Board"\nrests_since = 2024-02-29\nrests_why = "its purpose is under review"',
    "ashmere-safety-board": 'name = "Ashmere Safety Board"\nfounded = "1998"\nstatutory_basis = "Crime and Disorder Act 1998"',
    "ashmere-carbon-board": 'name = "Ashmere Carbon Board"',
}


def strategy_file() -> str:
    """Return the work plan as its file."""
    head = """
[strategy]
slug = "ashmere-work-plan"
title = "Work plan of Ashmere Strategic Partnership"
kind = "work_plan"
vision = "A thriving city where everyone enjoys a good quality of life."
source = "Invented for a test."
starts_on = 2023-04-01
ends_on = 2026-03-31
reports_to = "Council"
supported_by = "ashmere-city-council"
[strategy.owner]
slug = "ashmere-strategic-partnership"
name = "Ashmere Strategic Partnership"
kind = "partnership_group"
identifiers = []
districts = []
[[round]]
slug = "2023-24"
observes_from = 2023-04-01
observes_to = 2024-03-31
opens_on = 2024-04-01
closes_on = 2024-05-31
[[group]]
slug = "ashmere-strategic-partnership"
name = "Ashmere Strategic Partnership"
founded = "2003"
purpose = "To bring senior representatives of the city’s organisations together."
aims = "Identify current issues\\n- Empower partners and communities"
meets = "Quarterly"
supported_by = "ashmere-city-council"
supporting_team = "Policy and partnerships team"
reports_to = "Council, once a year"
[[group.seat]]
title = "Chair"
chair = true
post = "Chief executive"
organisation = "river-trust"
since = 2022-10-01
"""
    seats = [
        (f"Member {number}", 'post = "Director"\norganisation = "ashmere-city-council"\nsince = 2023-01-01')
        for number in range(2, 21)
    ]
    seats.append(("Larger business representative", ""))
    head += "".join(f'[[group.seat]]\ntitle = "{title}"\n{held}\n' for title, held in seats)
    for slug, words in GROUPS.items():
        head += f'[[group]]\nslug = "{slug}"\nparent = "ashmere-strategic-partnership"\n{words}\n'
        if slug == "ashmere-growth-board":
            head += '[[group.seat]]\ntitle = "Chair"\nchair = true\npost = "Managing director"\norganisation = "ash-engineering"\nsince = 2023-05-01\n'
        if slug == "ashmere-safety-board":
            held = [*((name, name) for name in BODIES), *((service, "Ashshire County Council") for service in SERVICES)]
            head += "".join(
                f'[[group.seat]]\ntitle = "{title}"\norganisation = "{slug_of(name)}"\nsince = 2023-01-01\n'
                for title, name in held
            )
    for number, (title, group, themes) in enumerate(THEMES, start=1):
        head += f'[[priority]]\nnumber = {number}\ntitle = "{title}"\ngroup = "{group}"\n'
        head += f'introduction = "What {title} is about."\nintroduction_source = "Work plan, page {number}."\n'
        head += "".join(
            f'[[priority.commitment]]\nwording = "{theme} in the city"\nshort_title = "{theme}"\nongoing = false\n'
            for theme in themes
        )
    return head


def slug_of(name: str) -> str:
    """Return the slug of one of the organisations."""
    return name.lower().replace(" ", "-")


class Partnership:
    """The partnership with its work plan, and a round with evidence, engagement and points."""

    def __init__(self) -> None:
        kinds = {"Ash Engineering": "business", "River Trust": "charity"}
        for name in (*BODIES, "Ashshire County Council", *kinds):
            make_organisation(name, kinds.get(name, "public_body"), slug=slug_of(name))
        load_strategy(by=None, at=timezone.now(), entry=read(strategy_file()))
        self.strategy = Strategy.objects.get(slug="ashmere-work-plan")
        self.group = PartnershipGroup.objects.get(organisation__slug="ashmere-strategic-partnership")
        self.round = Round.objects.get(strategy=self.strategy)
        self.council = Organisation.objects.get(slug="ashmere-city-council")

    def tell(self) -> "Partnership":
        """Log two achievements, hold a workshop, plan a meeting and publish three points."""
        officer, helper = (
            make_person("officer", self.council),
            make_person("partner_lead", Organisation.objects.get(slug="river-trust")),
        )
        for theme, title in (
            ("Support for young people", "Opened two youth clubs"),
            ("Burglary and robbery", "Marked 400 bicycles"),
        ):
            commitment = Commitment.objects.get(strategy=self.strategy, short_title=theme)
            make_evidence(
                helper, commitment, state="accepted", officer=officer, title=title, happened_from=date(2023, 9, 4)
            )
        self.engagement(
            "workshop",
            "Convening anchor institutions",
            date(2023, 11, 8),
            state="written_up",
            people_attended=31,
            summary="Purchasing came up most often.",
        )
        self.engagement("meeting", "Meeting on transport", date(2024, 9, 5))
        self.point(
            "More evening buses.",
            date(2023, 11, 8),
            stance="in_part",
            response="Two more run since May.",
            done_on=date(2024, 5, 1),
        )
        self.point("A hall for every village.", date(2024, 1, 9))
        self.point("Ask the districts to join.", date(2024, 3, 31), kind="decision")
        return self

    def engagement(self, kind: str, title: str, day: date, **more: object) -> Engagement:
        """Something that the partnership held or plans."""
        values: dict[str, object] = {
            "group": self.group,
            "kind": kind,
            "title": title,
            "starts_on": day,
            "place": "Town Hall",
            **more,
        }
        if values.get("state") == "written_up":
            values["written_up_at"] = timezone.now()
        return Engagement.objects.create(**values)

    def point(self, words: str, day: date, **more: object) -> Point:
        """A point that was published, with its answer, as a strategy's file would have it."""
        values: dict[str, object] = {
            "kind": "said", "strategy": self.strategy, "raised_on": day, "raised_at": timezone.now(), "words": "The original, with a name.",
            "public_words": words, "published_at": timezone.now(), "source": "Minutes.", "raised_by_words": "a parish council", **more,
        }  # fmt: skip
        if values.get("stance"):
            values |= {"state": "answered", "responded_at": timezone.now()}
        return Point.objects.create(**values)

    def appoint(self, title: str, post: str, starts_on: date, until: date | None = None) -> Appointment:
        """Appoint the city council's holder of a post to a seat of the partnership."""
        seat = self.group.seats.get(title=title)
        return Appointment.objects.create(
            seat=seat, organisation=self.council, post=post, starts_on=starts_on, until=until
        )

    def report(self, day: date = MADE_ON) -> facts.Report:
        """Return the facts as they are gathered on a day."""
        at = datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
        round_ = Round.objects.select_related("strategy__owner").get(pk=self.round.pk)
        return assembly.assemble(round_=round_, making=facts.ProductionDetails(at=at, edition=1))
