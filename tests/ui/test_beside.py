"""What the member's pane says beside the card: the birthday, and the offers made for this member."""

from dataclasses import replace

import pytest

from data.no_members import NoMembers
from station.bonus import Birth
from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.member import Member
from station.promotion import CouponTerm, Minimum, Promotion, When
from station.rewards import PercentOff, Reward
from station.text import Text
from station.windows import BirthdayWindow, DateSpan
from tests.fakes import member, pack
from tests.ui.test_checkout import Station
from tests.ui.till import GOLD_CARD, MILK, Till, tap
from ui.presenters.beside import answers_now

FIVE = Reward(percent=PercentOff("5"))


def messages(*promotions: Promotion, language: str = "en", **facts: object) -> tuple[str, ...]:
    """What is said on 22 November 2026, 1 Azar 1405, of the member with these facts."""
    till = Till(rules=pack(promotions=promotions))
    till.members.people["m1"] = replace(member(1), **facts)  # type: ignore[arg-type] # each by its name
    station = Station(till, language)
    station.checkout.scanned(MILK.barcode)
    station.checkout.tapped(tap(GOLD_CARD))
    assert station.view.member is not None
    return station.view.member.messages


@pytest.mark.parametrize(("birth", "said"), [
    (Birth(Calendar.GREGORIAN, 11, 22), ("Birthday today",)),
    (Birth(Calendar.JALALI, 9, 1), ("Birthday today",)),
    (Birth(Calendar.JALALI, 9, 2), ("Birthday in 1 day",)),
    (Birth(Calendar.GREGORIAN, 11, 29), ("Birthday in 7 days",)),
    (Birth(Calendar.GREGORIAN, 11, 30), ()),
    (Birth(Calendar.GREGORIAN, 11, 21), ("Birthday 1 day ago",)),
    (Birth(Calendar.GREGORIAN, 11, 19), ("Birthday 3 days ago",)),
    (Birth(Calendar.GREGORIAN, 11, 18), ()),
    (None, ())])
def test_a_birthday_that_is_near_is_told(birth: Birth | None, said: tuple[str, ...]) -> None:
    assert messages(birth=birth) == said


def test_a_birthday_across_the_turn_of_the_year_is_near() -> None:
    till = Till(rules=pack(promotions=()))
    till.clock.moment = replace(till.clock.moment, date="2026-12-30")
    till.members.people["m1"] = replace(member(1), birth=Birth(Calendar.GREGORIAN, 1, 2))
    station = Station(till)
    station.checkout.tapped(tap(GOLD_CARD))
    assert station.view.member is not None
    assert station.view.member.messages == ("Birthday in 3 days",)


def test_offers_made_for_this_member_are_named_and_others_are_not() -> None:
    chosen = Promotion("family", Text("خانواده", "Family weeks"), FIVE, when=When(segments=("family",)))
    birthday = Promotion("birthday", Text("تولد", "Birthday gift"), FIVE, when=When(birthday=BirthdayWindow(3, 3)))
    birth = Birth(Calendar.GREGORIAN, 11, 24)
    assert messages(chosen, birthday, segments=("family",), birth=birth) == (
        "Birthday in 2 days", "For this member: Family weeks", "For this member: Birthday gift")
    assert messages(chosen, birthday, language="fa", segments=("family",))[0] == "برای این عضو: خانواده"
    assert messages(chosen, birthday) == ()


@pytest.mark.parametrize(("when", "told"), [
    (When(segments=("family",), coupon=CouponTerm(("X",))), True),
    (When(segments=("family",), minimum=Minimum(99_000_000)), True),
    (When(segments=("family",), dates=(DateSpan("2026-12-01", "2026-12-31"),)), False),
    (When(segments=("family",), tiers=("silver",)), False)])
def test_an_offer_is_named_when_only_the_purchase_is_missing(when: When, told: bool) -> None:  # noqa: FBT001 - a parameter of the test
    offer = Promotion("family", Text("خانواده", "Family weeks"), FIVE, when=when)
    assert (messages(offer, segments=("family",)) == ("For this member: Family weeks",)) is told


def test_what_is_switched_off_is_not_named() -> None:
    offer = Promotion("family", Text("خانواده", "Family weeks"), FIVE, when=When(segments=("family",)), off=True)
    assert messages(offer, segments=("family",)) == ()


@pytest.mark.parametrize(("answers", "language", "said"), [
    (("a1",), "en", "An answer waits: touch or Shift+F4"), (("a1", "a2"), "en", "2 answers wait: touch or Shift+F4"),
    (("a1",), "fa", "پاسخی رسیده است: لمس کنید یا Shift+F4"),
    (("a1", "a2"), "fa", "۲ پاسخ رسیده است: لمس کنید یا Shift+F4")])
def test_an_answer_that_waits_is_said_before_all_else(answers: tuple[str, ...], language: str, said: str) -> None:
    told = messages(language=language, answers=answers, birth=Birth(Calendar.JALALI, 9, 1))
    assert (told[0], len(told)) == (said, 2)


def test_once_it_was_shown_it_is_said_no_more() -> None:
    till = Till(rules=pack(promotions=()))
    till.members.people["m1"] = replace(member(1), answers=("a1",))
    station = Station(till, "en")
    station.checkout.tapped(tap(GOLD_CARD))
    assert station.view.member is not None
    assert station.view.member.answers
    till.members.people["m1"] = member(1)
    station.checkout.show()
    assert station.view.member is not None
    assert (station.view.member.answers, station.view.member.messages) == (False, ())


class Unread(NoMembers):
    """A book that cannot be read any more."""

    def member(self, member_id: str) -> Member | None:
        raise StationError(ErrorCode.DATABASE_LOCKED, of=member_id)


def test_a_book_that_cannot_be_read_leaves_what_was_known() -> None:
    asked = replace(member(1), answers=("a1", "a2"))
    assert answers_now(Unread(), asked) == 2
    assert answers_now(NoMembers(), asked) == 0
    assert answers_now(Unread(), member(1)) == 0  # it is not asked at all
