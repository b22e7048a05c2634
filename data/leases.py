"""The station's leases in ``journal.db``: given, used up with the sales that spend them, closed."""

from collections.abc import Sequence

from data.database import Database
from station.errors import ErrorCode, StationError
from station.journal import Body
from station.leases import AccountKind, Lease, LeaseClosed, LeasedLot, LeasePart, LeaseUse, ends
from station.sale import Sale

_ROW = (
    "INSERT INTO lease (lease_id, lot_id, kind, account, station, expires_us, lot_expires_us, amount, spendable_until)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")


class LeaseStore:
    """Leases over an open ``journal.db``, for one thread."""

    def __init__(self, database: Database) -> None:
        """Work on an open ``journal.db``."""
        self._database = database

    def grant(self, lease: Lease) -> None:
        """Take ``lease``, durably; one that is here already changes nothing.

        Raises ``ValueError`` when another lease of this id is here, ``StationError`` 4xx.
        """
        with self._database.writing():
            held = self.lease(lease.lease_id)
            if held == lease:
                return
            if held:
                message = f"lease {lease.lease_id} is here with other terms"
                raise ValueError(message)
            self._database.execute_many(_ROW, [
                (lease.lease_id, lot.lot_id, lease.kind.value, lease.account, lease.station, lease.expires_us,
                 lot.expires_us, lot.amount, ends(lease, lot))
                for lot in lease.lots])

    def lease(self, lease_id: str) -> Lease | None:
        """Return the lease as it was given, or None."""
        rows = self._database.rows(
            "SELECT kind, account, station, expires_us, lot_id, amount, lot_expires_us FROM lease"
            " WHERE lease_id = ? ORDER BY rowid", (lease_id,))
        if not rows:
            return None
        kind, account, station, expires_us = rows[0][:4]
        lots = tuple(LeasedLot(*row[4:]) for row in rows)
        return Lease(
            lease_id, AccountKind(kind), account, station, lots, sum(lot.amount for lot in lots), expires_us)

    def parts(self, kind: AccountKind, account: str) -> Sequence[LeasePart]:
        """Return what is left on ``account``, also where it has run out; not of closed leases."""
        return [LeasePart(*row) for row in self._database.rows(
            "SELECT lease_id, lot_id, amount - used, spendable_until FROM lease"
            " WHERE kind = ? AND account = ? AND closed = 0 AND used < amount ORDER BY rowid", (kind.value, account))]

    def use(self, uses: Sequence[LeaseUse]) -> None:
        """Use up ``uses``, as ``station.leases.spend`` chose them, inside the transaction of the sale.

        Raises ``StationError`` LEASE_SHORT (``spendable``) when one is no longer covered; the caller's
        transaction is then to be undone.
        """
        for use in uses:
            row = self._database.row(
                "SELECT amount - used FROM lease WHERE lease_id = ? AND lot_id = ? AND closed = 0",
                (use.lease_id, use.lot_id))
            left = row[0] if row else 0
            if use.amount > left:
                raise StationError(ErrorCode.LEASE_SHORT, spendable=left)
            self._database.execute(
                "UPDATE lease SET used = used + ? WHERE lease_id = ? AND lot_id = ?",
                (use.amount, use.lease_id, use.lot_id))

    def left(self, lease_id: str) -> int:
        """Return how much of a lease is not spent. Raises ``KeyError`` when there is no such lease."""
        row = self._database.row("SELECT sum(amount - used) FROM lease WHERE lease_id = ?", (lease_id,))
        if row is None or row[0] is None:
            raise KeyError(lease_id)
        return int(row[0])

    def open(self) -> Sequence[tuple[str, int]]:
        """Return id and end (µs since 1970 UTC) of every lease that was not closed, oldest first."""
        return [(row[0], row[1]) for row in self._database.rows(
            "SELECT lease_id, expires_us FROM lease WHERE closed = 0 GROUP BY lease_id, expires_us ORDER BY min(rowid)")]

    def closed(self) -> Sequence[LeaseClosed]:
        """Return the leases that were closed, with what was left of each, oldest first."""
        return [LeaseClosed(*row) for row in self._database.rows(
            "SELECT lease_id, sum(amount - used) FROM lease WHERE closed = 1 GROUP BY lease_id ORDER BY min(rowid)")]

    def forget(self, lease_id: str) -> None:
        """Drop a lease that was closed and that head office has booked. One that is still open stays."""
        with self._database.writing():
            self._database.execute("DELETE FROM lease WHERE lease_id = ? AND closed = 1", (lease_id,))

    def server_us(self) -> int:
        """Return the latest time head office ever told (µs since 1970 UTC), 0 before the first."""
        row = self._database.row("SELECT at_us FROM server_time")
        return int(row[0]) if row else 0

    def told(self, server_us: int) -> None:
        """Remember head office's time, durably; an earlier one than before changes nothing."""
        if server_us > self.server_us():
            with self._database.writing():
                self._database.execute(
                    "INSERT INTO server_time VALUES (1, ?) ON CONFLICT DO UPDATE SET at_us = max(at_us, excluded.at_us)",
                    (server_us,))


def settle(database: Database, body: Body, incarnation: str, seq: int) -> None:
    """Let entry ``seq`` of ``incarnation`` move what it spends or closes, in the transaction that writes it.

    Raises ``StationError`` LEASE_SHORT (``spendable``) when a lease no longer covers it, or has another
    rest than is said to be given back: the transaction is then to be undone.
    """
    match body:
        case Sale(lease_uses=uses, reservations=reserved):
            LeaseStore(database).use(uses)
            if reserved:
                database.execute_many(
                    "UPDATE hold SET state = 'SOLD', incarnation = ?, seq = ? WHERE reservation_id = ?",
                    [(incarnation, seq, each) for each in reserved])
        case LeaseClosed(lease_id, left):
            now_left = LeaseStore(database).left(lease_id)
            if now_left != left:
                raise StationError(ErrorCode.LEASE_SHORT, spendable=now_left)
            database.execute("UPDATE lease SET closed = 1 WHERE lease_id = ?", (lease_id,))
        case _:
            pass


def leave(database: Database) -> None:
    """Drop all leases and reservations: the copy of this file that went on has them, or has spent them.

    To be called in a transaction. What was reserved and not spent head office gives back by itself.
    """
    for table in ("lease", "hold"):
        if database.row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)):
            database.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
