"""What the ledger is made of: its rules, its rows as stored, and its answers. See ``station.ledger``."""

from dataclasses import dataclass
from enum import StrEnum

from station.dates import Calendar
from station.lots import FOR_EVER, MOST_DAYS, Lot, LotTerms, Move
from station.points import Approval, PointsEntry, PointsKind

GRACE_DAYS = 30


def check_grace(days: int) -> None:
    """Raise ``ValueError`` when a grace of ``days`` is negative or above a hundred years."""
    if not 0 <= days <= MOST_DAYS:
        message = f"grace_days are 0 to {MOST_DAYS}: {days}"
        raise ValueError(message)


class Shortfall(StrEnum):
    """What becomes of a claim the account cannot meet: a debt, or nothing (clamped to zero)."""

    DEBT = "DEBT"
    CLAMP = "CLAMP"


class LedgerRefusal(StrEnum):
    """Why a request was refused, whole."""

    DEBT = "DEBT"
    NOT_ENOUGH = "NOT_ENOUGH"
    SAME_ACCOUNT = "SAME_ACCOUNT"
    UNKNOWN_ENTRY = "UNKNOWN_ENTRY"
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"


@dataclass(frozen=True, slots=True)
class LedgerRules:
    """The pack's rules of a ledger; ``terms`` are the lots' where the earning rule has none of its own."""

    calendar: Calendar = Calendar.JALALI
    terms: LotTerms = FOR_EVER
    grace_days: int = GRACE_DAYS
    shortfall: Shortfall = Shortfall.DEBT

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the grace is negative or above a hundred years."""
        check_grace(self.grace_days)


@dataclass(frozen=True, slots=True)
class Posting:
    """One row as stored: ``amount`` (signed) on ``account``, and what it did to the lots.

    ``opened`` are its new lots, empty; ``moves`` fill and draw on lots. What the moves exceed the
    amount by is new debt. A REVERSE names its ``origin``; of what it claims, ``lapsed`` had expired
    unspent in the lot of the origin and ``clamped`` was forgiven. A merge says ``into`` which account.
    """

    key: str
    account: str
    kind: PointsKind
    amount: int
    rule: str
    day: str
    moves: tuple[Move, ...] = ()
    opened: tuple[Lot, ...] = ()
    sale: str = ""
    origin: str = ""
    lapsed: int = 0
    clamped: int = 0
    into: str = ""
    approval: Approval | None = None

    @property
    def entry(self) -> PointsEntry:
        """The bare row of the points ledger."""
        return PointsEntry(self.key, self.account, self.kind, self.amount, self.rule)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request wrote, or why it was ``refused``; both empty when its key was written before."""

    postings: tuple[Posting, ...] = ()
    refused: LedgerRefusal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An account on one day; ``balance`` is what the ``lots`` hold − ``debt``.

    ``lots`` are those that hold something, as they are drawn on. ``spendable`` is 0 while there is
    debt; ``pending`` counts lots not spendable yet, ``past`` those that ended and have no EXPIRE yet.
    """

    balance: int
    spendable: int
    pending: int
    past: int
    debt: int
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """How ``account`` stands where a ledger goes on without its past; ``balance`` is what the lots hold − ``debt``.

    ``lots``, in the order of posting, are all that hold something and those that an ``Origin`` moved.
    """

    account: str
    balance: int = 0
    debt: int = 0
    lots: tuple[Lot, ...] = ()

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the figures do not agree."""
        if self.debt < 0 or sum(lot.left for lot in self.lots) - self.debt != self.balance:
            message = f"account {self.account}: a balance of {self.balance} is not its lots less {self.debt}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Origin:
    """A posting of the past that something is to go back of: how much went back of it before, lapses included.

    ``lapsed`` is what expired unspent in lots of its source and no return has counted as taken yet.
    """

    posting: Posting
    gone_back: int = 0
    lapsed: int = 0


@dataclass(frozen=True, slots=True)
class Stated:
    """What a receipt says was given or taken already: ``amount`` (signed) on ``account`` on local ``day``.

    ``terms`` are those of the lot it forms, None for the club's; ``origin`` the key of what goes back,
    "" when nothing does. ``sale`` as in ``Earn``; ``out_of`` names lots that are drawn on before others.
    """

    key: str
    account: str
    kind: PointsKind
    amount: int
    rule: str
    day: str
    sale: str = ""
    terms: LotTerms | None = None
    origin: str = ""
    out_of: tuple[Move, ...] = ()


def goes_back(moved_then: int, remains: int, gone_before: int) -> int:
    """Return what goes back now, never less than nothing.

    The rule is design "Returns": max(0, then − what remains of it − gone back before); each figure
    of a sale for itself, so the last of several returns evens out.
    """
    return max(0, moved_then - remains - gone_before)
