"""The one head office: the real application in this process, its database, and what happens to its machine."""

import gc
import io
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection, connections, transaction

from headoffice import demo
from headoffice.admission import Admission
from headoffice.clock import CLOCK, machine_us
from headoffice.feeds.versions import MEMBERS, begin_life, members_changed, take
from headoffice.main import DATABASE
from headoffice.projector.project import Progress, Projector
from headoffice.register.models import Card, Member
from headoffice.register.packs import current, publish
from station.card import CardStatus
from station.card_hash import card_hash
from station.pack import Pack
from tests.simulator.booted import OVERHEARD
from tests.simulator.chance import Time, Trace, WrongClock
from tests.simulator.gate import Gate, Killed
from tests.simulator.plants import Plant

HOST, PORT = "127.0.0.1", 8710
URL = f"http://{HOST}:{PORT}"
BUG = 500
UNBOUND = 4_294_967_294
"""SQLite's own highest page count."""

MOST_PROJECTED = 7
"""Entries at most in one step of the projector, so that a batch takes several."""

_LOGS = ("-wal", "-shm")


class DownError(Exception):
    """Nobody listens at head office, or the process died over this request."""


@dataclass(frozen=True)
class Parcel:
    """A request as it travels: what the station's line has prepared and signed."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer as it travels."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Office:
    """The head office in ``home``. ``restores`` counts how often it was put back from a backup."""

    home: Path
    time: Time
    trace: Trace
    clock: WrongClock = field(init=False)
    gate: Gate = field(default_factory=Gate)
    down: int = 0
    full: bool = False
    broken: str = ""
    restores: int = 0
    packs: int = 1
    plant: Plant = field(default_factory=Plant)
    handler: Admission = field(default_factory=lambda: Admission(WSGIHandler()))

    def __post_init__(self) -> None:
        self.clock = WrongClock(self.time)

    @property
    def database(self) -> Path:
        return self.home / DATABASE

    def start(self, template: Path) -> None:
        """Stand on a copy of ``template`` and live by this world's clock."""
        self.stop()
        shutil.copy(template, self.database)
        self.packs = 2
        CLOCK.source = self.clock.us
        self._connect()
        begin_life()

    def stop(self) -> None:
        """Close the database, as at the end of a process, and go back to the machine's clock."""
        self._drop()
        for end in ("", *_LOGS):
            self.database.with_name(self.database.name + end).unlink(missing_ok=True)
        CLOCK.source = machine_us

    def die(self, why: str) -> None:
        """Let the process die and start again."""
        self.trace.say("office died", why)
        self.trace.count("office killed")
        self._drop()
        self._connect()
        begin_life()

    def answer(self, parcel: Parcel) -> Reply:
        """Let the real application answer. Raises ``DownError`` when it is down or dies over it."""
        if self.down:
            raise DownError
        try:
            reply = self.plant.answered(self, parcel, self._answered)
        except Killed:
            self.die("in a request")
            raise DownError from None
        finally:
            self.gate.disarm()
        if reply.status == BUG and not self.full:
            self.broken = f"{parcel.method} {parcel.url}: {OVERHEARD.seen}"
        return reply

    def _answered(self, parcel: Parcel) -> Reply:
        seen: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> Callable[[bytes], Any]:
            seen.extend((status, headers))
            return io.BytesIO().write

        response = self.handler(_environ(parcel), start_response)
        try:
            body = b"".join(response)
        finally:
            close: Any = getattr(response, "close", None)
            if close:
                close()
        return Reply(int(seen[0].split()[0]), tuple(seen[1]), body)

    def work(self, what: str, job: Callable[[], object]) -> bool:
        """Do ``job`` in a head office process that may be killed or find its disk full; return whether it was done."""
        try:
            job()
        except Killed:
            self.die(what)
        except DatabaseError:
            if not self.full:
                raise
            self.trace.say("office disk full", what)
        else:
            return True
        finally:
            self.gate.disarm()
        return False

    def project(self) -> bool:
        """Let the projector make one step; return whether there was something to do."""
        done: list[Progress] = []
        self.work("projecting", lambda: done.append(self._projector.project(self.clock.us(), MOST_PROJECTED)))
        return any(each.name for each in done)

    def fill(self, *, full: bool) -> None:
        """Let the disk be full, or have room again."""
        self.full = full
        self._bound()

    def backup(self, into: Path) -> None:
        """Copy the database as of now."""
        busy, *_ = connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not busy, "something of a process that died still reads"
        shutil.copy(self.database, into)

    def restore(self, copy: Path) -> None:
        """Put an older copy back."""
        self.swap(copy)
        self.restores += 1

    def swap(self, copy: Path) -> None:
        """Go on from ``copy``."""
        self._drop()
        for end in _LOGS:
            self.database.with_name(self.database.name + end).unlink(missing_ok=True)
        shutil.copy(copy, self.database)
        self._connect()
        begin_life()

    def change_member(self, i: int, how: str) -> None:
        """Change member ``i`` as the console would: ``how`` is tier, card, gone or back."""
        with transaction.atomic(), connection.cursor() as cursor:
            member = Member.objects.filter(id=demo.member_id(i)).first()
            if member is None:
                (version,) = take(cursor, MEMBERS, 1)
                member = Member.objects.create(
                    id=demo.member_id(i), name=f"member {i}", phone=f"0912{i:07}", tier="bronze", version=version)
                Card.objects.create(hash=self._hash(i), member=member.id, status=CardStatus.ACTIVE.value)
            if how == "tier":
                member.tier = "gold" if member.tier != "gold" else "silver"
            elif how == "card":
                for card in Card.objects.filter(hash=self._hash(i)):
                    card.status = (CardStatus.BLOCKED if card.status == CardStatus.ACTIVE.value else CardStatus.ACTIVE).value
                    card.save()
            else:
                member.gone = how == "gone"
            member.save()
            members_changed(cursor, {member.id: ""})

    def publish(self, pack: Pack) -> None:
        """Put ``pack`` in force, unless its number is no longer free."""
        held = current()
        if held is None or held.number < pack.number:
            publish(pack, self.clock.us())
            self.packs = max(self.packs, pack.number)

    def _hash(self, i: int) -> int:
        from django.conf import settings

        return card_hash(settings.KEYS.card, demo.card_uid(i))

    def _drop(self) -> None:
        held = connections["default"].connection
        del connections["default"]
        gc.collect()  # half-read cursors of what was killed keep its connection open
        if held is not None:
            with suppress(DatabaseError):
                held.close()

    def _connect(self) -> None:
        self.gate = Gate()
        self._projector = Projector()
        fresh: Any = connections["default"]
        fresh.execute_wrappers.append(self._executed)
        commit = fresh.commit

        def gated_commit() -> None:
            self.gate.step()
            commit()
            self.gate.step()

        fresh.commit = gated_commit
        fresh.ensure_connection()
        fresh.connection.execute("PRAGMA synchronous = OFF")
        self._bound()

    def _bound(self) -> None:
        held: Any = connection.connection
        pages = held.execute("PRAGMA page_count").fetchone()[0] if self.full else UNBOUND
        held.execute(f"PRAGMA max_page_count = {pages}")

    def _executed(self, execute: Callable[..., Any], *call: Any) -> Any:
        self.gate.step()
        found = execute(*call)
        self.gate.step()
        return found


def _environ(parcel: Parcel) -> dict[str, Any]:
    parts = urlsplit(parcel.url)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in _texts(parcel.headers.items())}
    return {
        "REQUEST_METHOD": parcel.method, "SCRIPT_NAME": "", "PATH_INFO": unquote(parts.path),
        "QUERY_STRING": parts.query, "SERVER_NAME": HOST, "SERVER_PORT": str(PORT), "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": HOST, "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(parcel.body),
        "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        **headers, "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""), "CONTENT_LENGTH": str(len(parcel.body)),
        "HTTP_HOST": f"{HOST}:{PORT}"}


def _texts(items: Iterable[tuple[str, str | bytes]]) -> Iterable[tuple[str, str]]:
    return ((name, value.decode("ascii") if isinstance(value, bytes) else value) for name, value in items)
