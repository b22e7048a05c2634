"""What each kind of entry makes of the derived tables, by hand."""

from dataclasses import replace

import pytest

from data.derived import SUMS, TABLES, Fold, added, derive, insert_into, sums
from station.basket import Basket, Usage
from station.card import CardStatus, Medium
from station.card_life import CardChanged, CardIssued, CardReason, HolderAdded
from station.enrolling import Admitted, MemberEnrolled
from station.journal import Body, Checkpoint, Entry, EntryKind, Opened
from station.matter import AnswersTold, AnswerTold
from station.points import PointsEntry, PointsKind
from station.priced import Discount, TaxTotal
from station.pricing import price
from station.sale import ReturnedLine, Sale, SaleReturn, points_of
from station.shift import CashMoved, CashReason, Correction, CountReason, Reading, Shift, ShiftClosed
from station.telling import MemberTold
from station.tender import Tender, TenderKind
from station.told import AGREEMENTS, Consent
from tests.fakes import CASHIER, NOON, member, pack, product

OLD = "b0" * 16


def entry(kind: EntryKind, body: Body) -> Entry[Body]:
    return Entry(1, "12-1", "a3" * 16, 7, kind, NOON, CASHIER, None, body)


def sold(who: str | None = "m1", limited: tuple[str, ...] = ()) -> Sale:
    """Two pieces at 38 500 with 10 % tax in them, 10 % off for gold members: 69 300, for 6 points; 700 change."""
    basket = Basket("sale-1", "12", 1, NOON, usage=tuple(map(Usage, limited)))
    basket = basket.with_product(product(1, 38_500, tax_percent="10"), 2000)
    if who:
        basket = replace(basket, member=replace(member(1).snapshot(), purchases=1))
    priced = price(pack(), basket)
    return Sale("sale-1", NOON.date, 3, basket, priced, (Tender(TenderKind.CASH, priced.total + 700),), 700, None,
                points_of("sale-1", who, priced) if who else ())


BACK = SaleReturn(
    "back-1", "sale-1", OLD, 5, "2026-11-23", 4, "m1", (ReturnedLine(1, 1000),), 34_650,
    (Tender(TenderKind.CASH, 30_000), Tender(TenderKind.DEBIT, 4_650)), (TaxTotal("10", 34_650, 3_150),),
    (PointsEntry("back-1/a", "m1", PointsKind.REVERSE, 20, "points"),
     PointsEntry("back-1/b", "m1", PointsKind.REVERSE, -3, "base")), ())


def test_a_shift_is_a_row_of_its_number() -> None:
    assert derive(entry(EntryKind.SHIFT_OPENED, Shift(3, "sara", "2026-11-22", 500)), 9) == {
        "shift": [(3, 9, "sara", "2026-11-22", 500)]}


def test_reports_are_rows_of_their_kind_and_number() -> None:
    assert derive(entry(EntryKind.READING, Reading(3, 2, 500, ())), 9) == {"shift_report": [("X", 2, 3, 9)]}
    closed = ShiftClosed(3, 1, None, 500, CountReason.NOT_COUNTED, ())
    assert derive(entry(EntryKind.SHIFT_CLOSED, closed), 9) == {"shift_report": [("Z", 1, 3, 9)]}


def test_a_sale_is_a_row() -> None:
    # 77 000 less 7 700; a tenth more than the net is 69 300, so the tax in it is 6 300; 14:05 is hour 14
    assert derive(entry(EntryKind.SALE, sold()), 9) == {
        "sale": [(9, "sale-1", 3, 14, "m1", 77_000, 7_700, 6_300, 69_300, 6, 6)]}
    assert derive(entry(EntryKind.SALE, sold(None)), 9) == {
        "sale": [(9, "sale-1", 3, 14, None, 77_000, 0, 7_000, 77_000, 0, 0)]}


def test_a_limited_promotion_that_was_given_is_counted_in_all_on_its_day_and_for_its_member() -> None:
    sale = entry(EntryKind.SALE, sold(limited=("gold-10", "silver-3")))  # silver-3 is limited, but was not given
    assert added(sale)["promotion_use"] == [
        ("gold-10", "", "", 1, 7_700), ("gold-10", "", "2026-11-22", 1, 7_700), ("gold-10", "m1", "2026-11-22", 1, 7_700)]
    assert added(entry(EntryKind.SALE, sold()))["promotion_use"] == []
    assert added(entry(EntryKind.RETURN, BACK))["promotion_use"] == []


