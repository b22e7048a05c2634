"""NFC readers through nfcpy (an extra, EUPL): Type 2, 3 (FeliCa) and 4 tags, by what NDEF says or by UID.

For readers that PC/SC does not serve (RC-S380, PN532 on a serial line). nfcpy's ``connect`` blocks,
so it runs on a thread of its own. It tells neither of an empty field nor of a card it cannot
activate: both are inferred from which of its callables run between two looks at the field.
"""

import errno
import logging
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, TypeVar

from drivers.apdu import Answer, Command, parse
from drivers.cards import type3
from drivers.cards.guard import refuse_payment_and_phones
from drivers.cards.ndef import read_message, tap_of_message
from drivers.club_profile import ClubProfile
from drivers.port import Device
from drivers.reading import DEMO_CLUB, anew
from drivers.setup import Setup
from drivers.uid import RANDOM_FIRST, RANDOM_LENGTH, number_of
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError

T = TypeVar("T")
NAME = "nfc"
LIBRARY = "nfcpy"
TARGETS = ("106A", "212F")
"""ISO/IEC 14443 A; FeliCa, which every card of it understands at this rate."""
PAUSE_S = 0.05
TRIES = 2
CLOSE_LIMIT_S = 3.0
SERVED_BY_PCSC = frozenset({(0x072F, 0x2200)})
"""ACR122U: nfcpy and the PC/SC service would take it from each other."""
_IDM = slice(1, 9)
"""Where a FeliCa card's id stands in its answer to polling."""
_ISO_DEP = 0x20
_CLASSIC = 0x08
_TIMEOUT = 0
"""``nfc.tag.TIMEOUT_ERROR``."""
_REFUSALS = 0xFF
"""nfcpy's numbers above this are a FeliCa card's own refusals (status flags)."""
_CODES = {
    errno.EACCES: ErrorCode.READER_FORBIDDEN,
    errno.EPERM: ErrorCode.READER_FORBIDDEN,
    errno.EBUSY: ErrorCode.READER_BUSY,
}


def _nfcpy() -> Any:
    """Return nfcpy. Raises ``ImportError``, or ``OSError`` without libusb."""
    library = import_module("nfc")
    # It logs every exchange with a card.
    logging.getLogger(LIBRARY.removesuffix("py")).setLevel(logging.ERROR)
    return library


class NfcDriver:
    """Readers nfcpy knows. A device path is "nfc:" and nfcpy's own ("usb:001:004", "tty:USB0:pn532")."""

    name = NAME
    title = "NFC readers without PC/SC"

    def __init__(
        self, club: ClubProfile = DEMO_CLUB, paths: Sequence[str] = (), load: Callable[[], Any] = _nfcpy,
    ) -> None:
        """Take cards with a number of ``club`` in NDEF, or by UID.

        ``paths`` are readers that nfcpy cannot find by itself, in its own words.
        """
        self._club = club
        self._paths = paths
        self._load = load

    def set_up(self, setup: Setup) -> "NfcDriver":
        """Return this driver for the shop's cards and ports."""
        return NfcDriver(setup.club, setup.ports.get(NAME, ()), self._load)

    def missing(self) -> str | None:
        """Return why nfcpy cannot be used, or None."""
        try:
            self._load()
        except (ImportError, OSError) as fault:
            return f"{LIBRARY} ({fault})"
        return None

    def find(self) -> Sequence[Device]:
        """Return the USB readers plugged in, and all configured ones.

        Raises ``StationError`` READER_DRIVER_MISSING.
        """
        clf = self._library().clf
        named = [Device(f"{NAME}:{path}", path) for path in self._paths]
        for vendor, product, bus, address in clf.transport.USB.find("usb"):
            chip = clf.device.usb_device_map.get((vendor, product))
            if chip and (vendor, product) not in SERVED_BY_PCSC:
                path = f"usb:{bus:03}:{address:03}"
                named.append(Device(f"{NAME}:{path}", f"{chip} ({path})"))
        return tuple(named)

    def open(self, device: Device) -> "NfcReader":
        """Switch the field of ``device`` on.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_GONE, READER_BUSY or READER_FORBIDDEN.
        """
        library = self._library()
        try:
            frontend = library.ContactlessFrontend(device.path.removeprefix(f"{NAME}:"))
        except OSError as fault:
            raise StationError(_CODES.get(fault.errno or 0, ErrorCode.READER_GONE)) from fault
        return NfcReader(frontend, device.path, self._club)

    def _library(self) -> Any:
        try:
            return self._load()
        except (ImportError, OSError) as fault:
            raise StationError(ErrorCode.READER_DRIVER_MISSING, library=LIBRARY) from fault


