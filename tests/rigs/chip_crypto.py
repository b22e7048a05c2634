"""What chips with AES keys reckon, for ``secure_chips``: written from data sheets and traces, with nothing of head office's."""

import zlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

DONE = b"\x91\x00"


def sealed(key: bytes, data: bytes, iv: bytes = bytes(16)) -> bytes:
    """Return AES-CBC encrypted ``data``."""
    worker = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return worker.update(data) + worker.finalize()


def opened(key: bytes, data: bytes, iv: bytes = bytes(16)) -> bytes:
    """Return AES-CBC decrypted ``data``."""
    worker = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return worker.update(data) + worker.finalize()


def mac_of(key: bytes, data: bytes) -> bytes:
    """Return the library's own AES-CMAC."""
    worker = CMAC(algorithms.AES(key))
    worker.update(data)
    return worker.finalize()


def chained_mac(key: bytes, data: bytes, iv: bytes) -> bytes:
    """Return EV1's CMAC with an IV: the first block is exclusive-ored with it, and short ones after padding."""
    if len(data) >= 16:
        return mac_of(key, bytes(a ^ b for a, b in zip(data[:16], iv, strict=True)) + data[16:])
    zero = int.from_bytes(sealed(key, bytes(16)), "big")
    for _ in range(2):
        zero = ((zero << 1) ^ (0x87 if zero >> 127 else 0)) & (1 << 128) - 1
    block = int.from_bytes((data + b"\x80").ljust(16, b"\0"), "big") ^ zero ^ int.from_bytes(iv, "big")
    return sealed(key, block.to_bytes(16, "big"))


def jamcrc(data: bytes) -> bytes:
    """Return CRC-32 without the last inversion, lowest byte first."""
    return (~zlib.crc32(data) & 0xFFFFFFFF).to_bytes(4, "little")


def left(data: bytes) -> bytes:
    """Return ``data`` turned left by a byte."""
    return data[1:] + data[:1]


@dataclass
class Keys:
    """The AES keys of an application and their versions."""

    values: list[bytes]
    versions: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.versions = self.versions or [0] * len(self.values)


@dataclass
class Ev2:
    """An EV2 session with key ``number``."""

    number: int
    enc: bytes
    mac: bytes
    ti: bytes
    count: int = 0

    def tag(self, head: bytes, tail: bytes) -> bytes:
        """Return the signature of a command (its code) or an answer (00) and what follows transaction and counter."""
        return mac_of(self.mac, head + self.count.to_bytes(2, "little") + self.ti + tail)[1::2]

    def take(self, command: int, body: bytes, header: int) -> bytes | None:
        """Return the plain data of an encrypted command, None when it is not signed well."""
        head, data, tag = body[:header], body[header:-8], body[-8:]
        if len(data) % 16 or not data or self.tag(bytes([command]), head + data) != tag:
            return None
        iv = sealed(self.enc, b"\xa5\x5a" + self.ti + self.count.to_bytes(2, "little") + bytes(8))
        return opened(self.enc, data, iv).rstrip(b"\0").removesuffix(b"\x80")

    def give(self) -> bytes:
        """Return the signed answer without data."""
        self.count += 1
        return self.tag(b"\0", b"") + DONE


@dataclass
class Ev1:
    """An EV1 session with key ``number`` and its one IV."""

    number: int
    key: bytes
    iv: bytes = bytes(16)

    def heard(self, data: bytes) -> None:
        """Take an unprotected command into the chain."""
        self.iv = chained_mac(self.key, data, self.iv)

    def give(self, data: bytes = b"") -> bytes:
        """Return a signed answer."""
        self.iv = chained_mac(self.key, data + b"\0", self.iv)
        return data + self.iv[:8] + DONE
