"""Goods that came back, at head office: posted as booked, gone over again, flagged when they differ."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from headoffice import demo
from headoffice.audit.models import Difference
from headoffice.audit.recompute import return_findings
from headoffice.console.models import DifferenceRow
from headoffice.intake.models import Entry, Quarantine
from headoffice.ledger import reports
from headoffice.ledger.models import Balance, PointsEntry, ReturnTender, SaleReturn
from headoffice.ledger.models import Sale as Sold
from headoffice.register.packs import publish
from headoffice.stations.models import Station
from station.counter import Settled
from station.drawer import Drawer
from station.journal import Body, Cause, EntryKind
from station.people import Actor, Role
from station.points import PointsEntry as StationPoints
from station.points import PointsKind
from station.priced import TaxTotal
from station.pricing import Engine
from station.promotion import EarningRule
from station.returning import Returning
from station.sale import ReturnCause, ReturnedLine, Sale
from station.sale import SaleReturn as Back
from station.shift import CashMoved, CashReason, Correction, CountReason, Reading, Shift, ShiftClosed
from station.tender import Tender, TenderKind
from station.totals import Tally, Total
from sync import wire
from sync.documents import read_pack
from tests.fakes import CASHIER, NAME, NOON, MemoryJournal
from tests.headoffice import test_at_the_counter
from tests.headoffice.shop import Till, member
from tests.headoffice.test_at_the_counter import VISITS, WHO
from tests.headoffice.test_console import page
from tests.rigs.history import History

RULES = replace(VISITS, promotions=(), earning=(EarningRule("base", NAME, 1, 10_000),))
MANAGER = Actor("reza", Role.MANAGER)
UUID = "0192aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"


class Shop(test_at_the_counter.Shop):
    """A counter, a desk for returns and a drawer on the station's real files; one point for each 10 000."""

    def __init__(self, folder: Path, till: Till, station: str = "12-1") -> None:
        super().__init__(folder, till, station)
        self.packs.held = RULES
        self.returning, self.drawer = Returning(self.world), Drawer(self.world)
        self.pull()

    def send(self) -> wire.Receipt:
        """Upload all that is left; return the last receipt."""
        branch = self.journal.branches()[-1]
        if branch.incarnation != self.till.journal.incarnation:
            self.till.journal = type(self.till.journal)(self.till.journal.station, branch.incarnation)
            self.sent = 0
        for stored in branch.after(self.sent, 999):
            self.till.journal.append_raw(stored.raw)
        first, self.sent = self.sent + 1, branch.head().seq
        return self.till.put(first, self.sent).read(wire.Receipt)

    def sell_pieces(self, pieces: int) -> Settled:
        """Sell so many of the good at 208 000, to the member."""
        self.tap()
        self.counter.scan(demo.barcode(1), pieces * 1000)
        priced = self.counter.priced()
        assert priced is not None
        return self.counter.settle([Tender(TenderKind.DEBIT, 100_000), Tender(TenderKind.CASH, priced.total)], CASHIER)

    def back(self, place: int, pieces: int = 1) -> Back:
        return self.returning.take_back(place, (ReturnedLine(1, pieces * 1000),), CASHIER)


@pytest.fixture
def shop(office: Path, tmp_path: Path) -> Iterator[Shop]:
    assert office.exists()
    publish(RULES, 0)
    till = Till()
    till.journal.station = "12-1"
    Station.objects.create(id="12-1", shop="12", public_key=till.public, paired_us=0)
    made = Shop(tmp_path, till)
    yield made
    made.journal.close()
    made.members.close()


def differences() -> list[tuple[int, str]]:
    return list(Difference.objects.order_by("seq", "breach").values_list("seq", "breach"))


def balance() -> tuple[int, int]:
    held = Balance.objects.get(member=WHO)
    return held.points, held.purchases


