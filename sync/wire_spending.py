"""Messages about spending: reservations at head office, and leases for a time without it. As ``sync.wire``.

A reservation is named by the UUIDv7 the station drew for it: the same again is the same
reservation with the same answer, other terms under its name are refused as INVALID. Too little is
refused as NOT_ENOUGH with what is ``available``. The SALE entry that names it is the truth; COMMIT
only keeps head office from letting it go before that entry arrives.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from station.leases import AccountKind, Lease, LeasedLot
from sync.wire import API, Base64, Count, Incarnation, Message, Name, Seq

AVAILABLE_PATH = f"{API}/spending/available"
RESERVE_PATH = f"{API}/spending/reserve"
COMMIT_PATH = f"{API}/spending/commit"
VOID_PATH = f"{API}/spending/void"
ASK_PATH = f"{API}/leases/ask"
CLOSE_PATH = f"{API}/leases/close"
MOST_HOLD_S = 3600
MOST_WANTED = 1000

Uuid7 = Annotated[str, msgspec.Meta(
    pattern="^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
Amount = Annotated[int, msgspec.Meta(ge=1, le=10**15)]


class ReservationState(StrEnum):
    """What became of a reservation: HELD for its time, COMMITTED until its sale arrives, then SPENT; or given back.

    RELEASED is given back because its time was over, VOIDED because the station said so.
    """

    HELD = "HELD"
    COMMITTED = "COMMITTED"
    SPENT = "SPENT"
    RELEASED = "RELEASED"
    VOIDED = "VOIDED"


class LeaseState(StrEnum):
    """What became of a lease: LIVE, CLOSED by its station, or RECLAIMED long after its end."""

    LIVE = "LIVE"
    CLOSED = "CLOSED"
    RECLAIMED = "RECLAIMED"


class AvailableAsked(Message, frozen=True, kw_only=True):
    """How much of ``account`` can be reserved? A member's id, a wallet's or gift card's, or a promotion's."""

    kind: AccountKind
    account: Name


class Available(Message, frozen=True, kw_only=True):
    """``available`` units: neither spent, nor reserved, nor leased to a station, nor owed."""

    available: Count


class DayOfHolder(Message, frozen=True, kw_only=True):
    """Who of the family of ``member_id`` spends, and on which local ``day``."""

    member_id: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
    holder_id: Annotated[str, msgspec.Meta(min_length=1, max_length=36, pattern=r"^[^\x00]*$")]
    day: Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", max_length=10)]


class Reserve(Message, frozen=True, kw_only=True):
    """Set ``amount`` units of ``account`` aside for ``hold_s`` seconds; ``holder`` null: for the member."""

    reservation_id: Uuid7
    kind: AccountKind
    account: Name
    amount: Amount
    hold_s: Annotated[int, msgspec.Meta(ge=1, le=MOST_HOLD_S)]
    holder: DayOfHolder | None = None


class LotOfAccount(Message, frozen=True, kw_only=True):
    """``amount`` units out of one lot, which ends at ``expires_us`` (µs since 1970 UTC; null: never)."""

    lot_id: str
    amount: Amount
    expires_us: Count | None = None


class Reserved(Message, frozen=True, kw_only=True):
    """It is set aside until ``expires_us``; ``available`` is what is left besides.

    ``lots`` are those it would come out of now, for information: they are drawn on in posting order.
    """

    reservation_id: Uuid7
    available: Count
    lots: tuple[LotOfAccount, ...]
    expires_us: Count


class Commit(Message, frozen=True, kw_only=True):
    """The sale that names the reservation is durable: entry ``seq`` of ``incarnation``."""

    reservation_id: Uuid7
    incarnation: Incarnation
    seq: Seq


class Void(Message, frozen=True, kw_only=True):
    """No sale comes of the reservation."""

    reservation_id: Uuid7


class ReservationAnswer(Message, frozen=True, kw_only=True):
    """How the reservation stands now."""

    reservation_id: Uuid7
    state: ReservationState


class Wanted(Message, frozen=True, kw_only=True):
    """An account the station would like to have a lease of: it was asked for ``uses`` times."""

    kind: AccountKind
    account: Name
    uses: Count = 0


class LeasesAsked(Message, frozen=True, kw_only=True):
    """What leases are there for the journal ``incarnation``? ``wanted`` empty: those of head office's own choice."""

    incarnation: Incarnation
    wanted: Annotated[tuple[Wanted, ...], msgspec.Meta(max_length=MOST_WANTED)] = ()


class LeaseTerms(Message, frozen=True, kw_only=True):
    """A lease (``station.leases.Lease``): the document that is signed.

    Its bytes are canonical: the fields in this order, in the JSON ``msgspec`` writes, without spaces.
    """

    form: Literal["card-station lease 1"]
    lease_id: Uuid7
    kind: AccountKind
    account: Name
    station: str
    incarnation: Incarnation
    lots: tuple[LotOfAccount, ...]
    amount: Amount
    expires_us: Count


class SignedLease(Message, frozen=True, kw_only=True):
    """The exact bytes of ``LeaseTerms`` and head office's detached Ed25519 signature over them."""

    document: Base64
    signature: Base64


class LeasesGranted(Message, frozen=True, kw_only=True):
    """All live leases of this journal, new ones among them; ``frozen``: it gets none, and will not for now."""

    server_time_us: Count
    frozen: bool
    leases: tuple[SignedLease, ...]


class CloseLease(Message, frozen=True, kw_only=True):
    """The journal holds the LEASE_CLOSED entry of this lease, ``left`` units of which go back."""

    lease_id: Uuid7
    left: Count


class LeaseAnswer(Message, frozen=True, kw_only=True):
    """How the lease stands; LIVE until the entry was posted. Only then may the station forget it."""

    lease_id: Uuid7
    state: LeaseState


def terms_of(lease: Lease, incarnation: str) -> LeaseTerms:
    """Return ``lease``, granted to journal ``incarnation``, as the document to be signed."""
    return LeaseTerms(
        form="card-station lease 1", lease_id=lease.lease_id, kind=lease.kind, account=lease.account, station=lease.station,
        incarnation=incarnation, amount=lease.amount, expires_us=lease.expires_us,
        lots=tuple(LotOfAccount(lot_id=each.lot_id, amount=each.amount, expires_us=each.expires_us)
                   for each in lease.lots))


def lease_of(terms: LeaseTerms) -> Lease:
    """Return the lease that ``terms`` say. Raises ``ValueError`` when they do not add up."""
    return Lease(
        terms.lease_id, terms.kind, terms.account, terms.station,
        tuple(LeasedLot(each.lot_id, each.amount, each.expires_us) for each in terms.lots),
        terms.amount, terms.expires_us)
