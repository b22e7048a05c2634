"""The ESC/POS printer against a software one: over the network, on a serial port, through a file."""

import contextlib
import os
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from drivers.printers.commands import LINES_PER_STRIPE, picture
from drivers.printers.connection import FileConnection, NetworkConnection, SerialConnection
from drivers.printers.escpos import EscposPrinter, Patience
from drivers.printers.png import encode
from drivers.printers.port import Printer, Raster
from drivers.printers.status import fault_in, is_at_once, is_in_turn
from station.errors import ErrorCode, StationError
from tests.rigs.escpos_png import commands, sheets
from tests.rigs.printer_hand import PrinterSink
from tests.rigs.printer_sink import Machine
from ui.qt.fonts import prepare
from ui.qt.receipt import receipt_raster
from ui.views_report import ReceiptLine, ReceiptView, Row

# Three stripes and a bit, no two lines alike, bytes of a status question among the dots.
RASTER = Raster(576, 200, b"".join(
    (b"\x10\x04\x01" + line.to_bytes(2, "big")).ljust(72, b"\x5a") for line in range(200)))
HASTE = Patience(answer_s=0.7, turn_s=0.7, look_s=0.05, busy_answer_s=0.7)
RECEIPT = ReceiptView(
    rtl=True, shop="شعبهٔ ۱۲ · ونک", copy="",
    head=(Row("رسید", "\u200e12-000123-AB12"), Row("تاریخ", "یکشنبه ۱ آذر ۱۴۰۵، ۱۴:۰۵"), Row("صندوق‌دار", "سارا")),
    unit="مبلغ‌ها به تومان", lines=(
        ReceiptLine("شیر پرچرب یک لیتری", "۲ × ۳۸٬۵۰۰", "۷۷٬۰۰۰"),
        ReceiptLine("چای احمد Earl Grey 500g", "۱ × ۲۱۰٬۰۰۰", "۲۱۰٬۰۰۰")),
    sums=(Row("جمع", "۲۸۷٬۰۰۰"), Row("تخفیف عضو طلایی (۱۰٪)", "\u200e−۲۸٬۷۰۰")),
    total=Row("مبلغ قابل پرداخت", "۲۵۸٬۳۰۰\u00a0تومان"), taxes=(Row("مالیات ۱۰٪", "۲۳٬۴۸۲"),),
    paid=(Row("نقد", "۲۵۸٬۳۰۰"),), member=(Row("عضو", "مهرداد · طلایی"), Row("ماندهٔ امتیاز", "۶۰۰")),
    footer=("از خرید شما سپاسگزاریم",))


@pytest.fixture(scope="module")
def one_sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrinterSink]:
    with PrinterSink(tmp_path_factory.mktemp("printer")) as printer:
        yield printer


@pytest.fixture
def sink(one_sink: PrinterSink) -> PrinterSink:
    one_sink.anew()
    return one_sink


@pytest.fixture
def printer(sink: PrinterSink) -> EscposPrinter:
    return EscposPrinter(sink.connection, patience=HASTE)


def dots(job: bytes) -> list[bytes]:
    """Return the dots of each sheet in ``job``, without the white at its end."""
    return [sheet.rows.rstrip(b"\0") for sheet in sheets(job)]


def failure(work: Callable[[], None]) -> StationError:
    with pytest.raises(StationError) as caught:
        work()
    return caught.value


def test_a_persian_receipt_comes_out_dot_for_dot(
    qapp: QApplication, sink: PrinterSink, printer: EscposPrinter, tmp_path: Path,
) -> None:
    prepare(qapp)
    raster = receipt_raster(RECEIPT)
    printer.print(raster, "receipt-1")
    (job,) = sink.heard()
    (sheet,) = sheets(job)
    assert sheet.width == raster.width
    assert sheet.rows[:len(raster.rows)] == raster.rows
    assert not any(sheet.rows[len(raster.rows):])
    (tmp_path / "receipt.png").write_bytes(encode(sheet))
    from PySide6.QtGui import QImage

    seen = QImage(str(tmp_path / "receipt.png"))
    assert (seen.width(), seen.height()) == (sheet.width, sheet.height)


def test_a_job_is_reset_stripes_feed_and_cut(sink: PrinterSink, printer: Printer) -> None:
    printer.print(RASTER, "1")
    printer.print(RASTER, "2")
    names = [command.name for command in commands(sink.heard()[1])]
    assert names == [
        "status at once", "status at once", "status at once", "init", "automatic status", "status in turn",
        *["picture"] * 4, "feed", "cut", "status in turn", *["status at once"] * 3]
    assert dots(sink.heard()[1]) == [RASTER.rows]


