"""The top bar: green only when nothing is unsent, faults by their number."""

from dataclasses import replace

import pytest

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from station.errors import ErrorCode, StationError
from station.feed import Stamp
from station.protection import Protection
from station.put_aside import AsideCount
from sync.state import BookState, SyncState
from tests.fakes import NOON
from tests.ui.till import Till
from ui.format import Format
from ui.presenters.standing import Rules
from ui.presenters.status import Board, Status
from ui.text import Words
from ui.views import Chip, StatusView, Tone

READY = ReaderState("pcsc:a", "ACR122U", ready=True, error=None)
GONE = ReaderState("pcsc:b", "Stripe", ready=False, error=ErrorCode.READER_GONE)


class Bar:
    def __init__(self) -> None:
        self.views: list[StatusView] = []

    def show_status(self, view: StatusView) -> None:
        self.views.append(view)

    @property
    def view(self) -> StatusView:
        return self.views[-1]


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def bar() -> Bar:
    return Bar()


def status(till: Till, bar: Bar, language: str = "en") -> Status:
    return Status(till.board, Words(language), Format(language), bar)


def test_it_names_the_till_and_the_time_in_both_languages(till: Till, bar: Bar) -> None:
    made = status(till, bar, "fa")
    made.tick()
    view = bar.view
    assert (view.shop, view.cashier) == ("شعبهٔ ونک", "صندوقدار: سارا محمدی")
    assert (view.shift.text, view.shift.tone) == ("شیفت ۱ باز", Tone.OK)
    assert view.moment == "یکشنبه ۱ آذر ۱۴۰۵، ۱۴:۰۵"
    made.speak(Words("en"), Format("en"))
    assert bar.view.moment == "Sun 22 Nov 2026, 14:05"
    assert bar.view.cashier == "Cashier: Sara Mohammadi"


def test_it_is_drawn_again_only_when_something_changed(till: Till, bar: Bar) -> None:
    made = status(till, bar)
    made.tick()
    made.tick()
    till.clock.forward(1)
    made.tick()
    assert [view.moment[-5:] for view in bar.views] == ["14:05", "14:06"]


@pytest.mark.parametrize(("state", "text", "tone"), [
    (SyncState(online=True), "Online", Tone.OK),
    (SyncState(online=True, unsent=3), "Online · 3 waiting", Tone.NEUTRAL),
    (SyncState(unsent=3), "Offline · 3 waiting", Tone.WARN),
    (SyncState(error=ErrorCode.HEAD_OFFICE_UNREACHABLE), "Offline", Tone.WARN),
    (SyncState(online=True, unsent=2, error=ErrorCode.JOURNAL_FORKED),
     "Head office: fault E507 · 2 waiting", Tone.ERROR)])
def test_the_sync_chip(till: Till, bar: Bar, state: SyncState, text: str, tone: Tone) -> None:
    made = status(till, bar)
    made.tick()
    assert bar.view.sync.tone is Tone.NEUTRAL
    made.sync_state(state)
    assert (bar.view.sync.text, bar.view.sync.tone) == (text, tone)
    lines = bar.view.sync.hint.split("\n")
    assert ("(E" in lines[0]) == (state.error is not None)
    assert lines[-1] == "Data here is encrypted; its key lies in the operating system's key store."


def test_offline_in_persian_counts_what_waits(till: Till, bar: Bar) -> None:
    status(till, bar, "fa").sync_state(SyncState(unsent=3))
    assert bar.view.sync.text == "آفلاین · ۳ در صف ارسال"


def test_the_readers_chip(till: Till, bar: Bar) -> None:
    made = status(till, bar)
    made.tick()
    assert (bar.view.readers.text, bar.view.readers.tone) == ("No reader", Tone.NEUTRAL)
    made.reader_state(READY)
    assert (bar.view.readers.text, bar.view.readers.tone) == ("Reader ready", Tone.OK)
    made.reader_state(GONE)
    assert (bar.view.readers.text, bar.view.readers.tone) == ("Reader not ready · 1 of 2", Tone.WARN)
    assert bar.view.readers.hint == "ACR122U\nStripe: The card reader is unplugged. (E102)"


