"""The steps of the first run, as screens to be looked at."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QWidget

from drivers.pump import ReaderState
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError
from tests.rigs.serial_hand import member
from tests.rigs.setting_up import WHO, World, first_run
from tests.ui.stage import Stage
from ui.presenters.wizard import FirstRun
from ui.qt import fonts
from ui.qt.wizard_window import WizardWindow
from ui.setup import Step

READER = "pcsc:ACS ACR122U"


def _at(stage: Stage, step: Step, *, paired: bool = True) -> tuple[WizardWindow, FirstRun, World]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    fonts.prepare(application)
    world = World()
    window = WizardWindow(stage.look, lambda: None)
    run = first_run(world, window, step, WHO if paired else None, stage.look)
    window.connect_to(run)
    stage.kept += [window, run, world]
    stage.rest.callback(window.deleteLater)
    stage.rest.callback(window.close)
    window.resize(*stage.size)
    window.show()
    window.activateWindow()
    return window, run, world


def language(stage: Stage) -> QWidget:
    """Show the first step."""
    return stage.shown(_at(stage, Step.LANGUAGE, paired=False)[0])


def pairing(stage: Stage) -> QWidget:
    """Show the pairing, after head office did not answer."""
    window, run, world = _at(stage, Step.PAIRING, paired=False)
    window.blanks["url"].setText("office.example:8443")
    window.blanks["code"].setText("K7QF2-9XT4M-0ZJ3B-RW8HC-5NPA6")
    run.act("pair")
    world.answer(StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE))
    return stage.shown(window)


def compare(stage: Stage) -> QWidget:
    """Show whom head office says this station is."""
    window, run, world = _at(stage, Step.PAIRING, paired=False)
    run.typed("url", "office.example")
    run.act("pair")
    world.answer(WHO)
    return stage.shown(window)


def readers(stage: Stage) -> QWidget:
    """Show two readers, one of them broken, and a card that was tried."""
    window, run, _ = _at(stage, Step.READERS)
    run.reader_state(ReaderState(READER, "ACS ACR122U PICC", ready=True, error=None))
    run.reader_state(ReaderState("serial:/dev/ttyUSB0", "MSR605 /dev/ttyUSB0", ready=False, error=ErrorCode.READER_GONE))
    run.tapped(Tap(READER, Medium.CHIP, member(1)))
    return stage.shown(window)


def printer(stage: Stage) -> QWidget:
    """Show a printer that does not answer."""
    window, run, world = _at(stage, Step.PRINTER)
    run.choose("kind:network")
    window.blanks["host"].setText("192.168.1.50")
    run.act("print")
    world.done(StationError(ErrorCode.PRINTER_UNAVAILABLE))
    return stage.shown(window)


def look(stage: Stage) -> QWidget:
    """Show the ways the counter can look."""
    return stage.shown(_at(stage, Step.LOOK)[0])


def practice(stage: Stage) -> QWidget:
    """Show that a test sale can be made."""
    window, _, world = _at(stage, Step.PRACTICE)
    world.done(None)
    return stage.shown(window)


def ready(stage: Stage) -> QWidget:
    """Show the last step."""
    return stage.shown(_at(stage, Step.READY)[0])


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "setup-language": language, "setup-pairing": pairing, "setup-compare": compare, "setup-readers": readers,
    "setup-printer": printer, "setup-look": look, "setup-practice": practice, "setup-ready": ready}
