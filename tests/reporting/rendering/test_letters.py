"""What is printed is what was written: letters are compared with the fonts' own outlines, and read back."""

import base64
import io
import unicodedata
from functools import cache
from html import escape

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from weasyprint.text.ffi import ffi, fontconfig

from reporting import rendering
from reporting.rendering import engine, fonts, own_fonts, pictures, printable_text
from tests.long import only_in_test_all
from tests.reporting import drawn_glyphs

SENTENCES = {
    "Report Hyperlegible": "Łukasz Wiśniewski, Małgorzata, Żaneta, Žydrūnas, Şahin meet in Tŷ’r Felin; Győző, Țiriac, İnci",
    "Report Noto Sans": "Nguyễn Thị Hạnh và Ṣọlá, Ελληνικά κείμενα, Українська мова, हिन्दी में क्षेत्र",
    "Report Arabic": "مركز الأمل للنساء يقدم المساعدة",
    "Report Hebrew": "שָׁלוֹם לכל השכנים",
    "Report Bengali": "আমরা প্রতিবেশীদের সাহায্য করি",
    "Report Gujarati": "અમે પડોશીઓને મદદ કરીએ છીએ",
    "Report Gurmukhi": "ਅਸੀਂ ਗੁਆਂਢੀਆਂ ਦੀ ਮਦਦ ਕਰਦੇ ਹਾਂ",
    "Report Oriya": "ଆମେ ପଡ଼ୋଶୀଙ୍କୁ ସାହାଯ୍ୟ କରୁ",
    "Report Tamil": "நாங்கள் அயலவருக்கு உதவுகிறோம்",
    "Report Telugu": "మేము పొరుగువారికి సహాయం చేస్తాము",
    "Report Kannada": "ನಾವು ನೆರೆಹೊರೆಯವರಿಗೆ ಸಹಾಯ ಮಾಡುತ್ತೇವೆ",
    "Report Malayalam": "ഞങ്ങൾ അയൽക്കാരെ സഹായിക്കുന്നു",
    "Report Sinhala": "අපි අසල්වැසියන්ට උදව් කරමු",
    "Report Thaana": "އަހަރެމެން އެހީތެރިވަން",
    "Report Thai": "เราช่วยเหลือเพื่อนบ้านทุกปี",
    "Report Lao": "ພວກເຮົາຊ່ວຍເຫຼືອເພື່ອນບ້ານ",
    "Report Khmer": "យើងជួយអ្នកជិតខាង នេះ",
    "Report Myanmar": "ကျွန်ုပ်တို့ ကူညီသည်",
    "Report Georgian": "ჩვენ ვეხმარებით მეზობლებს",
    "Report Armenian": "Մենք օգնում ենք հարևաններին",
    "Report Ethiopic": "ጎረቤቶቻችንን እንረዳለን",
    "Report Traditional Chinese": "我們幫助鄰居",
    "Report Simplified Chinese": "我们帮助邻居 ひらがな",
    "Report Korean": "우리는 이웃을 돕습니다",
    "Report Mathematics": "A → B ⇒ C",
    "Report Symbols": "☎ ♻ ☮",
    "Report More Symbols": "✓ ✗ ▶",
    "Report Emoji": "🌻 🎉 🙏",
}
LARGE = {"Report Simplified Chinese", "Report Korean"}
"""Fonts that take seconds each to be read; that of Traditional Chinese, which is as large, is always tried."""
BLOCKS = ((0x41, 0x24F), (0x250, 0x2AF), (0x370, 0x52F), (0x1C80, 0x1C8F), (0x1D00, 0x1DBF), (0x1E00, 0x1FFF),
          (0x2C60, 0x2C7F), (0xA640, 0xA69F), (0xA720, 0xA7FF))  # fmt: skip
"""Latin, Greek and Cyrillic, with all their additions."""


def page(*paragraphs: str, style: str = "") -> str:
    text = "".join(f"<p>{escape(words)}</p>" for words in paragraphs)
    return (
        '<!DOCTYPE html><html lang="en"><head><title>Letters</title><style>'
        f'html {{ font: 11pt "Report Hyperlegible"; {style} }}</style></head><body>{text}</body></html>'
    )


