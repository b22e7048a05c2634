"""Finding a member: what may be typed, what is found, and how somebody without a name is shown."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.fakes import member
from tests.ui.test_checkout import Screen
from tests.ui.till import BLOCKED_CARD, GOLD_CARD, Till
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.qt.find_dialog import FindDialog
from ui.text import Words

MakeDialog = Callable[[Screen, str], FindDialog]


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def make(qtbot: QtBot, till: Till) -> MakeDialog:
    window = QWidget()
    qtbot.addWidget(window)

    def dialog(screen: Screen, language: str) -> FindDialog:
        words = Words(language)
        made = FindDialog(Checkout(till.desk, words, Format(language), screen), window)
        made.set_words(words)
        return made
    return dialog


def look_for(dialog: FindDialog, typed: str) -> None:
    dialog.start()
    dialog.asked.setText(typed)
    QTest.keyClick(dialog.asked, Qt.Key.Key_Return)


@pytest.mark.parametrize(("language", "hint"), [
    ("en", "Card number, phone, its last four digits, or a name; then Enter"),
    ("fa", "شمارهٔ کارت، شمارهٔ همراه، چهار رقم آخر آن یا نام را بنویسید و Enter بزنید")])
def test_the_hint_says_what_may_be_typed(make: MakeDialog, screen: Screen, language: str, hint: str) -> None:
    assert make(screen, language).hint.text() == hint


@pytest.mark.parametrize("typed", [GOLD_CARD, "۹۳۶۴۰۰۰۰۰۰۰۰۰۱", "09120000001", "0001", "مهرداد"])
def test_whatever_the_hint_names_finds_the_member(make: MakeDialog, screen: Screen, till: Till, typed: str) -> None:
    till.members.people = {"m1": member(1)}
    dialog = make(screen, "en")
    look_for(dialog, typed)
    assert dialog.isHidden()
    assert till.counter.member is not None
    assert till.counter.member.member_id == "m1"


def test_the_number_of_a_blocked_card_finds_nobody(make: MakeDialog, screen: Screen, till: Till) -> None:
    look_for(make(screen, "en"), BLOCKED_CARD)
    assert till.counter.member is None
    assert screen.news.startswith("This card is blocked.")


def test_somebody_without_a_name_is_offered_by_the_number(make: MakeDialog, screen: Screen, till: Till) -> None:
    till.members.people = {each: replace(member(1), member_id=each, name="") for each in ("m1", "m3")}
    dialog = make(screen, "en")
    look_for(dialog, "0001")
    texts = [dialog.answers.item(row).text() for row in range(dialog.answers.count())]
    assert texts == ["Member without a name · 0912\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}0001"] * 2


def touch(dialog: FindDialog, *faces: str) -> None:
    for face in faces:
        dialog.pad.keys[face].click()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_fingers_alone_find_a_member(make: MakeDialog, screen: Screen, till: Till, language: str) -> None:
    dialog = make(screen, language)
    dialog.start()
    touch(dialog, "0", "0", "2", "⌫", "0", "1")
    dialog.take.click()
    assert not dialog.isVisible()
    assert till.counter.member == member(1)


def test_fingers_alone_choose_among_several(make: MakeDialog, screen: Screen, till: Till) -> None:
    till.members.people["m3"] = replace(member(1), member_id="m3", name="Zari")
    dialog = make(screen, "en")
    dialog.start()
    touch(dialog, "0", "0", "0", "1")
    dialog.take.click()
    assert dialog.take.text() == "Serve this member  Enter"
    dialog.answers.setCurrentRow(1)
    dialog.take.click()
    assert till.counter.member is not None
    assert till.counter.member.member_id in {"m1", "m3"}
    assert not dialog.isVisible()


def test_another_text_is_looked_for_anew(make: MakeDialog, screen: Screen, till: Till) -> None:
    till.members.people["m3"] = replace(member(1), member_id="m3", name="Zari")
    dialog = make(screen, "en")
    look_for(dialog, "0001")
    dialog.asked.setText("0002")
    assert dialog.take.text() == "Look for  Enter"
    dialog.take.click()
    assert till.counter.member == member(2, "silver")


@pytest.mark.parametrize(("namesakes", "language", "said"), [
    (19, "en", ""), (50, "en", "Only the first 20 are shown. If it is none of them, type more."),
    (50, "fa", "فقط ۲۰ نفر اول دیده می‌شوند. اگر هیچ‌کدام نیست، بیشتر بنویسید.")])
def test_of_many_namesakes_it_is_said_that_there_may_be_more(
        make: MakeDialog, screen: Screen, till: Till, namesakes: int, language: str, said: str) -> None:
    till.members.people = {
        f"n{place}": replace(member(1), member_id=f"n{place}", name="رضا محمدی") for place in range(namesakes)}
    dialog = make(screen, language)
    look_for(dialog, "محمدی")
    assert dialog.answers.count() == min(namesakes, 20)
    assert (dialog.more.text() if dialog.more.isVisible() else "") == said
    dialog.asked.setText("محمد")
    assert not dialog.more.isVisible()


def test_the_way_back_can_be_touched(make: MakeDialog, screen: Screen, till: Till) -> None:
    dialog = make(screen, "en")
    dialog.start()
    dialog.back.click()
    assert not dialog.isVisible()
    assert till.counter.member is None
