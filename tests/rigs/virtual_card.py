"""A contactless card made of software: a program of its own, which ``tests.rigs.hand`` commands.

The card speaks to the ``vpcd`` reader driver of vsmartcard over TCP: every message both ways is a
2-byte big-endian length and a body; a body of one byte below 3 is power off, power on or reset
(no answer), 4 asks for the ATR, anything else is a command APDU. Connected means inserted.

It must run in a process of its own: a PC/SC client that exits makes the service power the card
down, which talks to the card, and a card living in that client would be waited for for ever.

Run ``python tests/rigs/virtual_card.py --port 35963`` and write commands to its standard input,
one a line; each is answered by a line ``ok …`` or ``no <reason>``::

    in <kind> <uid> [<content>]   put a card on the reader; UID and content are hexadecimal
    out                           take it away; what hang or garbage asked for ends here
    hang                          this card, or the next one, never answers a command again
    garbage <hex>                 this card, or the next one, answers every command with these bytes
    heard                         answer with the commands the last card was sent, hexadecimal
    quit                          out, and end (so does the end of the input)

Kinds, and what their content is: ``ntag`` and ``type4`` (an NDEF message), ``classic``; cards in a
slot: ``file`` and ``file_t0`` (the club's file; T=1 and T=0); bank cards: ``emv``, ``emv_contact``
and ``cobranded`` (the club's file); ``phone`` (Apple's wallet). UIDs have 4, 7 or 10 bytes.
"""

import argparse
import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable

PORT = 35963
CONNECT_LIMIT_S = 10.0
NTAG_ATR = bytes.fromhex("3B8F8001804F0CA0000003060300030000000068")
CLASSIC_ATR = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
CHIP_ATR = bytes.fromhex("3B80800101")
CONTACT_T1_ATR = bytes.fromhex("3B800181")
CONTACT_T0_ATR = bytes.fromhex("3B00")
POWER_OFF, POWER_ON, RESET, ASK_ATR = 0, 1, 2, 4
OK = b"\x90\x00"
NOT_SUPPORTED = b"\x6a\x81"
UNKNOWN_INSTRUCTION = b"\x6d\x00"
NOT_FOUND = b"\x6a\x82"
FAILED = b"\x63\x00"
BEYOND_END = b"\x6b\x00"
PAGE_BYTES = 4
BLOCK_BYTES = 16
PPSE, PSE, WALLET = b"2PAY.SYS.DDF01", b"1PAY.SYS.DDF01", b"OSE.VAS.01"
NDEF_APPLICATION = bytes.fromhex("D2760000850101")
CLUB_APPLICATION, CLUB_FILE = bytes.fromhex("F0636C7562"), bytes.fromhex("EF01")
VISA = bytes.fromhex("A0000000031010")
CAPABILITIES = bytes.fromhex("000F20003B00340406E10401000000")
BANK_NUMBER = "4111111111111111"
"""A test number of the payment industry; the bank cards here give it to whoever asks for it."""


def tlv(tag: str, value: bytes) -> bytes:
    """Return a BER-TLV with this hexadecimal tag and a value below 128 bytes."""
    return bytes.fromhex(tag) + bytes([len(value)]) + value


def fci(name: bytes, proprietary: bytes = b"") -> bytes:
    """Return the file control information of an application."""
    return tlv("6F", tlv("84", name) + tlv("A5", proprietary))


PPSE_FCI = fci(PPSE, tlv("BF0C", tlv("61", tlv("4F", VISA) + tlv("50", b"VISA DEBIT") + tlv("87", b"\x01"))))
PSE_FCI = fci(PSE, tlv("88", b"\x01"))
WALLET_FCI = bytes.fromhex("6F1D50084170706C655061799F210201009F2404E9CAEDE39F23040000003E")


class Card:
    """A card: its ATR and what it answers. ``heard`` holds the commands it was sent."""

    atr = CHIP_ATR

    def __init__(self, uid: bytes) -> None:
        """Make the card with this UID."""
        self.uid = uid
        self.heard: list[bytes] = []

    def answer(self, command: bytes) -> bytes | None:
        """Return the response APDU to a command APDU; None when the card is pulled away instead."""
        return self.other(command)

    def other(self, command: bytes) -> bytes:
        """Return the answer to what every card is asked, and to what none knows."""
        if command[:2] == b"\xff\xca":
            return self.uid + OK if command[2:4] == b"\0\0" else NOT_SUPPORTED
        return UNKNOWN_INSTRUCTION


