"""Layout at the edges: one priority with very many commitments, a table whose last row is its total, names said once."""

import io
import re
from dataclasses import replace

import pypdf
import pypdfium2
import pytest
from outloud import check

from reporting import rendering
from reporting.facts import Report
from reporting.narrative import charts
from tests.as_read import as_read
from tests.reporting.small import small

FIRST = ("Ash", "Birch", "Cold", "Dean", "East", "Fern", "Gors", "Holt", "Ivy", "Kings", "Long", "Mill", "North", "Oak", "Pond", "Quarry", "Rush",
         "South", "Thorn", "Upper")  # fmt: skip
SECOND = ("bourne", "bridge", "bury", "combe", "cote", "field", "ford", "ham", "ley", "ton", "wick")


def village(number: int) -> str:
    """Return a name that no other number up to 220 has, in letters: a checker takes lines that differ in digits only for one."""
    return FIRST[number % len(FIRST)] + SECOND[number // len(FIRST)]


def with_commitments(count: int) -> Report:
    """Return the small year with so many commitments in its first priority, and no evidence."""
    report = small()
    first = report.priorities[0]
    one = replace(first.commitments[0], evidence=(), narrative="", next_steps="", actions=(), indicators=(), views=())
    many = tuple(
        replace(
            one,
            reference=f"1.{n}",
            short_title=f"Do {n} in {village(n)}",
            wording=f"Do the thing {n} in {village(n)}",
            reason=f"{village(n)} has a room.",
        )
        for n in range(1, count + 1)
    )
    priority = replace(first, commitments=many, indicators=())
    return replace(report, priorities=(priority,), evidence=(), organisations=(), changes=None, texts=())


@pytest.fixture(scope="module")
def two_hundred() -> bytes:
    return rendering.to_pdf(with_commitments(200)).content


def test_outloud_finds_nothing_amiss_with_two_hundred_commitments_whose_tables_go_on_for_pages(two_hundred, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(two_hundred)
    result = check(str(file))
    assert result.error in (None, "")
    assert [str(f) for f in result.findings if f.severity in {"error", "warning"}] == []


def test_a_priority_of_two_hundred_commitments_opens_on_one_page_with_its_title_and_board(two_hundred):
    content = two_hundred
    reader = pypdf.PdfReader(io.BytesIO(content))
    texts = [page.extract_text() for page in reader.pages]
    opening = [n for n, text in enumerate(texts) if "Meeting one another" in text and "Priority 1" in text and n > 3]
    document = pypdfium2.PdfDocument(content)
    assert opening, "number and title stand together"
    page = document[opening[0]]
    pictures = [one.get_bounds() for one in page.get_objects(max_depth=1) if one.type in {3, 5}]
    assert pictures, "the board stands on the same page"
    assert all(bottom > 30 for _, bottom, _, _ in pictures), "it ends above the foot of the page"
    words = " ".join(texts)
    assert "Year by year" in words
    assert "The tiles are in the same order as the row above." not in words
    contents = [text for text in texts if re.search(r"^1\.\d+ Do \d+ in \w+ \d+$", text, re.MULTILINE)]
    assert len(contents) == 2, "in two columns"
    entry = re.search(r"^1\.150 Do 150 in \w+ (\d+)$", contents[1], re.MULTILINE)
    assert entry
    assert "Do the thing 150" in texts[int(entry[1]) - 1].replace("\n", " ")


def test_a_row_of_many_tiles_is_described_by_its_counts_and_one_of_few_by_its_names():
    """What is read of a picture is language: at least half of it are letters, however many tiles there are."""
    few, many = (with_commitments(count) for count in (charts.MAX_TILES_IN_WORDS, charts.MAX_TILES_IN_WORDS + 1))
    assert f"1.30 Do 30 in {village(30)}, On track." in charts.board(few.priorities).sentence
    assert charts.board(many.priorities).sentence == "Priority 1 has 31 commitments: 31 on track. Each is named below."
    silent = tuple(replace(each, status="", reason="") for each in many.priorities[0].commitments[:9])
    mixed = replace(many.priorities[0], commitments=(*silent, *many.priorities[0].commitments[9:]))
    assert "31 commitments: 22 on track, 9 without an update." in charts.board([mixed]).sentence
    for sentence in (charts.board(many.priorities).sentence, charts.boards(many, many.priorities[0]).sentence):
        assert sum(map(str.isalpha, sentence)) > len(sentence) / 2, sentence


def test_a_table_of_few_priorities_has_no_more_heads_than_figures():
    """A row of heads and little else is read badly, so the first column are heads only where there are rows enough."""
    for count, is_head in ((3, False), (4, True)):
        priority = with_commitments(1).priorities[0]
        rows = tuple(replace(priority, number=n) for n in range(1, count + 1))
        html = as_read(rendering.to_html(replace(small(), priorities=rows, changes=None)))
        table = html[html.index('<table class="wide counts">') :]
        assert ('<th scope="row">' in table[: table.index("</table>")]) is is_head


def test_notes_that_follow_one_another_are_named_as_one():
    report = small()
    first, second, third = report.priorities[0].commitments
    listed = replace(third, evidence=(1, 2, 3, 5))
    priorities = (replace(report.priorities[0], commitments=(first, second, listed)), report.priorities[1])
    html = as_read(rendering.to_html(replace(report, priorities=priorities)))
    assert (
        'For this commitment, listed elsewhere: <a href="#piece-1">notes 1 to 3</a> and <a href="#piece-5">note 5</a>'
        in html
    )


def test_two_voices_may_go_on_on_the_next_page_and_one_stays_with_its_wording():
    html = as_read(rendering.to_html(small()))
    heads = re.findall(
        r'class="commitment__head( commitment__head--long)?">.*?<span class="margin reference" id="commitment-(\S+)"',
        html,
    )
    assert [reference for long, reference in heads if long] == ["1.2"]
    assert len(heads) == 5


def test_boards_of_the_years_show_tiles_as_long_as_they_fit_a_page():
    few, many = (with_commitments(count) for count in (charts.MAX_SMALL_TILES, charts.MAX_SMALL_TILES + 1))
    assert charts.has_tiles(few.priorities[0])
    assert not charts.has_tiles(many.priorities[0])
    assert charts.boards(few, few.priorities[0]).svg.count("<rect") == charts.MAX_SMALL_TILES * len(few.rounds)
    picture = charts.boards(many, many.priorities[0])
    assert "<rect" not in picture.svg
    assert "101 on track" in picture.svg
    assert "The tiles are in the same order" in as_read(rendering.to_html(few))


def test_whom_the_report_is_for_is_said_once_where_short_and_long_name_are_the_same():
    report = small()
    same = replace(report, strategy=replace(report.strategy, reports_to="Cabinet", reports_to_short="Cabinet"))
    assert "<p>For Cabinet. " in as_read(rendering.to_html(same))
    other = replace(report, strategy=replace(report.strategy, reports_to="The Alliance", reports_to_short="TA"))
    assert "<p>For The Alliance (TA). " in as_read(rendering.to_html(other))


def test_the_total_of_the_table_never_stands_alone_on_a_page():
    report = small()
    for count in range(22, 34):  # one of these fills the page but for the total
        priorities = tuple(
            replace(report.priorities[0], number=n, title=f"Row {n}", commitments=report.priorities[0].commitments[:1])
            for n in range(1, count + 1)
        )
        whole = as_read(rendering.to_html(replace(report, priorities=priorities)))
        head, _, rest = whole.partition('<section class="chapter" id="glance">')
        rest = rest[rest.index('<table class="wide counts">') :]
        table = rest[: rest.index("</table>")]
        html = f"{head.partition('<body>')[0]}<body><section>{table}</table></section></body></html>"
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(rendering.to_paper(html))).pages]
        total = next(text for text in pages if "Whole strategy" in text)
        assert f"{count}. Row {count}" in total, count