def test_a_promotion_given_to_a_stranger_is_counted_for_no_member() -> None:
    sale = sold(None, limited=("any-5",))
    given = replace(sale, priced=replace(
        sale.priced, applied=("any-5",), discounts=tuple(
            Discount(1, rule, 1, 77_000, amount) for rule, amount in (("any-5", 3_000), ("any-5", 850), ("x", 9)))))
    assert added(entry(EntryKind.SALE, given))["promotion_use"] == [
        ("any-5", "", "", 1, 3_850), ("any-5", "", "2026-11-22", 1, 3_850)]


def test_a_return_is_a_row_that_names_its_sale_and_what_it_moved() -> None:
    # 20 points come back, 3 go
    assert derive(entry(EntryKind.RETURN, BACK), 9) == {"sale_return": [(9, OLD, 5, 4, "m1", 34_650, 17)]}


def test_a_card_given_in_place_of_another_is_two_rows() -> None:
    issued = CardIssued(7, "m1", Medium.BARCODE, "h1", replaces=5)
    assert derive(entry(EntryKind.CARD_ISSUED, issued), 9) == {"own_card": [
        (9, 7, "m1", "ACTIVE", None, "h1"), (9, 5, "m1", "REPLACED", None, None)]}


def test_somebody_who_was_enrolled_is_a_row_and_the_first_card_another() -> None:
    enrolled = MemberEnrolled("m9", "silver", Admitted(1), 7, Medium.NFC_UID)
    assert derive(entry(EntryKind.MEMBER_ENROLLED, enrolled), 9) == {
        "own_member": [(9, "m9", "silver")], "own_card": [(9, 7, "m9", "ACTIVE", None, "")],
        "own_told": [(9, "m9", "[]", "", 0, 0, 1)]}
    without = replace(enrolled, card=None, medium=None)
    assert derive(entry(EntryKind.MEMBER_ENROLLED, without), 9) == {
        "own_member": [(9, "m9", "silver")], "own_card": [], "own_told": [(9, "m9", "[]", "", 0, 0, 1)]}


def test_each_answer_that_was_shown_is_a_row() -> None:
    body = AnswersTold("m1", (AnswerTold("a1", 5), AnswerTold("a2", 6)))
    assert derive(entry(EntryKind.ANSWERS_TOLD, body), 9) == {"own_answer": [("a1", 9), ("a2", 9)]}


def test_what_a_member_told_is_a_row_without_what_is_personal() -> None:
    # the first agreement of all is the lowest bit, the last one of six the highest
    body = MemberTold("m1", ("tea",), None, (Consent(*AGREEMENTS[0], 1),), (Consent(*AGREEMENTS[5], 1),), email=True)
    assert derive(entry(EntryKind.MEMBER_TOLD, body), 9) == {"own_told": [(9, "m1", '["tea"]', None, 1, 32, 0)]}
    assert derive(entry(EntryKind.MEMBER_TOLD, MemberTold("m1", area="", birth=True)), 9) == {
        "own_told": [(9, "m1", None, "", 0, 0, 1)]}


def test_a_new_holder_is_a_row_without_a_name() -> None:
    assert derive(entry(EntryKind.HOLDER_ADDED, HolderAdded("m9", "h1")), 9) == {"own_holder": [(9, "m9", "h1")]}


def test_a_card_that_changed_is_a_row_with_what_it_was() -> None:
    lost = CardChanged(7, "m1", CardStatus.ACTIVE, CardStatus.LOST, CardReason.LOST)
    assert derive(entry(EntryKind.CARD_CHANGED, lost), 9) == {"own_card": [(9, 7, "m1", "LOST", "ACTIVE", None)]}


@pytest.mark.parametrize(("kind", "body"), [
    (EntryKind.OPENED, Opened("0.1.0")), (EntryKind.CHECKPOINT, Checkpoint(5, "", "")),
    (EntryKind.CASH_MOVED, CashMoved(3, -5, CashReason.BANK)),
    (EntryKind.CORRECTION, Correction(3, 2, TenderKind.CASH, 5, CountReason.CHANGE_GIVEN)),
])
def test_other_kinds_make_no_rows(kind: EntryKind, body: Body) -> None:
    assert derive(entry(kind, body), 9) == {}