@pytest.mark.parametrize(("command", "code"), [
    ("offline", ErrorCode.PRINTER_OFFLINE), ("paper-out", ErrorCode.PRINTER_PAPER_OUT),
    ("cover-open", ErrorCode.PRINTER_COVER_OPEN), ("silent", ErrorCode.PRINTER_UNAVAILABLE),
])
def test_a_printer_that_is_not_well_gets_no_job(
    sink: PrinterSink, printer: EscposPrinter, command: str, code: ErrorCode,
) -> None:
    sink.tell(command)
    fault = failure(lambda: printer.print(RASTER, "1"))
    assert fault.code is code
    assert "begun" not in fault.detail
    assert failure(printer.check).code is code
    sink.tell("ready")
    printer.check()
    printer.print(RASTER, "1")
    assert [dots(job) for job in sink.heard()] == [[], [], [], [RASTER.rows]]


@pytest.mark.parametrize(("command", "code"), [
    ("offline 6000", ErrorCode.PRINTER_OFFLINE), ("paper-out 6000", ErrorCode.PRINTER_PAPER_OUT),
    ("cover-open 6000", ErrorCode.PRINTER_COVER_OPEN), ("silent 6000", ErrorCode.PRINTER_UNAVAILABLE),
    ("reset 6000", ErrorCode.PRINTER_UNAVAILABLE),
])
def test_a_job_that_broke_off_says_that_it_had_begun(
    sink: PrinterSink, printer: EscposPrinter, command: str, code: ErrorCode,
) -> None:
    printer.print(RASTER, "1")
    sink.tell(command)
    fault = failure(lambda: printer.print(RASTER, "2"))
    assert (fault.code, fault.detail["begun"]) == (code, 1)
    sink.tell("ready")
    printer.print(RASTER, "2")


def test_the_receipt_after_a_torn_one_is_whole(sink: PrinterSink, printer: EscposPrinter) -> None:
    printer.print(RASTER, "1")
    sink.tell("reset 6000")
    failure(lambda: printer.print(RASTER, "2"))
    printer.print(RASTER, "2")
    first, torn, again = sink.heard()
    assert dots(first) == [RASTER.rows]
    assert sheets(torn + again)[-1].rows.rstrip(b"\0").endswith(RASTER.rows)


def test_a_slow_printer_is_waited_for(sink: PrinterSink, printer: EscposPrinter) -> None:
    sink.tell("slow 20000")
    printer.print(RASTER, "1")
    assert dots(sink.heard()[0]) == [RASTER.rows]


def test_a_printer_that_never_ends_is_given_up(sink: PrinterSink) -> None:
    sink.tell("stuck 6000")
    fault = failure(lambda: EscposPrinter(sink.connection, patience=replace(HASTE, print_s=0.2)).print(RASTER, "1"))
    assert fault.code is ErrorCode.PRINTER_UNAVAILABLE
    assert fault.detail == {"begun": 1, "reason": "late"}


def test_a_printer_without_turns_is_watched_instead(sink: PrinterSink, printer: EscposPrinter) -> None:
    sink.tell("turnless")
    printer.print(RASTER, "1")
    sink.tell("paper-out 6000")
    fault = failure(lambda: printer.print(RASTER, "2"))
    assert fault.code is ErrorCode.PRINTER_PAPER_OUT
    assert fault.detail["begun"]


def test_a_printer_that_always_says_offline_can_be_believed(sink: PrinterSink, printer: EscposPrinter) -> None:
    sink.tell("always-offline")
    assert failure(lambda: printer.print(RASTER, "1")).code is ErrorCode.PRINTER_OFFLINE
    deaf = NetworkConnection(sink.connection.host, sink.connection.port, answers=False)
    EscposPrinter(deaf, patience=HASTE).print(RASTER, "1")
    assert dots(sink.heard()[-1].lstrip(b"\0")) == [RASTER.rows]


def test_a_printer_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    fault = failure(lambda: EscposPrinter(NetworkConnection("127.0.0.1", port)).print(RASTER, "1"))
    assert (fault.code, fault.detail) == (ErrorCode.PRINTER_UNAVAILABLE, {"reason": "Connection refused"})


class Desk:
    """A software printer at the far end of a serial line; a reset pulls the cable."""

    def __init__(self) -> None:
        self.machine = Machine()
        self.heard = b""
        self._near, self._far = os.openpty()
        tty.setraw(self._far)
        self.port = os.ttyname(self._far)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while (data := os.read(self._near, 1024)) != b"\0unplug" and self.machine.fault != "reset":
            self.heard += data
            os.write(self._near, self.machine.receive(data))
        os.close(self._near)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._far, b"\0unplug")
        self._thread.join()
        os.close(self._far)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def test_a_serial_printer(desk: Desk) -> None:
    printer = EscposPrinter(SerialConnection(desk.port, 115_200), patience=HASTE)
    printer.print(RASTER, "1")
    assert dots(desk.heard) == [RASTER.rows]
    desk.machine.strike("cover-open", 0)
    assert failure(lambda: printer.print(RASTER, "2")).code is ErrorCode.PRINTER_COVER_OPEN


