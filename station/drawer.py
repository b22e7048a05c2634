"""The shift that is open: cash moved, read (X), counted blind and closed (Z), and corrected later."""

from station.counter import World
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.people import Actor, Role
from station.shift import (
    UNCOUNTED,
    X_REPORT,
    Z_REPORT,
    CashMoved,
    CashReason,
    Correction,
    CountReason,
    Reading,
    Shift,
    ShiftClosed,
)
from station.sign_in import reaches
from station.staff_event import StaffDeed, StaffEvent
from station.tender import TenderKind
from station.totals import expected_cash

COUNTED = "The drawer is counted"
"""What the journal keeps as the reason."""


class Drawer:
    """What is done with the open shift beside selling. Every step is durable when it returns.

    Each raises ``StationError`` SHIFT_CLOSED without an open shift, 4xx when the journal cannot be written.
    """

    def __init__(self, world: World) -> None:
        """Work with the counter's world."""
        self._world = world

    def move_cash(self, amount: int, reason: CashReason, cashier: Actor, approver: Actor | None = None) -> None:
        """Put ``amount`` into the drawer or, negative, take it out."""
        moved = CashMoved(self._open().number, amount, reason)
        self._append(EntryKind.CASH_MOVED, cashier, moved, approver)

    def read(self, cashier: Actor) -> Reading:
        """Make and return an X report of the open shift."""
        shift, journal = self._open(), self._world.journal
        totals = tuple(journal.totals(shift.number))
        reading = Reading(
            shift.number, journal.reports(X_REPORT) + 1, expected_cash(shift.opening_float, totals), totals)
        self._append(EntryKind.READING, cashier, reading)
        return reading

    def close(self, counted: int | None, reason: CountReason, cashier: Actor, approver: Actor | None = None) -> ShiftClosed:
        """Close the open shift with the cash ``counted`` blind (None: not counted); return its Z report.

        Raises ``StationError`` COUNT_REASON_MISSING when the count differs from what is expected
        and nothing explains it: the figures are told only by the report.
        """
        shift, journal = self._open(), self._world.journal
        totals = tuple(journal.totals(shift.number))
        expected = expected_cash(shift.opening_float, totals)
        if counted is None:
            reason = reason if reason in UNCOUNTED else CountReason.NOT_COUNTED
        elif counted == expected:
            reason = CountReason.NONE
        elif reason is CountReason.NONE or reason in UNCOUNTED:
            raise StationError(ErrorCode.COUNT_REASON_MISSING)
        closed = ShiftClosed(shift.number, journal.reports(Z_REPORT) + 1, counted, expected, reason, totals)
        self._append(EntryKind.SHIFT_CLOSED, cashier, closed, approver)
        return closed

    def open_to_count(self, cashier: Actor) -> None:
        """Write down that the drawer is opened to be counted: it opens after that."""
        event = StaffEvent(StaffDeed.DRAWER_OPENED, cashier.person, note=COUNTED)
        self._world.journal.append(Draft(EntryKind.STAFF, self._world.clock.now(), cashier, event))

    def expected(self) -> int:
        """Return what must be in the drawer: for what is decided after a count was handed in, never to be shown before."""
        shift = self._open()
        return expected_cash(shift.opening_float, self._world.journal.totals(shift.number))

    def correct(
        self, of_shift: int, kind: TenderKind, amount: int, reason: CountReason, cashier: Actor, approver: Actor | None,
    ) -> None:
        """Book in the open shift that the closed shift ``of_shift`` had ``amount`` of ``kind`` wrong.

        Raises ``StationError`` APPROVAL_MISSING unless a manager does it, or another person than ``cashier`` approves.
        """
        alone = approver is None or approver.person == cashier.person
        if alone and not reaches(cashier.role, Role.MANAGER):
            raise StationError(ErrorCode.APPROVAL_MISSING)
        correction = Correction(self._open().number, of_shift, kind, amount, reason)
        self._append(EntryKind.CORRECTION, cashier, correction, approver)

    def _open(self) -> Shift:
        shift = self._world.journal.shift()
        if shift is None:
            raise StationError(ErrorCode.SHIFT_CLOSED)
        return shift

    def _append(
        self, kind: EntryKind, cashier: Actor, body: CashMoved | Reading | ShiftClosed | Correction,
        approver: Actor | None = None,
    ) -> None:
        self._world.journal.append(Draft(kind, self._world.clock.now(), cashier, body, approver))
