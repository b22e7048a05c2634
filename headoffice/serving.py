"""The embedded server: cheroot over TLS, with threads, bounds and a clean end."""

import logging
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cheroot.makefile import StreamReader, StreamWriter
from cheroot.server import HTTPConnection
from cheroot.ssl import Adapter
from cheroot.wsgi import Gateway_10, Server

from headoffice import tls
from headoffice.admission import HANG_UP
from headoffice.pools import THREADS
from sync.wire import MOST_BATCH_BYTES

SILENCE_S = 30
LOOK_S = 1.0
MOST_HEADER_BYTES = 32 * 1024
BACKLOG = 256
MOST_WAITING = 512
RENEW_EVERY_S = 6 * 3600.0
logger = logging.getLogger(__name__)


class _Tls(Adapter):
    """Wraps connections; the handshake is left to the thread that serves the connection.

    cheroot's own adapter shakes hands in the one thread that accepts: a client that says nothing
    would hold up everybody.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: Any) -> Any:
        """Leave the listening socket as it is."""
        return sock

    def wrap(self, sock: Any) -> tuple[Any, dict[str, str]]:
        """Return the connection under TLS, not yet spoken on, and what requests on it are told."""
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, self.get_environ()

    def get_environ(self) -> dict[str, str]:
        """Return what the application is told of the connection."""
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, sock: Any, mode: str = "r", bufsize: int = -1) -> Any:
        """Return ``sock`` as a file."""
        return (StreamReader if "r" in mode else StreamWriter)(sock, mode, bufsize)


class _Connection(HTTPConnection):
    """A connection that shakes hands when its first bytes are there."""

    greeted = False

    def communicate(self) -> bool:
        """Serve one request; return whether to keep the connection."""
        if not self.greeted:
            try:
                self.socket.do_handshake()
            except OSError as error:
                logger.info("no TLS with %s: %s", self.remote_addr, type(error).__name__)
                return False
            self.greeted = True
        return bool(super().communicate())  # type: ignore[no-untyped-call]


class _Gateway(Gateway_10):
    """Lets the application end the connection after its answer, with the rest of the request unread."""

    def get_environ(self) -> Any:
        """Return what the application is told of the request, as a dictionary."""
        return {**super().get_environ(), HANG_UP: self._hang_up}  # type: ignore[no-untyped-call]

    def _hang_up(self) -> None:
        self.req.close_connection = True


class _Server(Server):
    """cheroot that gives a thread to a connection only once something arrived on it."""

    ConnectionClass = _Connection

    def process_conn(self, conn: Any) -> None:
        """Queue ``conn``; a new one goes back to wait for its first bytes."""
        if conn.greeted or getattr(conn, "seen", False):
            super().process_conn(conn)
        else:
            conn.seen = True
            self.put_conn(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:  # noqa: FBT001, FBT002
        """Write to the log."""
        logger.log(level, "%s", msg, exc_info=traceback)


class OfficeServer:
    """Answers ``application`` over TLS with the certificate in ``home`` until it is told to end."""

    def __init__(self, application: Callable[..., Any], home: Path, address: tuple[str, int]) -> None:
        """Listen on ``address`` (host, port; 0: any free one). Raises ``OSError`` when that cannot be."""
        self._home = home
        self._context = tls.context(home)
        self._over = threading.Event()
        self._server = _Server(
            address, application, numthreads=THREADS, max=THREADS, server_name="head-office",
            request_queue_size=BACKLOG, timeout=SILENCE_S, accepted_queue_size=-1)
        self._server.keep_alive_conn_limit = MOST_WAITING
        self._server.max_request_body_size = MOST_BATCH_BYTES
        self._server.max_request_header_size = MOST_HEADER_BYTES
        self._server.gateway = _Gateway
        self._server.ssl_adapter = _Tls(self._context)
        self._server.prepare()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.bind_addr[1])

    def run(self) -> None:
        """Serve until ``SystemExit`` or ``KeyboardInterrupt``, which a signal raises in the thread that calls this.

        The server has a thread of its own: raised while it handed a connection to a worker, the exception
        could leave that worker waiting for ever, and the program with it.
        """
        renewing = threading.Thread(target=self._renew, name="certificate", daemon=True)
        renewing.start()
        broken: list[BaseException] = []

        def serve() -> None:
            try:
                self._server.serve()
            except BaseException as fault:  # noqa: BLE001 - raised where it is waited for
                broken.append(fault)

        serving = threading.Thread(target=serve, name="server", daemon=True)
        serving.start()
        try:
            while serving.is_alive():
                serving.join(LOOK_S)
        except (SystemExit, KeyboardInterrupt):
            logger.info("ending")
        else:
            if broken:
                raise broken[0]

    def close(self) -> None:
        """Listen no more; what is being answered is answered first, for a few seconds at most."""
        self._over.set()
        self._server.stop()

    def _renew(self) -> None:
        while not self._over.wait(RENEW_EVERY_S):
            try:
                if tls.renew(self._home, datetime.now(UTC)):
                    logger.info("the certificate was renewed")
                tls.load(self._context, self._home)
            except Exception:
                logger.exception("the certificate cannot be renewed")
