"""A small year as facts, by hand: fixed words and days, no database. Pages drawn of it can be compared as pictures."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

from PIL import Image

from reporting.facts import (
    SCHEMA,
    ActionFacts,
    AmendedFacts,
    AreaFacts,
    AreaSumFacts,
    ChangesFacts,
    CommitmentFacts,
    EarlierRoundFacts,
    EvidenceFacts,
    EvidenceSumFacts,
    FigureFacts,
    IndicatorFacts,
    LinkFacts,
    MovedFacts,
    OrganisationFacts,
    PhotographFacts,
    PortalIdentity,
    PriorityFacts,
    ProductionDetails,
    Report,
    RoundFacts,
    SlippedFacts,
    StrategyFacts,
    TextFacts,
    ViewFacts,
    YearFacts,
)

ROUNDS = ("2020-21", "2021-22", "2022-23", "2023-24", "2024-25")
AT = datetime(2025, 6, 30, 9, 30, tzinfo=UTC)
TOLD = {
    "on_track": "People and rooms have been found for the whole year.",
    "at_risk": "Two of four halls may close in the spring.",
    "delayed": "The post that looks after it was empty for five months.",
    "complete": "Everything that was promised has been done and checked.",
    "embedded": "It is a part of what the teams do every week.",
}
TEXTS = (
    TextFacts("foreword", "This was the year in which **small groups** found one another.\n\nWhat was late is told here too, with the reason and with what will be done about it. Groups that had never sent us anything did so this year, and every one of them counts once.\n\nThe halls in the north are open. Those in the south wait for a roof."),
    TextFacts("priority-1", "Four evenings were held, two of them in villages.\n\n* One had soup.\n* One had a choir."),
    TextFacts("forward-plan", "### Before the summer\n\nChoose the next three places.\n\n### By the end of the year\n\nWrite the next plan."),
)  # fmt: skip


def small() -> Report:
    """Two priorities, five commitments in their fifth year, six items of evidence, three photographs."""
    one = PriorityFacts(
        1, "Meeting one another", "How groups and the council find each other.",
        (
            _commitment("1.1", "Open the halls", "on_track on_track at_risk at_risk on_track", (1, 2, 4), actions=ACTIONS),
            _commitment("1.2", "Bring groups together", " not_started on_track on_track delayed", (3,), views=VIEWS),
            _commitment("1.3", "Keep the list of groups", "on_track on_track on_track embedded embedded", ()),
        ),
        (_indicator(),),
    )  # fmt: skip
    two = PriorityFacts(
        2, "Being heard", "",
        (
            _commitment("2.1", "Ask before deciding", "not_started on_track on_track on_track complete", (2, 5, 6)),
            _commitment("2.2", "Answer every letter", "on_track on_track  at_risk ", ()),
        ),
    )  # fmt: skip
    return Report(
        schema=SCHEMA,
        identity=PortalIdentity("Strategy portal", "Example County Council", "portal@example.org", "https://portal.example.org", "#17424f"),
        strategy=StrategyFacts(
            "together", "Working together, 2020 to 2025", "Communities that are strong, and heard.", "Example County Council, 2020.",
            date(2020, 4, 1), date(2025, 3, 31), "Example County Council", "Example Alliance", "EA",
        ),
        round=RoundFacts("2024-25", date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), date(2025, 5, 31), date(2025, 6, 7)),
        rounds=ROUNDS,
        making=ProductionDetails(AT, 3, "Olive Officer", AT),
        priorities=(one, two),
        evidence=tuple(_piece(number) for number in range(1, 7)),
        organisations=(
            OrganisationFacts("Long Table", "Charity", ("North",), 3),
            OrganisationFacts("The Repair Shed", "Unincorporated group", ("North", "South"), 2),
            OrganisationFacts("Willow Carers", "Charity", (), 1),
        ),
        texts=TEXTS,
        changes=CHANGES,
        unpublished=2,
        actions_as_at=date(2025, 6, 30),
        earlier=(
            EarlierRoundFacts("2022-23", 2, 1, (EvidenceSumFacts("people_reached", 40, 2),)),
            EarlierRoundFacts(
                "2023-24", 4, 2, (EvidenceSumFacts("people_reached", 150, 3), EvidenceSumFacts("volunteers", 12, 4)),
                (AreaSumFacts("E07000901", 3, 2, 2, (EvidenceSumFacts("people_reached", 120, 2),)),),
            ),
        ),
        areas=(AreaFacts("E07000901", "North", "district"), AreaFacts("E07000902", "South", "district")),
        districts=(
            AreaFacts("E07000901", "North", "district", 1, 0),
            AreaFacts("E07000902", "South", "district", 0, 2),
            AreaFacts("E07000903", "West", "district", 2, 2),
        ),
    )  # fmt: skip


def photographs() -> dict[str, bytes]:
    """The photographs that the facts name: two lying, one standing."""
    return {
        f"{name}.jpg": _photograph(size) for name, size in (("a", (900, 600)), ("b", (600, 800)), ("c", (900, 600)))
    }


def empty() -> Report:
    """The same strategy in its first year, of which nobody has said anything."""
    report = small()
    priorities = tuple(
        replace(priority, indicators=(), commitments=tuple(_silent(one) for one in priority.commitments))
        for priority in report.priorities
    )
    return replace(
        report, priorities=priorities, evidence=(), organisations=(), texts=(), changes=None, rounds=("2024-25",), earlier=(),
        making=ProductionDetails(AT),
    )  # fmt: skip


def _silent(one: CommitmentFacts) -> CommitmentFacts:
    return CommitmentFacts(
        one.reference, one.wording, one.short_title, one.ongoing, "", "", "", "", "", None, (YearFacts("2024-25", ""),), ()
    )  # fmt: skip


def _commitment(
    reference: str,
    title: str,
    years: str,
    evidence: tuple[int, ...],
    *,
    views: tuple[ViewFacts, ...] = (),
    actions: tuple[ActionFacts, ...] = (),
) -> CommitmentFacts:
    """``years`` has a status for each round, with a blank where nothing was said."""
    codes = years.split(" ")
    status = codes[-1]
    worried = status in {"at_risk", "delayed"}
    return CommitmentFacts(
        reference=reference,
        wording=f"{title}, together with the groups that know the place best",
        short_title=title,
        ongoing=status == "embedded",
        status=status,
        reason=TOLD.get(status, ""),
        remedy="A room has been promised by the library." if worried else "",
        narrative=f"The year of {title.lower()} began with a survey.\n\n* Ninety groups answered it.\n* Six of them helped to read it."
        if status
        else "",
        next_steps=f"Go on with {title.lower()} in the autumn." if status else "",
        updated_on=date(2025, 5, 12) if status else None,
        years=tuple(YearFacts(round_, code) for round_, code in zip(ROUNDS, codes, strict=True)),
        evidence=evidence,
        views=views,
        update=100 + int(reference.replace(".", "")) if status else None,
        actions=actions,
    )


ACTIONS = (
    ActionFacts("Make a list of the halls", date(2021, 9, 30), date(2021, 9, 1), slipped=False),
    ActionFacts("Open the hall in the north", date(2024, 6, 30), date(2024, 5, 14), slipped=False),
    ActionFacts("Mend the roof in the south", date(2024, 10, 31), date(2025, 2, 3), slipped=True),
    ActionFacts("Write to the landlords", date(2025, 1, 31), None, slipped=True),
    ActionFacts("Find a third hall", date(2025, 9, 30), None, slipped=False),
)
VIEWS = (
    ViewFacts("Long Table", "at_risk", "We meet every month, and the room is always full.", differs=True, on=date(2025, 5, 20)),
    ViewFacts("Willow Carers", "delayed", "We waited for a letter until June.", differs=False, on=date(2025, 5, 21)),
)  # fmt: skip
CHANGES = ChangesFacts(
    date(2024, 3, 31), date(2025, 3, 31),
    moved=(
        MovedFacts("1.1", "Open the halls", "at_risk", "on_track", TOLD["on_track"], date(2025, 5, 12)),
        MovedFacts("1.2", "Bring groups together", "on_track", "delayed", TOLD["delayed"], date(2025, 5, 12)),
        MovedFacts("2.1", "Ask before deciding", "on_track", "complete", TOLD["complete"], date(2025, 5, 12)),
    ),
    silent=("2.2",),
    slipped=(SlippedFacts("1.1", "Write to the landlords", date(2025, 1, 31), None),),
    partners=("Willow Carers",),
    amended=(AmendedFacts("1.3", "Keep a list", "Keep the list of groups", date(2024, 11, 4)),),
    against="2023-24", commitments=5, spoken=4, as_at=date(2025, 6, 30),
)  # fmt: skip


def _indicator() -> IndicatorFacts:
    """Halls that add up; nobody counted in 2022-23."""
    rounds = (
        _counted("2021-22", 6, 6, 6, 6, "Target met"),
        FigureFacts(
            "2022-23", None, None, None, "nobody had the keys", None, Decimal(6), Decimal(12), "No figure: nobody had the keys", "",
            "6 halls", "12 halls", "", "",
        ),
        _counted("2023-24", 12, 18, 6, 18, "Target met"),
        _counted("2024-25", 12, 30, 10, 28, "Target met"),
    )  # fmt: skip
    return IndicatorFacts(
        "A", "Halls that are open", "Halls with a key holder.", "halls", "number", True, "More is better.", None, "", "30 halls.", rounds
    )  # fmt: skip


def _counted(round_: str, actual: int, total: int, target: int, target_total: int, verdict: str) -> FigureFacts:
    return FigureFacts(
        round_, Decimal(actual), None, None, "", Decimal(total), Decimal(target), Decimal(target_total), f"{actual} halls", f"{total} halls",
        f"{target} halls", f"{target_total} halls", verdict, "",
    )  # fmt: skip


def _piece(number: int) -> EvidenceFacts:
    titles = ("Soup on Tuesdays", "A letter that all could read", "Four evenings in one hall", "The kettle that was mended",
              "Maps by those who walk", "What the choir asked for")  # fmt: skip
    references = {1: ("1.1",), 2: ("1.1", "2.1"), 3: ("1.2",), 4: ("1.1",), 5: ("2.1",), 6: ("2.1",)}[number]
    pictures = {
        1: (PhotographFacts("a.jpg", "People at a long table."), PhotographFacts("b.jpg", "A kettle on a stand.")),
        3: (PhotographFacts("c.jpg", "A full hall."),),
    }.get(number, ())
    return EvidenceFacts(
        number=number,
        id=40 + number,
        organisation=("Willow Carers", "Long Table", "The Repair Shed", "Long Table", "The Repair Shed", "Long Table")[number - 1],
        title=titles[number - 1],
        story=f"We opened the door at ten and closed it at two. {titles[number - 1]} was asked for by those who came.",
        happened_from=date(2024, 4 + number, number),
        happened_to=date(2024, 4 + number, number + 6) if number % 2 else None,
        districts=("North", "South")[: number % 3],
        people_reached=number * 12 if number != 4 else None,
        volunteers=number,
        hours=None if number % 2 else number * 30,
        references=references,
        links=(LinkFacts("https://long-table.example.org/soup/", "More about it"),) if number == 1 else (),
        photographs=pictures,
    )  # fmt: skip


def _photograph(size: tuple[int, int]) -> bytes:
    image = Image.new("RGB", size, (90, 130, 120))
    image.paste((200, 180, 120), (size[0] // 4, size[1] // 3, size[0] * 3 // 4, size[1] * 5 // 6))
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
