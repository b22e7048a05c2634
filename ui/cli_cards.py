"""``stationctl cards``: making cards, one or a list of them, and looking at what a card proves.

Never more of a card's number is printed than its last four digits.
"""

import argparse
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from drivers.catalogue import survey
from drivers.club_numbers import draw_number
from drivers.writer_catalogue import writer_for
from drivers.writer_port import CardForm, WriterSetup, WriteStep
from station.card import CardStatus, Tap
from station.errors import StationError
from station.people import SYSTEM
from ui.bulk import BulkIssue, BulkReport, Mark
from ui.bulk_list import ListError, Row, read_list
from ui.cli_readers import driver_at
from ui.clock import SystemClock
from ui.devices import shop_setup
from ui.presenters.issuing import Issuing, Order, job_of
from ui.presenters.write_steps import STEPS
from ui.settings import Settings, read_settings
from ui.text import LANGUAGES, Words
from ui.wiring import Home, Memory, card_book, open_memory, paired
from ui.wiring_cards import make_prover
from ui.wiring_lines import key_holder
from ui.wiring_writers import make_issuing, writer_setup

OK, REFUSED, MISUSED = 0, 1, 2
LAST_DIGITS = 4
LOOK_S = 0.25
Command = Callable[[argparse.Namespace, Home], int]


