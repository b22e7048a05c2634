"""nfcpy's readers, with a card made of software on nfcpy's UDP air, in a process of its own."""

import errno
import logging
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import ndef
import pytest

from drivers.apdu import Answer, Command
from drivers.cards.guard import refuse_payment_and_phones
from drivers.port import Device
from drivers.readers.nfc import NfcDriver, NfcReader
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_record import pack
from station.errors import ErrorCode, StationError
from tests.rigs.process import RigProcess
from tests.rigs.proven_cards import ndef_of, signed
from tests.rigs.serial_hand import member

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="the rig reads its commands with select"),
]
SEEN_S = 5.0
STAYS_S = 0.8
IDM = "012E4CD8A1B2C3D4"
UID, OTHER_UID, SHORT_UID, RANDOM_UID = "04A1B2C3D4E5F6", "04A1B2C3D4E5F7", "A1B2C3D4", "08A1B2C3"
TEXT = b"".join(ndef.message_encoder([ndef.TextRecord(member(1), "fa")])).hex()
URI = b"".join(ndef.message_encoder([ndef.UriRecord(f"https://club.example/c/{member(2)}")])).hex()
BANK = b"".join(ndef.message_encoder([ndef.TextRecord("4111111111111111", "fa")])).hex()


@pytest.fixture
def air() -> Iterator[RigProcess]:
    with RigProcess("udp_tag.py") as started:
        yield started


@pytest.fixture
def device(air: RigProcess) -> Device:
    return Device(f"nfc:udp:127.0.0.1:{air.tell('port')}", "UDP")


@pytest.fixture
def reader(device: Device) -> Iterator[NfcReader]:
    opened = NfcDriver().open(device)
    yield opened
    opened.close()


def test_a_card_that_was_there_first_is_seen_on_opening(air: RigProcess, device: Device) -> None:
    air.tell(f"in type2 {UID}")
    reader = NfcDriver().open(device)
    assert reader.wait(SEEN_S) == Tap(device.path, Medium.NFC_UID, UID)
    reader.close()


@pytest.mark.parametrize(("card", "said"), [
    (f"type2 {UID}", (Medium.NFC_UID, UID, Evidence.UID)),
    (f"type2 {UID} {TEXT}", (Medium.CHIP, member(1), Evidence.NDEF)),
    (f"type4 {UID}", (Medium.NFC_UID, UID, Evidence.UID)),
    (f"type4 {UID} {URI}", (Medium.CHIP, member(2), Evidence.NDEF)),
    (f"type4 {RANDOM_UID} {URI}", (Medium.CHIP, member(2), Evidence.NDEF)),
    (f"classic {SHORT_UID}", (Medium.NFC_UID, SHORT_UID, Evidence.UID)),
    (f"felica {IDM}", (Medium.NFC_UID, IDM, Evidence.UID)),
    (f"felica {IDM} {URI}", (Medium.CHIP, member(2), Evidence.NDEF)),
])
def test_a_card_is_its_number_or_its_uid_once_while_it_lies(
    air: RigProcess, reader: NfcReader, device: Device, card: str, said: tuple[Medium, str, Evidence],
) -> None:
    air.tell(f"in {card}")
    assert reader.wait(SEEN_S) == Tap(device.path, *said)
    assert reader.wait(STAYS_S) is None


