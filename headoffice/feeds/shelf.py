"""The goods feed: one shelf for all stations, in the order of the last change."""

import msgspec
from django.db import transaction

from headoffice.feeds.cursor import seal, unseal
from headoffice.feeds.versions import SHELF, last_version
from headoffice.register.models import Product as Row
from station.product import Product, ProductKind
from station.text import Text
from sync.wire_feeds import ShelfChange, ShelfPage

PAGE = 1000


class ShelfPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a station stands: all changes up to ``version``."""

    version: int


def page(cursor: str, size: int = PAGE) -> ShelfPage:
    """Return at most ``size`` changes after ``cursor`` ("" for the first page).

    A cursor from a future that a restored head office does not know is answered from the beginning.
    Raises ``RefusalError`` INVALID on a cursor not made here.
    """
    with transaction.atomic():
        version = unseal(cursor, ShelfPlace).version if cursor else 0
        if version > last_version(SHELF):
            version = 0
        following = list(Row.objects.filter(version__gt=version).order_by("version")[:size + 1])
    listed = following[:size]
    return ShelfPage(
        cursor=seal(ShelfPlace(listed[-1].version if listed else version)),
        more=len(following) > size, changes=tuple(map(_change, listed)))


def _change(row: Row) -> ShelfChange:
    product = None if row.gone else Product(
        row.id, row.barcode, Text(row.name_fa, row.name_en), row.price, row.tax_percent,
        row.tax_included, tuple(row.tags), row.weighed, row.category, ProductKind(row.kind), tuple(row.taxes))
    return ShelfChange(product_id=row.id, product=product)
