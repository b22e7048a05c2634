"""Where keys are kept: the platform's stores by name and no other, systemd's credentials for real, a file."""

import importlib
import stat
import sys
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from data.key_places import PLACES, FilePlace, KeyringPlace, SystemdPlace
from station.protection import Protection
from tests.rigs.keyrings import MEMORY, MemoryKeyring, PlainKeyring

KEY = bytes(range(32))
HOST = next(each for each in PLACES if isinstance(each, SystemdPlace) and each.bound_to == "host")
TPM = next(each for each in PLACES if isinstance(each, SystemdPlace) and each.bound_to == "host+tpm2")
# systemd-creds in few words: it prints what it is given in base64 beside its --with-key, and back.
# "fails" refuses a TPM; "forgets" takes one and does not give back, as systemd 252 did with no register.
STUB = """#!/bin/sh
case "$1 $3" in
  "encrypt --with-key=host+tpm2") test "{temper}" = fails && exit 1; printf 'tpm:'; base64 -w 20 ;;
  "encrypt --with-key=host") printf 'host:'; base64 -w 20 ;;
  "decrypt -") read -r kept; case "{temper} $kept" in
      "forgets tpm:"*) exit 1 ;; "sleeps "*) sleep 5 ;; esac; printf %s "${{kept#*:}}" | base64 -d ;;
  *) exit 9 ;;
esac
"""


@pytest.fixture(autouse=True)
def _empty() -> None:
    MemoryKeyring.clear()


def stub(folder: Path, temper: str = "works") -> str:
    """A program with the manners of systemd-creds."""
    program = folder / "systemd-creds"
    program.write_text(STUB.format(temper=temper))
    program.chmod(stat.S_IRWXU)
    return str(program)


def test_every_store_of_a_platform_is_one_of_keyrings_own() -> None:
    backends = {each.name: each.backend for each in PLACES if isinstance(each, KeyringPlace)}
    assert list(backends) == ["Windows Credential Manager", "macOS Keychain", "Secret Service", "KWallet"]
    for backend in backends.values():
        module, _, kind = backend.rpartition(".")
        assert module.startswith("keyring.backends.")
        assert issubclass(getattr(importlib.import_module(module), kind), KeyringBackend)


def test_a_file_is_the_last_resort_and_the_levels_are_honest() -> None:
    assert [(each.name, each.protection) for each in PLACES[4:]] == [
        ("systemd-creds with TPM", Protection.HARDWARE), ("systemd-creds", Protection.FILE), ("file", Protection.FILE)]
    assert {each.protection for each in PLACES[:4]} == {Protection.OS_ACCOUNT}


def test_a_store_somebody_else_chose_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keyring.get_keyring()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.rigs.keyrings.PlainKeyring")
    keyring.set_keyring(PlainKeyring())  # type: ignore[no-untyped-call] # keyring's own constructor
    try:
        for each in PLACES:
            if isinstance(each, KeyringPlace):
                each.keep(KEY)
                each.give("a name")
    finally:
        keyring.set_keyring(before)
    assert PlainKeyring.asked == []


def test_a_platform_store_keeps_a_key_under_a_name_of_its_own() -> None:
    names = [MEMORY.keep(KEY), MEMORY.keep(bytes(32))]
    assert len(set(names)) == 2
    assert [MEMORY.give(name) for name in names if name] == [KEY, bytes(32)]
    assert {service for service, _ in MemoryKeyring.entries} == {"card-station"}


def test_what_a_platform_store_lost_or_locks_is_not_there() -> None:
    name = MEMORY.keep(KEY)
    assert name is not None
    MemoryKeyring.locked = True
    assert (MEMORY.give(name), MEMORY.keep(KEY)) == (None, None)
    MemoryKeyring.locked = False
    assert MEMORY.give(name) == KEY
    MemoryKeyring.entries[next(iter(MemoryKeyring.entries))] = "no hexadecimal digits"
    assert MEMORY.give(name) is None
    MemoryKeyring.clear()
    assert MEMORY.give(name) is None


@pytest.mark.parametrize("backend", ["AbsentKeyring", "ForgetfulKeyring"])
def test_a_store_that_is_not_there_or_forgets_keeps_no_key(backend: str) -> None:
    place = KeyringPlace("x", f"tests.rigs.keyrings.{backend}")
    assert (place.keep(KEY), place.give("a name")) == (None, None)
    assert MemoryKeyring.entries == {}


def test_a_library_that_is_not_installed_is_a_store_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    place = KeyringPlace("KWallet", "no_such_library.Keyring")
    assert (place.keep(KEY), place.give("a name")) == (None, None)
    assert [record.getMessage() for record in caplog.records] == ["KWallet: ModuleNotFoundError"] * 2


def test_the_systemd_of_this_computer_keeps_a_key() -> None:
    kept = HOST.keep(KEY)
    if kept is None:
        pytest.skip("systemd-creds is not installed, or not for this user")
    assert KEY.hex() not in kept
    assert HOST.give(kept) == KEY
    changed = kept[:40] + ("A" if kept[40] != "A" else "B") + kept[41:]
    assert (HOST.give(changed), HOST.give("no credential")) == (None, None)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize(("temper", "tpm", "host"), [
    ("works", True, True), ("fails", False, True), ("forgets", False, True), ("sleeps", False, False)])
def test_a_key_is_bound_to_a_chip_that_gives_it_back(tmp_path: Path, temper: str, tpm: bool, host: bool) -> None:  # noqa: FBT001
    program = stub(tmp_path, temper)
    for place, works in ((TPM, tpm), (HOST, host)):
        tried = replace(place, program=program, limit_s=0.5)
        kept = tried.keep(KEY)
        assert (kept is not None) == works
        assert kept is None or tried.give(kept) == KEY


def test_without_systemd_no_key_is_kept_there(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"\x7fELF")
    (tmp_path / "broken").chmod(stat.S_IRWXU)
    for program in (str(tmp_path / "nothing"), str(tmp_path / "broken")):
        place = replace(HOST, program=program)
        assert (place.keep(KEY), place.give("x")) == (None, None)


def test_a_file_gives_back_what_is_written_in_it() -> None:
    place = FilePlace()
    assert place.give(place.keep(KEY)) == KEY
    assert place.give("no base64!") is None
