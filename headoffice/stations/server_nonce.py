"""The server's nonce: says that a request was signed in these minutes, whatever the station's clock shows.

It is kept nowhere: an HMAC by head office's secret over the number of the present five minutes, so
every process that has the secret can make and judge it, also after a restart.
"""

import base64
import hashlib
import hmac

BUCKET_S = 300
KEPT_S = 4 * BUCKET_S
"""For how long a used nonce must be remembered: no server nonce is good for as long."""

_MAC_BYTES = 12


def give(secret: bytes, now_s: int) -> str:
    """Return the nonce of ``now_s`` (seconds since 1970 UTC): at most 24 characters."""
    return _text(secret, now_s // BUCKET_S)


def is_good(secret: bytes, nonce: str, now_s: int) -> bool:
    """Return whether ``nonce`` was given in these five minutes, the five before, or by a clock a little ahead."""
    now = now_s // BUCKET_S
    return any(
        hmac.compare_digest(nonce.encode(), _text(secret, bucket).encode()) for bucket in (now, now - 1, now + 1))


def _text(secret: bytes, bucket: int) -> str:
    mac = hmac.digest(secret, b"server nonce\0" + str(bucket).encode(), hashlib.sha256)[:_MAC_BYTES]
    return f"{bucket:x}-{base64.urlsafe_b64encode(mac).decode()}"
