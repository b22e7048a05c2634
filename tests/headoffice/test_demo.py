"""The demo club is the same everywhere, and every number in it would pass at a real counter."""

from collections import Counter
from pathlib import Path

import pytest

from headoffice import demo
from headoffice.demo_goods import KINDS
from headoffice.ledger.models import Balance, PointsEntry
from headoffice.register.models import Member, Product
from station.text import Text
from tests.headoffice.conftest import GOODS, MEMBERS

MANY = 10_000


def luhn_holds(number: str) -> bool:
    """ISO/IEC 7812-1 annex B: every second digit from the right is doubled, its digits added."""
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2]]
    return (sum(doubled) + sum(map(int, number[-1::-2]))) % 10 == 0


def ean_holds(code: str) -> bool:
    """GS1: from the right, the digits count 1 and 3 in turn."""
    return (sum(map(int, code[::-2])) + 3 * sum(map(int, code[-2::-2]))) % 10 == 0


def test_the_check_digit_rules_of_this_test_are_right() -> None:
    assert luhn_holds("4111111111111111")
    assert not luhn_holds("4111111111111112")
    assert ean_holds("4006381333931")
    assert not ean_holds("4006381333932")


def test_card_numbers_are_valid_and_distinct() -> None:
    numbers = [demo.card_number(i) for i in range(MANY)]
    assert all(number.startswith("9364") and len(number) == 16 and luhn_holds(number) for number in numbers)
    uids = [demo.card_uid(i) for i in range(MANY)]
    assert all(uid.startswith("04") and len(bytes.fromhex(uid)) == 7 and uid == uid.upper() for uid in uids)
    assert len({*numbers, *uids}) == 2 * MANY


def test_the_demo_is_the_same_on_every_machine() -> None:
    assert demo.card_number(0) == "9364000000000001"
    assert demo.card_number(1234) == "9364000000012345"
    assert demo.card_uid(1) == "0400009E3779B1"
    assert demo.member_id(0) == "018bcfe5-6800-7525-8bdf-583a9326febd"


def test_all_goods_are_valid(office: Path) -> None:
    assert office.exists()
    goods = list(Product.objects.order_by("id"))
    assert len(goods) == GOODS
    assert all(good.barcode.startswith("626") and len(good.barcode) == 13 for good in goods)
    assert all(ean_holds(demo.barcode(i)) for i in range(1, demo.MOST_GOODS + 1))
    assert demo.MOST_GOODS == 200
    assert {good.tax_percent for good in goods} == {"0", "10"}
    assert {good.category for good in goods} == {"dairy", "drinks"}
    assert all(kind[4] for kind in KINDS)


def test_members_are_plausible(office: Path) -> None:
    assert office.exists()
    rows = list(Member.objects.all())
    assert len({row.phone for row in rows}) == MEMBERS
    assert all(row.phone.startswith("0912") and len(row.phone) == 11 for row in rows)
    tiers = Counter(demo._tier(i)[0] for i in range(MANY))
    assert [round(tiers[tier] / MANY, 1) for tier in ("bronze", "silver", "gold", "platinum")] == [0.7, 0.2, 0.1, 0.0]
    assert all(demo.PACK.tier(row.tier) for row in rows)
    assert {name for row in rows for name in row.segments} == {"family", "student", "organic"}
    assert {row.birth_calendar for row in rows} == {"JALALI", ""}


def test_birthdays_are_days_of_the_jalali_calendar() -> None:
    births = [demo._birth(i) for i in range(MANY)]
    known = [(birth["birth_month"], birth["birth_day"]) for birth in births if birth]
    assert round(len(known) / MANY, 1) == 0.8
    # a leap year has six months of 31 days and six of 30, and every day comes up
    assert {*known} == {(month, day) for month in range(1, 13) for day in range(1, 32 if month <= 6 else 31)}


def test_segments_have_their_shares() -> None:
    members = [demo._segments(i) for i in range(MANY)]
    shares = {name: sum(name in each for each in members) / MANY for name, _ in demo.SEGMENTS}
    assert {name: round(share, 2) for name, share in shares.items()} == {
        "family": 0.3, "student": 0.15, "organic": 0.08}


def test_balances_are_the_sums_of_the_opening_entries(office: Path) -> None:
    assert office.exists()
    assert dict(PointsEntry.objects.values_list("member", "points")) == dict(
        Balance.objects.values_list("member", "points"))


def test_the_shop_speaks_both_languages() -> None:
    assert Text(*demo.SHOP[1:]) == Text("شعبهٔ ۱۲ · ونک", "Branch 12 · Vanak")


def test_more_goods_than_there_are_is_refused(office: Path) -> None:
    assert office.exists()
    with pytest.raises(ValueError, match="200 goods"):
        demo.seed(1, demo.MOST_GOODS + 1, 0)
