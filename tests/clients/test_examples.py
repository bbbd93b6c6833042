"""The worked examples do what they say: each block of ``docs/api-examples.md`` is run against a portal, and the page's own too."""

import csv
import json
import re
import shutil
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from tests.clients.conftest import Portal
from tests.long import only_in_test_all
from tests.stack import ROOT
from vcsportal.common.api_examples import SITE

pytestmark = pytest.mark.timeout(600)  # the first waits for the demo story
FILE: Final = ROOT / "docs/api-examples.md"
NAMES: Final = {
    "our-strategy": "oxfordshire-vcs-2022-27", "lend-chairs": "know-the-local-sector-better", "rowan-trust": "common-thread",
}  # fmt: skip
"""What stands for the names of the examples in the demo story."""
BLOCK: Final = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
PROGRAMS: Final = {"sh": ("sh", "-eu"), "python": (sys.executable, "-W", "error")}
TO_READ: Final = {"powerquery", "text"}
"""Of these only the addresses are asked, as the spreadsheet would."""
ASKS_AS: Final = {
    "Excel": {"Accept": "*/*", "User-Agent": "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)"},
    "Excel, older": {"Accept": "text/html, application/xhtml+xml, */*", "User-Agent": "Mozilla/4.0 (compatible; ms-office)"},
    "LibreOffice": {"User-Agent": "LibreOffice 24.2"},
    "Google Sheets": {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "User-Agent": "GoogleDocs"},
}  # fmt: skip
"""What spreadsheets send when they open an address."""
INSTALL: Final = (
    "LibreOffice is needed for this trial, and there is no soffice on PATH: apt-get install libreoffice-calc."
)


@dataclass(frozen=True)
class Block:
    """A block of code: the heading above it, its language and its text."""

    heading: str
    language: str
    text: str


def blocks(written: str) -> Iterator[Block]:
    for found in BLOCK.finditer(written):
        heading = re.findall(r"^## (.*)$", written[: found.start()], re.MULTILINE)[-1]
        yield Block(heading, found[2], textwrap.dedent(found[3]))


def here(text: str, portal: Portal) -> str:
    """Return an example with the names of this portal."""
    for name, ours in {SITE: portal.url, **NAMES}.items():
        text = text.replace(name, ours)
    return text


def of(heading: str) -> list[Block]:
    found = [block for block in blocks(FILE.read_text(encoding="utf-8")) if block.heading == heading]
    assert found, heading
    return found


