"""The diagnostics screen's words, without Qt: each state is said, and a card on the pad stays on the pad."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printers.queue import PrinterState
from station.card import CardTier, Medium, Tap
from station.errors import ErrorCode, StationError
from station.put_aside import AsideCode
from sync.state import SyncState
from tests.fakes import NOON
from tests.rigs.diagnosed import CHIP, HOUR_US, NUMBER, ONLINE, PCSC, SWIPE, Diagnosed
from ui.checking import CheckStage, CheckState
from ui.format import Format
from ui.presenters.diagnostics_facts import Aside, Backlog, Disk, Judged, States, Stock, StockKind
from ui.presenters.diagnostics_words import tail
from ui.text import Words
from ui.views import Tone
from ui.views_diagnostics import CheckView, Fact

BANK_CARD = "4111111111111111"


@pytest.fixture
def desk() -> Diagnosed:
    made = Diagnosed()
    made.news()
    made.presenter.open()
    return made


def facts(found: tuple[Fact, ...]) -> dict[str, tuple[str, Tone]]:
    return {fact.label: (fact.value, fact.tone) for fact in found}


def test_readers_and_printer_are_named_with_their_state(desk: Diagnosed) -> None:
    assert facts(desk.view.readers) == {
        "ACS ACR1252": ("Ready", Tone.OK), "Stripe reader": ("The card reader is unplugged. (E102)", Tone.ERROR)}
    assert facts(desk.view.printer) == {"Printer": ("Ready", Tone.OK), "Receipts that wait": ("2", Tone.WARN)}


def test_without_devices_it_says_so() -> None:
    desk = Diagnosed()
    desk.presenter.open()
    assert facts(desk.view.readers) == {"Readers": ("No reader", Tone.WARN)}
    assert facts(desk.view.printer) == {"Printer": ("Nothing was printed yet", Tone.NEUTRAL)}
    assert facts(desk.view.queue)["Head office"] == ("Connecting", Tone.NEUTRAL)


@pytest.mark.parametrize(("state", "said"), [
    (PrinterState(ready=False, error=ErrorCode.PRINTER_PAPER_OUT), Words("en").error(StationError(ErrorCode.PRINTER_PAPER_OUT))),
    (PrinterState(), "Nothing was printed yet")])
def test_a_printer_tells_its_fault(desk: Diagnosed, state: PrinterState, said: str) -> None:
    desk.presenter.printer_state(state)
    assert facts(desk.view.printer)["Printer"][0].split(" (E")[0] == said.split(" (E", maxsplit=1)[0]


def test_the_line_and_what_is_unsent(desk: Diagnosed) -> None:
    assert facts(desk.view.queue) == {
        "Head office": ("Online", Tone.OK), "Last exchange": ("Sun 22 Nov 2026, 14:04", Tone.NEUTRAL),
        "Next attempt": ("Sun 22 Nov 2026, 14:06", Tone.NEUTRAL), "Not sent": ("3", Tone.WARN),
        "The oldest of it": ("Sun 22 Nov 2026, 12:05", Tone.WARN)}
    desk.answers.backlog = Backlog(0)
    desk.presenter.refresh()
    assert facts(desk.view.queue)["Not sent"] == ("Nothing", Tone.OK)


@pytest.mark.parametrize(("error", "tone"), [
    (ErrorCode.HEAD_OFFICE_UNREACHABLE, Tone.WARN), (ErrorCode.JOURNAL_FORKED, Tone.ERROR)])
def test_the_last_fault_is_told_in_a_sentence_with_its_reason(desk: Diagnosed, error: ErrorCode, tone: Tone) -> None:
    desk.presenter.sync_state(SyncState(error=error, reason="$.number: 0"))
    found = facts(desk.view.queue)
    assert found["Last fault"] == (f"{Words('en').error(StationError(error))} $.number: 0", tone)
    assert found["Head office"] == ("Offline", tone)


def test_what_was_put_aside_stands_with_its_reason(desk: Diagnosed) -> None:
    assert [(each.seq, each.entry, each.reason.strip("\u200e")) for each in desk.view.aside] == [
        (4711, "Entry 4,711", "member 12: unknown to the register")]
    desk.answers.aside = (*desk.answers.aside, Aside(4712, "no such shop"))
    desk.presenter.refresh()
    assert len(desk.view.aside) == 2
    desk.presenter.retry("", 4712)
    assert desk.done == ["retry 4712"]
    assert (desk.view.news, desk.view.news_tone) == ("Head office has posted this entry now.", Tone.OK)


def test_what_stays_aside_says_why(desk: Diagnosed) -> None:
    desk.answers.faults["retry 4711"] = ErrorCode.STILL_ASIDE
    desk.presenter.retry("", 4711)
    assert desk.view.news_tone is Tone.ERROR
    assert "It stays put aside" in desk.view.news or "it stays put aside" in desk.view.news


def test_head_office_is_asked_once_at_a_time_and_the_page_can_be_left_meanwhile(desk: Diagnosed) -> None:
    waits: list[Callable[[], None]] = []
    desk.waits = waits
    desk.presenter.retry("", 4711)
    desk.presenter.retry("", 4711)
    assert (desk.view.retrying, len(waits)) == (True, 1)
    assert (desk.view.news, desk.view.news_tone) == ("Head office is asked about entry 4,711.", Tone.NEUTRAL)
    desk.presenter.close()
    desk.presenter.open()
    assert (desk.view.retrying, desk.view.news) == (True, "Head office is asked about entry 4,711.")
    desk.presenter.close()
    waits.pop()()  # nobody looks
    desk.presenter.open()
    assert (desk.view.retrying, desk.view.news) == (False, "Head office has posted this entry now.")
    desk.presenter.close()
    desk.presenter.open()
    assert desk.view.news == ""


def test_a_reason_says_what_it_means(desk: Diagnosed) -> None:
    desk.answers.aside = (Aside(3, "kind 'X' is not known here", "b" * 32, AsideCode.VERSION),)
    desk.presenter.refresh()
    (shown,) = desk.view.aside
    assert shown.reason.startswith("Head office's program is older than this one.")
    assert "kind 'X' is not known here" in shown.reason
    assert shown.incarnation == "b" * 32


def test_looking_at_the_list_is_noted_and_without_one_there_is_nothing_to_look_at(desk: Diagnosed) -> None:
    desk.presenter.saw_aside()
    assert desk.done == ["saw"]
    desk.answers.aside = ()
    desk.presenter.refresh()
    desk.presenter.saw_aside()
    assert desk.done == ["saw"]
    desk.answers.aside, desk.answers.faults["saw"] = (Aside(1, "x"),), ErrorCode.DATABASE_LOCKED
    desk.presenter.refresh()
    desk.presenter.saw_aside()
    desk.presenter.refresh()
    assert "(E403)" in desk.view.news


def test_where_nobody_can_retry_nothing_is_asked() -> None:
    desk = Diagnosed(retries=False)
    desk.presenter.open()
    desk.presenter.retry("", 1)
    assert (desk.presenter.can_retry, desk.done, desk.view.news) == (False, [], "")


def test_what_came_down_tells_its_age(desk: Diagnosed) -> None:
    found = facts(desk.view.stocks)
    assert found["Club rules"] == (
        "number 12 · in force since Sat 21 Nov 2026, 08:05 · as of Sun 22 Nov 2026, 12:05", Tone.OK)
    assert found["Member book"] == ("250,000 here · number 5,012 · as of Sun 22 Nov 2026, 13:05", Tone.OK)
    assert found["Blocked cards"] == ("number 5,012 · as of Sat 21 Nov 2026, 13:05 · older than a day", Tone.WARN)
    assert found["Goods"] == ("8,400 here", Tone.OK)
    assert found["Issuing keys"] == ("Nothing has come down yet", Tone.WARN)


@pytest.mark.parametrize("kind", [StockKind.MEMBERS, StockKind.PACK])
def test_a_member_book_and_rules_of_a_day_to_the_minute_are_not_old(desk: Diagnosed, kind: StockKind) -> None:
    told = []
    for beyond_us in (0, 1):
        desk.answers.stocks = (Stock(kind, 1, NOON.utc_us - 24 * HOUR_US - beyond_us),)
        desk.presenter.refresh()
        told.append(desk.view.stocks[0].tone)
    assert told == [Tone.OK, Tone.WARN]


@pytest.mark.parametrize(("ahead_s", "said", "tone"), [
    (59, "As head office's, within a minute", Tone.OK), (-59, "As head office's, within a minute", Tone.OK),
    (60, "1 min ahead of head office", Tone.WARN), (-7_260, "121 min behind head office", Tone.ERROR)])
def test_a_wrong_clock_is_told(desk: Diagnosed, ahead_s: int, said: str, tone: Tone) -> None:
    desk.answers.office_us = NOON.utc_us - ahead_s * 1_000_000
    desk.presenter.refresh()
    assert facts(desk.view.machine)["Clock"] == (said, tone)


def test_before_head_office_answered_nobody_knows_its_time(desk: Diagnosed) -> None:
    desk.answers.office_us = None
    desk.presenter.refresh()
    assert facts(desk.view.machine)["Clock"] == ("Head office has not told its time yet", Tone.NEUTRAL)


@pytest.mark.parametrize(("free", "said", "tone"), [
    (41_200_000_000, "41,200 MB of 256,000 MB", Tone.OK),
    (1_999_999_999, "1,999 MB of 256,000 MB · too little", Tone.WARN),
    (199_999_999, "199 MB of 256,000 MB · too little", Tone.ERROR)])
def test_a_full_disk_is_told(desk: Diagnosed, free: int, said: str, tone: Tone) -> None:
    desk.answers.disk = Disk(free, 256_000_000_000)
    desk.presenter.refresh()
    assert facts(desk.view.machine)["Free on the disk"] == (said, tone)


def test_versions_keep_their_direction(desk: Diagnosed) -> None:
    assert facts(desk.view.machine)["Qt"] == ("\u200e6.11.3\u200e", Tone.NEUTRAL)


@pytest.mark.parametrize(("source", "part", "label"), [
    ("backlog", "queue", "Not sent"), ("stocks", "stocks", "From head office"), ("office_us", "machine", "Clock"),
    ("disk", "machine", "Free on the disk")])
def test_what_cannot_be_read_is_a_fact_of_its_own(desk: Diagnosed, source: str, part: str, label: str) -> None:
    desk.answers.faults[source] = ErrorCode.DATABASE_LOCKED
    desk.presenter.refresh()
    assert facts(getattr(desk.view, part))[label] == (Words("en").error(StationError(ErrorCode.DATABASE_LOCKED)), Tone.ERROR)


def test_a_list_of_what_was_put_aside_that_cannot_be_read_says_so(desk: Diagnosed) -> None:
    desk.answers.faults["aside"] = ErrorCode.DATABASE_LOCKED
    desk.presenter.refresh()
    assert "(E403)" in desk.view.aside[0].reason


def test_a_card_is_shown_by_medium_evidence_proof_and_its_last_digits(desk: Diagnosed) -> None:
    assert desk.presenter.takes(CHIP)
    pad = desk.view.pad
    assert (pad.title, pad.tone) == ("A card was read", Tone.OK)
    assert facts(pad.facts) == {
        "Reader": ("ACS ACR1252", Tone.NEUTRAL), "Medium": ("Chip", Tone.NEUTRAL),
        "Where the number stood": ("A record on the chip", Tone.NEUTRAL),
        "What it proves": ("Issued card: cannot be invented, can be copied", Tone.NEUTRAL),
        "Note": ("This card could not be checked here. Head office can check it.", Tone.WARN),
        "Number ends with": ("\u200e0017\u200e", Tone.NEUTRAL), "Judged within": ("3 ms", Tone.NEUTRAL)}
    assert NUMBER not in str(desk.screen.views)
    assert NUMBER[-5:] not in str(desk.screen.views)
    assert CHIP.uid not in str(desk.screen.views)


@pytest.mark.parametrize(("number", "shown"), [
    (NUMBER, "0017"), ("12345678", "5678"), ("1234567", "567"), ("1234", "34"), ("1", ""), ("", "")])
def test_no_more_than_the_last_four_and_never_a_whole_number(number: str, shown: str) -> None:
    assert tail(number) == shown


def test_a_card_that_would_be_refused_says_why(desk: Diagnosed) -> None:
    desk.answers.judged = Judged(CardTier.NUMBER, refusal=StationError(ErrorCode.CARD_FORGED, reason="MAC"))
    desk.presenter.takes(replace(CHIP, reader="serial:/dev/other"))
    assert desk.view.pad.tone is Tone.ERROR
    found = facts(desk.view.pad.facts)
    assert found["What it proves"] == ("This card is forged. Do not accept it. (E204)", Tone.ERROR)
    assert found["Reader"][0] == "serial:/dev/other"


def test_a_card_that_cannot_be_judged_says_why(desk: Diagnosed) -> None:
    desk.answers.faults["judged"] = ErrorCode.DATABASE_LOCKED
    desk.presenter.takes(CHIP)
    assert desk.view.pad.title.endswith("(E403)")


def test_of_a_bank_card_nothing_is_shown(desk: Diagnosed) -> None:
    assert desk.presenter.takes(Tap("serial:/dev/ttyUSB0", Medium.STRIPE, BANK_CARD))
    assert desk.view.pad.title == "This is a bank card. Nothing of it was kept. Please show a club card. (E114)"
    assert desk.view.pad.facts == ()
    assert BANK_CARD[-4:] not in str(desk.screen.views)


def test_a_code_and_a_card_that_failed_are_told_too(desk: Diagnosed) -> None:
    assert desk.presenter.takes_code("6260000000001")
    assert desk.view.pad.title == "A code of 13 characters was read. It is no card."
    desk.presenter.reader_state(replace(PCSC, error=ErrorCode.CARD_SILENT))
    assert desk.view.pad.title.endswith("(E112)")
    assert facts(desk.view.readers)["ACS ACR1252"] == ("Ready", Tone.OK)


def test_only_an_open_screen_takes_cards_and_a_closed_one_forgets(desk: Diagnosed) -> None:
    desk.presenter.takes(CHIP)
    desk.presenter.close()
    shown = len(desk.screen.views)
    assert not desk.presenter.takes(CHIP)
    assert not desk.presenter.takes_code("6260000000001")
    desk.presenter.reader_state(SWIPE)
    desk.presenter.sync_state(ONLINE)
    assert len(desk.screen.views) == shown
    desk.presenter.open()
    assert desk.view.pad.facts == ()
    assert desk.view.pad.title.startswith("Present a card")


def test_actions_are_done_and_told(desk: Diagnosed) -> None:
    desk.presenter.send_now()
    assert desk.view.news == "Sending has begun."
    desk.presenter.test_print()
    assert desk.view.news == "A test page was sent to the printer."
    desk.presenter.start_check()
    assert desk.view.news == ""
    desk.presenter.cancel_check()
    desk.presenter.save_report(Path("folder"))
    assert "report.zip" in desk.view.news
    assert desk.saved == States((PCSC, SWIPE), PrinterState(ready=True, waiting=2), ONLINE, CheckState())
    assert desk.done == ["send", "print", "check", "cancel", "report"]


def test_a_refused_action_becomes_news(desk: Diagnosed) -> None:
    desk.answers.faults["print"] = ErrorCode.PRINTER_COVER_OPEN
    desk.presenter.test_print()
    assert desk.view.news == Words("en").error(StationError(ErrorCode.PRINTER_COVER_OPEN))
    assert (desk.view.news_tone, desk.done) == (Tone.ERROR, [])


@pytest.mark.parametrize(("state", "view"), [
    (CheckState(), CheckView("Not checked since the program was started")),
    (CheckState(CheckStage.FILE), CheckView("The file itself is being read", running=True)),
    (CheckState(CheckStage.ENTRIES, 0, 0), CheckView("0 of 0 entries read", running=True)),
    (CheckState(CheckStage.ENTRIES, 1500, 4000), CheckView("1,500 of 4,000 entries read", running=True, percent=37)),
    (CheckState(CheckStage.ENTRIES, 1, 4, stopping=True),
     CheckView("The check is being ended", running=True, stopping=True, percent=25)),
    (CheckState(CheckStage.SOUND, ended_us=NOON.utc_us), CheckView("Sound, checked Sun 22 Nov 2026, 14:05", Tone.OK)),
    (CheckState(CheckStage.STOPPED, ended_us=NOON.utc_us),
     CheckView("Ended before it was done, Sun 22 Nov 2026, 14:05", Tone.WARN)),
    (CheckState(CheckStage.FAILED), CheckView("The check failed; the log says why", Tone.ERROR)),
    (CheckState(CheckStage.FAILED, error=ErrorCode.DISK_FAULT),
     CheckView(Words("en").error(StationError(ErrorCode.DISK_FAULT)), Tone.ERROR)),
    (CheckState(CheckStage.FAULTY, found=2, faults=("entry 7 is missing",), ended_us=NOON.utc_us),
     CheckView("Faults: 2, checked Sun 22 Nov 2026, 14:05. Call support.", Tone.ERROR, faults=("\u200eentry 7 is missing",)))])
def test_each_stage_of_the_check_is_said(desk: Diagnosed, state: CheckState, view: CheckView) -> None:
    desk.presenter.check_state(state)
    assert desk.view.check == view


def test_it_speaks_the_other_language_with_what_is_shown(desk: Diagnosed) -> None:
    desk.presenter.takes(CHIP)
    desk.presenter.send_now()
    desk.presenter.speak(Words("fa"), Format("fa"))
    assert desk.view.pad.title == "یک کارت خوانده شد"
    assert desk.view.news == "فرستادن آغاز شد."
    assert facts(desk.view.queue)["فرستاده‌نشده"][0] == "۳"
