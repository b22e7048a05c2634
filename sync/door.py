"""The door of head office, for a station that does not know it yet."""

import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

import msgspec

from station.errors import ErrorCode, StationError
from sync.client import HeadOffice
from sync.line import Answer, Link, good
from sync.wire_trust import CA_PATH, CaAnswer, PairAnswer, PairRequest

MOST_BYTES = 64 * 1024
SILENCE_S = 10.0
ANSWER_S = 30.0
_CHUNK = 4096


class HeadOfficeDoor:
    """``sync.enrol.Door`` of the head office at an address."""

    def __init__(self, url: str) -> None:
        """Name the address; nothing is asked yet."""
        self._url = url

    def authority(self, code: str) -> CaAnswer:
        """Ask whoever answers for the authority; nothing of the answer is trusted here, and no secret is sent."""
        parts = urlsplit(self._url)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        host = parts.hostname or ""
        try:
            connection = (
                HTTPSConnection(host, parts.port, timeout=SILENCE_S, context=context)
                if parts.scheme == "https" else HTTPConnection(host, parts.port, timeout=SILENCE_S))
            try:
                connection.request("GET", f"{parts.path.rstrip('/')}{CA_PATH}?{urlencode({'code': code})}")
                response = connection.getresponse()
                body = bytearray()
                until = time.monotonic() + ANSWER_S
                while len(body) <= MOST_BYTES and time.monotonic() < until and (chunk := response.read1(_CHUNK)):
                    body += chunk
                answer = Answer(response.status, response.getheader("Retry-After", ""), bytes(body))
            finally:
                connection.close()
        except (OSError, HTTPException, ValueError) as error:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE, reason=type(error).__name__) from error
        try:
            return msgspec.json.decode(good(answer).body, type=CaAnswer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StationError(ErrorCode.ANSWER_INVALID, reason=type(error).__name__) from None

    def pair(self, request: PairRequest, ca: str) -> PairAnswer:
        """Ask in over TLS under ``ca`` alone."""
        try:
            office = HeadOffice(Link(self._url, ca))
        except ssl.SSLError as error:
            raise StationError(ErrorCode.ANSWER_INVALID, reason="certificate") from error
        try:
            return office.pair(request)
        finally:
            office.close()
