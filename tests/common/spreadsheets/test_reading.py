"""Reading workbooks: what Excel, LibreOffice and others write, and what is refused."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.common.spreadsheets.made import changed, excel, excel_rows, open_document, with_empty_results
from vcsportal.common import office_parts
from vcsportal.common.spreadsheets import CellNote, Sheet, read_workbook, workbook
from vcsportal.common.words import Invalid


def values(data: bytes, name: str = "book.xlsx") -> list[list[object]]:
    return [[cell.value for cell in row.cells.values()] for row in read_workbook(data, name).sheets[0].rows]


def seen(sheet: Sheet, column: int) -> list[object]:
    """What a person sees in a column, row by row."""
    found = [sheet.value_of(row, column) for row in sheet.rows]
    return [cell.value if cell else None for cell in found]


def first(data: bytes, name: str = "book.xlsx") -> Sheet:
    return read_workbook(data, name).sheets[0]


def refusal(data: bytes, name: str = "book.xlsx") -> str:
    with pytest.raises(Invalid) as refused:
        read_workbook(data, name)
    assert refused.value.field == "file"
    return refused.value.sentence


def test_excels_texts_numbers_days_and_yes_or_no_are_what_they_mean():
    def fill(book, sheet):
        sheet.write_row(0, 0, ["  Meals shared\n", 0.1, 1204, True])
        sheet.write_datetime(0, 4, date(2026, 3, 12), book.add_format({"num_format": "d mmmm yyyy"}))
        sheet.write_number(0, 5, 0.74, book.add_format({"num_format": "0%"}))
        sheet.write_number(0, 6, 45292, book.add_format({"num_format": '0.0 "days"'}))

    row = first(excel(fill)).rows[0]
    assert [cell.value for cell in row.cells.values()] == [
        "Meals shared", Decimal("0.1"), Decimal(1204), True, date(2026, 3, 12), Decimal("0.74"), Decimal(45292),
    ]  # fmt: skip
    assert [cell.percent for cell in row.cells.values()] == [False] * 5 + [True, False]
    assert (row.cells[6].place, row.cells[6].shown) == ("Figures!F1", "74%")


def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days():
    import openpyxl
    from openpyxl.utils.datetime import MAC_EPOCH

    for epoch in (None, MAC_EPOCH):
        book = openpyxl.Workbook()
        if epoch:
            book.epoch = epoch
        book.active.append([date(2026, 3, 12), date(1999, 12, 31)])
        out = io.BytesIO()
        book.save(out)
        assert values(out.getvalue()) == [[date(2026, 3, 12), date(1999, 12, 31)]]


def test_formulas_are_read_by_their_stored_value_and_said():
    def fill(book, sheet):
        sheet.write_formula(0, 0, "=1+2", None, 3)
        sheet.write_formula(0, 1, "=A1/0", None, "#DIV/0!")
        sheet.write_string(0, 2, "plain")

    cells = first(excel(fill)).rows[0].cells
    assert (cells[1].value, cells[1].notes) == (Decimal(3), (CellNote.FORMULA,))
    assert (cells[2].value, cells[2].error, cells[2].notes) == (None, "#DIV/0!", (CellNote.ERROR,))
    assert cells[3].notes == ()


def test_a_formula_that_was_never_calculated_has_no_value_and_says_so():
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["=1+2"])
    out = io.BytesIO()
    book.save(out)
    cell = first(out.getvalue()).rows[0].cells[1]
    assert (cell.value, cell.notes) == (None, (CellNote.FORMULA_WITHOUT_VALUE,))


def test_a_formula_whose_saved_result_is_an_empty_text_is_an_empty_cell():
    def fill(book, sheet):
        sheet.write_formula(0, 0, '=IF(B5="","",B5)', None, "EMPTY")
        sheet.write_string(0, 1, "plain")

    assert list(first(with_empty_results(excel(fill))).rows[0].cells) == [2]
    cells = "".join(
        f'<table:table-cell table:formula="of:=B5" {more}/>'
        for more in ('office:value-type="string"', 'office:value-type="string" office:string-value=""', "")
    )
    row = first(open_document(f"<table:table-row>{cells}</table:table-row>")).rows[0]
    assert {column: cell.notes for column, cell in row.cells.items()} == {3: (CellNote.FORMULA_WITHOUT_VALUE,)}


def test_merged_and_hidden_cells_are_noted_and_a_merged_range_has_the_value_of_its_first_cell():
    def fill(book, sheet):
        sheet.merge_range("A1:A3", "Networks")
        sheet.write_column("B1", ["a", "b", "c"])
        sheet.write_string("D1", "aside")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})
        book.add_worksheet("Lists").write(0, 0, "Green")
        book.get_worksheet_by_name("Lists").hide()

    book = read_workbook(excel(fill), "plan.xlsx")
    sheet = book.sheets[0]
    assert sheet.rows[0].cells[1].notes == (CellNote.MERGED,)
    assert seen(sheet, 1) == ["Networks"] * 3
    assert (sheet.rows[1].hidden, sheet.rows[1].cells[2].notes) == (True, (CellNote.HIDDEN_ROW,))
    assert sheet.rows[0].cells[4].notes == (CellNote.HIDDEN_COLUMN,)
    lists = book.sheet("lists")
    assert lists is not None
    assert lists.hidden
    assert lists.rows[0].cells[1].notes == (CellNote.HIDDEN_SHEET,)
    assert sheet.value_of(sheet.rows[0], 3) is None


def test_texts_with_several_faces_are_whole_and_readings_of_east_asian_words_are_left_out():
    data = excel(lambda book, sheet: sheet.write_rich_string(0, 0, "Meals ", book.add_format({"bold": True}), "shared"))
    assert values(data) == [["Meals shared"]]
    odd = b"<si><t>\xe6\x9d\xb1</t><rPh><t>higashi</t></rPh></si><si><t>a_x000D_\nb</t></si>"
    data = changed(
        excel_rows([["x", "y"]]), "xl/sharedStrings.xml",
        lambda old: old.replace(b"<si><t>x</t></si><si><t>y</t></si>", odd),
    )  # fmt: skip
    assert values(data) == [["東", "a\nb"]]


def test_an_open_document_says_the_same():
    rows = (
        '<table:table-column/><table:table-column table:visibility="collapse"/>'
        '<table:table-row><table:table-cell office:value-type="string"><text:p>Meals<text:s text:c="2"/>shared</text:p>'
        "<text:p>twice</text:p><office:annotation><text:p>a comment</text:p></office:annotation></table:table-cell>"
        '<table:table-cell office:value-type="float" office:value="3" table:formula="of:=1+2"><text:p>3</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.74"><text:p>74%</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2026-03-12"><text:p>12/3</text:p></table:table-cell>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="9"/></table:table-row>'
        '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string" table:number-columns-spanned="2">'
        "<text:p>wide</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="5"/>'
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    sheet = first(open_document(rows), "book.ods")
    cells = sheet.rows[0].cells
    assert [cell.value for cell in cells.values()] == [
        "Meals  shared\ntwice", Decimal(3), Decimal("0.74"), date(2026, 3, 12), True, None,
    ]  # fmt: skip
    assert cells[2].notes == (CellNote.FORMULA, CellNote.HIDDEN_COLUMN)
    assert (cells[3].percent, cells[6].error) == (True, "#DIV/0!")
    assert [row.number for row in sheet.rows] == [1, 5, 6, 7]
    assert sheet.rows[1].cells[1].notes == (CellNote.HIDDEN_ROW, CellNote.MERGED)
    assert seen(sheet, 2)[1] == "wide"
    assert [cell.value for cell in sheet.rows[3].cells.values()] == [Decimal(5), Decimal(5)]


def test_a_document_of_another_program_is_read(tmp_path):
    import odfdo

    document = odfdo.Document("ods")
    document.body.clear()
    table = odfdo.Table("Figures")
    table.append_row(odfdo.Row())
    values_written: list[Any] = ["Meals", Decimal("1.5"), date(2026, 3, 12), True]
    for place, value in enumerate(values_written):
        table.set_value((place, 0), value)
    document.body.append(table)
    document.save(tmp_path / "made.ods")
    assert values((tmp_path / "made.ods").read_bytes()) == [["Meals", Decimal("1.5"), date(2026, 3, 12), True]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_separator(encoding, separator):
    text = f'Café{separator}Note{separator}1,5\r\n"a{separator}b"{separator}"two\nlines"{separator}2\r\n'.replace(
        "1,5", '"1,5"'
    )
    assert values(text.encode(encoding), "x.csv") == [["Café", "Note", "1,5"], [f"a{separator}b", "two\nlines", "2"]]


def test_the_separator_that_excel_names_in_the_first_line_is_taken():
    assert values(b"sep=;\r\na,b;c\r\n", "x.csv") == [["a,b", "c"]]


def test_a_workbook_of_many_empty_cells_with_a_look_is_read_and_has_no_cells():
    def fill(book, sheet):
        bold = book.add_format({"bold": True})
        for row in range(2_000):
            for column in range(20):
                sheet.write_blank(row, column, None, bold)
        sheet.write_string(1_999, 19, "here")

    sheet = first(excel(fill, constant_memory=True))
    assert [(row.number, list(row.cells)) for row in sheet.rows] == [(2000, [20])]


@pytest.mark.parametrize(
    ("data", "name", "part"),
    [
        (b"", "empty.xlsx", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old.xls", "save it as .xlsx"),
        (b"PK\x03\x04 broken", "broken.xlsx", "is damaged"),
        (b"%PDF-1.7", "report.pdf", "is not a spreadsheet"),
        (b"a,b\0c", "odd.csv", "Save it as .xlsx"),
        (b",,\r\n,,\r\n", "blank.csv", "has nothing in it"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(data, name, part):
    assert part in refusal(data, name)
    assert f"“{name}”" in refusal(data, name)


def test_macros_are_refused_whatever_the_files_name_says():
    plain = excel_rows([["a"]])
    assert "contains macros" in refusal(changed(plain, "xl/vbaProject.bin", lambda old: b"x"), "book.xlsx")
    assert "contains macros" in refusal(changed(open_document(""), "Basic/Standard/Module1.xml", lambda old: b"x"))


def test_a_protected_document_is_refused():
    manifest = '<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    assert "protected with a password" in refusal(open_document("", manifest=manifest))


def test_entities_are_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    data = changed(excel_rows([["x"]]), "xl/sharedStrings.xml", lambda old: old.replace(b"<sst", bomb + b"<sst"))
    assert "is damaged" in refusal(data)


def test_a_file_larger_inside_than_it_looks_is_refused_as_declared_and_as_read(monkeypatch):
    swollen = changed(excel_rows([["x"]]), "xl/media/big.bin", lambda old: bytes(5 * 2**20))
    assert "far too large once unpacked" in refusal(swollen)
    monkeypatch.setattr(office_parts, "MAX_XML_BYTES", 300)
    assert "is damaged" in refusal(excel_rows([["x"] * 50]))


def test_a_file_over_the_limit_is_refused_before_it_is_opened(settings):
    settings.UPLOAD_MAX_BYTES = 15 * 2**20
    assert "larger than 15 MB" in refusal(b"PK" + bytes(15 * 2**20))


def test_more_rows_cells_columns_or_words_than_are_read_are_refused(monkeypatch):
    def fill(book, sheet):
        for row in range(3):
            sheet.write_row(row, 0, ["a", "b"])
        sheet.merge_range("A5:A6", "")

    merged = excel(fill)
    for limit, value, part in [
        ("MAX_ROWS", 2, "more than 2 rows"),
        ("MAX_CELLS", 5, "more than 5 filled cells"),
        ("MAX_COLUMNS", 1, "Figures!B1"),
        ("MAX_CHARACTERS", 3, "more text"),
        ("MAX_SHEETS", 0, "more than 0 sheets"),
        ("MAX_MERGED", 0, "more than 0 merged ranges"),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(workbook, limit, value)
            assert part in refusal(merged)
    assert values(excel_rows([["a", "b"]] * 3)) == [["a", "b"]] * 3


def test_lists_that_cost_much_are_refused_at_once(monkeypatch):
    strings = b"<si><t>ab</t></si>" * 300_000
    data = changed(excel_rows([["x"]]), "xl/sharedStrings.xml", lambda old: old.replace(b"<si><t>x</t></si>", strings))
    monkeypatch.setattr(office_parts, "MAX_ZIP_RATIO", 10_000)
    assert "more than 200,000 different texts" in refusal(data)
    styles = changed(
        excel_rows([["x"]]), "xl/styles.xml", lambda old: old.replace(b"</cellXfs>", b"<xf/>" * 66_000 + b"</cellXfs>")
    )
    assert "more than 65,490 styles" in refusal(styles)
    sheets = changed(
        excel_rows([["x"]]),
        "xl/workbook.xml",
        lambda old: old.replace(b"</sheets>", b'<sheet name="a"/>' * 60 + b"</sheets>"),
    )
    assert "more than 50 sheets" in refusal(sheets)


def test_a_day_without_end_is_damage_and_no_error_of_the_portal():
    def fill(book, sheet):
        sheet.write_number(0, 0, 45292, book.add_format({"num_format": "d mmmm yyyy"}))

    def endless(old: bytes) -> bytes:
        return old.replace(b"45292", b"1e999")

    def no_number(old: bytes) -> bytes:
        return old.replace(b"45292", b"nan")

    for change in (endless, no_number):
        data = changed(excel(fill), "xl/worksheets/sheet1.xml", change)
        assert "is damaged" in refusal(data)


def test_a_quotation_mark_that_is_not_closed_swallows_no_rows():
    text = '1.1a,7,"about right\n1.1b,8,x\n1.1c,9,y\n'
    assert "quotation mark in row 2" in refusal(f"Key,Figure,Note\n{text}".encode(), "x.csv")
    assert "quotation mark in row 1" in refusal(b'a,"b"c,d\n', "x.csv")
    assert values(b'5" pipe,"a ""b"""\n', "x.csv") == [['5" pipe', 'a "b"']]


