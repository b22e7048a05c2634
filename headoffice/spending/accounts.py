"""One account under its lock: its balance, what is set aside of it, and what is available.

The rule that makes overdraft impossible stands here: nothing is set aside but under the lock of the
account's row, and never more than ``free``. Rows are locked in the order of their keys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.timezone import get_default_timezone

from headoffice.clock import MICROSECONDS
from headoffice.ledger.books import POINTS, VALUE, Book
from headoffice.ledger.rows import found
from headoffice.register.packs import current, numbered
from station.leases import AccountKind
from sync.wire_spending import LeaseState, ReservationState

Key = tuple[str, AccountKind]
"""An account: its id and its kind, in the order they are locked in."""


@dataclass(frozen=True, slots=True)
class OpenLot:
    """``left`` units of a lot that are in no live lease; it ends at ``expires_us`` (µs since 1970 UTC; None: never)."""

    lot_id: str
    left: int
    expires_us: int | None


@dataclass(slots=True)
class Standing:
    """A locked account: ``balance`` as the ledger has it, ``leased`` and ``reserved`` of it, what is ``debt``."""

    account: str
    kind: AccountKind
    balance: int
    leased: int
    reserved: int
    total: int = 0
    spent: int = 0
    debt: int = 0

    @property
    def margin(self) -> int:
        """The balance without what is set aside: what is available, or, below 0, what is owed."""
        return self.balance - self.leased - self.reserved

    @property
    def available(self) -> int:
        """What is neither spent nor set aside."""
        return max(0, self.margin)


def lock(cursor: CursorWrapper, key: Key) -> Standing:
    """Return ``key`` as it stands, its row locked until the transaction ends; several in the order of their keys."""
    cursor.execute(
        "INSERT INTO spending_account (account, kind, leased, reserved, total, spent) VALUES (%s, %s, 0, 0, 0, 0)"
        " ON CONFLICT DO NOTHING", [key[0], key[1].value])
    if connection.vendor == "postgresql":  # SQLite has one writer at a time, and every transaction here begins IMMEDIATE
        cursor.execute(
            "SELECT 1 FROM spending_account WHERE account = %s AND kind = %s FOR NO KEY UPDATE", [key[0], key[1].value])
    return look(cursor, key)


def look(cursor: CursorWrapper, key: Key) -> Standing:
    """Return ``key``, of which something was set aside before, as it stands in this transaction, without a lock."""
    account, kind = key
    cursor.execute(
        "SELECT leased, reserved, total, spent FROM spending_account WHERE account = %s AND kind = %s",
        [account, kind.value])
    leased, reserved, total, spent = cursor.fetchone()
    if kind is AccountKind.BUDGET:
        total = max(_budget(account), spent + leased + reserved)
        return Standing(account, kind, total - spent, leased, reserved, total, spent)
    balance, debt = _balance(cursor, kind, account)
    return Standing(account, kind, balance, leased, reserved, debt=debt)


def lock_all(cursor: CursorWrapper, keys: Iterable[Key]) -> dict[Key, Standing]:
    """Return all of ``keys`` locked, in their order."""
    return {key: lock(cursor, key) for key in sorted(set(keys))}


def save(cursor: CursorWrapper, standing: Standing) -> None:
    """Write what is set aside, and a budget's figures."""
    cursor.execute(
        "UPDATE spending_account SET leased = %s, reserved = %s, total = %s, spent = %s WHERE account = %s AND kind = %s",
        [standing.leased, standing.reserved, standing.total, standing.spent, standing.account, standing.kind.value])


def tidy(cursor: CursorWrapper, standing: Standing, now_us: int) -> None:
    """Give back what is over at ``now_us``: reservations whose time has run out, leases long after their end."""
    where = [standing.account, standing.kind.value, now_us]
    cursor.execute(
        "UPDATE spending_reservation SET state = %s WHERE account = %s AND kind = %s AND expires_us <= %s AND state = %s"
        " RETURNING amount", [ReservationState.RELEASED.value, *where, ReservationState.HELD.value])
    standing.reserved -= sum(row[0] for row in cursor.fetchall())
    cursor.execute(
        "UPDATE spending_lease SET state = %s, ended_us = %s WHERE account = %s AND kind = %s AND reclaim_us <= %s"
        " AND state = %s RETURNING amount - used",
        [LeaseState.RECLAIMED.value, now_us, *where, LeaseState.LIVE.value])
    standing.leased -= sum(row[0] for row in cursor.fetchall())


