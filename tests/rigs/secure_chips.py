"""Chips with AES keys made of software: an NTAG 424 DNA and a DESFire, for ``virtual_card``.

Written from the data sheets and published traces alone, with nothing of ``headoffice.cardkeys``: what both
sides agree on is then no shared mistake.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.rigs.chip_crypto import DONE, Ev1, Ev2, Keys, jamcrc, left, mac_of, opened, sealed

MORE = b"\x91\xaf"
BAD_COMMAND, BAD_LENGTH, BAD_KEY, BAD_MAC, BAD_STATE = b"\x91\x1c", b"\x91\x7e", b"\x91\x40", b"\x91\x1e", b"\x91\xae"
FORBIDDEN, NO_FILE, NO_APPLICATION, DOUBLE, BOUNDARY = b"\x91\x9d", b"\x91\xf0", b"\x91\xa0", b"\x91\xde", b"\x91\xbe"
ISO_DONE, ISO_NOT_FOUND, ISO_END = b"\x90\x00", b"\x6a\x82", b"\x6b\x00"
FREE, NEVER = 0xE, 0xF
NDEF_NAME = bytes.fromhex("D2760000850101")


class SecureChip:
    """What both chips share: version, authentication, keys. ``answer`` is a ``virtual_card`` card's."""

    atr = bytes.fromhex("3B80800101")
    version_head = b""

    def __init__(self, uid: bytes, count: int) -> None:
        """Make a chip with ``count`` factory keys."""
        self.uid = uid
        self.heard: list[bytes] = []
        self.keys = Keys([bytes(16)] * count)
        self.session: Ev2 | Ev1 | None = None
        self._begun: tuple[str, int, bytes, bytes] | None = None
        self._frames: list[bytes] = []
        self._commands: dict[int, Callable[[bytes], bytes]] = {
            0x60: self._get_version, 0x64: self._key_version, 0x71: self._ev2_first, 0xC4: self._change_key}

    def answer(self, command: bytes) -> bytes:
        """Return the response APDU."""
        if command[:4] == b"\xff\xca\0\0":
            return self.uid + ISO_DONE
        body = command[5:5 + command[4]] if len(command) > 5 else b""
        if command[0] == 0x00:
            return self.iso(command, body)
        if command[0] != 0x90:
            return b"\x6e\x00"
        if command[1] == 0xAF:
            return self._next(body)
        self._begun, self._frames = None, []
        handler = self._commands.get(command[1])
        said = handler(body) if handler else BAD_COMMAND
        if said[-2:] not in {DONE, MORE}:
            self.session = None
        return said

    def iso(self, command: bytes, body: bytes) -> bytes:
        """Answer a command of ISO/IEC 7816-4."""
        raise NotImplementedError

    def allows(self, nibble: int) -> bool:
        """Tell whether an access right is given now."""
        return nibble == FREE or (nibble != NEVER and self.session is not None and self.session.number == nibble)

    def _get_version(self, body: bytes) -> bytes:
        del body
        self._frames = [self.version_head, self.uid + bytes.fromhex("B90C0000302124")]
        return self.version_head + MORE

    def _key_version(self, body: bytes) -> bytes:
        if not body or body[0] >= len(self.keys.versions):
            return BAD_KEY
        return bytes([self.keys.versions[body[0]]]) + DONE

    def _ev2_first(self, body: bytes) -> bytes:
        return self._challenge("ev2", body)

    def _challenge(self, way: str, body: bytes) -> bytes:
        self.session = None
        if not body or body[0] >= len(self.keys.values):
            return BAD_KEY
        ours = secrets.token_bytes(16)
        said = sealed(self.keys.values[body[0]], ours)
        self._begun = (way, body[0], ours, said)
        return said + MORE

    def _next(self, body: bytes) -> bytes:
        if self._begun is None:
            return self._next_frame()
        way, number, ours, said = self._begun
        self._begun = None
        if len(body) != 32:
            return BAD_LENGTH
        key = self.keys.values[number]
        plain = opened(key, body, said if way == "ev1" else bytes(16))
        theirs = plain[:16]
        if plain[16:] != left(ours):
            return BAD_STATE
        if way == "ev1":
            self.session = Ev1(number, theirs[:4] + ours[:4] + theirs[12:] + ours[12:])
            return sealed(key, left(theirs), body[-16:]) + DONE
        mixed = bytes(a ^ b for a, b in zip(theirs[2:8], ours[:6], strict=True))
        vector = b"\0\x01\0\x80" + theirs[:2] + mixed + ours[6:] + theirs[8:]
        ti = secrets.token_bytes(4)
        self.session = Ev2(number, mac_of(key, b"\xa5\x5a" + vector), mac_of(key, b"\x5a\xa5" + vector), ti)
        return sealed(key, ti + left(theirs) + bytes(12)) + DONE

    def _next_frame(self) -> bytes:
        if not self._frames:
            return BAD_COMMAND
        frame = self._frames.pop(0)
        return frame + (MORE if self._frames else DONE)

    def _change_key(self, body: bytes) -> bytes:
        if self.session is None or self.session.number != 0:
            return BAD_STATE
        number = body[0]
        if number >= len(self.keys.values):
            return BAD_KEY
        plain = self._ev2_key(body) if isinstance(self.session, Ev2) else self._ev1_key(body)
        if plain is None:
            return BAD_MAC
        value, version = plain[:16], plain[16]
        if number:
            value = bytes(a ^ b for a, b in zip(value, self.keys.values[number], strict=True))
            if jamcrc(value) != plain[17:21]:
                return BAD_MAC
        self.keys.values[number], self.keys.versions[number] = value, version
        if not number:
            self.session = None
            return DONE
        return self.session.give()

    def _ev2_key(self, body: bytes) -> bytes | None:
        assert isinstance(self.session, Ev2)
        if self.session.tag(b"\xc4", body[:-8]) != body[-8:]:
            return None
        iv = sealed(self.session.enc, b"\xa5\x5a" + self.session.ti + self.session.count.to_bytes(2, "little") + bytes(8))
        return opened(self.session.enc, body[1:-8], iv)

    def _ev1_key(self, body: bytes) -> bytes | None:
        assert isinstance(self.session, Ev1)
        plain = opened(self.session.key, body[1:], self.session.iv)
        self.session.iv = body[-16:]
        if jamcrc(b"\xc4" + body[:1] + plain[:17]) != plain[17:21]:
            return None
        return plain[:17] + (plain[21:25] if body[0] else b"")


