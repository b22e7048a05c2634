"""Which goods a rule is about."""

import pytest

from station.pricing import price
from station.product import ALL_GOODS, ProductKind, Scope
from station.rewards import PercentOff
from tests.fakes import bought, club, deal, product

BREAD = product(1, category="bakery", tags=("fresh", "own"))
CAKE = product(2, category="bakery", tags=("own",))
MILK = product(3, category="dairy", tags=("fresh",))
PEN = product(4)


@pytest.mark.parametrize(("scope", "covered"), [
    (ALL_GOODS, "1234"),
    (Scope(products=("p1", "p3")), "13"),
    (Scope(categories=("bakery",)), "12"),
    (Scope(tags=("fresh",)), "13"),
    (Scope(products=("p4",), categories=("dairy",), tags=("own",)), "1234"),  # any list names it
    (Scope(except_products=("p1",)), "234"),
    (Scope(except_categories=("bakery",)), "34"),
    (Scope(except_tags=("fresh",)), "24"),
    (Scope(categories=("bakery",), except_tags=("fresh",)), "2"),
    (Scope(products=("p1",), except_products=("p1",)), ""),
    (Scope(categories=("toys",)), ""),
])
def test_a_scope_names_goods_less_the_excepted(scope: Scope, covered: str) -> None:
    goods = (BREAD, CAKE, MILK, PEN)
    assert "".join(each.product_id[1:] for each in goods if scope.covers(each)) == covered
    # and the engine touches just those
    priced = price(club(deal("all", PercentOff("100"), scope=scope)), bought(*goods))
    assert "".join(str(line.line) for line in priced.lines if line.total == 0) == covered


@pytest.mark.parametrize("kind", [ProductKind.GIFT_CARD, ProductKind.TOP_UP])
def test_money_in_another_form_is_in_no_scope(kind: ProductKind) -> None:
    card = product(9, 50_000, kind=kind, category="bakery")
    for scope in (ALL_GOODS, Scope(products=("p9",)), Scope(categories=("bakery",))):
        assert not scope.covers(card)
        assert price(club(deal("half", PercentOff("50"), scope=scope)), bought(card, BREAD)).lines[0].total == 50_000


@pytest.mark.parametrize("facts", [{"price": -1}, {"price": 1, "tax_percent": "ten"}])
def test_a_product_that_makes_no_sense_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"p1|ten"):
        product(1, **facts)  # type: ignore[arg-type] # each by its name
