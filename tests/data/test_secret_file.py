"""Secrets on disk: whole, private, and a disk that refuses is a numbered fault."""

import sys
from pathlib import Path

import pytest

from data.secret_file import read_secret, write_secret
from station.errors import ErrorCode, StationError

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights of files are those of POSIX")


def test_written_whole_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert read_secret(path) is None
    write_secret(path, b"one")
    write_secret(path, b"two\n\r\n")
    assert read_secret(path) == b"two\n\r\n"
    assert [each.name for each in tmp_path.iterdir()] == ["key"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


@posix
def test_what_a_power_cut_left_lends_nothing_of_its_rights(tmp_path: Path) -> None:
    half = tmp_path / "key.new"
    half.write_bytes(b"half of a secret")
    half.chmod(0o666)
    write_secret(tmp_path / "key", b"one")
    assert [(each.name, each.stat().st_mode & 0o777) for each in tmp_path.iterdir()] == [("key", 0o600)]


@posix
def test_nothing_is_written_through_a_link_that_was_planted(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"untouched")
    (tmp_path / "key.new").symlink_to(victim)
    write_secret(tmp_path / "key", b"one")
    assert victim.read_bytes() == b"untouched"
    assert read_secret(tmp_path / "key") == b"one"


def test_a_folder_that_is_not_there_is_a_numbered_fault(tmp_path: Path) -> None:
    with pytest.raises(StationError) as caught:
        write_secret(tmp_path / "nowhere" / "key", b"one")
    assert (caught.value.code, caught.value.detail) == (ErrorCode.DATABASE_UNAVAILABLE, {"file": "key"})


@posix
def test_a_full_disk_is_a_numbered_fault_and_the_old_secret_stays(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "key"
    write_secret(path, b"one")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))  # no file of this process may have a first byte
    try:
        with pytest.raises(StationError) as caught:
            write_secret(path, b"two")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert read_secret(path) == b"one"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a folder that refuses even its owner")
def test_a_disk_that_cannot_be_written_is_a_numbered_fault() -> None:
    with pytest.raises(StationError) as caught:
        write_secret(Path("/sys/key"), b"one")
    assert caught.value.code is ErrorCode.DISK_READ_ONLY


def test_what_is_there_and_cannot_be_read_is_a_numbered_fault(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    with pytest.raises(StationError) as caught:
        read_secret(tmp_path / "key")
    assert caught.value.code is ErrorCode.DATABASE_UNAVAILABLE
