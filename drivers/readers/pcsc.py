"""Card readers behind PC/SC (pcscd, the Windows smart card service), contactless and contact.

What is asked of a card is ``drivers.chip``'s affair.

Uses the bare PC/SC calls. pyscard's ``CardMonitor`` compares reader and ATR only, so it misses a
card swapped for another of the same type while its observer is busy, and it dies with the service.
Here the event counter in the upper 16 bits of ``dwEventState`` (PC/SC specification, part 5,
SCARD_READERSTATE) tells cards apart; it is compared again after reading.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import Any

from drivers.apdu import Exchange
from drivers.cards.atr import CardKind
from drivers.chip import ChipProfile, ChipReading
from drivers.chip_proof import DISPROOFS, proven
from drivers.club_profile import ClubProfile
from drivers.pcsc_calls import Slot, check, new_context, pyscard, with_card
from drivers.port import CARD_FAULTS, Device
from drivers.reading import DEMO_CLUB, anew
from drivers.setup import Setup
from drivers.watchdog import within
from station.card import Tap
from station.card_task import KeyHolder
from station.errors import ErrorCode, StationError

NAME = "pcsc"
SILENCE_LIMIT_S = 2.0
LONGEST_WAIT_S = 1.0
PROOF_LIMIT_S = 8.0
"""Head office is waited for three times at most (``station.card_task.LIMIT_S``), the card between."""

EVERY_CARD = ChipProfile()
"""The default: a number of the club in NDEF, else the UID."""

logger = logging.getLogger(__name__)


class PcscDriver:
    """The PC/SC readers of this machine. A device path is "pcsc:" and the reader's name."""

    name = NAME
    title = "PC/SC readers"

    def __init__(
        self, club: ClubProfile = DEMO_CLUB, chips: ChipProfile = EVERY_CARD,
        load: Callable[[], Any] = pyscard, silence_limit_s: float = SILENCE_LIMIT_S, *,
        key_holder: KeyHolder | None = None,
    ) -> None:
        """Take the cards of ``club`` by what ``chips`` allows, and let ``key_holder`` ask those that stay.

        ``load`` returns the PC/SC calls; ``silence_limit_s`` is how long reading a card may take.
        """
        self._key_holder = key_holder
        self._reading = ChipReading(club, chips)
        self._load = load
        self._silence_limit_s = silence_limit_s

    def set_up(self, setup: Setup) -> "PcscDriver":
        """Return this driver for the shop's cards."""
        return PcscDriver(
            setup.club, setup.chips, self._load, self._silence_limit_s, key_holder=setup.key_holder)

    def missing(self) -> str | None:
        """Return why pyscard cannot be used, or None."""
        try:
            self._load()
        except ImportError as fault:
            return f"pyscard ({fault})"
        return None

    def find(self) -> Sequence[Device]:
        """Return the readers the service lists.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_SERVICE_DOWN or READER_FORBIDDEN.
        """
        scard = self._calls()
        context = new_context(scard)
        try:
            result, names = scard.SCardListReaders(context, [])
        finally:
            scard.SCardReleaseContext(context)
        if result == scard.SCARD_E_NO_READERS_AVAILABLE:
            return ()
        check(scard, result)
        return tuple(Device(f"{NAME}:{name}", name) for name in names)

    def open(self, device: Device) -> "PcscReader":
        """Watch the reader ``device``.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_SERVICE_DOWN, READER_GONE or
        READER_FORBIDDEN.
        """
        return PcscReader(self._calls(), device.path, self._reading, self._silence_limit_s, self._key_holder)

    def _calls(self) -> Any:
        try:
            return self._load()
        except ImportError as fault:
            raise StationError(ErrorCode.READER_DRIVER_MISSING, library="pyscard") from fault


class PcscReader:
    """One reader, watched through a context of its own."""

    def __init__(
        self, scard: Any, path: str, reading: ChipReading, silence_limit_s: float, key_holder: KeyHolder | None,
    ) -> None:
        """Connect to the service and see that the reader ``path`` is there."""
        self._key_holder = key_holder
        self._unproven: Tap | None = None
        self._scard = scard
        self._reading = reading
        self._path = path
        self._name = path.removeprefix(f"{NAME}:")
        self._silence_limit_s = silence_limit_s
        self._handled: int | None = None
        self._slot = Slot(scard, self._name)

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the tap of a card not seen before, or None; as ``CardReader.wait`` says."""
        deadline = monotonic() + timeout_s
        while True:
            left = 0.0 if self._unproven else max(0.0, deadline - monotonic())
            counter = self._slot.look(min(left, LONGEST_WAIT_S))
            tap = None
            if counter is None:
                self._handled = self._unproven = None
            elif counter != self._handled:
                tap = self._take(counter)
                self._unproven = tap if self._key_holder else None
            elif self._unproven:
                tap = self._prove(counter)
            if tap is not None:
                return tap
            if monotonic() >= deadline:
                return None

    def close(self) -> None:
        """Let go of the service."""
        self._slot.close()

    def _take(self, counter: int) -> Tap | None:
        """Read the card that came with event ``counter``; None when another lies there by now."""
        outcome: Tap | StationError
        try:
            outcome = self._read()
        except StationError as fault:
            outcome = anew(fault)
        if isinstance(outcome, StationError) and outcome.code not in CARD_FAULTS:
            raise outcome
        if self._slot.look_anew() not in {counter, None}:
            return None
        self._handled = counter
        if isinstance(outcome, StationError):
            raise outcome
        return outcome

    def _prove(self, counter: int) -> Tap | None:
        """Let head office ask the card that came with event ``counter`` and was read; None when it proves nothing.

        What is found counts only if no other card came meanwhile. Raises ``StationError`` CARD_FORGED or
        CARD_REPLAYED; every other fault, and a card that does not answer, is noted and proves nothing.
        """
        tap, holder, self._unproven = self._unproven, self._key_holder, None
        if tap is None or holder is None:
            return None

        def ask(exchange: Exchange, kind: CardKind) -> Tap | None:
            return proven(exchange, kind, tap, holder)

        outcome: Tap | StationError | None
        try:
            outcome = within(PROOF_LIMIT_S, partial(with_card, self._scard, self._name, ask))
        except StationError as fault:
            outcome = anew(fault)
        except TimeoutError:
            outcome = StationError(ErrorCode.CARD_SILENT)
        if self._slot.look_anew() not in {counter, None}:
            return None
        if isinstance(outcome, StationError):
            if outcome.code in DISPROOFS:
                raise outcome
            logger.info("a card stays unproven: %s", outcome)
            return None
        return outcome

    def _read(self) -> Tap:
        def read(exchange: Exchange, kind: CardKind) -> Tap:
            return self._reading.tap(exchange, kind, self._path)

        try:
            return within(self._silence_limit_s, partial(with_card, self._scard, self._name, read))
        except TimeoutError as fault:
            raise StationError(ErrorCode.CARD_SILENT) from fault


DRIVER = PcscDriver()
