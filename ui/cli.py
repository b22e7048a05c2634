"""``stationctl``: the station from the command line."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from data.database import engine
from drivers.setup import Setup
from station.errors import StationError
from station.report import day_report
from station.text import Text
from station.version import VERSION
from sync.push import unsent
from ui.cli_book import book_lines
from ui.cli_cards import add_cards_commands
from ui.cli_exchange import add_exchange_commands
from ui.cli_files import printed
from ui.cli_keys import encryption_lines, put_back_line, rescued_key
from ui.cli_ledger import ledger_file
from ui.cli_memory import add_memory_commands
from ui.cli_price import Files, price_files, return_files
from ui.cli_readers import reader_lines, record, told
from ui.clock import SystemClock
from ui.devices import shop_setup
from ui.format import Format
from ui.settings import read_settings
from ui.text import LANGUAGES, Words
from ui.wiring import Home, Paired, default_home, open_memory, paired
from ui.wiring_lines import head_office, pair

OK, REFUSED, MISUSED = 0, 1, 2
FONTS = Path(__file__).parent / "qt" / "assets" / "fonts"
Command = Callable[[argparse.Namespace, Home], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 when all is well, 1 when a check failed or was refused, 2 on misuse."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr] # a pipe on Windows is not UTF-8
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options, Home(options.home) if options.home else default_home())
    except StationError as fault:
        print(Words(options.language).error(fault), file=sys.stderr)  # noqa: T201 - a command line
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("stationctl", description="The membership card station.")
    parser.add_argument("--version", action="version", version=VERSION)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--home", type=Path, help="the station's folder")
    common.add_argument("--language", choices=LANGUAGES, default="en")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: Command, words: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[common], help=words, description=words)
        command.set_defaults(command=run)
        return command

    pairing = add("pair", _pair, "Ask in at head office with a one-time code.")
    pairing.add_argument("--url", required=True)
    pairing.add_argument("--code", required=True)
    pairing.add_argument("--again", action="store_true", help="give this station new keys, by a code made for it")
    add("rotate", _rotate, "Replace this station's signing key now.")
    add("doctor", _doctor, "Say what is there, what is missing and why.")
    add("readers", _readers, "List every reader driver and device with its state.")
    recording = add("record", _record, "Write down what passes at a reader, its numbers masked.")
    recording.add_argument("--reader", required=True, metavar="PATH", help="the device, as readers prints it")
    recording.add_argument("--out", required=True, type=Path, metavar="FILE")
    recording.add_argument("--seconds", type=float, default=30.0)
    rescuing = add("rescue", _rescue, "Put the key of this station's files back that head office rescued.")
    rescuing.add_argument("--key", required=True, type=Path, metavar="FILE")
    add_memory_commands(add)
    add_exchange_commands(add)
    add_cards_commands(add)
    receipt = add("receipt", _receipt, "Write a copy of a receipt as a PDF.")
    receipt.add_argument("--pdf", type=Path, required=True, metavar="FILE")
    receipt.add_argument("--seq", type=int, help="the sale's place in the journal; the last sale when left out")
    report = add("report", _report, "Print the figures of one day.")
    report.add_argument("--date", help="local Gregorian date YYYY-MM-DD; today when left out")
    report.add_argument("--json", action="store_true")
    _add_calculators(add)
    return parser


def _add_calculators(add: Callable[[str, Command, str], argparse.ArgumentParser]) -> None:
    """Add the commands that reckon from files and need no station; docs/pricing.md and docs/points.md."""
    for name, run, words in (
            ("price", _price, "Price a basket of a file by a rule pack of a file; print the result as JSON."),
            ("return", _return, "Reckon the returns of a sale that was priced from files; print JSON.")):
        command = add(name, run, words)
        command.add_argument("--pack", required=True, type=Path, metavar="FILE")
        command.add_argument("--basket", required=True, type=Path, metavar="FILE")
        command.add_argument("--member", type=Path, metavar="FILE")
        command.add_argument("--history", type=Path, metavar="FILE")
        if name == "price":
            command.add_argument("--explain", action="store_true", help="tell it in sentences of --language instead")
        else:
            command.add_argument("--returns", required=True, type=Path, metavar="FILE")
    ledger = add("ledger", _ledger, "Replay a file of events to balances, lots and tiers on a day; print JSON.")
    ledger.add_argument("file", type=Path)
    ledger.add_argument("--at", required=True, metavar="DATE", help="local Gregorian date YYYY-MM-DD")


def _price(options: argparse.Namespace, _home: Home) -> int:
    language = options.language if options.explain else ""
    return printed(lambda: price_files(_files(options), language))


def _return(options: argparse.Namespace, _home: Home) -> int:
    return printed(lambda: return_files(_files(options), options.returns))


def _ledger(options: argparse.Namespace, _home: Home) -> int:
    return printed(lambda: ledger_file(options.file, options.at))


def _files(options: argparse.Namespace) -> Files:
    return Files(options.pack, options.basket, options.member, options.history)


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a command line


def _pair(options: argparse.Namespace, home: Home) -> int:
    try:
        who = pair(home, options.url, options.code, again=options.again).enrolment
    except FileExistsError as error:
        _say(f"{error.args[0]} already belongs to a station")
        return REFUSED
    except ValueError as error:
        _say(str(error))
        return MISUSED
    _say(f"station {who.station} of shop {who.shop}, {who.shop_name.in_language(options.language)}")
    _say(f"its key is {who.fingerprint}; head office must show the same")
    return OK


def _rotate(_options: argparse.Namespace, home: Home) -> int:
    office, _, care = head_office(home, paired(home))
    try:
        care.rotate()
    finally:
        office.close()
    _say(f"the key of this station is now {paired(home).enrolment.fingerprint}")
    return OK


def _doctor(options: argparse.Namespace, home: Home) -> int:
    """Print one line for each thing examined; the status is 1 when the station cannot sell."""
    words = Words(options.language)
    _say(f"program      {VERSION}")
    for line in encryption_lines(home, words):
        _say(line)
    fonts = sorted(each.name for each in FONTS.glob("*.ttf"))
    _say(f"font         {'Vazirmatn' if fonts else 'Vazirmatn is missing: the system font is used'}")
    for line in reader_lines(_shop(home), words):
        _say(f"reader       {line}")
    try:
        who = paired(home)
    except StationError as fault:
        _say(f"station      {words.error(fault)}")
        return REFUSED
    _say(f"station      {who.enrolment.station} at {who.url}")
    _say(f"station key  {who.enrolment.fingerprint}")
    return _doctor_memory(home, who, words) if engine()[1] else REFUSED


def _rescue(options: argparse.Namespace, home: Home) -> int:
    try:
        key = rescued_key(options.key)
    except ValueError as error:
        _say(str(error))
        return MISUSED
    _say(put_back_line(home, key, Words(options.language)))
    return OK


def _doctor_memory(home: Home, who: Paired, words: Words) -> int:
    memory = open_memory(home, who.enrolment)
    try:
        head = memory.journal.head()
        _say(f"journal      {head.seq} entries, {unsent(memory)} not sent")
        if memory.alarm:
            _say(f"alarm        {words.error(StationError(memory.alarm))}")
        for line in book_lines(home, memory, words, Format(words.language)):
            _say(f"members      {line}")
        _say(f"goods        {memory.shelf.count()}")
        _say(f"rule pack    {memory.packs.number() or 'none yet'}")
    finally:
        memory.close()
    return OK


def _shop(home: Home) -> Setup:
    """Return how the shop's readers are set up. Raises ``SystemExit`` when its settings are not understood."""
    try:
        return shop_setup(read_settings(home.settings))
    except ValueError as error:
        _say(str(error))
        raise SystemExit(MISUSED) from None


