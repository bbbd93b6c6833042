"""Writes the files; answers with an error if a page could not be reached."""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from playwright.sync_api import Browser, Error, sync_playwright
from pypdf import PdfReader

from tests.browser import CHROMIUM, QUIET
from tests.pages import Visit, at_a_browser, at_browsers, edition
from tests.stack import ROOT, running_portal, served_strictly
from vcsportal.local.wording import FLOORS, code_texts, document_texts, template_texts

OUTPUT = ROOT / "test-output" / "words"


def main() -> int:
    """Write every file; print where, and how many words each has."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for old in OUTPUT.glob("*.txt"):
        old.unlink()
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        with running_portal(Path(folder)) as stack, served_strictly(stack) as strict_url:
            for visit, sights in at_browsers(browser, stack.url, strict_url):
                write(sights[0].who, read_pages(visit, sights, missed))
            write("report", read_report(browser, stack.url))
        browser.close()
    write("emails", read_templates(["templates/emails", "templates/account/email", "templates/mfa/email"]))
    write("code", read_code())
    write("documentation", read_documents())
    for sentence in missed:
        print(f"  not reached: {sentence}")
    return 1 if missed else 0


def write(name: str, sections: Iterable[tuple[str, Iterable[str]]]) -> None:
    """Write a file of sections; a line that an earlier section of the file has is not repeated."""
    known: set[str] = set()
    file = OUTPUT / f"{name}.txt"
    with file.open("w") as out:
        for heading, lines in sections:
            new = [
                line for line in dict.fromkeys(" ".join(line.split()) for line in lines) if line and line not in known
            ]
            known.update(new)
            if new:
                out.write("\n".join([f"## {heading}", *new, "", ""]))
    print(f"{file.relative_to(ROOT)}: {len(file.read_text().split())} words")


def read_pages(visit: Visit, sights: Iterable[Any], missed: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield what each page shows to this kind of person, folded parts and labels that are only read aloud included."""
    for sight in sights:
        try:
            sight.visit(visit)
        except (AssertionError, Error) as error:
            missed.append(f"{sight.name}: {str(error)[:300]}")
            continue
        visit.page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
        shown = visit.page.locator("body").inner_text().splitlines()
        named = visit.page.eval_on_selector_all(
            "[aria-label], [alt], [title], [placeholder]",
            "found => found.flatMap(e => ['aria-label', 'alt', 'title', 'placeholder'].map(n => e.getAttribute(n) || ''))",
        )
        yield f"{sight.name}: {visit.page.title()}", [*shown, *named]


def read_report(browser: Browser, url: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the text of the report's files."""
    visit = at_a_browser(browser, url, "steering")
    address = edition(visit)
    for code in ("pdf", "easy"):
        body = visit.page.request.get(f"{address}files/{code}/").body()
        for number, page in enumerate(PdfReader(BytesIO(body)).pages, start=1):
            yield f"{code}, page {number}", page.extract_text().splitlines()
    paper = docx.Document(BytesIO(visit.page.request.get(f"{address}files/docx/").body()))
    yield "the committee paper", [paragraph.text for paragraph in paper.paragraphs]
    visit.page.context.close()


def read_templates(folders: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the text of the templates in these folders, with {} for each value."""
    for folder in folders:
        for path in sorted((ROOT / folder).glob("*.txt")):
            yield path.name, [text for _, text in template_texts(path.read_text())]


def read_code() -> Iterator[tuple[str, list[str]]]:
    """Yield the sentences in the code: refusals, labels, what commands print, and docstrings."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), [text for _, text in code_texts(path.read_text())]


def read_documents() -> Iterator[tuple[str, list[str]]]:
    """Yield the documentation's paragraphs."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        yield str(path.relative_to(ROOT)), [text for _, text in document_texts(path.read_text())]


if __name__ == "__main__":
    sys.exit(main())
