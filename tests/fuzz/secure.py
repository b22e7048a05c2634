"""Chips that lie: every step of head office's scripts, and of a station that recognises a chip, with any answers at all."""

from collections import deque
from collections.abc import Callable

from drivers.apdu import Exchange
from drivers.cards.chip_type import technology_of
from headoffice.cardkeys import desfire, ntag424
from headoffice.cardkeys.apdu import CardRefusedError
from headoffice.cardkeys.scripts import GOOD, Chip, Random, Script
from headoffice.cardkeys.store import MasterKeys, Role
from station.card_task import Technology
from tests.fuzz.refusals import refused
from tests.rigs.secure_chips import Desfire, Ntag424, SecureChip
from tests.rigs.talk import HOST, NUMBER, UID

_KEYS = MasterKeys(1, {role: bytes((place + 1,)) * 16 for place, role in enumerate(Role)})
_RAW = bytes.fromhex(UID)
_WAYS: tuple[tuple[Technology, Callable[[Chip, Random], Script]], ...] = (
    (Technology.NTAG424, ntag424.authenticate), (Technology.NTAG424, ntag424.personalise), (Technology.NTAG424, ntag424.verify),
    (Technology.DESFIRE_EV1, desfire.authenticate), (Technology.DESFIRE_EV1, desfire.personalise),
    (Technology.DESFIRE_EV1, desfire.verify), (Technology.DESFIRE_EV2, desfire.authenticate),
    (Technology.DESFIRE_EV2, desfire.personalise), (Technology.DESFIRE_EV2, desfire.verify))
_STATUS_BYTES = 2


def scripts(data: bytes) -> None:
    """Which script, then what the chip answers, each answer after a byte with its length; only refusals come of it."""
    if not data:
        return
    answers = deque(data[1:])

    def transmit(_command: bytes) -> bytes:
        length = answers.popleft() if answers else 0
        return bytes(answers.popleft() for _ in range(min(length, len(answers))))

    _spoken(data[0] % len(_WAYS), transmit)
    answers = deque(data[1:])
    refused(technology_of, Exchange(transmit))


def _spoken(way: int, transmit: Callable[[bytes], bytes]) -> bool:
    """Have the script ``way`` spoken, and return whether it came to its end."""
    technology, begin = _WAYS[way]
    chip = Chip(technology, 1, {1: _KEYS.of_card(technology, _RAW)}, NUMBER, HOST)
    script = begin(chip, bytes)
    answers: list[bytes] = []
    try:
        commands = next(script)
        while True:
            answers = []
            for command in commands:
                answers.append(transmit(command))
                if int.from_bytes(answers[-1][-_STATUS_BYTES:], "big") not in GOOD:
                    break
            commands = script.send(tuple(answers))
    except StopIteration:
        return True
    except CardRefusedError:
        return False


def _recorded() -> tuple[bytes, ...]:
    """Return what genuine chips answer to each script: the challenge of head office is always the same here."""
    made: dict[Technology, SecureChip] = {}
    seeds = []
    for way in (1, 0, 2, 4, 3, 5, 7, 6, 8):
        technology = _WAYS[way][0]
        chip = made.setdefault(technology, Ntag424(_RAW) if technology is Technology.NTAG424 else Desfire(_RAW))
        heard = bytearray((way,))

        def transmit(command: bytes, chip: SecureChip = chip, heard: bytearray = heard) -> bytes:
            said = chip.answer(command)
            heard.extend(bytes((len(said),)) + said)
            return said

        assert _spoken(way, transmit)
        seeds.append(bytes(heard))
    return tuple(seeds)


SCRIPTS = _recorded()
