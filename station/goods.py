"""A basket laid out for the engine: list amounts with tax, pieces, shelf prices, tax of totals. Pure.

Rules: design "Money". Lines are kept in an order of their own (product, price, quantity, account,
what was given on the line by hand, the product's other facts, then number), so that a tie that
falls to "the first line" falls the same way in whichever order the goods were scanned: the order of
lines does not change the total.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from station.basket import BasketLine
from station.hand import ByHand
from station.money import half_up, percent, spread, tax_within
from station.pack import Pack
from station.priced import TaxTotal
from station.product import ProductKind


@dataclass(frozen=True, slots=True)
class Goods:
    """``lines`` in the engine's order; every other sequence is parallel to them.

    ``listed`` are list amounts with tax, ``rates`` the tax rates, ``pieces`` how many there are (0
    for gift cards and top-ups, which no rule counts). ``ranks`` order the lines by the exact shelf
    price of a piece with tax, cheapest first, ties to the first line.
    """

    lines: tuple[BasketLine, ...]
    listed: tuple[int, ...]
    rates: tuple[Fraction, ...]
    ranks: tuple[int, ...]
    pieces: tuple[int, ...]

    def taxes(self, totals: Sequence[int], places: Iterable[int] | None = None) -> tuple[TaxTotal, ...]:
        """Return the tax contained in ``totals``, once for each rate, lowest first; of ``places`` or all."""
        gross: dict[Fraction, int] = {}
        for i in range(len(totals)) if places is None else places:
            gross[self.rates[i]] = gross.get(self.rates[i], 0) + totals[i]
        return tuple(
            TaxTotal(percent_text(rate), gross[rate], tax_within(gross[rate], rate)) for rate in sorted(gross))


def lay_out(pack: Pack, lines: Iterable[BasketLine], by_hand: Sequence[ByHand] = ()) -> Goods:
    """Return ``lines`` with their list amounts; ``by_hand`` only tells like lines apart.

    Raises ``ValueError`` on a tax the pack does not know.
    """
    gifts = dict[int, tuple[int, ...]]()
    for number, given in enumerate(by_hand):
        if given.line is not None:
            gifts[given.line] = (*gifts.get(given.line, ()), number)
    ordered = tuple(sorted(lines, key=lambda line: _place(line, gifts.get(line.line, ()))))
    known = {rate.id: percent(rate.percent) for rate in pack.taxes}
    rates = tuple(_rate(line, known) for line in ordered)
    return Goods(
        ordered, _listed(ordered, rates), rates, _ranks(ordered, rates),
        tuple(line.pieces if line.product.kind is ProductKind.GOODS else 0 for line in ordered))


def percent_text(rate: Fraction) -> str:
    """Return ``rate``, a share of one, as a percentage in its shortest decimal form: 1/8 → "12.5"."""
    millionths = rate * 100 * 10**6
    whole, part = divmod(millionths.numerator // millionths.denominator, 10**6)
    return f"{whole}.{part:06}".rstrip("0").rstrip(".")


def _place(line: BasketLine, gifts: tuple[int, ...]) -> tuple[object, ...]:
    product = line.product
    return (product.product_id, product.price, line.quantity, line.account, gifts, product.tax_percent,
            product.tax_included, product.taxes, product.category, product.tags, product.weighed, line.shelf_amount, line.line)


def _rate(line: BasketLine, known: dict[str, Fraction]) -> Fraction:
    """Return the tax of a line: several rates on one product add up to one."""
    rate = percent(line.product.tax_percent)
    for name in line.product.taxes:
        if name not in known:
            message = f"line {line.line} names the tax {name!r}, expected one of {', '.join(known) or 'none'}"
            raise ValueError(message)
        rate += known[name]
    return rate


def _listed(lines: Sequence[BasketLine], rates: Sequence[Fraction]) -> tuple[int, ...]:
    """Return list amounts with tax: untaxed goods get their rate's tax, rounded once and spread."""
    amounts = [line.shelf_amount for line in lines]
    bare: dict[Fraction, list[int]] = {}
    for i, line in enumerate(lines):
        if not line.product.tax_included:
            bare.setdefault(rates[i], []).append(i)
    for rate, places in bare.items():
        held = [amounts[i] for i in places]
        tax = half_up(sum(held) * rate.numerator, rate.denominator)
        for i, part in zip(places, spread(tax, held), strict=True):
            amounts[i] += part
    return tuple(amounts)


def _ranks(lines: Sequence[BasketLine], rates: Sequence[Fraction]) -> tuple[int, ...]:
    """Return the place of each line by shelf price with tax; the piece of a weighed line is all of it."""
    whole = lcm(*{rate.denominator for rate in rates})  # in parts of 1 / whole the prices are integers
    shelf = []
    for line, rate in zip(lines, rates, strict=True):
        bare = line.shelf_amount if line.product.weighed or line.labelled is not None else line.product.price
        tax = 0 if line.product.tax_included else rate.numerator * (whole // rate.denominator)
        shelf.append(bare * (whole + tax))
    ranks = [0] * len(shelf)
    for rank, i in enumerate(sorted(range(len(shelf)), key=shelf.__getitem__)):
        ranks[i] = rank
    return tuple(ranks)
