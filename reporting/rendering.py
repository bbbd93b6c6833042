"""Facts to HTML to PDF: the only module that knows WeasyPrint. No query, and nothing is ever fetched."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from fontTools.ttLib import woff2  # type: ignore[import-untyped]
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from commitments.status import NO_UPDATE, STATUSES, Status
from reporting import charts, story, tagging
from reporting.facts import CommitmentFacts, EvidenceFacts, IndicatorFacts, Report
from reporting.layout import Progress, pages_heard, without_collector
from vcsportal.common import markdown

OURS: Final = "report:/"
"""The one scheme, beside ``data:``, that a report may name."""
STYLE: Final = Path(settings.BASE_DIR) / "templates" / "report" / "report.css"
FONTS: Final = tuple(
    (weight, style, suffix) for weight in (400, 700) for style in ("normal", "italic") for suffix in ("-ext", "")
)
OPTIONS: Final[dict[str, Any]] = {"pdf_variant": "pdf/ua-1"}
"""Photographs go in as they are: they were made small for print when they came, and packing them again is slow."""
SIDE_BY_SIDE: Final = 1500
"""The most characters that stand side by side: more would not fit on one page, and go below one another."""
RANGES: Final = {
    "": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2191, "
    "U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
    "-ext": "U+0100-0130, U+0132-0151, U+0154-02BA, U+1E00-1E9F, U+1EF2-1EFF, U+20A0-20AB, U+20AD-20C0",
}


class FontsMissing(Exception):
    """The report's own fonts are not where the front end's build puts them."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished PDF."""

    content: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class Told:
    """A commitment with its evidence: what is told here in full, and what is told elsewhere.

    ``voices`` are the sector's, each with its status; ``beside`` whether they are short enough to stand beside the council's.
    """

    facts: CommitmentFacts
    status: Status
    voices: list[dict[str, Any]]
    beside: bool
    findings: list[str]
    figures: list[dict[str, Any]]
    years: SafeString
    narrative: SafeString
    next_steps: SafeString
    here: list[dict[str, Any]]
    elsewhere: list[EvidenceFacts]


@cache
def _fonts() -> dict[str, bytes]:
    """Return the fonts unpacked, read once in a process."""
    folder = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
    found = {}
    for weight, style, suffix in FONTS:
        file = folder / f"atkinson-hyperlegible-{weight}-{style}{suffix}.woff2"
        try:
            packed = BytesIO(file.read_bytes())
        except OSError as error:
            raise FontsMissing(
                f"The report's font {file.name} is not in static/build/fonts. Build the front end (npm run build), then try again."
            ) from error
        unpacked = BytesIO()
        woff2.decompress(packed, unpacked)
        found[f"fonts/{weight}-{style}{suffix}.ttf"] = unpacked.getvalue()
    return found


def faces() -> str:
    """Return the rules that name our own fonts, for a print style sheet."""
    return "".join(
        f'@font-face{{font-family:"Report Hyperlegible";font-weight:{weight};font-style:{style};'
        f"src:url({OURS}fonts/{weight}-{style}{suffix}.ttf);unicode-range:{RANGES[suffix]}}}"
        for weight, style, suffix in FONTS
    )


def _stylesheet(report: Report) -> str:
    """Return the print style sheet with the fonts, the council's colour and the statuses' own colours and shapes."""
    tags = "".join(
        f".status--{status.tone or 'none'}{{color:{status.ink};border-color:{status.edge};"
        f"background-color:{'#ffffff' if status.fill == 'none' else status.fill};"
        + (f"background-image:url({_data(charts.shape(status))})}}" if status.code else "border-style:dashed}")
        for status in (*STATUSES, NO_UPDATE)
    )
    style = STYLE.read_text(encoding="utf-8").replace("__BRAND__", report.identity.brand_colour)
    return f"{faces()}\n{style}\n{tags}"


def _prose(text: str, level: int = 5) -> SafeString:
    """Return clean HTML whose headings stand below those of the report."""
    html = str(markdown.to_html(text))
    for old in (3, 4):
        html = html.replace(f"<h{old}>", f"<h{level}>").replace(f"</h{old}>", f"</h{level}>")
    return mark_safe(html)  # noqa: S308 - to_html has cleaned it


def _img(picture: charts.Picture, css: str) -> SafeString:
    """Return a picture as an image: inside the page, its parts would cost the engine as much as the words do."""
    return format_html('<img class="{}" src="{}" alt="{}">', css, _data(picture.svg), picture.sentence)


