"""The counter's rounds in one process: real, then training, then real again, each over its own files and threads."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from station.errors import ErrorCode, StationError
from ui.devices import display, keyboard, paper, reader_drivers, shop_setup
from ui.late import LateClaims, LateCoupons, LateKeyHolder, LatePhones, LateSpending, late_sync
from ui.look import Look, LookFile
from ui.making import Making
from ui.presenters.at_till import Person
from ui.qt.app import App
from ui.qt.around import Hardware, Threads
from ui.qt.scaling import fitting
from ui.settings import read_settings
from ui.setup import is_needed
from ui.wiring import Home, open_memory, paired

if TYPE_CHECKING:
    from drivers.writer_port import WriterSetup
    from ui.training import Training


@dataclass(frozen=True, slots=True)
class Start:
    """What every round begins with: the station's folder, who sells where nobody signs in, how it is to look.

    ``opened`` is called when the first window is there.
    """

    home: Home
    cashier: Person
    looks: LookFile
    opened: Callable[[], object] = bool


def run(
    app: QApplication, start: Start, look: Look, told: StationError | None, *, training: bool, real: "Round | None" = None,
) -> int:
    """Run rounds until a window is closed; return the program's status. ``told`` is a fault to be shown first.

    ``real`` makes the counter of a round that is none of training (None: the station's own).

    A station that belongs to nobody yet, or whose first run never ended, is set up first. Where training was cut off it goes on, and says so: nobody is to take it for real selling, or the other way round.
    Raises ``StationError`` 4xx when the real station cannot start, ``ValueError`` for wrong settings.
    """
    look = replace(look, size=fitting(look.size, QGuiApplication.primaryScreen()))
    if is_needed(start.home.folder, start.home.enrolment):
        chosen = _set_up(app, start, look)
        if chosen is None:
            return 0
        look = chosen
    if not training and start.home.training_mark.exists():
        training, told = True, StationError(ErrorCode.TRAINING_CUT_OFF)
    while True:
        with ExitStack() as used:
            try:
                counter = (training_counter if training else real or real_counter)(start, look, used)
            except StationError as fault:
                if not training:
                    raise
                _end_training(start.home)
                training, told = False, fault
                continue
            status = _play(app, start, counter, told)
            told, look = None, counter.window.look
        if training:
            _end_training(start.home)
        if counter.goes_to is None:
            return status
        training = counter.goes_to


Round = Callable[[Start, Look, ExitStack], App]


def _play(app: QApplication, start: Start, counter: App, told: StationError | None) -> int:
    """Run one round until its window is closed or another is wanted; return the program's status."""
    if told:
        counter.window.checkout.tell(told)
    counter.start()
    start.opened()
    status = app.exec()
    # A window that is closed to open another is not the end of the program.
    app.setQuitOnLastWindowClosed(False)
    counter.stop()
    app.processEvents()
    app.setQuitOnLastWindowClosed(True)
    return status


def _set_up(app: QApplication, start: Start, look: Look) -> Look | None:
    """Have a new station set up, with a round of training in between where it is wanted; None when it was left for later."""
    from ui.presenters.wizard import Outcome
    from ui.qt.wizard_run import first_run

    told = None
    while True:
        if start.home.training_mark.exists():
            _end_training(start.home)
        outcome, look = first_run(app, start, look, told)
        if outcome is not Outcome.PRACTISE:
            return look if outcome is Outcome.SELL else None
        with ExitStack() as used:
            try:
                counter, told = training_counter(start, look, used), None
            except StationError as fault:
                told = fault
                continue
            _play(app, start, counter, None)
            look = counter.window.look


def _end_training(home: Home) -> None:
    """Empty the training; what cannot be emptied now is emptied before the next."""
    from ui.training import end_training

    try:
        end_training(home)
    except StationError as fault:
        logging.getLogger(__name__).warning("training: %s", fault)


def real_counter(start: Start, look: Look, used: ExitStack) -> App:
    """Return the station's counter; what it uses is closed with ``used``. Raises ``StationError`` 4xx, ``ValueError``."""
    home, who = start.home, paired(start.home)
    settings = read_settings(home.settings)
    keys = LateKeyHolder(home, who)
    setup = shop_setup(settings, None, keys)
    memory = open_memory(home, who.enrolment)
    hardware = Hardware(
        lambda on_code: reader_drivers(replace(setup, on_code=on_code)), keyboard(settings), paper(settings.printer, home),
        display(settings.display), labels=settings.layouts())
    spending, claims, phones = LateSpending(home, who), LateClaims(home, who), LatePhones(home, who)
    coupons = LateCoupons(home, who)
    for each in (spending, claims, phones, coupons, keys):
        used.callback(each.close)

    def writers() -> "AbstractContextManager[WriterSetup]":
        from ui.wiring_writers import writers_of

        return writers_of(home, who, settings, keys)

    making = Making(settings.club.profile(), writers)
    return App(who, memory, start.cashier, hardware, look, Threads(
        late_sync(home, who), lambda: open_memory(home, who.enrolment), spending, making, claims, phones, home,
        training=False, keep_look=start.looks.keep, coupons=coupons))


def training_counter(start: Start, look: Look, used: ExitStack) -> App:
    """Return the counter of training, made anew from the station's files; raises as ``real_counter``."""
    from ui.training import TrainingOffice, training_printer

    del used
    settings = read_settings(start.home.settings)
    training = fresh_training(start.home)
    memory = training.open()
    # Nobody is asked what a chip proves: made-up members have no keys.
    setup = shop_setup(settings)
    hardware = Hardware(
        lambda on_code: reader_drivers(replace(setup, on_code=on_code)), keyboard(settings), paper(training_printer(training, settings), training.home),
        labels=settings.layouts())
    return App(training.who, memory, start.cashier, hardware, look, Threads(
        None, training.open, TrainingOffice(memory.members.member), training=True, keep_look=start.looks.keep))


def fresh_training(home: Home) -> "Training":
    """Make the training station of the one in ``home``. Raises ``StationError`` 4xx."""
    from ui.training import begin_training

    who = paired(home)
    real = open_memory(home, who.enrolment)
    try:
        return begin_training(home, who, real)
    finally:
        real.close()

