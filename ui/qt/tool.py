"""What the counter can do beside selling: each tool names its entries and keys, and the cards it waits for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from station.approval import Operation
from station.card import Tap
from station.errors import StationError
from station.people import Actor, Role
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.desk import Desk
from ui.qt.tokens import Theme
from ui.text import Words, mark


class Section(Enum):
    """Where an entry stands in the menu; the value is the section's heading, to be translated."""

    SALE = mark("Sale")
    MEMBER = mark("Member")
    SHIFT = mark("Shift")
    MANAGER = mark("Manager")
    STATION = mark("Station")


def always() -> bool:
    """Return that an entry can be chosen at any time."""
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be done: its ``meaning`` (to be translated) and the ``act``, which may raise ``StationError``.

    ``key`` does it from anywhere ("F5"), ``on_bar`` shows it in the key bar; while ``ready`` is not
    true it is greyed, below the role it ``needs`` it is not there. ``sub`` entries are offered
    instead of the ``act``; ``locked`` ones work while nobody is signed in; without ``in_menu`` it is a key only.
    ``is_on`` tells of one of several ways whether it is the present one (None: it is no such way).
    """

    meaning: str
    act: Callable[[], None]
    section: Section
    key: str = ""
    on_bar: bool = False
    ready: Callable[[], bool] = always
    needs: Role = Role.CASHIER
    sub: "tuple[Entry, ...]" = ()
    locked: bool = False
    in_menu: bool = True
    is_on: Callable[[], bool] | None = None


class Tool(Protocol):
    """Lives on the screen's thread, as long as the window."""

    def entries(self) -> Sequence[Entry]:
        """Return what it can do."""
        ...

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, in another theme; called before anything is opened."""
        ...

    def takes(self, tap: Tap) -> bool:
        """Take a card that is meant for it; return whether it was."""
        ...

    def takes_code(self, code: str) -> bool:
        """Take a scanned code that is meant for it; return whether it was."""
        ...


class Quiet:
    """A tool that waits for no card and no code; keeps ``words``, ``style`` and ``theme`` for what it opens."""

    words: Words
    style: Format
    theme: Theme

    def set_words(self, words: Words, style: Format, theme: Theme) -> None:
        """Speak another language, in another theme."""
        self.words, self.style, self.theme = words, style, theme

    def takes(self, tap: Tap) -> bool:  # noqa: ARG002 - as the protocol names it
        """Leave the card to others."""
        return False

    def takes_code(self, code: str) -> bool:  # noqa: ARG002 - as the protocol names it
        """Leave the code to others."""
        return False


@runtime_checkable
class Stepping(Protocol):
    """A page with steps of its own to go back by."""

    def back(self) -> bool:
        """Go one step back inside the page; return whether there was one."""
        ...


@dataclass(frozen=True, slots=True)
class Till:
    """What a tool is given of the window.

    ``tell`` shows a fault, ``attempt`` does something and shows the ``StationError`` it raises.
    ``approved`` has an operation approved, which the sentence tells: where who is at the till
    reaches far enough, the rest is done at once with None; else with the second person. ``open_page``
    shows a whole page instead of the counter, ``leave`` goes back. ``fields`` makes the fields of a
    widget built later refuse bank cards as all others do.
    """

    parent: QWidget
    desk: Desk
    checkout: Checkout
    tell: Callable[[StationError], None]
    attempt: Callable[[Callable[[], None]], None]
    approved: Callable[[Operation, str, Callable[[Actor | None], None]], None]
    open_page: Callable[[QWidget], None]
    leave: Callable[[], None]
    fields: Callable[[QWidget], None]


Maker = Callable[[Till], Tool]
"""Makes a tool for the window that gives it its till."""
