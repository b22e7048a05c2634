"""Enrolment over a station's real files: admitted or not and why, one account for one phone, at once and durably."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from data.enrol_receipts import EnrolReceipts
from data.verify import verify
from station.admission import FEE_TAG, AdmissionCode, AdmissionPolicy, Shortcoming
from station.basket import Basket
from station.card import Card, CardLink, CardStatus, Medium, Tap
from station.counter import Counter, Place, World
from station.enrol_desk import Application, EnrolDesk, Evidence, evidence_of
from station.enrolling import Admitted, MemberEnrolled, Person, read_person
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind, Position, receipt_number
from station.people import Actor, Role
from station.pricing import price
from station.sale import ReturnedLine, Sale, SaleReturn
from station.tender import Tender, TenderKind
from station.text import Text
from station.told import Channel, Consent, Purpose
from tests.data.test_journal import sale, shift
from tests.fakes import CASHIER, NOON, FixedClock, MemoryPacks, MemoryShelf, pack, product
from tests.station.test_card_desk import Till, digest, record

MANAGER = Actor("reza", Role.MANAGER)
SENIOR = Actor("mina", Role.SENIOR)
SARA = Person("سارا محمدی", "09121234567")
FRESH, TAKEN = Tap("pcsc", Medium.NFC_UID, "700"), Tap("pcsc", Medium.NFC_UID, "100")


class Shop(Till):
    """Member 1, whose phone is 09120000001, with card 100; the admission rule can be changed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.feed(0, record(1, CardLink(digest("100"), CardStatus.ACTIVE)))
        self.packs = MemoryPacks()
        self.purchase = 0
        self.world = World(FixedClock(), bytes, self.book, MemoryShelf(), self.packs, self.journal)
        self.enrolling = EnrolDesk(self.world, self.book, EnrolReceipts("12-1", self.journal, self.journal.database), lambda: self.purchase)

    def asks(self, **policy: object) -> None:
        self.packs.held = replace(pack(), admission=AdmissionPolicy(**policy))  # type: ignore[arg-type] # each by its name

    def application(self, **facts: object) -> Application:
        return replace(Application(self.enrolling.new_id(), SARA, FRESH), **facts)  # type: ignore[arg-type] # each by its name


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with closing(Shop(tmp_path)) as shop:
        yield shop


def refused(shop: Shop, act: Callable[[], object]) -> ErrorCode:
    before = shop.bodies()
    with pytest.raises(StationError) as refusal:
        act()
    assert shop.bodies() == before
    return refusal.value.code


def test_an_enrolment_is_one_entry_that_names_nobody(shop: Shop) -> None:
    said = shop.application(agreed=((Purpose.SERVICE, Channel.SMS),), referrer="m1", tastes=("tea",), area="12")
    made = shop.enrolling.enrol(said, CASHIER)
    assert (UUID(said.member_id).version, made.member_id, made.tier, made.points) == (7, said.member_id, "silver", 0)
    [body] = shop.bodies()
    assert body == MemberEnrolled(
        said.member_id, "silver", Admitted(1), digest("700"), Medium.NFC_UID,
        (Consent(Purpose.SERVICE, Channel.SMS, NOON.utc_us),), "m1", ("tea",), "12")
    stored = list(shop.journal.entries(1, 10))[-1]
    assert not any(each in stored.raw for each in ("سارا".encode(), b"09121234567", b'"700"'))
    kept = shop.journal.personal(stored.place)
    assert kept is not None
    assert read_person(kept) == SARA
    assert list(verify(shop.journal)) == []


def test_the_new_member_buys_at_once_with_the_new_card(shop: Shop) -> None:
    made = shop.enrolling.enrol(shop.application(), CASHIER)
    counter = Counter(Place("12-1", "12", Text("", "")), shop.world)
    assert counter.tap(FRESH) == made
    assert shop.book.card("700") == Card(made.member_id, CardStatus.ACTIVE, "")


def test_without_a_card_the_phone_finds_the_member(shop: Shop) -> None:
    made = shop.enrolling.enrol(shop.application(tap=None), CASHIER)
    assert shop.enrolling.same_phone("09121234567") == made
    assert shop.book.search("۰۹۱۲ ۱۲۳ ۴۵۶۷") == [made]


