"""What is fuzzed: every parser that is fed by a card, a reader, a printer or a document, as a function of bytes.

A target returns quietly or raises ``AssertionError`` where the parser broke its word; whatever else
it raises is a crash. ``make fuzz`` drives the table with atheris, the suite with hypothesis.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ndef

from drivers.apdu import Exchange
from drivers.bank_cards import Lane, is_bank_card, must_discard
from drivers.card_codes import is_card_code
from drivers.cards.atr import CardKind, kind_of
from drivers.cards.iso7816 import is_fci
from drivers.cards.ndef import read_message
from drivers.cards.type2 import message_in
from drivers.cards.type4 import CAPABILITY_BYTES, ndef_file
from drivers.check_digits import luhn_valid
from drivers.chip import ChipProfile, ChipReading, ClubFile
from drivers.club_profile import CheckDigit, ClubProfile
from drivers.port import CARD_FAULTS
from drivers.printers.status import Conversation, fault_in
from drivers.readers.keyboard import Code, Fate, KeyboardDecoder, Step, Stroke
from drivers.readers.msr605 import AnswerStream
from drivers.readers.qr import QrReader
from drivers.reading import DEMO_CLUB, tap_of_burst
from drivers.scan_codes import CHARACTERS
from drivers.serial_line import SerialLine
from drivers.streams import CodeFraming, CodeStream, SwipeStream
from drivers.track_frames import MAGTEK, WedgeProfile, check_msr_written, read_msr, read_msr_raw, read_wedge
from drivers.tracks import (
    BitOrder,
    Track,
    TrackData,
    decode,
    decode_packed,
    encode,
    from_text,
    pack,
    track_data,
)
from drivers.transcript import mask
from drivers.uid import number_of
from station.card import Evidence
from station.errors import ErrorCode, StationError
from tests.fuzz import documents, proofs, readers, secure
from tests.fuzz.refusals import refused
from tests.rigs.serial_hand import member

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors", "tracks.json").read_text(encoding="utf-8"))
MEMBER = member(7).encode()
SWIPES = tuple(each["text"].encode() for kind in ("bank_swipes", "club_swipes") for each in VECTORS[kind])
OWN_SWIPE = b"%CLUB^DEMO?;" + MEMBER + b"?"
BANK_SWIPE = b";4111111111111111=25121010000?"
CLUB_CHIPS = ChipProfile(ClubFile(bytes.fromhex("F036463834"), bytes.fromhex("EF01")))


@dataclass(frozen=True, slots=True)
class Target:
    """A parser: ``run`` takes any bytes; ``seeds`` are inputs it is made for."""

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def track_text(data: bytes) -> None:
    """Tracks as text; what is read survives being written as bits and read again."""
    for track in Track:
        refused(lambda text, track=track: _is_stable(from_text(track, text)), data)
        refused(track_data, track, data)


def track_bits(data: bytes) -> None:
    """Raw captures, a bit in each byte and eight in each byte."""
    for track in Track:
        refused(lambda bits, track=track: _is_stable(decode(track, bits)), bytes(byte & 1 for byte in data))
        refused(lambda packed, track=track: _is_stable(decode_packed(track, packed)), data)


def _is_stable(read: TrackData) -> None:
    """Write ``read`` and read it again: as much is found, since the longest reading counts."""
    stripe = bytes(25) + encode(read.track, read.data) + bytes(25)
    for again in (decode(read.track, stripe), decode_packed(read.track, pack(stripe, BitOrder.LOW_FIRST))):
        assert len(again.data) >= len(read.data)


def wedge_burst(data: bytes) -> None:
    """What a stripe reader types; a bank card in it is never taken for one of the club's."""
    is_bank = is_bank_card(data, Lane.STRIPE)
    for profile in (MAGTEK, WedgeProfile(lrc=True, before="A", after="\t")):
        refused(read_wedge, data, profile)
        code = refused(tap_of_burst, bytearray(data), profile, DEMO_CLUB, "fuzz")
        assert not is_bank or code is ErrorCode.CARD_IS_BANK_CARD
    _drain(SwipeStream(), data)


def _drain(stream: SwipeStream, data: bytes) -> None:
    """Cut ``data`` into swipes; nothing but line ends is lost."""
    taken = bytearray()
    for place in range(0, len(data), 7):
        stream.add(data[place:place + 7], 0.0)
        while (swipe := stream.take(0.0)) is not None:
            taken += swipe
    while (swipe := stream.take(10.0)) is not None:
        taken += swipe
    assert taken == data.translate(None, b"\r\n")


