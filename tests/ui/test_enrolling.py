"""Enrolment as the cashier sees it, without a window: what is typed in any digits, what is refused, what comes of it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.no_members import NoMembers
from data.own_cards import LaidOver
from station.admission import FEE_TAG
from station.approval import OperationKind
from station.bonus import Birth
from station.card import CardTier, Medium, Tap
from station.counter import Counter, Place
from station.dates import Calendar
from station.enrol_desk import EnrolDesk
from station.enrolling import Person
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.pack import Pack
from station.people import Actor, Role
from station.tender import Tender, TenderKind
from station.told import Channel, Consent, Purpose
from tests.fakes import CASHIER, NOON, MemoryPacks
from tests.rigs.judged_cards import NUMBER, Trust, card_hash, of_tap, on_chip, tapped, window
from tests.ui.enrolling import FRESH, KEY, KNOWN, LOST, EnrolShop
from tests.ui.test_checkout import Screen
from tests.ui.till import MILK, SHOP
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.enrolling import Enrolling, EnrolView, Typed
from ui.text import Words
from ui.views import Tone

MANAGER = Actor("reza", Role.MANAGER)
NBSP = "\u00a0"
SARA = Typed("سارا محمدی", "۰۹۳۵۱۲۳۴۵۶۷")


class Page(EnrolShop):
    """A shop, its checkout, and what the page of the enrolment was told."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.screen = Screen()
        self.checkout = Checkout(self.desk, Words("en"), Format("en"), self.screen)
        self.views: list[EnrolView | None] = []
        self.presenter = Enrolling(self.enrol_desk(), self.desk, self.checkout, self.approved, self)

    def show_enrol(self, view: EnrolView | None) -> None:
        self.views.append(view)

    @property
    def view(self) -> EnrolView:
        """What is shown; the page is open."""
        assert self.views[-1] is not None
        return self.views[-1]

    @property
    def is_closed(self) -> bool:
        return self.views[-1] is None

    def banner(self) -> str:
        banner = self.screen.view.banner
        return banner.text if banner else ""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with closing(Page(tmp_path)) as page:
        page.presenter.begin()
        yield page


def test_a_phone_and_a_name_make_a_member_whose_basket_it_is(page: Page) -> None:
    page.checkout.scanned(MILK.barcode)
    page.presenter.finish(replace(SARA, name="  سارا   محمدی "))
    [(body, person)] = page.enrolled()
    assert person == Person("سارا محمدی", "09351234567")
    assert (body.card, body.consents, body.referrer, body.tastes, body.area) == (None, (), "", (), "")
    assert body.admitted.purchase == 385_000
    assert page.is_closed
    member = page.counter.member
    assert member is not None
    assert (member.member_id, page.banner()) == (body.member_id, "New member: سارا محمدی")


def test_it_is_durable_before_the_screen_says_so(page: Page) -> None:
    seen: list[int] = []

    class Looking:
        def show_enrol(self, view: EnrolView | None) -> None:
            if view is None:
                with closing(JournalStore(Path(page.journal.database.path), KEY)) as again:
                    seen.extend(each.place for each in again.entries(0, 100) if each.kind is EntryKind.MEMBER_ENROLLED)

    presenter = Enrolling(page.enrol_desk(), page.desk, page.checkout, page.approved, Looking())
    presenter.begin()
    presenter.finish(SARA)
    assert len(seen) == 1


def test_a_full_disk_enrols_nobody_and_says_so_on_the_page(page: Page) -> None:
    class Full:
        def append(self, draft: Draft) -> None:
            raise StationError(ErrorCode.DISK_FULL, kind=draft.kind.value)

    world = replace(page.world, journal=Full())  # type: ignore[arg-type] # nothing else of it is asked for
    presenter = Enrolling(EnrolDesk(world, page.book, page.receipts(), page.purchase), page.desk, page.checkout, page.approved, page)
    presenter.begin(FRESH)
    presenter.finish(SARA)
    assert (page.is_closed, page.view.has_card) == (False, True)
    assert page.view.problem.endswith("(E401)")
    assert (page.enrolled(), page.counter.member, page.book.card(FRESH.number)) == ([], None, None)
    page.presenter.begin(FRESH)
    page.presenter.finish(SARA)
    assert [person.phone for _, person in page.enrolled()] == ["09351234567"]


def test_a_card_shown_at_any_moment_opens_the_account(page: Page) -> None:
    assert (page.view.card, page.view.has_card) == ("Show a card at any moment", False)
    page.presenter.phone_typed("0935")
    page.presenter.tapped(FRESH)
    assert (page.view.card, page.view.has_card) == ("Card taken", True)
    assert FRESH.number not in repr(page.views)
    page.presenter.finish(SARA)
    [(body, _)] = page.enrolled()
    assert body.card == page.book.card_hash(FRESH.number)
    assert (page.counter.shown.medium, page.counter.card_tier) == (Medium.NFC_UID, CardTier.NUMBER)


