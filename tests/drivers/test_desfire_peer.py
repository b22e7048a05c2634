"""python-desfire, written by others, and our virtual DESFire, our scripts and its: each pair understands each other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desfire import DESFire, DESFireKey, diversify_key
from desfire.enums import DESFireKeyType
from desfire.exceptions import DESFireAuthException, DESFireCommunicationError
from desfire.schemas import KeySettings

from drivers.pcsc_calls import pyscard
from headoffice.cardkeys.desfire import AID, FILE_NUMBER
from headoffice.cardkeys.store import Role
from station.card_task import CardPurpose, Outcome, Technology, Verdict
from station.errors import ErrorCode
from tests.drivers.test_pcsc_proof import NUMBER, UID, done, wait_for_card
from tests.rigs.near_holder import NearHolder
from tests.rigs.pcscd import READER, PcscService, wait_until_empty
from tests.rigs.secure_hand import SecureHand

pytestmark = [pytest.mark.pcsc, pytest.mark.timeout(60, func_only=True)]
EV1, EV2 = Technology.DESFIRE_EV1, Technology.DESFIRE_EV2
AES = KeySettings(key_type=DESFireKeyType.DF_KEY_AES)


@pytest.fixture
def hand(pcsc: PcscService) -> Iterator[SecureHand]:
    assert pcsc
    wait_until_empty()
    with SecureHand() as hand:
        hand.insert(UID, "desfire")
        wait_for_card()
        yield hand


@pytest.fixture
def office(tmp_path: Path) -> NearHolder:
    return NearHolder(tmp_path)


@pytest.fixture
def peer(hand: SecureHand) -> Iterator[Any]:
    """The other's reader, with our application selected when there is one."""
    assert hand
    scard = pyscard()
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, card, _ = scard.SCardConnect(context, READER, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1)

    class Wire:
        """The card on the reader. pyscard's own connection, which its device wants, stumbles when it is thrown away."""

        def transceive(self, bytes: list[int]) -> list[int]:  # noqa: A002 (its name)
            result, answer = scard.SCardTransmit(card, scard.SCARD_PCI_T1, bytes)
            assert result == scard.SCARD_S_SUCCESS
            return list(answer)

    yield DESFire(Wire())
    scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)


def peer_key(office: NearHolder, role: Role, number: int) -> Any:
    """A key of the chip as the other diversifies it."""
    masters = office.store.newest()
    diversifier = b"\x01" + bytes.fromhex(UID) + AID + masters.system.encode() + bytes([number])
    return DESFireKey(AES, bytes(diversify_key(list(masters.keys[role]), list(diversifier), pad_to_32=True)))


@pytest.mark.parametrize("technology", [EV1, EV2])
def test_the_other_reads_and_authenticates_a_chip_we_made(office: NearHolder, peer: Any, technology: Technology) -> None:
    assert done(office, CardPurpose.PERSONALISE, technology) == Verdict(Outcome.DONE)
    peer.select_application(list(AID[::-1]))
    settings = peer.get_file_settings(FILE_NUMBER)
    assert bytes(peer.read_file_data(FILE_NUMBER, settings)).rstrip(b"\xff") == NUMBER.encode()
    for role, number in ((Role.MASTER, 0), (Role.PROOF, 1)):
        peer.select_application(list(AID[::-1]))
        peer.authenticate(number, peer_key(office, role, number))
        assert peer.is_authenticated
    peer.select_application(list(AID[::-1]))
    with pytest.raises((DESFireAuthException, DESFireCommunicationError)):
        peer.authenticate(1, DESFireKey(AES, bytes(range(16))))


@pytest.mark.parametrize("technology", [EV1, EV2])
def test_we_authenticate_a_chip_whose_key_the_other_changed(office: NearHolder, peer: Any, technology: Technology) -> None:
    assert done(office, CardPurpose.PERSONALISE, technology) == Verdict(Outcome.DONE)
    ours, theirs = peer_key(office, Role.PROOF, 1), DESFireKey(AES, bytes(range(16)))

    def change(held: Any, new: Any) -> None:
        peer.select_application(list(AID[::-1]))
        peer.authenticate(0, peer_key(office, Role.MASTER, 0))
        peer.change_key(1, held, new, 1)

    change(ours, theirs)
    assert done(office, CardPurpose.AUTHENTICATE, technology).refusal is ErrorCode.CARD_FORGED
    change(theirs, ours)
    assert done(office, CardPurpose.AUTHENTICATE, technology) == Verdict(Outcome.PROVEN)