def test_a_return_becomes_rows_points_and_a_balance(shop: Shop) -> None:
    points, purchases = balance()
    sold = shop.sell_pieces(3)
    back = shop.back(sold.place)
    assert shop.send().quarantined == ()
    row = SaleReturn.objects.get()
    assert (row.return_id, row.sale_id, row.sale_seq, row.number, row.money, row.member) == (
        back.return_id, sold.sale.sale_id, sold.place, 1, back.money, WHO)
    assert (row.business_date, row.shift, row.cashier, row.seq) == (NOON.date, 1, "sara", sold.place + 1)
    assert list(ReturnTender.objects.order_by("number").values_list("number", "kind", "account", "amount")) == [
        (number, tender.kind, "", tender.amount) for number, tender in enumerate(back.tenders, 1)]
    reversal = PointsEntry.objects.get(seq=row.seq)
    assert (reversal.kind, reversal.points) == ("REVERSE", back.points[0].points)
    assert balance() == (points + sold.sale.priced.points + reversal.points, purchases + 1)
    assert differences() == []
    assert (reports.returns(NOON.date), reports.returns(NOON.date, "12-1")) == ((1, back.money),) * 2
    assert reports.returns(NOON.date, "12-9") == reports.returns("2026-11-23") == (0, 0)
    assert reports.day(NOON.date).total == sold.sale.priced.total


def test_the_member_has_the_same_balance_before_the_feed_comes_back_and_after(shop: Shop) -> None:
    sold = shop.sell_pieces(3)
    shop.back(sold.place)
    shown = shop.tap().points
    shop.counter.abandon()
    shop.send()
    assert shop.tap().points == shown
    shop.pull()
    assert (shop.tap().points, shop.tap().points) == (shown, balance()[0])


def test_a_batch_sent_twice_gives_back_once(shop: Shop) -> None:
    shop.back(shop.sell_pieces(2).place)
    shop.send()
    once = balance(), SaleReturn.objects.count(), ReturnTender.objects.count()
    assert shop.till.put(1, shop.sent).status == 200
    assert (balance(), SaleReturn.objects.count(), ReturnTender.objects.count()) == once


def test_returns_one_after_another_are_gone_over_in_their_order(shop: Shop) -> None:
    """In one batch, in the next, in the next shift, and in a journal that was put back."""
    sold = shop.sell_pieces(4)
    shop.back(sold.place)
    shop.back(sold.place)
    shop.send()
    shop.drawer.close(None, CountReason.NONE, CASHIER)
    shop.counter.open_shift(CASHIER, 0)
    shop.back(sold.place)
    shop.send()
    shop.journal.begin_anew(Cause.RESTORED, "test", NOON)
    shop.back(sold.place)
    shop.send()
    assert list(SaleReturn.objects.order_by("number").values_list("number", "shift")) == [(1, 1), (2, 1), (3, 2), (4, 2)]
    assert sum(SaleReturn.objects.values_list("money", flat=True)) == sold.sale.priced.total
    assert PointsEntry.objects.filter(member=WHO, kind="REVERSE").count() == 4
    assert differences() == []


def forge(shop: Shop, body: Body, kind: EntryKind = EntryKind.RETURN, **facts: Any) -> int:
    """Send ``body`` as the next entry, as a station that was tampered with could; return its seq."""
    seq = shop.till.journal.append(body, kind=kind, actor=CASHIER, **facts)
    assert shop.till.put(seq, seq).status == 200
    return seq


def booked(shop: Shop, pieces: int = 2) -> Back:
    """An honest return of one piece of a sale that is at head office, not sent itself."""
    sold = shop.sell_pieces(pieces)
    shop.send()
    return shop.back(sold.place)


@pytest.mark.parametrize(("change", "words"), [
    (lambda back: {"money": back.money + 1}, "money {more}, due {money}"),
    (lambda back: {"tenders": back.tenders[::-1]}, "tenders"),
    (lambda _: {"taxes": (TaxTotal("10", 1, 1),)}, "taxes"),
    (lambda back: {"points": tuple(replace(each, points=each.points + 1) for each in back.points)}, "points"),
    (lambda _: {"points": ()}, "points"),
    (lambda _: {"coupons": ("c",)}, "coupons"),
    (lambda _: {"member_id": member(1).member_id}, "member_id"),
    (lambda _: {"lines": (ReturnedLine(1, 3000),)}, "cannot come back: E309 RETURN_TOO_MUCH left=2000 line=1"),
    (lambda _: {"lines": (ReturnedLine(7, 1000),)}, "cannot come back: 1000 thousandths of line 7 cannot come back"),
])
def test_a_return_that_the_rules_make_otherwise_is_posted_and_flagged(
    shop: Shop, change: Callable[[Back], dict[str, Any]], words: str,
) -> None:
    back = booked(shop)
    seq = forge(shop, replace(back, **change(back)))
    assert differences() == [(seq, "RETURN")]
    assert Difference.objects.get().detail == words.format(more=back.money + 1, money=back.money)
    assert Difference.objects.get().sale_id == back.sale_id
    assert SaleReturn.objects.get().seq == seq
    assert not Quarantine.objects.exists()


