"""Head office as the holder of keys, from the station: what travels, what comes back, and that no reader waits twice."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import pytest

from station.card_hash import card_hash
from station.card_task import CardPurpose, CardStep, CardTask, Outcome, Technology, Verdict
from station.errors import ErrorCode, StationError
from sync import key_holder
from sync.key_holder import OnlineKeyHolder
from sync.patience import SILENT_S
from sync.wire_card_service import (
    CardBegin,
    CardGoOn,
    CardStepTold,
    RecordAsked,
    RecordSigned,
    ServiceVerdict,
    SunAsked,
)

KEY, NUMBER, UID, NAME = bytes(32), "9364000000000076", "04A1B2C3D4E5F6", "0" * 32
PROVEN = ServiceVerdict(outcome=Outcome.PROVEN)


@dataclass
class Client:
    """Head office with one answer for everything; keeps what it was asked."""

    answer: Any = None
    fault: StationError | None = None
    before: Callable[[], object] = lambda: None
    asked: list[Any] = field(default_factory=list)

    def _said(self, asked: object) -> Any:
        self.asked.append(asked)
        self.before()
        if self.fault:
            raise self.fault
        return self.answer

    def begin_card(self, begin: CardBegin) -> CardStepTold:
        said: CardStepTold = self._said(begin)
        return said

    def go_on_card(self, go_on: CardGoOn) -> CardStepTold | None:
        said: CardStepTold | None = self._said(go_on)
        return said

    def check_sun(self, asked: SunAsked) -> ServiceVerdict:
        said: ServiceVerdict = self._said(asked)
        return said

    def sign_record(self, asked: RecordAsked) -> RecordSigned:
        said: RecordSigned = self._said(asked)
        return said

    def close(self) -> None:
        self.asked.append("closed")


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def holder(client: Client, seconds: Seconds) -> OnlineKeyHolder:
    return OnlineKeyHolder(client, KEY, seconds)


def task(purpose: CardPurpose) -> CardTask:
    return CardTask(purpose, Technology.NTAG424, UID, NUMBER, "m1")


@pytest.mark.parametrize("purpose", list(CardPurpose))
def test_a_number_travels_only_where_it_is_written(holder: OnlineKeyHolder, client: Client, purpose: CardPurpose) -> None:
    client.answer = CardStepTold(session=NAME, commands=("kGAAAAA=",))
    assert holder.begin(task(purpose)) == CardStep(NAME, (bytes.fromhex("9060000000"),))
    [asked] = client.asked
    assert asked.card == card_hash(KEY, NUMBER)
    assert asked.number == ("" if purpose is CardPurpose.AUTHENTICATE else NUMBER)


def test_answers_go_and_the_verdict_comes(holder: OnlineKeyHolder, client: Client) -> None:
    client.answer = CardStepTold(session=NAME, verdict=ServiceVerdict(outcome=Outcome.REFUSED, refusal=204, reason="SECRET"))
    step = holder.go_on(NAME, [b"\x91\xae"])
    assert step == CardStep(NAME, verdict=Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "SECRET"))
    assert client.asked == [CardGoOn(session=NAME, answers=("ka4=",))]
    client.answer = None
    with pytest.raises(StationError) as caught:
        holder.go_on(NAME, [])
    assert caught.value.code is ErrorCode.HEAD_OFFICE_REFUSED


def test_a_tap_is_asked_about_by_its_card_s_hash(holder: OnlineKeyHolder, client: Client) -> None:
    client.answer = PROVEN
    assert holder.check_sun(NUMBER, bytes(18)) == Verdict(Outcome.PROVEN)
    assert client.asked == [SunAsked(card=card_hash(KEY, NUMBER), content="A" * 24)]


def test_a_record_is_signed(holder: OnlineKeyHolder, client: Client) -> None:
    client.answer = RecordSigned(record=base64.b64encode(b"signed").decode())
    assert holder.sign_record(NUMBER, UID, "2030-01-01") == b"signed"
    assert client.asked == [RecordAsked(number=NUMBER, uid=UID, expires="2030-01-01")]


@pytest.mark.parametrize("said", [
    CardStepTold(session=NAME),
    CardStepTold(session=NAME, commands=("A",)),
    CardStepTold(session=NAME, commands=("AAAA",), verdict=PROVEN),
    CardStepTold(session=NAME, verdict=ServiceVerdict(outcome=Outcome.REFUSED)),
    CardStepTold(session=NAME, verdict=ServiceVerdict(outcome=Outcome.PROVEN, refusal=204)),
    CardStepTold(session=NAME, verdict=ServiceVerdict(outcome=Outcome.REFUSED, refusal=999)),
], ids=["nothing", "base64", "both", "no-code", "code", "unknown"])
def test_an_answer_that_makes_no_sense_is_invalid(holder: OnlineKeyHolder, client: Client, said: CardStepTold) -> None:
    client.answer = said
    with pytest.raises(StationError) as caught:
        holder.begin(task(CardPurpose.AUTHENTICATE))
    assert caught.value.code is ErrorCode.ANSWER_INVALID


def test_a_record_that_is_no_base_64_is_invalid(holder: OnlineKeyHolder, client: Client) -> None:
    client.answer = RecordSigned(record="A")
    with pytest.raises(StationError) as caught:
        holder.sign_record(NUMBER, UID, "")
    assert caught.value.code is ErrorCode.ANSWER_INVALID


def test_after_a_silence_nobody_waits_again_for_a_while(holder: OnlineKeyHolder, client: Client, seconds: Seconds) -> None:
    client.fault = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
    for _ in range(2):
        with pytest.raises(StationError) as caught:
            holder.check_sun(NUMBER, bytes(18))
        assert caught.value.code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    assert len(client.asked) == 1
    client.fault, client.answer, seconds.now = None, PROVEN, SILENT_S
    assert holder.check_sun(NUMBER, bytes(18)) == Verdict(Outcome.PROVEN)
    client.fault = StationError(ErrorCode.HEAD_OFFICE_BUSY)
    for _ in range(2):
        with pytest.raises(StationError):
            holder.check_sun(NUMBER, bytes(18))
    assert len(client.asked) == 4


def test_readers_ask_one_at_a_time_and_do_not_queue_for_ever(
    holder: OnlineKeyHolder, client: Client, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(key_holder, "LIMIT_S", 0.05)
    inside, over = Event(), Event()

    def wait() -> None:
        inside.set()
        over.wait(10)

    client.answer, client.before = PROVEN, wait
    first = Thread(target=lambda: holder.check_sun(NUMBER, bytes(18)))
    first.start()
    assert inside.wait(10)
    with pytest.raises(StationError) as caught:
        holder.check_sun(NUMBER, bytes(18))
    assert caught.value.code is ErrorCode.HEAD_OFFICE_BUSY
    over.set()
    first.join()
    assert len(client.asked) == 1
    holder.close()
    assert client.asked[-1] == "closed"
