"""The skeleton of the committee paper: the council's own file, checked when the portal starts."""

import re

import pytest

from reporting.narrative.sections import FOR_THE_PAPER, WRITTEN
from reporting.paper.skeleton import DEFAULT, default, faults, fill, skeleton
from vcsportal.checks import paper_skeleton_can_be_used

OWN = DEFAULT.read_text()


@pytest.fixture
def use(settings, tmp_path):
    def write(text):
        file = tmp_path / "own.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        settings.PORTAL_PAPER_SKELETON = str(file)
        return file

    return write


def test_the_portal_s_own_skeleton_is_whole_and_asks_for_every_section_that_is_written_for_a_paper():
    assert faults() == []
    found = skeleton()
    assert found == default()
    asked = {line.section for line in found.header} | {
        section for part in found.parts for section in (part.section, part.by, part.on)
    }
    assert {section.key for section in (*WRITTEN, *FOR_THE_PAPER) if section.where != "report"} <= asked
    assert (found.page_numbers, found.footer) == (False, "")
    assert found.recommended == "{to} is RECOMMENDED to:"


def test_a_council_s_own_file_stands_for_the_whole(use):
    use(OWN.replace("page_numbers = false", "page_numbers = true").replace('"Legal implications"', '"Legal comments"'))
    assert paper_skeleton_can_be_used(None) == []
    assert skeleton().page_numbers
    assert "Legal comments" in [part.heading for part in skeleton().parts]


FAULTS = (
    ("title = ", "titel = ", "“titel” is not a setting of a skeleton."),
    ('font = "Arial"', "font = 12", "“font” must be there, as text in quotation marks."),
    ('font = "Arial"', 'font = ""', "“font” names no font."),
    ("page_numbers = false", "page_numbers = 0", "“page_numbers” must be there, as true or false."),
    ("size = 12", 'size = "12"', "“size” must be there, as a whole number."),
    ("size = 12", "size = 120", "“size” is 120. Give between 9 and 18 points."),
    ("size = 12", "size = true", "“size” must be there, as a whole number."),
    ('recommended = "{to}', 'recommended = "{whom}', "“recommended” holds {whom}, which is not known."),
    ('title = "{strategy}', 'title = "{title}', "“title” holds {title}, which is not known."),
    ('label = "Date:"', 'label = " "', "[[header]] number 2 has no “label”."),
    ('label = "Date:"', "label = 2", "[[header]] number 2: “label” must be text in quotation marks."),
    ('label = "Date:"', 'lable = "Date:"', "[[header]] number 2 has “lable”, which is not known there."),
    ('section = "paper-date"', "", "[[header]] number 2 does not say which “section” fills it."),
    ('section = "legal"', 'section = "law"', "[[parts]] number 8 asks for the section “law”, which nobody is asked to write."),
    ('kind = "glance"', 'kind = "look"', "[[parts]] number 2 is of the kind “look”. The kinds are text, background, glance"),
    ('kind = "delivery"', 'kind = "glance"', "There is no [[parts]] of the kind “delivery”"),
    ('kind = "evidence"', 'kind = "actions"', "There is no [[appendices]] of the kind “evidence”: the paper would leave evidence out."),
    ('kind = "sources"', 'kind = "delivery"', "There are several [[parts]] of the kind “delivery”."),
    ('otherwise = "{council}"', 'otherwise = "{councl}"', "[[header]] number 3: “otherwise” holds {councl}, which is not known."),
    ('by = "legal-by"', 'by = "lawyer"', "[[parts]] number 8 asks for the section “lawyer”, which nobody is asked to write."),
    ('by = "legal-by"', "by = 1", "[[parts]] number 8: “by” must be text in quotation marks."),
    ('section = "paper-date"\notherwise = "Not stated"\nrequired = true', 'section = "paper-date"\nrequired = "yes"', "[[header]] number 2: “required” must be true or false."),
    ('kind = "appendices"', 'kind = "appendices"\nrequired = true', "is “required”, but no “section” fills it"),
    ("[[appendices]]", "[[appendix]]", "There must be at least one [[appendices]]."),
    ("size = 12", "size = ", "is not TOML"),
)  # fmt: skip


@pytest.mark.parametrize(("was", "becomes", "sentence"), FAULTS, ids=[fault[2][:50] for fault in FAULTS])
def test_each_fault_is_told_in_a_sentence_when_the_portal_starts(use, was, becomes, sentence):
    assert was in OWN
    file = use(OWN.replace(was, becomes))
    messages = paper_skeleton_can_be_used(None)
    assert any(sentence in message.msg for message in messages), [message.msg for message in messages]
    assert all(message.id == "portal.E003" and str(file) in str(message.hint) for message in messages)
    with pytest.raises(ValueError, match=re.escape(messages[0].msg[:20])):
        skeleton()


def test_a_file_that_is_not_there_or_is_no_text_is_told(use, settings):
    use(b"\xff\xfe\x00")
    assert "is not text in UTF-8" in paper_skeleton_can_be_used(None)[0].msg
    settings.PORTAL_PAPER_SKELETON = "/nowhere/at/all.toml"
    assert "can't be read: No such file or directory." in paper_skeleton_can_be_used(None)[0].msg


def test_several_faults_are_told_at_once(use):
    use(
        OWN.replace("size = 12", "size = 2")
        .replace('section = "legal"', 'section = "law"')
        .replace('label = "To:"', 'label = ""')
    )
    assert len(paper_skeleton_can_be_used(None)) == 3


def test_what_is_filled_in_is_never_filled_in_again():
    assert (
        fill("{strategy} for {to}, {else}", {"strategy": "{to}", "to": "{strategy}"}) == "{to} for {strategy}, {else}"
    )
