"""The first run against a real head office: paired by code, loaded, a round of training, then selling."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from station.people import Actor, Role
from station.text import Text
from tests.line.conftest import SEED
from ui.demo.office import Office
from ui.look import Look, LookFile
from ui.presenters.at_till import Person
from ui.qt.opening import application
from ui.qt.rounds import Start, run
from ui.qt.window import Window
from ui.qt.wizard_window import WizardWindow
from ui.wiring import Home, open_memory, paired

SARA = Person(Actor("sara", Role.CASHIER), Text("سارا", "Sara"))
EVERY_MS = 50
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("office"))
    made.make(SEED)
    return made


class Somebody:
    """Does one thing after the other: each is tried until it says that it was done."""

    def __init__(self, app: QApplication, *deeds: Callable[[], bool]) -> None:
        self._app, self._deeds = app, list(deeds)
        self._timer = QTimer(app, interval=EVERY_MS)
        self._timer.timeout.connect(self._next)
        self._timer.start()

    def _next(self) -> None:
        if self._deeds and self._deeds[0]():
            self._deeds.pop(0)

    @property
    def done(self) -> bool:
        return not self._deeds


def shown(kind: type[WizardWindow] | type[Window]) -> WizardWindow | Window | None:
    return next((each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()), None)


def wizard() -> WizardWindow | None:
    found = shown(WizardWindow)
    return found if isinstance(found, WizardWindow) else None


def forward(title: str) -> Callable[[], bool]:
    """Go on from the step of that title, once that can be done."""
    def act() -> bool:
        window = wizard()
        if window is None or window.title.text() != title or not window.forward.isEnabled():
            return False
        window.forward.click()
        return True

    return act


def does(key: str, **typed: str) -> Callable[[], bool]:
    """Fill in the blanks and press the button ``key``, once it is there."""
    def act() -> bool:
        window = wizard()
        if window is None or key not in window.acts or not window.acts[key].isEnabled():
            return False
        for name, text in typed.items():
            window.blanks[name].setText(text)
        window.acts[key].click()
        return True

    return act


def closes(bands: list[bool]) -> Callable[[], bool]:
    """Close the counter, once it is there; note whether it was training."""
    def act() -> bool:
        window = shown(Window)
        if window is None:
            return False
        assert isinstance(window, Window)
        bands.append(bool(window.top.band.text()))
        window.close()
        return True

    return act


def leaves() -> bool:
    window = wizard()
    return window is not None and window.close()


def test_a_station_is_paired_loaded_tried_and_opened(qapp: QApplication, tmp_path: Path, office: Office) -> None:
    application([])
    home = Home(tmp_path / "station")
    home.folder.mkdir()
    start = Start(home, SARA, LookFile(home.folder))
    bands: list[bool] = []
    office.start()
    try:
        code = office.ask("pair", "--shop", "12")
        first = Somebody(qapp, forward("Welcome"), does("pair", url=f"127.0.0.1:{office.port}", code=code), does("same"), leaves)
        assert run(qapp, start, Look("en"), None, training=False) == 0
        assert first.done
        who = paired(home).enrolment
        [listed] = office.ask_json("stations")
        assert (listed["station"], listed["fingerprint"]) == (who.station, who.fingerprint)
        # Begun again, it stands where it was left: at the pairing, which is done.
        second = Somebody(
            qapp, forward("Head office"), forward("Card readers"), forward("Receipt printer"), forward("Colours, size, unit"),
            does("practise"), closes(bands), forward("Ready"), closes(bands))
        assert run(qapp, start, Look("en"), None, training=False) == 0
    finally:
        office.stop()
    assert second.done
    assert bands == [True, False]
    assert not (home.folder / "setup.json").exists()
    assert home.settings.exists()
    memory = open_memory(home, who)
    assert memory.journal.last_sale() is None
    assert memory.journal.database.rows("SELECT count(*) FROM product")[0][0] >= SEED.goods
    memory.close()


def test_a_code_that_is_wrong_and_a_head_office_that_is_away_are_said(qapp: QApplication, tmp_path: Path, office: Office) -> None:
    application([])
    home = Home(tmp_path / "station")
    home.folder.mkdir()
    said: list[str] = []

    def reads() -> bool:
        window = wizard()
        if window is None or "(E" not in window.news.text():
            return False
        said.append(window.news.text())
        return True

    def stops() -> bool:
        office.stop()
        return True

    office.start()
    good = office.ask("pair", "--shop", "12")
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    try:
        somebody = Somebody(
            qapp, forward("Welcome"), does("pair", url=f"127.0.0.1:{office.port}", code="nonsense"), reads,
            does("pair", code=wrong), lambda: said[-1] != wizard().news.text() and reads(),  # type: ignore[union-attr]
            stops, does("pair", code=good),
            lambda: said[-1] != wizard().news.text() and reads(), leaves)  # type: ignore[union-attr]
        assert run(qapp, Start(home, SARA, LookFile(home.folder)), Look("en"), None, training=False) == 0
    finally:
        office.stop()
    assert somebody.done
    assert [text.rpartition("(")[2] for text in said] == ["E506)", "E523)", "E501)"]
    assert not home.enrolment.exists()
