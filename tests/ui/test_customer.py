"""What the customer sees: enough to follow the sale, nothing that names a person, nothing of yesterday."""

from dataclasses import replace

import pytest

from station.card import Card, CardStatus
from station.pack import Pack
from station.text import Text
from tests.fakes import member, pack, product, promotion
from tests.rigs.customer_side import TwoSides
from tests.ui.till import GOLD_CARD, MILK, RICE, SHOP, Till, tap
from ui.format import Format
from ui.presenters.customer import MOST_GAINS, THANKS_US, first_name
from ui.text import Words
from ui.views import SumView
from ui.views_customer import Face

FAMILY, PHONE_TAIL = "کاظمی", "0001"


def rules(*percents: int) -> Pack:
    """Return rules of one promotion for each of ``percents``, each in a stage of its own."""
    return pack(promotions=tuple(
        replace(promotion(f"off-{place}", str(percent), place), name=Text(f"تخفیف {place}", f"Offer {place}"))
        for place, percent in enumerate(percents, 1)))


def at(till: Till, seconds: int) -> None:
    till.clock.moment = replace(till.clock.moment, utc_us=till.clock.moment.utc_us + seconds * 1_000_000)


@pytest.fixture
def sides() -> TwoSides:
    return TwoSides()


def test_idle_it_names_the_shop_and_invites(sides: TwoSides) -> None:
    sides.side.show()
    assert (sides.view.face, sides.view.title) == (Face.IDLE, "Vanak branch")
    assert "Ask at the counter" in sides.view.text


def test_lines_gains_and_total_add_up(sides: TwoSides) -> None:
    sides.checkout.tapped(tap(GOLD_CARD))
    sides.checkout.scanned(MILK.barcode)
    sides.checkout.scanned(RICE.barcode)
    view = sides.view
    # 385,000 + 14,500,000 rials less a tenth: 13,396,500
    assert [(line.name, line.quantity, line.amount) for line in view.lines] == [
        ("Milk", "1", "38,500"), ("Rice", "1", "1,450,000")]
    assert view.gains == (SumView("Good", "−148,850\u00a0toman"),)
    assert view.gained == "You save 148,850\u00a0toman"
    assert view.total == "1,339,650\u00a0toman"
    assert view.latest == view.lines[-1].line


def test_the_member_is_greeted_by_the_first_name_and_points_only(sides: TwoSides) -> None:
    sides.checkout.tapped(tap(GOLD_CARD))
    sides.checkout.scanned(MILK.barcode)
    view = sides.view
    assert view.greeting == "Welcome, مهرداد"
    assert view.points.startswith("500\u00a0points · Earns ")
    whole = "".join(str(getattr(view, name)) for name in view.__slots__)
    assert FAMILY not in whole
    assert PHONE_TAIL not in whole
    assert "0912" not in whole
    assert "مهرداد" not in repr(view)


@pytest.mark.parametrize(("name", "first"), [
    ("مهرداد کاظمی‌نژاد", "مهرداد"), ("  Sara  Mohammadi ", "Sara"), ("کاظمی‌نژاد", ""), ("", ""), ("   ", "")])
def test_a_name_of_one_word_may_be_the_familys(name: str, first: str) -> None:
    assert first_name(name) == first


def test_a_member_without_a_name_is_welcome_too() -> None:
    till = Till()
    till.members.cards["93640000000009"] = Card("m9", CardStatus.ACTIVE)
    till.members.people["m9"] = replace(member(9), name="")
    sides = TwoSides(till)
    sides.checkout.tapped(tap("93640000000009"))
    assert (sides.view.face, sides.view.greeting) == (Face.BASKET, "Welcome")


def test_a_customer_who_is_no_member_is_told_what_joining_would_have_brought() -> None:
    till = Till(rules=pack(promotions=(promotion("silver-3", "3", tiers=("silver",)),)))
    sides = TwoSides(till)
    sides.checkout.scanned(RICE.barcode)
    assert sides.view.invite
    assert (sides.view.greeting, sides.view.points, sides.view.gained) == ("", "", "")


@pytest.mark.parametrize(("percents", "labels"), [
    ((10, 5, 4, 3), ["Offer 1", "Offer 2", "Offer 3", "Offer 4"]),
    ((10, 5, 4, 3, 2), ["Offer 1", "Offer 2", "Offer 3", "Other discounts"])])
