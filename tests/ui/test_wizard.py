"""The first run, step by step, without Qt."""

import pytest

from drivers.pump import ReaderState
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError
from sync.ed25519 import fingerprint
from tests.rigs.serial_hand import member
from tests.rigs.setting_up import WHO, Seen, World, first_run
from ui.format import Unit
from ui.look import Look
from ui.presenters.wizard import FirstRun, Outcome
from ui.settings import PrinterSettings
from ui.setup import Step
from ui.views import Tone

CODE = "K7QF2-9XT4M-0ZJ3B-RW8HC-5NPA6"
READER = ReaderState("pcsc:reader", "ACS ACR122U", ready=True, error=None)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def seen() -> Seen:
    return Seen()


def facts(seen: Seen) -> dict[str, str]:
    return {each.label: each.value.strip("\u200e") for each in seen.now.facts}


def ask(run: FirstRun, url: str = "office.example:8443", code: str = CODE) -> None:
    run.typed("url", url)
    run.typed("code", code)
    run.act("pair")


def test_the_whole_way_from_the_first_step_to_selling(world: World, seen: Seen) -> None:
    run = first_run(world, seen)
    assert (seen.now.title, seen.now.progress, seen.now.back) == ("Welcome", "Step 1 of 7", "")
    run.forward()
    ask(run)
    assert world.asked == [("https://office.example:8443", CODE)]
    assert (seen.now.busy, seen.now.can_go) == (True, False)
    world.answer(WHO)
    run.act("same")
    assert world.kept == [WHO]
    run.forward()
    assert seen.now.forward == "Continue without a reader"
    run.forward()
    assert seen.now.forward == "Continue without a printer"
    run.forward()
    assert world.printers == [PrinterSettings()]
    run.forward()
    assert world.loads == 1
    world.done(None)
    assert (seen.now.news, [each.key for each in seen.now.acts]) == ("Goods, rules and people are here.", ["practise"])
    run.forward()
    assert (seen.now.title, seen.now.forward) == ("Ready", "Start selling")
    run.forward()
    assert world.left == [Outcome.SELL]
    assert world.steps == list(Step)[1:]


def test_nobody_gets_past_the_pairing_without_it(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PAIRING)
    assert not seen.now.can_go
    run.forward()
    assert run.step is Step.PAIRING
    assert first_run(World(), seen, Step.PRINTER).step is Step.PAIRING


def test_the_keys_are_compared_before_anything_is_kept(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PAIRING)
    ask(run)
    world.answer(WHO)
    assert facts(seen) == {
        "Station": "12-1", "Shop": "Vanak branch", "Key of this station": WHO.enrolment.fingerprint,
        "Key of head office": fingerprint(WHO.enrolment.office_key)}
    assert (world.kept, seen.now.can_go) == ([], False)
    run.act("other")
    assert world.kept == []
    assert seen.now.news == "Nothing was kept. Let head office revoke that station and give another code."
    assert [(each.key, each.text) for each in seen.now.blanks] == [("url", "https://office.example:8443"), ("code", "")]


def test_going_back_while_comparing_keeps_nothing(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PAIRING)
    ask(run)
    world.answer(WHO)
    run.back()
    assert (run.step, world.kept) == (Step.PAIRING, [])
    run.back()
    assert run.step is Step.LANGUAGE


@pytest.mark.parametrize(("code", "begins"), [
    (ErrorCode.PAIRING_REFUSED, "Head office refused the pairing code."),
    (ErrorCode.HEAD_OFFICE_UNREACHABLE, "Head office does not answer. Check the address, the cable"),
    (ErrorCode.PAIRING_UNPROVEN, "What answers there did not prove to be head office")])
def test_what_goes_wrong_is_said_and_can_be_tried_again(world: World, seen: Seen, code: ErrorCode, begins: str) -> None:
    run = first_run(world, seen, Step.PAIRING)
    ask(run)
    world.answer(StationError(code))
    assert seen.now.news.startswith(begins)
    assert seen.now.news.endswith(f"(E{code.value})")
    assert (seen.now.tone, seen.now.busy) == (Tone.ERROR, False)
    ask(run)
    assert len(world.asked) == 2


def test_a_disk_that_refuses_to_keep_the_pairing_is_tried_again(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PAIRING)
    ask(run)
    world.answer(WHO)
    world.fault = StationError(ErrorCode.DISK_FULL)
    run.act("same")
    assert "E401" in seen.now.news
    run.act("same")
    assert world.kept == [WHO]


@pytest.mark.parametrize(("typed", "meant"), [
    ("office.example", "https://office.example"), (" https://office.example:8443/ ", "https://office.example:8443"),
    ("۱۹۲.۱۶۸.۱.۵:۸۴۴۳", "https://192.168.1.5:8443"), ("http://127.0.0.1:8000", "http://127.0.0.1:8000")])
def test_an_address_is_taken_as_it_was_meant(world: World, seen: Seen, typed: str, meant: str) -> None:
    ask(first_run(world, seen, Step.PAIRING), typed)
    assert [url for url, _ in world.asked] == [meant]


@pytest.mark.parametrize("typed", ["", "   ", "https://", "ftp://office.example", "office.example:port", "[::1"])
def test_what_is_no_address_is_said_without_asking_anybody(world: World, seen: Seen, typed: str) -> None:
    ask(first_run(world, seen, Step.PAIRING), typed)
    assert world.asked == []
    assert "E524" in seen.now.news


def test_an_answer_that_comes_after_somebody_went_back_is_nobodys(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PAIRING)
    ask(run)
    run.back()
    world.answer(WHO)
    assert (run.step, seen.now.step) == (Step.LANGUAGE, Step.LANGUAGE)
    run.forward()
    assert [each.key for each in seen.now.acts] == ["pair"]


