"""Step-up: who has no card, or one that proves little, proves by a PIN or a one-time code to be the member.

Head office judges, and nobody else: a station has neither PINs nor codes (docs/decisions/0023). What
comes of it counts for the basket in hand alone and is stored in its sale, where head office finds it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class ClaimMethod(StrEnum):
    """How somebody proves to be the member: by the PIN only the member knows, or a code sent to the member's phone."""

    PIN = "PIN"
    CODE = "CODE"


@dataclass(frozen=True, slots=True)
class StepUp:
    """Claim ``claim_id`` proved, by ``method``, that ``member_id`` stands here; good until ``until_us`` (µs since 1970 UTC)."""

    claim_id: str
    member_id: str
    method: ClaimMethod
    until_us: int


@dataclass(frozen=True, slots=True)
class ClaimAsked:
    """Somebody at the counter claims to be the member with this ``phone`` (digits as typed).

    ``claim_id`` is a UUIDv7 drawn here, so that asking again is the same claim. ``member_id`` is whom
    the station takes them for, "" when it does not know.
    """

    claim_id: str
    phone: str = field(repr=False)
    method: ClaimMethod
    member_id: str = ""


@dataclass(frozen=True, slots=True)
class ClaimOpen:
    """A claim may be answered until ``until_us`` (µs since 1970 UTC), in ``tries_left`` tries.

    It is the same for a phone that nobody has: a till must not be asked who is a member.
    """

    claim_id: str
    method: ClaimMethod
    until_us: int
    tries_left: int
    number: int = 1


class ClaimOffice(Protocol):
    """Head office as the counter asks it about claims, within 2 seconds.

    Every method raises ``StationError`` CLAIM_LOCKED (``minutes``) after too many wrong answers, or
    5xx when head office is not there: then nobody can be proven to be anybody.
    """

    def begin(self, asked: ClaimAsked) -> ClaimOpen:
        """Begin a claim; a code is on its way when this returns, if there is somebody to send it to."""
        ...

    def answer(self, claim: ClaimOpen, answer: str) -> StepUp:
        """Answer try ``claim.number``; the same answer to the same try again is no other try.

        Raises ``StationError`` CLAIM_REFUSED (``tries``: how many are left) for a wrong answer, or 0
        for a claim that is over.
        """
        ...
