"""A contactless card made of software, on the air that nfcpy keeps on UDP ("udp:127.0.0.1:PORT").

Datagrams are "<bit rate and technology> <hexadecimal bytes>", without CRC, or "RFOFF". Run
``python tests/rigs/udp_tag.py`` and write commands to its standard input, one a line; each is
answered by a line ``ok …`` or ``no <reason>``::

    port                            answer with the UDP port
    in <kind> <uid> [<ndef>]        put a card in the field: kind type2, classic, type4, bank, phone with a
                                    UID of 4 or 7 bytes; felica with an IDm of 8; NDEF message; hexadecimal
    swap <kind> <uid> [<ndef>]      the same, once the reader has seen the card in the field go
    out                             take it away
    hang                            this card, or the next one, answers nothing once it is selected
    garbage <hex>                   this card, or the next one, answers everything so once selected
    heard                           answer with the APDUs the card was sent, hexadecimal
    quit                            end (so does the end of the input)

Rules: ISO/IEC 14443-3 (selection) and -4 (blocks), NFC Forum Type 2, Type 3 and Type 4 Tag specifications,
JIS X 6319-4 (FeliCa's polling and reading without encryption; a FeliCa Lite-S by its PMm).
"""

import argparse
import functools
import operator
import os
import select
import socket
import sys
import time

READ_BYTES = 4096
SWAP_LIMIT_S = 5.0
CASCADE = 0x88
SAK = {"type2": 0x00, "classic": 0x08, "type4": 0x20, "bank": 0x20, "phone": 0x20}
ATS = bytes.fromhex("0578807002")
OK = b"\x90\x00"
NOT_FOUND = b"\x6a\x82"
NDEF_APPLICATION = bytes.fromhex("D2760000850101")
CAPABILITIES = bytes.fromhex("000F20003B00340406E10401000000")
APPLICATIONS = {"bank": {b"2PAY.SYS.DDF01"}, "phone": {b"2PAY.SYS.DDF01", b"OSE.VAS.01"}}
NTAG213 = bytes.fromhex("0004040201000F03")
PAGE_BYTES = 4
BLOCK_BYTES = 16
LITE_S = bytes.fromhex("00F1000000FF4300")
"""A FeliCa Lite-S that asks for time to read, so that a busy machine can answer for it."""
NDEF_SYSTEM, ANY_SYSTEM = bytes.fromhex("12FC"), bytes.fromhex("FFFF")
OTHER_SYSTEM = bytes.fromhex("88B4")
NDEF_SERVICE = bytes.fromhex("0B00")
AT_ONCE = 4


