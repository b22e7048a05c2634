"""Which journals have something to project, and in which order.

Within a journal entries are posted in its order. Journals take turns, so that one with a backlog
starves no other. A journal that goes on from another (``Opened.after``, or a branch) waits while something of
that one up to the named place is here and not projected: a return in it may be of a sale there, and
the lots of that sale must be chosen, and its earlier returns be numbered, before. It waits for
nothing that is not here: what comes later is posted later, and the audit says what was missing. So
no wait is longer than what is held, and two journals that each claim to follow the other wait for
neither.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper
from django.db.models import F

from headoffice.intake.models import Incarnation
from headoffice.ledger.lines import Lines, Name
from headoffice.ledger.models import Step
from headoffice.ledger.steps import StepKind
from station.journal import Opened, Position


@dataclass(frozen=True, slots=True)
class Marks:
    """Entries up to ``acknowledged`` are held, those up to ``projected`` were posted or set aside."""

    projected: int
    acknowledged: int


class Turns:
    """Whose turn it is. What a journal follows is written in its first entry for ever and is read once."""

    def __init__(self) -> None:
        """Go on after the journal of the last step, so that no restart makes anybody wait for longer."""
        self._round: list[tuple[int, str, str]] = []
        self._last: tuple[int, str] | None = None
        self._opened: dict[Name, Opened] = {}

    def next(self) -> Name | None:
        """Return a journal that has something to project now; None when there is none.

        Every journal that had something at the start of a round gets one turn in it.
        """
        for fresh in (False, True):
            if fresh:
                self._round = self._new_round()
            while self._round:
                epoch, *name = self._round.pop()
                if self._ready((name[0], name[1])):
                    self._last = (epoch, name[0])
                    return name[0], name[1]
        return None

    def _new_round(self) -> list[tuple[int, str, str]]:
        """Return the journals that have something, the first in turn last: older before newer, after the one before."""
        if self._last is None:
            self._last = _last_turn()
        waiting = list(Incarnation.objects.filter(projected__lt=F("acknowledged"))
                       .values_list("epoch", "station", "incarnation"))
        return sorted(waiting, key=lambda each: (each[:2] <= self._last, each), reverse=True)

    def _ready(self, name: Name) -> bool:
        known: dict[str, Marks] = {
            incarnation: Marks(projected, acknowledged) for incarnation, projected, acknowledged in
            Incarnation.objects.filter(station=name[0]).values_list("incarnation", "projected", "acknowledged")}
        lines = Lines(name[0], self._opened)
        return is_ready(name[1], known, {
            incarnation: after for incarnation in known if (after := lines.before(incarnation))})


def _last_turn() -> tuple[int, str]:
    """Return epoch and station of the journal that was projected last, by the log of steps."""
    step = Step.objects.filter(kind=StepKind.PROJECTED.value).order_by("-step").first()
    known = step and Incarnation.objects.filter(station=step.station, incarnation=step.incarnation).first()
    return (known.epoch, known.station) if known else (0, "")


def is_ready(incarnation: str, known: Mapping[str, Marks], after: Mapping[str, Position]) -> bool:
    """Return whether a station's ``incarnation`` can be projected now. Pure.

    ``known`` are all journals of the station that are held, ``after`` what each goes on from.
    """
    marks = known[incarnation]
    before = after.get(incarnation)
    if marks.projected == marks.acknowledged:
        return False
    if before is None or before.incarnation not in known:
        return True
    held = known[before.incarnation]
    return held.projected >= min(before.seq, held.acknowledged) or incarnation in set(
        _line(before.incarnation, after))


def _line(incarnation: str, after: Mapping[str, Position]) -> Iterator[str]:
    """Yield ``incarnation`` and those it goes on from, each once."""
    seen: set[str] = set()
    while incarnation not in seen:
        seen.add(incarnation)
        yield incarnation
        if incarnation in after:
            incarnation = after[incarnation].incarnation


def move_mark(cursor: CursorWrapper, name: Name, last: int) -> None:
    """Write that the journal ``name`` is projected up to ``last``."""
    cursor.execute(
        "UPDATE intake_incarnation SET projected = %s WHERE station = %s AND incarnation = %s", [last, *name])