def _readers(options: argparse.Namespace, home: Home) -> int:
    for line in reader_lines(_shop(home), Words(options.language)):
        _say(line)
    return OK


def _record(options: argparse.Namespace, home: Home) -> int:
    words = Words(options.language)
    transcript = record(
        options.reader, _shop(home).club, options.seconds, lambda result: _say(told(result, words)))
    transcript.save(options.out)
    _say(f"{len(transcript.events)} events written to {options.out}")
    return OK


def _receipt(options: argparse.Namespace, home: Home) -> int:
    from ui.qt.printing import Letterhead, write_pdf

    who = paired(home).enrolment
    memory = open_memory(home, who)
    try:
        seq = options.seq or memory.journal.last_sale()
        if seq is None:
            _say("there is no sale yet")
            return REFUSED
        person = memory.journal.sale(seq).actor.person
        head = Letterhead(
            who.shop_name, Text(person, person), lambda: (Words(options.language), Format(options.language)))
        write_pdf(memory, head, seq, options.pdf)
    except KeyError:
        _say(f"entry {options.seq} is not a sale")
        return REFUSED
    finally:
        memory.close()
    _say(f"receipt of entry {seq}: {options.pdf}")
    return OK


def _report(options: argparse.Namespace, home: Home) -> int:
    date = options.date or SystemClock().now().date
    memory = open_memory(home, paired(home).enrolment)
    try:
        report = day_report(date, memory.journal.facts(date, date))
    finally:
        memory.close()
    if options.json:
        _say(json.dumps(asdict(report)))
    else:
        for name, value in asdict(report).items():
            _say(f"{name:14} {value}")
    return OK


if __name__ == "__main__":
    sys.exit(main())