@pytest.mark.parametrize(("trouble", "card", "code"), [
    ("", f"bank {UID}", ErrorCode.CARD_IS_BANK_CARD),
    ("", f"phone {RANDOM_UID}", ErrorCode.CARD_IS_PHONE),
    ("", f"type2 {RANDOM_UID}", ErrorCode.CARD_NUMBER_RANDOM),
    ("", f"type2 {UID} {BANK}", ErrorCode.CARD_IS_BANK_CARD),
    ("", f"type4 {UID} {BANK}", ErrorCode.CARD_IS_BANK_CARD),
    ("hang", f"type2 {UID}", ErrorCode.CARD_SILENT),
    ("hang", f"type4 {UID}", ErrorCode.CARD_UNREADABLE),
    ("garbage 00", f"type4 {UID}", ErrorCode.CARD_UNREADABLE),
    ("garbage 0578807002", f"bank {UID}", ErrorCode.CARD_UNREADABLE),
    ("", f"felica {IDM} {BANK}", ErrorCode.CARD_IS_BANK_CARD),
    ("hang", f"felica {IDM} {URI}", ErrorCode.CARD_SILENT),
    ("garbage 0D07", f"felica {IDM} {URI}", ErrorCode.CARD_UNREADABLE),
])
def test_what_cannot_be_taken_has_its_code_once_and_the_next_is_read(
    air: RigProcess, reader: NfcReader, device: Device, trouble: str, card: str, code: ErrorCode,
) -> None:
    if trouble:
        air.tell(trouble)
    air.tell(f"in {card}")
    with pytest.raises(StationError) as caught:
        reader.wait(SEEN_S)
    assert caught.value.code is code
    assert "1111" not in str(caught.value)
    assert reader.wait(STAYS_S) is None
    air.tell(f"swap type2 {OTHER_UID}")
    assert reader.wait(SEEN_S) == Tap(device.path, Medium.NFC_UID, OTHER_UID)


@pytest.mark.parametrize("card", [f"type2 {UID}", f"type4 {UID}", f"felica {IDM}"])
def test_what_a_card_gives_to_be_believed_comes_with_its_uid(
    air: RigProcess, reader: NfcReader, device: Device, card: str,
) -> None:
    record = signed(member(2), card.split()[1])
    air.tell(f"in {card} {ndef_of(record).hex()}")
    assert reader.wait(SEEN_S) == Tap(
        device.path, Medium.CHIP, member(2), Evidence.NDEF, uid=record.uid,
        proofs=(Proof(ProofKind.RECORD, pack(record)),))


