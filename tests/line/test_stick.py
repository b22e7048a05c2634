"""No line at all: a real station and a real head office that meet only on a stick."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sync.push import unsent
from tests.line.conftest import Line
from tests.line.test_line import ring_up
from ui.cli import main
from ui.wiring import keep_pairing, make_counter

ROOT = Path(__file__).parents[2]
SALES = 300
KILLS = 10
MOST_MORE = 20
"""Files that an export writes before it is killed, at most."""

PATIENCE_S = 60
EXPORTER = """
import sys
import sync.batches
from ui.cli import main
sync.batches.START_ENTRIES = 10
print("go", flush=True)
sys.exit(main(["export", "--home", sys.argv[1], sys.argv[2]]))
"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


def sell(line: Line, count: int) -> list[int]:
    counter = make_counter(line.who.enrolment, line.memory)
    return [ring_up(counter, line.memory) for _ in range(count)]


def station(line: Line, command: str, *words: object) -> int:
    return main([command, "--home", str(line.home.folder), *map(str, words)])


def office(line: Line, folder: Path) -> tuple[int, str]:
    """Take the stick at head office; the status and what was printed."""
    done = subprocess.run(
        [sys.executable, "-m", "headoffice.main", "import", "--home", str(line.office.home), str(folder)],
        capture_output=True, text=True, check=False, encoding="utf-8", cwd=ROOT)
    return done.returncode, done.stdout + done.stderr


def sold_there(line: Line, place: int, count: int) -> list[int]:
    """The places of the sales at head office, once as many as expected were posted, or more."""
    date = line.memory.journal.sale(place).body.business_date
    until = time.monotonic() + PATIENCE_S
    while True:
        found = [each["seq"] for each in line.office.ask_json("sales", "--date", date)]
        if len(found) >= count or time.monotonic() > until:
            return found
        time.sleep(0.5)


def test_sales_go_up_on_the_stick_and_receipts_come_down(line: Line, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sold = sell(line, 20)
    waiting = unsent(line.memory)
    assert waiting >= 20
    assert station(line, "status") == 0
    assert f"{waiting} not at head office, the first of 20" in capsys.readouterr().out
    assert station(line, "export", folder) == 0
    assert unsent(line.memory) == waiting, "writing moves no mark"
    assert office(line, folder)[0] == 0
    assert sorted(sold_there(line, sold[0], 20)) == sold
    assert station(line, "import", folder) == 0
    assert unsent(line.memory) == 0
    assert "nothing unsent" in capsys.readouterr().out
    assert not list(folder.glob("*.batch")), "what head office has need not be carried about"
    assert line.exchange() == 0
    assert station(line, "status") == 0
    assert "all at head office" in capsys.readouterr().out


def test_the_line_and_the_stick_carry_the_same_and_nothing_is_there_twice(line: Line, folder: Path) -> None:
    sold = sell(line, 10)
    assert station(line, "export", folder) == 0
    line.exchange()
    sold += sell(line, 10)
    assert station(line, "export", folder) == 0
    assert office(line, folder)[0] == 0
    assert office(line, folder)[0] == 0
    assert station(line, "import", folder) == 0
    assert sorted(sold_there(line, sold[0], 20)) == sold
    assert unsent(line.memory) == 0


def test_killed_exports_go_on_and_every_sale_arrives_once(line: Line, folder: Path) -> None:
    sold = sell(line, SALES)
    chance = random.Random(6)  # noqa: S311 - the same moments every time
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    left: list[int] = []
    for number in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", EXPORTER, str(line.home.folder), str(folder)],
            stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "go\n"
        wanted = len(list(folder.glob("*.batch"))) + chance.randint(1, MOST_MORE)
        while writer.poll() is None and len(list(folder.glob("*.batch"))) < wanted:
            time.sleep(0.001)
        writer.send_signal(signal.SIGKILL)
        writer.stdout.read()
        writer.wait()
        writer.stdout.close()
        files = sorted(folder.glob("*.batch"))
        left.append(len(files))
        if number % 5 == 4:
            assert office(line, folder)[0] in (0, 1)  # whatever it finds: nothing, a half export, all
        for path in chance.sample(files, len(files) // 2):
            path.unlink()  # so that there is something to write when the next one is killed
    assert len(set(left)) > 2, f"some exports were killed between two files, not {left}"
    assert station(line, "export", folder) == 0
    status, said = office(line, folder)
    assert status == 0, said
    assert sorted(sold_there(line, sold[0], SALES)) == sold
    assert station(line, "import", folder) == 0
    assert unsent(line.memory) == 0


def test_a_head_office_that_was_restored_gets_everything_again(line: Line, folder: Path, tmp_path: Path) -> None:
    sold = sell(line, 5)
    line.exchange()
    line.office.stop()
    shutil.copytree(line.office.home, tmp_path / "backup")
    sold += sell(line, 5)
    assert station(line, "export", folder) == 0
    assert office(line, folder)[0] == 0
    assert station(line, "import", folder) == 0
    assert unsent(line.memory) == 0
    shutil.rmtree(line.office.home)
    shutil.copytree(tmp_path / "backup", line.office.home)
    sold += sell(line, 5)
    assert station(line, "export", folder) == 0
    status, said = office(line, folder)
    assert (status, "GAP" in said) == (1, True)
    assert station(line, "import", folder) == 1
    assert unsent(line.memory) == 10
    assert station(line, "export", folder) == 0
    assert office(line, folder)[0] == 0
    assert station(line, "import", folder) == 0
    assert unsent(line.memory) == 0
    line.office.start()
    assert sorted(sold_there(line, sold[0], 15)) == sold


def test_without_a_stick_it_is_said(line: Line, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert station(line, "export", folder / "none") == 1
    assert station(line, "import", folder / "none") == 1
    assert capsys.readouterr().err.count("E531") == 2
    assert station(line, "import", folder) == 1
    assert "no receipts" in capsys.readouterr().out


def test_a_sync_by_hand_tells_its_progress(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    keep_pairing(line.home, line.who)  # this head office listens at an address of its own
    sell(line, 3)
    waiting = unsent(line.memory)
    assert station(line, "sync", "--now") == 0
    said = capsys.readouterr().out
    assert f"{waiting} of {waiting} entries sent, up to 1000 in a batch" in said
    assert said.endswith("nothing unsent\n")
