"""A small year as facts, without a database: two priorities, three commitments, three pieces, and one silence."""

from datetime import UTC, date, datetime
from typing import Any

from reporting import facts
from reporting.paper.skeleton import default

AT = datetime(2025, 6, 3, 9, 30, 15, tzinfo=UTC)


def make_report(*, texts: dict[str, str] | None = None, **more: Any) -> facts.Report:
    """Return the year; ``texts`` are what officers wrote, by section."""
    values: dict[str, Any] = {
        "schema": facts.SCHEMA,
        "identity": facts.PortalIdentity("The portal", "Ashshire Council", "portal@example.org", "https://portal.example.org", "#17424f"),
        "strategy": facts.StrategyFacts(
            "together", "Working together", "Communities that are heard.", "", date(2022, 4, 1), date(2027, 3, 31), "Ashshire Council",
            "The Alliance of Ashshire", "AA",
        ),
        "round": facts.RoundFacts("2024-25", date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), date(2025, 5, 31)),
        "rounds": ("2023-24", "2024-25"),
        "making": facts.ProductionDetails(AT, 2),
        "priorities": (
            facts.PriorityFacts(1, "Networks", "", (make_commitment("1.1", evidence=(1, 2)), make_commitment("1.2", status=""))),
            facts.PriorityFacts(2, "Skills", "", (make_commitment("2.1", status="at_risk", evidence=(2, 3)),)),
        ),
        "evidence": (
            make_piece(1, "Rowan Trust", "Opened a warm room", ("1.1",)),
            make_piece(2, "Kettle and Thread", "Mended forty coats", ("1.1", "2.1")),
            make_piece(3, "Rowan Trust", "Trained twelve trustees", ("2.1",)),
        ),
        "organisations": (
            facts.OrganisationFacts("Kettle and Thread", "Charity", ("Oxford",), 1), facts.OrganisationFacts("Rowan Trust", "Charity", (), 2),
        ),
        "texts": tuple(facts.TextFacts(key, text) for key, text in (texts or {}).items()),
        "skeleton": default(),
    }  # fmt: skip
    return facts.Report(**{**values, **more})


def make_commitment(reference: str, **more: Any) -> facts.CommitmentFacts:
    values: dict[str, Any] = {
        "reference": reference, "wording": f"Promise {reference}", "short_title": f"Do what {reference} says", "ongoing": False,
        "status": "on_track", "reason": "Half of it is done.", "remedy": "", "narrative": "", "next_steps": "",
        "updated_on": date(2025, 5, 2), "years": (facts.YearFacts("2023-24", ""), facts.YearFacts("2024-25", "on_track")),
        "evidence": (),
        "actions": (
            facts.ActionFacts("Ask the groups", date(2024, 9, 30), date(2024, 10, 4), slipped=True),
            facts.ActionFacts("Tell the groups", date(2025, 9, 30), None, slipped=False),
        ),
    }  # fmt: skip
    if not more.get("status", "on_track"):
        values |= {"reason": "", "updated_on": None, "actions": ()}
    return facts.CommitmentFacts(**{**values, **more})


def make_piece(
    number: int, organisation: str, title: str, references: tuple[str, ...], **more: Any
) -> facts.EvidenceFacts:
    values: dict[str, Any] = {
        "number": number, "id": 100 + number, "organisation": organisation, "title": title, "story": "We did it.",
        "happened_from": date(2024, 5, (number - 1) % 31 + 1), "happened_to": None, "districts": (), "people_reached": None, "volunteers": None,
        "hours": None, "references": references, "links": (), "photographs": (),
    }  # fmt: skip
    return facts.EvidenceFacts(**{**values, **more})
