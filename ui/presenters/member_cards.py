"""The cards of the member in the basket: how they stand, blocked, put back to use, replaced; further ones, new people. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.bank_cards import Lane, is_bank_card
from station.card import CardLink, CardStatus, Tap
from station.card_desk import CardDesk
from station.card_life import CardReason
from station.claiming import Claiming
from station.counter import Counter
from station.errors import ErrorCode, StationError
from station.people import Actor
from ui.format import Format
from ui.text import Words
from ui.views import Tone

AskApproval = Callable[[int, str, Callable[[Actor], None]], None]
"""Asks a second person for what a sentence tells of a card (its look-up hash), and hands on who approved."""

_FOR_GOOD = (CardStatus.REPLACED, CardStatus.EXPIRED)
_TONES = {CardStatus.ACTIVE: Tone.OK, CardStatus.BLOCKED: Tone.ERROR, CardStatus.LOST: Tone.ERROR}


@dataclass(frozen=True, slots=True)
class MemberParts:
    """What is done with members beside selling: claims at head office, and the cards of this station."""

    claiming: Claiming
    cards: CardDesk


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card: who carries it, how it stands; what may be done with it is ``can_block`` and the like."""

    card: int
    title: str
    status: str
    tone: Tone
    can_block: bool
    can_return: bool
    can_replace: bool


@dataclass(frozen=True, slots=True)
class CardsView:
    """The cards of a member, those in use first.

    ``carriers`` are the people of the family whom a further card may be given to: id and name. ``naming`` tells
    what a new person may do while the name is asked for, "" while it is not. ``waiting`` says
    what the next card that is shown is for, "" where none is waited for; ``news`` is what was done and
    ``problem`` what went wrong, "" for nothing.
    """

    member: str
    rows: tuple[CardRow, ...]
    problem: str = ""
    carriers: tuple[tuple[str, str], ...] = ()
    waiting: str = ""
    news: str = ""
    naming: str = ""


