"""Head office as in production: gunicorn with two processes, the projector beside it, a PostgreSQL of its own."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import psycopg
import pytest
import requests
import zstandard
from prometheus_client.parser import text_string_to_metric_families

from headoffice.pools import PERMITS, Pool
from station.errors import StationError
from station.protection import Protection
from sync import wire, wire_feeds
from sync.client import HeadOffice, Identity, Link, OfficeKey
from sync.ed25519 import new_key, public_key
from sync.line import Call, Line
from tests.headoffice.shop import Journal, member, sale
from tests.rigs import postgres
from tests.rigs.served import ProductionOffice

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
WORKERS = 2
KEY = new_key()
LOOK = wire_feeds.SHELF_FEED_PATH


class Served:
    """A head office in production and what a station of it needs to speak to it."""

    def __init__(self, home: Path, server: postgres.Server) -> None:
        self.server = server
        self.database = server.create("production")
        self.office = ProductionOffice(home, WORKERS)
        self.office.ask("init", "--database", self.database)
        self.office.ask("seed-demo", "--members", "20", "--goods", "8")
        self.office.start()
        self._stations = 0

    def station(self) -> str:
        """The name of a new station."""
        self._stations += 1
        name = f"12-{self._stations}"
        with psycopg.connect(self.database) as books:
            books.execute(
                "INSERT INTO stations_station (id, shop, public_key, next_key, fingerprint, key_us, paired_us, revoked,"
                " protection) VALUES (%s, '12', %s, '', '', 0, 0, false, '')", [name, public_key(KEY)])
        return name

    def line(self, station: str) -> Line:
        """A line of that station to head office."""
        link = Link(self.office.url, (self.office.home / "ca.pem").read_text("utf-8"))
        return Line(link, Identity(station, KEY), self._key())

    def client(self, station: str) -> HeadOffice:
        """The same as the station's program has it."""
        link = Link(self.office.url, (self.office.home / "ca.pem").read_text("utf-8"), read_s=60)
        return HeadOffice(link, Identity(station, KEY), self._key())

    def count(self, query: str, *values: str) -> int:
        """A figure of the books."""
        with psycopg.connect(self.database) as books:
            found = books.execute(query, values).fetchone()
        assert found is not None
        return int(found[0])

    def await_posted(self, station: str, count: int) -> None:
        """Return when the projector has posted so many sales of the station, and not one more."""
        until = time.monotonic() + 60
        posted = "SELECT count(*) FROM ledger_sale WHERE station = %s"
        while self.count(posted, station) < count and time.monotonic() < until:
            time.sleep(0.1)
        assert self.count(posted, station) == count

    def _key(self) -> OfficeKey:
        return OfficeKey(public_key((self.office.home / "office.key").read_bytes()), lambda _key: None)


@pytest.fixture(scope="module")
def served(server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("production") / "office", server)
    yield served
    served.office.stop()


def sold(station: str, count: int) -> Journal:
    """A journal of that many sales."""
    journal = Journal(station)
    for number in range(count):
        journal.append(sale(member(number % 20)))
    return journal


def put(line: Line, journal: Journal, first: int, last: int) -> tuple[int, bytes]:
    body = zstandard.compress(wire.join_entries(journal.raws[first - 1:last]), 3)
    answer = line.asked(Call(
        "PUT", wire.JOURNAL_PATH, msgspec.to_builtins(journal.head(first, last)),
        {"Content-Type": wire.ENTRIES_TYPE, "Content-Encoding": "zstd"}, body))
    return answer.status, answer.body


def test_the_same_batch_from_six_at_once_is_one_fresh_and_five_equal_receipts(served: Served) -> None:
    journal = sold(served.station(), 300)
    together = threading.Barrier(6)

    def send(_number: int) -> tuple[int, bytes]:
        line = served.line(journal.station)
        assert line.asked(Call("GET", LOOK)).status == 200
        together.wait()
        try:
            return put(line, journal, 1, 300)
        finally:
            line.close()

    with ThreadPoolExecutor(6) as threads:
        [(status, body)] = set(threads.map(send, range(6)))
    receipt = msgspec.json.decode(body, type=wire.Receipt)
    assert (status, receipt.accepted, receipt.duplicates, receipt.quarantined) == (200, 300, 0, ())
    assert served.count("SELECT count(*) FROM intake_entry WHERE station = %s", journal.station) == 300
    served.await_posted(journal.station, 300)


