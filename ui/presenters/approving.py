"""Asking a second person: what, how much, for whom; then badge or name, and PIN. No Qt."""

from collections.abc import Callable
from typing import Protocol

from station.approval import Approval, Operation
from station.card import Tap
from station.errors import ErrorCode, StationError
from station.people import StaffRecord
from station.sign_in import reaches
from station.staff_desk import StaffDesk
from ui.format import Format, fold_digits
from ui.presenters.sign_in import describe_person, locked_words
from ui.text import Words
from ui.views_staff import ApprovalView, Asked


class ApprovalScreen(Protocol):
    """The screen the presenter speaks to; None closes it."""

    def show_approval(self, view: ApprovalView | None) -> None:
        """Show ``view``."""
        ...


class Approving:
    """One question at a time. Lives on the screen's thread; no action raises ``StationError``."""

    def __init__(
        self, desk: StaffDesk, badge: Callable[[str], int], words: Words, style: Format, screen: ApprovalScreen,
    ) -> None:
        """``badge`` hashes a card's number as badges are looked up."""
        self._desk = desk
        self._badge = badge
        self._words, self._style = words, style
        self._screen = screen
        self._operation: Operation | None = None
        self._what = self._problem = ""
        self._who: StaffRecord | None = None
        self._approved: Callable[[Approval], None] = lambda _approval: None

    @property
    def asking(self) -> bool:
        """Whether a second person is being asked."""
        return self._operation is not None

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language; a question that is open is put away, for its sentence is in the old one."""
        self._words, self._style = words, style
        self.cancel()

    def ask(self, operation: Operation, what: str, approved: Callable[[Approval], None]) -> None:
        """Ask for ``operation``, which ``what`` tells in a sentence; ``approved`` gets the approval."""
        self._operation, self._what, self._approved = operation, what, approved
        self._who, self._problem = None, ""
        able = self._able()
        if len(able) == 1:
            self._who = able[0]
        self._show()

    def tapped(self, tap: Tap) -> None:
        """Take a badge."""
        person = self._desk.wearing(self._badge(tap.number))
        if person in self._able():
            self._who, self._problem = person, ""
        else:
            self._problem = self._words("This badge cannot approve it.")
        self._show()

    def choose(self, staff_id: str) -> None:
        """Take somebody from the list."""
        self._who = next((each for each in self._able() if each.staff_id == staff_id), None)
        self._problem = ""
        self._show()

    def entered(self, text: str) -> None:
        """Take the PIN of who was chosen."""
        pin, operation = fold_digits(text).strip(), self._operation
        if self._who is None or operation is None or not pin:
            return
        try:
            approval = self._desk.approve(operation, self._who.staff_id, pin)
        except StationError as fault:
            words, is_locked = self._words, fault.code is ErrorCode.SIGN_IN_LOCKED
            self._problem = locked_words(fault, words, self._style) if is_locked else words.error(fault)
            self._show()
            return
        approved = self._approved
        self.cancel()
        approved(approval)

    def cancel(self) -> None:
        """Ask no more; nothing was approved."""
        self._operation = self._who = None
        self._what = self._problem = ""
        self._show()

    def _able(self) -> list[StaffRecord]:
        operation = self._operation
        if operation is None:
            return []
        return [each for each in self._desk.people()
                if each.staff_id != operation.asked_by.person and reaches(each.role, operation.needs)]

    def _show(self) -> None:
        if self._operation is None:
            self._screen.show_approval(None)
            return
        words, able = self._words, self._able()
        hint = (words("Show your badge, or choose your name.") if able else
                words("Nobody else here can approve this."))
        who = describe_person(self._who, words).name if self._who else ""
        self._screen.show_approval(ApprovalView(
            Asked.PIN if self._who else Asked.PERSON, self._what, who,
            words("Type your PIN, then Enter.") if self._who else hint,
            () if self._who else tuple(describe_person(each, words) for each in able), self._problem))