def text_layer(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(one.get_textpage().get_text_range() for one in document).replace("\r", "")


@cache
def alphabet() -> tuple[str, ...]:
    """Return every letter of the blocks that a font of ours has."""
    every = [chr(n) for first, last in BLOCKS for n in range(first, last + 1) if unicodedata.category(chr(n))[0] == "L"]
    missing = fonts.families_for(every)[1]
    return tuple(letter for letter in every if letter not in missing)


def family_of(letter: str) -> fonts.Family:
    return fonts.families_for(letter)[0][-1]


@pytest.mark.parametrize(("style", "suffix"), [("", ""), ("font-weight: 700; font-style: italic", " Bold Italic")])
def test_every_latin_greek_and_cyrillic_letter_is_drawn_with_its_own_outline_and_reads_back(style, suffix):
    assert len(alphabet()) > 1500
    content = rendering.to_paper(page(*alphabet(), style=style))
    runs, held = drawn_glyphs.shown(content)
    assert len(runs) == len(alphabet())
    held_fonts = {name: TTFont(io.BytesIO(held[name])) for name in held}
    assert set(held_fonts) == {f"Report Hyperlegible{suffix}", f"Report Noto Sans{suffix}"}
    wrong, parted = [], []
    for letter, run in zip(alphabet(), runs, strict=True):
        name = f"{family_of(letter).name}{suffix}"
        font = drawn_glyphs.own(drawn_glyphs.files()[name])
        expected = {font.getGlyphID(font.getBestCmap()[ord(letter)])}
        if len(run.glyphs) > 1:  # the font itself puts a dot or an accent on with a glyph of its own
            parted.append(letter)
            expected = drawn_glyphs.may_show(drawn_glyphs.files()[name], letter)
        alike = all(
            drawn_glyphs.outline(held_fonts[name], number) == drawn_glyphs.outline(font, number)
            for _, number in run.glyphs
        )
        if run.names() != {name} or not {number for _, number in run.glyphs} <= expected or not alike:
            wrong.append((letter, name, expected, run.glyphs))
    assert wrong == []
    assert len(parted) < 20, parted
    assert unicodedata.normalize("NFC", "".join(text_layer(content).split())) == unicodedata.normalize(
        "NFC", "".join(alphabet())
    )


def test_a_sentence_stands_here_for_each_family():
    assert list(SENTENCES) == [family.name for family in fonts.families()]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=only_in_test_all if name in LARGE else ()) for name in SENTENCES]
)
def test_a_sentence_of_every_script_is_drawn_with_the_fonts_own_outlines_and_reads_back(name):
    sentence = SENTENCES[name]
    content = rendering.to_paper(page(sentence))
    runs, held = drawn_glyphs.shown(content)
    assert name in held
    for font_name, held_font in held.items():
        file = drawn_glyphs.files()[font_name]
        drawn = {number for run in runs for other, number in run.glyphs if other == font_name}
        assert 0 not in drawn
        assert drawn <= drawn_glyphs.may_show(file, sentence)
        inside = TTFont(io.BytesIO(held_font))
        for number in drawn:
            assert drawn_glyphs.outline(inside, number) == drawn_glyphs.outline(drawn_glyphs.own(file), number)
    said = unicodedata.normalize("NFC", text_layer(content).strip())
    if name in {"Report Arabic", "Report Hebrew", "Report Thaana"}:  # the reader's own way of turning lines round
        said, sentence = "".join(sorted(said.split())), "".join(sorted(sentence.split()))
        assert sorted(filter(printable_text.is_drawn, said)) == sorted(filter(printable_text.is_drawn, sentence))
        return
    assert said == unicodedata.normalize("NFC", sentence)


def test_only_the_fonts_that_the_words_need_are_in_the_pdf_and_no_font_of_the_machine():
    def held(*words):
        return set(drawn_glyphs.shown(rendering.to_paper(page(*words)))[1])

    assert held("Łódź, Győr and Tŷ’r Felin: 13% of £5") == {"Report Hyperlegible"}
    assert held("Łódź and Київ") == {"Report Hyperlegible", "Report Noto Sans"}
    assert held("Łódź and মাদ্রাসা") == {"Report Hyperlegible", "Report Bengali"}
    assert [family.name for family in printable_text.printable(page("A report as most are: 13% of £5."))[1]] == [
        "Report Hyperlegible"
    ]