def test_a_serial_printer_unplugged_in_the_middle(desk: Desk) -> None:
    printer = EscposPrinter(SerialConnection(desk.port), patience=HASTE)
    desk.machine.strike("reset", 6000)
    fault = failure(lambda: printer.print(RASTER, "1"))
    assert (fault.code, fault.detail["begun"]) == (ErrorCode.PRINTER_UNAVAILABLE, 1)
    assert desk.port not in str(fault)


def test_a_serial_port_that_is_not_there(tmp_path: Path) -> None:
    printer = EscposPrinter(SerialConnection(str(tmp_path / "ttyUSB9")), patience=HASTE)
    fault = failure(lambda: printer.print(RASTER, "1"))
    assert fault.code is ErrorCode.PRINTER_UNAVAILABLE
    assert str(tmp_path) not in str(fault)


def test_a_device_file_is_written_and_never_made(tmp_path: Path) -> None:
    printer = EscposPrinter(FileConnection(tmp_path / "lp0"), patience=HASTE)
    assert failure(lambda: printer.print(RASTER, "1")).code is ErrorCode.PRINTER_UNAVAILABLE
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "lp0").touch()
    printer.print(RASTER, "1")
    assert dots((tmp_path / "lp0").read_bytes()) == [RASTER.rows]


def test_the_first_job_ends_a_stripe_left_by_an_earlier_program(tmp_path: Path) -> None:
    (tmp_path / "lp0").touch()
    printer = EscposPrinter(FileConnection(tmp_path / "lp0"), patience=HASTE)
    printer.print(RASTER, "1")
    hanging = picture(RASTER)[:20]
    assert sheets(hanging + (tmp_path / "lp0").read_bytes())[0].rows.rstrip(b"\0").endswith(RASTER.rows)
    assert (tmp_path / "lp0").read_bytes().startswith(bytes(72 * LINES_PER_STRIPE))


@st.composite
def rasters(draw: st.DrawFn) -> Raster:
    """Draw pictures up to the widest, with white in the padding of their lines."""
    width, height = draw(st.integers(1, 576)), draw(st.integers(1, 2 * LINES_PER_STRIPE + 1))
    row_bytes = -(-width // 8)
    line = draw(st.binary(min_size=row_bytes, max_size=row_bytes))
    line = (int.from_bytes(line, "big") >> -width % 8 << -width % 8).to_bytes(row_bytes, "big")
    return Raster(width, height, (line + bytes(row_bytes)) * (height // 2) + line * (height % 2))


@given(rasters())
@settings(max_examples=25, deadline=None)
def test_every_picture_is_read_back_dot_for_dot(raster: Raster) -> None:
    (sheet,) = sheets(picture(raster))
    assert sheet.row_bytes == raster.row_bytes
    assert sheet.rows[:len(raster.rows)] == raster.rows
    assert not any(sheet.rows[len(raster.rows):])


def test_answers_are_told_apart() -> None:
    flow_control = (0x11, 0x13)
    assert all(is_at_once(each) for each in (0x12, 0x16, 0x1A, 0x32, 0x7E))
    assert not any(is_at_once(each) for each in (0x00, 0x0F, 0x10, 0x92, *flow_control))
    assert all(is_in_turn(each) for each in (0x00, 0x03, 0x0C, 0x0F, 0x6F))
    assert not any(is_in_turn(each) for each in (0x12, 0x1A, 0x80, *flow_control))


@pytest.mark.parametrize(("answers", "code"), [
    ((0x12, 0x12, 0x12), None), ((0x16, 0x12, 0x1E), None), ((0x1A, 0x12, 0x12), ErrorCode.PRINTER_OFFLINE),
    ((0x12, 0x52, 0x12), ErrorCode.PRINTER_OFFLINE), ((0x1A, 0x32, 0x12), ErrorCode.PRINTER_PAPER_OUT),
    ((0x12, 0x12, 0x7E), ErrorCode.PRINTER_PAPER_OUT), ((0x1A, 0x36, 0x72), ErrorCode.PRINTER_COVER_OPEN),
])
def test_what_the_bits_mean(answers: tuple[int, int, int], code: ErrorCode | None) -> None:
    assert fault_in(*answers) is code
