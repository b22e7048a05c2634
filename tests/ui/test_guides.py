"""The guides for cashiers and managers say what the program says: their pictures, keys and words are compared with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.rigs.guide_paper import document, html, write
from tests.rigs.guides import (
    DOCS,
    README,
    key_table,
    labels,
    sections,
    stale_pictures,
    translations,
    unknown_words,
    wrong_keys,
)
from tests.rigs.shift_till import Station
from ui.look import Look
from ui.qt.help_dialog import HelpDialog
from ui.qt.window import Window

LANGUAGES = ("fa", "en")
GUIDES = [(name, language) for name in ("cashier", "manager") for language in LANGUAGES]
every_guide = pytest.mark.parametrize(("name", "language"), GUIDES)


def guide(name: str, language: str) -> str:
    """Return a guide's text."""
    return (DOCS / f"{name}.{language}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """Return the window of the whole counter, with all its tools, where people sign in."""
    counter = Station(tmp_path_factory.mktemp("station")).start(Look("en"))
    yield counter.window
    counter.stop()
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def keys_of(window: Window, language: str) -> dict[str, str]:
    """Return each key that the counter's help lists and its meaning; a key without its entry is a key too few."""
    window.change_look(Look(language))
    window.show_help()
    dialog = next(each for each in window.findChildren(HelpDialog) if each.isVisible())
    texts = [each.text() for each in dialog.findChildren(QLabel)][1:]
    dialog.reject()
    return dict(zip(texts[::2], texts[1::2], strict=True))


def keyed_of(window: Window, language: str) -> dict[str, str]:
    """Return the same with the keys of the means of payment."""
    keys = keys_of(window, language)
    means = [each.text().split("  ") for each in window.pay_dialog.means.values()]
    return {**keys, **{key: name for name, key in means}}


def words_of(window: Window, language: str) -> set[str]:
    """Return every word of screens and keys; the name of both languages is in no catalogue."""
    return {*labels(language), *(each.meaning for each in window.entries if "/" in each.meaning)}


def test_the_first_page_shows_the_counter_as_it_is_drawn_now() -> None:
    text = README.read_text(encoding="utf-8")
    assert "![" in text
    assert stale_pictures(text, "fa", README.parent) == []
    assert len(stale_pictures(text.replace("member-fa", "checkout-fa"), "fa", README.parent)) == 1
    assert {each.suffix for each in DOCS.rglob("*") if each.is_file()} <= {".md", ".json"}  # no picture lies there uncompared


@every_guide
def test_every_picture_is_one_that_is_drawn_and_compared_in_that_language(name: str, language: str) -> None:
    text = guide(name, language)
    assert "<img" in text
    assert stale_pictures(text, language) == []


@every_guide
def test_what_is_bold_stands_on_a_screen_or_a_key(window: Window, name: str, language: str) -> None:
    assert unknown_words(guide(name, language), words_of(window, language)) == []


@every_guide
def test_a_key_behind_a_word_does_that(window: Window, name: str, language: str) -> None:
    assert wrong_keys(guide(name, language), keyed_of(window, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_keys_is_that_of_the_counter(window: Window, language: str) -> None:
    keys = keys_of(window, language)
    assert {each.key for each in window.entries if each.key} <= keys.keys()
    assert key_table(guide("cashier", language)) == keys


@pytest.mark.parametrize("name", ["cashier", "manager"])
def test_both_languages_tell_the_same(name: str) -> None:
    persian, english = guide(name, "fa"), guide(name, "en")
    assert sections(persian, {}) == sections(english, translations())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cashiers_guide_is_one_page(window: Window, qtbot: QtBot, tmp_path: Path, language: str) -> None:
    assert window
    assert qtbot
    paper = tmp_path / "guide.pdf"
    assert write(DOCS / f"cashier.{language}.md", paper) == 1
    assert paper.read_bytes().count(b"/Type /Page\n") == 1


def test_a_guide_that_grew_is_more_than_one_page(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    assert window
    assert qtbot
    long = tmp_path / "long.md"
    long.write_text(guide("cashier", "en") + "\n\nOne more line.\n" * 8, encoding="utf-8")
    assert document(long).pageCount() > 1


def test_tables_and_texts_are_laid_out_as_they_are_written() -> None:
    text = '# A\n\n<img src="a.png">\n\n| k | m |\n| --- | --- |\n| `F1` | **Help** |\n\n- one & two\n- [three](b.md)\n'
    left = html(text, rtl=False)
    assert left.startswith('<h1>A</h1>\n<p><img src="a.png"></p>\n<table')
    assert "<td>k</td><td>m</td>" in left
    assert "<b>Help</b>" in left
    assert "<li>one &amp; two</li><li>three</li>" in left
    assert "<td>m</td><td>k</td>" in html(text, rtl=True)


@pytest.mark.parametrize(("right", "wrong"), [
    ("member-en-light", "no-such-screen-en-light"), ("member-en-light", "member-fa-light"),
    ("tests/ui/pictures/member", "docs/pictures/member")], ids=["no screen", "Persian", "not compared"])
def test_a_stale_picture_is_found(right: str, wrong: str) -> None:
    text = guide("cashier", "en")
    assert right in text
    assert len(stale_pictures(text.replace(right, wrong), "en")) == 1


def test_a_word_that_is_on_no_screen_is_found(window: Window) -> None:
    text = guide("cashier", "fa").replace("**نقد دقیق**", "**نقدِ دقیق**")
    assert unknown_words(text, words_of(window, "fa")) == ["نقدِ دقیق"]


@pytest.mark.parametrize(("right", "wrong"), [
    ("**Hold** (`F5`)", "**Hold** (`F6`)"), ("**Bank terminal** (`Alt+2`)", "**Bank terminal** (`Alt+3`)")])
def test_another_key_behind_a_word_is_found(window: Window, right: str, wrong: str) -> None:
    text = guide("cashier", "en")
    assert right in text
    assert len(wrong_keys(text.replace(right, wrong), keyed_of(window, "en"))) == 1


@pytest.mark.parametrize(("right", "wrong"), [("| `F5` | Hold ", "| `F5` | Keep "), ("| `F5` | Hold ", "| | "), ("`F11`", "`F13`")])
def test_a_wrong_row_of_the_table_is_found(window: Window, right: str, wrong: str) -> None:
    text = guide("cashier", "en")
    assert right in text
    assert key_table(text.replace(right, wrong)) != keys_of(window, "en")


def test_a_sentence_that_one_language_lacks_is_found() -> None:
    persian, english = guide("manager", "fa"), guide("manager", "en").replace("**Flags**", "**Approvals**", 1)
    assert sections(persian, {}) != sections(english, translations())
    assert sections(persian, {}) != sections(persian.replace("## ", "", 1), {})
