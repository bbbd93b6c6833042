"""``render_report`` and ``sweep_editions``, as an officer types them."""

import io
from pathlib import Path

import pypdf
import pytest
from django.core.management import CommandError, call_command

from reporting.formats import FORMAT_BY_CODE
from reporting.rendering import fonts
from tests.reporting.read_back import read
from tests.reporting.year import make_year

pytestmark = pytest.mark.django_db


def test_a_report_is_rendered_into_a_file(year, tmp_path):
    out = io.StringIO()
    file = tmp_path / "report.pdf"
    file.write_bytes(b"what was there before")
    call_command("render_report", round=year.round.slug, output=file, stdout=out)
    reader = pypdf.PdfReader(file)
    assert f"{len(reader.pages)} pages" in out.getvalue()
    assert "No update was received" in " ".join(page.extract_text() for page in reader.pages)
    assert [f.name for f in tmp_path.iterdir() if f.is_file()] == ["report.pdf"], "nothing half written stays"


def test_html_is_one_file(year, tmp_path):
    call_command(
        "render_report", round=year.round.slug, output=tmp_path / "r.html", format="html", stdout=io.StringIO()
    )
    assert "<!DOCTYPE html>" in (tmp_path / "r.html").read_text()


def test_data_is_one_file_in_each_format(year, settings, tmp_path):
    settings.BASE_DIR = tmp_path  # no fonts are needed for data
    for name in ("csv", "json", "xlsx", "ods"):
        out, file = io.StringIO(), tmp_path / f"report.{name}"
        call_command("render_report", round=year.round.slug, output=file, format=name, stdout=out)
        assert out.getvalue() == f"{file}: {FORMAT_BY_CODE[name].label}, {file.stat().st_size:,} bytes.\n"
        found = read(name, file.read_bytes())
        assert found["round"][1][found["round"][0].index("round")] == year.round.slug
        assert len(found["evidence"]) == 1 + 7


def test_a_format_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(CommandError, match=r"invalid choice: 'doc' .*pdf.*html.*csv.*xlsx.*ods.*json"):
        call_command("render_report", "--round=2024-25", f"--output={tmp_path / 'r'}", "--format=doc")
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"round": "1999-00"}, "There is no round “1999-00”. The rounds are: "),
        ({"strategy": "nowhere"}, "There is no strategy “nowhere”. The strategies are: report-strategy"),
        ({"output": "/"}, "is a folder"),
        ({"output": "/no/such/folder/r.pdf"}, "does not exist"),
    ],
)
def test_what_can_not_be_is_said_clearly(year, tmp_path, options, sentence):
    wanted = {"round": year.round.slug, "output": tmp_path / "r.pdf", **options}
    wanted["output"] = Path(wanted["output"])
    with pytest.raises(CommandError, match=sentence):
        call_command("render_report", **wanted)


def test_with_two_strategies_it_asks_which(year, council, tmp_path):
    make_year(shape=(1,), pieces=0, years=1, council=council, slug="another")
    with pytest.raises(CommandError, match=r"Say which with --strategy: .*another"):
        call_command("render_report", round=year.round.slug, output=tmp_path / "r.pdf")
    call_command(
        "render_report", round=year.round.slug, strategy="another", output=tmp_path / "r.pdf", stdout=io.StringIO()
    )
    assert (tmp_path / "r.pdf").exists()


def test_missing_fonts_stop_it_with_the_remedy(year, settings, tmp_path):
    settings.BASE_DIR = tmp_path
    fonts.forget()
    with pytest.raises(CommandError, match="Build the front end"):
        call_command("render_report", round=year.round.slug, output=tmp_path / "r.pdf")
    fonts.forget()


def test_a_sweep_with_nothing_to_do_says_so():
    out = io.StringIO()
    call_command("sweep_editions", stdout=out)
    assert out.getvalue() == "0 editions sent to the queue again.\n"
