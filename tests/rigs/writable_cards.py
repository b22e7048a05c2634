"""Tags made of software that can be written: what ``tests.rigs.virtual_card`` puts on the reader, and more commands.

Run ``python tests/rigs/writable_cards.py --port PORT``; beside the commands of ``virtual_card.py``::

    in <kind> <uid>          put a blank card on the reader
    again                    put the card that was taken away, or pulled, back as it is
    poke <offset> <hex>      change its memory (a tag's from byte 0 on; a processor card's NDEF file)
    memory                   answer with its memory, hexadecimal
    worn <offset>            a write that reaches this byte is refused from now on
    false <offset>           a write that reaches this byte is answered well and turns one bit of it
    tear <count>             the card is pulled when it has carried out so many writes, before it answers
    pull <count>             the card is pulled when one write more than so many reaches it, which it does not carry out

Kinds: ``ntag213``, ``ntag215`` and ``ultralight`` as delivered (NXP NTAG213/215/216 data sheet, 8.5.6 and
8.5.7), ``bare`` (no capability container), ``type4`` (empty), ``read_only`` (a Type 4 that says so).
"""

from tests.rigs import virtual_card
from tests.rigs.virtual_card import (
    BEYOND_END,
    CAPABILITIES,
    FAILED,
    NDEF_APPLICATION,
    NTAG_ATR,
    OK,
    PAGE_BYTES,
    Card,
    Chip,
    Slot,
)

LOCKS_PAGE, CONTAINER_PAGE, FIRST_PAGE = 2, 3, 4
STATIC_END = 16
SECURITY_STATUS = b"\x69\x82"
MEMORY_FAILURE = b"\x65\x81"
CONTENT = {
    "ntag213": ("E1101200", "0103A00C340300FE", 45, 0x28),
    "ntag215": ("E1103E00", "0300FE", 135, 0x82),
    "ultralight": ("E1100600", "0300FE", 16, None),
    "bare": ("00000000", "", 45, 0x28),
}
"""Kind → capability container, data area, pages in all, page of the dynamic lock bytes."""


class Wear:
    """What is wrong with a card's memory, and when the card is pulled away."""

    def __init__(self) -> None:
        """Nothing is."""
        self.worn: set[int] = set()
        self.false: set[int] = set()
        self.tear: int | None = None
        self.pull: int | None = None
        self.writes = 0

    def write(self, memory: bytearray, start: int, data: bytes, failed: bytes) -> bytes | None:
        """Write ``data`` as far as the memory is sound; ``failed`` is the answer of a worn place, None a pulled card."""
        reached = range(start, start + len(data))
        if self.pull is not None and self.writes >= self.pull:
            return None
        self.writes += 1
        if self.worn.intersection(reached):
            return failed
        memory[start:start + len(data)] = bytes(
            byte ^ 0x40 if at in self.false else byte for at, byte in zip(reached, data, strict=True))
        return None if self.tear is not None and self.writes >= self.tear else OK


class WritableTag(Card):
    """An NTAG21x or Ultralight as a contactless PC/SC reader writes it (PC/SC part 3, 3.2.2.1.9; NXP 8.5)."""

    atr = NTAG_ATR

    def __init__(self, uid: bytes, kind: str) -> None:
        """Make the tag as delivered."""
        super().__init__(uid)
        container, area, pages, self._dynamic = CONTENT[kind]
        check_first, check_last = 0x88 ^ uid[0] ^ uid[1] ^ uid[2], uid[3] ^ uid[4] ^ uid[5] ^ uid[6]
        head = uid[:3] + bytes([check_first]) + uid[3:7] + bytes([check_last, 0x48, 0, 0])
        self.memory = bytearray((head + bytes.fromhex(container + area)).ljust(pages * PAGE_BYTES, b"\0"))
        self.wear = Wear()

    def answer(self, command: bytes) -> bytes | None:
        page = int.from_bytes(command[2:4], "big")
        if command[:2] == b"\xff\xb0":
            held = bytes(self.memory[page * PAGE_BYTES:page * PAGE_BYTES + command[-1]])
            return held + OK if len(held) == command[-1] else BEYOND_END
        if command[:2] == b"\xff\xd6":
            return self._update(page, command[5:5 + command[4]])
        return self.other(command)

    def _update(self, page: int, data: bytes) -> bytes | None:
        if page < LOCKS_PAGE or len(data) != PAGE_BYTES or (page + 1) * PAGE_BYTES > len(self.memory):
            return FAILED
        if self._is_locked(page):
            return FAILED
        if page in (LOCKS_PAGE, CONTAINER_PAGE):
            # One-time programmable: bits are only ever set.
            data = bytes(old | new for old, new in zip(self.memory[page * 4:page * 4 + 4], data, strict=True))
        return self.wear.write(self.memory, page * PAGE_BYTES, data, FAILED)

    def _is_locked(self, page: int) -> bool:
        if page < STATIC_END:
            return bool(int.from_bytes(self.memory[10:12], "little") >> page & 1)
        return self._dynamic is not None and any(self.memory[self._dynamic * PAGE_BYTES:self._dynamic * PAGE_BYTES + 3])


