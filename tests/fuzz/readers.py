"""What is fuzzed of readers that take more than a number, and of readers on HID: functions of bytes."""

from collections import deque
from collections.abc import Sequence

import ndef

from drivers.card_codes import is_card_code, tap_of_code
from drivers.cards.ndef import LONGEST, Message, read_message
from drivers.cards.type3 import BLOCK_BYTES, MOST_BLOCKS, ndef_message
from drivers.hid_line import HidLine
from drivers.magtek import REPORT_BYTES, tap_of_report
from drivers.readers.msr605 import AnswerStream
from drivers.readers.msr605x import MsrReports, carried_by, reports_of
from drivers.reading import DEMO_CLUB, tap_of_burst
from drivers.track_frames import MAGTEK
from station import card_record, member_pass, sun
from station.card import Evidence, ProofKind, Tap
from station.errors import ErrorCode
from tests.fuzz.refusals import refused
from tests.rigs.hid_hand import framed, magtek_report
from tests.rigs.proven_cards import ndef_of, shown, signed, tapped
from tests.rigs.serial_hand import BANK_SWIPE, member

NUMBER = member(7)
RECORD = signed(NUMBER, "04A1B2C3D4E5F6")
ONE, THREE = card_record.to_tracks(signed(NUMBER))
_TYPE = f"urn:nfc:ext:{card_record.RECORD_TYPE}"
_BANK_TEXT = b"".join(ndef.message_encoder([ndef.TextRecord("4111111111111111", "en")]))
_BANK_TRACKS = tuple(each + "?" for each in BANK_SWIPE.split("?") if each)
_UNREADABLE = frozenset({ErrorCode.CARD_UNREADABLE})
_BANK_CARD = frozenset({ErrorCode.CARD_IS_BANK_CARD})


def ndef_record(data: bytes) -> None:
    """The payload of the club's own NDEF record; a bank card's number beside it is always found."""
    message = b"".join(ndef.message_encoder([ndef.Record(_TYPE, "", data)]))
    refused(_is_ours_or_nothing, message, codes=_BANK_CARD)
    assert refused(read_message, message + _BANK_TEXT, DEMO_CLUB) is ErrorCode.CARD_IS_BANK_CARD


def ndef_address(data: bytes) -> None:
    """What follows the host in an address on a chip."""
    refused(_is_ours_or_nothing, ndef_of("https://club.example/c/" + data.decode("latin-1")), codes=_BANK_CARD)


def _is_ours_or_nothing(data: bytes) -> None:
    found = read_message(data, DEMO_CLUB)
    if found is not None:
        _holds_together(found)


def _holds_together(found: Message | Tap) -> None:
    """Every proof is of the form that it says; of each kind there is one."""
    assert DEMO_CLUB.accepts(found.number.encode())
    assert len({proof.kind for proof in found.proofs}) == len(found.proofs)
    for proof in found.proofs:
        if proof.kind is ProofKind.RECORD:
            assert card_record.pack(card_record.unpack(proof.content)) == proof.content
        elif proof.kind is ProofKind.PASS:
            assert member_pass.pack(member_pass.unpack(proof.content)) == proof.content
        else:
            assert sun.is_sealed(proof.content) or len(proof.content) == sun.MESSAGE_BYTES


def card_code(data: bytes) -> None:
    """Codes that say that they are cards: a card of the club, or refused."""
    for text in (data, b"CS1R" + data, b"cs1P" + data):
        if is_card_code(text):
            refused(lambda text=text: _holds_together(tap_of_code(text, DEMO_CLUB, "fuzz")))


def swiped_record(data: bytes) -> None:
    """Tracks 1 and 3, parted by a zero, on either side of a member's number on track 2."""
    one, _, three = data.partition(b"\0")
    burst = b"%%%s?;%s?+%s?" % (one, NUMBER.encode(), three)
    try:
        is_proven = bool(card_record.from_tracks(NUMBER, one.decode("latin-1"), three.decode("latin-1")))
    except ValueError:
        is_proven = False

    def swipe() -> None:
        tap = tap_of_burst(bytearray(burst), MAGTEK, DEMO_CLUB, "fuzz")
        assert (tap.number, tap.evidence) == (NUMBER, Evidence.TRACK)
        # A track may end, or another begin, within the data: then it is another swipe.
        assert bool(tap.proofs) is is_proven or set(b"%?;+@#&!") & set(data)

    refused(swipe)


