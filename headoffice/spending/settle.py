"""How what a posted sale spent is covered: by its leases, its reservations, what is available, or by the club.

Called in the transaction that posts. It is decided once, under the account's lock, and kept: when the
books are rebuilt the same is written again, whatever has become of leases and reservations since.
Nothing of it ever refuses a sale, and no sale ever takes of a member what is set aside for another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from headoffice.ledger.books import POINTS, VALUE, Book
from headoffice.ledger.own import state
from headoffice.ledger.steps import Step, Stretch
from headoffice.spending import accounts, leases, reservations
from headoffice.spending.accounts import Key, Standing
from headoffice.spending.reservations import claimed
from station.journal import Body, Entry
from station.leases import AccountKind, LeaseClosed, LeaseUse
from station.lots import FOR_EVER
from station.points import PointsKind
from station.posting import Stated
from station.sale import Sale
from station.spending import Need, needs_of
from sync.wire_spending import LeaseState, ReservationState

LATE, OVER, UNCOVERED = "LATE_LEASE", "LEASE_EXCEEDED", "UNCOVERED"
"""Why the club bears something: a lease taken back before, one spent twice over, or nothing was set aside."""

_Place = tuple[str, str, int]
_LIVE = (ReservationState.HELD, ReservationState.COMMITTED)


@dataclass(slots=True)
class _Cover:
    """What covers ``need``; ``posted`` is what the ledger took for it, less where it was clamped."""

    need: Need
    posted: int
    leased: int = 0
    reserved: int = 0
    late: int = 0
    reason: str = ""

    @property
    def missing(self) -> int:
        return self.need.amount - self.leased - self.reserved - self.late


def settle(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Settle what was posted of ``entries`` in ``step``, in journal order, in the caller's transaction."""
    needs = {_place(each): needs_of(each.body) for each in entries if isinstance(each.body, Sale)}
    if not any(needs.values()) and not any(isinstance(each.body, LeaseClosed) for each in entries):
        return
    keys = {(need.account, need.kind) for each in needs.values() for need in each}
    keys |= {key for each in entries if isinstance(each.body, LeaseClosed)
             for key in (claimed(cursor, each.station, each.body.lease_id, leases.FORM),) if key}
    books = _Books(cursor, step, accounts.lock_all(cursor, keys))
    for entry in entries:
        if isinstance(entry.body, Sale):
            books.find(entry, entry.body, needs[_place(entry)])
    for entry in entries:
        if isinstance(entry.body, Sale):
            books.sale(entry, entry.body)
        elif isinstance(entry.body, LeaseClosed):
            books.closed(entry.station, entry.body)
    books.write()


