"""The PC/SC reader on the real service, with a card made of software in a process of its own."""

import time
from collections.abc import Callable, Iterator
from queue import Queue
from threading import Event
from typing import Any

import pytest

from drivers.port import Device
from drivers.pump import Pump, ReaderState
from drivers.readers.pcsc import PcscDriver
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError
from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import READER, PcscService, reader_state, wait_until_empty

pytestmark = [pytest.mark.pcsc, pytest.mark.timeout(60, func_only=True)]
FIRST, SECOND, THIRD = "04A1B2C3D4E5F1", "04A1B2C3D4E5F2", "04A1B2C3D4E5F3"
DEVICE = Device(f"pcsc:{READER}", READER)
READY = ReaderState(DEVICE.path, READER, ready=True, error=None)
LIMIT_S = 10
PRESENT, IN_USE = 0x20, 0x100


def tap(uid: str) -> Tap:
    return Tap(DEVICE.path, Medium.NFC_UID, uid)


def down(code: ErrorCode) -> ReaderState:
    return ReaderState(DEVICE.path, READER, ready=False, error=code)


def bad_card(code: ErrorCode) -> ReaderState:
    return ReaderState(DEVICE.path, READER, ready=True, error=code)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def swap_seen(card: VirtualCard, uid: str) -> None:
    """Swap the card and wait until the service has seen the other come."""
    card.swap(uid)
    until(lambda: bool(reader_state() & PRESENT))


class Till:
    """A pump on the virtual reader and the news it sent; its sink can be kept busy."""

    def __init__(self, silence_limit_s: float) -> None:
        self.news: Queue[Tap | ReaderState] = Queue()
        self.free = Event()
        self.free.set()
        self.pump = Pump(
            PcscDriver(silence_limit_s=silence_limit_s), DEVICE, self._sink, self.news.put, (0.02, 0.1))
        self.pump.start()

    def expect(self, *wanted: Tap | ReaderState) -> None:
        for each in wanted:
            assert self.news.get(timeout=LIMIT_S) == each

    def _sink(self, tap: Tap) -> None:
        self.news.put(tap)
        self.free.wait(LIMIT_S)


Tills = Callable[[float], Till]


@pytest.fixture
def till(card: VirtualCard) -> Iterator[Tills]:
    """Give what starts a till once the card is where the test wants it."""
    assert card
    made: list[Till] = []

    def start(silence_limit_s: float = 2.0) -> Till:
        made.append(Till(silence_limit_s))
        return made[-1]

    yield start
    for each in made:
        each.free.set()
        each.pump.stop()


def test_a_card_is_seen_as_often_as_it_is_put_down(till: Tills, card: VirtualCard) -> None:
    counter = till(2)
    counter.expect(READY)
    for uid in (FIRST, FIRST, SECOND):
        card.insert(uid)
        counter.expect(tap(uid))
        card.remove()
        wait_until_empty()


def test_a_card_that_lies_there_at_the_start_is_seen(till: Tills, card: VirtualCard) -> None:
    card.insert(FIRST)
    until(lambda: bool(reader_state() & PRESENT))
    till(2).expect(READY, tap(FIRST))


@pytest.mark.parametrize("swaps", [[SECOND], [SECOND, THIRD]], ids=["once", "twice"])
def test_a_card_swapped_for_its_like_while_the_screen_is_busy_is_seen(
    till: Tills, card: VirtualCard, swaps: list[str],
) -> None:
    counter = till(2)
    counter.expect(READY)
    counter.free.clear()
    card.insert(FIRST)
    counter.expect(tap(FIRST))
    for uid in swaps:
        swap_seen(card, uid)
    counter.free.set()
    counter.expect(tap(swaps[-1]))
    card.swap(FIRST)
    counter.expect(tap(FIRST))


@pytest.mark.parametrize(("uid", "garbage", "code"), [
    ("08A1B2C3", "", ErrorCode.CARD_NUMBER_RANDOM),
    (FIRST, "DE", ErrorCode.CARD_UNREADABLE),
    (FIRST, "1337C0", ErrorCode.CARD_UNREADABLE),
    (FIRST, "01020304059000", ErrorCode.CARD_UNREADABLE),
    (FIRST, "9000", ErrorCode.CARD_UNREADABLE),
], ids=["random", "one-byte", "no-status", "odd-length", "empty"])
def test_a_card_that_cannot_be_taken_is_told_once_and_the_next_is_seen(
    till: Tills, card: VirtualCard, uid: str, garbage: str, code: ErrorCode,
) -> None:
    counter = till(2)
    counter.expect(READY)
    if garbage:
        card.garbage(garbage)
    card.insert(uid)
    counter.expect(bad_card(code))
    card.swap(SECOND)
    counter.expect(tap(SECOND))


def test_a_card_that_never_answers_does_not_hold_up_the_next(till: Tills, card: VirtualCard) -> None:
    counter = till(0.2)
    counter.expect(READY)
    card.hang()
    card.insert(FIRST)
    counter.expect(bad_card(ErrorCode.CARD_SILENT))
    card.swap(SECOND)
    counter.expect(tap(SECOND))


