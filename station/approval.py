"""The approval of a second person: bound to exactly one operation, good once, for a minute. Pure.

What is shown to the approver is what is bound: kind, amount and subject are hashed together with all
that makes the operation this one and no other (the basket's id, the line, the sale).
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from station.errors import ErrorCode, StationError
from station.people import Actor, Role
from station.sign_in import reaches

LIFE_US = 60_000_000


class OperationKind(StrEnum):
    """What may need a second person."""

    HAND_DISCOUNT = "HAND_DISCOUNT"
    RETURN = "RETURN"
    RETURN_UNKNOWN = "RETURN_UNKNOWN"
    VOID = "VOID"
    DRAWER = "DRAWER"
    CASH_MOVED = "CASH_MOVED"
    COUNT_DIFFERENCE = "COUNT_DIFFERENCE"
    CORRECTION = "CORRECTION"
    CARD_BACK_IN_USE = "CARD_BACK_IN_USE"
    LET_IN = "LET_IN"
    ENROL = "ENROL"
    BIRTHDAY = "BIRTHDAY"
    TRAINING = "TRAINING"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing somebody wants to do: its ``kind``, the ``amount`` (minor units, 0 for none), whom or what it concerns.

    ``subject`` is an id (a line of a basket, a sale, a person), never a name or a number of a card;
    ``asked_by`` wants to do it and cannot approve it, ``needs`` is the least role that can. Where
    ``second`` is set another person approves it even when who asks reaches that far.
    """

    kind: OperationKind
    asked_by: Actor
    subject: str
    amount: int = 0
    needs: Role = Role.MANAGER
    second: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of what makes this operation this one."""
        parts = (self.kind.value, self.asked_by.person, self.subject, str(self.amount))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Approval:
    """``approver``'s word for one operation, given at ``at_us`` (µs since 1970 UTC)."""

    def __init__(self, operation: Operation, approver: Actor, at_us: int) -> None:
        """Raise ``StationError`` APPROVAL_MISSING when this person cannot approve it."""
        if approver.person == operation.asked_by.person or not reaches(approver.role, operation.needs):
            raise StationError(ErrorCode.APPROVAL_MISSING)
        self._digest = operation.digest
        self._approver = approver
        self._at_us = at_us
        self._used = False

    def use(self, operation: Operation, now_us: int) -> Actor:
        """Return the approver of ``operation``, once.

        Raises ``StationError`` APPROVAL_MISSING for another operation, a second time, or later than
        a minute after it was given; also when the clock went back meanwhile.
        """
        if self._used or operation.digest != self._digest or not 0 <= now_us - self._at_us <= LIFE_US:
            raise StationError(ErrorCode.APPROVAL_MISSING)
        self._used = True
        return self._approver
