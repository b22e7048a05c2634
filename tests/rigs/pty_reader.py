"""A serial reader made of software: a pseudo-terminal that can be plugged in, pulled out and swiped.

Run ``python tests/rigs/pty_reader.py --link PATH [--msr]`` and write commands to its standard input,
one a line; each is answered by a line ``ok …`` or ``no <reason>``. PATH becomes a link to the
terminal while it is plugged in, as a by-id link of the machine would be::

    plug                      plug the reader in
    unplug                    pull it out
    send <hex>                a plain reader sends these bytes (so does an MSR, as noise)
    swipe <hex> <hex> <hex>   a card with these tracks (ASCII with sentinels, "-" for a blank one) is
                              drawn through an MSR; the answer is "ok read" or, unarmed, "ok missed"
    half <bytes>              the MSR stops after so many bytes of its next answer to a swipe
    status <hex>              the MSR ends its answers to swipes with this status byte
    mute                      the reader hears nothing and says nothing, until "unmute"
    heard                     answer with all bytes that came from the host, hexadecimal
    quit                      unplug and end (so does the end of the input)

The MSR's side of the dialogue: programmer's manual, revision B (2009).
"""

import argparse
import contextlib
import os
import pty
import select
import sys
import tty
from collections.abc import Callable
from pathlib import Path

ESC = b"\x1b"
DONE = b"\x30"
READ_BYTES = 4096


class Reader:
    """The terminal and the device behind it."""

    def __init__(self, link: Path, *, is_msr: bool) -> None:
        """Have the terminal appear as ``link`` when it is plugged in."""
        self._link = link
        self._is_msr = is_msr
        self._ends: tuple[int, int] | None = None
        self._pending = b""
        self._armed = False
        self._half: int | None = None
        self._status = DONE
        self._mute = False
        self._heard = b""

    @property
    def host(self) -> int | None:
        """The descriptor that the host's bytes arrive on, None while unplugged."""
        return self._ends[0] if self._ends else None

    def plug(self) -> str:
        """Open a new terminal."""
        device, host = pty.openpty()
        tty.setraw(host)
        self._ends = device, host
        self._armed = False
        self._link.symlink_to(os.ttyname(host))
        return ""

    def unplug(self) -> str:
        """Close it."""
        if self._ends:
            self._link.unlink()
            for end in self._ends:
                os.close(end)
            self._ends = None
        return ""

    def send(self, data: str) -> str:
        """Send bytes to the host."""
        self._write(bytes.fromhex(data))
        return ""

    def swipe(self, *tracks: str) -> str:
        """Answer the read command, if one was given."""
        self._hear()
        if not self._armed or self._mute:
            return "missed"
        self._armed = False
        bodies = [b"" if each == "-" else bytes.fromhex(each) for each in tracks]
        answer = ESC + b"s" + b"".join(
            ESC + bytes((number,)) + body for number, body in enumerate(bodies, start=1))
        answer += b"?\x1c" + ESC + self._status
        self._write(answer[:self._half])
        self._half = None
        return "read"

    def half(self, count: str) -> str:
        """Break the next answer off."""
        self._half = int(count)
        return ""

    def status(self, value: str) -> str:
        """End answers with another status."""
        self._status = bytes.fromhex(value)
        return ""

    def mute(self) -> str:
        """Fall silent."""
        self._mute = True
        return ""

    def unmute(self) -> str:
        """Come to life again, as if just switched on."""
        self._hear()
        self._mute, self._armed = False, False
        return ""

    def heard(self) -> str:
        """Return what the host sent."""
        self._hear()
        return self._heard.hex()

    def obey_host(self) -> None:
        """Take in what the host sent and, being an MSR, answer."""
        if self._ends is None:
            return
        try:
            received = os.read(self._ends[0], READ_BYTES)
        except OSError:
            # Nobody has the terminal open.
            return
        self._heard += received
        if self._mute or not self._is_msr:
            return
        self._pending += received
        while len(self._pending) >= len(ESC) + 1:
            command, self._pending = self._pending[:2], self._pending[2:]
            self._answer(command)

    def _answer(self, command: bytes) -> None:
        if command == ESC + b"a":
            self._armed = False
        if command == ESC + b"e":
            self._write(ESC + b"y")
        if command == ESC + b"r":
            self._armed = True

    def _hear(self) -> None:
        """Take in what has already arrived."""
        while self._ends and select.select([self._ends[0]], [], [], 0)[0]:
            before = len(self._heard)
            self.obey_host()
            if len(self._heard) == before:
                return

    def _write(self, data: bytes) -> None:
        if self._ends and data:
            os.write(self._ends[0], data)


def obey(reader: Reader, line: str) -> str:
    """Carry out one command and return its answer line."""
    word, *arguments = line.split()
    known: dict[str, Callable[..., str]] = {
        "plug": reader.plug, "unplug": reader.unplug, "quit": reader.unplug, "send": reader.send,
        "swipe": reader.swipe, "half": reader.half, "status": reader.status, "mute": reader.mute,
        "unmute": reader.unmute, "heard": reader.heard,
    }
    try:
        answer = known[word](*arguments)
    except (KeyError, OSError, TypeError, ValueError) as fault:
        return f"no {type(fault).__name__} {fault}"
    return f"ok {answer}"


def main() -> None:
    """Obey standard input and the host until ``quit`` or the input's end."""
    parser = argparse.ArgumentParser(description="A serial reader on a pseudo-terminal.")
    parser.add_argument("--link", type=Path, required=True)
    parser.add_argument("--msr", action="store_true")
    options = parser.parse_args()
    reader = Reader(options.link, is_msr=options.msr)
    typed = b""
    with contextlib.ExitStack() as ending:
        ending.callback(reader.unplug)
        while True:
            sources = [sys.stdin.fileno(), *([] if reader.host is None else [reader.host])]
            ready = select.select(sources, [], [])[0]
            if reader.host in ready:
                reader.obey_host()
            if sys.stdin.fileno() not in ready:
                continue
            received = os.read(sys.stdin.fileno(), READ_BYTES)
            if not received:
                return
            *lines, typed = (typed + received).split(b"\n")
            for line in lines:
                sys.stdout.write(obey(reader, line.decode()) + "\n")
                sys.stdout.flush()
                if line.strip() == b"quit":
                    return


if __name__ == "__main__":
    main()
