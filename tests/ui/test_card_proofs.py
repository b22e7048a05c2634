"""What a card proved, on the screen: its honest label as text, why not more, and clear refusals, in both languages."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from drivers.pump import ReaderState
from station.card import CardTier, Medium, Tap
from station.errors import ErrorCode, StationError
from station.in_hand import NO_CARD
from station.proving import ProofNote
from tests.fakes import NOON
from tests.rigs.judged_cards import (
    KEY_ID,
    PUBLIC,
    Trust,
    code,
    grant,
    of_phone,
    of_record,
    of_tap,
    on_chip,
    record,
    tapped,
)
from tests.ui.test_checkout import Station
from tests.ui.till import GOLD_CARD, STRANGE_CARD, Till, tap
from ui.look import Look
from ui.qt import fonts
from ui.qt.back_office import Rooms
from ui.qt.member_pane import MemberPane
from ui.qt.services import Services
from ui.qt.window import Window
from ui.text import PROOF_NOTES, Words
from ui.views import Chip, MemberView, Tone

READER = "pcsc:1"
ISSUED = on_chip(of_record(record(number=GOLD_CARD)), number=GOLD_CARD)
UNCHECKED = on_chip(of_tap(tapped(61)), number=GOLD_CARD)


def phone(seconds: int = 0) -> Tap:
    shown = code(NOON, seconds, grant(number=GOLD_CARD))
    return Tap("qr:1", Medium.QR, GOLD_CARD, proofs=(of_phone(shown),))


@pytest.fixture
def trust() -> Trust:
    return Trust()


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def station(language: str, trust: Trust) -> Station:
    till = Till(prover=trust.prover())
    trust.drafts = till.journal.drafts
    return Station(till, language)


def test_the_label_of_the_card_stands_beside_its_member(station: Station, language: str) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    assert station.view.member is not None
    assert station.view.member.proof == {
        "en": "Number card: anyone who sees it can copy it",
        "fa": "کارت شماره‌ای: هر کس آن را ببیند می‌تواند رونوشت بسازد"}[language]
    station.checkout.tapped(ISSUED)
    assert station.view.member.proof == {
        "en": "Issued card: cannot be invented, can be copied",
        "fa": "کارت صادرشده: جعل‌شدنی نیست، رونوشت‌شدنی هست"}[language]
    assert station.view.member.doubt == ""


def test_a_member_without_a_card_has_no_label(station: Station) -> None:
    station.checkout.identify("m1")
    assert station.view.member is not None
    assert (station.view.member.proof, station.view.member.doubt) == ("", "")
    assert station.till.counter.shown == NO_CARD


def test_what_could_not_be_checked_is_said_until_head_office_has(station: Station, language: str) -> None:
    station.checkout.tapped(UNCHECKED)
    assert station.view.member is not None
    assert station.view.member.doubt == {
        "en": "This card could not be checked here. Head office can check it.",
        "fa": "این کارت اینجا بررسی نشد. دفتر مرکزی می‌تواند آن را بررسی کند."}[language]
    assert station.view.banner is None
    station.checkout.tapped(replace(UNCHECKED, tier=CardTier.CHANGING_CODE))
    assert station.view.member.doubt == ""


def test_a_withdrawn_key_is_said(station: Station, trust: Trust, language: str) -> None:
    trust.keys[KEY_ID] = replace(PUBLIC, withdrawn_us=1)
    station.checkout.tapped(ISSUED)
    assert station.view.member is not None
    assert station.view.member.doubt == {
        "en": "Head office has withdrawn the key this card was signed with. Replace the card.",
        "fa": "دفتر مرکزی کلیدی را که این کارت با آن امضا شده پس گرفته است. کارت را عوض کنید."}[language]


@pytest.mark.parametrize(("shown", "number"), [
    (replace(ISSUED, uid="04A1B2C3D4E5F6"), 204), (phone(-61), 207),
    (on_chip(of_record(record(number=GOLD_CARD, expires="2026-11-21")), number=GOLD_CARD), 206)])
def test_a_card_that_does_not_hold_is_refused_in_words(station: Station, shown: Tap, number: int) -> None:
    station.checkout.tapped(shown)
    assert station.view.member is None
    assert station.view.banner is not None
    assert station.view.banner.tone is Tone.ERROR
    assert station.screen.news.endswith(f"(E{number})")
    assert GOLD_CARD not in station.screen.news


def test_a_phones_code_shown_twice_is_refused_in_words(station: Station, language: str) -> None:
    station.checkout.tapped(phone())
    assert station.view.member is not None
    station.checkout.abandon()
    station.checkout.tapped(phone())
    assert station.screen.news == {
        "en": "This code was shown before: it may come from a copy of the card. Ask for the card or the phone itself. (E205)",
        "fa": "این کد پیش‌تر نشان داده شده است: شاید از رونوشت کارت باشد. خود کارت یا گوشی را بخواهید. (E205)"}[language]


@pytest.mark.parametrize("found", [ErrorCode.CARD_FORGED, ErrorCode.CARD_REPLAYED])
def test_a_card_found_forged_afterwards_takes_its_member_out_and_is_told(station: Station, found: ErrorCode) -> None:
    station.checkout.tapped(UNCHECKED)
    station.checkout.card_fault(READER, StationError(found))
    assert station.view.member is None
    assert f"(E{found.value})" in station.screen.news


@pytest.mark.parametrize(("reader", "found"), [
    ("qr:1", ErrorCode.CARD_FORGED), (READER, ErrorCode.CARD_UNREADABLE)])
def test_another_readers_card_or_a_bad_reading_takes_nobody_out(
    station: Station, reader: str, found: ErrorCode,
) -> None:
    station.checkout.tapped(UNCHECKED)
    station.checkout.card_fault(reader, StationError(found))
    assert station.view.member is not None
    assert f"(E{found.value})" in station.screen.news


def test_a_strange_card_found_forged_leaves_the_member_who_is_in_hand(station: Station) -> None:
    station.checkout.tapped(UNCHECKED)
    station.checkout.tapped(replace(UNCHECKED, number=STRANGE_CARD, proofs=()))
    station.checkout.card_fault(READER, StationError(ErrorCode.CARD_FORGED))
    assert station.view.member is not None


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_note_has_its_sentence(language: str) -> None:
    assert set(PROOF_NOTES) == set(ProofNote)
    sentences = [Words(language).proof_note(note) for note in ProofNote]
    assert len(set(sentences)) == len(sentences)
    assert language == "en" or not any(each in PROOF_NOTES.values() for each in sentences)


def test_the_pane_shows_a_warning_only_where_there_is_one(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    pane = MemberPane(window)
    pane.set_words(Words("en"))
    view = MemberView("Mehrdad", Chip("Gold member", Tone.WARN), "0912", "First visit", "500", "Good 10%", "Issued card", "")
    pane.resize(400, 220)
    window.show()
    pane.show_member(view)
    height = pane.sizeHint().height()
    assert (pane.proof.text(), pane.doubt.isVisible()) == ("Issued card", False)
    pane.show_member(replace(view, doubt=Words("en").proof_note(ProofNote.NOT_CHECKED)))
    assert pane.doubt.isVisible()
    assert pane.doubt.text().startswith("This card could not be checked")
    pane.show_member(None)
    assert not pane.doubt.isVisible()
    assert pane.sizeHint().height() == height  # and its room is given back


def test_the_window_hands_on_what_a_reader_finds_afterwards(qtbot: QtBot, trust: Trust, qapp: QApplication) -> None:
    fonts.prepare(qapp)
    till = Till(prover=trust.prover())
    window = Window(till.desk, till.board, Services(Rooms(print), print, print), Look("en", "light"))
    qtbot.addWidget(window)
    window.tapped(UNCHECKED)
    assert till.counter.member is not None
    window.reader_state(ReaderState(READER, "ACR122U", ready=True, error=ErrorCode.CARD_FORGED))
    assert till.counter.member is None
    assert "E204" in window.page.banner.text.text()
