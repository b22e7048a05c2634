"""``card-station``: the counter."""

import argparse
import faulthandler
import gc
import logging
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from station.errors import StationError
from ui.folder import default_folder
from ui.look import Look, LookFile

REFUSED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the counter until its window is closed; 1 when the station cannot start, with the reason."""
    # Hardly anything becomes unreachable before the counter is there: searching for it would only take time.
    gc.disable()
    options = _parser().parse_args(arguments)
    folder = options.home or default_folder()
    folder.mkdir(parents=True, exist_ok=True)
    # A windowed program has no console on Windows: everything goes to a file from the first line.
    logging.basicConfig(
        filename=folder / "station.log", level=logging.INFO, encoding="utf-8",
        format="%(asctime)s %(levelname)s %(name)s %(message)s")
    crashes = (folder / "crash.log").open("a", encoding="utf-8")  # held open: faulthandler writes to it
    faulthandler.enable(crashes)
    sys.excepthook = _unforeseen
    threading.excepthook = lambda args: _unforeseen(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    return _run(options, folder)


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log a bug that reached the event loop; the window goes on, for the journal holds every sale."""
    logging.getLogger(__name__).critical("a bug", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _run(options: argparse.Namespace, folder: Path) -> int:
    """Paint the opening sheet, load the counter behind it, and run it."""
    from ui.qt.loading import load_qt

    load_qt()
    from ui.qt.opening import Opening, application

    app = application(sys.argv[:1])
    looks = LookFile(folder)
    look, told = _look(looks, options)
    opening = Opening(look)
    opening.show_now()

    from station.people import Actor, Role
    from station.text import Text
    from ui.presenters.at_till import Person
    from ui.qt.rounds import Start, run
    from ui.text import Words
    from ui.wiring import Home

    def opened() -> None:
        gc.enable()
        opening.close()

    cashier = Person(Actor(options.cashier, Role.CASHIER), Text(options.cashier_name, options.cashier_name))
    try:
        return run(app, Start(Home(folder), cashier, looks, opened), look, told, training=options.training)
    except (StationError, ValueError) as error:
        words = Words(look.language)
        logging.getLogger(__name__).error("cannot start: %s", error)  # noqa: TRY400 - the sentence says all
        sentence = words.error(error) if isinstance(error, StationError) else str(error)
        sys.stderr.write(sentence + "\n")
        if app.platformName() != "offscreen":  # where nobody could close it
            opening.refuse(sentence, words("Close"))
        return REFUSED


def _look(looks: LookFile, options: argparse.Namespace) -> tuple[Look, StationError | None]:
    """Return the look that was kept, with what the command line says instead; and why it could not be read."""
    told = None
    try:
        look = looks.read()
    except StationError as fault:
        logging.getLogger(__name__).warning("look: %s", fault)
        look, told = Look(), fault
    said = {name: value for name in ("language", "theme") if (value := getattr(options, name))}
    return replace(look, **said), told


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("card-station", description="The membership card counter.")
    parser.add_argument("--home", type=Path, help="the station's folder")
    parser.add_argument("--language", choices=("fa", "en"), help="instead of the one chosen last")
    parser.add_argument("--theme", choices=("light", "dark", "high"), help="instead of the one chosen last")
    parser.add_argument("--training", action="store_true", help="begin in training: nothing of it is real")
    parser.add_argument("--cashier", default="cashier", help="the staff id written into the journal")
    parser.add_argument("--cashier-name", default="صندوقدار", help="the name on screen and receipt")
    return parser


if __name__ == "__main__":
    sys.exit(main())
