"""Enrolment: the key is made here, the private half stays here."""

import base64

import msgspec
import pytest

from station.errors import ErrorCode, StationError
from station.text import Text
from sync.enrol import Enrolment, enrol
from sync.signatures import public_key
from sync.wire import PROTOCOL
from sync.wire_trust import PairAnswer, PairRequest

SHOP = Text("شعبهٔ ۱۲", "Branch 12")
ANSWER = PairAnswer(
    station="12-1", shop="12", shop_name=SHOP,
    card_key=base64.b64encode(bytes(32)).decode(), office_key=base64.b64encode(b"o" * 32).decode(),
    recovery_key=base64.b64encode(b"r" * 32).decode())


class Door:
    """Answers as told and remembers what was asked."""

    def __init__(self, answer: PairAnswer) -> None:
        self.answer = answer
        self.asked: list[PairRequest] = []

    def pair(self, request: PairRequest) -> PairAnswer:
        self.asked.append(request)
        return self.answer


def test_a_station_learns_who_it_is() -> None:
    door = Door(ANSWER)
    enrolment = enrol(door, "ABCD-1234")
    assert enrolment == Enrolment("12-1", "12", SHOP, bytes(32), b"o" * 32, b"r" * 32, enrolment.key)
    public = base64.b64encode(public_key(enrolment.key)).decode()
    assert door.asked == [PairRequest(protocol=PROTOCOL, code="ABCD-1234", public_key=public)]


def test_every_enrolment_has_a_key_of_its_own_and_does_not_show_it() -> None:
    first, second = enrol(Door(ANSWER), "a"), enrol(Door(ANSWER), "a")
    assert first.key != second.key
    assert repr(first.key) not in repr(first)
    assert repr(first.card_key) not in repr(first)


@pytest.mark.parametrize("text", ["", "AAAA", "A", base64.b64encode(bytes(33)).decode()])
@pytest.mark.parametrize("name", ["card_key", "office_key", "recovery_key"])
def test_a_key_of_another_length_is_refused(name: str, text: str) -> None:
    with pytest.raises(StationError) as invalid:
        enrol(Door(msgspec.structs.replace(ANSWER, **{name: text})), "a")
    assert invalid.value.code is ErrorCode.ANSWER_INVALID
