"""What is asked of a chip card and in which order; the cards are the rig's, without a reader between."""

from collections.abc import Callable

import ndef
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.apdu import MOST_COMMANDS, Exchange
from drivers.cards.atr import CardKind, kind_of
from drivers.chip import ChipProfile, ChipReading, ClubFile
from drivers.port import CARD_FAULTS
from drivers.reading import DEMO_CLUB
from station.card import CardTier, Evidence, Medium, Tap
from station.errors import ErrorCode, StationError
from tests.rigs import virtual_card as rig
from tests.rigs.serial_hand import member

NUMBER, OTHER = member(1), member(2)
UID = "04A1B2C3D4E5F6"
FILE = ClubFile(rig.CLUB_APPLICATION, rig.CLUB_FILE, start=2, length=18)
CONTENT = b"\x01\x10" + NUMBER.encode() + b"\xff\xff"
WITH_FILE = ChipProfile(FILE)
READER = "pcsc:test"
SELECT_PPSE = b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00"
SELECT_WALLET = b"\x00\xa4\x04\x00\x0aOSE.VAS.01\x00"


def text(words: str) -> bytes:
    return b"".join(ndef.message_encoder([ndef.TextRecord(words, "fa")]))


def read(card: rig.Sound, chips: ChipProfile = WITH_FILE, answer: Callable[[bytes], bytes] | None = None) -> Tap:
    """Read ``card``; ``answer`` stands in for the card's own."""
    kind = kind_of(card.atr)
    exchange = Exchange(answer or card.answer, t0=card.atr == rig.CONTACT_T0_ATR)
    return ChipReading(DEMO_CLUB, chips).tap(exchange, kind, READER)


def made(kind: str, content: bytes = b"", uid: str = UID) -> rig.Sound:
    return rig.made(kind, bytes.fromhex(uid), content)


def chip(files: dict[bytes, dict[bytes, bytes]]) -> rig.Sound:
    """A contactless card with these applications and files."""
    return rig.Chip(bytes.fromhex(UID), {name: rig.fci(name) for name in files}, files)


def ndef_files(message: bytes, capabilities: bytes = rig.CAPABILITIES, length: int | None = None) -> dict[bytes, bytes]:
    told = len(message) if length is None else length
    return {b"\xe1\x03": capabilities, b"\xe1\x04": told.to_bytes(2, "big") + message}


@pytest.mark.parametrize(("card", "medium", "number", "evidence"), [
    (made("ntag"), Medium.NFC_UID, UID, Evidence.UID),
    (made("ntag", text(NUMBER)), Medium.CHIP, NUMBER, Evidence.NDEF),
    (made("ntag", text("hello")), Medium.NFC_UID, UID, Evidence.UID),
    (made("classic", uid="A1B2C3D4"), Medium.NFC_UID, "A1B2C3D4", Evidence.UID),
    (made("type4", text(NUMBER)), Medium.CHIP, NUMBER, Evidence.NDEF),
    (made("type4"), Medium.NFC_UID, UID, Evidence.UID),
    (made("file", CONTENT), Medium.CHIP, NUMBER, Evidence.FILE),
    (made("file_t0", CONTENT), Medium.CHIP, NUMBER, Evidence.FILE),
    (chip({}), Medium.NFC_UID, UID, Evidence.UID),
    (chip({rig.CLUB_APPLICATION: {}}), Medium.NFC_UID, UID, Evidence.UID),
    (chip({rig.CLUB_APPLICATION: {rig.CLUB_FILE: CONTENT}, rig.NDEF_APPLICATION: ndef_files(text(OTHER))}),
     Medium.CHIP, NUMBER, Evidence.FILE),
    (chip({rig.CLUB_APPLICATION: {}, rig.NDEF_APPLICATION: ndef_files(text(OTHER))}),
     Medium.CHIP, OTHER, Evidence.NDEF),
    (chip({rig.NDEF_APPLICATION: {}}), Medium.NFC_UID, UID, Evidence.UID),
    (chip({rig.NDEF_APPLICATION: ndef_files(b"", length=60_000)}), Medium.NFC_UID, UID, Evidence.UID),
    (chip({rig.NDEF_APPLICATION: ndef_files(text(NUMBER), rig.CAPABILITIES[:13] + b"\xff\xff")}),
     Medium.NFC_UID, UID, Evidence.UID),
])
def test_a_card_is_its_file_its_ndef_or_its_uid_in_this_order(
    card: rig.Sound, medium: Medium, number: str, evidence: Evidence,
) -> None:
    assert read(card) == Tap(READER, medium, number, evidence, CardTier.NUMBER)


