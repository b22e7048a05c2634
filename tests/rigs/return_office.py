"""A head office in memory that knows sales and returns of all tills, and whose turn it is at each sale."""

from collections.abc import Callable
from dataclasses import dataclass, field

from station.elsewhere import SaleAsked, SaleTold
from station.errors import ErrorCode, StationError
from station.journal import Entry, Position
from station.pack import Pack
from station.sale import Sale, SaleReturn


@dataclass
class Books:
    """What was posted, and who has which turn: by sale, the station and the return's id."""

    sales: list[Entry[Sale]] = field(default_factory=list)
    returns: dict[str, list[SaleReturn]] = field(default_factory=dict)
    turns: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    packs: dict[int, Pack] = field(default_factory=dict)

    def post(self, station: str, back: SaleReturn) -> None:
        """Post a return of ``station``: its turn ends."""
        self.returns.setdefault(back.sale_id, []).append(back)
        held = self.turns.get(back.sale_id)
        if held and held[:2] == (station, back.return_id):
            del self.turns[back.sale_id]


@dataclass
class MemoryReturns:
    """``station.elsewhere.ReturnOffice`` for one till; ``fault`` is what every question meets, ``before`` happens before it."""

    station: str
    books: Books
    fault: StationError | None = None
    asked: list[str] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    branch: str = ""

    def ask(self, asked: SaleAsked, *, settle: bool) -> SaleTold | None:
        self._enter("settle" if settle else "ask")
        found = [each for each in self.books.sales if (each.station.upper(), each.seq) == (asked.station.upper(), asked.seq)
                 and each.incarnation.startswith(asked.incarnation.lower())]
        if not found:
            return None
        sale = found[0]
        held = self.books.turns.get(sale.body.sale_id)
        if held and held[0] != self.station:
            raise StationError(ErrorCode.RETURN_UNDER_WAY)
        self.books.turns[sale.body.sale_id] = (self.station, asked.return_id, settle)
        return SaleTold(asked, Position(self.branch or sale.incarnation, sale.seq), sale,
                        tuple(self.books.returns.get(sale.body.sale_id, ())))

    def drop(self, asked: SaleAsked) -> None:
        self._enter("drop")
        self.books.turns = {sale: held for sale, held in self.books.turns.items() if held[1] != asked.return_id}

    def pack(self, number: int) -> Pack:
        self._enter("pack")
        if number not in self.books.packs:
            raise StationError(ErrorCode.PACK_MISSING, number=number)
        return self.books.packs[number]

    def _enter(self, what: str) -> None:
        self.asked.append(what)
        self.before()
        if self.fault:
            raise self.fault
