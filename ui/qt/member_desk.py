"""What is done with members beside selling: proving to be one without a card, and the cards of one."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from station.approval import Operation, OperationKind
from station.card import Tap
from station.people import Actor, Role
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.desk import Desk
from ui.presenters.keyed import keyed_card
from ui.presenters.member_cards import MemberCards, MemberParts
from ui.qt.cards_dialog import CardsDialog
from ui.qt.claim_dialog import ClaimDialog
from ui.text import Words


class MemberDesk:
    """Both dialogs, over one counter. A bank card's number is refused in any of their fields as everywhere."""

    def __init__(self, parts: MemberParts, desk: Desk, checkout: Checkout, parent: QWidget) -> None:
        """Build the dialogs, closed, on ``parent``."""
        self._counter, self._at_till, self._checkout = desk.counter, desk.at_till, checkout
        self.claim_dialog = ClaimDialog(parts.claiming, desk.counter, checkout, parent)
        self.cards_dialog = CardsDialog(parent)
        self.cards = MemberCards(parts.cards, desk.counter, lambda: desk.at_till.actor, self.cards_dialog)
        self.cards_dialog.connect_to(self.cards)

    def approve_by(self, approved: Callable[[Operation, str, Callable[[Actor | None], None]], None]) -> None:
        """Have ``approved`` ask a second person where a card is put back to use."""
        def ask(card: int, what: str, then: Callable[[Actor], None]) -> None:
            actor = self._at_till.actor
            operation = Operation(OperationKind.CARD_BACK_IN_USE, actor, str(card), needs=Role.SENIOR)
            approved(operation, what, lambda approver: then(approver or actor))

        self.cards.ask_approval = ask

    @property
    def has_member(self) -> bool:
        """Whether there is somebody whose cards can be shown."""
        return self._counter.member is not None

    def set_words(self, words: Words, style: Format) -> None:
        """Speak another language."""
        self.claim_dialog.set_words(words, style)
        self.cards_dialog.set_words(words, style)

    def prove(self) -> None:
        """Let somebody prove to be a member."""
        self.claim_dialog.page.start()

    def show_cards(self) -> None:
        """Show the cards of the member in the basket."""
        if self.has_member:
            self.cards_dialog.start()

    def takes(self, tap: Tap) -> bool:
        """Take a card while the cards of a member are shown: it is one to be given out.

        Over a claim that was begun it is the member's, and proves what the claim would have; one that does not leaves the claim.
        """
        if self.cards_dialog.isVisible():
            self.cards.tapped(tap)
            return True
        if not (self.claim_dialog.isVisible() and self.claim_dialog.keeps()):
            return False
        self._checkout.tapped(tap)
        if self._counter.shown.number == tap.number:
            self.claim_dialog.page.cancel()
        return True

    def takes_code(self, code: str) -> bool:
        """Take the number of a card likewise."""
        tap = keyed_card(code)
        return tap is not None and self.takes(tap)
