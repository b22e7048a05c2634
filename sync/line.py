"""Head office over HTTPS: one session, every request signed, every answer proven, bounded and strictly read.

The environment has no say: proxy and certificate variables are ignored, because a certificate
bundle named there would otherwise outrank the one configured (psf/requests issue 3829). Only head
office's own authority is trusted, none of the public ones.

Clocks in shops are wrong, and nobody sets them. So a request is proven fresh by the server's nonce,
and whether the certificate is of its time is judged by the time that head office signed.
"""

import base64
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import msgspec

from station.errors import ErrorCode, StationError
from sync.keys import Identity, OfficeKey, key_change
from sync.signatures import (
    NONCE_JOINT,
    OFFICE_KEY,
    OFFICE_SIGNATURE,
    SERVER_NONCE,
    SERVER_TIME,
    Asked,
    answer_text,
    sign,
)
from sync.wire import JSON_TYPE, Problem, ProblemCode
from sync.wire_trust import KEYS_PATH, OFFICE_KEYS_PATH, OfficeKeys

if TYPE_CHECKING:
    from sync.transport import Transport

MOST_RETRY_AFTER_S = 3600
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
    ProblemCode.NONCE: ErrorCode.SIGNATURE_INVALID,
    ProblemCode.UNKNOWN_STATION: ErrorCode.NOT_PAIRED,
    ProblemCode.REVOKED: ErrorCode.STATION_REVOKED,
    ProblemCode.PAIRING: ErrorCode.PAIRING_REFUSED,
    ProblemCode.NOT_ENOUGH: ErrorCode.SPENDING_SHORT,
    ProblemCode.HOLDER_LIMIT: ErrorCode.HOLDER_LIMIT,
    ProblemCode.UNDER_WAY: ErrorCode.RETURN_UNDER_WAY,
}

MessageT = TypeVar("MessageT")


