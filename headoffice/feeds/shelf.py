"""The goods feed: goods with their prices, taxes and barcodes as one shop sells them, in the order of the last change.

What is planned comes down ahead of its time, so that a price changes at its hour in a shop without a line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from headoffice.clock import now_us
from headoffice.feeds.paging import PAGE, listed
from headoffice.feeds.versions import SHELF
from headoffice.register.models import Barcode, Plan
from headoffice.register.models import Product as Row
from headoffice.transactions import one_state
from station.product import Product, ProductKind
from station.text import Text
from sync.wire_feeds import ProductFrom, ShelfChange, ShelfPage


def page(shop: str, cursor: str, size: int = PAGE) -> ShelfPage:
    """Return at most ``size`` changes for ``shop`` after ``cursor``; as ``headoffice.feeds.paging.listed``."""
    with one_state():
        found = listed(SHELF, Row.objects.all(), "version", cursor, size)
        ids = [row.id for row in found.rows]
        plans: dict[str, list[Plan]] = {}
        for plan in Plan.objects.filter(product__in=ids, shop__in=("", shop)).order_by("from_us", "shop"):
            plans.setdefault(plan.product, []).append(plan)
        barcodes: dict[str, list[str]] = {}
        for each in Barcode.objects.filter(product__in=ids).order_by("barcode"):
            barcodes.setdefault(each.product, []).append(each.barcode)
    at_us = now_us()
    return ShelfPage(
        cursor=found.cursor, more=found.more, version=found.version,
        changes=tuple(_change(row, barcodes.get(row.id, ()), plans.get(row.id, ()), at_us) for row in found.rows))


def _change(row: Row, barcodes: Iterable[str], plans: Iterable[Plan], at_us: int) -> ShelfChange:
    if row.gone:
        return ShelfChange(product_id=row.id, product=None, barcodes=(), planned=())
    product = Product(
        row.id, row.barcode, Text(row.name_fa, row.name_en), row.price, row.tax_percent,
        row.tax_included, tuple(row.tags), row.weighed, row.category, ProductKind(row.kind), tuple(row.taxes))
    planned = []
    for from_us, as_planned in _course(product, plans):
        if from_us <= at_us:
            product = as_planned
        else:
            planned.append(ProductFrom(from_us=from_us, product=as_planned))
    return ShelfChange(product_id=row.id, product=product, barcodes=tuple(barcodes), planned=tuple(planned))


def _course(product: Product, plans: Iterable[Plan]) -> Iterator[tuple[int, Product]]:
    """Yield from when the good is how: what is planned for all, under what is planned for the shop."""
    for_all, for_shop = dict[str, Any](), dict[str, Any]()
    for plan in plans:
        (for_shop if plan.shop else for_all).update(_said(plan))
        yield plan.from_us, replace(product, **for_all | for_shop)


def _said(plan: Plan) -> dict[str, Any]:
    said = {"price": plan.price, "tax_percent": plan.tax_percent, "tax_included": plan.tax_included,
            "taxes": None if plan.taxes is None else tuple(plan.taxes)}
    return {name: value for name, value in said.items() if value is not None}