class Ntag424(SecureChip):
    """An NTAG 424 DNA: fresh from the factory, or with an NDEF message of its own on it."""

    version_head = bytes.fromhex("04040230001105")

    def __init__(self, uid: bytes, message: bytes = b"") -> None:
        """Make the chip."""
        super().__init__(uid, 5)
        self.memory = bytearray((len(message).to_bytes(2, "big") + message).ljust(256, b"\0"))
        self.settings = bytes.fromhex("00E0EE")
        self.taps = 0
        self._selected = b""
        self._in_application = False
        self._row = False
        self._commands |= {0xF5: self._file_settings, 0x5F: self._change_settings, 0x8D: self._write}

    def answer(self, command: bytes) -> bytes:
        """Return the response APDU."""
        was_reading, self._row = self._row, command[:2] == b"\0\xb0"
        if self._row and not was_reading and self._mirrors and self._selected == b"\xe1\x04":
            self.taps += 1
        if command[0] == 0x90 and not self._in_application and command[1] not in {0x60, 0xAF}:
            return b"\x69\x85"
        return super().answer(command)

    def iso(self, command: bytes, body: bytes) -> bytes:
        """Select and read."""
        if command[1:3] == b"\xa4\x04":
            self.session, self._selected = None, b""
            self._in_application = body == NDEF_NAME
            return ISO_DONE if self._in_application else ISO_NOT_FOUND
        if command[1:3] == b"\xa4\x00":
            self._selected = body if self._in_application and body in {b"\xe1\x03", b"\xe1\x04"} else b""
            return ISO_DONE if self._selected else ISO_NOT_FOUND
        if command[1] == 0xB0 and self._selected:
            capabilities = bytes.fromhex("001720010000FF0406E104010000000506E10500808283")
            held = capabilities if self._selected == b"\xe1\x03" else self._mirrored()
            start = int.from_bytes(command[2:4], "big")
            return held[start:start + (command[4] or 256)] + ISO_DONE if start < len(held) else ISO_END
        return b"\x6d\x00"

    @property
    def _mirrors(self) -> bool:
        return bool(self.settings[0] & 0x40) and self.session is None

    def _mirrored(self) -> bytes:
        """Return the file as an unauthenticated reader gets it."""
        held = bytearray(self.memory)
        if not self._mirrors:
            return bytes(held)
        places = [int.from_bytes(self.settings[at:at + 3], "little") for at in range(6, len(self.settings), 3)]
        uid_at, counter_at, signed_from, mac_at = places
        held[uid_at:uid_at + 14] = self.uid.hex().upper().encode()
        held[counter_at:counter_at + 6] = f"{self.taps:06X}".encode()
        key = self.keys.values[self.settings[5] & 0xF]
        session = mac_of(key, bytes.fromhex("3CC300010080") + self.uid + self.taps.to_bytes(3, "little"))
        held[mac_at:mac_at + 16] = mac_of(session, bytes(held[signed_from:mac_at]))[1::2].hex().upper().encode()
        return bytes(held)

    def _file_settings(self, body: bytes) -> bytes:
        if body != b"\x02":
            return NO_FILE
        return b"\0" + self.settings[:3] + len(self.memory).to_bytes(3, "little") + self.settings[3:] + DONE

    def _change_settings(self, body: bytes) -> bytes:
        if not isinstance(self.session, Ev2) or self.session.number != self.settings[1] & 0xF:
            return FORBIDDEN
        plain = self.session.take(0x5F, body, 1)
        if plain is None or body[:1] != b"\x02":
            return BAD_MAC
        if len(plain) != 18 or plain[3] != 0xC1 or plain[5] >> 4 != FREE:
            return BAD_LENGTH
        self.settings = plain
        return self.session.give()

    def _write(self, body: bytes) -> bytes:
        start, length = int.from_bytes(body[1:4], "little"), int.from_bytes(body[4:7], "little")
        if body[:1] != b"\x02" or len(body) != 7 + length or start + length > len(self.memory):
            return BOUNDARY
        if not self.allows(self.settings[2] & 0xF) and not self.allows(self.settings[1] >> 4):
            return FORBIDDEN
        self.memory[start:start + length] = body[7:]
        if isinstance(self.session, Ev2):
            self.session.count += 1
        return DONE


