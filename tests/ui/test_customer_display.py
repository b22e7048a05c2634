"""The customer's window: on the second screen only, large, following the basket, and never in the way."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.rigs.customer_side import TwoSides
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.format import Format
from ui.qt import fonts
from ui.qt.customer_display import CustomerDisplay
from ui.qt.tokens import CUSTOMER, HIGH, LIGHT, THEMES, Theme
from ui.text import Words
from ui.views import LineView
from ui.views_customer import CustomerView, Face

ROOT = Path(__file__).parents[2]
CASHIER = {"name": "cashier", "x": 0, "y": 0, "width": 1366, "height": 768}
CUSTOMERS = {"name": "customer", "x": 1366, "y": 0, "width": 1024, "height": 768}


@pytest.fixture(autouse=True)
def _typeface(qapp: QApplication) -> None:
    fonts.prepare(qapp)


def on_screens(folder: Path, *screens: Mapping[str, object], rig: str = "customer_screens") -> dict[str, Any]:
    """Return what the rig saw with ``screens`` plugged in."""
    config = folder / "screens.json"
    form = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    config.write_text(json.dumps({"screens": [{**screen, **form} for screen in screens]}), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.rigs.{rig}", str(folder)], cwd=ROOT, check=True, capture_output=True, text=True,
        timeout=60, env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"})
    seen: dict[str, Any] = json.loads(ran.stdout)
    return seen


def made(qtbot: QtBot, language: str = "en", theme: Theme = LIGHT, size: tuple[int, int] = (1024, 768)) -> CustomerDisplay:
    """Return the window as the customer sees it on a screen of ``size``."""
    home = QWidget()
    qtbot.addWidget(home)
    display = CustomerDisplay(Words(language), theme, home)
    qtbot.addWidget(display)
    display.resize(*size)
    display.show()
    QApplication.processEvents()
    return display


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return on_screens(tmp_path_factory.mktemp("two"), CASHIER, CUSTOMERS)


@pytest.mark.parametrize(("screens", "there"), [((CASHIER,), []), ((CASHIER, CUSTOMERS), [True])])
def test_the_counter_has_it_where_there_is_a_second_screen(
    tmp_path: Path, screens: tuple[Mapping[str, object], ...], there: list[bool],
) -> None:
    assert on_screens(tmp_path, *screens, rig="customer_counter")["customer"] == there


def test_it_fills_the_second_screen_once_the_counter_is_there(two: dict[str, Any]) -> None:
    assert two["screens"] == ["cashier", "customer"]
    assert not two["before"]["visible"]
    assert (two["shown"]["visible"], two["shown"]["place"]) == (True, [1366, 0, 1024, 768])
    assert two["basket"]["lines"] == 1


def test_an_unplugged_screen_hides_it_and_a_plugged_one_shows_the_present(two: dict[str, Any]) -> None:
    assert not two["unplugged"]["visible"]
    assert (two["plugged"]["visible"], two["plugged"]["lines"], two["plugged"]["total"]) == (True, 0, "")


def test_it_makes_way_for_the_cashier_and_ends_with_the_counter(two: dict[str, Any]) -> None:
    assert (two["moved"]["visible"], two["moved"]["place"]) == (True, [0, 0, 1366, 768])
    assert not two["closed"]["visible"]
    assert two["quits_with_the_cashier"]


def test_it_takes_no_key_from_the_cashier_and_never_lies_over_the_counter(two: dict[str, Any]) -> None:
    moments = ("shown", "basket", "unplugged", "plugged", "moved")
    assert all(two[moment]["cashier_has_keys"] for moment in moments)
    assert not any(two[moment]["over_the_cashier"] for moment in moments)


def test_with_one_screen_it_stays_hidden_and_up_to_date(tmp_path: Path) -> None:
    seen = on_screens(tmp_path, CASHIER)
    assert not any(seen[moment]["visible"] for moment in ("shown", "basket", "closed"))
    assert seen["basket"]["lines"] == 1


def test_a_screen_that_mirrors_the_cashiers_is_left_alone(tmp_path: Path) -> None:
    seen = on_screens(tmp_path, CASHIER, {**CASHIER, "name": "mirror"})
    assert not any(seen[moment]["visible"] for moment in ("shown", "basket", "plugged"))


@pytest.mark.parametrize(("size", "pixels"), [((1024, 768), CUSTOMER), ((1920, 1080), 79)])
def test_the_total_is_large_and_larger_on_a_larger_screen(qtbot: QtBot, size: tuple[int, int], pixels: int) -> None:
    display = made(qtbot, size=size)
    sides = TwoSides(screen=display)
    sides.checkout.scanned(RICE.barcode)
    QApplication.processEvents()
    assert display.basket_face.total.font().pixelSize() == pixels
    assert display.basket_face.total.text() == "1,450,000\u00a0toman"


def test_a_total_too_long_for_the_screen_is_set_smaller_not_cut(qtbot: QtBot) -> None:
    display = made(qtbot)
    display.show_customer(CustomerView(Face.BASKET, "Shop", total="888,888,888,888,888\u00a0toman"))
    QApplication.processEvents()
    total = display.basket_face.total
    assert total.fontMetrics().horizontalAdvance(total.text()) <= total.width()
    display.show_customer(CustomerView(Face.BASKET, "Shop", total="8\u00a0toman"))
    assert total.font().pixelSize() == CUSTOMER


def test_the_latest_line_is_in_sight(qtbot: QtBot) -> None:
    display = made(qtbot)
    lines = tuple(LineView(number, f"Good {number}", "1", "1", "1") for number in range(1, 201))
    table = display.basket_face.lines
    for latest in (200, 7):
        display.show_customer(CustomerView(Face.BASKET, "Shop", lines=lines, latest=latest))
        QApplication.processEvents()
        spot = table.visualRect(table.basket.index(latest - 1, 0))
        assert table.viewport().rect().contains(spot)


def test_the_faces_follow_the_sale_and_keep_nothing(qtbot: QtBot) -> None:
    display = made(qtbot)
    sides = TwoSides(screen=display)
    sides.side.show()
    assert display.words_face.isVisible()
    sides.checkout.tapped(tap(GOLD_CARD))
    sides.checkout.scanned(MILK.barcode)
    assert display.basket_face.isVisible()
    sides.pay(500_000)
    assert (display.words_face.isVisible(), display.words_face.change.text()) == (True, "Change 15,350\u00a0toman")
    sides.side.lock(locked=True)
    face = display.basket_face
    assert (face.lines.basket.rowCount(), face.greeting.accessibleName(), face.total.text()) == (0, "", "")
    assert display.words_face.title.text() == "Vanak branch"
    assert not display.words_face.change.isVisible()


def test_no_part_of_a_label_is_cut_off_in_any_look(qtbot: QtBot) -> None:
    till = Till()
    for language in ("fa", "en"):
        for theme in THEMES.values():
            display = made(qtbot, language, theme)
            sides = TwoSides(till, language, display)
            sides.checkout.tapped(tap(GOLD_CARD))
            sides.checkout.scanned(MILK.barcode)
            QApplication.processEvents()
            shown = [label for label in display.basket_face.findChildren(QLabel) if label.isVisible()]
            assert [label.text() for label in shown if label.text().endswith("…")] == []
            assert all(label.height() >= label.fontMetrics().height() for label in shown)
            sides.checkout.abandon()


def test_language_direction_and_theme_change_live(qtbot: QtBot) -> None:
    display = made(qtbot)
    till = Till()
    sides = TwoSides(till, "en", display)
    sides.checkout.scanned(MILK.barcode)
    display.set_words(Words("fa"))
    display.set_theme(HIGH)
    sides.side.speak(Words("fa"), Format("fa"))
    face = display.basket_face
    assert (display.layoutDirection(), face.caption.text()) == (Qt.LayoutDirection.RightToLeft, "قابل پرداخت")
    assert face.total.text() == "۳۸٬۵۰۰\u00a0تومان"
    assert display.grab().toImage().pixelColor(2, 2).name().upper() == HIGH.bg
    assert (display.accessibleName(), face.accessibleName()) == ("نمایشگر مشتری", "قابل پرداخت: ۳۸٬۵۰۰\u00a0تومان")


def test_gains_stand_in_one_column(qtbot: QtBot) -> None:
    display = made(qtbot, "fa")
    sides = TwoSides(language="fa", screen=display)
    sides.checkout.tapped(tap(GOLD_CARD))
    sides.checkout.scanned(MILK.barcode)
    QApplication.processEvents()
    rights = [amount.geometry().right() for _, amount in display.basket_face.gains if amount.isVisible()]
    assert rights
    assert all(one == other for one, other in pairwise(rights))
