"""The lock screen and the question to a second person, without Qt."""

from dataclasses import dataclass, field

import pytest

from station.approval import Approval, Operation, OperationKind
from station.card import Medium, Tap
from station.people import Actor, Role, StaffRecord
from station.sign_in import Session
from tests.station.test_staff_desk import OMID, SARA, Shop
from ui.format import Format
from ui.presenters.approving import Approving
from ui.presenters.sign_in import Outcome, SignIn
from ui.text import Words
from ui.views_staff import ApprovalView, Asked, SignInView

BADGES = {"badge-sara": 77, "badge-omid": 78}
VOID = Operation(OperationKind.VOID, Actor("sara", Role.CASHIER), "sale-1", 5)


def badge(name: str) -> Tap:
    return Tap("pcsc:reader", Medium.NFC_UID, name)


@dataclass
class Screen:
    """What was shown last, and who came in."""

    signing: list[SignInView] = field(default_factory=list)
    approving: list[ApprovalView | None] = field(default_factory=list)
    came: list[tuple[Session, StaffRecord]] = field(default_factory=list)
    shut_out: list[StaffRecord] = field(default_factory=list)

    def show_sign_in(self, view: SignInView) -> None:
        self.signing.append(view)

    def show_approval(self, view: ApprovalView | None) -> None:
        self.approving.append(view)

    @property
    def asks(self) -> SignInView:
        return self.signing[-1]


class Locked:
    """A locked till."""

    def __init__(self, language: str = "en") -> None:
        self.shop, self.screen = Shop(), Screen()
        words = Words(language)
        self.sign_in = SignIn(
            self.shop.desk, lambda number: BADGES.get(number, 0), words, Format(language), self.screen,
            Outcome(lambda session, who: self.screen.came.append((session, who)), self.screen.shut_out.append))
        self.approving = Approving(self.shop.desk, lambda number: BADGES.get(number, 0), words, Format(language), self.screen)
        self.sign_in.begin()


@pytest.fixture
def locked() -> Locked:
    return Locked()


def test_a_badge_and_a_pin_open_the_till(locked: Locked) -> None:
    assert [each.name for each in locked.screen.asks.people] == ["Omid", "Reza", "Sara"]
    locked.sign_in.tapped(badge("badge-sara"))
    assert (locked.screen.asks.asked, locked.screen.asks.who, locked.screen.asks.people) == (Asked.PIN, "Sara", ())
    locked.sign_in.entered("7294")
    [(session, who)] = locked.screen.came
    assert (session.actor.person, who) == ("sara", SARA)
    assert locked.screen.asks.asked is Asked.PERSON


def test_a_name_from_the_list_does_as_well_and_persian_digits_too() -> None:
    locked = Locked("fa")
    locked.sign_in.choose("sara")
    locked.sign_in.entered("۷۲۹۴")
    assert [who for _, who in locked.screen.came] == [SARA]


def test_a_strange_card_is_nobodys_badge(locked: Locked) -> None:
    locked.sign_in.tapped(badge("9364000000000001"))
    assert (locked.screen.asks.asked, locked.screen.asks.problem) == (Asked.PERSON, "This is nobody's badge.")


def test_a_wrong_pin_is_said_and_nothing_else_happens(locked: Locked) -> None:
    locked.sign_in.choose("sara")
    locked.sign_in.entered("0000")
    assert locked.screen.asks.problem == "This PIN is not right. (E221)"
    assert locked.screen.asks.asked is Asked.PIN
    assert not locked.screen.came
    locked.sign_in.entered("")
    locked.sign_in.back()
    assert (locked.screen.asks.asked, locked.screen.asks.problem) == (Asked.PERSON, "")
    locked.sign_in.entered("7294")
    assert not locked.screen.came


def test_a_lock_out_says_for_how_long(locked: Locked) -> None:
    locked.sign_in.choose("sara")
    for _ in range(6):
        locked.shop.clock.forward(1)
        locked.sign_in.entered("0000")
    assert locked.screen.asks.problem == "Too many wrong PINs. Try again in 2 min."
    for _ in range(9):
        locked.shop.clock.forward(15)
        locked.sign_in.entered("0000")
    assert locked.screen.asks.problem == "Too many wrong PINs. A manager has to let you in again."
    assert locked.screen.shut_out == [SARA]


def test_a_pin_of_head_office_is_replaced_twice_alike(locked: Locked) -> None:
    locked.sign_in.choose("reza")
    locked.sign_in.entered("5555")
    assert (locked.screen.asks.asked, locked.screen.asks.problem) == (Asked.NEW_PIN, "")
    locked.sign_in.entered("8413")
    assert locked.screen.asks.hint == "Type the new PIN once more."
    locked.sign_in.entered("8414")
    assert (locked.screen.asks.asked, locked.screen.asks.problem) == (
        Asked.NEW_PIN, "That was another PIN. Choose once more.")
    for pin in ("1234", "1234"):
        locked.sign_in.entered(pin)
    assert locked.screen.asks.hint == "Choose a new PIN, then Enter."
    assert "at least 4 digits" in locked.screen.asks.problem
    for pin in ("8413", "8413"):
        locked.sign_in.entered(pin)
    assert [session.actor.person for session, _ in locked.screen.came] == ["reza"]


