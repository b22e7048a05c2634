"""The station's leases in ``journal.db``: given, used up with the sales that spend them, closed."""

from collections.abc import Sequence

from data.database import Database
from station.errors import ErrorCode, StationError
from station.leases import Lease, LeasedLot, LeaseKind, LeasePart, LeaseUse, ends

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
            lease_id, LeaseKind(kind), account, station, lots, sum(lot.amount for lot in lots), expires_us)

    def parts(self, kind: LeaseKind, account: str) -> Sequence[LeasePart]:
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

    def close(self, lease_id: str) -> Sequence[LeasePart]:
        """Spend no more of a lease, durably; return what is left of it, to be given back.

        Closed again it returns the same. Raises ``KeyError`` when there is no such lease.
        """
        with self._database.writing():
            self._database.execute("UPDATE lease SET closed = 1 WHERE lease_id = ?", (lease_id,))
        rows = self._database.rows(
            "SELECT lease_id, lot_id, amount - used, spendable_until FROM lease WHERE lease_id = ? ORDER BY rowid", (lease_id,))
        if not rows:
            raise KeyError(lease_id)
        return [LeasePart(*row) for row in rows if row[2]]