def test_many_gains_end_in_one_sum_and_none_is_lost(percents: tuple[int, ...], labels: list[str]) -> None:
    sides = TwoSides(Till(goods=(product(4, 1_000_000_000),), rules=rules(*percents)))
    sides.checkout.scanned("6260000000004")
    assert [gain.label for gain in sides.view.gains] == labels
    shown = sum(int(gain.amount.strip("−\u00a0toman").replace(",", "")) for gain in sides.view.gains)
    assert sides.view.gained == f"You save {shown:,}\u00a0toman"
    assert len(sides.view.gains) == MOST_GAINS


def test_after_paying_it_thanks_and_tells_the_change_until_the_next_basket(sides: TwoSides) -> None:
    sides.checkout.tapped(tap(GOLD_CARD))
    sides.checkout.scanned(MILK.barcode)
    sides.pay(500_000)  # 346,500 rials to pay
    assert (sides.view.face, sides.view.title, sides.view.change) == (
        Face.THANKS, "Thank you, مهرداد", "Change 15,350\u00a0toman")
    assert sides.view.text == "Paid: 34,650\u00a0toman\nYou save 3,850\u00a0toman\nYour points: 534"
    assert sides.view.lines == ()
    sides.checkout.scanned(RICE.barcode)
    assert (sides.view.face, sides.view.greeting, len(sides.view.lines)) == (Face.BASKET, "", 1)


def test_thanks_without_a_member_or_change(sides: TwoSides) -> None:
    sides.checkout.scanned(MILK.barcode)
    sides.pay(385_000)
    assert (sides.view.title, sides.view.change) == ("Thank you for your purchase", "")
    assert sides.view.text == "Paid: 38,500\u00a0toman"


def test_thanks_end_by_themselves(sides: TwoSides) -> None:
    sides.checkout.scanned(MILK.barcode)
    sides.pay(385_000)
    at(sides.till, THANKS_US // 1_000_000)
    faces = []
    for seconds in (0, 1):
        at(sides.till, seconds)
        sides.side.tick()
        faces.append(sides.view.face)
    assert faces == [Face.THANKS, Face.IDLE]
    before = len(sides.seen.views)
    sides.side.tick()
    assert len(sides.seen.views) == before


def test_news_to_the_cashier_leaves_the_thanks(sides: TwoSides) -> None:
    sides.checkout.scanned(MILK.barcode)
    sides.pay(385_000)
    sides.checkout.dismiss()
    assert sides.view.face is Face.THANKS


def test_it_is_empty_when_the_basket_is_gone(sides: TwoSides) -> None:
    sides.checkout.tapped(tap(GOLD_CARD))
    sides.checkout.scanned(MILK.barcode)
    sides.checkout.abandon()
    assert (sides.view.face, sides.view.lines, sides.view.total, sides.view.greeting) == (Face.IDLE, (), "", "")


def test_a_locked_till_shows_nothing_and_the_basket_as_it_is_when_it_is_opened(sides: TwoSides) -> None:
    sides.checkout.tapped(tap(GOLD_CARD))
    sides.checkout.scanned(MILK.barcode)
    sides.side.lock(locked=True)
    assert (sides.view.face, sides.view.lines, sides.view.greeting) == (Face.IDLE, (), "")
    sides.checkout.scanned(RICE.barcode)
    assert sides.view.face is Face.IDLE
    sides.side.lock(locked=False)
    assert (sides.view.face, len(sides.view.lines)) == (Face.BASKET, 2)


def test_a_lock_ends_the_thanks(sides: TwoSides) -> None:
    sides.checkout.scanned(MILK.barcode)
    sides.pay(500_000)
    sides.side.lock(locked=True)
    sides.side.lock(locked=False)
    assert (sides.view.face, sides.view.change) == (Face.IDLE, "")


def test_it_speaks_the_other_language_at_once(sides: TwoSides) -> None:
    sides.checkout.scanned(MILK.barcode)
    sides.pay(500_000)
    sides.side.speak(Words("fa"), Format("fa"))
    assert (sides.view.shop, sides.view.change) == (SHOP.in_language("fa"), "باقی پول ۱۱٬۵۰۰\u00a0تومان")