def magtek(data: bytes) -> None:
    """A report of a MagTek reader, of any length and of its own; a bank card in it is always found."""
    for report in (data, data[:REPORT_BYTES].ljust(REPORT_BYTES, b"\0")):
        refused(lambda report=report: _holds_together(tap_of_report(bytearray(report), DEMO_CLUB, "fuzz")))
    planted = bytearray(data[:REPORT_BYTES].ljust(REPORT_BYTES, b"\0"))
    bank = magtek_report("", _BANK_TRACKS[1])
    planted[:7], planted[117:227] = bank[:7], bank[117:227]
    assert refused(tap_of_report, planted, DEMO_CLUB, "fuzz") is ErrorCode.CARD_IS_BANK_CARD


class Reports:
    """hidapi's open device that has these reports to say."""

    def __init__(self, data: bytes) -> None:
        """Say ``data`` in reports of 64 bytes, the last maybe shorter."""
        self._coming = deque(data[at:at + 64] for at in range(0, len(data), 64))

    def read(self, _most: int, _timeout_ms: int) -> list[int]:
        """Return the next report."""
        return list(self._coming.popleft()) if self._coming else []


def msr605x(data: bytes) -> None:
    """Reports of an MSR605X, cut into answers; and any message comes out of reports as it went in."""
    line, answers = MsrReports(HidLine(Reports(data))), AnswerStream(DEMO_CLUB, 1.0)
    for now_s in range(len(data) // 64 + 1):
        answers.add(line.receive(0), float(now_s))
        answers.take(float(now_s))
    answers.take(len(data) + 2.0)
    assert not answers.begun
    assert b"".join(carried_by(each, begun=bool(place)) for place, each in enumerate(reports_of(data))) == data


def felica(data: bytes) -> None:
    """The blocks of a FeliCa card, as many as there are bytes for."""
    def read(blocks: Sequence[int]) -> bytes:
        assert len(blocks) <= MOST_BLOCKS
        return b"".join(data[at * BLOCK_BYTES:(at + 1) * BLOCK_BYTES] for at in blocks)

    refused(lambda: _is_short(ndef_message(read)), codes=_UNREADABLE)


def _is_short(message: bytes | None) -> None:
    assert message is None or 0 < len(message) <= LONGEST


def _blocks(message: bytes) -> bytes:
    head = bytes((0x10, 4, 1, 0, 13, 0, 0, 0, 0, 0, 1)) + len(message).to_bytes(3, "big")
    return head + sum(head).to_bytes(2, "big") + message.ljust(-len(message) // -BLOCK_BYTES * BLOCK_BYTES, b"\0")


NDEF_RECORDS = (card_record.pack(RECORD), card_record.pack(signed(NUMBER)), b"\x014111111111111111", b"")
NDEF_ADDRESSES = (
    tapped(NUMBER).partition("/c/")[2].encode(), NUMBER.encode(),
    NUMBER.encode() + b"?p=" + b"A5" * 16 + b"&m=" + b"00" * 8)
CARD_CODES = (
    card_record.to_text(RECORD).encode(), member_pass.to_text(shown(NUMBER)).encode(), b"CS1R36148900647913", b"CS1P-200")
SWIPED_RECORDS = (f"{ONE}\0{THREE}".encode(), b"R\x000", b"B4111111111111111^X^2512101\0" + THREE.encode())
MAGTEK_REPORTS = (
    magtek_report(f"%{ONE}?", f";{NUMBER}?", f";{THREE}?"), magtek_report("", f";{NUMBER}?", status=(1, 0, 0)),
    magtek_report(*_BANK_TRACKS), magtek_report("%CLUB?", f";{NUMBER}?") + bytes(519))
_ANSWER = b"\x1bs\x1b\x01%" + ONE.encode() + b"?\x1b\x02;" + NUMBER.encode() + b"?\x1b\x03?\x1c\x1b0"
MSR605X_REPORTS = (b"".join(framed(_ANSWER)), b"".join(framed(b"\x1by")), b"".join(framed(_ANSWER)[1:]), _ANSWER)
FELICA_BLOCKS = (_blocks(ndef_of(RECORD)), _blocks(_BANK_TEXT), _blocks(b"")[:20])
