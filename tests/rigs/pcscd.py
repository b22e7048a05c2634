"""The real PC/SC service (pcscd) with the virtual reader, started and stopped for tests and benchmarks.

Works without pytest::

    with PcscService() as service, VirtualCard() as card:
        card.insert("04A1B2C3D4E5F6")

Only one process of a machine uses the service at a time: the others wait for the lock.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from io import BufferedRandom
from pathlib import Path
from types import TracebackType
from typing import Self

READER = "Virtual PCD 00 00"
READY_LIMIT_S = 10.0
STOP_LIMIT_S = 2.0
EMPTY_LIMIT_S = 5.0
LOCK_LIMIT_S = 90.0
FOLDER = Path("/run/pcscd")
SETTINGS = """FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x{port:X}
LIBPATH {driver}
CHANNELID 0x{port:X}
"""
LEFT_BEHIND = FOLDER / "pcscd.pid", FOLDER / "pcscd.comm"
LOCK = Path(tempfile.gettempdir()) / "card-station-pcscd.lock"
USUAL_PORT = 0x8C7B
VIRTUAL_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")


class _Port:
    """Where the virtual reader listens: a free port of our own service, else the driver's usual one.

    The driver cannot take up its port again for a minute after a card was on it when it ended, so
    each service of ours gets another.
    """

    number = USUAL_PORT


def reader_port() -> int:
    """Return the TCP port at which a card reaches the virtual reader now."""
    return _Port.number


class PcscUnavailableError(Exception):
    """This machine cannot run the service for us; the text says why."""


def why_unavailable() -> str | None:
    """Return what this machine lacks for the service, or None."""
    if sys.platform != "linux":
        return "the virtual reader needs Linux"
    if shutil.which("pcscd") is None:
        return "pcscd is not installed"
    if not VIRTUAL_DRIVER.exists():
        return "the virtual reader is not installed (package vsmartcard-vpcd)"
    return None if find_spec("smartcard") else "pyscard is not installed"


def listed_readers() -> list[str] | None:
    """Return the names of the readers the running service has, or None when no service answers."""
    from smartcard import scard

    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result != scard.SCARD_S_SUCCESS:
        return None
    try:
        result, names = scard.SCardListReaders(context, [])
    finally:
        scard.SCardReleaseContext(context)
    if result == scard.SCARD_E_NO_READERS_AVAILABLE:
        return []
    return list(names) if result == scard.SCARD_S_SUCCESS else None


def reader_state() -> int:
    """Return the service's view of the virtual reader: state bits, and above bit 16 the event counter.

    Raises ``RuntimeError`` when there is no such reader.
    """
    from smartcard import scard

    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    try:
        result, states = scard.SCardGetStatusChange(context, 0, [(READER, scard.SCARD_STATE_UNAWARE)])
    finally:
        scard.SCardReleaseContext(context)
    if result != scard.SCARD_S_SUCCESS:
        message = f"no virtual reader: {result:08X}"
        raise RuntimeError(message)
    return int(states[0][1])


def wait_until_empty() -> None:
    """Wait until the service has noticed that no card is on the virtual reader (it looks every 400 ms).

    Until then a card that was taken away counts as present, and the next is taken for it. Raises
    ``RuntimeError`` when one stays.
    """
    from smartcard import scard

    deadline = time.monotonic() + EMPTY_LIMIT_S
    while reader_state() & scard.SCARD_STATE_PRESENT:
        if time.monotonic() > deadline:
            message = "a card stays on the virtual reader"
            raise RuntimeError(message)
        time.sleep(0.01)


def _free_pair() -> int:
    """Return a port that is free together with the next: the driver serves two slots."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            number: int = first.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", number + 1))
                return number


class PcscService:
    """A pcscd of ours, or one that already runs and has the virtual reader (then not ``ours``)."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._ours = False
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: BufferedRandom | None = None
        self._settings = tempfile.TemporaryDirectory(prefix="pcscd")

    @property
    def ours(self) -> bool:
        """Whether we started it, so that it may be stopped and restarted."""
        return self._ours

    def start(self) -> None:
        """Have the service running with the virtual reader.

        Raises ``PcscUnavailableError`` when something is not installed, another process holds the
        service too long, a foreign service has no virtual reader, or ours does not come up.
        """
        reason = why_unavailable()
        if reason:
            raise PcscUnavailableError(reason)
        try:
            self._take_lock()
            self._begin()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the service if it is ours, and let other processes have it."""
        self._kill()
        self._settings.cleanup()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def restart(self, *, with_reader: bool = True) -> None:
        """Stop our service and start it again, with the virtual reader or with none at all.

        Raises ``PcscUnavailableError`` when the running service is not ours.
        """
        self.halt()
        self._spawn(with_reader=with_reader)

    def halt(self) -> None:
        """Stop our service until ``restart``. Raises ``PcscUnavailableError`` when it is not ours."""
        if not self.ours:
            message = "this pcscd was not started by us"
            raise PcscUnavailableError(message)
        self._kill()

    def _begin(self) -> None:
        names = listed_readers()
        if names is None:
            self._ours = True
            _Port.number = _free_pair()
            self._spawn(with_reader=True)
        elif READER in names:
            _Port.number = USUAL_PORT
        else:
            message = "a pcscd without the virtual reader is already running"
            raise PcscUnavailableError(message)

    def _take_lock(self) -> None:
        import fcntl

        self._lock = LOCK.open("a+b")
        deadline = time.monotonic() + LOCK_LIMIT_S
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if time.monotonic() > deadline:
                message = "another test process holds the PC/SC service"
                raise PcscUnavailableError(message)
            time.sleep(0.1)

    def _spawn(self, *, with_reader: bool) -> None:
        settings = Path(self._settings.name) / "vpcd"
        settings.write_text(SETTINGS.format(port=_Port.number, driver=VIRTUAL_DRIVER), encoding="ascii")
        command = ["pcscd", "--foreground", "--config", str(settings.parent) if with_reader else os.devnull]
        with contextlib.suppress(FileExistsError, PermissionError):
            FOLDER.mkdir(mode=0o755)
        with tempfile.TemporaryFile() as words:
            self._process = subprocess.Popen(command, stdout=words, stderr=subprocess.STDOUT)
            deadline = time.monotonic() + READY_LIMIT_S
            while (names := listed_readers()) is None or (READER in names) is not with_reader:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    status = self._process.poll()
                    self._kill()
                    words.seek(0)
                    said = words.read().decode(errors="replace")
                    message = f"pcscd does not come up (readers {names}, status {status}): {said}"
                    raise PcscUnavailableError(message)
                time.sleep(0.01)

    def _kill(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            # A card that never answers keeps the service from ending on its own. Killed, it leaves its
            # process id behind, and the next one refuses to start should that id be in use by then.
            self._process.kill()
            self._process.wait(STOP_LIMIT_S)
            for left in LEFT_BEHIND:
                left.unlink(missing_ok=True)
        self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.stop()