def test_a_card_whose_code_was_shown_before_is_given_out_and_the_account_opens_without_it(page: Page) -> None:
    world = replace(page.world, prover=Trust(windows={card_hash(NUMBER): window(61, known=61)}).prover())
    counter = Counter(Place("12-1", "12", SHOP), world)
    desk = replace(page.desk, counter=counter)
    checkout = Checkout(desk, Words("en"), Format("en"), page.screen)
    presenter = Enrolling(EnrolDesk(world, page.book, page.receipts(), page.purchase), desk, checkout, page.approved, page)
    presenter.begin(on_chip(of_tap(tapped(61))))
    presenter.finish(SARA)
    [(body, _)] = page.enrolled()
    assert body.card == page.book.card_hash(NUMBER)
    assert counter.member is not None
    assert (counter.member.member_id, counter.shown.number, page.banner()) == (body.member_id, "", "New member: سارا محمدی")


def test_it_begins_with_the_card_that_nobody_knew(page: Page) -> None:
    page.presenter.begin(FRESH)
    assert page.view.has_card
    page.presenter.begin()
    assert not page.view.has_card


@pytest.mark.parametrize("typed", ["09120000001", "۰۹۱۲ ۰۰۰ ۰۰۰۱", "+98 912 000 0001", "٩١٢٠٠٠٠٠٠١", "0098-912-0000001"])
def test_a_phone_that_somebody_has_is_noticed_in_any_digits(page: Page, typed: str) -> None:
    page.presenter.phone_typed(typed[:-1])
    assert page.view.duplicate == ""
    page.presenter.phone_typed(typed)
    assert page.view.duplicate == "Already a member: مهرداد کاظمی‌نژاد"
    page.presenter.finish(replace(SARA, phone=typed))
    assert (page.view.problem, page.enrolled()) == ("Somebody with this phone is a member already. (E213)", [])
    page.presenter.serve_other()
    assert page.is_closed
    assert page.counter.member == page.book.member("m1")


def test_nobody_else_is_served_where_there_is_nobody_else(page: Page) -> None:
    shown = len(page.views)
    page.presenter.serve_other()
    assert (len(page.views), page.counter.member) == (shown, None)


def test_one_enrolled_a_moment_ago_is_not_enrolled_again(page: Page) -> None:
    page.presenter.finish(SARA)
    page.presenter.begin()
    page.presenter.phone_typed("+98 935 123 4567")
    assert page.view.duplicate == "Already a member: سارا محمدی"


def test_a_card_of_a_member_offers_that_member(page: Page) -> None:
    page.presenter.tapped(FRESH)
    page.presenter.tapped(KNOWN)
    assert (page.view.duplicate, page.view.has_card) == ("Already a member: مهرداد کاظمی‌نژاد", False)


@pytest.mark.parametrize(("tap", "invites", "problem"), [
    (LOST, False, "This card was reported lost. (E202)"),
    (LOST, True, "This card was reported lost. (E202)"), (FRESH, True, "This card is not a card of the club. (E201)"),
    (Tap("qr", Medium.QR, "9364000000000700"), False,
     "This is a phone wallet, not a membership card. Ask for the card or the club's code. (E115)")])
def test_a_card_that_cannot_be_taken_says_why(page: Page, tap: Tap, invites: bool, problem: str) -> None:  # noqa: FBT001 - a table
    page.presenter.tapped(tap, invites=invites)
    assert (page.view.problem, page.view.has_card, page.view.referrer) == (problem, False, "")


@pytest.mark.parametrize(("typed", "problem"), [
    ({"phone": "0935"}, "This is no phone number."), ({"phone": ""}, "This is no phone number."),
    ({"name": " "}, "The name is missing."), ({"birth": "31 x"}, "This is no birthday: month and day in figures, such as 7/15."),
    ({"birth": "2/30"}, "This is no birthday: month and day in figures, such as 7/15."),
    ({"email": "sara"}, "This is no e-mail address."),
    ({"agreed": ((Purpose.SERVICE, Channel.EMAIL),)}, "This is no e-mail address.")])
def test_what_is_missing_is_said(page: Page, typed: dict[str, object], problem: str) -> None:
    page.presenter.finish(replace(SARA, **typed))  # type: ignore[arg-type] # each by its name
    assert (page.view.problem, page.enrolled()) == (problem, [])


