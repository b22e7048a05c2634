"""The counter's line about spending: asked briefly, left alone for a while after a silence."""

from dataclasses import dataclass, field, replace

import pytest

from station.errors import ErrorCode, StationError
from station.leases import AccountKind
from station.spending import DayOfHolder, Hold
from sync import wire_spending
from sync.patience import SILENT_S
from sync.spending import HOLD_S, NoSpendingOffice, OnlineSpending
from sync.wire_spending import Available, AvailableAsked, Reserve, Reserved

ID = "01a202d2-d020-7000-8000-000000000001"
HOLD = Hold(ID, AccountKind.POINTS, "m", 70, "s")


@dataclass
class Client:
    """Head office with 100 units; ``fault`` is what every question meets."""

    fault: StationError | None = None
    asked: list[object] = field(default_factory=list)
    closed: bool = False

    def available(self, asked: AvailableAsked) -> Available:
        self._enter(asked)
        return Available(available=100)

    def reserve(self, reserve: Reserve) -> Reserved:
        self._enter(reserve)
        return Reserved(reservation_id=reserve.reservation_id, available=30, lots=(), expires_us=1)

    def close(self) -> None:
        self.closed = True

    def _enter(self, asked: object) -> None:
        self.asked.append(asked)
        if self.fault:
            raise self.fault


@dataclass
class Line:
    """The adapter and both its ends."""

    client: Client = field(default_factory=Client)
    at: float = 0

    def __post_init__(self) -> None:
        self.office = OnlineSpending(self.client, lambda: self.at)


@pytest.fixture
def line() -> Line:
    return Line()


def test_what_the_counter_asks_is_asked(line: Line) -> None:
    assert line.office.available(AccountKind.WALLET, "w") == 100
    line.office.reserve(HOLD)
    assert line.client.asked == [
        AvailableAsked(kind=AccountKind.WALLET, account="w"),
        Reserve(reservation_id=ID, kind=AccountKind.POINTS, account="m", amount=70, hold_s=HOLD_S)]
    line.office.close()
    assert line.client.closed


@pytest.mark.parametrize("code", [ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY])
def test_after_a_silence_nobody_waits_again_for_a_while(line: Line, code: ErrorCode) -> None:
    line.client.fault = StationError(code)
    for moment in (0.0, 0.1, SILENT_S - 0.1):
        line.at = moment
        with pytest.raises(StationError) as fault:
            line.office.reserve(HOLD)
        assert fault.value.code // 100 == 5
    assert len(line.client.asked) == 1
    line.at, line.client.fault = SILENT_S, None
    line.office.reserve(HOLD)
    assert len(line.client.asked) == 2


def test_an_answer_that_is_no_silence_is_asked_for_again(line: Line) -> None:
    line.client.fault = StationError(ErrorCode.SPENDING_SHORT, available=5)
    for _ in range(2):
        with pytest.raises(StationError, match="available=5"):
            line.office.reserve(HOLD)
    assert len(line.client.asked) == 2


def test_without_a_line_nothing_can_be_asked() -> None:
    with pytest.raises(StationError, match="E501"):
        NoSpendingOffice().available(AccountKind.POINTS, "m")
    with pytest.raises(StationError, match="E501"):
        NoSpendingOffice().reserve(HOLD)


def test_head_office_is_told_whose_day_it_is(line: Line) -> None:
    line.office.reserve(replace(HOLD, day=DayOfHolder("m", "h1", "2026-11-22")))
    [asked] = line.client.asked
    assert isinstance(asked, Reserve)
    assert asked.holder == wire_spending.DayOfHolder(member_id="m", holder_id="h1", day="2026-11-22")
