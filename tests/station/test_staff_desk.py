"""People at the till: right and wrong PINs, lock-outs that nothing forgets, chosen PINs, approvals."""

import hashlib
from dataclasses import dataclass, field, replace

import pytest

from station.approval import Operation, OperationKind
from station.counter import World
from station.errors import ErrorCode, StationError
from station.people import SYSTEM, Actor, Role, StaffRecord
from station.sign_in import Tries
from station.staff_desk import StaffDesk, letting_in
from station.staff_event import StaffDeed, StaffEvent
from station.text import Text
from tests.fakes import FixedClock, MemoryJournal, MemoryMembers, MemoryPacks, MemoryShelf, pack

SARA = StaffRecord("sara", Text("سارا", "Sara"), Role.CASHIER, 77, "=7294")
OMID = StaffRecord("omid", Text("امید", "Omid"), Role.MANAGER, 78, "=480216")
NEW = StaffRecord("reza", Text("رضا", "Reza"), Role.CASHIER, 79, "=5555", must_change=True)
NO_PIN = StaffRecord("nima", Text("نیما", "Nima"), Role.CASHIER)


class PlainPins:
    """Verifiers that are the PIN itself behind a sign; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def verifier(self, pin: str) -> str:
        return f"={pin}"

    def is_right(self, verifier: str, pin: str) -> bool:
        self.asked += 1
        return verifier == f"={pin}"


@dataclass
class Book:
    """People in memory."""

    records: dict[str, StaffRecord] = field(
        default_factory=lambda: {each.staff_id: each for each in (NO_PIN, OMID, NEW, SARA)})
    kept: dict[str, Tries] = field(default_factory=dict)
    chosen: list[tuple[str, str, str]] = field(default_factory=list)

    def person(self, staff_id: str) -> StaffRecord | None:
        return self.records.get(staff_id)

    def wearing(self, badge: int) -> StaffRecord | None:
        return next((each for each in self.records.values() if each.badge == badge), None)

    def people(self) -> list[StaffRecord]:
        return list(self.records.values())

    def tries(self, staff_id: str) -> Tries:
        return self.kept.get(staff_id, Tries())

    def keep_tries(self, staff_id: str, tries: Tries) -> None:
        self.kept[staff_id] = tries

    def choose(self, staff_id: str, verifier: str, replaces: str) -> None:
        self.chosen.append((staff_id, verifier, replaces))
        self.records[staff_id] = replace(self.records[staff_id], pin=verifier, must_change=False)


class Shop:
    """A desk, and what is behind it."""

    def __init__(self) -> None:
        self.clock, self.journal = FixedClock(), MemoryJournal()
        self.book, self.pins = Book(), PlainPins()
        self.desk = StaffDesk(
            World(self.clock, bytes, MemoryMembers({}, {}), MemoryShelf({}), MemoryPacks(pack()), self.journal),
            self.book, self.pins)

    def deeds(self) -> list[tuple[Actor, StaffEvent, Actor | None]]:
        return [(each.actor, each.body, each.approver) for each in self.journal.drafts if isinstance(each.body, StaffEvent)]

    def refusal(self, staff_id: str, pin: str) -> tuple[ErrorCode, dict[str, int | str]]:
        with pytest.raises(StationError) as fault:
            self.desk.sign_in(staff_id, pin)
        return fault.value.code, fault.value.detail


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_the_right_pin_signs_in_and_the_journal_says_so(shop: Shop) -> None:
    session = shop.desk.sign_in("sara", "7294")
    assert session.actor == Actor("sara", Role.CASHIER)
    assert session.since_us == session.last_us == shop.clock.now().utc_us
    shop.desk.sign_out(session)
    shop.desk.sign_out(session, by_itself=True)
    assert shop.deeds() == [
        (session.actor, StaffEvent(StaffDeed.SIGNED_IN, "sara"), None),
        (session.actor, StaffEvent(StaffDeed.SIGNED_OUT, "sara"), None),
        (SYSTEM, StaffEvent(StaffDeed.LOCKED, "sara"), None)]


def test_only_who_has_a_pin_is_listed_and_a_badge_is_only_a_name(shop: Shop) -> None:
    assert [each.staff_id for each in shop.desk.people()] == ["omid", "reza", "sara"]
    assert shop.desk.wearing(77) == SARA
    assert shop.desk.wearing(1) is None


def test_an_unknown_person_is_refused_in_the_same_words_after_the_same_work(shop: Shop) -> None:
    assert shop.refusal("nobody", "7294") == shop.refusal("sara", "0000") == (ErrorCode.SIGN_IN_REFUSED, {})
    assert shop.pins.asked == 2
    assert shop.refusal("nima", "") == (ErrorCode.SIGN_IN_REFUSED, {})


def test_five_wrong_pins_lock_and_the_right_one_is_not_even_looked_at(shop: Shop) -> None:
    for _ in range(4):
        assert shop.refusal("sara", "0000")[0] is ErrorCode.SIGN_IN_REFUSED
    assert shop.refusal("sara", "0000") == (ErrorCode.SIGN_IN_LOCKED, {"seconds": 60})
    asked = shop.pins.asked
    assert shop.refusal("sara", "7294") == (ErrorCode.SIGN_IN_LOCKED, {"seconds": 60})
    assert shop.pins.asked == asked
    shop.clock.forward(1)
    shop.desk.sign_in("sara", "7294")
    assert shop.book.tries("sara") == Tries()
    wrong = [event.wrong for _, event, _ in shop.deeds() if event.deed is StaffDeed.REFUSED]
    assert wrong == [1, 2, 3, 4, 5]


def test_a_lock_is_of_one_person_alone(shop: Shop) -> None:
    for _ in range(5):
        shop.refusal("sara", "0000")
    shop.desk.sign_in("omid", "480216")


def test_a_clock_set_back_does_not_open_a_lock_and_it_ends_all_the_same(shop: Shop) -> None:
    for _ in range(5):
        shop.refusal("sara", "0000")
    shop.clock.forward(-1440)
    assert shop.refusal("sara", "7294") == (ErrorCode.SIGN_IN_LOCKED, {"seconds": 60})
    shop.clock.forward(1)
    shop.desk.sign_in("sara", "7294")


def test_after_fifteen_a_manager_lets_in(shop: Shop) -> None:
    for _ in range(15):
        shop.clock.forward(15)
        shop.refusal("sara", "0000")
    shop.clock.forward(1440)
    assert shop.refusal("sara", "7294") == (ErrorCode.SIGN_IN_LOCKED, {"seconds": 0})
    asks = Actor("sara", Role.CASHIER)
    approval = shop.desk.approve(letting_in("sara", asks), "omid", "480216")
    shop.desk.let_in("sara", approval, asks)
    assert shop.deeds()[-1] == (asks, StaffEvent(StaffDeed.LET_IN, "sara"), Actor("omid", Role.MANAGER))
    shop.desk.sign_in("sara", "7294")


def test_a_pin_set_by_head_office_is_replaced_before_anything_else(shop: Shop) -> None:
    assert shop.refusal("reza", "5555") == (ErrorCode.PIN_TOO_WEAK, {"digits": 0})
    for weak in ("5555", "1234"):
        with pytest.raises(StationError) as fault:
            shop.desk.choose_pin("reza", "5555", weak)
        assert fault.value.code is ErrorCode.PIN_TOO_WEAK
    with pytest.raises(StationError):
        shop.desk.choose_pin("reza", "0000", "8413")
    session = shop.desk.choose_pin("reza", "5555", "8413")
    assert session.actor.person == "reza"
    assert shop.book.chosen == [("reza", "=8413", hashlib.sha256(b"=5555").hexdigest())]
    shop.desk.sign_in("reza", "8413")


def test_the_same_pin_again_is_no_new_one(shop: Shop) -> None:
    with pytest.raises(StationError) as fault:
        shop.desk.choose_pin("sara", "7294", "7294")
    assert (fault.value.code, fault.value.detail) == (ErrorCode.PIN_TOO_WEAK, {"digits": 4})


def test_who_asks_cannot_approve_and_a_wrong_pin_approves_nothing(shop: Shop) -> None:
    asked = Operation(OperationKind.VOID, Actor("omid", Role.MANAGER), "sale-1", 5)
    for staff_id, pin, code in (
            ("omid", "480216", ErrorCode.APPROVAL_MISSING), ("sara", "7294", ErrorCode.APPROVAL_MISSING),
            ("sara", "1111", ErrorCode.SIGN_IN_REFUSED)):
        with pytest.raises(StationError) as fault:
            shop.desk.approve(asked, staff_id, pin)
        assert fault.value.code is code


def test_a_pin_that_head_office_knows_approves_nothing(shop: Shop) -> None:
    shop.book.records["omid"] = replace(shop.book.records["omid"], must_change=True)
    asked = Operation(OperationKind.VOID, Actor("sara", Role.CASHIER), "sale-1", 5)
    with pytest.raises(StationError) as fault:
        shop.desk.approve(asked, "omid", "480216")
    assert fault.value.code is ErrorCode.PIN_TO_REPLACE
    shop.desk.choose_pin("omid", "480216", "739155")
    approval = shop.desk.approve(asked, "omid", "739155")
    assert approval.use(asked, shop.clock.now().utc_us).person == "omid"


def test_a_drawer_opens_for_a_reason(shop: Shop) -> None:
    omid = Actor("omid", Role.MANAGER)
    shop.desk.open_drawer(" change for the bakery ", omid, None)
    assert shop.deeds() == [(omid, StaffEvent(StaffDeed.DRAWER_OPENED, "omid", note="change for the bakery"), None)]
    with pytest.raises(ValueError, match="reason"):
        shop.desk.open_drawer("  ", omid, None)


@pytest.mark.parametrize(("deed", "wrong", "note"), [
    (StaffDeed.DRAWER_OPENED, 0, ""), (StaffDeed.REFUSED, 0, ""), (StaffDeed.SIGNED_IN, 1, ""),
    (StaffDeed.DRAWER_OPENED, 0, "x" * 101)])
def test_an_event_is_one_that_can_be(deed: StaffDeed, wrong: int, note: str) -> None:
    with pytest.raises(ValueError, match=r"reason|wrong|characters"):
        StaffEvent(deed, "sara", wrong, note)