def test_only_readers_that_fail_are_an_error(till: Till, bar: Bar) -> None:
    made = status(till, bar)
    made.reader_state(GONE)
    assert bar.view.readers.tone is Tone.ERROR
    made.reader_state(ReaderState(GONE.path, GONE.title, ready=True, error=ErrorCode.CARD_UNREADABLE))
    assert (bar.view.readers.tone, bar.view.readers.hint) == (Tone.OK, "Stripe")


def test_a_closed_shift_is_told(till: Till, bar: Bar) -> None:
    board = Board(till.board.shop, till.board.at_till, None, till.clock, Protection.FILE)
    Status(board, Words("en"), Format("en"), bar).tick()
    assert (bar.view.shift.text, bar.view.shift.tone) == ("No shift open", Tone.WARN)


@pytest.mark.parametrize(("protection", "hint"), [
    (Protection.HARDWARE, "Data here is encrypted; its key is bound to a chip of this computer."),
    (Protection.FILE, "Data here is encrypted, but its key lies on the same disk: weak."),
    (Protection.NONE, "Data here is not encrypted, so nothing personal is kept.")])
def test_how_well_data_is_protected_stands_in_the_hint(till: Till, bar: Bar, protection: Protection, hint: str) -> None:
    made = Status(replace(till.board, protection=protection), Words("en"), Format("en"), bar)
    made.tick()
    assert bar.view.sync.hint == hint
    assert (bar.view.data is None) == (protection is not Protection.NONE)


def test_a_station_without_members_says_so(till: Till, bar: Bar) -> None:
    made = Status(replace(till.board, protection=Protection.NONE), Words("en"), Format("en"), bar)
    made.tick()
    assert bar.view.data == Chip("No members here", Tone.WARN, (
        "Encryption is not installed here, so no member data is kept. Selling goes on without membership. (E408)"))
    made.speak(Words("fa"), Format("fa"))
    assert bar.view.data is not None
    assert bar.view.data.text == "بدون اطلاعات عضوها"


HOUR_US = 3_600_000_000
FRESH = BookState(12_345, Stamp(1_057, NOON.utc_us - HOUR_US))  # an hour before 14:05
OLD = BookState(12_345, Stamp(1_057, NOON.utc_us - 25 * HOUR_US))
AS_OF = "Members: 12,345, as of Sun 22 Nov 2026, 13:05, version 1,057."
AS_OF_YESTERDAY = "Members: 12,345, as of Sat 21 Nov 2026, 13:05, version 1,057."
BLIND = "Cards that were blocked later are not known here."


@pytest.mark.parametrize(("book", "percent", "chip"), [
    (FRESH, None, Chip("Members: 12,345 · 13:05", Tone.OK, AS_OF)),
    (OLD, None, Chip("Members: 12,345 · 21 Nov 2026", Tone.WARN, f"{AS_OF_YESTERDAY}\n{BLIND}")),
    (FRESH, 45, Chip("Members: 12,345 · new book 45%", Tone.OK,
                     f"{AS_OF}\nA new member book is coming down: 45% are here.")),
    (BookState(0, None), None, Chip("Members: 0 · not whole", Tone.WARN, "Members: 0. The member book is not here whole yet.")),
    (BookState(0, None), 0, Chip("Members: 0 · new book 0%", Tone.WARN, (
        "Members: 0. The member book is not here whole yet.\nA new member book is coming down: 0% are here.")))])
def test_the_member_book_tells_how_many_as_of_when_and_how_far_a_new_one_is(
        till: Till, bar: Bar, book: BookState, percent: int | None, chip: Chip) -> None:
    made = status(till, bar)
    made.sync_state(SyncState(members_percent=percent, book=book))
    assert bar.view.members == chip


