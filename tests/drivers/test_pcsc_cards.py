"""Every kind of card on the real PC/SC service: what is read of it, and what it is never asked."""

import logging
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import ndef
import pytest

from drivers.chip import ChipProfile, ClubFile
from drivers.port import CardReader, Device
from drivers.readers.pcsc import PcscDriver
from drivers.reading import DEMO_CLUB
from drivers.setup import Setup
from station.card import Evidence, Medium, Tap
from station.errors import ErrorCode, StationError
from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import READER
from tests.rigs.serial_hand import member
from tests.rigs.virtual_card import BANK_NUMBER, CLUB_APPLICATION, CLUB_FILE

pytestmark = [pytest.mark.pcsc, pytest.mark.timeout(60, func_only=True)]
UID, SHORT_UID, RANDOM_UID = "04A1B2C3D4E5F6", "A1B2C3D4", "08A1B2C3"
NUMBER = member(1)
FILE = NUMBER.encode() + b"\xff\xff"
DEVICE = Device(f"pcsc:{READER}", READER)
SEEN_S = 5.0
STAYS_S = 0.05
SELECT_PPSE = b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01"
SELECT_PSE = b"\x00\xa4\x04\x00\x0e1PAY.SYS.DDF01"
SELECT_WALLET = b"\x00\xa4\x04\x00\x0aOSE.VAS.01"
GET_RESPONSE = b"\x00\xc0"
READ_RECORD, GET_PROCESSING_OPTIONS, GET_UID = b"\x00\xb2", b"\x80\xa8", b"\xff\xca"


def message(record: ndef.Record) -> bytes:
    return b"".join(ndef.message_encoder([record]))


TEXT = message(ndef.TextRecord(NUMBER, "fa"))
URI = message(ndef.UriRecord(f"https://club.example/c/{NUMBER}"))
LONG = message(ndef.UriRecord(f"https://club.example/{'x' * 90}/{NUMBER}"))
BANK = message(ndef.TextRecord(BANK_NUMBER, "fa"))


@pytest.fixture
def reader(card: VirtualCard) -> Iterator[CardReader]:
    assert card
    chips = ChipProfile(ClubFile(CLUB_APPLICATION, CLUB_FILE, length=len(FILE)))
    opened = PcscDriver().set_up(Setup(DEMO_CLUB, chips=chips)).open(DEVICE)
    opened.wait(0)
    yield opened
    opened.close()


@pytest.mark.parametrize(("uid", "kind", "content", "said"), [
    (UID, "ntag", b"", (Medium.NFC_UID, UID, Evidence.UID)),
    (UID, "ntag", TEXT, (Medium.CHIP, NUMBER, Evidence.NDEF)),
    (UID, "ntag", LONG, (Medium.CHIP, NUMBER, Evidence.NDEF)),
    (SHORT_UID, "classic", b"", (Medium.NFC_UID, SHORT_UID, Evidence.UID)),
    (UID, "type4", b"", (Medium.NFC_UID, UID, Evidence.UID)),
    (RANDOM_UID, "type4", URI, (Medium.CHIP, NUMBER, Evidence.NDEF)),
    (UID, "file", FILE, (Medium.CHIP, NUMBER, Evidence.FILE)),
    (UID, "file_t0", FILE, (Medium.CHIP, NUMBER, Evidence.FILE)),
], ids=["ntag", "ntag-text", "ntag-long", "classic", "type4-empty", "type4-uri", "file", "file-t0"])
def test_a_card_is_its_number_once_while_it_lies(
    reader: CardReader, card: VirtualCard, uid: str, kind: str, content: bytes, said: tuple[Medium, str, Evidence],
) -> None:
    card.insert(uid, kind, content)
    assert reader.wait(SEEN_S) == Tap(DEVICE.path, *said)
    assert reader.wait(STAYS_S) is None


@pytest.mark.parametrize(("uid", "kind", "content", "code"), [
    (UID, "emv", b"", ErrorCode.CARD_IS_BANK_CARD),
    (UID, "emv_contact", b"", ErrorCode.CARD_IS_BANK_CARD),
    (UID, "cobranded", FILE, ErrorCode.CARD_IS_BANK_CARD),
    (UID, "ntag", BANK, ErrorCode.CARD_IS_BANK_CARD),
    (UID, "type4", BANK, ErrorCode.CARD_IS_BANK_CARD),
    (UID, "file", BANK_NUMBER.encode() + b"  ", ErrorCode.CARD_IS_BANK_CARD),
    (RANDOM_UID, "phone", b"", ErrorCode.CARD_IS_PHONE),
    (RANDOM_UID, "type4", b"", ErrorCode.CARD_NUMBER_RANDOM),
    (UID, "file", b"another club's no.", ErrorCode.CARD_NOT_OF_CLUB),
    (UID, "file_t0", b"", ErrorCode.CARD_NOT_OF_CLUB),
    (UID, "file", FILE[:9], ErrorCode.CARD_UNREADABLE),
], ids=["emv", "emv-contact", "cobranded", "bank-ntag", "bank-type4", "bank-file", "phone", "random", "other-club",
        "empty-file", "short-file"])
