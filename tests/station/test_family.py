"""Who of a family buys: limits of the day on points and wallets, at the counter and in the engine."""

from dataclasses import replace

import pytest

from station.account import check_sale, spender_of
from station.basket import Basket, Chosen
from station.card import Card, CardStatus, CardTier, Medium, Tap
from station.card_life import Holder, Spender
from station.clock import Moment
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.leases import LeaseUse
from station.pack import CardCap
from station.pricing import price
from station.promotion import Cost
from station.redemption import RedemptionRules
from station.rewards import PercentOff
from station.spending import DayOfHolder
from station.step_up import ClaimMethod, StepUp
from station.tender import Tender, TenderKind
from station.trust import most_points, spendable_points
from tests.fakes import (
    CASHIER,
    NAME,
    NOON,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    bought,
    club,
    deal,
    member,
    product,
)
from tests.station.test_spending import Till
from tests.station.test_spending import sale as spent

BLOCKS = RedemptionRules(10, 1000)
"""Ten points pay 1 000."""

SARA, KIAN = Holder("h1", "Sara", 60, 5_000), Holder("h2", "Kian")
TOMORROW = Moment(NOON.utc_us + 86_400_000_000, NOON.offset, "2026-11-23")
PROVEN = StepUp("claim", "m1", ClaimMethod.PIN, NOON.utc_us + 1)


class Shop:
    """A counter with member 1 of 500 points, whose family has Sara (h1, limited) and Kian (h2)."""

    def __init__(self) -> None:
        cards = {"own": Card("m1", CardStatus.ACTIVE), "sara": Card("m1", CardStatus.ACTIVE, "h1"),
                 "kian": Card("m1", CardStatus.ACTIVE, "h2"), "lost": Card("m1", CardStatus.ACTIVE, "h9")}
        self.members = MemoryMembers(cards, {"m1": member(1), "m2": member(2)}, families={"m1": (SARA, KIAN)})
        self.journal, self.clock = MemoryJournal(), FixedClock()
        shelf = MemoryShelf({"tea": product(1, 100_000)})
        packs = MemoryPacks(club(redemption=BLOCKS, card_caps=(CardCap(CardTier.NUMBER, 40, 200),)))
        world = World(self.clock, bytes, self.members, shelf, packs, self.journal)
        self.counter = Counter(Place("12-1", "12", NAME), world)
        self.counter.open_shift(CASHIER, 0)

    def show(self, card: str, tier: CardTier = CardTier.CHANGING_CODE) -> Basket:
        self.counter.tap(Tap("sim:1", Medium.CHIP, card, tier=tier))
        assert self.counter.basket
        return self.counter.basket

    def sell(self, card: str, redeem: int = 0, wallet: int = 0) -> int:
        """Sell tea to who has ``card``; return the points it took."""
        self.counter.scan("tea")
        self.show(card)
        if redeem:
            self.counter.redeem(redeem)
        priced = self.counter.priced()
        assert priced
        paid = [Tender(TenderKind.WALLET, wallet, account="w1")] if wallet else []
        return self.counter.settle([*paid, Tender(TenderKind.CASH, priced.total - wallet)], CASHIER).sale.priced.spent


def test_a_card_of_the_family_brings_its_limits_into_the_basket() -> None:
    shop = Shop()
    assert shop.show("own").spender is None
    assert shop.show("sara").spender == Spender("h1", 60, 5_000)
    assert shop.show("kian").spender == Spender("h2")
    assert shop.show("own").spender is None
    shop.show("sara")
    shop.counter.identify("m2")
    assert shop.counter.basket
    assert shop.counter.basket.spender is None


def test_a_holder_nobody_knows_may_spend_nothing() -> None:
    assert Shop().show("lost").spender == Spender("h9", 0, 0)


def test_points_are_limited_by_the_day_and_each_sale_takes_of_it() -> None:
    shop = Shop()
    assert [shop.sell("sara", 40), shop.sell("sara", 40), shop.sell("sara", 40)] == [40, 20, 0]
    assert [shop.sell("kian", 200), shop.sell("own", 90)] == [200, 90]
    shop.clock.moment = TOMORROW
    assert shop.sell("sara", 100) == 60


def test_wallets_are_limited_by_the_day() -> None:
    shop = Shop()
    shop.sell("sara", wallet=3_000)
    with pytest.raises(StationError) as refusal:
        shop.sell("sara", wallet=2_001)
    assert (refusal.value.code, refusal.value.detail) == (ErrorCode.HOLDER_LIMIT, {"available": 2_000})
    assert shop.counter.basket
    assert len(shop.journal.sales()) == 1
    shop.counter.abandon()
    shop.sell("sara", wallet=2_000)
    shop.sell("kian", wallet=50_000)
    shop.sell("own", wallet=50_000)


def test_a_gift_card_has_no_holder() -> None:
    shop = Shop()
    shop.counter.scan("tea")
    shop.show("sara")
    shop.counter.settle([Tender(TenderKind.GIFT_CARD, 90_000, account="g1"), Tender(TenderKind.CASH, 10_000)], CASHIER)
    assert shop.journal.spent_by("m1", "h1", NOON.date) == (0, 0)


def test_rewards_for_points_are_limited_as_well() -> None:
    rules = club(deal("tea", PercentOff("50"), cost=Cost(60)))
    for left, taken in ((None, 60), (60, 60), (59, 0)):
        basket = bought(product(1), member=member(1).snapshot(), chosen=(Chosen("tea"),), spender=Spender("h1", left))
        assert price(rules, basket).spent == taken


