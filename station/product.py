"""Goods as the shelf sells them, and which of them a rule is about."""

from dataclasses import dataclass
from enum import StrEnum

from station.money import percent
from station.text import Text


class ProductKind(StrEnum):
    """What is sold: goods, or money in another form, which no rule discounts, counts or rewards."""

    GOODS = "GOODS"
    GIFT_CARD = "GIFT_CARD"
    TOP_UP = "TOP_UP"


@dataclass(frozen=True, slots=True)
class Product:
    """A good as the shelf sells it.

    ``price`` is per piece (or per kilogram when ``weighed``), in minor units; ``tax_percent`` a
    decimal string; ``tax_included`` says whether the price already holds the tax. ``taxes`` name
    tax rates of the rule pack that come on top of ``tax_percent``; together they are one rate.
    """

    product_id: str
    barcode: str
    name: Text
    price: int
    tax_percent: str = "0"
    tax_included: bool = True
    tags: tuple[str, ...] = ()
    weighed: bool = False
    category: str = ""
    kind: ProductKind = ProductKind.GOODS
    taxes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative price or a tax that is not a percentage."""
        if self.price < 0:
            message = f"negative price {self.price} of product {self.product_id}"
            raise ValueError(message)
        percent(self.tax_percent)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which goods: those that any list names (all, when no list is given), less the excepted ones.

    Gift cards and top-ups are in no scope: design "Promotions".
    """

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    except_products: tuple[str, ...] = ()
    except_categories: tuple[str, ...] = ()
    except_tags: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether no list narrows the goods down (some may still be excepted)."""
        return not (self.products or self.categories or self.tags)

    def covers(self, product: Product) -> bool:
        """Whether ``product`` is one of these goods."""
        if product.kind is not ProductKind.GOODS:
            return False
        named = (
            self.everything or product.product_id in self.products or product.category in self.categories
            or any(tag in self.tags for tag in product.tags))
        return named and not (
            product.product_id in self.except_products or product.category in self.except_categories
            or any(tag in self.except_tags for tag in product.tags))


ALL_GOODS = Scope()