def test_the_member_book_in_persian(till: Till, bar: Bar) -> None:
    made = status(till, bar, "fa")
    made.sync_state(SyncState(online=True))
    assert bar.view.members is None
    made.sync_state(SyncState(online=True, book=FRESH))
    assert bar.view.members == Chip(
        "اعضا: ۱۲٬۳۴۵ · ۱۳:۰۵", Tone.OK, "اعضا: ۱۲٬۳۴۵ نفر، تا یکشنبه ۱ آذر ۱۴۰۵، ۱۳:۰۵، نسخهٔ ۱٬۰۵۷.")


def test_the_chip_is_never_green_while_something_stands_aside(till: Till, bar: Bar) -> None:
    count = [AsideCount(2, 2)]
    made = Status(replace(till.board, aside=lambda: count[0]), Words("en"), Format("en"), bar)
    made.sync_state(SyncState(online=True))
    chips = []
    for count[0] in (AsideCount(2, 2), AsideCount(2, 0), AsideCount()):
        made.tick()
        chips.append((bar.view.sync.text, bar.view.sync.tone))
    assert chips == [("Online · 2 put aside", Tone.WARN), ("Online · 2 put aside", Tone.NEUTRAL), ("Online", Tone.OK)]


def test_what_cannot_be_counted_now_is_as_it_was_last(till: Till, bar: Bar) -> None:
    def count() -> AsideCount:
        if locked:
            raise StationError(ErrorCode.DATABASE_LOCKED)
        return AsideCount(1, 1)

    locked = False
    made = Status(replace(till.board, aside=count), Words("en"), Format("en"), bar)
    made.sync_state(SyncState(online=True))
    locked = True
    made.tick()
    assert (bar.view.sync.text, bar.view.sync.tone) == ("Online · 1 put aside", Tone.WARN)


GONE_PAPER = PrinterState(error=ErrorCode.PRINTER_UNAVAILABLE, waiting=3)
DAY_US = 24 * HOUR_US


@pytest.mark.parametrize(("state", "chip"), [
    (PrinterState(ready=True), Chip("Printer in order", Tone.OK)),
    (PrinterState(ready=True, waiting=1), Chip("Printer in order", Tone.OK)),
    (PrinterState(error=ErrorCode.PRINTER_UNAVAILABLE), Chip(
        "Printer: fault E601", Tone.ERROR, "The printer does not answer. The receipt is kept. (E601)")),
    (GONE_PAPER, Chip(
        "Printer: fault E601 · 3 to print", Tone.ERROR, "The printer does not answer. The receipt is kept. (E601)"))])
def test_the_printer_chip(till: Till, bar: Bar, state: PrinterState, chip: Chip) -> None:
    made = status(till, bar)
    made.tick()
    assert bar.view.printer is None
    made.printer_state(state)
    assert bar.view.printer == chip


def test_the_printers_fault_in_persian_keeps_its_number_apart_from_the_count(till: Till, bar: Bar) -> None:
    status(till, bar, "fa").printer_state(GONE_PAPER)
    assert bar.view.printer is not None
    # a right-to-left mark ends the Latin run of the code, so that the count does not join it
    assert bar.view.printer.text == "چاپگر: خطای E601\u200f · ۳ رسید در صف چاپ"


