"""What the page on a member's phone says and hears: JSON, bytes in base 64."""

from enum import StrEnum

import msgspec

from sync.wire import Base64, Count, Message


class Why(StrEnum):
    """Why a phone got nothing; the page has a sentence for each that a member can do something about."""

    LINK = "LINK"
    BLOCKED = "BLOCKED"
    UNKNOWN = "UNKNOWN"
    BUSY = "BUSY"
    INVALID = "INVALID"
    NOT_READY = "NOT_READY"


class Registration(Message, frozen=True, kw_only=True):
    """A phone asks in: the ``token`` of its link and its raw Ed25519 ``key``."""

    token: str
    key: Base64

    def __repr__(self) -> str:
        return "Registration(…)"


class Renewal(Message, frozen=True, kw_only=True):
    """A phone asks for a grant that holds longer. ``signature`` is by its key, over ``renewal_text``.

    ``at_s`` is the moment by its corrected clock, seconds since 1970 UTC.
    """

    grant: Base64
    at_s: Count
    signature: Base64

    def __repr__(self) -> str:
        return "Renewal(…)"


class Granted(Message, frozen=True, kw_only=True):
    """The grant (``station.member_pass``) and the last day on which it holds, a Gregorian date."""

    grant: Base64
    until: str

    def __repr__(self) -> str:
        return "Granted(…)"


class Refused(Message, frozen=True, kw_only=True):
    """No."""

    code: Why


def renewal_text(grant: bytes, at_s: int) -> bytes:
    """Return what a phone signs to have ``grant`` renewed."""
    return b"card-station pass renewal 1\0" + at_s.to_bytes(8, "big") + grant


READ_REGISTRATION = msgspec.json.Decoder(Registration)
READ_RENEWAL = msgspec.json.Decoder(Renewal)
