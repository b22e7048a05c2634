"""What is said to an NTAG 424 DNA (NXP NT4H2421Gx, AN12196).

Its keys: 0 changes the chip, 1 would encrypt and 2 signs what a tap says, 3 answers at the till, 4 is unused.
"""

from collections.abc import Generator
from dataclasses import dataclass

from headoffice.cardkeys import sun
from headoffice.cardkeys.apdu import OK, OK_ISO, CardRefusedError, native, read_binary, require, select_file
from headoffice.cardkeys.ev2 import Ev2Session
from headoffice.cardkeys.scripts import (
    Chip,
    Random,
    Script,
    asked,
    authenticated,
    change_keys,
    held_keys,
    selected,
)
from station.card_record import RECORD_TYPE
from station.errors import ErrorCode

APPLICATION = bytes.fromhex("D2760000850101")
AID = APPLICATION[-3:]
"""What tells the application where its keys are made."""

NDEF_FILE, NDEF_NUMBER = bytes.fromhex("E104"), 2
FILE_BYTES = 256
MASTER, SUN_FILE, PROOF = 0, 2, 3
WRITE_DATA, CHANGE_FILE_SETTINGS, GET_FILE_SETTINGS = 0x8D, 0x5F, 0xF5
MOST_WRITTEN = 200
_MIRRORS = (("u", 2 * sun.UID_BYTES), ("n", 2 * sun.COUNTER_BYTES), ("m", 16))
_SDM_AND_PLAIN = bytes.fromhex("40")
_ACCESS = bytes.fromhex("00E0")
"""Lowest byte first: all may read; key 0 writes and changes the settings."""

_SDM_OPTIONS = bytes.fromhex("C1")
"""UID and counter are mirrored, as ASCII characters."""

_SDM_ACCESS = bytes.fromhex("FFE2")
"""UID and counter in plain (E), the MAC by key 2, nobody asks for the counter by command (F)."""

_STANDARD_FILE = b"\0"
_URI_HEAD = 5
_HTTPS = b"\x04"
_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Content:
    """The NDEF file: its bytes with the length in front, and where UID, counter and MAC are mirrored."""

    data: bytes
    uid: int
    counter: int
    mac: int

    @property
    def address_end(self) -> int:
        """Where the first record ends, whose last characters are the MAC's."""
        return self.mac + _MIRRORS[-1][1]

    def settings(self) -> bytes:
        """Return the file's settings as ChangeFileSettings takes them: the MAC is over nothing but itself."""
        places = (self.uid, self.counter, self.mac, self.mac)
        return _SDM_AND_PLAIN + _ACCESS + _SDM_OPTIONS + _SDM_ACCESS + b"".join(
            place.to_bytes(3, "little") for place in places)


def content_of(host: str, number: str, record: bytes) -> Content:
    """Return the file of a card: its address with room for the mirrors, then its signed record, if there is one.

    Raises ``CardRefusedError`` CARD_TOO_SMALL.
    """
    address = f"{host}/c/{number}"
    places = []
    for mark, (name, length) in zip("?&&", _MIRRORS, strict=True):
        address += f"{mark}{name}="
        places.append(_LENGTH + _URI_HEAD + len(address))
        address += "0" * length
    payload = _HTTPS + address.encode("ascii")
    kind = RECORD_TYPE.encode("ascii")
    if _LENGTH + 2 * _URI_HEAD + len(payload) + len(kind) + len(record) > FILE_BYTES:
        raise CardRefusedError(ErrorCode.CARD_TOO_SMALL, "NDEF")
    signed = bytes((0x54, len(kind), len(record))) + kind + record if record else b""
    message = bytes((0x91 if signed else 0xD1, 1, len(payload))) + b"U" + payload + signed
    return Content(len(message).to_bytes(_LENGTH, "big") + message, *places)


def authenticate(chip: Chip, random: Random) -> Script:
    """Let the chip prove that it has its key."""
    yield from authenticated(chip, PROOF, chip.own[PROOF], random, *selected(APPLICATION))
    return 0