class WritableChip(Card):
    """A processor card with an NDEF application whose file takes UPDATE BINARY (ISO/IEC 7816-4, 11.3.5)."""

    def __init__(self, uid: bytes, capabilities: bytes) -> None:
        """Make the card; its NDEF file is empty."""
        files = {b"\xe1\x03": capabilities, b"\xe1\x04": bytes(int.from_bytes(capabilities[11:13], "big"))}
        super().__init__(uid)
        self._chip = Chip(uid, {NDEF_APPLICATION: b""}, {NDEF_APPLICATION: files})
        self._folder = files
        self._locked = bool(capabilities[14])
        self.memory = bytearray(files[b"\xe1\x04"])
        self.wear = Wear()

    def answer(self, command: bytes) -> bytes | None:
        self._folder[b"\xe1\x04"] = bytes(self.memory)
        if command[:2] == b"\x00\xd6":
            if self._locked or self._chip.file != bytes(self.memory):
                return SECURITY_STATUS
            start = int.from_bytes(command[2:4], "big")
            answer = self.wear.write(self.memory, start, command[5:5 + command[4]], MEMORY_FAILURE)
            self._chip.file = bytes(self.memory)
            return answer
        return self._chip.answer(command)


Writable = WritableTag | WritableChip


def blank(kind: str, uid: bytes) -> Writable:
    """Return a new card. Raises ``KeyError`` for a kind there is none of."""
    if kind == "type4":
        return WritableChip(uid, CAPABILITIES)
    if kind == "read_only":
        return WritableChip(uid, CAPABILITIES[:14] + b"\xff")
    return WritableTag(uid, kind)


def obey(slot: Slot, line: str) -> str:
    """Carry out one command and return its answer line."""
    word, *rest = line.split()
    card = slot.card
    try:
        if word == "in":
            slot.insert(blank(rest[0], bytes.fromhex(rest[1])))
        elif isinstance(card, Writable) and word == "again":
            slot.remove()
            card.wear.tear = card.wear.pull = None
            slot.insert(card)
        elif isinstance(card, Writable) and word in CHANGES:
            return f"ok {_change(card, word, rest)}"
        else:
            return virtual_card.obey(slot, line)
    except (OSError, ValueError, LookupError) as fault:
        return f"no {type(fault).__name__} {fault}"
    return "ok"


CHANGES = frozenset(("poke", "memory", "worn", "false", "tear", "pull"))


def _change(card: Writable, word: str, rest: list[str]) -> str:
    if word == "poke":
        data = bytes.fromhex(rest[1])
        card.memory[int(rest[0]):int(rest[0]) + len(data)] = data
    elif word == "worn":
        card.wear.worn.add(int(rest[0]))
    elif word == "false":
        card.wear.false.add(int(rest[0]))
    elif word == "tear":
        card.wear.tear = int(rest[0])
    elif word == "pull":
        card.wear.pull = int(rest[0])
    else:
        return card.memory.hex()
    return ""


if __name__ == "__main__":
    virtual_card.main(obey)
