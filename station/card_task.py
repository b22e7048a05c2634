"""What a station has head office do with a chip: head office drives, the station relays, no key comes to the shop."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from station.errors import ErrorCode

LIMIT_S = 2.0
"""How long head office is waited for at each step."""


class CardPurpose(StrEnum):
    """AUTHENTICATE asks whether it is the chip head office issued, PERSONALISE makes it one, VERIFY looks whether all is on it."""

    AUTHENTICATE = "AUTHENTICATE"
    PERSONALISE = "PERSONALISE"
    VERIFY = "VERIFY"


class Technology(StrEnum):
    """The chip and the way it proves itself.

    NTAG424 and DESFIRE_EV2: AuthenticateEV2First (command 71). DESFIRE_EV1: AuthenticateAES (AA), which
    every DESFire from EV1 on knows.
    """

    NTAG424 = "NTAG424"
    DESFIRE_EV1 = "DESFIRE_EV1"
    DESFIRE_EV2 = "DESFIRE_EV2"


@dataclass(frozen=True, slots=True)
class CardTask:
    """What is to be done with the chip that lies on a reader.

    ``uid`` is the chip's (upper-case hexadecimal), ``number`` the card number it carries, or is to
    carry, for the member ``member_id`` (needed for PERSONALISE only).
    """

    purpose: CardPurpose
    technology: Technology
    uid: str = field(repr=False)
    number: str = field(repr=False)
    member_id: str = ""


class Outcome(StrEnum):
    """How a task, or a check, ended.

    PROVEN: the chip is the one issued under this number. DONE: it is personalised and its row is
    kept. UNKNOWN: head office issued no such chip, so nothing is proven nor disproven. REFUSED: it is
    not what it says, or cannot be taken.
    """

    PROVEN = "PROVEN"
    DONE = "DONE"
    UNKNOWN = "UNKNOWN"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The end. ``refusal`` is the code of a REFUSED one and None otherwise; ``reason`` a word for it.

    Codes: CARD_FORGED (``reason`` UID, NUMBER, MAC, SECRET), CARD_REPLAYED, CARD_UNREADABLE, and from
    personalising CARD_NOT_BLANK, CARD_TAKEN, CARD_NOT_WRITABLE, WRITE_FAILED, WRITE_NOT_VERIFIED.
    """

    outcome: Outcome
    refusal: ErrorCode | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless a refusal, and nothing else, has a code."""
        if (self.outcome is Outcome.REFUSED) != (self.refusal is not None):
            message = f"{self.outcome.value} with refusal {self.refusal}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class CardStep:
    """Either ``commands`` for the chip (whole APDUs) or, at the end, the ``verdict``.

    The commands are sent in order until one is answered by anything but 9000, 9100 or 91AF; the
    answers (data and status word) up to that one go back to ``session``.
    """

    session: str
    commands: tuple[bytes, ...] = field(default=(), repr=False)
    verdict: Verdict | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless there is one of the two."""
        if bool(self.commands) == (self.verdict is not None):
            message = "a step has commands or a verdict"
            raise ValueError(message)


class KeyHolder(Protocol):
    """Head office, which alone holds the keys of chips.

    Every method raises ``StationError`` 5xx (HEAD_OFFICE_UNREACHABLE after ``LIMIT_S``, or at once
    when it was silent just before); nothing is then known of the card.
    """

    def begin(self, task: CardTask) -> CardStep:
        """Begin ``task``."""
        ...

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        """Hand on what the chip answered. A session lives for 30 seconds."""
        ...

    def check_sun(self, number: str, message: bytes) -> Verdict:
        """Have the code of a tap checked: ``message`` is the content of a SUN proof, ``number`` the card's."""
        ...

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return the card record (``station.card_record``) signed by head office's present issuing key.

        ``uid`` is "" for a medium without a chip, ``expires`` a Gregorian date or "".
        """
        ...
