"""The claim at the counter: what is typed, which try it is, and what becomes of the basket."""

from dataclasses import dataclass, field

import pytest

from station.claiming import Claiming, NoClaimOffice
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.step_up import ClaimAsked, ClaimMethod, ClaimOpen, StepUp
from tests.fakes import (
    NAME,
    NOON,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    member,
)

PIN, CODE = ClaimMethod
UNTIL = NOON.utc_us + 60_000_000


@dataclass
class Office:
    """Head office: what it was asked, and the verdicts it gives in turn."""

    verdicts: list[StationError | StepUp] = field(default_factory=list)
    asked: list[ClaimAsked] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    fault: StationError | None = None

    def begin(self, asked: ClaimAsked) -> ClaimOpen:
        self.asked.append(asked)
        if self.fault:
            raise self.fault
        return ClaimOpen(asked.claim_id, asked.method, UNTIL, 5)

    def answer(self, claim: ClaimOpen, answer: str) -> StepUp:
        self.answers.append((claim.number, answer))
        verdict = self.verdicts.pop(0)
        if isinstance(verdict, StationError):
            raise verdict
        return verdict


class Till:
    """A counter with member 1, and claims for it."""

    def __init__(self, *verdicts: StationError | StepUp) -> None:
        self.office = Office(list(verdicts))
        world = World(FixedClock(), bytes, MemoryMembers(people={"m1": member(1)}), MemoryShelf(), MemoryPacks(), MemoryJournal())
        self.counter = Counter(Place("12-1", "12", NAME), world)
        self.claiming = Claiming(self.counter, self.office, FixedClock(), bytes)

    def answer(self, typed: str = "482915") -> StationError | None:
        """Answer, and return the refusal if it is one."""
        try:
            self.claiming.answer(typed)
        except StationError as refusal:
            return refusal
        return None


def refused(tries: int) -> StationError:
    return StationError(ErrorCode.CLAIM_REFUSED, tries=tries)


PROVEN = StepUp("c", "m1", PIN, UNTIL)
LOCKED = StationError(ErrorCode.CLAIM_LOCKED, minutes=60)
SILENT = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="silent")


def test_a_phone_is_typed_in_any_digits_and_asked_under_an_id_of_its_own() -> None:
    till = Till()
    opened = till.claiming.begin(" ۰۹۱۲ ۰۰۰ 0001", CODE, "m1")
    [asked] = till.office.asked
    assert (asked.phone, asked.method, asked.member_id) == ("09120000001", CODE, "m1")
    assert opened == till.claiming.claim == ClaimOpen(asked.claim_id, CODE, UNTIL, 5)
    assert asked.claim_id[14] == "7"
    assert "0912" not in repr(asked)


@pytest.mark.parametrize("typed", ["", "Sara", "091", "0" * 21])
def test_what_is_no_phone_is_not_asked(typed: str) -> None:
    till = Till()
    with pytest.raises(StationError) as refusal:
        till.claiming.begin(typed, PIN)
    assert (refusal.value.code, till.office.asked) == (ErrorCode.CLAIM_REFUSED, [])


def test_the_right_answer_gives_the_basket_to_the_member() -> None:
    till = Till(PROVEN)
    till.claiming.begin("09120000001", PIN)
    assert till.answer("۴۸۲۹۱۵") is None
    assert till.office.answers == [(1, "482915")]
    assert till.counter.member == member(1)
    assert till.counter.basket
    assert till.counter.basket.step_up == PROVEN
    assert till.claiming.claim is None


def test_each_wrong_answer_is_the_next_try_until_none_is_left() -> None:
    till = Till(refused(4), refused(3), refused(0))
    till.claiming.begin("09120000001", PIN)
    for left in (4, 3):
        assert till.answer() is not None
        assert till.claiming.claim
        assert till.claiming.claim.tries_left == left
    assert till.answer() is not None
    assert till.office.answers == [(1, "482915"), (2, "482915"), (3, "482915")]
    assert till.claiming.claim is None
    over = till.answer()
    assert over
    assert (over.code, over.detail, len(till.office.answers)) == (ErrorCode.CLAIM_REFUSED, {"tries": 0}, 3)
    assert till.counter.basket is None


def test_after_a_silence_it_is_still_the_same_try() -> None:
    till = Till(SILENT, PROVEN)
    till.claiming.begin("09120000001", PIN)
    assert till.answer() is SILENT
    assert till.answer() is None
    assert [number for number, _ in till.office.answers] == [1, 1]


def test_what_cannot_be_an_answer_costs_no_try() -> None:
    till = Till()
    till.claiming.begin("09120000001", PIN)
    for typed in ("", "12", "0" * 13, "abcdef"):
        refusal = till.answer(typed)
        assert refusal
        assert (refusal.code, refusal.detail) == (ErrorCode.CLAIM_REFUSED, {"tries": 5})
    assert till.office.answers == []


def test_a_lock_ends_the_claim_and_so_does_giving_it_up() -> None:
    till = Till(LOCKED)
    till.claiming.begin("09120000001", PIN)
    assert till.answer() is LOCKED
    assert till.claiming.claim is None
    till.claiming.begin("09120000001", PIN)
    till.claiming.give_up()
    assert till.claiming.claim is None
    till.claiming.begin("09120000001", PIN)
    till.office.fault = LOCKED
    with pytest.raises(StationError):
        till.claiming.begin("09120000002", PIN)
    assert till.claiming.claim is None


def test_who_is_proven_and_not_known_here_gets_no_basket() -> None:
    till = Till(StepUp("c", "m9", PIN, UNTIL))
    till.claiming.begin("09120000001", PIN)
    refusal = till.answer()
    assert refusal
    assert refusal.code is ErrorCode.MEMBER_UNKNOWN
    assert till.counter.basket is None


def test_without_a_line_nobody_is_proven() -> None:
    office = NoClaimOffice()
    for ask in (lambda: office.begin(ClaimAsked("c", "0912", PIN)), lambda: office.answer(ClaimOpen("c", PIN, 1, 5), "1234")):
        with pytest.raises(StationError) as refusal:
            ask()
        assert refusal.value.code is ErrorCode.HEAD_OFFICE_UNREACHABLE
