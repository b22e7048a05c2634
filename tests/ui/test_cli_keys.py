"""The key at the station: what the doctor says of it, how it gets lost, and how it comes back."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from data.database import ENCRYPTS
from data.key_places import PLACES
from data.verify import verify
from station.errors import ErrorCode, StationError
from station.protection import Protection
from tests.rigs.keyrings import MemoryKeyring
from tests.rigs.paired import RECOVERY, paired_station
from ui.cli import main
from ui.cli_keys import encryption_lines
from ui.text import Words
from ui.wiring import Home, Paired, open_memory, paired, put_back

ENGLISH = Words("en")


@pytest.fixture
def station(tmp_path: Path) -> tuple[Home, Paired]:
    MemoryKeyring.clear()
    (tmp_path / "station").mkdir()
    return paired_station(tmp_path / "station")


def lines(home: Home) -> dict[str, str]:
    """The doctor's lines on encryption, by their titles."""
    return {line[:13].strip(): line[13:] for line in encryption_lines(home, ENGLISH)}


def test_who_the_station_is_comes_back_under_its_key(station: tuple[Home, Paired]) -> None:
    home, who = station
    assert paired(home) == who
    assert who.enrolment.key not in home.enrolment.read_bytes()
    memory = open_memory(home, who.enrolment)
    assert memory.protection is Protection.OS_ACCOUNT
    memory.close()


def test_a_folder_that_is_not_paired_has_no_key_and_gets_none_by_asking(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for ask in (lambda: paired(home), lambda: put_back(home, bytes(32))):
        with pytest.raises(StationError) as caught:
            ask()
        assert caught.value.code is ErrorCode.NOT_PAIRED
    assert lines(home)["key"] == "none yet"
    assert list(tmp_path.iterdir()) == []


def test_an_enrolment_that_was_altered_is_not_believed(station: tuple[Home, Paired]) -> None:
    home, _ = station
    content = bytearray(home.enrolment.read_bytes())
    content[-1] ^= 1
    home.enrolment.write_bytes(content)
    with pytest.raises(StationError) as caught:
        paired(home)
    assert (caught.value.code, caught.value.detail) == (ErrorCode.DATABASE_KEY_WRONG, {"file": "station.locked"})


def test_the_doctor_names_the_store_and_its_level(station: tuple[Home, Paired]) -> None:
    home, _ = station
    said = lines(home)
    assert said["key"] == "memory. Data here is encrypted; its key lies in the operating system's key store."
    assert said["sealed key"] == str(home.sealed_key)
    home.sealed_key.unlink()
    assert lines(home)["sealed key"] == "none yet: if the key is lost, what is unsent is lost"
    MemoryKeyring.locked = True
    assert lines(replace(home))["key"] == (
        "The key of this station's data cannot be had from: memory. Sign in as the usual user and unlock the key "
        "store. If the key is gone, head office can restore it; nothing recorded is lost. (E409)")


def test_a_sealed_key_that_went_missing_is_made_again(station: tuple[Home, Paired]) -> None:
    home, who = station
    home.sealed_key.unlink()
    open_memory(home, who.enrolment).close()
    assert home.sealed_key.exists()


def headoffice_rescue(folder: Path, sealed: Path, key: bytes = RECOVERY) -> "subprocess.CompletedProcess[str]":
    """Open the ``sealed`` key as head office does; it ends in ``folder``/rescued."""
    (folder / "recovery.key").write_bytes(key)
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "headoffice.main", "rescue", "--key", str(folder / "recovery.key"),
         "--sealed", str(sealed), "--out", str(folder / "rescued")],
        capture_output=True, text=True, check=False, encoding="utf-8", timeout=60)


def test_what_a_lost_key_locked_in_is_rescued(
    station: tuple[Home, Paired], tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    home, who = station
    memory = open_memory(home, who.enrolment)
    head = memory.journal.head()
    memory.close()
    MemoryKeyring.clear()
    here = ["--home", str(home.folder)]
    for command in ("doctor", "verify", "sync"):
        assert main([command, *here]) == 1
    assert capsys.readouterr().err.count("E409") == 2  # the doctor says it on a line of its own
    done = headoffice_rescue(tmp_path, home.sealed_key)
    assert (done.returncode, done.stderr) == (0, "")
    assert "stationctl rescue --key FILE" in done.stdout
    assert main(["rescue", *here, "--key", str(tmp_path / "rescued")]) == 0
    assert capsys.readouterr().out.startswith("key kept: ")
    found = Home(home.folder)  # from now on in the real stores of this computer
    assert paired(found) == who
    memory = open_memory(found, who.enrolment)
    assert memory.journal.head() == head
    assert list(verify(memory.journal)) == []
    memory.close()
    assert found.keys.held().store in {each.name for each in PLACES}


def test_head_office_opens_with_its_own_key_alone_and_overwrites_nothing(
    station: tuple[Home, Paired], tmp_path: Path,
) -> None:
    sealed = station[0].sealed_key
    wrong = headoffice_rescue(tmp_path, sealed, bytes(range(32)))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == f"{sealed}: this was altered, or belongs to another key\n"
    missing = headoffice_rescue(tmp_path, tmp_path / "nowhere")
    assert (missing.returncode, missing.stderr) == (2, f"{tmp_path / 'nowhere'}: No such file or directory\n")
    assert not (tmp_path / "rescued").exists()
    assert headoffice_rescue(tmp_path, sealed).returncode == 0
    if sys.platform != "win32":
        assert (tmp_path / "rescued").stat().st_mode & 0o777 == 0o600
    again = headoffice_rescue(tmp_path, sealed)
    assert (again.returncode, again.stderr) == (2, f"{tmp_path / 'rescued'} is there already\n")


def test_a_key_that_opens_nothing_here_is_not_kept(
    station: tuple[Home, Paired], tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    home, who = station
    before = home.database_key.read_bytes()
    (tmp_path / "other").write_bytes(bytes(32))
    (tmp_path / "short").write_bytes(b"short")
    rescue = ["rescue", "--home", str(home.folder), "--key"]
    assert main([*rescue, str(tmp_path / "other")]) == 1
    assert "E406" in capsys.readouterr().err
    assert main([*rescue, str(tmp_path / "short")]) == 2
    assert "is not a key that head office rescued" in capsys.readouterr().out
    assert main([*rescue, str(tmp_path / "nowhere")]) == 2
    assert "No such file or directory" in capsys.readouterr().out
    assert home.database_key.read_bytes() == before
    assert paired(home) == who


def test_a_key_that_opens_the_enrolment_must_open_the_journal_too(station: tuple[Home, Paired]) -> None:
    home, _ = station
    assert ENCRYPTS
    home.journal.write_bytes(bytes(4096))
    with pytest.raises(StationError) as caught:
        put_back(home, home.keys.held().key)
    assert caught.value.code is ErrorCode.DATABASE_KEY_WRONG
