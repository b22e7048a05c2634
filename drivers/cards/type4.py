"""NDEF on processor cards such as NTAG 424 and DESFire (NFC Forum Type 4 Tag 2.0)."""

from dataclasses import dataclass

from drivers.apdu import Exchange
from drivers.cards.iso7816 import MOST_READ, read_binary, select_application, select_file
from drivers.cards.ndef import LONGEST

APPLICATION = bytes.fromhex("D2760000850101")
CAPABILITY_FILE = bytes.fromhex("E103")
CAPABILITY_BYTES = 15
LENGTH_BYTES = 2
_VERSIONS = frozenset((1, 2, 3))
_FILE_CONTROL = bytes.fromhex("0406")
_LEAST_READ = 15


@dataclass(frozen=True, slots=True)
class NdefFile:
    """Where the message is: the file's id, the bytes it may hold (length field included), the most read at once."""

    file_id: bytes
    size: int
    most: int


def ndef_message(exchange: Exchange) -> bytes | None:
    """Return the card's NDEF message, None when it carries none or says that it may not be read.

    Raises ``StationError`` CARD_UNREADABLE when the card gives something else than what was asked for.
    """
    if not exchange(select_application(APPLICATION)).is_success:
        return None
    capabilities = _read(exchange, CAPABILITY_FILE, 0, CAPABILITY_BYTES)
    found = ndef_file(capabilities) if capabilities else None
    if found is None:
        return None
    prefix = _read(exchange, found.file_id, 0, LENGTH_BYTES)
    length = int.from_bytes(prefix or b"", "big")
    if not 0 < length <= min(found.size - LENGTH_BYTES, LONGEST):
        return None
    answer = read_binary(exchange, LENGTH_BYTES, length, found.most)
    return answer.data if answer.is_success else None


def ndef_file(capabilities: bytes) -> NdefFile | None:
    """Return the NDEF file that a capability container (15 bytes) names, None when it is not open to all.

    Length (2), version, MLe (2), MLc (2), then the file control TLV: 04 06, file id (2), size (2),
    read access (0 is open), write access.
    """
    version, most = capabilities[2] >> 4, int.from_bytes(capabilities[3:5], "big")
    if version not in _VERSIONS or most < _LEAST_READ or capabilities[7:9] != _FILE_CONTROL or capabilities[13]:
        return None
    return NdefFile(capabilities[9:11], int.from_bytes(capabilities[11:13], "big"), min(most, MOST_READ))


def _read(exchange: Exchange, file_id: bytes, start: int, length: int) -> bytes | None:
    """Select a file and return its bytes, None when the card refuses."""
    if not exchange(select_file(file_id)).is_success:
        return None
    answer = read_binary(exchange, start, length)
    return answer.data if answer.is_success else None