class _Books:
    """The accounts of one call of ``settle``, locked."""

    def __init__(self, cursor: CursorWrapper, step: Step, standings: dict[Key, Standing]) -> None:
        self._cursor, self._step, self._standings = cursor, step, standings
        # What was available before these sales took anything.
        self._margin = {key: each.margin for key, each in standings.items()}
        self._covers: dict[_Place, dict[Key, _Cover]] = {}
        self._days: dict[_Place, str] = {}
        self._given_back: list[tuple[Book, Stated, _Place]] = []

    def find(self, entry: Entry[Body], sale: Sale, needs: Sequence[Need]) -> None:
        """Find which of the ``needs`` of ``sale`` are not settled yet; what is, is written again as it was."""
        place = _place(entry)
        covers = self._covers[place] = {}
        self._days[place] = sale.basket.opened.date
        for need in needs:
            key = (need.account, need.kind)
            posted = self._posted(need, place)
            self._cursor.execute(
                "SELECT written_off FROM spending_settlement WHERE account = %s AND kind = %s AND station = %s"
                " AND incarnation = %s AND seq = %s", [need.account, need.kind.value, *place])
            known = self._cursor.fetchone()
            if known:
                self._give_back(need, posted, known[0], place)
                continue
            covers[key] = _Cover(need, posted)
            if need.kind is not AccountKind.BUDGET:
                self._margin[key] += posted

    def sale(self, entry: Entry[Body], sale: Sale) -> None:
        """Cover what ``sale`` spent, and write down how."""
        place = _place(entry)
        covers = self._covers[place]
        for use in sale.lease_uses if covers else ():
            self._use(entry.station, use, covers)
        for name in sale.reservations:
            self._reserved(entry.station, name, covers)
        for key, cover in covers.items():
            self._decide(key, cover, place)

    def closed(self, station: str, body: LeaseClosed) -> None:
        """Give back what is left of a lease that its station closed.

        Where a sale that used it is not posted yet, for it stands in quarantine, it is waited for until the grace is over.
        """
        key = claimed(self._cursor, station, body.lease_id, leases.FORM)
        if key is None:
            return
        self._cursor.execute(
            "UPDATE spending_lease SET state = %s, ended_us = %s WHERE account = %s AND lease_id = %s AND state = %s"
            " AND amount - used <= %s RETURNING amount - used",
            [LeaseState.CLOSED.value, self._step.at_us, key[0], body.lease_id, LeaseState.LIVE.value, body.left])
        row = self._cursor.fetchone()
        if row:
            self._standings[key].leased -= row[0]
            self._margin[key] += row[0]

    def write(self) -> None:
        """Write the accounts, and give back to members what the club bears."""
        for _, standing in sorted(self._standings.items()):
            accounts.save(self._cursor, standing)
        for book, said, place in self._given_back:
            state(self._cursor, book, [said], self._step, Stretch(*place, place[2]))

    def _posted(self, need: Need, place: _Place) -> int:
        """Return what the ledger took for ``need``; of a budget there is no ledger."""
        if need.kind is AccountKind.BUDGET:
            return need.amount
        book = _book(need)
        self._cursor.execute(
            f"SELECT coalesce(sum(-{book.amount}), 0) FROM {book.entries} WHERE station = %s AND incarnation = %s"  # noqa: S608 - our names
            f" AND seq = %s AND {book.account} = %s AND kind = %s", [*place, need.account, PointsKind.REDEEM.value])
        return int(self._cursor.fetchone()[0])

    def _use(self, station: str, use: LeaseUse, covers: dict[Key, _Cover]) -> None:
        """Cover by one use of a lease; of one that is not live any more, or not for that much, the club bears it."""
        key = claimed(self._cursor, station, use.lease_id, leases.FORM)
        cover = covers.get(key) if key else None
        if key is None or cover is None:
            return
        self._cursor.execute(
            "SELECT lease.state, part.amount - part.used FROM spending_lease AS lease"
            " JOIN spending_leasepart AS part ON part.account = lease.account AND part.lease_id = lease.lease_id"
            " WHERE lease.account = %s AND lease.lease_id = %s AND part.lot = %s", [key[0], use.lease_id, use.lot_id])
        row = self._cursor.fetchone()
        if row is None:
            return
        live = row[0] == LeaseState.LIVE.value
        asked = min(use.amount, cover.missing)
        taken = min(asked, row[1]) if live else 0
        if taken:
            self._cursor.execute(
                "UPDATE spending_leasepart SET used = used + %s WHERE account = %s AND lease_id = %s AND lot = %s",
                [taken, key[0], use.lease_id, use.lot_id])
            self._cursor.execute(
                "UPDATE spending_lease SET used = used + %s WHERE account = %s AND lease_id = %s",
                [taken, key[0], use.lease_id])
            self._standings[key].leased -= taken
            cover.leased += taken
        if asked > taken:
            cover.late += asked - taken
            cover.reason = OVER if live else LATE

    def _reserved(self, station: str, name: str, covers: dict[Key, _Cover]) -> None:
        """Cover by a reservation that is live; what it held beyond the need is available again."""
        key = claimed(self._cursor, station, name, reservations.FORM)
        cover = covers.get(key) if key else None
        if key is None or cover is None:
            return
        self._cursor.execute(
            "SELECT state, amount FROM spending_reservation WHERE account = %s AND reservation_id = %s", [key[0], name])
        state, amount = self._cursor.fetchone()
        self._cursor.execute(
            "UPDATE spending_reservation SET state = %s WHERE account = %s AND reservation_id = %s",
            [ReservationState.SPENT.value, key[0], name])
        if ReservationState(state) in _LIVE:
            taken = min(amount, cover.missing)
            cover.reserved += taken
            self._standings[key].reserved -= amount
            self._margin[key] += amount - taken

    def _decide(self, key: Key, cover: _Cover, place: _Place) -> None:
        """Charge what nothing covers to what is available, write the rest off, and keep all of it."""
        charged = min(cover.missing, max(0, self._margin[key]))
        written_off = cover.late + cover.missing - charged
        if cover.missing > charged:
            cover.reason = cover.reason or UNCOVERED
        self._margin[key] -= charged
        need = cover.need
        self._cursor.execute(
            "INSERT INTO spending_settlement (account, kind, station, incarnation, seq, amount, leased, reserved,"
            " charged, written_off, reason, settled_us) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [need.account, need.kind.value, *place, need.amount, cover.leased, cover.reserved, charged, written_off,
             cover.reason, self._step.at_us])
        if need.kind is AccountKind.BUDGET:
            self._standings[key].spent += need.amount - written_off
        self._give_back(need, cover.posted, written_off, place)

    def _give_back(self, need: Need, posted: int, written_off: int, place: _Place) -> None:
        """Have the ledger give ``need``'s account what it took of it and the club bears."""
        amount = posted - (need.amount - written_off)
        if amount > 0 and need.kind is not AccountKind.BUDGET:
            self._given_back.append((_book(need), Stated(
                f"write-off/{'/'.join(map(str, place))}", need.account, PointsKind.ADJUST, amount, "write-off",
                self._days[place], terms=FOR_EVER), place))


def _place(entry: Entry[Any]) -> _Place:
    return entry.station, entry.incarnation, entry.seq


def _book(need: Need) -> Book:
    return POINTS if need.kind is AccountKind.POINTS else VALUE
