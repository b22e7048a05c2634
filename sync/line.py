"""Head office over HTTPS: one session, every request signed, every answer bounded and strictly read.

The environment has no say: proxy and certificate variables are ignored, because a certificate
bundle named there would otherwise outrank the one configured (psf/requests issue 3829).
Requests are signed with head office's time, learnt from the ``Server-Time-Us`` header of every
answer: clocks in shops are wrong, and nobody sets them.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec
import requests
import urllib3

from station.errors import ErrorCode, StationError
from station.version import VERSION
from sync.signatures import sign
from sync.wire import JSON_TYPE, Problem, ProblemCode

SERVER_TIME = "Server-Time-Us"
MOST_ANSWER_BYTES = 16 * 1024 * 1024
MOST_RETRY_AFTER_S = 3600
WRONG_CLOCK_US = 60_000_000
_CHUNK = 64 * 1024
_MOST_DIGITS = 16
_US = 1_000_000
_OK = range(200, 300)
_UNAUTHORIZED = 401
_NOT_FOUND = 404
_BUSY = (429, 503)
_FAULTS = {
    ProblemCode.GAP: ErrorCode.JOURNAL_GAP,
    ProblemCode.FORK: ErrorCode.JOURNAL_FORKED,
    ProblemCode.SIGNATURE: ErrorCode.SIGNATURE_INVALID,
    ProblemCode.UNKNOWN_STATION: ErrorCode.NOT_PAIRED,
    ProblemCode.PAIRING: ErrorCode.PAIRING_REFUSED,
}

MessageT = TypeVar("MessageT")


def utc_us() -> int:
    """Return what this machine's clock says, in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs: the station's id and its raw Ed25519 private key (32 bytes)."""

    station: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """How to reach head office.

    ``url`` is the address before ``/api``; ``ca`` a PEM file of the authority to trust instead of
    the public ones. ``connect_s`` and ``read_s`` bound one silence, ``answer_s`` a whole answer.
    """

    url: str
    ca: Path | None = None
    connect_s: float = 5.0
    read_s: float = 30.0
    answer_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request before it is signed; signed afresh each time it is sent."""

    method: str
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, ``Retry-After`` and the decoded bytes of an answer."""

    status: int
    retry_after: str
    body: bytes


class Line:
    """One line to head office. Not for use by two threads at once.

    Every method raises ``StationError``: HEAD_OFFICE_UNREACHABLE (``reason``), HEAD_OFFICE_BUSY
    (``retry_after`` seconds, when it said so), ANSWER_INVALID, SIGNATURE_INVALID, NOT_PAIRED,
    HEAD_OFFICE_REFUSED (``status``, and ``problem`` when it gave one), or what its problem means.
    """

    def __init__(
        self, link: Link, identity: Identity | None = None, *, clock: Callable[[], int] = utc_us,
    ) -> None:
        self._link = link
        self._identity = identity
        self._clock = clock
        self._offset_us = 0
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({
            "User-Agent": f"card-station/{VERSION}", "Accept": JSON_TYPE, "Accept-Encoding": "gzip",
        })

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def perhaps(self, call: Call, kind: type[MessageT]) -> MessageT | None:
        """Return the answer to ``call`` as a ``kind``, or None when head office itself says that there is none."""
        try:
            return self.ask(call, kind)
        except StationError as error:
            # A bare 404 is a wrong address; only head office itself gives a problem with it.
            if error.detail.get("status") == _NOT_FOUND and "problem" in error.detail:
                return None
            raise

    def ask(self, call: Call, kind: type[MessageT]) -> MessageT:
        """Return the answer to ``call`` as a ``kind``."""
        return self.read(self.asked(call), kind)

    def asked(self, call: Call) -> Answer:
        """Send ``call`` signed; once more when the answer tells that this clock was wrong."""
        if self._identity is None:
            raise StationError(ErrorCode.NOT_PAIRED)
        offset = self._offset_us
        answer = self.send(call, self._identity)
        if answer.status == _UNAUTHORIZED and abs(self._offset_us - offset) > WRONG_CLOCK_US:
            answer = self.send(call, self._identity)
        return answer

    def send(self, call: Call, identity: Identity | None) -> Answer:
        """Send ``call``, signed by ``identity`` when there is one."""
        try:
            prepared = self._session.prepare_request(requests.Request(
                call.method, self._link.url.rstrip("/") + call.path,
                params=dict(call.query), headers=dict(call.headers), data=call.body))
            if identity is not None:
                created = (self._clock() + self._offset_us) // _US
                sign(prepared, identity.key,
                     key_id=identity.station, created=created, nonce=secrets.token_hex(16))
            with self._session.send(
                prepared, stream=True, allow_redirects=False,
                timeout=(self._link.connect_s, self._link.read_s),
                verify=True if self._link.ca is None else str(self._link.ca),
            ) as response:
                self._learn_time(response)
                body = self._bounded(response)
                return Answer(response.status_code, response.headers.get("Retry-After", ""), body)
        except urllib3.exceptions.DecodeError as error:
            raise StationError(ErrorCode.ANSWER_INVALID, reason="encoding") from error
        # All faults of requests, and a missing certificate file, are kinds of OSError.
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise StationError(
                ErrorCode.HEAD_OFFICE_UNREACHABLE, reason=type(error).__name__) from error

    def _learn_time(self, response: requests.Response) -> None:
        said = _digits(response.headers.get(SERVER_TIME, ""))
        if said is not None:
            self._offset_us = said - self._clock()

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

    def read(self, answer: Answer, kind: type[MessageT]) -> MessageT:
        """Return a good ``answer`` as a ``kind``."""
        try:
            return msgspec.json.decode(good(answer).body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            # The error's own text can quote the answer; it stays out of the chain and the logs.
            raise StationError(ErrorCode.ANSWER_INVALID, reason=type(error).__name__) from None


def good(answer: Answer) -> Answer:
    """Return ``answer``, or raise what it means when it is outside 200 to 299."""
    if answer.status not in _OK:
        raise _fault(answer)
    return answer


def posted(path: str, message: msgspec.Struct) -> Call:
    """Return the call that posts ``message``."""
    return Call("POST", path, headers={"Content-Type": JSON_TYPE}, body=msgspec.json.encode(message))


def _fault(answer: Answer) -> StationError:
    """Return what an answer outside 200 to 299 means for the station."""
    if answer.status in _BUSY:
        seconds = _digits(answer.retry_after)
        detail = {} if seconds is None else {"retry_after": min(seconds, MOST_RETRY_AFTER_S)}
        return StationError(ErrorCode.HEAD_OFFICE_BUSY, **detail)
    default = (
        ErrorCode.SIGNATURE_INVALID if answer.status == _UNAUTHORIZED else ErrorCode.HEAD_OFFICE_REFUSED)
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return StationError(default, status=answer.status)
    wanted = {} if problem.wanted is None else {"wanted": problem.wanted}
    return StationError(
        _FAULTS.get(problem.code, default), status=answer.status, problem=problem.code.value, **wanted)


def _digits(text: str) -> int | None:
    """Return the whole number of a header, or None; a time in µs has 16 digits until the year 2286."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
