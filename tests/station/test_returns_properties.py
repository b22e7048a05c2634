"""Whatever is sold and in whichever parts it comes back: all of it in the end, and never a rial that was not paid."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from station.dates import add_days
from station.ledger import Ledger
from station.pack import Pack
from station.points import Earn, PointsKind, Redeem
from station.posting import LedgerRules
from station.pricing import Engine
from station.returns import NOTHING, GoneBack, Returned, ledger_returns, take_back
from station.sale import ReturnedLine, Sale, requests_of, value_of
from station.stored_value import Purpose, StoredValue, ValueAccount, ValueRules
from station.tender import Tender, TenderKind
from tests.rigs.closed_sale import closed
from tests.rigs.random_club import random_basket, random_pack

MADE = "2024-01-01"
SEEDS = st.integers(0, 2**32)


def random_tenders(random: Random, total: int) -> tuple[Tender, ...]:
    """Up to three means of payment, cash with change among them."""
    wallet, debit = random.randint(0, total), random.randint(0, total)
    debit = min(debit, total - wallet)
    cash = total - wallet - debit
    tenders = [Tender(TenderKind.CASH, cash + random.choice((0, 5)))] if cash else []
    tenders += [Tender(TenderKind.WALLET, wallet, account="wallet")] if wallet else []
    tenders += [Tender(TenderKind.DEBIT, debit)] if debit else []
    random.shuffle(tenders)
    return tuple(tenders)


@dataclass
class Case:
    """A sale, with the ledgers it was posted to, and the parts in which it comes back."""

    random: Random
    pack: Pack
    sale: Sale
    points: Ledger
    value: StoredValue
    spent: int = 0
    gone: GoneBack = NOTHING

    def returns(self) -> Iterator[Returned]:
        """Bring everything back, a part at a time, and post each part on a day of its own."""
        engine, day, left = Engine(self.pack), self.sale.basket.opened.date, {
            line.line: line.quantity for line in self.sale.basket.lines}
        while left:
            day = add_days(day, 1)
            returned = take_back(engine, self.sale, self._part(left), self.gone)
            self.gone = returned.gone
            points, value = ledger_returns(f"r/{day}", day, self.sale, returned)
            if points:
                assert self.points.post(points).refused is None
            assert [self.value.post(each).refused for each in value] == [None] * len(value)
            yield returned

    def _part(self, left: dict[int, int]) -> list[ReturnedLine]:
        made = []
        for number in self.random.sample(sorted(left), self.random.randint(1, len(left))):
            line = next(each for each in self.sale.basket.lines if each.line == number)
            step = 1 if line.product.weighed else 1000
            quantity = step * self.random.randint(1, left[number] // step)
            made.append(ReturnedLine(
                number, quantity, self.value.ledger.balance(line.account) if line.account else None))
            left[number] -= quantity
            if not left[number]:
                del left[number]
        return made


def case(seed: int) -> Case:
    """A sale under a random pack, posted; some of the cards it sold were used."""
    random = Random(seed)  # noqa: S311 - a case by its seed
    pack = random_pack(random)
    basket = random_basket(random, pack)
    total = Engine(pack).price(basket).total
    sale = closed(pack, basket, *random_tenders(random, total))
    accounts = [ValueAccount("wallet", Purpose.WALLET, "m1")]
    accounts += [ValueAccount(line.account, Purpose.GIFT_CARD) for line in basket.lines if line.account]
    points, value = Ledger(LedgerRules()), StoredValue(ValueRules(), accounts)
    value.post(Earn("top-up", "wallet", MADE, total + 1, "top-up"))
    if basket.member:
        for part in range(2):
            points.post(Earn(f"old/{part}", "m1", MADE, max(1, basket.member.points), "base"))
        for request in requests_of(sale.sale_id, "m1", basket.opened.date, sale.priced):
            assert points.post(request).refused is None
    made = Case(random, pack, sale, points, value)
    for each in value_of(sale):
        assert value.post(each).refused is None
        if isinstance(each, Earn) and random.random() < 0.5:
            used = random.randint(1, each.amount)
            made.spent += used
            value.post(Redeem(f"used/{each.account}", each.account, each.day, used, "GIFT_CARD", "elsewhere"))
    return made


@given(SEEDS)
def test_all_that_was_paid_comes_back_and_no_more(seed: int) -> None:
    made = case(seed)
    paid, gone = made.sale.priced.total, 0
    for returned in made.returns():
        assert returned.money == max(0, paid - returned.cost - gone)
        assert returned.money == sum(returned.tenders)
        assert min(returned.tenders, default=0) >= 0
        gone += returned.money
        assert all(back <= tender.amount for back, tender in zip(made.gone.tenders, made.sale.tenders, strict=True))
    # what was spent of the cards that were sold stays paid
    assert gone == sum(made.gone.tenders) == paid - made.spent


@given(SEEDS)
def test_what_a_card_did_not_hold_any_more_is_all_that_is_missing(seed: int) -> None:
    made = case(seed)
    assert list(made.returns())
    held = {account: made.value.ledger.balance(account.account) for account in made.value.accounts()}
    assert [left for account, left in held.items() if account.purpose is Purpose.GIFT_CARD and left] == []
    by_wallet = sum(gone for gone, tender in zip(made.gone.tenders, made.sale.tenders, strict=True)
                    if tender.kind is TenderKind.WALLET)
    paid = sum(tender.amount for tender in made.sale.tenders if tender.kind is TenderKind.WALLET)
    (wallet,) = (left for account, left in held.items() if account.purpose is Purpose.WALLET)
    assert wallet == made.sale.priced.total + 1 - paid + by_wallet
    assert made.spent or by_wallet == paid


@given(SEEDS)
def test_every_point_is_back_where_it_was(seed: int) -> None:
    made = case(seed)
    before = {posting.key: posting.amount for posting in made.points.postings() if not posting.sale}
    stood = {each.key: abs(each.points) for each in made.sale.points}
    for returned in made.returns():
        stands = {each.key: each.amount for each in returned.points}
        assert all(0 <= stands[key] <= amount for key, amount in stood.items())
        stood = stands
    assert set(stood.values()) <= {0}
    assert made.points.balance("m1") == sum(before.values())
    assert {lot.lot_id: lot.left for lot in made.points.standing("m1", MADE).lots} == before


@given(SEEDS)
def test_a_replay_stands_where_the_running_ledger_stood_on_every_day(seed: int) -> None:
    made = case(seed)
    running = []
    for _ in made.returns():
        day = made.points.postings()[-1].day if made.points.postings() else MADE
        running.append((len(made.points.postings()), day, made.points.standing("m1", day), made.points.balance("m1", day)))
    for count, day, standing, balance in running:
        again = Ledger(made.points.rules, made.points.postings()[:count])
        assert again.standing("m1", day) == standing
        assert (made.points.balance("m1", day), standing.balance) == (balance, balance)


@given(SEEDS)
def test_in_one_piece_it_is_a_void(seed: int) -> None:
    made = case(seed)
    whole = [ReturnedLine(line.line, line.quantity, 10**12 if line.account else None) for line in made.sale.basket.lines]
    returned = take_back(Engine(made.pack), made.sale, whole)
    assert (returned.money, returned.cost, returned.remains.points) == (made.sale.priced.total, 0, 0)
    assert returned.coupons == made.sale.priced.coupons
    assert {each.amount for each in returned.points} <= {0}


@given(SEEDS)
def test_a_return_of_nothing_changes_nothing(seed: int) -> None:
    made = case(seed)
    returned = take_back(Engine(made.pack), made.sale, ())
    priced = made.sale.priced
    assert (returned.money, returned.remains.total, returned.coupons) == (0, priced.total, ())
    assert returned.points == tuple(replace(each, amount=abs(entry.points)) for each, entry in zip(
        returned.points, made.sale.points, strict=True))
    assert {entry.kind for entry in made.sale.points} <= {PointsKind.EARN, PointsKind.REDEEM}
