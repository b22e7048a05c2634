"""Chips that head office speaks with, without a reader between them."""

from collections.abc import Callable, Sequence
from typing import Protocol

from headoffice.cardkeys.service import Begin, CardKeys, Told
from station.card_task import CardPurpose, Outcome, Technology
from tests.rigs.secure_chips import Desfire, Ntag424

UID, OTHER_UID = "04A1B2C3D4E5F6", "04A1B2C3D4E5F7"
NUMBER, HOST = "9364000000000076", "club.example"
GOOD = (b"\x90\x00", b"\x91\x00", b"\x91\xaf")
Spoil = Callable[[int, bytes], bytes | None]
"""Gets the count of an answer and the answer; returns what comes of it, None when the card is pulled away."""


class Answering(Protocol):
    """A chip, or what plays one."""

    def answer(self, command: bytes) -> bytes: ...


class PulledError(Exception):
    """The card was taken away."""


def relayed(chip: Answering, commands: Sequence[bytes], spoil: Spoil, count: int) -> list[bytes]:
    """Return the chip's answers up to the first that is not good, as a station sends them."""
    answers: list[bytes] = []
    for command in commands:
        said = spoil(count + len(answers), chip.answer(command))
        if said is None:
            raise PulledError
        answers.append(said)
        if said[-2:] not in GOOD:
            break
    return answers


def talk(service: CardKeys, begin: Begin, chip: Answering, spoil: Spoil = lambda _, answer: answer) -> Told:
    """Have ``begin`` done with ``chip`` and return how it ended. Raises ``PulledError``."""
    told, count = service.begin(begin), 0
    while told.outcome is None:
        answers = relayed(chip, told.commands, spoil, count)
        count += len(answers)
        following = service.go_on(begin.owner, told.session, answers)
        assert following is not None
        told = following
    return told


def task(purpose: CardPurpose, technology: Technology, uid: str = UID, version: int = 0) -> Begin:
    """Return what a station asks for."""
    return Begin("s1", purpose, technology, uid, version=version, number=NUMBER, host=HOST, card=7, member="m1")


def fresh(technology: Technology, uid: str = UID) -> Ntag424 | Desfire:
    """Return a chip as the factory sells it."""
    raw = bytes.fromhex(uid)
    return Ntag424(raw) if technology is Technology.NTAG424 else Desfire(raw)


def made(service: CardKeys, technology: Technology, uid: str = UID) -> Ntag424 | Desfire:
    """Return a chip of ours."""
    chip = fresh(technology, uid)
    assert talk(service, task(CardPurpose.PERSONALISE, technology, uid), chip).outcome is Outcome.DONE
    return chip
