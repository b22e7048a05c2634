"""Cash moved in or out of the drawer without a sale, and what a closed shift had wrong. No Qt."""

from collections.abc import Callable, Sequence

from station.approval import Operation, OperationKind
from station.dates import add_days
from station.people import Role
from station.shift import DIFFERING, CashReason, CountReason
from station.shift_rows import ShiftRow
from station.span import Span
from station.tender import TenderKind
from ui.format import Format
from ui.presenters.report_paper import MEANS, REASONS
from ui.presenters.shift_parts import ShiftParts
from ui.presenters.shift_words import CORRECTED, PUT_FOR, TAKEN_FOR, amount_of, reasons
from ui.text import Words
from ui.views_shift import ClosedShift, CorrectionView

CORRECTED_DAYS = 31
"""So far back a closed shift is offered to be corrected; what is older is head office's."""

ShiftsOf = Callable[[Span], Sequence[ShiftRow]]


class CashDesk:
    """Lives on the screen's thread. ``done`` is told in a sentence what is in the journal now."""

    def __init__(
        self, parts: ShiftParts, shifts_of: ShiftsOf, words: Words, style: Format, done: Callable[[str], None],
    ) -> None:
        """``shifts_of`` returns the shifts of a span, the latest first."""
        self._parts = parts
        self._shifts_of = shifts_of
        self._words, self._style = words, style
        self._done = done

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    def move(self, text: str, reason: CashReason, *, out: bool) -> str:
        """Move the amount typed for ``reason``; return what was wrong with it, "" when it is done or being approved.

        The drawer opens once the journal has it. Raises ``StationError`` SHIFT_CLOSED, 4xx.
        """
        words, style = self._words, self._style
        size = amount_of(text, style)
        if not size:
            return words("Type an amount above 0.")
        parts, actor, amount = self._parts, self._parts.at_till.actor, -size if out else size
        why = words((TAKEN_FOR if out else PUT_FOR)[reason])
        said = (words("Taken out of the drawer: {amount} ({reason})", amount=style.money(size), reason=why) if out else
                words("Put into the drawer: {amount} ({reason})", amount=style.money(size), reason=why))
        shift = parts.shifts.shift()
        number = shift.number if shift else 0
        needs = parts.drawer_rules().moving(amount)
        operation = Operation(OperationKind.CASH_MOVED, actor, f"shift-{number}/{reason.value}", amount, needs)
        parts.approved(operation, said, lambda approver: self._book(
            lambda: parts.drawer.move_cash(amount, reason, actor, approver), said, kick=True))
        return ""

    def corrections(self) -> CorrectionView:
        """Return what can be corrected: the closed shifts of the last month, the latest first."""
        words, style = self._words, self._style
        today = self._parts.clock.now().date
        rows = self._shifts_of(Span(add_days(today, -CORRECTED_DAYS), today))
        closed = tuple(
            ClosedShift(each.number, words(
                "Shift {number} of {date}, {name}", number=style.number(each.number), date=style.date(each.business_date),
                name=self._parts.name(each.cashier).in_language(words.language)))
            for each in rows if each.closing)
        return CorrectionView(
            closed, tuple((kind, words(MEANS[kind])) for kind in CORRECTED), reasons(DIFFERING, words), style.unit_name)

    def correct(self, of_shift: int, kind: TenderKind, text: str, reason: CountReason, *, less: bool) -> str:
        """Book that ``of_shift`` had the amount typed too little of ``kind``, or too much of it (``less``); as ``move``."""
        words, style = self._words, self._style
        size = amount_of(text, style)
        if not size:
            return words("Type an amount above 0.")
        parts, actor, amount = self._parts, self._parts.at_till.actor, -size if less else size
        said = words("Shift {number} is corrected: {means} {amount} ({reason})", number=style.number(of_shift),
                     means=words(MEANS[kind]), amount=style.money(amount), reason=words(REASONS[reason]))
        operation = Operation(
            OperationKind.CORRECTION, actor, f"shift-{of_shift}/{kind.value}", amount, Role.MANAGER)
        parts.approved(operation, said, lambda approver: self._book(
            lambda: parts.drawer.correct(of_shift, kind, amount, reason, actor, approver), said, kick=False))
        return ""

    def _book(self, write: Callable[[], None], said: str, *, kick: bool) -> None:
        write()
        self._parts.changed()
        self._done(said)
        if kick:
            self._parts.kick()
