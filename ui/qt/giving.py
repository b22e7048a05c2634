"""The dialog for giving cards, its presenter and its writing thread, put together at the counter."""

import secrets
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from drivers.club_numbers import draw_number
from station.card import Tap
from station.counter import Counter
from station.people import Actor
from ui.making import Making
from ui.presenters.give_card import GiveCard
from ui.qt.issue_dialog import IssueDialog, WriterNews
from ui.text import Words
from ui.wiring import Memory, card_book
from ui.wiring_writers import make_issuing
from ui.writing_bench import Lender, ThreadBench


class Giving:
    """Gives cards to the member in the basket of ``counter``."""

    def __init__(
        self, counter: Counter, memory: Memory, by: Callable[[], Actor], making: Making, lends: Lender, parent: QWidget,
    ) -> None:
        """Build it all; nothing is opened before the first card."""
        self._counter = counter
        self.dialog = IssueDialog(parent)
        news = WriterNews(self.dialog)
        self.bench = ThreadBench(making.opens, lends, news.step, news.end)
        book = card_book(memory)

        def draw() -> str:
            return draw_number(making.club, secrets.randbelow, lambda number: book.card(number) is None) or ""

        presenter = GiveCard(make_issuing(memory, by), making.club, draw, self.bench, self.dialog)
        self._presenter = presenter
        news.on_step, news.on_end = presenter.stepped, presenter.ended
        self.dialog.serve(presenter)

    def start(self, words: Words) -> None:
        """Open the dialog for the member in the basket, if there is one."""
        member = self._counter.member
        if member is not None:
            self.dialog.start(member.member_id, member.name, words)

    def takes(self, tap: Tap) -> bool:
        """Take a card while the dialog is open; return whether it was."""
        if not self.dialog.isVisible():
            return False
        self._presenter.tapped(tap)
        return True

    def stop(self) -> None:
        """Wait for no card any more: nobody is at the till. What is written already is written to its end."""
        self._presenter.leave()

    def close(self) -> None:
        """Let the card in hand be written to its end."""
        self.bench.close()
