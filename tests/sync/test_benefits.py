"""A member's history over the line: what is told becomes the counter's values, nonsense is told as such."""

from dataclasses import dataclass, field

import pytest

from station.benefits import Benefits, Expiring, Given, PointsMove, Purchase
from station.errors import ErrorCode, StationError
from station.matter import AskKind, Matter, MatterState, Subject
from station.points import PointsKind
from station.span import Span
from sync.benefits import OnlineBenefits
from sync.wire_benefits import (
    BoughtAnywhere,
    GivenByRule,
    HistoryAsked,
    MatterTold,
    MemberHistory,
    PointsEnding,
    PointsMoved,
)

SPAN = Span("2026-11-01", "2026-11-30")
TOLD = MemberHistory(
    member_id="m1", as_of_us=7, balance=12,
    purchases=(BoughtAnywhere(day="2026-11-22", minute=845, receipt="12-1-000009-A3F9", shop="12", total=900, discount=100, points=9),),
    given=(GivenByRule(rule="gold-10", times=1, amount=100),),
    moves=(PointsMoved(day="2026-11-22", kind=PointsKind.EARN, points=9, rule="base"),),
    expiring=(PointsEnding(last_day="2026-12-01", points=5),),
    matters=(MatterTold(
        at_us=3, kind=AskKind.QUESTION, subject=Subject.POINTS, words="Why so few?", state=MatterState.ANSWERED,
        answer="They come tomorrow.", answered_us=4, ask_id="a1", waits=True),), more=True, untold=2)


@dataclass
class Client:
    """Head office's side: its answer, and what it was asked."""

    told: MemberHistory | None
    asked: list[HistoryAsked] = field(default_factory=list)
    closed: bool = False

    def member_history(self, asked: HistoryAsked) -> MemberHistory | None:
        self.asked.append(asked)
        return self.told

    def close(self) -> None:
        self.closed = True


def test_what_head_office_tells_is_what_the_counter_shows() -> None:
    client = Client(TOLD)
    office = OnlineBenefits(client)
    assert office.of("m1", SPAN) == Benefits(
        "m1", SPAN, (Purchase("2026-11-22", 845, "12-1-000009-A3F9", "12", 900, 100, 9),), (Given("gold-10", 1, 100),),
        (PointsMove("2026-11-22", PointsKind.EARN, 9, "base"),), (Expiring("2026-12-01", 5),),
        (Matter(3, AskKind.QUESTION, Subject.POINTS, "Why so few?", MatterState.ANSWERED, "They come tomorrow.", 4, "a1", waits=True),), 12, 7, more=True, untold=2)
    assert client.asked == [HistoryAsked(member_id="m1", first="2026-11-01", last="2026-11-30")]
    office.close()
    assert client.closed


@pytest.mark.parametrize(("told", "code"), [(None, ErrorCode.MEMBER_UNKNOWN), (TOLD, ErrorCode.ANSWER_INVALID)])
def test_nobody_and_somebody_else_are_refused(told: MemberHistory | None, code: ErrorCode) -> None:
    with pytest.raises(StationError) as found:
        OnlineBenefits(Client(told)).of("m2", SPAN)
    assert found.value.code is code


def test_only_an_id_is_in_a_repr() -> None:
    assert "900" not in repr(TOLD)
    assert "m1" in repr(TOLD)
    assert "few" not in repr(TOLD.matters[0])
