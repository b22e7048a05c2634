"""Strips of paper that are in no journal, on their way to the printer: made on the screen's thread, drawn on its own.

They are held in memory alone, for what they say is somebody's own affair. The queue prints in
order, so once one is drawn those before it are on paper, and are forgotten.
"""

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.views_report import ReceiptView


class Papers:
    """Views by a number below 0, which no entry of the journal has; any thread may use it."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = threading.Lock()
        self._held: dict[int, ReceiptView] = {}
        self._last = 0

    def put(self, view: "ReceiptView") -> int:
        """Keep ``view`` to be printed, and return the number to print; every number is to be printed, in order."""
        with self._lock:
            self._last -= 1
            self._held[self._last] = view
            return self._last

    def view(self, number: int) -> "ReceiptView":
        """Return what is printed by that number, again and again while the printer fails; forget those put before it.

        Raises ``KeyError`` for one that was forgotten.
        """
        with self._lock:
            self._held = {each: view for each, view in self._held.items() if each <= number}
            return self._held[number]
