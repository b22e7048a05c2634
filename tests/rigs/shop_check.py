"""What a shop's files must hold after a cut or a fault: everything confirmed, once; nothing by halves."""

import json
import shutil
from collections import Counter as Count
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from data.backup import restore
from data.derived import decode
from data.journal import JournalStore
from data.verify import verify
from station.errors import StationError
from station.journal import EntryKind
from station.sale import Sale, SaleReturn
from station.shift import ShiftClosed
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, product
from tests.rigs.shop import KEY, Shop, State, goods_page, rules

BOOKED = {"sale": EntryKind.SALE, "return": EntryKind.RETURN, "close": EntryKind.SHIFT_CLOSED}
"""The steps that move money for good, and the kind of entry each makes."""

_ROWS = {"sale": "SELECT place FROM sale", "return": "SELECT place FROM sale_return",
         "close": "SELECT place FROM shift_report WHERE kind = 'Z'"}


@dataclass
class Figures:
    """Sums over many cuts, for each kind of ``BOOKED``.

    How many were confirmed, of these lost, doubled, there by halves; and whole though not confirmed,
    for the cut came between the sync and the word.
    """

    cuts: int = 0
    confirmed: Count[str] = field(default_factory=Count)
    lost: Count[str] = field(default_factory=Count)
    doubled: Count[str] = field(default_factory=Count)
    half: Count[str] = field(default_factory=Count)
    unsaid: Count[str] = field(default_factory=Count)
    unsound: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        """Count ``other`` in."""
        self.cuts += other.cuts
        self.unsound += other.unsound
        for mine, its in ((self.confirmed, other.confirmed), (self.lost, other.lost),
                          (self.doubled, other.doubled), (self.half, other.half), (self.unsaid, other.unsaid)):
            mine.update(its)
        self.faults += other.faults

    def rows(self, name: str) -> list[str]:
        """Return the table's lines for the way ``name`` of cutting."""
        return [f"{name:34} {self.cuts:>6} {kind:8} {self.confirmed[kind]:>9} {self.lost[kind]:>5} "
                f"{self.doubled[kind]:>8} {self.half[kind]:>5} {self.unsaid[kind]:>7} {self.unsound:>7}" for kind in BOOKED]

    @property
    def sound(self) -> bool:
        """Whether everything confirmed was there once, and nothing else was amiss."""
        return not (self.unsound or self.lost.total() or self.doubled.total() or self.half.total())


HEADING = (f"{'how':34} {'cuts':>6} {'of':8} {'confirmed':>9} {'lost':>5} {'doubled':>8} {'half':>5} {'unsaid':>7} {'unsound':>7}")


def examine(folder: Path, said: Sequence[str], states: Sequence[State] = ()) -> Figures:
    """Open the shop in ``folder`` again after ``said`` and judge it; then sell on in it.

    ``states`` are those after each line of an undisturbed run: the shop must be as after the last
    line said, or as after the next.
    """
    figures = Figures(1)
    try:
        with closing(Shop(folder)) as shop:
            _examine(shop, said, states, figures)
    except StationError as fault:
        figures.faults.append(f"after {said[-1:]} cannot be opened: {fault}")
        for step in BOOKED:
            figures.confirmed[step] = figures.lost[step] = len(_confirmed(said, step))
    figures.unsound = int(bool(figures.faults))
    return figures


def _examine(shop: Shop, said: Sequence[str], states: Sequence[State], figures: Figures) -> None:
    try:
        _judge(shop, said, figures)
        if states:
            found, before = shop.state(), max(1, len(said)) - 1
            if found not in states[before:len(said) + 1]:
                figures.faults.append(f"after {said[-1:]} neither as then nor as after the next step: "
                                      f"{_changes(found, states[before])}")
        figures.faults += _unfit_backups(shop)
        sell_on(shop)
        figures.faults += [f"after selling on: {fault}" for fault in faults_of(shop)]
    except StationError as fault:
        figures.faults.append(f"after {said[-1:]} cannot go on: {fault}")


def _unfit_backups(shop: Shop) -> list[str]:
    """Put every finished backup back in a folder of its own; return what is wrong with it."""
    faults, into = [], shop.folder.with_name(shop.folder.name + "-restored")
    for backup in shop.backups():
        into.mkdir()
        restore(backup, KEY, into / "journal.db", (), shop.maker())
        named = json.loads((backup / "manifest.json").read_bytes())["seq"]
        with closing(JournalStore(into / "journal.db", KEY)) as journal:
            faults += [f"backup {backup.name}: {fault}" for fault in verify(journal)]
            if journal.branches()[0].head().seq != named:
                faults.append(f"backup {backup.name} is not of the entries it names")
        shutil.rmtree(into)
    return faults


def _judge(shop: Shop, said: Sequence[str], figures: Figures) -> None:
    figures.faults += faults_of(shop)
    if shop.alarm:
        figures.faults.append(f"a false alarm: {shop.alarm.name}")
    ids: dict[str, list[str]] = {step: [] for step in BOOKED}
    places: dict[str, set[int]] = {step: set() for step in BOOKED}
    compacted = shop.journal.database.rows("SELECT compacted FROM station")[0][0]
    for stored in shop.journal.entries(compacted, 10_000):
        match body := decode(stored.raw, stored.kind).body:
            case Sale():
                _note(ids, places, "sale", body.sale_id, stored.place)
            case SaleReturn():
                _note(ids, places, "return", body.return_id, stored.place)
            case ShiftClosed():
                _note(ids, places, "close", str(body.number), stored.place)
            case _:
                pass
    held = shop.journal.open_basket()
    for step in BOOKED:
        derived = {row[0] for row in shop.journal.database.rows(_ROWS[step])}
        confirmed = _confirmed(said, step)
        figures.confirmed[step] += len(confirmed)
        figures.lost[step] += sum(one not in ids[step] if place > compacted else place not in derived
                                  for one, place in confirmed.items())
        figures.doubled[step] += len(ids[step]) - len(set(ids[step]))
        figures.unsaid[step] += len(set(ids[step]) - set(confirmed))
        figures.half[step] += len(places[step] ^ {place for place in derived if place > compacted})
    figures.half["sale"] += held is not None and held.basket.basket_id in ids["sale"]


def _confirmed(said: Sequence[str], step: str) -> dict[str, int]:
    """Return what was confirmed by ``step``: the place of each, by its id."""
    told = [line.split()[2:4] for line in said if line.startswith(f"did {step} ")]
    return {one: int(place) for one, place in told}


def _note(ids: dict[str, list[str]], places: dict[str, set[int]], step: str, one: str, place: int) -> None:
    ids[step].append(one)
    places[step].add(place)


def _changes(found: State, expected: State) -> str:
    return "; ".join(f"{name}: {found[name]}, not {expected[name]}" for name in found if found[name] != expected[name])


def sell_on(shop: Shop) -> int:
    """Sell what is in hand, or one good, in a shop that may not have had its goods and rules yet; return the place."""
    if not shop.rules.number():
        document = rules(1)
        shop.rules.install(document, msgspec.json.encode(document), b"signature")
    if not shop.goods.count():
        shop.goods.apply(goods_page(1))
    if shop.journal.shift() is None:
        shop.counter.open_shift(CASHIER, 0)
    shop.counter.recover()
    shop.counter.scan(product(9).barcode)
    priced = shop.counter.priced()
    assert priced
    place = shop.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).place
    assert shop.journal.last_sale() == place
    return place


def faults_of(shop: Shop) -> list[str]:
    """Return what the program's own checks find wrong with the files."""
    return [*verify(shop.journal), *(f"members: {fault}" for fault in shop.members.database.faults())]
