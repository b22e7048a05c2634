"""The points ledger's one kind of row, and what may be asked of the ledger.

A row is signed, keyed and append-only: a balance is a sum, a key already written changes nothing.
Rules: design "Points" and "Returns, voids, merges". The requests below serve the ledger of stored
value as well; there ``account`` is a wallet or a gift card and ``amount`` minor units of money.
"""

from dataclasses import dataclass
from enum import StrEnum

from station.dates import day_number
from station.lots import LotTerms


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


@dataclass(frozen=True, slots=True)
class Approval:
    """Who moved something by hand, who approved it (another person), and why. Ids, no names."""

    actor: str
    approver: str
    reason: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless two different people and a reason are given."""
        if not self.actor or not self.approver or self.actor == self.approver:
            message = "an approval needs an actor and another person as approver"
            raise ValueError(message)
        if not self.reason.strip():
            message = "an approval needs a reason"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Earn:
    """``amount`` earned by ``rule`` on the local ``day``, in ``sale`` ("" outside a sale).

    ``terms`` are those of the lot where the rule has its own; None means the club's.
    """

    key: str
    account: str
    day: str
    amount: int
    rule: str
    sale: str = ""
    terms: LotTerms | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on an amount that is not positive or a day that does not exist."""
        _check(self.key, self.day, self.amount)


@dataclass(frozen=True, slots=True)
class Redeem:
    """``amount`` spent on ``day``; what was earned in the same ``sale`` is out of reach."""

    key: str
    account: str
    day: str
    amount: int
    rule: str
    sale: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on an amount that is not positive or a day that does not exist."""
        _check(self.key, self.day, self.amount)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What the original sale, recomputed on what remains of it, would have moved by entry ``key``."""

    key: str
    amount: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when ``amount``, which is unsigned, is negative."""
        if self.amount < 0:
            message = f"what remains of {self.key} is negative: {self.amount}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Return:
    """Goods of ``sale`` come back on ``day``; its entries not named in ``remains`` go back whole."""

    key: str
    account: str
    day: str
    sale: str
    remains: tuple[Remaining, ...] = ()

    def __post_init__(self) -> None:
        """Raise ``ValueError`` without a sale, or on a day that does not exist."""
        _check(self.key, self.day)
        if not self.sale:
            message = "a return names its sale"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Adjust:
    """``amount`` (signed) given or taken by hand on ``day``; what is given lives by the club's terms."""

    key: str
    account: str
    day: str
    amount: int
    approval: Approval

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on an amount of 0 or a day that does not exist."""
        _check(self.key, self.day, abs(self.amount))


@dataclass(frozen=True, slots=True)
class Transfer:
    """``amount`` handed from ``account`` to ``to`` on ``day``; its lots keep their days."""

    key: str
    account: str
    day: str
    amount: int
    to: str
    approval: Approval

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on an amount that is not positive or a day that does not exist."""
        _check(self.key, self.day, self.amount)


@dataclass(frozen=True, slots=True)
class Merge:
    """``account`` becomes part of ``into`` on ``day``: balances and debts add."""

    key: str
    account: str
    day: str
    into: str
    approval: Approval

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a day that does not exist."""
        _check(self.key, self.day)


Request = Earn | Redeem | Return | Adjust | Transfer | Merge


def _check(key: str, day: str, amount: int = 1) -> None:
    if not key:
        message = "a key is empty"
        raise ValueError(message)
    if amount <= 0:
        message = f"an amount of {amount} moves nothing"
        raise ValueError(message)
    day_number(day)
