"""The engine: one quote and one price, their memory and growth, re-pricing, group choices, the audit."""

import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import product
from math import prod
from pathlib import Path
from statistics import median, quantiles

import msgspec

from headoffice.audit.recompute import findings
from headoffice.intake.entries import Place, read_entry
from station.basket import Basket
from station.journal import ENTRY_VERSION, Entry, EntryKind
from station.money import half_up
from station.pack import Pack
from station.pricing import Engine
from station.sale import Sale, points_of
from station.tender import Tender, TenderKind
from sync.documents import read_pack
from tests.benchmarks import rules
from tests.benchmarks.figure import Figure, in_turn, milliseconds
from tests.fakes import CASHIER, NOON

LINES, PROMOTIONS = (5, 50, 500), (10, 100, 1000)
FRAME_MS = 16.0
ROUNDS = 5
SALES, LINES_OF_A_SALE = 300, 12
INCARNATION = "a3f9" + "0" * 28
US_PER_MS, KIB = 1000, 1024
# 4 096 combinations each, on 6 lines; the last has so many that groups are settled one by one
CHOICES = (("12 groups of 1", (1,) * 12), ("6 groups of 3", (3,) * 6), ("3 groups of 15", (15,) * 3),
           ("30 groups of 9, one by one", (9,) * 30))


def measure(folder: Path) -> list[Figure]:
    """Medians; nothing is written to ``folder``."""
    assert folder
    return [*_sizes(), *_growth(), *_scans(), *_choices(), _ready(), _audit()]


def _sizes() -> list[Figure]:
    """Return what a quote and a price take in time, and a quote in memory, with a shop's packs."""
    found = []
    for lines, promotions in product(LINES, PROMOTIONS):
        engine, basket = Engine(rules.shop_pack(promotions)), rules.basket(lines)
        quote, price, bare = in_turn(
            _runs(lines), partial(engine.quote, basket), partial(engine.price, basket), _roundings(engine.pack, basket))
        name = f"{lines} lines × {promotions} promotions"
        limit = "one rounding per line and promotion on it"
        peak, kept = _memory(partial(engine.quote, basket))
        found += [
            Figure(f"quote, {name}", quote, "ms", limit, bare), Figure(f"price, {name}", price, "ms", limit, bare),
            Figure(f"peak of a quote, {name}", peak, "KiB", "the quote itself", kept)]
    return found


def _growth() -> list[Figure]:
    """Return the time of a price per line and promotion that matches, beside that of the middle size."""
    found = []
    for name, make in (("on some goods", partial(rules.shop_pack, groups=False)), ("on all goods", rules.dense_pack)):
        times = {}
        for lines, promotions in product(LINES, PROMOTIONS):
            engine, basket = Engine(make(promotions)), rules.basket(lines)
            price = in_turn(_runs(lines), partial(engine.price, basket))[0]
            times[lines, promotions] = price * US_PER_MS / (lines * max(1, len(_touched(engine.pack, basket))))
        found += [
            Figure(f"{lines} lines × {promotions} promotions {name}", each, "µs/l×p", "the same at 50 × 100", times[50, 100])
            for (lines, promotions), each in times.items()]
    return found


def _scans() -> list[Figure]:
    """Return how long the price takes to follow each scan of a basket of 50 lines, 100 promotions."""
    engine, whole = Engine(rules.shop_pack(100)), rules.basket(50)
    taken = []
    for _ in range(ROUNDS):
        basket = Basket(whole.basket_id, whole.shop, 1, NOON).with_member(whole.member)
        for line in whole.lines:
            basket = basket.with_product(line.product, line.quantity)
            taken.append(milliseconds(partial(engine.quote, basket)))
    return [
        Figure(f"re-price after a scan, up to 50 lines, {name}", value, "ms", "one frame of the screen", FRAME_MS)
        for name, value in (("p50", median(taken)), ("p95", quantiles(taken, n=20)[-1]))]


def _choices() -> list[Figure]:
    """Return the worst of choosing among groups, beside pricing each choice on its own."""
    found, basket = [], rules.basket(6)
    for name, sizes in CHOICES:
        engine, alone = Engine(rules.grouped_pack(*sizes)), Engine(rules.one_of_each_group(rules.grouped_pack(*sizes)))
        tries = prod(size + 1 for size in sizes)
        exhaustive = engine.price(basket).exhaustive
        assert exhaustive == (tries == 4096)
        chosen, one = in_turn(ROUNDS, partial(engine.price, basket), partial(alone.price, basket))
        found.append(Figure(
            f"choice, 6 lines, {name}", chosen, "ms", "a price for each choice",
            one * (tries if exhaustive else sum(size + 1 for size in sizes))))
    return found


def _ready() -> Figure:
    pack = rules.shop_pack(1000)
    document = msgspec.json.encode(pack)
    ready, read = in_turn(ROUNDS, partial(Engine, pack), partial(read_pack, document))
    return Figure("engine made ready, 1000 promotions", ready, "ms", "reading the pack", read)


def _audit() -> Figure:
    """Return how many sales a second head office recomputes, beside only reading their entries."""
    engine = Engine(rules.shop_pack(100))
    raws = [_entry(engine, rules.basket(LINES_OF_A_SALE, number), number) for number in range(1, SALES + 1)]

    def read() -> list[Sale]:
        bodies = [read_entry(raw, Place("12-1", INCARNATION, seq)).body for seq, raw in enumerate(raws, 1)]
        return [body for body in bodies if isinstance(body, Sale)]

    def audit() -> None:
        assert not any(findings(sale, engine, rules.SHOP) for sale in sales)

    sales = read()
    assert len(sales) == SALES
    audited, reading = in_turn(3, audit, read)
    return Figure(
        f"audit, {LINES_OF_A_SALE} lines × 100 promotions", SALES / audited * 1000, "sales/s",
        "reading the same entries", SALES / reading * 1000)


def _entry(engine: Engine, basket: Basket, seq: int) -> bytes:
    priced = engine.price(basket)
    sale = Sale(
        basket.basket_id, NOON.date, 1, basket, priced, (Tender(TenderKind.CASH, priced.total),), 0, None,
        points_of(basket.basket_id, "m1", priced))
    return msgspec.json.encode(
        Entry(ENTRY_VERSION, "12-1", INCARNATION, seq, EntryKind.SALE, NOON, CASHIER, None, sale))


def _touched(pack: Pack, basket: Basket) -> list[list[int]]:
    """Return the list amounts of the lines each promotion is about, for those that are about any."""
    covered = (
        [line.shelf_amount for line in basket.lines if each.reward.scope.covers(line.product)]
        for each in pack.promotions)
    return [amounts for amounts in covered if amounts]


def _roundings(pack: Pack, basket: Basket) -> Callable[[], None]:
    touched = _touched(pack, basket)

    def bare() -> None:
        for amounts in touched:
            for amount in amounts:
                half_up(amount * 7, 100)

    return bare


def _memory(action: Callable[[], object]) -> tuple[float, float]:
    """Return the KiB that ``action`` holds at its peak, and that its result keeps."""
    tracemalloc.start()
    result = action()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result
    return peak / KIB, kept / KIB


def _runs(lines: int) -> int:
    return {5: 40, 50: 20, 500: 5}[lines]
