"""A sheet as an XLSX workbook (ECMA-376): figures as numbers, texts as texts, read from the right in Persian.

Texts are written as strings whatever they begin with, so nothing in them is a formula or a link.
"""

import io
from datetime import date, time
from decimal import Decimal
from typing import Any

from station.dates import Calendar
from station.money import THOUSAND
from ui.export.sheet import Column, Kind, Sheet, Step, Value, no_step, plain

_MOST_NAME = 31
_WIDTHS = {Kind.TEXT: 26, Kind.DATE: 13, Kind.MONEY: 18}
_WIDTH = 13
_FORMATS = {Kind.NUMBER: "#,##0", Kind.PERCENT: "0%", Kind.QUANTITY: "General", Kind.TIME: "hh:mm", Kind.DATE: "yyyy-mm-dd"}


def xlsx_bytes(sheet: Sheet, step: Step = no_step) -> bytes:
    """Return ``sheet`` as a workbook of one sheet: title and notes, the heads, the values."""
    import xlsxwriter  # only an export needs it

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    page = book.add_worksheet(sheet.name[:_MOST_NAME])
    if sheet.rtl:
        page.right_to_left()
    top = 1 + len(sheet.notes)
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    for place, note in enumerate(sheet.notes, 1):
        page.write_string(place, 0, note)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for place, column in enumerate(sheet.columns):
        step(place, 2 * len(sheet.columns))  # to pack it takes as long again
        page.set_column(place, place, _WIDTHS.get(column.kind, _WIDTH))
        page.write_string(top, place, column.head, head)
        style = book.add_format({"num_format": _number_format(sheet, column)})
        for row, values in enumerate(sheet.rows, top + 1):
            _write(page, (row, place), values[place], (sheet, column, style))
    page.freeze_panes(top + 1, 0)
    step(1, 2)
    book.close()
    return file.getvalue()


def _number_format(sheet: Sheet, column: Column) -> str:
    """Return the format of a column; money has a decimal only where its unit needs one."""
    if column.kind is Kind.MONEY:
        place = sheet.columns.index(column)
        amounts = [row[place] for row in sheet.rows]
        is_whole = all(isinstance(each, int) and each % sheet.style.unit.value == 0 for each in amounts if each is not None)
        return "#,##0" if is_whole else "#,##0.0"
    return _FORMATS.get(column.kind, "@")


def _write(page: Any, at: tuple[int, int], value: Value, how: tuple[Sheet, Column, Any]) -> None:
    """Write one value where it belongs; ``how`` is its sheet, its column, and the format."""
    sheet, column, style = how
    if value is None:
        return
    if isinstance(value, str):
        if column.kind is Kind.DATE and sheet.calendar is Calendar.GREGORIAN:
            page.write_datetime(*at, date.fromisoformat(value), style)
        else:
            page.write_string(*at, plain(value, column.kind, sheet.style))
    elif column.kind is Kind.TIME:
        page.write_datetime(*at, time(value // 60, value % 60), style)
    else:
        page.write_number(*at, Decimal(value) / _size(sheet, column), style)


def _size(sheet: Sheet, column: Column) -> int:
    return {Kind.MONEY: sheet.style.unit.value, Kind.QUANTITY: THOUSAND, Kind.PERCENT: 100}.get(column.kind, 1)
