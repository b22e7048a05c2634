"""The port every card writer fits: what is to be written, how far it is, and in what state a card was left.

A writer looks at the card before it writes: what is a bank's, a phone's, somebody else's, locked or too
small is refused and stays as it was. What was written is read back before it counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from drivers.club_profile import ClubProfile
from drivers.port import CARD_FAULTS, Device
from station.card import Medium
from station.card_task import KeyHolder
from station.errors import ErrorCode, StationError

WRITE_FAULTS = CARD_FAULTS | {
    ErrorCode.CARD_NOT_BLANK, ErrorCode.CARD_TOO_SMALL, ErrorCode.CARD_LOCKED, ErrorCode.WRITE_FAILED,
    ErrorCode.WRITE_NOT_VERIFIED, ErrorCode.CARD_NOT_WRITABLE, ErrorCode.CARD_TAKEN, ErrorCode.CARD_FORGED,
}
"""Faults of the one card just shown; after every other fault the writer is to be closed."""


class CardForm(StrEnum):
    """What is made: a number on a stripe, a signed record on a tag, or a chip with keys of its own."""

    STRIPE = "STRIPE"
    TAG = "TAG"
    CHIP = "CHIP"


class Carrier(StrEnum):
    """What a card that was written is, technically."""

    STRIPE = "STRIPE"
    TYPE_2 = "TYPE_2"
    TYPE_4 = "TYPE_4"
    NTAG424 = "NTAG424"
    DESFIRE_EV1 = "DESFIRE_EV1"
    DESFIRE_EV2 = "DESFIRE_EV2"

    @property
    def medium(self) -> Medium:
        """How it speaks at a reader."""
        return Medium.STRIPE if self is Carrier.STRIPE else Medium.CHIP


class WriteStep(StrEnum):
    """What a writer is doing, or waits for a hand to do."""

    PLACE_CARD = "PLACE_CARD"
    SWIPE_TO_LOOK = "SWIPE_TO_LOOK"
    SWIPE_TO_ERASE = "SWIPE_TO_ERASE"
    SWIPE_TO_WRITE = "SWIPE_TO_WRITE"
    SWIPE_TO_CHECK = "SWIPE_TO_CHECK"
    SWIPE_AGAIN = "SWIPE_AGAIN"
    ASKING = "ASKING"
    WRITING = "WRITING"
    CHECKING = "CHECKING"


class CardLeft(StrEnum):
    """In what state a write that did not come to its end left the card.

    UNCHANGED: as it was. EMPTY: a tag without a record, to be written again. UNCHECKED: the last command
    was sent and nobody knows whether it was carried out; it holds all or nothing. HALF: it may hold
    anything and must not be given out; it can be written again when it is told to be overwritten.
    """

    UNCHANGED = "UNCHANGED"
    EMPTY = "EMPTY"
    UNCHECKED = "UNCHECKED"
    HALF = "HALF"


@dataclass(frozen=True, slots=True)
class StripeJob:
    """Put ``number`` on the club's track; with ``signed``, head office's record on tracks 1 and 3 as well.

    ``expires`` is the record's last day (``YYYY-MM-DD``, "" for always). ``overwrite`` lets a card of
    this club, or one that cannot be read, be written over; never another's.
    """

    number: str = field(repr=False)
    signed: bool = False
    expires: str = ""
    overwrite: bool = False
    form: ClassVar[CardForm] = CardForm.STRIPE


@dataclass(frozen=True, slots=True)
class RecordJob:
    """Put head office's signed record of ``number`` on an NDEF tag; fields as in ``StripeJob``."""

    number: str = field(repr=False)
    expires: str = ""
    overwrite: bool = False
    form: ClassVar[CardForm] = CardForm.TAG


@dataclass(frozen=True, slots=True)
class ChipJob:
    """Let head office make an NTAG 424 DNA or DESFire chip the card ``number`` of ``member_id``."""

    number: str = field(repr=False)
    member_id: str
    form: ClassVar[CardForm] = CardForm.CHIP


