"""The sums and what stands below them: whole rows, at most two lines a sentence, nothing clipped."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station.promotion import Minimum, Promotion, When
from station.rewards import AmountOff, PercentOff, Reward
from station.tender import TenderKind
from station.text import Text
from tests.fakes import pack, promotion
from tests.ui.till import BREAD, GOLD_CARD, MILK, RICE, Till, tap
from ui.look import Look
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.services import Services
from ui.qt.totals_pane import MOST_LINES, Rows, Sentence, TotalsPane
from ui.qt.window import Window
from ui.views import SumView, TotalsView

LONG = Text(
    "جشنوارهٔ پاییزی خریدهای بزرگ در همهٔ شعبه‌های تهران و کرج و همهٔ روزهای هفته تا پایان پاییز",
    "Autumn festival of big baskets in all branches of Tehran and Karaj on all days of the week until winter")


def near(name: str) -> Promotion:
    """A promotion whose minimum a basket of 48 million rial does not reach."""
    least = When(minimum=Minimum(60_000_000 + int(name)))
    return Promotion(name, LONG, Reward(amount=AmountOff(100_000)), when=least)


CLUB = pack(1, (
    promotion("gold", "5", tiers=("gold",)), promotion("silver", "3", tiers=("silver",)), promotion("week", "2", stage=2),
    promotion("day", "1", stage=3), near("1"), near("2"),
    Promotion("cash", LONG, Reward(percent=PercentOff("2")), when=When(payments=(TenderKind.CASH,)))))
LOW_ROW = 26
"""Pixels of a row of sums on a low screen."""

MakeWindow = Callable[[str], Window]


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication) -> Iterator[MakeWindow]:
    """Make the smallest window, with a basket that is tempted twice."""
    fonts.prepare(qapp)

    def build(language: str) -> Window:
        till = Till(rules=CLUB)
        services = Services(Rooms(lambda _page: None), lambda: None, lambda _look: None)
        window = Window(till.desk, till.board, services, Look(language))
        qtbot.addWidget(window)
        window.resize(1024, 600)
        with qtbot.waitExposed(window):
            window.show()
        for code in (f"3*{RICE.barcode}", f"10*{MILK.barcode}", BREAD.barcode):
            window.checkout.scanned(code)
        QApplication.processEvents()
        return window

    yield build
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def pane(qtbot: QtBot, qapp: QApplication) -> Iterator[TotalsPane]:
    """The pane by itself, 350 pixels wide."""
    fonts.prepare(qapp)
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(350, 500)
    made = TotalsPane(parent)
    made.resize(350, 400)
    parent.show()
    yield made
    assert made.parent() is parent


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def told(pane: TotalsPane) -> list[Sentence]:
    return [each for each in pane.sentences if each.isVisible()]


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("known", [True, False], ids=["member", "stranger"])
def test_the_smallest_screen_shows_sums_and_temptations_whole(make: MakeWindow, language: str, *, known: bool) -> None:
    window = make(language)
    if known:
        window.tapped(tap(GOLD_CARD))
    QApplication.processEvents()
    page, pane = window.page, window.page.totals
    assert (window.width(), window.height()) == (1024, 600)
    shown = told(pane)
    assert len(shown) == 2
    for each in shown:
        lines = each.text().split("\n")
        assert len(lines) <= MOST_LINES
        assert max(each.fontMetrics().horizontalAdvance(line) for line in lines) <= each.width()
        assert each.height() >= each.fontMetrics().height() * len(lines)
    parts = [place(each, window) for each in (page.member, pane, page.pay)]
    assert all(upper.bottom() < lower.top() for upper, lower in pairwise(parts))
    inside = [place(each, window) for each in (pane.total, *shown)]
    assert all(upper.bottom() < lower.top() for upper, lower in pairwise(inside))
    assert all(parts[1].contains(each) for each in inside)
    rows = pane.findChild(Rows)
    assert isinstance(rows, Rows)
    assert rows.viewport().height() % LOW_ROW == 0
    assert rows.viewport().height() >= LOW_ROW


def test_a_stranger_hears_of_joining_before_anything_else(make: MakeWindow) -> None:
    pane = make("en").page.totals
    assert told(pane)[0].text().startswith("As a member you would have saved")


def test_the_payment_tells_what_a_means_would_bring(make: MakeWindow) -> None:
    window = make("en")
    window.checkout.begin_pay()
    QApplication.processEvents()
    offers = window.pay_dialog.offers
    assert offers.isHidden()
    window.checkout.paying.choose(TenderKind.DEBIT)
    QApplication.processEvents()
    assert offers.text() == f"Pay all of it in cash and you get “{LONG.en}”."
    assert offers.height() >= offers.heightForWidth(offers.width())


def test_a_sentence_too_long_for_two_lines_ends_in_an_ellipsis_and_is_told_whole(pane: TotalsPane) -> None:
    pane.show_totals(TotalsView((SumView("a", "1"),), "1", "", "", (f"{LONG.en} {LONG.en}", "Short.")))
    QApplication.processEvents()
    long, short = told(pane)
    assert long.text().count("\n") == 1
    assert long.text().endswith("…")
    assert long.toolTip() == long.accessibleName() == f"{LONG.en} {LONG.en}"
    assert short.text() == "Short."
    assert long.height() > short.height()


def test_a_wide_screen_shows_all_rows_and_three_sentences(pane: TotalsPane) -> None:
    rows = tuple(SumView(f"row {number}", "1") for number in range(5))
    pane.show_totals(TotalsView(rows, "1", "", "joining", ("first", "second")))
    QApplication.processEvents()
    assert [each.text() for each in told(pane)] == ["joining", "first", "second"]
    scroll = pane.findChild(Rows)
    assert isinstance(scroll, Rows)
    assert scroll.viewport().height() == 5 * 32
    pane.set_compact(compact=True)
    assert [each.text() for each in told(pane)] == ["joining", "first"]
    pane.show_totals(TotalsView(rows[:2], "1", ""))
    assert told(pane) == []


def test_a_sentence_is_broken_anew_when_the_window_grows(pane: TotalsPane) -> None:
    pane.show_totals(TotalsView((SumView("a", "1"),), "1", "", "", (LONG.en,)))
    QApplication.processEvents()
    assert "\n" in told(pane)[0].text()
    pane.resize(1500, 400)
    QApplication.processEvents()
    assert told(pane)[0].text() == LONG.en