class NfcReader:
    """One reader, its field watched by a thread."""

    def __init__(self, frontend: Any, path: str, club: ClubProfile) -> None:
        """Watch nfcpy's ``frontend``, which is closed with the reader."""
        self._frontend = frontend
        self._news: SimpleQueue[Tap | StationError | None] = SimpleQueue()
        self._ended: Exception | None = None
        self._stopping = Event()
        self._field = Field(lambda tag: read_card(tag, path, club), self._news.put, self._stopping)
        # A daemon, because a device that never answers must not keep the program from ending.
        self._thread = Thread(target=self._watch, name=f"field {path}", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the next card's tap, or None; as ``CardReader.wait`` says.

        Raises ``StationError`` also CARD_IS_BANK_CARD and CARD_IS_PHONE.
        """
        try:
            news = self._news.get(timeout=timeout_s)
        except Empty:
            return None
        if news is None:
            self._news.put(None)
            raise self._ended or StationError(ErrorCode.READER_GONE)
        if isinstance(news, StationError):
            raise news
        return news

    def close(self) -> None:
        """Let go of the reader, once nfcpy's look at the field is over."""
        self._stopping.set()
        self._thread.join(CLOSE_LIMIT_S)

    def _watch(self) -> None:
        """Look at the field until ``close`` or the reader's end, which is news None."""
        field = self._field
        options = {
            "targets": list(TARGETS), "iterations": 1, "beep-on-connect": False,
            "on-discover": field.discovered, "on-connect": field.connected, "on-release": field.released,
        }
        try:
            while not self._stopping.is_set() and self._look(options):
                pass
        except Exception as fault:  # noqa: BLE001 - a bug: raised by ``wait``, on the thread that is heard
            self._ended = fault
        finally:
            self._frontend.close()
            self._news.put(None)

    def _look(self, options: dict[str, Any]) -> bool:
        """Wait for a card to come and go; False when the reader is gone."""
        try:
            return self._frontend.connect(rdwr=options, terminate=self._field.look) is not False
        except Exception:
            if not self._field.break_off():
                raise
            return True


class Field:
    """What lies in a reader's field, from the order in which nfcpy calls back; used by its thread only."""

    def __init__(
        self, read: Callable[[Any], Tap], tell: Callable[[Tap | StationError], None], stopping: Event,
    ) -> None:
        """Have each new card ``read`` and the outcome told; give up once ``stopping``."""
        self._read = read
        self._tell = tell
        self._stopping = stopping
        self._is_connected = False
        self._is_dealt_with = False
        self._is_reading = False
        self._found: bytes | None = None
        self._lying: bytes | None = None

    def look(self) -> bool:
        """Conclude the last look at the field and tell whether there is to be no other ("terminate")."""
        if self._is_connected:
            return self._stopping.is_set()
        if self._found is not None and not self._is_dealt_with and self._found != self._lying:
            self._tell(StationError(ErrorCode.CARD_UNREADABLE))
        self._lying, self._found, self._is_dealt_with = self._found, None, False
        return self._stopping.wait(PAUSE_S)

    def discovered(self, target: Any) -> bool:
        """Remember the card that is about to be activated ("on-discover"); phones are as welcome as any."""
        felica = target.sensf_res or b""
        self._found = _identity(bytes(target.sdd_res or felica[_IDM] or target.rid_res or b""))
        return True

    def connected(self, tag: Any) -> bool:
        """Read the card unless it has been lying there ("on-connect"), then have its presence watched."""
        self._is_connected = self._is_dealt_with = True
        if self._found != self._lying:
            self._is_reading = True
            try:
                self._tell(self._read(tag))
            except StationError as fault:
                self._tell(anew(fault))
            self._is_reading = False
        return True

    def released(self, _tag: Any) -> bool:
        """Remember that the card is gone, or no longer answers ("on-release")."""
        self._is_connected = False
        return True

    def break_off(self) -> bool:
        """Tell whether an exception of nfcpy's is due to a card's nonsense, and take that card for gone.

        nfcpy trusts what a card says while it activates it and asks whether it is still there.
        """
        self._is_connected = False
        return self._found is not None and not self._is_reading


def _identity(uid: bytes) -> bytes:
    """Return what tells the card from another: a random UID is drawn anew each time the field is cut."""
    return uid[:1] if len(uid) == RANDOM_LENGTH and uid[0] == RANDOM_FIRST else uid


def read_card(tag: Any, path: str, club: ClubProfile) -> Tap:
    """Return the tap of nfcpy's activated ``tag``: a card of ``club`` by NDEF, else by its UID.

    Raises ``StationError``: CARD_IS_BANK_CARD, CARD_IS_PHONE, CARD_NUMBER_RANDOM; CARD_SILENT when
    the card stops answering, CARD_UNREADABLE when it talks nonsense.
    """
    kind = tag.target.sel_res[0] if tag.target.sel_res else 0
    if kind & _ISO_DEP:
        refuse_payment_and_phones(lambda command: _transmit(tag, command))
    # A MIFARE Classic takes a Type 2 tag's commands for nonsense and falls silent.
    content = None if kind & _CLASSIC else _ndef_message(tag)
    message = read_message(content, club) if content else None
    if message is not None:
        return tap_of_message(message, lambda: bytes(tag.identifier), path)
    return Tap(path, Medium.NFC_UID, number_of(bytes(tag.identifier)))


def _transmit(tag: Any, command: Command) -> Answer:
    return parse(_heard(lambda: bytes(tag.send_apdu(
        command.cla, command.ins, command.p1, command.p2, command.data, command.expected, check_status=False))))


def _ndef_message(tag: Any) -> bytes | None:
    """Return the NDEF message of ``tag``, None without one; one read in part counts as silence."""
    if tag.target.sensf_res:
        return _felica_message(tag)
    message = _heard(lambda: bytes(tag.ndef.octets) if tag.ndef else None)
    if message is None and not _heard(lambda: tag.is_present):
        raise StationError(ErrorCode.CARD_SILENT)
    return message


def _felica_message(tag: Any) -> bytes | None:
    """Return the NDEF message of a FeliCa ``tag``, read here: nfcpy would read as much as a card claims to hold."""
    if tag.sys != type3.SYSTEM and not _finds_ndef_system(tag):
        return None
    return type3.ndef_message(partial(_felica_blocks, tag))


def _finds_ndef_system(tag: Any) -> bool:
    """Turn to the system with the NDEF message, under whose own id nfcpy then asks; False when there is none.

    Silence is how a card without it answers, and so does one that is being taken away: it is asked
    again, and has to be there. Raises ``StationError`` CARD_SILENT when it is not.
    """
    is_there = False
    for _ in range(TRIES):
        try:
            tag.idm, tag.pmm = _heard(lambda: tag.polling(type3.SYSTEM))
        except StationError as fault:
            if fault.code is not ErrorCode.CARD_SILENT:
                raise
            is_there = _heard(lambda: tag.is_present) or is_there
        else:
            tag.sys = type3.SYSTEM
            return True
    if not is_there:
        raise StationError(ErrorCode.CARD_SILENT)
    return False


def _felica_blocks(tag: Any, numbers: Sequence[int]) -> bytes:
    """Return these blocks; none when the card refuses, as one does that has the system and no message."""
    def read() -> bytes:
        try:
            return bytes(tag.read_from_ndef_service(*numbers))
        except Exception as fault:
            if getattr(fault, "errno", 0) > _REFUSALS:
                return b""
            raise

    return _heard(read)


def _heard(ask: Callable[[], T]) -> T:
    """Return what ``ask`` gets from a card, or raise the ``StationError`` of a card that will not say."""
    try:
        return ask()
    except OSError:
        # The reader's end, not the card's: nfcpy makes ``connect`` return on it.
        raise
    except Exception as fault:  # noqa: BLE001 - nfcpy lets nonsense from a card out as anything
        is_silent = getattr(fault, "errno", None) == _TIMEOUT
        raise StationError(ErrorCode.CARD_SILENT if is_silent else ErrorCode.CARD_UNREADABLE) from None


DRIVER = NfcDriver()
