"""The cards of the member in the basket: how they stand, blocked and put back to use. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.card import CardLink, CardStatus
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
    """One card: who carries it, how it stands; ``can_block`` and ``can_return`` what may be done with it."""

    card: int
    title: str
    status: str
    tone: Tone
    can_block: bool
    can_return: bool


@dataclass(frozen=True, slots=True)
class CardsView:
    """The cards of a member, those in use first; ``problem`` is what went wrong, "" for nothing."""

    member: str
    rows: tuple[CardRow, ...]
    problem: str = ""


class CardsScreen(Protocol):
    """The dialog the presenter speaks to."""

    def show_cards(self, view: CardsView) -> None:
        """Show ``view``."""
        ...


class MemberCards:
    """Lives on the screen's thread; no action raises ``StationError``."""

    def __init__(self, desk: CardDesk, counter: Counter, by: Callable[[], Actor], screen: CardsScreen) -> None:
        """Work at ``desk`` as whoever ``by`` returns then."""
        self._desk = desk
        self._counter = counter
        self._by = by
        self._screen = screen
        self._words, self._style = Words("en"), Format("en")
        self.ask_approval: AskApproval | None = None

    def speak(self, words: Words, style: Format) -> None:
        """Go on in another language."""
        self._words, self._style = words, style

    def show(self, problem: str = "") -> None:
        """Show the cards of the member in the basket; of nobody there are none."""
        member = self._counter.member
        try:
            links = self._desk.cards(member.member_id) if member else ()
            names = {each.holder_id: each.name for each in self._desk.holders(member.member_id)} if member else {}
        except StationError as fault:
            links, names, problem = (), {}, self._words.error(fault)
        in_use = sorted(links, key=lambda link: (link.status in _FOR_GOOD, link.status is not CardStatus.ACTIVE))
        self._screen.show_cards(CardsView(
            member.name if member else "",
            tuple(self._row(place, link, names) for place, link in enumerate(in_use, 1)), problem))

    def block(self, card: int, reason: CardReason) -> None:
        """Block a card at once."""
        self._do(lambda: self._desk.block(card, reason, self._by()))

    def return_to_use(self, card: int, approver: Actor | None = None) -> None:
        """Put a card back to use; where that needs a second person, one is asked."""
        try:
            self._desk.return_to_use(card, CardReason.FOUND, self._by(), approver)
        except StationError as fault:
            if fault.code is ErrorCode.APPROVAL_MISSING and approver is None and self.ask_approval:
                self.ask_approval(
                    card, self._words("A blocked card is put back to use."), lambda who: self.return_to_use(card, who))
            else:
                self.show(self._words.error(fault))
            return
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
            can_return=link.status in (CardStatus.BLOCKED, CardStatus.LOST))

    def _status(self, status: CardStatus) -> str:
        words = self._words
        return {
            CardStatus.ACTIVE: words("in use"), CardStatus.BLOCKED: words("blocked"), CardStatus.LOST: words("lost"),
            CardStatus.REPLACED: words("replaced"), CardStatus.EXPIRED: words("expired")}[status]