def test_what_all_processes_counted_is_told_by_any(served: Served) -> None:
    line = served.line(served.station())
    with requests.Session() as session:
        session.trust_env = False

        def told() -> float:
            text = session.get(
                f"{served.office.url}/metrics", verify=str(served.office.home / "ca.pem"), timeout=10,
                headers={"Connection": "close"}).text
            return sum(sample.value for family in text_string_to_metric_families(text) for sample in family.samples
                       if sample.name == "headoffice_requests_total" and sample.labels["pool"] == "feeds")

        before = told()
        for _ in range(20):
            line.close()  # so that either process may get the next
            assert line.asked(Call("GET", LOOK)).status == 200
        # the first was sent twice, for want of a nonce
        assert {told() for _ in range(6)} == {before + 21}
    line.close()


def test_uploads_that_fill_every_pool_do_not_delay_a_feed_and_are_refused_unread(served: Served) -> None:
    trusted = ssl.create_default_context(cafile=str(served.office.home / "ca.pem"))
    line = served.line(served.station())
    assert line.asked(Call("GET", LOOK)).status == 200
    lines = []
    for _ in range(3 * WORKERS * PERMITS[Pool.UPLOADS]):
        each = trusted.wrap_socket(
            socket.create_connection(("127.0.0.1", served.office.port), timeout=10), server_hostname="127.0.0.1")
        each.sendall(f"PUT {wire.JOURNAL_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n".encode())
        lines.append(each)
    refused = 0
    for each in lines:
        each.settimeout(0.5)
        try:
            refused += each.recv(100).startswith(b"HTTP/1.1 503")
        except TimeoutError:
            continue  # one of those let in, whose body is waited for
    assert len(lines) - refused == WORKERS * PERMITS[Pool.UPLOADS]
    since = time.monotonic()
    assert line.asked(Call("GET", LOOK)).status == 200
    assert time.monotonic() - since < 2
    for each in lines:
        each.close()
    line.close()


def test_a_dump_put_back_is_refilled_by_the_stations_with_no_person(served: Served, tmp_path: Path) -> None:
    journal = sold(served.station(), 300)
    client = served.client(journal.station)

    def send(first: int, last: int) -> wire.Receipt:
        return client.put_batch(journal.head(first, last), client.pack(wire.join_entries(journal.raws[first - 1:last])))

    send(1, 200)
    dump = tmp_path / "club.dump"
    served.server.run("pg_dump", "--format", "custom", "--file", dump, served.database)
    send(201, 300)
    client.close()
    served.office.stop()
    served.database = served.server.create("restored")
    served.server.run("pg_restore", "--no-owner", "--dbname", served.database, dump)
    (served.office.home / "database.url").write_text(served.database, "utf-8")
    served.office.ask("init")
    served.office.start()
    client = served.client(journal.station)
    welcome = client.hello(wire.Hello(
        protocol=wire.PROTOCOL, program="test", incarnation=journal.incarnation, seq=300,
        head=journal.hashes[300].hex(), protection=Protection.FILE))
    assert (welcome.acknowledged, welcome.head) == (200, journal.hashes[200].hex())
    assert send(201, 300).accepted == 100
    client.close()
    served.await_posted(journal.station, 300)
    assert served.office.ask("verify") == "the books agree with the journals"
    with psycopg.connect(served.database) as books, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        books.execute("DELETE FROM intake_entry")


def test_a_killed_postgresql_loses_nothing_and_is_found_again(served: Served) -> None:
    journal = sold(served.station(), 2000)
    client = served.client(journal.station)
    done = 0
    failures = 0
    killed = False
    until = time.monotonic() + 120
    while done < 2000 and time.monotonic() < until:
        if done >= 800 and not killed:
            threading.Timer(0.02, served.server.kill).start()
            killed = True
        try:
            receipt = client.put_batch(
                journal.head(done + 1, done + 100),
                client.pack(wire.join_entries(journal.raws[done:done + 100])))
        except StationError:
            failures += 1
            served.server.start()
        else:
            assert receipt.acknowledged == done + 100
            done = receipt.acknowledged
    client.close()
    assert (done, failures > 0) == (2000, True)
    assert served.count("SELECT count(DISTINCT hash) FROM intake_entry WHERE station = %s", journal.station) == 2000
    assert served.count("SELECT acknowledged FROM intake_incarnation WHERE station = %s", journal.station) == 2000
    served.office.wait_ready()
