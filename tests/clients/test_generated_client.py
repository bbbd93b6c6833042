"""A client that openapi-python-client makes from the description does the main job, and nothing is missing from it."""

import importlib
import json
import subprocess
import sys
import uuid
import warnings
from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest

from tests.clients.conftest import Portal
from tests.stack import ROOT
from vcsportal.management.commands.draw_openapi import FILE

pytestmark = pytest.mark.timeout(600)  # the first waits for the demo story
PACKAGE: Final = "portal_client"
SETTINGS: Final = f"""
post_hooks: []  # they would format what is thrown away
package_name_override: {PACKAGE}
content_type_overrides:
  text/csv: application/octet-stream  # it knows no rows as CSV, but bytes
"""
STRATEGY: Final = "oxfordshire-vcs-2022-27"


class MadeClient:
    """The generated package: its operations, models and clients by their names."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def part(self, name: str) -> Any:
        return importlib.import_module(f"{PACKAGE}.{name}")

    def client(self, token: str = "", **headers: str) -> Any:
        made = self.part("client")
        if not token:
            return made.Client(self.portal.url, headers=headers)
        return made.AuthenticatedClient(self.portal.url, token, headers=headers)

    def ask(self, operation: str, *parts: Any, client: Any, **more: Any) -> Any:
        """Call an operation, such as ``evidence.evidence_create``, and return its answer with status and content."""
        return self.part(f"api.{operation}").sync_detailed(*parts, client=client, **more)

    def model(self, name: str) -> Any:
        return getattr(self.part("models"), name)


@pytest.fixture(scope="module")
def made(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeClient]:
    folder = tmp_path_factory.mktemp("client")
    (folder / "settings.yml").write_text(SETTINGS, encoding="utf-8")
    command = [
        sys.executable, "-m", "openapi_python_client", "generate", "--path", str(ROOT / FILE), "--meta", "none",
        "--config", "settings.yml", "--output-path", PACKAGE, "--fail-on-warning",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "arning" not in done.stdout + done.stderr, done.stdout
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.syspath_prepend(str(folder))
        yield MadeClient(portal)
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_every_operation_has_its_function(made: MadeClient) -> None:
    told = json.loads((ROOT / FILE).read_text(encoding="utf-8"))
    names = {operation["operationId"] for operations in told["paths"].values() for operation in operations.values()}
    functions = {file.stem for file in Path(made.part("api").__file__).parent.glob("*/*.py")} - {"__init__"}
    assert functions == names
    assert len(names) >= 109


def test_anyone_reads_from_the_strategies_to_the_open_round(made: MadeClient) -> None:
    client = made.client()
    strategies = made.ask("strategies.strategies_list", client=client)
    assert STRATEGY in {strategy.slug for strategy in strategies.parsed.results}
    commitments = made.ask("strategies.strategies_commitments_list", STRATEGY, client=client, page_size=100)
    assert commitments.parsed.count == len(commitments.parsed.results) == 32
    rounds = made.ask("strategies.strategies_rounds_list", STRATEGY, client=client).parsed.results
    assert all(isinstance(found.opens_on, date) for found in rounds)
    etag = commitments.headers["ETag"]
    again = made.ask(
        "strategies.strategies_commitments_list", STRATEGY, client=client, page_size=100, if_none_match=etag
    )
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_next_leads_through_a_whole_list(made: MadeClient) -> None:
    client, found, address = made.client(), [], "/api/v1/evidence/?page_size=40"
    pages = made.model("PaginatedEvidenceAnswerList")
    while address:
        page = pages.from_dict(client.get_httpx_client().get(address).json())
        found += [item.id for item in page.results]
        address = page.next_
    assert len(set(found)) == len(found) == page.count > 40


def test_a_partners_program_logs_evidence_sends_it_and_reads_it_back(made: MadeClient) -> None:
    client = made.client(made.portal.partner_token)
    [organisation] = {item.organisation.slug for item in mine(made, client)}
    body = made.model("EvidenceInputRequest")(
        organisation=organisation, title="Ran a drop-in", happened_from=date(2026, 3, 12), strategy=STRATEGY,
        commitments=["know-the-local-sector-better"], story="Forty people came.", people_reached=40,
    )  # fmt: skip
    key = str(uuid.uuid4())
    logged = made.ask("evidence.evidence_create", client=client, body=body, idempotency_key=key)
    assert logged.status_code == HTTPStatus.CREATED, logged.content
    again = made.ask("evidence.evidence_create", client=client, body=body, idempotency_key=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.parsed.id == logged.parsed.id
    act = made.model("VersionInputRequest")(version=logged.parsed.version)
    sent = made.ask("evidence.evidence_submit_create", str(logged.parsed.id), client=client, body=act)
    assert sent.status_code == HTTPStatus.OK, sent.content
    read = made.ask("evidence.evidence_retrieve", str(logged.parsed.id), client=client).parsed
    assert (read.title, read.state.code, read.people_reached) == ("Ran a drop-in", "submitted", 40)
    stranger = made.ask("evidence.evidence_retrieve", str(logged.parsed.id), client=made.client())
    assert stranger.status_code == HTTPStatus.NOT_FOUND


def mine(made: MadeClient, client: Any) -> list[Any]:
    """Return the drafts that this program sees, which are of its own organisation."""
    state = made.model("EvidenceListState").DRAFT
    found: list[Any] = made.ask("evidence.evidence_list", client=client, state=state).parsed.results
    return found


def test_a_refusal_is_a_problem_document_that_the_client_reads(made: MadeClient) -> None:
    body = made.model("EvidenceInputRequest")(organisation="x", title="", happened_from=date(2026, 3, 12))
    refused = made.ask("evidence.evidence_create", client=made.client(made.portal.partner_token), body=body)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert refused.parsed.type_.endswith("/api/v1/docs/#problem-not-valid")
    assert refused.parsed.status == 400
    assert "title" in refused.parsed.errors.additional_properties
    unknown = made.ask("evidence.evidence_create", client=made.client(f"vcs_{'x' * 43}"), body=body)
    assert (unknown.status_code, unknown.parsed.title) == (HTTPStatus.UNAUTHORIZED, "Sign in first")
