"""Identities made at the counter: UUID version 7 (RFC 9562, section 5.7), with time and chance given."""

import uuid

RANDOM_BYTES = 10


def uuid7(utc_us: int, random: bytes) -> str:
    """Return a UUIDv7 of ``utc_us`` (microseconds since 1970) and 10 ``random`` bytes.

    The text form is lower-case with hyphens. Raises ``ValueError`` on another number of bytes.
    """
    if len(random) != RANDOM_BYTES:
        message = f"uuid7 wants {RANDOM_BYTES} random bytes, got {len(random)}"
        raise ValueError(message)
    value = (utc_us // 1000 & (1 << 48) - 1) << 80 | int.from_bytes(random, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
