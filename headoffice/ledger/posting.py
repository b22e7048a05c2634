"""From SALE and RETURN entries to rows of the ledgers. Balances, lots and purchases move only here, with them.

All entries of one call are of one station. What they say of points and of stored value is posted as
the station gave it, for that is what the receipt says; which lots it moves is chosen here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import members_changed
from headoffice.ledger.books import POINTS, VALUE, Book, OpenBook, written
from headoffice.ledger.originals import EntryName, sale_of, sales_of
from headoffice.ledger.rows import columns, found, insert
from headoffice.ledger.stating import (
    Statement,
    ValueStatement,
    points_of_return,
    points_of_sale,
    value_of_return,
    value_of_sale,
)
from headoffice.ledger.steps import Step
from headoffice.register.packs import engine
from station.club import ClubRules
from station.journal import Entry
from station.pricing import Engine
from station.sale import Sale, SaleReturn
from station.tender import TenderKind
from station.unknown_return import UnknownReturn

MINUTES_PER_HOUR = 60
SALE = columns(
    "station sale_id incarnation shop business_date cashier member",
    "seq hour at_us at_offset shift pack listed discount tax total points")
RETURN = columns(
    "station return_id incarnation sale_id sale_station sale_incarnation business_date cashier member cause",
    "seq sale_seq shift at_us at_offset money number")
RETURN_TENDER = columns("station return_id kind account", "number amount")
NO_SALE = "NO_SALE"
"""The cause of a return whose sale was not found."""

SaleEntry = Entry[Sale]
ReturnEntry = Entry[SaleReturn]
Moving = SaleEntry | ReturnEntry
Row = tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of SALE and RETURN entries.

    ``sales`` and ``returns`` were posted; ``repeated`` are the seqs of those whose sale's or
    return's id was posted before; ``double_keys`` the seqs of those with an entry of a ledger whose
    key was written before; ``strangers`` the seqs of those that name a member the register does not
    know. ``originals`` are the sales of the returns where they are held, ``engines`` those of all packs named,
    None for one that was never published.
    """

    sales: tuple[SaleEntry, ...]
    returns: tuple[ReturnEntry, ...]
    repeated: frozenset[int]
    double_keys: frozenset[int]
    strangers: frozenset[int]
    originals: Mapping[EntryName, Sale]
    engines: Mapping[int, Engine | None]


@dataclass(slots=True)
class _Batch:
    """What is to be posted, and with what it is judged."""

    cursor: CursorWrapper
    step: Step
    entries: list[Moving]
    originals: dict[EntryName, Sale] = field(default_factory=dict)
    engines: dict[int, Engine | None] = field(default_factory=dict)
    double_keys: set[int] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)

    def club(self, pack: int) -> ClubRules:
        """Return the rules of ``pack``, or those of a club without any where it was never published."""
        if pack not in self.engines:
            self.engines[pack] = engine(pack)
        found_ = self.engines[pack]
        return found_.pack.club if found_ else ClubRules()

    def statements(self) -> tuple[list[Statement], list[ValueStatement]]:
        """Return what the entries say of points and of stored value, in their order."""
        points: list[Statement] = []
        value: list[ValueStatement] = []
        for entry in self.entries:
            if isinstance(entry.body, Sale):
                club = self.club(entry.body.basket.pack)
                points += points_of_sale(entry, club)
                value += value_of_sale(entry, club)
                continue
            sale = self.originals.get(sale_of(entry))
            club = self.club(sale.basket.pack) if sale else ClubRules()
            points += points_of_return(entry, club)
            if sale:
                value += value_of_return(entry, sale, club)
        return points, value

    def state(self, book: Book, said: Sequence[Statement], accounts: Mapping[str, Sequence[int | str]]) -> None:
        """Post ``said`` on ``accounts``; what has a key that was written before is passed over."""
        known = written(self.cursor, book, {(each.said.account, each.said.key): None for each in said}.keys())
        ready = OpenBook(self.cursor, book, self.step)
        ready.open(accounts, {(each.said.account, each.said.origin): None for each in said if each.said.origin}.keys())
        for each in said:
            key = (each.said.account, each.said.key)
            if key in known:
                self.double_keys.add(each.place.first)
                continue
            known.add(key)
            ready.state(each.said, each.rules, each.place)
        moved = ready.write()
        if book is POINTS:
            self.touched |= moved.keys()


def post(cursor: CursorWrapper, entries: Sequence[Moving], step: Step) -> Posted:
    """Write what ``entries`` amount to, in order, inside the caller's transaction, as ``step``.

    A return is no purchase less: the visit was one. Raises what cannot be posted: ``ValueError``,
    ``OverflowError``, Django's ``DataError`` and others; then nothing of the transaction may stay.
    """
    fresh = _fresh(cursor, entries)
    batch = _Batch(cursor, step, fresh)
    sales = tuple(entry for entry in fresh if isinstance(entry.body, Sale))
    returns = tuple(entry for entry in fresh if isinstance(entry.body, SaleReturn))
    batch.originals = sales_of(cursor, returns)
    insert(cursor, "ledger_sale", SALE, [_sale_row(entry) for entry in sales])
    _write_returns(cursor, returns)
    points, value = batch.statements()
    bought, visits = _visits(fresh)
    members = {each.said.account for each in points} | bought.keys()
    batch.state(POINTS, points, dict.fromkeys(sorted(members), (0,)))
    accounts: dict[str, tuple[str, str]] = {}
    for each in value:
        accounts.setdefault(each.statement.said.account, (each.purpose.value, each.member))
    if accounts:
        batch.state(VALUE, [each.statement for each in value], accounts)
    cursor.executemany(
        "UPDATE ledger_balance SET purchases = purchases + %s WHERE member = %s",
        [(count, member) for member, count in sorted(bought.items())])
    known = members_changed(cursor, dict.fromkeys(batch.touched, "") | visits)
    kept = {entry.seq for entry in fresh}
    return Posted(
        sales, returns, frozenset(entry.seq for entry in entries if entry.seq not in kept),
        frozenset(batch.double_keys), frozenset(entry.seq for entry in fresh if not _members(entry) <= known),
        batch.originals, batch.engines)


