"""Random sales of the station, recomputed by head office from what travels: bytes of packs and of entries.

The number of differences must be 0. 1 000 sales in the suite, 100 000 with ``CARD_STATION_FULL=1``.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from random import Random

import msgspec
import pytest

from headoffice.audit.recompute import Breach, Finding, findings
from headoffice.intake.entries import Place, read_entry
from station.basket import Basket, Usage
from station.ids import RANDOM_BYTES, uuid7
from station.journal import ENTRY_VERSION, Entry, EntryKind
from station.pack import Pack
from station.priced import Priced
from station.pricing import Engine
from station.promotion import Limits, Promotion
from station.sale import Sale, points_of
from station.tender import Tender, TenderKind, change_due
from sync.documents import read_pack
from tests.benchmarks import rules
from tests.fakes import CASHIER
from tests.rigs.random_club import random_basket, random_pack

SALES = 100_000 if os.environ.get("CARD_STATION_FULL") else 1_000
SALES_OF_A_PACK = 10
STATION, INCARNATION = "12-1", "a3f9" + "0" * 28
LOT = 50  # plantings of each kind

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


def club(number: int) -> tuple[Random, Pack]:
    """Pack ``number``, of a few promotions or many, and the chance its baskets are drawn from."""
    chance = Random(number)  # noqa: S311 - so that a number names a case for ever
    return chance, random_pack(chance, chance.choice((1, 4, 8, 16)), number)


def published(pack: Pack) -> Engine:
    """Head office's engine: of the pack as it reads it back from its published bytes."""
    return Engine(read_pack(msgspec.json.encode(pack)))


def sold(chance: Random, engine: Engine) -> Sale:
    """A random sale, made as the counter makes it: priced for the means of payment that then pay."""
    basket = random_basket(chance, engine.pack)
    basket = replace(basket, basket_id=uuid7(basket.opened.utc_us, chance.randbytes(RANDOM_BYTES)))
    for means in (basket.payments, (TenderKind.CASH,)):
        paid = replace(basket, payments=means)
        priced = engine.price(paid)
        tenders = _tenders(chance, means, priced.total)
        if tenders is not None:
            break
    assert tenders is not None
    return closed(paid, priced, tenders)


def closed(basket: Basket, priced: Priced, tenders: tuple[Tender, ...]) -> Sale:
    """The sale of ``basket`` as the counter closes it."""
    sale_id = basket.basket_id
    points = points_of(sale_id, basket.member.member_id, priced) if basket.member else ()
    return Sale(
        sale_id, basket.opened.date, 1, basket, priced, tenders, change_due(priced.total, tenders), None, points)


def _tenders(chance: Random, means: tuple[TenderKind, ...], total: int) -> tuple[Tender, ...] | None:
    """Return tenders by each of ``means`` that pay ``total``; None when they cannot."""
    made, rest = [], total
    for kind in sorted(means, key=lambda each: each is TenderKind.CASH):  # cash comes last: it may be too much
        if kind is TenderKind.CASH:
            amount = max(1, rest + chance.choice((0, 1, 5_000)))  # where nothing is due all of it is change
        else:
            amount = rest if TenderKind.CASH not in means else chance.randint(0, max(0, rest - 1))
        if amount <= 0:
            return None
        made.append(Tender(kind, amount, account="w1" if kind.stored_value else ""))
        rest -= amount
    return tuple(made) if rest <= 0 else None


def travelled(sale: Sale, seq: int) -> Sale:
    """``sale`` as head office reads it out of the bytes of its journal entry."""
    raw = msgspec.json.encode(Entry(
        ENTRY_VERSION, STATION, INCARNATION, seq, EntryKind.SALE, sale.basket.opened, CASHIER, None, sale))
    body = read_entry(raw, Place(STATION, INCARNATION, seq)).body
    assert isinstance(body, Sale)
    return body


def audited(sale: Sale, engine: Engine) -> set[Breach]:
    return {each.breach for each in findings(travelled(sale, 1), engine, sale.basket.shop)}


