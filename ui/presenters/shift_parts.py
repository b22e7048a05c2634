"""What the presenters of a shift work with. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.approval import Operation
from station.cash_count import Counting
from station.clock import Clock
from station.drawer import Drawer
from station.drawer_rules import DrawerRules
from station.errors import StationError
from station.journal import Entry
from station.pack import Pack
from station.people import Actor
from station.shift import Reading, Shift, ShiftClosed
from station.text import Text
from ui.presenters.at_till import AtTill

Approved = Callable[[Operation, str, Callable[[Actor | None], None]], None]
"""Has an operation, told in a sentence, approved where that is needed; the rest is done after that."""


class Shifts(Protocol):
    """The part of ``station.ports.Journal`` that knows shifts, and their reports. All raise ``StationError`` 4xx."""

    def shift(self) -> Shift | None:
        """Return the open shift, or None."""
        ...

    def report(self, kind: str, number: int) -> Entry[Reading] | Entry[ShiftClosed]:
        """Return report ``number`` of ``kind`` as it was made. Raises ``KeyError`` when there is none."""
        ...


class Counts(Protocol):
    """Keeps the count that is not yet handed in (``data.cash_counts``). Both raise ``StationError`` 4xx."""

    def kept(self, shift: int) -> Counting:
        """Return where the count of ``shift`` stands."""
        ...

    def keep(self, counting: Counting) -> None:
        """Keep ``counting``, durably."""
        ...


class Rules(Protocol):
    """The rule packs, as ``station.ports.Packs``."""

    def current(self, at_us: int) -> Pack:
        """Return the pack in force. Raises ``StationError`` PACK_MISSING."""
        ...


@dataclass(frozen=True, slots=True)
class ShiftParts:
    """``open_shift`` opens one with a float; ``name`` tells what a person is called, ``shop`` heads the reports.

    ``changed`` is called after something durable: there is something to print, to send and to show.
    ``reprint`` prints report (kind, number) again, ``kick`` opens the drawer; both may raise ``StationError``.
    """

    open_shift: Callable[[Actor, int], Shift]
    drawer: Drawer
    shifts: Shifts
    counts: Counts
    rules: Rules
    clock: Clock
    at_till: AtTill
    name: Callable[[str], Text]
    shop: Text
    approved: Approved
    changed: Callable[[], None]
    reprint: Callable[[str, int], None]
    kick: Callable[[], None]

    def pack(self) -> Pack | None:
        """Return the pack in force, None where none is here."""
        try:
            return self.rules.current(self.clock.now().utc_us)
        except StationError:
            return None

    def drawer_rules(self) -> DrawerRules:
        """Return what a cashier may do with the drawer alone."""
        pack = self.pack()
        return pack.drawer if pack else DrawerRules()
