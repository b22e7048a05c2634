"""From SALE and RETURN entries to rows of the ledger. A member's balance and purchases move only here, with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import members_changed
from station.journal import Entry
from station.points import PointsEntry
from station.sale import Sale, SaleReturn

MINUTES_PER_HOUR = 60
SALE = (
    "station, sale_id, incarnation, seq, shop, business_date, hour, at_us, at_offset, shift, cashier, member, pack,"
    " listed, discount, tax, total, points")
POINTS = "member, key, station, incarnation, seq, kind, points, rule"
RETURN = (
    "station, return_id, incarnation, seq, sale_id, sale_incarnation, sale_seq, business_date, shift, at_us, at_offset,"
    " cashier, member, money, number")
RETURN_TENDER = "station, return_id, number, kind, account, amount"

SaleEntry = Entry[Sale]
ReturnEntry = Entry[SaleReturn]


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of SALE and RETURN entries.

    ``sales`` and ``returns`` were posted; ``repeated`` are the seqs of those whose sale's or
    return's id was posted before; ``double_keys`` the seqs of those with a points entry whose key
    was written before; ``strangers`` the seqs of those that name a member the register does not know.
    """

    sales: tuple[SaleEntry, ...]
    returns: tuple[ReturnEntry, ...]
    repeated: frozenset[int]
    double_keys: frozenset[int]
    strangers: frozenset[int]


@dataclass(slots=True)
class _Books:
    """What was written so far, and what is to be added to the members in the end."""

    cursor: CursorWrapper
    sales: list[SaleEntry] = field(default_factory=list)
    returns: list[ReturnEntry] = field(default_factory=list)
    repeated: set[int] = field(default_factory=set)
    double_keys: set[int] = field(default_factory=set)
    moved: Counter[str] = field(default_factory=Counter)
    bought: Counter[str] = field(default_factory=Counter)
    visits: dict[str, str] = field(default_factory=dict)

    def take(self, entry: SaleEntry | ReturnEntry) -> None:
        """Write ``entry``, unless its id was written before."""
        if isinstance(entry.body, Sale):
            if self._write("ledger_sale", SALE, _sale_row(entry), entry.seq):
                self._sale(entry)
        elif self._write("ledger_salereturn", RETURN, (*_return_row(entry), self._number(entry)), entry.seq):
            self._return(entry)

    def _sale(self, entry: SaleEntry) -> None:
        self.sales.append(entry)
        self._points(entry)
        if entry.body.basket.member:
            member = entry.body.basket.member.member_id
            self.bought[member] += 1
            self.visits[member] = max(self.visits.get(member, ""), entry.body.business_date)

    def _return(self, entry: ReturnEntry) -> None:
        self.returns.append(entry)
        self._points(entry)
        back = entry.body
        self.cursor.executemany(_insert("ledger_returntender", RETURN_TENDER), [
            (entry.station, back.return_id, number, tender.kind.value, tender.account, tender.amount)
            for number, tender in enumerate(back.tenders, 1)])
        if back.member_id:
            self.visits.setdefault(back.member_id, "")

    def _points(self, entry: SaleEntry | ReturnEntry) -> None:
        for points in entry.body.points:
            self.cursor.execute(_insert("ledger_pointsentry", POINTS), _points_row(entry, points))
            if self.cursor.rowcount:
                self.moved[points.member_id] += points.points
            else:
                self.double_keys.add(entry.seq)

    def _write(self, table: str, columns: str, row: Sequence[int | str | None], seq: int) -> bool:
        self.cursor.execute(_insert(table, columns), row)
        if not self.cursor.rowcount:
            self.repeated.add(seq)
        return bool(self.cursor.rowcount)

    def _number(self, entry: ReturnEntry) -> int:
        """Return which return of its sale ``entry`` is, from 1."""
        self.cursor.execute(
            "SELECT count(*) + 1 FROM ledger_salereturn WHERE station = %s AND sale_incarnation = %s AND sale_seq = %s",
            [entry.station, entry.body.incarnation, entry.body.seq])
        number: int = self.cursor.fetchone()[0]
        return number


def post(cursor: CursorWrapper, entries: Sequence[SaleEntry | ReturnEntry]) -> Posted:
    """Write the sales, returns and points of ``entries``, in order, inside the caller's transaction.

    Points are posted as the station gave them: that is what the receipt says. A return is no
    purchase less: the visit was one.
    """
    books = _Books(cursor)
    for entry in entries:
        books.take(entry)
    add_to_balances(cursor, books.moved, books.bought)
    known = members_changed(cursor, dict.fromkeys(books.moved, "") | books.visits)
    posted: tuple[SaleEntry | ReturnEntry, ...] = (*books.sales, *books.returns)
    strangers = {entry.seq for entry in posted if not _members(entry) <= known}
    return Posted(
        tuple(books.sales), tuple(books.returns), frozenset(books.repeated), frozenset(books.double_keys),
        frozenset(strangers))


def add_to_balances(cursor: CursorWrapper, moved: Mapping[str, int], bought: Mapping[str, int]) -> None:
    """Add the points ``moved`` and the sales ``bought``, both by member id.

    Always in the transaction that writes the entries and sales.
    """
    cursor.executemany(
        "INSERT INTO ledger_balance (member, points, purchases) VALUES (%s, %s, %s)"
        " ON CONFLICT (member) DO UPDATE SET points = ledger_balance.points + excluded.points,"
        " purchases = ledger_balance.purchases + excluded.purchases",
        [(member, moved.get(member, 0), bought.get(member, 0)) for member in sorted({*moved, *bought})])


def _insert(table: str, columns: str) -> str:
    places = ", ".join(["%s"] * (columns.count(",") + 1))
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608 - our names


def _sale_row(entry: SaleEntry) -> tuple[int | str | None, ...]:
    sale, priced, member = entry.body, entry.body.priced, entry.body.basket.member
    return (
        entry.station, sale.sale_id, entry.incarnation, entry.seq, sale.basket.shop, sale.business_date,
        entry.at.minute_of_day // MINUTES_PER_HOUR, entry.at.utc_us, entry.at.offset, sale.shift, entry.actor.person,
        member.member_id if member else None, sale.basket.pack,
        priced.listed, priced.discount, priced.tax, priced.total, priced.points)


def _return_row(entry: ReturnEntry) -> tuple[int | str | None, ...]:
    back = entry.body
    return (
        entry.station, back.return_id, entry.incarnation, entry.seq, back.sale_id, back.incarnation, back.seq,
        back.business_date, back.shift, entry.at.utc_us, entry.at.offset, entry.actor.person, back.member_id, back.money)


def _points_row(entry: SaleEntry | ReturnEntry, points: PointsEntry) -> tuple[int | str, ...]:
    return (
        points.member_id, points.key, entry.station, entry.incarnation, entry.seq,
        points.kind.value, points.points, points.rule)


def _members(entry: SaleEntry | ReturnEntry) -> set[str]:
    """Return the ids of all members a sale or a return names."""
    body = entry.body
    member = body.member_id if isinstance(body, SaleReturn) else body.basket.member and body.basket.member.member_id
    return {points.member_id for points in body.points} | ({member} if member else set())