def msr_reply(data: bytes) -> None:
    """Answers of the MSR family, in one piece and byte by byte."""
    for read in (read_msr, read_msr_raw, check_msr_written):
        refused(read, data)
    whole, pieces = AnswerStream(DEMO_CLUB, 1.0), AnswerStream(DEMO_CLUB, 1.0)
    whole.add(data, 0.0)
    at_once = whole.take(0.0)
    for place in range(len(data)):
        pieces.add(data[place:place + 1], 0.0)
        if pieces.take(0.0) is not None:
            assert at_once is not None
            return
    assert at_once is None
    assert not data or pieces.take(2.0) is not None


def ndef_message(data: bytes) -> None:
    """NDEF messages: a number of the club, none, or a bank card."""
    refused(_is_member_or_none, data, codes=frozenset({ErrorCode.CARD_IS_BANK_CARD}))


def _is_member_or_none(data: bytes) -> None:
    found = read_message(data, DEMO_CLUB)
    assert found is None or DEMO_CLUB.accepts(found.number.encode())


def chip_answers(data: bytes) -> None:
    """All that a chip card answers while it is read, each answer after a byte with its length."""
    refused(number_of, data)
    kind_of(data)
    is_fci(data)
    message_in(lambda start, length: data[start:start + length].ljust(length, b"\0"), len(data))
    ndef_file(data.ljust(CAPABILITY_BYTES, b"\0"))
    for kind in CardKind:
        answers = deque(data)

        def transmit(_command: bytes, answers: deque[int] = answers) -> bytes:
            length = answers.popleft() if answers else 0
            return bytes(answers.popleft() for _ in range(min(length, len(answers))))

        refused(_reads_a_card, Exchange(transmit, t0=kind is CardKind.CONTACT), kind)


def _reads_a_card(exchange: Exchange, kind: CardKind) -> None:
    tap = ChipReading(DEMO_CLUB, CLUB_CHIPS).tap(exchange, kind, "pcsc:fuzz")
    assert tap.evidence is Evidence.UID or DEMO_CLUB.accepts(tap.number.encode())


class Line:
    """A serial port, as pyserial's, that has received these pieces and then nothing."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        """Hand each of ``pieces`` out in one read."""
        self._pieces = [piece for piece in pieces if piece]
        self.timeout = 0.0

    @property
    def in_waiting(self) -> int:
        """The bytes of the next piece."""
        return len(self._pieces[0]) if self._pieces else 0

    def read(self, count: int) -> bytes:
        """Return the next piece."""
        assert count == self.in_waiting
        return self._pieces.pop(0) if self._pieces else b""


def scanner(data: bytes) -> None:
    """A scanner's stream, in pieces as long as the first byte says, through the reader itself."""
    step = (data[0] if data else 0) % 32 + 1
    pieces = [data[at:at + step] for at in range(1, len(data), step)]
    for framing in (CodeFraming(gap_s=0.0), CodeFraming(b"\x02", b"\x03"), CodeFraming(ends=b"", gap_s=0.0)):
        codes: list[str] = []
        reader = QrReader(SerialLine(Line(pieces)), "qr:fuzz", DEMO_CLUB, CodeStream(framing), codes.append)
        for _ in range(2 * len(pieces) + 2):
            refused(_is_member, reader)
        assert not any(is_bank_card(code, Lane.BARCODE) or is_card_code(code) for code in codes)


def _is_member(reader: QrReader) -> None:
    tap = reader.wait(0)
    assert tap is None or DEMO_CLUB.accepts(tap.number.encode())


_KEYS = {ord(character): key for key, character in reversed(CHARACTERS.items())}


def keyboard(data: bytes) -> None:
    """Keys: an ASCII byte is its key pressed and let go at once, others let time pass or press any key.

    Every key pressed is delivered, dropped or held; nothing is held once the burst is ended.
    """
    decoder = KeyboardDecoder(DEMO_CLUB)
    held, at_ms = 0, 2**32 - 100

    def settle(step: Step) -> None:
        nonlocal held
        held = (0 if step.held is not Fate.HOLD else held) + (step.this is Fate.HOLD)
        if isinstance(step.result, StationError):
            assert step.result.code in CARD_FAULTS
        assert not (isinstance(step.result, Code) and is_card_code(step.result.text))

    for byte in data:
        at_ms += (byte - 0x80) * 4 if byte > 0x80 else 1
        code, shift = _KEYS.get(byte, (byte, False))
        for press in (True, False):
            stroke = Stroke(code, shift, at_ms % 2**32, press)
            decoder.wants(stroke)
            settle(decoder.key(stroke))
            assert bool(held) == (decoder.wait_ms is not None) or not press
    settle(decoder.end())
    assert held == 0
    assert decoder.wait_ms is None


