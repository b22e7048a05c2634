"""Giving a card to the member in the basket: what is asked, what goes on, and what came of it. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from drivers.club_profile import ClubProfile
from drivers.writer_port import CardForm, WriteStep, Written
from station.card import Tap
from station.errors import StationError
from ui.format import fold_digits
from ui.presenters.issuing import Issuing, Order
from ui.presenters.write_steps import STEPS
from ui.text import Words

LAST_DIGITS = 4
_LRM = "\u200e"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen on the page: ``number`` as typed, in whatever digits."""

    form: CardForm
    number: str
    signed: bool
    overwrite: bool


@dataclass(frozen=True, slots=True)
class GiveView:
    """What the page shows: ``step`` what is to be done now, ``problem`` what went wrong, ``news`` what went well.

    While ``is_busy`` nothing can be chosen; ``offers_shown``: a card that lies on a reader can be given as it is.
    """

    member: str
    step: str = ""
    problem: str = ""
    news: str = ""
    is_busy: bool = False
    is_stopping: bool = False
    offers_shown: bool = False


class GivePage(Protocol):
    """The page."""

    def show_give(self, view: GiveView) -> None:
        """Show ``view``."""
        ...

    def propose(self, number: str) -> None:
        """Put a number into the field."""
        ...


class WritingBench(Protocol):
    """Where cards are written, beside the screen."""

    def start(self, order: Order) -> None:
        """Begin; ``GiveCard.stepped`` and ``GiveCard.ended`` are called, on the screen's thread, as it goes on."""
        ...

    def stop(self) -> None:
        """Stop waiting for a card; ``ended`` is called all the same."""
        ...


Outcome = Written | StationError | None


class GiveCard:
    """One card after the other for one member."""

    def __init__(
        self, issuing: Issuing, club: ClubProfile, draw: Callable[[], str], bench: WritingBench, page: GivePage,
    ) -> None:
        """Give numbers of ``club``, new ones from ``draw``."""
        self._issuing = issuing
        self._club = club
        self._draw = draw
        self._bench = bench
        self._page = page
        self._words = Words("en")
        self._member_id = ""
        self._view = GiveView("")
        self._order: Order | None = None
        self._unbound: Order | None = None
        self._shown: Tap | None = None

    def begin(self, member_id: str, name: str, words: Words) -> None:
        """Begin with the member ``member_id``, called ``name``."""
        self._member_id, self._words = member_id, words
        self._order = self._unbound = self._shown = None
        self._page.propose(self._draw())
        self._show(GiveView(name or words("Member without a name")))

    def write(self, wish: Wish) -> None:
        """Have the card written."""
        number = fold_digits(wish.number).strip().upper()
        if self._view.is_busy:
            return
        if not number.isascii() or not self._club.accepts(number.encode()):
            self._tell(problem=self._words("This is no card number of the club."))
            return
        order = Order(number, self._member_id, wish.form, signed=wish.signed, overwrite=wish.overwrite)
        try:
            self._issuing.refuse(order)
        except StationError as fault:
            self._tell(problem=self._words.error(fault))
            return
        self._order, self._unbound, self._shown = order, None, None
        self._show(GiveView(self._view.member, is_busy=True))
        self._bench.start(order)

    def stepped(self, step: WriteStep) -> None:
        """Take news of the writer."""
        self._show(GiveView(self._view.member, self._words(STEPS[step]), is_busy=True, is_stopping=self._view.is_stopping))

    def ended(self, outcome: Outcome) -> None:
        """Take what came of it; a card that was verified is bound."""
        order = self._order
        if order is None:
            return
        self._order = None
        if outcome is None:
            self._tell(news=self._words("Stopped. No card was written."))
        elif isinstance(outcome, StationError):
            self._tell(problem=self._words.error(outcome))
        else:
            fault = self._issuing.bind(order, outcome).fault
            self._bound(order) if fault is None else self._not_bound(order, fault)

    def tapped(self, tap: Tap) -> None:
        """Take a card that lies on a reader: the one written before that is nobody's yet, or one to be given as it is."""
        if self._view.is_busy:
            return
        if self._unbound is not None:
            self._bind_shown(self._unbound, tap)
        elif not self._issuing.is_done(Order(tap.number, self._member_id, CardForm.TAG)):
            self._shown = tap
            lies = self._words(
                "Card {number} lies on the reader. It can be given as it is.", number=self._masked(tap.number))
            self._show(replace(self._view, step=lies, offers_shown=True))

    def give_shown(self) -> None:
        """Give the card that was shown, as it is."""
        tap, self._shown = self._shown, None
        if tap is not None:
            self._bind_shown(Order(tap.number, self._member_id, CardForm.TAG), tap)

    def leave(self) -> bool:
        """Stop what goes on and tell whether the page may close now."""
        if self._view.is_busy:
            self._show(GiveView(self._view.member, self._view.step, is_busy=True, is_stopping=True))
            self._bench.stop()
            return False
        return True

    def _bind_shown(self, order: Order, tap: Tap) -> None:
        try:
            self._issuing.bind_shown(order, tap)
        except StationError as fault:
            self._tell(problem=self._words.error(fault))
            return
        self._bound(order)

    def _bound(self, order: Order) -> None:
        self._unbound = None
        self._page.propose(self._draw())
        self._tell(news=self._words("Card {number} is given.", number=self._masked(order.number)))

    def _not_bound(self, order: Order, fault: StationError) -> None:
        self._unbound = order
        self._tell(problem=self._words(
            "Card {number} is written and nobody's yet: {reason} Lay it on a reader to give it.",
            number=self._masked(order.number), reason=self._words.error(fault)))

    def _tell(self, problem: str = "", news: str = "") -> None:
        self._show(GiveView(self._view.member, problem=problem, news=news))

    def _show(self, view: GiveView) -> None:
        self._view = view
        self._page.show_give(view)

    def _masked(self, number: str) -> str:
        """Return the last digits, with the dots before them in either direction of reading."""
        return f"{_LRM}…{number[-LAST_DIGITS:]}{_LRM}"
