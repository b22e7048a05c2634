"""The key service as a process of its own: it does what the one in our process does, and lets nobody else in."""

import multiprocessing.connection as pipes
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from pathlib import Path
from threading import Thread

import pytest

from headoffice.cardkeys.issuers import issuers_in
from headoffice.cardkeys.process import (
    KEY_SERVICE_ADDRESS,
    KEY_SERVICE_SECRET,
    KeyServer,
    KeyServiceDownError,
    RemoteKeys,
    address_in,
    card_keys,
    parsed_address,
    server_of,
)
from headoffice.cardkeys.service import KeyService, service_in
from headoffice.clock import now_us
from station.card_record import unpack
from station.card_task import CardPurpose, Outcome, Technology
from station.errors import ErrorCode
from tests.rigs.talk import NUMBER, UID, fresh, made, talk, task

ANY = "tcp:127.0.0.1:0"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[KeyServer]:
    serving = server_of(tmp_path, f"unix:{tmp_path / 's'}")
    running = Thread(target=serving.run)
    running.start()
    yield serving
    serving.close()
    running.join()


@pytest.fixture
def keys(server: KeyServer, tmp_path: Path) -> RemoteKeys:
    assert server
    return RemoteKeys(address_in(tmp_path), (tmp_path / KEY_SERVICE_SECRET).read_bytes())


def test_all_it_does_it_does_from_afar(keys: RemoteKeys, tmp_path: Path) -> None:
    near = service_in(tmp_path)
    chip = made(keys, Technology.NTAG424)
    assert talk(near, task(CardPurpose.AUTHENTICATE, Technology.NTAG424, version=1), chip).outcome is Outcome.PROVEN
    told = talk(keys, task(CardPurpose.AUTHENTICATE, Technology.NTAG424, version=1), fresh(Technology.NTAG424))
    assert told.refusal == ErrorCode.CARD_FORGED
    assert keys.go_on("s1", "gone", []) is None
    assert keys.answers(UID, 1, 5, 3) == near.answers(UID, 1, 5, 3) != b""
    assert not keys.check_sun(UID, 1, 1, bytes(8))
    assert keys.open_sun(bytes(16), bytes(8)) is None
    with pytest.raises(LookupError, match="issuing key"):
        keys.sign_record(NUMBER, "", "")
    with pytest.raises(ValueError, match="UID"):
        keys.begin(task(CardPurpose.AUTHENTICATE, Technology.NTAG424, "04"))
    issuers_in(tmp_path).new(now_us())
    assert unpack(keys.sign_record(NUMBER, "", "")).number == NUMBER
    assert keys.sign_grant(NUMBER, bytes(32), "2027-01-01") == near.sign_grant(NUMBER, bytes(32), "2027-01-01")
    assert keys.issuers() == near.issuers()


def test_who_does_not_know_the_secret_gets_nothing(keys: RemoteKeys, tmp_path: Path) -> None:
    stranger = RemoteKeys(address_in(tmp_path), bytes(32))
    with pytest.raises(KeyServiceDownError):
        stranger.issuers()
    assert keys.issuers().keys == ()


def test_nonsense_ends_a_connection_and_nothing_else(keys: RemoteKeys, tmp_path: Path) -> None:
    place, family = parsed_address(address_in(tmp_path))
    for nonsense in (b"", b"[", b'["__init__", []]', b'["begin", [1]]', b'["answers", ["zz", 1, 0, 1]]'):
        with pipes.Client(place, family, authkey=(tmp_path / KEY_SERVICE_SECRET).read_bytes()) as connection:
            connection.send_bytes(nonsense)
            assert b'"fault":"' in connection.recv_bytes()
    assert keys.issuers().keys == ()
    with pytest.raises(AuthenticationError), pipes.Client(place, family, authkey=b"another"):
        pass


def test_a_file_says_who_has_the_keys(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for home in (one, other):
        home.mkdir()
    (other / KEY_SERVICE_ADDRESS).write_text("tcp:127.0.0.1:1\n", encoding="ascii")
    assert isinstance(card_keys(one), KeyService)
    with pytest.raises(KeyServiceDownError):
        card_keys(other).issuers()


@pytest.mark.parametrize("text", ["", "unix:", "tcp:10.0.0.1:80", "tcp:127.0.0.1:x", "ftp:x"])
def test_another_address_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        parsed_address(text)


def begun(home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "headoffice.main", "key-service", "--home", str(home)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == f"ready on {address_in(home)}\n"
    return process


def test_the_command_serves_until_it_is_told_to_end_and_connections_follow_the_next(tmp_path: Path) -> None:
    with begun(tmp_path) as first:
        keys = card_keys(tmp_path)
        assert made(keys, Technology.DESFIRE_EV2).uid == bytes.fromhex(UID)
        first.send_signal(signal.SIGTERM)
        assert first.wait(10) == 0
    with pytest.raises(KeyServiceDownError):
        keys.issuers()
    with begun(tmp_path) as second:
        assert keys.issuers().keys == ()
        second.kill()
        second.wait(10)
    with begun(tmp_path) as third:
        assert keys.issuers().keys == ()
        third.terminate()
    assert [file.name for file in (tmp_path / "card-keys").iterdir()] == ["chips-001.json"]