class Talk:
    """A printer's end of a link: says these bytes, some after each write, then hangs up."""

    def __init__(self, said: bytes) -> None:
        """Say ``said`` bit by bit."""
        self._said = said

    def write(self, data: bytes) -> None:
        """Take a question."""

    def read(self, limit_s: float) -> bytes:  # noqa: ARG002 (the link's name)
        """Return up to two bytes. Raises ``OSError`` when all is said."""
        if not self._said:
            message = "hung up"
            raise OSError(message)
        heard, self._said = self._said[:2], self._said[2:]
        return heard

    def close(self) -> None:
        """Hang up."""
        self._said = b""


_PRINTER_FAULTS = frozenset(code for code in ErrorCode if code.name.startswith("PRINTER_"))


def printer_status(data: bytes) -> None:
    """A printer's answers, noise among them."""
    if len(data) >= 3:
        fault = fault_in(*data[:3])
        assert fault is None or fault in _PRINTER_FAULTS
    talk = Conversation(Talk(data))
    with suppress(OSError):
        refused(talk.check, 1.0, codes=_PRINTER_FAULTS)
        talk.ask_in_turn()
        assert talk.told_in_turn(1.0)


def guard(data: bytes) -> None:
    """Club profiles and the guard: a planted bank card is always found, an accepted number is never one."""
    for lane in Lane:
        is_bank_card(data, lane)
        assert is_bank_card(data + BANK_SWIPE + data, lane)
    must_discard(data)
    assert must_discard(b"%" + data + b"12345678")
    if len(data) < 4:
        return
    prefix = str(int.from_bytes(data[:2], "big"))
    try:
        club = ClubProfile(Track.TWO, prefix, (data[2] % 20,), tuple(CheckDigit)[data[3] % 3], override=prefix)
    except ValueError:
        return
    body = (prefix + "".join(str(byte % 10) for byte in data[4:]))[:data[2] % 20]
    number = next((body + digit for digit in "0123456789" if luhn_valid((body + digit).encode())), "")
    for text in (body, number):
        code = refused(tap_of_burst, bytearray(b";%s?" % text.encode()), MAGTEK, club, "fuzz")
        assert (code is None) <= club.accepts(text.encode())
        assert code in {None, ErrorCode.CARD_IS_BANK_CARD} or not club.accepts(text.encode())


def masking(data: bytes) -> None:
    """What a transcript keeps: as long as the input, without its numbers."""
    masked = mask(data)
    assert len(masked) == len(data)
    assert mask(masked) == masked
    assert MEMBER not in mask(data + MEMBER + data)
    # A scanner's own mark before a code ("]C0") stays, and its two characters may touch the masked run.
    bare = re.sub(rb"\][A-Za-z][0-9A-Za-z]", b"]", masked)
    assert all(set(run) <= set(b"0A") for run in re.findall(rb"[0-9A-Fa-f]{4,}", bare))


_TEXT = b"".join(ndef.message_encoder((ndef.TextRecord(MEMBER.decode(), "fa"),)))
_NDEF = b"".join(ndef.message_encoder((
    ndef.TextRecord("باشگاه", "fa"), ndef.SmartposterRecord(f"https://club.example/c/{MEMBER.decode()}"))))
_MSR = bytes.fromhex(VECTORS["msr"]["read"]["bytes"])
_PACKED = tuple(bytes.fromhex(each["packed"]) for each in VECTORS["characters"])
_CAPTURES = tuple(bytes.fromhex(each["bytes"]) for each in VECTORS["captures"])

_DONE, _REFUSED = b"\x90\x00", b"\x6a\x82"
_UID = bytes.fromhex("04A1B2C3D4E5F6") + _DONE
_NTAG = bytes.fromhex("04A1B29FC3D4E5F6144800 00E1101200") + _DONE
_CAPABILITIES = bytes.fromhex("000F20003B00340406E104010000FF")