def test_any_other_card_has_its_code_once_and_nothing_of_it_is_kept(  # noqa: PLR0917 (pytest gives them by name)
    reader: CardReader, card: VirtualCard, caplog: pytest.LogCaptureFixture, uid: str, kind: str, content: bytes,
    code: ErrorCode,
) -> None:
    caplog.set_level(logging.DEBUG)
    card.insert(uid, kind, content)
    fault = fault_of(reader)
    assert fault.code is code
    for said in (str(fault), repr(fault), caplog.text, *kept(fault)):
        assert uid not in said.upper()
        assert not any(BANK_NUMBER[start:start + 8] in said for start in range(9))
    assert reader.wait(STAYS_S) is None


def fault_of(reader: CardReader) -> StationError:
    with pytest.raises(StationError) as caught:
        reader.wait(SEEN_S)
    return caught.value


def kept(fault: BaseException) -> Iterator[str]:
    """Yield what the program's frames that ``fault`` holds on to keep in their variables."""
    assert fault.__context__ is None
    trace: TracebackType | None = fault.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename != __file__:
            yield from map(repr, trace.tb_frame.f_locals.values())
        trace = trace.tb_next


@pytest.mark.parametrize(("kind", "asked"), [
    ("emv", [SELECT_PPSE + b"\x00", SELECT_WALLET + b"\x00"]),
    ("cobranded", [SELECT_PPSE + b"\x00", SELECT_WALLET + b"\x00"]),
    ("emv_contact", [SELECT_PPSE, SELECT_PSE, GET_RESPONSE + b"\x00\x00\x17", SELECT_WALLET]),
])
def test_a_bank_card_is_asked_for_its_directory_and_nothing_more(
    reader: CardReader, card: VirtualCard, kind: str, asked: list[bytes],
) -> None:
    card.insert(UID, kind, FILE)
    assert fault_of(reader).code is ErrorCode.CARD_IS_BANK_CARD
    heard = card.heard()
    assert heard == asked
    assert not {READ_RECORD, GET_PROCESSING_OPTIONS, GET_UID} & {command[:2] for command in heard}


@pytest.mark.parametrize(("kind", "garbage", "code"), [
    ("type4", "DE", ErrorCode.CARD_UNREADABLE),
    ("type4", "1337C0", ErrorCode.CARD_UNREADABLE),
    ("emv", "01020304059000", ErrorCode.CARD_UNREADABLE),
    ("emv", "6F00", ErrorCode.CARD_UNREADABLE),
    ("file", "6A81", ErrorCode.CARD_UNREADABLE),
    ("file_t0", "6101", ErrorCode.CARD_UNREADABLE),
    ("ntag", "00" * 200 + "9000", ErrorCode.CARD_UNREADABLE),
    ("type4", "00" * 300 + "9000", ErrorCode.CARD_UNREADABLE),
    ("file", "6D00", ErrorCode.CARD_NOT_OF_CLUB),
], ids=["one-byte", "no-status", "no-directory", "failure", "blocked", "endless", "long", "oversize", "no-commands"])
def test_nonsense_has_a_code(
    reader: CardReader, card: VirtualCard, kind: str, garbage: str, code: ErrorCode,
) -> None:
    card.garbage(garbage)
    card.insert(UID, kind)
    assert fault_of(reader).code is code


def test_after_nonsense_the_next_card_is_read(reader: CardReader, card: VirtualCard) -> None:
    card.garbage("1337C0")
    card.insert(UID, "emv")
    fault_of(reader)
    card.swap(UID, "ntag", TEXT)
    assert reader.wait(SEEN_S) == Tap(DEVICE.path, Medium.CHIP, NUMBER, Evidence.NDEF)


class Calls:
    """The real PC/SC calls; ``after`` runs after each transmission with how many there were."""

    def __init__(self, after: Callable[[int], None]) -> None:
        self._after = after
        self._count = 0

    def __getattr__(self, name: str) -> Any:
        from smartcard import scard

        return getattr(scard, name)

    def SCardTransmit(self, *call: object) -> object:  # noqa: N802 (the call's name)
        from smartcard import scard

        answer = scard.SCardTransmit(*call)
        self._count += 1
        self._after(self._count)
        return answer


@pytest.mark.parametrize("place", [1, 3, 6])
def test_a_card_pulled_away_while_it_is_read_is_unreadable_never_another_number(card: VirtualCard, place: int) -> None:
    reader = PcscDriver(load=lambda: Calls(lambda count: card.remove() if count == place else None)).open(DEVICE)
    card.insert(UID, "type4", TEXT)
    assert fault_of(reader).code is ErrorCode.CARD_UNREADABLE
    reader.close()