def test_head_office_recomputes_every_sale_to_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    found, seen = list[tuple[int, int, Finding]](), Counter[str]()
    began = time.perf_counter()
    for number in range(1, SALES // SALES_OF_A_PACK + 1):
        chance, pack = club(number)
        station, office = Engine(pack), published(pack)
        for place in range(SALES_OF_A_PACK):
            sale = sold(chance, station)
            found += [(number, place, each) for each in findings(travelled(sale, place + 1), office, sale.basket.shop)]
            seen.update(sales=1, discounts=len(sale.priced.discounts), movements=len(sale.points))
    with capsys.disabled():
        print(  # noqa: T201 - the count is the proof
            f"\n{seen['sales']} random sales recomputed, with {seen['discounts']} discounts and {seen['movements']} movements"
            f" of points: {len(found)} differences; {SALES / (time.perf_counter() - began):.0f} sales/s made and audited")
    assert found == []
    assert seen["sales"] == SALES
    assert min(seen["discounts"], seen["movements"]) > SALES


@pytest.mark.parametrize("sizes", [(3, 3, 3), (4, 4, 2), (1,) * 7])
@pytest.mark.parametrize("number", range(1, 6))
def test_no_choice_among_groups_is_better_priced_alone(sizes: tuple[int, ...], number: int) -> None:
    """The engine shares work between the choices it tries; here each is priced by a pack that leaves none."""
    pack, basket = rules.grouped_pack(*sizes), rules.basket(4, number)
    groups = sorted({each.group for each in pack.promotions if each.group})
    options = [(None, *(each for each in pack.promotions if each.group == group)) for group in groups]
    always = [each for each in pack.promotions if not each.group]
    alone = [
        Engine(replace(pack, promotions=(*always, *(replace(each, group="") for each in choice if each)))).price(basket)
        for choice in product(*options)]
    chosen = Engine(pack).price(basket)
    assert chosen.exhaustive
    assert (chosen.total, -chosen.points) == min((each.total, -each.points) for each in alone)


def _one_rial(sale: Sale, _pack: Pack) -> Sale | None:
    """Let the customer pay one rial less on the last line that costs something, all sums and the change agreeing."""
    priced = sale.priced
    line = next((each for each in reversed(priced.lines) if each.total), None)
    if line is None or not sale.pays_cash:
        return None
    cheaper = replace(line, total=line.total - 1, discount=line.discount + 1)
    priced = replace(
        priced, lines=tuple(cheaper if each is line else each for each in priced.lines),
        discount=priced.discount + 1, total=priced.total - 1)
    return replace(sale, priced=priced, change=sale.change + 1)


def _one_point(sale: Sale, _pack: Pack) -> Sale | None:
    """Give one point more, in the result and in the ledger entries alike."""
    priced = sale.priced
    if not priced.earned or not sale.basket.member:
        return None
    more = replace(priced.earned[0], points=priced.earned[0].points + 1)
    priced = replace(priced, earned=(more, *priced.earned[1:]), points=priced.points + 1)
    return replace(sale, priced=priced, points=points_of(sale.sale_id, sale.basket.member.member_id, priced))


def _one_point_in_the_ledger(sale: Sale, _pack: Pack) -> Sale | None:
    if not sale.points:
        return None
    entry = replace(sale.points[-1], points=sale.points[-1].points + 1)
    return replace(sale, points=(*sale.points[:-1], entry))


def _dropped_discount(sale: Sale, _pack: Pack) -> Sale | None:
    """Leave the first discount out of the list; the sums stay."""
    if not sale.priced.discounts:
        return None
    return replace(sale, priced=replace(sale.priced, discounts=sale.priced.discounts[1:]))


def _used_up(sale: Sale, pack: Pack) -> Sale | None:
    """Say of a promotion that was given that it had been used up before."""
    limited = {each.id: each for each in pack.promotions if each.id in sale.priced.applied and _countable(each)}
    if not limited:
        return None
    rule = min(limited)
    usage = tuple(_all_used(limited[rule]) if each.promotion == rule else each for each in sale.basket.usage)
    return replace(sale, basket=replace(sale.basket, usage=usage))


def _countable(promotion: Promotion) -> bool:
    return replace(promotion.limits, budget=None) != Limits()


def _all_used(promotion: Promotion) -> Usage:
    limits = promotion.limits
    return Usage(
        promotion.id, limits.per_member or 0, limits.per_member_day or 0, limits.per_day or 0, limits.in_all or 0)


@pytest.mark.parametrize(("plant", "breach"), [
    (_one_rial, Breach.PRICE), (_one_point, Breach.PRICE), (_one_point_in_the_ledger, Breach.POINTS),
    (_dropped_discount, Breach.PRICE), (_used_up, Breach.PRICE),
])
def test_a_planted_difference_is_found(plant: Callable[[Sale, Pack], Sale | None], breach: Breach) -> None:
    planted = 0
    for sale, engine in _some_sales():
        false = plant(sale, engine.pack)
        if false is not None:
            assert audited(false, engine) == {breach}, sale.basket
            assert audited(sale, engine) == set()
            planted += 1
        if planted == LOT:
            break
    assert planted == LOT


def _some_sales() -> Iterator[tuple[Sale, Engine]]:
    for number in range(1, 1000):
        chance, pack = club(number)
        engine = Engine(pack)
        yield sold(chance, engine), engine
