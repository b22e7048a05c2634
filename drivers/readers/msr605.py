"""MSR206, MSR605 and MSR606 stripe reader-encoders on a serial line: their reading half.

Programmer's manual, revision B (2009); frames in ``drivers.track_frames``. A read command arms the
device for one swipe, so it is armed again as soon as a swipe has come. It tells nobody when it is
switched off, so in quiet times it is asked whether it is there. Nothing that writes or erases is
ever sent from here. (The MSR605X, a USB HID device, is ``drivers.readers.msr605x``'s.)
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import inf
from time import monotonic

from drivers.bank_cards import Lane, is_bank_card
from drivers.club_profile import ClubProfile
from drivers.msr_device import MSR_RESET, wake
from drivers.port import Device
from drivers.reading import DEMO_CLUB, anew, tap_of_swipe
from drivers.serial_line import Line, SerialPorts, UsbId, next_from
from drivers.setup import Setup
from drivers.streams import Held
from drivers.track_frames import MSR_READ, Swipe, read_msr
from station.card import Tap
from station.errors import ErrorCode, StationError

NAME = "msr605"
USUAL_ADAPTERS = (
    UsbId(0x067B, 0x2303),  # Prolific PL2303
    UsbId(0x10C4, 0xEA60),  # Silicon Labs CP210x
    UsbId(0x1A86, 0x7523),  # QinHeng CH340
)
"""Chips that USB models are built with. The driver does not look for them unasked: they sit in printers,
scales and payment terminals too, which are not to be sent commands, or held, on a guess.
"""

ANSWER_LIMIT_S = 1.0
CHECK_S = 30.0


class Msr605Driver:
    """Reader-encoders on ``ports``. A device path is "msr605:" and the port."""

    name = NAME
    title = "MSR206/605/606 reader-encoders"

    def __init__(
        self, club: ClubProfile = DEMO_CLUB, ports: SerialPorts | None = None,
        answer_limit_s: float = ANSWER_LIMIT_S, check_s: float = CHECK_S,
    ) -> None:
        """Take the cards of ``club``.

        A device has ``answer_limit_s`` seconds to answer, and to go on with an answer it has begun;
        after ``check_s`` seconds without a swipe it is asked whether it is there.
        """
        self._club = club
        self._ports = ports or SerialPorts()
        self._answer_limit_s = answer_limit_s
        self._check_s = check_s

    def set_up(self, setup: Setup) -> "Msr605Driver":
        """Return this driver for the shop's cards and ports."""
        return Msr605Driver(
            setup.club, replace(self._ports, paths=setup.ports.get(NAME, ())), self._answer_limit_s, self._check_s)

    def missing(self) -> str | None:
        """Return why pyserial cannot be used, or None."""
        return self._ports.missing()

    def find(self) -> Sequence[Device]:
        """Return the ports. Raises ``StationError`` READER_DRIVER_MISSING."""
        return self._ports.find(NAME)

    def open(self, device: Device) -> "Msr605Reader":
        """Reset, test and arm ``device``.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_BUSY, READER_FORBIDDEN or READER_GONE,
        which a device that does not answer the test is too.
        """
        line = self._ports.open(NAME, device)
        return Msr605Reader(line, device.path, self._club, self._answer_limit_s, self._check_s)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a swipe: its tracks, or why there are none; ``is_bank_card`` overrules both."""

    outcome: Swipe | StationError = field(repr=False)
    is_bank_card: bool


class AnswerStream:
    """Cuts what the device sends into answers to the read command; pure."""

    def __init__(self, club: ClubProfile, silence_limit_s: float) -> None:
        """Take an answer for broken off after ``silence_limit_s`` seconds without a byte."""
        self._own = club.own
        self._silence_limit_s = silence_limit_s
        self._held = Held()

    @property
    def begun(self) -> bool:
        """Whether part of an answer has arrived."""
        return bool(self._held.data)

    def add(self, data: bytes, now_s: float) -> None:
        """Take in what arrived at ``now_s``."""
        self._held.add(data, now_s)

    def take(self, now_s: float) -> Answer | None:
        """Return the next answer, or None while there is none."""
        outcome = self._outcome(now_s) if self._held.data else None
        if outcome is None:
            return None
        answer = Answer(outcome, is_bank_card(self._held.data, Lane.STRIPE, self._own))
        self._held.drop(len(self._held.data))
        return answer

    def due_s(self, now_s: float) -> float:
        """Return in how many seconds silence alone makes ``take`` worth asking again; infinite between answers."""
        return max(0.0, self._silence_limit_s - self._held.quiet_s(now_s)) if self._held.data else inf

    def _outcome(self, now_s: float) -> Swipe | StationError | None:
        try:
            swipe = read_msr(self._held.data)
        except StationError as fault:
            return anew(fault)
        if swipe is None and self.due_s(now_s) <= 0:
            return StationError(ErrorCode.SWIPE_INCOMPLETE)
        return swipe


class Msr605Reader:
    """A reader-encoder at the end of an open line, armed."""

    def __init__(
        self, line: Line, path: str, club: ClubProfile, answer_limit_s: float, check_s: float,
    ) -> None:
        """Arm the device on ``line``, which is closed with the reader. Raises ``StationError`` READER_GONE."""
        self._line = line
        self._path = path
        self._club = club
        self._answer_limit_s = answer_limit_s
        self._check_s = check_s
        self._answers = AnswerStream(club, answer_limit_s)
        self._armed_s = 0.0
        try:
            self._start()
        except StationError:
            self.close()
            raise

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the next swipe's tap, or None; as ``CardReader.wait`` says.

        Raises ``StationError`` also: CARD_IS_BANK_CARD; CARD_NOT_OF_CLUB; SWIPE_INCOMPLETE when the
        device stops within an answer.
        """
        deadline = monotonic() + timeout_s
        while True:
            check = inf if self._answers.begun else self._armed_s + self._check_s
            answer = next_from(self._line, self._answers, max(0.0, min(deadline, check) - monotonic()))
            if answer is not None:
                return self._tap(answer)
            if monotonic() >= check and not self._answers.begun:
                self._start()
            if monotonic() >= deadline:
                return None

    def close(self) -> None:
        """Disarm the device, as far as it is there, and let go of the port."""
        with suppress(StationError):
            self._line.send(MSR_RESET)
        self._line.close()

    def _tap(self, answer: Answer) -> Tap:
        """Arm the device for the next swipe and return the tap of this one."""
        if isinstance(answer.outcome, StationError):
            # Nobody knows what the device is still sending.
            self._start()
            raise StationError(ErrorCode.CARD_IS_BANK_CARD) if answer.is_bank_card else answer.outcome
        try:
            self._arm()
            if answer.is_bank_card:
                raise StationError(ErrorCode.CARD_IS_BANK_CARD)
            return tap_of_swipe(answer.outcome, self._club, self._path)
        finally:
            answer.outcome.wipe()

    def _start(self) -> None:
        """Reset, test and arm the device. Raises ``StationError`` READER_GONE when it does not answer."""
        wake(self._line, self._answer_limit_s)
        self._arm()

    def _arm(self) -> None:
        self._line.send(MSR_READ)
        self._armed_s = monotonic()


DRIVER = Msr605Driver()
