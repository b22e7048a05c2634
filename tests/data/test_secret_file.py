"""Secrets on disk: whole, private, drawn once."""

import sys
from pathlib import Path

import pytest

from data.secret_file import read_secret, secret, write_secret


def test_written_whole_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert read_secret(path) is None
    write_secret(path, b"one")
    write_secret(path, b"two")
    assert read_secret(path) == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["key"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


def test_drawn_once(tmp_path: Path) -> None:
    drawn = secret(tmp_path / "key", 32)
    assert len(drawn) == 32
    assert secret(tmp_path / "key", 32) == drawn
    assert secret(tmp_path / "other", 32) != drawn
    with pytest.raises(ValueError, match="holds 32 bytes, expected 16"):
        secret(tmp_path / "key", 16)