def _data(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"


def _chapters(report: Report, photographs: Mapping[str, bytes]) -> list[dict[str, Any]]:
    pieces = {piece.number: piece for piece in report.evidence}
    chapters = []
    columns = min(charts.WIDEST, max((len(p.commitments) for p in report.priorities), default=1))
    for priority in report.priorities:
        numbers = sorted({number for commitment in priority.commitments for number in commitment.evidence})
        its = [pieces[number] for number in numbers]
        chapters.append(
            {
                "priority": priority,
                "row": _img(charts.board([priority], columns=columns), "row"),
                "about": story.about(priority, its),
                "figures": story.figures(its),
                "counted": _counted(report, priority.indicators),
                "commitments": [_told(report, commitment, pieces, photographs) for commitment in priority.commitments],
            }
        )
    return chapters


def _told(
    report: Report, commitment: CommitmentFacts, pieces: dict[int, EvidenceFacts], photographs: Mapping[str, bytes]
) -> Told:
    its = [pieces[number] for number in commitment.evidence]
    return Told(
        facts=commitment,
        status=STATUS[commitment.status],
        voices=[{"facts": view, "status": STATUS[view.status]} for view in commitment.views],
        beside=len(commitment.views) <= 2 and sum(map(len, _voiced(commitment))) <= SIDE_BY_SIDE,
        findings=story.findings(commitment),
        figures=_counted(report, commitment.indicators),
        years=_img(charts.years(report, [(y.round, y.status) for y in commitment.years]), "years"),
        narrative=_prose(commitment.narrative),
        next_steps=_prose(commitment.next_steps),
        here=[_piece(piece, photographs) for piece in its if piece.references[0] == commitment.reference],
        elsewhere=[piece for piece in its if piece.references[0] != commitment.reference],
    )


def _voiced(commitment: CommitmentFacts) -> list[str]:
    return [commitment.reason, commitment.remedy, *(view.reason for view in commitment.views)]


def _counted(report: Report, indicators: Sequence[IndicatorFacts]) -> list[dict[str, Any]]:
    """Return each indicator with its figure of the reported round; one without either number or target is left out."""
    pairs = [(one, one.in_round(report.round.slug)) for one in indicators]
    return [
        {"facts": one, "figure": figure}
        for one, figure in pairs
        if figure and (figure.actual is not None or figure.absent_reason or figure.target is not None)
    ]


def _piece(piece: EvidenceFacts, photographs: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "facts": piece,
        "when": story.span(piece.happened_from, piece.happened_to),
        "where": story.listed(piece.districts),
        "figures": [
            f"{value:,} {one if value == 1 else many}"
            for field, many, one in story.FIGURES
            if (value := getattr(piece, field)) is not None
        ],
        "also": story.listed(piece.references[1:]),
        "story": _prose(piece.story, 6),
        "photographs": [photograph for photograph in piece.photographs if photograph.file in photographs],
    }


STATUS: Final = {status.code: status for status in (*STATUSES, NO_UPDATE)}


def to_html(report: Report, *, photographs: Mapping[str, bytes], alone: bool = False) -> str:
    """Return the report as HTML.

    :param photographs: the bytes of each photograph by the ``file`` that the facts name; one that is gone is left out.
    :param alone: carry fonts, shapes and photographs inside, so that the file needs nothing beside it.
    """
    html: str = get_template("report/report.html").render(
        {
            "report": report,
            "style": mark_safe(_stylesheet(report)),  # noqa: S308 - our own
            "cover_board": _img(charts.board(report.priorities), "cover-board"),
            "bars": _img(charts.bars(report), "bars"),
            "board": _img(charts.board(report.priorities), "board"),
            "period": story.span(report.round.observes_from, report.round.observes_to),
            "window": story.span(report.round.opens_on, report.round.closes_on),
            "summary": story.summary(report),
            "figures": story.figures(report.evidence),
            "changes": story.changes(report),
            "disagreements": story.disagreements(report),
            "table": story.counts_table(report),
            "key": [STATUS[code] for code in report.statuses() if code],
            "statuses": STATUSES,
            "no_update": NO_UPDATE,
            "chapters": _chapters(report, photographs),
        }
    )
    if alone:
        for name, (media_type, read) in _assets(photographs).items():
            if f"{OURS}{name}" in html:
                html = html.replace(
                    f"{OURS}{name}", f"data:{media_type};base64,{base64.b64encode(read()).decode('ascii')}"
                )
    return html


def _assets(photographs: Mapping[str, bytes]) -> dict[str, tuple[str, Callable[[], bytes]]]:
    """Return everything that a report may show, by its name under :data:`OURS`."""
    found: dict[str, tuple[str, Callable[[], bytes]]] = {}
    for name, font in _fonts().items():
        found[name] = ("font/ttf", lambda font=font: font)  # type: ignore[misc]
    for file in photographs:
        found[f"photographs/{file}"] = ("image/jpeg", lambda file=file: photographs[file])  # type: ignore[misc]
    return found


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Gives the report's own fonts, shapes and photographs out of memory, and ``data:``. Refuses everything else."""

    def __init__(self, assets: Mapping[str, tuple[str, Callable[[], bytes]]]) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)
        self._assets = assets

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return what ``url`` names; raise ``ValueError`` for anything that is not the report's own."""
        if url.startswith(OURS) and (asset := self._assets.get(url.removeprefix(OURS))):
            media_type, read = asset
            return URLFetcherResponse(url, read(), {"Content-Type": media_type})
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise ValueError("A report fetches nothing.")


def to_pdf(report: Report, *, photographs: Mapping[str, bytes], on_page: Progress | None = None) -> Drawn:
    """Return the report as a tagged PDF (PDF/UA-1). The same facts give the same bytes."""
    assets = _assets(photographs)
    html = to_html(report, photographs=photographs)
    with without_collector(), pages_heard(on_page, guess_pages(report)):
        return _draw(html, Fetcher(assets))  # in a function of its own, so that its boxes are gone when it returns


def _draw(html: str, fetcher: Fetcher) -> Drawn:
    document = HTML(string=html, base_url=OURS, url_fetcher=fetcher).render(font_config=FontConfiguration(), **OPTIONS)
    return Drawn(document.write_pdf(finisher=tagging.finish, **OPTIONS), len(document.pages))


def to_paper(html: str) -> bytes:
    """Return HTML of our own templates as a tagged PDF (PDF/UA-1), drawn with our own fonts and ``data:`` and nothing else."""
    return _draw(html, Fetcher(_assets({}))).content


def guess_pages(report: Report) -> int:
    """Return about how many pages there will be, for the progress page only."""
    words = sum(len(c.narrative) + len(c.next_steps) + len(c.reason) for c in report.commitments())
    words += sum(len(piece.story) for piece in report.evidence)
    photographs = sum(len(piece.photographs) for piece in report.evidence)
    return round(
        9
        + len(report.priorities)
        + len(report.commitments()) * 0.45
        + len(report.evidence) * 0.12
        + words / 3200
        + photographs * 0.3
    )
