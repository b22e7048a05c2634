"""The key service as a process of its own, and how the rest of head office reaches it on the same machine.

``KEY_SERVICE_ADDRESS`` in head office's folder says where it listens, in one line: ``unix:PATH``,
``pipe:NAME`` (Windows) or ``tcp:HOST:PORT`` (loopback). Without that file there is no such process, and the
keys are in the hands of ``headoffice serve``. Both sides prove that they know the secret in
``KEY_SERVICE_SECRET`` (``multiprocessing.connection``); what they say is JSON, never pickled objects.
"""

import hashlib
import logging
import multiprocessing.connection as pipes
import os
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import cache
from multiprocessing import AuthenticationError
from pathlib import Path
from types import FrameType
from typing import Any, cast

import msgspec

from data.secret_file import read_secret, write_secret
from headoffice.cardkeys.issuers import IssuerList
from headoffice.cardkeys.service import Begin, CardKeys, Tapped, Told, TooBusyError, service_in
from station.errors import StationError

KEY_SERVICE_ADDRESS, KEY_SERVICE_SECRET = "key-service.address", "key-service.secret"
SECRET_BYTES = 32
ANSWER_S = 2.0
MOST_BYTES = 256 * 1024
_METHODS: dict[str, tuple[Any, Any]] = {
    "begin": (tuple[Begin], Told), "go_on": (tuple[str, str, tuple[bytes, ...]], Told | None),
    "check_sun": (tuple[str, int, int, bytes], bool), "open_sun": (tuple[bytes, bytes], Tapped | None),
    "answers": (tuple[str, int, int, int], bytes), "issuers": (tuple[()], IssuerList), "sign_record": (tuple[str, str, str], bytes),
    "sign_grant": (tuple[str, bytes, str], bytes),
}
"""What may be asked: the arguments' types and the answer's."""

_FAULTS: dict[str, type[Exception]] = {
    each.__name__: each for each in (TooBusyError, ValueError, LookupError, OverflowError)}
logger = logging.getLogger(__name__)
Address = str | tuple[str, int]


class KeyServiceDownError(Exception):
    """The key service does not answer."""


class _Call(msgspec.Struct, frozen=True, array_like=True):
    method: str
    arguments: msgspec.Raw


class _Reply(msgspec.Struct, frozen=True):
    """``done``, or the name of a ``fault`` and its words."""

    done: msgspec.Raw = msgspec.Raw(b"null")
    fault: str = ""
    words: str = ""


def address_in(home: Path) -> str:
    """Return where the key service of ``home`` is said to listen, "" when there is none."""
    return (read_secret(home / KEY_SERVICE_ADDRESS) or b"").decode().strip()


def parsed_address(text: str) -> tuple[Address, str]:
    """Return an address and its family, as ``multiprocessing.connection`` wants them. Raises ``ValueError``."""
    kind, _, place = text.partition(":")
    host, _, port = place.rpartition(":")
    if kind == "tcp" and port.isdecimal() and host in {"127.0.0.1", "localhost"}:
        return (host, int(port)), "AF_INET"
    if kind in {"unix", "pipe"} and place:
        return place, f"AF_{kind.upper()}"
    message = f"no address of a key service: {text!r}"
    raise ValueError(message)


