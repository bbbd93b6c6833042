"""Small documents that the story's organisations attach: notes as PDF and counts as CSV."""

import io
import random
import textwrap

import pikepdf

from commitments.content.evidence import EvidenceContent
from commitments.files.uploads import CheckedFile, check_upload
from vcsportal.common.markdown import to_text


def document(organisation: str, deed: EvidenceContent, rng: random.Random) -> tuple[CheckedFile, str]:
    """Return a document about an activity, checked as every upload is, and its caption."""
    if rng.random() < 0.25:
        return check_upload(f"Attendance, {deed.title}.csv", _attendance(deed, rng)), "How many came, week by week"
    name, caption, lead = rng.choice(_KINDS)
    told = [f"{organisation}, {deed.happened_from:%-d %B %Y}", lead, *to_text(deed.story).split("\n")]
    return check_upload(f"{name}, {deed.title}.pdf", notes(deed.title, told)), caption


_KINDS = (
    ("Notes", "Notes of the day", "These are the notes that we made for ourselves. Names have been left out."),
    ("Plan", "The plan that it began with", "This is the plan that we worked from. What came of it stands at the end."),
    ("What people told us", "What people told us", "We asked what was good, what was not, and what should come next."),
)


def _attendance(deed: EvidenceContent, rng: random.Random) -> bytes:
    most = max(4, (deed.people_reached or 24) // 3)
    rows = [f"{week},{rng.randint(most // 2, most)}" for week in range(1, 9)]
    return "\r\n".join(["Week,People", *rows, ""]).encode()


def notes(title: str, paragraphs: list[str]) -> bytes:
    """Return a page of plain text as PDF, the same bytes for the same words."""
    pdf = pikepdf.new()
    fonts = {
        "/F1": pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        ),
    }  # fmt: skip
    commands = [b"BT /F1 18 Tf 60 770 Td 24 TL"]
    commands += [_shown(line) for line in textwrap.wrap(title, 52)]
    commands.append(b"/F1 11 Tf 16 TL T*")
    for paragraph in filter(None, paragraphs):
        commands += [_shown(line) for line in textwrap.wrap(paragraph, 88)] + [b"T*"]
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(b"\n".join([*commands, b"ET"]))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
    pdf.docinfo["/Title"] = title
    pdf.Root.Lang = pikepdf.String("en-GB")
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _shown(line: str) -> bytes:
    text = line.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"(" + text + b") Tj T*"