class Card:
    """A card in the field: idle until it is selected, idle again when the field is cut."""

    def __init__(self, kind: str, uid: bytes, ndef: bytes) -> None:
        """Make a card of one of the ``SAK`` kinds."""
        self._kind = kind
        self._is_selected = False
        levels = [uid] if len(uid) == PAGE_BYTES else [bytes([CASCADE]) + uid[:3], uid[3:]]
        self._levels = [level + bytes([functools.reduce(operator.xor, level)]) for level in levels]
        self._memory = self._pages(uid.ljust(7, b"\0"), ndef)
        self._files = {b"\xe1\x03": CAPABILITIES, b"\xe1\x04": len(ndef).to_bytes(2, "big") + ndef}
        self._has_ndef = bool(ndef)
        self._file = b""
        self.apdus: list[bytes] = []

    @staticmethod
    def _pages(uid: bytes, ndef: bytes) -> bytes:
        """Return an NTAG213's 180 bytes with this NDEF message (NXP NTAG213/215/216, 8.5)."""
        first = functools.reduce(operator.xor, uid[:3], CASCADE)
        last = functools.reduce(operator.xor, uid[3:])
        head = uid[:3] + bytes([first]) + uid[3:] + bytes([last, 0x48, 0, 0]) + bytes.fromhex("E1101200")
        return (head + bytes([3, len(ndef)]) + ndef + b"\xfe").ljust(180, b"\0")

    def deselect(self) -> None:
        """Lose the field."""
        self._is_selected = False

    @property
    def is_selected(self) -> bool:
        """Whether the reader talks to this card."""
        return self._is_selected

    def select(self, command: bytes) -> bytes:
        """Return the answer to a command of the selection, nothing to any other."""
        if command == b"\x26":
            return b"\x44\x00" if len(self._levels) > 1 else b"\x04\x00"
        for level, (prefix, part) in enumerate(zip((0x93, 0x95), self._levels, strict=False)):
            is_last = level == len(self._levels) - 1
            if command == bytes([prefix, 0x20]):
                return part
            if command == bytes([prefix, 0x70]) + part:
                self._is_selected = is_last
                return bytes([SAK[self._kind] if is_last else 0x04])
        return b""

    def answer(self, command: bytes) -> bytes:
        """Return the answer to a command after the selection; an empty one is silence."""
        if self._kind == "type2":
            return self._type2(command)
        return b"" if self._kind == "classic" else self._blocks(command)

    def _type2(self, command: bytes) -> bytes:
        if command[0] == 0x30:
            start = command[1] * PAGE_BYTES
            return (self._memory + self._memory)[start:start + 4 * PAGE_BYTES]
        if command[0] == 0x60:
            return NTAG213
        self.deselect()
        return b""

    def _blocks(self, block: bytes) -> bytes:
        if block[0] == 0xE0:
            return ATS
        if block[0] & 0xF6 == 0xB2:
            return bytes([0xA2 | block[0] & 1])
        if block[0] & 0xE2 == 0x02:
            self.apdus.append(block[1:])
            return block[:1] + self._apdu(block[1:])
        return b""

    def _apdu(self, apdu: bytes) -> bytes:
        if apdu[:3] == b"\x00\xa4\x04":
            name = apdu[5:5 + apdu[4]]
            known = APPLICATIONS.get(self._kind, set()) | ({NDEF_APPLICATION} if self._has_ndef else set())
            return OK if name in known else NOT_FOUND
        if apdu[:3] == b"\x00\xa4\x00":
            self._file = self._files.get(apdu[5:7], b"")
            return OK if self._file else NOT_FOUND
        if apdu[:2] == b"\x00\xb0":
            start = int.from_bytes(apdu[2:4], "big")
            return self._file[start:start + (apdu[4] or 256)] + OK
        return b"\x6d\x00"


class Felica:
    """A FeliCa card: any reader may poll it and read the blocks of service 000B, four at a time."""

    def __init__(self, idm: bytes, ndef: bytes) -> None:
        """Make a card with this IDm; without a message it has no NDEF system."""
        self._idm = idm
        self._system = NDEF_SYSTEM if ndef else OTHER_SYSTEM
        head = bytes([0x10, AT_ONCE, 1, 0, 13, 0, 0, 0, 0, 0, 1]) + len(ndef).to_bytes(3, "big")
        content = head + sum(head).to_bytes(2, "big") + ndef
        self._content = content.ljust(14 * BLOCK_BYTES, b"\0")
        self.is_selected = False
        self.apdus: list[bytes] = []

    def deselect(self) -> None:
        """Lose the field."""
        self.is_selected = False

    def answer(self, frame: bytes) -> bytes:
        """Return the answer to a frame, nothing to one that is not for this card."""
        command, data = frame[1], frame[2:]
        if command == 0x00 and data[:2] in {ANY_SYSTEM, self._system}:
            self.is_selected = True
            return self._framed(0x01, LITE_S + (self._system if data[2] == 1 else b""))
        if command == 0x06 and data[:8] == self._idm:
            return self._framed(0x07, self._read(data[8:]))
        return b""

    def _read(self, asked: bytes) -> bytes:
        """Return status flags and blocks: one service, block list elements of two bytes."""
        self.apdus.append(asked)
        if asked[:3] != b"\x01" + NDEF_SERVICE or self._system != NDEF_SYSTEM:
            return b"\xff\xa6"
        blocks = asked[5::2]
        if len(blocks) > AT_ONCE or max(blocks) >= len(self._content) // BLOCK_BYTES:
            return b"\xff\xa2"
        told = b"".join(self._content[at * BLOCK_BYTES:(at + 1) * BLOCK_BYTES] for at in blocks)
        return b"\x00\x00" + bytes([len(blocks)]) + told

    def _framed(self, code: int, rest: bytes) -> bytes:
        body = bytes([code]) + self._idm + rest
        return bytes([len(body) + 1]) + body


