"""The list of phrases that may not come back sees them wherever people read."""

import pytest

from vcsportal.local import wording


def found(texts) -> list[tuple[int, str]]:
    return [(fault.line, fault.better) for fault in wording.faults_in("a-file", texts)]


EVIDENCE = "“item of evidence” or “evidence”"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("<p>\n  Your piece\n  of <b>evidence</b></p>", 2),
        ('<p>{% if one %}\n{% endif %}</p>\n<a aria-label="A piece of evidence">x</a>', 3),
        ('{% include "x.html" with label="Pieces of evidence" %}', 1),
    ],
)
def test_a_phrase_is_seen_in_a_template(source, line):
    assert (line, EVIDENCE) in found(wording.template_texts(source))


@pytest.mark.parametrize(
    "source",
    [
        "<style>a piece of evidence</style>",
        "{# a piece of evidence #}",
        "<p>evidence</p>",
        '<p class="piece of-evidence">x</p>',
    ],
)
def test_what_nobody_reads_is_left_alone_in_a_template(source):
    assert found(wording.template_texts(source)) == []


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('"""A module.\n\nOf a piece of evidence."""', 1),
        ("x = 1\ny = 'One piece of evidence'", 2),
        ("y = (\n    'A piece '\n    f'of {x} evidence, a piece of evidence'\n)", 2),
        ("y = f'{count} pieces of evidence'", 1),
    ],
)
def test_a_phrase_is_seen_in_code(source, line):
    assert (line, EVIDENCE) in found(wording.code_texts(source))


def test_code_in_a_document_is_left_alone():
    source = "One `piece of evidence`.\n\n```\na piece of evidence\n```\n\nA piece\nof evidence.\n"
    assert found(wording.document_texts(source)) == [(7, EVIDENCE)]


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("The email address and the password don’t belong together.", ["“is incorrect”"]),
        ("The database and files do not belong together.", []),
        ("The story has been taken back at the request of those it is about.", []),
        ("The story has been taken back.", ["“has been withdrawn”"]),
    ],
)
def test_false_hits_and_sealed_sentences_are_left_alone(text, better):
    assert [word for _, word in found([(1, text)])] == better


@pytest.mark.parametrize("phrase", wording.PHRASES, ids=lambda phrase: phrase.pattern)
def test_no_better_word_is_itself_on_the_list(phrase):
    assert found([(1, phrase.better)]) == []


def test_every_floor_templates_and_documents_are_read(tmp_path):
    for path in (
        "partners/x.py",
        "templates/x.html",
        "docs/x.md",
        "commitments/templates/x.txt",
        "reporting/y.py",
        "vcsportal/z.py",
    ):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('"""A piece of evidence."""')
    assert sorted(name for name, _ in wording.files(tmp_path)) == sorted(
        [
            "partners/x.py",
            "templates/x.html",
            "docs/x.md",
            "commitments/templates/x.txt",
            "reporting/y.py",
            "vcsportal/z.py",
        ]
    )


def test_a_heading_is_read_by_itself_whatever_is_below_it():
    source = '<section>\n<h2 class="x">What was\n said</h2>\n<p>This and that.</p></section>'
    assert found(wording.template_texts(source)) == [(2, "“Progress updates”")]
