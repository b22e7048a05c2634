"""Which reader drivers there are, whether they can be used, and the devices they find.

A driver is a file in ``drivers/readers`` that ends with ``DRIVER = …``, or an entry point of the
group ``card_station.readers`` that names such an object in another distribution. Works from source,
from an installed wheel and in a frozen build; a frozen build must be told to collect
``drivers.readers``, because nothing imports its files by name.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import ModuleType

import drivers.readers
from drivers.port import CardReader, Device, Driver
from drivers.setup import Adjustable, Setup
from station.errors import ErrorCode, StationError

GROUP = "card_station.readers"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """One driver as found: its ``devices``, or the ``error`` and a technical ``reason`` it is unusable.

    ``driver`` is None when it could not even be loaded.
    """

    name: str
    title: str
    driver: Driver | None
    devices: tuple[Device, ...] = ()
    error: ErrorCode | None = None
    reason: str = ""


def survey(package: ModuleType = drivers.readers) -> tuple[Finding, ...]:
    """Return every driver in ``package`` and in the entry points, with what it finds now.

    Nothing a driver does wrong is raised: it becomes the ``error`` and ``reason`` of its finding.
    """
    return tuple(_examine(name, load) for name, load in _sources(package))


def _sources(package: ModuleType) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the name of each driver and what loads it."""
    for module in iter_modules(package.__path__):
        yield module.name, partial(_driver_in, f"{package.__name__}.{module.name}")
    for point in entry_points(group=GROUP):
        yield point.name, point.load


def _driver_in(path: str) -> object:
    return import_module(path).DRIVER


def _loaded(name: str, load: Callable[[], object]) -> Finding:
    """Return the driver, if it is one and can be used, with no devices yet."""
    title, driver = name, None
    try:
        loaded = load()
        if not isinstance(loaded, Driver):
            return _unusable(name, title, None, f"{type(loaded).__name__} is not a driver")
        title, driver = loaded.title, loaded
        missing = loaded.missing()
    except Exception as fault:  # noqa: BLE001 - a foreign driver's bug must not hide the other drivers
        return _unusable(name, title, driver, f"{type(fault).__name__}: {fault}")
    return Finding(name, title, loaded) if missing is None else _unusable(name, title, loaded, missing)


def _examine(name: str, load: Callable[[], object]) -> Finding:
    """Return the driver with the devices it finds."""
    found = _loaded(name, load)
    if found.driver is None or found.error is not None:
        return found
    try:
        return replace(found, devices=tuple(found.driver.find()))
    except StationError as fault:
        return replace(found, error=fault.code, reason=str(fault))
    except Exception as fault:  # noqa: BLE001 - as above
        return _unusable(name, found.title, found.driver, f"{type(fault).__name__}: {fault}")


def _unusable(name: str, title: str, driver: Driver | None, reason: str) -> Finding:
    return Finding(name, title, driver, error=ErrorCode.READER_DRIVER_MISSING, reason=reason)


def usable(setup: Setup, package: ModuleType = drivers.readers) -> Sequence[Driver]:
    """Return every driver of the catalogue that can be used on this machine, set up for the shop.

    A driver that ``setup`` has a port for and that is unknown or cannot be used is an ``Absent`` one.
    """
    found = [_loaded(name, load) for name, load in _sources(package)]
    ready = [_set_up(each.driver, setup) for each in found if each.driver is not None and each.error is None]
    return [*ready, *(Absent(name) for name in setup.ports if name not in {driver.name for driver in ready})]


def _set_up(driver: Driver, setup: Setup) -> Driver:
    """Return ``driver`` for the shop; one that cannot be set up is a bug in the log, and hides no other."""
    if not isinstance(driver, Adjustable):
        return driver
    try:
        return driver.set_up(setup)
    except Exception:
        logger.exception("readers: %s cannot be set up", driver.name)
        return Absent(driver.name)


class Absent:
    """A driver the shop set up and this machine has not: one reader that can never be opened, and says why."""

    def __init__(self, name: str) -> None:
        """Stand for the driver ``name``."""
        self.name = self.title = name

    def missing(self) -> str:
        """Return that it has to be installed."""
        return f"a driver called {self.name}"

    def find(self) -> Sequence[Device]:
        """Return its one reader."""
        return (Device(f"{self.name}:", self.title),)

    def open(self, device: Device) -> CardReader:
        """Raise ``StationError`` READER_DRIVER_MISSING."""
        raise StationError(ErrorCode.READER_DRIVER_MISSING, reader=device.path)
