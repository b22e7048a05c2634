"""``python -m tests.load.costs``: what one of each costs head office on PostgreSQL, and from that the night of the club.

Processor time is that of the processes, so it holds on a machine that does other things as well. ``docs/scale.md``
stands on these figures and on those of ``tests.load.run``.
"""

import gzip
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psycopg
import requests
import zstandard

from station.protection import Protection
from station.version import VERSION
from sync.client import ZSTD_LEVEL, HeadOffice, Link
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.keys import OfficeKey
from sync.signatures import sign, verify
from sync.slots import NIGHT_S
from sync.transport import tls_context
from sync.wire import PROTOCOL, Hello, join_entries
from tests.load import processes
from tests.load.journals import parts, raws
from tests.load.office import Loaded, production
from tests.load.run import Load, play
from tests.load.sales import MEMBERS_SHARE, drafts
from tests.load.stations import identity, incarnation
from tests.rigs import postgres

SALES, MEMBERS, STATIONS = 10_000, 2000, 4
TIMES = 200
MICRO = 1_000_000
DAY_S = 86_400
LEVELS = (1, 3, ZSTD_LEVEL, 9)
FEW = 50
BATCH = 450  # sales: what a batch of 1 MB holds


@dataclass(frozen=True)
class Club:
    """The load to plan for (notes/sync.md, 1): stations, sales a day, how many batches a station sends."""

    stations: int = 30_000
    sales: int = 50_000_000
    batches: int = 4


def main() -> int:
    """Measure and print."""
    shown: dict[str, float] = {}
    with (tempfile.TemporaryDirectory() as name, postgres.running() as server,
          production(Path(name), MEMBERS, server, 2) as loaded):
        for what, unit, value in _measured(loaded, Path(name), server.url("load")):
            shown[what] = value
            _print(what, unit, value)
    for what, unit, value in night(Club(), shown):
        _print(what, unit, value)
    return 0


def _print(what: str, unit: str, value: float) -> None:
    print(f"{what:62} {value:12,.1f} {unit}", flush=True)  # noqa: T201


Line = tuple[str, str, float]


