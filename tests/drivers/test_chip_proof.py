"""What a chip proves, without a reader: whom it is asked about, what the answer is worth, what is never sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from drivers.apdu import Exchange
from drivers.cards.atr import CardKind
from drivers.chip_proof import proven
from station.card import CardTier, Evidence, Medium, Proof, ProofKind, Tap
from station.card_task import CardPurpose, CardStep, CardTask, Outcome, Technology, Verdict
from station.errors import ErrorCode, StationError

UID, NUMBER = "04A1B2C3D4E5F6", "9364000000000076"
TAP = Tap("pcsc:1", Medium.CHIP, NUMBER, Evidence.NDEF, uid=UID)
CODE = replace(TAP, proofs=(Proof(ProofKind.RECORD, b"record"), Proof(ProofKind.SUN, b"code")))
DESFIRE, NTAG, OTHER = "04010112001805", "04040230001105", "04030112001805"
FORGED = Verdict(Outcome.REFUSED, ErrorCode.CARD_FORGED, "SECRET")


@dataclass
class Holder:
    """Head office with one verdict for chips and one for taps; it first has ``commands`` sent."""

    chip: Verdict = field(default_factory=lambda: Verdict(Outcome.UNKNOWN))
    tap: Verdict = field(default_factory=lambda: Verdict(Outcome.UNKNOWN))
    commands: tuple[bytes, ...] = ()
    asked: list[object] = field(default_factory=list)

    def begin(self, task: CardTask) -> CardStep:
        self.asked.append(task)
        return CardStep("s", self.commands) if self.commands else CardStep("s", verdict=self.chip)

    def go_on(self, session: str, answers: Sequence[bytes]) -> CardStep:
        self.asked.append((session, list(answers)))
        return CardStep("s", verdict=self.chip)

    def check_sun(self, number: str, message: bytes) -> Verdict:
        self.asked.append((number, message))
        return self.tap

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        raise NotImplementedError


def chip(version: str = DESFIRE, uid: str = UID) -> tuple[Exchange, list[bytes]]:
    """Return a chip that tells this version, and the commands it was sent."""
    sent: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        sent.append(command)
        if command[:2] == b"\xff\xca":
            return bytes.fromhex(uid) + b"\x90\0"
        if command[:2] == b"\x90\x60":
            return bytes.fromhex(version) + b"\x91\xaf" if version else b"\x6d\0"
        return bytes(14) + b"\x91\0" if command[:2] == b"\x90\xaf" else b"\x91\xae"

    return Exchange(transmit), sent


@pytest.mark.parametrize(("version", "technology"), [
    (DESFIRE, Technology.DESFIRE_EV2), ("04010101001805", Technology.DESFIRE_EV1), (NTAG, Technology.NTAG424)])
def test_a_chip_that_answers_head_office_has_a_secret(version: str, technology: Technology) -> None:
    holder = Holder(chip=Verdict(Outcome.PROVEN))
    assert proven(chip(version)[0], CardKind.CHIP, TAP, holder) == replace(TAP, tier=CardTier.SHARED_SECRET)
    assert holder.asked == [CardTask(CardPurpose.AUTHENTICATE, technology, UID, NUMBER)]


def test_the_uid_is_found_out_where_the_tap_does_not_tell_it() -> None:
    found = proven(chip()[0], CardKind.CHIP, replace(TAP, uid=""), Holder(chip=Verdict(Outcome.PROVEN)))
    assert found == replace(TAP, tier=CardTier.SHARED_SECRET)


@pytest.mark.parametrize(("version", "uid", "kind", "asked"), [
    (DESFIRE, "04A1B2C3D4E5F7", CardKind.CHIP, 0), (OTHER, UID, CardKind.CHIP, 1), ("", UID, CardKind.CHIP, 1),
    (DESFIRE, UID, CardKind.TYPE_2, 1), (DESFIRE, UID, CardKind.CHIP, 2),
], ids=["another", "other-chip", "no-version", "tag", "unknown"])
def test_what_proves_nothing(version: str, uid: str, kind: CardKind, asked: int) -> None:
    holder = Holder()
    assert proven(chip(version, uid)[0], kind, CODE, holder) is None
    assert len(holder.asked) == asked


def test_a_random_uid_is_nobody_s() -> None:
    holder = Holder(chip=Verdict(Outcome.PROVEN))
    assert proven(chip(uid="08A1B2C3")[0], CardKind.CHIP, replace(TAP, uid=""), holder) is None
    assert holder.asked == []


@pytest.mark.parametrize("kind", [CardKind.CHIP, CardKind.TYPE_2])
def test_a_code_that_head_office_knows_changes(kind: CardKind) -> None:
    holder = Holder(tap=Verdict(Outcome.PROVEN))
    assert proven(chip("")[0], kind, CODE, holder) == replace(CODE, tier=CardTier.CHANGING_CODE)
    assert holder.asked == [(NUMBER, b"code")]


@pytest.mark.parametrize("holder", [Holder(chip=FORGED), Holder(tap=FORGED)], ids=["chip", "code"])
def test_a_refusal_is_raised(holder: Holder) -> None:
    with pytest.raises(StationError) as caught:
        proven(chip()[0], CardKind.CHIP, CODE, holder)
    assert (caught.value.code, caught.value.detail) == (ErrorCode.CARD_FORGED, {"reason": "SECRET"})


def test_answers_go_up_to_the_first_that_is_not_good() -> None:
    holder = Holder(commands=(b"\x90\xaf\0\0\0", b"\x90\x71\0\0\0", b"\x90\x72\0\0\0"))
    exchange, sent = chip()
    proven(exchange, CardKind.CHIP, TAP, holder)
    assert holder.asked[1:] == [("s", [bytes(14) + b"\x91\0", b"\x91\xae"])]
    assert b"\x90\x72\0\0\0" not in sent


@pytest.mark.parametrize("command", [b"\xff\0\0\0\0", b"\xff\xd6\0\4\4abcd", b"\x80\xa8\0\0\0"])
def test_a_command_for_the_reader_or_a_bank_card_is_never_sent(command: bytes) -> None:
    exchange, sent = chip()
    with pytest.raises(StationError) as caught:
        proven(exchange, CardKind.CHIP, TAP, Holder(commands=(command,)))
    assert caught.value.code is ErrorCode.ANSWER_INVALID
    assert command not in sent