def summed(body: Body, kind: EntryKind) -> tuple[int, dict[tuple[str, str], int]]:
    shift, parts = sums(entry(kind, body))
    made: dict[tuple[str, str], int] = {}
    for tally, name, amount in parts:
        made[tally, name] = made.get((tally, name), 0) + amount
    return shift, made


def test_a_sale_adds_to_its_shift() -> None:
    assert summed(sold(), EntryKind.SALE) == (3, {
        ("SALES", ""): 1, ("LISTED", ""): 77_000, ("DISCOUNT", ""): 7_700, ("TOTAL", ""): 69_300, ("TAX", ""): 6_300,
        ("EARNED", ""): 6, ("HOUR", "14"): 69_300, ("MEMBER_SALES", ""): 1, ("MEMBER_TOTAL", ""): 69_300,
        ("SECOND_PURCHASES", ""): 1, ("TENDER", "CASH"): 69_300, ("TAX_RATE", "10"): 6_300,
        ("RULE", "gold-10"): 7_700, ("RULE_SALES", "gold-10"): 1})


def test_a_return_adds_to_the_shift_it_was_made_in() -> None:
    assert summed(BACK, EntryKind.RETURN) == (4, {
        ("RETURNS", ""): 1, ("RETURNED", ""): 34_650, ("TENDER", "CASH"): -30_000, ("TENDER", "DEBIT"): -4_650,
        ("TAX_RATE", "10"): -3_150, ("TAX", ""): -3_150, ("SPENT", ""): -20, ("EARNED", ""): -3})


def test_cash_and_corrections_add_what_they_moved() -> None:
    assert summed(CashMoved(3, -5, CashReason.BANK), EntryKind.CASH_MOVED) == (
        3, {("CASH_MOVED", ""): -5, ("CASH_MOVED", "BANK"): -5})
    assert summed(Correction(3, 2, TenderKind.DEBIT, 7, CountReason.CHANGE_GIVEN), EntryKind.CORRECTION) == (
        3, {("CORRECTED", "2/DEBIT"): 7})


@pytest.mark.parametrize(("kind", "body"), [
    (EntryKind.SHIFT_OPENED, Shift(3, "sara", "2026-11-22", 500)), (EntryKind.READING, Reading(3, 2, 500, ())),
    (EntryKind.SHIFT_CLOSED, ShiftClosed(3, 1, None, 500, CountReason.NOT_COUNTED, ())),
    (EntryKind.OPENED, Opened("0.1.0"))])
def test_what_only_tells_adds_nothing(kind: EntryKind, body: Body) -> None:
    assert sums(entry(kind, body)) == (0, [])


def test_a_fold_goes_on_from_what_was_kept() -> None:
    first, last = Fold(), Fold()
    sale, moved = entry(EntryKind.SALE, sold()), entry(EntryKind.CASH_MOVED, CashMoved(3, -5, CashReason.BANK))
    for fold in (first, last):
        fold.take(sale, 8)
    first.take(moved, 9)
    kept = {table: [list(row) for row in rows] for table, rows in last.tables().items()}
    again = Fold([kept])  # type: ignore[list-item] # lists, as JSON has it
    again.take(moved, 9)
    assert again.tables() == first.tables()
    assert list(first.tables()) == list(TABLES)
    assert (3, "CASH_MOVED", "BANK", -5) in first.tables()["shift_total"]


def test_sums_that_lie_in_several_parts_are_added_up() -> None:
    whole, parts = Fold(), (Fold(), Fold())
    for place, part in enumerate(parts, 8):
        sale = entry(EntryKind.SALE, sold(limited=("gold-10",)))
        part.take(sale, place)
        whole.take(sale, place)
    assert Fold(part.tables() for part in parts).tables() == whole.tables()
    assert whole.tables()["promotion_use"][0] == ("gold-10", "", "", 2, 15_400)
    assert set(SUMS) < set(TABLES)


def test_rows_come_in_the_order_of_their_key() -> None:
    fold = Fold()
    for place, promotion in ((9, "silver-3"), (8, "gold-10")):
        fold.take(entry(EntryKind.SALE, sold(limited=(promotion,))), place)
    tables = fold.tables()
    assert [row[0] for row in tables["sale"]] == [8, 9]
    assert tables["shift_total"] == sorted(tables["shift_total"])
    assert insert_into("sale", 3) == "INSERT INTO sale VALUES (?, ?, ?)"
