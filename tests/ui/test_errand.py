"""Work beside the screen's thread: it is told on the screen's how far it is, how it ended, and that it failed."""

import gc
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from station.errors import ErrorCode, StationError
from ui.qt.errand import Errand, Step

PATIENCE_S = 10


class Told:
    """What an errand told, and on which threads."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []
        self.ends: list[StationError | None] = []
        self.threads: set[int] = set()

    def step(self, done: int, last: int) -> None:
        self.steps.append((done, last))
        self.threads.add(threading.get_ident())

    def end(self, fault: StationError | None) -> None:
        self.ends.append(fault)
        self.threads.add(threading.get_ident())


@pytest.fixture
def told() -> Told:
    return Told()


def test_it_is_done_elsewhere_and_told_here(qtbot: QtBot, told: Told) -> None:
    errand, worked = Errand(QCoreApplication.instance() or QObject()), set[int]()

    def work(step: Step) -> None:
        worked.add(threading.get_ident())
        for each in range(3):
            step(each, 3)

    assert errand.start(work, told.end, told.step)
    assert errand.busy
    qtbot.waitUntil(lambda: bool(told.ends))
    assert (told.steps, told.ends, errand.busy) == ([(0, 3), (1, 3), (2, 3)], [None], False)
    assert told.threads == {threading.get_ident()}
    assert not worked & told.threads
    assert errand.start(work, told.end)  # nobody asks how far it is
    qtbot.waitUntil(lambda: len(told.ends) == 2)
    assert len(told.steps) == 3


def test_one_at_a_time_which_ends_when_it_is_asked_to(qtbot: QtBot, told: Told) -> None:
    parent = QObject()
    errand, goes = Errand(parent), threading.Event()

    def work(step: Step) -> None:
        assert goes.wait(PATIENCE_S)
        step(1, 2)
        raise AssertionError

    assert errand.start(work, told.end)
    assert not errand.start(work, told.end)
    errand.stop()
    assert errand.stopping
    goes.set()
    qtbot.waitUntil(lambda: told.ends == [None])
    assert not errand.busy


def test_a_fault_is_told(qtbot: QtBot, told: Told) -> None:
    parent, fault = QObject(), StationError(ErrorCode.DISK_FULL)

    def work(_step: Step) -> None:
        raise fault

    Errand(parent).start(work, told.end)
    qtbot.waitUntil(lambda: told.ends == [fault])


def test_a_bug_is_as_loud_as_on_the_screens_thread(qtbot: QtBot, told: Told) -> None:
    parent = QObject()

    def work(_step: Step) -> None:
        message = "a bug"
        raise ValueError(message)

    with qtbot.captureExceptions() as raised:
        Errand(parent).start(work, told.end)
        qtbot.waitUntil(lambda: told.ends == [None])
        qtbot.waitUntil(lambda: bool(raised))
    assert [str(each[1]) for each in raised] == ["a bug"]


def test_who_asked_may_be_gone_by_the_end(qtbot: QtBot, told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    assert qtbot
    parent, goes = QObject(), threading.Event()

    def work(step: Step) -> None:
        assert goes.wait(PATIENCE_S)
        step(1, 2)

    Errand(parent).start(work, told.end)
    thread = next(each for each in threading.enumerate() if each.name == "errand")
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    goes.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert (told.ends, capsys.readouterr().err) == ([], "")
