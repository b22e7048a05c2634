"""Opening the shift with a float, reading it (X), counting it blind and closing it (Z). No Qt.

Nobody is told what is expected in the drawer before the count is handed in: no view of the count has
that figure, and an X report is for those who do not count the drawer they look into.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from station.approval import Operation, OperationKind
from station.cash_count import CashCount, Counting
from station.errors import ErrorCode, StationError
from station.people import Actor, Role
from station.shift import DIFFERING, UNCOUNTED, X_REPORT, Z_REPORT, CountReason, Shift, ShiftClosed
from station.sign_in import reaches
from ui.format import Format
from ui.presenters.reasons import in_unit
from ui.presenters.report_paper import REASONS, fitted, report_view
from ui.presenters.shift_parts import ShiftParts
from ui.presenters.shift_words import amount_of, many_of, pieces, reasons
from ui.text import Words
from ui.views import Tone
from ui.views_shift import Counted, CountView, ReasonView, ReportScreen


class ShiftScreen(Protocol):
    """The page the presenter speaks to."""

    def show_count(self, view: CountView) -> None:
        """Show the cash being counted."""
        ...

    def show_reasons(self, view: ReasonView) -> None:
        """Ask why the count is not what is expected."""
        ...

    def show_report(self, view: ReportScreen) -> None:
        """Show a report."""
        ...

    def leave(self) -> None:
        """Go back to the counter."""
        ...


class _Step(StrEnum):
    AWAY = "AWAY"
    COUNT = "COUNT"
    REASON = "REASON"
    REPORT = "REPORT"


class ShiftDesk:
    """Lives on the screen's thread. Every action may raise ``StationError``; what was counted is kept then."""

    def __init__(self, parts: ShiftParts, words: Words, style: Format, screen: ShiftScreen) -> None:
        """Show nothing yet."""
        self._parts = parts
        self._words, self._style = words, style
        self._screen = screen
        self._step = _Step.AWAY
        self._purpose = Counted.OPENING
        self._counting = Counting(0)
        self._rest, self._problem = "", ""
        self._wrong: set[int] = set()
        self._report = Z_REPORT, 0

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language; a sum that was typed is written anew in its unit."""
        self._words, self._style = words, style
        self._rest = style.amount(self._counting.count.rest) if self._counting.count.rest else ""
        self._wrong, self._problem = set(), ""
        self._show()

    def begin(self) -> None:
        """Ask for what has to be done before selling: a shift left open is counted, without one the next is opened."""
        shift = self._parts.shifts.shift()
        if shift is None:
            self.open()
        elif shift.is_overdue(self._parts.clock.now()):
            self.close()

    def open(self) -> None:
        """Ask for the float of the next shift. Raises ``StationError`` SHIFT_OPEN."""
        if self._parts.shifts.shift():
            raise StationError(ErrorCode.SHIFT_OPEN)
        if self._purpose is not Counted.OPENING:
            self._counting = Counting(0)
        self._start(Counted.OPENING)

    def close(self) -> None:
        """Ask for the count of the open shift, going on with what was counted. Raises ``StationError`` SHIFT_CLOSED."""
        shift = self._shift()
        self._counting = self._parts.counts.kept(shift.number).now(self._parts.drawer.expected())
        overdue = shift.is_overdue(self._parts.clock.now())
        self._start(Counted.OVERDUE if overdue else Counted.CLOSING)

    def away(self) -> None:
        """Take note that the page is not shown any more; what was counted stays."""
        self._step = _Step.AWAY

    def count(self, denomination: int, text: str) -> None:
        """Take how many pieces of ``denomination`` there are, as typed."""
        many = many_of(text)
        self._understood(denomination, known=many is not None)
        if many is not None:
            self._keep(self._counting.count.having(denomination, many))
        self._show()

    def count_rest(self, text: str) -> None:
        """Take the sum of what was counted otherwise, as typed in the unit of the screen."""
        self._rest, amount = text, amount_of(text, self._style)
        self._understood(0, known=amount is not None)
        if amount is not None:
            self._keep(replace(self._counting.count, rest=amount))
        self._show()

    def hand_in(self) -> None:
        """Open the shift with what was counted, or close it; what differs wants a reason first."""
        if self._wrong:
            self._show()
        elif self._purpose is Counted.OPENING:
            self._open_with(self._counting.count.total)
        elif not self._counting.count.pieces and not self._rest.strip():
            self._problem = self._words("Count the cash, or type 0 if there is none.")
            self._show()
        else:
            self._compare()

    def choose(self, reason: CountReason) -> None:
        """Close the shift with a count that differs, for ``reason``; by how much may want a second person."""
        parts, actor, total = self._parts, self._parts.at_till.actor, self._counting.count.total
        number, difference = self._shift().number, total - self._parts.drawer.expected()
        needs = parts.drawer_rules().closing(difference)
        operation = Operation(OperationKind.COUNT_DIFFERENCE, actor, f"shift-{number}", difference, needs)
        what = self._words(
            "Shift {number} is closed with a difference of {amount}: {reason}", number=self._style.number(number),
            amount=self._style.money(difference), reason=self._words(REASONS[reason]))
        if not reaches(actor.role, needs):
            self._note(replace(self._counting, shown=True))
            self._show()
        parts.approved(operation, what, self._closing(total, reason, actor))

    def count_again(self) -> None:
        """Go back to the count, where that is still allowed."""
        if self._counting.may_count_again:
            self._start(self._purpose)

    def leave_uncounted(self, reason: CountReason) -> None:
        """Close the shift without a count, for one of ``UNCOUNTED``; a manager does or approves it."""
        parts, actor, number = self._parts, self._parts.at_till.actor, self._shift().number
        operation = Operation(
            OperationKind.COUNT_DIFFERENCE, actor, f"shift-{number}/uncounted", needs=Role.MANAGER)
        what = self._words("Shift {number} is closed without a count: {reason}", number=self._style.number(number),
                           reason=self._words(REASONS[reason]))
        parts.approved(operation, what, self._closing(None, reason, actor))

    def read(self) -> None:
        """Make an X report, show it and print it. Raises ``StationError`` SHIFT_CLOSED."""
        reading = self._parts.drawer.read(self._parts.at_till.actor)
        self._tell(X_REPORT, reading.number)

    def print_again(self) -> None:
        """Print the report that is shown once more."""
        self._parts.reprint(*self._report)

    def go_on(self) -> None:
        """Go on from a report: to the next shift after a closed one, else back to the counter."""
        if self._parts.shifts.shift() is None:
            self.open()
        else:
            self._step = _Step.AWAY
            self._screen.leave()

    def back(self) -> bool:
        """Go from the reasons back to the count; return whether there was such a step."""
        if self._step is _Step.REASON and self._counting.may_count_again:
            self.count_again()
            return True
        return False

    def open_drawer(self) -> None:
        """Open the drawer to count what is in it: written down first, and one of the things that stand out when often done."""
        self._parts.drawer.open_to_count(self._parts.at_till.actor)
        self._parts.changed()
        self._parts.kick()

    def _shift(self) -> Shift:
        shift = self._parts.shifts.shift()
        if shift is None:
            raise StationError(ErrorCode.SHIFT_CLOSED)
        return shift

    def _start(self, purpose: Counted) -> None:
        self._purpose, self._problem, self._wrong = purpose, "", set()
        self._rest = self._style.amount(self._counting.count.rest) if self._counting.count.rest else ""
        bound = self._counting.differed and not self._counting.may_count_again
        self._step = _Step.REASON if bound else _Step.COUNT
        self._show()

    def _understood(self, field: int, *, known: bool) -> None:
        self._wrong = self._wrong - {field} if known else self._wrong | {field}
        self._problem = self._words("This is not a number.") if self._wrong else ""

    def _keep(self, count: CashCount) -> None:
        if count != self._counting.count:
            self._note(replace(self._counting, count=count))

    def _note(self, counting: Counting) -> None:
        self._counting = counting
        if self._purpose is not Counted.OPENING:
            self._parts.counts.keep(counting)

    def _open_with(self, opening_float: int) -> None:
        self._parts.open_shift(self._parts.at_till.actor, opening_float)
        self._counting, self._step = Counting(0), _Step.AWAY
        self._parts.changed()
        self._screen.leave()
        if opening_float:
            self._parts.kick()

    def _compare(self) -> None:
        try:
            self._close(self._counting.count.total, CountReason.NONE, self._parts.at_till.actor, None)
        except StationError as fault:
            if fault.code is not ErrorCode.COUNT_REASON_MISSING:
                raise
            self._note(replace(self._counting, differed=self._counting.differed + 1))
            self._step = _Step.REASON
            self._show()

    def _closing(self, counted: int | None, reason: CountReason, actor: Actor) -> Callable[[Actor | None], None]:
        return lambda approver: self._close(counted, reason, actor, approver)

    def _close(self, counted: int | None, reason: CountReason, actor: Actor, approver: Actor | None) -> None:
        closed = self._parts.drawer.close(counted, reason, actor, approver)
        self._counting = Counting(0)
        self._tell(Z_REPORT, closed.number)

    def _tell(self, kind: str, number: int) -> None:
        """Show a report that is durable by now."""
        self._report, self._step = (kind, number), _Step.REPORT
        self._parts.changed()
        self._show()

    def _show(self) -> None:
        match self._step:
            case _Step.COUNT:
                self._screen.show_count(self._count_view())
            case _Step.REASON:
                again = self._counting.may_count_again
                hint = (self._words("Count once more, or say why.") if again else
                        self._words("It was counted twice, or somebody has seen by how much: say why."))
                self._screen.show_reasons(ReasonView(
                    self._words("The count is not what is expected"), hint, reasons(DIFFERING, self._words), again))
            case _Step.REPORT:
                self._screen.show_report(self._report_screen())
            case _Step.AWAY:
                pass

    def _count_view(self) -> CountView:
        words, style, count, purpose = self._words, self._style, self._counting.count, self._purpose
        shift, pack = self._parts.shifts.shift(), self._parts.pack()
        number = style.number(shift.number) if shift else ""
        title, hint = {
            Counted.OPENING: (words("Open the shift"), words("How much cash is in the drawer to begin with?")),
            Counted.CLOSING: (words("Close shift {number}", number=number),
                              words("Count the drawer. What is expected is told afterwards.")),
            Counted.OVERDUE: (
                words("Shift {number} of {date} was left open", number=number, date=style.date(shift.business_date) if shift else ""),
                words("Count the drawer, so that the day is closed. What is expected is told afterwards."))}[purpose]
        return CountView(
            purpose, title, hint, style.unit_name, pieces(count, pack.currency if pack else "", style), self._rest,
            in_unit(style, count.total), self._problem,
            () if purpose is Counted.OPENING else reasons(UNCOUNTED, words))

    def _report_screen(self) -> ReportScreen:
        words, style = self._words, self._style
        kind, number = self._report
        entry = self._parts.shifts.report(kind, number)
        body = entry.body
        name = self._parts.name(entry.actor.person).in_language(words.language)
        paper = report_view(entry, self._parts.shop.in_language(words.language), name, words, style, copy=False)
        if not isinstance(body, ShiftClosed):
            return ReportScreen(words("X report {number}", number=style.number(number)),
                                words("The shift goes on."), Tone.NEUTRAL, paper, closed=False)
        told, tone = words("The count is as expected."), Tone.OK
        if body.counted is None:
            told, tone = words("Not counted"), Tone.WARN
        elif body.difference:
            told, tone = words("Difference: {amount}", amount=fitted(body, style).money(body.difference)), Tone.WARN
        return ReportScreen(words("Shift {shift} is closed · Z report {number}", shift=style.number(body.shift),
                                  number=style.number(number)), told, tone, paper, closed=True)
