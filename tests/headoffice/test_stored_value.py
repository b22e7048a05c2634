"""Wallets and gift cards at head office: what sales load and pay, what returns give back, worked by hand."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from headoffice import demo
from headoffice.intake.models import Quarantine
from headoffice.ledger.models import ValueAccount, ValueEntry, ValueLot
from headoffice.projector import hooks
from headoffice.projector.verify import differences
from station.basket import Basket
from station.journal import EntryKind
from station.member import MemberSnapshot
from station.pricing import Engine
from station.product import Product, ProductKind
from station.returns import gone_before, reversals, take_back, taxes_back
from station.sale import ReturnedLine, Sale, SaleReturn, points_of
from station.tender import Tender, TenderKind
from station.text import Text
from tests.headoffice.shop import GOOD, NOON, Till, member

ENGINE = Engine(demo.PACK)
CARD = Product("card", "", Text("کارت هدیه", "Gift card"), 500_000, kind=ProductKind.GIFT_CARD)
TOP_UP = Product("top-up", "", Text("شارژ", "Top-up"), 300_000, kind=ProductKind.TOP_UP)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the club bears where nothing was set aside has tests of its own."""
    monkeypatch.setattr(hooks, "AFTER_POSTING", [])


def sold(
    *loads: tuple[Product, str], goods: int = 0, who: MemberSnapshot | None = None, paid: tuple[Tender, ...] = (),
) -> Sale:
    """A sale that loads accounts and sells ``goods`` pieces; what ``paid`` does not reach is paid in cash."""
    basket = Basket(str(uuid.uuid4()), "12", 1, NOON).with_member(who)
    for product, account in loads:
        basket = basket.with_product(product, 1000, account)
    if goods:
        basket = basket.with_product(GOOD, goods * 1000)
    rest = ENGINE.price(basket).total - sum(each.amount for each in paid)
    tenders = (*paid, *((Tender(TenderKind.CASH, rest),) if rest else ()))
    basket = replace(basket, payments=tuple(sorted(each.kind for each in tenders)))
    priced = ENGINE.price(basket)
    points = points_of(basket.basket_id, who.member_id, priced) if who else ()
    return Sale(basket.basket_id, NOON.date, 1, basket, priced, tenders, 0, None, points)


def put(till: Till, body: Any) -> int:
    """Upload one entry and have it projected."""
    kind = EntryKind.RETURN if isinstance(body, SaleReturn) else EntryKind.SALE
    seq = till.journal.append(body, kind=kind)
    assert till.put(seq, seq).status == 200
    return seq


def back(till: Till, seq: int, sale: Sale, *lines: ReturnedLine, earlier: tuple[SaleReturn, ...] = ()) -> SaleReturn:
    """The return of ``lines`` of the sale at entry ``seq``, as the counter books it."""
    before = gone_before(sale, earlier)
    returned = take_back(ENGINE, sale, lines, before)
    return_id = str(uuid.uuid4())
    return SaleReturn(
        return_id, sale.sale_id, till.journal.incarnation, seq, NOON.date, 1, None, lines, returned.money,
        tuple(replace(tender, amount=amount) for tender, amount in zip(sale.tenders, returned.tenders, strict=True)),
        taxes_back(sale, earlier, returned.remains), reversals(return_id, sale, before, returned), ())


def accounts() -> dict[str, tuple[str, str, int]]:
    """Purpose, member and balance by account."""
    return {each.account: (each.purpose, each.member, each.amount) for each in ValueAccount.objects.all()}


@pytest.fixture
def started(till: Till) -> Till:
    assert till.put(1, 1).status == 200
    return till


@pytest.fixture(autouse=True)
def _agree(office: Any) -> Any:
    """Whatever happened, the books agree in the end."""
    assert office.exists()
    yield
    with transaction.atomic(), connection.cursor() as cursor:
        assert list(differences(cursor)) == []