def test_nothing_is_agreed_to_unless_it_was_said(page: Page) -> None:
    agreed = ((Purpose.SERVICE, Channel.SMS), (Purpose.MARKETING, Channel.EMAIL))
    page.presenter.finish(replace(SARA, agreed=agreed, email="sara@shop.example", tastes=("tea",), area="12"))
    [(body, person)] = page.enrolled()
    assert body.consents == tuple(Consent(*each, NOON.utc_us) for each in agreed)
    assert (person.email, body.tastes, body.area) == ("sara@shop.example", ("tea",), "12")


def test_tastes_and_areas_are_those_of_the_rules(page: Page) -> None:
    assert (page.view.tastes, page.view.areas) == ((("tea", "Tea"), ("bread", "Bread")), (("12", "District 12"),))


@pytest.mark.parametrize(("language", "typed", "birth", "shown"), [
    ("fa", "۷/۱۵", Birth(Calendar.JALALI, 7, 15), "۱۵ مهر"), ("fa", "۱۳۷۰/۰۷/۱۵", Birth(Calendar.JALALI, 7, 15), "۱۵ مهر"),
    ("fa", "30 12", Birth(Calendar.JALALI, 12, 30), "۳۰ اسفند"), ("en", "7-15", Birth(Calendar.GREGORIAN, 7, 15), "15 Jul"),
    ("en", "1990-2-29", Birth(Calendar.GREGORIAN, 2, 29), "29 Feb"), ("en", "13/13", None, ""), ("fa", "0/5", None, ""),
    ("en", "7", None, "")])
def test_a_birthday_is_month_and_day(page: Page, language: str, typed: str, birth: Birth | None, shown: str) -> None:
    page.presenter.speak(Words(language), Format(language))
    page.presenter.birth_typed(typed)
    assert page.view.birth == shown
    page.presenter.finish(replace(SARA, birth=typed))
    assert [person.birth for _, person in page.enrolled()] == ([birth] if birth else [])


def test_who_invited_is_found_by_card_phone_or_name(page: Page) -> None:
    page.presenter.tapped(KNOWN, invites=True)
    assert page.view.referrer == "مهرداد کاظمی‌نژاد"
    page.presenter.choose_referrer("")
    assert page.view.referrer == ""
    page.presenter.look_for_referrer("مهرداد")
    assert {each.member_id for each in page.view.choices} == {"m1", "m2"}
    page.presenter.choose_referrer("m2")
    assert (page.view.referrer, page.view.choices) == ("مهرداد رضایی", ())
    page.presenter.look_for_referrer("۰۰۰۱")
    assert page.view.referrer == "مهرداد کاظمی‌نژاد"
    page.presenter.look_for_referrer("نیلوفر")
    assert page.view.problem == "No member was found."
    page.presenter.finish(SARA)
    [(body, _)] = page.enrolled()
    assert body.referrer == "m1"


def test_the_rule_says_no_with_its_figures_and_yes_once_they_are_reached(page: Page) -> None:
    page.asks(least_purchase=500_000, needs_referrer=True)
    page.checkout.scanned(MILK.barcode)
    page.presenter.begin()
    assert page.view.admission_tone is Tone.ERROR
    assert page.view.missing == (
        f"This purchase comes to 38,500{NBSP}toman; 50,000{NBSP}toman are asked.", "A member has to invite them.")
    page.presenter.finish(SARA)
    assert (page.view.problem, page.enrolled()) == ("The club's rules do not admit this person now. (E214)", [])
    page.checkout.scanned(MILK.barcode)
    page.presenter.choose_referrer("m1")
    shown = page.view
    assert (shown.admission, shown.admission_tone, len(shown.missing)) == ("May become a member.", Tone.OK, 0)
    page.presenter.finish(SARA)
    assert len(page.enrolled()) == 1


def test_every_condition_has_its_sentence(page: Page) -> None:
    page.asks(open=False, least_spent=9_000_000, least_visits=3, fee=100_000, approved_by=Role.SENIOR)
    page.presenter.begin()
    assert page.view.missing == (
        "The club takes no new members now.", f"Earlier purchases of 900,000{NBSP}toman are asked; 0{NBSP}toman are known.",
        "Earlier visits asked: 3; known: 0.", f"A fee of 10,000{NBSP}toman is asked; paid: 0{NBSP}toman. Sell it first, then scan its receipt here.",
        "A senior has to approve it.")


def test_the_member_whose_basket_it_was_has_it_back_for_eight_seconds(page: Page) -> None:
    page.counter.scan(MILK.barcode)
    page.counter.identify("m1")
    before = page.counter.in_hand
    page.presenter.begin()
    page.presenter.finish(SARA)
    assert page.screen.view
    assert page.screen.view.banner
    assert (page.screen.view.banner.text, page.screen.view.banner.undo) == (f"New member: {SARA.name}", True)
    page.checkout.undo()
    assert page.counter.in_hand == before


