"""Draw the states of commitments, updates, evidence and editions from their tables, as ``docs/states.md``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from commitments.rules import stances, status, workflow
from partners import invitation_states, roles, standings
from reporting import workflow as edition_workflow
from vcsportal.common.states import State


def page() -> str:
    """Return the whole page, as Markdown with Mermaid diagrams."""
    return "\n".join([*_statuses(), *_stances(), *_states(), *_roles()]).rstrip() + "\n"


def _statuses() -> Iterator[str]:
    yield "# States and roles\n\nDrawn from the tables in the code by `manage.py draw_states`. Change the tables, then draw again.\n"
    yield "## How a commitment stands (`commitments/rules/status.py`)\n"
    yield "| word | shape | means |\n|---|---|---|"
    for word in (*status.STATUSES, status.NO_UPDATE):
        yield f"| {word.label} | {word.shape} | {word.definition} |"
    yield "\n```mermaid\nstateDiagram-v2"
    for word in status.STATUSES:
        yield f'  state "{word.label}" as {word.code}'
    for start, ends in status.TRANSITIONS.items():
        for end in ends:
            yield f"  {start or '[*]'} --> {end}"
    yield "```\n"


def _stances() -> Iterator[str]:
    yield "## What an addressee responds (`commitments/rules/stances.py`)\n"
    yield "| word | shape | means | progress begins |\n|---|---|---|---|"
    for stance in (*stances.STANCES, stances.AWAITED):
        yield f"| {stance.label} | {stance.shape} | {stance.definition} | {'yes' if stance.opens_progress else 'no'} |"
    yield ""


def _states() -> Iterator[str]:
    for heading, states, acts in (
        ("An item of evidence (`commitments/rules/workflow.py`)", workflow.EVIDENCE_STATES, workflow.EVIDENCE_ACTS),
        ("A case study (`commitments/rules/workflow.py`)", workflow.CASE_STUDY_STATES, workflow.CASE_STUDY_ACTS),
        ("A progress update (`commitments/rules/workflow.py`)", workflow.UPDATE_STATES, workflow.UPDATE_ACTS),
        (
            "A response to a recommendation (`commitments/rules/workflow.py`)",
            workflow.RESPONSE_STATES,
            workflow.RESPONSE_ACTS,
        ),
        ("A reporting round (`commitments/rules/workflow.py`)", workflow.ROUND_STATES, workflow.ROUND_ACTS),
        ("A figure of an indicator (`commitments/rules/workflow.py`)", workflow.VALUE_STATES, workflow.VALUE_ACTS),
        ("An invitation (`partners/invitation_states.py`)", invitation_states.STATES, invitation_states.ACTS),
    ):
        yield f"## {heading}\n"
        yield from _table(states)
        yield "\n```mermaid\nstateDiagram-v2"
        yield f"  [*] --> {states[0].code}"
        for act in acts:
            for start in act.leaves:
                yield f"  {start} --> {act.to}: {act.label}"
        yield "```\n"
    yield "## An organisation in the directory (`partners/standings.py`)\n"
    yield from _table(standings.STANDINGS)
    yield "\n## A request to take part (`partners/standings.py`)\n"
    yield from _table(standings.REQUEST_STATES)
    yield ""
    yield "## An edition of the report (`reporting/workflow.py`)\n"
    yield from _table(edition_workflow.EDITION_STATES)
    yield ""


def _table(states: tuple[State, ...]) -> Iterator[str]:
    yield "| state | means |\n|---|---|"
    for state in states:
        yield f"| {state.label} | {state.definition} |"


def _roles() -> Iterator[str]:
    yield "## What each kind of person may do (`partners/roles.py`)\n"
    for role in roles.ROLES:
        yield f"* **{role.label}**: {role.description}"
        yield f"  May: {', '.join(sorted(role.may))}."
        if role.may_for_own_strategies:
            yield f"  For strategies that the organisation owns or supports, if their owner is not a public body, also: {', '.join(sorted(role.may_for_own_strategies))}."


class Command(BaseCommand):
    """Write ``docs/states.md``, or with ``--check`` fail when it is stale."""

    help = "Draw docs/states.md from the tables of states and roles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file = Path(settings.BASE_DIR) / "docs" / "states.md"
        fresh = page()
        if check:
            if not file.exists() or file.read_text(encoding="utf-8") != fresh:
                raise CommandError("docs/states.md is stale. Run `manage.py draw_states` and commit the page.")
            self.stdout.write("docs/states.md is in step with the tables.")
            return
        file.write_text(fresh, encoding="utf-8")
        self.stdout.write("Wrote docs/states.md.")