def test_a_cell_of_a_csv_file_is_found_by_its_row_and_its_column_as_it_has_no_sheet():
    cell = first(b"Title,Due\n,soon\n", "ours.csv").rows[1].cells[2]
    assert cell.place == "Row 2, column B"
    assert workbook.with_heading(cell.place, "Due") == "Row 2, column Due"
    assert workbook.sheet_called(cell.sheet, "ours.csv") == "“ours.csv”"
    assert workbook.sheet_called("Plan", "ours.ods") == "The sheet “Plan” of “ours.ods”"


@pytest.mark.parametrize(
    ("sheet", "heading", "spot"),
    [
        (workbook.TEXT_FILE, " Who\nleads ", "Row 7, column Who leads"), (workbook.TEXT_FILE, "", "Row 7, column AB"),
        ("Plan", "Due", "Plan!AB7 (Due)"), ("Plan", "", "Plan!AB7"), ("Sheet1", "Due", "Sheet1!AB7 (Due)"),
        ("Row 1, column AB", "Due", "Row 1, column AB!AB7 (Due)"), (workbook.ITEMS, "due", "Item 7, due"), (workbook.ITEMS, "", "Item 7"),
        ("Plan", "x" * 41, f"Plan!AB7 ({'x' * 40}…)"), ("Plan", "x" * 40, f"Plan!AB7 ({'x' * 40})"),
    ],
)  # fmt: skip
def test_the_place_of_a_cell_names_its_column(sheet, heading, spot):
    assert workbook.place(sheet, 7, 28, heading) == spot


def test_a_repeated_row_cannot_fill_the_memory():
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="5"/></table:table-row>'
    assert "more than 20,000 rows" in refusal(open_document(row))


def test_a_name_that_would_mislead_is_shown_without_what_nobody_sees():
    assert "“plan.xlsx”" in refusal(b"", "C:\\Users\\x\\pl\u202ean.xlsx")
