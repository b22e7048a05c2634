"""A contactless card made of software: a program of its own, which ``tests.rigs.hand`` commands.

The card speaks to the ``vpcd`` reader driver of vsmartcard over TCP: every message both ways is a
2-byte big-endian length and a body; a body of one byte below 3 is power off, power on or reset
(no answer), 4 asks for the ATR, anything else is a command APDU. Connected means inserted.

It must run in a process of its own: a PC/SC client that exits makes the service power the card
down, which talks to the card, and a card living in that client would be waited for for ever.

Run ``python tests/rigs/virtual_card.py --port 35963`` and write commands to its standard input,
one a line; each is answered by a line ``ok …`` or ``no <reason>``::

    in <uid>        put the card with this UID (hexadecimal) on the reader
    out             take it away; what hang or garbage asked for ends here
    hang            this card, or the next one, never answers a command again
    garbage <hex>   this card, or the next one, answers every command with these bytes
    quit            out, and end (so does the end of the input)
"""

import argparse
import contextlib
import socket
import struct
import sys
import threading

PORT = 35963
CONNECT_LIMIT_S = 10.0
NTAG_ATR = bytes.fromhex("3B8F8001804F0CA0000003060300030000000068")
POWER_OFF, POWER_ON, RESET, ASK_ATR = 0, 1, 2, 4
OK = b"\x90\x00"
NOT_SUPPORTED = b"\x6a\x81"
UNKNOWN_INSTRUCTION = b"\x6d\x00"
PAGE_BYTES = 4


def ntag_memory(uid: bytes) -> bytes:
    """Return the 180 bytes of an empty NTAG213 with this 7-byte UID (NXP NTAG213/215/216, 8.5)."""
    first, last = uid[:3], uid[3:7]
    check_first = 0x88 ^ first[0] ^ first[1] ^ first[2]
    check_last = last[0] ^ last[1] ^ last[2] ^ last[3]
    head = first + bytes([check_first]) + last + bytes([check_last, 0x48, 0, 0])
    return (head + bytes.fromhex("E1101200" "0300FE00")).ljust(180, b"\0")


class Ntag:
    """What an NTAG on a contactless PC/SC reader answers (PC/SC part 3, 3.2.2)."""

    def __init__(self, uid: bytes) -> None:
        """Make the card with this UID of 4, 7 or 10 bytes."""
        self._uid = uid
        self._memory = ntag_memory(uid.ljust(7, b"\0"))

    def answer(self, command: bytes) -> bytes:
        """Return the response APDU to a command APDU."""
        if command[:2] == b"\xff\xca":
            return self._uid + OK if command[2:4] == b"\0\0" else NOT_SUPPORTED
        if command[:2] == b"\xff\xb0":
            start, wanted = command[3] * PAGE_BYTES, command[-1]
            held = self._memory[start:start + wanted]
            return held + OK if len(held) == wanted else NOT_SUPPORTED
        return UNKNOWN_INSTRUCTION


class Slot:
    """The reader's slot: at most one card in it, served on a thread of its own."""

    def __init__(self, port: int) -> None:
        """Remember the loopback ``port`` of the reader; nothing is inserted."""
        self._port = port
        self._link: socket.socket | None = None
        self._server: threading.Thread | None = None
        self.silent = False
        self.garbage: bytes | None = None

    def insert(self, uid: bytes) -> None:
        """Put the card with ``uid`` in. Raises ``OSError`` when the reader does not take it."""
        link = socket.create_connection(("127.0.0.1", self._port), CONNECT_LIMIT_S)
        link.settimeout(None)
        self._link = link
        self._server = threading.Thread(target=self._serve, args=(link, Ntag(uid)), daemon=True)
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

    def _serve(self, link: socket.socket, card: Ntag) -> None:
        with contextlib.suppress(OSError):
            while (command := _receive(link)) is not None:
                if len(command) == 1 and command[0] in {POWER_OFF, POWER_ON, RESET}:
                    continue
                if command == bytes([ASK_ATR]):
                    _send(link, NTAG_ATR)
                elif not self.silent:
                    _send(link, card.answer(command) if self.garbage is None else self.garbage)


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
    word, _, rest = line.strip().partition(" ")
    try:
        value = bytes.fromhex(rest)
        if word in {"out", "quit"}:
            slot.remove()
        if word == "in":
            slot.insert(value)
        if word == "hang":
            slot.silent = True
        if word == "garbage":
            slot.garbage = value
    except (OSError, ValueError) as fault:
        return f"no {fault}"
    return f"ok {word}" if word in {"in", "out", "hang", "garbage", "quit"} else f"no {word}"


def main() -> None:
    """Obey standard input until ``quit`` or its end."""
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