def test_the_fonts_of_the_machine_are_shut_out(monkeypatch):
    """DejaVu has the Tifinagh letters, and many machines have DejaVu."""
    fonts_of_the_machine = fontconfig.FcConfigGetFonts(own_fonts.OwnFonts()._config, 0)
    assert fonts_of_the_machine == ffi.NULL or fonts_of_the_machine.nfont == 0
    assert "[U+2D63]" in text_layer(rendering.to_paper(page("Written \u2d63 here")))
    monkeypatch.setattr(engine, "printable", lambda html: (html, fonts.families()[:1]))
    assert set(drawn_glyphs.shown(rendering.to_paper(page("Written \u2d63 here")))[1]) == {"Report Hyperlegible"}


def test_a_letter_that_no_font_has_is_printed_as_its_number_and_its_neighbours_as_they_are():
    html, needed = printable_text.printable(page("Ask ᎠᎡ at Łódź & <Co>"))
    assert "Ask [U+13A0][U+13A1] at Łódź &amp; &lt;Co&gt;" in html
    assert [family.name for family in needed] == ["Report Hyperlegible"]
    assert "Ask [U+13A0][U+13A1] at Łódź & <Co>" in text_layer(rendering.to_paper(page("Ask ᎠᎡ at Łódź & <Co>")))


def test_a_word_of_which_no_font_has_a_letter_keeps_its_font():
    assert "\ua7fa" in fonts.families()[1].letters()
    assert "\ua7dd" not in fonts.families()[1].letters()
    assert "<p>ab[U+A7DD]c</p>" in printable_text.printable(page("ab\ua7ddc"))[0]


def test_other_words_for_pictures_and_the_title_keep_the_letter_itself():
    html, _ = printable_text.printable(
        '<title>Ꭰ</title><style>p::before { content: "x" }</style><img alt="Ꭰ" src="data:,"><p>Ꭰ</p>'
    )
    assert html == '<title>Ꭰ</title><style>p::before { content: "x" }</style><img alt="Ꭰ" src="data:,"><p>[U+13A0]</p>'


def test_the_words_of_a_picture_are_printable_too():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text font-family="Report Hyperlegible, sans-serif">Київ Ꭰ</text></svg>'
    html, needed = printable_text.printable(f'<img alt="" src="{pictures.data(svg)}">')
    packed = html.partition("base64,")[2].partition('"')[0]
    assert base64.b64decode(packed).decode() == (
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><text font-family=\"'Report Hyperlegible', 'Report Noto Sans', sans-serif\">"
        "Київ [U+13A0]</text></svg>"
    )
    assert [family.name for family in needed] == ["Report Hyperlegible", "Report Noto Sans"]


def test_spaces_joiners_and_marks_of_direction_need_no_glyph():
    unseen = "\u00a0\u00ad\u200b\u200d\u200e\u2068\u2069\ufe0f\u034f\t\n"
    assert [letter for letter in unseen if printable_text.is_drawn(letter)] == []
    assert all(printable_text.is_drawn(letter) for letter in "aÅ₂🌻Ꭰ\u0301\ue000")
    assert printable_text.printable(page(f"a{unseen}b"))[0] == page(f"a{unseen}b")


def test_an_accent_stands_on_its_letter():
    """A letter and an accent of two fonts would be drawn beside each other: the whole word is set in one."""
    html, _ = printable_text.printable(page("Ṣọlá and e\u0301 and o\u0323\u0301ke"))
    assert "<span style='font-family:\"Report Noto Sans\"'>Ṣọlá </span>and é and <span" in html
    for run in drawn_glyphs.shown(rendering.to_paper(page("o\u0323\u0301ke")))[0]:
        assert run.names() == {"Report Noto Sans"}


def test_a_name_that_runs_from_right_to_left_keeps_its_place_in_an_english_line():
    sentence = "Told by مركز الأمل 12 March 2025 (مركز الأمل), next"
    html, _ = printable_text.printable(page(sentence))
    assert "Told by \u2068مركز الأمل\u2069 12 March 2025 (\u2068مركز الأمل\u2069), next" in html
    document = pypdfium2.PdfDocument(rendering.to_paper(page(sentence)))
    layer = document[0].get_textpage()
    text = layer.get_text_range()
    places = [layer.get_charbox(text.index(word))[0] for word in ("Told", "12 March", ", next")]
    name = [layer.get_charbox(at)[0] for at, letter in enumerate(text) if letter == "م"]
    assert places == sorted(places)
    assert places[0] < min(name) < places[1] < max(name) < places[2]
    already = "By \u2068مركز\u2069 here"
    assert already in printable_text.printable(page(already))[0]