def test_more_than_was_sold_in_two_returns_is_flagged(shop: Shop) -> None:
    back = booked(shop, 1)
    first, again = forge(shop, back), forge(shop, replace(back, return_id=UUID, points=()))
    assert differences() == [(again, "RETURN")]
    assert again == first + 1


@pytest.mark.parametrize("change", [
    {"seq": 1}, {"seq": 99}, {"incarnation": "0f" * 16}, {"sale_id": UUID}])
def test_a_return_of_no_known_sale_is_flagged_not_refused(shop: Shop, change: dict[str, Any]) -> None:
    seq = forge(shop, replace(booked(shop), **change))
    assert differences() == [(seq, "SALE_UNKNOWN")]
    assert SaleReturn.objects.count() == 1
    assert PointsEntry.objects.filter(seq=seq, kind="REVERSE").exists()


def test_a_sale_under_rules_nobody_published_cannot_be_gone_over(shop: Shop) -> None:
    shop.packs.held = replace(RULES, number=9)
    back = booked(shop)
    seq = forge(shop, back)
    assert differences() == [(back.seq, "PACK_UNKNOWN"), (seq, "PACK_UNKNOWN")]


def test_the_console_lists_what_has_no_sale_too(shop: Shop) -> None:
    back = booked(shop)
    unknown, other = forge(shop, replace(back, sale_id=UUID)), forge(shop, replace(back, return_id=UUID, points=()))
    rows = DifferenceRow.objects.order_by("seq").values_list("seq", "breach", "sale", "business_date", "total")
    total = Sold.objects.get().total
    assert list(rows) == [
        (unknown, "SALE_UNKNOWN", "", "", 0), (other, "RETURN", f"12-1/{back.sale_id}", NOON.date, total)]
    reader = Client(SERVER_NAME="127.0.0.1")
    reader.force_login(User.objects.create_user("mina", is_staff=True))
    shown = page(reader, "/console/console/differencerow/", "en")
    assert "goods taken back of a sale nobody knows" in shown
    assert f"12-1/{unknown}" in shown


def test_a_strangers_return_moves_no_points(shop: Shop) -> None:
    shop.counter.scan(demo.barcode(1), 2000)
    priced = shop.counter.priced()
    assert priced is not None
    back = shop.back(shop.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).place)
    before = list(Balance.objects.order_by("member").values_list())
    shop.send()
    assert SaleReturn.objects.get().member is None
    assert (back.points, PointsEntry.objects.filter(kind="REVERSE").count()) == ((), 0)
    assert list(Balance.objects.order_by("member").values_list()) == before
    assert differences() == []


def test_the_same_return_under_two_entries_is_posted_once(shop: Shop) -> None:
    back = booked(shop)
    forge(shop, back)
    before = balance()
    again = forge(shop, back)
    assert [(each.seq, each.reason) for each in Quarantine.objects.all()] == [
        (again, "a sale or return by this id was posted before")]
    assert balance() == before
    assert differences() == []


def test_points_written_before_and_members_nobody_knows_are_flagged(shop: Shop) -> None:
    back = booked(shop, 3)
    first = forge(shop, back)
    stolen = forge(shop, replace(back, return_id=UUID, member_id="nobody"))
    assert differences() == [(stolen, "KEY_WRITTEN"), (stolen, "MEMBER_UNKNOWN"), (stolen, "RETURN")]
    assert PointsEntry.objects.filter(seq=first).count() == 1


def test_a_forged_earlier_return_does_not_keep_the_next_from_being_judged(shop: Shop) -> None:
    back = booked(shop, 3)
    forged = forge(shop, replace(back, return_id=UUID, tenders=(), points=()))
    honest = forge(shop, back)
    assert differences() == [(forged, "RETURN"), (honest, "RETURN")]
    assert Difference.objects.get(seq=honest).detail.startswith("cannot come back: zip()")


