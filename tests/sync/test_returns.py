"""The counter's line about sales whose goods come back: what is told must be the sale that was asked for, and rules are proven."""

import base64
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import pytest

from station.card import Medium
from station.elsewhere import SaleAsked, SaleTold
from station.errors import ErrorCode, StationError
from station.journal import ENTRY_VERSION, Entry, EntryKind, Position
from station.pricing import price
from station.sale import Sale, SaleReturn
from station.tender import Tender, TenderKind
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.patience import SILENT_S
from sync.returns import OnlineReturns
from sync.wire_feeds import SignedPack
from sync.wire_returns import ReturnAsked, ReturnDropped, ReturnTold, RulesAsked, TurnOver
from tests.fakes import CASHIER, NOON, bought, pack, product

ID = "01900000-0000-7000-8000-000000000001"
SALE_ID = "01900000-0000-7000-8000-0000000000aa"
JOURNAL, BRANCH = "a3f9" + "0" * 28, "b" * 32
KEY = new_key()
ASKED = SaleAsked(ID, "12-2", "A3F9", 7)
_basket = replace(bought(product()), basket_id=SALE_ID)
SOLD = Sale(SALE_ID, NOON.date, 1, _basket, price(pack(), _basket), (Tender(TenderKind.CASH, 100_000),), 0, Medium.QR, ())
ENTRY: Entry[Sale] = Entry(ENTRY_VERSION, "12-2", JOURNAL, 7, EntryKind.SALE, NOON, CASHIER, None, SOLD)
BACK = SaleReturn(ID, SALE_ID, JOURNAL, 7, NOON.date, 1, None, (), 0, (Tender(TenderKind.CASH, 0),), (), (), ())
RETURN: Entry[SaleReturn] = Entry(ENTRY_VERSION, "12-3", "c" * 32, 9, EntryKind.RETURN, NOON, CASHIER, None, BACK)


def text(value: Any) -> str:
    return base64.b64encode(msgspec.json.encode(value)).decode()


TOLD = ReturnTold(return_id=ID, incarnation=JOURNAL, seq=7, entry=text(ENTRY), returns=(text(RETURN),), seconds=600)


def signed(number: int = 1, **facts: Any) -> SignedPack:
    document = msgspec.json.encode(pack(number))
    return msgspec.structs.replace(SignedPack(
        number=number, document=base64.b64encode(document).decode(),
        signature=base64.b64encode(sign_bytes(KEY, document)).decode()), **facts)


@dataclass
class Client:
    """Head office's side; ``fault`` is what every question meets."""

    told: ReturnTold | None = TOLD
    pack: SignedPack | None = field(default_factory=signed)
    fault: StationError | None = None
    asked: list[object] = field(default_factory=list)
    closed: bool = False

    def ask_return(self, asked: ReturnAsked) -> ReturnTold | None:
        self._enter(asked)
        return self.told

    def drop_return(self, dropped: ReturnDropped) -> TurnOver:
        self._enter(dropped)
        return TurnOver(dropped=True)

    def rules(self, asked: RulesAsked) -> SignedPack | None:
        self._enter(asked)
        return self.pack

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
        self.office = OnlineReturns(self.client, Ed25519Verifier(public_key(KEY)), lambda: self.at)


@pytest.fixture
def line() -> Line:
    return Line()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_the_sale_comes_as_its_station_wrote_it_with_what_came_back_so_far(line: Line) -> None:
    assert line.office.ask(ASKED, settle=False) == SaleTold(ASKED, Position(JOURNAL, 7), ENTRY, (BACK,))
    line.office.drop(ASKED)
    assert line.client.asked == [
        ReturnAsked(return_id=ID, station="12-2", incarnation="a3f9", seq=7),
        ReturnDropped(return_id=ID, station="12-2", seq=7)]
    assert line.office.pack(1) == pack(1)
    line.office.close()
    assert line.client.closed


def test_of_a_copied_journal_the_name_is_another(line: Line) -> None:
    line.client.told = msgspec.structs.replace(TOLD, incarnation=BRANCH)
    told = line.office.ask(replace(ASKED, sale_id=SALE_ID), settle=True)
    assert told
    assert (told.name, told.entry.incarnation) == (Position(BRANCH, 7), JOURNAL)
    assert line.client.asked == [
        ReturnAsked(return_id=ID, station="12-2", incarnation="a3f9", seq=7, sale_id=SALE_ID, settle=True)]


def test_what_is_not_known_is_not_told(line: Line) -> None:
    line.client.told = line.client.pack = None
    assert line.office.ask(ASKED, settle=False) is None
    with refused(ErrorCode.PACK_MISSING):
        line.office.pack(1)


@pytest.mark.parametrize("told", [
    {"return_id": SALE_ID}, {"seq": 8}, {"entry": text(replace(ENTRY, seq=8))}, {"entry": text(replace(ENTRY, station="12-3"))},
    {"entry": text(replace(ENTRY, incarnation=BRANCH))}, {"entry": text(RETURN)}, {"entry": "AAAA"}, {"entry": "A"},
    {"entry": text(replace(ENTRY, kind=EntryKind.RETURN))}, {"returns": (text(ENTRY),)}, {"returns": ("A",)}])
def test_another_sale_and_nonsense_are_refused(line: Line, told: dict[str, Any]) -> None:
    line.client.told = msgspec.structs.replace(TOLD, **told)
    with refused(ErrorCode.ANSWER_INVALID):
        line.office.ask(ASKED, settle=False)


def test_another_sale_by_the_same_number_is_refused(line: Line) -> None:
    with refused(ErrorCode.ANSWER_INVALID):
        line.office.ask(replace(ASKED, sale_id=ID), settle=False)


@pytest.mark.parametrize(("given", "code"), [
    (signed(2), ErrorCode.ANSWER_INVALID), (signed(number=9), ErrorCode.ANSWER_INVALID),
    (signed(signature="AAAA"), ErrorCode.SIGNATURE_INVALID), (signed(document="A"), ErrorCode.ANSWER_INVALID)])
def test_rules_that_are_not_proven_are_not_used(line: Line, given: SignedPack, code: ErrorCode) -> None:
    line.client.pack = given
    with refused(code):
        line.office.pack(1)


def test_after_a_silence_nobody_waits_again_for_a_while(line: Line) -> None:
    line.client.fault = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
    for _ in range(2):
        with refused(ErrorCode.HEAD_OFFICE_UNREACHABLE):
            line.office.ask(ASKED, settle=False)
    assert len(line.client.asked) == 1
    line.at, line.client.fault = SILENT_S, None
    assert line.office.ask(ASKED, settle=False)


def test_whose_turn_it_is_is_no_silence(line: Line) -> None:
    line.client.fault = StationError(ErrorCode.RETURN_UNDER_WAY)
    for _ in range(2):
        with refused(ErrorCode.RETURN_UNDER_WAY):
            line.office.ask(ASKED, settle=False)
    assert len(line.client.asked) == 2


def test_only_an_id_is_in_a_repr() -> None:
    assert ID in repr(TOLD)
    assert TOLD.entry not in repr(TOLD)
