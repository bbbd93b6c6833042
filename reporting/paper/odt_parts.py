"""The parts of an OpenDocument text without the paper's text: styles and lists."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from reporting.paper.blocks import Paper
from vcsportal.common.opendocument import HEAD, SPACES

TYPE: Final = "application/vnd.oasis.opendocument.text"


def styles(paper: Paper) -> str:
    """Return the styles, the lists, and the page with its foot."""
    font, size, footer, page_numbers = paper.font, paper.size, paper.footer, paper.page_numbers
    name, small = quoteattr(font), max(min(size, 9), size - 2)
    heads = "".join(
        _style(
            f"Heading_20_{level}", f"Heading {level}", level=level,
            paragraph=f'fo:margin-top="{before}pt" fo:margin-bottom="6pt" fo:keep-with-next="always"',
            look=f'fo:font-weight="bold" fo:font-size="{size + bigger}pt"{_ITALIC if level == 4 else ""}',
        )
        for level, bigger, before in ((1, 4, 18), (2, 2, 14), (3, 0, 12), (4, 0, 10))
    )  # fmt: skip
    return f"""{HEAD}<office:document-styles {SPACES} office:version="1.3">
<office:font-face-decls><style:font-face style:name={name} svg:font-family={quoteattr(f"'{font}'")} style:font-family-generic="swiss"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties fo:orphans="2" fo:widows="2" style:tab-stop-distance="1cm"/><style:text-properties style:font-name={name} style:font-name-asian={name} style:font-name-complex={name} fo:font-size="{size}pt" style:font-size-asian="{size}pt" style:font-size-complex="{size}pt" fo:language="en" fo:country="GB"/></style:default-style>
<style:default-style style:family="table"><style:table-properties table:border-model="collapsing"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph" style:class="text"><style:paragraph-properties fo:margin-top="0pt" fo:margin-bottom="8pt" fo:line-height="110%"/></style:style>
{_style("Title", "Title", paragraph='fo:margin-bottom="12pt" fo:keep-with-next="always"', look=f'fo:font-weight="bold" fo:font-size="{size + 8}pt"')}
{heads}{_style("Header_20_line", "Header line", paragraph=f'fo:margin-left="{paper.label_width}cm" fo:text-indent="-{paper.label_width}cm" fo:margin-bottom="5pt"', inside='<style:tab-stops><style:tab-stop style:position="0cm"/></style:tab-stops>')}
{_style("Numbered_20_paragraph", "Numbered paragraph", lists="Body")}
{_style("List_20_Bullet", "List Bullet", paragraph='fo:margin-bottom="4pt"', lists="Bullets")}
{_style("Lettered_20_list", "Lettered list", paragraph='fo:margin-bottom="4pt"', lists="Letters")}
{_style("Quotations", "Quotations", paragraph='fo:margin-left="2cm" fo:margin-right="1cm"', look=_ITALIC)}
{_style("Caption", "Caption", paragraph='fo:margin-top="12pt" fo:margin-bottom="4pt" fo:keep-with-next="always"', look='fo:font-weight="bold"')}
{_style("Table_20_Contents", "Table Contents", paragraph='fo:margin-top="2pt" fo:margin-bottom="2pt" fo:line-height="100%"', look=f'fo:font-size="{small}pt"')}
{_style("Table_20_Heading", "Table Heading", base="Table_20_Contents", paragraph='fo:keep-with-next="always"', look='fo:font-weight="bold"')}
{_style("Footer", "Footer", paragraph='fo:text-align="center"', look=f'fo:font-size="{small}pt"')}
<style:style style:name="Strong_20_Emphasis" style:display-name="Strong Emphasis" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Emphasis" style:family="text"><style:text-properties{_ITALIC}/></style:style>
<style:style style:name="Strong_20_and_20_Emphasis" style:display-name="Strong and Emphasis" style:family="text"><style:text-properties fo:font-weight="bold"{_ITALIC}/></style:style>
<style:style style:name="Internet_20_link" style:display-name="Internet link" style:family="text"><style:text-properties fo:color="#0b4f8a" style:text-underline-style="solid"/></style:style>
{_LISTS}</office:styles>
<office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="2cm" fo:margin-bottom="2cm" fo:margin-left="2cm" fo:margin-right="2cm" style:print-orientation="portrait"/>{"<style:footer-style><style:header-footer-properties fo:margin-top='0.5cm' fo:min-height='0.5cm'/></style:footer-style>" if footer or page_numbers else ""}</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page">{_foot(footer, page_numbers)}</style:master-page></office:master-styles>
</office:document-styles>
"""


_ITALIC: Final = ' fo:font-style="italic"'


def _style(
    key: str, name: str, *, base: str = "Standard", level: int = 0, paragraph: str = "", inside: str = "", look: str = "",
    lists: str = "",
) -> str:  # fmt: skip
    return (
        f'<style:style style:name="{key}" style:display-name="{name}" style:family="paragraph" style:parent-style-name="{base}" style:class="text"'
        f"{f' style:default-outline-level={quoteattr(str(level))}' if level else ''}{f' style:list-style-name={quoteattr(lists)}' if lists or level else ''}>"
        f"{f'<style:paragraph-properties {paragraph}>{inside}</style:paragraph-properties>' if paragraph else ''}"
        f"{f'<style:text-properties {look}/>' if look else ''}</style:style>\n"
    )


def _foot(footer: str, page_numbers: bool) -> str:
    if not (footer or page_numbers):
        return ""
    number = "Page <text:page-number text:select-page='current'>1</text:page-number>" if page_numbers else ""
    words = " ".join(part for part in (escape(footer), number) if part)
    return f'<style:footer><text:p text:style-name="Footer">{words}</text:p></style:footer>'


def _place(left: float, hang: float) -> str:
    return (
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        f'<style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="{left}cm" '
        f'fo:text-indent="-{hang}cm" fo:margin-left="{left}cm"/></style:list-level-properties>'
    )


def _lists() -> str:
    """Return the three lists: the paragraphs of the body, bullets, and letters."""
    bullets = "".join(
        f'<text:list-level-style-bullet text:level="{place}" text:bullet-char="{sign}">{_place(1.5 + place, 1)}</text:list-level-style-bullet>'
        for place, sign in enumerate("•–•", start=1)
    )
    letters = "".join(
        f'<text:list-level-style-number text:level="{place}" style:num-format="{kind}" style:num-prefix="(" style:num-suffix=")">{_place(1.5 + place, 1)}</text:list-level-style-number>'
        for place, kind in enumerate("aiA", start=1)
    )
    body = f'<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=".">{_place(1.5, 1.5)}</text:list-level-style-number>'
    return "".join(
        f'<text:list-style style:name="{name}">{levels}</text:list-style>\n'
        for name, levels in (("Body", body), ("Bullets", bullets), ("Letters", letters))
    )


_LISTS: Final = _lists()
