"""The catalogue: every driver is listed, the unusable ones with their reason."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from drivers.catalogue import Finding, survey, usable
from drivers.port import Device
from drivers.reading import DEMO_CLUB
from drivers.setup import Setup
from station.errors import ErrorCode

DRIVER = """
from drivers.port import Device
from drivers.reading import DEMO_CLUB
from drivers.setup import Setup
from station.errors import ErrorCode, StationError

class Planted:
    name = "planted"
    title = "Planted readers"
    def missing(self): {missing}
    def find(self): {find}
    def open(self, device): return None

DRIVER = Planted()
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give an empty package to plant drivers in."""
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for name in [each for each in sys.modules if each.partition(".")[0] == "planted"]:
        monkeypatch.delitem(sys.modules, name)
    return import_module("planted")


def plant(package: ModuleType, source: str) -> Finding:
    """Return the finding of the only driver of ``package``, whose file holds ``source``."""
    (Path(package.__path__[0]) / "acme.py").write_text(source, encoding="utf-8")
    return next(each for each in survey(package) if each.name == "acme")


def test_a_usable_driver_is_listed_with_its_devices(package: ModuleType) -> None:
    found = plant(package, DRIVER.format(missing="return None", find='return [Device("acme:1", "One")]'))
    assert found.driver is not None
    assert (found.title, found.devices, found.error, found.reason) == (
        "Planted readers", (Device("acme:1", "One"),), None, "")


@pytest.mark.parametrize(("source", "code", "reason"), [
    ("import no_such_library", ErrorCode.READER_DRIVER_MISSING,
     "ModuleNotFoundError: No module named 'no_such_library'"),
    ("this is not Python!", ErrorCode.READER_DRIVER_MISSING, "SyntaxError"),
    ("", ErrorCode.READER_DRIVER_MISSING, "has no attribute 'DRIVER'"),
    ("DRIVER = 5", ErrorCode.READER_DRIVER_MISSING, "int is not a driver"),
    (DRIVER.format(missing='return "libacme"', find="return []"), ErrorCode.READER_DRIVER_MISSING, "libacme"),
    (DRIVER.format(missing="return None", find="return 1 // 0"), ErrorCode.READER_DRIVER_MISSING,
     "ZeroDivisionError"),
    (DRIVER.format(missing="return None", find="raise StationError(ErrorCode.READER_SERVICE_DOWN)"),
     ErrorCode.READER_SERVICE_DOWN, "E101"),
], ids=["import", "syntax", "no-driver", "no-protocol", "missing", "find-bug", "service-down"])
def test_a_broken_driver_is_listed_with_its_reason(
    package: ModuleType, source: str, code: ErrorCode, reason: str,
) -> None:
    found = plant(package, source)
    assert found.error is code
    assert reason in found.reason
    assert found.devices == ()


def test_a_broken_driver_hides_no_other(package: ModuleType) -> None:
    (Path(package.__path__[0]) / "zenith.py").write_text(
        DRIVER.format(missing="return None", find="return []"), encoding="utf-8")
    plant(package, "import no_such_library")
    assert {each.name: each.error is None for each in survey(package)} == {"acme": False, "zenith": True}


def test_another_distribution_adds_a_driver_by_entry_point(package: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text(
        DRIVER.format(missing="return None", find="return []"), encoding="utf-8")
    info = tmp_path / "elsewhere-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[card_station.readers]\nelse = elsewhere:DRIVER\nlost = elsewhere:LOST\n", encoding="utf-8")
    found = {each.name: each for each in survey(package)}
    assert found["else"].title == "Planted readers"
    assert found["lost"].error is ErrorCode.READER_DRIVER_MISSING


def test_our_own_readers_are_found_in_their_folder() -> None:
    assert {each.name for each in survey()} >= {"pcsc", "simulated"}
    assert all(each.driver is not None for each in survey())


def test_what_the_shop_set_up_and_cannot_be_used_is_there_all_the_same(package: ModuleType) -> None:
    plant(package, "import no_such_library")
    (Path(package.__path__[0]) / "zenith.py").write_text(
        DRIVER.format(missing="return None", find="return 1 // 0"), encoding="utf-8")
    found = {each.name: each.missing() for each in usable(Setup(DEMO_CLUB, {"acme": ("COM9",)}), package)}
    assert found == {"planted": None, "acme": "a driver called acme"}


def test_a_driver_that_cannot_be_set_up_hides_no_other_and_is_in_the_log(
    package: ModuleType, caplog: pytest.LogCaptureFixture,
) -> None:
    fails = DRIVER.format(missing="return None", find="return []").replace('"planted"', '"broken"').replace(
        "    def open", "    def set_up(self, setup): raise ZeroDivisionError\n    def open")
    plant(package, fails)
    (Path(package.__path__[0]) / "zenith.py").write_text(
        DRIVER.format(missing="return None", find="return []"), encoding="utf-8")
    found = {each.name: each.missing() for each in usable(Setup(DEMO_CLUB), package)}
    assert found == {"broken": "a driver called broken", "planted": None}
    assert "broken cannot be set up" in caplog.text
