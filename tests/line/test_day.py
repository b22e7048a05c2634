"""A cashier's whole day at ``make run`` on a real X display: by keyboard alone, then by mouse alone; then the books.

Keys, touches and scans go through the XTEST extension, what is on the screen is read over the accessibility bus
(``tests.rigs.day_counter``). Scans and cards come from a reader that types, and the badge from the demo's reader.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.journal import EntryKind
from tests.rigs.accessible import AccessibleDesktop
from tests.rigs.day_books import DayBooks, day_books
from tests.rigs.day_counter import SCREEN, DayCounter
from tests.rigs.day_script import COUNTED_RIAL, QUICK, WHOLE, Day
from tests.rigs.day_ways import ByKeyboard, ByMouse
from tests.rigs.desktop import DesktopUnavailableError
from ui.demo.office import Office
from ui.format import Format

FULL = bool(os.environ.get("CARD_STATION_FULL"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]
LAYOUTS = ("us", "ir", "us,ir")
TYPED = [(language, layout) for language in ("fa", "en") for layout in LAYOUTS] if FULL else [("fa", "ir")]
TOUCHED = ["fa", "en"] if FULL else ["en"]


@pytest.fixture(scope="module")
def desktop() -> Iterator[AccessibleDesktop]:
    try:
        running = AccessibleDesktop(SCREEN)
    except DesktopUnavailableError as fault:
        pytest.skip(str(fault))
    with running:
        yield running


@pytest.fixture
def counter(desktop: AccessibleDesktop, tmp_path: Path) -> Iterator[DayCounter]:
    desktop.use_layout("us")
    with DayCounter(desktop, tmp_path / "demo") as running:
        yield running


def live(day: Day) -> DayBooks:
    """Live through the day, with training in between where there is time; the program must end well."""
    day.run(WHOLE if FULL else QUICK)
    assert day.counter.ended() == 0
    return day_books(day.counter.folder / "station")


def hold_against(day: Day, books: DayBooks) -> None:
    """Compare what was done, the journal, the Z report and head office."""
    done, kinds = day.done, books.kinds
    assert books.faults == []
    assert (sorted(books.sold), kinds[EntryKind.RETURN], kinds[EntryKind.MEMBER_ENROLLED], kinds[EntryKind.CASH_MOVED]) == (
        sorted(done.receipts), done.returns, done.enrolled, 1)
    assert books.closed is not None
    assert (books.closed.counted, books.closed.expected_cash) == (COUNTED_RIAL, books.cash)
    assert (books.shift_is_open, books.waiting_prints) == (False, 0)
    expected = Format(day.counter.words.language).amount(books.cash)
    assert not [each for each in day.seen_before_counting if expected in each]
    office = Office(day.counter.folder / "headoffice")
    office.ask("work", "--once")
    there = office.ask_json("sales", "--date", books.date, "--station", books.station)
    assert sorted((each["receipt"], each["total"]) for each in there) == sorted(books.sold.items())
    report = office.ask_json("report", "--date", books.date, "--station", books.station)
    assert (report["sales"], report["returns"], report["returned"]) == (len(books.sold), done.returns, books.returned)


@pytest.mark.parametrize(("language", "layout"), TYPED)
def test_a_whole_day_by_keyboard_alone(counter: DayCounter, desktop: AccessibleDesktop, language: str, layout: str) -> None:
    desktop.use_layout(layout)
    day = Day(counter, ByKeyboard(counter), language)
    hold_against(day, live(day))


@pytest.mark.parametrize("language", TOUCHED)
def test_a_whole_day_by_mouse_alone(counter: DayCounter, language: str) -> None:
    day = Day(counter, ByMouse(counter), language)
    hold_against(day, live(day))