Job = StripeJob | RecordJob | ChipJob


@dataclass(frozen=True, slots=True)
class Written:
    """A card that was written and read back: its chip's ``uid`` (upper-case hexadecimal, "" without one)."""

    carrier: Carrier
    uid: str = field(default="", repr=False)


class Progress(Protocol):
    """The person at the writer, as the writer sees them; asked on the thread that writes."""

    def tell(self, step: WriteStep) -> None:
        """Say what goes on. Raises nothing."""
        ...

    def stopped(self) -> bool:
        """Tell whether to stop waiting for a card. A card that is being written is written to its end."""
        ...


class CardWriter(Protocol):
    """An open writer. Used by one thread only."""

    def write(self, job: Job, progress: Progress) -> Written | None:
        """Wait for the next card, write it, read it back; None when stopped before a card was written to.

        A card that lies there when the writer is opened counts; one that was dealt with does not count
        again. Raises ``StationError``: one of ``WRITE_FAULTS``, where WRITE_FAILED and WRITE_NOT_VERIFIED
        say in ``left`` how the card was left (``CardLeft``) and all others leave it unchanged; 5xx when
        head office is needed and does not answer, the card unchanged; WRITER_UNAVAILABLE when the device
        cannot do this job; READER_… when the device cannot be used. ``ValueError`` for a number that is
        none of the club's.
        """
        ...

    def close(self) -> None:
        """Let go of the device. Raises nothing."""
        ...


@dataclass(frozen=True, slots=True)
class WriterSetup:
    """What a shop tells its writers.

    ``club``: the numbers that are cards; ``ports``: driver name → ports configured for it; ``is_active``
    tells, on the thread that calls ``CardWriter.write``, whether a number is a card in use; ``hi_co``: the
    stripes to be written are of high coercivity (2750 oersted), not of low (300).
    """

    club: ClubProfile
    key_holder: KeyHolder
    is_active: Callable[[str], bool]
    ports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hi_co: bool = True


@runtime_checkable
class WriterDriver(Protocol):
    """One family of writers, set up for one shop. A device path is that of the same device as a reader."""

    @property
    def name(self) -> str:
        """The short name."""
        ...

    @property
    def title(self) -> str:
        """The name for people, in English, as device names are."""
        ...

    @property
    def form(self) -> CardForm:
        """What it makes."""
        ...

    def missing(self) -> str | None:
        """Return what has to be installed before the driver can be used, or None."""
        ...

    def find(self) -> Sequence[Device]:
        """Return the devices plugged in now, without opening any. Raises ``StationError`` as ``Driver.find``."""
        ...

    def open(self, device: Device) -> CardWriter:
        """Open ``device``. Raises ``StationError`` as ``Driver.open``."""
        ...


def write_failed(left: CardLeft, code: ErrorCode = ErrorCode.WRITE_FAILED, **detail: int | str) -> StationError:
    """Return the fault of a write that left a card as ``left`` says."""
    return StationError(code, left=left.value, **detail)


def refuse_foreign_number(number: str, club: ClubProfile) -> None:
    """Raise ``ValueError`` unless ``number`` is one that ``club``'s readers take."""
    if not club.accepts(number.encode()):
        message = "this number is none of the club's"
        raise ValueError(message)


def refuse_what_is_held(number: str | None, job: StripeJob | RecordJob, setup: WriterSetup) -> None:
    """Raise ``StationError`` when a card that holds something, and ``number`` of the club if any, is not to be written.

    A card that holds the job's own number was written before and may be again. CARD_TAKEN for another
    card of the club that is in use, CARD_NOT_BLANK for everything else that ``job`` may not overwrite.
    """
    if number is None:
        raise StationError(ErrorCode.CARD_NOT_BLANK)
    if number != job.number and not job.overwrite:
        raise StationError(ErrorCode.CARD_TAKEN if setup.is_active(number) else ErrorCode.CARD_NOT_BLANK)
