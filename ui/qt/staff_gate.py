"""The till's door: locked until somebody signs in, locked again when nobody does anything; and who approves what."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from station.approval import Approval, Operation
from station.card import Tap
from station.clock import Clock
from station.errors import StationError
from station.people import Actor, StaffRecord
from station.sign_in import Session, SessionRules
from station.staff_desk import StaffDesk, letting_in
from ui.format import Format
from ui.presenters.approving import Approving
from ui.presenters.at_till import NOBODY, AtTill, Person
from ui.presenters.sign_in import Outcome, SignIn
from ui.qt.approval_dialog import ApprovalDialog
from ui.qt.coming import unfinished
from ui.qt.guard import guarded
from ui.qt.lock_page import LockPage
from ui.text import Words
from ui.views_staff import ApprovalView

_BUSY = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel, QEvent.Type.MouseMove})


@dataclass(frozen=True, slots=True)
class StaffParts:
    """What the door needs: the ``desk`` of people, how ``badge`` numbers are looked up, who is ``at_till``.

    ``came`` gets who signed in, before the counter shows; it may raise ``StationError``, and nobody is in then.
    """

    desk: StaffDesk
    badge: Callable[[str], int]
    at_till: AtTill
    clock: Clock
    came: Callable[[Person], None] = lambda _person: None
    rules: SessionRules = SessionRules()  # noqa: RUF009 - frozen


class StaffGate(QObject):
    """``changed`` is called whenever the till was locked or opened."""

    def __init__(self, parts: StaffParts, words: Words, style: Format, parent: QWidget, changed: Callable[[], None]) -> None:
        """Begin locked."""
        super().__init__(parent)
        self._parts = parts
        self._changed = changed
        self._session: Session | None = None
        self._words = words
        self.page = LockPage(parent)
        self.sign_in = SignIn(parts.desk, parts.badge, words, style, self.page,
                              Outcome(self._came, self._locked_out))
        self.page.connect_to(self.sign_in)
        self.approving = Approving(parts.desk, parts.badge, words, style, self)
        self.dialog = ApprovalDialog(self.approving, parent)

    @property
    def locked(self) -> bool:
        """Whether nobody is signed in."""
        return self._session is None

    def set_words(self, words: Words, style: Format) -> None:
        """Speak another language."""
        self._words = words
        self.page.set_words(words)
        self.dialog.set_words(words)
        self.sign_in.speak(words, style)
        self.approving.speak(words, style)

    def begin(self) -> None:
        """Ask who it is."""
        self.sign_in.begin()

    def lock(self, *, by_itself: bool = False) -> None:
        """Lock the till at once; what is in the basket stays there."""
        session, self._session = self._session, None
        self._parts.at_till.person = NOBODY
        if session:
            self.approving.cancel()
            self.sign_in.begin()
            self._changed()
            self._parts.desk.sign_out(session, by_itself=by_itself)

    def tick(self) -> None:
        """Lock when nobody did anything for too long; called every second."""
        now_us = self._parts.clock.now().utc_us
        if self._session and self._session.is_over(now_us, self._parts.rules):
            self.lock(by_itself=True)

    def tapped(self, tap: Tap) -> bool:
        """Take a card that is meant for the door; return whether it was."""
        if self.approving.asking:
            self.approving.tapped(tap)
        elif self.locked:
            self.sign_in.tapped(tap)
        else:
            self._busy()
            return False
        return True

    def scanned(self) -> bool:
        """Hear that a code was scanned: somebody is there. Refuse it aloud at the lock and while somebody is asked; return whether."""
        if self.approving.asking:
            self.dialog.refuse(unfinished(self._words))
        elif self.locked:
            self.page.refuse(self._words("Sign in first: nothing was scanned."))
        else:
            self._busy()
            return False
        QApplication.beep()
        return True

    def ask(self, operation: Operation, what: str, approved: Callable[[Approval], None]) -> None:
        """Ask a second person to approve ``operation``, which ``what`` tells in a sentence."""
        self.approving.ask(operation, what, approved)

    def show_approval(self, view: ApprovalView | None) -> None:
        """Show the question, or close it."""
        self.dialog.show_approval(view)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take note that somebody is there."""
        if event.type() in _BUSY:
            self._busy()
        return super().eventFilter(watched, event)

    def _busy(self) -> None:
        if self._session:
            self._session = self._session.busy(self._parts.clock.now().utc_us)

    def _locked_out(self, who: StaffRecord) -> None:
        """Ask a manager to let somebody in who typed too many wrong PINs."""
        asked_by = Actor(who.staff_id, who.role)
        name = who.name.in_language(self._words.language)

        def let_in(approval: Approval) -> None:
            try:
                self._parts.desk.let_in(who.staff_id, approval, asked_by)
            except StationError as fault:
                self.sign_in.tell(fault)
            else:
                self.sign_in.choose(who.staff_id)

        self.ask(letting_in(who.staff_id, asked_by), self._words("{name} may sign in again", name=name), let_in)

    def _came(self, session: Session, who: StaffRecord) -> None:
        person = Person(session.actor, who.name, who.member_id)
        try:
            self._parts.came(person)
        except StationError:
            self._parts.desk.sign_out(session)
            raise
        self._session = session
        self._parts.at_till.person = person
        self._changed()