@settings(max_examples=15)
@given(st.integers(0, 2**32))
def test_random_returns_are_gone_over_to_the_same_figures(seed: int) -> None:
    """By the pack as published, from the entries as they travel."""
    journal = MemoryJournal()
    history = History(journal, seed)
    history.play(["sale", "return", "sale", "return", "return", "close", "return", "return", "return"])
    office = Engine(read_pack(msgspec.json.encode(history.pack)))
    earlier: dict[int, list[Back]] = {}
    for draft in journal.drafts:
        if isinstance(draft.body, Back):
            back = msgspec.json.decode(msgspec.json.encode(draft.body), type=Back)
            sale = msgspec.json.decode(msgspec.json.encode(journal.sale(back.seq).body), type=Sale)
            assert return_findings(back, sale, earlier.setdefault(back.seq, []), office) == ()
            earlier[back.seq].append(back)
    assert sum(map(len, earlier.values())) >= 1


BACK = Back(UUID, UUID, "0f" * 16, 1, NOON.date, 1, None, (), 1, (), (), (), ())
BIG, LONG = 10**17, "x" * 101
REVERSAL = StationPoints("k", "m", PointsKind.REVERSE, 1, "r")


@pytest.mark.parametrize(("kind", "body", "word"), [
    (EntryKind.RETURN, replace(BACK, money=BIG), "bounds"),
    (EntryKind.RETURN, replace(BACK, seq=BIG), "bounds"),
    (EntryKind.RETURN, replace(BACK, tenders=(Tender(TenderKind.CASH, -BIG),)), "bounds"),
    (EntryKind.RETURN, replace(BACK, taxes=(TaxTotal("10", BIG, 1),)), "bounds"),
    (EntryKind.RETURN, replace(BACK, lines=(ReturnedLine(1, BIG),)), "bounds"),
    (EntryKind.RETURN, replace(BACK, lines=(ReturnedLine(1, 1, BIG),)), "bounds"),
    (EntryKind.RETURN, replace(BACK, points=(replace(REVERSAL, points=BIG),)), "bounds"),
    (EntryKind.RETURN, replace(BACK, points=(REVERSAL,) * 101), "101 points entries"),
    (EntryKind.RETURN, replace(BACK, points=(replace(REVERSAL, key=LONG),)), "longer than"),
    (EntryKind.RETURN, replace(BACK, member_id=LONG), "longer than"),
    (EntryKind.RETURN, replace(BACK, tenders=(Tender(TenderKind.WALLET, 1, account=LONG),)), "longer than"),
    (EntryKind.RETURN, replace(BACK, tenders=(Tender(TenderKind.CASH, 1),) * 101), "101 tenders"),
    (EntryKind.RETURN, replace(BACK, incarnation="0F" * 16), "a return of entry"),
    (EntryKind.RETURN, replace(BACK, return_id="x"), "UUID"),
    (EntryKind.RETURN, replace(BACK, return_id=UUID.upper()), "the return's id"),
    (EntryKind.RETURN, replace(BACK, sale_id=UUID.upper()), "the sale id"),
    (EntryKind.RETURN, replace(BACK, business_date="20261122"), "business date"),
    (EntryKind.SHIFT_OPENED, Shift(BIG, "sara", NOON.date, 0), "bounds"),
    (EntryKind.SHIFT_OPENED, Shift(1, LONG, NOON.date, 0), "longer than"),
    (EntryKind.SHIFT_OPENED, Shift(1, "sara", "yesterday", 0), "isoformat"),
    (EntryKind.CASH_MOVED, CashMoved(1, BIG, CashReason.BANK), "bounds"),
    (EntryKind.CORRECTION, Correction(2, 1, TenderKind.CASH, BIG, CountReason.CHANGE_GIVEN), "bounds"),
    (EntryKind.READING, Reading(1, 1, BIG, ()), "bounds"),
    (EntryKind.READING, Reading(1, 1, 1, (Total(Tally.RULE, LONG, 1),)), "longer than"),
    (EntryKind.SHIFT_CLOSED, ShiftClosed(1, 1, BIG, 1, CountReason.NONE, ()), "bounds"),
    (EntryKind.SHIFT_CLOSED, ShiftClosed(1, 1, None, 1, CountReason.NONE, (Total(Tally.TAX, "", BIG),)), "bounds"),
])
def test_figures_no_shop_can_have_are_set_aside(till: Till, kind: EntryKind, body: Body, word: str) -> None:
    seq = till.journal.append(body, kind=kind)
    receipt = till.put(1, seq).read(wire.Receipt)
    assert receipt.acknowledged == seq
    assert [each.seq for each in receipt.quarantined] == [seq]
    assert word in receipt.quarantined[0].reason
    assert Entry.objects.get(seq=seq).kind == ""


