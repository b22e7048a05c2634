"""The program from its start to where it can scan: what it has loaded by then."""

import pytest

from data.key_places import PLACES
from tests.benchmarks.started import Start, start
from tests.rigs.issuing_shop import IssuingShop

CHARTS = {"PySide6.QtCharts", "PySide6.QtSvg", "ui.qt.charts", "ui.qt.today", "ui.qt.period_pane"}
PRINTERS = {"escpos", "PySide6.QtPrintSupport", "PySide6.QtPdf", "barcode", "usb"}
PAGES = {"ui.views_period", "ui.views_benefits", "ui.export.sheet", "station.flags", "ui.qt.tell_dialog", "ui.qt.letter_pad"}
"""What a page or a dialog loads when it is first opened."""
IMAGES = {"PIL", "qrcode", "xlsxwriter"}
THREADS = {"sqlite_utils", "http_message_signatures", "requests", "sync.client", "nfc", "smartcard", "usb1", "serial"}
"""What the threads behind the counter load once it is painted, or a migration."""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Start:
    shop = IssuingShop(tmp_path_factory.mktemp("shop"), PLACES)
    return start("counter", str(shop.home.folder))


@pytest.mark.parametrize("libraries", [CHARTS, PAGES, PRINTERS, IMAGES, THREADS], ids=["charts", "pages", "printers", "images", "threads"])
def test_nothing_is_loaded_that_no_sale_needs(begun: Start, libraries: set[str]) -> None:
    assert begun.modules & libraries == set()


def test_the_opening_sheet_comes_before_the_counter_and_that_before_it_is_ready(begun: Start) -> None:
    assert {"ui.qt.window", "ui.qt.opening"} <= begun.modules
    assert 0 < begun.paint_ms < begun.counter_ms < begun.ready_ms
