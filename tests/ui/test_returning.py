"""The desk for returns without Qt: the sale found, its lines chosen, the engine's figures with their reasons, approved, durable."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from station.approval import OperationKind
from station.drawer import Drawer
from station.errors import ErrorCode
from station.journal import Position
from station.people import Role
from station.sale import ReturnCause
from station.shift import CountReason
from station.tender import Tender, TenderKind
from station.unknown_return import UnknownReturn
from tests.fakes import CASHIER, member
from tests.rigs.return_desk import APPLES, CARD, MANAGER, SENIOR, ReturnTill, finding, goods, refused
from tests.ui.till import BREAD, GOLD_CARD, MILK, RICE
from ui.format import Format, Unit
from ui.presenters.return_choice import Choice
from ui.text import Words
from ui.views_return import DoneView, FindView, GoodsView


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ReturnTill]:
    made = ReturnTill(tmp_path)
    yield made
    made.journal.close()


def facts(view: GoodsView | DoneView) -> list[tuple[str, str, str]]:
    return [(each.label, each.value, each.note) for each in view.facts]


def test_a_scanned_receipt_opens_its_sale_and_goods_come_back_at_the_price_paid(till: ReturnTill) -> None:
    sold = till.sell(MILK, (MILK, 2000), RICE)
    cheaper = replace(MILK, price=1)
    till.world.shelf.goods[MILK.barcode] = cheaper  # type: ignore[attr-defined] # a MemoryShelf
    assert till.desk.scanned(sold.receipt)
    view = goods(till)
    assert sold.receipt in view.heading
    assert "Member: مهرداد کاظمی‌نژاد" in view.caption.replace("\u200e", "").replace("\u200f", "")
    # 3 × 385 000 less 10 %, and 14 500 000 less 10 %
    assert [(line.name, line.cells) for line in view.lines] == [
        ("Milk", ("3", "1,039,500", "3", "0")), ("Rice", ("1", "13,050,000", "1", "0"))]
    assert (view.selected, view.money, view.ready, view.asked) == (1, "0\u00a0rial", False, ())
    till.desk.choose(lambda choice: choice.type("2"))
    view = goods(till)
    assert view.lines[0].cells == ("3", "1,039,500", "3", "2")
    assert (view.money, view.ready) == ("693,000\u00a0rial", True)
    # 14 089 500 were paid; what stays costs 13 396 500. 1 408 points were earned, 1 339 are for what stays
    assert facts(view) == [
        ("Was paid", "14,089,500", ""), ("What stays costs", "−13,396,500", ""), ("Cash", "693,000", "out of the drawer"),
        ("Points taken back", "−69", "Base")]


def test_what_a_cashier_takes_back_a_senior_approves_and_then_it_is_durable(till: ReturnTill) -> None:
    sold = till.sell(RICE, who=False)
    till.approver = SENIOR
    till.desk.open_receipt(sold.receipt)
    till.desk.choose(Choice.everything)
    till.desk.finish()
    ((operation, what),) = till.asked
    assert (operation.kind, operation.amount, operation.needs, operation.asked_by) == (
        OperationKind.RETURN, 14_500_000, Role.SENIOR, CASHIER)
    assert operation.subject == f"{sold.sale.sale_id},1:1000"
    assert "14,500,000\u00a0rial goes back" in what
    (back,) = till.journal.returns_of(Position(till.journal.head().incarnation, sold.place))
    assert (back.money, back.cause) == (14_500_000, ReturnCause.RETURNED)
    view = till.view
    assert isinstance(view, DoneView)
    assert (view.money, facts(view)) == ("14,500,000\u00a0rial", [
        ("Cash", "14,500,000", "out of the drawer"), ("Coupon: Good", "−1", "ends, if it was not used yet")])
    assert "12-1-000004-" in view.said
    assert till.done == [True]
    till.desk.print_again()
    assert till.printed == [4]
    assert till.journal.waiting_prints() == [3, 4]


def test_who_reaches_that_far_is_not_asked_and_without_approval_nothing_happens(till: ReturnTill) -> None:
    sold = till.sell(RICE, BREAD)
    till.approver = None
    till.desk.open(sold.place)
    till.desk.choose(lambda choice: choice.step(1))
    head = till.journal.head()
    till.desk.finish()
    assert (till.journal.head(), till.done) == (head, [])
    assert isinstance(till.view, GoodsView)
    till.sign_in(SENIOR)
    till.desk.finish()
    assert isinstance(till.view, DoneView)
    till.packs.held = replace(till.packs.held, returns=replace(till.packs.held.returns, with_sale=Role.MANAGER))
    till.desk.open(sold.place)
    till.desk.choose(Choice.everything)
    head = till.journal.head()
    till.desk.finish()
    assert (till.journal.head(), till.asked[-1][0].needs) == (head, Role.MANAGER)


def test_a_return_reverses_points_and_a_second_one_takes_only_what_is_left(till: ReturnTill) -> None:
    sold = till.sell((BREAD, 3000), redeem=100)
    paid = sold.sale.priced.total
    till.sign_in(SENIOR)
    till.desk.open(sold.place)
    till.desk.choose(lambda choice: choice.step(1))
    till.desk.finish()
    till.desk.open(sold.place)
    view = goods(till)
    assert view.lines[0].cells[2:] == ("2", "0")
    till.desk.choose(lambda choice: choice.type("9"))
    view = goods(till)
    assert view.lines[0].cells[3] == "2"  # never more than was sold
    labels = [label for label, _, _ in facts(view)]
    assert labels == ["Was paid", "What stays costs", "Went back before", "Cash", "Points given back", "Points taken back"]
    till.desk.finish()
    back = till.journal.returns_of(Position(till.journal.head().incarnation, sold.place))
    assert sum(each.money for each in back) == paid
    assert sum(entry.points for each in back for entry in each.points) + sum(each.points for each in sold.sale.points) == 0


def test_what_stays_may_cost_more_and_lose_its_discount(till: ReturnTill) -> None:
    till.sell(BREAD)
    sold = till.sell((BREAD, 7000))  # 7 × 165 000 with tax is 1 155 000, less 10 %: 1 039 500
    till.desk.open(sold.place)
    till.desk.choose(lambda choice: choice.step(1))
    view = goods(till)
    # six at full price cost 990 000
    assert (view.money, view.notes) == ("49,500\u00a0rial", ("What stays no longer gets: Gold",))
    assert ("Points taken back", "−4", "Base") in facts(view)
    dear = till.sell((MILK, 3000))  # 1 155 000 less 10 %: 1 039 500; two cost 770 000, and one less again
    till.desk.open(dear.place)
    till.desk.choose(lambda choice: choice.step(1))
    assert goods(till).money == "269,500\u00a0rial"


def test_a_part_that_makes_the_rest_dearer_gives_nothing_and_asks_for_nothing(till: ReturnTill) -> None:
    sold = till.sell((BREAD, 6000), APPLES)  # 990 000 and 900 000, less 10 %: 1 701 000
    till.desk.open(sold.place)
    till.desk.choose(lambda choice: choice.select(1))
    till.desk.choose(lambda choice: choice.step(1))
    assert goods(till).notes == ()
    small = till.sell(BREAD, (APPLES, 1000))  # 165 000 + 900 000 less 10 %: 958 500; the apples alone cost 900 000
    till.packs.held = replace(till.packs.held)
    till.desk.open(small.place)
    till.desk.choose(lambda choice: choice.step(1))
    assert goods(till).money == "58,500\u00a0rial"
    nearly = till.sell((APPLES, 1100), (APPLES, 10))  # 990 000 + 9 000: no discount yet
    till.desk.open(nearly.place)
    assert goods(till).notes == ()
    over = till.sell((APPLES, 1110), (APPLES, 10))  # 999 000 + 9 000 less 10 %: 907 200; what stays costs 999 000
    till.desk.open(over.place)
    till.desk.choose(lambda choice: choice.select(2))
    till.desk.choose(lambda choice: choice.step(1))
    view = goods(till)
    assert view.money == "0\u00a0rial"
    assert view.notes[0].startswith("What stays costs more than was paid for everything")
    till.sign_in(SENIOR)
    till.desk.finish()
    assert till.done == [False]  # no cash, no drawer


def test_a_refund_on_the_banks_terminal_wants_its_trace_number(till: ReturnTill) -> None:
    sold = till.sell(RICE, who=False, tenders=(Tender(TenderKind.DEBIT, 10_000_000, "55"), Tender(TenderKind.CASH, 4_500_000)))
    till.sign_in(SENIOR)
    till.desk.open(sold.place)
    till.desk.choose(Choice.everything)
    (asked,) = goods(till).asked
    assert (asked.index, asked.label) == (0, "Trace number of the refund of 10,000,000\u00a0rial")
    for wrong in ("", "12a"):
        till.desk.set_trace(0, wrong)
        till.desk.finish()
        assert "E334" in goods(till).problem
    till.desk.set_trace(0, " ۴۷۱۱ ")
    till.desk.finish()
    (back,) = till.journal.returns_of(Position(till.journal.head().incarnation, sold.place))
    assert back.tenders == (Tender(TenderKind.DEBIT, 10_000_000, "4711"), Tender(TenderKind.CASH, 4_500_000))


def test_money_from_a_wallet_goes_back_into_it_and_a_coupon_ends(till: ReturnTill) -> None:
    sold = till.sell(RICE, tenders=(Tender(TenderKind.WALLET, 13_050_000, account="w1"),))
    till.sign_in(SENIOR)
    till.desk.open(sold.place)
    till.desk.choose(Choice.everything)
    (coupon,) = sold.sale.priced.coupons
    said = facts(goods(till))
    assert ("Wallet", "13,050,000", "goes back into the wallet") in said
    assert ("Coupon: Good", "−1", "ends, if it was not used yet") in said
    till.desk.finish()
    (back,) = till.journal.returns_of(Position(till.journal.head().incarnation, sold.place))
    assert (back.tenders, back.coupons) == ((Tender(TenderKind.WALLET, 13_050_000, account="w1"),), (coupon.code,))
    assert till.done == [False]


def test_a_sold_gift_card_comes_back_with_what_is_left_and_only_when_head_office_says(till: ReturnTill) -> None:
    sold = till.sell(CARD, BREAD, who=False)
    till.sign_in(SENIOR)
    till.desk.open(sold.place)
    assert goods(till).lines[0].note.startswith("What is left on it is known at head office only")
    till.desk.choose(Choice.everything)
    assert [line.cells[3] for line in goods(till).lines] == ["0", "1"]
    till.on_cards = 500_000
    till.desk.open(sold.place)
    assert goods(till).lines[0].note == "500,000\u00a0rial is left on it: no more comes back."
    till.desk.choose(lambda choice: choice.step(1))
    assert goods(till).money == "500,000\u00a0rial"


def test_a_void_is_the_whole_sale_just_made_marked_as_such_and_approved(till: ReturnTill) -> None:
    till.sell(BREAD)
    sold = till.sell((MILK, 2000), CARD)
    till.desk.start_void()
    view = goods(till)
    assert (view.whole, view.ready, [line.cells[3] for line in view.lines]) == (True, True, ["2", "1"])
    till.desk.choose(lambda choice: choice.step(-1))
    assert [line.cells[3] for line in goods(till).lines] == ["2", "1"]
    assert not till.desk.back()
    till.approver = SENIOR
    till.desk.finish()
    ((operation, _),) = till.asked
    assert (operation.kind, operation.needs, operation.amount) == (OperationKind.VOID, Role.SENIOR, sold.sale.priced.total)
    (back,) = till.journal.returns_of(Position(till.journal.head().incarnation, sold.place))
    assert (back.cause, back.money) == (ReturnCause.VOID, sold.sale.priced.total)
    assert sum(each.points for each in back.points) == -sold.sale.priced.points
    refused(ErrorCode.VOID_TOO_LATE, till.desk.start_void)


def test_a_void_of_another_shifts_sale_is_refused(till: ReturnTill) -> None:
    till.sell(BREAD)
    Drawer(till.world).close(None, CountReason.NONE, CASHIER)
    refused(ErrorCode.SHIFT_CLOSED, till.desk.start_void)
    till.counter.open_shift(CASHIER, 0)
    refused(ErrorCode.VOID_TOO_LATE, till.desk.start_void)


def test_nobody_takes_the_own_purchase_back(till: ReturnTill) -> None:
    sold = till.sell(BREAD)
    till.sign_in(SENIOR, "m1")
    till.desk.start()
    till.desk.open_receipt(sold.receipt)
    assert "E331" in finding(till).problem
    refused(ErrorCode.RETURN_OWN, till.desk.start_void)
    till.sign_in(SENIOR, "m2")
    till.desk.open_receipt(sold.receipt)
    assert isinstance(till.view, GoodsView)


def test_goods_are_scanned_back_one_by_one(till: ReturnTill) -> None:
    sold = till.sell((BREAD, 2000), MILK)
    till.desk.scanned(sold.receipt)
    for _ in range(2):
        assert till.desk.scanned(BREAD.barcode)
    assert [line.cells[3] for line in goods(till).lines] == ["2", "0"]
    assert till.desk.scanned(BREAD.barcode)
    assert "E301" in goods(till).problem
    till.desk.scanned(MILK.barcode)
    assert [line.cells[3] for line in goods(till).lines] == ["2", "1"]
    assert not till.desk.tapped(GOLD_CARD)  # whoever it is comes first at the counter
    assert till.desk.back()
    assert isinstance(till.view, FindView)
    till.desk.scanned(MILK.barcode)
    assert [each.place for each in finding(till).found] == [sold.place]


def test_without_its_sale_goods_come_back_for_a_reason_with_a_second_person(till: ReturnTill) -> None:
    till.sign_in(MANAGER)
    till.approver = SENIOR
    till.desk.without_sale()
    assert (goods(till).lines, goods(till).nothing, goods(till).ready) == ((), "No goods yet.", False)
    for code in (BREAD.barcode, BREAD.barcode, RICE.barcode):
        till.desk.scanned(code)
    view = goods(till)
    assert [(line.name, line.cells) for line in view.lines] == [
        ("Bread", ("150,000", "300,000", "2")), ("Rice", ("14,500,000", "14,500,000", "1"))]
    assert (view.money, view.ready, view.selected) == ("14,830,000\u00a0rial", False, 2)
    till.desk.scanned(CARD.barcode)
    assert "E310" in goods(till).problem
    till.desk.scanned("404")
    assert "E301" in goods(till).problem
    till.desk.choose(lambda choice: choice.step(-1))
    assert [line.name for line in goods(till).lines] == ["Bread"]
    till.desk.finish()
    assert till.asked == []  # a reason is missing
    till.desk.set_reason("The receipt is lost")
    till.desk.set_receipt("12-2-000007-AB12")
    assert (goods(till).ready, goods(till).reason) == (True, "The receipt is lost")
    till.desk.finish()
    ((operation, what),) = till.asked
    assert (operation.kind, operation.amount, operation.second, operation.needs) == (
        OperationKind.RETURN_UNKNOWN, 330_000, True, Role.MANAGER)
    assert what.endswith("The receipt is lost")
    entry = till.past.return_at(3)
    back = entry.body
    assert isinstance(back, UnknownReturn)
    assert (back.money, back.receipt, back.reason, entry.actor, entry.approver) == (
        330_000, "12-2-000007-AB12", "The receipt is lost", MANAGER, SENIOR)
    view = till.view  # type: ignore[assignment] # another kind
    assert isinstance(view, DoneView)
    assert (view.money, till.done) == ("330,000\u00a0rial", [True])


def test_a_full_disk_is_told_and_what_was_chosen_stays(till: ReturnTill) -> None:
    sold = till.sell(BREAD)
    till.sign_in(SENIOR)
    till.desk.open(sold.place)
    till.desk.choose(Choice.everything)
    till.journal.database.execute("PRAGMA query_only = 1")
    till.desk.finish()
    assert "(E4" in goods(till).problem
    till.journal.database.execute("PRAGMA query_only = 0")
    till.desk.finish()
    assert isinstance(till.view, DoneView)


def test_the_language_changes_under_it(till: ReturnTill) -> None:
    sold = till.sell(BREAD)
    till.desk.open(sold.place)
    till.desk.choose(Choice.everything)
    till.desk.speak(Words("fa"), Format("fa", Unit.TOMAN))
    view = goods(till)
    assert (view.money, view.lines[0].name, view.lines[0].cells[3]) == ("۱۶٬۵۰۰\u00a0تومان", "نان", "۱")
    till.desk.speak(Words("en"), Format("en"))
    till.desk.without_sale()
    till.desk.speak(Words("fa"), Format("fa"))
    assert goods(till).act == "پس گرفتن کالا"


def test_a_member_that_is_not_known_here_any_more_is_left_out(till: ReturnTill) -> None:
    sold = till.sell(BREAD)
    del till.members.people["m1"]
    till.desk.start()
    assert finding(till).found[0].who.replace("\u200e", "") == "Sara"
    till.desk.open(sold.place)
    assert "Member" not in goods(till).caption
    till.members.people["m1"] = member(1)
