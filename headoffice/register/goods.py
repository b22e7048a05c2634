"""Changes of goods: what is planned for them, and by which barcodes they are known."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from headoffice.feeds.versions import SHELF, take
from headoffice.register.models import Barcode, Plan, Product
from station import product as pure
from station.text import Text


@dataclass(frozen=True, slots=True)
class Planned:
    """What a good is from ``from_us`` (µs since 1970 UTC) on, in ``shop`` or in all (""). None: as before."""

    from_us: int
    shop: str = ""
    price: int | None = None
    tax_percent: str | None = None
    tax_included: bool | None = None
    taxes: tuple[str, ...] | None = None


def plan(product_id: str, planned: Planned) -> bool:
    """Plan a change of a good, or change what is planned at that time; return whether there is such a good.

    Raises ``ValueError`` on a negative price or a tax that is not a percentage, which stations would refuse.
    """
    pure.Product(product_id, "", Text("", ""), planned.price or 0, planned.tax_percent or "0")
    with transaction.atomic():
        if not Product.objects.filter(id=product_id).exists():
            return False
        Plan.objects.update_or_create(
            product=product_id, shop=planned.shop, from_us=planned.from_us,
            defaults={"price": planned.price, "tax_percent": planned.tax_percent, "tax_included": planned.tax_included,
                      "taxes": None if planned.taxes is None else list(planned.taxes)})
        _changed(product_id)
        return True


def set_barcodes(product_id: str, barcodes: Sequence[str]) -> None:
    """Let a good be known by ``barcodes`` beside its first one, and by no others.

    Raises ``ValueError`` when one of them is another good's, ``KeyError`` when there is no such good.
    """
    with transaction.atomic():
        if not Product.objects.filter(id=product_id).exists():
            raise KeyError(product_id)
        others = (*Product.objects.filter(barcode__in=barcodes, gone=False).values_list("id", flat=True),
                  *Barcode.objects.filter(barcode__in=barcodes).values_list("product", flat=True))
        if set(others) - {product_id}:
            message = f"a barcode of {product_id} is another good's"
            raise ValueError(message)
        Barcode.objects.filter(product=product_id).delete()
        Barcode.objects.bulk_create(Barcode(barcode=each, product=product_id) for each in dict.fromkeys(barcodes))
        _changed(product_id)


def _changed(product_id: str) -> None:
    with connection.cursor() as cursor:
        Product.objects.filter(id=product_id).update(version=take(cursor, SHELF, 1)[0])
