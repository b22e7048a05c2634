"""Wallets and gift cards: the same discipline, in money, without debt. Amounts in rials."""

import pytest

from station.card_hash import CardHasher
from station.dates import Calendar
from station.lots import LotTerms, Validity
from station.points import Adjust, Approval, Earn, Merge, Redeem, Remaining, Request, Return, Transfer
from station.posting import LedgerRefusal, Outcome
from station.stored_value import Purpose, StoredValue, ValueAccount, ValueRules, gift_card_of, wallet_of

DAY = "2026-06-01"
BY_HAND = Approval("clerk", "manager", "a complaint")
WALLET = ValueAccount("w", Purpose.WALLET, "m")
CARD = ValueAccount("g", Purpose.GIFT_CARD)
RULES = ValueRules(Calendar.GREGORIAN, gift_card=LotTerms(Validity(months=12)))


def test_every_station_finds_the_same_account_and_none_keeps_the_code() -> None:
    hasher = CardHasher(bytes(range(32)))
    first, again, other = (gift_card_of(hasher, code) for code in ("GC-1", "GC-1", "GC-2"))
    assert first == again != other
    assert "GC-1" not in first
    assert gift_card_of(CardHasher(bytes(32)), "GC-1") != first
    assert wallet_of("m1") == "m1"


def value(*asked: Request) -> StoredValue:
    made = StoredValue(RULES, (WALLET, CARD))
    for each in asked:
        assert made.post(each).refused is None
    return made


def test_a_card_and_a_wallet_live_by_their_own_terms() -> None:
    made = value(Earn("t1", "w", DAY, 500_000, "top-up"), Earn("t2", "g", DAY, 300_000, "gift-card"))
    assert made.ledger.standing("w", DAY).lots[0].last_day is None
    assert made.ledger.standing("g", DAY).lots[0].last_day == "2027-06-01"
    assert [made.payable(account, 400_000, DAY) for account in ("w", "g")] == [400_000, 300_000]
    assert made.payable("g", 400_000, "2027-06-02") == 0


def test_terms_a_top_up_brings_with_it_hold() -> None:
    made = value(Earn("t", "w", DAY, 50_000, "campaign", terms=LotTerms(Validity(days=7))))
    assert made.payable("w", 90_000, "2026-06-09") == 0


def test_money_topped_up_in_a_sale_does_not_pay_for_it() -> None:
    made = value(Earn("t", "w", DAY, 10_000, "top-up"), Earn("s/top", "w", DAY, 50_000, "top-up", "s"))
    assert (made.payable("w", 60_000, DAY, "s"), made.payable("w", 60_000, DAY, "t")) == (10_000, 60_000)


def test_a_payment_is_whole_or_refused_and_once() -> None:
    made = value(Earn("t", "g", DAY, 100_000, "gift-card"), Redeem("s/pay", "g", DAY, 60_000, "pay", "s"))
    assert made.post(Redeem("s/pay", "g", DAY, 60_000, "pay", "s")) == Outcome()
    assert made.post(Redeem("u/pay", "g", DAY, 60_000, "pay", "u")).refused is LedgerRefusal.NOT_ENOUGH
    assert made.ledger.balance("g") == 40_000


def test_a_return_pays_back_what_the_wallet_paid_part_by_part() -> None:
    made = value(Earn("t", "w", DAY, 100_000, "top-up"), Redeem("s/pay", "w", DAY, 60_000, "pay", "s"),
                 Return("r1", "w", DAY, "s", (Remaining("s/pay", 25_000),)))
    assert made.ledger.balance("w") == 75_000
    made.post(Return("r2", "w", DAY, "s"))
    assert made.ledger.balance("w") == 100_000


def test_a_sold_card_comes_back_at_most_with_its_balance() -> None:
    made = value(Earn("s/card", "g", DAY, 100_000, "gift-card", "s"), Redeem("u/pay", "g", DAY, 30_000, "pay", "u"))
    posting = made.post(Return("r", "g", DAY, "s")).postings[0]
    assert (posting.amount, posting.clamped) == (-70_000, 30_000)
    assert (made.ledger.balance("g"), made.ledger.standing("g", DAY).debt) == (0, 0)
    assert made.post(Return("r2", "g", DAY, "s")) == Outcome()


def test_a_card_sold_in_a_sale_that_a_wallet_paid_is_returned_account_by_account() -> None:
    made = value(Earn("t", "w", DAY, 100_000, "top-up"), Redeem("s/pay", "w", DAY, 100_000, "pay", "s"),
                 Earn("s/card", "g", DAY, 100_000, "gift-card", "s"))
    made.post(Return("r", "g", DAY, "s"))
    assert (made.ledger.balance("g"), made.ledger.balance("w")) == (0, 0)
    made.post(Return("r", "w", DAY, "s"))
    assert made.ledger.balance("w") == 100_000


def test_an_expired_card_has_nothing_to_come_back() -> None:
    made = value(Earn("s/card", "g", DAY, 100_000, "gift-card", "s"))
    posting = made.post(Return("r", "g", "2027-06-02", "s")).postings[0]
    assert (posting.amount, posting.lapsed) == (0, 100_000)


def test_accounts_that_were_never_opened_are_refused() -> None:
    made = value(Earn("t", "w", DAY, 100_000, "top-up"))
    strangers: tuple[Request, ...] = (
        Earn("k", "x", DAY, 5, "top-up"), Transfer("k", "w", DAY, 5, "x", BY_HAND), Merge("k", "w", DAY, "x", BY_HAND))
    for request in strangers:
        assert made.post(request).refused is LedgerRefusal.UNKNOWN_ACCOUNT
    made.open(ValueAccount("x", Purpose.GIFT_CARD))
    assert made.post(Transfer("k", "w", DAY, 5, "x", BY_HAND)).refused is None


def test_an_account_opened_twice_stays_as_it_is() -> None:
    made = value()
    made.open(ValueAccount("w", Purpose.GIFT_CARD))
    assert made.accounts() == (WALLET, CARD)


def test_a_wallet_merged_into_another_pays_under_both_names() -> None:
    made = value(Earn("t", "w", DAY, 100_000, "top-up"))
    made.open(ValueAccount("w2", Purpose.WALLET, "m2"))
    made.post(Merge("x", "w", DAY, "w2", BY_HAND))
    assert [made.payable(account, 70_000, DAY) for account in ("w", "w2")] == [70_000, 70_000]


def test_corrections_take_no_more_than_there_is() -> None:
    made = value(Earn("t", "w", DAY, 100, "top-up"), Adjust("a", "w", DAY, -300, BY_HAND))
    assert made.ledger.balance("w") == 0


def test_a_wallet_is_somebodys() -> None:
    with pytest.raises(ValueError, match="names no member"):
        ValueAccount("w", Purpose.WALLET)
