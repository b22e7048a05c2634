"""What a scanned code means: a good by its own code, or one by the label of a scale. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from station.errors import ErrorCode, StationError
from station.money import THOUSAND, half_up
from station.pack import Pack
from station.ports import Shelf
from station.product import Product, ProductKind
from station.weighed import Figure, Label, LabelLayout, read_label


@dataclass(frozen=True, slots=True)
class Scanned:
    """``quantity`` thousandths of ``product``; ``labelled`` is what a label says it costs, tax included (None: none does)."""

    product: Product
    quantity: int
    labelled: int | None = None


def look_up(shelf: Shelf, layouts: Sequence[LabelLayout], code: str, quantity: int, at_us: int) -> Scanned:
    """Return what ``code`` means at ``at_us``, ``quantity`` thousandths of it.

    A good that has the whole code goes before a label. Raises ``StationError`` PRODUCT_UNKNOWN,
    LABEL_FIXED for another quantity of a labelled packet than one.
    """
    product = shelf.product(code, at_us)
    if product:
        return Scanned(product, quantity)
    label = read_label(code, layouts)
    found = next(_labelled(shelf, label, at_us), None) if label else None
    if found is None:
        raise StationError(ErrorCode.PRODUCT_UNKNOWN)
    if quantity != THOUSAND:
        raise StationError(ErrorCode.LABEL_FIXED)
    return found


def check_kind(scanned: Scanned, account: str) -> None:
    """Raise ``StationError`` QUANTITY_INVALID for a part of a piece, ACCOUNT_MISSING (``kind``) for money without account or goods with one."""
    product = scanned.product
    if scanned.quantity % THOUSAND and not product.weighed:
        raise StationError(ErrorCode.QUANTITY_INVALID, quantity=scanned.quantity)
    if bool(account) == (product.kind is ProductKind.GOODS):
        raise StationError(ErrorCode.ACCOUNT_MISSING, kind=product.kind.value)


def check_taxes(pack: Pack, products: Sequence[Product]) -> None:
    """Raise ``StationError`` TAX_UNKNOWN when ``pack`` does not know a tax of one of ``products``."""
    known = {rate.id for rate in pack.taxes}
    if any(not set(product.taxes) <= known for product in products):
        raise StationError(ErrorCode.TAX_UNKNOWN)


def _labelled(shelf: Shelf, label: Label, at_us: int) -> Iterator[Scanned]:
    """Yield what ``label`` may be; by weight only goods that are sold so.

    The price on a label is what is charged, so the weight is only what it comes to at the price of
    a kilogram, and the tax is in it.
    """
    for barcode in label.barcodes:
        product = shelf.product(barcode, at_us)
        if product and label.figure is Figure.PRICE:
            weighs = product.weighed and product.price
            quantity = max(1, half_up(label.amount * THOUSAND, product.price)) if weighs else THOUSAND
            yield Scanned(replace(product, tax_included=True), quantity, label.amount)
        elif product and product.weighed:
            yield Scanned(product, label.amount)
