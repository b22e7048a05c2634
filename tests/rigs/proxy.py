"""A TCP proxy in user space, as bad a line as it is told to be. It copies bytes and never reads them: what passes is TLS."""

import asyncio
import enum
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_CHUNK, _SLOW_CHUNK, _SLOW_BUFFER = 64 * 1024, 512, 4096
_LIMIT_S = 10
_RESET = struct.pack("ii", 1, 0)


class Weather(enum.Enum):
    """What becomes of bytes and connections.

    CLEAR passes them on, HANGS holds them until it clears, LOST holds and then forgets them, RESETS
    resets every connection, REFUSES so too and does not even listen.
    """

    CLEAR = enum.auto()
    HANGS = enum.auto()
    LOST = enum.auto()
    RESETS = enum.auto()
    REFUSES = enum.auto()


@dataclass
class Cut:
    """Ends the connection of the next request of ``least`` bytes or more.

    It does ``asked`` bytes into it, or where that is None ``answered`` bytes into its answer.
    """

    least: int
    answered: int = 0
    asked: int | None = None
    sent: int = 0
    passed: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def left(self, way: str, size: int) -> int:
        """Count ``size`` bytes that go ``way``; return how many of them still pass."""
        if way == "up":
            self.sent += size
            return size if self.asked is None else max(0, size - max(0, self.sent - self.asked))
        if self.sent < self.least:  # the answer to something smaller
            self.sent = 0
            return size
        self.passed += size
        return max(0, size - max(0, self.passed - self.answered))


@dataclass(frozen=True)
class Slowness:
    """``rate`` bytes a second for all connections together, each way; everything comes ``delay_s`` later."""

    rate: float
    delay_s: float


class Proxy:
    """Listens on ``url`` and passes on to the address ``real``; ``passed`` counts bytes up and down."""

    def __init__(self, real: str, slow: Slowness | None) -> None:
        address = urlsplit(real)
        self._real = (address.hostname or "", address.port or 0)
        self._slow = slow
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._clear, self._weather, self._age = asyncio.Event(), Weather.CLEAR, 0
        self._lines = {"up": asyncio.Lock(), "down": asyncio.Lock()}
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.passed = {"up": 0, "down": 0}
        self.cut: Cut | None = None
        self._clear.set()
        self._thread.start()
        self._run(self._listen())

    @property
    def url(self) -> str:
        """The address a station is given."""
        return f"https://127.0.0.1:{self.port}"

    def be(self, weather: Weather) -> None:
        """Change the weather."""
        self._run(self._turn(weather))

    def close(self) -> None:
        """End everything."""
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_LIMIT_S)
        self._loop.close()

    def _run(self, doing: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(doing, self._loop).result(_LIMIT_S)

    async def _listen(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self._slow:  # or the kernel would take a whole batch at once
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SLOW_BUFFER)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._server = await asyncio.start_server(
            self._between, sock=listening, limit=_SLOW_BUFFER if self._slow else _CHUNK)

    async def _turn(self, weather: Weather) -> None:
        before, self._weather = self._weather, weather
        if weather in (Weather.HANGS, Weather.LOST):
            self._clear.clear()
            return
        if before is Weather.LOST:
            self._age += 1
        if weather in (Weather.RESETS, Weather.REFUSES):
            self._reset()
        if weather is Weather.REFUSES and self._server:
            self._server.close()
            self._server = None
        elif self._server is None:
            await self._listen()
        self._clear.set()

    def _reset(self) -> None:
        for writer in self._writers:
            _reset(writer)

    async def _end(self) -> None:
        if self._server:
            self._server.close()
        self._reset()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(OSError, asyncio.CancelledError):
            await self._joined(reader, writer)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._weather is Weather.RESETS:
            _reset(writer)
            return
        age = self._age
        self._writers.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            await self._clear.wait()
            back, far = await asyncio.open_connection(*self._real, limit=_SLOW_BUFFER if self._slow else _CHUNK)
            self._writers.add(far)
            await asyncio.gather(self._pass_on(reader, far, "up", age), self._pass_on(back, writer, "down", age))
            if age != self._age:
                await asyncio.Event().wait()  # the station is left to wait for an answer that never comes
        finally:
            for each in (writer, far):
                if each:
                    self._writers.discard(each)
                    each.close()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str, age: int,
    ) -> None:
        late: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        reading = asyncio.ensure_future(self._read(reader, late, way))
        try:
            await self._deliver(late, writer, way, age)
        finally:
            reading.cancel()

    async def _read(
        self, reader: asyncio.StreamReader, late: "asyncio.Queue[tuple[float, bytes]]", way: str,
    ) -> None:
        data = b"-"
        while data:
            with suppress(OSError):
                data = b""
                data = await reader.read(_SLOW_CHUNK if self._slow else _CHUNK)
            if self._slow:
                async with self._lines[way]:
                    await asyncio.sleep(len(data) / self._slow.rate)
            late.put_nowait((self._loop.time() + (self._slow.delay_s if self._slow else 0), data))

    async def _deliver(
        self, late: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter, way: str, age: int,
    ) -> None:
        while True:
            at, data = await late.get()
            await asyncio.sleep(at - self._loop.time())
            await self._clear.wait()
            if age != self._age:
                return
            if not data:
                writer.write_eof()
                return
            left = self.cut.left(way, len(data)) if self.cut else len(data)
            self.passed[way] += left
            writer.write(data[:left])
            await writer.drain()
            if left < len(data):
                assert self.cut is not None
                self.cut.done.set()
                self.cut = None
                raise ConnectionAbortedError


def _reset(writer: asyncio.StreamWriter) -> None:
    held = writer.get_extra_info("socket")
    with suppress(OSError):
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


@contextmanager
def between(real: str, slow: Slowness | None = None) -> Iterator[Proxy]:
    """A proxy to the head office at the address ``real`` while the block lasts."""
    proxy = Proxy(real, slow)
    try:
        yield proxy
    finally:
        proxy.close()