def test_cards_and_top_ups_are_loaded_and_paid_from(started: Till) -> None:
    who = member(0)
    put(started, sold((CARD, "g1"), (TOP_UP, "w1"), who=who))
    assert accounts() == {"g1": ("GIFT_CARD", "", 500_000), "w1": ("WALLET", who.member_id, 300_000)}
    put(started, sold(goods=1, paid=(Tender(TenderKind.GIFT_CARD, 120_000, account="g1"),
                                     Tender(TenderKind.WALLET, 40_000, account="w1"))))
    assert {name: amount for name, (_, _, amount) in accounts().items()} == {"g1": 380_000, "w1": 260_000}
    assert ValueLot.objects.get(account="g1").held == 380_000


def test_a_sale_cannot_pay_out_of_what_it_loads(started: Till) -> None:
    put(started, sold((CARD, "g1"), paid=(Tender(TenderKind.GIFT_CARD, 200_000, account="g1"),)))
    # payments come first, and the card held nothing then: a claim that could not be met leaves no debt
    assert accounts()["g1"] == ("GIFT_CARD", "", 500_000)
    assert ValueEntry.objects.get(kind="REDEEM").clamped == 200_000


def test_more_than_an_account_holds_leaves_no_debt(started: Till) -> None:
    put(started, sold((TOP_UP, "w1"), who=member(0)))
    put(started, sold(goods=1, paid=(Tender(TenderKind.WALLET, 366_630, account="w1"),)))
    put(started, sold(goods=1, paid=(Tender(TenderKind.GIFT_CARD, 1_000, account="nobodys"),)))
    assert (accounts()["w1"][2], accounts()["nobodys"]) == (0, ("GIFT_CARD", "", 0))
    assert list(ValueEntry.objects.filter(kind="REDEEM").order_by("posted").values_list("amount", "clamped")) == [
        (-300_000, 66_630), (0, 1_000)]


def test_what_a_wallet_paid_comes_back_to_it(started: Till) -> None:
    put(started, sold((TOP_UP, "w1"), who=member(0)))
    sale = sold(goods=2, paid=(Tender(TenderKind.WALLET, 300_000, account="w1"),))
    seq = put(started, sale)
    first = back(started, seq, sale, ReturnedLine(1, 1000))
    put(started, first)
    # 733 260 were paid, 300 000 of it by the wallet; half goes back in proportion: 150 000
    assert (first.tenders[0].amount, accounts()["w1"][2]) == (150_000, 150_000)
    put(started, back(started, seq, sale, ReturnedLine(1, 1000), earlier=(first,)))
    assert accounts()["w1"][2] == 300_000
    [lot] = ValueLot.objects.filter(account="w1", held__gt=0)
    assert (lot.lot_id.split("/")[1], lot.held) == ("line", 300_000)


def test_a_card_that_comes_back_is_emptied_at_most(started: Till) -> None:
    sale = sold((CARD, "g1"), (CARD, "g2"))
    seq = put(started, sale)
    put(started, sold(goods=1, paid=(Tender(TenderKind.GIFT_CARD, 200_000, account="g1"),)))
    put(started, back(started, seq, sale, ReturnedLine(1, 1000, 300_000), ReturnedLine(2, 1000, 500_000)))
    assert {name: amount for name, (_, _, amount) in accounts().items()} == {"g1": 0, "g2": 0}
    assert list(ValueEntry.objects.filter(kind="REVERSE").order_by("account").values_list("amount", "clamped")) == [
        (-300_000, 200_000), (-500_000, 0)]


def test_a_return_of_a_sale_nobody_knows_moves_no_value(started: Till) -> None:
    put(started, sold((CARD, "g1")))
    sale = sold((CARD, "g1"))
    put(started, back(started, 99, sale, ReturnedLine(1, 1000, 500_000)))
    assert accounts()["g1"][2] == 500_000


def test_what_no_account_can_have_is_set_aside(started: Till) -> None:
    seqs = [put(started, sold((CARD, "g" * 101))),
            put(started, replace(sold(goods=1), tenders=(Tender(TenderKind.WALLET, -5, account="w1"),)))]
    assert list(Quarantine.objects.order_by("seq").values_list("seq", flat=True)) == seqs
    assert accounts() == {}
