"""One sale gone over again: what would the same engine have made of the same input? Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from station.errors import StationError
from station.priced import Priced
from station.pricing import Engine
from station.sale import Sale, points_of
from station.tender import change_due


class Breach(StrEnum):
    """Which rule a sale breaks."""

    PACK_UNKNOWN = "PACK_UNKNOWN"
    PRICE = "PRICE"
    POINTS = "POINTS"
    PAYMENT = "PAYMENT"
    BY_HAND = "BY_HAND"
    BASKET = "BASKET"
    SHOP = "SHOP"
    KEY_WRITTEN = "KEY_WRITTEN"
    MEMBER_UNKNOWN = "MEMBER_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach, with the figures that show it."""

    breach: Breach
    detail: str


def findings(sale: Sale, engine: Engine | None, shop: str) -> tuple[Finding, ...]:
    """Return what is wrong with ``sale``, sold in ``shop`` under the pack of ``engine`` (None: there is none)."""
    return tuple(_findings(sale, engine, shop))


def _findings(sale: Sale, engine: Engine | None, shop: str) -> Iterator[Finding]:
    if engine is None:
        yield Finding(Breach.PACK_UNKNOWN, f"pack {sale.basket.pack}")
    else:
        yield from _price(sale, engine)
    member = sale.basket.member
    if sale.points != (points_of(sale.sale_id, member.member_id, sale.priced) if member else ()):
        stated = sum(entry.points for entry in sale.points)
        yield Finding(Breach.POINTS, f"entries of {stated}, priced {sale.priced.points}")
    yield from _payment(sale)
    if not sale.basket.lines or sale.basket.basket_id != sale.sale_id:
        yield Finding(Breach.BASKET, f"{len(sale.basket.lines)} lines, basket {sale.basket.basket_id}")
    if sale.basket.shop != shop:
        yield Finding(Breach.SHOP, f"shop {sale.basket.shop}, the station's is {shop}")


def _price(sale: Sale, engine: Engine) -> Iterator[Finding]:
    try:
        expected = engine.price(sale.basket)
    except StationError as fault:
        yield Finding(Breach.BY_HAND, str(fault))
    except ValueError as fault:
        yield Finding(Breach.BASKET, str(fault))
    else:
        if expected != sale.priced:
            yield Finding(Breach.PRICE, _differing(sale.priced, expected))


def _payment(sale: Sale) -> Iterator[Finding]:
    total = sale.priced.total
    try:
        due = change_due(total, sale.tenders)
    except StationError as fault:
        yield Finding(Breach.PAYMENT, f"{fault} of total {total}")
        return
    means = {tender.kind for tender in sale.tenders}
    if means != set(sale.basket.payments):
        yield Finding(Breach.PAYMENT, f"paid by {sorted(means)}, priced for {sorted(sale.basket.payments)}")
    if due != sale.change:
        yield Finding(Breach.PAYMENT, f"change {sale.change}, due {due}")


def _differing(stated: Priced, expected: Priced) -> str:
    """Return the fields that differ; sums with both figures, parts by name alone."""
    words = []
    for field in fields(Priced):
        ours, theirs = getattr(expected, field.name), getattr(stated, field.name)
        if ours != theirs:
            words.append(f"{field.name} {theirs}, due {ours}" if isinstance(ours, int) else field.name)
    return "; ".join(words)
