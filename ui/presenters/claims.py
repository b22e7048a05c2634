"""Who forgot the card: a phone, then the member's PIN or the code that was sent, and how many tries are left. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.claiming import Claiming
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.in_hand import InHand
from station.step_up import ClaimMethod
from ui.format import Format, fold_digits
from ui.text import Words

_LINE_CODES = 5


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What the dialog shows: the question for the phone, or (``is_open``) the one for the answer.

    ``phone`` is put into the field when the dialog opens. ``tries`` says how many are left, ``is_secret``
    whether the answer is a PIN; ``problem`` what went wrong, "" for nothing.
    """

    is_open: bool
    phone: str = ""
    hint: str = ""
    tries: str = ""
    problem: str = ""
    is_secret: bool = False


class ClaimScreen(Protocol):
    """The dialog the presenter speaks to; None closes it."""

    def show_claim(self, view: ClaimView | None) -> None:
        """Show ``view``."""
        ...


class ClaimPage:
    """One claim at a time. Lives on the screen's thread; no action raises ``StationError``."""

    def __init__(self, claiming: Claiming, counter: Counter, shown: Callable[[InHand | None], None], screen: ClaimScreen) -> None:
        """Claim for the basket of ``counter``; ``shown`` gets it as it was before something was proven, and shows it anew."""
        self._claiming = claiming
        self._counter = counter
        self._shown = shown
        self._screen = screen
        self._words, self._style = Words("en"), Format("en")

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    def start(self) -> None:
        """Ask for the phone; the member's own stands there when one is in the basket."""
        self._claiming.give_up()
        member = self._counter.member
        self._screen.show_claim(ClaimView(is_open=False, phone=member.phone if member else ""))

    def begin(self, phone: str, method: ClaimMethod) -> None:
        """Ask head office about the phone as typed: by a code it sends, or by the member's PIN."""
        member = self._counter.member
        is_theirs = member is not None and fold_digits(phone).strip() == member.phone
        try:
            self._claiming.begin(phone, method, member.member_id if member and is_theirs else "")
        except StationError as fault:
            problem = self._problem(fault)
            if fault.code is ErrorCode.CLAIM_REFUSED:
                problem = self._words("This is no phone number.")
            self._screen.show_claim(ClaimView(is_open=False, phone=phone, problem=problem))
            return
        self._ask()

    def answer(self, typed: str) -> None:
        """Hand in what was typed; what is proven closes the dialog."""
        before = self._counter.in_hand
        try:
            self._claiming.answer(typed)
        except StationError as fault:
            problem = self._problem(fault)
            if self._claiming.claim:
                self._ask(problem)
            else:
                self._screen.show_claim(ClaimView(is_open=False, problem=problem))
            return
        self._screen.show_claim(None)
        self._shown(before)

    def cancel(self) -> None:
        """Give the claim up and close."""
        self._claiming.give_up()
        self._screen.show_claim(None)

    def _ask(self, problem: str = "") -> None:
        claim, words = self._claiming.claim, self._words
        if claim is None:
            return
        by_pin = claim.method is ClaimMethod.PIN
        hint = words("The member types the PIN.") if by_pin else words(
            "If this phone is a member's, a code is on its way to it. Let the member read it out.")
        tries = words("Tries left: {count}", count=self._style.number(claim.tries_left))
        self._screen.show_claim(ClaimView(
            is_open=True, hint=hint, tries=tries, problem=problem, is_secret=by_pin))

    def _problem(self, fault: StationError) -> str:
        if fault.code // 100 == _LINE_CODES:
            return self._words(
                "Without head office nobody can prove to be a member. Find the member by name or phone; points are limited then.")
        return self._words.error(fault)