def add_cards_commands(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """Add the command and its actions; docs/card-bytes.md tells when to use which."""
    actions = add("cards", _check, "Make cards, and look at what they prove.").add_subparsers(
        required=True, metavar="action")
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--home", type=Path, help="the station's folder")
    common.add_argument("--language", choices=LANGUAGES)

    def action(name: str, run: Command, words: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, parents=[common], help=words, description=words)
        made.set_defaults(command=run)
        return made

    issuing = action("issue", _issue, "Write one card, read it back, and give it to a member.")
    issuing.add_argument("--member", required=True, metavar="ID")
    issuing.add_argument("--holder", default="", metavar="ID", help="a person of the member's account")
    bulk = action("bulk", _bulk, "Write and give the cards of a list; stopped, it goes on where it was.")
    bulk.add_argument("--list", required=True, type=Path, metavar="FILE", help="CSV: number and member_id or member")
    writing = action("write", _write, "Write one card that is nobody's yet.")
    for made in (issuing, bulk, writing):
        _add_writing(made, numbered=made is not bulk)
    checking = action("check", _check, "Say what the next card on a reader proves.")
    checking.add_argument("--reader", default="", metavar="PATH", help="as readers prints it; the first one when left out")
    checking.add_argument("--seconds", type=float, default=30.0)


def _add_writing(made: argparse.ArgumentParser, *, numbered: bool) -> None:
    made.add_argument("--form", required=True, choices=[form.value.lower() for form in CardForm])
    made.add_argument("--writer", default="", metavar="PATH", help="the device; the first one when left out")
    made.add_argument("--expires", default="", metavar="DATE", help="the last day the card is good, Gregorian YYYY-MM-DD")
    made.add_argument("--signed", action="store_true", help="a stripe with head office's record; needs the line")
    made.add_argument("--overwrite", action="store_true", help="write over another card of the club")
    if numbered:
        made.add_argument("--number", default="", help="drawn when left out")


@dataclass
class Console:
    """``drivers.writer_port.Progress`` and ``ui.bulk.Teller`` at a terminal; Ctrl-C stops before the next card."""

    words: Words
    is_stopped: bool = field(default=False, init=False)

    def tell(self, step: WriteStep) -> None:
        """Print what is to be done, or goes on."""
        _say(f"  {self.words(STEPS[step])}")

    def stopped(self) -> bool:
        """Tell whether Ctrl-C was pressed."""
        return self.is_stopped

    def stop(self, *_: object) -> None:
        """Write the card in hand to its end, and then stop."""
        self.is_stopped = True

    def row(self, row: Row, done: int, of: int) -> None:
        """Print whose turn it is."""
        _say(f"line {row.line}: {masked(row.number)}, {done} of {of} done")

    def maybe_written(self, row: Row) -> None:
        """Print which card may be written and nobody's."""
        _say(f"line {row.line}: {masked(row.number)} may be written already; present that card first")

    def refused(self, row: Row, fault: StationError) -> None:
        """Print why a card was not taken."""
        _say(f"line {row.line}: {self.words.error(fault)}")


def masked(number: str) -> str:
    """Return ``number`` with all but its last four digits hidden."""
    return f"…{number[-LAST_DIGITS:]}" if len(number) > LAST_DIGITS else "…"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line


@contextmanager
def _at_a_terminal(words: Words) -> Iterator[Console]:
    """Give a console that Ctrl-C stops, instead of tearing a card."""
    console = Console(words)
    before = signal.signal(signal.SIGINT, console.stop)
    try:
        yield console
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What a command works with."""

    memory: Memory
    setup: WriterSetup
    issuing: Issuing
    words: Words


@contextmanager
def _bench(options: argparse.Namespace, home: Home) -> Iterator[_Bench]:
    """Open the station's files and the line to head office for cards."""
    who, settings = paired(home), _settings(home)
    memory = open_memory(home, who.enrolment)
    with closing(memory), closing(key_holder(home, who)) as holder:
        yield _Bench(memory, writer_setup(settings, holder, memory), make_issuing(memory, lambda: SYSTEM), Words(options.language))


def _settings(home: Home) -> Settings:
    try:
        return read_settings(home.settings)
    except ValueError as error:
        _say(str(error))
        raise SystemExit(MISUSED) from None


def _order(options: argparse.Namespace, bench: _Bench) -> Order:
    """Return the card that is asked for. Raises ``SystemExit`` for a number that is none."""
    number = getattr(options, "number", "") or ""
    book = card_book(bench.memory)
    if not number and hasattr(options, "number"):
        number = draw_number(bench.setup.club, secrets.randbelow, lambda each: book.card(each) is None) or ""
    if hasattr(options, "number") and not bench.setup.club.accepts(number.encode()):
        _say("this is no card number of the club")
        raise SystemExit(MISUSED)
    return Order(
        number, getattr(options, "member", ""), CardForm(options.form.upper()), options.signed, options.expires,
        options.overwrite, getattr(options, "holder", ""))


def _issue(options: argparse.Namespace, home: Home) -> int:
    with _bench(options, home) as bench, _at_a_terminal(bench.words) as console:
        order = _order(options, bench)
        bench.issuing.refuse(order)
        driver, device = writer_for(bench.setup, order.form, options.writer)
        with closing(driver.open(device)) as writer:
            given = bench.issuing.give(order, writer, console)
        if given is None:
            _say("stopped: no card was written")
            return REFUSED
        _say(f"card {masked(order.number)} written and read back ({given.written.carrier.value})")
        if given.fault is not None:
            _tell(bench.words.error(given.fault))
            _say(f"card {masked(order.number)} is written and nobody's yet: present it at the counter, or issue it again")
            return REFUSED
        _say(f"given to member {order.member_id}")
        return OK


def _write(options: argparse.Namespace, home: Home) -> int:
    with _bench(options, home) as bench, _at_a_terminal(bench.words) as console:
        order = _order(options, bench)
        if order.form is CardForm.CHIP:
            _say("a chip is made for a member: use issue")
            return MISUSED
        driver, device = writer_for(bench.setup, order.form, options.writer)
        with closing(driver.open(device)) as writer:
            written = writer.write(job_of(order), console)
        if written is None:
            _say("stopped: no card was written")
            return REFUSED
        _say(f"card {masked(order.number)} written and read back ({written.carrier.value}); it is nobody's yet")
        return OK


def _bulk(options: argparse.Namespace, home: Home) -> int:
    with _bench(options, home) as bench, _at_a_terminal(bench.words) as console:
        try:
            rows = read_list(options.list.read_bytes(), bench.setup.club, card_book(bench.memory))
        except OSError as error:
            _say(f"{options.list}: {error.strerror}")
            return MISUSED
        except ListError as error:
            for problem in error.problems:
                _say(problem)
            return MISUSED
        order = _order(options, bench)
        driver, device = writer_for(bench.setup, order.form, options.writer)
        mark = Mark(options.list.with_name(options.list.name + ".working"))
        with closing(driver.open(device)) as writer:
            report = BulkIssue(bench.issuing, writer, mark, console).run(rows, order, console)
        _report(report, bench.words)
        return REFUSED if report.failed or report.fault or report.left else OK


def _report(report: BulkReport, words: Words) -> None:
    for row, fault in report.failed:
        _say(f"line {row.line}: {masked(row.number)} not given: {words.error(fault)}")
    if report.fault:
        _tell(words.error(report.fault))
    _say(f"{report.given} given now, {report.before} before, {len(report.failed)} failed, {report.left} left")


def _check(options: argparse.Namespace, home: Home) -> int:
    who, words, settings = paired(home).enrolment, Words(options.language), _settings(home)
    memory = open_memory(home, who)
    with closing(memory):
        tap = _next_tap(options, settings)
        if tap is None:
            _say("no card came")
            return REFUSED
        _say(f"card        {masked(tap.number)} ({tap.medium.value})")
        held = card_book(memory).card(tap.number)
        _say(f"status      {held.status.value if held else 'nobody has it'}")
        proven = make_prover(memory.issuers, memory.journal.database, who.card_key).prove(tap, SystemClock().now())
        if proven.refusal:
            _tell(words.error(proven.refusal))
            return REFUSED
        _say(f"tier        {proven.tier.value} {words.card_tier(proven.tier)}")
        for note in proven.notes:
            _say(f"note        {words.proof_note(note)}")
        return OK if held and held.status is CardStatus.ACTIVE else REFUSED


def _next_tap(options: argparse.Namespace, settings: Settings) -> Tap | None:
    """Return the tap of the next card. Raises ``StationError`` of the reader, or of that card."""
    setup = shop_setup(settings)
    path = options.reader or next(
        (device.path for found in survey() for device in found.devices), "")
    driver, device = driver_at(path, setup.club)
    deadline = monotonic() + options.seconds
    with closing(driver.open(device)) as reader:
        while (left := deadline - monotonic()) > 0:
            tap = reader.wait(min(left, LOOK_S))
            if tap is not None:
                return tap
    return None


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a command line
