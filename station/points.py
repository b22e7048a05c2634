"""The points ledger's one kind of row: signed, keyed, append-only. A balance is a sum."""

from dataclasses import dataclass
from enum import StrEnum


class PointsKind(StrEnum):
    """Why points moved."""

    EARN = "EARN"
    REDEEM = "REDEEM"
    EXPIRE = "EXPIRE"
    ADJUST = "ADJUST"
    REVERSE = "REVERSE"
    TRANSFER = "TRANSFER"


@dataclass(frozen=True, slots=True)
class PointsEntry:
    """``points`` (signed, whole) moved on ``member_id``; a ``key`` already written changes nothing."""

    key: str
    member_id: str
    kind: PointsKind
    points: int
    rule: str