def test_what_may_be_spent_is_the_less_of_both() -> None:
    basket = bought(product(1), member=replace(member(1).snapshot(), points=50))
    assert spendable_points(basket) == 50
    assert spendable_points(replace(basket, spender=Spender("h1", 60))) == 50
    assert spendable_points(replace(basket, spender=Spender("h1", 7))) == 7
    assert spendable_points(replace(basket, member=None)) == 0


def test_the_limits_of_the_day_count_this_stations_own_sales() -> None:
    shop = Shop()
    shop.sell("sara", 40, wallet=6_000 - 1_000)
    assert spender_of(shop.members, shop.journal, "m1", "h1", NOON.date) == Spender("h1", 20, 0)
    assert spender_of(shop.members, shop.journal, "m1", "h1", TOMORROW.date) == Spender("h1", 60, 5_000)
    assert spender_of(shop.members, shop.journal, "m1", "", NOON.date) is None


@pytest.mark.parametrize(("card", "step_up", "most"), [
    (None, None, 40), (CardTier.NUMBER, None, 40), (CardTier.ISSUED, None, 90), (CardTier.CHANGING_CODE, None, None),
    (None, PROVEN, 200), (CardTier.NUMBER, PROVEN, 200), (CardTier.ISSUED, PROVEN, None),
    (CardTier.NUMBER, replace(PROVEN, member_id="m2"), 40)])
def test_a_step_up_lifts_what_a_card_is_trusted_with(card: CardTier | None, step_up: StepUp | None, most: int | None) -> None:
    caps = (CardCap(CardTier.NUMBER, 40, 200), CardCap(CardTier.ISSUED, 90))
    basket = bought(product(1), member=member(1).snapshot(), card=card, step_up=step_up)
    assert most_points(club(card_caps=caps), basket) == most
    assert most_points(club(), basket) is None


def test_nobody_proves_anything_for_nobody() -> None:
    assert most_points(club(card_caps=(CardCap(CardTier.NUMBER, 40, 200),)), bought(product(1), step_up=PROVEN)) == 40


def test_a_cap_is_not_lower_for_proving_more() -> None:
    with pytest.raises(ValueError, match="most_points_proven is 39, expected at least 40"):
        CardCap(CardTier.NUMBER, 40, 39)


def test_what_was_proven_counts_for_the_basket_in_hand_and_no_longer_than_its_time() -> None:
    shop = Shop()
    shop.counter.scan("tea")
    shop.show("own", CardTier.NUMBER)
    shop.counter.redeem(150)
    shop.counter.prove(PROVEN)
    priced = shop.counter.priced()
    assert priced
    assert priced.spent == 150
    paid = [Tender(TenderKind.CASH, priced.total)]
    shop.clock.moment = replace(NOON, utc_us=PROVEN.until_us)
    with pytest.raises(StationError) as refusal:
        shop.counter.settle(paid, CASHIER)
    assert (refusal.value.code, refusal.value.detail) == (ErrorCode.CLAIM_REFUSED, {"tries": 0})
    shop.clock.moment = NOON
    sale = shop.counter.settle(paid, CASHIER).sale
    assert (sale.basket.step_up, sale.priced.spent) == (PROVEN, 150)
    shop.counter.identify("m1")
    shop.counter.prove(PROVEN)
    shop.counter.prove(None)
    assert shop.counter.basket
    assert shop.counter.basket.step_up is None
    shop.counter.abandon()
    assert shop.sell("own", 150) == 150
    assert shop.show("own").step_up is None


def test_who_forgot_the_card_is_known_by_what_was_proven() -> None:
    shop = Shop()
    shop.counter.scan("tea")
    shop.counter.identify("m2")
    shop.counter.prove(PROVEN)
    assert shop.counter.member == member(1)
    assert shop.counter.basket
    assert (shop.counter.basket.step_up, shop.counter.basket.card) == (PROVEN, None)
    shop.counter.identify("m2")
    assert shop.counter.basket.step_up is None


def test_only_wallets_and_time_are_checked_when_paying() -> None:
    shop = Shop()
    shop.sell("own")
    [sale] = shop.journal.sales()
    check_sale(sale, NOON)
    check_sale(replace(sale, basket=replace(sale.basket, step_up=PROVEN, spender=Spender("h1", 0, 0))), NOON)


@pytest.mark.parametrize("facts", [{"holder": ""}, {"points_left": -1}, {"value_left": -1}])
def test_what_no_spender_can_be(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="spender"):
        Spender(**{"holder": "h1", **facts})  # type: ignore[arg-type] # as named


def test_a_holder_is_named_to_head_office_and_no_lease_lifts_the_limit_of_the_day() -> None:
    till = Till()
    till.lease(100)
    basket = bought(product(), member=member(1).snapshot(), spender=Spender("h1", 70))
    with till.spending().covering(spent(basket=basket), NOON) as covered:
        assert len(covered.reservations) == 1
    assert [hold.day for hold in till.office.holds] == [DayOfHolder("m1", "h1", NOON.date)]
    till.office.fault = StationError(ErrorCode.HOLDER_LIMIT, available=10)
    with pytest.raises(StationError) as refusal, till.spending().covering(spent(basket=basket), NOON):
        pytest.fail("nothing was covered")
    assert refusal.value is till.office.fault
    till.offline()
    with till.spending().covering(spent(basket=basket), NOON) as covered:
        assert covered.lease_uses == (LeaseUse("l1", "a", 70),)
