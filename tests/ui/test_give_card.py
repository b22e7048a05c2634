"""Giving a card at the counter: the page's words and states, and the whole way on a reader-encoder."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from drivers.reading import DEMO_CLUB
from drivers.writer_port import CardForm, CardLeft, Carrier, WriterSetup, WriteStep, Written, write_failed
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError
from tests.rigs.issuing_office import IssuingOffice
from tests.rigs.issuing_shop import CASHIER, OLD, IssuingShop, hash_of
from tests.rigs.serial_hand import SerialHand, member
from ui.making import Making
from ui.presenters.give_card import GiveCard, GiveView, Wish
from ui.presenters.issuing import Order, active_cards
from ui.presenters.write_steps import STEPS
from ui.qt import style
from ui.qt.giving import Giving
from ui.qt.issue_dialog import IssueDialog
from ui.qt.tokens import THEMES
from ui.settings import read_settings
from ui.text import LANGUAGES, Words
from ui.wiring import card_book, make_counter
from ui.wiring_writers import make_issuing, writer_setup

TAG = Wish(CardForm.TAG, member(1), signed=False, overwrite=False)
NAME = "مهرداد کاظمی‌نژاد"


@dataclass
class Page:
    """``GivePage`` that remembers."""

    views: list[GiveView] = field(default_factory=list)
    number: str = ""

    def show_give(self, view: GiveView) -> None:
        self.views.append(view)

    def propose(self, number: str) -> None:
        self.number = number

    @property
    def view(self) -> GiveView:
        return self.views[-1]


@dataclass
class Bench:
    """``WritingBench`` that writes nothing by itself."""

    orders: list[Order] = field(default_factory=list)
    stops: int = 0

    def start(self, order: Order) -> None:
        self.orders.append(order)

    def stop(self) -> None:
        self.stops += 1


@dataclass
class Given:
    presenter: GiveCard
    page: Page
    bench: Bench


@pytest.fixture
def shop(tmp_path: Path) -> IssuingShop:
    return IssuingShop(tmp_path)


@pytest.fixture
def given(shop: IssuingShop) -> Iterator[Given]:
    page, bench = Page(), Bench()
    with shop.open() as memory:
        presenter = GiveCard(make_issuing(memory, lambda: CASHIER), DEMO_CLUB, lambda: member(50), bench, page)
        presenter.begin("m2", NAME, Words("en"))
        yield Given(presenter, page, bench)


def test_it_begins_with_a_new_number_for_the_member(given: Given) -> None:
    assert given.page.view == GiveView(NAME)
    assert given.page.number == member(50)
    given.presenter.begin("m2", "", Words("en"))
    assert given.page.view.member == "Member without a name"


def test_a_card_is_written_and_given(given: Given, shop: IssuingShop) -> None:
    given.presenter.write(Wish(CardForm.TAG, f" {member(1)} ".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")), signed=False, overwrite=True))
    assert given.bench.orders == [Order(member(1), "m2", CardForm.TAG, overwrite=True)]
    assert given.page.view.is_busy
    given.presenter.stepped(WriteStep.WRITING)
    assert given.page.view.step == "The card is being written. Leave it there."
    given.presenter.write(TAG)
    assert len(given.bench.orders) == 1
    given.presenter.ended(Written(Carrier.TYPE_2, "04A1"))
    assert given.page.view.news == f"Card \u200e…{member(1)[-4:]}\u200e is given."
    assert not given.page.view.is_busy
    assert shop.given() == [(hash_of(1), "m2")]


@pytest.mark.parametrize(("number", "problem"), [
    ("", "This is no card number of the club."), ("12", "This is no card number of the club."),
    (member(OLD), "This card was given out already. (E208)"),
])
def test_what_cannot_be_given_is_not_written(given: Given, number: str, problem: str) -> None:
    given.presenter.write(Wish(CardForm.TAG, number, signed=False, overwrite=False))
    assert given.bench.orders == []
    assert given.page.view.problem == problem


def test_what_went_wrong_with_the_card_is_said(given: Given, shop: IssuingShop) -> None:
    given.presenter.write(TAG)
    given.presenter.ended(write_failed(CardLeft.EMPTY))
    assert given.page.view.problem == "Writing broke off. The card is empty and can be written again. (E124)"
    assert shop.given() == []


def test_stopping_waits_for_the_card_in_hand(given: Given) -> None:
    assert given.presenter.leave()
    given.presenter.write(TAG)
    assert not given.presenter.leave()
    assert given.bench.stops == 1
    given.presenter.stepped(WriteStep.CHECKING)
    assert given.page.view.is_stopping
    given.presenter.ended(None)
    assert given.page.view.news == "Stopped. No card was written."
    assert given.presenter.leave()
    given.presenter.ended(None)


def test_a_card_that_is_written_and_nobodys_is_given_when_it_is_shown(given: Given, shop: IssuingShop) -> None:
    given.presenter.write(TAG)
    with shop.open() as elsewhere:
        make_issuing(elsewhere, lambda: CASHIER).bind(Order(member(1), "m3", CardForm.TAG), Written(Carrier.TYPE_2))
    given.presenter.ended(Written(Carrier.TYPE_2))
    assert given.page.view.problem == (
        f"Card \u200e…{member(1)[-4:]}\u200e is written and nobody's yet: This card was given out already. (E208) "
        "Lay it on a reader to give it.")
    given.presenter.tapped(Tap("pcsc:x", Medium.CHIP, member(2)))
    assert given.page.view.problem == "This card is not a card of the club. (E201)"
    given.presenter.tapped(Tap("pcsc:x", Medium.CHIP, member(1)))
    assert given.page.view.problem == "This card was given out already. (E208)"


def test_a_card_that_lies_there_can_be_given_as_it_is(given: Given, shop: IssuingShop) -> None:
    given.presenter.give_shown()
    given.presenter.tapped(Tap("pcsc:x", Medium.NFC_UID, "04A1B2C3D4E5F6"))
    assert given.page.view.offers_shown
    assert given.page.view.step == "Card \u200e…E5F6\u200e lies on the reader. It can be given as it is."
    given.presenter.give_shown()
    assert given.page.view.news == "Card \u200e…E5F6\u200e is given."
    before = given.page.view
    given.presenter.tapped(Tap("pcsc:x", Medium.NFC_UID, "04A1B2C3D4E5F6"))
    assert given.page.view == before
    given.presenter.write(TAG)
    given.presenter.tapped(Tap("pcsc:x", Medium.NFC_UID, "04A1B2C3D4E5F7"))
    assert given.page.view.is_busy
    assert [member_id for _, member_id in shop.given()] == ["m2"]


class Served:
    """A dialog that an idle presenter serves."""

    def __init__(self, qtbot: QtBot, language: str, theme: str = "light") -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.setStyleSheet(style.sheet(THEMES[theme]))
        self.window.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if language == "fa" else Qt.LayoutDirection.LeftToRight)
        self.dialog = IssueDialog(self.window)
        self.dialog.start("m2", NAME, Words(language))
        self.dialog.propose(member(1))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", ["", "unbound"])
def test_no_word_is_cut_off(qtbot: QtBot, language: str, problem: str) -> None:
    served, words = Served(qtbot, language), Words(language)
    unbound = words(
        "Card {number} is written and nobody's yet: {reason} Lay it on a reader to give it.", number="…0076",
        reason=words.error(StationError(ErrorCode.DISK_FULL)))
    for step in STEPS.values():
        served.dialog.show_give(GiveView(
            NAME, words(step), unbound if problem else "", is_busy=not problem, offers_shown=bool(problem)))
        qtbot.wait(1)
        for label in served.dialog.findChildren(QLabel):
            if label.isVisible() and label is not served.dialog.member:
                assert label.heightForWidth(label.width()) <= label.height() or not label.wordWrap()
                assert label.wordWrap() or label.sizeHint().width() <= label.width()
        for each in served.dialog.findChildren(QAbstractButton):
            assert each.isHidden() or each.sizeHint().width() <= each.width()


def test_the_keyboard_is_enough(qtbot: QtBot, given: Given) -> None:
    served = Served(qtbot, "en")
    presenter = GiveCard(given.presenter._issuing, DEMO_CLUB, lambda: member(1), given.bench, served.dialog)
    served.dialog.serve(presenter)
    served.dialog.start("m2", NAME, Words("en"))
    assert served.dialog.number.text() == member(1)
    QTest.keyClick(served.dialog.number, Qt.Key.Key_Return)
    assert [order.number for order in given.bench.orders] == [member(1)]
    QTest.keyClick(served.dialog, Qt.Key.Key_Escape)
    assert given.bench.stops == 1
    assert served.dialog.isVisible()
    presenter.ended(None)
    QTest.keyClick(served.dialog, Qt.Key.Key_Escape)
    assert served.dialog.isHidden()


def test_what_is_decided_elsewhere_cannot_be_chosen(qtbot: QtBot) -> None:
    served = Served(qtbot, "en")
    dialog, choices = served.dialog, {}
    for form in CardForm:
        dialog.choose(form)
        choices[form] = (dialog.signed.isEnabled(), dialog.overwrite.isEnabled())
    assert choices == {
        CardForm.STRIPE: (True, True), CardForm.TAG: (False, True), CardForm.CHIP: (False, False)}


def says(dialog: IssueDialog, step: str) -> bool:
    return dialog.step.text() == step


def test_it_is_as_high_as_what_it_shows(qtbot: QtBot) -> None:
    served = Served(qtbot, "fa")
    heights = []
    for view in (GiveView(NAME), GiveView(NAME, STEPS[WriteStep.SWIPE_TO_LOOK], "x " * 200), GiveView(NAME)):
        served.dialog.show_give(view)
        heights.append(served.dialog.height())
    low, high, again = heights
    assert low > served.dialog.number.y() + served.dialog.number.height()
    assert low == again < high


@contextmanager
def nothing_lent(_path: str) -> Iterator[None]:
    yield


@pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals")
def test_the_whole_way_on_a_reader_encoder(qtbot: QtBot, shop: IssuingShop) -> None:
    folder = shop.home.folder
    (folder / "station.toml").write_text(
        f'[[readers]]\ndriver = "msr605"\nport = "{folder / "reader"}"\n', encoding="utf-8")
    settings = read_settings(shop.home.settings)

    @contextmanager
    def opens() -> Iterator[WriterSetup]:
        with shop.open() as memory:
            yield writer_setup(settings, IssuingOffice(), memory)

    window = QWidget()
    qtbot.addWidget(window)
    with shop.open() as memory, SerialHand(folder, "--msr") as hand:
        hand.take()
        counter = make_counter(shop.who.enrolment, memory)
        giving = Giving(counter, memory, lambda: CASHIER, Making(DEMO_CLUB, opens), nothing_lent, window)
        giving.start(Words("en"))
        assert giving.dialog.isHidden()
        counter.identify("m2")
        giving.start(Words("en"))
        dialog = giving.dialog
        dialog.choose(CardForm.STRIPE)
        number = dialog.number.text()
        assert DEMO_CLUB.accepts(number.encode())
        QTest.keyClick(dialog.number, Qt.Key.Key_Return)
        for step in (WriteStep.SWIPE_TO_LOOK, WriteStep.SWIPE_TO_WRITE, WriteStep.SWIPE_TO_CHECK):
            shown = partial(says, dialog, STEPS[step])
            qtbot.waitUntil(shown, timeout=5000)
            hand.draw()
        qtbot.waitUntil(lambda: bool(dialog.news.text()), timeout=5000)
        assert hand.tracks()[1] == f";{number}?"
        assert [who for _, who in shop.given()] == ["m2"]
        again = Tap("pcsc:x", Medium.NFC_UID, "04A1B2C3D4E5F6")
        assert dialog.as_is.isHidden()
        assert giving.takes(again)
        assert dialog.step.text().startswith("Card ")
        assert dialog.as_is.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_F4)
        assert dialog.news.text() == "Card \u200e…E5F6\u200e is given."
        assert len(shop.given()) == 2
        dialog.reject()
        assert not giving.takes(again)
        assert len(shop.given()) == 2
        giving.close()


@pytest.mark.skipif(sys.platform == "win32", reason="the rig needs pseudo-terminals")
def test_a_till_that_is_locked_waits_for_no_card_at_the_writer(qtbot: QtBot, shop: IssuingShop) -> None:
    folder = shop.home.folder
    (folder / "station.toml").write_text(
        f'[[readers]]\ndriver = "msr605"\nport = "{folder / "reader"}"\n', encoding="utf-8")
    settings = read_settings(shop.home.settings)

    @contextmanager
    def opens() -> Iterator[WriterSetup]:
        with shop.open() as memory:
            yield writer_setup(settings, IssuingOffice(), memory)

    window = QWidget()
    qtbot.addWidget(window)
    with shop.open() as memory, SerialHand(folder, "--msr"):
        counter = make_counter(shop.who.enrolment, memory)
        counter.identify("m2")
        giving = Giving(counter, memory, lambda: CASHIER, Making(DEMO_CLUB, opens), nothing_lent, window)
        giving.start(Words("en"))
        dialog = giving.dialog
        dialog.choose(CardForm.STRIPE)
        QTest.keyClick(dialog.number, Qt.Key.Key_Return)
        qtbot.waitUntil(partial(says, dialog, STEPS[WriteStep.SWIPE_TO_LOOK]), timeout=5000)
        assert dialog.keeps()
        dialog.hide()
        giving.stop()
        qtbot.waitUntil(lambda: bool(dialog.news.text()), timeout=5000)
        assert dialog.news.text() == "Stopped. No card was written."
        assert (dialog.isHidden(), shop.given()) == (True, [])
        giving.close()


def test_without_a_device_the_dialog_says_so(qtbot: QtBot, shop: IssuingShop) -> None:
    @contextmanager
    def opens() -> Iterator[WriterSetup]:
        with shop.open() as memory:
            yield WriterSetup(DEMO_CLUB, IssuingOffice(), active_cards(card_book(memory)))

    window = QWidget()
    qtbot.addWidget(window)
    with shop.open() as memory:
        counter = make_counter(shop.who.enrolment, memory)
        counter.identify("m2")
        giving = Giving(counter, memory, lambda: CASHIER, Making(DEMO_CLUB, opens), nothing_lent, window)
        giving.start(Words("en"))
        giving.dialog.choose(CardForm.STRIPE)
        QTest.keyClick(giving.dialog.number, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "E127" in giving.dialog.problem.text(), timeout=5000)
        giving.close()
