"""Issuing cards from a list, one after the other; stopped at any point, it goes on where it was.

What is in the journal is done, so there is no other record of the run but one line: which row was being
written when the program last ended, because that card may be written and nobody's yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from data.secret_file import read_secret, write_secret
from drivers.writer_port import WRITE_FAULTS, CardWriter, Progress, Written
from station.errors import ErrorCode, StationError
from ui.bulk_list import Row
from ui.presenters.issuing import Issuing, Order, job_of

TRIES = 3
"""Cards tried for one row: a worn one, or the one before left lying there, must not cost the row."""

_ROW_FAULTS = frozenset({
    ErrorCode.MEMBER_UNKNOWN, ErrorCode.CARD_UNKNOWN, ErrorCode.CARD_NOT_ACTIVE, ErrorCode.CARD_IN_USE})


class Teller(Protocol):
    """Who is told how it goes."""

    def row(self, row: Row, done: int, of: int) -> None:
        """Say that the card of ``row`` is next; ``done`` rows of ``of`` are dealt with."""
        ...

    def maybe_written(self, row: Row) -> None:
        """Say that the card of ``row`` may have been written when the program last ended: it is to be shown first."""
        ...

    def refused(self, row: Row, fault: StationError) -> None:
        """Say that a card was not taken."""
        ...


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What came of a list: cards ``given`` now and ``before``, rows that ``failed`` and why, rows ``left``.

    ``fault`` is what ended the run early, None when it came to its end or was stopped.
    """

    given: int
    before: int
    failed: tuple[tuple[Row, StationError], ...]
    left: int
    fault: StationError | None = None


class Mark:
    """A file of one line: the row being written."""

    def __init__(self, path: Path) -> None:
        """Keep it at ``path``."""
        self._path = path

    def line(self) -> int:
        """Return the line of the row that was being written when the program ended; 0 for none."""
        content = (read_secret(self._path) or b"").strip()
        return int(content) if content.isdigit() else 0

    def set(self, line: int) -> None:
        """Say, durably, that the card of this row is written from here on. Raises ``StationError`` 4xx."""
        write_secret(self._path, str(line).encode())

    def clear(self) -> None:
        """Say that none is."""
        self._path.unlink(missing_ok=True)


class BulkIssue:
    """A run over a list."""

    def __init__(self, issuing: Issuing, writer: CardWriter, mark: Mark, teller: Teller, tries: int = TRIES) -> None:
        """Write with ``writer`` and bind through ``issuing``."""
        self._issuing = issuing
        self._writer = writer
        self._mark = mark
        self._teller = teller
        self._tries = tries

    def run(self, rows: Sequence[Row], template: Order, progress: Progress) -> BulkReport:
        """Give a card for each row that has none yet, as ``template`` says for all, until ``progress`` is stopped.

        Raises ``StationError`` 4xx when the mark cannot be kept.
        """
        orders = [(row, replace(
            template, number=row.number, member_id=row.member_id, holder=row.holder)) for row in rows]
        open_ = [(row, order) for row, order in orders if not self._issuing.is_done(order)]
        before, given, failed = len(rows) - len(open_), 0, list[tuple[Row, StationError]]()
        unsure = self._mark.line()
        for row, _ in open_:
            if row.line == unsure:
                self._teller.maybe_written(row)
        # The card that lies there may be the one of the row that was interrupted.
        for row, order in sorted(open_, key=lambda each: each[0].line != unsure):
            if progress.stopped():
                break
            self._teller.row(row, before + given + len(failed), len(rows))
            outcome = self._one(row, order, progress)
            if outcome is None:
                break
            if isinstance(outcome, StationError):
                if not _is_the_rows(outcome):
                    return BulkReport(given, before, tuple(failed), len(open_) - given - len(failed), outcome)
                failed.append((row, outcome))
            else:
                given += 1
        return BulkReport(given, before, tuple(failed), len(open_) - given - len(failed))

    def _one(self, row: Row, order: Order, progress: Progress) -> StationError | bool | None:
        """Give one card: True, or why not; None when stopped."""
        try:
            self._issuing.refuse(order)
        except StationError as fault:
            return fault
        self._mark.set(row.line)
        outcome = self._written(row, order, progress)
        if not isinstance(outcome, Written):
            self._mark.clear()
            return outcome
        unbound = self._issuing.bind(order, outcome).fault
        if unbound is None or _is_the_rows(unbound):
            self._mark.clear()
        return unbound or True

    def _written(self, row: Row, order: Order, progress: Progress) -> Written | StationError | None:
        """Write a card for ``row``, or the next where one is no good."""
        fault: StationError | None = None
        for _ in range(self._tries):
            try:
                return self._writer.write(job_of(order), progress)
            except StationError as refusal:
                fault = refusal
            if fault.code not in WRITE_FAULTS:
                break
            self._teller.refused(row, fault)
        return fault


def _is_the_rows(fault: StationError) -> bool:
    """Tell whether ``fault`` is of one row and its cards, so that the next may go well."""
    return fault.code in WRITE_FAULTS or fault.code in _ROW_FAULTS