def test_receipts_that_wait_for_ten_seconds_without_a_fault_are_told(till: Till, bar: Bar) -> None:
    made, told = status(till, bar), []

    def after(seconds: int, waiting: int | None = None) -> None:
        till.clock.moment = replace(till.clock.moment, utc_us=till.clock.moment.utc_us + seconds * 1_000_000)
        made.tick() if waiting is None else made.printer_state(PrinterState(ready=True, waiting=waiting))
        assert bar.view.printer
        told.append(bar.view.printer.tone)

    after(0, waiting=2)
    after(9)
    after(0, waiting=3)  # one more does not begin anew
    after(1)
    assert bar.view.printer == Chip("Printer: 3 to print", Tone.WARN)
    after(0, waiting=2)  # it goes on
    after(9)
    after(1)
    after(0, waiting=0)
    after(60)
    assert told == [Tone.OK] * 3 + [Tone.WARN] + [Tone.OK] * 2 + [Tone.WARN] + [Tone.OK] * 2


@pytest.mark.parametrize(("ahead_s", "chip"), [
    (-59, Chip("Clock as head office's", Tone.OK)),
    (60, Chip("Clock 1 min off", Tone.WARN, "This computer's clock is 1 min behind head office's. Set it right.")),
    (-720, Chip("Clock 12 min off", Tone.ERROR, "This computer's clock is 12 min ahead of head office's. Set it right.")),
    (7_200, Chip("Clock 2 h off", Tone.ERROR, "This computer's clock is 2 h behind head office's. Set it right.")),
    (172_800, Chip("Clock 2 days off", Tone.ERROR, "This computer's clock is 2 days behind head office's. Set it right."))])
def test_a_clock_that_is_off_is_told(till: Till, bar: Bar, ahead_s: int, chip: Chip) -> None:
    ahead: list[int | None] = [None]
    made = Status(replace(till.board, ahead_us=lambda: ahead[0]), Words("en"), Format("en"), bar)
    made.tick()
    assert bar.view.clock is None
    ahead[0] = ahead_s * 1_000_000
    made.tick()
    assert bar.view.clock == chip


@pytest.mark.parametrize(("rules", "chip"), [
    (Rules(0), Chip("No club rules", Tone.WARN, "No rules have come down yet: nothing can be sold.")),
    (Rules(1_012), Chip("Club rules: number 1,012", Tone.OK)),
    (Rules(12, NOON.utc_us - DAY_US), Chip("Club rules: number 12, as of Sat 21 Nov 2026, 14:05.", Tone.OK)),
    (Rules(12, NOON.utc_us - DAY_US - 1), Chip("Rules 24 h old", Tone.WARN, (
        "Club rules: number 12, as of Sat 21 Nov 2026, 14:04. What has changed since is not known here."))),
    (Rules(12, NOON.utc_us - 9 * DAY_US), Chip("Rules 9 days old", Tone.WARN, (
        "Club rules: number 12, as of Fri 13 Nov 2026, 14:05. What has changed since is not known here.")))])
def test_rules_tell_their_age_and_warn_after_a_day(till: Till, bar: Bar, rules: Rules, chip: Chip) -> None:
    Status(replace(till.board, rules=lambda: rules), Words("en"), Format("en"), bar).tick()
    assert bar.view.rules == chip


def test_rules_that_cannot_be_read_now_are_as_they_were_last(till: Till, bar: Bar) -> None:
    def ask() -> Rules | None:
        if locked.pop(0):
            raise StationError(ErrorCode.DATABASE_LOCKED)
        return Rules(3)

    locked = [True, False, True]
    made = Status(replace(till.board, rules=ask), Words("en"), Format("en"), bar)
    made.tick()
    assert bar.view.rules is None
    for _ in range(2):
        made.tick()
        assert bar.view.rules == Chip("Club rules: number 3", Tone.OK)


def test_old_rules_and_a_wrong_clock_in_persian(till: Till, bar: Bar) -> None:
    Status(replace(till.board, rules=lambda: Rules(12, NOON.utc_us - 9 * DAY_US), ahead_us=lambda: 720_000_000),
           Words("fa"), Format("fa"), bar).tick()
    assert [chip and chip.text for chip in (bar.view.rules, bar.view.clock)] == [
        "قوانین مربوط به ۹ روز پیش", "ساعت ۱۲ دقیقه اختلاف دارد"]
