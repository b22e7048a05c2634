"""The drawer opens at once or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.printers.drawer import Connector, Drawer
from drivers.printers.escpos import EscposPrinter, Patience
from station.errors import ErrorCode, StationError
from tests.rigs.escpos_png import Command, commands
from tests.rigs.printer_hand import PrinterSink

HASTE = Patience(answer_s=0.5)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[PrinterSink]:
    with PrinterSink(tmp_path) as printer:
        yield printer


def pulses(job: bytes) -> list[Command]:
    return [command for command in commands(job) if command.name == "pulse"]


@pytest.mark.parametrize(("connector", "number"), [(Connector.PIN_2, 0), (Connector.PIN_5, 1)])
def test_the_pulse_goes_to_the_connectors_pin(sink: PrinterSink, connector: Connector, number: int) -> None:
    drawer: Drawer = EscposPrinter(sink.connection, connector, HASTE)
    drawer.kick()
    assert pulses(sink.heard()[0]) == [Command("pulse", (number, 50, 50))]


def test_a_printer_that_would_open_it_later_is_not_told(sink: PrinterSink) -> None:
    drawer = EscposPrinter(sink.connection, patience=HASTE)
    sink.tell("paper-out")
    with pytest.raises(StationError) as caught:
        drawer.kick()
    assert caught.value.code is ErrorCode.PRINTER_PAPER_OUT
    assert pulses(sink.heard()[0]) == []
