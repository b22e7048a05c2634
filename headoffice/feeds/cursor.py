"""Cursors: where a station stands in a feed, in a form only head office can make."""

import base64
import hashlib
import hmac
from typing import TypeVar

import msgspec
from django.conf import settings

from headoffice.refusal import refuse

SEAL_BYTES = 16
PlaceT = TypeVar("PlaceT", bound=msgspec.Struct)


def seal(place: msgspec.Struct, feed: str = "") -> str:
    """Return ``place`` as text with an HMAC-SHA-256 (RFC 2104, 16 bytes) over its kind, its ``feed`` and itself."""
    data = msgspec.msgpack.encode(place)
    return base64.urlsafe_b64encode(_mac(type(place), feed, data) + data).decode()


def unseal(text: str, form: type[PlaceT], feed: str = "") -> PlaceT:
    """Return the place that ``seal`` made ``text`` of for ``feed``. Raises ``RefusalError`` INVALID on any other text."""
    try:
        sealed = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        refuse("the cursor is not one of ours")
    data = sealed[SEAL_BYTES:]
    if not hmac.compare_digest(sealed[:SEAL_BYTES], _mac(form, feed, data)):
        refuse("the cursor is not one of ours")
    return msgspec.msgpack.decode(data, type=form)


def _mac(form: type[msgspec.Struct], feed: str, data: bytes) -> bytes:
    label = b"feed cursor " + f"{form.__name__} {feed}".encode() + b"\0"
    return hmac.digest(settings.KEYS.secret, label + data, hashlib.sha256)[:SEAL_BYTES]
