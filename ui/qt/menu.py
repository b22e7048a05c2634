"""The menu behind F10: what is needed now and then, and the one way to drop a basket."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ui.presenters.drawer_key import REASONS
from ui.qt.labels import keyed
from ui.text import Words


@dataclass(frozen=True, slots=True)
class MenuActs:
    """What the entries do; one that cannot be done here has no entry (None)."""

    today: Callable[[], None]
    send_now: Callable[[], None]
    give_card: Callable[[], None] | None
    language: Callable[[], None]
    theme: Callable[[], None]
    full_screen: Callable[[], None]
    abandon: Callable[[], None]
    prove: Callable[[], None] | None = None
    cards: Callable[[], None] | None = None
    phone: Callable[[], None] | None = None
    lock: Callable[[], None] | None = None
    drawer: Callable[[str], None] | None = None
    period: Callable[[], None] | None = None
    diagnostics: Callable[[], None] | None = None


def menu(acts: MenuActs, words: Words, parent: QWidget, *, dark: bool, basket: bool, member: bool) -> QMenu:
    """Return the menu; dropping a basket stands one level deeper, which is its confirmation."""
    made = QMenu(parent)
    _entry(made, words("Today's member sales"), acts.today)
    if acts.period:
        _entry(made, words("Sales of a period"), acts.period)
    _entry(made, words("Send now"), acts.send_now)
    if acts.diagnostics:
        _entry(made, words("Readers, printer, connection"), acts.diagnostics)
    made.addSeparator()
    if acts.give_card:
        _entry(made, words("Give a card to this member"), acts.give_card).setEnabled(member)
    if acts.prove:
        _entry(made, keyed(words("Without the card"), "F3"), acts.prove)
    if acts.cards:
        _entry(made, words("Cards of the member"), acts.cards)
    if acts.phone:
        _entry(made, words("Phone as a card"), acts.phone).setEnabled(member)
    made.addSeparator()
    _entry(made, "فارسی" if words.language == "en" else "English", acts.language)
    _entry(made, words("Light colours") if dark else words("Dark colours"), acts.theme)
    _entry(made, keyed(words("Full screen"), "F11"), acts.full_screen)
    if acts.drawer:
        drawer = made.addMenu(words("Open the drawer"))
        for reason in REASONS:
            _entry(drawer, words(reason), partial(acts.drawer, reason))
    if acts.lock:
        _entry(made, keyed(words("Lock the till"), "Shift+Esc"), acts.lock)
    made.addSeparator()
    drop = made.addMenu(words("Drop this basket"))
    drop.setEnabled(basket)
    _entry(drop, words("Yes, drop it: nothing was paid"), acts.abandon)
    return made


def _entry(made: QMenu, text: str, act: Callable[[], None]) -> QAction:
    entry = QAction(text, made)
    entry.triggered.connect(lambda _checked: act())
    made.addAction(entry)
    return entry
