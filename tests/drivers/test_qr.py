"""Scanners on a serial line: cards become taps, goods go to the other sink, bank cards nowhere."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.pump import Pump, ReaderState
from drivers.readers.qr import QrDriver, QrReader
from drivers.serial_line import SerialPorts
from drivers.streams import CodeFraming, CodeStream
from station import card_record, member_pass
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.errors import ErrorCode, StationError
from tests.rigs.proven_cards import shown, signed
from tests.rigs.serial_hand import SerialHand, member

pytestmark = [
    pytest.mark.timeout(30),
    pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals"),
]
SEEN_S = 3.0
NOTHING_S = 0.06
TEN_SCANS_S = 2.0
EAN = "4006381333931"
STX_ETX = CodeFraming(b"\x02", b"\x03")


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[SerialHand]:
    with SerialHand(tmp_path) as started:
        yield started


class Scanner:
    """An open scanner and the codes it handed on."""

    def __init__(self, hand: SerialHand, framing: CodeFraming | None = None, *, alone: bool = False) -> None:
        self.codes: list[str] = []
        driver = QrDriver(ports=SerialPorts((hand.path,)), framing=framing,
                          on_code=None if alone else self.codes.append)
        self.reader: QrReader = driver.open(driver.find()[0])

    def fault(self) -> StationError:
        with pytest.raises(StationError) as caught:
            self.reader.wait(SEEN_S)
        return caught.value


Opener = Callable[..., Scanner]


@pytest.fixture
def scanner(hand: SerialHand) -> Iterator[Opener]:
    opened: list[Scanner] = []

    def start(framing: CodeFraming | None = None, *, alone: bool = False) -> Scanner:
        opened.append(Scanner(hand, framing, alone=alone))
        return opened[-1]

    yield start
    for each in opened:
        each.reader.close()


def tap(hand: SerialHand, place: int, medium: Medium = Medium.BARCODE) -> Tap:
    return Tap(f"qr:{hand.path}", medium, member(place), Evidence.CODE)


@pytest.mark.parametrize(("before", "medium"), [
    ("", Medium.BARCODE), ("]Q1", Medium.QR), ("]C0", Medium.BARCODE), ("]E0", Medium.BARCODE),
])
def test_a_card_is_a_tap_and_the_scanner_may_say_what_it_was(
    hand: SerialHand, scanner: Opener, before: str, medium: Medium,
) -> None:
    opened = scanner()
    hand.send(f"{before}{member(1)}\r\n")
    assert opened.reader.wait(SEEN_S) == tap(hand, 1, medium)
    assert opened.codes == []


@pytest.mark.parametrize(("framing", "frame"), [
    (CodeFraming(), "{}\r"), (CodeFraming(), "{}\n"), (CodeFraming(), "{}\r\n"),
    (STX_ETX, "noise\x02{}\x03"), (CodeFraming(ends=b"\t"), "{}\t"), (CodeFraming(ends=b"", gap_s=0.05), "{}"),
], ids=["CR", "LF", "CR LF", "STX ETX", "TAB", "silence"])
def test_goods_and_cards_are_told_apart_in_any_framing(
    hand: SerialHand, scanner: Opener, framing: CodeFraming, frame: str,
) -> None:
    opened = scanner(framing)
    hand.send(frame.format(EAN))
    assert opened.reader.wait(0.1) is None
    hand.send(frame.format(member(1)))
    assert opened.reader.wait(SEEN_S) == tap(hand, 1)
    assert opened.codes == [EAN]


@pytest.mark.parametrize("code", ["2*4006381333931", "چای ۲۵۰", "https://shop.example/p/7?x=1", "]", "]Q"])
def test_any_other_text_is_handed_on_as_it_is(hand: SerialHand, scanner: Opener, code: str) -> None:
    opened = scanner()
    hand.send(f"{code}\r\n")
    assert opened.reader.wait(0.1) is None
    assert opened.codes == [code]


@pytest.mark.parametrize(("sent", "code"), [
    ("4111111111111111\r", ErrorCode.CARD_IS_BANK_CARD),
    ("]Q14111111111111111\r", ErrorCode.CARD_IS_BANK_CARD),
    ("]Q14111 1111 1111 1111\r", ErrorCode.CARD_IS_BANK_CARD),
    ("۵۰۲۲۲۹۱۰۰۰۰۰۰۰۰۰\r", ErrorCode.CARD_IS_BANK_CARD),
    ("4111111111111111", ErrorCode.CARD_IS_BANK_CARD),
    (EAN, ErrorCode.CARD_UNREADABLE),
    (b"\xff\xfe\xfd\r", ErrorCode.CARD_UNREADABLE),
], ids=["bank", "bank, QR", "bank in groups", "bank in Persian", "bank without an end", "no end", "no text"])
def test_what_cannot_be_taken_has_its_code_and_the_next_is_read(
    hand: SerialHand, scanner: Opener, sent: str | bytes, code: ErrorCode,
) -> None:
    opened = scanner()
    hand.send(sent)
    caught = opened.fault()
    assert caught.code is code
    assert "1111" not in str(caught)
    hand.send(f"{member(2)}\r")
    assert opened.reader.wait(SEEN_S) == tap(hand, 2)
    assert opened.codes == []


@pytest.mark.parametrize("framing", [None, STX_ETX], ids=["CR LF", "STX ETX"])
@pytest.mark.parametrize("before", ["", "]Q1"])
def test_a_code_that_is_a_card_is_a_tap_with_its_proof(
    hand: SerialHand, scanner: Opener, before: str, framing: CodeFraming | None,
) -> None:
    opened = scanner(framing)
    record, code = signed(member(1)), shown(member(1))
    for text, proof in ((card_record.to_text(record), Proof(ProofKind.RECORD, card_record.pack(record))),
                        (member_pass.to_text(code), Proof(ProofKind.PASS, member_pass.pack(code)))):
        hand.send(f"\x02{before}{text}\x03" if framing else f"{before}{text}\r\n")
        assert opened.reader.wait(SEEN_S) == Tap(
            f"qr:{hand.path}", Medium.QR, member(1), Evidence.CODE, proofs=(proof,))
    assert opened.codes == []


@pytest.mark.parametrize(("sent", "code"), [
    ("CS1R36148900647913\r", ErrorCode.CARD_IS_BANK_CARD),
    ("]Q1CS1P36148900647913\r", ErrorCode.CARD_IS_BANK_CARD),
    ("CS1P36148900647913", ErrorCode.CARD_IS_BANK_CARD),
    (f"{card_record.to_text(signed('4111111111111111'))}\r", ErrorCode.CARD_IS_BANK_CARD),
    (f"{card_record.to_text(signed('9999000000000017'))}\r", ErrorCode.CARD_NOT_OF_CLUB),
    (f"{card_record.to_text(signed(member(1)))[:-2]}\r", ErrorCode.CARD_UNREADABLE),
    (card_record.to_text(signed(member(1))), ErrorCode.CARD_UNREADABLE),
    ("CS1P-200\r", ErrorCode.CARD_UNREADABLE),
])
def test_a_code_that_says_it_is_a_card_is_never_handed_on(
    hand: SerialHand, scanner: Opener, sent: str, code: ErrorCode,
) -> None:
    opened = scanner()
    hand.send(sent)
    assert opened.fault().code is code
    assert opened.codes == []


def test_with_nobody_to_hand_it_to_another_code_is_no_card(hand: SerialHand, scanner: Opener) -> None:
    opened = scanner(alone=True)
    hand.send(f"{EAN}\r")
    assert opened.fault().code is ErrorCode.CARD_NOT_OF_CLUB


def test_ten_scans_in_two_seconds_none_lost_none_doubled(hand: SerialHand) -> None:
    codes: list[str] = []
    driver = QrDriver(ports=SerialPorts((hand.path,)), on_code=codes.append)
    news: Queue[Tap | ReaderState] = Queue()
    pump = Pump(driver, driver.find()[0], news.put, news.put)
    pump.start()
    assert isinstance(news.get(timeout=SEEN_S), ReaderState)
    for place in range(10):
        hand.send(f"{member(place)}\r\n{EAN}\r\n")
        time.sleep(TEN_SCANS_S / 10)
    assert [news.get(timeout=SEEN_S) for _ in range(10)] == [tap(hand, place) for place in range(10)]
    pump.stop()
    assert news.empty()
    assert codes == [EAN] * 10


def test_an_unplugged_scanner_is_gone(hand: SerialHand, scanner: Opener) -> None:
    opened = scanner()
    hand.tell("unplug")
    assert opened.fault().code is ErrorCode.READER_GONE


@given(st.lists(st.text("0123456789ABC-", min_size=1), max_size=6), st.sampled_from([CodeFraming(), STX_ETX]),
       st.integers(1, 5))
def test_codes_come_out_as_they_went_in_in_pieces_of_any_size(
    codes: list[str], framing: CodeFraming, size: int,
) -> None:
    sent = b"".join(framing.start + code.encode() + framing.ends for code in codes)
    stream = CodeStream(framing)
    got: list[str] = []
    for at in range(0, len(sent), size):
        stream.add(sent[at:at + size], 0.0)
        while (cut := stream.take(0.0)) is not None:
            assert cut.whole
            got.append(cut.data.decode())
    assert got == codes


def test_a_code_that_does_not_end_is_cut_off() -> None:
    stream = CodeStream(CodeFraming())
    stream.add(b"x" * CodeStream.MOST, 0.0)
    assert stream.take(0.0) is None
    stream.add(b"x", 0.0)
    cut = stream.take(0.0)
    assert cut is not None
    assert not cut.whole
    assert not stream._held.data


@given(st.lists(st.binary(max_size=300), max_size=5), st.sampled_from([CodeFraming(), STX_ETX]))
def test_a_stream_of_anything_is_cut_to_its_end(pieces: list[bytes], framing: CodeFraming) -> None:
    stream = CodeStream(framing)
    for piece in pieces:
        stream.add(piece, 0.0)
        stream.take(0.0)
    while stream.take(1.0) is not None:
        pass
    assert stream.take(1.0) is None
    assert not stream._held.data
