"""What this station's own sales and returns did to coupons; the rows follow from the journal (``data.derived``).

A sale that was voided used nothing: it ought not to have been made. Where the member book counts the
use and not the void yet, it is behind, and is not believed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from data.database import Database
from data.own_sales import Range
from station.coupons import CouponDeed, CouponNote, coupon_number, notes_of
from station.sale import Sale, SaleReturn

_NOTES = (
    "SELECT place, deed = 'USED' AND EXISTS (SELECT 1 FROM sale JOIN own_void USING (sale_id) WHERE sale.place = own_coupon.place),"
    " deed, code, member_id, promotion, last_day FROM own_coupon WHERE {} ORDER BY place, code")
_CALLED = _NOTES.format("number = ?")
_OF_MEMBER = _NOTES.format("member_id = ? AND (last_day = '' OR last_day >= ?)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which coupons are asked for: those with one printed number, or those of a member that are not over on a day."""

    query: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class OwnCoupons:
    """``notes`` in journal order; ``counted`` are the codes of those given in entries that the member book counts.

    One that a voided sale used is not among them.
    """

    notes: tuple[CouponNote, ...]
    counted: frozenset[str]


def called(number: str) -> Wanted:
    """Ask for the coupons with a printed ``number``."""
    return Wanted(_CALLED, (number_stored(number),))


def of_member(member_id: str, day: str) -> Wanted:
    """Ask for the coupons of a member, but for those that are over on local ``day``."""
    return Wanted(_OF_MEMBER, (member_id, day))


def number_stored(number: str) -> int:
    """Return a printed number as it is stored: its digits."""
    return int(number[1:])


def coupon_rows(body: Sale | SaleReturn, place: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of table ``own_coupon`` that a sale or return at ``place`` makes."""
    for note in notes_of(body):
        yield (place, note.code, number_stored(coupon_number(note.code)), note.deed.value, note.member_id,
               note.promotion, note.last_day)


def own_coupons(database: Database, ranges: Sequence[Range], wanted: Wanted) -> OwnCoupons:
    """Return what was done here to the coupons ``wanted``; the member book counts all places but those of ``ranges``."""
    rows = database.rows(wanted.query, wanted.values)
    notes = tuple(CouponNote(CouponDeed(deed), code, *rest) for _, void, deed, code, *rest in rows if not void)
    counted = {code for place, _, deed, code, *_ in rows if deed == CouponDeed.GIVEN and not any(
        after < place and (through is None or place <= through) for after, through in ranges)}
    return OwnCoupons(notes, frozenset(counted.difference(row[3] for row in rows if row[1])))
