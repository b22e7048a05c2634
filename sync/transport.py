"""What carries a request to head office and brings the answer back: one session that trusts one authority.

Loaded with the first request only: the counter starts without it.
"""

import ssl
import time
from collections.abc import Mapping
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from station.errors import ErrorCode, StationError
from station.version import VERSION
from sync.line import Answer, Call, Link
from sync.wire import JSON_TYPE

MOST_ANSWER_BYTES = 16 * 1024 * 1024
_CHUNK = 64 * 1024
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python's ssl does not name.
_NO_CHECK_TIME = 0x200000
_WRONG_NAME = (62, 64)


class Transport:
    """One session. Not for use by two threads at once.

    Every method raises ``StationError``: HEAD_OFFICE_UNREACHABLE (``reason``), HEAD_OFFICE_UNTRUSTED
    (``reason``) when who answers has no certificate of head office's, ANSWER_INVALID.
    """

    def __init__(self, link: Link) -> None:
        """Prepare a session; nothing is connected yet."""
        self._link = link
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount("https://", _Pinned(link.ca))
        self.session.headers.update({
            "User-Agent": f"card-station/{VERSION}", "Accept": JSON_TYPE, "Accept-Encoding": "gzip",
        })

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def prepared(self, call: Call) -> requests.PreparedRequest:
        """Return ``call`` as it will be sent, to be signed."""
        try:
            return self.session.prepare_request(requests.Request(
                call.method, self._link.url.rstrip("/") + call.path,
                params=dict(call.query), headers=dict(call.headers), data=call.body))
        except OSError as error:
            raise _unreachable(error) from error

    def exchange(
        self, prepared: requests.PreparedRequest,
    ) -> tuple[Mapping[str, str], Answer, tuple[float, float] | None]:
        """Send it; return the answer's headers, the answer, and from when until when its certificate holds."""
        try:
            with self.session.send(
                prepared, stream=True, allow_redirects=False,
                timeout=(self._link.connect_s, self._link.read_s),
            ) as response:
                certified = _certified(response)
                answer = Answer(
                    response.status_code, response.headers.get("Retry-After", ""), self._bounded(response))
                return response.headers, answer, certified
        except urllib3.exceptions.DecodeError as error:
            raise StationError(ErrorCode.ANSWER_INVALID, reason="encoding") from error
        # All faults of requests are kinds of OSError.
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise _unreachable(error) from error

    def _bounded(self, response: requests.Response) -> bytes:
        """Return the decoded body; a server that drips or pours cannot hold the thread or the memory."""
        until = time.monotonic() + self._link.answer_s
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > MOST_ANSWER_BYTES:
                raise StationError(ErrorCode.ANSWER_INVALID, reason="size")
            if time.monotonic() > until:
                raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason="slow")
        return bytes(body)


class _Pinned(HTTPAdapter):
    """Connections that trust one authority and nothing else."""

    def __init__(self, ca: str) -> None:
        self._context = tls_context(ca)
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        """Make the pool, with our TLS."""
        super().init_poolmanager(*sizes, **options, ssl_context=self._context)

    def cert_verify(self, *_: Any) -> None:
        """Leave the authorities to the context: here the library would add the public ones."""


def tls_context(ca: str) -> ssl.SSLContext:
    """Return TLS of version 1.2 or newer that trusts the authority in the PEM text ``ca`` alone.

    The certificate's dates are left to ``Line``, for this machine's clock may be years off.
    ``ssl.SSLError`` when ``ca`` holds no certificate; with "" nobody is trusted.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    if ca:
        context.load_verify_locations(cadata=ca)
    return context


def _certified(response: requests.Response) -> tuple[float, float] | None:
    """Return from when until when the certificate at the other end holds (seconds since 1970 UTC)."""
    connection: Any = response.raw.connection
    if not isinstance(getattr(connection, "sock", None), ssl.SSLSocket):
        return None
    shown = connection.sock.getpeercert()
    return ssl.cert_time_to_seconds(shown["notBefore"]), ssl.cert_time_to_seconds(shown["notAfter"])


def _unreachable(error: BaseException) -> StationError:
    """Return what a fault of the connection means: nobody there, or somebody else."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = "name" if cause.verify_code in _WRONG_NAME else "authority"
            return StationError(ErrorCode.HEAD_OFFICE_UNTRUSTED, reason=reason)
        cause = cause.__cause__ or cause.__context__
    return StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason=type(error).__name__)