def _fresh(cursor: CursorWrapper, entries: Sequence[Moving]) -> list[Moving]:
    """Return those of ``entries`` whose ids were not posted before, each id once."""
    fresh: list[Moving] = []
    seen: set[tuple[bool, str]] = set()
    for is_sale, table, name in ((True, "ledger_sale", "sale_id"), (False, "ledger_salereturn", "return_id")):
        ids = [(_id(entry),) for entry in entries if isinstance(entry.body, Sale) is is_sale]
        seen |= {(is_sale, known) for known, in found(
            cursor, f"SELECT {name} FROM {table} WHERE station = %s AND {name} IN ({{keys}})",  # noqa: S608 - our names
            ids, entries[0].station if entries else "")}
    for entry in entries:
        key = (isinstance(entry.body, Sale), _id(entry))
        if key not in seen:
            seen.add(key)
            fresh.append(entry)
    return fresh


def _write_returns(cursor: CursorWrapper, returns: Sequence[ReturnEntry]) -> None:
    """Write the returns, each numbered among those of its sale, and what went back by which tender."""
    if not returns:
        return
    places = {sale_of(entry): None for entry in returns}
    numbers = Counter({(station, incarnation, seq): count for station, incarnation, seq, count in found(
        cursor, "SELECT sale_station, sale_incarnation, sale_seq, count(*) FROM ledger_salereturn"
        " WHERE (sale_station, sale_incarnation, sale_seq) IN (VALUES {keys})"
        " GROUP BY sale_station, sale_incarnation, sale_seq",
        places.keys())})
    rows: list[Row] = []
    for entry in returns:
        sale = sale_of(entry)
        numbers[sale] += 1
        rows.append((*_return_row(entry), numbers[sale]))
    insert(cursor, "ledger_salereturn", RETURN, rows)
    insert(cursor, "ledger_returntender", RETURN_TENDER, [
        (entry.station, entry.body.return_id, tender.kind.value, tender.account, number, tender.amount)
        for entry in returns for number, tender in enumerate(entry.body.tenders, 1)])


def post_unknown(cursor: CursorWrapper, entries: Sequence[Entry[UnknownReturn]]) -> None:
    """Write the goods that came back without their sale, inside the caller's transaction; an id once written stays as it is.

    They move no points and no stored value, so they are in no step.
    """
    if not entries:
        return
    known = {return_id for return_id, in found(
        cursor, "SELECT return_id FROM ledger_salereturn WHERE station = %s AND return_id IN ({keys})",
        [(entry.body.return_id,) for entry in entries], entries[0].station)}
    fresh = {entry.body.return_id: entry for entry in reversed(entries) if entry.body.return_id not in known}
    insert(cursor, "ledger_salereturn", RETURN, [
        (entry.station, return_id, entry.incarnation, "", "", "", entry.body.business_date, entry.actor.person, None, NO_SALE,
         entry.seq, 0, entry.body.shift, entry.at.utc_us, entry.at.offset, entry.body.money, 0)
        for return_id, entry in fresh.items()])
    insert(cursor, "ledger_returntender", RETURN_TENDER, [
        (entry.station, return_id, TenderKind.CASH.value, "", 1, entry.body.money) for return_id, entry in fresh.items()])


def _visits(entries: Iterable[Moving]) -> tuple[Counter[str], dict[str, str]]:
    """Return how many sales name each member, and of each member named the day of the last sale, or ""."""
    bought: Counter[str] = Counter()
    visits: dict[str, str] = {}
    for entry in entries:
        body = entry.body
        if isinstance(body, SaleReturn):
            if body.member_id:
                visits.setdefault(body.member_id, "")
        elif body.basket.member:
            member = body.basket.member.member_id
            bought[member] += 1
            visits[member] = max(visits.get(member, ""), body.business_date)
    return bought, visits


def _sale_row(entry: SaleEntry) -> Row:
    sale, priced, member = entry.body, entry.body.priced, entry.body.basket.member
    return (
        entry.station, sale.sale_id, entry.incarnation, sale.basket.shop, sale.business_date, entry.actor.person,
        member.member_id if member else None,
        entry.seq, entry.at.minute_of_day // MINUTES_PER_HOUR, entry.at.utc_us, entry.at.offset, sale.shift,
        sale.basket.pack, priced.listed, priced.discount, priced.tax, priced.total, priced.points)


def _return_row(entry: ReturnEntry) -> Row:
    back = entry.body
    return (
        entry.station, back.return_id, entry.incarnation, back.sale_id, *sale_of(entry)[:2], back.business_date,
        entry.actor.person, back.member_id, back.cause.value,
        entry.seq, back.seq, back.shift, entry.at.utc_us, entry.at.offset, back.money)


def _id(entry: Moving) -> str:
    return entry.body.sale_id if isinstance(entry.body, Sale) else entry.body.return_id


def _members(entry: Moving) -> set[str]:
    """Return the ids of all members a sale or a return names."""
    body = entry.body
    member = body.member_id if isinstance(body, SaleReturn) else body.basket.member and body.basket.member.member_id
    return {points.member_id for points in body.points} | ({member} if member else set())