def test_a_card_taken_away_while_it_is_read_is_unreadable(till: Tills, card: VirtualCard) -> None:
    counter = till(LIMIT_S)
    counter.expect(READY)
    card.hang()
    card.insert(FIRST)
    until(lambda: bool(reader_state() & IN_USE))
    card.remove()
    counter.expect(bad_card(ErrorCode.CARD_UNREADABLE))
    wait_until_empty()
    card.insert(SECOND)
    counter.expect(tap(SECOND))


def test_a_card_swapped_while_it_is_read_is_the_second(card: VirtualCard) -> None:
    from smartcard import scard

    swaps = [SECOND]

    def transmit(*call: object) -> object:
        answer = scard.SCardTransmit(*call)
        if swaps:
            swap_seen(card, swaps.pop())
        return answer

    reader = PcscDriver(load=lambda: Calls(SCardTransmit=transmit), silence_limit_s=LIMIT_S).open(DEVICE)
    card.insert(FIRST)
    assert reader.wait(LIMIT_S) == tap(SECOND)
    reader.close()


def test_another_programs_card_is_busy_until_it_lets_go(till: Tills, card: VirtualCard) -> None:
    from smartcard import scard

    card.insert(FIRST)
    until(lambda: bool(reader_state() & PRESENT))
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    result, other, _ = scard.SCardConnect(
        context, READER, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_ANY)
    assert result == scard.SCARD_S_SUCCESS
    counter = till(2)
    counter.expect(down(ErrorCode.READER_BUSY))
    scard.SCardDisconnect(other, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)
    counter.expect(READY, tap(FIRST))


def test_the_service_and_the_reader_may_go_and_come_back(
    till: Tills, card: VirtualCard, pcsc: PcscService,
) -> None:
    if not pcsc.ours:
        pytest.skip("the running pcscd is not ours to stop")
    counter = till(2)
    counter.expect(READY)
    pcsc.halt()
    counter.expect(down(ErrorCode.READER_SERVICE_DOWN))
    with pytest.raises(StationError) as caught:
        PcscDriver().find()
    assert caught.value.code is ErrorCode.READER_SERVICE_DOWN
    pcsc.restart(with_reader=False)
    counter.expect(down(ErrorCode.READER_GONE))
    assert PcscDriver().find() == ()
    pcsc.restart()
    counter.expect(READY)
    card.insert(FIRST)
    counter.expect(tap(FIRST))


class Calls:
    """The real PC/SC calls but for those given."""

    def __init__(self, **given: Callable[..., object]) -> None:
        self._given = given

    def __getattr__(self, name: str) -> Any:
        from smartcard import scard

        return self._given.get(name) or getattr(scard, name)


@pytest.mark.parametrize(("status", "code"), [
    (0x8010006A, ErrorCode.READER_FORBIDDEN),
    (0x80100027, ErrorCode.READER_FORBIDDEN),
    (0x8010001E, ErrorCode.READER_SERVICE_DOWN),
    (0x80100001, ErrorCode.READER_SERVICE_DOWN),
])
def test_a_service_that_refuses_says_why(status: int, code: ErrorCode) -> None:
    with pytest.raises(StationError, match=f"{status:08X}") as caught:
        PcscDriver(load=lambda: Calls(SCardEstablishContext=lambda _: (status, 0))).find()
    assert caught.value.code is code


@pytest.mark.parametrize("state", [0x0004, 0x0008], ids=["unknown", "unavailable"])
def test_a_reader_pulled_out_is_gone(pcsc: PcscService, state: int) -> None:
    assert pcsc
    with pytest.raises(StationError) as caught:
        PcscDriver(load=lambda: Calls(SCardGetStatusChange=lambda *_: (0, [(READER, state, [])]))).open(DEVICE)
    assert caught.value.code is ErrorCode.READER_GONE


def test_a_service_that_is_just_ending_is_down_not_forbidden(pcsc: PcscService) -> None:
    from smartcard import scard

    assert pcsc
    refusals = [(scard.SCARD_W_SECURITY_VIOLATION, 0)]
    driver = PcscDriver(load=lambda: Calls(
        SCardEstablishContext=lambda scope: refusals.pop() if refusals else scard.SCardEstablishContext(scope)))
    assert DEVICE in driver.find()
    with pytest.raises(StationError) as caught:
        PcscDriver(load=lambda: Calls(
            SCardGetStatusChange=lambda *_: (scard.SCARD_W_SECURITY_VIOLATION, []))).open(DEVICE)
    assert caught.value.code is ErrorCode.READER_SERVICE_DOWN


def test_without_the_library_the_driver_says_what_is_missing() -> None:
    def load() -> Any:
        message = "No module named 'smartcard'"
        raise ImportError(message)

    driver = PcscDriver(load=load)
    assert driver.missing() == "pyscard (No module named 'smartcard')"
    for call in (driver.find, lambda: driver.open(DEVICE)):
        with pytest.raises(StationError) as caught:
            call()
        assert caught.value.code is ErrorCode.READER_DRIVER_MISSING
