"""The receipt as dots and as a PDF: nothing clipped, nothing lost, the same every time."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from drivers.printers.port import Raster
from station.errors import ErrorCode, StationError
from ui.presenters import report_paper
from ui.qt.fonts import prepare
from ui.qt.receipt import MARGIN, WIDTH, receipt_raster, save_pdf
from ui.text import Words
from ui.views_report import CouponSlip, ReceiptLine, ReceiptView, Row

LONG = "چای احمد Earl Grey 500g با عطر برگاموت، بستهٔ ویژهٔ مهمانی‌های بزرگ خانوادگی " * 2
UNBROKEN = "W" * 120
FA = ReceiptView(
    rtl=True, shop="شعبهٔ ۱۲ · ونک", copy="",
    head=(Row("رسید", "\u200e12-000123-AB12"), Row("تاریخ", "یکشنبه ۱ آذر ۱۴۰۵، ۱۴:۰۵")),
    unit="مبلغ‌ها به تومان", lines=(ReceiptLine("شیر", "۲ × ۳۸٬۵۰۰", "۷۷٬۰۰۰"),),
    sums=(Row("جمع", "۷۷٬۰۰۰"),), total=Row("مبلغ قابل پرداخت", "۷۷٬۰۰۰\u00a0تومان"),
    taxes=(Row("مالیات", "۷٬۰۰۰"),), paid=(Row("نقد", "۷۷٬۰۰۰"),),
    member=(Row("عضو", "مهرداد"), Row("ماندهٔ امتیاز", "۶۰۰")), footer=("سپاس",))
EN = replace(
    FA, rtl=False, shop="Branch 12", head=(Row("Receipt", "12-000123-AB12"),),
    lines=(ReceiptLine("Milk", "2 × 38,500", "77,000"),), sums=(Row("Subtotal", "77,000"),),
    total=Row("Total", "77,000\u00a0toman"))
HARD = replace(
    FA, copy="نسخهٔ دوم", shop=LONG,
    lines=(ReceiptLine(LONG, "۹٬۹۹۹ × ۹۹۹٬۹۹۹٬۹۹۹٬۹۹۰", "۹٬۹۹۸٬۹۹۹٬۹۹۹٬۹۰۰"), ReceiptLine(UNBROKEN, "۱ × ۱", "۱")),
    total=Row("مبلغ قابل پرداخت", "۹٬۹۹۸٬۹۹۹٬۹۹۹٬۹۰۰\u00a0تومان"), sums=(Row(LONG, "۱"),))

SLIP = CouponSlip("کوپن خرید بعدی شما", "ده درصد", "یک بار، تا ۱ دی ۱۴۰۵", "این کاغذ را همراه بیاورید.", "\u200eC-1234-5678-9017\u200e", "C123456789017")
COUPONS = replace(FA, code="12-000123-AB12", coupons=(SLIP, replace(SLIP, gives=LONG)))


@pytest.fixture(autouse=True)
def _typeface(qapp: QApplication) -> None:
    prepare(qapp)


def columns(raster: Raster) -> list[int]:
    """Return how many black dots stand in each column."""
    rows = [raster.rows[start:start + raster.row_bytes]
            for start in range(0, len(raster.rows), raster.row_bytes)]
    return [sum(row[x // 8] >> (7 - x % 8) & 1 for row in rows) for x in range(raster.width)]


@pytest.mark.parametrize("view", [
    FA, EN, HARD, COUPONS, report_paper.test_page("Branch 12", Words("en"))], ids=["fa", "en", "hard", "coupons", "without amounts"])
def test_no_ink_in_the_margins_and_some_on_the_paper(view: ReceiptView) -> None:
    raster = receipt_raster(view)
    assert raster.width == WIDTH
    ink = columns(raster)
    assert sum(ink[:MARGIN - 2]) == 0
    assert sum(ink[-MARGIN + 2:]) == 0
    share = sum(ink) / (raster.width * raster.height)
    assert 0.02 < share < 0.3
    assert not any(raster.rows[-MARGIN * raster.row_bytes:])


def test_the_same_view_gives_the_same_dots() -> None:
    assert receipt_raster(HARD) == receipt_raster(HARD)
    assert receipt_raster(FA) != receipt_raster(replace(FA, total=Row("مبلغ قابل پرداخت", "۷۷٬۰۰۱\u00a0تومان")))


def test_long_names_make_the_paper_longer() -> None:
    longer = replace(FA, lines=(replace(FA.lines[0], name=LONG),))
    assert receipt_raster(longer).height > receipt_raster(FA).height + 25


def test_amounts_stand_at_the_end_of_reading() -> None:
    only = replace(FA, head=(), lines=(), taxes=(), paid=(), member=(), footer=(), shop="", unit="",
                   sums=(Row("", "۱٬۰۰۰"),), total=Row("", ""))
    heavier = [sum(columns(receipt_raster(view))[:WIDTH // 2]) - sum(columns(receipt_raster(view))[WIDTH // 2:])
               for view in (only, replace(only, rtl=False))]
    assert heavier[0] > 100
    assert heavier[1] < -100


def test_a_copy_carries_a_black_band() -> None:
    def dark_lines(view: ReceiptView) -> int:
        """Count the lines of dots that are mostly black."""
        raster = receipt_raster(view)
        return sum(raster.rows[start:start + raster.row_bytes].count(0xFF) > raster.row_bytes // 2
                   for start in range(0, len(raster.rows), raster.row_bytes))

    assert dark_lines(replace(FA, copy="نسخهٔ دوم")) > dark_lines(FA) + 30


def test_the_pdf_is_one_page_as_wide_as_the_paper(tmp_path: Path) -> None:
    path = tmp_path / "receipt.pdf"
    save_pdf(FA, path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    (width, height), *more = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", content)
    assert not more
    assert float(width) == pytest.approx(80 / 25.4 * 72, abs=1)
    assert float(height) == pytest.approx(receipt_raster(FA).height / 203 * 72, abs=1)
    assert b"Vazirmatn" in content


def test_a_pdf_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(StationError) as caught:
        save_pdf(FA, tmp_path / "missing" / "receipt.pdf")
    assert caught.value.code is ErrorCode.PRINTER_UNAVAILABLE
