"""Station and head office as processes, over TLS: pairing, people in the middle, keys that change, a station that is revoked."""

import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from data.key_places import FilePlace
from station.errors import ErrorCode, StationError
from sync.keys import Identity, OfficeKey
from sync.line import Call, Link
from sync.line import Line as Wire
from sync.signatures import sign
from sync.wire import MOST_BATCH_BYTES
from sync.wire_feeds import SHELF_FEED_PATH, ShelfPage
from tests.line.conftest import Line
from tests.rigs.interceptor import intercepting
from ui.wiring import Home, Paired, keep_pairing, paired
from ui.wiring_lines import EnrolmentRing, head_office, pair

YEARS_US = 10 * 365 * 86_400_000_000


def fresh_home(folder: Path) -> Home:
    return Home(folder / "fresh", (FilePlace(),), folder / "fresh-state")


def fault(call: "object") -> StationError:
    assert callable(call)
    with pytest.raises(StationError) as raised:
        call()
    return raised.value


def test_both_sides_show_the_same_fingerprint(line: Line, tmp_path: Path) -> None:
    home = fresh_home(tmp_path)
    who = pair(home, line.office.url, line.office.ask("pair", "--shop", "12"))
    shown = {each["station"]: each["fingerprint"] for each in line.office.ask_json("stations")}
    assert shown["12-2"] == who.enrolment.fingerprint
    assert shown["12-1"] == line.who.enrolment.fingerprint
    doctor = stationctl(line.home, "doctor")
    assert f"station key  {shown['12-1']}" in doctor.stdout


