"""Somebody in the middle: TLS with a certificate of an authority of his own, everything passed on to the real server."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import trustme

_CHUNK = 16 * 1024


@dataclass
class Interceptor:
    """``seen`` is everything that passed him in clear, both ways; ``swaps`` what he puts in place of what, as long as it.

    ``shaken`` counts who came to him and began a handshake.
    """

    url: str
    shaken: int = 0
    seen: list[bytes] = field(default_factory=list)
    swaps: list[tuple[bytes, bytes]] = field(default_factory=list)


@contextmanager
def intercepting(real: str, authority: trustme.CA | None = None) -> Iterator[Interceptor]:
    """Stand between a station and the head office at the address ``real``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (authority or trustme.CA()).issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        him = Interceptor(f"https://127.0.0.1:{listening.getsockname()[1]}")
        threads: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    victim, _ = listening.accept()
                    thread = threading.Thread(target=_between, args=(context, victim, real, him), daemon=True)
                    thread.start()
                    threads.append(thread)

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield him
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join(5)
        for thread in threads:
            thread.join(5)


def _between(context: ssl.SSLContext, victim: socket.socket, real: str, him: Interceptor) -> None:
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
    address = urlsplit(real)
    him.shaken += victim.recv(1, socket.MSG_PEEK) != b""
    with suppress(OSError), victim, context.wrap_socket(victim, server_side=True) as near, \
            socket.create_connection((address.hostname or "", address.port or 0)) as line, \
            careless.wrap_socket(line) as far:
        back = threading.Thread(target=_pass_on, args=(far, near, him), daemon=True)
        back.start()
        _pass_on(near, far, him)
        far.close()
        back.join(5)


def _pass_on(source: ssl.SSLSocket, target: ssl.SSLSocket, him: Interceptor) -> None:
    with suppress(OSError, ValueError):
        while data := source.recv(_CHUNK):
            him.seen.append(data)
            for old, new in him.swaps:
                data = data.replace(old, new)
            target.sendall(data)
