"""The lock screen: who it is, by badge or from the list, then the PIN. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.card import Tap
from station.errors import ErrorCode, StationError
from station.people import Role, StaffRecord
from station.sign_in import Session
from station.staff_desk import StaffDesk
from ui.format import Format, fold_digits
from ui.text import Words, mark
from ui.views_staff import Asked, PersonView, SignInView

ROLES: dict[Role, str] = {
    Role.CASHIER: mark("Cashier"), Role.SENIOR: mark("Senior"), Role.MANAGER: mark("Manager"), Role.SYSTEM: mark("Program")}
_SECONDS_A_MINUTE = 60


class SignInScreen(Protocol):
    """The screen the presenter speaks to."""

    def show_sign_in(self, view: SignInView) -> None:
        """Show ``view``."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """``signed_in`` gets who came in, ``locked_out`` who cannot any more without a second person."""

    signed_in: Callable[[Session, StaffRecord], None]
    locked_out: Callable[[StaffRecord], None]


class SignIn:
    """Where the sign-in stands. Lives on the screen's thread; no action raises ``StationError``.

    What was typed is forgotten with the answer; only a PIN that must be replaced is kept until it is.
    """

    def __init__(
        self, desk: StaffDesk, badge: Callable[[str], int], words: Words, style: Format, screen: SignInScreen,
        outcome: Outcome,
    ) -> None:
        """``badge`` hashes a card's number as badges are looked up; ``outcome`` is told what came of it."""
        self._desk = desk
        self._badge = badge
        self._words, self._style = words, style
        self._screen = screen
        self._outcome = outcome
        self._who: StaffRecord | None = None
        self._asked = Asked.PERSON
        self._old = self._chosen = self._problem = ""

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style, self._problem = words, style, ""
        self.show()

    def begin(self) -> None:
        """Ask who it is; with one person there is nothing to choose."""
        self._forget()
        people = self._desk.people()
        if len(people) == 1:
            self._choose(people[0])
        self.show()

    def tapped(self, tap: Tap) -> None:
        """Take a badge; any other card says nothing about who works here."""
        person = self._desk.wearing(self._badge(tap.number))
        if person is None:
            self._problem = self._words("This is nobody's badge.")
        else:
            self._choose(person)
        self.show()

    def choose(self, staff_id: str) -> None:
        """Take somebody from the list."""
        person = next((each for each in self._desk.people() if each.staff_id == staff_id), None)
        if person:
            self._choose(person)
        self.show()

    def back(self) -> None:
        """Ask who it is again."""
        self._forget()
        self.show()

    def entered(self, text: str) -> None:
        """Take what was typed: a PIN, or a new one."""
        pin = fold_digits(text).strip()
        if self._who is None or not pin:
            return
        try:
            self._take(self._who, pin)
        except StationError as fault:
            self._refused(fault)
        self.show()

    def tell(self, fault: StationError) -> None:
        """Say what went wrong elsewhere."""
        self._problem = self._words.error(fault)
        self.show()

    def show(self) -> None:
        """Show the present state."""
        who = self._who
        people = () if who else tuple(
            describe_person(each, self._words) for each in self._desk.people())
        self._screen.show_sign_in(SignInView(
            self._asked, people, describe_person(who, self._words).name if who else "", self._hint(bool(people)),
            self._problem))

    def _take(self, who: StaffRecord, pin: str) -> None:
        if self._asked is Asked.PIN:
            self._old = pin
            session = self._desk.sign_in(who.staff_id, pin)
        elif self._asked is Asked.NEW_PIN:
            self._chosen, self._asked, self._problem = pin, Asked.NEW_PIN_AGAIN, ""
            return
        elif pin != self._chosen:
            self._chosen, self._asked = "", Asked.NEW_PIN
            self._problem = self._words("That was another PIN. Choose once more.")
            return
        else:
            session = self._desk.choose_pin(who.staff_id, self._old, pin)
        self._forget()
        self._outcome.signed_in(session, who)

    def _refused(self, fault: StationError) -> None:
        """Say why; a PIN that is to be replaced is no fault, and one that is too weak is chosen anew."""
        if fault.code is ErrorCode.PIN_TOO_WEAK:
            self._chosen, self._asked = "", Asked.NEW_PIN
            self._problem = self._words.error(fault) if fault.detail["digits"] else ""
            return
        self._asked, self._old, self._chosen = Asked.PIN, "", ""
        self._problem = self._locked(fault) if fault.code is ErrorCode.SIGN_IN_LOCKED else self._words.error(fault)

    def _locked(self, fault: StationError) -> str:
        if self._who and not fault.detail["seconds"]:
            self._outcome.locked_out(self._who)
        return locked_words(fault, self._words, self._style)

    def _choose(self, person: StaffRecord) -> None:
        self._forget()
        self._who, self._asked = person, Asked.PIN

    def _forget(self) -> None:
        self._who, self._asked = None, Asked.PERSON
        self._old = self._chosen = self._problem = ""

    def _hint(self, anybody: bool) -> str:  # noqa: FBT001 - private, and named where it is called
        words = self._words
        return {
            Asked.PERSON: words("Show your badge, or choose your name.") if anybody else words(
                "Nobody may sign in here yet. Head office sets up the people of this shop."),
            Asked.PIN: words("Type your PIN, then Enter."),
            Asked.NEW_PIN: words("Choose a new PIN, then Enter."),
            Asked.NEW_PIN_AGAIN: words("Type the new PIN once more."),
        }[self._asked]


def locked_words(fault: StationError, words: Words, style: Format) -> str:
    """Return how long somebody who typed too many wrong PINs has to wait, or that a manager has to help."""
    seconds = fault.detail["seconds"]
    if not isinstance(seconds, int) or not seconds:
        return words("Too many wrong PINs. A manager has to let you in again.")
    minutes = -(-seconds // _SECONDS_A_MINUTE)
    return words("Too many wrong PINs. Try again in {minutes} min.", minutes=style.number(minutes))


def describe_person(person: StaffRecord, words: Words) -> PersonView:
    """Return somebody as the lists of people show them."""
    return PersonView(person.staff_id, person.name.in_language(words.language), words(ROLES[person.role]))
