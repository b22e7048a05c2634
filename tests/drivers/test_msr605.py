"""The reading half of MSR206/605/606, over a pseudo-terminal with the device's side of the dialogue."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from drivers.pump import Pump, ReaderState
from drivers.readers.msr605 import AnswerStream, Msr605Driver, Msr605Reader
from drivers.reading import DEMO_CLUB
from drivers.serial_line import SerialPorts
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
ANSWER_S = 0.3
CHECK_S = 0.25
TEN_SWIPES_S = 2.0
ARMED = b"\x1br"
RESET, TEST, READ = b"\x1ba", b"\x1be", b"\x1br"
BANK_1, BANK_2 = BANK_SWIPE.split("?")[0] + "?", BANK_SWIPE.split("?")[1] + "?"


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[SerialHand]:
    with SerialHand(tmp_path, "--msr") as started:
        yield started


def driver_for(hand: SerialHand, check_s: float = 30.0) -> Msr605Driver:
    return Msr605Driver(ports=SerialPorts(paths=(hand.path,)), answer_limit_s=ANSWER_S, check_s=check_s)


@pytest.fixture
def reader(hand: SerialHand) -> Iterator[Msr605Reader]:
    driver = driver_for(hand)
    opened = driver.open(driver.find()[0])
    yield opened
    opened.close()


def tap(hand: SerialHand, place: int) -> Tap:
    return Tap(f"msr605:{hand.path}", Medium.STRIPE, member(place), Evidence.TRACK)


def fault(reader: Msr605Reader) -> StationError:
    with pytest.raises(StationError) as caught:
        reader.wait(SEEN_S)
    return caught.value


def test_it_is_reset_tested_and_armed_and_never_told_to_write(hand: SerialHand, reader: Msr605Reader) -> None:
    hand.swipe("", f";{member(1)}?", "")
    reader.wait(SEEN_S)
    hand.swipe("", ";123?", "")
    fault(reader)
    reader.close()
    assert hand.heard() == RESET + TEST + READ * 3 + RESET


def test_a_signed_record_comes_with_the_number(hand: SerialHand, reader: Msr605Reader) -> None:
    record = signed(member(1))
    one, three = to_tracks(record)
    assert hand.swipe(f"%{one}?", f";{member(1)}?", f";{three}?") == "read"
    assert reader.wait(SEEN_S) == replace(tap(hand, 1), proofs=(Proof(ProofKind.RECORD, pack(record)),))


@pytest.mark.parametrize(("tracks", "code"), [
    ((BANK_1, BANK_2), ErrorCode.CARD_IS_BANK_CARD),
    ((BANK_1,), ErrorCode.CARD_IS_BANK_CARD),
    (("", "", BANK_2), ErrorCode.CARD_IS_BANK_CARD),
    (("", "", f";015022291000000000={'724' * 8}?"), ErrorCode.CARD_IS_BANK_CARD),
    (("%CLUB^DEMO?", ";1234567890?"), ErrorCode.CARD_NOT_OF_CLUB),
    ((), ErrorCode.CARD_NOT_OF_CLUB),
    (("%CLUB^DEMO?", "\x1b*"), ErrorCode.CARD_UNREADABLE),
    (("%CLUB^DEMO?", f";{member(1)}"), ErrorCode.CARD_UNREADABLE),
    (("", f";{member(1)}"), ErrorCode.CARD_UNREADABLE),
], ids=["bank", "bank, track 1", "bank, track 3", "bank, ISO 4909", "other", "blank", "track 2 unread", "track 2 broken", "broken"])
def test_every_other_card_has_its_code_and_the_next_is_read(
    hand: SerialHand, reader: Msr605Reader, tracks: tuple[str, ...], code: ErrorCode,
) -> None:
    assert hand.swipe(*tracks) == "read"
    caught = fault(reader)
    assert caught.code is code
    assert "1111" not in str(caught)
    assert hand.swipe("", f";{member(2)}?") == "read"
    assert reader.wait(SEEN_S) == tap(hand, 2)


def test_a_failed_swipe_is_unreadable(hand: SerialHand, reader: Msr605Reader) -> None:
    hand.tell("status 31")
    hand.swipe()
    assert fault(reader).detail == {"answer": "MSR", "status": "31"}


@pytest.mark.parametrize(("tracks", "kept", "code"), [
    (("", f";{member(1)}?"), 12, ErrorCode.SWIPE_INCOMPLETE),
    ((BANK_1, BANK_2), 12, ErrorCode.SWIPE_INCOMPLETE),
    ((BANK_1, BANK_2), 60, ErrorCode.CARD_IS_BANK_CARD),
], ids=["ours", "bank, no number yet", "bank"])
def test_an_answer_that_breaks_off_is_dropped_and_the_next_is_read(
    hand: SerialHand, reader: Msr605Reader, tracks: tuple[str, ...], kept: int, code: ErrorCode,
) -> None:
    hand.tell(f"half {kept}")
    hand.swipe(*tracks)
    assert fault(reader).code is code
    assert hand.swipe("", f";{member(2)}?") == "read"
    assert reader.wait(SEEN_S) == tap(hand, 2)


def test_noise_is_unreadable_once_and_the_next_is_read(hand: SerialHand, reader: Msr605Reader) -> None:
    hand.send(b"\x00\xff\x00\xff" * 20)
    assert fault(reader).code is ErrorCode.CARD_UNREADABLE
    assert reader.wait(NOTHING_S) is None
    hand.swipe("", f";{member(2)}?")
    assert reader.wait(SEEN_S) == tap(hand, 2)


def until_armed(hand: SerialHand) -> None:
    """Wait until the program has told the device to read once more, which a busy machine delays."""
    deadline = time.monotonic() + SEEN_S
    while not hand.heard().endswith(ARMED) and time.monotonic() < deadline:
        time.sleep(0.01)


def test_ten_swipes_in_two_seconds_none_lost_none_doubled(hand: SerialHand) -> None:
    driver = driver_for(hand)
    news: Queue[Tap | ReaderState] = Queue()
    pump = Pump(driver, driver.find()[0], news.put, news.put)
    pump.start()
    assert isinstance(news.get(timeout=SEEN_S), ReaderState)
    for place in range(10):
        until_armed(hand)
        assert hand.swipe("%CLUB^DEMO?", f";{member(place)}?") == "read"
        time.sleep(TEN_SWIPES_S / 10)
    assert [news.get(timeout=SEEN_S) for _ in range(10)] == [tap(hand, place) for place in range(10)]
    pump.stop()
    assert news.empty()


def test_a_device_that_does_not_answer_is_gone(hand: SerialHand) -> None:
    hand.tell("mute")
    driver = driver_for(hand)
    with pytest.raises(StationError) as caught:
        driver.open(driver.find()[0])
    assert caught.value.code is ErrorCode.READER_GONE
    hand.tell("unmute")
    driver.open(driver.find()[0]).close()


@pytest.mark.parametrize(("off", "on"), [("mute", "unmute"), ("unplug", "plug")])
def test_a_device_switched_off_or_pulled_out_is_gone_and_comes_back(hand: SerialHand, off: str, on: str) -> None:
    driver = driver_for(hand, CHECK_S)
    device = driver.find()[0]
    news: Queue[Tap | ReaderState] = Queue()
    pump = Pump(driver, device, news.put, news.put, back_off_s=(0.02,))
    pump.start()
    ready = ReaderState(device.path, device.title, ready=True, error=None)
    gone = ReaderState(device.path, device.title, ready=False, error=ErrorCode.READER_GONE)
    assert news.get(timeout=SEEN_S) == ready
    hand.tell(off)
    assert news.get(timeout=SEEN_S) == gone
    hand.tell(on)
    assert news.get(timeout=SEEN_S) == ready
    assert hand.swipe("", f";{member(1)}?") == "read"
    assert news.get(timeout=SEEN_S) == tap(hand, 1)
    pump.stop()


def test_the_question_whether_it_is_there_leaves_it_armed(hand: SerialHand) -> None:
    driver = driver_for(hand, CHECK_S)
    reader = driver.open(driver.find()[0])
    assert reader.wait(CHECK_S * 1.5) is None
    assert hand.heard() == (RESET + TEST + READ) * 2
    assert hand.swipe("", f";{member(1)}?") == "read"
    assert reader.wait(SEEN_S) == tap(hand, 1)
    reader.close()


def test_an_answer_is_taken_in_any_pieces_and_not_kept() -> None:
    answer = b"\x1bs\x1b\x01%AB?\x1b\x02;12?\x1b\x03?\x1c\x1b0"
    stream = AnswerStream(DEMO_CLUB, ANSWER_S)
    for byte in answer[:-1]:
        stream.add(bytes((byte,)), 0.0)
        assert stream.take(0.0) is None
        assert stream.begun
    stream.add(answer[-1:], 0.0)
    taken = stream.take(0.0)
    assert taken is not None
    assert not isinstance(taken.outcome, StationError)
    assert [bytes(track.data) for track in taken.outcome.tracks] == [b"AB", b"12"]
    assert not stream.begun
    assert "12" not in repr(taken)
