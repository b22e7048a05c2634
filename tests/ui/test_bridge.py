"""The bridge: news made on other threads arrives on the screen's thread, in order."""

import threading

from pytestqt.qtbot import QtBot

from drivers.printers.queue import PrinterState
from drivers.pump import ReaderState
from sync.state import SyncState
from tests.ui.till import tap
from ui.qt.bridge import Arrivals, Bridge


class Desk:
    def __init__(self) -> None:
        self.news: list[object] = []
        self.threads: set[int] = set()

    def take(self, news: object) -> None:
        self.news.append(news)
        self.threads.add(threading.get_ident())


def test_news_of_other_threads_lands_on_the_screens_thread_in_order(qtbot: QtBot) -> None:
    desk = Desk()
    bridge = Bridge(Arrivals(desk.take, desk.take, desk.take, desk.take, desk.take))
    taps = [tap(f"{number:08X}") for number in range(100)]
    ready = ReaderState("pcsc:a", "a", ready=True, error=None)

    def reader() -> None:
        bridge.reader_state(ready)
        for each in taps:
            bridge.tap(each)
        bridge.code("6260000000017")
        bridge.sync_state(SyncState(online=True))
        bridge.printer_state(PrinterState(ready=True))

    thread = threading.Thread(target=reader)
    thread.start()
    thread.join()
    assert desk.news == []
    qtbot.waitUntil(lambda: len(desk.news) == len(taps) + 4)
    assert desk.news == [ready, *taps, "6260000000017", SyncState(online=True), PrinterState(ready=True)]
    assert desk.threads == {threading.get_ident()}


def test_news_of_the_screens_own_thread_waits_for_its_turn(qtbot: QtBot) -> None:
    desk = Desk()
    bridge = Bridge(Arrivals(desk.take, desk.take, desk.take, desk.take, desk.take))
    bridge.tap(tap("AB"))
    assert desk.news == []
    qtbot.waitUntil(lambda: desk.news == [tap("AB")])