def stationctl(home: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", words[0], "--home", str(home.folder), *words[1:]],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


def rotate(line: Line) -> "subprocess.CompletedProcess[str]":
    """``stationctl rotate``, which looks the address up where the station keeps it."""
    keep_pairing(line.home, line.who)
    return stationctl(line.home, "rotate")


def test_who_stands_between_at_pairing_gets_nothing(line: Line, tmp_path: Path) -> None:
    home, code = fresh_home(tmp_path), line.office.ask("pair", "--shop", "12")
    with intercepting(line.office.url) as him:
        passed_on = fault(lambda: pair(home, him.url, code))
        assert (passed_on.code, passed_on.detail) == (ErrorCode.HEAD_OFFICE_UNTRUSTED, {"reason": "authority"})
        assert b"".join(him.seen).count(b"BEGIN CERTIFICATE") == 1, "he saw the question for the authority, and no more"
        assert not any(b"POST" in each for each in him.seen)
        secret = code.replace("-", "")[5:].encode()
        assert not any(secret[:8] in each for each in him.seen)
        him.swaps.append((b"BEGIN CERTIFICATE-----\\nMII", b"BEGIN CERTIFICATE-----\\nMIJ"))
        assert fault(lambda: pair(home, him.url, code)).code is ErrorCode.PAIRING_UNPROVEN
    assert not home.enrolment.exists()
    assert pair(home, line.office.url, code).enrolment.station == "12-2", "the code is still good"


def test_who_stands_between_later_gets_nothing(line: Line) -> None:
    with intercepting(line.office.url) as him:
        office, _, _ = head_office(line.home, Paired(him.url, line.who.enrolment))
        untrusted = fault(lambda: office.shelf_page(""))
        office.close()
    assert (untrusted.code, untrusted.detail) == (ErrorCode.HEAD_OFFICE_UNTRUSTED, {"reason": "authority"})
    assert him.seen == []


@pytest.mark.parametrize("away_us", [-YEARS_US, YEARS_US])
def test_a_clock_that_is_ten_years_off_keeps_nobody_out(line: Line, away_us: int) -> None:
    wire = wire_of(line, clock=lambda: time.time_ns() // 1000 + away_us)
    assert wire.ask(Call("GET", SHELF_FEED_PATH), ShelfPage).changes
    assert abs(wire.now_us() - time.time_ns() // 1000) < 60_000_000
    wire.close()


def wire_of(line: Line, **facts: object) -> Wire:
    who = line.who.enrolment
    return Wire(
        Link(line.office.url, who.ca), Identity(who.station, who.key), OfficeKey(who.office_key, lambda _: None),
        **facts)  # type: ignore[arg-type]


def test_a_request_that_was_overheard_is_good_once_and_a_restarted_server_goes_on(line: Line) -> None:
    who = line.who.enrolment
    (ca := line.home.folder / "ca.pem").write_text(who.ca, "utf-8")
    with requests.Session() as session:
        session.trust_env = False
        url = line.office.url + SHELF_FEED_PATH
        nonce = session.get(line.office.url + "/api/v1/nothing", verify=str(ca), timeout=10).headers["Server-Nonce"]
        line.office.stop()
        line.office.start()
        prepared = session.prepare_request(requests.Request("GET", url))
        sign(prepared, who.key, key_id=who.station, created=1, nonce=f"{nonce}.one")
        statuses = [session.send(prepared, verify=str(ca), timeout=10).status_code for _ in range(2)]
    assert statuses == [200, 401]


def test_a_nonce_of_another_server_is_asked_for_anew(line: Line) -> None:
    wire = wire_of(line)
    assert wire.ask(Call("GET", SHELF_FEED_PATH), ShelfPage)
    line.office.stop()
    secret = line.office.home / "secret.key"
    secret.write_bytes(bytes(32))
    line.office.start()
    assert wire.ask(Call("GET", SHELF_FEED_PATH), ShelfPage), "the nonce from before the restart was not good any more"
    wire.close()


def test_those_who_say_nothing_hold_up_nobody(line: Line) -> None:
    address = ("127.0.0.1", urlsplit(line.office.url).port or 0)
    with ExitStack() as opened:
        for number in range(100):
            silent = opened.enter_context(socket.create_connection(address))
            if number % 10 == 0:
                silent.sendall(b"\x16\x03\x01")  # the beginning of a handshake, and no more
        began = time.monotonic()
        assert line.exchange() >= 0
        assert time.monotonic() - began < 10


def test_plain_http_and_old_tls_are_refused_and_large_bodies_not_read(line: Line) -> None:
    address = ("127.0.0.1", urlsplit(line.office.url).port or 0)
    with socket.create_connection(address, timeout=10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"200" not in plain.recv(100)
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(address, timeout=10) as opened, careless.wrap_socket(opened) as tls:
        assert tls.version() == "TLSv1.3"
        tls.sendall(b"PUT /api/v1/journal HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % (MOST_BATCH_BYTES + 1))
        assert tls.recv(12) == b"HTTP/1.1 413"
    with socket.create_connection(address, timeout=10) as opened, careless.wrap_socket(opened) as tls:
        tls.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n")
        assert tls.recv(12) == b"HTTP/1.1 413"


def test_a_revoked_station_sends_and_is_given_nothing(line: Line) -> None:
    line.office.ask("revoke", "12-1", "--since", "2026-11-26T10:00+03:30")
    [shown] = line.office.ask_json("stations")
    assert shown["revoked"]
    sync = line.sync()
    sync.push()
    assert fault(sync.pull).code is ErrorCode.STATION_REVOKED
    sync.close()


def test_the_stations_key_is_replaced_and_the_old_one_is_no_good(line: Line) -> None:
    before = line.who.enrolment
    running = line.sync()
    running.push()
    rotated = rotate(line)
    after = paired(line.home).enrolment
    assert (rotated.returncode, rotated.stderr) == (0, "")
    assert after.fingerprint in rotated.stdout
    assert (after.fingerprint != before.fingerprint, after.first) == (True, before.first)
    assert line.exchange() >= 0
    [shown] = line.office.ask_json("stations")
    assert shown["fingerprint"] == after.fingerprint
    assert fault(lambda: wire_of(line).ask(Call("GET", SHELF_FEED_PATH), ShelfPage)).code is ErrorCode.SIGNATURE_INVALID
    running.push()  # the program that ran meanwhile looks its new key up
    running.close()


def test_a_key_that_is_due_is_replaced_by_itself(line: Line) -> None:
    ring = EnrolmentRing(line.home)
    ring.keep(replace(ring.keys(), since_us=ring.keys().since_us - 61 * 86_400_000_000))
    before = ring.keys()
    line.exchange()
    assert (ring.keys().former, ring.keys().days) == (before.key, 90)
    assert line.exchange() >= 0


def test_a_head_office_that_was_put_back_learns_the_newer_key_with_no_person(line: Line, tmp_path: Path) -> None:
    line.office.stop()
    shutil.copytree(line.office.home, tmp_path / "kept")
    line.office.start()
    assert rotate(line).returncode == 0
    line.exchange()
    line.office.stop()
    shutil.rmtree(line.office.home)
    shutil.copytree(tmp_path / "kept", line.office.home)
    line.office.start()
    assert line.exchange() >= 0
    [shown] = line.office.ask_json("stations")
    assert shown["fingerprint"] == paired(line.home).enrolment.fingerprint


def test_head_offices_key_is_followed(line: Line) -> None:
    before = line.who.enrolment.office_key
    running = line.sync()
    running.push()
    for _ in range(2):
        line.office.ask("office-key")
    line.office.stop()
    line.office.start()
    running.push()
    while running.pull():
        pass
    running.close()
    assert paired(line.home).enrolment.office_key != before
    assert line.exchange() >= 0


def test_new_keys_for_a_station_that_lost_its_own(line: Line) -> None:
    ring = EnrolmentRing(line.home)
    ring.keep(replace(ring.keys(), key=bytes(32)))
    assert fault(line.exchange).code is ErrorCode.SIGNATURE_INVALID
    code = line.office.ask("pair", "--shop", "12", "--station", "12-1")
    again = stationctl(line.home, "pair", "--url", line.office.url, "--code", code, "--again")
    assert again.returncode == 0, again.stdout
    assert line.exchange() >= 0
    other = line.office.ask("pair", "--shop", "12")
    assert stationctl(line.home, "pair", "--url", line.office.url, "--code", other).returncode != 0


def test_the_certificate_is_renewed_by_a_command(line: Line) -> None:
    said = line.office.ask("certificate", "--new")
    assert said.startswith("the certificate for localhost, 127.0.0.1, ::1 holds until ")
    line.office.stop()
    line.office.start()
    assert line.exchange() >= 0
