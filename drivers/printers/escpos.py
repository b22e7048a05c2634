"""A receipt printer that speaks ESC/POS: asked before, watched until the paper is out, asked after.

Writing proves nothing: a network printer that is switched off in the middle still takes bytes. So
a job is done only when the printer has said, in turn behind the job, that it dealt with it all
(GS r), and at once that it is well (DLE EOT). A printer that knows no GS r is watched for as long
as the slowest one needs; one that cannot be heard at all is believed.
"""

import logging
import time
from contextlib import closing
from dataclasses import dataclass

from drivers.printers.commands import FINISH, RESET, picture, pulse
from drivers.printers.connection import Connection, faults_as
from drivers.printers.drawer import Connector
from drivers.printers.port import Raster
from drivers.printers.status import Conversation
from station.errors import ErrorCode, StationError

SLOWEST_LINES_PER_S = 400
"""50 mm a second at 203 dots per inch."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits, in seconds.

    ``answer_s``: for an answer before the job; ``turn_s``: for the first answer in turn, which shows
    that GS r is known; ``print_s``: for the printing; ``look_s``: between two looks while it prints;
    ``busy_answer_s``: for an answer then.
    """

    answer_s: float = 2.0
    turn_s: float = 1.0
    print_s: float = 60.0
    look_s: float = 0.5
    busy_answer_s: float = 10.0


class EscposPrinter:
    """The printer at ``connection``, with the drawer on its ``connector``. Connects for each job anew.

    Used by one thread: most printers take one connection at a time.
    """

    def __init__(
        self, connection: Connection, connector: Connector = Connector.PIN_2, patience: Patience | None = None,
    ) -> None:
        """Remember where the printer is; nothing is opened."""
        self._connection = connection
        self._connector = connector
        self._patience = patience or Patience()
        # True while an unfinished stripe may hang in the printer; who knows what the last program did.
        self._torn = True

    @property
    def name(self) -> str:
        """The name for people."""
        return f"ESC/POS {self._connection.title}"

    def check(self) -> None:
        """Raise ``StationError`` (PRINTER_*) when the printer cannot be reached or is not well."""
        with faults_as(ErrorCode.PRINTER_UNAVAILABLE), closing(self._connection.open()) as link:
            self._check(Conversation(link))

    def print(self, raster: Raster, job: str) -> None:
        """Print ``raster`` and cut; return when the paper is out.

        Raises ``StationError`` PRINTER_UNAVAILABLE (``reason``), PRINTER_OFFLINE, PRINTER_PAPER_OUT
        or PRINTER_COVER_OPEN, with ``begun=1`` when some or all of it may be on paper nevertheless.
        """
        content = picture(raster)
        begun = False
        try:
            with faults_as(ErrorCode.PRINTER_UNAVAILABLE), closing(self._connection.open()) as link:
                talk = Conversation(link)
                self._check(talk)
                link.write(self._afresh())
                in_turn = self._knows_turns(talk)
                begun = self._torn = True
                link.write(content)
                self._watch(talk, raster, in_turn=in_turn)
        except StationError as fault:
            if begun:
                raise StationError(fault.code, begun=1, **fault.detail) from fault
            raise
        self._torn = False
        logger.info("printed %s", job)

    def kick(self) -> None:
        """Open the drawer. Raises ``StationError`` as ``check``.

        A printer that is not well would open it when it is well again, with nobody there: it is
        not told.
        """
        opening = pulse(self._connector.value)
        with faults_as(ErrorCode.PRINTER_UNAVAILABLE), closing(self._connection.open()) as link:
            self._check(Conversation(link))
            link.write(self._afresh() + opening)
        self._torn = False

    def _afresh(self) -> bytes:
        return (FINISH if self._torn else b"") + RESET

    def _check(self, talk: Conversation) -> None:
        if self._connection.answers:
            talk.check(self._patience.answer_s)

    def _knows_turns(self, talk: Conversation) -> bool:
        """Return whether the printer answers in turn, while it has nothing to do."""
        if not self._connection.answers:
            return False
        talk.ask_in_turn()
        return talk.told_in_turn(self._patience.turn_s)

    def _watch(self, talk: Conversation, raster: Raster, *, in_turn: bool) -> None:
        """Return when the job just sent is on paper and the printer well. Raises ``StationError``."""
        if not self._connection.answers:
            return
        if in_turn:
            talk.ask_in_turn()
        out = talk.told_in_turn if in_turn else _nap
        until = time.monotonic() + (self._patience.print_s if in_turn else raster.height / SLOWEST_LINES_PER_S)
        seen: ErrorCode | None = None
        while not out(self._patience.look_s):
            if time.monotonic() >= until:
                if in_turn:
                    raise StationError(ErrorCode.PRINTER_UNAVAILABLE, reason="late")
                break
            # Believed the second time only: a picture may hold a question, and its answer look like this one.
            before, seen = seen, talk.fault(self._patience.busy_answer_s)
            if seen is not None and seen is before:
                raise StationError(seen)
        talk.check(self._patience.busy_answer_s)


def _nap(seconds: float) -> bool:
    """Wait; nobody says that the paper is out."""
    time.sleep(seconds)
    return False