def test_a_phone_that_somebody_has_is_not_taken_twice(shop: Shop) -> None:
    known = replace(SARA, phone="09120000001")
    assert refused(shop, lambda: shop.enrolling.enrol(shop.application(person=known), CASHIER)) is ErrorCode.PHONE_TAKEN
    assert shop.enrolling.same_phone("09120000001") == shop.book.member("m1")
    shop.enrolling.enrol(shop.application(tap=None), CASHIER)
    assert refused(shop, lambda: shop.enrolling.enrol(shop.application(), CASHIER)) is ErrorCode.PHONE_TAKEN


def test_people_without_a_phone_are_not_one_and_the_same(shop: Shop) -> None:
    for _ in range(2):
        shop.world.clock.forward(1)  # type: ignore[attr-defined] # a fixed clock
        shop.enrolling.enrol(shop.application(person=Person("علی", ""), tap=None), CASHIER)
    assert len({each.member_id for each in shop.bodies() if isinstance(each, MemberEnrolled)}) == 2


def test_a_card_that_is_anybodys_is_not_given_out_again(shop: Shop) -> None:
    assert shop.enrolling.holder_of(TAKEN) == Card("m1", CardStatus.ACTIVE, "")
    assert refused(shop, lambda: shop.enrolling.enrol(shop.application(tap=TAKEN), CASHIER)) is ErrorCode.CARD_TAKEN


def test_a_phone_wallet_is_no_first_card(shop: Shop) -> None:
    wallet = Tap("qr", Medium.QR, "700")
    assert refused(shop, lambda: shop.enrolling.enrol(shop.application(tap=wallet), CASHIER)) is ErrorCode.CARD_IS_PHONE


def test_a_referrer_whom_nobody_knows_is_refused(shop: Shop) -> None:
    assert refused(shop, lambda: shop.enrolling.enrol(shop.application(referrer="m7"), CASHIER)) is ErrorCode.MEMBER_UNKNOWN


def test_a_club_without_tiers_has_members_without_one(shop: Shop) -> None:
    shop.packs.held = replace(pack(promotions=()), tiers=())
    assert shop.enrolling.enrol(shop.application(), CASHIER).tier == ""


def test_the_rule_says_no_with_every_figure(shop: Shop) -> None:
    shop.asks(least_purchase=5_000_000, least_visits=3, needs_referrer=True, fee=100_000, approved_by=Role.MANAGER)
    shop.purchase = 385_000
    assert shop.enrolling.missing("", (), CASHIER) == (
        Shortcoming(AdmissionCode.PURCHASE, 385_000, 5_000_000), Shortcoming(AdmissionCode.VISITS, 0, 3),
        Shortcoming(AdmissionCode.FEE, 0, 100_000), Shortcoming(AdmissionCode.REFERRER), Shortcoming(AdmissionCode.APPROVAL))
    assert refused(shop, lambda: shop.enrolling.enrol(shop.application(), CASHIER)) is ErrorCode.NOT_ADMITTED


def test_the_purchase_at_hand_and_who_invited_admit(shop: Shop) -> None:
    shop.asks(least_purchase=5_000_000, needs_referrer=True)
    shop.purchase = 5_000_000
    assert shop.enrolling.missing("m1", (), CASHIER) == ()
    shop.enrolling.enrol(shop.application(referrer="m1"), CASHIER)
    [body] = shop.bodies()
    assert isinstance(body, MemberEnrolled)
    assert body.admitted == Admitted(1, 5_000_000)


@pytest.mark.parametrize(("by", "approver", "missing"), [
    (CASHIER, None, 1), (CASHIER, CASHIER, 1), (SENIOR, None, 0), (MANAGER, None, 0), (CASHIER, SENIOR, 0), (CASHIER, MANAGER, 0)])
def test_approval_is_by_whoever_reaches_far_enough(shop: Shop, by: Actor, approver: Actor | None, missing: int) -> None:
    shop.asks(approved_by=Role.SENIOR)
    assert len(shop.enrolling.missing("", (), by, approver)) == missing