class Ntag(Card):
    """What an NTAG213 on a contactless PC/SC reader answers (PC/SC part 3, 3.2.2; NXP NTAG213/215/216, 8.5)."""

    atr = NTAG_ATR

    def __init__(self, uid: bytes, message: bytes) -> None:
        """Make the tag with this NDEF message, empty without one."""
        super().__init__(uid)
        first, last = uid[:3], uid[3:7].ljust(4, b"\0")
        check_first = 0x88 ^ first[0] ^ first[1] ^ first[2]
        check_last = last[0] ^ last[1] ^ last[2] ^ last[3]
        head = first + bytes([check_first]) + last + bytes([check_last, 0x48, 0, 0])
        area = bytes([3, len(message)]) + message + b"\xfe"
        self._memory = (head + bytes.fromhex("E1101200") + area).ljust(180, b"\0")

    def answer(self, command: bytes) -> bytes:
        if command[:2] == b"\xff\xb0":
            start, wanted = command[3] * PAGE_BYTES, command[-1]
            held = self._memory[start:start + wanted]
            return held + OK if len(held) == wanted else NOT_SUPPORTED
        return self.other(command)


class Classic(Card):
    """A MIFARE Classic without its key: blocks cannot be read."""

    atr = CLASSIC_ATR

    def answer(self, command: bytes) -> bytes:
        return FAILED if command[:2] == b"\xff\xb0" else self.other(command)


class Chip(Card):
    """A processor card with applications (their FCI) and files (by application, then id); ``file`` is the selected one."""

    def __init__(
        self, uid: bytes, applications: dict[bytes, bytes], files: dict[bytes, dict[bytes, bytes]] | None = None,
        atr: bytes = CHIP_ATR,
    ) -> None:
        """Make the card; nothing is selected."""
        super().__init__(uid)
        self.atr = atr
        self._applications = applications
        self._files = files or {}
        self._selected: dict[bytes, bytes] = {}
        self.file = b""
        self._waiting = b""

    def answer(self, command: bytes) -> bytes:
        if self.atr != CHIP_ATR and command[0] == 0xFF:
            return UNKNOWN_INSTRUCTION
        if command[:3] == b"\x00\xa4\x04":
            return self._select(command[5:5 + command[4]])
        if command[:3] == b"\x00\xa4\x00":
            self.file = self._selected.get(command[5:7], b"")
            return OK if self.file else NOT_FOUND
        if command[:2] == b"\x00\xb0":
            start = int.from_bytes(command[2:4], "big")
            return self.file[start:start + (command[4] or 256)] + OK if start < len(self.file) else BEYOND_END
        if command[:2] == b"\x00\xc0":
            return self._waiting[:command[4]] + OK
        return self.other(command)

    def _select(self, name: bytes) -> bytes:
        if name not in self._applications:
            return NOT_FOUND
        self._selected = self._files.get(name, {})
        held = self._applications[name]
        if self.atr != CONTACT_T0_ATR or not held:
            return held + OK
        self._waiting = held
        return bytes([0x61, len(held)])


class Bank(Chip):
    """A bank card that would give its number to READ RECORD and its track to GET PROCESSING OPTIONS."""

    def answer(self, command: bytes) -> bytes:
        number = bytes.fromhex(BANK_NUMBER)
        if command[:2] == b"\x00\xb2":
            return tlv("70", tlv("5A", number)) + OK
        if command[:2] == b"\x80\xa8":
            return tlv("77", tlv("57", number + bytes.fromhex("D2512201"))) + OK
        return super().answer(command)


Sound = Ntag | Classic | Chip
"""A card that always answers."""


def made(kind: str, uid: bytes, content: bytes) -> Sound:
    """Return a new card. Raises ``KeyError`` for a kind there is none of."""
    club = {CLUB_APPLICATION: {CLUB_FILE: content}}
    has_club = {CLUB_APPLICATION: fci(CLUB_APPLICATION)}
    ndef = {NDEF_APPLICATION: {
        b"\xe1\x03": CAPABILITIES, b"\xe1\x04": len(content).to_bytes(2, "big") + content}}
    kinds: dict[str, Callable[[], Sound]] = {
        "ntag": lambda: Ntag(uid, content),
        "classic": lambda: Classic(uid),
        "type4": lambda: Chip(uid, {NDEF_APPLICATION: b""}, ndef),
        "file": lambda: Chip(uid, has_club, club, CONTACT_T1_ATR),
        "file_t0": lambda: Chip(uid, has_club, club, CONTACT_T0_ATR),
        "emv": lambda: Bank(uid, {PPSE: PPSE_FCI}),
        "emv_contact": lambda: Bank(uid, {PSE: PSE_FCI}, atr=CONTACT_T0_ATR),
        "cobranded": lambda: Bank(uid, {PPSE: PPSE_FCI, **has_club}, club),
        "phone": lambda: Chip(uid, {WALLET: WALLET_FCI}),
    }
    return kinds[kind]()


