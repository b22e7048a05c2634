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
    card <hex> <hex> <hex>    a card with these tracks is in the hand
    draw                      the card in the hand is drawn through the MSR, which reads, writes or erases it as it
                              was last told; the answer is "ok read", "ok written", "ok erased" or "ok missed"
    spoil <hex>               the MSR ends its next write with this status byte and leaves tracks that nobody can read
    blur <track>              the next write leaves another last character on this track
    tracks                    answer with the tracks of the card in the hand, hexadecimal, "-" for a blank one
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
NOT_READ = ESC + b"*"
WRITE_END = b"?\x1c"
SENTINELS = (b"%", b";", b";")
ERASES = {0x00: (0,), 0x02: (1,), 0x04: (2,), 0x03: (0, 1), 0x05: (0, 2), 0x06: (1, 2), 0x07: (0, 1, 2)}
"""The select byte of the erase command, and the places of the tracks it erases (programmer's manual)."""
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
        self._card = [b"", b"", b""]
        self._write_these: list[bytes] | None = None
        self._erase_these: tuple[int, ...] | None = None
        self._spoil = b""
        self._blur: int | None = None

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

    def card(self, *tracks: str) -> str:
        """Take a card in the hand."""
        self._card = [b"" if each == "-" else bytes.fromhex(each) for each in tracks]
        return ""

    def tracks(self) -> str:
        """Return what is on it."""
        return " ".join(each.hex() or "-" for each in self._card)

    def draw(self) -> str:
        """Draw it through the device."""
        self._hear()
        if self._mute:
            return "missed"
        if self._write_these is not None:
            return self._written(self._write_these)
        if self._erase_these is not None:
            self._card = [b"" if place in self._erase_these else body for place, body in enumerate(self._card)]
            self._erase_these = None
            self._write(ESC + self._status)
            return "erased"
        return self.swipe(*(each.hex() or "-" for each in self._card))

    def spoil(self, status: str) -> str:
        """Let the next write fail."""
        self._spoil = bytes.fromhex(status)
        return ""

    def blur(self, track: str) -> str:
        """Let the next write go wrong unnoticed."""
        self._blur = int(track) - 1
        return ""

    def _written(self, bodies: list[bytes]) -> str:
        """Write the card in the hand; a track without data is left as it is."""
        status = self._spoil or self._status
        for place, body in enumerate(bodies):
            if body:
                self._card[place] = NOT_READ if self._spoil else SENTINELS[place] + body + b"?"
        if self._blur is not None:
            self._card[self._blur] = self._card[self._blur][:-2] + b"1?"
        self._write_these, self._spoil, self._blur = None, b"", None
        self._write(ESC + status)
        return "written"

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
        while length := self._whole_command():
            command, self._pending = self._pending[:length], self._pending[length:]
            self._answer(command)

    def _whole_command(self) -> int:
        """Return the bytes of the first command that waits, 0 while there is no whole one."""
        name = self._pending[:2]
        if name == ESC + b"w":
            return self._pending.find(WRITE_END) + len(WRITE_END) if WRITE_END in self._pending else 0
        length = len(name) + (name == ESC + b"c")
        return length if len(self._pending) >= length > 1 else 0

    def _answer(self, command: bytes) -> None:
        name = command[:2]
        if name in {ESC + b"a", ESC + b"r", ESC + b"w", ESC + b"c"}:
            self._armed, self._write_these, self._erase_these = name == ESC + b"r", None, None
        if name == ESC + b"e":
            self._write(ESC + b"y")
        if name in {ESC + b"x", ESC + b"y"}:
            self._write(ESC + DONE)
        if name == ESC + b"c":
            self._erase_these = ERASES[command[2]]
        if name == ESC + b"w":
            body = command.removeprefix(ESC + b"w" + ESC + b"s" + ESC + b"\x01").removesuffix(WRITE_END)
            first, _, rest = body.partition(ESC + b"\x02")
            second, _, third = rest.partition(ESC + b"\x03")
            self._write_these = [first, second, third]

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
        "unmute": reader.unmute, "heard": reader.heard, "card": reader.card, "draw": reader.draw,
        "spoil": reader.spoil, "blur": reader.blur, "tracks": reader.tracks,
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