def sold(shop: Shop, number: int, who: str | None = None) -> str:
    """The receipt of a sale over 77 000 rial, or less what a member gets."""
    stored = shop.journal.append(sale(number, who=who))
    return receipt_number("12-1", Position(stored.incarnation, stored.seq))


def test_earlier_receipts_admit_who_shows_them_and_count_once(shop: Shop) -> None:
    shop.asks(least_spent=150_000, least_visits=2)
    shop.journal.append(shift())
    first, second = sold(shop, 1), sold(shop, 2)
    desk = shop.enrolling
    shown = [desk.evidence(first), desk.evidence(f" {second.lower()} ")]
    assert [each.receipt for each in shown] == [first, second]
    spent = sum(each.spent for each in shown)
    assert desk.missing("", shown[:1], CASHIER) == (
        Shortcoming(AdmissionCode.SPENT, shown[0].spent, 150_000), Shortcoming(AdmissionCode.VISITS, 1, 2))
    assert desk.missing("", shown, CASHIER) == ()
    desk.enrol(shop.application(receipts=tuple(shown)), CASHIER)
    [body] = [each for each in shop.bodies() if isinstance(each, MemberEnrolled)]
    assert body.admitted == Admitted(1, 0, spent, 2, receipts=(first, second))
    assert refused(shop, lambda: desk.evidence(first)) is ErrorCode.RECEIPT_USED
    again = shop.application(person=Person("علی", "09350000000"), tap=None, receipts=(shown[1],))
    assert refused(shop, lambda: desk.enrol(again, CASHIER)) is ErrorCode.RECEIPT_USED


def test_the_middle_of_a_receipts_number_is_enough(shop: Shop) -> None:
    shop.journal.append(shift())
    receipt = sold(shop, 1)
    assert shop.enrolling.evidence("3").receipt == receipt


def test_a_members_receipt_and_one_that_is_none_show_nothing(shop: Shop) -> None:
    shop.journal.append(shift())
    receipt = sold(shop, 1, "m1")
    for text in (receipt, receipt.replace("12-1-", "12-2-"), "9", "1", "what", ""):
        assert refused(shop, lambda text=text: shop.enrolling.evidence(text)) is ErrorCode.SALE_UNKNOWN  # type: ignore[misc] # bound at once


def test_what_came_back_was_not_spent_and_all_of_it_was_no_visit(shop: Shop) -> None:
    shop.asks(least_visits=1)
    shop.journal.append(shift())
    receipt = sold(shop, 1)
    before = shop.enrolling.evidence(receipt)
    money = (Tender(TenderKind.CASH, before.spent),)
    shop.journal.append(Draft(EntryKind.RETURN, NOON, CASHIER, SaleReturn(
        "back-1", "sale-1", shop.journal.head().incarnation, 3, NOON.date, 1, None, (), before.spent, money, (), (), ())))
    shown = shop.enrolling.evidence(receipt)
    assert shown.spent == 0
    assert shop.enrolling.missing("", (shown,), CASHIER) == (Shortcoming(AdmissionCode.VISITS, 0, 1),)


def test_a_fee_counts_as_paid_unless_any_of_it_came_back_and_is_no_purchase() -> None:
    basket = Basket("sale-1", "12", 1, NOON, payments=(TenderKind.CASH,))
    basket = basket.with_product(replace(product(1, 200_000), tags=(FEE_TAG,)), 1000).with_product(product(2, 30_000), 2000)
    sold_it = Sale("sale-1", NOON.date, 1, basket, price(pack(), basket), (Tender(TenderKind.CASH, 260_000),), 0, None, ())

    def back(line: int, money: int) -> SaleReturn:
        return SaleReturn("back-1", "sale-1", "i" * 32, 3, NOON.date, 1, None, (ReturnedLine(line, 1000),), money, (), (), (), ())

    assert evidence_of("r", sold_it, ()) == Evidence("r", 60_000, fee=200_000)
    assert evidence_of("r", sold_it, (back(2, 30_000),)) == Evidence("r", 30_000, fee=200_000)
    assert evidence_of("r", sold_it, (back(1, 200_000),)) == Evidence("r", 60_000, fee=0)