@pytest.mark.parametrize(("card", "chips", "number"), [
    (made("ntag", text(NUMBER)), ChipProfile(reads_ndef=False), UID),
    (made("type4", text(NUMBER)), ChipProfile(reads_ndef=False), UID),
    (chip({rig.CLUB_APPLICATION: {rig.CLUB_FILE: CONTENT}}), ChipProfile(), UID),
    (made("ntag", text(NUMBER)), ChipProfile(takes_uid=False), NUMBER),
])
def test_only_what_the_profile_names_is_read(card: rig.Sound, chips: ChipProfile, number: str) -> None:
    assert read(card, chips).number == number


@pytest.mark.parametrize(("card", "chips", "code"), [
    (made("emv"), WITH_FILE, ErrorCode.CARD_IS_BANK_CARD),
    (made("emv_contact"), WITH_FILE, ErrorCode.CARD_IS_BANK_CARD),
    (made("cobranded", CONTENT), WITH_FILE, ErrorCode.CARD_IS_BANK_CARD),
    (made("phone"), WITH_FILE, ErrorCode.CARD_IS_PHONE),
    (rig.Chip(bytes.fromhex(UID), {rig.PPSE: rig.PPSE_FCI, rig.WALLET: rig.WALLET_FCI}), WITH_FILE,
     ErrorCode.CARD_IS_PHONE),
    (rig.Chip(bytes.fromhex(UID), {rig.PPSE: rig.PPSE_FCI[:-1]}), WITH_FILE, ErrorCode.CARD_UNREADABLE),
    (made("ntag", text(rig.BANK_NUMBER)), WITH_FILE, ErrorCode.CARD_IS_BANK_CARD),
    (made("type4", text(f"{rig.BANK_NUMBER} {NUMBER}")), WITH_FILE, ErrorCode.CARD_IS_BANK_CARD),
    (made("file", b"\x01\x10" + rig.BANK_NUMBER.encode() + b"  "), WITH_FILE, ErrorCode.CARD_IS_BANK_CARD),
    (made("file", bytes(20)), WITH_FILE, ErrorCode.CARD_NOT_OF_CLUB),
    (made("file", b"\x01\x10" + NUMBER[:-1].encode() + b"\xff\xff\xff"), WITH_FILE, ErrorCode.CARD_NOT_OF_CLUB),
    (made("file", CONTENT[:10]), WITH_FILE, ErrorCode.CARD_UNREADABLE),
    (made("file", CONTENT), ChipProfile(), ErrorCode.CARD_NOT_OF_CLUB),
    (made("file"), WITH_FILE, ErrorCode.CARD_NOT_OF_CLUB),
    (made("ntag"), ChipProfile(takes_uid=False), ErrorCode.CARD_NOT_OF_CLUB),
    (made("type4", uid="08A1B2C3"), WITH_FILE, ErrorCode.CARD_NUMBER_RANDOM),
])
def test_what_is_no_card_of_the_club_has_its_code(card: rig.Sound, chips: ChipProfile, code: ErrorCode) -> None:
    with pytest.raises(StationError) as caught:
        read(card, chips)
    assert caught.value.code is code
    assert rig.BANK_NUMBER[4:12] not in str(caught.value)


def recorded(card: rig.Sound) -> tuple[Callable[[bytes], bytes], list[bytes]]:
    asked: list[bytes] = []

    def answer(command: bytes) -> bytes:
        asked.append(command)
        return card.answer(command)

    return answer, asked


@pytest.mark.parametrize("kind", ["emv", "cobranded"])
def test_a_bank_card_is_asked_for_its_directory_first_and_for_nothing_it_holds(kind: str) -> None:
    card = made(kind, CONTENT)
    answer, asked = recorded(card)
    with pytest.raises(StationError):
        read(card, answer=answer)
    assert asked == [SELECT_PPSE, SELECT_WALLET]