def test_a_bank_card_is_asked_for_its_directory_and_nothing_more(air: RigProcess, reader: NfcReader) -> None:
    air.tell(f"in bank {UID}")
    with pytest.raises(StationError):
        reader.wait(SEEN_S)
    asked = [bytes.fromhex(each) for each in air.tell("heard").split(",")]
    assert asked == [b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00", b"\x00\xa4\x04\x00\x0aOSE.VAS.01\x00"]


def test_nothing_of_a_card_reaches_the_log(
    air: RigProcess, reader: NfcReader, caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    air.tell(f"in type4 {UID} {URI}")
    reader.wait(SEEN_S)
    said = caplog.text.upper()
    assert UID not in said
    assert URI[-32:].upper() not in said


def test_stopping_ends_the_thread_and_a_card_is_not_waited_for(air: RigProcess, device: Device) -> None:
    reader = NfcDriver().open(device)
    air.tell(f"in type2 {UID}")
    reader.wait(SEEN_S)
    reader.close()
    assert not [each for each in threading.enumerate() if each.name == f"field {device.path}"]


class Frontend:
    """An nfcpy frontend that plays ``looks``, one for each ``connect``, then sees an empty field."""

    def __init__(self, looks: list[Any]) -> None:
        self._looks = looks
        self.is_closed = False

    def connect(self, rdwr: dict[str, Any], terminate: Any) -> object:
        if terminate():
            return None
        look = self._looks.pop(0) if self._looks else None
        if isinstance(look, Exception):
            raise look
        if callable(look):
            look(rdwr)
        return look

    def close(self) -> None:
        self.is_closed = True


class Library:
    """nfcpy with one frontend, or with the fault that opening it brings; two USB devices are plugged in."""

    def __init__(self, frontend: Frontend | OSError) -> None:
        self._frontend = frontend
        self.clf = SimpleNamespace(
            device=SimpleNamespace(usb_device_map={(0x054C, 0x06C3): "rcs380", (0x072F, 0x2200): "acr122"}),
            transport=SimpleNamespace(USB=SimpleNamespace(find=lambda _: [
                (0x054C, 0x06C3, 1, 4), (0x072F, 0x2200, 1, 5), (0x1D6B, 0x0002, 1, 1)])))

    def ContactlessFrontend(self, _path: str) -> Frontend:  # noqa: N802 (nfcpy's name)
        if isinstance(self._frontend, OSError):
            raise self._frontend
        return self._frontend


RCS380 = Device("nfc:usb:001:004", "rcs380 (usb:001:004)")


def test_readers_pcsc_serves_are_left_to_it() -> None:
    driver = NfcDriver(paths=("tty:USB0:pn532",), load=lambda: Library(Frontend([])))
    assert driver.find() == (Device("nfc:tty:USB0:pn532", "tty:USB0:pn532"), RCS380)


def test_a_reader_pulled_out_is_gone_for_good() -> None:
    frontend = Frontend([None, False])
    reader = NfcDriver(load=lambda: Library(frontend)).open(RCS380)
    for _ in range(2):
        with pytest.raises(StationError) as caught:
            reader.wait(SEEN_S)
        assert caught.value.code is ErrorCode.READER_GONE
    assert frontend.is_closed
    reader.close()


def test_a_card_that_breaks_nfcpy_is_unreadable_once_and_the_next_is_told() -> None:
    target = SimpleNamespace(sdd_res=bytes.fromhex(UID), rid_res=None, sensf_res=None)

    def activated_in_vain(rdwr: dict[str, Any]) -> None:
        rdwr["on-discover"](target)
        raise IndexError

    empty = None
    reader = NfcDriver(load=lambda: Library(Frontend([activated_in_vain, activated_in_vain, empty, activated_in_vain]))
                       ).open(RCS380)
    for _ in range(2):
        with pytest.raises(StationError) as caught:
            reader.wait(SEEN_S)
        assert caught.value.code is ErrorCode.CARD_UNREADABLE
    assert reader.wait(0.3) is None
    reader.close()


def test_a_bug_is_raised_where_it_is_heard() -> None:
    reader = NfcDriver(load=lambda: Library(Frontend([ZeroDivisionError()]))).open(RCS380)
    with pytest.raises(ZeroDivisionError):
        reader.wait(SEEN_S)
    reader.close()


@pytest.mark.parametrize(("number", "code"), [
    (errno.ENODEV, ErrorCode.READER_GONE), (errno.EBUSY, ErrorCode.READER_BUSY),
    (errno.EACCES, ErrorCode.READER_FORBIDDEN), (errno.EIO, ErrorCode.READER_GONE),
])
def test_a_reader_that_does_not_open_says_why(number: int, code: ErrorCode) -> None:
    driver = NfcDriver(load=lambda: Library(OSError(number, "no")))
    with pytest.raises(StationError) as caught:
        driver.open(RCS380)
    assert caught.value.code is code


def test_without_the_library_the_driver_says_what_is_missing() -> None:
    def load() -> Any:
        message = "No module named 'nfc'"
        raise ImportError(message)

    driver = NfcDriver(load=load)
    assert driver.missing() == "nfcpy (No module named 'nfc')"
    for call in (driver.find, lambda: driver.open(RCS380)):
        with pytest.raises(StationError) as caught:
            call()
        assert caught.value.code is ErrorCode.READER_DRIVER_MISSING


@pytest.mark.parametrize(("known", "code"), [
    ({b"2PAY.SYS.DDF01": 0x9000}, ErrorCode.CARD_IS_BANK_CARD),
    ({b"2PAY.SYS.DDF01": 0x6283}, ErrorCode.CARD_IS_BANK_CARD),
    ({b"2PAY.SYS.DDF01": 0x611C}, ErrorCode.CARD_IS_BANK_CARD),
    ({b"2PAY.SYS.DDF01": 0x9000, b"OSE.VAS.01": 0x9000}, ErrorCode.CARD_IS_PHONE),
    ({b"OSE.VAS.01": 0x9000}, ErrorCode.CARD_IS_PHONE),
])
def test_a_card_is_known_by_what_it_lets_be_selected(known: dict[bytes, int], code: ErrorCode) -> None:
    def transmit(command: Command) -> Answer:
        return Answer(b"", known.get(command.data, 0x6A82))

    with pytest.raises(StationError) as caught:
        refuse_payment_and_phones(transmit)
    assert caught.value.code is code
    known.clear()
    refuse_payment_and_phones(transmit)
