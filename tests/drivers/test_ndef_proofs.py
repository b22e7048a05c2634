"""What chips give to be believed, through the reading of chips and through the real PC/SC service."""

from collections.abc import Iterator

import pytest

from drivers.apdu import Exchange
from drivers.cards.atr import CardKind, kind_of
from drivers.chip import ChipProfile, ChipReading
from drivers.port import CardReader, Device
from drivers.readers.pcsc import PcscDriver
from drivers.reading import DEMO_CLUB
from station import sun
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.card_record import CardRecord, pack
from station.errors import ErrorCode, StationError
from tests.rigs import virtual_card as rig
from tests.rigs.hand import VirtualCard
from tests.rigs.pcscd import READER
from tests.rigs.proven_cards import ndef_of, signed, tapped
from tests.rigs.serial_hand import member

NUMBER, UID, RANDOM_UID = member(1), "04A1B2C3D4E5F6", "08A1B2C3"
DEVICE = Device(f"pcsc:{READER}", READER)
SEEN_S = 5.0
FELICA_ATR = bytes.fromhex("3B8F8001804F0CA00000030611F0110000000000")
IDM = bytes.fromhex("012E4CD8A1B2C3D4")


def record(uid: str) -> Proof:
    return Proof(ProofKind.RECORD, pack(signed(NUMBER, uid)))


def tap_code(address: str) -> Proof:
    return Proof(ProofKind.SUN, sun.from_address(address)[1])


def read(kind: str, message: bytes, uid: str = UID) -> Tap:
    card = rig.made(kind, bytes.fromhex(uid), message)

    def answer(command: bytes) -> bytes:
        return card.answer(command) or b""

    return ChipReading(DEMO_CLUB, ChipProfile()).tap(Exchange(answer), kind_of(card.atr), "r")


@pytest.mark.parametrize("kind", ["ntag", "type4"])
@pytest.mark.parametrize(("proven", "proofs"), [
    ((signed(NUMBER, UID),), (record(UID),)),
    ((tapped(NUMBER, UID),), (tap_code(tapped(NUMBER, UID)),)),
])
def test_a_proof_comes_with_the_chips_uid(
    kind: str, proven: tuple[CardRecord | str, ...], proofs: tuple[Proof, ...],
) -> None:
    assert read(kind, ndef_of(*proven)) == Tap("r", Medium.CHIP, NUMBER, Evidence.NDEF, uid=UID, proofs=proofs)


def test_one_chip_may_give_both() -> None:
    address = tapped(NUMBER, UID)
    assert read("type4", ndef_of(address, signed(NUMBER, UID))).proofs == (tap_code(address), record(UID))


def test_a_chip_that_draws_its_uid_anew_has_none_to_compare() -> None:
    assert read("type4", ndef_of(signed(NUMBER)), RANDOM_UID) == Tap(
        "r", Medium.CHIP, NUMBER, Evidence.NDEF, proofs=(record(""),))
    address = tapped(NUMBER)
    assert read("type4", ndef_of(address), RANDOM_UID) == Tap(
        "r", Medium.CHIP, NUMBER, Evidence.NDEF, proofs=(tap_code(address),))


def test_a_record_of_one_chip_on_a_chip_that_may_be_any_is_refused() -> None:
    with pytest.raises(StationError) as caught:
        read("type4", ndef_of(signed(NUMBER, UID)), RANDOM_UID)
    assert caught.value.code is ErrorCode.CARD_NUMBER_RANDOM


def test_a_record_of_another_club_leaves_the_uid() -> None:
    assert read("ntag", ndef_of(signed("9999000000000017", UID))) == Tap("r", Medium.NFC_UID, UID)


def test_of_felica_the_service_gives_the_uid() -> None:
    assert kind_of(FELICA_ATR) is CardKind.STORAGE
    reading = ChipReading(DEMO_CLUB, ChipProfile())
    exchange = Exchange(lambda command: IDM + b"\x90\x00" if command == b"\xff\xca\x00\x00\x00" else b"\x6a\x81")
    assert reading.tap(exchange, CardKind.STORAGE, "r") == Tap("r", Medium.NFC_UID, "012E4CD8A1B2C3D4")


@pytest.fixture
def reader(card: VirtualCard) -> Iterator[CardReader]:
    assert card
    opened = PcscDriver().open(DEVICE)
    opened.wait(0)
    yield opened
    opened.close()


@pytest.mark.pcsc
@pytest.mark.timeout(60, func_only=True)
@pytest.mark.parametrize("kind", ["ntag", "type4"])
def test_a_signed_card_on_the_real_service(reader: CardReader, card: VirtualCard, kind: str) -> None:
    card.insert(UID, kind, ndef_of(signed(NUMBER, UID)))
    assert reader.wait(SEEN_S) == Tap(
        DEVICE.path, Medium.CHIP, NUMBER, Evidence.NDEF, uid=UID, proofs=(record(UID),))