def test_an_approval_is_asked_once_all_else_is_there(page: Page) -> None:
    page.asks(approved_by=Role.MANAGER)
    page.presenter.begin()
    assert (page.view.admission, page.view.admission_tone, page.view.missing) == (
        "May become a member once it is approved.", Tone.WARN, ("The manager has to approve it.",))
    page.presenter.finish(SARA)
    [(operation, what)] = page.asked
    assert (operation.kind, operation.asked_by, operation.needs, what) == (
        OperationKind.ENROL, CASHIER, Role.MANAGER, f"Enrol a new member: {SARA.name}")
    assert page.enrolled() == []
    page.approver = MANAGER
    page.presenter.finish(SARA)
    assert len(page.enrolled()) == 1
    assert page.is_closed


def test_nobody_is_asked_to_approve_a_second_account(page: Page) -> None:
    page.asks(approved_by=Role.MANAGER)
    page.presenter.finish(replace(SARA, phone="09120000001"))
    assert (page.asked, page.view.problem) == ([], "Somebody with this phone is a member already. (E213)")


def test_who_reaches_far_enough_asks_nobody(page: Page) -> None:
    page.asks(approved_by=Role.CASHIER)
    page.presenter.finish(SARA)
    assert (page.asked, len(page.enrolled())) == ([], 1)


def test_where_nothing_personal_is_kept_every_step_says_so_and_nobody_is_enrolled(page: Page) -> None:
    book = LaidOver(NoMembers(), page.journal)
    desk = replace(page.desk, members=book)
    presenter = Enrolling(EnrolDesk(page.world, book, page.receipts(), page.purchase), desk, page.checkout, page.approved, page)
    presenter.begin()
    acts: tuple[Callable[[], None], ...] = (
        lambda: presenter.phone_typed(SARA.phone), lambda: presenter.tapped(FRESH), lambda: presenter.finish(SARA))
    for act in acts:
        act()
        assert page.view.problem.endswith("(E408)")
    assert page.enrolled() == []


def test_without_rules_there_is_no_enrolment(page: Page) -> None:
    desk = EnrolDesk(replace(page.world, packs=_NoPacks()), page.book, page.receipts(), page.purchase)
    with pytest.raises(StationError) as refused:
        Enrolling(desk, page.desk, page.checkout, page.approved, page).begin()
    assert refused.value.code is ErrorCode.PACK_MISSING


class _NoPacks(MemoryPacks):
    def current(self, at_us: int) -> Pack:
        raise StationError(ErrorCode.PACK_MISSING, at=at_us)


def test_receipts_of_earlier_purchases_are_counted_where_the_rule_asks_for_them(page: Page) -> None:
    assert not page.view.asks_receipts
    page.asks(least_visits=1)
    page.checkout.scanned(MILK.barcode)
    page.checkout.begin_pay()
    page.counter.settle((Tender(TenderKind.CASH, page.purchase()),), CASHIER)
    page.presenter.begin()
    assert (page.view.asks_receipts, page.view.receipts) == (True, "")
    assert not page.presenter.receipt_shown("۹")
    assert page.view.problem == "There is no such sale in this station's journal. (E315)"
    assert page.presenter.receipt_shown("۳")
    assert page.presenter.receipt_shown("3")  # the same once more is the same
    assert (page.view.receipts, page.view.missing) == (f"Receipts: 1, {Format('en').money(385_000)}", ())
    page.presenter.finish(SARA)
    [(body, _)] = page.enrolled()
    assert (body.admitted.visits, body.admitted.spent, len(body.admitted.receipts)) == (1, 385_000, 1)


def test_a_fee_that_was_paid_is_shown_by_its_receipt(page: Page) -> None:
    page.asks(fee=200_000)
    fee = replace(MILK, product_id="fee", barcode="77", price=200_000, tags=(FEE_TAG,))
    page.goods[fee.barcode] = fee
    page.checkout.scanned(fee.barcode)
    page.presenter.begin()
    assert (page.view.asks_receipts, len(page.view.missing)) == (True, 1)  # in the basket it is not paid
    page.counter.settle((Tender(TenderKind.CASH, page.purchase()),), CASHIER)
    page.presenter.begin()
    assert page.presenter.receipt_shown("3")
    assert (page.view.receipts, page.view.missing) == (f"Receipts: 1, {Format('en').money(200_000)}", ())
    page.presenter.finish(SARA)
    [(body, _)] = page.enrolled()
    assert (body.admitted.fee_paid, body.admitted.spent, body.admitted.visits) == (200_000, 0, 0)
