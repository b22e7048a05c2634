"""From SALE entries to rows of the ledger. A member's balance and purchases move only here, with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import members_changed
from station.journal import Entry
from station.points import PointsEntry
from station.sale import Sale

MINUTES_PER_HOUR = 60
SALE = (
    "station, sale_id, incarnation, seq, shop, business_date, hour, at_us, at_offset, shift, cashier, member, pack,"
    " listed, discount, tax, total, points")
POINTS = "member, key, station, incarnation, seq, kind, points, rule"

SaleEntry = Entry[Sale]


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of SALE entries.

    ``sales`` were posted; ``repeated`` are the seqs of those whose sale id was posted before;
    ``double_keys`` the seqs of those with a points entry whose key was written before;
    ``strangers`` the seqs of those that name a member the register does not know.
    """

    sales: tuple[SaleEntry, ...]
    repeated: frozenset[int]
    double_keys: frozenset[int]
    strangers: frozenset[int]


def post(cursor: CursorWrapper, entries: Sequence[SaleEntry]) -> Posted:
    """Write the sales and points of ``entries``, in order, inside the caller's transaction.

    Points are posted as the station gave them: that is what the receipt says.
    """
    posted: list[SaleEntry] = []
    repeated: set[int] = set()
    double_keys: set[int] = set()
    moved: Counter[str] = Counter()
    bought: Counter[str] = Counter()
    visits: dict[str, str] = {}
    for entry in entries:
        cursor.execute(_insert("ledger_sale", SALE), _sale_row(entry))
        if not cursor.rowcount:
            repeated.add(entry.seq)
            continue
        posted.append(entry)
        for points in entry.body.points:
            cursor.execute(_insert("ledger_pointsentry", POINTS), _points_row(entry, points))
            if cursor.rowcount:
                moved[points.member_id] += points.points
            else:
                double_keys.add(entry.seq)
        if entry.body.basket.member:
            member = entry.body.basket.member.member_id
            bought[member] += 1
            visits[member] = max(visits.get(member, ""), entry.body.business_date)
    add_to_balances(cursor, moved, bought)
    known = members_changed(cursor, dict.fromkeys(moved, "") | visits)
    strangers = {entry.seq for entry in posted if not _members(entry) <= known}
    return Posted(tuple(posted), frozenset(repeated), frozenset(double_keys), frozenset(strangers))


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


def _points_row(entry: SaleEntry, points: PointsEntry) -> tuple[int | str, ...]:
    return (
        points.member_id, points.key, entry.station, entry.incarnation, entry.seq,
        points.kind.value, points.points, points.rule)


def _members(entry: SaleEntry) -> set[str]:
    """Return the ids of all members a sale names."""
    member = entry.body.basket.member
    return {points.member_id for points in entry.body.points} | ({member.member_id} if member else set())