class CardsScreen(Protocol):
    """The dialog the presenter speaks to."""

    def show_cards(self, view: CardsView) -> None:
        """Show ``view``."""
        ...


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the next card is for, in a sentence: the place of card ``replaces``, or a further one for ``holder`` ("": the member)."""

    said: str
    replaces: int | None = None
    holder: str = ""


class MemberCards:
    """Lives on the screen's thread; no action raises ``StationError``."""

    def __init__(self, desk: CardDesk, counter: Counter, by: Callable[[], Actor], screen: CardsScreen) -> None:
        """Work at ``desk`` as whoever ``by`` returns then."""
        self._desk = desk
        self._counter = counter
        self._by = by
        self._screen = screen
        self._words, self._style = Words("en"), Format("en")
        self._wish: _Wish | None = None
        self._is_naming = False
        self._view = CardsView("", ())
        self.ask_approval: AskApproval | None = None

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    def begin(self) -> None:
        """Show the cards of the member in the basket, waiting for none and asking for no name."""
        self._wish, self._is_naming = None, False
        self.show()

    def show(self, problem: str = "", news: str = "") -> None:
        """Show the cards of the member in the basket; of nobody there are none."""
        member = self._counter.member
        try:
            links = self._desk.cards(member.member_id) if member else ()
            names = {each.holder_id: each.name for each in self._desk.holders(member.member_id)} if member else {}
        except StationError as fault:
            links, names, problem = (), {}, self._words.error(fault)
        in_use = sorted(links, key=lambda link: (link.status in _FOR_GOOD, link.status is not CardStatus.ACTIVE))
        self._view = CardsView(
            member.name if member else "",
            tuple(self._row(place, link, names) for place, link in enumerate(in_use, 1)), problem,
            tuple((each, name or self._words("somebody of the family")) for each, name in names.items()),
            self._wish.said if self._wish else "", news,
            self._words("Collects points at once; spends nothing until head office sets limits.") if self._is_naming else "")
        self._screen.show_cards(self._view)

    def block(self, card: int, reason: CardReason) -> None:
        """Block a card at once."""
        self._do(lambda: self._desk.block(card, reason, self._by()))

    def return_to_use(self, card: int, approver: Actor | None = None) -> None:
        """Put a card back to use; where that needs a second person, one is asked."""
        try:
            self._desk.return_to_use(card, CardReason.FOUND, self._by(), approver)
        except StationError as fault:
            if fault.code is ErrorCode.APPROVAL_MISSING and approver is None and self.ask_approval:
                self.ask_approval(card, self._back_to_use(card), lambda who: self.return_to_use(card, who))
            else:
                self.show(self._words.error(fault))
            return
        self.show()

    def _back_to_use(self, card: int) -> str:
        """Return what is approved: whose card, which of them, and how it stands."""
        row = next((each for each in self._view.rows if each.card == card), None)
        return self._words(
            "{member}: {card} ({status}) is put back to use.", card=row.title if row else "", status=row.status if row else "",
            member=self._view.member or self._words("Member without a name"))

    def replace(self, card: int) -> None:
        """Wait for the card that takes the place of ``card``."""
        title = next((row.title for row in self._view.rows if row.card == card), "")
        self._wait(_Wish(self._words("Show the card that takes the place of {card}, or scan it.", card=title), replaces=card))

    def another(self, holder: str = "") -> None:
        """Wait for a further card, of the member or of ``holder`` of the family."""
        self._wait_for(dict(self._view.carriers).get(holder, self._view.member), holder)

    def new_person(self) -> None:
        """Ask for the name of somebody who is new in the family."""
        self._wish, self._is_naming = None, True
        self.show()

    def take_in(self, name: str) -> None:
        """Let ``name`` be of the family, durably, and wait for the card; a name that cannot be taken says why and is asked for still."""
        member = self._counter.member
        if member is None:
            self.begin()
            return
        if is_bank_card(name, Lane.TEXT):
            self.refuse_bank_card()
            return
        try:
            made = self._desk.add_holder(member.member_id, name, self._by())
        except StationError as refused:
            self.show(self._words.error(refused))
            return
        self._wait_for(made.name, made.holder_id)

    def refuse_bank_card(self) -> None:
        """Say that a bank card's number is no name; nothing is kept of it."""
        self.show(self._words.error(StationError(ErrorCode.CARD_IS_BANK_CARD)))

    def stop_waiting(self) -> bool:
        """Wait for no card and no name any more; return whether one was waited for."""
        was = self._wish is not None or self._is_naming
        if was:
            self.begin()
        return was

    def tapped(self, tap: Tap) -> None:
        """Give the card that was shown, durably before it is said; one that cannot be given says why and another is waited for."""
        member, wish, by = self._counter.member, self._wish, self._by()
        if member is None or wish is None:
            self.show(self._words("Say first what this card is for."))
            return
        try:
            if fault := self._desk.fault_of(tap):
                raise fault
            if wish.replaces is None:
                self._desk.issue(tap.number, member.member_id, tap.medium, by, wish.holder)
            else:
                self._desk.replace(wish.replaces, tap.number, tap.medium, by)
        except StationError as refused:
            self.show(self._words.error(refused))
            return
        self._wish = None
        self.show(news=self._words("The card is given."))

    def _wait_for(self, name: str, holder: str) -> None:
        name = name or self._words("Member without a name")
        self._wait(_Wish(self._words("Show the further card of {name}, or scan it.", name=name), holder=holder))

    def _wait(self, wish: _Wish) -> None:
        self._wish, self._is_naming = wish, False
        self.show()

    def _do(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except StationError as fault:
            self.show(self._words.error(fault))
        else:
            self.show()

    def _row(self, place: int, link: CardLink, names: dict[str, str]) -> CardRow:
        words = self._words
        title = words("Card {number}", number=self._style.number(place))
        if link.holder:
            title = words("{card} of {name}", card=title, name=names.get(link.holder) or words("somebody of the family"))
        if link.hash == self._desk.in_hand:
            title = words("{card}, shown now", card=title)
        return CardRow(
            link.hash, title, self._status(link.status), _TONES.get(link.status, Tone.NEUTRAL),
            can_block=link.status is CardStatus.ACTIVE and link.hash != self._desk.in_hand,
            can_return=link.status in (CardStatus.BLOCKED, CardStatus.LOST),
            can_replace=link.status not in _FOR_GOOD and link.hash != self._desk.in_hand)

    def _status(self, status: CardStatus) -> str:
        words = self._words
        return {
            CardStatus.ACTIVE: words("in use"), CardStatus.BLOCKED: words("blocked"), CardStatus.LOST: words("lost"),
            CardStatus.REPLACED: words("replaced"), CardStatus.EXPIRED: words("expired")}[status]
