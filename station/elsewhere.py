"""Goods of a sale that other tills can take back too: whose turn it is, and what head office knows of the sale.

Decision 0038. Head office gives the turn at one sale to one station at a time, under the id that the
return will have; so nothing comes back at two tills at once.
"""

from dataclasses import dataclass
from typing import Protocol

from station.journal import Entry, Position
from station.pack import Pack
from station.sale import Elsewhere, Sale, SaleReturn


@dataclass(frozen=True, slots=True)
class SaleAsked:
    """Which sale goods come back of, and the ``return_id`` (UUIDv7) the return will have.

    ``station``, ``seq`` and ``incarnation`` (at least its first 4 digits, in any case) are those of its receipt;
    ``sale_id`` is "" where only the receipt is known.
    """

    return_id: str
    station: str
    incarnation: str
    seq: int
    sale_id: str = ""


@dataclass(frozen=True, slots=True)
class SaleTold:
    """What head office said to ``asked``: the ``entry`` as its station wrote it, and the ``returns`` posted so far.

    ``name`` is where head office has the entry: of a copied journal, under another name than the entry says.
    ``pack`` holds the rules of the sale where they are not here.
    """

    asked: SaleAsked
    name: Position
    entry: Entry[Sale]
    returns: tuple[SaleReturn, ...]
    pack: Pack | None = None

    def elsewhere(self, receipt: str) -> Elsewhere:
        """Return what a return keeps of the sale with this ``receipt``, which is not in this journal."""
        return Elsewhere(self.entry.station, receipt, self.entry.body)


class ReturnOffice(Protocol):
    """Head office as the counter asks it about returns, within 2 seconds. Every method raises ``StationError`` 5xx."""

    def ask(self, asked: SaleAsked, *, settle: bool) -> SaleTold | None:
        """Ask for the turn at a sale; None when head office does not know the sale (yet).

        The turn lasts some minutes; once it is to ``settle``, until the return arrives, a day at most.
        Raises RETURN_UNDER_WAY when another station has it.
        """
        ...

    def drop(self, asked: SaleAsked) -> None:
        """Give the turn back: no return comes of it."""
        ...

    def pack(self, number: int) -> Pack:
        """Return the rules published as ``number``. Raises PACK_MISSING."""
        ...
