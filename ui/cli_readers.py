"""The readers from the command line: their states, and transcripts of what they say. No number is ever printed."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from time import monotonic

from drivers.catalogue import Finding, survey
from drivers.club_profile import ClubProfile
from drivers.port import CARD_FAULTS, Device, Driver
from drivers.setup import Adjustable, Setup
from drivers.taping import TapedReader, taped
from drivers.transcript import Tape, Transcript, outcome
from station.card import Tap
from station.errors import ErrorCode, StationError
from ui.text import Words

LOOK_S = 0.25


def driver_at(path: str, club: ClubProfile) -> tuple[Driver, Device]:
    """Return the driver of the device ``path`` ("msr605:/dev/ttyUSB0"), set up for that device, and the device.

    Raises ``StationError`` READER_DRIVER_MISSING.
    """
    name, _, port = path.partition(":")
    driver = next((found.driver for found in survey() if found.name == name), None)
    if driver is None or driver.missing() is not None:
        raise StationError(ErrorCode.READER_DRIVER_MISSING, driver=name)
    if isinstance(driver, Adjustable):
        driver = driver.set_up(Setup(club, {name: (port,)}))
    return driver, Device(path, port)


def reader_lines(setup: Setup, words: Words) -> Iterator[str]:
    """Yield a line for every device, and for every driver without one: driver, device, state and sentence.

    Each device is opened for a moment to know whether it can be.
    """
    for finding in survey():
        if finding.error is not None or finding.driver is None:
            yield _line(finding.name, "-", _state(finding), words)
            continue
        driver = finding.driver.set_up(setup) if isinstance(finding.driver, Adjustable) else finding.driver
        try:
            devices = driver.find()
        except StationError as fault:
            yield _line(finding.name, "-", fault, words)
            continue
        if not devices:
            yield _line(finding.name, "-", None, words)
        for device in devices:
            yield _line(finding.name, device.path, _fault_of(driver, device), words)


def _state(finding: Finding) -> StationError:
    return StationError(finding.error or ErrorCode.READER_DRIVER_MISSING, reason=finding.reason)


def _fault_of(driver: Driver, device: Device) -> StationError | None:
    """Return what keeps ``device`` from being used; a card it does not like is no reason."""
    try:
        with closing(driver.open(device)) as reader:
            reader.wait(0)
    except StationError as fault:
        return None if fault.code in CARD_FAULTS else fault
    return None


def _line(driver: str, device: str, fault: StationError | None, words: Words) -> str:
    if fault is None:
        state, sentence = ("none", "no device found") if device == "-" else ("ready", "")
    else:
        state, sentence = f"E{fault.code.value}", words.error(fault)
        if fault.code is ErrorCode.READER_DRIVER_MISSING:
            sentence = f"{sentence} {fault.detail.get('reason', '')}"
    return f"{driver:14} {device:32} {state:6} {sentence}".rstrip()


def record(path: str, club: ClubProfile, limit_s: float, tell: Callable[[Tap | StationError], None]) -> Transcript:
    """Return what passes at the reader ``path`` in ``limit_s`` seconds, or until Ctrl-C or the reader's end.

    ``tell`` gets what comes of each card. Raises ``StationError`` when the reader cannot be opened.
    """
    driver, device = driver_at(path, club)
    tape = Tape(driver.name, club)
    reader = TapedReader(taped(driver, device.title, club, tape).open(device), tape)
    deadline = monotonic() + limit_s
    with closing(reader), suppress(KeyboardInterrupt):
        while (left := deadline - monotonic()) > 0:
            try:
                result: Tap | StationError | None = reader.wait(min(left, LOOK_S))
            except StationError as fault:
                result = fault
            if result is not None:
                tell(result)
            if isinstance(result, StationError) and result.code not in CARD_FAULTS:
                break
    return tape.transcript()


def told(result: Tap | StationError, words: Words) -> str:
    """Return what came of a card as a line for people."""
    return outcome(result) if isinstance(result, Tap) else words.error(result)