def _measured(loaded: Loaded, folder: Path, database: str) -> Iterator[Line]:
    yield from _crypto()
    loaded.pair(1)
    yield from _requests(loaded)
    before = _sizes(database)
    figures = play(loaded, Load(STATIONS, SALES), folder)
    yield "a sale uploaded: serve", "us", figures.used_us[0]
    yield "a sale uploaded: PostgreSQL, with what is projected meanwhile", "us", figures.used_us[2]
    yield "a sale projected: projector and PostgreSQL", "us", figures.drain_us
    yield from _stored(before, _sizes(database))
    few = play(loaded, Load(SALES // FEW, SALES, first=STATIONS + 1), folder)
    yield f"a sale projected, {FEW} of a station at once", "us", few.drain_us
    made = list(raws(parts(list(drafts(loaded.shop(), SALES // 2, 2))), "12-1", incarnation(1)))
    yield from _packing(made)


def _crypto() -> Iterator[Line]:
    key, session = new_key(), requests.Session()
    prepared = session.prepare_request(requests.Request(
        "PUT", "https://127.0.0.1/api/v1/journal", params={"first": 1, "last": BATCH}, data=bytes(100_000)))
    headers = dict(prepared.headers)
    yield "request of 100 kB: sign", "us", _cpu(
        lambda: sign(prepared, key, key_id="12-1", created=1, nonce="1.2"))
    headers = dict(prepared.headers)
    yield "request of 100 kB: verify", "us", _cpu(
        lambda: verify("PUT", str(prepared.url), headers, bytes(100_000), public_key(key)))
    verifier, signature = Ed25519Verifier(public_key(key)), sign_bytes(key, bytes(300))
    yield "Ed25519 alone: sign", "us", _cpu(lambda: sign_bytes(key, bytes(300)))
    yield "Ed25519 alone: verify", "us", _cpu(lambda: verifier.verify(signature, bytes(300)))


def _cpu(action: Callable[[], object]) -> float:
    action()
    start = time.process_time()
    for _ in range(TIMES):
        action()
    return (time.process_time() - start) / TIMES * MICRO


def _sizes(database: str) -> dict[str, int]:
    with closing(psycopg.connect(database)) as connection:
        return dict(connection.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace ="
            " 'public'::regnamespace").fetchall())


def _stored(before: dict[str, int], after: dict[str, int]) -> Iterator[Line]:
    for table, size in sorted(after.items(), key=lambda each: -each[1]):
        grown = (size - before[table]) / SALES
        if grown >= 1:
            yield f"stored a sale: {table}", "B", grown
    yield "stored a sale", "B", sum(after[table] - before[table] for table in after) / SALES


def _requests(loaded: Loaded) -> Iterator[Line]:
    """Yield what HELLO, a handshake and pages of feeds cost."""
    link = Link(loaded.office.url, loaded.ca)
    office = HeadOffice(link, identity(1), OfficeKey(loaded.key, lambda _key: None))
    shown = Hello(
        protocol=PROTOCOL, program=VERSION, incarnation=incarnation(0), seq=0, head="0" * 64,
        protection=Protection.OS_ACCOUNT)
    serving, database = _used(loaded, lambda: office.hello(shown))
    yield "HELLO: serve", "us", serving
    yield "HELLO: PostgreSQL", "us", database
    page = office.members_page("", incarnation(1))
    serving, database = _used(loaded, lambda: office.members_page("", incarnation(1)))
    yield "members feed: serve a member", "us", (serving + database) / len(page.changes)
    yield "members feed: a member, gzip", "B", len(gzip.compress(msgspec.json.encode(page), 6)) / len(page.changes)
    office.close()
    context = tls_context(loaded.ca)

    def greet() -> None:
        with (socket.create_connection(("127.0.0.1", loaded.office.port)) as raw,
              context.wrap_socket(raw, server_hostname="127.0.0.1")):
            pass

    yield "TLS handshake: serve", "us", _used(loaded, greet)[0]


def _used(loaded: Loaded, action: Callable[[], object]) -> tuple[float, float]:
    """Return the processor time (µs) of who serves and of PostgreSQL for one ``action``; it is done often."""
    action()
    pids, database = loaded.pids(), loaded.database_pids()
    before = processes.cpu_s(pids), processes.cpu_s(database)
    for _ in range(TIMES):
        action()
    return ((processes.cpu_s(pids) - before[0]) / TIMES * MICRO,
            (processes.cpu_s(database) - before[1]) / TIMES * MICRO)


def _packing(made: Sequence[bytes]) -> Iterator[Line]:
    """Yield bytes and the station's time a sale at several levels, with a trained dictionary, and one by one."""
    batches = [join_entries(made[at:at + BATCH]) for at in range(0, len(made), BATCH)]
    trained = zstandard.train_dictionary(112_640, list(made[:1500]))
    yield "a sale as stored", "B", sum(map(len, made)) / len(made)
    for level in LEVELS:
        for name, words in (("", None), (", trained dictionary", trained)):
            start = time.process_time()
            size = sum(len(zstandard.ZstdCompressor(level=level, dict_data=words).compress(each)) for each in batches)
            yield f"a sale packed, level {level}{name}", "B", size / len(made)
            yield f"  the station's time, level {level}{name}", "us", (time.process_time() - start) / len(made) * MICRO
    alone = zstandard.ZstdCompressor(level=ZSTD_LEVEL, dict_data=trained)
    yield "a sale packed alone, trained dictionary", "B", sum(len(alone.compress(each)) for each in made[1500:]) / len(made[1500:])


def night(club: Club, cost: dict[str, float]) -> Iterator[Line]:
    """Yield what a day of ``club`` is, by the costs of one of each; an hour is one of a processor core like this one's."""
    packed = cost[f"a sale packed, level {ZSTD_LEVEL}"]
    serving, database = cost["a sale uploaded: serve"], cost["a sale uploaded: PostgreSQL, with what is projected meanwhile"]
    projected, stored = cost["a sale projected: projector and PostgreSQL"], cost["stored a sale"]
    hello, greeted = cost["HELLO: serve"] + cost["HELLO: PostgreSQL"], cost["TLS handshake: serve"]
    requests_made = club.stations * (1 + club.batches)
    yield "CLUB: stations", "", club.stations
    yield "CLUB: sales a day", "", club.sales
    yield "CLUB: the night's window", "h", NIGHT_S / 3600
    yield "sales a second over a day", "/s", club.sales / DAY_S
    yield "sales a second when all wait for the night", "/s", club.sales / NIGHT_S
    yield "uploads: serving and PostgreSQL, a day", "core h", club.sales * (serving + database) / MICRO / 3600
    yield "uploads: cores busy when all wait for the night", "cores", club.sales * (serving + database) / MICRO / NIGHT_S
    yield "projection, a day", "core h", club.sales * projected / MICRO / 3600
    yield "projection: cores busy all day", "cores", club.sales * projected / MICRO / DAY_S
    yield "projection: sales a day that one projector keeps up with", "M", DAY_S * MICRO / projected / 1e6
    yield f"projection: the same, {FEW} of a station at once", "M", (
        DAY_S * MICRO / cost[f"a sale projected, {FEW} of a station at once"] / 1e6)
    yield "HELLO of every station", "core min", club.stations * hello / MICRO / 60
    yield "TLS handshake of every station", "core min", club.stations * greeted / MICRO / 60
    yield "signatures checked of a HELLO and its batches, every station", "core min", (
        requests_made * cost["request of 100 kB: verify"] / MICRO / 60)
    yield "all stations come back within 15 min: cores for HELLO and TLS", "cores", (
        club.stations * (hello + greeted) / MICRO / (15 * 60))
    yield "all stations come back within a minute: cores for HELLO and TLS", "cores", (
        club.stations * (hello + greeted) / MICRO / 60)
    yield "up, a day", "GB", club.sales * packed / 1e9
    yield "up, when all wait for the night", "Mbit/s", club.sales * packed * 8 / 1e6 / NIGHT_S
    yield "stored, a day", "GB", club.sales * stored / 1e9
    yield "stored, a day: the journal", "GB", club.sales * cost["stored a sale: intake_entry"] / 1e9
    yield "days until a disk of 4 TB is full", "days", 4e12 / (club.sales * stored)
    yield "days, with the journal packed as on the wire", "days", 4e12 / (
        club.sales * (stored - cost["stored a sale: intake_entry"] + packed))
    changes = club.sales * MEMBERS_SHARE
    yield "feed: member changes of a day to one station, all members", "GB", changes * cost["members feed: a member, gzip"] / 1e9
    yield "feed: the same to every station", "TB", (
        changes * cost["members feed: a member, gzip"] * club.stations / 1e12)
    yield "feed: serving them to every station", "core h", (
        changes * cost["members feed: serve a member"] * club.stations / MICRO / 3600)


if __name__ == "__main__":
    sys.exit(main())
