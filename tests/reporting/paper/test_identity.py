"""The committee paper presents whoever is responsible for the strategy, as a file of the settings says; every fault is reported at start."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from partners.models import Organisation
from reporting.facts import PaperIdentityFacts, from_json, to_json
from reporting.paper import docx, identity, odt
from reporting.paper.blocks import HeaderLine, words
from reporting.paper.outline import outline
from reporting.paper.skeleton import DEFAULT, OF_WORK_PLANS, default, skeleton
from tests.reporting.paper_facts import make_report
from tests.reporting.partnership import Partnership
from vcsportal.checks import paper_identities_can_be_used

CITY = '[ashmere-city-council]\ncouncil = "Ashmere City Council"\nlogo = "logo.png"\nwork_plan_skeleton = "city.toml"\n'


@pytest.fixture
def use(settings, tmp_path):
    """Write the file and what it names: a logo and a layout."""
    Image.new("RGB", (300, 100), "navy").save(tmp_path / "logo.png")
    (tmp_path / "city.toml").write_text(OF_WORK_PLANS.read_text().replace('"Legal issues"', '"Legal comments"'))

    def write(text):
        (tmp_path / "identities.toml").write_text(text)
        settings.PORTAL_PAPER_IDENTITIES = str(tmp_path / "identities.toml")
        return tmp_path

    return write


@pytest.mark.django_db
def test_a_partnerships_paper_has_the_name_the_logo_and_the_layout_of_the_council_that_supports_it(use, settings):
    use(CITY)
    assert paper_identities_can_be_used(None) == []
    partnership = Partnership()
    report = partnership.report()
    settings.PORTAL_PAPER_IDENTITIES = ""
    assert partnership.report().paper_identity is None
    assert from_json(to_json(report)) == report  # frozen with the facts, whatever becomes of the file
    paper = outline(report)
    assert paper.author == "Ashmere City Council"
    lines = {block.label: words(block.runs) for block in paper.blocks if isinstance(block, HeaderLine)}
    assert lines["Report of:"] == "Ashmere City Council"
    assert "Legal comments" in [getattr(block, "text", "") for block in paper.blocks]
    for written, place in ((docx.write(report), "word/media/image1.png"), (odt.write(report), "Pictures/logo.png")):
        with ZipFile(BytesIO(written)) as file:
            assert Image.open(BytesIO(file.read(place))).size == (300, 100)
            body = file.read("word/document.xml" if "word" in place else "content.xml").decode()
        assert "Logo of Ashmere City Council" in body
    assert docx.write(report) == docx.write(report)


@pytest.mark.django_db
def test_the_owners_own_table_counts_before_that_of_its_supporter(use):
    use(CITY + '[ashmere-strategic-partnership]\ncouncil = "The partnership"\n')
    report = Partnership().report()
    assert report.paper_identity == PaperIdentityFacts("The partnership")
    assert report.skeleton == skeleton("work_plan")


@pytest.mark.parametrize("kind", ["strategy", "plan", "recommendations", "charter", "work_plan"])
def test_without_a_table_only_work_plans_have_a_layout_of_their_own(settings, kind):
    settings.PORTAL_PAPER_IDENTITIES = ""
    found, shown = identity.laid_out(kind, [Organisation(slug="somebody")])
    assert shown is None
    assert (found == default()) == (kind != "work_plan")


def test_a_council_may_have_a_layout_for_its_strategies_and_another_for_work_plans(use, settings):
    folder = use('[a-council]\ncouncil = "A Council"\nskeleton = "own.toml"\n')
    (folder / "own.toml").write_text(DEFAULT.read_text().replace("size = 12", "size = 14"))
    council = Organisation(slug="a-council")
    assert identity.laid_out("strategy", [council])[0].size == 14
    assert identity.laid_out("work_plan", [council])[0] == skeleton("work_plan")


FAULTS = (
    ('council = "Ashmere City Council"\n', "", "[ashmere-city-council] has no “council”: the name that the paper shows."),
    ('"logo.png"', '"nothing.png"', "can't be read: No such file or directory."),
    ('"logo.png"', '"city.toml"', "city.toml is not a picture. Give a PNG or a JPEG."),
    ('"logo.png"', '"logo.gif"', "logo.gif is of the format GIF. Give a PNG or a JPEG."),
    ('"logo.png"', '"large.png"', "large.png has 200,001 bytes. At most 200,000 can be kept with every report."),
    ("logo =", "lgoo =", "[ashmere-city-council] has “lgoo”, which is not known there. Known are council, logo, skeleton, work_plan_skeleton."),
    ('"city.toml"', "1", "[ashmere-city-council]: “work_plan_skeleton” must be text in quotation marks."),
    ('"city.toml"', '"none.toml"', "none.toml can't be read: No such file or directory."),
    ('"city.toml"', '"wrong.toml"', "[ashmere-city-council], wrong.toml: “size” is 99. Give between 9 and 18 points."),
    ("[ashmere-city-council]\n", "ashmere = 1\n[ashmere-city-council]\n", "“ashmere” is not a table."),
    ('council = "Ashmere', "council = Ashmere", "is not TOML"),
)  # fmt: skip


@pytest.mark.parametrize(("was", "becomes", "sentence"), FAULTS, ids=[fault[2][-40:] for fault in FAULTS])
def test_each_fault_is_told_in_a_sentence_when_the_portal_starts(use, was, becomes, sentence):
    assert was in CITY
    folder = use(CITY.replace(was, becomes))
    Image.new("P", (3, 3)).save(folder / "logo.gif")
    (folder / "large.png").write_bytes((folder / "logo.png").read_bytes().ljust(200_001, b"\0"))
    (folder / "wrong.toml").write_text(OF_WORK_PLANS.read_text().replace("size = 12", "size = 99"))
    messages = paper_identities_can_be_used(None)
    assert any(sentence in message.msg for message in messages), [message.msg for message in messages]
    assert all(message.id == "portal.E011" and "identities.toml" in str(message.hint) for message in messages)
    with pytest.raises(ValueError, match=r"."):
        identity.laid_out("strategy", [])


def test_a_paper_without_an_identity_shows_the_portals_council():
    assert outline(make_report()).author == "Ashshire Council"
