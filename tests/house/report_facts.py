"""Editions of the doors' world with facts in them: gathered from it, with a photograph that is there."""

from dataclasses import replace

from django.utils import timezone

from reporting import assembly
from reporting.facts import EvidenceFacts, PhotographFacts, ProductionDetails, Report, to_json
from reporting.models import Edition
from tests.factories import make_edition
from tests.house.world import World


def facts(world: World) -> Report:
    """What the report of the open round would say, with one piece that has a photograph."""
    piece = world.evidence("draft")
    photograph = world.photograph(piece)
    piece.files.filter(pk=photograph.pk).update(shows_people=False)
    at = timezone.now()
    item = EvidenceFacts(
        number=1, id=piece.pk, organisation="Rowan Trust", title="A morning in the hall", story="", happened_from=at.date(),
        happened_to=None, districts=(), people_reached=None, volunteers=None, hours=None, references=("1.1",), links=(),
        photographs=(PhotographFacts(str(photograph.print_content), "The hall"),),
    )  # fmt: skip
    return replace(assembly.assemble(round_=world.open_round, making=ProductionDetails(at)), evidence=(item,))


def edition(world: World, *, published: bool = False) -> Edition:
    officer = world.people["officer"]
    assert officer is not None
    return make_edition(round_=world.open_round, by=officer, facts=to_json(facts(world)), published=published)