def _answered(*answers: bytes) -> bytes:
    return b"".join(bytes((len(answer),)) + answer for answer in answers)


TARGETS = (
    Target("track text", track_text, (b"%ABC123?", b";12345?5", *SWIPES)),
    Target("track bits", track_bits, (*_PACKED, *_CAPTURES, bytes(encode(Track.TWO, b"12345")))),
    Target("wedge burst", wedge_burst, (OWN_SWIPE + b"\r", b"%E?;E?+12=34?", *SWIPES)),
    Target("MSR reply", msr_reply, (
        _MSR, b"\x1bs\x1b\x01" + OWN_SWIPE.replace(b";", b"\x1b\x02;") + b"\x1b\x03\x1b+?\x1c\x1b0", b"\x1b0")),
    Target("NDEF", ndef_message, (_TEXT, _NDEF)),
    Target("chip answers", chip_answers, (
        _answered(_NTAG, bytes((3, len(_TEXT))) + _TEXT[:14] + _DONE, _TEXT[14:].ljust(16, b"\xfe") + _DONE),
        _answered(_NTAG, bytes((3, 0, 0xFE)).ljust(16, b"\0") + _DONE, _UID), _answered(_REFUSED, _REFUSED, _DONE, _DONE, MEMBER + _DONE),
        _answered(_REFUSED, bytes.fromhex("6F1D500841706C655061799F210201009F2404E9CAEDE39F23040000003E9000")),
        _answered(_REFUSED, _REFUSED, _REFUSED, _DONE, _DONE, _CAPABILITIES + _DONE, _DONE,
                  bytes((0, len(_TEXT))) + _DONE, _TEXT + _DONE),
        _answered(b"\x61\x02", b"\x6f\x00\x90\x00"), bytes.fromhex("08A1B2C3"))),
    Target("scanner stream", scanner, (
        b"\x1f]Q1" + MEMBER + b"\r\n6260000000017\r\n", b"\x03\x02" + MEMBER + b"\x03", b"\x1f4111111111111111\r",
        *(b"\x1f]Q1" + code + b"\r" for code in readers.CARD_CODES))),
    Target("keyboard stream", keyboard, (
        OWN_SWIPE + b"\r", b"\xff" + MEMBER + b"\r", b"h\xa0e\xa0l\xa0\r", BANK_SWIPE, b";41111111\xff11112512?\r",
        *(code + b"\r" for code in readers.CARD_CODES))),
    Target("printer status", printer_status, (b"\x16\x12\x12\x00", b"\x1e\x32\x72", b"\x11\x13\x16\x16\x12\x12\x0c")),
    Target("profile and guard", guard, (
        (9364).to_bytes(3, "big") + b"\x10\x01" + bytes(12), (603799).to_bytes(3, "big") + b"\x10\x81" + bytes(10),
        (501234).to_bytes(3, "big") + b"\x10\x81" + bytes(10), "۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱".encode())),
    Target("transcript mask", masking, (OWN_SWIPE, b"04A1B2C3D4E5F6", b"0912 345 6789", "باشگاه".encode())),
    Target("NDEF record", readers.ndef_record, readers.NDEF_RECORDS),
    Target("NDEF address", readers.ndef_address, readers.NDEF_ADDRESSES),
    Target("card code", readers.card_code, readers.CARD_CODES),
    Target("swiped record", readers.swiped_record, readers.SWIPED_RECORDS),
    Target("MagTek report", readers.magtek, readers.MAGTEK_REPORTS),
    Target("MSR605X reports", readers.msr605x, readers.MSR605X_REPORTS),
    Target("FeliCa blocks", readers.felica, readers.FELICA_BLOCKS),
    Target("record and its carriers", proofs.record_form, (*proofs.RECORDS, *proofs.CODES, *proofs.TRACKS)),
    Target("phone pass", proofs.pass_form, (*proofs.PASSES, *proofs.CODES)),
    Target("tap and its address", proofs.tap_form, (*proofs.TAPS, *proofs.ADDRESSES)),
    Target("card proofs", proofs.judged, proofs.JUDGED),
    Target("chip scripts", secure.scripts, secure.SCRIPTS),
    Target("rule pack", documents.rule_pack, documents.PACKS),
    Target("price and return", documents.calculator, documents.CALCULATED),
    Target("ledger file", documents.ledger, documents.LEDGERS),
)
