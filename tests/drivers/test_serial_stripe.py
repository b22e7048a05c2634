"""Stripe readers on a serial line, over a pseudo-terminal of another process."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from drivers.pump import Pump, ReaderState
from drivers.readers.serial_stripe import SerialStripeDriver, SerialStripeReader
from drivers.serial_line import SerialPorts
from drivers.track_frames import WedgeProfile
from drivers.tracks import ABA, IATA
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_record import pack, to_tracks
from station.errors import ErrorCode, StationError
from tests.rigs.proven_cards import signed
from tests.rigs.serial_hand import BANK_SWIPE, SerialHand, member

pytestmark = [
    pytest.mark.timeout(30),
    pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals"),
]
SEEN_S = 3.0
NOTHING_S = 0.06
TEN_SWIPES_S = 2.0
Opener = Callable[..., SerialStripeReader]


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[SerialHand]:
    with SerialHand(tmp_path) as started:
        yield started


@pytest.fixture
def driver(hand: SerialHand) -> SerialStripeDriver:
    return SerialStripeDriver(ports=SerialPorts(paths=(hand.path,)))


@pytest.fixture
def reader(driver: SerialStripeDriver) -> Iterator[SerialStripeReader]:
    opened = driver.open(driver.find()[0])
    yield opened
    opened.close()


def tap(hand: SerialHand, place: int) -> Tap:
    return Tap(f"serial_stripe:{hand.path}", Medium.STRIPE, member(place), Evidence.TRACK)


def fault(reader: SerialStripeReader) -> StationError:
    with pytest.raises(StationError) as caught:
        reader.wait(SEEN_S)
    return caught.value


@pytest.mark.parametrize("text", [
    "%CLUB^DEMO?;{}?\r", "%CLUB^DEMO?;{}?\r\n", "%CLUB^DEMO?\r;{}?\r", ";{}?\n", "%CLUB^DEMO?;{}?",
    "%E?;{}?+E?\r",
], ids=["one line", "CR LF", "a line for each track", "LF", "no line end", "other tracks unread"])
def test_a_swipe_is_a_tap_however_its_lines_end(hand: SerialHand, reader: SerialStripeReader, text: str) -> None:
    hand.send(text.format(member(1)))
    assert reader.wait(SEEN_S) == tap(hand, 1)
    assert reader.wait(NOTHING_S) is None


@pytest.mark.parametrize("end", ["", "\r"], ids=["one line", "a line for each track"])
def test_a_signed_record_comes_with_the_number(hand: SerialHand, reader: SerialStripeReader, end: str) -> None:
    record = signed(member(1))
    one, three = to_tracks(record)
    hand.send(f"%{one}?{end};{member(1)}?{end}+{three}?\r")
    assert reader.wait(SEEN_S) == replace(tap(hand, 1), proofs=(Proof(ProofKind.RECORD, pack(record)),))


@pytest.mark.parametrize("tracks", [
    "%{one}?;{number}?", ";{number}?+{three}?", "%CLUB?;{number}?+{three}?", "%{one}?;{number}?+E?",
    "%{one}?;{number}?+0{three}?",
])
def test_half_a_record_proves_nothing_and_the_number_is_left(
    hand: SerialHand, reader: SerialStripeReader, tracks: str,
) -> None:
    one, three = to_tracks(signed(member(1)))
    hand.send(tracks.format(one=one, three=three, number=member(1)) + "\r")
    assert reader.wait(SEEN_S) == tap(hand, 1)


@pytest.mark.parametrize(("text", "code"), [
    (f"{BANK_SWIPE}\r", ErrorCode.CARD_IS_BANK_CARD),
    (BANK_SWIPE.replace("?;", "?\r;") + "\r", ErrorCode.CARD_IS_BANK_CARD),
    (BANK_SWIPE[:60], ErrorCode.CARD_IS_BANK_CARD),
    (";5022291000000000=", ErrorCode.CARD_IS_BANK_CARD),
    ("%B4111", ErrorCode.SWIPE_INCOMPLETE),
    (f";{member(1)}", ErrorCode.SWIPE_INCOMPLETE),
    ("%CLUB^DEMO?;1234567890?\r", ErrorCode.CARD_NOT_OF_CLUB),
    (f";{member(1)[:-1]}{9 - int(member(1)[-1])}?\r", ErrorCode.CARD_NOT_OF_CLUB),
    ("%CLUB^DEMO?;E?\r", ErrorCode.CARD_UNREADABLE),
    ("\0\xff~~~\r", ErrorCode.CARD_UNREADABLE),
    ("x" * 600, ErrorCode.CARD_UNREADABLE),
], ids=["bank", "bank, by track", "half a bank card", "Iranian bank, broken off", "half", "half of ours", "other",
        "wrong check digit", "unread", "noise", "endless noise"])
def test_every_other_swipe_has_its_code_and_the_next_is_read(
    hand: SerialHand, reader: SerialStripeReader, text: str, code: ErrorCode,
) -> None:
    hand.send(text)
    caught = fault(reader)
    assert caught.code is code
    assert not any(value.isdecimal() and len(value) > 3 for value in str(caught).split("="))
    if not text.endswith("\r"):
        assert reader.wait(NOTHING_S) is None
    hand.send(f";{member(2)}?\r")
    assert reader.wait(SEEN_S) == tap(hand, 2)


def test_no_digit_of_a_bank_card_stays_in_the_reader(hand: SerialHand, reader: SerialStripeReader) -> None:
    hand.send(f"{BANK_SWIPE}\r")
    caught = fault(reader)
    frames = []
    trace = caught.__traceback__
    while trace is not None:
        frames.append(repr(trace.tb_frame.f_locals))
        trace = trace.tb_next
    assert "11111111" not in "".join(frames)
    assert caught.__context__ is None
    assert "11111111" not in repr(vars(reader._stream)) + repr(reader._stream._held.data)


def test_ten_swipes_in_two_seconds_none_lost_none_doubled(hand: SerialHand, driver: SerialStripeDriver) -> None:
    news: Queue[Tap | ReaderState] = Queue()
    pump = Pump(driver, driver.find()[0], news.put, news.put)
    pump.start()
    assert isinstance(news.get(timeout=SEEN_S), ReaderState)
    for place in range(10):
        hand.send(f"%CLUB^DEMO?;{member(place)}?\r")
        time.sleep(TEN_SWIPES_S / 10)
    assert [news.get(timeout=SEEN_S) for _ in range(10)] == [tap(hand, place) for place in range(10)]
    pump.stop()
    assert news.empty()


def test_a_bank_card_between_two_of_ours_is_told_and_the_reader_stays_open(
    hand: SerialHand, driver: SerialStripeDriver,
) -> None:
    device = driver.find()[0]
    news: Queue[Tap | ReaderState] = Queue()
    pump = Pump(driver, device, news.put, news.put)
    pump.start()
    assert news.get(timeout=SEEN_S) == ReaderState(device.path, device.title, ready=True, error=None)
    hand.send(f";{member(1)}?\r{BANK_SWIPE}\r;{member(2)}?\r")
    refused = ReaderState(device.path, device.title, ready=True, error=ErrorCode.CARD_IS_BANK_CARD)
    assert [news.get(timeout=SEEN_S) for _ in range(3)] == [tap(hand, 1), refused, tap(hand, 2)]
    pump.stop()
    assert news.empty()


def test_swipes_that_wait_for_a_busy_reader_are_told_apart(hand: SerialHand, reader: SerialStripeReader) -> None:
    hand.send("".join(f"%CLUB^DEMO?\r\n;{member(place)}?\r\n" for place in range(10)))
    assert [reader.wait(SEEN_S) for _ in range(10)] == [tap(hand, place) for place in range(10)]
    assert reader.wait(NOTHING_S) is None


def test_the_text_around_tracks_is_the_stations_to_set(hand: SerialHand) -> None:
    wedge = WedgeProfile(before="<", after=">", lrc=True)
    driver = SerialStripeDriver(ports=SerialPorts(paths=(hand.path,)), wedge=wedge)
    reader = driver.open(driver.find()[0])
    for _ in range(2):
        hand.send(f"<%ABC123?{IATA.lrc(b'ABC123'):c};{member(1)}?{ABA.lrc(member(1).encode()):c}>\r")
        assert reader.wait(SEEN_S) == tap(hand, 1)
    hand.send(f"<;{member(1)}?{ABA.lrc(member(2).encode()):c}>\r")
    assert fault(reader).detail["fault"] == "LRC"
    reader.close()


def test_an_unplugged_reader_is_gone_and_comes_back(hand: SerialHand, driver: SerialStripeDriver) -> None:
    device = driver.find()[0]
    news: Queue[Tap | ReaderState] = Queue()
    pump = Pump(driver, device, news.put, news.put, back_off_s=(0.02,))
    pump.start()
    ready = ReaderState(device.path, device.title, ready=True, error=None)
    gone = ReaderState(device.path, device.title, ready=False, error=ErrorCode.READER_GONE)
    for place in range(2):
        assert news.get(timeout=SEEN_S) == ready
        hand.send(f";{member(place)}?\r")
        assert news.get(timeout=SEEN_S) == tap(hand, place)
        hand.tell("unplug")
        assert news.get(timeout=SEEN_S) == gone
        assert driver.find() == ()
        hand.tell("plug")
    pump.stop()


def test_what_was_swiped_before_opening_is_not_counted(hand: SerialHand, driver: SerialStripeDriver) -> None:
    driver.open(driver.find()[0]).close()
    hand.send(f";{member(1)}?\r")
    reader = driver.open(driver.find()[0])
    assert reader.wait(NOTHING_S) is None
    reader.close()


def test_nothing_is_ever_sent_to_the_reader(hand: SerialHand, reader: SerialStripeReader) -> None:
    hand.send(f";{member(1)}?\r")
    reader.wait(SEEN_S)
    assert hand.heard() == b""
