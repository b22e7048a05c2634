"""station.toml is read strictly, and its defaults are the demo club's."""

from pathlib import Path

import pytest

from drivers.reading import DEMO_CLUB
from ui.settings import Settings, read_settings


def test_no_file_is_the_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "station.toml") == Settings()
    assert Settings().club.profile() == DEMO_CLUB


def test_a_full_file(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text("""
[club]
track = 1
prefix = "CLUB"
lengths = [10]
check = "NONE"
letters = true
[keyboard]
swipe_gap_ms = 120
[[readers]]
driver = "msr605"
port = "COM3"
[printer]
kind = "network"
host = "192.0.2.7"
drawer = true
""", encoding="utf-8")
    settings = read_settings(path)
    assert settings.club.profile().accepts(b"CLUB123456")
    assert settings.readers[0].port == "COM3"
    assert (settings.printer.host, settings.printer.port, settings.printer.drawer) == ("192.0.2.7", 9100, True)
    assert settings.keyboard.code_gap_ms == 35


@pytest.mark.parametrize(("text", "reason"), [
    ("[printer]\nkind = 'laser'", "printer.kind"),
    ("[printer]\nport = 0", "printer.port"),
    ("[clubb]", "clubb"),
    ("[club]\nprefx = '1'", "prefx"),
    ("club = ", "Invalid value"),
])
def test_what_is_not_understood_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=reason):
        read_settings(path)


def test_a_profile_that_would_let_bank_cards_in_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text("[club]\nprefix = '603799'\n", encoding="utf-8")
    with pytest.raises(ValueError, match="bank cards"):
        read_settings(path).club.profile()