def test_readers_are_listed_as_they_come_and_what_they_read_is_told_by_its_end(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.READERS, WHO)
    assert facts(seen) == {"Readers": "No reader"}
    run.reader_state(READER)
    assert (facts(seen), seen.now.forward) == ({"ACS ACR122U": "Ready"}, "Continue")
    run.tapped(Tap(READER.path, Medium.CHIP, member(1)))
    assert member(1)[-4:] in seen.now.news
    assert member(1) not in seen.now.news
    run.reader_state(ReaderState(READER.path, READER.title, ready=False, error=ErrorCode.READER_GONE))
    assert "E102" in facts(seen)["ACS ACR122U"]
    run.tapped(Tap("keyboard", Medium.STRIPE, member(1)))
    assert seen.now.news.startswith("A card was read: Magnetic stripe")
    run.coded("6260000000001")
    assert seen.now.news == "A code of 13 characters was read. It is no card."


def test_a_bank_card_and_a_card_that_cannot_be_read_are_said(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.READERS, WHO)
    run.tapped(Tap(READER.path, Medium.STRIPE, "6037991234567893"))
    assert "E114" in seen.now.news
    assert "7893" not in seen.now.news
    run.reader_state(ReaderState(READER.path, READER.title, ready=True, error=ErrorCode.CARD_UNREADABLE))
    assert "E111" in seen.now.news
    assert facts(seen)["ACS ACR122U"] == "Ready"


def test_cards_are_tried_at_the_step_of_the_readers_only(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PRINTER, WHO)
    run.tapped(Tap(READER.path, Medium.CHIP, member(1)))
    run.reader_state(READER)
    assert seen.now.news == ""
    run.back()
    assert facts(seen) == {"ACS ACR122U": "Ready"}


def test_a_printer_is_described_tried_and_kept(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PRINTER, WHO)
    run.choose("kind:network")
    run.choose("drawer:yes")
    run.act("print")
    assert "E605" in seen.now.news
    run.forward()
    assert (run.step, world.printers) == (Step.PRINTER, [])
    run.typed("host", "۱۰.۰.۰.۹:۹۱۰۱")
    run.act("print")
    wanted = PrinterSettings(kind="network", host="10.0.0.9", port=9101, drawer=True)
    assert (world.printed, seen.now.busy) == ([wanted], True)
    world.done(StationError(ErrorCode.PRINTER_UNAVAILABLE))
    assert seen.now.news == "The printer does not answer. Check its power, its cable and its address. (E601)"
    run.act("print")
    world.done(None)
    assert (seen.now.tone, seen.now.busy) == (Tone.OK, False)
    run.forward()
    assert (run.step, world.printers) == (Step.LOOK, [wanted])


@pytest.mark.parametrize(("kind", "settings"), [
    ("device", PrinterSettings(kind="device", path="/dev/usb/lp0")), ("serial", PrinterSettings(kind="serial", path="/dev/usb/lp0"))])
def test_a_printer_on_a_port_is_kept(world: World, seen: Seen, kind: str, settings: PrinterSettings) -> None:
    run = first_run(world, seen, Step.PRINTER, WHO)
    run.choose(f"kind:{kind}")
    run.typed("path", " /dev/usb/lp0 ")
    run.forward()
    assert world.printers == [settings]


@pytest.mark.parametrize("host", ["10.0.0.9:0", "10.0.0.9:x", "10.0.0.9:70000", ":9100"])
def test_a_port_that_cannot_be_is_no_place(world: World, seen: Seen, host: str) -> None:
    run = first_run(world, seen, Step.PRINTER, WHO)
    run.choose("kind:network")
    run.typed("host", host)
    run.act("print")
    assert world.printed == []
    assert "E605" in seen.now.news


def test_the_look_changes_at_once_and_what_does_not_fit_cannot_be_had(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.LOOK, WHO)
    for key in ("theme:high", "size:125", "unit:RIAL"):
        run.choose(key)
    assert world.looks[-1] == Look("en", "high", Unit.RIAL, 125)
    ways = {way.key: way for choices in seen.now.choices for way in choices.ways}
    assert [key for key, way in ways.items() if way.is_on] == ["theme:high", "size:125", "unit:RIAL"]
    assert [key for key, way in ways.items() if not way.ready] == ["size:150"]


def test_the_language_is_spoken_at_once(world: World, seen: Seen) -> None:
    run = first_run(world, seen)
    run.choose("language:fa")
    assert (seen.now.title, seen.now.progress) == ("خوش آمدید", "گام ۱ از ۷")
    assert world.looks == [Look("fa")]


def test_goods_that_do_not_come_can_be_asked_for_again_or_done_without(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PRACTICE, WHO)
    world.done(StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE))
    assert [each.key for each in seen.now.acts] == ["load"]
    run.act("load")
    assert world.loads == 2
    world.done(None)
    run.act("practise")
    assert (world.left, world.steps[-1]) == ([Outcome.PRACTISE], Step.READY)


def test_goods_that_come_after_somebody_went_back_are_known_later(world: World, seen: Seen) -> None:
    run = first_run(world, seen, Step.PRACTICE, WHO)
    run.back()
    world.done(None)
    assert seen.now.step is Step.LOOK
    run.forward()
    assert (world.loads, [each.key for each in seen.now.acts]) == (1, ["practise"])


def test_a_disk_that_refuses_leaves_the_step_where_it_is(world: World, seen: Seen) -> None:
    run = first_run(world, seen)
    world.fault = StationError(ErrorCode.DISK_FULL)
    run.forward()
    assert run.step is Step.LANGUAGE
    assert "E401" in seen.now.news
    run.tell(StationError(ErrorCode.PACK_MISSING))
    assert "E306" in seen.now.news
