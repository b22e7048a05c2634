"""Chips with keys on the real PC/SC service: the tap at once, then what the chip proved to head office, never another's."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import ndef
import pytest

from drivers.chip import ChipProfile, ClubFile
from drivers.key_relay import relay
from drivers.pcsc_calls import pyscard, with_card
from drivers.port import CardReader, Device
from drivers.readers.pcsc import PcscDriver
from drivers.reading import DEMO_CLUB
from drivers.setup import Setup
from station.card import CardTier, Evidence, Medium, ProofKind, Tap
from station.card_task import CardPurpose, CardTask, Outcome, Technology, Verdict
from station.errors import ErrorCode, StationError
from tests.rigs.near_holder import NearHolder
from tests.rigs.pcscd import READER, PcscService, wait_until_empty
from tests.rigs.proven_cards import tapped
from tests.rigs.secure_hand import SecureHand
from tests.rigs.serial_hand import member
from tests.rigs.virtual_card import CLUB_APPLICATION, CLUB_FILE

pytestmark = [pytest.mark.pcsc, pytest.mark.timeout(60, func_only=True)]
UID, OTHER_UID = "04A1B2C3D4E5F6", "04A1B2C3D4E5F7"
NUMBER, OTHER = member(1), member(2)
DEVICE = Device(f"pcsc:{READER}", READER)
SEEN_S, STAYS_S = 5.0, 0.05
NTAG424, EV2 = Technology.NTAG424, Technology.DESFIRE_EV2
KINDS = pytest.mark.parametrize(("kind", "technology"), [("ntag424", NTAG424), ("desfire", EV2)])


@pytest.fixture
def hand(pcsc: PcscService) -> Iterator[SecureHand]:
    assert pcsc
    wait_until_empty()
    with SecureHand() as hand:
        yield hand


@pytest.fixture
def office(tmp_path: Path) -> NearHolder:
    return NearHolder(tmp_path)


@pytest.fixture
def reader(hand: SecureHand, office: NearHolder) -> Iterator[CardReader]:
    assert hand
    chips = ChipProfile(ClubFile(CLUB_APPLICATION, CLUB_FILE))
    opened = PcscDriver().set_up(Setup(DEMO_CLUB, chips=chips, key_holder=office)).open(DEVICE)
    opened.wait(0)
    yield opened
    opened.close()


def done(office: NearHolder, purpose: CardPurpose, technology: Technology, uid: str = UID, number: str = NUMBER) -> Verdict:
    """Have something done with the chip on the reader."""
    task = CardTask(purpose, technology, uid, number, "m1")
    return with_card(pyscard(), READER, lambda exchange, _: relay(exchange, office, task))


def issue(hand: SecureHand, office: NearHolder, kind: str, technology: Technology, uid: str = UID, number: str = NUMBER) -> None:
    """Make a chip of ours, and take it away."""
    hand.insert(uid, kind)
    wait_for_card()
    assert done(office, CardPurpose.PERSONALISE, technology, uid, number) == Verdict(Outcome.DONE)
    hand.remove()
    wait_until_empty()


def wait_for_card() -> None:
    opened = PcscDriver().open(DEVICE)
    try:
        while opened.wait(0.2) is None:
            pass
    except StationError:
        pass
    finally:
        opened.close()


@KINDS
def test_the_tap_comes_at_once_and_then_what_the_chip_proved(
    reader: CardReader, hand: SecureHand, office: NearHolder, kind: str, technology: Technology,
) -> None:
    issue(hand, office, kind, technology)
    assert done_later(reader, hand) == [
        (NUMBER, CardTier.NUMBER), (NUMBER, CardTier.SHARED_SECRET)]
    assert reader.wait(STAYS_S) is None


def done_later(reader: CardReader, hand: SecureHand) -> list[tuple[str, CardTier]]:
    hand.tell("again")
    first = reader.wait(SEEN_S)
    second = reader.wait(0)
    return [(tap.number, tap.tier) for tap in (first, second) if tap]


def test_a_tap_of_an_ntag_424_carries_its_code(reader: CardReader, hand: SecureHand, office: NearHolder) -> None:
    issue(hand, office, "ntag424", NTAG424)
    hand.tell("again")
    tap = reader.wait(SEEN_S)
    assert tap is not None
    assert (tap.medium, tap.evidence, tap.uid) == (Medium.CHIP, Evidence.NDEF, UID)
    [proof] = tap.proofs
    assert proof.kind is ProofKind.SUN
    assert office.check_sun(NUMBER, proof.content) == Verdict(Outcome.PROVEN)
    assert office.check_sun(NUMBER, proof.content) == Verdict(Outcome.REFUSED, ErrorCode.CARD_REPLAYED)


@KINDS
def test_without_head_office_the_card_stays_what_it_was(
    reader: CardReader, hand: SecureHand, office: NearHolder, kind: str, technology: Technology,
) -> None:
    issue(hand, office, kind, technology)
    office.offline = True
    assert done_later(reader, hand) == [(NUMBER, CardTier.NUMBER)]
    assert office.asked[-1] in {"AUTHENTICATE", "SUN"}
    assert reader.wait(STAYS_S) is None


def test_a_chip_head_office_never_made_is_its_number(reader: CardReader, hand: SecureHand, office: NearHolder) -> None:
    hand.insert(UID, "desfire")
    assert reader.wait(SEEN_S) == Tap(DEVICE.path, Medium.NFC_UID, UID)
    assert reader.wait(STAYS_S) is None
    assert office.asked == ["AUTHENTICATE"]


def test_a_blank_chip_with_a_copied_address_is_forged(reader: CardReader, hand: SecureHand, office: NearHolder) -> None:
    issue(hand, office, "ntag424", NTAG424)
    hand.insert(UID, "ntag424", b"".join(ndef.message_encoder([ndef.UriRecord(tapped(NUMBER, UID))])))
    tap = reader.wait(SEEN_S)
    assert tap is not None
    assert (tap.number, tap.tier) == (NUMBER, CardTier.NUMBER)
    assert fault_of(reader).code is ErrorCode.CARD_FORGED
    assert reader.wait(STAYS_S) is None


def fault_of(reader: CardReader) -> StationError:
    with pytest.raises(StationError) as caught:
        reader.wait(0)
    return caught.value


def test_a_code_on_a_tag_without_keys_is_checked_online(reader: CardReader, hand: SecureHand, office: NearHolder) -> None:
    issue(hand, office, "ntag424", NTAG424)
    hand.tell("again")
    genuine = reader.wait(SEEN_S)
    assert genuine is not None
    address = tapped(NUMBER, UID).partition("?")[0]
    content = genuine.proofs[0].content.hex().upper()
    copied = f"{address}?u={content[:14]}&n={content[14:20]}&m={content[20:]}"
    reader.wait(0)
    for expected in (CardTier.CHANGING_CODE, ErrorCode.CARD_REPLAYED):
        hand.swap(UID, "type4", b"".join(ndef.message_encoder([ndef.UriRecord(copied)])))
        assert reader.wait(SEEN_S) is not None
        if isinstance(expected, ErrorCode):
            assert fault_of(reader).code is expected
        else:
            told = reader.wait(0)
            assert told is not None
            assert told.tier is expected


@KINDS
@pytest.mark.parametrize("count", [0, 1, 3, 5])
def test_a_card_pulled_away_while_it_proves_itself_proves_nothing(
    reader: CardReader, hand: SecureHand, office: NearHolder, kind: str, technology: Technology, count: int,
) -> None:
    issue(hand, office, kind, technology)
    hand.tell("again")
    assert reader.wait(SEEN_S) is not None
    hand.pull_after(count)
    assert reader.wait(0) is None
    hand.again()
    assert reader.wait(SEEN_S) is not None
    told = reader.wait(0)
    assert told is not None
    assert told.tier is CardTier.SHARED_SECRET


def test_a_card_swapped_while_another_proves_itself_gets_nothing_of_it(
    reader: CardReader, hand: SecureHand, office: NearHolder,
) -> None:
    issue(hand, office, "ntag424", NTAG424, OTHER_UID, OTHER)
    issue(hand, office, "ntag424", NTAG424)
    hand.tell("again")
    tap = reader.wait(SEEN_S)
    assert tap is not None
    assert tap.number == NUMBER
    swapped = False

    def swap() -> None:
        nonlocal swapped
        if not swapped:
            swapped = True
            hand.swap("04A1B2C3D4E5F8", "desfire")

    office.between = swap
    taps = [told for _ in range(3) if (told := reader.wait(1.0))]
    assert [(told.number, told.tier) for told in taps] == [("04A1B2C3D4E5F8", CardTier.NUMBER)]


def test_a_card_that_hangs_while_it_proves_itself_holds_up_the_next_no_longer_than_it_lies(
    reader: CardReader, hand: SecureHand, office: NearHolder, monkeypatch: pytest.MonkeyPatch,
) -> None:
    issue(hand, office, "desfire", EV2)
    hand.tell("again")
    assert reader.wait(SEEN_S) is not None
    monkeypatch.setattr("drivers.readers.pcsc.PROOF_LIMIT_S", 0.5)
    hand.hang()
    begun = monotonic()
    assert reader.wait(0) is None
    assert monotonic() - begun < 2.0
    hand.again()
    assert reader.wait(SEEN_S) is not None
    told = reader.wait(0)
    assert told is not None
    assert told.tier is CardTier.SHARED_SECRET


@KINDS
def test_personalising_that_was_pulled_away_is_finished_later(
    hand: SecureHand, office: NearHolder, kind: str, technology: Technology,
) -> None:
    hand.insert(UID, kind)
    wait_for_card()
    for count in (2, 9, 12, 15):
        hand.pull_after(count)
        # The driver of the virtual reader may as well answer nothing as fail.
        with suppress(StationError):
            assert done(office, CardPurpose.PERSONALISE, technology).refusal is ErrorCode.CARD_UNREADABLE
        assert not office.chips
        hand.again()
        wait_for_card()
    assert done(office, CardPurpose.PERSONALISE, technology) == Verdict(Outcome.DONE)
    assert done(office, CardPurpose.VERIFY, technology) == Verdict(Outcome.PROVEN)
    assert bytes(16) not in hand.held_keys()