def personalise(chip: Chip, random: Random) -> Script:
    """Make a chip fresh from the factory, or one where this was broken off, a card of ours.

    Raises ``CardRefusedError``: CARD_NOT_BLANK with nothing changed when a key is neither the factory's nor ours,
    CARD_NOT_WRITABLE, WRITE_FAILED, WRITE_NOT_VERIFIED.
    """
    content = content_of(chip.host, chip.number, chip.record)
    session, held = yield from held_keys(chip, random, *selected(APPLICATION))
    if not isinstance(session, Ev2Session):
        raise CardRefusedError(ErrorCode.CARD_NOT_WRITABLE, "SESSION")
    for start in range(0, len(content.data), MOST_WRITTEN):
        piece = content.data[start:start + MOST_WRITTEN]
        head = bytes((NDEF_NUMBER,)) + start.to_bytes(3, "little") + len(piece).to_bytes(3, "little")
        [answer] = yield from asked(ErrorCode.CARD_NOT_WRITABLE, session.plain(WRITE_DATA, head + piece))
        session.plain_answer(answer, ErrorCode.CARD_NOT_WRITABLE)
    [answer] = yield from asked(
        ErrorCode.CARD_NOT_WRITABLE,
        session.full(CHANGE_FILE_SETTINGS, bytes((NDEF_NUMBER,)), content.settings()))
    session.answer(answer, ErrorCode.CARD_NOT_WRITABLE)
    yield from change_keys(chip, session, held)
    return (yield from _verified(chip, random, content, slice(0, len(content.data))))


def verify(chip: Chip, random: Random) -> Script:
    """See that the chip has its keys and its address, and that its taps are signed; return the tap's counter.

    The signed record behind the address is not looked at: another issuing key may have signed it. Raises
    ``CardRefusedError``: CARD_FORGED, WRITE_NOT_VERIFIED.
    """
    content = content_of(chip.host, chip.number, b"")
    return (yield from _verified(chip, random, content, slice(_LENGTH + 1, content.address_end)))


def _verified(chip: Chip, random: Random, content: Content, part: slice) -> Script:
    """See to keys, settings and the ``part`` of the file; return the counter of the tap that reading it is."""
    for number in (MASTER, PROOF):
        yield from authenticated(chip, number, chip.own[number], random, *selected(APPLICATION))
    code = ErrorCode.WRITE_NOT_VERIFIED
    answers = yield from asked(code, *selected(APPLICATION), native(GET_FILE_SETTINGS, bytes((NDEF_NUMBER,))))
    told = require(answers[-1], OK, code)
    settings = content.settings()
    if told[:1] + told[1:4] + told[7:] != _STANDARD_FILE + settings:
        raise CardRefusedError(code, "SETTINGS")
    data = yield from _read(part.stop)
    return _counter(chip, content, data, part)


def _read(length: int) -> Generator[tuple[bytes, ...], tuple[bytes, ...], bytes]:
    """Return the file as everybody reads it, mirrors and all, at one reading: the next one is another tap."""
    code = ErrorCode.WRITE_NOT_VERIFIED
    answers = yield from asked(code, *selected(APPLICATION), select_file(NDEF_FILE), read_binary(0, length))
    return require(answers[-1], OK_ISO, code, length)


def _counter(chip: Chip, content: Content, data: bytes, part: slice) -> int:
    """Return the counter that the tap ``data`` tells and signs."""
    told, blank = [], bytearray(data)
    for place, (_, length) in zip((content.uid, content.counter, content.mac), _MIRRORS, strict=True):
        told.append(data[place:place + length])
        blank[place:place + length] = b"0" * length
    code = ErrorCode.WRITE_NOT_VERIFIED
    length = int.from_bytes(data[:_LENGTH], "big")
    if blank[part] != content.data[part] or not content.address_end - _LENGTH <= length <= FILE_BYTES - _LENGTH:
        raise CardRefusedError(code, "CONTENT")
    try:
        uid, counter, mac = (bytes.fromhex(each.decode("ascii")) for each in told)
    except ValueError as fault:
        raise CardRefusedError(code, "MIRROR") from fault
    number = int.from_bytes(counter, "big")
    if not sun.is_good(chip.own[SUN_FILE], uid, number, mac):
        raise CardRefusedError(code, "MAC")
    return number
