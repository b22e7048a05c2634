"""``stationctl readers`` and ``record``, on a reader made of software."""

import sys
import threading
import time
from pathlib import Path

import pytest

from drivers.transcript import Transcript
from tests.rigs.serial_hand import SerialHand, member
from ui.cli import MISUSED, OK, REFUSED, main

pytestmark = [
    pytest.mark.timeout(30),
    pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals"),
]
ARMED = b"\x1br"
LIMIT_S = 10.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a station's folder with a reader-encoder, and a port with nothing behind it, in its settings."""
    (tmp_path / "station.toml").write_text(
        f'[[readers]]\ndriver = "msr605"\nport = "{tmp_path / "reader"}"\n', encoding="utf-8")
    return tmp_path


def readers(home: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, list[str]]:
    """Return device, state and sentence by driver, as ``stationctl readers`` prints them."""
    assert main(["readers", "--home", str(home), *more]) == OK
    return {line.split()[0]: line.split(maxsplit=3)[1:] for line in capsys.readouterr().out.splitlines()}


def test_every_driver_is_listed_and_every_device_with_its_state(
    home: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    path = f"msr605:{home / 'reader'}"
    assert readers(home, capsys)["msr605"] == ["-", "none", "no device found"]
    with SerialHand(home, "--msr") as hand:
        listed = readers(home, capsys)
        assert listed["msr605"] == [path, "ready"]
        assert listed["keyboard"] == ["-", "none", "no device found"]
        assert set(listed) >= {"pcsc", "nfc", "serial_stripe", "qr", "simulated"}
        hand.tell("mute")
        assert readers(home, capsys)["msr605"] == [path, "E102", "The card reader is unplugged. (E102)"]
        assert "E102" in readers(home, capsys, "--language", "fa")["msr605"][-1]


def test_what_passes_at_a_reader_is_written_down_without_its_numbers(
    home: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    out = home / "kept.json"
    with SerialHand(home, "--msr") as hand:
        ended: list[int] = []
        recording = threading.Thread(target=lambda: ended.append(main([
            "record", "--home", str(home), "--reader", f"msr605:{hand.path}", "--out", str(out), "--seconds", "1"])))
        recording.start()
        deadline = time.monotonic() + LIMIT_S
        while not hand.heard().endswith(ARMED) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert hand.swipe("", f";{member(1)}?") == "read"
        recording.join(LIMIT_S)
    assert ended == [OK]
    assert Transcript.load(out).outcomes() == ("STRIPE TRACK 0000000000000000",)
    printed = capsys.readouterr().out
    assert printed.splitlines()[0] == "STRIPE TRACK 0000000000000000"
    assert member(1) not in printed + out.read_text(encoding="ascii")


@pytest.mark.parametrize("path", ["keyboard:wedge", "msr605:/nowhere", "acme:1"])
def test_a_reader_that_cannot_be_opened_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], path: str,
) -> None:
    assert main(["record", "--home", str(home), "--reader", path, "--out", str(home / "none.json")]) == REFUSED
    assert "(E10" in capsys.readouterr().err
    assert not (home / "none.json").exists()


def test_settings_that_are_not_understood_are_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "station.toml").write_text("[club]\nprefix = 5\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["readers", "--home", str(home)])
    assert ended.value.code == MISUSED
    assert "station.toml" in capsys.readouterr().out
