"""What is said to a DESFire EV1, EV2 or EV3: an application of the club's with two keys and one file.

Its keys: 0 changes the application, 1 answers at the till. The file holds the card number and is read by
everybody, by ISO/IEC 7816-4 commands: it is what ``drivers.chip.ClubFile`` describes.
Source of the commands: libfreefare (see ``ev1``).
"""

from collections.abc import Generator

from headoffice.cardkeys.apdu import (
    OK,
    OK_ISO,
    CardRefusedError,
    native,
    parsed,
    read_binary,
    require,
    select_file,
    select_name,
)
from headoffice.cardkeys.scripts import Chip, Random, Script, asked, authenticated, change_keys, held_keys
from station.errors import ErrorCode

AID = bytes.fromhex("F0636C")
"""The application's number; it travels lowest byte first."""

NAME = bytes.fromhex("F0636C7562")
ISO_ID = bytes.fromhex("F063")
FILE_ID, FILE_NUMBER, FILE_BYTES = bytes.fromhex("EF01"), 1, 32
MASTER, PROOF = 0, 1
SELECT, CREATE_APPLICATION, CREATE_FILE, GET_FILE_SETTINGS, WRITE_DATA = 0x5A, 0xCA, 0xCD, 0xF5, 0x3D
NO_APPLICATION, NO_FILE, NO_ROOM = 0x91A0, 0x91F0, 0x910E
NOT_ALLOWED = frozenset({0x919D, 0x91AE})
_KEY_SETTINGS = bytes.fromhex("0BA2")
"""Key 0 changes keys, settings and files, all may list; two AES keys, files have ISO ids."""

_ROOT = bytes(3)
_FILE_SETTINGS = bytes.fromhex("0000E0")
"""In plain; lowest byte first: all may read, key 0 writes and changes the settings."""

_SELECT_OURS = native(SELECT, AID[::-1])


def content_of(number: str) -> bytes:
    """Return the file of a card. Raises ``CardRefusedError`` CARD_TOO_SMALL."""
    if len(number) > FILE_BYTES:
        raise CardRefusedError(ErrorCode.CARD_TOO_SMALL, "NUMBER")
    return number.encode("ascii").ljust(FILE_BYTES, b"\xff")


def authenticate(chip: Chip, random: Random) -> Script:
    """Let the chip prove that it has its key."""
    yield from authenticated(chip, PROOF, chip.own[PROOF], random, _SELECT_OURS)
    return 0


def personalise(chip: Chip, random: Random) -> Script:
    """Put our application on a chip, or finish it where this was broken off; other applications stay as they are.

    Raises ``CardRefusedError``: CARD_NOT_BLANK with nothing changed when there is one of this name with other keys
    or another file, CARD_LOCKED when the chip takes no new applications, CARD_TOO_SMALL, CARD_NOT_WRITABLE,
    WRITE_FAILED, WRITE_NOT_VERIFIED.
    """
    content = content_of(chip.number)
    [_, found] = yield from asked(ErrorCode.CARD_NOT_WRITABLE, native(SELECT, _ROOT), _SELECT_OURS)
    if parsed(found).status == NO_APPLICATION:
        yield from _create_application()
    else:
        require(found, OK, ErrorCode.CARD_NOT_WRITABLE)
    has_file = yield from _has_file()
    session, held = yield from held_keys(chip, random, _SELECT_OURS)
    created = () if has_file else (
        (CREATE_FILE, bytes((FILE_NUMBER,)) + FILE_ID[::-1] + _FILE_SETTINGS + FILE_BYTES.to_bytes(3, "little")),)
    written = bytes((FILE_NUMBER,)) + bytes(3) + FILE_BYTES.to_bytes(3, "little") + content
    for command, data in (*created, (WRITE_DATA, written)):
        [answer] = yield from asked(ErrorCode.WRITE_FAILED, session.plain(command, data))
        session.plain_answer(answer, ErrorCode.WRITE_FAILED)
    yield from change_keys(chip, session, held)
    return (yield from verify(chip, random))


def verify(chip: Chip, random: Random) -> Script:
    """See that the chip has its keys, and its number in the file that readers look into.

    Raises ``CardRefusedError``: CARD_FORGED, WRITE_NOT_VERIFIED.
    """
    for number in (MASTER, PROOF):
        yield from authenticated(chip, number, chip.own[number], random, _SELECT_OURS)
    code = ErrorCode.WRITE_NOT_VERIFIED
    answers = yield from asked(code, select_name(NAME), select_file(FILE_ID), read_binary(0, FILE_BYTES))
    if require(answers[-1], OK_ISO, code) != content_of(chip.number):
        raise CardRefusedError(code, "CONTENT")
    return 0


def _create_application() -> Generator[tuple[bytes, ...], tuple[bytes, ...], None]:
    [answer] = yield from asked(ErrorCode.CARD_NOT_WRITABLE, native(
        CREATE_APPLICATION, AID[::-1] + _KEY_SETTINGS + ISO_ID[::-1] + NAME))
    status = parsed(answer).status
    code = ErrorCode.CARD_LOCKED if status in NOT_ALLOWED else ErrorCode.CARD_NOT_WRITABLE
    require(answer, OK, ErrorCode.CARD_TOO_SMALL if status == NO_ROOM else code)


def _has_file() -> Generator[tuple[bytes, ...], tuple[bytes, ...], bool]:
    """Return whether the file is there. Raises ``CardRefusedError`` CARD_NOT_BLANK when it is another one."""
    answers = yield from asked(
        ErrorCode.CARD_NOT_WRITABLE, _SELECT_OURS, native(GET_FILE_SETTINGS, bytes((FILE_NUMBER,))))
    if parsed(answers[-1]).status == NO_FILE:
        return False
    told = require(answers[-1], OK, ErrorCode.CARD_NOT_BLANK)
    if told != b"\0" + _FILE_SETTINGS + FILE_BYTES.to_bytes(3, "little"):
        raise CardRefusedError(ErrorCode.CARD_NOT_BLANK, "FILE")
    return True