class Slot:
    """The reader's slot: at most one card in it, served on a thread of its own."""

    def __init__(self, port: int) -> None:
        """Remember the loopback ``port`` of the reader; nothing is inserted."""
        self._port = port
        self._link: socket.socket | None = None
        self._server: threading.Thread | None = None
        self.card: Card | None = None
        self.silent = False
        self.garbage: bytes | None = None

    def insert(self, card: Card) -> None:
        """Put ``card`` in. Raises ``OSError`` when the reader does not take it."""
        link = socket.create_connection(("127.0.0.1", self._port), CONNECT_LIMIT_S)
        link.settimeout(None)
        self._link = link
        self.card = card
        self._server = threading.Thread(target=self._serve, args=(link, card), daemon=True)
        self._server.start()

    def remove(self) -> None:
        """Take the card out, if there is one."""
        if self._link is not None:
            with contextlib.suppress(OSError):
                self._link.shutdown(socket.SHUT_RDWR)
            self._link.close()
            self._link = None
        if self._server is not None:
            self._server.join()
            self._server = None
        self.silent, self.garbage = False, None

    def _serve(self, link: socket.socket, card: Card) -> None:
        with contextlib.suppress(OSError):
            while (command := _receive(link)) is not None:
                if len(command) == 1 and command[0] in {POWER_OFF, POWER_ON, RESET}:
                    continue
                if command == bytes([ASK_ATR]):
                    _send(link, card.atr)
                    continue
                card.heard.append(command)
                if self.silent:
                    continue
                answer = card.answer(command) if self.garbage is None else self.garbage
                if answer is None:
                    link.shutdown(socket.SHUT_RDWR)
                    return
                _send(link, answer)


def _receive(link: socket.socket) -> bytes | None:
    """Return the next message, or None when the reader is gone."""
    header = _exactly(link, 2)
    return _exactly(link, struct.unpack(">H", header)[0]) if header else None


def _exactly(link: socket.socket, wanted: int) -> bytes:
    """Return ``wanted`` bytes, or nothing when the reader is gone."""
    held = b""
    while len(held) < wanted:
        # The driver sends length and body apart; without this each waits 40 ms for the other's ACK.
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = link.recv(wanted - len(held))
        if not piece:
            return b""
        held += piece
    return held


def _send(link: socket.socket, body: bytes) -> None:
    link.sendall(struct.pack(">H", len(body)) + body)


def obey(slot: Slot, line: str) -> str:
    """Carry out one command and return its answer line."""
    word, *rest = line.split()
    answer = ""
    try:
        if word in {"out", "quit"}:
            slot.remove()
        elif word == "in":
            kind, uid, content = (*rest, "")[:3]
            slot.insert(made(kind, bytes.fromhex(uid), bytes.fromhex(content)))
        elif word == "hang":
            slot.silent = True
        elif word == "garbage":
            slot.garbage = bytes.fromhex(rest[0])
        elif word == "heard":
            answer = ",".join(each.hex() for each in slot.card.heard) if slot.card else ""
        else:
            return f"no {word}"
    except (OSError, ValueError, LookupError) as fault:
        return f"no {type(fault).__name__} {fault}"
    return f"ok {answer}"


def main(obey: Callable[[Slot, str], str] = obey) -> None:
    """Have standard input obeyed until ``quit`` or its end."""
    parser = argparse.ArgumentParser(description="A software card for the vpcd reader.")
    parser.add_argument("--port", type=int, default=PORT)
    slot = Slot(parser.parse_args().port)
    for line in sys.stdin:
        sys.stdout.write(obey(slot, line) + "\n")
        sys.stdout.flush()
        if line.strip() == "quit":
            return
    slot.remove()


if __name__ == "__main__":
    main()