def test_a_card_in_a_slot_is_never_asked_for_a_uid() -> None:
    card = made("file")
    answer, asked = recorded(card)
    with pytest.raises(StationError):
        read(card, answer=answer)
    assert [command[0] for command in asked] == [0] * len(asked)
    assert asked[1] == SELECT_PPSE.replace(b"2PAY", b"1PAY")


@pytest.mark.parametrize("status", ["6F00", "6400", "6581", "6982", "6985", "6999", "6A81", "6881"])
def test_a_card_that_will_not_say_whether_it_pays_is_asked_no_more(status: str) -> None:
    answer, asked = recorded(made("emv"))
    with pytest.raises(StationError, match=status) as caught:
        read(made("emv"), answer=lambda command: answer(command)[:0] + bytes.fromhex(status))
    assert caught.value.code is ErrorCode.CARD_UNREADABLE
    assert asked == [SELECT_PPSE]


@pytest.mark.parametrize("status", ["6A82", "6D00", "6E00", "6700", "6A86", "6B00", "9404", "911C"])
def test_a_card_without_applications_is_its_uid(status: str) -> None:
    def answer(command: bytes) -> bytes:
        return bytes.fromhex(f"{UID}9000" if command[0] == 0xFF else status)

    assert read(chip({}), answer=answer).number == UID


GOOD = {
    "ntag": made("ntag", text(NUMBER)), "classic": made("classic"), "type4": made("type4", text(NUMBER)),
    "file": made("file", CONTENT), "emv": made("emv"), "phone": made("phone"),
}


@pytest.mark.parametrize("kind", GOOD)
@given(data=st.data())
def test_one_damaged_answer_never_makes_another_number(kind: str, data: st.DataObject) -> None:
    card = GOOD[kind]
    place = data.draw(st.integers(0, 10))
    damage = data.draw(st.sampled_from((
        lambda whole: whole[:-3] + whole[-2:], lambda whole: whole[:-1], lambda whole: whole[:1], lambda _: b"",
        lambda whole: b"\x00" + whole, lambda _: b"\x6f\x00", lambda _: b"\x69\x82", lambda _: bytes(300),
    )))
    asked = 0

    def answer(command: bytes) -> bytes:
        nonlocal asked
        asked += 1
        whole = card.answer(command)
        return damage(whole) if asked == place + 1 else whole

    try:
        tap = read(card, answer=answer)
    except StationError as fault:
        assert fault.code in CARD_FAULTS  # noqa: PT017 (it may also be a tap)
    else:
        assert kind != "emv"
        # A card that gives another UID than its own cannot be told from one that has it.
        assert tap.number == NUMBER or tap.evidence is Evidence.UID


@given(st.sampled_from(CardKind), st.lists(st.one_of(
    st.binary(max_size=20), st.binary(max_size=20).map(lambda data: data + b"\x90\x00"),
    st.binary(max_size=300), st.just(b"\x61\x10"))))
def test_whatever_a_card_says_it_is_a_tap_or_a_fault_after_few_commands(kind: CardKind, answers: list[bytes]) -> None:
    asked = 0

    def answer(_command: bytes) -> bytes:
        nonlocal asked
        asked += 1
        return answers[asked % len(answers)] if answers else b"\x90\x00"

    try:
        tap = ChipReading(DEMO_CLUB, WITH_FILE).tap(Exchange(answer), kind, READER)
    except StationError as fault:
        assert fault.code in CARD_FAULTS  # noqa: PT017 (it may also be a tap)
    else:
        assert tap.medium is Medium.NFC_UID or DEMO_CLUB.accepts(tap.number.encode())
    assert asked <= MOST_COMMANDS


@pytest.mark.parametrize(("facts", "word"), [
    ({"aid": b"CLUB"}, "5 to 16"), ({"aid": bytes(17)}, "5 to 16"), ({"file_id": b"\x01"}, "two"),
    ({"aid": rig.VISA}, "payment"), ({"start": -1}, "no file"), ({"length": 0}, "no file"), ({"length": 256}, "no file"),
    ({"start": 0x8000}, "no file"),
])
def test_a_file_no_card_of_a_club_has_is_refused(facts: dict[str, bytes], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        ClubFile(**{"aid": rig.CLUB_APPLICATION, "file_id": rig.CLUB_FILE, **facts})  # type: ignore[arg-type]
