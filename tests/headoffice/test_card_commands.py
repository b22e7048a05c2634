"""``headoffice card-keys``: what a person at head office does with the issuing keys, and is told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from headoffice.cardkeys.issuers import DAY_US
from headoffice.cardkeys.store import FOLDER, MasterKeyStore
from headoffice.clock import CLOCK, machine_us
from headoffice.main import main

MORNING = 1_795_338_000_000_000
"""2026-11-22T09:00Z."""

Said = tuple[int, list[dict[str, object]], str]


@pytest.fixture
def keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Said]]:
    """The command on an empty head office in the morning: its status, the lines it printed, its complaint."""

    def run(action: str, *words: str) -> Said:
        status = main(["card-keys", action, "--home", str(tmp_path), *words])
        told = capsys.readouterr()
        return status, [msgspec.json.decode(line) for line in told.out.splitlines()], told.err

    CLOCK.source = lambda: MORNING
    yield run
    CLOCK.source = machine_us


def test_a_key_is_made_and_the_next_waits_a_week(keys: Callable[..., Said]) -> None:
    assert keys("list") == (0, [], "no issuing key signs today; make one: headoffice card-keys new\n")
    status, [first], complaint = keys("new")
    assert (status, complaint, first["id"], first["signs"], first["withdrawn"]) == (0, "", 1, True, None)
    assert (first["from"], first["until"]) == ("2026-11-22T00:00:00+00:00", "2032-11-22T00:00:00+00:00")
    _, [first, second], _ = keys("new")
    assert (second["id"], second["from"], first["signs"], second["signs"]) == (2, "2026-11-29T00:00:00+00:00", True, False)
    CLOCK.source = lambda: MORNING + 7 * DAY_US
    assert [each["signs"] for each in keys("list")[1]] == [False, True]


def test_a_key_is_withdrawn_by_its_number_alone(keys: Callable[..., Said]) -> None:
    keys("new")
    complaint: Said = (2, [], "--id N goes with withdraw, --chips with new, and with nothing else\n")
    assert keys("withdraw") == keys("new", "--id", "1") == keys("list", "--id", "1") == keys("list", "--chips") == complaint
    assert keys("withdraw", "--id", "7") == (2, [], "there is no issuing key 7\n")
    status, [key], told = keys("withdraw", "--id", "1")
    assert (status, key["withdrawn"], key["signs"]) == (0, "2026-11-22T09:00:00+00:00", False)
    assert "make one" in told


def test_a_folder_that_cannot_be_written_is_said(keys: Callable[..., Said], tmp_path: Path) -> None:
    keys("new")
    (tmp_path / "card-keys" / "issuers" / "00002.key.new").mkdir()
    status, lines, complaint = keys("new")
    assert (status, lines) == (2, [])
    assert complaint.startswith("the key cannot be kept: E4")


def test_chips_get_the_next_version_of_their_master_keys(keys: Callable[..., Said], tmp_path: Path) -> None:
    MasterKeyStore(tmp_path / FOLDER)
    assert keys("new", "--chips") == (0, [{"chips": 2}], "")
    assert MasterKeyStore(tmp_path / FOLDER).newest().version == 2
    (tmp_path / FOLDER / "chips-003.json.new").mkdir()
    assert keys("new", "--chips")[0] == 2


@pytest.mark.parametrize("words", [["card-keys"], ["card-keys", "burn"], ["clones", "--close"]])
def test_what_is_no_command_is_refused(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([words[0], "--home", str(tmp_path), *words[1:]])
    assert "usage" in capsys.readouterr().err