def run(block: Block, portal: Portal, folder: Path) -> str:
    """Run one block and return what it printed."""
    done = subprocess.run(
        [*PROGRAMS[block.language], "-c", here(block.text, portal)], cwd=folder, capture_output=True, text=True, timeout=120,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "PORTAL_TOKEN": portal.partner_token},
    )  # fmt: skip
    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def answer(url: str, **headers: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as told:
        return told.headers, told.read().decode("utf-8-sig")


def test_every_block_is_run_or_asked() -> None:
    known = {block.heading for block in blocks(FILE.read_text(encoding="utf-8"))}
    assert known == {
        "See what there is", "Find what has changed since yesterday", "Download a report and check it",
        "Take a whole dataset", "Open a list in a spreadsheet", "Log evidence from your own database",
    }  # fmt: skip
    languages = {block.language for block in blocks(FILE.read_text(encoding="utf-8"))}
    assert languages == {*PROGRAMS, *TO_READ}


def test_what_there_is(portal: Portal, tmp_path: Path) -> None:
    [block] = of("See what there is")
    root, commitments = run(block, portal, tmp_path).split("}{", 1)
    assert f"{portal.url}/api/v1/evidence/" in root
    assert len(json.loads("{" + commitments)["results"]) == 32


def test_what_has_changed(portal: Portal, tmp_path: Path) -> None:
    by_day, everything, by_etag = of("Find what has changed since yesterday")
    run(by_day, portal, tmp_path)
    long_ago = Block("", "python", by_day.text.replace("timedelta(days=1)", "timedelta(days=9999)"))
    _, told = answer(f"{portal.url}/api/v1/evidence/?cursor=*")
    assert len(run(long_ago, portal, tmp_path).splitlines()) == json.loads(told)["count"] > 40
    assert re.fullmatch(r"\d\d+ organisations\n", run(everything, portal, tmp_path))
    assert run(by_etag, portal, tmp_path).split() == ["200", "304"]
    assert json.loads((tmp_path / "list.json").read_text(encoding="utf-8"))["results"]


def test_a_report_is_checked_and_found_again(portal: Portal, tmp_path: Path) -> None:
    download, find = of("Download a report and check it")
    assert len(run(download, portal, tmp_path).splitlines()) >= 8
    [found] = json.loads(run(find, portal, tmp_path))["results"]
    assert found["withdrawn"] is None
    with (tmp_path / "report.pdf").open("ab") as file:
        file.write(b" ")
    assert json.loads(run(find, portal, tmp_path))["results"] == []


def test_a_whole_dataset(portal: Portal, tmp_path: Path) -> None:
    download, read = of("Take a whole dataset")
    run(download, portal, tmp_path)
    count, _, columns = run(read, portal, tmp_path).partition(" items of evidence, with the columns ")
    described = json.loads((tmp_path / "evidence.csv-metadata.json").read_text(encoding="utf-8"))
    assert int(count) > 40
    assert columns.strip().split(", ") == [column["name"] for column in described["tableSchema"]["columns"]]


@pytest.mark.parametrize("program", ASKS_AS)
def test_a_spreadsheet_opens_a_list_by_its_address(program: str, portal: Portal) -> None:
    [power_query, cell, command] = of("Open a list in a spreadsheet")
    addresses = [re.findall(r'"(https?://[^"]+)"', here(block.text, portal)) for block in (power_query, cell, command)]
    [[commitments], [item], [dataset]] = addresses
    for address, least in ((commitments, 33), (dataset, 20)):
        headers, told = answer(address, **ASKS_AS[program])
        assert headers.get_content_type() == "text/csv"
        rows = list(csv.reader(StringIO(told)))
        assert len(rows) >= least
        assert len({len(row) for row in rows}) == 1
    assert '"status"' in answer(item, **ASKS_AS[program])[1]


@only_in_test_all
def test_libreoffice_makes_a_spreadsheet_of_a_dataset(portal: Portal, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.fail(INSTALL)
    *_, command = of("Open a list in a spreadsheet")
    run(command, portal, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "actions.xlsx").active
    _, told = answer(f"{portal.url}/data/actions.csv")
    rows = list(csv.reader(StringIO(told)))
    assert sheet is not None
    assert (sheet.max_row, [cell.value for cell in sheet[1]]) == (len(rows), rows[0])


def test_evidence_is_logged_once_and_sent(portal: Portal, tmp_path: Path) -> None:
    log, send = of("Log evidence from your own database")
    assert run(log, portal, tmp_path).split() == ["201", "201"]
    item = json.loads((tmp_path / "logged.json").read_text(encoding="utf-8"))
    assert run(send, portal, tmp_path) == "Sent\n"
    mine = {"Authorization": f"Bearer {portal.partner_token}"}
    _, told = answer(f"{portal.url}/api/v1/evidence/?q=%22village+fair%22&state=submitted&fields=id", **mine)
    assert [row["id"] for row in json.loads(told)["results"]] == [item["id"]]


def test_the_examples_of_the_page_for_people_run(portal: Portal, tmp_path: Path) -> None:
    _, page = answer(f"{portal.url}/api/v1/docs/")
    shown = [
        unescape(text) for text in re.findall(r'<pre class="app-code"[^>]*><code>(.*?)</code></pre>', page, re.DOTALL)
    ]
    assert len(shown) == 3
    for text in shown:
        printed = run(Block("", "sh", text), portal, tmp_path)
        assert printed or (tmp_path / "evidence.csv").stat().st_size > 1000
