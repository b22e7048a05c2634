"""What a second person approved in a span of days, read from the entries themselves.

Most entries name no approver, and are passed over by their bytes alone; what was cut off is not in it.
"""

from collections.abc import Iterator

import msgspec

from data.database import Database
from data.shift_places import PLACES
from station.approval import OperationKind
from station.clock import Moment
from station.journal import EntryKind
from station.people import Actor
from station.sale import ReturnCause
from station.shift_rows import ApprovalRow
from station.span import Span
from station.staff_event import StaffDeed

_NAMED = b'"approver":{'
"""How an entry says, anywhere in it, that somebody approved; inside a text the quotes would be escaped."""

_WHAT = {
    EntryKind.SALE: OperationKind.HAND_DISCOUNT, EntryKind.RETURN: OperationKind.RETURN,
    EntryKind.RETURN_UNKNOWN: OperationKind.RETURN_UNKNOWN, EntryKind.CASH_MOVED: OperationKind.CASH_MOVED,
    EntryKind.SHIFT_CLOSED: OperationKind.COUNT_DIFFERENCE, EntryKind.CORRECTION: OperationKind.CORRECTION,
    EntryKind.CARD_CHANGED: OperationKind.CARD_BACK_IN_USE, EntryKind.MEMBER_ENROLLED: OperationKind.ENROL,
    EntryKind.MEMBER_TOLD: OperationKind.BIRTHDAY}
_DEEDS = {StaffDeed.DRAWER_OPENED: OperationKind.DRAWER, StaffDeed.LET_IN: OperationKind.LET_IN,
          StaffDeed.TRAINING_BEGUN: OperationKind.TRAINING}


class _Given(msgspec.Struct, frozen=True):
    """The part of a discount by hand that is told."""

    actor: Actor
    reason: str
    approver: Actor | None = None


class _Basket(msgspec.Struct, frozen=True):
    """The part of a basket that people gave."""

    by_hand: tuple[_Given, ...] = ()


class _Off(msgspec.Struct, frozen=True):
    """The part of a discount that is told."""

    rule: str
    amount: int


class _Priced(msgspec.Struct, frozen=True):
    """The part of a priced basket that is told."""

    discounts: tuple[_Off, ...] = ()


class _Body(msgspec.Struct, frozen=True):
    """The parts of bodies, of whatever kind, that are told: each kind has some of them."""

    basket: _Basket | None = None
    priced: _Priced | None = None
    amount: int | None = None
    money: int | None = None
    counted: int | None = None
    expected_cash: int | None = None
    reason: str = ""
    note: str = ""
    cause: str = ""
    deed: str = ""


class _Entry(msgspec.Struct, frozen=True):
    """The part of an entry that is told."""

    at: Moment
    actor: Actor
    body: _Body
    approver: Actor | None = None


def approvals(database: Database, span: Span) -> tuple[ApprovalRow, ...]:
    """Return what was approved in ``span``, the latest first. Raises ``StationError`` 4xx."""
    found = [row for place, day, shift, kind, raw in database.rows(
        f"SELECT entry.place, shift.business_date, shift.number, entry.kind, raw{PLACES.format(table='entry')}"
        " WHERE shift.business_date BETWEEN ? AND ? AND instr(raw, ?) ORDER BY entry.place DESC",
        (span.first, span.last, _NAMED))
        for row in _rows(place, day, shift, EntryKind(kind), msgspec.json.decode(raw, type=_Entry))]
    return tuple(found)


def _rows(place: int, day: str, shift: int, kind: EntryKind, entry: _Entry) -> Iterator[ApprovalRow]:
    body = entry.body
    if body.basket:
        for number, given in enumerate(body.basket.by_hand, 1):
            if given.approver:
                yield ApprovalRow(
                    place, day, shift, entry.at, given.actor.person, given.approver.person, OperationKind.HAND_DISCOUNT,
                    sum(off.amount for off in (body.priced or _Priced()).discounts if off.rule == f"hand/{number}"), given.reason)
    if entry.approver:
        yield ApprovalRow(
            place, day, shift, entry.at, entry.actor.person, entry.approver.person, _what(kind, body), _amount(body),
            body.reason or body.note)


def _what(kind: EntryKind, body: _Body) -> OperationKind | None:
    if body.cause == ReturnCause.VOID:
        return OperationKind.VOID
    return _DEEDS.get(StaffDeed(body.deed)) if body.deed else _WHAT.get(kind)


def _amount(body: _Body) -> int | None:
    if body.counted is not None and body.expected_cash is not None:
        return body.counted - body.expected_cash
    return body.money if body.money is not None else body.amount