class KeyServer:
    """Listens for the rest of head office and has ``keys`` do what it asks."""

    def __init__(self, keys: CardKeys, address: str, secret: bytes) -> None:
        """Listen at ``address``, which is free or a socket left by one that ended. Raises ``OSError``, ``ValueError``."""
        self._keys = keys
        self._secret = secret
        place, family = parsed_address(address)
        if family == "AF_UNIX":
            Path(str(place)).unlink(missing_ok=True)
        self._listener = pipes.Listener(place, family, backlog=64)
        self._over = threading.Event()

    def run(self) -> None:
        """Serve until ``close``, each connection on a thread of its own."""
        while not self._over.is_set():
            try:
                connection = self._listener.accept()
            except OSError:
                if self._over.is_set():
                    return
                logger.exception("a connection could not be accepted")
                continue
            threading.Thread(target=self._serve, args=(connection,), name="key service", daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._over.set()
        # Closing alone does not wake a thread that waits for a connection.
        with suppress(OSError), pipes.Client(self._listener.address):
            self._listener.close()

    def _serve(self, connection: Any) -> None:
        with connection:
            try:
                pipes.deliver_challenge(connection, self._secret)
                pipes.answer_challenge(connection, self._secret)
                while True:
                    connection.send_bytes(self._answer(connection.recv_bytes(MOST_BYTES)))
            except AuthenticationError:
                logger.warning("somebody without the secret was turned away")
            except (EOFError, OSError):
                return

    def _answer(self, asked: bytes) -> bytes:
        try:
            call = msgspec.json.decode(asked, type=_Call)
            arguments, _ = _METHODS[call.method]
            done = getattr(self._keys, call.method)(*msgspec.json.decode(call.arguments, type=arguments))
        except tuple(_FAULTS.values()) as fault:
            name = next(name for name, kind in _FAULTS.items() if isinstance(fault, kind))
            return msgspec.json.encode(_Reply(fault=name, words=str(fault)))
        return msgspec.json.encode(_Reply(done=msgspec.Raw(msgspec.json.encode(done))))


class RemoteKeys:
    """``CardKeys`` through the process that has them. For use by any number of threads, each with a connection.

    Every method also raises ``KeyServiceDownError``.
    """

    def __init__(self, address: str, secret: bytes) -> None:
        """Ask the service at ``address``. Raises ``ValueError``."""
        self._place, self._family = parsed_address(address)
        self._secret = secret
        self._own = threading.local()

    def begin(self, begin: Begin) -> Told:
        """Begin a conversation with a chip."""
        return cast("Told", self._ask("begin", begin))

    def go_on(self, owner: str, session: str, answers: Sequence[bytes]) -> Told | None:
        """Go on with a conversation."""
        return cast("Told | None", self._ask("go_on", owner, session, tuple(answers)))

    def check_sun(self, uid: str, version: int, counter: int, mac: bytes) -> bool:
        """Return whether ``mac`` is the chip's own for tap ``counter``."""
        return cast("bool", self._ask("check_sun", uid, version, counter, mac))

    def open_sun(self, sealed: bytes, mac: bytes) -> Tapped | None:
        """Return what an encrypted tap says."""
        return cast("Tapped | None", self._ask("open_sun", sealed, mac))

    def answers(self, uid: str, version: int, first: int, count: int) -> bytes:
        """Return the answers of taps to come."""
        return cast("bytes", self._ask("answers", uid, version, first, count))

    def issuers(self) -> IssuerList:
        """Return the list of issuing keys."""
        return cast("IssuerList", self._ask("issuers"))

    def sign_record(self, number: str, uid: str, expires: str) -> bytes:
        """Return a signed card record."""
        return cast("bytes", self._ask("sign_record", number, uid, expires))

    def sign_grant(self, number: str, phone_public: bytes, not_after: str) -> bytes:
        """Return a signed grant of a phone."""
        return cast("bytes", self._ask("sign_grant", number, phone_public, not_after))

    def _ask(self, method: str, *arguments: object) -> object:
        asked = msgspec.json.encode(_Call(method, msgspec.Raw(msgspec.json.encode(arguments))))
        try:
            try:
                said = self._said(asked)
            except (EOFError, ConnectionError):
                # The service may have begun anew since this thread last asked.
                said = self._said(asked)
        except (EOFError, OSError, AuthenticationError) as fault:
            raise KeyServiceDownError from fault
        reply = msgspec.json.decode(said, type=_Reply)
        if reply.fault:
            raise _FAULTS[reply.fault](reply.words)
        return msgspec.json.decode(reply.done, type=_METHODS[method][1])

    def _said(self, asked: bytes) -> bytes:
        held = getattr(self._own, "connection", None)
        connection = held or pipes.Client(self._place, self._family, authkey=self._secret)
        self._own.connection = None
        try:
            said = _asked(connection, asked)
        except BaseException:
            connection.close()
            raise
        self._own.connection = connection
        return said


def _asked(connection: Any, asked: bytes) -> bytes:
    connection.send_bytes(asked)
    if not connection.poll(ANSWER_S):
        raise TimeoutError
    said: bytes = connection.recv_bytes(MOST_BYTES)
    return said


@cache
def card_keys(home: Path) -> CardKeys:
    """Return the keys of cards of the head office in ``home``, as its files say: here, or in a process of its own.

    Raises ``ValueError``, ``StationError`` 4xx.
    """
    address = address_in(home)
    return RemoteKeys(address, read_secret(home / KEY_SERVICE_SECRET) or b"") if address else service_in(home)


def server_of(home: Path, address: str = "") -> KeyServer:
    """Return the key service of ``home``, listening, once the others are told where.

    ``address`` "" is the one said before, or a socket in ``home``. Raises as ``KeyServer``, and ``StationError`` 4xx.
    """
    place = address or address_in(home) or _usual_address(home)
    secret = read_secret(home / KEY_SERVICE_SECRET)
    if secret is None:
        secret = secrets.token_bytes(SECRET_BYTES)
        write_secret(home / KEY_SERVICE_SECRET, secret)
    server = KeyServer(service_in(home), place, secret)
    if place != address_in(home):
        write_secret(home / KEY_SERVICE_ADDRESS, f"{place}\n".encode())
    return server


def _usual_address(home: Path) -> str:
    if os.name == "nt":
        return f"pipe:\\\\.\\pipe\\card-station-keys-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"
    return f"unix:{home / 'key-service.socket'}"


def run(home: Path, address: str) -> int:
    """Be the key service of ``home`` until SIGTERM or Ctrl+C; return the exit status of the command."""
    try:
        server = server_of(home, address)
    except (OSError, ValueError, StationError) as fault:
        sys.stderr.write(f"the key service cannot begin: {fault}\n")
        return 2
    signal.signal(signal.SIGTERM, _leave)
    sys.stdout.write(f"ready on {address_in(home)}\n")
    sys.stdout.flush()
    with closing(server), suppress(SystemExit, KeyboardInterrupt):
        server.run()
    return 0


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