def test_the_moment_and_people_of_every_kind_are_bounded(till: Till) -> None:
    body = CashMoved(1, 5, CashReason.BANK)
    for facts in ({"at": replace(NOON, utc_us=BIG)}, {"actor": Actor(LONG, Role.CASHIER)},
                  {"approver": Actor(LONG, Role.MANAGER)}):
        till.journal.append(body, kind=EntryKind.CASH_MOVED, **facts)
    assert [each.seq for each in till.put(1, 4).read(wire.Receipt).quarantined] == [2, 3, 4]


def test_a_void_is_told_from_a_return_and_goods_without_their_sale_are_counted(shop: Shop) -> None:
    sold = shop.sell_pieces(2)
    shop.back(sold.place)
    shop.sell_pieces(1)
    voided = shop.returning.book(shop.returning.preview_void(), CASHIER, MANAGER).back
    shop.counter.scan(demo.barcode(1))
    assert shop.counter.basket
    shop.returning.take_unknown(shop.counter.basket.lines, "12-9-000001-AAAA", "The receipt is lost", CASHIER, MANAGER)
    shop.drawer.close(None, CountReason.NONE, CASHIER)
    shop.send()
    assert list(Quarantine.objects.all()) == []
    assert list(Difference.objects.all()) == []
    assert reports.returns_by_cause(sold.sale.business_date) == {
        "RETURNED": (1, 208_000), "VOID": (1, 208_000), "NO_SALE": (1, 208_000)}
    assert reports.returns(sold.sale.business_date) == (3, 3 * 208_000)
    row = SaleReturn.objects.get(cause="NO_SALE")
    assert (row.sale_id, row.sale_incarnation, row.sale_seq, row.number, row.member, row.cashier) == ("", "", 0, 0, None, "sara")
    assert [(each.kind, each.amount) for each in ReturnTender.objects.filter(return_id=row.return_id)] == [("CASH", 208_000)]
    # a voided sale earned nothing: what it gave it took
    moved = PointsEntry.objects.filter(incarnation=shop.journal.head().incarnation)
    of_void = [each.points for each in moved if each.key.startswith((voided.sale_id, voided.return_id))]
    assert (len(of_void), sum(of_void)) == (2, 0)


def test_a_void_of_a_part_is_flagged(shop: Shop) -> None:
    sold = shop.sell_pieces(2)
    found = shop.returning.preview(sold.place, (ReturnedLine(1, 1000),))
    part = replace(shop.returning.book(found, CASHIER).back, cause=ReturnCause.VOID)
    engine = Engine(RULES)
    (wrong,) = return_findings(part, sold.sale, (), engine)
    assert (wrong.breach.value, wrong.detail) == ("RETURN", "a void of less than the whole sale")


def test_the_trace_number_of_a_refund_is_taken_as_it_was_typed(shop: Shop) -> None:
    sold = shop.sell_pieces(1)
    found = shop.returning.preview(sold.place, (ReturnedLine(1, 1000),))
    back = shop.returning.book(found, CASHIER, traces=("4711",)).back
    assert back.tenders[0] == Tender(TenderKind.DEBIT, 100_000, "4711")
    assert return_findings(back, sold.sale, (), Engine(RULES)) == ()
    on_cash = replace(back, tenders=(back.tenders[0], replace(back.tenders[1], trace="4711")))
    (wrong,) = return_findings(on_cash, sold.sale, (), Engine(RULES))
    assert wrong.detail == "tenders"