def test_where_one_person_works_there_is_nothing_to_choose(locked: Locked) -> None:
    locked.shop.book.records = {"sara": SARA}
    locked.sign_in.begin()
    assert (locked.screen.asks.asked, locked.screen.asks.who) == (Asked.PIN, "Sara")


def test_where_nobody_works_it_says_what_to_do(locked: Locked) -> None:
    locked.shop.book.records = {}
    locked.sign_in.begin()
    assert "Head office sets up the people" in locked.screen.asks.hint


def test_another_language_speaks_at_once(locked: Locked) -> None:
    locked.sign_in.choose("sara")
    locked.sign_in.speak(Words("fa"), Format("fa"))
    assert locked.screen.asks.who == "سارا"


def test_a_manager_approves_one_thing(locked: Locked) -> None:
    given = list[Approval]()
    locked.approving.ask(VOID, "Void of sale 12-1-000003", given.append)
    view = locked.screen.approving[-1]
    assert view is not None
    assert (view.what, view.asked, view.who) == ("Void of sale 12-1-000003", Asked.PIN, "Omid")  # nobody else can
    locked.approving.entered("111111")
    assert not given
    assert locked.screen.approving[-1] is not None
    locked.approving.entered("480216")
    [approval] = given
    assert approval.use(VOID, locked.shop.clock.now().utc_us) == Actor("omid", Role.MANAGER)
    assert locked.screen.approving[-1] is None
    assert not locked.approving.asking


@pytest.mark.parametrize(("language", "minutes", "manager"), [
    ("en", "Too many wrong PINs. Try again in 1 min.", "Too many wrong PINs. A manager has to let you in again."),
    ("fa", "رمز چند بار اشتباه وارد شد. ۱ دقیقهٔ دیگر دوباره بکوشید.", "رمز چند بار اشتباه وارد شد. مدیر باید دوباره اجازهٔ ورود بدهد.")])
def test_an_approver_who_is_locked_out_is_told_for_how_long(language: str, minutes: str, manager: str) -> None:
    locked, given = Locked(language), list[Approval]()
    locked.approving.ask(VOID, "Void", given.append)
    for _ in range(5):
        locked.approving.entered("111111")
    view = locked.screen.approving[-1]
    assert view
    assert view.problem == minutes
    for _ in range(10):
        locked.shop.clock.forward(15)
        locked.approving.entered("111111")
    view = locked.screen.approving[-1]
    assert view
    assert (view.problem, locked.screen.shut_out, given) == (manager, [], [])


def test_what_is_approved_is_on_the_screen_alone(locked: Locked) -> None:
    locked.approving.ask(VOID, "Enrol a new member: Sara Mohammadi", list[Approval]().append)
    assert locked.screen.approving[-1]
    assert "Mohammadi" not in repr(locked.screen.approving[-1])


def test_of_several_the_badge_tells_and_only_who_can_approve_counts(locked: Locked) -> None:
    second = StaffRecord("mina", SARA.name, Role.MANAGER, 80, "=930518")
    locked.shop.book.records["mina"] = second
    given = list[Approval]()
    locked.approving.ask(VOID, "Void", given.append)
    view = locked.screen.approving[-1]
    assert view is not None
    assert [each.staff_id for each in view.people] == ["omid", "mina"]
    locked.approving.tapped(badge("badge-sara"))
    view = locked.screen.approving[-1]
    assert view is not None
    assert (view.problem, view.asked) == ("This badge cannot approve it.", Asked.PERSON)
    locked.approving.tapped(badge("badge-omid"))
    locked.approving.entered("480216")
    assert len(given) == 1


def test_taken_back_it_approves_nothing(locked: Locked) -> None:
    given = list[Approval]()
    locked.approving.ask(VOID, "Void", given.append)
    locked.approving.cancel()
    locked.approving.entered("480216")
    assert not given
    locked.approving.ask(VOID, "Void", given.append)
    locked.approving.speak(Words("fa"), Format("fa"))
    assert not locked.approving.asking


def test_where_nobody_can_approve_it_is_said(locked: Locked) -> None:
    locked.approving.ask(
        Operation(OperationKind.VOID, Actor(OMID.staff_id, Role.MANAGER), "sale-1", 5), "Void", lambda _approval: None)
    view = locked.screen.approving[-1]
    assert view is not None
    assert view.hint == "Nobody else here can approve this."
    locked.approving.choose("sara")
    locked.approving.entered("7294")
    assert locked.approving.asking
