"""A network printer made of software: a program of its own, which ``tests.rigs.printer_hand`` commands.

It listens on a loopback port, keeps what each connection brought in a file (``0001.bin``, …), and
answers like a printer: DLE EOT at once, even inside a picture, and GS r when all before it is
printed. Its head survives connections: a picture left unfinished by one is finished by the next.

Run ``python -m tests.rigs.printer_sink FOLDER``; it says ``port <number>``. Then write commands to
its standard input, one a line; each is answered by ``ok`` or ``no <reason>``::

    offline | paper-out | cover-open | stuck | silent | reset [n]   begins after n more bytes, or now;
                     stuck prints nothing and complains of nothing, reset breaks the connection once
    always-offline   says so, and prints all the same
    turnless         does not know GS r
    slow <n>         takes n bytes a second
    ready            all well again: prints what it still holds
    power            switched off and on: all well again, holds nothing
    quit          end (so does the end of the input)
"""

import argparse
import contextlib
import socket
import struct
import sys
import threading
import time
from pathlib import Path

from tests.rigs.escpos_png import take

WELL = 0x12
OFFLINE_BIT, COVER_BIT, STOPPED_BIT, PAPER_BITS = 0x08, 0x04, 0x20, 0x60
# What DLE EOT 1, 2 and 4 answer.
ANSWERS = {
    "": (WELL, WELL, WELL),
    "stuck": (WELL, WELL, WELL),
    "offline": (WELL | OFFLINE_BIT, WELL, WELL),
    "always-offline": (WELL | OFFLINE_BIT, WELL, WELL),
    "paper-out": (WELL | OFFLINE_BIT, WELL | STOPPED_BIT, WELL | PAPER_BITS),
    "cover-open": (WELL | OFFLINE_BIT, WELL | COVER_BIT, WELL),
}
FAULTS = (*ANSWERS, "silent", "reset")
QUESTION = b"\x10\x04"
QUESTION_BYTES = 3
ENOUGH_PAPER = b"\0"
PIECE = 1024


class Machine:
    """The printer behind the plug: bytes in, answers out."""

    def __init__(self) -> None:
        """Switch on."""
        self._lock = threading.Lock()
        self.power()

    def power(self) -> None:
        """Be ready, with paper and an empty memory."""
        self.fault = ""
        self.knows_turns = True
        self._tail = b""
        self._buffer = b""
        self._coming: tuple[str, int] | None = None

    def strike(self, fault: str, after: int) -> None:
        """Begin ``fault`` when ``after`` more bytes have come. Raises ``ValueError`` for an unknown one."""
        if fault not in FAULTS:
            raise ValueError(fault)
        with self._lock:
            self._coming = (fault, after) if after else None
            if not after:
                self.fault = fault

    def receive(self, data: bytes) -> bytes:
        """Take ``data`` in; return what is answered."""
        with self._lock:
            return self._receive(data)

    def _receive(self, data: bytes) -> bytes:
        if self._coming is None:
            return self._take(data)
        fault, after = self._coming
        if len(data) < after:
            self._coming = (fault, after - len(data))
            return self._take(data)
        answers = self._take(data[:after])
        self.fault, self._coming = fault, None
        return answers + self._take(data[after:])

    def _take(self, data: bytes) -> bytes:
        self._buffer += data
        seen, self._tail = self._tail + data, (self._tail + data)[-QUESTION_BYTES + 1:]
        if self.fault not in ANSWERS:
            return b""
        return self._at_once(seen) + (self._print() if self.fault in {"", "always-offline"} else b"")

    def _at_once(self, seen: bytes) -> bytes:
        """Answer every question in ``seen``, wherever it stands: the printer does not look before it answers."""
        answers, start = b"", seen.find(QUESTION)
        while 0 <= start <= len(seen) - QUESTION_BYTES:
            place = {1: 0, 2: 1, 4: 2}.get(seen[start + 2])
            answers += b"" if place is None else bytes([ANSWERS[self.fault][place]])
            start = seen.find(QUESTION, start + 1)
        return answers

    def _print(self) -> bytes:
        """Print what is complete; return the answers in turn."""
        answers, start = b"", 0
        while (taken := take(self._buffer, start)) is not None:
            command, start = taken
            if command.name == "status in turn" and self.knows_turns:
                answers += ENOUGH_PAPER
        self._buffer = self._buffer[start:]
        return answers


class Plug:
    """The network side: one connection at a time, like most printers."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        """Listen on a free loopback port and keep jobs in ``folder``."""
        self._machine = machine
        self._folder = folder
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._jobs = 0
        self.bytes_per_s = 0
        self.port = int(self._listener.getsockname()[1])

    def serve(self) -> None:
        """Serve for ever."""
        while True:
            link, _ = self._listener.accept()
            with link:
                job = self._hear(link)
                self._jobs += 1
                (self._folder / f"{self._jobs:04d}.bin").write_bytes(job)

    def _hear(self, link: socket.socket) -> bytes:
        job = bytearray()
        with contextlib.suppress(OSError):
            while piece := link.recv(PIECE):
                job += piece
                if self.bytes_per_s:
                    time.sleep(len(piece) / self.bytes_per_s)
                link.sendall(self._machine.receive(piece))
                if self._machine.fault == "reset":
                    self._machine.fault = ""
                    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
        return bytes(job)


def obey(line: str, machine: Machine, plug: Plug) -> str:
    """Do one command; return the answer."""
    word, _, number = line.strip().partition(" ")
    try:
        if word == "slow":
            plug.bytes_per_s = int(number)
        elif word == "turnless":
            machine.knows_turns = False
        elif word == "ready":
            plug.bytes_per_s, machine.knows_turns = 0, True
            machine.strike("", 0)
        elif word == "power":
            plug.bytes_per_s = 0
            machine.power()
        else:
            machine.strike(word, int(number or 0))
    except ValueError as fault:
        return f"no {fault}"
    return "ok"


def main() -> None:
    """Run the printer until its input ends."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    machine = Machine()
    plug = Plug(machine, parser.parse_args().folder)
    threading.Thread(target=plug.serve, daemon=True).start()
    sys.stdout.write(f"port {plug.port}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        sys.stdout.write(obey(line, machine, plug) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
