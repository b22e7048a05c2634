"""The receipt of a return: marked as one, it names its sale and what went back; its bar code opens it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QApplication

from drivers.printers.port import Raster
from station.journal import Position, receipt_number
from station.past_sale import read_receipt
from station.returning import Preview
from station.sale import ReturnedLine
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER
from tests.rigs.return_desk import MANAGER, ReturnTill
from tests.ui.till import BREAD, MILK, RICE
from ui.code128 import widths
from ui.format import Format, Unit
from ui.presenters.receipt import Issue, receipt_view
from ui.presenters.return_paper import BackIssue, return_view, unknown_return_view
from ui.qt.fonts import prepare
from ui.qt.receipt import receipt_raster
from ui.text import Words
from ui.views_report import ReceiptView, Row

EN, FA = (Words("en"), Format("en", Unit.RIAL)), (Words("fa"), Format("fa"))


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ReturnTill]:
    made = ReturnTill(tmp_path)
    yield made
    made.journal.close()


def issue(till: ReturnTill, place: int, **facts: object) -> BackIssue:
    entry = till.past.return_at(place)
    return BackIssue(receipt_number(entry.station, Position(entry.incarnation, entry.seq)), entry.at, "Vanak", "Sara",
                     **facts)  # type: ignore[arg-type] # each by its name


def read(raster: Raster) -> list[str]:
    """What a scanner reads on the paper."""
    dots = Image.frombytes("1", (raster.width, raster.height), bytes(255 - each for each in raster.rows))
    return [each.text for each in zxingcpp.read_barcodes(dots.convert("L"))]


def preview(till: ReturnTill) -> Preview:
    sold = till.sell((BREAD, 2000), RICE, tenders=(Tender(TenderKind.DEBIT, 10_000_000, "1"), Tender(TenderKind.CASH, 3_347_000)))
    return till.returning.preview(sold.place, (ReturnedLine(2, 1000),))


def test_a_return_is_marked_and_names_its_sale(till: ReturnTill) -> None:
    found = preview(till)
    done = till.returning.book(found, CASHIER, MANAGER, ("777", ""))
    told = issue(till, done.stored.place, approver="Reza", of_receipt="12-1-000003-AB12", member_name="Mehrdad Kazemi")
    view = return_view(done.back, found.entry.body, told, till.packs.held, *EN)
    # 14 830 000 less 10 %: 13 347 000. The bread alone is 330 000
    assert (view.band, view.copy, view.total) == ("RETURN", "", Row("Given back", "13,017,000\u00a0rial"))
    assert [(row.label, row.value.strip("\u200e")) for row in view.head] == [
        ("Return", told.number), ("Of receipt", "12-1-000003-AB12"), ("Date", "Sun 22 Nov 2026, 14:05"),
        ("Cashier", "Sara"), ("Approved by", "Reza")]
    assert [(line.name, line.sum, line.amount) for line in view.lines] == [
        ("Rice", "1 of 1 came back, paid for all:", "13,050,000")]
    paid = done.back.tenders
    assert view.paid == (
        Row("Bank terminal, trace 777", Format("en", Unit.RIAL).amount(paid[0].amount)),
        Row("Cash", Format("en", Unit.RIAL).amount(paid[1].amount)))
    assert view.member == (Row("Member", "Mehrdad"), Row("Points taken back: Base", "−1,301"))
    assert view.footer[0] == "Coupon: Good ends, if it was not used yet"
    assert view.code == told.number


def test_a_void_and_a_copy_are_marked(till: ReturnTill) -> None:
    till.sell(MILK, who=False)
    done = till.returning.book(till.returning.preview_void(), CASHIER)
    sale = till.journal.sale(3).body
    view = return_view(done.back, sale, issue(till, 4, copy=True), till.packs.held, *FA)
    assert (view.band, view.copy, view.rtl, view.member) == ("باطل", FA[0]("COPY"), True, ())
    # 9 % within 385 000 rials are 31 789 rials
    assert [row.value for row in view.taxes] == ["۳٬۱۷۸٫۹"]



def test_goods_without_their_sale_say_so(till: ReturnTill) -> None:
    till.sell(BREAD)
    till.desk.without_sale()
    till.desk.scanned(BREAD.barcode)
    till.desk.set_reason("It was a gift")
    till.desk.set_receipt("12-2-000009-AAAA")
    till.desk.finish()
    entry = till.past.return_at(4)
    view = unknown_return_view(entry.body, issue(till, 4, of_receipt="12-2-000009-AAAA"), *EN)  # type: ignore[arg-type] # of that kind
    assert view.band == "RETURN"
    assert Row("Reason", "It was a gift") in view.head
    assert [(line.name, line.sum, line.amount) for line in view.lines] == [("Bread", "1 × 150,000", "150,000")]
    assert (view.total.value, view.taxes) == ("165,000\u00a0rial", (Row("Tax of 10% contained", "15,000"),))
    assert view.footer[0].startswith("The sale was not found")


@pytest.mark.parametrize("speech", [EN, FA])
def test_a_scanner_reads_the_code_on_every_receipt(till: ReturnTill, qapp: QApplication, speech: tuple[Words, Format]) -> None:
    prepare(qapp)
    sold = till.sell(BREAD, RICE)
    bought = receipt_view(sold.sale, Issue(sold.receipt, till.clock.now(), "Vanak", "Sara"), till.packs.held, *speech)
    done = till.returning.book(till.returning.preview(sold.place, (ReturnedLine(1, 1000),)), CASHIER)
    back = return_view(done.back, sold.sale, issue(till, done.stored.place), till.packs.held, *speech)
    assert read(receipt_raster(bought)) == [*(each.code for each in bought.coupons), sold.receipt]
    assert read(receipt_raster(back)) == [back.code]
    name = read_receipt(sold.receipt)
    assert name
    assert till.past.places_of(name) == (sold.place,)


def test_a_number_too_long_for_the_paper_is_left_out(qapp: QApplication) -> None:
    prepare(qapp)
    view = ReceiptView(False, "Shop", "", (), "", (), (Row("a", "1"),), Row("b", "2"), (), (), (), (), code="x" * 30)
    assert read(receipt_raster(view)) == []


def test_what_code_128_cannot_say_is_refused() -> None:
    for text in ("", "ی", "a\n"):
        with pytest.raises(ValueError, match="Code 128"):
            widths(text)
    # start, four digits as two signs of set C with the change to it, check, stop
    assert len(widths("1234")) == 6 * (1 + 1 + 2 + 1) + 7
