"""Bad lines between real processes: partitions, answers cut off, 64 kbit/s, somebody in the middle, hostile variables."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from statistics import median

import pytest
import trustme

from station.errors import ErrorCode, StationError
from station.leases import AccountKind
from sync.batches import START_ENTRIES
from sync.spending import ANSWER_S
from sync.wire_spending import AvailableAsked
from tests.faults.conftest import FULL, STOCK, Row, Stage, note
from tests.rigs.interceptor import intercepting
from tests.rigs.proxy import Cut, Proxy, Slowness, Weather, between
from tests.rigs.seller import ring_up
from tests.rigs.stocked import stock
from ui.wiring import make_counter, open_memory
from ui.wiring_lines import head_office, sync_opener

PARTITIONS = 20 if FULL else 2
PARTED_S = 2.0
LIMIT_S = 120.0
SLOW_SALES = 5_000
SLOW_LIMIT_S = 1200.0
STARVED_S = 15.0
KBIT = 1000 / 8
CRAWLS = 8

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200 if FULL else 900)]


def proxied(stage: Stage, proxy: Proxy) -> None:
    """Let the station speak to head office by ``proxy``."""
    stage.station.url = proxy.url


@pytest.mark.parametrize(("weather", "name"), [
    (Weather.HANGS, "the line hangs, and what it held arrives"),
    (Weather.REFUSES, "the line refuses"),
    (Weather.RESETS, "the line resets"),
    *([(Weather.LOST, "the line hangs, and what it held is lost")] if FULL else [])])
def test_a_parted_line(set_up: Callable[[str], Stage], weather: Weather, name: str) -> None:
    stage = set_up("sqlite")
    station, row = stage.station, Row(name, PARTITIONS, 0, [])
    stage.head.start()
    with between(stage.head.url) as proxy:
        proxied(stage, proxy)
        station.start()
        station.tell("every 0.05")
        for _ in range(PARTITIONS):
            since = time.monotonic()
            station.tell("sell 100", wait=False)
            station.await_state(lambda state: state.unsent > 0, since, 5)
            proxy.be(weather)
            station.await_answer()
            row.hit += station.await_state(lambda state: not state.online, since, PARTED_S) is not None
            proxy.be(Weather.CLEAR)
            back = time.monotonic()
            taken = station.await_current(back, LIMIT_S)
            if taken is None:
                row.stalls += 1
            else:
                row.recovered.append(taken)
        row.stalls += station.settle() is None
        station.quit()
    found = stage.reckoned()
    row.told(found)
    assert found.sound, found
    assert row.stalls == 0


def test_an_answer_cut_off_at_any_byte(set_up: Callable[[str], Stage]) -> None:
    """The batch was stored; the station does not know, asks, and sends nothing twice."""
    stage = set_up("sqlite")
    stage.head.start()
    with between(stage.head.url) as proxy:
        who = stage.who(proxy.url)
        memory = open_memory(stage.home, who.enrolment)
        with closing(memory), closing(sync_opener(stage.home, who)()) as sync:
            while sync.push().unsent:
                pass
            counter = make_counter(who.enrolment, memory)
            ring_up(counter, memory)
            proxy.cut = Cut(least=1000, answered=1_000_000)
            whole = proxy.cut
            sync.push()
            answer = whole.passed
            assert answer > 500
            marks = range(0, answer, 1 if FULL else answer // 24)
            again = 0
            for answered in (*marks, answer - 1):
                ring_up(counter, memory)
                proxy.cut = cut = Cut(least=1000, answered=answered)
                with pytest.raises(StationError) as raised:
                    sync.push()
                assert cut.done.is_set()
                assert raised.value.code is ErrorCode.HEAD_OFFICE_UNREACHABLE
                again += sync.push().sent
            requests = len([*marks, 0])
            asked = 0
            for part in (1, 300, 700):
                ring_up(counter, memory)
                proxy.cut = cut = Cut(least=1, asked=part)
                with pytest.raises(StationError):
                    sync.push()
                asked += sync.push().sent
    assert (again, asked) == (0, 3), "what had arrived is not sent again, what had not is"
    found = stage.reckoned()
    Row(f"the answer cut off at {requests} of its {answer} bytes", requests, requests, []).told(found)
    Row("the request cut off", 3, 3, []).told(found)
    assert found.sound, found


@pytest.mark.parametrize("kbit", [64, *([CRAWLS] if FULL else [])])
def test_a_slow_line(set_up: Callable[[str], Stage], kbit: int) -> None:
    """So many kbit/s and 300 ms each way: a backlog goes up, while the counter's question gets through.

    At 8 kbit/s a batch takes longer than an answer is waited for, until batches are smaller.
    """
    stage = set_up("sqlite")
    if FULL and kbit != CRAWLS:
        who = stage.who()
        with closing(open_memory(stage.home, who.enrolment)) as memory:
            stock(memory, who, stage.members, SLOW_SALES - STOCK, weighty=True)
    answered, batches = crawl(stage, kbit)
    if kbit == CRAWLS:
        assert min(batches) < START_ENTRIES
    else:
        assert median(answered) < ANSWER_S
        assert max(answered) < STARVED_S


def crawl(stage: Stage, kbit: int) -> tuple[list[float], set[int]]:
    """Let the station send all it has; return how long the counter's questions took meanwhile, and the sizes of batches."""
    station, row = stage.station, Row(f"{kbit} kbit/s and 300 ms each way", 1, 1, [])
    stage.head.start()
    with between(stage.head.url, Slowness(rate=kbit * KBIT, delay_s=0.3)) as proxy:
        proxied(stage, proxy)
        since = time.monotonic()
        station.start()
        assert station.await_state(lambda state: state.unsent > 0, since)
        office, _, _ = head_office(stage.home, stage.who(proxy.url))
        answered: list[float] = []
        while not any(state.current and not state.unsent and state.at >= since for state in station.states):
            began = time.monotonic()
            assert began - since < SLOW_LIMIT_S
            office.available(AvailableAsked(kind=AccountKind.POINTS, account=stage.members[0]))
            answered.append(time.monotonic() - began)
        office.close()
        row.recovered.append(time.monotonic() - since)
        row.stalls += station.settle() is None
        station.quit()
        sent = proxy.passed["up"]
    found = stage.reckoned()
    row.told(found)
    batches = {state.batch for state in station.states}
    note(f"{kbit} kbit/s: {found.sales} sales, {sent} bytes up, batches of {min(batches)} to {max(batches)};"
         f" {len(answered)} questions of the counter meanwhile, median {median(answered):.2f} s,"
         f" longest {max(answered):.2f} s")
    assert found.sound, found
    assert row.stalls == 0
    return answered, batches


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """The address of somebody who takes every connection, and what he is told first on each."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        def accept() -> None:
            with suppress(OSError):
                while True:
                    caller, _ = door.accept()
                    with caller:
                        caller.settimeout(1)
                        heard.append(b"")
                        with suppress(TimeoutError):
                            heard.append(caller.recv(1000))

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", heard
        door.shutdown(socket.SHUT_RDWR)
        accepting.join(5)


def hostile(proxy: str, authorities: Path) -> dict[str, str]:
    """An environment that would send everything by ``proxy`` and trust ``authorities``."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {name: proxy for upper in names for name in (upper, upper.lower())} | {
        name: str(authorities) for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")} | {
        "NO_PROXY": "", "no_proxy": "", "SSL_CERT_DIR": str(authorities.parent)}


def test_somebody_in_the_middle_whom_the_environment_trusts(set_up: Callable[[str], Stage], tmp_path: Path) -> None:
    """Proxy and certificate variables have no say; who shows another authority's certificate is told nothing."""
    stage, authority = set_up("sqlite"), trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "hostile.pem")
    station = stage.station
    stage.head.start()
    with listening() as (address, heard):
        station.environment = hostile(address, tmp_path / "hostile.pem")
        with intercepting(stage.head.url, authority) as him:
            station.url = him.url
            since = time.monotonic()
            station.start()
            refused = station.await_state(lambda state: state.error != "-", since)
            station.tell("sell 20")
            time.sleep(1)
            station.quit()
        assert refused is not None
        assert refused.error == ErrorCode.HEAD_OFFICE_UNTRUSTED.name
        assert him.shaken > 0, "he was there, and the handshake began"
        assert him.seen == []
        station.url = stage.head.url
        since = time.monotonic()
        station.start()
        assert station.await_current(since, LIMIT_S) is not None
        station.quit()
        assert heard == []
    found = stage.reckoned()
    Row("TLS by another authority, hostile variables", 1, 1, []).told(found)
    assert found.sound, found