class Air:
    """The socket, and the card in its field."""

    def __init__(self) -> None:
        """Listen on a free port of the loopback."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self._card: Card | Felica | None = None
        self._is_hung = False
        self._garbage = b""
        self._apdus: list[bytes] = []
        self._unanswered = 0
        self._looked_for = False

    def put_in(self, kind: str, uid: str, ndef: str = "") -> None:
        """Put a card in."""
        card_id, message = bytes.fromhex(uid), bytes.fromhex(ndef)
        self._card = Felica(card_id, message) if kind == "felica" else Card(kind, card_id, message)
        self._apdus = self._card.apdus

    def take_out(self) -> None:
        """Take it out; what hang or garbage asked for ends here."""
        self._card, self._is_hung, self._garbage = None, False, b""

    def swap(self, kind: str, uid: str, ndef: str = "") -> None:
        """Take the card out, if there is one, and put the other in once the reader found the field empty."""
        if self._card is not None:
            self.take_out()
            self._unanswered, self._looked_for = 0, False
            deadline = time.monotonic() + SWAP_LIMIT_S
            while not self._unanswered:
                if not select.select([self.socket], [], [], max(0.0, deadline - time.monotonic()))[0]:
                    message = "the reader does not look"
                    raise OSError(message)
                self.serve()
        self.put_in(kind, uid, ndef)

    def hang(self) -> None:
        """Fall silent once selected."""
        self._is_hung = True

    def garbage(self, answer: str) -> None:
        """Answer everything with these bytes once selected."""
        self._garbage = bytes.fromhex(answer)

    def heard(self) -> str:
        """Return the APDUs of the last card."""
        return ",".join(each.hex() for each in self._apdus)

    def serve(self) -> None:
        """Receive one datagram and answer it."""
        data, sender = self.socket.recvfrom(READ_BYTES)
        technology, _, rest = data.partition(b" ")
        card = self._card
        of_felica = technology == b"212F"
        if technology != b"106A" and not of_felica:
            if card is not None:
                card.deselect()
            return
        command = bytes.fromhex(rest.decode())
        answer = b""
        if isinstance(card, Felica) and of_felica:
            answer = self._felica(card, command)
        elif isinstance(card, Card) and not of_felica:
            answer = self._outcome(card, command)
        elif not of_felica:
            self._looked_for = self._looked_for or command == b"\x26"
        elif self._looked_for:
            # One look at the field asks for the one, then for the other.
            self._unanswered += 1
        if answer:
            self.socket.sendto(technology + b" " + answer.hex().encode(), sender)

    def _felica(self, card: Felica, frame: bytes) -> bytes:
        if card.is_selected and frame[1] != 0x00:
            if self._is_hung:
                return b""
            if self._garbage:
                return self._garbage
        return card.answer(frame)

    def _outcome(self, card: Card, command: bytes) -> bytes:
        if command == b"\x26":
            card.deselect()
        if not card.is_selected:
            return card.select(command)
        if self._is_hung:
            return b""
        return self._garbage or card.answer(command)


def obey(air: Air, line: str) -> str:
    """Carry out one command and return its answer line."""
    word, *arguments = line.split()
    known = {
        "port": lambda: str(air.socket.getsockname()[1]), "in": air.put_in, "swap": air.swap,
        "out": air.take_out, "hang": air.hang, "garbage": air.garbage, "heard": air.heard,
        "quit": air.take_out,
    }
    try:
        answer = known[word](*arguments)  # type: ignore[operator] # as many arguments as the command takes
    except (KeyError, OSError, TypeError, ValueError) as fault:
        return f"no {type(fault).__name__} {fault}"
    return f"ok {answer or ''}"


def main() -> None:
    """Obey standard input and serve the air until ``quit`` or the input's end."""
    argparse.ArgumentParser(description="A contactless card on nfcpy's UDP air.").parse_args()
    air = Air()
    typed = b""
    while True:
        ready = select.select([sys.stdin.fileno(), air.socket], [], [])[0]
        if air.socket in ready:
            air.serve()
        if sys.stdin.fileno() not in ready:
            continue
        received = os.read(sys.stdin.fileno(), READ_BYTES)
        if not received:
            return
        *lines, typed = (typed + received).split(b"\n")
        for line in lines:
            sys.stdout.write(obey(air, line.decode()) + "\n")
            sys.stdout.flush()
            if line.strip() == b"quit":
                return


if __name__ == "__main__":
    main()
