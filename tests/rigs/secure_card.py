"""Chips with keys on the virtual reader: what ``tests.rigs.virtual_card`` puts on it, and more commands.

Run ``python -m tests.rigs.secure_card --port PORT``; beside the commands of ``virtual_card.py``::

    in ntag424|desfire <uid> [<message>]   put a chip fresh from the factory on the reader, with this NDEF message
    again                                  put the chip that was taken away back as it is
    pull <count>                           the chip is taken away when so many commands more have come, unanswered
    keys                                   answer with the keys on the chip, hexadecimal
"""

from tests.rigs import virtual_card
from tests.rigs.secure_chips import Desfire, Ntag424, SecureChip
from tests.rigs.virtual_card import Card, Slot


class Laid(Card):
    """A chip as the slot knows cards."""

    def __init__(self, chip: SecureChip) -> None:
        """Lay ``chip`` down."""
        super().__init__(chip.uid)
        self.chip = chip
        self.pulled_after: int | None = None

    def answer(self, command: bytes) -> bytes | None:
        if self.pulled_after is not None:
            self.pulled_after -= 1
            if self.pulled_after < 0:
                return None
        return self.chip.answer(command)


def made(kind: str, uid: bytes, message: bytes) -> SecureChip:
    """Return a new chip."""
    return Ntag424(uid, message) if kind == "ntag424" else Desfire(uid)


def obey(slot: Slot, line: str) -> str:
    """Carry out one command and return its answer line."""
    word, *rest = line.split()
    card = slot.card
    try:
        if word == "in" and rest[0] in {"ntag424", "desfire"}:
            slot.insert(Laid(made(rest[0], bytes.fromhex(rest[1]), bytes.fromhex("".join(rest[2:])))))
        elif isinstance(card, Laid) and word == "again":
            slot.remove()
            card.pulled_after = None
            slot.insert(card)
        elif isinstance(card, Laid) and word == "pull":
            card.pulled_after = int(rest[0])
        elif isinstance(card, Laid) and word == "keys":
            return f"ok {','.join(key.hex() for key in _keys(card.chip))}"
        else:
            return virtual_card.obey(slot, line)
    except (OSError, ValueError, LookupError) as fault:
        return f"no {type(fault).__name__} {fault}"
    return "ok"


def _keys(chip: SecureChip) -> list[bytes]:
    if isinstance(chip, Desfire):
        return [key for each in chip.applications.values() for key in each.keys.values]
    return chip.keys.values


if __name__ == "__main__":
    virtual_card.main(obey)
