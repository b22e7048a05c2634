"""An answer that waits for the member in the basket: said in the pane, read by key or by touch, and then said no more."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from data.derived import decode
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.matter import AnswersTold, AnswerTold, AskKind, Matter, MatterState, Subject
from tests.fakes import member
from tests.ui.stage import Stage
from tests.ui.tool_screens import of
from ui.look import Look
from ui.qt.benefits_page import BenefitsPane
from ui.qt.tools.benefits import BenefitsTool
from ui.qt.window import Window
from ui.views_benefits import BenefitPart

WAITS = Matter(1, AskKind.QUESTION, Subject.POINTS, "Why?", MatterState.ANSWERED, "So.", 9, "a1", waits=True)


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []
    assert qtbot

    def make(*answers: str) -> Stage:
        QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        stage = Stage(tmp_path, Look("en"))
        stages.append(stage)
        asks(stage, answers)
        return stage

    yield make
    for each in stages:
        with closing(each):
            pass


def asks(stage: Stage, answers: tuple[str, ...]) -> None:
    """Let the feed say that these answers wait for member 1."""
    here = Position(stage.memory.journal.head().incarnation, stage.memory.journal.head().seq)
    record = MemberRecord(replace(member(1), answers=answers), tuple(stage.book.cards("m1")))
    stage.memory.members.apply(MemberPage("d", here, (record,), (), Stamp(2, 2), last=True))  # type: ignore[union-attr] # with members


def page(window: Window) -> BenefitsPane | None:
    shown = window.pages.currentWidget()
    return shown if isinstance(shown, BenefitsPane) else None


def test_the_key_shows_the_answers(made: Callable[..., Stage]) -> None:
    window = made("a1").member()
    assert window.page.member.message.text().startswith("An answer waits")
    QTest.keyClick(window, Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    shown = page(window)
    assert shown is not None
    assert shown.part is BenefitPart.MATTERS


def test_a_finger_on_the_members_card_shows_them(made: Callable[..., Stage]) -> None:
    window = made("a1").member()
    pane = window.page.member
    assert pane.cursor().shape() is Qt.CursorShape.PointingHandCursor
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, pos=QPoint(9, 9))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=QPoint(-9, 9))  # it slid off
    assert page(window) is None
    QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=QPoint(9, 9))
    assert page(window) is not None


def test_the_key_that_forgets_the_member_does_that_alone(made: Callable[..., Stage]) -> None:
    stage = made("a1")
    window = stage.member()
    QTest.mouseClick(window.page.member.forget, Qt.MouseButton.LeftButton)
    assert (page(window), stage.counter.member) == (None, None)


def test_where_nothing_waits_neither_does_anything(made: Callable[..., Stage]) -> None:
    window = made().member()
    QTest.mouseClick(window.page.member, Qt.MouseButton.LeftButton, pos=QPoint(9, 9))
    QTest.keyClick(window, Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    assert page(window) is None
    assert window.page.member.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_who_was_only_looked_up_is_shown_nothing(made: Callable[..., Stage]) -> None:
    stage = made("a1")
    window = stage.basket()
    window.checkout.identify("m1")
    window.page.member.answered.emit()
    assert page(window) is None
    assert window.page.banner.text.text().endswith("(E241)")


def test_what_was_shown_is_written_and_said_no_more_also_after_a_restart(made: Callable[..., Stage]) -> None:
    stage = made("a1", "a2")
    window = stage.member()
    assert window.page.member.message.text().startswith("2 answers wait")
    of(window, BenefitsTool).shown("m1", (WAITS,))
    entries = [decode(each.raw, each.kind).body for each in stage.memory.journal.entries(0, 100)]
    assert [each for each in entries if isinstance(each, AnswersTold)] == [AnswersTold("m1", (AnswerTold("a1", 9),))]
    assert window.page.member.message.text().startswith("An answer waits")
    of(window, BenefitsTool).shown("m1", (replace(WAITS, ask_id="a2"),))
    assert not window.page.member.message.isVisible()
    assert stage.book.member("m1") == replace(member(1), answers=())
