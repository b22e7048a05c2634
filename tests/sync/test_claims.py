"""Claims over the line: spans come onto the station's clock, verdicts become refusals, nonsense is told as such."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from station.errors import ErrorCode, StationError
from station.step_up import ClaimAsked, ClaimMethod, ClaimOpen, StepUp
from sync.claims import MARGIN_US, OnlineClaims
from sync.wire_claims import ClaimAnswer, ClaimBegin, ClaimBegun, ClaimJudged, ClaimState
from tests.fakes import NOON, FixedClock

OPEN, PROVEN, REFUSED, LOCKED = ClaimState
ASKED = ClaimAsked("018bcfe5-6800-7525-8bdf-583a9326febd", "09120000001", ClaimMethod.CODE, "m1")
HERE = ClaimOpen(ASKED.claim_id, ClaimMethod.CODE, NOON.utc_us + 300_000_000, 5)


@dataclass
class Client:
    """Head office's side: its answers, and what it was asked."""

    begun: ClaimBegun | None = None
    judged: ClaimJudged | None = None
    asked: list[ClaimBegin | ClaimAnswer] = field(default_factory=list)
    closed: bool = False

    def begin_claim(self, begin: ClaimBegin) -> ClaimBegun:
        self.asked.append(begin)
        assert self.begun
        return self.begun

    def answer_claim(self, answer: ClaimAnswer) -> ClaimJudged | None:
        self.asked.append(answer)
        return self.judged

    def close(self) -> None:
        self.closed = True


def begun(state: ClaimState, seconds: int = 300, claim_id: str = ASKED.claim_id) -> ClaimBegun:
    return ClaimBegun(claim_id=claim_id, state=state, tries_left=5, seconds=seconds)


def judged(state: ClaimState, tries: int = 0, seconds: int = 0, member: str = "", claim_id: str = ASKED.claim_id) -> ClaimJudged:
    return ClaimJudged(claim_id=claim_id, state=state, tries_left=tries, seconds=seconds, member_id=member)


def refusal(ask: Callable[[], object]) -> tuple[ErrorCode, dict[str, int | str]]:
    with pytest.raises(StationError) as found:
        ask()
    return found.value.code, found.value.detail


def test_a_claim_is_open_by_the_stations_clock() -> None:
    client = Client(begun(OPEN))
    assert OnlineClaims(client, FixedClock()).begin(ASKED) == HERE
    assert client.asked == [ClaimBegin(
        claim_id=ASKED.claim_id, phone="09120000001", method=ClaimMethod.CODE, member_id="m1")]


def test_what_is_proven_ends_a_minute_early() -> None:
    client = Client(judged=judged(PROVEN, seconds=1800, member="m1"))
    assert OnlineClaims(client, FixedClock()).answer(HERE, "482915") == StepUp(
        ASKED.claim_id, "m1", ClaimMethod.CODE, NOON.utc_us + 1_800_000_000 - MARGIN_US)
    assert client.asked == [ClaimAnswer(claim_id=ASKED.claim_id, number=1, answer="482915")]


@pytest.mark.parametrize(("told", "code", "detail"), [
    (judged(REFUSED, 3), ErrorCode.CLAIM_REFUSED, {"tries": 3}), (None, ErrorCode.CLAIM_REFUSED, {"tries": 0}),
    (judged(LOCKED, seconds=86_400), ErrorCode.CLAIM_LOCKED, {"minutes": 1440}),
    (judged(LOCKED, seconds=61), ErrorCode.CLAIM_LOCKED, {"minutes": 2}),
    (judged(LOCKED), ErrorCode.CLAIM_LOCKED, {"minutes": 1}),
    (judged(OPEN), ErrorCode.ANSWER_INVALID, {"reason": "claim"}),
    (judged(PROVEN, seconds=1800), ErrorCode.ANSWER_INVALID, {"reason": "claim"}),
    (judged(PROVEN, seconds=1800, member="m1", claim_id=ASKED.claim_id[:-1] + "c"), ErrorCode.ANSWER_INVALID, {"reason": "claim"})])
def test_verdicts_are_refusals(told: ClaimJudged | None, code: ErrorCode, detail: dict[str, int | str]) -> None:
    office = OnlineClaims(Client(judged=told), FixedClock())
    assert refusal(lambda: office.answer(HERE, "482915")) == (code, detail)


@pytest.mark.parametrize(("told", "code", "detail"), [
    (begun(LOCKED, 3600), ErrorCode.CLAIM_LOCKED, {"minutes": 60}), (begun(PROVEN), ErrorCode.ANSWER_INVALID, {"reason": "claim"}),
    (begun(OPEN, claim_id=ASKED.claim_id[:-1] + "c"), ErrorCode.ANSWER_INVALID, {"reason": "claim"})])
def test_a_claim_that_is_not_open(told: ClaimBegun, code: ErrorCode, detail: dict[str, int | str]) -> None:
    assert refusal(lambda: OnlineClaims(Client(told), FixedClock()).begin(ASKED)) == (code, detail)


def test_the_line_is_closed() -> None:
    client = Client()
    OnlineClaims(client, FixedClock()).close()
    assert client.closed
