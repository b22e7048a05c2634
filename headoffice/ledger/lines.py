"""What each journal of a station goes on from, and where an entry that another one names was posted.

Copies of one file may each go on under the same name. The one that came first has it here; what
another made after they parted is a branch (``station.journal.branch_name``) with a row of its own,
while its entries, and those behind it, go on naming the incarnation they were written under. Their
hashes tell which one is meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from headoffice.intake.entries import decode
from headoffice.intake.models import Entry as Received
from headoffice.intake.models import Incarnation
from station.journal import Body, Entry, Opened, Position
from station.sale import SaleReturn

Name = tuple[str, str]
"""Station and incarnation."""


@dataclass(frozen=True, slots=True)
class _Journal:
    """Of a branch what its row says; for others all is empty."""

    of: str
    base: int
    origin: str


class Lines:
    """The journals of one station as they are held now."""

    def __init__(self, station: str, opened: dict[Name, Opened] | None = None) -> None:
        """Read what there is; ``opened`` keeps first entries, which never change, for the next time."""
        self._station = station
        self._opened = {} if opened is None else opened
        self._journals = {row[0]: _Journal(*row[1:]) for row in Incarnation.objects.filter(
            station=station).values_list("incarnation", "of", "base", "origin")}
        self._branched = {each.origin for each in self._journals.values() if each.of}

    def before(self, incarnation: str) -> Position | None:
        """Return the place in another journal that this one goes on from; None when it is the first, or that is not here.

        What is held of the named journal only up to an earlier place may still be the one that is meant.
        """
        journal = self._journals.get(incarnation)
        if journal and journal.of:
            return Position(journal.of, journal.base)
        opened = self._first(incarnation)
        after = opened.after if opened else None
        if opened is None or after is None or not opened.after_hash:
            return after
        names = [after.incarnation, *(name for name, each in self._journals.items() if each.origin == after.incarnation)]
        held = {name: bytes(digest).hex() for name, digest in Received.objects.filter(
            station=self._station, incarnation__in=names, seq=after.seq).values_list("incarnation", "hash")}
        meant = [name for name, digest in held.items() if digest == opened.after_hash]
        if meant:
            return Position(meant[0], after.seq)
        return None if after.incarnation in held else after

    def posted(self, incarnation: str, entries: Sequence[Entry[Body] | None]) -> list[Entry[Body] | None]:
        """Return entries of a journal under its name, and returns among them of the sale where that was posted."""
        if not self._branched:
            return list(entries)
        return [each and self._posted(incarnation, each) for each in entries]

    def _posted(self, incarnation: str, entry: Entry[Body]) -> Entry[Body]:
        body = entry.body
        if isinstance(body, SaleReturn) and body.elsewhere is None and body.incarnation in self._branched:
            body = replace(body, incarnation=self._holder(incarnation, Position(body.incarnation, body.seq)))
        return replace(entry, incarnation=incarnation, body=body)

    def _holder(self, incarnation: str, named: Position) -> str:
        """Return the journal that has the entry ``named`` in what ``incarnation`` goes on from."""
        seen: set[str] = set()
        place: Position | None = Position(incarnation, named.seq)
        while place and place.incarnation in self._journals and place.incarnation not in seen:
            here = place.incarnation
            seen.add(here)
            journal = self._journals[here]
            if (journal.origin or here) == named.incarnation and named.seq > journal.base:
                return here
            place = self.before(here)
        return named.incarnation

    def _first(self, incarnation: str) -> Opened | None:
        name = (self._station, incarnation)
        if name not in self._opened:
            row = Received.objects.filter(station=self._station, incarnation=incarnation, seq=1).exclude(kind="").first()
            body = decode(bytes(row.raw)).body if row else None
            if not isinstance(body, Opened):
                return None
            self._opened[name] = body
        return self._opened[name]


def origin_of(station: str, incarnation: str) -> str:
    """Return the incarnation that the entries of a journal name: its own name, unless it is a branch."""
    row = Incarnation.objects.filter(station=station, incarnation=incarnation).first()
    return (row and row.origin) or incarnation
