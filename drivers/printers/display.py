"""The customer's display: two lines of 20 characters that face away from the cashier.

It speaks ESC/POS like the printer, on a port of its own or through the printer (ESC = selects which
of the two listens). Its character set has neither Persian letters nor joining: it shows digits and
Latin letters. Persian digits become Latin ones; what else it cannot show is left out.
"""

from collections.abc import Callable
from contextlib import closing
from threading import Condition, Thread

from drivers.printers.commands import display
from drivers.printers.connection import Connection, faults_as
from station.errors import ErrorCode, StationError

COLUMNS = 20
_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٬٫٪−\u00a0\u202f", "01234567890123456789,.%-  ")


def showable(text: str) -> str:
    """Return what the display can show of ``text``: printable ASCII, without spaces at its ends."""
    return "".join(each for each in text.translate(_LATIN) if " " <= each <= "~").strip()


def two_lines(caption: str, amount: str) -> str:
    """Return the display's 40 characters: ``caption`` from the left above, ``amount`` at the right below.

    A long caption is cut. Raises ``ValueError`` when the amount is longer than a line: part of an
    amount is another amount.
    """
    figure = showable(amount)
    if len(figure) > COLUMNS:
        message = f"an amount of {len(figure)} characters does not fit the display"
        raise ValueError(message)
    return showable(caption)[:COLUMNS].ljust(COLUMNS) + figure.rjust(COLUMNS)


class LineDisplay:
    """The display at ``connection``. Connects for each text anew. Used by one thread."""

    def __init__(self, connection: Connection) -> None:
        """Remember where the display is; nothing is opened."""
        self._connection = connection

    def show(self, text: str) -> None:
        """Show a text of ``two_lines``. Raises ``StationError`` DISPLAY_UNAVAILABLE (``reason``)."""
        content = display(text)
        with faults_as(ErrorCode.DISPLAY_UNAVAILABLE), closing(self._connection.open()) as link:
            link.write(content)


class DisplayWorker:
    """One thread that shows the latest text; what a newer one overtook is never shown. Used once."""

    def __init__(self, line_display: LineDisplay, on_state: Callable[[ErrorCode | None], None]) -> None:
        """Show on ``line_display``; ``on_state`` gets its error, or None, at every change, on the thread."""
        self._display = line_display
        self._on_state = on_state
        self._told: ErrorCode | None = None
        self._news = Condition()
        self._latest: str | None = None
        self._stopping = False
        # A daemon, because a port that never returns must not keep the program from ending.
        self._thread = Thread(target=self._run, name="display", daemon=True)

    def start(self) -> None:
        """Begin. Raises ``RuntimeError`` the second time."""
        self._thread.start()

    def show(self, caption: str, amount: str) -> None:
        """Have the ``two_lines`` shown, and raise what they raise. Returns at once, on any thread."""
        text = two_lines(caption, amount)
        with self._news:
            self._latest = text
            self._news.notify()

    def stop(self, timeout_s: float) -> bool:
        """Show what is still to be shown and end; return whether that was in time."""
        with self._news:
            self._stopping = True
            self._news.notify()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (text := self._next()) is not None:
            error: ErrorCode | None = None
            try:
                self._display.show(text)
            except StationError as fault:
                error = fault.code
            if error is not self._told:
                self._told = error
                self._on_state(error)

    def _next(self) -> str | None:
        """Wait for a text and return it, or None when there is to be no other."""
        with self._news:
            self._news.wait_for(lambda: self._latest is not None or self._stopping)
            text, self._latest = self._latest, None
            return text