def free(cursor: CursorWrapper, standing: Standing, now_us: int) -> tuple[int, list[OpenLot]]:
    """Return how much of a tidied account may be set aside now, and the lots it would come out of, first ending first.

    Nothing while there is debt; what is pending or has ended is not spendable.
    """
    if standing.kind is AccountKind.BUDGET:
        return standing.available, [OpenLot("", standing.available, None)] if standing.available else []
    if standing.debt or not standing.available:
        return 0, []
    lots = _open_lots(cursor, standing, now_us)
    there = sum(lot.left for lot in lots) - standing.reserved
    return max(0, min(standing.available, there)), lots


def draw(lots: Iterable[OpenLot], amount: int) -> list[OpenLot]:
    """Return the parts of ``lots``, in their order, that make up ``amount``, or all there is when it is less."""
    parts = []
    for lot in lots:
        taken = min(lot.left, amount)
        if taken > 0:
            parts.append(OpenLot(lot.lot_id, taken, lot.expires_us))
            amount -= taken
    return parts


def kept_from_expiry(cursor: CursorWrapper, book: Book, held: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return by (account, lot) what live leases have not spent of the accounts ``held``: it may be spent already."""
    kinds = (AccountKind.POINTS, AccountKind.POINTS) if book is POINTS else (AccountKind.WALLET, AccountKind.GIFT_CARD)
    return {
        (account, lot): int(left) for account, lot, left in found(
            cursor, "SELECT lease.account, part.lot, sum(part.amount - part.used) FROM spending_lease AS lease"
            " JOIN spending_leasepart AS part ON part.account = lease.account AND part.lease_id = lease.lease_id"
            " WHERE lease.state = %s AND lease.kind IN (%s, %s)"
            " AND part.used < part.amount AND lease.account IN ({keys}) GROUP BY lease.account, part.lot",
            [(each,) for each in held], LeaseState.LIVE.value, *(kind.value for kind in kinds))}


def local_day(at_us: int) -> str:
    """Return the club's local Gregorian date at ``at_us``."""
    return datetime.fromtimestamp(at_us / MICROSECONDS, get_default_timezone()).date().isoformat()


def day_ends(day: str) -> int:
    """Return the end of the club's local ``day`` in µs since 1970 UTC."""
    after = datetime.fromisoformat(day).date() + timedelta(days=1)
    midnight = datetime.combine(after, time(), get_default_timezone())
    return (midnight - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _balance(cursor: CursorWrapper, kind: AccountKind, account: str) -> tuple[int, int]:
    if kind is AccountKind.POINTS:
        cursor.execute("SELECT points, debt FROM ledger_balance WHERE member = %s", [account])
    else:
        cursor.execute(
            "SELECT amount, debt FROM ledger_valueaccount WHERE account = %s AND purpose = %s", [account, kind.value])
    row = cursor.fetchone()
    return (row[0], row[1]) if row else (0, 0)


def _open_lots(cursor: CursorWrapper, standing: Standing, now_us: int) -> list[OpenLot]:
    book = POINTS if standing.kind is AccountKind.POINTS else VALUE
    today = local_day(now_us)
    cursor.execute(
        f"SELECT lot_id, held, last_day FROM {book.lots}"  # noqa: S608 - our names
        f" WHERE {book.account} = %s AND held > 0 AND first_day <= %s AND (last_day = '' OR last_day >= %s)"
        " ORDER BY CASE WHEN last_day = '' THEN 1 ELSE 0 END, last_day, opened", [standing.account, today, today])
    rows = cursor.fetchall()
    leased = kept_from_expiry(cursor, book, [standing.account])
    free_ = [(lot, held - leased.get((standing.account, lot), 0), last) for lot, held, last in rows]
    return [OpenLot(lot, left, day_ends(last) if last else None) for lot, left, last in free_ if left > 0]


def _budget(promotion: str) -> int:
    """Return the budget of ``promotion`` in the pack in force, 0 when it has none there."""
    held = current()
    pack = numbered(held.number) if held else None
    return next((each.limits.budget or 0 for each in pack.promotions if each.id == promotion), 0) if pack else 0
