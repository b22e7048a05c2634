"""The customer's display: what it can show, and that the counter never waits for it."""

import threading
from pathlib import Path
from queue import Queue

import pytest

from drivers.printers.connection import FileConnection
from drivers.printers.display import DisplayWorker, LineDisplay, showable, two_lines
from station.errors import ErrorCode, StationError
from tests.rigs.escpos_png import commands

LIMIT_S = 10.0


@pytest.mark.parametrize(("text", "shown"), [
    ("۲۵۸٬۳۰۰\u00a0تومان", "258,300"), ("٤٫٥٪", "4.5%"), ("Milk 1 L", "Milk 1 L"), ("شیر", ""),
    ("−۱٬۰۰۰", "-1,000"), ("\u200e12\x1b@\n", "12@"),
])
def test_digits_and_latin_only(text: str, shown: str) -> None:
    assert showable(text) == shown


def test_a_caption_is_cut_and_an_amount_never() -> None:
    assert two_lines("Earl Grey 500 g, bergamot", "۲۱۰٬۰۰۰") == "Earl Grey 500 g, ber" + "210,000".rjust(20)
    assert two_lines("", "9" * 20)[20:] == "9" * 20
    with pytest.raises(ValueError, match="21 characters"):
        two_lines("", "9" * 21)


def shown_on(path: Path) -> list[str]:
    """Return each text on the display."""
    texts, text = [], ""
    for command in commands(path.read_bytes()):
        if command.name == "text":
            text += chr(command.numbers[0])
        elif command.name == "select" and command.numbers == (1,):
            texts.append(text)
            text = ""
    return texts


def test_both_lines_are_filled_and_the_printer_is_selected_again(tmp_path: Path) -> None:
    (tmp_path / "display").touch()
    text = two_lines("Total", "258,300")
    LineDisplay(FileConnection(tmp_path / "display")).show(text)
    names = [command for command in commands((tmp_path / "display").read_bytes()) if command.name != "text"]
    assert [(each.name, each.numbers) for each in names] == [
        ("select", (2,)), ("init", ()), ("code page", (0,)), ("select", (1,))]
    assert shown_on(tmp_path / "display") == ["Total               " + "             258,300"]


def test_a_display_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StationError) as caught:
        LineDisplay(FileConnection(tmp_path / "display")).show(two_lines("", "1"))
    assert caught.value.code is ErrorCode.DISPLAY_UNAVAILABLE
    assert str(tmp_path) not in str(caught.value)


class SlowDisplay(LineDisplay):
    """A display that takes its time with each text."""

    def __init__(self) -> None:
        super().__init__(FileConnection(Path()))
        self.started = threading.Event()
        self.free = threading.Event()
        self.texts: list[str] = []

    def show(self, text: str) -> None:
        self.started.set()
        self.free.wait(LIMIT_S)
        self.texts.append(text)


def test_only_the_latest_text_is_shown_when_the_display_is_slow() -> None:
    display = SlowDisplay()
    worker = DisplayWorker(display, lambda _: None)
    worker.start()
    worker.show("Milk", "1")
    assert display.started.wait(LIMIT_S)
    for amount in ("2", "3", "4"):
        worker.show("Milk", amount)
    display.free.set()
    assert worker.stop(LIMIT_S)
    assert display.texts == [two_lines("Milk", "1"), two_lines("Milk", "4")]


def test_the_state_is_told_at_each_change(tmp_path: Path) -> None:
    states: Queue[ErrorCode | None] = Queue()
    worker = DisplayWorker(LineDisplay(FileConnection(tmp_path / "display")), states.put)
    worker.start()
    worker.show("Milk", "1")
    assert states.get(timeout=LIMIT_S) is ErrorCode.DISPLAY_UNAVAILABLE
    (tmp_path / "display").touch()
    worker.show("Milk", "2")
    assert states.get(timeout=LIMIT_S) is None
    with pytest.raises(ValueError, match="does not fit"):
        worker.show("Milk", "9" * 21)
    assert worker.stop(LIMIT_S)
    assert shown_on(tmp_path / "display") == [two_lines("Milk", "2")]
