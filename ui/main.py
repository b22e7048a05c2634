"""``card-station``: the counter."""

import argparse
import faulthandler
import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from station.errors import StationError
from station.people import Actor, Role
from station.text import Text
from ui.devices import display, keyboard, paper, reader_drivers
from ui.settings import read_settings
from ui.text import LANGUAGES, Words
from ui.wiring import Home, claims_office, default_home, open_memory, paired, spending_office, sync_opener
from ui.wiring_members import phone_links
from ui.wiring_writers import key_holder, writers_of

REFUSED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the counter until its window is closed; 1 when the station cannot start, with the reason."""
    options = _parser().parse_args(arguments)
    home = Home(options.home) if options.home else default_home()
    home.folder.mkdir(parents=True, exist_ok=True)
    # A windowed program has no console on Windows: everything goes to a file from the first line.
    logging.basicConfig(
        filename=home.folder / "station.log", level=logging.INFO, encoding="utf-8",
        format="%(asctime)s %(levelname)s %(name)s %(message)s")
    crashes = (home.folder / "crash.log").open("a", encoding="utf-8")  # held open: faulthandler writes to it
    faulthandler.enable(crashes)
    sys.excepthook = _unforeseen
    threading.excepthook = lambda args: _unforeseen(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    try:
        return _run(options, home)
    except StationError as fault:
        logging.getLogger(__name__).error("cannot start: %s", fault)  # noqa: TRY400 - the code says all
        sys.stderr.write(Words(options.language).error(fault) + "\n")
        return REFUSED
    except ValueError as error:
        logging.getLogger(__name__).error("cannot start: %s", error)  # noqa: TRY400 - a wrong setting
        sys.stderr.write(f"{error}\n")
        return REFUSED


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log a bug that reached the event loop; the window goes on, for the journal holds every sale."""
    logging.getLogger(__name__).critical("a bug", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _run(options: argparse.Namespace, home: Home) -> int:
    from ui.presenters.at_till import Person
    from ui.qt.app import App, Hardware, Threads, application
    from ui.qt.giving import Making
    from ui.qt.services import Look

    app = application(sys.argv[:1])
    who = paired(home)
    memory = open_memory(home, who.enrolment)
    cashier = Person(Actor(options.cashier, Role.CASHIER), Text(options.cashier_name, options.cashier_name))
    settings = read_settings(home.settings)
    keys = key_holder(home, who)
    hardware = Hardware(
        lambda on_code: reader_drivers(settings, on_code, keys), keyboard(settings), paper(settings.printer, home),
        display(settings.display))
    spending, claims, phones = spending_office(home, who), claims_office(home, who), phone_links(home, who)
    making = Making(settings.club.profile(), lambda: writers_of(home, who, settings, keys))
    counter = App(who, memory, cashier, hardware, Look(options.language, options.theme),
                  Threads(sync_opener(home, who), lambda: open_memory(home, who.enrolment), spending, making, claims, phones, home))
    counter.start()
    try:
        return app.exec()
    finally:
        counter.stop()
        spending.close()
        claims.close()
        phones.close()
        keys.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("card-station", description="The membership card counter.")
    parser.add_argument("--home", type=Path, help="the station's folder")
    parser.add_argument("--language", choices=LANGUAGES, default="fa")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--cashier", default="cashier", help="the staff id written into the journal")
    parser.add_argument("--cashier-name", default="صندوقدار", help="the name on screen and receipt")
    return parser


if __name__ == "__main__":
    sys.exit(main())