@dataclass
class Application:
    """A DESFire application: keys, ISO name, files by number (ISO id, access rights, content)."""

    keys: Keys
    name: bytes
    files: dict[int, tuple[bytes, int, bytearray]] = field(default_factory=dict)


class Desfire(SecureChip):
    """A DESFire EV2: applications with AES keys and plain files; knows AuthenticateAES and AuthenticateEV2First.

    ``locked``: its issuer lets nobody else make applications.
    """

    version_head = bytes.fromhex("04010112001805")

    def __init__(self, uid: bytes, *, locked: bool = False) -> None:
        """Make a chip without applications."""
        super().__init__(uid, 1)
        self.locked = locked
        self.applications: dict[bytes, Application] = {}
        self._root = self.keys
        self._current: Application | None = None
        self._file = b""
        self._commands |= {
            0x5A: self._select, 0xCA: self._create, 0xAA: self._ev1_first, 0xCD: self._create_file,
            0xF5: self._file_settings, 0x3D: self._write, 0xBD: self._read}

    def answer(self, command: bytes) -> bytes:
        """Return the answer, also to a command that is not wrapped: its status then stands in front, alone."""
        if command[0] in {0x00, 0x90, 0xFF}:
            return super().answer(command)
        said = super().answer(b"\x90" + command[:1] + b"\0\0" + bytes([len(command) - 1]) + command[1:] + b"\0")
        return said[-1:] + said[:-2]

    def iso(self, command: bytes, body: bytes) -> bytes:
        """Select by name and read."""
        if command[1:3] == b"\xa4\x04":
            found = next((each for each in self.applications.values() if each.name == body), None)
            return ISO_DONE if found and self._enter(found) else ISO_NOT_FOUND
        if command[1:3] == b"\xa4\x00" and self._current:
            held = [content for name, _, content in self._current.files.values() if name == body]
            self._file = bytes(held[0]) if held else b""
            return ISO_DONE if held else ISO_NOT_FOUND
        if command[1] == 0xB0 and self._file:
            start = int.from_bytes(command[2:4], "big")
            return self._file[start:start + (command[4] or 256)] + ISO_DONE if start < len(self._file) else ISO_END
        return b"\x6d\x00"

    def _enter(self, application: Application | None) -> bool:
        self.session, self._current, self._file = None, application, b""
        self.keys = application.keys if application else self._root
        return True

    def _select(self, body: bytes) -> bytes:
        if body != bytes(3) and body not in self.applications:
            return NO_APPLICATION
        self._enter(self.applications.get(body))
        return DONE

    def _create(self, body: bytes) -> bytes:
        aid, settings, name = body[:3], body[4], body[7:]
        if self._current or self.locked:
            return FORBIDDEN
        if aid in self.applications:
            return DOUBLE
        if settings & 0xE0 != 0xA0:
            return BAD_COMMAND
        self.applications[aid] = Application(Keys([bytes(16)] * (settings & 0xF)), name)
        return DONE

    def _ev1_first(self, body: bytes) -> bytes:
        return self._challenge("ev1", body)

    def _done(self, command: int, body: bytes, data: bytes = b"") -> bytes:
        """Answer an unprotected command in the way of the session, if there is one."""
        if isinstance(self.session, Ev1):
            self.session.heard(bytes([command]) + body)
            return self.session.give(data)
        if self.session:
            self.session.count += 1
        return data + DONE

    def _create_file(self, body: bytes) -> bytes:
        if self._current is None or self.session is None or self.session.number != 0:
            return BAD_STATE
        if body[0] in self._current.files:
            return DOUBLE
        content = bytearray(int.from_bytes(body[6:9], "little"))
        self._current.files[body[0]] = (body[2:0:-1], int.from_bytes(body[4:6], "little"), content)
        return self._done(0xCD, body)

    def _file_settings(self, body: bytes) -> bytes:
        held = self._current and self._current.files.get(body[0])
        if not held:
            return NO_FILE
        return self._done(0xF5, body, b"\0\0" + held[1].to_bytes(2, "little") + len(held[2]).to_bytes(3, "little"))

    def _write(self, body: bytes) -> bytes:
        held = self._current and self._current.files.get(body[0])
        if not held:
            return NO_FILE
        start, length = int.from_bytes(body[1:4], "little"), int.from_bytes(body[4:7], "little")
        if len(body) != 7 + length or start + length > len(held[2]):
            return BOUNDARY
        if not self.allows(held[1] >> 8 & 0xF) and not self.allows(held[1] >> 4 & 0xF):
            return BAD_STATE
        held[2][start:start + length] = body[7:]
        return self._done(0x3D, body)

    def _read(self, body: bytes) -> bytes:
        held = self._current and self._current.files.get(body[0])
        if not held:
            return NO_FILE
        start, length = int.from_bytes(body[1:4], "little"), int.from_bytes(body[4:7], "little")
        if not self.allows(held[1] >> 12) and not self.allows(held[1] >> 4 & 0xF):
            return BAD_STATE
        return self._done(0xBD, body, bytes(held[2][start:start + length] if length else held[2][start:]))
