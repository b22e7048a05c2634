"""The cash drawer: it hangs on the receipt printer, which gives it a pulse."""

from enum import IntEnum
from typing import Protocol


class Connector(IntEnum):
    """The pin of the printer's drawer connector that gets the pulse."""

    PIN_2 = 2
    PIN_5 = 5


class Drawer(Protocol):
    """A drawer that can be opened."""

    def kick(self) -> None:
        """Open it now or not at all. Raises ``StationError`` (PRINTER_*)."""
        ...