def utc_us() -> int:
    """Return what this machine's clock says, in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Link:
    """How to reach head office.

    ``url`` is the address before ``/api``; ``ca`` the PEM text of the only authority to trust.
    ``connect_s`` and ``read_s`` bound one silence, ``answer_s`` a whole answer.
    """

    url: str
    ca: str = ""
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


@dataclass(frozen=True, slots=True)
class _Heard:
    """An answer before it is believed: to what request, its headers, and until when its certificate holds.

    ``certified`` are seconds since 1970 UTC from and until, None without TLS.
    """

    asked: Asked | None
    headers: Mapping[str, str]
    answer: Answer
    certified: tuple[float, float] | None


class Line:
    """One line to head office. Not for use by two threads at once.

    Every method raises ``StationError``: HEAD_OFFICE_UNREACHABLE (``reason``), HEAD_OFFICE_BUSY
    (``retry_after`` seconds, when it said so), HEAD_OFFICE_UNTRUSTED (``reason``) when who answers
    has no certificate of head office's, ANSWER_INVALID, also when the answer is not signed,
    SIGNATURE_INVALID, NOT_PAIRED, STATION_REVOKED, HEAD_OFFICE_REFUSED (``status``, and ``problem``
    when it gave one), or what its problem means. An answer that is not proven is not used, but that
    one of status 429 or 503 says busy: whoever could forge it could as well cut the line.
    """

    def __init__(
        self, link: Link, identity: Identity | None = None, office: OfficeKey | None = None, *,
        clock: Callable[[], int] = utc_us, look: Callable[[], Identity] | None = None,
    ) -> None:
        """Prepare a line that signs as ``identity`` and believes only ``office``; without both it can only pair.

        ``look`` returns the identity as it is kept now.
        """
        self._link = link
        self._identity = identity
        self._look = look
        self._office = office
        self._clock = clock
        self._offset_us = 0
        self._nonce = ""

    @cached_property
    def transport(self) -> "Transport":
        """What carries the requests, loaded and made with the first: the counter starts without it."""
        from sync.transport import Transport

        return Transport(self._link)

    def close(self) -> None:
        """Close the connections, if there were any."""
        if "transport" in vars(self):
            self.transport.close()

    def now_us(self) -> int:
        """Return head office's time (µs since 1970 UTC): this machine's until the first answer."""
        return self._clock() + self._offset_us

    def sign_as(self, key: bytes, former: bytes) -> None:
        """Sign with the raw private ``key`` from now on; ``former`` is the one before."""
        if self._identity is not None:
            self._identity = replace(self._identity, key=key, former=former)

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
        """Send ``call`` signed, and return the answer once it is proven.

        It is sent once more with the server's nonce when that was not known or is no longer good,
        and when head office does not know the present key but takes it from the one before.
        """
        if self._identity is None or self._office is None:
            raise StationError(ErrorCode.NOT_PAIRED)
        answer = self._fresh(call, self._identity, self._office)
        if _problem(answer) is ProblemCode.SIGNATURE and self._key_mended(self._identity, self._office):
            answer = self._fresh(call, self._identity, self._office)
        return answer

    def _key_mended(self, identity: Identity, office: OfficeKey) -> bool:
        """Return whether a key that head office did not know was put right."""
        newest = self._look() if self._look else identity
        if newest.key != identity.key:  # another program of this station replaced it
            self._identity = newest
            return True
        if not identity.former:
            return False
        # Head office was restored from a time before the present key: it knows the one before.
        named = posted(KEYS_PATH, key_change(identity.station, identity.key))
        return self._fresh(named, replace(identity, key=identity.former, former=b""), office).status in _OK

    def _fresh(self, call: Call, identity: Identity, office: OfficeKey) -> Answer:
        nonce = self._nonce
        answer = self._believed(self._heard(call, identity), office)
        if answer.status == _UNAUTHORIZED and self._nonce != nonce:
            answer = self._believed(self._heard(call, identity), office)
        return answer

    def _believed(self, heard: _Heard, office: OfficeKey) -> Answer:
        """Return the answer once its signature proved it; time and nonce are learnt from it then."""
        answer, asked = heard.answer, heard.asked
        if OFFICE_SIGNATURE not in heard.headers and answer.status in _BUSY:
            return answer
        if OFFICE_SIGNATURE not in heard.headers or asked is None:
            raise StationError(ErrorCode.ANSWER_INVALID, reason="unsigned", status=answer.status)
        if heard.headers.get(OFFICE_KEY, office.fingerprint) != office.fingerprint:
            self._follow(office)
        said = heard.headers.get(SERVER_TIME, "")
        text = answer_text(asked, answer.status, said, answer.body)
        try:
            signature = base64.b64decode(heard.headers[OFFICE_SIGNATURE], validate=True)
        except ValueError:
            signature = b""
        if not office.verify(signature, text):
            raise StationError(ErrorCode.SIGNATURE_INVALID, reason="answer", status=answer.status)
        time_us = _digits(said)
        if time_us is not None:
            self._offset_us = time_us - self._clock()
            if heard.certified and not heard.certified[0] <= time_us / _US <= heard.certified[1]:
                raise StationError(ErrorCode.HEAD_OFFICE_UNTRUSTED, reason="expired")
        self._nonce = heard.headers.get(SERVER_NONCE, "")
        return answer

    def _follow(self, office: OfficeKey) -> None:
        """Take head office's newer key over; what proves it is the key that is known, not the answer."""
        office.follow(self.read(self.unproven(Call("GET", OFFICE_KEYS_PATH)), OfficeKeys).changes)

    def unproven(self, call: Call) -> Answer:
        """Send ``call`` unsigned and return the answer; what is in it has to prove itself."""
        return self._heard(call, None).answer

    def _heard(self, call: Call, identity: Identity | None) -> _Heard:
        """Send ``call``, signed by ``identity`` when there is one."""
        transport = self.transport
        prepared, asked = transport.prepared(call), None
        if identity is not None:
            nonce = self._nonce + NONCE_JOINT + secrets.token_hex(16)
            asked = Asked(identity.station, call.method, prepared.path_url, nonce)
            sign(prepared, identity.key, key_id=identity.station, created=self.now_us() // _US, nonce=nonce)
        return _Heard(asked, *transport.exchange(prepared))

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
    figures = {"wanted": problem.wanted, "available": problem.available}
    return StationError(
        _FAULTS.get(problem.code, default), status=answer.status, problem=problem.code.value,
        **{name: figure for name, figure in figures.items() if figure is not None})


def _problem(answer: Answer) -> ProblemCode | None:
    """Return why head office did not take a request, or None when it did or did not say."""
    if answer.status in _OK:
        return None
    try:
        return msgspec.json.decode(answer.body, type=Problem).code
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _digits(text: str) -> int | None:
    """Return the whole number of a header, or None; a time in µs has 16 digits until the year 2286."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
